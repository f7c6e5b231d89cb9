//! `/update-user`, and `/user`, its name in the reference [contract 8.9, 14].

use crate::api::fields::WrittenBy;
use crate::api::users;
use crate::api::users::UserChanges;
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
use crate::http::endpoint::Adds;
use crate::http::endpoint::Effect;
use crate::http::reply::Done;
use crate::models::SessionWithUser;
use crate::models::User;

const UPDATE_USER: Body = Body::Required(Form::Record(&[
    Member::optional("name", Form::Text),
    Member::optional("image", Form::OrNull(&Form::Text)),
]));

const UPDATE_USER_ERRORS: &[&ErrorCode] =
    &[codes::BAD_REQUEST, codes::EMAIL_CAN_NOT_BE_UPDATED, codes::USER_NOT_FOUND];

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::post("/update-user", update_user)
        .summary("Update the current user")
        .guard(Guard::Session)
        .body(UPDATE_USER)
        .adds(Adds::User)
        .effects(&[Effect::ChangesUser])
        .answers(&[Answer::json(&Form::STATUS)])
        .errors(UPDATE_USER_ERRORS),
    Endpoint::patch("/user", patch_user)
        .summary("Update and return the current user")
        .guard(Guard::Session)
        .body(UPDATE_USER)
        .adds(Adds::User)
        .effects(&[Effect::ChangesUser])
        .answers(&[Answer::json(&Form::USER)])
        .errors(UPDATE_USER_ERRORS),
    Endpoint::get("/user", get_user)
        .summary("The current user")
        .guard(Guard::Session)
        .answers(&[Answer::json(&Form::USER)]),
];

fn get_user(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    Reply::json(&cx.signed_in()?.user)
}

fn update_user(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    update(cx)?;
    Reply::json(&Done::STATUS)
}

fn patch_user(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    Reply::json(&update(cx)?)
}

fn update(cx: &mut Context<'_>) -> Result<User, AuthError> {
    if cx.input.is_truthy("email") {
        return Err(codes::EMAIL_CAN_NOT_BE_UPDATED.into());
    }
    let changes = UserChanges {
        name: cx.input.text("name").map(str::to_owned),
        image: cx.input.has("image").then(|| cx.input.text("image").map(str::to_owned)),
        additional: cx.input.additional(&cx.instance().config().user.additional_fields),
        ..UserChanges::default()
    };
    let signed_in = cx.signed_in()?.clone();
    let user_id = &signed_in.user.id;
    let user = users::update(cx.instance(), user_id, &changes, WrittenBy::Client, &cx.caller())?;
    let remember = !cx.is_not_remembered()?;
    let updated = SessionWithUser { session: signed_in.session, user };
    cx.set_session_cookie(&updated, remember)?;
    Ok(updated.user)
}
