//! Sessions of other users: `/admin/list-user-sessions`, `/admin/revoke-user-session`,
//! `/admin/revoke-user-sessions`, `/admin/impersonate-user`, `/admin/stop-impersonating`.

use serde::Serialize;

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
use crate::http::endpoint::Effect;
use crate::http::reply::Done;
use crate::models::Session;
use crate::plugins::admin::access::caller;
use crate::plugins::admin::access::require;
use crate::plugins::admin::codes;
use crate::plugins::admin::impersonation;

/// The cookie that preserves an administrator's own session: its token, and whether it ends with
/// the browser.
/// The key of the cookie that holds the session of an administrator who impersonates.
pub(in crate::plugins::admin) const ADMIN_SESSION: &str = "admin_session";

const USER_ID: Body = Body::object(&[Member::required("userId", Form::Coerced(&Form::Text))]);

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::post("/admin/list-user-sessions", list_user_sessions)
        .summary("The active sessions of a user; ids instead of tokens if the caller may not impersonate the user")
        .guard(Guard::Sensitive)
        .body(USER_ID)
        .answers(&[Answer::json(&Form::Object(&[Member::required(
            "sessions",
            Form::List(&Form::SESSION),
        )]))])
        .errors(&[codes::MAY_NOT_LIST_SESSIONS]),
    Endpoint::post("/admin/revoke-user-session", revoke_user_session)
        .summary("Revoke a session by token or id")
        .guard(Guard::Sensitive)
        .body(Body::object(&[Member::required("sessionToken", Form::Text)]))
        .answers(&[Answer::json(&Form::SUCCESS)])
        .errors(&[codes::MAY_NOT_REVOKE_SESSIONS]),
    Endpoint::post("/admin/revoke-user-sessions", revoke_user_sessions)
        .summary("Revoke all sessions of a user")
        .guard(Guard::Sensitive)
        .body(USER_ID)
        .answers(&[Answer::json(&Form::SUCCESS)])
        .errors(&[codes::MAY_NOT_REVOKE_SESSIONS]),
    Endpoint::post("/admin/impersonate-user", impersonate_user)
        .summary("Impersonate a user")
        .guard(Guard::Sensitive)
        .body(USER_ID)
        .effects(&[Effect::BeginsSession])
        .answers(&[Answer::json(&Form::SESSION_WITH_USER)])
        .errors(&[
            codes::MAY_NOT_IMPERSONATE,
            codes::USER_NOT_FOUND,
            codes::CANNOT_IMPERSONATE_ADMINS,
        ]),
    Endpoint::post("/admin/stop-impersonating", stop_impersonating)
        .summary("Stop impersonating a user")
        .guard(Guard::Sensitive)
        .answers(&[Answer::json(&Form::SESSION_WITH_USER)])
        .errors(&[codes::NOT_IMPERSONATING]),
];

#[derive(Serialize)]
struct SessionsReply {
    sessions: Vec<Session>,
}

fn list_user_sessions(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    require(cx, ("session", "list"), codes::MAY_NOT_LIST_SESSIONS)?;
    let user_id = cx.input.coerced("userId");
    let sessions = impersonation::list(cx.instance(), cx.signed_in()?, &user_id)?;
    Reply::json(&SessionsReply { sessions })
}

fn revoke_user_session(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    require(cx, ("session", "revoke"), codes::MAY_NOT_REVOKE_SESSIONS)?;
    let id_or_token = cx.input.text("sessionToken").unwrap_or_default();
    let caller = caller(cx, codes::MAY_NOT_REVOKE_SESSIONS)?;
    sessions::revoke_by_id_or_token(cx.instance(), id_or_token, &caller)?;
    Reply::json(&Done::SUCCESS)
}

fn revoke_user_sessions(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    require(cx, ("session", "revoke"), codes::MAY_NOT_REVOKE_SESSIONS)?;
    let caller = caller(cx, codes::MAY_NOT_REVOKE_SESSIONS)?;
    sessions::revoke_all(cx.instance(), &cx.input.coerced("userId"), &caller)?;
    Reply::json(&Done::SUCCESS)
}

fn impersonate_user(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    require(cx, ("user", "impersonate"), codes::MAY_NOT_IMPERSONATE)?;
    let own = cx.signed_in()?.clone();
    let user_id = cx.input.coerced("userId");
    let caller = caller(cx, codes::MAY_NOT_IMPERSONATE)?;
    let found = impersonation::begin(cx.instance(), &own.user, &user_id, &caller)?;
    let dont_remember = if cx.is_not_remembered()? { "true" } else { "" };
    cx.clear_session_cookies();
    let lifetime = cx.instance().config().session.expires_in;
    let kept = format!("{}:{dont_remember}", own.session.token);
    cx.set_signed_cookie(ADMIN_SESSION, &kept, lifetime)?;
    cx.set_session_cookie(&found, false)?;
    Reply::json(&found)
}

fn stop_impersonating(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let current = cx.signed_in()?.clone();
    let kept = cx.signed_cookie_of(ADMIN_SESSION)?.unwrap_or_default();
    let (token, dont_remember) = kept.split_once(':').unwrap_or((&kept, ""));
    let own = impersonation::stop(cx.instance(), &current, token, &cx.caller())?;
    cx.set_session_cookie(&own, dont_remember.is_empty())?;
    cx.clear_cookie_of(ADMIN_SESSION);
    Reply::json(&own)
}
