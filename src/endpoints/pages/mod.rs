//! Built-in pages for flows without a redirect URL: no scripts, no images, no external resources.

use std::sync::OnceLock;

use http::StatusCode;
use minijinja::Environment;
use minijinja::value::Serde;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;

use crate::error::AuthError;
use crate::error::codes;
use crate::http::Context;
use crate::http::Reply;
use crate::http::caller::with_challenge;
use crate::http::redirect;

const STYLE: &str = include_str!("style.css");
const TEMPLATES: &[(&str, &str)] = &[
    ("layout.html", include_str!("layout.html")),
    ("error.html", include_str!("error.html")),
    ("done.html", include_str!("done.html")),
    ("reset-password.html", include_str!("reset-password.html")),
];

/// A page.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Page<'a> {
    /// An error.
    Error {
        /// The error code, which users can report.
        code: &'a str,
        /// The description.
        description: &'a str,
    },
    /// A success.
    Done {
        /// The title.
        title: &'a str,
        /// A sentence.
        text: &'a str,
        /// A link to continue.
        place: Option<&'a str>,
    },
    /// The password reset form.
    ResetPassword {
        /// The problem with the last input.
        problem: Option<&'a str>,
        /// Minimum length.
        shortest: usize,
        /// Maximum length.
        longest: usize,
    },
}

impl Page<'_> {
    fn template(&self) -> &'static str {
        match self {
            Self::Error { .. } => "error.html",
            Self::Done { .. } => "done.html",
            Self::ResetPassword { .. } => "reset-password.html",
        }
    }
}

#[derive(Serialize)]
struct Values<'a> {
    app_name: &'a str,
    #[serde(flatten)]
    page: &'a Page<'a>,
}

/// Responds with a page. Its forms post to the same URL; no referrer is sent, because the URL may
/// contain a secret.
pub(super) fn show(cx: &Context<'_>, page: &Page<'_>) -> Result<Reply, AuthError> {
    let values = Values { app_name: &cx.instance().config().app_name, page };
    let template = environment()?.get_template(page.template()).map_err(AuthError::internal)?;
    let html = template.render(Serde(&values)).map_err(AuthError::internal)?;
    Reply::page(html, STYLE)
}

fn environment() -> Result<&'static Environment<'static>, AuthError> {
    static ENVIRONMENT: OnceLock<Environment<'static>> = OnceLock::new();
    if let Some(environment) = ENVIRONMENT.get() {
        return Ok(environment);
    }
    let mut environment = Environment::new();
    environment.add_global("style", minijinja::Value::from_safe_string(STYLE.to_owned()));
    for (name, text) in TEMPLATES {
        environment.add_template(name, text).map_err(AuthError::internal)?;
    }
    Ok(ENVIRONMENT.get_or_init(|| environment))
}

/// What a user sees after opening a link that worked.
pub(super) struct LinkResult<'a> {
    /// The title.
    pub(super) title: &'static str,
    /// A sentence.
    pub(super) text: &'static str,
    /// The redirect URL of the link.
    pub(super) callback: Option<&'a str>,
    /// Whether the redirect URL is only Better Auth's default, and was not requested.
    pub(super) is_default: bool,
    /// The challenge that is pending before a session is created; it becomes part of the query of
    /// the redirect URL.
    pub(super) challenge: Option<&'a Map<String, Value>>,
}

/// Redirects to the redirect URL of a link. Without one, a browser gets a page and other clients
/// get JSON.
pub(super) fn arrive(
    cx: &Context<'_>,
    arrival: &LinkResult<'_>,
    json: &impl Serialize,
) -> Result<Reply, AuthError> {
    let place = arrival.callback.filter(|place| !place.is_empty());
    let is_unnamed = place.is_none() || (arrival.is_default && place == Some("/"));
    match place {
        _ if is_unnamed && cx.wants_page() => {
            let LinkResult { title, text, .. } = *arrival;
            show(cx, &Page::Done { title, text, place })
        }
        Some(place) => match arrival.challenge {
            Some(challenge) => Reply::redirect(&with_challenge(place, challenge)),
            None => Reply::redirect(place),
        },
        None => Reply::json(json),
    }
}

/// Responds to a link that failed, in the same way.
pub(super) fn turn_away(
    cx: &Context<'_>,
    callback: Option<&str>,
    error: AuthError,
) -> Result<Reply, AuthError> {
    if 500 <= error.code().status {
        return Err(error);
    }
    let (code, _) = error.code().in_dialect(cx.site().dialect);
    match callback.filter(|place| !place.is_empty()) {
        None | Some("/") if cx.wants_page() => to_error_page(cx, code),
        Some(place) => Reply::redirect(&redirect::with_parameters(place, &[("error", code)])),
        None => Err(error),
    }
}

/// Redirects to the error page.
pub(super) fn to_error_page(cx: &Context<'_>, code: &str) -> Result<Reply, AuthError> {
    let place = format!("{}/error", cx.base_url());
    Reply::redirect(&redirect::with_parameters(&place, &[("error", code)]))
}

/// The password reset form, with the last problem.
pub(super) fn reset_form(cx: &Context<'_>, error: Option<&AuthError>) -> Result<Reply, AuthError> {
    let options = &cx.instance().config().email_and_password;
    let (shortest, longest) = (options.min_password_length, options.max_password_length);
    let words = error.map(|error| {
        if error.is(codes::PASSWORD_TOO_SHORT) {
            format!("The password must have at least {shortest} characters.")
        } else if error.is(codes::PASSWORD_TOO_LONG) {
            format!("The password can have at most {longest} characters.")
        } else {
            error.message().to_owned()
        }
    });
    let page = show(cx, &Page::ResetPassword { problem: words.as_deref(), shortest, longest })?;
    Ok(match error {
        Some(_) => page.with_status(StatusCode::UNPROCESSABLE_ENTITY),
        None => page,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(page: &Page<'_>) -> String {
        let values = Values { app_name: "Tea & <b>", page };
        let template = environment().unwrap().get_template(page.template()).unwrap();
        template.render(Serde(&values)).unwrap()
    }

    #[test]
    fn nothing_that_comes_from_outside_becomes_markup() {
        let evil = "<script>alert('1')</script>\"{{ app_name }}";
        for page in [
            Page::Error { code: evil, description: evil },
            Page::Done { title: evil, text: evil, place: Some(evil) },
            Page::ResetPassword { problem: Some(evil), shortest: 8, longest: 128 },
        ] {
            let html = render(&page);
            assert!(!html.contains("<script") && html.contains("&lt;script&gt;"), "{html}");
            assert!(html.contains("Tea &amp; &lt;b&gt;") && html.contains("{{ app_name }}"));
            assert!(html.contains(&format!("<style>{STYLE}</style>")), "{html}");
        }
    }
}
