//! Parameters and results: text, numbers, flags and times. SQLite stores flags as 0 and 1, and times as ISO 8601 text
//! [contract 11.2].

use std::borrow::Cow;

use rusqlite::types::ToSql;
use rusqlite::types::ToSqlOutput;
use rusqlite::types::ValueRef;
use serde_json::Number;

use crate::database::DatabaseError;
use crate::database::Form;
use crate::database::Timestamp;
use crate::database::sqlite;
use crate::database::stored_time;

/// What other programs write into a column for text when a flag is true.
const TRUE: [&str; 3] = ["true", "t", "1"];
/// The same when it is false.
const FALSE: [&str; 3] = ["false", "f", "0"];

/// A parameter of a statement.
#[derive(Debug, Clone, Copy)]
pub enum Param<'a> {
    /// `NULL`.
    Null,
    /// Text.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Real(f64),
    /// True or false.
    Flag(bool),
    /// An instant.
    Time(Timestamp),
    /// An instant as text of another form than Better Auth's.
    TimeAs(Timestamp, Form),
}

impl<'a> From<&'a str> for Param<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Param<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Param<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<bool> for Param<'_> {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<Timestamp> for Param<'_> {
    fn from(time: Timestamp) -> Self {
        Self::Time(time)
    }
}

impl<T: Into<Self>> From<Option<T>> for Param<'_> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::Integer(number) => ToSqlOutput::Borrowed(ValueRef::Integer(*number)),
            Self::Real(number) => ToSqlOutput::Borrowed(ValueRef::Real(*number)),
            Self::Flag(flag) => ToSqlOutput::Borrowed(ValueRef::Integer(i64::from(*flag))),
            Self::Time(time) => ToSqlOutput::Owned(time.to_string().into()),
            Self::TimeAs(time, form) => ToSqlOutput::Owned(form.spell(*time).into()),
        })
    }
}

/// A value of a result.
pub(super) enum Value<'a> {
    Null,
    Text(Cow<'a, str>),
    Integer(i64),
    Real(f64),
    Flag(bool),
    Time(Timestamp),
    /// Bytes, or text in another encoding.
    Bytes(&'a [u8]),
    /// A type that is not used here.
    Other,
}

impl<'a> Value<'a> {
    fn of_sqlite(value: ValueRef<'a>) -> Self {
        match value {
            ValueRef::Null => Self::Null,
            ValueRef::Text(bytes) => Self::of_text(bytes),
            ValueRef::Integer(number) => Self::Integer(number),
            ValueRef::Real(number) => Self::Real(number),
            ValueRef::Blob(bytes) => Self::Bytes(bytes),
        }
    }

    /// Text, as long as its bytes are some.
    pub(super) fn of_text(bytes: &'a [u8]) -> Self {
        str::from_utf8(bytes).map_or(Self::Bytes(bytes), |text| Self::Text(text.into()))
    }
}

/// A row of a result, read by the position of its columns.
pub struct Row<'a>(Source<'a>);

enum Source<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

impl<'a> Row<'a> {
    pub(super) fn of_sqlite(row: &'a rusqlite::Row<'a>) -> Self {
        Self(Source::Sqlite(row))
    }

    pub(super) fn of_postgres(row: &'a tokio_postgres::Row) -> Self {
        Self(Source::Postgres(row))
    }
}

impl Row<'_> {
    /// Text, not `NULL`.
    ///
    /// # Errors
    /// [`DatabaseError::Unreadable`] for `NULL` or a value of another type.
    pub fn text(&self, column: usize) -> Result<String, DatabaseError> {
        self.optional_text(column)?.ok_or_else(|| self.unreadable(column, "text"))
    }

    /// Text or `NULL`. A number, as another program may have stored it, is returned as its digits.
    ///
    /// # Errors
    /// [`DatabaseError::Unreadable`] for bytes that are not text.
    pub fn optional_text(&self, column: usize) -> Result<Option<String>, DatabaseError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text.into_owned())),
            Value::Integer(number) => Ok(Some(number.to_string())),
            Value::Real(number) => Ok(Some(number.to_string())),
            Value::Flag(_) | Value::Time(_) | Value::Bytes(_) | Value::Other => {
                Err(self.unreadable(column, "text"))
            }
        }
    }

    /// Text or `NULL`, whatever the column holds: bytes that are no text become U+FFFD, other values their usual text.
    ///
    /// # Errors
    /// [`DatabaseError::Other`] when there is no such column.
    pub fn any_text(&self, column: usize) -> Result<Option<String>, DatabaseError> {
        Ok(match self.value(column)? {
            Value::Null | Value::Other => None,
            Value::Text(text) => Some(text.into_owned()),
            Value::Bytes(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
            Value::Integer(number) => Some(number.to_string()),
            Value::Real(number) => Some(number.to_string()),
            Value::Flag(flag) => Some(flag.to_string()),
            Value::Time(time) => Some(time.to_string()),
        })
    }

    /// An instant or `NULL`; what is no time is 1970, so that nothing lives longer by it.
    ///
    /// # Errors
    /// [`DatabaseError::Other`] when there is no such column.
    pub fn any_time(&self, column: usize) -> Result<Option<Timestamp>, DatabaseError> {
        Ok(match self.value(column)? {
            Value::Null => None,
            value => Some(instant(&value).unwrap_or(Timestamp::EPOCH)),
        })
    }

    /// A whole number; what is none is 0.
    ///
    /// # Errors
    /// [`DatabaseError::Other`] when there is no such column.
    pub fn any_integer(&self, column: usize) -> Result<i64, DatabaseError> {
        Ok(whole(&self.value(column)?).unwrap_or_default())
    }

    /// A whole number.
    ///
    /// # Errors
    /// [`DatabaseError::Unreadable`] for anything else.
    pub fn integer(&self, column: usize) -> Result<i64, DatabaseError> {
        whole(&self.value(column)?).ok_or_else(|| self.unreadable(column, "a whole number"))
    }

    /// Whether it holds `NULL`.
    ///
    /// # Errors
    /// [`DatabaseError::Other`] when there is no such column.
    pub fn is_null(&self, column: usize) -> Result<bool, DatabaseError> {
        Ok(matches!(self.value(column)?, Value::Null))
    }

    /// A number or `NULL`; one without a fraction is an integer.
    ///
    /// # Errors
    /// [`DatabaseError::Unreadable`] for anything else.
    pub fn optional_number(&self, column: usize) -> Result<Option<Number>, DatabaseError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Integer(number) => Ok(Some(number.into())),
            Value::Real(number) => Number::from_f64(number)
                .map(Some)
                .ok_or_else(|| self.unreadable(column, "a number")),
            _ => Err(self.unreadable(column, "a number")),
        }
    }

    /// True, false or `NULL`.
    ///
    /// # Errors
    /// [`DatabaseError::Other`] when there is no such column.
    pub fn optional_flag(&self, column: usize) -> Result<Option<bool>, DatabaseError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            value => Ok(Some(is_true(&value))),
        }
    }

    /// True, false or `NULL`, in any form that a program stores.
    ///
    /// # Errors
    /// [`DatabaseError::Unreadable`] for anything else, which other readers take for false.
    pub fn exact_flag(&self, column: usize) -> Result<Option<bool>, DatabaseError> {
        let is_one =
            |text: &str, words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Flag(flag) => Ok(Some(flag)),
            Value::Integer(number @ (0 | 1)) => Ok(Some(number == 1)),
            Value::Text(text) if is_one(&text, &TRUE) => Ok(Some(true)),
            Value::Text(text) if is_one(&text, &FALSE) => Ok(Some(false)),
            _ => Err(self.unreadable(column, "a flag")),
        }
    }

    /// True or false; only 1 is true [contract 11.2].
    ///
    /// # Errors
    /// [`DatabaseError::Other`] when there is no such column.
    pub fn flag(&self, column: usize) -> Result<bool, DatabaseError> {
        Ok(is_true(&self.value(column)?))
    }

    /// An instant, not `NULL`.
    ///
    /// # Errors
    /// [`DatabaseError::Unreadable`] for `NULL` or what is not a time.
    pub fn time(&self, column: usize) -> Result<Timestamp, DatabaseError> {
        self.optional_time(column)?.ok_or_else(|| self.unreadable(column, "a time"))
    }

    /// An instant or `NULL`, in any form that a program stores.
    ///
    /// # Errors
    /// [`DatabaseError::Unreadable`] for what is not a time.
    pub fn optional_time(&self, column: usize) -> Result<Option<Timestamp>, DatabaseError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            value => match instant(&value) {
                Some(time) => Ok(Some(time)),
                None => Err(self.unreadable(column, "a time")),
            },
        }
    }

    /// The form of the time or the JSON in this column; `None` where it does not tell.
    ///
    /// # Errors
    /// [`DatabaseError::Other`] when there is no such column.
    pub fn form(&self, column: usize) -> Result<Option<Form>, DatabaseError> {
        Ok(match self.value(column)? {
            Value::Integer(number) => stored_time::form_of_number(number),
            Value::Text(text) if text.starts_with(r#""["#) || text.starts_with(r#""{"#) => {
                Some(Form::JsonText)
            }
            Value::Text(text) if text.starts_with(['[', '{']) => Some(Form::Native),
            Value::Text(text) => stored_time::form_of_text(&text),
            _ => None,
        })
    }

    fn value(&self, column: usize) -> Result<Value<'_>, DatabaseError> {
        match self.0 {
            Source::Sqlite(row) => row.get_ref(column).map(Value::of_sqlite).map_err(sqlite::error),
            Source::Postgres(row) => {
                row.try_get(column).map_err(|_| self.unreadable(column, "what was asked for"))
            }
        }
    }

    /// Names the column and the expected type, never the value: it may be a secret.
    fn unreadable(&self, column: usize, expected: &str) -> DatabaseError {
        let name = match self.0 {
            Source::Sqlite(row) => row.as_ref().column_name(column).ok(),
            Source::Postgres(row) => row.columns().get(column).map(tokio_postgres::Column::name),
        };
        let name = name.unwrap_or("?");
        DatabaseError::Unreadable(format!("column {name} does not hold {expected}"))
    }
}

fn is_true(value: &Value<'_>) -> bool {
    match value {
        Value::Flag(flag) => *flag,
        Value::Integer(number) => *number == 1,
        Value::Text(text) => TRUE.iter().any(|word| text.eq_ignore_ascii_case(word)),
        _ => false,
    }
}

/// A whole number; some databases keep it in a column for others.
fn whole(value: &Value<'_>) -> Option<i64> {
    // Beyond this a `f64` holds no exact integers.
    let is_exact = |number: f64| number.abs() < 9e15 && number.fract() == 0.0;
    match value {
        Value::Integer(number) => Some(*number),
        #[expect(clippy::cast_possible_truncation, reason = "its size has been checked")]
        Value::Real(number) if is_exact(*number) => Some(*number as i64),
        _ => None,
    }
}

/// An instant in any form.
fn instant(value: &Value<'_>) -> Option<Timestamp> {
    match value {
        Value::Integer(number) => Some(stored_time::of_number(*number)),
        Value::Real(number) => stored_time::of_real(*number),
        Value::Time(time) => Some(*time),
        Value::Text(text) => stored_time::of_text(text),
        Value::Null | Value::Flag(_) | Value::Bytes(_) | Value::Other => None,
    }
}

/// The milliseconds of a time in any form that a SQLite column holds, for comparisons in SQL; `None` if it is none.
pub(super) fn sqlite_millis(value: ValueRef<'_>) -> Option<i64> {
    instant(&Value::of_sqlite(value)).map(Timestamp::as_millis)
}
