//! `/sign-up/email` [contract 8.2].

use serde::Serialize;

use crate::api::entry::sign_up;
use crate::api::entry::sign_up::SignedUp;
use crate::api::users::NewUser;
use crate::error::AuthError;
use crate::error::codes;
use crate::http::Answer;
use crate::http::Body;
use crate::http::Context;
use crate::http::Endpoint;
use crate::http::Form;
use crate::http::Member;
use crate::http::Reply;
use crate::http::endpoint::Adds;
use crate::http::endpoint::Effect;
use crate::instance::proof::Outcome;
use crate::models::SessionWithUser;
use crate::models::User;

const SIGN_UP: &[Member] = &[
    Member::required("name", Form::Text),
    Member::required("email", Form::Email),
    Member::required("password", Form::FILLED),
    Member::optional("image", Form::Text),
    Member::optional("callbackURL", Form::Text),
    Member::optional("rememberMe", Form::Flag),
];

pub(super) const ENDPOINTS: &[Endpoint] = &[Endpoint::post("/sign-up/email", sign_up)
    .summary("Create a user with a password, and sign in")
    .body(Body::Required(Form::AllOf(&[Form::Object(SIGN_UP), Form::Record(&[])])))
    .adds(Adds::NewUser)
    .effects(&[Effect::MakesUser, Effect::BeginsSession, Effect::SetsPassword])
    .takes_forms()
    .answers(&[Answer::json(&Form::TOKEN_AND_USER)])
    .errors(&[
        codes::EMAIL_PASSWORD_SIGN_UP_DISABLED,
        codes::INVALID_EMAIL,
        codes::USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL,
    ])];

#[derive(Serialize)]
struct SignUpReply {
    token: Option<String>,
    user: User,
}

fn sign_up(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let new = NewUser {
        email: cx.input.text("email").unwrap_or_default().to_owned(),
        name: cx.input.text("name").unwrap_or_default().to_owned(),
        image: cx.input.text("image").map(str::to_owned),
        email_verified: false,
        password: cx.input.secret("password"),
        additional: cx.input.additional(&cx.instance().config().user.additional_fields),
    };
    let remember = cx.input.flag("rememberMe").unwrap_or(true);
    let (link, caller) = (cx.link("callbackURL"), cx.caller());
    let SignedUp { user, entered } =
        sign_up::sign_up(cx.instance(), &new, &link, &caller, remember)?;
    let Some(entered) = entered else {
        return Reply::json(&SignUpReply { token: None, user });
    };
    match cx.receive(entered, remember)? {
        Outcome::Session(SessionWithUser { session, user }) => {
            Reply::json(&SignUpReply { token: Some(session.token), user })
        }
        Outcome::Challenge(answer) => Reply::json(&answer),
    }
}
