//! Validation of values against forms, with Better Auth's messages [contract 1.6].

use std::fmt::Display;

use serde_json::Map;
use serde_json::Value;

use crate::api::email;
use crate::api::fields::type_name;
use crate::database::Timestamp;
use crate::http::form::Form;
use crate::http::form::Member;
use crate::http::form::RowForm;

/// A problem with a value.
pub(super) struct Issue {
    /// The path within the value, such as `.user.email`.
    pub(super) place: String,
    /// The message.
    pub(super) message: String,
    /// Whether the type of the value is right. If only one of several forms has nothing worse, its
    /// issues are reported.
    is_minor: bool,
}

impl Issue {
    fn new(message: impl Into<String>) -> Self {
        Self { place: String::new(), message: message.into(), is_minor: false }
    }

    fn minor(message: impl Into<String>) -> Self {
        Self { is_minor: true, ..Self::new(message) }
    }
}

impl Member {
    /// All issues of its value.
    pub(super) fn issues(&self, value: Option<&Value>) -> Vec<Issue> {
        if value.is_none() && !self.is_required { Vec::new() } else { self.form.issues(value) }
    }
}

impl Form {
    /// Whether a value is valid.
    pub fn fits(&self, value: Option<&Value>) -> bool {
        self.issues(value).is_empty()
    }

    /// All issues of a value; for an array or a map, those of the first invalid value.
    pub(super) fn issues(&self, value: Option<&Value>) -> Vec<Issue> {
        match (self, value) {
            (Self::AnyOf(forms), _) => any_of(forms, value),
            (Self::ExactlyOne(forms), _) => exactly_one(forms, value),
            (Self::AllOf(forms), _) => forms.iter().flat_map(|form| form.issues(value)).collect(),
            (Self::OrNull(_), Some(Value::Null)) => Vec::new(),
            (Self::OrNull(form), _) | (Self::Coerced(form), Some(Value::String(_))) => {
                form.issues(value)
            }
            (Self::List(form), Some(Value::Array(items))) => first(form, items.iter().enumerate()),
            (Self::Map(form), Some(Value::Object(object))) => first(form, object.iter()),
            (
                Self::Object(members) | Self::Record(members) | Self::Row(RowForm { members, .. }),
                Some(Value::Object(object)),
            ) => of_members(members, object).collect(),
            (Self::Strict(members), Some(Value::Object(object))) => {
                of_members(members, object).chain(unknown(members, object)).collect()
            }
            _ => self.issue(value).into_iter().collect(),
        }
    }

    /// The issue of a value itself, without its members.
    fn issue(&self, value: Option<&Value>) -> Option<Issue> {
        let is = |is: fn(&Value) -> bool| value.is_some_and(is);
        let text = value.and_then(Value::as_str);
        let (fits, expected) = match self {
            Self::Null => (is(Value::is_null), "null"),
            Self::Flag => (is(Value::is_boolean), "boolean"),
            Self::Integer if is(Value::is_number) => (!is(Value::is_f64), "int"),
            Self::Count if is(Value::is_number) => (is(Value::is_u64), "int"),
            Self::Number | Self::Integer | Self::Count => (is(Value::is_number), "number"),
            Self::Time => (text.and_then(Timestamp::parse).is_some(), "date"),
            Self::List(_) => (false, "array"),
            Self::Map(_) | Self::Record(_) => (false, "record"),
            Self::Object(_) | Self::Strict(_) | Self::Row(_) => (false, "object"),
            Self::Text | Self::NonEmpty(_) | Self::Email => match text {
                Some(text) => return self.issue_of_text(text).map(Issue::minor),
                None => (false, "string"),
            },
            Self::OneOf(texts) if text.is_some_and(|text| texts.contains(&text)) => return None,
            Self::OneOf(texts) => {
                let texts: Vec<String> = texts.iter().map(|text| format!("{text:?}")).collect();
                let texts = texts.join("|");
                return Some(Issue::new(format!("Invalid option: expected one of {texts}")));
            }
            Self::Always(flag) if value == Some(&Value::Bool(*flag)) => return None,
            Self::Always(flag) => {
                return Some(Issue::new(format!("Invalid input: expected {flag}")));
            }
            _ => (value.is_some(), "nonoptional"),
        };
        let received = type_name(value);
        let message = || format!("Invalid input: expected {expected}, received {received}");
        (!fits).then(|| Issue::new(message()))
    }

    fn issue_of_text(&self, text: &str) -> Option<&'static str> {
        match self {
            Self::Email if !email::is_valid(text) => Some("Invalid email address"),
            Self::NonEmpty(message) if text.is_empty() => Some(message),
            _ if text.contains('\0') => Some("Invalid input: contains a NUL character"),
            _ => None,
        }
    }
}

fn any_of(forms: &[Form], value: Option<&Value>) -> Vec<Issue> {
    let mut meant: Vec<Vec<Issue>> = Vec::new();
    for form in forms {
        let issues = form.issues(value);
        if issues.is_empty() {
            return issues;
        }
        if issues.iter().all(|issue| issue.is_minor) {
            meant.push(issues);
        }
    }
    match meant.pop() {
        Some(issues) if meant.is_empty() => issues,
        _ => vec![Issue::new("Invalid input")],
    }
}

fn exactly_one(forms: &[Form], value: Option<&Value>) -> Vec<Issue> {
    match forms.iter().filter(|form| form.fits(value)).count() {
        0 => vec![Issue::new("Invalid input")],
        1 => Vec::new(),
        _ => vec![Issue::new("Invalid input: more than one option matched")],
    }
}

/// Only the first is reported, so a message does not grow with the number of values.
fn first<'a>(
    form: &Form,
    mut values: impl Iterator<Item = (impl Display, &'a Value)>,
) -> Vec<Issue> {
    let issues = values.find_map(|(name, value)| {
        let issues = form.issues(Some(value));
        (!issues.is_empty()).then(|| below(name, issues).collect())
    });
    issues.unwrap_or_default()
}

fn of_members(members: &[Member], object: &Map<String, Value>) -> impl Iterator<Item = Issue> {
    let of_member = |member: &Member| below(member.name, member.issues(object.get(member.name)));
    members.iter().flat_map(of_member)
}

/// The issues of a member or an item, with its path.
pub(super) fn below(name: impl Display, issues: Vec<Issue>) -> impl Iterator<Item = Issue> {
    issues.into_iter().map(move |issue| Issue { place: format!(".{name}{}", issue.place), ..issue })
}

fn unknown(members: &[Member], object: &Map<String, Value>) -> Option<Issue> {
    let unknown = object.keys().filter(|name| !members.iter().any(|member| member.name == *name));
    let unknown: Vec<String> = unknown.map(|name| Value::from(name.as_str()).to_string()).collect();
    match unknown.as_slice() {
        [] => None,
        [one] => Some(Issue::minor(format!("Unrecognized key: {one}"))),
        more => Some(Issue::minor(format!("Unrecognized keys: {}", more.join(", ")))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The message for a value; `""` if it is valid.
    fn said(form: &Form, value: &Value) -> String {
        let issues = form.issues(Some(value)).into_iter();
        issues
            .map(|issue| format!("{} {}", issue.place, issue.message))
            .collect::<Vec<_>>()
            .join("; ")
    }

    #[test]
    fn forms_are_put_together_to_any_depth() {
        const PERMISSION: Form = Form::Map(&Form::List(&Form::OneOf(&["read", "write"])));
        const ROLES: Form = Form::List(&Form::Object(&[
            Member::required("name", Form::FILLED),
            Member::optional("permission", PERMISSION),
            Member::optional(
                "parent",
                Form::OrNull(&Form::Object(&[Member::required("id", Form::Integer)])),
            ),
        ]));
        for (value, expected) in [
            (json!([]), ""),
            (
                json!([{"name": "a", "permission": {"x": ["read", "write"], "y": []}, "parent": null}]),
                "",
            ),
            (json!([{"name": "a", "parent": {"id": 1}, "more": 1}]), ""),
            (json!({}), " Invalid input: expected array, received object"),
            (json!([1]), ".0 Invalid input: expected object, received number"),
            (
                json!([{"name": "a"}, {"permission": {"x": [], "y": ["read", "ban"]}, "parent": {"id": 1.5}}, 1]),
                ".1.name Invalid input: expected string, received undefined; \
                 .1.permission.y.1 Invalid option: expected one of \"read\"|\"write\"; \
                 .1.parent.id Invalid input: expected int, received number",
            ),
            (
                json!([{"name": "", "permission": []}]),
                ".0.name Too small: expected string to have >=1 characters; \
                 .0.permission Invalid input: expected record, received array",
            ),
        ] {
            assert_eq!(said(&ROLES, &value), expected, "{value}");
        }
    }

    #[test]
    fn of_several_forms_the_one_that_was_meant_says_what_is_wrong() {
        const ONE: Form = Form::ExactlyOne(&[
            Form::Object(&[Member::required("a", Form::Flag)]),
            Form::Object(&[Member::required("b", Form::Flag)]),
        ]);
        const FORM: Form = Form::AnyOf(&[Form::FILLED, Form::List(&Form::Text), Form::Null]);
        for (value, expected) in [
            (json!("a"), ""),
            (json!(null), ""),
            (json!(["a"]), ""),
            (json!(""), " Too small: expected string to have >=1 characters"),
            (json!(["a", "\0"]), ".1 Invalid input: contains a NUL character"),
            (json!(["a", 1]), " Invalid input"),
            (json!(1), " Invalid input"),
        ] {
            assert_eq!(said(&FORM, &value), expected, "{value}");
        }
        for (value, expected) in [
            (json!({"a": true}), ""),
            (json!({"a": 1, "b": true}), ""),
            (json!({}), " Invalid input"),
            (json!({"a": true, "b": true}), " Invalid input: more than one option matched"),
        ] {
            assert_eq!(said(&ONE, &value), expected, "{value}");
        }
    }

    #[test]
    fn whatever_is_there_is_coerced_and_only_texts_are_looked_at() {
        const FORM: Form = Form::Coerced(&Form::NonEmpty("id cannot be empty"));
        for fine in [json!("a"), json!(1), json!(null), json!([])] {
            assert_eq!(said(&FORM, &fine), "", "{fine}");
        }
        assert_eq!(said(&FORM, &json!("")), " id cannot be empty");
        let missing = FORM.issues(None);
        assert_eq!(missing[0].message, "Invalid input: expected nonoptional, received undefined");
    }

    #[test]
    fn numbers_times_and_flags_are_of_their_kind() {
        for (form, fine, wrong) in [
            (Form::Count, json!(0), json!(-1)),
            (Form::Integer, json!(-1), json!(0.5)),
            (Form::Number, json!(0.5), json!("1")),
            (Form::Time, json!("2026-11-23T12:00:00.000Z"), json!("today")),
            (Form::Always(true), json!(true), json!(false)),
            (Form::Null, json!(null), json!(0)),
            (Form::Email, json!("a@b.co"), json!("a@b")),
        ] {
            assert!(form.fits(Some(&fine)) && !form.fits(Some(&wrong)), "{form:?}");
        }
        assert!(Form::Any.fits(Some(&json!([1]))) && !Form::Any.fits(None));
    }
}
