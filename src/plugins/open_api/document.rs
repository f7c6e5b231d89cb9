//! The OpenAPI document [OpenAPI 3.1 4.8.1].

use http::Method;
use http::StatusCode;
use indexmap::IndexMap;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::error::ErrorCode;
use crate::error::codes;
use crate::http::Answer;
use crate::http::Context;
use crate::http::Endpoint;
use crate::http::Form;
use crate::http::Guard;
use crate::http::Member;
use crate::http::answer::Content;
use crate::http::form::RowForm;
use crate::plugins::open_api::forms;
use crate::plugins::open_api::requests;

/// The name of the security scheme for the session cookie.
const COOKIE: &str = "sessionCookie";

/// The body of every error.
const ERROR: Form = Form::Object(&[
    Member::required("message", Form::Text),
    Member::required("code", Form::Text),
    Member::required("status", Form::Integer),
]);

/// Describes every enabled endpoint of this deployment.
pub(super) fn document(cx: &Context<'_>) -> Value {
    let config = cx.instance().config();
    let endpoints = endpoints(cx);
    let mut paths: IndexMap<String, Map<String, Value>> = IndexMap::new();
    for endpoint in &endpoints {
        let methods = paths.entry(template(endpoint.path)).or_default();
        let method = endpoint.method.as_str().to_ascii_lowercase();
        methods.insert(method, operation(cx, endpoint, &endpoints));
    }
    let responses = share(&mut paths);
    let mut groups: Vec<&str> = endpoints.iter().map(|endpoint| endpoint.group).collect();
    groups.sort_unstable();
    groups.dedup();
    let rows = rows(cx, &endpoints).into_iter().map(|row| (row.name, forms::row(row, config)));
    let schemas: IndexMap<&str, Value> = rows.chain([("Error", forms::schema(&ERROR))]).collect();
    let tags = groups.into_iter().map(|group| json!({"name": group}));
    json!({
        "openapi": "3.1.1",
        "info": {
            "title": config.app_name,
            "description": "Sign-up, sign-in and sessions: the API of Better Auth.",
            "version": env!("CARGO_PKG_VERSION"),
        },
        "servers": [{"url": cx.base_url()}],
        "security": security(cx, false),
        "tags": tags.collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": responses,
            "securitySchemes": schemes(cx),
        },
    })
}

/// The enabled endpoints.
pub(super) fn endpoints<'a>(cx: &Context<'a>) -> Vec<&'a Endpoint> {
    let mut all = cx.site().endpoints();
    all.retain(|endpoint| !cx.site().is_disabled(endpoint.path));
    all
}

/// The rows in their answers, those of the core first.
pub(super) fn rows(cx: &Context<'_>, endpoints: &[&Endpoint]) -> Vec<&'static RowForm> {
    let answers = endpoints.iter().flat_map(|endpoint| cx.site().answers(endpoint));
    let answered = answers.flat_map(|answer| match answer.content {
        Content::Json(form) => form.rows(),
        Content::Page | Content::Nothing => Vec::new(),
    });
    let core = Form::WITH_USER.rows().into_iter().chain(Form::SESSION.rows());
    let by_name: IndexMap<&str, &RowForm> =
        core.chain(answered).map(|row| (row.name, row)).collect();
    by_name.into_values().collect()
}

/// `/reset-password/{token}`
pub(super) fn template(path: &str) -> String {
    let segments = path.split('/').map(|segment| match segment.strip_prefix(':') {
        Some(name) => format!("{{{name}}}"),
        None => segment.to_owned(),
    });
    segments.collect::<Vec<_>>().join("/")
}

/// `signUpEmail`; if a path has several methods, the id of others than `GET`, or else than `POST`,
/// includes the method.
pub(super) fn operation_id(endpoint: &Endpoint, all: &[&Endpoint]) -> String {
    let words = endpoint.path.split(|c: char| !c.is_ascii_alphanumeric());
    let words = words.filter(|word| !word.is_empty()).enumerate();
    let mut id: String =
        words.map(|(at, word)| if at == 0 { word.to_owned() } else { capitalised(word) }).collect();
    let has = |method: &Method| {
        all.iter().any(|other| other.path == endpoint.path && other.method == *method)
    };
    let plain = if has(&Method::GET) { Method::GET } else { Method::POST };
    if endpoint.method != plain {
        id.push_str(&capitalised(&endpoint.method.as_str().to_ascii_lowercase()));
    }
    id
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// Whether the endpoint requires a session.
pub(super) fn needs_session(endpoint: &Endpoint) -> bool {
    endpoint.guard != Guard::None || endpoint.errors.contains(&codes::UNAUTHORIZED)
}

fn operation(cx: &Context<'_>, endpoint: &Endpoint, all: &[&Endpoint]) -> Value {
    let security = needs_session(endpoint).then(|| security(cx, true));
    let parameters = Some(requests::parameters(endpoint)).filter(|all| !all.is_empty());
    let members = [
        ("tags", Some(json!([endpoint.group]))),
        ("summary", Some(endpoint.summary.into())),
        ("operationId", Some(operation_id(endpoint, all).into())),
        ("servers", endpoint.is_at_root.then(|| json!([{"url": "/"}]))),
        ("security", security),
        ("parameters", parameters.map(Value::from)),
        ("requestBody", requests::body(endpoint, cx.instance().config())),
        ("responses", Some(responses(cx, endpoint).into())),
    ];
    object(members)
}

/// An object of the members with a value.
fn object<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let members = members.into_iter();
    members
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect::<Map<_, _>>()
        .into()
}

fn responses(cx: &Context<'_>, endpoint: &Endpoint) -> Map<String, Value> {
    let mut by_status: IndexMap<u16, (Vec<&Answer>, Vec<&ErrorCode>)> = IndexMap::new();
    for answer in cx.site().answers(endpoint) {
        by_status.entry(answer.status).or_default().0.push(answer);
    }
    let dialect = cx.site().dialect;
    for code in cx.site().errors(endpoint) {
        by_status.entry(code.in_dialect(dialect).1).or_default().1.push(code);
    }
    by_status.sort_unstable_keys();
    let described = by_status.into_iter().map(|(status, (answers, errors))| {
        let errors: Vec<(&str, &str)> =
            errors.iter().map(|code| (code.in_dialect(dialect).0, code.message)).collect();
        (status.to_string(), response(status, &answers, &errors))
    });
    // A plugin of a program may not describe its answers.
    let unknown = endpoint.answers.is_empty().then(|| json!({"description": "Not described"}));
    described.chain(unknown.map(|response| ("default".to_owned(), response))).collect()
}

fn response(status: u16, answers: &[&Answer], errors: &[(&str, &str)]) -> Value {
    let mut content = Map::new();
    for answer in answers {
        match answer.content {
            Content::Json(form) => {
                content
                    .insert("application/json".to_owned(), json!({"schema": forms::schema(form)}));
            }
            Content::Page => {
                content.insert("text/html".to_owned(), json!({"schema": {"type": "string"}}));
            }
            Content::Nothing => {}
        }
    }
    if !errors.is_empty() {
        let names: Vec<&str> = errors.iter().map(|(name, _)| *name).collect();
        let schema = json!({
            "$ref": "#/components/schemas/Error",
            "properties": {"code": {"enum": names}, "status": {"const": status}},
        });
        content.insert("application/json".to_owned(), json!({ "schema": schema }));
    }
    let circumstances = answers.iter().map(|answer| answer.when).filter(|when| !when.is_empty());
    let circumstances = circumstances.map(str::to_owned);
    let errors = errors.iter().map(|(name, message)| format!("`{name}`: {message}"));
    let details: Vec<String> = circumstances.chain(errors).collect();
    let reason = reason(status);
    let description = match details.as_slice() {
        [] => reason.to_owned(),
        details => format!("{reason}: {}", details.join("; ")),
    };
    let headers = header(status).map(|(name, description)| {
        json!({name: {"description": description, "schema": {"type": "string"}}})
    });
    object([
        ("description", Some(description.into())),
        ("headers", headers),
        ("content", Some(content).filter(|content| !content.is_empty()).map(Value::from)),
    ])
}

/// Moves responses that most endpoints share into components, the most frequent one of each status;
/// returns them by name.
fn share(paths: &mut IndexMap<String, Map<String, Value>>) -> Map<String, Value> {
    let mut all: Vec<(u16, &mut Value)> = Vec::new();
    for operation in paths.values_mut().flat_map(Map::values_mut) {
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        let numbered = responses.into_iter().flatten();
        all.extend(
            numbered.filter_map(|(status, response)| Some((status.parse().ok()?, response))),
        );
    }
    let mut uses: IndexMap<(u16, Value), usize> = IndexMap::new();
    for (status, response) in &all {
        *uses.entry((*status, (**response).clone())).or_default() += 1;
    }
    // The most frequent comes first, then the one that was met first.
    uses.sort_by(|_, left, _, right| right.cmp(left));
    let mut shared: IndexMap<u16, Value> = IndexMap::new();
    for ((status, response), _) in uses.into_iter().filter(|(_, uses)| 1 < *uses) {
        shared.entry(status).or_insert(response);
    }
    shared.sort_unstable_keys();
    for (status, response) in all {
        if shared.get(&status) == Some(response) {
            *response = json!({"$ref": format!("#/components/responses/{}", name(status))});
        }
    }
    shared.into_iter().map(|(status, response)| (name(status), response)).collect()
}

/// `NotFound`
fn name(status: u16) -> String {
    reason(status).split(|c: char| !c.is_ascii_alphanumeric()).map(capitalised).collect()
}

fn reason(status: u16) -> &'static str {
    let status = StatusCode::from_u16(status).ok();
    status.and_then(|status| status.canonical_reason()).unwrap_or_default()
}

fn header(status: u16) -> Option<(&'static str, &'static str)> {
    match status {
        302 => Some(("Location", "The redirect URL")),
        429 | 503 => Some(("Retry-After", "Seconds to wait")),
        _ => None,
    }
}

/// The authentication schemes, or none if a session is optional.
fn security(cx: &Context<'_>, is_needed: bool) -> Value {
    let schemes = cx.site().hooks.schemes.iter().map(|scheme| scheme.name);
    let ways = [COOKIE].into_iter().chain(schemes).map(|name| json!({ name: [] }));
    let without = (!is_needed).then(|| json!({}));
    without.into_iter().chain(ways).collect()
}

fn schemes(cx: &Context<'_>) -> Map<String, Value> {
    let cookie = json!({
        "type": "apiKey",
        "in": "cookie",
        "name": cx.session_cookie_name(),
        "description": "The session cookie; requests other than GET then require a trusted Origin",
    });
    let schemes = cx.site().hooks.schemes.iter().map(|scheme| {
        let described =
            json!({"type": "http", "scheme": scheme.name, "description": scheme.description});
        (scheme.name.to_owned(), described)
    });
    [(COOKIE.to_owned(), cookie)].into_iter().chain(schemes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Reply;

    #[test]
    fn an_operation_is_named_by_its_path() {
        fn nothing(_: &mut Context<'_>) -> Result<Reply, crate::AuthError> {
            Reply::redirect("/")
        }
        let rows = [
            Endpoint::post("/sign-up/email", nothing),
            Endpoint::get("/get-session", nothing),
            Endpoint::post("/get-session", nothing),
            Endpoint::delete("/user", nothing),
            Endpoint::get("/user", nothing),
            Endpoint::post("/delete-user", nothing),
            Endpoint::get("/reset-password/:token", nothing),
        ];
        let all: Vec<&Endpoint> = rows.iter().collect();
        let ids: Vec<String> = all.iter().map(|row| operation_id(row, &all)).collect();
        let expected = [
            "signUpEmail",
            "getSession",
            "getSessionPost",
            "userDelete",
            "user",
            "deleteUser",
            "resetPasswordToken",
        ];
        assert_eq!(ids, expected);
        assert_eq!(template("/reset-password/:token"), "/reset-password/{token}");
    }
}
