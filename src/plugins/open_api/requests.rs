//! Requests as parameters and bodies [OpenAPI 3.1 4.8.12, 4.8.13].

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::config::AdditionalField;
use crate::config::Config;
use crate::http::Body;
use crate::http::Endpoint;
use crate::http::endpoint::Adds;
use crate::plugins::open_api::forms::Property;
use crate::plugins::open_api::forms::field_schema;
use crate::plugins::open_api::forms::insert;
use crate::plugins::open_api::forms::object;
use crate::plugins::open_api::forms::object_with;
use crate::plugins::open_api::forms::or_null;
use crate::plugins::open_api::forms::properties;
use crate::plugins::open_api::forms::schema;

/// The path and query parameters.
pub(super) fn parameters(endpoint: &Endpoint) -> Vec<Value> {
    let in_path = endpoint.path.split('/').filter_map(|segment| segment.strip_prefix(':'));
    let in_path = in_path.map(
        |name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}),
    );
    let in_query = properties(endpoint.query).map(|(name, schema, is_required)| {
        json!({"name": name, "in": "query", "required": is_required, "schema": schema})
    });
    in_path.chain(in_query).collect()
}

/// The body, if the endpoint reads one.
pub(super) fn body(endpoint: &Endpoint, config: &Config) -> Option<Value> {
    if let Body::Bytes(media_types) = endpoint.body {
        return Some(bytes(media_types));
    }
    let form = endpoint.body.form()?;
    let schema = match added(endpoint.adds, config).as_slice() {
        [] => schema(&form),
        added => object_with(&form, added.iter().map(added_property)),
    };
    let mut content = Map::new();
    content.insert("application/json".to_owned(), json!({ "schema": schema }));
    if endpoint.takes_forms {
        // Form values are strings, so fields of other types cannot be sent in a form.
        let members = form.members();
        let texts = properties(&members)
            .filter(|(_, schema, _)| schema.get("type") == Some(&"string".into()));
        let texts = object(texts);
        let media_type = "application/x-www-form-urlencoded".to_owned();
        content.insert(media_type, json!({ "schema": texts }));
    }
    let is_required = !matches!(endpoint.body, Body::Optional(_));
    Some(json!({"required": is_required, "content": content}))
}

/// A raw body.
fn bytes(media_types: &[&str]) -> Value {
    let content = media_types.iter().map(|name| ((*name).to_owned(), json!({})));
    json!({"required": true, "content": content.collect::<Map<_, _>>()})
}

/// An additional field: its name, its type, and whether it is required.
type Added<'a> = (&'a str, &'a AdditionalField, bool);

/// The additional fields that clients may set.
pub(super) fn added(adds: Option<Adds>, config: &Config) -> Vec<Added<'_>> {
    let fields = match adds {
        None => return Vec::new(),
        Some(Adds::NewUser | Adds::User) => &config.user.additional_fields,
        Some(Adds::Session) => &config.session.additional_fields,
    };
    let is_new = adds == Some(Adds::NewUser);
    let open = fields.iter().filter(|(_, field)| field.input);
    let rows = open.map(|(name, field)| {
        (name.as_str(), field, is_new && field.required && field.default_value.is_none())
    });
    rows.collect()
}

fn added_property<'a>((name, field, is_required): &Added<'a>) -> Property<'a> {
    let mut schema = field_schema(field);
    if !field.required {
        schema = or_null(schema);
    }
    if let Some(default) = &field.default_value {
        insert(&mut schema, "default", default.clone());
    }
    (name, schema, *is_required)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Context;
    use crate::http::Form;
    use crate::http::Member;
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
        const NAME: Body = Body::object(&[Member::required("name", Form::Text)]);
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
        const TEXT: &[Member] = &[Member::optional("q", Form::AnyOf(&[Form::Text, Form::Number]))];
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
}
