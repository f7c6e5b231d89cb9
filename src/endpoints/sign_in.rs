//! `/sign-in/email` [contract 8.3].

use crate::api::entry::password;
use crate::api::entry::password::Credentials;
use crate::api::lockout::Name;
use crate::error::AuthError;
use crate::error::codes;
use crate::http::Answer;
use crate::http::Body;
use crate::http::Context;
use crate::http::Endpoint;
use crate::http::Form;
use crate::http::Member;
use crate::http::Reply;
use crate::http::endpoint::Effect;

const SIGN_IN: Body = Body::object(&[
    Member::required("email", Form::Text),
    Member::required("password", Form::Text),
    Member::optional("callbackURL", Form::Text),
    Member::optional("rememberMe", Form::Flag),
]);

pub(super) const ENDPOINTS: &[Endpoint] = &[Endpoint::post("/sign-in/email", sign_in)
    .summary("Sign in with an email address and a password")
    .body(SIGN_IN)
    .takes_forms()
    .effects(&[Effect::BeginsSession])
    .answers(&[Answer::json(&Form::SIGNED_IN)])
    .errors(&[
        codes::EMAIL_PASSWORD_DISABLED,
        codes::INVALID_EMAIL,
        codes::PASSWORD_TOO_LONG,
        codes::ACCOUNT_TEMPORARILY_LOCKED,
        codes::INVALID_EMAIL_OR_PASSWORD,
        codes::EMAIL_NOT_VERIFIED,
    ])];

fn sign_in(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    if !cx.instance().config().email_and_password.enabled {
        return Err(codes::EMAIL_PASSWORD_DISABLED.into());
    }
    let address = cx.input.text("email").unwrap_or_default();
    let password = cx.input.secret("password").unwrap_or_default();
    let remember = cx.input.flag("rememberMe").unwrap_or(true);
    let (link, caller) = (cx.link("callbackURL"), cx.caller());
    let credentials = Credentials { name: Name::Address(address), password: &password, remember };
    let entered = password::sign_in(cx.instance(), &credentials, &link, &caller)?;
    cx.signed_in_reply(entered, remember)
}
