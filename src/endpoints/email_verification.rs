//! `/send-verification-email`, `/verify-email` and `/change-email` [contract 8.11, 8.12].

use std::borrow::Cow;

use serde::Serialize;

use crate::api::email_change;
use crate::api::email_links::LinkStep;
use crate::api::email_links::Verified;
use crate::api::email_verification;
use crate::endpoints::pages;
use crate::endpoints::pages::LinkResult;
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
use crate::http::guard;
use crate::http::reply::Done;
use crate::instance::proof::Outcome;
use crate::models::SessionWithUser;
use crate::models::User;

const SEND: Body = Body::object(&[
    Member::required("email", Form::Email),
    Member::optional("callbackURL", Form::Text),
]);
const CHANGE: Body = Body::object(&[
    Member::required("newEmail", Form::Email),
    Member::optional("callbackURL", Form::Text),
]);

const VERIFIED: Form = Form::Object(&[
    Member::required("status", Form::Always(true)),
    // After a change of the address.
    Member::optional("user", Form::OrNull(&Form::USER)),
]);

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::post("/send-verification-email", send)
        .summary("Send an email verification link, if a user with this address exists and is not verified yet")
        .body(SEND)
        .answers(&[Answer::json(&Form::STATUS)])
        .errors(&[
            codes::VERIFICATION_EMAIL_NOT_ENABLED,
            codes::EMAIL_MISMATCH,
            codes::EMAIL_ALREADY_VERIFIED,
            codes::FAILED_TO_GET_SESSION,
        ]),
    Endpoint::get("/verify-email", verify)
        .summary("The link that verifies or changes an email address")
        .query(&[
            Member::required("token", Form::Text),
            Member::optional("callbackURL", Form::Text),
        ])
        .has_effects()
        .effects(&[Effect::BeginsSession])
        .answers(&[
            Answer::json(&VERIFIED),
            Answer::page().when("a page for a browser, if the link has no redirect URL"),
            Answer::redirect().when("to the redirect URL of the link, or to the error page"),
        ])
        .errors(&[
            codes::INVALID_VERIFICATION_TOKEN,
            codes::TOKEN_EXPIRED,
            codes::VERIFICATION_USER_NOT_FOUND,
            codes::INVALID_USER,
            codes::USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL,
            codes::FAILED_TO_GET_SESSION,
        ]),
    Endpoint::post("/change-email", change)
        .summary("Request a change of the current user's email address")
        .guard(Guard::Sensitive)
        .body(CHANGE)
        .answers(&[Answer::json(&Form::STATUS)])
        .errors(&[codes::CHANGE_EMAIL_DISABLED]),
];

/// Without a session, the response is the same for every address.
fn send(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    email_verification::require_sender(cx.instance())?;
    let current = guard::look_up_session(cx)?;
    let (link, email) = (cx.link("callbackURL"), cx.input.text("email").unwrap_or_default());
    match current {
        Some(current) => {
            email_verification::request_own(cx.instance(), &current.user.id, email, &link)?;
        }
        None => email_verification::request(cx.instance(), email, &link).map(drop)?,
    }
    Reply::json(&Done::STATUS)
}

#[derive(Serialize)]
struct WithUser<'a> {
    status: bool,
    user: Option<&'a User>,
}

fn verify(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let token = cx.query("token").unwrap_or_default().into_owned();
    let callback = cx.query("callbackURL").map(Cow::into_owned);
    let callback = callback.as_deref();
    let link = cx.link_to(callback.map(str::to_owned));
    let caller = cx.caller();
    let instance = cx.instance();
    let find = || guard::look_up_session(cx);
    let verified = email_verification::verify(instance, &token, &link, &caller, find);
    let Verified { step, session, is_hosted } = match verified {
        Ok(verified) => verified,
        Err(error) => return pages::turn_away(cx, callback, error),
    };
    if let Some(entered) = session {
        let remember = !cx.is_not_remembered()?;
        if let Outcome::Challenge(challenge) = cx.receive(entered, remember)? {
            let (title, text) = ("Email verified", "Sign in to continue.");
            let challenge = Some(&challenge);
            let arrival = LinkResult { title, text, callback, is_default: is_hosted, challenge };
            return pages::arrive(cx, &arrival, &challenge);
        }
    }
    let arrival =
        |title, text| LinkResult { title, text, callback, is_default: is_hosted, challenge: None };
    match step {
        LinkStep::Verified => {
            let arrival = arrival("Email verified", "Your email address has been verified.");
            pages::arrive(cx, &arrival, &WithUser { status: true, user: None })
        }
        LinkStep::Confirmed => {
            let text = "One step is left: open the link in the email to your new address.";
            pages::arrive(cx, &arrival("Change confirmed", text), &Done::STATUS)
        }
        LinkStep::Changed(user) => {
            let arrival = arrival("Email changed", "Your email address has been changed.");
            pages::arrive(cx, &arrival, &WithUser { status: true, user: Some(&user) })
        }
    }
}

/// The response is the same for an address that is taken.
fn change(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let new_email = cx.input.text("newEmail").unwrap_or_default();
    let session = cx.signed_in()?.session.clone();
    let link = cx.link("callbackURL");
    let changed = email_change::request(cx.instance(), &session, new_email, &link, &cx.caller())?;
    if let Some(user) = changed {
        let remember = !cx.is_not_remembered()?;
        cx.set_session_cookie(&SessionWithUser { session, user }, remember)?;
    }
    Reply::json(&Done::STATUS)
}
