//! The API reference as an HTML page without scripts or external resources.

use std::sync::OnceLock;

use minijinja::Environment;
use minijinja::value::Serde;
use serde::Serialize;

use crate::config::Config;
use crate::error::AuthError;
use crate::error::ErrorCode;
use crate::http::Answer;
use crate::http::Context;
use crate::http::Endpoint;
use crate::http::Form;
use crate::http::Member;
use crate::http::Reply;
use crate::http::answer::Content;
use crate::http::form;
use crate::http::form::RowForm;
use crate::plugins::open_api::DOCUMENT_PATH;
use crate::plugins::open_api::Options;
use crate::plugins::open_api::Theme;
use crate::plugins::open_api::document;
use crate::plugins::open_api::requests;

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
    rows: Vec<Row>,
}

/// The endpoints of a family or of a plugin.
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
    reads: Vec<Part>,
    answers: Vec<PageEndpoint>,
    errors: Vec<Refused>,
}

/// A part of a request.
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

/// A row that answers refer to by name.
#[derive(Serialize)]
struct Row {
    name: &'static str,
    outline: String,
}

/// Responds with the page.
pub(super) fn show(cx: &Context<'_>, options: &Options) -> Result<Reply, AuthError> {
    let config = cx.instance().config();
    let endpoints = document::endpoints(cx);
    let rows = document::rows(cx, &endpoints);
    let page = Page {
        app_name: &config.app_name,
        theme: options.theme,
        nonce: options.nonce.as_deref(),
        server: cx.base_url(),
        document: format!("{}{DOCUMENT_PATH}", cx.site().base_path),
        groups: groups(cx, &endpoints),
        rows: rows.into_iter().map(|form| row(form, config)).collect(),
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

fn groups<'a>(cx: &Context<'a>, endpoints: &[&'a Endpoint]) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for endpoint in endpoints {
        let operation = operation(cx, endpoint, endpoints);
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
        reads: reads(cx, endpoint),
        answers: cx.site().answers(endpoint).map(shown).collect(),
        errors: cx.site().errors(endpoint).into_iter().map(refused).filter(is_its_own).collect(),
    }
}

/// Whether an error is specific to the endpoint; the page lists common errors once.
fn is_its_own(refused: &Refused) -> bool {
    refused.status < 500 && ![408, 413, 415, 429].contains(&refused.status)
}

fn reads(cx: &Context<'_>, endpoint: &Endpoint) -> Vec<Part> {
    let in_path = endpoint.path.split('/').filter_map(|segment| segment.strip_prefix(':'));
    let in_path = in_path.map(|name| part("path", name, &Form::Text, true));
    let body = endpoint.body.form().map(|form| parts("body", &form));
    let added = requests::added(endpoint.adds, cx.instance().config());
    let added = added
        .into_iter()
        .map(|(name, field, is_required)| part("body", name, &field.kind.name(), is_required));
    in_path
        .chain(parts("query", &Form::Object(endpoint.query)))
        .chain(body.into_iter().flatten())
        .chain(added)
        .collect()
}

/// The members of a form, and one part for the rest of it.
fn parts(place: &'static str, form: &Form) -> Vec<Part> {
    let of_member = |member: &Member| part(place, member.name, &member.form, member.is_required);
    match form {
        Form::Object(members) | Form::Record(members) => members.iter().map(of_member).collect(),
        Form::AllOf(forms) => forms.iter().flat_map(|form| parts(place, form)).collect(),
        form => vec![part(place, "one of", form, true)],
    }
}

fn part(place: &'static str, name: &str, holds: &impl ToString, is_required: bool) -> Part {
    Part { name: name.to_owned(), place, holds: holds.to_string(), is_required }
}

fn shown(answer: &Answer) -> PageEndpoint {
    let what = match answer.content {
        Content::Json(form) => form.to_string(),
        Content::Page => "a page".to_owned(),
        Content::Nothing if answer.status == 302 => "redirect".to_owned(),
        Content::Nothing => "nothing".to_owned(),
    };
    PageEndpoint { status: answer.status, what, when: answer.when }
}

fn row(row: &RowForm, config: &Config) -> Row {
    let added = (row.added)(config).into_iter().flatten().filter(|(_, field)| field.returned);
    let added = added.map(|(name, field)| format!("{name}: {} or null, ", field.kind.name()));
    let added: String = added.collect();
    let members = form::join(row.members, ", ");
    Row { name: row.name, outline: format!("{{ {members}, {added}id: text }}") }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            rows: Vec::new(),
        };
        let html = render(&page).unwrap();
        assert!(!html.contains("<script") && html.contains("&lt;script&gt;"), "{html}");
        assert!(html.contains(&format!("<style nonce=\"abc\">{STYLE}</style>")), "{html}");
        assert!(html.contains("data-theme=\"moon\""), "{html}");
    }
}
