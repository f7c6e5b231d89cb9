//! Signing in with a password [contract 4, 8.3].

use crate::api::addressee;
use crate::api::attempts::Attempts;
use crate::api::attempts::FailureOutcome;
use crate::api::credentials::hash;
use crate::api::credentials::verify;
use crate::api::credentials::waste;
use crate::api::email;
use crate::api::email_links;
use crate::api::entry::enter;
use crate::api::entry::heard;
use crate::api::lockout;
use crate::api::lockout::Name;
use crate::api::messages;
use crate::api::messages::Link;
use crate::api::password_policy::check_not_too_long;
use crate::api::password_reset;
use crate::api::sessions::UnpublishedSession;
use crate::api::who;
use crate::config::Algorithm;
use crate::crypto::Secret;
use crate::crypto::password::is_scrypt;
use crate::crypto::password::needs_rehash;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Caller;
use crate::instance::EventKind;
use crate::instance::Instance;
use crate::instance::proof::Entered;
use crate::instance::proof::Method;
use crate::instance::proof::Outcome;
use crate::instance::proof::Proof;
use crate::models::SessionWithUser;
use crate::models::User;
use crate::models::account;
use crate::models::user;

/// The credentials of a sign-in.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    /// The email address or another name of the user.
    pub name: Name<'a>,
    /// The password.
    pub password: &'a Secret,
    /// Whether the session outlives the browser.
    pub remember: bool,
}

/// Begins a session for the user with this name and password. An unknown name, a missing password and a wrong password
/// get the same answer.
///
/// # Errors
/// `INVALID_EMAIL`, `PASSWORD_TOO_LONG`, `INVALID_EMAIL_OR_PASSWORD`, `EMAIL_NOT_VERIFIED` (only after the right
/// password), `ACCOUNT_TEMPORARILY_LOCKED`, `SERVER_BUSY`.
pub fn sign_in(
    instance: &Instance,
    credentials: &Credentials<'_>,
    link: &Link,
    caller: &Caller<'_>,
) -> Result<Entered<SessionWithUser>, AuthError> {
    let attempts = lockout::on_name(instance, credentials.name);
    let mut tried = try_once(instance, credentials, &attempts, link, caller)?;
    if let Ok(None) = tried.entered {
        // Another sign-in may have replaced the hash by a better one of the same password.
        tried = try_once(instance, credentials, &attempts, link, caller)?;
    }
    let stale = || codes::INVALID_EMAIL_OR_PASSWORD.into();
    let entered = tried.entered.and_then(|entered| entered.ok_or_else(stale));
    heard(instance, caller, Method::Password, tried.user_id.as_deref(), entered)
}

/// What became of a sign-in; no session if name or password changed while the password was verified.
struct Tried {
    user_id: Option<String>,
    entered: Result<Option<Entered<SessionWithUser>>, AuthError>,
}

fn try_once(
    instance: &Instance,
    credentials: &Credentials<'_>,
    attempts: &Attempts<'_>,
    link: &Link,
    caller: &Caller<'_>,
) -> Result<Tried, AuthError> {
    let Credentials { name, password, .. } = *credentials;
    let Found { user, right } = find_and_verify(instance, attempts, (name, password))?;
    let user_id = user.as_ref().map(|user| user.id.clone());
    let entered = match (&user, &right) {
        (Some(user), Some(stored)) => {
            let verified = Verified { attempts, user, stored, better: None };
            enter_verified(instance, credentials, verified, link, caller)
        }
        _ => Err(wrong(instance, attempts, (name, user), link, caller)?),
    };
    Ok(Tried { user_id, entered })
}

fn enter_verified(
    instance: &Instance,
    credentials: &Credentials<'_>,
    verified: Verified<'_>,
    link: &Link,
    caller: &Caller<'_>,
) -> Result<Option<Entered<SessionWithUser>>, AuthError> {
    let Credentials { name, password, remember } = *credentials;
    if must_verify(instance, verified.user) {
        if instance.config().email_verification.send_on_sign_in {
            messages::write(instance, |tx, outgoing| {
                let user = addressee::again(tx, verified.user)?;
                let Some(user) = user.filter(|user| !user.email_verified) else { return Ok(()) };
                let message = email_links::message(instance, &user, link, tx.now())?;
                outgoing.send(tx, message)
            })?;
        }
        return Err(codes::EMAIL_NOT_VERIFIED.into());
    }
    let better = better_hash(instance, password, verified.stored)?;
    let verified = Verified { better, ..verified };
    let begun = begin(instance, &verified, name, caller, remember)?;
    begun.map(|begun| begun.try_map(|begun| begun.publish(instance))).transpose()
}

fn must_verify(instance: &Instance, user: &User) -> bool {
    instance.config().email_and_password.require_email_verification && !user.email_verified
}

/// A user whose password was verified before the transaction.
struct Verified<'a> {
    attempts: &'a Attempts<'a>,
    user: &'a User,
    /// The hash that it was verified against.
    stored: &'a Secret,
    /// The hash that replaces it.
    better: Option<Secret>,
}

/// Begins the session if the name is still not locked; `None` if name or password have changed. The better hash replaces
/// the one that was verified, and no other.
fn begin(
    instance: &Instance,
    verified: &Verified<'_>,
    name: Name<'_>,
    caller: &Caller<'_>,
    remember: bool,
) -> Result<Option<Entered<UnpublishedSession>>, AuthError> {
    let Verified { attempts, user, stored, better } = verified;
    instance.database().write(|tx| {
        // Of concurrent sign-ins, those that finish before the name is locked succeed.
        attempts.admit(tx)?;
        // Name and password must still be this user's, and plugins check the row as it is now.
        let found = user::find_with_hash_by(tx, "id", &user.id)?.filter(|(now, hash)| {
            let is_same_name = match name {
                Name::Address(_) => now.email == user.email,
                Name::Field { field, .. } => {
                    now.additional.get(field) == user.additional.get(field)
                }
            };
            is_same_name && hash.as_ref() == Some(stored)
        });
        let Some((user, _)) = found else {
            return Ok(None);
        };
        if let Some(better) = better
            && let Some(credential) = account::find_credential(tx, &user.id)?
        {
            account::set_password(tx, &credential.id, better)?;
        }
        if must_verify(instance, &user) {
            return Err(codes::EMAIL_NOT_VERIFIED.into());
        }
        let proof = Proof { remember, ..Proof::new(&user, Method::Password) };
        let entered = enter(tx, instance, caller, &proof)?;
        // A challenge may be tried again and again: what failed is forgotten with it, not before.
        if matches!(entered.outcome, Outcome::Session(_)) {
            attempts.forget(tx)?;
        }
        Ok(Some(entered))
    })
}

/// The user with a name, and the hash of the password if it was right.
struct Found {
    user: Option<User>,
    right: Option<Secret>,
}

fn find_and_verify(
    instance: &Instance,
    attempts: &Attempts<'_>,
    (name, password): (Name<'_>, &Secret),
) -> Result<Found, AuthError> {
    if let Name::Address(address) = name
        && !email::is_valid(address)
    {
        return Err(codes::INVALID_EMAIL.into());
    }
    check_not_too_long(instance, password)?;
    let found = instance.database().read(|tx| {
        attempts.admit(tx)?;
        let found = match name {
            Name::Address(address) => {
                who::by_address(address, |spelt| user::find_with_hash(tx, spelt))
            }
            Name::Field { field, value } => user::find_with_hash_by(tx, field, value),
        };
        found.map_err(AuthError::from)
    })?;
    let is_right = match &found {
        Some((_, Some(stored))) => verify(instance, password, stored)?,
        _ => waste(instance, password).map(|()| false)?,
    };
    let (user, stored) = found.unzip();
    if is_right {
        instance.database().read(|tx| attempts.admit(tx))?;
    }
    Ok(Found { user, right: stored.flatten().filter(|_| is_right) })
}

/// Counts a wrong password and returns the error for the client.
fn wrong(
    instance: &Instance,
    attempts: &Attempts<'_>,
    (name, user): (Name<'_>, Option<User>),
    link: &Link,
    caller: &Caller<'_>,
) -> Result<AuthError, AuthError> {
    if attempts.fail()? == FailureOutcome::Locked {
        let user_id = user.as_ref().map(|user| user.id.clone());
        let (Name::Address(typed) | Name::Field { value: typed, .. }) = name;
        password_reset::tell_of_lock(instance, &addressee::of(user, typed), link)?;
        instance.record(caller, user_id.as_deref(), EventKind::Locked);
    }
    Ok(codes::INVALID_EMAIL_OR_PASSWORD.into())
}

/// A new hash if the stored one has another format or weaker parameters.
fn better_hash(
    instance: &Instance,
    password: &Secret,
    stored: &Secret,
) -> Result<Option<Secret>, AuthError> {
    let options = &instance.config().email_and_password.password;
    // Under `auto`, scrypt hashes stay: the TypeScript server must still be able to read them.
    let is_auto = options.algorithm == Algorithm::Auto;
    let stored = stored.expose();
    if !options.rehash
        || !needs_rehash(stored, instance.algorithm()?)
        || (is_auto && is_scrypt(stored))
    {
        return Ok(None);
    }
    hash(instance, password).map(Some)
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::thread;

    use super::*;
    use crate::api::fields::WrittenBy;
    use crate::api::fixture::ADA;
    use crate::api::fixture::site;
    use crate::api::passwords;
    use crate::api::sessions;
    use crate::api::users;
    use crate::crypto::password::Hasher;
    use crate::database::Clock;
    use crate::instance::Client;
    use crate::instance::caller::Actor;

    /// Of `correct horse battery`, by bcrypt 5.0 of Python.
    const BCRYPT: &str = "$2b$05$65iautAqUkyNx/ByL/DJVuskaZu7S4C3AIbrj7CTkYRkxe1/IORGG";

    /// Replaces Ada's hash, as an import does, or another server.
    fn put_hash(instance: &Instance, user: &User, hash: &str) {
        let put = instance.database().write(|tx| {
            let credential = account::find_credential(tx, &user.id)?.unwrap();
            account::set_password(tx, &credential.id, &Secret::new(hash))
        });
        put.unwrap();
    }

    fn hash_of(instance: &Instance, user: &User) -> Secret {
        let found = instance.database().read(|tx| account::find_credential(tx, &user.id)).unwrap();
        found.unwrap().password.unwrap()
    }

    fn sign_in_as_ada(instance: &Instance, password: &str) -> Result<(), AuthError> {
        let password = Secret::new(password);
        let name = Name::Address(ADA);
        let credentials = Credentials { name, password: &password, remember: true };
        let caller = Caller::trusted(Actor::Program);
        sign_in(instance, &credentials, &Link::default(), &caller).map(drop)
    }

    /// Signs Ada in; `meanwhile` runs between the verification of the password and the session.
    fn sign_in_while(
        instance: &Instance,
        password: &Secret,
        meanwhile: impl FnOnce(),
    ) -> Result<Option<()>, AuthError> {
        let attempts = lockout::on_name(instance, Name::Address(ADA));
        let name = (Name::Address(ADA), password);
        let caller = Caller::trusted(Actor::Program);
        let Found { user, right } = find_and_verify(instance, &attempts, name)?;
        let (user, stored) = (user.unwrap(), right.unwrap());
        meanwhile();
        let better = better_hash(instance, password, &stored)?;
        let verified = Verified { attempts: &attempts, user: &user, stored: &stored, better };
        begin(instance, &verified, Name::Address(ADA), &caller, true).map(|begun| begun.map(drop))
    }

    #[test]
    fn a_right_password_begins_no_session_when_its_name_was_locked_while_it_was_verified() {
        let (_folder, instance, _, password) = site();
        sign_in_while(&instance, &password, || ()).unwrap();
        let guess = || {
            let attempts = lockout::on_name(&instance, Name::Address(ADA));
            assert_eq!([(); 3].map(|()| attempts.fail().unwrap())[2], FailureOutcome::Locked);
        };
        let error = sign_in_while(&instance, &password, guess).unwrap_err();
        assert!(error.is(codes::ACCOUNT_TEMPORARILY_LOCKED), "{error:?}");
    }

    #[test]
    fn a_password_is_hashed_whether_or_not_the_address_is_known() {
        let (_folder, instance, _, password) = site();
        let exhausted = instance.with_hasher(Hasher::new(0, 0));
        for address in [ADA, "nobody@example.com"] {
            let name = Name::Address(address);
            let attempts = lockout::on_name(&exhausted, name);
            let found = find_and_verify(&exhausted, &attempts, (name, &password));
            assert!(found.err().is_some_and(|error| error.is(codes::SERVER_BUSY)), "{address}");
        }
    }

    #[test]
    fn a_hash_is_replaced_where_it_is_weaker_and_scrypt_only_where_argon2id_is_asked_for() {
        let (_folder, mut instance, user, password) = site();
        let current =
            passwords::confirm(&instance, &user.id, &password, &Caller::trusted(Actor::Program))
                .unwrap();
        let scrypt =
            instance.hasher().hash(crate::crypto::password::Algorithm::Scrypt, &password).unwrap();
        let weak = "$argon2id$v=19$m=8,t=1,p=1$c2l4dGVlbiBieXRlcyBvZg$AAAAAAAAAAAAAAAAAAAAAA";
        for (algorithm, replaces_scrypt) in [(Algorithm::Auto, false), (Algorithm::Argon2id, true)]
        {
            let mut config = instance.config().clone();
            config.email_and_password.password.algorithm = algorithm;
            instance = Instance::of_the_core(config, Clock::SYSTEM);
            let replaces = |stored: &str| {
                better_hash(&instance, &password, &Secret::new(stored)).unwrap().is_some()
            };
            assert!(!replaces(current.expose()) && replaces(weak), "{algorithm:?}");
            assert_eq!(replaces(&scrypt), replaces_scrypt, "{algorithm:?}");
        }
    }

    #[test]
    fn a_hash_of_another_system_is_replaced_by_the_right_password_and_no_other() {
        let (_folder, instance, user, _) = site();
        put_hash(&instance, &user, BCRYPT);
        let error = sign_in_as_ada(&instance, "correct horse batterz").unwrap_err();
        assert!(error.is(codes::INVALID_EMAIL_OR_PASSWORD), "{error:?}");
        assert_eq!(hash_of(&instance, &user).expose(), BCRYPT);
        sign_in_as_ada(&instance, "correct horse battery").unwrap();
        let better = hash_of(&instance, &user);
        assert!(better.expose().starts_with("$argon2id$"), "{}", better.expose());
        sign_in_as_ada(&instance, "correct horse battery").unwrap();
        assert!(better == hash_of(&instance, &user));
    }

    #[test]
    fn a_hash_of_another_system_stays_where_the_configuration_says_so() {
        let (_folder, instance, user, _) = site();
        put_hash(&instance, &user, BCRYPT);
        let mut config = instance.config().clone();
        config.email_and_password.password.rehash = false;
        let instance = Instance::of_the_core(config, Clock::SYSTEM);
        sign_in_as_ada(&instance, "correct horse battery").unwrap();
        assert_eq!(hash_of(&instance, &user).expose(), BCRYPT);
    }

    #[test]
    fn a_better_hash_does_not_replace_a_password_that_changed_while_it_was_made() {
        let (_folder, instance, user, password) = site();
        put_hash(&instance, &user, BCRYPT);
        let newer = Secret::new("another horse");
        let change = || {
            let caller = Caller::trusted(Actor::Program);
            passwords::set(&instance, &user.id, &newer, false, &caller).unwrap();
        };
        assert_eq!(sign_in_while(&instance, &password, change).unwrap(), None);
        sign_in_as_ada(&instance, "another horse").unwrap();
        let error = sign_in_as_ada(&instance, "correct horse battery").unwrap_err();
        assert!(error.is(codes::INVALID_EMAIL_OR_PASSWORD), "{error:?}");
    }

    #[test]
    fn of_two_sign_ins_at_once_one_replaces_the_hash_and_both_succeed() {
        let (_folder, instance, user, _) = site();
        for _ in 0..5 {
            put_hash(&instance, &user, BCRYPT);
            let together = Barrier::new(2);
            let sign_in = || {
                together.wait();
                sign_in_as_ada(&instance, "correct horse battery")
            };
            let (first, second) = thread::scope(|scope| {
                let other = scope.spawn(sign_in);
                (sign_in(), other.join().unwrap())
            });
            assert!(first.is_ok() && second.is_ok(), "{first:?} {second:?}");
        }
    }

    #[test]
    fn a_password_that_changed_while_it_was_verified_begins_no_session() {
        let (_folder, instance, user, password) = site();
        let change = || {
            passwords::set(
                &instance,
                &user.id,
                &Secret::new("another horse"),
                false,
                &Caller::trusted(Actor::Program),
            )
            .unwrap();
        };
        assert_eq!(sign_in_while(&instance, &password, change).unwrap(), None);
    }

    #[test]
    fn an_address_that_changed_while_the_password_was_verified_begins_no_session() {
        let (_folder, mut instance, user, password) = site();
        let mut config = instance.config().clone();
        config.email_and_password.require_email_verification = true;
        instance = Instance::of_the_core(config, Clock::SYSTEM);
        let other = || {
            let email = Some("other@example.com".to_owned());
            let changes = users::UserChanges { email, ..users::UserChanges::default() };
            let caller = Caller::trusted(Actor::Program);
            users::update(&instance, &user.id, &changes, WrittenBy::Server, &caller).unwrap();
        };
        assert_eq!(sign_in_while(&instance, &password, other).unwrap(), None);
    }

    #[test]
    fn revoking_checks_the_caller_again_and_signing_out_does_not() {
        let (_folder, instance, user, _) = site();
        let over =
            Caller::client(Client::default()).with_check(|_| Err(codes::UNAUTHORIZED.into()));
        let refused = [
            sessions::revoke_own(&instance, "x", &user.id, &over).is_err(),
            sessions::revoke_others(&instance, &user.id, "x", &over).is_err(),
            sessions::revoke_all(&instance, &user.id, &over).is_err(),
        ];
        assert_eq!(refused, [true; 3]);
        assert!(!sessions::revoke(&instance, "x", &over).unwrap());
    }
}
