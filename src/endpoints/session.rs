//! `/get-session`, and `/session` as the reference calls it [contract 8.7, 14].

use http::HeaderValue;
use http::header::PRAGMA;

use crate::error::AuthError;
use crate::error::codes;
use crate::http::Body;
use crate::http::Context;
use crate::http::Endpoint;
use crate::http::Reply;
use crate::http::guard;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/get-session", get_session).summary("The current session and its user, or null"),
    Endpoint::get("/session", get_session).summary("The current session and its user, or null"),
    Endpoint::post("/get-session", refuse_post)
        .summary("Extend the current session; only with session.deferSessionRefresh")
        .body(Body::Ignored),
];

fn get_session(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let session = guard::find_session(cx)?;
    Ok(Reply::json(&session)?.with_header(PRAGMA, HeaderValue::from_static("no-cache")))
}

fn refuse_post(_: &mut Context<'_>) -> Result<Reply, AuthError> {
    Err(codes::METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED.into())
}
