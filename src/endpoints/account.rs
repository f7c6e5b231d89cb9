//! `/list-accounts` and `/unlink-account` [contract 8.14].

use crate::api::accounts;
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
use crate::http::reply::Done;

const UNLINK: Body = Body::object(&[Member::required("accountId", Form::Text)]);

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/list-accounts", list_accounts)
        .summary("The linked accounts of the current user, without secrets")
        .guard(Guard::Session)
        .answers(&[Answer::json(&Form::List(&Form::ACCOUNT))]),
    Endpoint::post("/unlink-account", unlink_account)
        .summary("Unlink an account of the current user")
        .guard(Guard::Fresh)
        .body(UNLINK)
        .answers(&[Answer::json(&Form::STATUS)])
        .errors(&[codes::ACCOUNT_NOT_FOUND, codes::FAILED_TO_UNLINK_LAST_ACCOUNT]),
];

fn list_accounts(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    Reply::json(&accounts::list(cx.instance(), &cx.signed_in()?.user.id)?)
}

fn unlink_account(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let account = cx.input.text("accountId").unwrap_or_default();
    let user_id = &cx.signed_in()?.user.id;
    accounts::unlink(cx.instance(), user_id, account, &cx.caller())?;
    Reply::json(&Done::STATUS)
}
