//! Being somebody else for a while: an administrator gets a session of theirs, and their own back.

use serde_json::Map;
use serde_json::Value;

use crate::api::recheck::Recheck;
use crate::api::sessions;
use crate::api::sessions::Client;
use crate::api::sessions::NewSession;
use crate::database::Tx;
use crate::error::AuthError;
use crate::error::codes as core_codes;
use crate::http::Context;
use crate::http::Reply;
use crate::instance::Instance;
use crate::models::SessionWithUser;
use crate::models::User;
use crate::plugins::admin::Admin;
use crate::plugins::admin::codes;

const BY: &str = "impersonatedBy";

/// Begins a session of another user for an administrator.
pub(super) fn begin(
    instance: &Instance,
    by: &User,
    user_id: &str,
    client: &Client,
    recheck: Recheck<'_>,
) -> Result<SessionWithUser, AuthError> {
    let admin = Admin::of(instance)?;
    let lifetime = admin.options.impersonation_session_duration;
    let begun = instance.database().write(|tx| {
        recheck(tx)?;
        let Some(user) = instance.users().find(tx, user_id)? else {
            return Err(codes::USER_NOT_FOUND.into());
        };
        let may_be_admins = admin.options.allow_impersonating_admins
            || admin.allows_one(by, "user", "impersonate-admins");
        if admin.is_admin(&user) && !may_be_admins {
            return Err(codes::CANNOT_IMPERSONATE_ADMINS.into());
        }
        let fields = Map::from_iter([(BY.to_owned(), Value::from(by.id.as_str()))]);
        let new = NewSession { user: &user, client, lifetime, fields };
        sessions::begin(tx, instance, &new)
    })?;
    begun.publish(instance)
}

/// Ends an impersonation and answers the administrator's own session, which must still be theirs and alive.
pub(super) fn stop(
    instance: &Instance,
    current: &SessionWithUser,
    own_token: &str,
) -> Result<SessionWithUser, AuthError> {
    let Some(by) = current.session.additional.text(BY) else {
        return Err(codes::NOT_IMPERSONATING.into());
    };
    let own = sessions::peek(instance, own_token)?.map(|(found, _)| found);
    let Some(own) = own.filter(|own| own.user.id == by) else {
        return Err(not_found());
    };
    sessions::revoke(instance, &current.session.token)?;
    Ok(own)
}

/// What is said when there is no session to come back to, as upstream says it.
fn not_found() -> AuthError {
    AuthError::new(core_codes::INTERNAL_SERVER_ERROR).with_message("Failed to find admin session")
}

/// Ends the sessions in which a user is somebody else.
pub(super) fn end(tx: &mut Tx<'_>, instance: &Instance, user_id: &str) -> Result<(), AuthError> {
    sessions::end_by(tx, instance, BY, user_id)
}

/// Leaves sessions in which somebody else is the user out of the list.
pub(super) fn hide(_: &mut Context<'_>, reply: Reply) -> Result<Reply, AuthError> {
    reply.map_json(|mut list| {
        if let Some(sessions) = list.as_array_mut() {
            sessions.retain(|session| session.get(BY).is_none_or(Value::is_null));
        }
        list
    })
}
