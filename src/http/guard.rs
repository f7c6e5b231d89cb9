//! Who may pass: finds the session of a request, extends it when it is due, and refuses [contract 5].

use crate::api::sessions;
use crate::api::sessions::Found;
use crate::error::AuthError;
use crate::error::codes;
use crate::http::context::Context;
use crate::http::endpoint::Guard;
use crate::models::SessionWithUser;

/// Lets the request through or refuses it; whoever passes a guard has a session.
///
/// # Errors
/// `UNAUTHORIZED`, `FAILED_TO_GET_SESSION`.
pub fn admit(cx: &mut Context<'_>, guard: Guard) -> Result<(), AuthError> {
    match guard {
        Guard::None => Ok(()),
        Guard::Session => match find_session(cx)? {
            Some(session) => {
                cx.session = Some(session);
                Ok(())
            }
            None => Err(codes::UNAUTHORIZED.into()),
        },
    }
}

/// The session of this request, with the cookies that follow from it.
///
/// # Errors
/// `FAILED_TO_GET_SESSION` when it was revoked while it was being extended.
pub fn find_session(cx: &mut Context<'_>) -> Result<Option<SessionWithUser>, AuthError> {
    let Some(token) = cx.session_token()? else {
        cx.clear_session_data();
        return Ok(None);
    };
    // JavaScript's truth: any text but the empty one, "false" included [contract 1.4].
    let stays = cx
        .query("disableRefresh")
        .is_some_and(|value| !value.is_empty());
    let extend = !stays && !cx.is_not_remembered()?;
    match sessions::find(cx.instance(), &token, extend) {
        Ok(Found::Alive(found)) => {
            cx.clear_session_data();
            Ok(Some(found))
        }
        Ok(Found::Extended(found)) => {
            cx.set_session_cookie(&found.session, true)?;
            cx.clear_session_data();
            Ok(Some(found))
        }
        Ok(Found::Dead) => {
            cx.clear_session_cookies();
            Ok(None)
        }
        Err(error) => {
            if error.is(codes::FAILED_TO_GET_SESSION) {
                cx.clear_session_cookies();
            }
            Err(error)
        }
    }
}
