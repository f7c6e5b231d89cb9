//! Forms as JSON Schema [OpenAPI 3.1 4.8.24].

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::config::AdditionalField;
use crate::config::Config;
use crate::config::FieldType;
use crate::http::Form;
use crate::http::Member;
use crate::http::form::RowForm;

/// The schema of a form.
pub(super) fn schema(form: &Form) -> Value {
    match form {
        Form::Any => json!({}),
        Form::Null => json!({"type": "null"}),
        Form::Flag => json!({"type": "boolean"}),
        Form::Always(flag) => json!({"const": flag}),
        Form::Number => json!({"type": "number"}),
        Form::Integer => json!({"type": "integer"}),
        Form::Count => json!({"type": "integer", "minimum": 0}),
        Form::Text => json!({"type": "string"}),
        Form::NonEmpty(_) => json!({"type": "string", "minLength": 1}),
        Form::Email => json!({"type": "string", "format": "email"}),
        Form::Time => json!({"type": "string", "format": "date-time"}),
        Form::OneOf(texts) => json!({"type": "string", "enum": texts}),
        // A coerced value should be a string; other types are accepted for old clients only.
        Form::Coerced(form) => schema(form),
        Form::OrNull(form) => or_null(schema(form)),
        Form::List(form) => json!({"type": "array", "items": schema(form)}),
        Form::Map(form) => json!({"type": "object", "additionalProperties": schema(form)}),
        Form::Record([]) => json!({"type": "object"}),
        Form::Object(members) | Form::Record(members) => object(properties(members)),
        Form::Strict(members) => {
            let mut schema = object(properties(members));
            insert(&mut schema, "additionalProperties", false);
            schema
        }
        Form::Row(row) => json!({"$ref": format!("#/components/schemas/{}", row.name)}),
        Form::AnyOf(forms) => any_of(forms.iter().map(schema).collect()),
        Form::ExactlyOne(forms) => json!({"oneOf": forms.iter().map(schema).collect::<Vec<_>>()}),
        Form::AllOf(_) => object_with(form, []),
    }
}

/// The schema of a row: its members, and what the configuration and plugins add to them.
pub(super) fn row(row: &RowForm, config: &Config) -> Value {
    let added = (row.added)(config).into_iter().flatten().filter(|(_, field)| field.returned);
    let added = added.map(|(name, field)| (name.as_str(), or_null(field_schema(field)), true));
    object(properties(row.members).chain(added).chain([("id", schema(&Form::Text), true)]))
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

/// Makes a schema nullable.
pub(super) fn or_null(mut schema: Value) -> Value {
    let Some(kind) = schema.get("type").and_then(Value::as_str).map(str::to_owned) else {
        let takes_anything = schema.as_object().is_some_and(Map::is_empty);
        let either = json!({"anyOf": [schema.take(), {"type": "null"}]});
        return if takes_anything { json!({}) } else { either };
    };
    if let Some(names) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        names.push(Value::Null);
    }
    insert(&mut schema, "type", json!([kind, "null"]));
    schema
}

/// A property: its name, its schema, and whether it is required.
pub(super) type Property<'a> = (&'a str, Value, bool);

pub(super) fn properties<'a>(members: &[Member]) -> impl Iterator<Item = Property<'a>> {
    members.iter().map(|member| (member.name, schema(&member.form), member.is_required))
}

pub(super) fn object<'a>(all: impl IntoIterator<Item = Property<'a>>) -> Value {
    let mut required = Vec::new();
    let mut properties = Map::new();
    for (name, schema, is_required) in all {
        let is_new = properties.insert(name.to_owned(), schema).is_none();
        required.extend((is_new && is_required).then(|| name.to_owned()));
    }
    json!({"type": "object", "properties": properties, "required": required})
}

/// Merges schemas that consist only of a type.
fn any_of(schemas: Vec<Value>) -> Value {
    let is_bare = |schema: &Value| schema.as_object().is_some_and(|schema| schema.len() == 1);
    let kinds = schemas
        .iter()
        .map(|schema| schema.get("type").filter(|kind| kind.is_string() && is_bare(schema)));
    match kinds.collect::<Option<Vec<_>>>().as_deref() {
        Some([kind]) => json!({ "type": kind }),
        Some(kinds) => json!({ "type": kinds }),
        None => json!({ "anyOf": schemas }),
    }
}

/// Adds members to the schema of an object. Schemas that consist only of members become one object.
pub(super) fn object_with<'a>(
    form: &'a Form,
    added: impl IntoIterator<Item = Property<'a>>,
) -> Value {
    let parts = if let Form::AllOf(forms) = form { forms } else { std::slice::from_ref(form) };
    let (plain, others): (Vec<Form>, Vec<Form>) =
        parts.iter().partition(|part| matches!(part, Form::Object(_) | Form::Record(_)));
    let members: Vec<Member> = plain.iter().flat_map(Form::members).collect();
    let mut whole = object(properties(&members).chain(added));
    if !others.is_empty() {
        insert(&mut whole, "allOf", others.iter().map(schema).collect::<Value>());
    }
    whole
}

/// Adds a keyword to a schema.
pub(super) fn insert(schema: &mut Value, keyword: &str, value: impl Into<Value>) {
    if let Some(schema) = schema.as_object_mut() {
        schema.insert(keyword.to_owned(), value.into());
    }
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
        let user = schema(&Form::OrNull(&Form::USER));
        assert_eq!(
            user,
            json!({"anyOf": [{"$ref": "#/components/schemas/User"}, {"type": "null"}]})
        );
    }

    #[test]
    fn a_row_shows_what_clients_may_see() {
        const ROW: RowForm = RowForm {
            name: "Row",
            members: &[Member::required("name", Form::Text)],
            added: |config| Some(&config.user.additional_fields),
        };
        let added = json!({
            "age": {"type": "number"},
            "secret": {"type": "string", "returned": false},
        });
        let mut config = Config::default();
        config.user.additional_fields = serde_json::from_value(added).unwrap();
        let schema = row(&ROW, &config);
        assert_eq!(schema["required"], json!(["name", "age", "id"]));
        assert_eq!(schema["properties"]["age"], json!({"type": ["number", "null"]}));
    }

    #[test]
    fn alternatives_are_listed_and_what_belongs_together_is_one_object() {
        const BOTH: Form = Form::AllOf(&[
            Form::Object(&[Member::required("a", Form::Text)]),
            Form::Record(&[]),
            Form::ExactlyOne(&[Form::STATUS, Form::SUCCESS]),
            Form::Object(&[Member::optional("b", Form::Map(&Form::Flag))]),
        ]);
        let text_or_number = schema(&Form::AnyOf(&[Form::Text, Form::Number]));
        assert_eq!(text_or_number, json!({"type": ["string", "number"]}));
        assert_eq!(schema(&Form::AnyOf(&[Form::Text])), json!({"type": "string"}));
        let texts = json!({"type": "array", "items": {"type": "string"}});
        assert_eq!(
            schema(&Form::AnyOf(&[Form::Text, Form::List(&Form::Text)])),
            json!({"anyOf": [{"type": "string"}, texts]})
        );
        let both = schema(&BOTH);
        let b = json!({"type": "object", "additionalProperties": {"type": "boolean"}});
        assert_eq!(both["properties"], json!({"a": {"type": "string"}, "b": b}));
        assert_eq!(both["required"], json!(["a"]));
        assert_eq!(both["allOf"][0]["oneOf"][1]["required"], json!(["success"]));
    }

    #[test]
    fn one_of_several_members_is_chosen() {
        const EITHER: Form = Form::AnyOf(&[
            Form::Strict(&[Member::required("id", Form::Text)]),
            Form::Strict(&[Member::required("useCookie", Form::Always(true))]),
        ]);
        let either = &schema(&EITHER)["anyOf"];
        assert_eq!(either[0]["required"], json!(["id"]));
        assert_eq!(either[1]["required"], json!(["useCookie"]));
        assert_eq!(either[1]["properties"]["useCookie"], json!({"const": true}));
        assert_eq!(either[0]["additionalProperties"], json!(false));
    }
}
