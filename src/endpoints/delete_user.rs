//! `/delete-user`, and `DELETE /user` as the reference calls it [contract 8.13, 14].

use http::StatusCode;

use crate::api::passwords;
use crate::api::sessions;
use crate::api::users;
use crate::error::AuthError;
use crate::error::codes;
use crate::http::Body;
use crate::http::Context;
use crate::http::Endpoint;
use crate::http::Field;
use crate::http::Guard;
use crate::http::Reply;
use crate::http::input::Kind;
use crate::http::reply::Done;

const FIELDS: &[Field] = &[
    Field::optional("callbackURL", Kind::Text),
    Field::optional("password", Kind::Text),
    Field::optional("token", Kind::Text),
];

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::post("/delete-user", delete_user)
        .summary("Delete the current user")
        .guard(Guard::Sensitive)
        .body(Body::Required(FIELDS)),
    // Many HTTP clients send no body with DELETE.
    Endpoint::delete("/user", delete_user)
        .summary("Delete the current user")
        .guard(Guard::Sensitive)
        .body(Body::Optional(FIELDS)),
];

fn delete_user(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    if !cx.instance().config().user.delete_user.enabled {
        return Ok(Reply::empty(StatusCode::NOT_FOUND));
    }
    let signed_in = cx.signed_in()?;
    let password = cx.input.secret("password").filter(|password| !password.expose().is_empty());
    if let Some(password) = &password {
        passwords::confirm(cx.instance(), &signed_in.user.id, password)?;
    }
    if cx.input.is_truthy("token") {
        // Tokens come by mail, and this deployment sends none: whatever is shown here is forged.
        return Err(codes::INVALID_DELETE_TOKEN.into());
    }
    if password.is_none() && !sessions::is_fresh(cx.instance(), &signed_in.session) {
        return Err(codes::SESSION_EXPIRED.into());
    }
    users::delete(cx.instance(), &signed_in.user.id)?;
    cx.clear_session_cookies();
    Reply::json(&Done::with_message("User deleted"))
}
