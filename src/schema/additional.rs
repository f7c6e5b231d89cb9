//! Columns that an application adds to tables of the core [contract 11.1].

use serde_json::Value;

use crate::config::AdditionalField;
use crate::config::AdditionalFields;
use crate::config::FieldType;
use crate::database::Timestamp;
use crate::schema::table::AddedField;
use crate::schema::table::Column;
use crate::schema::table::Fill;
use crate::schema::table::Index;
use crate::schema::table::Kind;

/// One column for each field.
pub(super) fn columns(fields: &AdditionalFields) -> impl Iterator<Item = Column> {
    fields.iter().map(|(name, field)| {
        let mut column = Column::new(name, kind(field), fill(field)).named(field.column(name));
        column.added = Some(AddedField {
            kind: field.kind.clone(),
            is_returned: field.returned,
            default: field.default_value.clone().unwrap_or_default(),
        });
        column.is_unique = field.unique;
        column.index = if field.index { Index::Needed } else { Index::None };
        column
    })
}

fn kind(field: &AdditionalField) -> Kind {
    match field.kind {
        FieldType::Text | FieldType::OneOf(_) => Kind::Text,
        FieldType::Number if field.bigint => Kind::BigNumber,
        FieldType::Number => Kind::Number,
        FieldType::Flag => Kind::Flag,
        FieldType::Date => Kind::Time,
        FieldType::Json | FieldType::Texts | FieldType::Numbers => Kind::Json,
    }
}

fn fill(field: &AdditionalField) -> Fill {
    match &field.default_value {
        _ if !field.required => Fill::Null,
        Some(value) => Fill::Literal(literal(value, &field.kind)),
        None => Fill::Unknown,
    }
}

fn literal(value: &Value, kind: &FieldType) -> String {
    match (kind, value) {
        (FieldType::Json | FieldType::Texts | FieldType::Numbers, value) => {
            quoted(&value.to_string())
        }
        (FieldType::Date, Value::String(text)) => {
            quoted(&Timestamp::parse(text).map(|time| time.to_string()).unwrap_or_default())
        }
        (_, Value::String(text)) => quoted(text),
        (_, Value::Bool(flag)) => u8::from(*flag).to_string(),
        (_, other) => other.to_string(),
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_default_is_written_as_a_literal() {
        for (value, kind, expected) in [
            (json!("it's"), FieldType::Text, "'it''s'"),
            (json!(true), FieldType::Flag, "1"),
            (json!(1.5), FieldType::Number, "1.5"),
            (json!(["a"]), FieldType::Texts, r#"'["a"]'"#),
            (json!("2026-01-01T00:00:00+01:00"), FieldType::Date, "'2025-12-31T23:00:00.000Z'"),
        ] {
            assert_eq!(literal(&value, &kind), expected);
        }
    }
}
