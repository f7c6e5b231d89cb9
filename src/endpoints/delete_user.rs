//! `/delete-user` and its link, and `DELETE /user`, its name in the reference [contract 8.13, 14].

use std::borrow::Cow;

use http::StatusCode;

use crate::api::deletion;
use crate::api::passwords;
use crate::api::sessions;
use crate::api::users;
use crate::crypto::Secret;
use crate::endpoints::pages;
use crate::endpoints::pages::LinkResult;
use crate::error::AuthError;
use crate::error::ErrorCode;
use crate::error::codes;
use crate::http::Answer;
use crate::http::Body;
use crate::http::Context;
use crate::http::Endpoint;
use crate::http::Form;
use crate::http::Guard;
use crate::http::Member;
use crate::http::Reply;
use crate::http::guard;
use crate::http::reply::Done;

const FIELDS: &[Member] = &[
    Member::optional("callbackURL", Form::Text),
    Member::optional("password", Form::Text),
    Member::optional("token", Form::Text),
];

const DONE: Form = Form::Object(&[
    Member::required("success", Form::Always(true)),
    Member::required("message", Form::Text),
]);
const ANSWERS: &[Answer] =
    &[Answer::json(&DONE), Answer::not_there().when("if user.deleteUser.enabled is off")];
const ERRORS: &[&ErrorCode] = &[
    codes::RATE_LIMIT_EXCEEDED,
    codes::CREDENTIAL_ACCOUNT_NOT_FOUND,
    codes::INVALID_PASSWORD,
    codes::PASSWORD_TOO_LONG,
    codes::ACCOUNT_TEMPORARILY_LOCKED,
    codes::INVALID_DELETE_TOKEN,
    codes::SESSION_EXPIRED,
    codes::USER_NOT_FOUND,
];

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::post("/delete-user", delete_user)
        .summary("Delete the current user")
        .guard(Guard::Sensitive)
        .body(Body::object(FIELDS))
        .answers(ANSWERS)
        .errors(ERRORS),
    // Many HTTP clients send no body with DELETE.
    Endpoint::delete("/user", delete_user)
        .summary("Delete the current user")
        .guard(Guard::Sensitive)
        .body(Body::Optional(Form::Object(FIELDS)))
        .answers(ANSWERS)
        .errors(ERRORS),
    Endpoint::get("/delete-user/callback", open_link)
        .summary("The link that deletes its recipient, who must be signed in")
        .query(&[
            Member::required("token", Form::Text),
            Member::optional("callbackURL", Form::Text),
        ])
        .has_effects()
        .answers(&[
            Answer::json(&DONE),
            Answer::page().when("a page for a browser, if the link has no redirect URL"),
            Answer::redirect().when("to the redirect URL of the link, or to the error page"),
        ])
        .errors(&[
            codes::NOT_FOUND,
            codes::FAILED_TO_GET_SESSION,
            codes::FAILED_TO_GET_USER_INFO,
            codes::INVALID_DELETE_TOKEN,
            codes::USER_NOT_FOUND,
        ]),
];

const DELETED: Done = Done::with_message("User deleted");

fn delete_user(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    if !cx.instance().config().user.delete_user.enabled {
        return Ok(Reply::empty(StatusCode::NOT_FOUND));
    }
    let signed_in = cx.signed_in()?.clone();
    let password = cx.input.secret("password").filter(|password| !password.expose().is_empty());
    let user_id = &signed_in.user.id;
    let confirm =
        |password: &Secret| passwords::confirm(cx.instance(), user_id, password, &cx.caller());
    let verified = password.as_ref().map(confirm).transpose()?;
    let instance = cx.instance();
    let caller = cx.caller().with_check(|tx| {
        let still = |verified| passwords::require_unchanged(tx, user_id, verified).map(drop);
        verified.as_ref().map_or(Ok(()), still)
    });
    if let Some(token) = cx.input.text("token").filter(|token| !token.is_empty()) {
        deletion::confirm(instance, user_id, token, &caller)?;
        cx.clear_session_cookies();
        return Reply::json(&DELETED);
    }
    if deletion::asks_first(instance) {
        deletion::request(instance, user_id, &cx.link("callbackURL"), &caller)?;
        return Reply::json(&Done::with_message("Verification email sent"));
    }
    if verified.is_none() && !sessions::is_fresh(instance, &signed_in.session) {
        return Err(codes::SESSION_EXPIRED.into());
    }
    users::delete(instance, user_id, &caller)?;
    cx.clear_session_cookies();
    Reply::json(&DELETED)
}

/// The token is valid only with a session of the user who received it.
fn open_link(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let token = cx.query("token").unwrap_or_default().into_owned();
    let callback = cx.query("callbackURL").map(Cow::into_owned);
    if let Err(error) = delete_by_link(cx, &token) {
        return if cx.wants_page() { pages::turn_away(cx, None, error) } else { Err(error) };
    }
    cx.clear_session_cookies();
    let arrival = LinkResult {
        title: "Account deleted",
        text: "Your account and its data have been deleted.",
        callback: callback.as_deref(),
        is_default: true,
        challenge: None,
    };
    pages::arrive(cx, &arrival, &DELETED)
}

fn delete_by_link(cx: &mut Context<'_>, token: &str) -> Result<(), AuthError> {
    if !cx.instance().config().user.delete_user.enabled {
        return Err(codes::NOT_FOUND.into());
    }
    cx.session = guard::look_up_session(cx)?;
    let Some(found) = &cx.session else {
        return Err(codes::FAILED_TO_GET_USER_INFO.into());
    };
    deletion::confirm(cx.instance(), &found.user.id, token, &cx.caller())
}
