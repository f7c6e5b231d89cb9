//! Columns that the configuration adds to a table: their SQL, a row's values as JSON, and back [contract 11.1].

use std::fmt;
use std::fmt::Write as _;

use serde::Deserialize;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;

use crate::config::AdditionalFields;
use crate::config::FieldType;
use crate::database::DatabaseError;
use crate::database::Param;
use crate::database::Row;
use crate::database::Timestamp;

/// The values of a row's additional fields. Serialises as those that clients may see.
#[derive(Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
pub struct Additional {
    /// By name, in the order of the configuration.
    #[serde(flatten)]
    pub returned: Map<String, Value>,
    /// Those with `returned = false`: they never leave by serialisation.
    #[serde(skip)]
    pub hidden: Map<String, Value>,
}

impl Additional {
    /// A field's value, whether clients may see it or not.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.returned.get(name).or_else(|| self.hidden.get(name))
    }

    /// Gives a field that the row has another value.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        let values = [&mut self.returned, &mut self.hidden];
        if let Some(known) = values.into_iter().find_map(|values| values.get_mut(name)) {
            *known = value.into();
        }
    }

    /// A field's text; `None` where it holds none.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }
}

impl fmt::Debug for Additional {
    /// Names only: what is hidden from clients has no place in a log either.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.returned.keys()).entries(self.hidden.keys()).finish()
    }
}

/// The additional columns of one table.
#[derive(Clone)]
pub(super) struct Fields {
    table: &'static str,
    fields: Vec<Field>,
}

#[derive(Clone)]
struct Field {
    name: String,
    column: String,
    kind: FieldType,
    is_returned: bool,
}

impl Fields {
    pub(super) fn new(table: &'static str, fields: &AdditionalFields) -> Self {
        let fields = fields.iter().map(|(name, field)| Field {
            column: field.column(name).to_owned(),
            kind: field.kind.clone(),
            is_returned: field.returned,
            name: name.clone(),
        });
        Self { table, fields: fields.collect() }
    }

    /// The column of the field with this name.
    pub(super) fn column(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|field| field.name == name).map(|field| field.column.as_str())
    }

    /// The same of a field that clients may see, by its name or its column's, and what it holds.
    pub(super) fn returned_column(&self, name: &str) -> Option<(String, FieldType)> {
        let by_name = self.fields.iter().find(|field| field.name == name);
        let by_column = || self.fields.iter().find(|field| field.column == name);
        let field = by_name.or_else(by_column).filter(|field| field.is_returned)?;
        Some((field.column.clone(), field.kind.clone()))
    }

    pub(super) fn len(&self) -> usize {
        self.fields.len()
    }

    /// `, "user"."age"` for the end of a list of columns that are selected.
    pub(super) fn selected(&self) -> String {
        self.each(|_, field| format!(r#", "{}"."{}""#, self.table, field.column))
    }

    /// `, "age"` for the end of a list of columns that are inserted.
    pub(super) fn inserted(&self) -> String {
        self.each(|_, field| format!(r#", "{}""#, field.column))
    }

    /// `, $8` for the end of the values that go with them.
    pub(super) fn values(&self, first: usize) -> String {
        self.each(|at, _| format!(", ${}", first + at))
    }

    /// `, "age" = $6` for the end of a list of assignments.
    pub(super) fn assigned(&self, first: usize) -> String {
        self.each(|at, field| format!(r#", "{}" = ${}"#, field.column, first + at))
    }

    fn each(&self, sql: impl Fn(usize, &Field) -> String) -> String {
        self.fields.iter().enumerate().fold(String::new(), |mut all, (at, field)| {
            // Writing to a `String` cannot fail.
            let _infallible = write!(all, "{}", sql(at, field));
            all
        })
    }

    /// Reads the columns that [`Fields::selected`] names, which begin at this position.
    pub(super) fn read(&self, row: &Row<'_>, first: usize) -> Result<Additional, DatabaseError> {
        let mut additional = Additional::default();
        for (at, field) in self.fields.iter().enumerate() {
            let value = read(row, first + at, &field.kind)?;
            let values =
                if field.is_returned { &mut additional.returned } else { &mut additional.hidden };
            values.insert(field.name.clone(), value);
        }
        Ok(additional)
    }

    /// The values of these fields among the members of an object; what is missing is `null`.
    pub(super) fn pick(&self, members: &Map<String, Value>) -> Additional {
        let mut additional = Additional::default();
        for field in &self.fields {
            let value = members.get(&field.name).cloned().unwrap_or(Value::Null);
            let values =
                if field.is_returned { &mut additional.returned } else { &mut additional.hidden };
            values.insert(field.name.clone(), value);
        }
        additional
    }

    /// The values of a row as the columns hold them; what is missing is `NULL`.
    pub(super) fn stored(&self, additional: &Additional) -> Vec<Stored> {
        let value = |field: &Field| additional.get(&field.name).unwrap_or(&Value::Null).clone();
        self.fields.iter().map(|field| Stored::new(value(field), &field.kind)).collect()
    }
}

fn read(row: &Row<'_>, column: usize, kind: &FieldType) -> Result<Value, DatabaseError> {
    Ok(match kind {
        FieldType::Text | FieldType::OneOf(_) => row.optional_text(column)?.into(),
        FieldType::Number => row.optional_number(column)?.into(),
        FieldType::Flag => row.optional_flag(column)?.into(),
        FieldType::Date => row.optional_time(column)?.map(|time| time.to_string()).into(),
        FieldType::Json | FieldType::Texts | FieldType::Numbers => {
            match row.optional_text(column)? {
                Some(text) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
                None => Value::Null,
            }
        }
    })
}

/// A value in the form of its column.
#[derive(PartialEq)]
pub(super) enum Stored {
    Null,
    Text(String),
    Json(String),
    Integer(i64),
    Real(f64),
    Flag(bool),
    Time(Timestamp),
}

impl Stored {
    fn new(value: Value, kind: &FieldType) -> Self {
        match (kind, value) {
            (_, Value::Null) => Self::Null,
            (FieldType::Json | FieldType::Texts | FieldType::Numbers, value) => {
                Self::Json(value.to_string())
            }
            (FieldType::Date, Value::String(text)) => {
                Timestamp::parse(&text).map_or(Self::Null, Self::Time)
            }
            (_, Value::String(text)) => Self::Text(text),
            (_, Value::Bool(flag)) => Self::Flag(flag),
            (_, Value::Number(number)) => match (number.as_i64(), number.as_f64()) {
                (Some(integer), _) => Self::Integer(integer),
                (None, Some(real)) => Self::Real(real),
                (None, None) => Self::Null,
            },
            (_, other) => Self::Text(other.to_string()),
        }
    }

    pub(super) fn param(&self) -> Param<'_> {
        match self {
            Self::Null => Param::Null,
            Self::Text(text) | Self::Json(text) => Param::Text(text),
            Self::Integer(integer) => Param::Integer(*integer),
            Self::Real(real) => Param::Real(*real),
            Self::Flag(flag) => Param::Flag(*flag),
            Self::Time(time) => Param::Time(*time),
        }
    }
}
