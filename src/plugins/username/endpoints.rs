//! `/sign-in/username`, `/is-username-available`.

use serde::Serialize;

use crate::api::entry::password;
use crate::api::entry::password::Credentials;
use crate::api::lockout::Name;
use crate::error::AuthError;
use crate::error::codes as core_codes;
use crate::http::Answer;
use crate::http::Body;
use crate::http::Context;
use crate::http::Endpoint;
use crate::http::Form;
use crate::http::Member;
use crate::http::Reply;
use crate::http::endpoint::Effect;
use crate::models::user;
use crate::plugins::username::USERNAME;
use crate::plugins::username::Username;
use crate::plugins::username::codes;

const SIGN_IN: Body = Body::object(&[
    Member::required("username", Form::Text),
    Member::required("password", Form::Text),
    Member::optional("rememberMe", Form::Flag),
    Member::optional("callbackURL", Form::Text),
]);

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::post("/sign-in/username", sign_in)
        .summary("Sign in with a username and a password")
        .body(SIGN_IN)
        .effects(&[Effect::BeginsSession])
        .answers(&[Answer::json(&Form::SIGNED_IN)])
        .errors(&[
            codes::INVALID_USERNAME_OR_PASSWORD,
            codes::TOO_SHORT.unprocessable,
            codes::TOO_LONG.unprocessable,
            codes::INVALID.unprocessable,
            core_codes::PASSWORD_TOO_LONG,
            core_codes::ACCOUNT_TEMPORARILY_LOCKED,
            core_codes::EMAIL_NOT_VERIFIED,
        ]),
    Endpoint::post("/is-username-available", is_available)
        .summary("Check whether a username is available")
        .body(Body::object(&[Member::required("username", Form::Text)]))
        .answers(&[Answer::json(&Form::Object(&[Member::required("available", Form::Flag)]))])
        .errors(&[
            codes::TOO_SHORT.unprocessable,
            codes::TOO_LONG.unprocessable,
            codes::INVALID.unprocessable,
        ]),
];

fn sign_in(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let username = Username::of(cx.instance())?;
    let name = cx.input.text("username").unwrap_or_default();
    let password = cx.input.secret("password").unwrap_or_default();
    if name.is_empty() || password.expose().is_empty() {
        return Err(codes::INVALID_USERNAME_OR_PASSWORD.into());
    }
    if let Some(problem) = username.problem(name) {
        return Err(problem.unprocessable.into());
    }
    let remember = cx.input.flag("rememberMe").unwrap_or(true);
    let name = Name::Field { field: USERNAME, value: &username.normalised(name) };
    let credentials = Credentials { name, password: &password, remember };
    let (link, caller) = (cx.link("callbackURL"), cx.caller());
    let entered = password::sign_in(cx.instance(), &credentials, &link, &caller);
    cx.signed_in_reply(entered.map_err(wrong)?, remember)
}

fn wrong(error: AuthError) -> AuthError {
    if error.is(core_codes::INVALID_EMAIL_OR_PASSWORD) {
        codes::INVALID_USERNAME_OR_PASSWORD.into()
    } else {
        error
    }
}

#[derive(Serialize)]
struct Available {
    available: bool,
}

fn is_available(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let username = Username::of(cx.instance())?;
    let name = cx.input.text("username").unwrap_or_default();
    if name.is_empty() {
        return Err(codes::INVALID.unprocessable.into());
    }
    if let Some(problem) = username.problem(name) {
        return Err(problem.unprocessable.into());
    }
    let (instance, name) = (cx.instance(), username.normalised(name));
    let found = instance.database().read(|tx| user::find_with_hash_by(tx, USERNAME, &name))?;
    Reply::json(&Available { available: found.is_none() })
}
