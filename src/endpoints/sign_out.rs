//! `/sign-out` [contract 8.6].

use crate::api::sessions;
use crate::error::AuthError;
use crate::http::Body;
use crate::http::Context;
use crate::http::Endpoint;
use crate::http::Field;
use crate::http::Reply;
use crate::http::input::Kind;
use crate::http::reply::Done;

const SIGN_OUT: Body = Body::Optional(&[
    Field::optional("callbackURL", Kind::Text),
    Field::optional("disableRedirect", Kind::Flag),
    Field::optional("state", Kind::Text),
]);

pub(super) const ENDPOINTS: &[Endpoint] =
    &[Endpoint::post("/sign-out", sign_out).summary("End the current session").body(SIGN_OUT)];

/// Works without a session too: whoever signs out is signed out afterwards.
fn sign_out(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    if let Some(token) = cx.session_token()? {
        sessions::revoke(cx.instance(), &token)?;
    }
    cx.clear_session_cookies();
    Reply::json(&Done::SUCCESS)
}
