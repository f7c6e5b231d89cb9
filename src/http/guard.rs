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
/// `UNAUTHORIZED`, `SESSION_NOT_FRESH`, `FAILED_TO_GET_SESSION`.
pub fn admit(cx: &mut Context<'_>, guard: Guard) -> Result<(), AuthError> {
    if guard == Guard::None {
        return Ok(());
    }
    let Some(found) = find_session(cx)? else {
        return Err(codes::UNAUTHORIZED.into());
    };
    if guard == Guard::Fresh && !sessions::is_fresh(cx.instance(), &found.session) {
        return Err(codes::SESSION_NOT_FRESH.into());
    }
    cx.session = Some(found);
    Ok(())
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
    let extend = may_extend(cx)?;
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

/// The session of this request without writing anything, and whether it should be extended
/// (`session.deferSessionRefresh`, [contract 5]).
///
/// # Errors
/// What the database answers.
pub fn peek_session(cx: &mut Context<'_>) -> Result<Option<(SessionWithUser, bool)>, AuthError> {
    let Some(token) = cx.session_token()? else {
        cx.clear_session_data();
        return Ok(None);
    };
    let Some((found, is_due)) = sessions::peek(cx.instance(), &token)? else {
        cx.clear_session_cookies();
        return Ok(None);
    };
    cx.clear_session_data();
    Ok(Some((found, is_due && may_extend(cx)?)))
}

/// `disableRefresh` has JavaScript's truth: any text but the empty one, "false" included
/// [contract 1.4].
fn may_extend(cx: &Context<'_>) -> Result<bool, AuthError> {
    let stays = cx.query("disableRefresh").is_some_and(|value| !value.is_empty());
    Ok(!stays && !cx.is_not_remembered()?)
}
