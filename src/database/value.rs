//! Values on their way in and out: text, whole numbers, flags (0/1) and times (ISO-8601 text) [contract 11.2].

use rusqlite::types::ToSql;
use rusqlite::types::ToSqlOutput;
use rusqlite::types::ValueRef;
use serde_json::Number;

use crate::database::DatabaseError;
use crate::database::Timestamp;
use crate::database::sqlite;

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
        })
    }
}

/// A row of an answer, read by the position of its columns.
pub struct Row<'a>(&'a rusqlite::Row<'a>);

impl<'a> Row<'a> {
    pub(super) fn new(row: &'a rusqlite::Row<'a>) -> Self {
        Self(row)
    }

    /// Text that must be there.
    ///
    /// # Errors
    /// [`DatabaseError::Other`] for `NULL` or a value of another kind.
    pub fn text(&self, column: usize) -> Result<String, DatabaseError> {
        self.optional_text(column)?.ok_or_else(|| self.unreadable(column, "text"))
    }

    /// Text or `NULL`. A number, such as another program may have left, is read as its digits.
    ///
    /// # Errors
    /// [`DatabaseError::Other`] for bytes that are not text.
    pub fn optional_text(&self, column: usize) -> Result<Option<String>, DatabaseError> {
        match self.value(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => Ok(Some(text.to_owned())),
                Err(_) => Err(self.unreadable(column, "text")),
            },
            ValueRef::Integer(number) => Ok(Some(number.to_string())),
            ValueRef::Real(number) => Ok(Some(number.to_string())),
            ValueRef::Blob(_) => Err(self.unreadable(column, "text")),
        }
    }

    /// A whole number.
    ///
    /// # Errors
    /// [`DatabaseError::Other`] for anything else.
    pub fn integer(&self, column: usize) -> Result<i64, DatabaseError> {
        match self.value(column)? {
            ValueRef::Integer(number) => Ok(number),
            _ => Err(self.unreadable(column, "a whole number")),
        }
    }

    /// A number or `NULL`; one without a fraction is a whole number.
    ///
    /// # Errors
    /// [`DatabaseError::Other`] for anything else.
    pub fn optional_number(&self, column: usize) -> Result<Option<Number>, DatabaseError> {
        match self.value(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(number) => Ok(Some(number.into())),
            ValueRef::Real(number) => Number::from_f64(number)
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
            ValueRef::Null => Ok(None),
            value => Ok(Some(matches!(value, ValueRef::Integer(1)))),
        }
    }

    /// True or false; only 1 is true [contract 11.2].
    ///
    /// # Errors
    /// [`DatabaseError::Other`] when there is no such column.
    pub fn flag(&self, column: usize) -> Result<bool, DatabaseError> {
        Ok(matches!(self.value(column)?, ValueRef::Integer(1)))
    }

    /// An instant that must be there.
    ///
    /// # Errors
    /// [`DatabaseError::Other`] for `NULL` or what is not a time.
    pub fn time(&self, column: usize) -> Result<Timestamp, DatabaseError> {
        self.optional_time(column)?.ok_or_else(|| self.unreadable(column, "a time"))
    }

    /// An instant or `NULL`; a whole number counts as milliseconds.
    ///
    /// # Errors
    /// [`DatabaseError::Other`] for what is not a time.
    pub fn optional_time(&self, column: usize) -> Result<Option<Timestamp>, DatabaseError> {
        match self.value(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(millis) => Ok(Some(Timestamp::from_millis(millis))),
            ValueRef::Text(bytes) => std::str::from_utf8(bytes)
                .ok()
                .and_then(Timestamp::parse)
                .map(Some)
                .ok_or_else(|| self.unreadable(column, "a time")),
            _ => Err(self.unreadable(column, "a time")),
        }
    }

    fn value(&self, column: usize) -> Result<ValueRef<'_>, DatabaseError> {
        self.0.get_ref(column).map_err(sqlite::error)
    }

    /// Names the column and what was expected, never the value: it may be a secret.
    fn unreadable(&self, column: usize, expected: &str) -> DatabaseError {
        let name = self.0.as_ref().column_name(column).unwrap_or("?");
        DatabaseError::Other(format!("column {name} does not hold {expected}"))
    }
}
