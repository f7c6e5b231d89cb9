//! Holds every answer against what the row of its endpoint says that it answers.

use better_auth::BetterAuth;
use better_auth::config::AdditionalFields;
use better_auth::config::FieldType;
use better_auth::database::Timestamp;
use better_auth::http::Endpoint;
use better_auth::http::Form;
use better_auth::http::Member;
use better_auth::http::answer;
use better_auth::http::answer::Content;
use http::Method;
use serde_json::Map;
use serde_json::Value;

use super::Answer;

/// Fails unless an answer is one of those that its endpoint is described with.
pub(crate) fn check(auth: &BetterAuth, method: &Method, path: &str, answer: &Answer) {
    let path = path.split('?').next().unwrap_or_default();
    let Some(endpoint) = auth.endpoint(method, &format!("/api/auth{path}")) else {
        return;
    };
    // Without a body there is nothing to compare; a test holds it against the answer to `GET`.
    if *method == Method::HEAD {
        return;
    }
    let is_disabled = answer.header("content-type") == Some("text/plain;charset=UTF-8");
    if is_disabled || is_described(auth, endpoint, answer) {
        return;
    }
    let described = auth.answers(endpoint).filter(|described| described.status == answer.status);
    let problems: Vec<String> = described
        .filter_map(|described| problem(auth, described, answer))
        .chain([format!("errors are {:?}", codes(auth, endpoint))])
        .collect();
    panic!("{method} {}: {answer:?} is not described: {problems:#?}", endpoint.path);
}

fn is_described(auth: &BetterAuth, endpoint: &Endpoint, answer: &Answer) -> bool {
    let described = auth.answers(endpoint).filter(|described| described.status == answer.status);
    described.into_iter().any(|described| problem(auth, described, answer).is_none())
        || (400 <= answer.status
            && !answer.body.is_empty()
            && answer.header("content-type") == Some("application/json")
            && codes(auth, endpoint).contains(&(answer.code(), answer.status)))
}

fn codes(auth: &BetterAuth, endpoint: &Endpoint) -> Vec<(String, u16)> {
    let dialect = auth.config().advanced.error_codes;
    let named = auth.errors(endpoint).into_iter().map(|code| code.in_dialect(dialect));
    named.map(|(name, status)| (name.to_owned(), status)).collect()
}

/// What about the answer differs from the description.
fn problem(auth: &BetterAuth, described: &answer::Answer, answer: &Answer) -> Option<String> {
    let media_type = answer.header("content-type");
    match described.content {
        Content::Json(form) => {
            let Ok(value) = serde_json::from_str(&answer.body) else {
                return Some("not JSON".to_owned());
            };
            misfit(auth, form, &value)
        }
        Content::Page => {
            (media_type != Some("text/html; charset=utf-8")).then(|| "no page".to_owned())
        }
        Content::Nothing => (!answer.body.is_empty()).then(|| "a body".to_owned()),
    }
}

/// The first place where a value has not this form; a member that is not described counts.
fn misfit(auth: &BetterAuth, form: &Form, value: &Value) -> Option<String> {
    let fits = match (form, value) {
        (Form::OrNull(_), Value::Null) => true,
        (Form::OrNull(form), value) => return misfit(auth, form, value),
        (Form::List(form), Value::Array(items)) => {
            return items.iter().find_map(|item| misfit(auth, form, item));
        }
        (Form::Map(form), Value::Object(object)) => {
            return object.values().find_map(|value| misfit(auth, form, value));
        }
        (Form::Object(members), Value::Object(object)) => {
            return wrong_member(auth, members, &AdditionalFields::new(), object);
        }
        (Form::Row(row), Value::Object(object)) => {
            let members = [row.members, &[Member::required("id", Form::Text)]].concat();
            let added = (row.added)(auth.config()).cloned().unwrap_or_default();
            return wrong_member(auth, &members, &added, object);
        }
        (Form::AnyOf(forms), value) => forms.iter().any(|form| misfit(auth, form, value).is_none()),
        (Form::Time, Value::String(text)) => is_time(text),
        (form, value) => form.fits(Some(value)),
    };
    (!fits).then(|| format!("{value} is not {form:?}"))
}

fn wrong_member(
    auth: &BetterAuth,
    members: &[Member],
    added: &AdditionalFields,
    object: &Map<String, Value>,
) -> Option<String> {
    let added: AdditionalFields = added
        .iter()
        .filter(|(_, field)| field.returned)
        .map(|(n, f)| (n.clone(), f.clone()))
        .collect();
    let of_row = members.iter().find_map(|member| match object.get(member.name) {
        Some(value) => misfit(auth, &member.form, value).map(|problem| (member.name, problem)),
        None => member.is_required.then(|| (member.name, "is missing".to_owned())),
    });
    let of_row = of_row.map(|(name, problem)| format!("{name}: {problem}"));
    let of_added = added.iter().find_map(|(name, field)| match object.get(name) {
        Some(Value::Null) => None,
        Some(Value::String(text)) if field.kind == FieldType::Date && is_time(text) => None,
        Some(value) if field.kind != FieldType::Date && field.fits(value) => None,
        other => Some(format!("{name}: {other:?}")),
    });
    let unknown = object.keys().find(|name| {
        !added.contains_key(*name) && !members.iter().any(|member| member.name == *name)
    });
    of_row.or(of_added).or(unknown.map(|name| format!("{name} is not described")))
}

/// As answers have it: UTC with milliseconds.
fn is_time(text: &str) -> bool {
    Timestamp::parse(text).is_some_and(|time| time.to_string() == text)
}
