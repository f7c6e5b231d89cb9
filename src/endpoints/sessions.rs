//! `/list-sessions`, `/revoke-session`, `/revoke-sessions`, `/revoke-other-sessions` [contract 8.8].

use crate::api::sessions;
use crate::error::AuthError;
use crate::http::Answer;
use crate::http::Body;
use crate::http::Context;
use crate::http::Endpoint;
use crate::http::Form;
use crate::http::Guard;
use crate::http::Member;
use crate::http::Reply;
use crate::http::reply::Done;
use crate::models::SessionWithUser;

const REVOKE: Body = Body::object(&[Member::required("token", Form::Text)]);

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/list-sessions", list_sessions)
        .summary("The active sessions of the current user, including tokens")
        .guard(Guard::Fresh)
        .answers(&[Answer::json(&Form::List(&Form::SESSION))]),
    Endpoint::post("/revoke-session", revoke_session)
        .summary("Revoke a session of the current user by token or id")
        .guard(Guard::Sensitive)
        .body(REVOKE)
        .answers(&[Answer::json(&Form::STATUS)]),
    Endpoint::post("/revoke-sessions", revoke_sessions)
        .summary("Revoke all sessions of the current user, including this one")
        .guard(Guard::Sensitive)
        .answers(&[Answer::json(&Form::STATUS)]),
    Endpoint::post("/revoke-other-sessions", revoke_other_sessions)
        .summary("Revoke all other sessions of the current user")
        .guard(Guard::Sensitive)
        .answers(&[Answer::json(&Form::STATUS)]),
];

fn list_sessions(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    Reply::json(&sessions::list_own(cx.instance(), &cx.signed_in()?.user.id)?)
}

/// The response is the same for an unknown token and for another user's.
fn revoke_session(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let named = cx.input.text("token").unwrap_or_default();
    let SessionWithUser { session, user } = cx.signed_in()?;
    sessions::revoke_own(cx.instance(), named, &user.id, &cx.caller())?;
    if named == session.token || named == session.id {
        cx.clear_session_cookies();
    }
    Reply::json(&Done::STATUS)
}

fn revoke_sessions(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    sessions::revoke_all(cx.instance(), &cx.signed_in()?.user.id, &cx.caller())?;
    cx.clear_session_cookies();
    Reply::json(&Done::STATUS)
}

fn revoke_other_sessions(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let signed_in = cx.signed_in()?;
    let (user_id, token) = (&signed_in.user.id, &signed_in.session.token);
    sessions::revoke_others(cx.instance(), user_id, token, &cx.caller())?;
    Reply::json(&Done::STATUS)
}
