//! Passwords: the policy, signing in, setting, and bringing old hashes up to date [contract 4, 8.3].

use crate::api::addressee;
use crate::api::email;
use crate::api::email_verification;
use crate::api::lockout;
use crate::api::lockout::Attempts;
use crate::api::lockout::Failed;
use crate::api::messages;
use crate::api::messages::Link;
use crate::api::password_reset;
use crate::api::sessions;
use crate::api::sessions::Client;
use crate::api::who;
use crate::config::Algorithm;
use crate::crypto::Secret;
use crate::crypto::breached;
use crate::crypto::password::is_scrypt;
use crate::crypto::password::needs_rehash;
use crate::crypto::random;
use crate::database::Tx;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Instance;
use crate::models::Session;
use crate::models::SessionWithUser;
use crate::models::User;
use crate::models::account;
use crate::models::account::Credential;

/// What somebody signs in with.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    /// Who they say they are.
    pub name: Name<'a>,
    /// The password.
    pub password: &'a Secret,
    /// Whether the session outlives the browser.
    pub remember: bool,
}

/// How somebody names themselves.
#[derive(Debug, Clone, Copy)]
pub enum Name<'a> {
    /// By their address, in any case.
    Address(&'a str),
    /// By a field of a plugin's that no two users share, in the form in which it is stored.
    Field {
        /// The field.
        field: &'a str,
        /// Its value.
        value: &'a str,
    },
}

/// Refuses a new password that is too short or too long, counted as Better Auth does: in UTF-16
/// units, before normalisation; and one that others know.
///
/// # Errors
/// `PASSWORD_TOO_SHORT`, `PASSWORD_TOO_LONG`, `PASSWORD_COMPROMISED`, `CONFIG_INVALID` when the list cannot be read:
/// then no password is taken.
pub fn check_new(instance: &Instance, password: &Secret) -> Result<(), AuthError> {
    let options = &instance.config().email_and_password;
    if length(password) < options.min_password_length {
        return Err(codes::PASSWORD_TOO_SHORT.into());
    }
    check_not_too_long(instance, password)?;
    match options.password.breached_list.as_deref().map(|list| breached::holds(list, password)) {
        None | Some(Ok(false)) => Ok(()),
        Some(Ok(true)) => Err(codes::PASSWORD_COMPROMISED.into()),
        Some(Err(error)) => Err(AuthError::new(codes::CONFIG_INVALID).with_cause(error)),
    }
}

/// Looks at the list of breached passwords, where there is one, before a server starts.
///
/// # Errors
/// `CONFIG_INVALID` with what is wrong with it.
pub fn check_list(instance: &Instance) -> Result<(), AuthError> {
    let Some(list) = &instance.config().email_and_password.password.breached_list else {
        return Ok(());
    };
    breached::check(list).map_err(|error| {
        let problem =
            format!("emailAndPassword.password.breachedList: {}: {error}", list.display());
        AuthError::new(codes::CONFIG_INVALID).with_message(problem)
    })
}

/// Refuses a password that cannot be anybody's, before any work is spent on it.
///
/// # Errors
/// `PASSWORD_TOO_LONG`.
pub fn check_not_too_long(instance: &Instance, password: &Secret) -> Result<(), AuthError> {
    if instance.config().email_and_password.max_password_length < length(password) {
        return Err(codes::PASSWORD_TOO_LONG.into());
    }
    Ok(())
}

fn length(password: &Secret) -> usize {
    password.expose().encode_utf16().count()
}

/// Hashes a password with the algorithm in force.
///
/// # Errors
/// `SERVER_BUSY` when too many are waiting, or what the database answers.
pub fn hash(instance: &Instance, password: &Secret) -> Result<Secret, AuthError> {
    let algorithm = instance.algorithm()?;
    instance.hasher().hash(algorithm, password).map(Secret::new)
}

/// Spends the time of a hash, so that an unknown address is answered no faster than a known one.
///
/// # Errors
/// As [`hash`].
pub fn waste(instance: &Instance, password: &Secret) -> Result<(), AuthError> {
    instance.hasher().verify_dummy(instance.algorithm()?, password)
}

/// Begins a session for whoever has this address and password. Unknown address, no password and
/// wrong password are one answer.
///
/// # Errors
/// `INVALID_EMAIL`, `PASSWORD_TOO_LONG`, `INVALID_EMAIL_OR_PASSWORD`, `EMAIL_NOT_VERIFIED`
/// (only after the right password), `ACCOUNT_TEMPORARILY_LOCKED`, `SERVER_BUSY`.
pub fn sign_in(
    instance: &Instance,
    credentials: &Credentials<'_>,
    link: &Link,
    client: &Client,
) -> Result<SessionWithUser, AuthError> {
    let Credentials { name, password, remember } = *credentials;
    let attempts = Attempts::on_name(instance, name);
    let (user, stored) = find_and_verify(instance, &attempts, (name, password), link)?;
    let options = &instance.config().email_and_password;
    if options.require_email_verification && !user.email_verified {
        if instance.config().email_verification.send_on_sign_in {
            messages::write(instance, |tx, outgoing| {
                let message = email_verification::message(instance, &user, link, tx.now())?;
                outgoing.send(tx, message)
            })?;
        }
        return Err(codes::EMAIL_NOT_VERIFIED.into());
    }
    let better = better_hash(instance, password, &stored)?;
    let begun = instance.database().write(|tx| {
        // Of many that are verified at once those count that are done before the name is locked.
        attempts.admit(tx)?;
        // The password may have changed while this one was verified; then it signs nobody in.
        let credential = account::find_credential(tx, &user.id)?.filter(|credential| {
            let now = credential.password.as_ref().map(Secret::expose);
            now == Some(stored.expose())
        });
        let Some(credential) = credential else {
            return Err(codes::INVALID_EMAIL_OR_PASSWORD.into());
        };
        if let Some(better) = &better {
            account::set_password(tx, &credential.id, better)?;
        }
        let begun = sessions::insert(tx, instance, &user, client, remember)?;
        attempts.forget(tx)?;
        Ok::<_, AuthError>(begun)
    })?;
    begun.publish(instance)
}

fn find_and_verify(
    instance: &Instance,
    attempts: &Attempts<'_>,
    (name, password): (Name<'_>, &Secret),
    link: &Link,
) -> Result<(User, Secret), AuthError> {
    if let Name::Address(address) = name
        && !email::is_valid(address)
    {
        return Err(codes::INVALID_EMAIL.into());
    }
    check_not_too_long(instance, password)?;
    let users = instance.users();
    let found = instance.database().read(|tx| {
        attempts.admit(tx)?;
        let found = match name {
            Name::Address(address) => {
                who::by_address(address, |spelt| users.find_with_hash(tx, spelt))
            }
            Name::Field { field, value } => users.find_with_hash_by(tx, field, value),
        };
        found.map_err(AuthError::from)
    })?;
    let is_right = match &found {
        Some((_, Some(stored))) => instance.hasher().verify(password, stored.expose())?,
        _ => waste(instance, password).map(|()| false)?,
    };
    match found {
        Some((user, Some(stored))) if is_right => {
            instance.database().read(|tx| attempts.admit(tx))?;
            Ok((user, stored))
        }
        found => {
            if attempts.fail()? == Failed::Locked {
                let (Name::Address(typed) | Name::Field { value: typed, .. }) = name;
                let addressee = addressee::of(found.map(|(user, _)| user), typed);
                password_reset::tell_of_lock(instance, &addressee, link)?;
            }
            Err(codes::INVALID_EMAIL_OR_PASSWORD.into())
        }
    }
}

/// A new hash where the stored one has another format or weaker parameters.
fn better_hash(
    instance: &Instance,
    password: &Secret,
    stored: &Secret,
) -> Result<Option<Secret>, AuthError> {
    // Under `auto` scrypt is left alone: the TypeScript server must go on reading what it wrote.
    let is_auto = instance.config().email_and_password.password.algorithm == Algorithm::Auto;
    let stored = stored.expose();
    if !needs_rehash(stored, instance.algorithm()?) || (is_auto && is_scrypt(stored)) {
        return Ok(None);
    }
    hash(instance, password).map(Some)
}

/// Checks the password of a user who is signed in, and answers the account that holds it.
///
/// # Errors
/// `PASSWORD_TOO_LONG`, `CREDENTIAL_ACCOUNT_NOT_FOUND`, `INVALID_PASSWORD`, `ACCOUNT_TEMPORARILY_LOCKED`,
/// `SERVER_BUSY`.
pub fn confirm(
    instance: &Instance,
    user_id: &str,
    password: &Secret,
) -> Result<Credential, AuthError> {
    check_not_too_long(instance, password)?;
    let attempts = Attempts::of_user(instance, user_id);
    let found = instance.database().read(|tx| {
        attempts.admit(tx)?;
        Ok::<_, AuthError>(account::find_credential(tx, user_id)?)
    })?;
    let Some(credential) = found else {
        return Err(codes::CREDENTIAL_ACCOUNT_NOT_FOUND.into());
    };
    let Some(stored) = &credential.password else {
        return Err(codes::CREDENTIAL_ACCOUNT_NOT_FOUND.into());
    };
    if !instance.hasher().verify(password, stored.expose())? {
        attempts.fail()?;
        return Err(codes::INVALID_PASSWORD.into());
    }
    attempts.succeed()?;
    Ok(credential)
}

/// Changes the password of a signed-in user. With `begin_anew` every session of theirs ends and one
/// new one begins, in the same transaction.
///
/// # Errors
/// `PASSWORD_TOO_SHORT`, `PASSWORD_TOO_LONG`, `PASSWORD_COMPROMISED`, `CREDENTIAL_ACCOUNT_NOT_FOUND`, `INVALID_PASSWORD`,
/// `SERVER_BUSY`.
pub fn change(
    instance: &Instance,
    user_id: &str,
    current: &Secret,
    new: &Secret,
    begin_anew: Option<(&Client, bool)>,
) -> Result<Option<Session>, AuthError> {
    check_new(instance, new)?;
    let credential = confirm(instance, user_id, current)?;
    let hash = hash(instance, new)?;
    let begun = instance.database().write(|tx| {
        account::set_password(tx, &credential.id, &hash)?;
        let Some((client, remember)) = begin_anew else {
            return Ok(None);
        };
        let Some(user) = instance.users().find(tx, user_id)? else {
            return Err(codes::USER_NOT_FOUND.into());
        };
        sessions::end_all(tx, instance, user_id)?;
        Ok::<_, AuthError>(Some(sessions::insert(tx, instance, &user, client, remember)?))
    })?;
    let session = begun.map(|begun| begun.publish(instance)).transpose()?;
    Ok(session.map(|begun| begun.session))
}

/// Sets a user's password, whether there was one or not, and ends their sessions unless told to
/// keep them. Answers how many sessions ended.
///
/// # Errors
/// `PASSWORD_TOO_SHORT`, `PASSWORD_TOO_LONG`, `PASSWORD_COMPROMISED`, `USER_NOT_FOUND`, `SERVER_BUSY`.
pub fn set(
    instance: &Instance,
    user_id: &str,
    password: &Secret,
    keep_sessions: bool,
) -> Result<u64, AuthError> {
    check_new(instance, password)?;
    let has_issuer = instance.layout()?.has_issuer();
    let hash = hash(instance, password)?;
    instance.database().write(|tx| {
        let Some(user) = instance.users().find(tx, user_id)? else {
            return Err(codes::USER_NOT_FOUND.into());
        };
        put(tx, user_id, &hash, has_issuer)?;
        lockout::forget_user(tx, instance, &user)?;
        if keep_sessions { Ok(0) } else { sessions::end_all(tx, instance, user_id) }
    })
}

/// Sets the hash of a user's password, whether there was one or not.
pub(super) fn put(
    tx: &mut Tx<'_>,
    user_id: &str,
    hash: &Secret,
    has_issuer: bool,
) -> Result<(), AuthError> {
    match account::find_credential(tx, user_id)? {
        Some(credential) => Ok(account::set_password(tx, &credential.id, hash).map(drop)?),
        None => insert(tx, user_id, hash, has_issuer),
    }
}

/// Writes the account that holds a new user's password.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    user_id: &str,
    hash: &Secret,
    has_issuer: bool,
) -> Result<(), AuthError> {
    Ok(account::insert_credential(tx, &random::id(), user_id, hash, has_issuer)?)
}
