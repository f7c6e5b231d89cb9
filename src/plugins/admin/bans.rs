//! Bans: a banned user begins no session, has none, and is let in again when the ban is over.

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
use crate::instance::Caller;
use crate::instance::EventKind;
use crate::instance::Instance;
use crate::models::SessionWithUser;
use crate::models::User;
use crate::models::user;
use crate::plugins::admin::Admin;
use crate::plugins::admin::codes;
use crate::plugins::admin::impersonation;

/// A ban to be spoken.
pub(super) struct Ban<'a> {
    /// Why; the configuration knows a reason where this is empty.
    pub(super) reason: Option<&'a str>,
    /// Until when; `None` leaves it to the configuration.
    pub(super) until: Option<Timestamp>,
}

/// Bans a user; their sessions end in the same transaction.
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
    set(
        instance,
        user_id,
        [
            ("banned", true.into()),
            ("banReason", reason.unwrap_or(&options.default_ban_reason).into()),
            ("banExpires", until.map(|until| until.to_string()).into()),
        ],
        caller,
    )
}

/// Takes a ban back.
pub(super) fn unban(
    instance: &Instance,
    user_id: &str,
    caller: &Caller<'_>,
) -> Result<User, AuthError> {
    let nothing = Value::Null;
    set(
        instance,
        user_id,
        [("banned", false.into()), ("banReason", nothing.clone()), ("banExpires", nothing)],
        caller,
    )
}

fn set(
    instance: &Instance,
    user_id: &str,
    fields: [(&str, Value); 3],
    caller: &Caller<'_>,
) -> Result<User, AuthError> {
    let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value));
    let additional: Map<String, Value> = fields.collect();
    let changes = UserChanges { additional, ..UserChanges::default() };
    users::update(instance, user_id, &changes, WrittenBy::Server, caller)
}

/// The end of a ban of so many seconds; spans beyond what a date can hold are cut.
pub(super) fn until(now: Timestamp, seconds: f64) -> Timestamp {
    const CENTURIES: f64 = 5.0 * 100.0 * 365.0 * 24.0 * 60.0 * 60.0;
    let span = Duration::from_secs_f64(seconds.abs().min(CENTURIES));
    if seconds < 0.0 { now.before(span) } else { now.after(span) }
}

fn is_banned(user: &User, now: Timestamp) -> bool {
    let expires = user.additional.text("banExpires").and_then(Timestamp::parse);
    user.additional.get("banned") == Some(&Value::Bool(true))
        && expires.is_none_or(|expires| now <= expires)
}

/// A ban or its end: sessions of a user who is being banned are revoked, those in which they are somebody else included.
pub(super) fn change(
    tx: &mut Tx<'_>,
    instance: &Instance,
    caller: &Caller<'_>,
    (was, user): (&User, &User),
) -> Result<(), AuthError> {
    let banned = |user: &User| user.additional.get("banned") == Some(&Value::Bool(true));
    let name = match (banned(was), banned(user)) {
        (false, true) => "user.banned",
        (true, false) => "user.unbanned",
        _ => return Ok(()),
    };
    if banned(user) {
        sessions::end_all(tx, instance, caller, &user.id)?;
        impersonation::end(tx, instance, &user.id)?;
    }
    let value = |field| user.additional.get(field).cloned().unwrap_or_default();
    let details = json!({ "reason": value("banReason"), "expires": value("banExpires") });
    let kind = EventKind::OfPlugin { name, details: &details };
    instance.emit(tx, caller, Some(&user.id), kind)
}

/// Begins no session for a banned user; one whose ban is over is not banned any more.
pub(super) fn refuse(tx: &mut Tx<'_>, instance: &Instance, user: &User) -> Result<(), AuthError> {
    let Some(mut user) = user::find(tx, &user.id)? else {
        return Ok(());
    };
    if user.additional.get("banned") != Some(&Value::Bool(true)) {
        return Ok(());
    }
    if is_banned(&user, tx.now()) {
        let message = Admin::of(instance)?.options.banned_user_message.clone();
        return Err(AuthError::new(codes::BANNED_USER).with_message(message));
    }
    user.additional.set("banned", false);
    user.additional.set("banReason", Value::Null);
    user.additional.set("banExpires", Value::Null);
    user::update(tx, &mut user)?;
    Ok(())
}

/// Whether a session counts: another server on this database may have banned its user.
pub(super) fn accepts(_: &Instance, found: &SessionWithUser, now: Timestamp) -> bool {
    !is_banned(&found.user, now)
}
