//! `/get-session`, and `/session` as the reference calls it [contract 8.7, 14].

use http::HeaderValue;
use http::header::PRAGMA;
use serde::Serialize;

use crate::error::AuthError;
use crate::error::codes;
use crate::http::Body;
use crate::http::Context;
use crate::http::Endpoint;
use crate::http::Reply;
use crate::http::guard;
use crate::models::SessionWithUser;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/get-session", get_session).summary("The current session and its user, or null"),
    Endpoint::get("/session", get_session).summary("The current session and its user, or null"),
    Endpoint::post("/get-session", post_session)
        .summary("Extend the current session; only with session.deferSessionRefresh")
        .body(Body::Ignored),
];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Deferred {
    #[serde(flatten)]
    found: SessionWithUser,
    needs_refresh: bool,
}

fn get_session(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    if cx.instance().config().session.defer_session_refresh {
        let peeked = guard::peek_session(cx)?;
        return uncached(&peeked.map(|(found, needs_refresh)| Deferred { found, needs_refresh }));
    }
    uncached(&guard::find_session(cx)?)
}

fn post_session(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    if !cx.instance().config().session.defer_session_refresh {
        return Err(codes::METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED.into());
    }
    uncached(&guard::find_session(cx)?)
}

fn uncached(value: &impl Serialize) -> Result<Reply, AuthError> {
    Ok(Reply::json(value)?.with_header(PRAGMA, HeaderValue::from_static("no-cache")))
}
