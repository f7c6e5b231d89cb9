//! The page: the whole description in HTML, readable without a script, with nothing from elsewhere.

use std::sync::OnceLock;

use minijinja::Environment;
use minijinja::value::Serde;
use serde::Serialize;

use crate::config::AdditionalFields;
use crate::error::AuthError;
use crate::error::ErrorCode;
use crate::http::Body;
use crate::http::Context;
use crate::http::Endpoint;
use crate::http::Field;
use crate::http::Reply;
use crate::http::answer;
use crate::http::answer::Content;
use crate::http::answer::Json;
use crate::http::answer::Member;
use crate::http::endpoint::Adds;
use crate::plugins::open_api::DOCUMENT_PATH;
use crate::plugins::open_api::Options;
use crate::plugins::open_api::Theme;
use crate::plugins::open_api::document;

const STYLE: &str = include_str!("style.css");
const TEMPLATE: &str = include_str!("reference.html");
const NAME: &str = "reference.html";

#[derive(Serialize)]
struct Page<'a> {
    app_name: &'a str,
    theme: Theme,
    nonce: Option<&'a str>,
    server: String,
    document: String,
    groups: Vec<Group<'a>>,
    rows: [Row; 2],
}

/// A family of endpoints, or those of a plugin.
#[derive(Serialize)]
struct Group<'a> {
    name: &'a str,
    operations: Vec<Operation<'a>>,
}

#[derive(Serialize)]
struct Operation<'a> {
    id: String,
    method: &'a str,
    path: String,
    summary: &'a str,
    needs_session: bool,
    /// Whether exactly one of the marked fields is read.
    chooses: bool,
    reads: Vec<Part>,
    answers: Vec<PageEndpoint>,
    errors: Vec<Refused>,
}

/// Something that is read.
#[derive(Serialize)]
struct Part {
    name: String,
    place: &'static str,
    holds: String,
    is_required: bool,
}

#[derive(Serialize)]
struct PageEndpoint {
    status: u16,
    what: String,
    when: &'static str,
}

#[derive(Serialize)]
struct Refused {
    status: u16,
    code: &'static str,
    message: &'static str,
}

/// What answers name without showing it.
#[derive(Serialize)]
struct Row {
    name: &'static str,
    outline: String,
}

/// Answers with the page.
pub(super) fn show(cx: &Context<'_>, options: &Options) -> Result<Reply, AuthError> {
    let config = cx.instance().config();
    let page = Page {
        app_name: &config.app_name,
        theme: options.theme,
        nonce: options.nonce.as_deref(),
        server: cx.base_url(),
        document: format!("{}{DOCUMENT_PATH}", cx.site().base_path),
        groups: groups(cx),
        rows: [
            row("User", answer::USER, &config.user.additional_fields),
            row("Session", answer::SESSION, &config.session.additional_fields),
        ],
    };
    Reply::page(render(&page)?, STYLE)
}

fn render(page: &Page<'_>) -> Result<String, AuthError> {
    let template = environment()?.get_template(NAME).map_err(AuthError::internal)?;
    template.render(Serde(page)).map_err(AuthError::internal)
}

fn environment() -> Result<&'static Environment<'static>, AuthError> {
    static ENVIRONMENT: OnceLock<Environment<'static>> = OnceLock::new();
    if let Some(environment) = ENVIRONMENT.get() {
        return Ok(environment);
    }
    let mut environment = Environment::new();
    environment.add_global("style", minijinja::Value::from_safe_string(STYLE.to_owned()));
    environment.add_template(NAME, TEMPLATE).map_err(AuthError::internal)?;
    Ok(ENVIRONMENT.get_or_init(|| environment))
}

fn groups<'a>(cx: &Context<'a>) -> Vec<Group<'a>> {
    let endpoints = document::endpoints(cx);
    let mut groups: Vec<Group<'a>> = Vec::new();
    for endpoint in &endpoints {
        let operation = operation(cx, endpoint, &endpoints);
        match groups.iter_mut().find(|group| group.name == endpoint.group) {
            Some(group) => group.operations.push(operation),
            None => groups.push(Group { name: endpoint.group, operations: vec![operation] }),
        }
    }
    groups.sort_by_key(|group| group.name);
    groups
}

fn operation<'a>(cx: &Context<'a>, endpoint: &'a Endpoint, all: &[&Endpoint]) -> Operation<'a> {
    let dialect = cx.site().dialect;
    let refused = |code: &'static ErrorCode| {
        let (name, status) = code.in_dialect(dialect);
        Refused { status, code: name, message: code.message }
    };
    Operation {
        id: document::operation_id(endpoint, all),
        method: endpoint.method.as_str(),
        path: document::template(endpoint.path),
        summary: endpoint.summary,
        needs_session: document::needs_session(endpoint),
        chooses: matches!(endpoint.body, Body::OneOf(_)),
        reads: reads(cx, endpoint),
        answers: cx.site().answers(endpoint).map(shown).collect(),
        errors: cx.site().errors(endpoint).into_iter().map(refused).filter(is_its_own).collect(),
    }
}

/// The page says once what every endpoint may answer.
fn is_its_own(refused: &Refused) -> bool {
    refused.status < 500 && ![408, 413, 415, 429].contains(&refused.status)
}

fn reads(cx: &Context<'_>, endpoint: &Endpoint) -> Vec<Part> {
    let part = |place| {
        move |field: &Field| Part {
            name: field.name.to_owned(),
            place,
            holds: field.kind.words().to_owned(),
            is_required: field.is_required,
        }
    };
    let in_path = endpoint.path.split('/').filter_map(|segment| segment.strip_prefix(':'));
    let in_path = in_path.map(|name| Part {
        name: name.to_owned(),
        place: "path",
        holds: "text".to_owned(),
        is_required: true,
    });
    let config = cx.instance().config();
    let added = match endpoint.adds {
        None => &AdditionalFields::new(),
        Some(Adds::NewUser | Adds::User) => &config.user.additional_fields,
        Some(Adds::Session) => &config.session.additional_fields,
    };
    let is_new = endpoint.adds == Some(Adds::NewUser);
    let added = added.iter().filter(|(_, field)| field.input).map(|(name, field)| Part {
        name: name.clone(),
        place: "body",
        holds: field.kind.name(),
        is_required: is_new && field.required && field.default_value.is_none(),
    });
    in_path
        .chain(endpoint.query.iter().map(part("query")))
        .chain(endpoint.body.fields().iter().map(part("body")))
        .chain(added)
        .collect()
}

fn shown(answer: &answer::Answer) -> PageEndpoint {
    let what = match answer.content {
        Content::Json(form) => outline(form),
        Content::Page => "a page".to_owned(),
        Content::Nothing if answer.status == 302 => "on to another place".to_owned(),
        Content::Nothing => "nothing".to_owned(),
    };
    PageEndpoint { status: answer.status, what, when: answer.when }
}

/// A form in one line, such as `{ token: text or null, user: User }`.
fn outline(form: &Json) -> String {
    match form {
        Json::Text => "text".to_owned(),
        Json::Time => "time".to_owned(),
        Json::Count | Json::Integer => "number".to_owned(),
        Json::Flag => "true or false".to_owned(),
        Json::Always(flag) => flag.to_string(),
        Json::Null => "null".to_owned(),
        Json::OrNull(form) => format!("{} or null", outline(form)),
        Json::Any => "anything".to_owned(),
        Json::List(form) => format!("[{}, …]", outline(form)),
        Json::Object(members) => format!("{{ {} }}", members_of(members)),
        Json::User => "User".to_owned(),
        Json::Session => "Session".to_owned(),
        Json::OneOf(forms) => forms.iter().map(outline).collect::<Vec<_>>().join(" or "),
    }
}

fn members_of(members: &[Member]) -> String {
    let members = members.iter().map(|member| {
        let mark = if member.is_always { "" } else { "?" };
        format!("{}{mark}: {}", member.name, outline(&member.value))
    });
    members.collect::<Vec<_>>().join(", ")
}

fn row(name: &'static str, members: &[Member], added: &AdditionalFields) -> Row {
    let returned = added.iter().filter(|(_, field)| field.returned);
    let added = returned.map(|(name, field)| format!("{name}: {} or null, ", field.kind.name()));
    let added: String = added.collect();
    Row { name, outline: format!("{{ {}, {added}id: text }}", members_of(members)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_shown_in_one_line() {
        assert_eq!(
            outline(&Json::SIGNED_IN),
            "{ redirect: true or false, token: text, url?: text, user: User }"
        );
        assert_eq!(outline(&Json::List(&Json::Session)), "[Session, …]");
    }

    #[test]
    fn nothing_that_comes_from_outside_becomes_markup() {
        let evil = "<script>alert('1')</script>\"{{ app_name }}";
        let part = Part {
            name: evil.to_owned(),
            place: "body",
            holds: evil.to_owned(),
            is_required: true,
        };
        let operation = Operation {
            id: evil.to_owned(),
            method: "GET",
            path: evil.to_owned(),
            summary: evil,
            needs_session: true,
            chooses: true,
            reads: vec![part],
            answers: Vec::new(),
            errors: Vec::new(),
        };
        let page = Page {
            app_name: evil,
            theme: Theme::Moon,
            nonce: Some("abc"),
            server: evil.to_owned(),
            document: evil.to_owned(),
            groups: vec![Group { name: evil, operations: vec![operation] }],
            rows: [
                row("User", &[], &AdditionalFields::new()),
                row("Session", &[], &AdditionalFields::new()),
            ],
        };
        let html = render(&page).unwrap();
        assert!(!html.contains("<script") && html.contains("&lt;script&gt;"), "{html}");
        assert!(html.contains(&format!("<style nonce=\"abc\">{STYLE}</style>")), "{html}");
        assert!(html.contains("data-theme=\"moon\""), "{html}");
    }
}
