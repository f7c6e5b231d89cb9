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
use crate::http::Field;
use crate::http::Reply;
use crate::http::answer::Json;
use crate::http::endpoint::Adds;
use crate::http::endpoint::Effect;
use crate::http::endpoint::Shape;
use crate::http::input::Kind;
use crate::instance::proof::Outcome;
use crate::models::SessionWithUser;
use crate::models::User;

const SIGN_UP: Body = Body::Required(&[
    Field::required("name", Kind::Text),
    Field::required("email", Kind::Email),
    Field::required("password", Kind::NonEmptyText),
    Field::optional("image", Kind::Text),
    Field::optional("callbackURL", Kind::Text),
    Field::optional("rememberMe", Kind::Flag),
]);

pub(super) const ENDPOINTS: &[Endpoint] = &[Endpoint::post("/sign-up/email", sign_up)
    .summary("Create a user with a password and sign them in")
    .body(SIGN_UP)
    .adds(Adds::NewUser)
    .effects(&[Effect::MakesUser, Effect::BeginsSession])
    .shape(Shape::ObjectAndRecord)
    .takes_forms()
    .answers(&[Answer::json(&Json::TOKEN_AND_USER)])
    .errors(&[
        codes::EMAIL_PASSWORD_SIGN_UP_DISABLED,
        codes::INVALID_EMAIL,
        codes::PASSWORD_TOO_SHORT,
        codes::PASSWORD_TOO_LONG,
        codes::PASSWORD_COMPROMISED,
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
