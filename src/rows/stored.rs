//! A value in the form of its column, on its way between a row and JSON, or between two databases.

use serde_json::Value;

use crate::config::FieldType;
use crate::database::Param;
use crate::database::Timestamp;
use crate::schema::Kind;

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

    /// The value of an SQL literal; `None` where it is none of this kind.
    pub fn of_literal(literal: &str, kind: Kind) -> Option<Self> {
        let quoted = literal.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
        let text = quoted.map(|text| text.replace("''", "'"));
        match kind {
            Kind::Text => text.map(Self::Text),
            Kind::Json => text.map(Self::Json),
            Kind::Time => Timestamp::parse(&text?).map(Self::Time),
            Kind::Flag => Some(Self::Flag(literal == "1")),
            Kind::Number | Kind::BigNumber => match literal.parse() {
                Ok(integer) => Some(Self::Integer(integer)),
                Err(_) => literal.parse().ok().map(Self::Real),
            },
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_is_the_value_that_it_was_made_of() {
        for (literal, kind, expected) in [
            ("'it''s'", Kind::Text, Stored::Text("it's".to_owned())),
            ("1", Kind::Flag, Stored::Flag(true)),
            ("0", Kind::Flag, Stored::Flag(false)),
            ("7", Kind::BigNumber, Stored::Integer(7)),
            ("1.5", Kind::Number, Stored::Real(1.5)),
            (r#"'["a"]'"#, Kind::Json, Stored::Json(r#"["a"]"#.to_owned())),
            ("'1970-01-01T00:00:00.000Z'", Kind::Time, Stored::Time(Timestamp::EPOCH)),
        ] {
            assert!(Stored::of_literal(literal, kind) == Some(expected), "{literal}");
        }
        assert!(Stored::of_literal("7", Kind::Text).is_none());
    }
}
