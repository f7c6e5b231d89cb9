//! The password of a user: confirmed, changed, set [contract 8.3].

use crate::api::attempts::FailureOutcome;
use crate::api::challenge;
use crate::api::credentials::find_unchanged;
use crate::api::credentials::hash;
use crate::api::credentials::insert;
use crate::api::credentials::verify;
use crate::api::lockout;
use crate::api::password_policy::check_new;
use crate::api::password_policy::check_not_too_long;
use crate::api::reset_links;
use crate::api::sessions;
use crate::crypto::Secret;
use crate::database::Tx;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Caller;
use crate::instance::EventKind;
use crate::instance::Instance;
use crate::models::Session;
use crate::models::User;
use crate::models::account;
use crate::models::account::Credential;
use crate::models::user;

/// Checks the password of a signed-in user and returns the hash that it was verified against, for
/// [`require_unchanged`].
///
/// # Errors
/// `PASSWORD_TOO_LONG`, `CREDENTIAL_ACCOUNT_NOT_FOUND`, `INVALID_PASSWORD`, `ACCOUNT_TEMPORARILY_LOCKED`,
/// `SERVER_BUSY`.
pub fn confirm(
    instance: &Instance,
    user_id: &str,
    password: &Secret,
    caller: &Caller<'_>,
) -> Result<Secret, AuthError> {
    check_not_too_long(instance, password)?;
    let attempts = lockout::of_user(instance, user_id);
    let found = instance.database().read(|tx| {
        attempts.admit(tx)?;
        Ok::<_, AuthError>(account::find_credential(tx, user_id)?)
    })?;
    let Some(stored) = found.and_then(|credential| credential.password) else {
        return Err(codes::CREDENTIAL_ACCOUNT_NOT_FOUND.into());
    };
    if !verify(instance, password, &stored)? {
        if attempts.fail()? == FailureOutcome::Locked {
            instance.record(caller, Some(user_id), EventKind::Locked);
        }
        return Err(codes::INVALID_PASSWORD.into());
    }
    attempts.succeed()?;
    Ok(stored)
}

/// Fails if the password has changed since it was verified; returns the account that holds it.
///
/// # Errors
/// `INVALID_PASSWORD`.
pub fn require_unchanged(
    tx: &mut Tx<'_>,
    user_id: &str,
    verified: &Secret,
) -> Result<Credential, AuthError> {
    find_unchanged(tx, user_id, verified)?.ok_or_else(|| codes::INVALID_PASSWORD.into())
}

/// A password change requested by the user.
#[derive(Clone, Copy)]
pub struct Change<'a> {
    /// The current password.
    pub current: &'a Secret,
    /// The new password.
    pub new: &'a Secret,
    /// Revokes all sessions of the user and begins a new one for the caller; the value says whether that outlives the
    /// browser.
    pub new_session: Option<bool>,
}

/// Changes the password of a signed-in user; older reset links become void.
///
/// # Errors
/// `PASSWORD_TOO_SHORT`, `PASSWORD_TOO_LONG`, `CREDENTIAL_ACCOUNT_NOT_FOUND`, `INVALID_PASSWORD`,
/// `SERVER_BUSY`, and what `caller` refuses.
pub fn change(
    instance: &Instance,
    user_id: &str,
    change: &Change<'_>,
    caller: &Caller<'_>,
) -> Result<Option<Session>, AuthError> {
    check_new(instance, change.new)?;
    let verified = confirm(instance, user_id, change.current, caller)?;
    let hash = hash(instance, change.new)?;
    let begun = instance.database().write(|tx| {
        caller.recheck(tx)?;
        replace(tx, instance, caller, user_id, (&verified, &hash))?;
        let Some(remember) = change.new_session else {
            return Ok(None);
        };
        let Some(user) = user::find(tx, user_id)? else {
            return Err(codes::USER_NOT_FOUND.into());
        };
        sessions::end_all(tx, instance, caller, user_id)?;
        instance.admit(tx, caller, &user)?;
        Ok::<_, AuthError>(Some(sessions::insert(tx, instance, caller, &user, remember)?))
    })?;
    let session = begun.map(|begun| begun.publish(instance)).transpose()?;
    Ok(session.map(|begun| begun.session))
}

/// Replaces the hash that was verified, and no other.
fn replace(
    tx: &mut Tx<'_>,
    instance: &Instance,
    caller: &Caller<'_>,
    user_id: &str,
    (verified, hash): (&Secret, &Secret),
) -> Result<(), AuthError> {
    let credential = require_unchanged(tx, user_id, verified)?;
    account::set_password(tx, &credential.id, hash)?;
    changed(tx, instance, caller, user_id)
}

/// Sets a user's password, whether there was one or not; older reset links become void. Revokes the user's sessions
/// unless told to keep them, and returns how many.
///
/// # Errors
/// `PASSWORD_TOO_SHORT`, `PASSWORD_TOO_LONG`, `USER_NOT_FOUND`, `SERVER_BUSY`, and what
/// `recheck` refuses.
pub fn set(
    instance: &Instance,
    user_id: &str,
    password: &Secret,
    keep_sessions: bool,
    caller: &Caller<'_>,
) -> Result<u64, AuthError> {
    check_new(instance, password)?;
    let hash = hash(instance, password)?;
    instance.require_migrated()?;
    instance.database().write(|tx| {
        caller.recheck(tx)?;
        let Some(user) = user::find(tx, user_id)? else {
            return Err(codes::USER_NOT_FOUND.into());
        };
        put(tx, instance, caller, &user, &hash)?;
        if keep_sessions { Ok(0) } else { sessions::end_all(tx, instance, caller, user_id) }
    })
}

/// Sets the password hash of a user, whether there was one or not. Older reset links become void, and the user's names
/// are unlocked.
pub(super) fn put(
    tx: &mut Tx<'_>,
    instance: &Instance,
    caller: &Caller<'_>,
    user: &User,
    hash: &Secret,
) -> Result<(), AuthError> {
    match account::find_credential(tx, &user.id)? {
        Some(credential) => account::set_password(tx, &credential.id, hash)?,
        None => insert(tx, &user.id, hash)?,
    }
    changed(tx, instance, caller, &user.id)?;
    lockout::forget_user(tx, instance, user).map(drop)
}

/// Makes password reset links and open challenges void.
fn changed(
    tx: &mut Tx<'_>,
    instance: &Instance,
    caller: &Caller<'_>,
    user_id: &str,
) -> Result<(), AuthError> {
    reset_links::void(tx, instance, user_id)?;
    challenge::void(tx, instance, user_id)?;
    instance.emit(tx, caller, Some(user_id), EventKind::PasswordChanged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::fixture::site;
    use crate::api::users;
    use crate::instance::Client;
    use crate::instance::caller::Actor;

    #[test]
    fn a_password_that_changed_while_it_was_verified_is_not_replaced() {
        let (_folder, instance, user, password) = site();
        let verified =
            confirm(&instance, &user.id, &password, &Caller::trusted(Actor::Program)).unwrap();
        let newer = Secret::new("the administrator's");
        set(&instance, &user.id, &newer, false, &Caller::trusted(Actor::Program)).unwrap();
        let own = hash(&instance, &Secret::new("the former holder's")).unwrap();
        let error = instance
            .database()
            .write(|tx| {
                replace(
                    tx,
                    &instance,
                    &Caller::trusted(Actor::Program),
                    &user.id,
                    (&verified, &own),
                )
            })
            .unwrap_err();
        assert!(error.is(codes::INVALID_PASSWORD), "{error:?}");
        confirm(&instance, &user.id, &newer, &Caller::trusted(Actor::Program)).unwrap();
    }

    #[test]
    fn what_is_looked_at_again_refuses_before_anything_is_written() {
        let (_folder, instance, user, password) = site();
        let over = Caller::client(Client::default())
            .with_check(|_: &mut Tx<'_>| Err(codes::UNAUTHORIZED.into()));
        let new = Secret::new("another horse");
        let wanted = Change { current: &password, new: &new, new_session: None };
        let refused = [
            change(&instance, &user.id, &wanted, &over).map(drop),
            set(&instance, &user.id, &new, false, &over).map(drop),
            users::delete(&instance, &user.id, &over),
        ];
        assert!(refused.iter().all(Result::is_err));
        confirm(&instance, &user.id, &password, &Caller::trusted(Actor::Program)).unwrap();
    }
}
