//! `/ok` for health checks, `/error` for browsers after a failed flow [contract 8.1].

use serde::Serialize;

use crate::endpoints::pages;
use crate::endpoints::pages::Page;
use crate::error::AuthError;
use crate::http::Answer;
use crate::http::Context;
use crate::http::Endpoint;
use crate::http::Form;
use crate::http::Member;
use crate::http::Reply;
use crate::http::redirect;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/ok", ok)
        .instant()
        .summary("Health check")
        .answers(&[Answer::json(&Form::Object(&[Member::required("ok", Form::Always(true))]))]),
    Endpoint::get("/error", error)
        .summary("A page that explains an error")
        // A provider may send any parameters; none are rejected.
        .query(&[
            Member::optional("error", Form::Coerced(&Form::Text)),
            Member::optional("error_description", Form::Coerced(&Form::Text)),
        ])
        .answers(&[
            Answer::page(),
            Answer::redirect().when("if onAPIError.errorURL is set"),
        ]),
];

/// The text for an error without a description in the URL.
fn explanation(code: &str) -> &'static str {
    match code {
        "INVALID_TOKEN" | "TOKEN_EXPIRED" => {
            "This link has expired or was already used. Request a new one."
        }
        _ => "Go back and try again. If this happens again, contact support with the code above.",
    }
}

#[derive(Serialize)]
struct Ok {
    ok: bool,
}

fn ok(_: &mut Context<'_>) -> Result<Reply, AuthError> {
    Reply::json(&Ok { ok: true })
}

fn error(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let code = cx.query("error").filter(|code| is_code(code));
    let code = code.as_deref().unwrap_or("UNKNOWN");
    let description = cx.query("error_description").filter(|text| !text.is_empty());
    if let Some(place) = &cx.instance().config().on_api_error.error_url {
        let mut parameters = vec![("error", code)];
        parameters.extend(description.as_deref().map(|text| ("error_description", text)));
        return Reply::redirect(&redirect::with_parameters(place, &parameters));
    }
    let description = description.as_deref().unwrap_or_else(|| explanation(code));
    pages::show(cx, &Page::Error { code, description })
}

fn is_code(code: &str) -> bool {
    let is_allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'\'' | b'_' | b'-');
    !code.is_empty() && code.bytes().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_plain_word() {
        assert!(is_code("access_denied") && is_code("it's"));
        assert!(!is_code("") && !is_code("a b") && !is_code("<script>"));
    }
}
