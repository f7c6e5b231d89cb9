//! Impersonation: an administrator gets a temporary session of another user, and returns to the own
//! session.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::api::sessions;
use crate::api::sessions::NewSession;
use crate::database::Tx;
use crate::error::AuthError;
use crate::error::codes as core_codes;
use crate::http::Context;
use crate::http::Reply;
use crate::instance::Caller;
use crate::instance::EventKind;
use crate::instance::Instance;
use crate::models::Session;
use crate::models::SessionWithUser;
use crate::models::User;
use crate::models::user;
use crate::plugins::admin::Admin;
use crate::plugins::admin::codes;

const BY: &str = "impersonatedBy";

/// Creates a session of another user for an administrator.
pub(super) fn begin(
    instance: &Instance,
    by: &User,
    user_id: &str,
    caller: &Caller<'_>,
) -> Result<SessionWithUser, AuthError> {
    let admin = Admin::of(instance)?;
    let lifetime = admin.options.impersonation_session_duration;
    let begun = instance.database().write(|tx| {
        caller.recheck(tx)?;
        let Some(user) = user::find(tx, user_id)? else {
            return Err(codes::USER_NOT_FOUND.into());
        };
        if !allows_target(admin, by, &user) {
            return Err(codes::CANNOT_IMPERSONATE_ADMINS.into());
        }
        let fields = Map::from_iter([(BY.to_owned(), Value::from(by.id.as_str()))]);
        let new = NewSession { user: &user, lifetime, fields };
        let begun = sessions::begin(tx, instance, caller, &new)?;
        let details = json!({ "sessionId": begun.id() });
        let kind = EventKind::OfPlugin { name: "session.impersonated", details: &details };
        instance.emit(tx, caller, Some(user_id), kind)?;
        Ok::<_, AuthError>(begun)
    })?;
    begun.publish(instance)
}

/// Whether a caller with the permission `impersonate` may impersonate this user.
fn allows_target(admin: &Admin, by: &User, user: &User) -> bool {
    !admin.is_admin(user)
        || admin.options.allow_impersonating_admins
        || admin.allows_one(by, "user", "impersonate-admins")
}

/// The active sessions of a user, for an administrator. A session token allows what an
/// impersonation does, so only a caller who may impersonate this user gets it. Other callers get
/// the id in its place, which is enough for revoking.
pub(super) fn list(
    instance: &Instance,
    by: &SessionWithUser,
    user_id: &str,
) -> Result<Vec<Session>, AuthError> {
    let admin = Admin::of(instance)?;
    let mut sessions = sessions::list_own(instance, user_id)?;
    let shows_tokens = !is_impersonation(&by.session)
        && admin.allows_one(&by.user, "user", "impersonate")
        && instance
            .database()
            .read(|tx| user::find(tx, user_id))?
            .is_some_and(|user| allows_target(admin, &by.user, &user));
    if !shows_tokens {
        for session in &mut sessions {
            session.token.clone_from(&session.id);
        }
    }
    Ok(sessions)
}

/// Whether this session is an impersonation, which is never extended.
pub(super) fn is_impersonation(session: &Session) -> bool {
    impersonator(session).is_some()
}

/// The id of the administrator who impersonates in this session.
pub(super) fn impersonator(session: &Session) -> Option<&str> {
    session.additional.text(BY)
}

/// Ends an impersonation and returns the administrator's own session, which must still be valid.
pub(super) fn stop(
    instance: &Instance,
    current: &SessionWithUser,
    own_token: &str,
    caller: &Caller<'_>,
) -> Result<SessionWithUser, AuthError> {
    let Some(by) = impersonator(&current.session) else {
        return Err(codes::NOT_IMPERSONATING.into());
    };
    let own = sessions::peek(instance, own_token)?.map(|(found, _)| found);
    let Some(own) = own.filter(|own| own.user.id == by) else {
        return Err(not_found());
    };
    sessions::revoke(instance, &current.session.token, caller)?;
    Ok(own)
}

/// The error if the administrator's session no longer exists, with Better Auth's message.
fn not_found() -> AuthError {
    AuthError::new(core_codes::INTERNAL_SERVER_ERROR).with_message("Failed to find admin session")
}

/// Revokes the sessions in which a user impersonates others.
pub(super) fn end(tx: &mut Tx<'_>, instance: &Instance, user_id: &str) -> Result<(), AuthError> {
    sessions::end_by(tx, instance, BY, user_id)
}

/// Removes impersonations from a user's list of sessions. An impersonator gets ids instead of
/// tokens: with a token of the user, access would continue after the impersonation.
pub(super) fn hide(cx: &mut Context<'_>, reply: Reply) -> Result<Reply, AuthError> {
    let is_impersonation = is_impersonation(&cx.signed_in()?.session);
    reply.map_json(|mut list| {
        let Some(sessions) = list.as_array_mut() else { return list };
        sessions.retain(|session| session.get(BY).is_none_or(Value::is_null));
        for session in sessions.iter_mut().filter_map(Value::as_object_mut) {
            if is_impersonation && let Some(id) = session.get("id").cloned() {
                session.insert("token".to_owned(), id);
            }
        }
        list
    })
}
