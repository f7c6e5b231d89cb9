//! Protection against cross-site request forgery [contract 6.1, 6.2].

use http::Method;

use crate::error::AuthError;
use crate::error::codes;
use crate::http::context::Context;
use crate::http::trusted;

/// Rejects a cross-origin request that has cookies and may change something.
///
/// # Errors
/// `MISSING_OR_NULL_ORIGIN`, `INVALID_ORIGIN`.
pub fn check(cx: &Context<'_>) -> Result<(), AuthError> {
    let is_reading = matches!(*cx.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let has_cookies = cx.headers().contains_key("cookie");
    if is_reading || !cx.site().checks_csrf || !has_cookies { Ok(()) } else { require_trusted(cx) }
}

/// Browsers send forms without a preflight, and also without cookies: another site must not be able
/// to sign a user in (login CSRF). Rejects navigations from other sites even if origins are not
/// checked.
///
/// # Errors
/// `CROSS_SITE_NAVIGATION_LOGIN_BLOCKED`, `MISSING_OR_NULL_ORIGIN`, `INVALID_ORIGIN`.
pub fn check_form(cx: &Context<'_>) -> Result<(), AuthError> {
    // A request with a cookie was checked by `check`.
    if !cx.site().checks_csrf || cx.headers().contains_key("cookie") {
        return Ok(());
    }
    let fetch = |name| cx.header(name).map(str::trim).filter(|value| !value.is_empty());
    let (site, mode) = (fetch("sec-fetch-site"), fetch("sec-fetch-mode"));
    if site == Some("cross-site") && mode == Some("navigate") {
        return Err(codes::CROSS_SITE_NAVIGATION_LOGIN_BLOCKED.into());
    }
    let is_browser = site.or(mode).or_else(|| fetch("sec-fetch-dest")).is_some();
    if is_browser || sent_origin(cx).is_some() { require_trusted(cx) } else { Ok(()) }
}

fn require_trusted(cx: &Context<'_>) -> Result<(), AuthError> {
    if !cx.site().checks_origins(cx.path()) {
        return Ok(());
    }
    // A page without a referrer sends "null" even to its own server; its `Referer` is never "null".
    if cx.header("origin") == Some("null") && cx.header("sec-fetch-site") == Some("same-origin") {
        return Ok(());
    }
    let origin = match sent_origin(cx) {
        None | Some("null") => return Err(codes::MISSING_OR_NULL_ORIGIN.into()),
        Some(origin) => origin,
    };
    let own = cx.origin();
    if own.as_deref() == Some(origin)
        || trusted::is_trusted(&cx.site().trusted, own.as_deref(), origin)
    {
        Ok(())
    } else {
        Err(codes::INVALID_ORIGIN.into())
    }
}

/// `Origin`, or else `Referer`; an empty header counts as missing.
fn sent_origin<'a>(cx: &Context<'a>) -> Option<&'a str> {
    ["origin", "referer"]
        .into_iter()
        .find_map(|name| cx.header(name).filter(|value| !value.is_empty()))
}
