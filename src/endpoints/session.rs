//! `/get-session`, its name `/session` in the reference, and `/update-session` [contract 8.7, 8.8,
//! 14].

use http::HeaderValue;
use http::header::PRAGMA;
use serde::Serialize;

use crate::api::fields::WrittenBy;
use crate::api::sessions;
use crate::error::AuthError;
use crate::error::codes;
use crate::http::Answer;
use crate::http::Body;
use crate::http::Context;
use crate::http::Endpoint;
use crate::http::Form;
use crate::http::Guard;
use crate::http::Member;
use crate::http::Reply;
use crate::http::endpoint::Adds;
use crate::http::guard;
use crate::http::guard::UnextendedSession;
use crate::models::Session;
use crate::models::SessionWithUser;

/// Query switches; any string is accepted.
const SWITCHES: &[Member] = &[
    Member::optional("disableCookieCache", Form::Coerced(&Form::Text)),
    Member::optional("disableRefresh", Form::Coerced(&Form::Text)),
];
const FOUND: Form = Form::OrNull(&Form::SESSION_WITH_USER);
const PEEKED: Form = Form::OrNull(&Form::Object(&[
    Member::required("session", Form::SESSION),
    Member::required("user", Form::USER),
    // With session.deferSessionRefresh.
    Member::optional("needsRefresh", Form::Flag),
]));

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/get-session", get_session)
        .summary("The current session and its user, or null")
        .query(SWITCHES)
        .answers(&[Answer::json(&PEEKED)])
        .errors(&[codes::FAILED_TO_GET_SESSION]),
    Endpoint::get("/session", get_session)
        .summary("The current session and its user, or null")
        .query(SWITCHES)
        .answers(&[Answer::json(&PEEKED)])
        .errors(&[codes::FAILED_TO_GET_SESSION]),
    Endpoint::post("/get-session", post_session)
        .summary("Extend the current session (only with session.deferSessionRefresh)")
        .query(SWITCHES)
        .body(Body::Ignored)
        .answers(&[Answer::json(&FOUND)])
        .errors(&[codes::METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED, codes::FAILED_TO_GET_SESSION]),
    Endpoint::post("/update-session", update_session)
        .summary("Set additional fields of the current session")
        .guard(Guard::Session)
        .body(Body::Required(Form::Record(&[])))
        .adds(Adds::Session)
        .answers(&[Answer::json(&Form::Object(&[Member::required("session", Form::SESSION)]))]),
];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Deferred {
    #[serde(flatten)]
    found: SessionWithUser,
    #[serde(skip_serializing_if = "Option::is_none")]
    needs_refresh: Option<bool>,
}

fn get_session(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    if cx.instance().config().session.defer_session_refresh {
        let peeked = guard::peek_session(cx)?;
        return uncached(
            &peeked.map(|UnextendedSession { found, needs_refresh }| Deferred {
                found,
                needs_refresh,
            }),
        );
    }
    uncached(&guard::find_session(cx)?)
}

fn post_session(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    if !cx.instance().config().session.defer_session_refresh {
        return Err(codes::METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED.into());
    }
    uncached(&guard::look_up_session(cx)?)
}

#[derive(Serialize)]
struct Updated {
    session: Session,
}

fn update_session(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let given = cx.input.additional(&cx.instance().config().session.additional_fields);
    let SessionWithUser { session, user } = cx.signed_in()?.clone();
    let session = match sessions::update(cx.instance(), &session.token, &given, WrittenBy::Client) {
        Err(error) if error.is(codes::FAILED_TO_GET_SESSION) => {
            cx.clear_session_cookies();
            return Err(error);
        }
        result => result?,
    };
    let remember = !cx.is_not_remembered()?;
    let updated = SessionWithUser { session, user };
    cx.set_session_cookie(&updated, remember)?;
    Reply::json(&Updated { session: updated.session })
}

fn uncached(value: &impl Serialize) -> Result<Reply, AuthError> {
    Ok(Reply::json(value)?.with_header(PRAGMA, HeaderValue::from_static("no-cache")))
}
