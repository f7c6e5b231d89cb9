//! Guards: find the session of a request, extend it when it is due, and refuse requests without one
//! [contract 5].

use crate::api::sessions;
use crate::api::sessions::SessionLookup;
use crate::error::AuthError;
use crate::error::codes;
use crate::http::context::Context;
use crate::http::endpoint::Guard;
use crate::models::SessionWithUser;

/// Checks the guard of an endpoint. A request that passes one other than `None` has a session.
///
/// # Errors
/// `UNAUTHORIZED`, `SESSION_NOT_FRESH`, `FAILED_TO_GET_SESSION`.
pub fn admit(cx: &mut Context<'_>, guard: Guard) -> Result<(), AuthError> {
    let found = match guard {
        Guard::None => return Ok(()),
        Guard::Session => find_session(cx)?,
        Guard::Sensitive | Guard::Fresh => look_up_session(cx)?,
    };
    let Some(found) = found else {
        return Err(codes::UNAUTHORIZED.into());
    };
    if guard == Guard::Fresh && !sessions::is_fresh(cx.instance(), &found.session) {
        return Err(codes::SESSION_NOT_FRESH.into());
    }
    cx.session = Some(found);
    Ok(())
}

/// The session of this request, and sets the cookies that follow from it. Uses the cookie cache if
/// it is valid and the request only reads.
///
/// # Errors
/// `FAILED_TO_GET_SESSION` if it was revoked while it was being extended.
pub fn find_session(cx: &mut Context<'_>) -> Result<Option<SessionWithUser>, AuthError> {
    match find_copy(cx)? {
        Some(found) => Ok(Some(found)),
        None => look_up_session(cx),
    }
}

/// The session of this request from the database, and sets the cookies that follow from it.
pub fn look_up_session(cx: &mut Context<'_>) -> Result<Option<SessionWithUser>, AuthError> {
    let Some(token) = cx.session_token()? else {
        cx.clear_session_data();
        return Ok(None);
    };
    let extend = may_extend(cx)?;
    cx.copied = None;
    match sessions::find(cx.instance(), &token, extend) {
        Ok(SessionLookup::Alive(found)) => {
            cx.clear_session_data();
            if extend {
                cx.cache_session(&found, true)?;
            }
            Ok(Some(found))
        }
        Ok(SessionLookup::Extended(found)) => {
            cx.set_session_cookie(&found, true)?;
            cx.clear_session_data();
            Ok(Some(found))
        }
        Ok(SessionLookup::Dead) => {
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

/// A session that was read without being extended.
pub struct UnextendedSession {
    /// The session and its user.
    pub found: SessionWithUser,
    /// Whether it is due for extension; `None` if the request does not ask.
    pub needs_refresh: Option<bool>,
}

/// Reads the session of this request without writing to the database
/// (`session.deferSessionRefresh`, [contract 5]).
pub fn peek_session(cx: &mut Context<'_>) -> Result<Option<UnextendedSession>, AuthError> {
    if let Some(found) = find_copy(cx)? {
        return Ok(Some(UnextendedSession { found, needs_refresh: None }));
    }
    let Some(token) = cx.session_token()? else {
        cx.clear_session_data();
        return Ok(None);
    };
    let Some((found, is_due)) = sessions::peek(cx.instance(), &token)? else {
        cx.clear_session_cookies();
        return Ok(None);
    };
    cx.clear_session_data();
    if !may_extend(cx)? {
        return Ok(Some(UnextendedSession { found, needs_refresh: None }));
    }
    cx.cache_session(&found, true)?;
    Ok(Some(UnextendedSession { found, needs_refresh: Some(is_due) }))
}

/// The session in the cookie cache, unless the request asks for the database or may write: the copy
/// may belong to a revoked session.
fn find_copy(cx: &mut Context<'_>) -> Result<Option<SessionWithUser>, AuthError> {
    let is_enabled = cx.instance().config().session.cookie_cache.enabled;
    if !is_enabled || !cx.method().is_safe() || is_set(cx, "disableCookieCache") {
        return Ok(None);
    }
    match cx.session_token()? {
        Some(token) => cx.cached_session(&token),
        None => Ok(None),
    }
}

/// Whether a session that is due may be extended; if not, it is not cached either.
fn may_extend(cx: &Context<'_>) -> Result<bool, AuthError> {
    Ok(!is_set(cx, "disableRefresh") && !cx.is_not_remembered()?)
}

/// A switch in the query follows JavaScript: any non-empty string is true, including "false"
/// [contract 1.4].
fn is_set(cx: &Context<'_>, name: &str) -> bool {
    cx.query(name).is_some_and(|value| !value.is_empty())
}
