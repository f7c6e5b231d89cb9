//! What endpoints read, as parameters and bodies [OpenAPI 3.1 4.8.12, 4.8.13].

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::config::AdditionalField;
use crate::config::Config;
use crate::http::Body;
use crate::http::Endpoint;
use crate::http::Field;
use crate::http::endpoint::Adds;
use crate::http::input::Kind;
use crate::plugins::open_api::forms::field_schema;
use crate::plugins::open_api::forms::or_null;

/// What stands in the path and in the query.
pub(super) fn parameters(endpoint: &Endpoint) -> Vec<Value> {
    let in_path = endpoint.path.split('/').filter_map(|segment| segment.strip_prefix(':'));
    let in_path = in_path.map(
        |name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}),
    );
    let in_query = endpoint.query.iter().map(|field| {
        let schema = schema(field.kind);
        json!({"name": field.name, "in": "query", "required": field.is_required, "schema": schema})
    });
    in_path.chain(in_query).collect()
}

/// The body, where one is read.
pub(super) fn body(endpoint: &Endpoint, config: &Config) -> Option<Value> {
    let schema = match endpoint.body {
        Body::Ignored => return None,
        Body::Bytes(media_types) => return Some(bytes(media_types)),
        Body::OneOf(fields) => one_of(fields),
        Body::Optional(fields) | Body::Required(fields) => {
            object(fields, &added(endpoint.adds, config))
        }
    };
    let mut content = Map::new();
    content.insert("application/json".to_owned(), json!({ "schema": schema }));
    if endpoint.takes_forms {
        // Every value of a form is text, and what must be something else cannot be said in one.
        let texts = endpoint.body.fields().iter().filter(|field| schema_is_text(field.kind));
        let texts: Vec<Field> = texts.copied().collect();
        let media_type = "application/x-www-form-urlencoded".to_owned();
        content.insert(media_type, json!({"schema": object(&texts, &[])}));
    }
    let is_required = !matches!(endpoint.body, Body::Optional(_));
    Some(json!({"required": is_required, "content": content}))
}

/// A body that is read as it is.
fn bytes(media_types: &[&str]) -> Value {
    let content = media_types.iter().map(|name| ((*name).to_owned(), json!({})));
    json!({"required": true, "content": content.collect::<Map<_, _>>()})
}

/// A field that is added, by name, and whether it must be there.
type AddedInput<'a> = (&'a String, &'a AdditionalField, bool);

fn added(adds: Option<Adds>, config: &Config) -> Vec<AddedInput<'_>> {
    let fields = match adds {
        None => return Vec::new(),
        Some(Adds::NewUser | Adds::User) => &config.user.additional_fields,
        Some(Adds::Session) => &config.session.additional_fields,
    };
    let is_new = adds == Some(Adds::NewUser);
    let open = fields.iter().filter(|(_, field)| field.input);
    let rows = open.map(|(name, field)| {
        (name, field, is_new && field.required && field.default_value.is_none())
    });
    rows.collect()
}

fn object(fields: &[Field], added: &[AddedInput<'_>]) -> Value {
    let mut properties = properties(fields);
    properties.extend(added.iter().map(|(name, field, _)| {
        let mut schema = field_schema(field);
        if !field.required {
            schema = or_null(schema);
        }
        if let (Some(default), Some(schema)) = (&field.default_value, schema.as_object_mut()) {
            schema.insert("default".to_owned(), default.clone());
        }
        ((*name).clone(), schema)
    }));
    let own = fields.iter().filter(|field| field.is_required).map(|field| field.name);
    let added = added.iter().filter(|(.., is_required)| *is_required).map(|row| row.0.as_str());
    let required: Vec<&str> = own.chain(added).collect();
    json!({"type": "object", "properties": properties, "required": required})
}

/// Exactly one of the required fields, and nothing that is not listed.
fn one_of(fields: &[Field]) -> Value {
    let chosen = fields.iter().filter(|field| field.is_required);
    let chosen: Vec<Value> = chosen.map(|field| json!({"required": [field.name]})).collect();
    let mut properties = properties(fields);
    for field in fields.iter().filter(|field| field.kind == Kind::Flag) {
        // It chooses by being true.
        properties.insert(field.name.to_owned(), json!({"const": true}));
    }
    json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "oneOf": chosen,
    })
}

fn properties(fields: &[Field]) -> Map<String, Value> {
    fields.iter().map(|field| (field.name.to_owned(), schema(field.kind))).collect()
}

fn schema_is_text(kind: Kind) -> bool {
    schema(kind).get("type").and_then(Value::as_str) == Some("string")
}

fn schema(kind: Kind) -> Value {
    match kind {
        // A coerced value is meant to be text; that others are taken is for old clients.
        Kind::Text | Kind::Name | Kind::Coerced => json!({"type": "string"}),
        Kind::NonEmptyText | Kind::NotEmpty | Kind::CoercedNotEmpty => {
            json!({"type": "string", "minLength": 1})
        }
        Kind::TextOrNull => json!({"type": ["string", "null"]}),
        Kind::Email => json!({"type": "string", "format": "email"}),
        Kind::Flag => json!({"type": "boolean"}),
        Kind::Number => json!({"type": "number"}),
        Kind::TextOrNumber => json!({"type": ["string", "number"]}),
        Kind::Texts => json!({"type": "array", "items": {"type": "string"}}),
        Kind::TextOrTexts => json!({
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]
        }),
        Kind::OneOf(names) => json!({"type": "string", "enum": names}),
        Kind::TextMap => {
            json!({"type": "object", "additionalProperties": {"type": "string"}})
        }
        Kind::TextLists => json!({
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}}
        }),
        Kind::Object(members) => object(members, &[]),
        Kind::Record => json!({"type": "object"}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Context;
    use crate::http::Reply;

    fn nothing(_: &mut Context<'_>) -> Result<Reply, crate::AuthError> {
        Reply::redirect("/")
    }

    fn config() -> Config {
        let mut config = Config::default();
        let fields = json!({
            "age": {"type": "number"},
            "nick": {"type": "string", "required": false, "defaultValue": "x"},
            "role": {"type": "string", "input": false},
        });
        config.user.additional_fields = serde_json::from_value(fields).unwrap();
        config
    }

    #[test]
    fn fields_that_are_added_are_read_too_unless_they_are_closed() {
        const NAME: Body = Body::Required(&[Field::required("name", Kind::Text)]);
        let row = Endpoint::post("/x", nothing).body(NAME).takes_forms().adds(Adds::NewUser);
        let new = body(&row, &config()).unwrap();
        let schema = &new["content"]["application/json"]["schema"];
        assert_eq!(schema["required"], json!(["name", "age"]));
        assert_eq!(
            schema["properties"]["nick"],
            json!({"type": ["string", "null"], "default": "x"})
        );
        assert_eq!(schema["properties"].get("role"), None);
        let form = &new["content"]["application/x-www-form-urlencoded"]["schema"];
        assert_eq!(form["properties"], json!({"name": {"type": "string"}}));
        let change = body(&row.adds(Adds::User), &config()).unwrap();
        let schema = &change["content"]["application/json"]["schema"];
        assert_eq!(schema["required"], json!(["name"]));
    }

    #[test]
    fn parameters_stand_in_the_path_and_in_the_query() {
        const TEXT: &[Field] = &[Field::optional("q", Kind::TextOrNumber)];
        let row = Endpoint::get("/x/:token", nothing).query(TEXT);
        assert_eq!(
            parameters(&row),
            [
                json!({"name": "token", "in": "path", "required": true, "schema": {"type": "string"}}),
                json!({"name": "q", "in": "query", "required": false,
                    "schema": {"type": ["string", "number"]}}),
            ]
        );
        assert_eq!(body(&row, &config()), None);
    }

    #[test]
    fn one_of_several_fields_is_chosen() {
        const FIELDS: &[Field] =
            &[Field::required("id", Kind::Text), Field::required("useCookie", Kind::Flag)];
        let schema = one_of(FIELDS);
        assert_eq!(schema["oneOf"], json!([{"required": ["id"]}, {"required": ["useCookie"]}]));
        assert_eq!(schema["properties"]["useCookie"], json!({"const": true}));
    }
}
