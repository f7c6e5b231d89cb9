//! `open-api`: an OpenAPI document, and a page to read it on. Both are generated from the table of
//! endpoints, so they describe this deployment, including its plugins and fields.

mod document;
mod forms;
mod page;
mod requests;

use schemars::JsonSchema;
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

pub(super) const ENTRY: Entry = Entry::new::<Options>(ID, |given| {
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

// Building the document takes as long as many lookups.
const SHOW_DOCUMENT: Endpoint = Endpoint::get(DOCUMENT_PATH, show_document)
    .summary("The OpenAPI document of this API")
    .heavy()
    .answers(&[Answer::json(&DOCUMENT)]);
/// The path of the page depends on the configuration.
const SHOW_PAGE: Endpoint = Endpoint::get("", show_page)
    .summary("The API reference as a page")
    .heavy()
    .answers(&[Answer::page()])
    .errors(&[codes::NOT_FOUND]);

/// The OpenAPI document of this server, and an API reference page.
#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
struct Options {
    /// The path of the page, below the base path.
    path: String,
    /// Disables the page.
    disable_default_reference: bool,
    /// The colours of the page; the browser selects light or dark.
    theme: Theme,
    /// The nonce of the page's style, for the content security policy of a proxy.
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

/// Better Auth's names of colour themes.
#[derive(Clone, Copy, Default, Deserialize, JsonSchema, Serialize)]
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
        // The characters of a nonce [CSP3 2.3.1].
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
    /// Rows are `'static`, and so is the configured path in one of them.
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
