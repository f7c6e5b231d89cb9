//! `/ok` for health checks, `/error` for people who were sent away from a flow [contract 8.1].

use http::HeaderValue;
use http::header::CONTENT_SECURITY_POLICY;
use serde::Serialize;

use crate::error::AuthError;
use crate::http::Context;
use crate::http::Endpoint;
use crate::http::Reply;
use crate::http::redirect;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/ok", ok).summary("Whether the server answers"),
    Endpoint::get("/error", error).summary("A page that explains what went wrong"),
];

/// The page shows and links; it loads, runs and sends nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; \
                      base-uri 'none'; form-action 'none'";

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
    let app_name = &cx.instance().config().app_name;
    let policy = HeaderValue::from_static(POLICY);
    Ok(Reply::html(page(app_name, code, description.as_deref()))
        .with_header(CONTENT_SECURITY_POLICY, policy))
}

fn is_code(code: &str) -> bool {
    let is_allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'\'' | b'_' | b'-');
    !code.is_empty() && code.bytes().all(is_allowed)
}

fn page(app_name: &str, code: &str, description: Option<&str>) -> String {
    let description = description.unwrap_or(
        "Something went wrong on the way. Go back and try again; if it happens again, tell the \
         people who run this site the code above.",
    );
    include_str!("error.html")
        .replace("{app_name}", &escape(app_name))
        .replace("{code}", &escape(code))
        .replace("{description}", &escape(description))
}

/// Text as HTML text or attribute [security A9].
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // A brace could be read as a placeholder that is filled in next.
            '{' => escaped.push_str("&#123;"),
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_query_becomes_markup() {
        let page = page("A", "x", Some("<script>alert('1')</script> & {code} \""));
        assert!(
            page.contains(
                "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &#123;code} &quot;"
            )
        );
        assert!(!page.contains("<script"));
    }

    #[test]
    fn a_code_is_a_plain_word() {
        assert!(is_code("access_denied") && is_code("it's"));
        assert!(!is_code("") && !is_code("a b") && !is_code("<script>"));
    }
}
