//! `open-api`: the description of the API as an OpenAPI document, and a page to read it on. Both are made from
//! the table of endpoints, so they say what this deployment answers, its plugins and its fields included.

mod document;
mod forms;
mod page;
mod requests;

use serde::Deserialize;
use serde::Serialize;

use crate::config::ConfigError;
use crate::error::AuthError;
use crate::error::codes;
use crate::http::Answer;
use crate::http::Context;
use crate::http::Endpoint;
use crate::http::Form;
use crate::http::Member;
use crate::http::Reply;
use crate::plugin::Entry;
use crate::plugin::Plugin;
use crate::plugin::options;

const ID: &str = "open-api";
const DOCUMENT_PATH: &str = "/open-api/generate-schema";

pub(super) const ENTRY: Entry = Entry::new(ID, |given| {
    let options: Options = options::options(ID, given)?;
    options.check()?;
    Ok(Box::new(OpenApi::new(options)))
});

const DOCUMENT: Form = Form::Object(&[
    Member::required("openapi", Form::Text),
    Member::required("info", Form::Any),
    Member::required("servers", Form::Any),
    Member::required("security", Form::Any),
    Member::required("tags", Form::Any),
    Member::required("paths", Form::Any),
    Member::required("components", Form::Any),
]);

// Describing everything takes as long as many lookups.
const SHOW_DOCUMENT: Endpoint = Endpoint::get(DOCUMENT_PATH, show_document)
    .summary("The description of this API, as an OpenAPI document")
    .heavy()
    .answers(&[Answer::json(&DOCUMENT)]);
/// Where the page is depends on the configuration.
const SHOW_PAGE: Endpoint = Endpoint::get("", show_page)
    .summary("The same as a page")
    .heavy()
    .answers(&[Answer::page()])
    .errors(&[codes::NOT_FOUND]);

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
struct Options {
    /// Where the page is, below the base path.
    path: String,
    /// Whether there is no page.
    disable_default_reference: bool,
    /// The colour of the page.
    theme: Theme,
    /// What a policy of a proxy in front knows the style of the page by.
    nonce: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            path: "/reference".to_owned(),
            disable_default_reference: false,
            theme: Theme::default(),
            nonce: None,
        }
    }
}

/// Better Auth's names of the colours.
#[derive(Clone, Copy, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
enum Theme {
    Alternate,
    #[default]
    Default,
    Moon,
    Purple,
    Solarized,
    BluePlanet,
    Saturn,
    Kepler,
    Mars,
    DeepSpace,
    Laserwave,
    None,
}

impl Options {
    fn check(&self) -> Result<(), ConfigError> {
        let is_segment = |segment: &str| {
            let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
            !segment.is_empty() && !segment.starts_with('.') && segment.bytes().all(is_plain)
        };
        let segments = self.path.strip_prefix('/');
        if !segments.is_some_and(|segments| segments.split('/').all(is_segment)) {
            let problem = format!("expected a path such as /reference, got {:?}", self.path);
            return Err(ConfigError::new("plugins.open-api.path", problem));
        }
        // What a policy can name [CSP3 2.3.1].
        let is_nonce = |nonce: &String| {
            let is_allowed = |b: u8| b.is_ascii_alphanumeric() || b"+/-_=".contains(&b);
            !nonce.is_empty() && nonce.bytes().all(is_allowed)
        };
        if self.nonce.as_ref().is_some_and(|nonce| !is_nonce(nonce)) {
            let problem = "expected letters, digits and + / - _ =";
            return Err(ConfigError::new("plugins.open-api.nonce", problem));
        }
        Ok(())
    }
}

struct OpenApi {
    options: Options,
    /// Rows live as long as the program, and so does the path that a configuration gives one of them.
    path: &'static str,
}

impl OpenApi {
    fn new(options: Options) -> Self {
        Self { path: options.path.clone().leak(), options }
    }

    fn of<'a>(cx: &Context<'a>) -> Result<&'a Self, AuthError> {
        cx.instance().plugin().ok_or_else(|| options::is_off(ID))
    }
}

impl Plugin for OpenApi {
    fn id(&self) -> &'static str {
        ID
    }

    fn endpoints(&self) -> Vec<Endpoint> {
        vec![SHOW_DOCUMENT, Endpoint { path: self.path, ..SHOW_PAGE }]
    }
}

fn show_document(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    Reply::json(&document::document(cx))
}

fn show_page(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let options = &OpenApi::of(cx)?.options;
    if options.disable_default_reference {
        return Err(codes::NOT_FOUND.into());
    }
    page::show(cx, options)
}
