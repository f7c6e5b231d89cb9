//! The fields of a body: what they must be, and the message when they are not [contract 1.6].

use std::borrow::Cow;

use serde_json::Map;
use serde_json::Value;

use crate::api::email;
use crate::api::fields::is_truthy;
use crate::api::fields::type_name;
use crate::config::AdditionalFields;
use crate::crypto::Secret;
use crate::error::AuthError;
use crate::error::codes;
use crate::http::endpoint::Body;
use crate::http::endpoint::Shape;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// Any text, or `null` to remove what is there.
    TextOrNull,
    /// Text of at least one character.
    NonEmptyText,
    /// An e-mail address.
    Email,
    /// True or false.
    Flag,
    /// A list of texts.
    Texts,
    /// Texts by name.
    TextMap,
    /// Anything by name.
    Record,
    /// These members; others are let be.
    Object(&'static [Field]),
    /// One of several names, or any other.
    Name,
    /// One of these names.
    OneOf(&'static [&'static str]),
    /// Text of at least one character, in a plugin's words.
    NotEmpty,
    /// Anything that is there, as the text that JavaScript makes of it.
    Coerced,
    /// The same, of at least one character.
    CoercedNotEmpty,
    /// A number.
    Number,
    /// A text or a number.
    TextOrNumber,
    /// A text or a list of texts.
    TextOrTexts,
    /// Lists of texts by name, which the handler looks at.
    TextLists,
}

impl Kind {
    /// What it holds, in words for documentation.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Texts => "list of texts",
            Self::TextMap => "texts by name",
            Self::TextLists => "lists of texts by name",
            Self::Object(_) | Self::Record => "object",
            Self::Flag => "true or false",
            Self::Email => "e-mail address",
            Self::TextOrNull => "text or null",
            Self::Number => "number",
            Self::TextOrNumber => "text or number",
            Self::TextOrTexts => "text or list of texts",
            Self::OneOf(_)
            | Self::Text
            | Self::NonEmptyText
            | Self::NotEmpty
            | Self::Coerced
            | Self::CoercedNotEmpty
            | Self::Name => "text",
        }
    }

    fn is_text(self) -> bool {
        matches!(
            self,
            Self::Text | Self::TextOrNull | Self::NonEmptyText | Self::NotEmpty | Self::Email
        )
    }
}

/// One field of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Field {
    /// Its name in the JSON object.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it must be there.
    pub is_required: bool,
}

impl Field {
    /// A field that must be there.
    pub const fn required(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, is_required: true }
    }

    /// A field that may be left out.
    pub const fn optional(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, is_required: false }
    }

    /// Everything that is wrong with the value and its members: where below it, and what.
    fn issues(&self, value: Option<&Value>) -> Vec<(String, String)> {
        let (Kind::Object(members), Some(Value::Object(object))) = (self.kind, value) else {
            return self.issue(value).into_iter().collect();
        };
        let of_member = |member: &Self| {
            let issues = member.issues(object.get(member.name)).into_iter();
            let name = member.name;
            issues.map(move |(below, issue)| (format!(".{name}{below}"), issue))
        };
        members.iter().flat_map(of_member).collect()
    }

    /// What is wrong with the value itself, in Better Auth's words: where below it, and what.
    fn issue(&self, value: Option<&Value>) -> Option<(String, String)> {
        let Some(value) = value else {
            return self.is_required.then(|| (String::new(), self.expected(None)));
        };
        let here = |issue: String| (String::new(), issue);
        let not_text = |(below, value): (String, &Value)| {
            let issue = expected_received("string", Some(value));
            (!value.is_string()).then(|| (format!(".{below}"), issue))
        };
        match (self.kind, value) {
            (Kind::CoercedNotEmpty | Kind::NotEmpty, Value::String(text)) if text.is_empty() => {
                Some(here(format!("{} cannot be empty", self.name)))
            }
            (Kind::TextOrNull, Value::Null)
            | (Kind::Flag, Value::Bool(_))
            | (Kind::Record, Value::Object(_))
            | (Kind::Number, Value::Number(_))
            | (Kind::TextOrNumber, Value::Number(_) | Value::String(_))
            | (Kind::TextOrTexts | Kind::Name, Value::String(_))
            | (Kind::TextLists | Kind::Coerced | Kind::CoercedNotEmpty, _) => None,
            (Kind::OneOf(names), Value::String(name)) if names.contains(&name.as_str()) => None,
            (Kind::TextOrTexts, Value::Array(texts)) if texts.iter().all(Value::is_string) => None,
            (Kind::Texts, Value::Array(texts)) => {
                let mut numbered = texts.iter().enumerate();
                numbered.find_map(|(at, text)| not_text((at.to_string(), text)))
            }
            (Kind::TextMap, Value::Object(texts)) => {
                texts.iter().find_map(|(name, text)| not_text((name.clone(), text)))
            }
            (kind, Value::String(text)) if kind.is_text() => text_issue(kind, text).map(here),
            _ => Some(here(self.expected(Some(value)))),
        }
    }

    fn expected(&self, value: Option<&Value>) -> String {
        let expected = match self.kind {
            Kind::Flag => "boolean",
            Kind::Texts => "array",
            Kind::TextMap | Kind::Record => "record",
            Kind::Object(_) => "object",
            Kind::Text | Kind::TextOrNull | Kind::NonEmptyText | Kind::NotEmpty | Kind::Email => {
                "string"
            }
            Kind::Coerced | Kind::CoercedNotEmpty => "nonoptional",
            Kind::Number => "number",
            Kind::OneOf(names) => {
                let names: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
                return format!("Invalid option: expected one of {}", names.join("|"));
            }
            Kind::Name | Kind::TextOrNumber | Kind::TextOrTexts | Kind::TextLists => {
                return "Invalid input".to_owned();
            }
        };
        expected_received(expected, value)
    }
}

fn text_issue(kind: Kind, text: &str) -> Option<String> {
    match kind {
        Kind::Email if !email::is_valid(text) => Some("Invalid email address".to_owned()),
        Kind::NonEmptyText if text.is_empty() => {
            Some("Too small: expected string to have >=1 characters".to_owned())
        }
        // PostgreSQL cannot store it, and nobody means it.
        _ if text.contains('\0') => Some("Invalid input: contains a NUL character".to_owned()),
        _ => None,
    }
}

/// The validated fields of a body. Unknown ones are kept out of reach of the handlers.
#[derive(Default)]
pub struct Input(Map<String, Value>);

impl Input {
    /// Checks a body against what the endpoint reads.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` with every issue in the order of the fields.
    pub fn check(body: Body, shape: Shape, value: Option<Value>) -> Result<Self, AuthError> {
        let fields = match (body, &value) {
            (Body::Ignored | Body::Bytes(_), _) | (Body::Optional(_), None) => {
                return Ok(Self::default());
            }
            (Body::OneOf(fields), _) => return Self::check_one_of(fields, value),
            (Body::Optional(fields) | Body::Required(fields), _) => fields,
        };
        let Some(Value::Object(object)) = value else {
            return Err(invalid(&not_an_object(shape, value.as_ref())));
        };
        let issues: Vec<String> = fields
            .iter()
            .flat_map(|field| {
                let issues = field.issues(object.get(field.name)).into_iter();
                issues.map(|(below, issue)| format!("[body.{}{below}] {issue}", field.name))
            })
            .collect();
        if issues.is_empty() { Ok(Self(object)) } else { Err(invalid(&issues)) }
    }

    fn check_one_of(fields: &[Field], value: Option<Value>) -> Result<Self, AuthError> {
        let neither = || invalid(&["[body] Invalid input".to_owned()]);
        let Some(Value::Object(object)) = value else {
            return Err(neither());
        };
        let chosen =
            fields.iter().filter(|field| field.is_required && object.contains_key(field.name));
        // A flag chooses by being true.
        let is_bad = |(name, value): (&String, &Value)| {
            let field = fields.iter().find(|field| field.name == name);
            field.is_some_and(|field| {
                !field.issues(Some(value)).is_empty() || *value == Value::Bool(false)
            })
        };
        if chosen.count() != 1 || object.iter().any(is_bad) {
            return Err(neither());
        }
        let unknown: Vec<String> = object
            .keys()
            .filter(|name| !fields.iter().any(|field| field.name == *name))
            .map(|name| Value::from(name.as_str()).to_string())
            .collect();
        match unknown.as_slice() {
            [] => Ok(Self(object)),
            [one] => Err(invalid(&[format!("[body] Unrecognized key: {one}")])),
            more => Err(invalid(&[format!("[body] Unrecognized keys: {}", more.join(", "))])),
        }
    }

    /// What the body says of additional fields; their rules look at the values.
    pub fn additional(&self, fields: &AdditionalFields) -> Map<String, Value> {
        let given =
            fields.keys().filter_map(|name| Some((name.clone(), self.0.get(name)?.clone())));
        given.collect()
    }

    /// Whether the body has this field, `null` included.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A field's text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// A field's value, whatever it is.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A field's value as the text that JavaScript makes of it; empty where there is none.
    pub fn coerced(&self, name: &str) -> String {
        match self.0.get(name) {
            None => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        }
    }

    /// A field's text as a secret.
    pub fn secret(&self, name: &str) -> Option<Secret> {
        self.text(name).map(Secret::new)
    }

    /// A field's truth.
    pub fn flag(&self, name: &str) -> Option<bool> {
        self.0.get(name)?.as_bool()
    }

    /// A field's texts; none where there is none.
    pub fn texts(&self, name: &str) -> Vec<String> {
        let texts = self.0.get(name).and_then(Value::as_array).into_iter().flatten();
        texts.filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// A field's members; none where there is none.
    pub fn object(&self, name: &str) -> Map<String, Value> {
        self.0.get(name).and_then(Value::as_object).cloned().unwrap_or_default()
    }

    /// Whether JavaScript would call the field's value true: upstream decides some cases by that.
    pub fn is_truthy(&self, name: &str) -> bool {
        is_truthy(self.0.get(name).unwrap_or(&Value::Null))
    }
}

/// Checks a query against what the endpoint reads of it; `values` are those of one name.
///
/// # Errors
/// `VALIDATION_ERROR` with every issue in the order of the fields.
pub fn check_query<'a>(
    fields: &[Field],
    values: impl Fn(&str) -> Vec<Cow<'a, str>>,
) -> Result<(), AuthError> {
    let issues: Vec<String> = fields
        .iter()
        .flat_map(|field| {
            let value = match values(field.name).as_slice() {
                [] => None,
                [one] => Some(Value::from(one.as_ref())),
                _ => Some(Value::Array(Vec::new())),
            };
            let issues = field.issues(value.as_ref()).into_iter();
            issues.map(|(below, issue)| format!("[query.{}{below}] {issue}", field.name))
        })
        .collect();
    if issues.is_empty() { Ok(()) } else { Err(invalid(&issues)) }
}

fn not_an_object(shape: Shape, value: Option<&Value>) -> Vec<String> {
    let names: &[&str] = match shape {
        Shape::Object => &["object"],
        Shape::Record => &["record"],
        Shape::ObjectAndRecord => &["object", "record"],
    };
    names.iter().map(|name| format!("[body] {}", expected_received(name, value))).collect()
}

fn expected_received(expected: &str, value: Option<&Value>) -> String {
    let received = type_name(value);
    format!("Invalid input: expected {expected}, received {received}")
}

fn invalid(issues: &[String]) -> AuthError {
    AuthError::new(codes::VALIDATION_ERROR).with_message(issues.join("; "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_of_several_fields_is_chosen_and_nothing_else_said() {
        const FIELDS: &[Field] = &[
            Field::required("accountId", Kind::Text),
            Field::required("useAccountCookie", Kind::Flag),
            Field::optional("userId", Kind::Text),
        ];
        let check = |value: Value| {
            let checked = Input::check(Body::OneOf(FIELDS), Shape::Object, Some(value));
            checked.err().map(|error| error.message().to_owned())
        };
        for fine in [
            json!({"accountId": "x"}),
            json!({"useAccountCookie": true, "userId": "x"}),
            json!({"accountId": "x", "userId": "x"}),
        ] {
            assert_eq!(check(fine.clone()), None, "{fine}");
        }
        let neither = Some("[body] Invalid input".to_owned());
        for bad in [
            json!({}),
            json!({"accountId": 1}),
            json!({"accountId": "x", "useAccountCookie": true}),
            json!({"useAccountCookie": false}),
            json!({"useAccountCookie": true, "userId": 1}),
            json!({"userId": "x"}),
            json!([]),
            json!(null),
        ] {
            assert_eq!(check(bad.clone()), neither, "{bad}");
        }
        let unknown = check(json!({"accountId": "x", "extra": 1}));
        assert_eq!(unknown.as_deref(), Some("[body] Unrecognized key: \"extra\""));
        let unknown = check(json!({"accountId": "x", "a": 1, "b": 1}));
        assert_eq!(unknown.as_deref(), Some("[body] Unrecognized keys: \"a\", \"b\""));
    }

    const FIELDS: &[Field] = &[
        Field::required("name", Kind::Text),
        Field::required("email", Kind::Email),
        Field::required("password", Kind::NonEmptyText),
        Field::optional("rememberMe", Kind::Flag),
    ];

    fn message(shape: Shape, value: Option<Value>) -> String {
        let result = Input::check(Body::Required(FIELDS), shape, value);
        result.err().map(|error| error.message().to_owned()).unwrap_or_default()
    }

    #[test]
    fn every_issue_is_told_in_the_order_of_the_fields() {
        assert_eq!(
            message(Shape::Object, Some(json!({"email": "a", "password": "", "rememberMe": 1}))),
            "[body.name] Invalid input: expected string, received undefined; \
             [body.email] Invalid email address; \
             [body.password] Too small: expected string to have >=1 characters; \
             [body.rememberMe] Invalid input: expected boolean, received number"
        );
    }

    #[test]
    fn a_body_that_is_not_an_object_is_named() {
        assert_eq!(
            message(Shape::ObjectAndRecord, Some(json!([]))),
            "[body] Invalid input: expected object, received array; \
             [body] Invalid input: expected record, received array"
        );
        assert_eq!(
            message(Shape::Record, None),
            "[body] Invalid input: expected record, received undefined"
        );
    }

    #[test]
    fn null_removes_only_where_it_may() {
        const IMAGE: &[Field] = &[Field::optional("image", Kind::TextOrNull)];
        let input =
            Input::check(Body::Required(IMAGE), Shape::Record, Some(json!({"image": null})));
        assert!(input.is_ok_and(|input| input.has("image") && input.text("image").is_none()));
        assert_eq!(
            message(Shape::Object, Some(json!({"name": null, "email": "a@b.co", "password": "x"}))),
            "[body.name] Invalid input: expected string, received null"
        );
    }
}
