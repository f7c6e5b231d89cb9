//! The endpoints of the plugin.

use better_auth::AuthError;
use better_auth::codes;
use better_auth::http::Answer;
use better_auth::http::Body;
use better_auth::http::Context;
use better_auth::http::Endpoint;
use better_auth::http::Form;
use better_auth::http::Guard;
use better_auth::http::Member;
use better_auth::http::Reply;
use better_auth::http::endpoint::Effect;
use serde_json::json;

use crate::invitations;
use crate::invitations::COOKIE;
use crate::invitations::LOCKED;
use crate::invitations::NOT_PENDING;
use crate::invitations::WRONG_CODE;
use crate::model;

/// What a sign-in is answered while the code is missing.
pub(crate) const CHALLENGE: Form =
    Form::Object(&[Member::required("invitationCodeRequired", Form::Always(true))]);

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::post("/invitations", invite)
        .summary("Invite an address")
        .guard(Guard::Sensitive)
        .body(Body::object(&[Member::required("email", Form::Email)]))
        .answers(&[Answer::json(&Form::Object(&[Member::required("id", Form::Text)]))]),
    Endpoint::post("/invitations/confirm", confirm)
        .summary("Show the code of an invitation and sign in")
        .body(Body::object(&[Member::required("code", Form::FILLED)]))
        .effects(&[Effect::BeginsSession])
        .answers(&[Answer::json(&Form::SIGNED_IN)])
        .errors(&[WRONG_CODE, NOT_PENDING, LOCKED, codes::SERVER_BUSY]),
    Endpoint::get("/.well-known/invitations", count)
        .summary("How many invitations are open")
        .at_root()
        .public()
        .answers(&[Answer::json(&Form::Object(&[Member::required("open", Form::Count)]))]),
];

fn invite(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let email = cx.input.text("email").unwrap_or_default();
    let inviter = &cx.signed_in()?.user;
    let invitation = invitations::invite(cx.instance(), &cx.caller(), inviter, email)?;
    Reply::json(&json!({ "id": invitation.id }))
}

fn confirm(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let token = cx.signed_cookie_of(COOKIE)?.ok_or(NOT_PENDING)?;
    let code = cx.input.text("code").unwrap_or_default();
    let remember = !cx.is_not_remembered()?;
    let entered = invitations::confirm(cx.instance(), &cx.caller(), (&token, code), remember)?;
    let entered = entered.try_map(|begun| begun.publish(cx.instance()))?;
    cx.signed_in_reply(entered, remember)
}

fn count(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let open = cx.instance().database().read(model::count_open)?;
    Reply::json(&json!({ "open": open }))
}
