//! Bans: a banned user has no sessions and cannot sign in until the ban expires.

use std::time::Duration;

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::api::fields::WrittenBy;
use crate::api::sessions;
use crate::api::users;
use crate::api::users::UserChanges;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Caller;
use crate::instance::EventKind;
use crate::instance::Instance;
use crate::models::SessionWithUser;
use crate::models::User;
use crate::models::user;
use crate::plugins::admin::Admin;
use crate::plugins::admin::impersonation;
use crate::rows::FieldOf;

pub(super) const BANNED: FieldOf<bool> = FieldOf::new("banned");
pub(super) const REASON: FieldOf<String> = FieldOf::new("banReason");
pub(super) const EXPIRES: FieldOf<Timestamp> = FieldOf::new("banExpires");

/// A ban to be imposed.
pub(super) struct Ban<'a> {
    /// The reason; the default is in the configuration.
    pub(super) reason: Option<&'a str>,
    /// When it expires; the default is in the configuration.
    pub(super) until: Option<Timestamp>,
}

/// Bans a user; revokes the sessions in the same transaction.
pub(super) fn ban(
    instance: &Instance,
    user_id: &str,
    ban: &Ban<'_>,
    caller: &Caller<'_>,
) -> Result<User, AuthError> {
    let options = &Admin::of(instance)?.options;
    let reason = ban.reason.filter(|reason| !reason.is_empty());
    let now = instance.database().clock().now();
    let until = ban.until.or(options.default_ban_expires_in.map(|span| now.after(span)));
    let reason = reason.unwrap_or(&options.default_ban_reason);
    let until = until.map(|until| until.to_string());
    set(instance, user_id, [true.into(), reason.into(), until.into()], caller)
}

/// Lifts a ban.
pub(super) fn unban(
    instance: &Instance,
    user_id: &str,
    caller: &Caller<'_>,
) -> Result<User, AuthError> {
    Admin::of(instance)?;
    set(instance, user_id, [false.into(), Value::Null, Value::Null], caller)
}

fn set(
    instance: &Instance,
    user_id: &str,
    values: [Value; 3],
    caller: &Caller<'_>,
) -> Result<User, AuthError> {
    let names = [BANNED.name, REASON.name, EXPIRES.name].map(str::to_owned);
    let additional: Map<String, Value> = names.into_iter().zip(values).collect();
    let changes = UserChanges { additional, ..UserChanges::default() };
    users::update(instance, user_id, &changes, WrittenBy::Server, caller)
}

/// When a ban of this many seconds expires; limited to valid dates.
pub(super) fn until(now: Timestamp, seconds: f64) -> Timestamp {
    const CENTURIES: f64 = 5.0 * 100.0 * 365.0 * 24.0 * 60.0 * 60.0;
    let span = Duration::from_secs_f64(seconds.abs().min(CENTURIES));
    if seconds < 0.0 { now.before(span) } else { now.after(span) }
}

fn is_banned(user: &User, now: Timestamp) -> bool {
    has_ban(user) && user.additional.read(&EXPIRES).is_none_or(|expires| now <= expires)
}

/// Whether the user has a ban, expired or not.
fn has_ban(user: &User) -> bool {
    user.additional.read(&BANNED) == Some(true)
}

/// After a change of a ban: revokes the sessions of a banned user, including those in which the
/// user impersonates others.
pub(super) fn change(
    tx: &mut Tx<'_>,
    instance: &Instance,
    caller: &Caller<'_>,
    (was, user): (&User, &User),
) -> Result<(), AuthError> {
    let name = match (has_ban(was), has_ban(user)) {
        (false, true) => "user.banned",
        (true, false) => "user.unbanned",
        _ => return Ok(()),
    };
    if has_ban(user) {
        sessions::end_all(tx, instance, caller, &user.id)?;
        impersonation::end(tx, instance, &user.id)?;
    }
    let (reason, expires) = (user.additional.read(&REASON), user.additional.read(&EXPIRES));
    let details = json!({ "reason": reason, "expires": expires });
    let kind = EventKind::OfPlugin { name, details: &details };
    instance.emit(tx, caller, Some(&user.id), kind)
}

/// Refuses a session to a banned user; lifts a ban that has expired.
pub(super) fn refuse(
    tx: &mut Tx<'_>,
    instance: &Instance,
    caller: &Caller<'_>,
    user: &User,
) -> Result<(), AuthError> {
    if !has_ban(user) {
        return Ok(());
    }
    if is_banned(user, tx.now()) {
        let message = Admin::of(instance)?.options.banned_user_message.clone();
        return Err(AuthError::new(codes::BANNED_USER).with_message(message));
    }
    let mut user = user.clone();
    user.additional.write(&BANNED, Some(false));
    user.additional.write(&REASON, None);
    user.additional.write(&EXPIRES, None);
    user::update(tx, &mut user)?;
    let details = json!({ "expired": true });
    let kind = EventKind::OfPlugin { name: "user.unbanned", details: &details };
    instance.emit(tx, caller, Some(&user.id), kind)
}

/// Whether a session is valid: another server on this database may have banned its user.
pub(super) fn accepts(_: &Instance, found: &SessionWithUser, now: Timestamp) -> bool {
    !is_banned(&found.user, now)
}
