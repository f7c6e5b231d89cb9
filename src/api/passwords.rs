//! Passwords: signing in, changing, setting, and bringing old hashes up to date [contract 4, 8.3].

use crate::api::addressee;
use crate::api::email;
use crate::api::email_verification;
use crate::api::lockout;
use crate::api::lockout::Attempts;
use crate::api::lockout::Failed;
use crate::api::messages;
use crate::api::messages::Link;
use crate::api::password_policy::check_new;
use crate::api::password_policy::check_not_too_long;
use crate::api::password_reset;
use crate::api::recheck::Recheck;
use crate::api::sessions;
use crate::api::sessions::Begun;
use crate::api::sessions::Client;
use crate::api::who;
use crate::config::Algorithm;
use crate::crypto;
use crate::crypto::Secret;
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
    let verified = Verified { attempts: &attempts, user: &user, stored: &stored, better };
    begin(instance, &verified, client, remember)?.publish(instance)
}

/// A user whose password was right before the transaction that it allows.
struct Verified<'a> {
    attempts: &'a Attempts<'a>,
    user: &'a User,
    /// The hash that it was verified against.
    stored: &'a Secret,
    /// What takes the place of that hash.
    better: Option<Secret>,
}

/// Begins the session, if what was verified holds still: the name is not locked, and the password is the same.
fn begin(
    instance: &Instance,
    verified: &Verified<'_>,
    client: &Client,
    remember: bool,
) -> Result<Begun, AuthError> {
    let Verified { attempts, user, stored, better } = verified;
    instance.database().write(|tx| {
        // Of many that are verified at once those count that are done before the name is locked.
        attempts.admit(tx)?;
        let Some(credential) = find_unchanged(tx, &user.id, stored)? else {
            return Err(codes::INVALID_EMAIL_OR_PASSWORD.into());
        };
        if let Some(better) = better {
            account::set_password(tx, &credential.id, better)?;
        }
        let begun = sessions::insert(tx, instance, user, client, remember)?;
        attempts.forget(tx)?;
        Ok(begun)
    })
}

/// The account that holds a user's password, if that is the one that was verified before the transaction.
fn find_unchanged(
    tx: &mut Tx<'_>,
    user_id: &str,
    verified: &Secret,
) -> Result<Option<Credential>, AuthError> {
    let is_same = |credential: &Credential| {
        credential.password.as_ref().map(Secret::expose) == Some(verified.expose())
    };
    Ok(account::find_credential(tx, user_id)?.filter(is_same))
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

/// Checks the password of a user who is signed in, and answers the hash that it was verified against, for
/// [`require_unchanged`].
///
/// # Errors
/// `PASSWORD_TOO_LONG`, `CREDENTIAL_ACCOUNT_NOT_FOUND`, `INVALID_PASSWORD`, `ACCOUNT_TEMPORARILY_LOCKED`,
/// `SERVER_BUSY`.
pub fn confirm(instance: &Instance, user_id: &str, password: &Secret) -> Result<Secret, AuthError> {
    check_not_too_long(instance, password)?;
    let attempts = Attempts::of_user(instance, user_id);
    let found = instance.database().read(|tx| {
        attempts.admit(tx)?;
        Ok::<_, AuthError>(account::find_credential(tx, user_id)?)
    })?;
    let Some(stored) = found.and_then(|credential| credential.password) else {
        return Err(codes::CREDENTIAL_ACCOUNT_NOT_FOUND.into());
    };
    if !instance.hasher().verify(password, stored.expose())? {
        attempts.fail()?;
        return Err(codes::INVALID_PASSWORD.into());
    }
    attempts.succeed()?;
    Ok(stored)
}

/// Refuses what a password allowed that has changed since it was verified; answers the account that holds it.
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

/// A change of password, as the user asks for it.
#[derive(Clone, Copy)]
pub struct Change<'a> {
    /// The password that they have.
    pub current: &'a Secret,
    /// The one that they want.
    pub new: &'a Secret,
    /// Ends every session of theirs, and begins one for this client, which outlives the browser or not.
    pub begin_anew: Option<(&'a Client, bool)>,
}

/// Changes the password of a signed-in user; older links to a new password are void.
///
/// # Errors
/// `PASSWORD_TOO_SHORT`, `PASSWORD_TOO_LONG`, `PASSWORD_COMPROMISED`, `CREDENTIAL_ACCOUNT_NOT_FOUND`, `INVALID_PASSWORD`,
/// `SERVER_BUSY`, and what `recheck` refuses.
pub fn change(
    instance: &Instance,
    user_id: &str,
    change: &Change<'_>,
    recheck: Recheck<'_>,
) -> Result<Option<Session>, AuthError> {
    check_new(instance, change.new)?;
    let verified = confirm(instance, user_id, change.current)?;
    let hash = hash(instance, change.new)?;
    let begun = instance.database().write(|tx| {
        recheck(tx)?;
        replace(tx, instance, user_id, (&verified, &hash))?;
        let Some((client, remember)) = change.begin_anew else {
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

/// Puts a new hash in the place of the one that was verified, and of no other.
fn replace(
    tx: &mut Tx<'_>,
    instance: &Instance,
    user_id: &str,
    (verified, hash): (&Secret, &Secret),
) -> Result<(), AuthError> {
    let credential = require_unchanged(tx, user_id, verified)?;
    account::set_password(tx, &credential.id, hash)?;
    password_reset::void(tx, instance, user_id)
}

/// Sets a user's password, whether there was one or not, and ends their sessions unless told to
/// keep them; older links to a new password are void. Answers how many sessions ended.
///
/// # Errors
/// `PASSWORD_TOO_SHORT`, `PASSWORD_TOO_LONG`, `PASSWORD_COMPROMISED`, `USER_NOT_FOUND`, `SERVER_BUSY`, and what
/// `recheck` refuses.
pub fn set(
    instance: &Instance,
    user_id: &str,
    password: &Secret,
    keep_sessions: bool,
    recheck: Recheck<'_>,
) -> Result<u64, AuthError> {
    check_new(instance, password)?;
    let hash = hash(instance, password)?;
    instance.layout()?;
    instance.database().write(|tx| {
        recheck(tx)?;
        let Some(user) = instance.users().find(tx, user_id)? else {
            return Err(codes::USER_NOT_FOUND.into());
        };
        put(tx, instance, &user, &hash)?;
        if keep_sessions { Ok(0) } else { sessions::end_all(tx, instance, user_id) }
    })
}

/// A text that changes with the password of a user, and tells nothing of it: hashes are salted.
pub(super) fn stamp(tx: &mut Tx<'_>, user_id: &str) -> Result<String, AuthError> {
    let hash = account::find_credential(tx, user_id)?.and_then(|credential| credential.password);
    Ok(crypto::fingerprint(hash.as_ref().map_or("", Secret::expose)))
}

/// Sets the hash of a user's password, whether there was one or not. Older links to a new password are void, and
/// what locked the user's names is forgotten.
pub(super) fn put(
    tx: &mut Tx<'_>,
    instance: &Instance,
    user: &User,
    hash: &Secret,
) -> Result<(), AuthError> {
    match account::find_credential(tx, &user.id)? {
        Some(credential) => account::set_password(tx, &credential.id, hash)?,
        None => insert(tx, &user.id, hash, instance.layout()?.has_issuer())?,
    }
    password_reset::void(tx, instance, &user.id)?;
    lockout::forget_user(tx, instance, user).map(drop)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::recheck::trusted;
    use crate::api::users;
    use crate::api::users::NewUser;
    use crate::config::Config;
    use crate::crypto::password::Hasher;
    use crate::database::Clock;
    use crate::schema;

    const ADA: &str = "ada@example.com";

    /// A database with Ada in it, and her password.
    fn site() -> (tempfile::TempDir, Instance, User, Secret) {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.database.url = format!("sqlite:{}", folder.path().join("a.db").display()).into();
        config.email_and_password.lockout.max_attempts = 3;
        let instance = Instance::new(config, Clock::SYSTEM, Vec::new(), Vec::new());
        schema::migrate(instance.database(), instance.tables()).unwrap();
        let password = Secret::new("correct horse battery");
        let new = NewUser {
            email: ADA.to_owned(),
            password: Some(password.clone()),
            ..NewUser::default()
        };
        let user = users::create(&instance, &new, &trusted).unwrap();
        (folder, instance, user, password)
    }

    /// Signs Ada in; `meanwhile` happens when her password has been verified and no session has begun.
    fn sign_in_while(
        instance: &Instance,
        password: &Secret,
        meanwhile: impl FnOnce(),
    ) -> Result<(), AuthError> {
        let attempts = Attempts::on_name(instance, Name::Address(ADA));
        let name = (Name::Address(ADA), password);
        let (user, stored) = find_and_verify(instance, &attempts, name, &Link::default())?;
        meanwhile();
        let verified = Verified { attempts: &attempts, user: &user, stored: &stored, better: None };
        begin(instance, &verified, &Client::default(), true).map(drop)
    }

    #[test]
    fn a_right_password_begins_no_session_when_its_name_was_locked_while_it_was_verified() {
        let (_folder, instance, _, password) = site();
        sign_in_while(&instance, &password, || ()).unwrap();
        let guess = || {
            let attempts = Attempts::on_name(&instance, Name::Address(ADA));
            assert_eq!([(); 3].map(|()| attempts.fail().unwrap())[2], Failed::Locked);
        };
        let error = sign_in_while(&instance, &password, guess).unwrap_err();
        assert!(error.is(codes::ACCOUNT_TEMPORARILY_LOCKED), "{error:?}");
    }

    #[test]
    fn whoever_an_address_belongs_to_a_password_is_worked_out() {
        let (_folder, instance, _, password) = site();
        let exhausted = instance.with_hasher(Hasher::new(0, 0));
        for address in [ADA, "nobody@example.com"] {
            let name = Name::Address(address);
            let attempts = Attempts::on_name(&exhausted, name);
            let found = find_and_verify(&exhausted, &attempts, (name, &password), &Link::default());
            assert!(found.err().is_some_and(|error| error.is(codes::SERVER_BUSY)), "{address}");
        }
    }

    #[test]
    fn a_hash_is_replaced_where_it_is_weaker_and_scrypt_only_where_argon2id_is_asked_for() {
        let (_folder, mut instance, user, password) = site();
        let current = confirm(&instance, &user.id, &password).unwrap();
        let scrypt =
            instance.hasher().hash(crypto::password::Algorithm::Scrypt, &password).unwrap();
        let weak = "$argon2id$v=19$m=8,t=1,p=1$c2l4dGVlbiBieXRlcyBvZg$AAAAAAAAAAAAAAAAAAAAAA";
        for (algorithm, replaces_scrypt) in [(Algorithm::Auto, false), (Algorithm::Argon2id, true)]
        {
            let mut config = instance.config().clone();
            config.email_and_password.password.algorithm = algorithm;
            instance = Instance::new(config, Clock::SYSTEM, Vec::new(), Vec::new());
            let replaces = |stored: &str| {
                better_hash(&instance, &password, &Secret::new(stored)).unwrap().is_some()
            };
            assert!(!replaces(current.expose()) && replaces(weak), "{algorithm:?}");
            assert_eq!(replaces(&scrypt), replaces_scrypt, "{algorithm:?}");
        }
    }

    #[test]
    fn a_password_that_changed_while_it_was_verified_begins_no_session() {
        let (_folder, instance, user, password) = site();
        let change = || {
            set(&instance, &user.id, &Secret::new("another horse"), false, &trusted).unwrap();
        };
        let error = sign_in_while(&instance, &password, change).unwrap_err();
        assert!(error.is(codes::INVALID_EMAIL_OR_PASSWORD), "{error:?}");
    }

    #[test]
    fn a_password_that_changed_while_it_was_verified_is_not_replaced() {
        let (_folder, instance, user, password) = site();
        let verified = confirm(&instance, &user.id, &password).unwrap();
        let newer = Secret::new("the administrator's");
        set(&instance, &user.id, &newer, false, &trusted).unwrap();
        let own = hash(&instance, &Secret::new("the former holder's")).unwrap();
        let error = instance
            .database()
            .write(|tx| replace(tx, &instance, &user.id, (&verified, &own)))
            .unwrap_err();
        assert!(error.is(codes::INVALID_PASSWORD), "{error:?}");
        confirm(&instance, &user.id, &newer).unwrap();
    }

    #[test]
    fn what_is_looked_at_again_refuses_before_anything_is_written() {
        let (_folder, instance, user, password) = site();
        let over = |_: &mut Tx<'_>| Err(codes::UNAUTHORIZED.into());
        let new = Secret::new("another horse");
        let wanted = Change { current: &password, new: &new, begin_anew: None };
        let refused = [
            change(&instance, &user.id, &wanted, &over).map(drop),
            set(&instance, &user.id, &new, false, &over).map(drop),
            users::delete(&instance, &user.id, &over),
        ];
        assert!(refused.iter().all(Result::is_err));
        confirm(&instance, &user.id, &password).unwrap();
    }
}
