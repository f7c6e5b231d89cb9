//! Sessions: created at sign-in, extended by use, ended by sign-out or revocation [contract 5].

use std::time::Duration;

use serde_json::Map;
use serde_json::Value;

use crate::api::challenge;
use crate::api::fields;
use crate::api::fields::WrittenBy;
use crate::api::lifetime;
use crate::api::limits;
use crate::api::session_store::Revoking;
use crate::api::session_store::Store;
use crate::crypto::random;
use crate::database::Tx;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Caller;
use crate::instance::EventKind;
use crate::instance::Instance;
use crate::models::Session;
use crate::models::SessionWithUser;
use crate::models::User;
use crate::models::session::SessionFilter;
use crate::rows::Additional;
use crate::rows::Page;

/// The result of looking up a token.
#[derive(Debug)]
pub enum SessionLookup {
    /// A live session.
    Alive(SessionWithUser),
    /// A live session that was just extended; the cookie must be sent again.
    Extended(SessionWithUser),
    /// No session: unknown, revoked or expired.
    Dead,
}

/// A session begun by a transaction. It must be published after the commit.
#[must_use]
pub struct UnpublishedSession {
    found: SessionWithUser,
    is_copied: bool,
}

impl UnpublishedSession {
    /// The id of the row.
    pub fn id(&self) -> &str {
        &self.found.session.id
    }

    /// Makes the session visible to every server, and returns it with its current user. It may have been revoked since.
    ///
    /// # Errors
    /// `SECONDARY_STORAGE_UNAVAILABLE`; then there is no session.
    pub fn publish(self, instance: &Instance) -> Result<SessionWithUser, AuthError> {
        if self.is_copied { Store::new(instance).publish(self.found) } else { Ok(self.found) }
    }
}

/// Begins a session for a user, in the transaction in which `Instance::admit` succeeded.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    instance: &Instance,
    caller: &Caller<'_>,
    user: &User,
    remember: bool,
) -> Result<UnpublishedSession, AuthError> {
    let lifetime = lifetime::of_new(instance, remember);
    begin_admitted(tx, instance, caller, &NewSession { user, lifetime, fields: Map::new() })
}

/// A session to begin.
#[derive(Debug)]
pub struct NewSession<'a> {
    /// The user.
    pub user: &'a User,
    /// The lifetime. Close to `session.expiresIn` the session is extended by use, unless a plugin's hook forbids it.
    pub lifetime: Duration,
    /// Values of additional fields by name.
    pub fields: Map<String, Value>,
}

/// Begins a session, if plugins let the user have one.
pub fn begin(
    tx: &mut Tx<'_>,
    instance: &Instance,
    caller: &Caller<'_>,
    new: &NewSession<'_>,
) -> Result<UnpublishedSession, AuthError> {
    instance.admit(tx, caller, new.user)?;
    begin_admitted(tx, instance, caller, new)
}

/// Begins a session for a user whom plugins have let in. Every session begins here.
fn begin_admitted(
    tx: &mut Tx<'_>,
    instance: &Instance,
    caller: &Caller<'_>,
    new: &NewSession<'_>,
) -> Result<UnpublishedSession, AuthError> {
    let now = tx.now();
    let (NewSession { user, lifetime, fields }, client) = (new, caller.from());
    let declared = &instance.config().session.additional_fields;
    let mut additional = fields::defaults(declared);
    fields::apply(declared, &mut additional, fields);
    let mut session = Session {
        id: random::id(),
        user_id: user.id.clone(),
        token: random::token(),
        expires_at: now.after(*lifetime),
        created_at: now,
        updated_at: now,
        ip_address: Some(client.ip_address.clone()),
        user_agent: Some(limits::SESSION_USER_AGENT.cut(&client.user_agent).to_owned()),
        additional,
    };
    instance.before_session_insert(tx, &mut session)?;
    let is_copied = Store::new(instance).insert(tx, &mut session)?;
    Ok(UnpublishedSession { found: SessionWithUser { session, user: (*user).clone() }, is_copied })
}

/// Updates a changed user in all copies of sessions; after the commit.
///
/// # Errors
/// `SECONDARY_STORAGE_UNAVAILABLE`: the change is stored, but live sessions do not show it yet.
pub(super) fn refresh(instance: &Instance, user: &User) -> Result<(), AuthError> {
    Store::new(instance).refresh(&user.id)
}

/// Revokes every session of a user in the current transaction, and returns how many there were.
///
/// # Errors
/// `SECONDARY_STORAGE_UNAVAILABLE`, or a database error; then the transaction must fail.
pub fn end_all(
    tx: &mut Tx<'_>,
    instance: &Instance,
    caller: &Caller<'_>,
    user_id: &str,
) -> Result<u64, AuthError> {
    challenge::void(tx, instance, user_id)?;
    let count = Store::new(instance).delete_of_user(tx, user_id)?;
    if 0 < count {
        let kind = EventKind::SessionsRevoked { session_id: None, count };
        instance.emit(tx, caller, Some(user_id), kind)?;
    }
    Ok(count)
}

/// Revokes the sessions with this value of an additional field in the current transaction. Without rows in the database
/// (`secondaryStorage`) they cannot be found, and expire by themselves.
pub fn end_by(
    tx: &mut Tx<'_>,
    instance: &Instance,
    field: &str,
    value: &str,
) -> Result<(), AuthError> {
    Store::new(instance).delete_by(tx, field, value)
}

/// As [`end_all`], for a user to be deleted.
pub(super) fn end_for_good(
    tx: &mut Tx<'_>,
    instance: &Instance,
    user_id: &str,
) -> Result<(), AuthError> {
    Store::new(instance).delete_for_good(tx, user_id)
}

/// Looks up a token; `extend` allows extending a session that is due. If the extension cannot be written, as on a full
/// disk, the session is returned unchanged.
///
/// # Errors
/// `FAILED_TO_GET_SESSION` when the session is revoked at the same moment.
pub fn find(instance: &Instance, token: &str, extend: bool) -> Result<SessionLookup, AuthError> {
    let now = instance.database().clock().now();
    let store = Store::new(instance);
    let Some(mut found) = store.find_with_user(token)? else {
        return Ok(SessionLookup::Dead);
    };
    if found.session.expires_at < now {
        store.delete_expired(token).unwrap_or_else(|error| warn_not_written("removed", &error));
        return Ok(SessionLookup::Dead);
    }
    if !instance.accepts_session(&found, now)? {
        return Ok(SessionLookup::Dead);
    }
    if !extend || !lifetime::is_due(instance, &found.session, now) {
        return Ok(SessionLookup::Alive(found));
    }
    let expires_at = now.after(instance.config().session.expires_in);
    match store.extend(&found.session, expires_at) {
        Ok(Some(extended)) => {
            found.session = extended;
            Ok(SessionLookup::Extended(found))
        }
        Ok(None) => Err(codes::FAILED_TO_GET_SESSION.into()),
        Err(error) => {
            warn_not_written("extended", &error);
            Ok(SessionLookup::Alive(found))
        }
    }
}

/// Logs a failed write that the current read does not depend on.
fn warn_not_written(action: &str, error: &AuthError) {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    tracing::warn!(code = error.code().name, cause, "a session could not be {action}");
}

/// Looks up a token without writing: an expired session stays stored. Returns the session if it is alive, and whether
/// it is due to be extended.
pub fn peek(
    instance: &Instance,
    token: &str,
) -> Result<Option<(SessionWithUser, bool)>, AuthError> {
    let now = instance.database().clock().now();
    let Some(found) = Store::new(instance).find_with_user(token)? else { return Ok(None) };
    if found.session.expires_at < now || !instance.accepts_session(&found, now)? {
        return Ok(None);
    }
    let is_due = lifetime::is_due(instance, &found.session, now);
    Ok(Some((found, is_due)))
}

/// The session with this token and its user as of this transaction; `None` when it has ended.
pub(super) fn find_live(
    tx: &mut Tx<'_>,
    instance: &Instance,
    token: &str,
) -> Result<Option<SessionWithUser>, AuthError> {
    let Some(found) = Store::new(instance).find_in(tx, token)? else { return Ok(None) };
    let is_live =
        tx.now() <= found.session.expires_at && instance.accepts_session_in(tx, &found)?;
    Ok(is_live.then_some(found))
}

/// Fails if the session has ended since the request was authenticated; returns its user as of this transaction.
///
/// # Errors
/// `UNAUTHORIZED`.
pub fn require_live(
    tx: &mut Tx<'_>,
    instance: &Instance,
    session: &Session,
) -> Result<User, AuthError> {
    let found = find_live(tx, instance, &session.token)?;
    found.map(|found| found.user).ok_or_else(|| codes::UNAUTHORIZED.into())
}

/// Sets additional fields of a session and returns it.
///
/// # Errors
/// `FIELD_NOT_ALLOWED`, `VALIDATION_ERROR`, `FAILED_TO_GET_SESSION` when it is gone, `BAD_REQUEST` for an empty update.
pub fn update(
    instance: &Instance,
    token: &str,
    given: &Map<String, Value>,
    written_by: WrittenBy,
) -> Result<Session, AuthError> {
    let fields = &instance.config().session.additional_fields;
    let changes = fields::changes(fields, given, written_by)?;
    if changes.is_empty() {
        return Err(fields::nothing_to_update());
    }
    let nothing = Additional::default();
    let mut changed = nothing.clone();
    fields::apply(fields, &mut changed, &changes);
    fields::check_lengths(fields, &nothing, &changed)?;
    let apply = |session: &mut Session| fields::apply(fields, &mut session.additional, &changes);
    let updated = Store::new(instance).update(token, apply)?;
    updated.ok_or_else(|| codes::FAILED_TO_GET_SESSION.into())
}

/// Whether the user signed in recently enough for a sensitive action without another proof. A session that began in the
/// future, because the clock was set back, does not count.
pub fn is_fresh(instance: &Instance, session: &Session) -> bool {
    let fresh_age = instance.config().session.fresh_age;
    let now = instance.database().clock().now();
    let began = session.created_at;
    fresh_age.is_zero() || (now < began.after(fresh_age) && began < now.after(fresh_age))
}

/// All live sessions of a user, newest first.
pub fn list_own(instance: &Instance, user_id: &str) -> Result<Vec<Session>, AuthError> {
    let filter = SessionFilter {
        user_id: Some(user_id.to_owned()),
        alive_at: Some(instance.database().clock().now()),
        ..SessionFilter::default()
    };
    list(instance, &filter, Page { limit: u32::MAX, offset: 0 })
}

/// Revokes the session with this id or token if it belongs to this user; does not reveal whether it did.
pub fn revoke_own(
    instance: &Instance,
    id_or_token: &str,
    user_id: &str,
    caller: &Caller<'_>,
) -> Result<(), AuthError> {
    let own = list_own(instance, user_id)?;
    let is_named = |session: &&Session| session.id == id_or_token || session.token == id_or_token;
    let named = own.iter().find(is_named);
    let token = named.map_or(id_or_token, |session| &session.token);
    let session_id = named.map(|session| session.id.as_str());
    let revoking = Revoking { caller, rechecks: true, user_id: Some(user_id), session_id };
    Store::new(instance).delete_own(token, user_id, &revoking)
}

/// Revokes every session of a user but the one with this token, and their open challenges.
pub fn revoke_others(
    instance: &Instance,
    user_id: &str,
    token: &str,
    caller: &Caller<'_>,
) -> Result<(), AuthError> {
    let revoking = Revoking { caller, rechecks: true, user_id: Some(user_id), session_id: None };
    Store::new(instance).delete_others(user_id, token, &revoking)?;
    if instance.challenges().next().is_none() {
        return Ok(());
    }
    instance.database().write(|tx| challenge::void(tx, instance, user_id))
}

/// Signs out: revokes the session with this token, whatever the caller; `false` if there was none.
pub fn revoke(instance: &Instance, token: &str, caller: &Caller<'_>) -> Result<bool, AuthError> {
    let store = Store::new(instance);
    // Only a listener needs the session's user.
    let found = if instance.has_listeners() { store.find_with_user(token)? } else { None };
    let found = found.as_ref().map(|found| &found.session);
    let (user_id, session_id) = found.map(|found| (&*found.user_id, &*found.id)).unzip();
    store.delete(token, &Revoking { caller, rechecks: false, user_id, session_id })
}

/// Revokes the session with this id or token and returns it.
pub fn revoke_by_id_or_token(
    instance: &Instance,
    id_or_token: &str,
    caller: &Caller<'_>,
) -> Result<Option<Session>, AuthError> {
    let store = Store::new(instance);
    let Some(found) = store.find(id_or_token)? else { return Ok(None) };
    let (user_id, session_id) = (Some(&*found.user_id), Some(&*found.id));
    let revoking = Revoking { caller, rechecks: true, user_id, session_id };
    let is_gone = store.delete(&found.token, &revoking)? || store.delete_row(&found, &revoking)?;
    Ok(is_gone.then_some(found))
}

/// Revokes every session of a user and returns how many there were.
pub fn revoke_all(
    instance: &Instance,
    user_id: &str,
    caller: &Caller<'_>,
) -> Result<u64, AuthError> {
    instance.database().write(|tx| {
        caller.recheck(tx)?;
        end_all(tx, instance, caller, user_id)
    })
}

/// Revokes every session of every user and returns how many there were.
pub fn revoke_all_users(instance: &Instance, caller: &Caller<'_>) -> Result<u64, AuthError> {
    if instance.challenges().next().is_some() {
        instance.database().write(|tx| {
            caller.recheck(tx)?;
            challenge::void_all(tx, instance)
        })?;
    }
    let revoking = Revoking { caller, rechecks: true, user_id: None, session_id: None };
    Store::new(instance).delete_all(&revoking)
}

/// One page of sessions.
pub fn list(
    instance: &Instance,
    filter: &SessionFilter,
    page: Page,
) -> Result<Vec<Session>, AuthError> {
    Store::new(instance).list(filter, page)
}

/// The number of sessions that match the filter; takes time in proportion.
pub fn count(instance: &Instance, filter: &SessionFilter) -> Result<u64, AuthError> {
    Store::new(instance).count(filter)
}

/// The session with this id or token.
pub fn find_by_id_or_token(
    instance: &Instance,
    id_or_token: &str,
) -> Result<Option<Session>, AuthError> {
    Store::new(instance).find(id_or_token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::lifetime::is_due;
    use crate::api::lifetime::is_remembered;
    use crate::config::Config;
    use crate::database::Clock;
    use crate::database::Timestamp;

    const MINUTE: i64 = 60_000;
    const DAY: i64 = 24 * 60 * MINUTE;
    const NOW: i64 = 10_000 * DAY;

    fn instance(change: impl FnOnce(&mut Config)) -> (tempfile::TempDir, Instance) {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.database.url = format!("sqlite:{}", folder.path().join("a.db").display()).into();
        change(&mut config);
        let clock = Clock::fixed(Timestamp::from_millis(NOW));
        (folder, Instance::of_the_core(config, clock))
    }

    /// A session with these times, in milliseconds from now.
    fn session(created: i64, updated: i64, expires: i64) -> Session {
        let [created_at, updated_at, expires_at] =
            [created, updated, expires].map(|time| Timestamp::from_millis(NOW + time));
        Session {
            id: "s".to_owned(),
            user_id: "u".to_owned(),
            token: "t".to_owned(),
            expires_at,
            created_at,
            updated_at,
            ip_address: None,
            user_agent: None,
            additional: fields::defaults(&Config::default().session.additional_fields),
        }
    }

    #[test]
    fn a_session_is_fresh_for_less_than_a_day_on_either_side_of_now() {
        let (_folder, one_day) = instance(|_| {});
        let (_other, always) = instance(|config| config.session.fresh_age = Duration::ZERO);
        for (began, expected) in
            [(-DAY, false), (1 - DAY, true), (0, true), (DAY - 1, true), (DAY, false)]
        {
            let session = session(began, began, began + 7 * DAY);
            assert_eq!(is_fresh(&one_day, &session), expected, "{began}");
            assert!(is_fresh(&always, &session), "{began}");
        }
    }

    #[test]
    fn a_session_is_remembered_if_its_row_has_the_whole_lifetime_within_five_minutes() {
        let (_folder, instance) = instance(|_| {});
        for (updated, expires, expected) in [
            (0, 7 * DAY, true),
            (DAY, 8 * DAY, true),
            (DAY, 7 * DAY, true),
            (0, 7 * DAY + 5 * MINUTE, true),
            (0, 7 * DAY + 5 * MINUTE + 1, false),
            (0, 7 * DAY - 5 * MINUTE, true),
            (0, 7 * DAY - 5 * MINUTE - 1, false),
            (0, DAY, false),
        ] {
            let session = session(0, updated, expires);
            assert_eq!(is_remembered(&instance, &session), expected, "{updated} {expires}");
        }
    }

    #[test]
    fn a_remembered_session_is_due_a_day_after_it_was_extended() {
        let (_folder, extends) = instance(|_| {});
        let (_other, never) = instance(|config| config.session.disable_session_refresh = true);
        let now = Timestamp::from_millis(NOW);
        for (updated, lifetime, expected) in
            [(-DAY, 7 * DAY, true), (1 - DAY, 7 * DAY, false), (-DAY, 2 * DAY, false)]
        {
            let session = session(updated, updated, updated + lifetime);
            assert_eq!(is_due(&extends, &session, now), expected, "{updated} {lifetime}");
            assert!(!is_due(&never, &session, now));
        }
    }
}
