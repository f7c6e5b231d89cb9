//! The body and the query after validation against the row of the endpoint [contract 1.6].

use std::borrow::Cow;

use serde_json::Map;
use serde_json::Value;

use crate::api::fields::is_truthy;
use crate::config::AdditionalFields;
use crate::crypto::Secret;
use crate::error::AuthError;
use crate::error::codes;
use crate::http::endpoint::Body;
use crate::http::form::Member;
use crate::http::validation::Issue;
use crate::http::validation::below;

/// A validated body.
#[derive(Default)]
pub struct Input(Map<String, Value>);

impl Input {
    /// Validates a body.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` with all issues in the order of the members.
    pub fn check(body: Body, value: Option<Value>) -> Result<Self, AuthError> {
        let Some(form) = body.form() else { return Ok(Self::default()) };
        if value.is_none() && matches!(body, Body::Optional(_)) {
            return Ok(Self::default());
        }
        let issues = form.issues(value.as_ref());
        match value {
            Some(Value::Object(object)) if issues.is_empty() => Ok(Self(object)),
            _ => Err(invalid("body", &issues)),
        }
    }

    /// The additional fields in the body; their own rules validate the values.
    pub fn additional(&self, fields: &AdditionalFields) -> Map<String, Value> {
        let given =
            fields.keys().filter_map(|name| Some((name.clone(), self.0.get(name)?.clone())));
        given.collect()
    }

    /// Whether the body contains this field; `null` counts.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A string.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// A value of any type.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A value, converted to a string as JavaScript does; empty if missing.
    pub fn coerced(&self, name: &str) -> String {
        match self.0.get(name) {
            None => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        }
    }

    /// A string, as a secret.
    pub fn secret(&self, name: &str) -> Option<Secret> {
        self.text(name).map(Secret::new)
    }

    /// A boolean.
    pub fn flag(&self, name: &str) -> Option<bool> {
        self.0.get(name)?.as_bool()
    }

    /// An array of strings; empty if missing.
    pub fn texts(&self, name: &str) -> Vec<String> {
        let texts = self.0.get(name).and_then(Value::as_array).into_iter().flatten();
        texts.filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// An object; empty if missing.
    pub fn object(&self, name: &str) -> Map<String, Value> {
        self.0.get(name).and_then(Value::as_object).cloned().unwrap_or_default()
    }

    /// Whether the value is truthy in JavaScript: Better Auth decides some cases by that.
    pub fn is_truthy(&self, name: &str) -> bool {
        is_truthy(self.0.get(name).unwrap_or(&Value::Null))
    }
}

/// Validates a query; `values` returns those of one name.
///
/// # Errors
/// `VALIDATION_ERROR` with all issues in the order of the members.
pub fn check_query<'a>(
    members: &[Member],
    values: impl Fn(&str) -> Vec<Cow<'a, str>>,
) -> Result<(), AuthError> {
    let of_member = |member: &Member| {
        let value = match values(member.name).as_slice() {
            [] => None,
            [one] => Some(Value::from(one.as_ref())),
            _ => Some(Value::Array(Vec::new())),
        };
        below(member.name, member.issues(value.as_ref()))
    };
    let issues: Vec<Issue> = members.iter().flat_map(of_member).collect();
    if issues.is_empty() { Ok(()) } else { Err(invalid("query", &issues)) }
}

fn invalid(part: &str, issues: &[Issue]) -> AuthError {
    let issues = issues.iter().map(|issue| format!("[{part}{}] {}", issue.place, issue.message));
    let message = issues.collect::<Vec<_>>().join("; ");
    AuthError::new(codes::VALIDATION_ERROR).with_message(message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::http::Form;

    #[test]
    fn one_of_several_fields_is_chosen_and_nothing_else_said() {
        const EITHER: Form = Form::AnyOf(&[
            Form::Strict(&[
                Member::required("accountId", Form::Text),
                Member::optional("userId", Form::Text),
            ]),
            Form::Strict(&[
                Member::required("useAccountCookie", Form::Always(true)),
                Member::optional("userId", Form::Text),
            ]),
        ]);
        let check = |value: Value| {
            let checked = Input::check(Body::Required(EITHER), Some(value));
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

    const MEMBERS: &[Member] = &[
        Member::required("name", Form::Text),
        Member::required("email", Form::Email),
        Member::required("password", Form::FILLED),
        Member::optional("rememberMe", Form::Flag),
    ];

    fn message(form: Form, value: Option<Value>) -> String {
        let result = Input::check(Body::Required(form), value);
        result.err().map(|error| error.message().to_owned()).unwrap_or_default()
    }

    #[test]
    fn every_issue_is_told_in_the_order_of_the_members() {
        assert_eq!(
            message(
                Form::Object(MEMBERS),
                Some(json!({"email": "a", "password": "", "rememberMe": 1}))
            ),
            "[body.name] Invalid input: expected string, received undefined; \
             [body.email] Invalid email address; \
             [body.password] Too small: expected string to have >=1 characters; \
             [body.rememberMe] Invalid input: expected boolean, received number"
        );
    }

    #[test]
    fn a_body_that_is_not_an_object_is_named() {
        assert_eq!(
            message(Form::AllOf(&[Form::Object(MEMBERS), Form::Record(&[])]), Some(json!([]))),
            "[body] Invalid input: expected object, received array; \
             [body] Invalid input: expected record, received array"
        );
        assert_eq!(
            message(Form::Record(MEMBERS), None),
            "[body] Invalid input: expected record, received undefined"
        );
    }

    #[test]
    fn null_removes_only_where_it_may() {
        const IMAGE: Body = Body::object(&[Member::optional("image", Form::OrNull(&Form::Text))]);
        let input = Input::check(IMAGE, Some(json!({"image": null})));
        assert!(input.is_ok_and(|input| input.has("image") && input.text("image").is_none()));
        assert_eq!(
            message(
                Form::Object(MEMBERS),
                Some(json!({"name": null, "email": "a@b.co", "password": "x"}))
            ),
            "[body.name] Invalid input: expected string, received null"
        );
    }
}
