//! `bearer`: sessions in the `Authorization` header, for clients without cookies.
//!
//! A request may send `Authorization: Bearer TOKEN` with a session token, signed as in the cookie
//! or, unless `requireSignature` is set, unsigned as in the response to a sign-in. Every response
//! that creates or renews a session contains the signed token in `set-auth-token`.

use http::HeaderName;
use http::HeaderValue;
use http::header::ACCESS_CONTROL_EXPOSE_HEADERS;
use percent_encoding::percent_decode_str;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use serde_json::Value;

use crate::error::AuthError;
use crate::http::Context;
use crate::http::Reply;
use crate::http::hooks::After;
use crate::http::hooks::Before;
use crate::http::hooks::Paths;
use crate::http::hooks::Scheme;
use crate::plugin::Entry;
use crate::plugin::Plugin;
use crate::plugin::options;

pub(super) const ENTRY: Entry = Entry::new::<Bearer>(ID, |options| {
    let bearer: Bearer = options::options(ID, options)?;
    Ok(Box::new(bearer))
});
const ID: &str = "bearer";
const SET_AUTH_TOKEN: HeaderName = HeaderName::from_static("set-auth-token");

/// Accepts session tokens in the `Authorization` header.
#[derive(Default, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
struct Bearer {
    /// Accepts signed tokens only.
    require_signature: bool,
}

impl Plugin for Bearer {
    fn id(&self) -> &'static str {
        ID
    }

    fn before(&self) -> Vec<Before> {
        vec![Before { paths: Paths::All, run: read }]
    }

    fn schemes(&self) -> Vec<Scheme> {
        let description = "A session token from the response to a sign-in or from set-auth-token";
        vec![Scheme { name: ID, description }]
    }

    fn after(&self) -> Vec<After> {
        vec![After { paths: Paths::All, run: write }]
    }
}

fn read(cx: &mut Context<'_>, _: &mut Option<Value>) -> Result<(), AuthError> {
    let requires_signature =
        cx.instance().plugin::<Bearer>().is_some_and(|bearer| bearer.require_signature);
    let Some(token) = cx.header("authorization").and_then(token) else {
        return Ok(());
    };
    if token.contains('.') {
        // As in a cookie, the signature may be percent-encoded.
        if let Some(token) = cx.instance().signer()?.open(token) {
            cx.present_session(token);
        }
    } else if !requires_signature {
        cx.present_session(token.to_owned());
    }
    Ok(())
}

/// The credentials of the scheme, whose name is case-insensitive [RFC 9110 11.1].
fn token(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_at_checked("bearer ".len())?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer ") && !token.is_empty()).then_some(token)
}

fn write(cx: &mut Context<'_>, reply: Reply) -> Result<Reply, AuthError> {
    let Some(value) = cx.new_session_cookie() else {
        return Ok(reply);
    };
    let token = percent_decode_str(value).decode_utf8_lossy();
    let token = HeaderValue::from_str(&token).map_err(AuthError::internal)?;
    let name = HeaderValue::from_static("set-auth-token");
    Ok(reply.with_header(SET_AUTH_TOKEN, token).with_header(ACCESS_CONTROL_EXPOSE_HEADERS, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_has_any_case_and_the_token_stands_behind_it() {
        assert_eq!(token("Bearer a.b"), Some("a.b"));
        assert_eq!(token("bEARER   x "), Some("x"));
        for header in ["Bearer", "Bearer ", "Basic abc", "Bearerx", ""] {
            assert_eq!(token(header), None, "{header:?}");
        }
    }
}
