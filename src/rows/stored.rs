//! A value in the form of its column, on its way between a row and JSON, or between two databases.

use serde_json::Value;

use crate::config::FieldType;
use crate::database::Param;
use crate::database::Timestamp;

/// A value in the form of its column.
#[derive(Clone, PartialEq)]
pub enum Stored {
    /// `NULL`.
    Null,
    /// Text.
    Text(String),
    /// Any value as JSON.
    Json(String),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Real(f64),
    /// True or false.
    Flag(bool),
    /// An instant.
    Time(Timestamp),
}

impl Stored {
    /// A value of a field as its column holds it.
    pub fn new(value: Value, kind: &FieldType) -> Self {
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

    /// The same as a parameter.
    pub fn param(&self) -> Param<'_> {
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
