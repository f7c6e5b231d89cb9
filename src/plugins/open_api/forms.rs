//! What answers hold, as JSON Schema [OpenAPI 3.1 4.8.24].

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::config::AdditionalField;
use crate::config::AdditionalFields;
use crate::config::FieldType;
use crate::http::answer::Json;
use crate::http::answer::Member;

/// The schema of a form.
pub(super) fn schema(form: &Json) -> Value {
    match form {
        Json::Text => json!({"type": "string"}),
        Json::Time => json!({"type": "string", "format": "date-time"}),
        Json::Count => json!({"type": "integer", "minimum": 0}),
        Json::Integer => json!({"type": "integer"}),
        Json::Flag => json!({"type": "boolean"}),
        Json::Always(flag) => json!({"const": flag}),
        Json::Null => json!({"type": "null"}),
        Json::OrNull(form) => or_null(schema(form)),
        Json::Any => json!({}),
        Json::List(form) => json!({"type": "array", "items": schema(form)}),
        Json::Object(members) => object(members),
        Json::User => json!({"$ref": "#/components/schemas/User"}),
        Json::Session => json!({"$ref": "#/components/schemas/Session"}),
        Json::OneOf(forms) => {
            json!({"anyOf": forms.iter().map(schema).collect::<Vec<_>>()})
        }
    }
}

/// The schema of a row: its members, and what the configuration and plugins add to them.
pub(super) fn row(members: &[Member], added: &AdditionalFields) -> Value {
    let mut schema = object(members);
    let returned = added.iter().filter(|(_, field)| field.returned);
    let added = returned.map(|(name, field)| (name.clone(), or_null(field_schema(field))));
    let id = ("id".to_owned(), json!({"type": "string"}));
    for (name, value) in added.chain([id]) {
        if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
            required.push(name.clone().into());
        }
        if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
            properties.insert(name, value);
        }
    }
    schema
}

/// The schema of the values of an additional field.
pub(super) fn field_schema(field: &AdditionalField) -> Value {
    match &field.kind {
        FieldType::Text => json!({"type": "string"}),
        FieldType::OneOf(choices) => json!({"type": "string", "enum": choices}),
        FieldType::Number => json!({"type": "number"}),
        FieldType::Flag => json!({"type": "boolean"}),
        FieldType::Date => json!({"type": "string", "format": "date-time"}),
        FieldType::Json => json!({}),
        FieldType::Texts => json!({"type": "array", "items": {"type": "string"}}),
        FieldType::Numbers => json!({"type": "array", "items": {"type": "number"}}),
    }
}

/// The same, or `null`.
pub(super) fn or_null(mut schema: Value) -> Value {
    let Some(kind) = schema.get("type").and_then(Value::as_str).map(str::to_owned) else {
        let takes_anything = schema.as_object().is_some_and(Map::is_empty);
        let either = json!({"anyOf": [schema.take(), {"type": "null"}]});
        return if takes_anything { json!({}) } else { either };
    };
    if let Some(names) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        names.push(Value::Null);
    }
    if let Some(object) = schema.as_object_mut() {
        object.insert("type".to_owned(), json!([kind, "null"]));
    }
    schema
}

fn object(members: &[Member]) -> Value {
    let properties: Map<String, Value> =
        members.iter().map(|member| (member.name.to_owned(), schema(&member.value))).collect();
    let required = members.iter().filter(|member| member.is_always).map(|member| member.name);
    let required: Vec<&str> = required.collect();
    json!({"type": "object", "properties": properties, "required": required})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_is_one_more_value() {
        assert_eq!(or_null(json!({"type": "string"})), json!({"type": ["string", "null"]}));
        assert_eq!(
            or_null(json!({"type": "string", "enum": ["a"]})),
            json!({"type": ["string", "null"], "enum": ["a", null]})
        );
        assert_eq!(or_null(json!({})), json!({}));
        let user = schema(&Json::OrNull(&Json::User));
        assert_eq!(
            user,
            json!({"anyOf": [{"$ref": "#/components/schemas/User"}, {"type": "null"}]})
        );
    }

    #[test]
    fn a_row_shows_what_clients_may_see() {
        let added = json!({
            "age": {"type": "number"},
            "secret": {"type": "string", "returned": false},
        });
        let added = serde_json::from_value(added).unwrap();
        let schema = row(&[Member::always("name", Json::Text)], &added);
        assert_eq!(schema["required"], json!(["name", "age", "id"]));
        assert_eq!(schema["properties"]["age"], json!({"type": ["number", "null"]}));
    }
}
