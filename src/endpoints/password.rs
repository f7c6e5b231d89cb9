//! `/change-password` and `/verify-password` [contract 8.10].

use serde::Serialize;

use crate::api::lifetime;
use crate::api::passwords;
use crate::api::passwords::Change;
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
use crate::http::endpoint::Effect;
use crate::http::reply::Done;
use crate::models::SessionWithUser;
use crate::models::User;

const CHANGE: Body = Body::object(&[
    Member::required("newPassword", Form::Text),
    Member::required("currentPassword", Form::Text),
    Member::optional("revokeOtherSessions", Form::Flag),
]);
const VERIFY: Body = Body::object(&[Member::required("password", Form::Text)]);

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::post("/change-password", change_password)
        .summary("Change the password of the current user")
        .guard(Guard::Sensitive)
        .body(CHANGE)
        .effects(&[Effect::BeginsSession, Effect::SetsPassword])
        .answers(&[Answer::json(&Form::TOKEN_AND_USER)])
        .errors(&[
            codes::ACCOUNT_TEMPORARILY_LOCKED,
            codes::CREDENTIAL_ACCOUNT_NOT_FOUND,
            codes::INVALID_PASSWORD,
            codes::USER_NOT_FOUND,
        ]),
    Endpoint::post("/verify-password", verify_password)
        .summary("Verify the password of the current user")
        .guard(Guard::Sensitive)
        .body(VERIFY)
        .answers(&[Answer::json(&Form::STATUS)])
        .errors(&[
            codes::INVALID_PASSWORD,
            codes::PASSWORD_TOO_LONG,
            codes::ACCOUNT_TEMPORARILY_LOCKED,
        ]),
];

#[derive(Serialize)]
struct ChangeReply {
    token: Option<String>,
    user: User,
}

fn change_password(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let current = cx.input.secret("currentPassword").unwrap_or_default();
    let new = cx.input.secret("newPassword").unwrap_or_default();
    let SessionWithUser { session, user } = cx.signed_in()?.clone();
    let remember = !cx.is_not_remembered()? && lifetime::is_remembered(cx.instance(), &session);
    let revokes = cx.input.flag("revokeOtherSessions").unwrap_or(false);
    let new_session = revokes.then_some(remember);
    let change = Change { current: &current, new: &new, new_session };
    let session = passwords::change(cx.instance(), &user.id, &change, &cx.caller())?;
    let Some(session) = session else {
        return Reply::json(&ChangeReply { token: None, user });
    };
    let found = SessionWithUser { session, user };
    cx.set_session_cookie(&found, remember)?;
    Reply::json(&ChangeReply { token: Some(found.session.token), user: found.user })
}

/// A user without a password gets the same error as for a wrong one.
fn verify_password(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let password = cx.input.secret("password").unwrap_or_default();
    match passwords::confirm(cx.instance(), &cx.signed_in()?.user.id, &password, &cx.caller()) {
        Ok(_) => Reply::json(&Done::STATUS),
        Err(error) if error.is(codes::CREDENTIAL_ACCOUNT_NOT_FOUND) => {
            Err(codes::INVALID_PASSWORD.into())
        }
        Err(error) => Err(error),
    }
}
