//! Sign-up with email and password [contract 8.2].

use std::convert::Infallible;
use std::time::Duration;

use crate::api::email;
use crate::api::email_links;
use crate::api::entry::enter;
use crate::api::entry::heard;
use crate::api::fields::WrittenBy;
use crate::api::messages;
use crate::api::messages::Link;
use crate::api::sessions::UnpublishedSession;
use crate::api::users;
use crate::api::users::NewUser;
use crate::api::users::Prepared;
use crate::crypto::random;
use crate::database::DatabaseError;
use crate::email::Message;
use crate::email::kinds;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Caller;
use crate::instance::EventKind;
use crate::instance::Instance;
use crate::instance::proof::Entered;
use crate::instance::proof::Method;
use crate::instance::proof::Proof;
use crate::models::SessionWithUser;
use crate::models::User;
use crate::models::user;

/// How long the message to the owner of a taken address remains relevant.
const NEWS: Duration = Duration::from_secs(24 * 60 * 60);

/// Random bytes in the local part of an address that must not be guessable.
const LOCAL_BYTES_MIN: usize = 16;

/// The result of a sign-up.
#[derive(Debug)]
pub struct SignedUp {
    /// The new user, or a placeholder that looks like it if the address is taken, which must not show.
    pub user: User,
    /// The session or challenge, unless another step is needed first.
    pub entered: Option<Entered<SessionWithUser>>,
}

/// Creates a user, and signs it in if the configuration says so.
///
/// If new users are not signed in, a taken address gets the same answer as a free one, so that the answer reveals no
/// accounts. The owner of the address gets a message. All other errors are checked first.
///
/// # Errors
/// As [`users::create`], and `EMAIL_PASSWORD_SIGN_UP_DISABLED`, `FIELD_NOT_ALLOWED`.
pub fn sign_up(
    instance: &Instance,
    new: &NewUser,
    link: &Link,
    caller: &Caller<'_>,
    remember: bool,
) -> Result<SignedUp, AuthError> {
    let options = &instance.config().email_and_password;
    if !options.enabled || options.disable_sign_up {
        return Err(codes::EMAIL_PASSWORD_SIGN_UP_DISABLED.into());
    }
    let signs_in = options.auto_sign_in && !options.require_email_verification;
    let verification = &instance.config().email_verification;
    let verifies = verification.send_on_sign_up.unwrap_or(options.require_email_verification);
    let prepared = users::prepare(instance, new, WrittenBy::Client)?;
    if !signs_in {
        rehearse(instance, new, &prepared, caller)?;
    }
    let result = messages::write(instance, |tx, outgoing| {
        // With this statement a new address costs as many as a taken one.
        let address = email::normalise(&new.email);
        if !signs_in && user::find_by_email(tx, &address)?.is_some() {
            return Err(codes::USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL.into());
        }
        let user = users::insert(tx, instance, new, &prepared, caller)?;
        if verifies {
            let message = email_links::message(instance, &user, link, tx.now())?;
            outgoing.send(tx, message)?;
        }
        let proof = Proof { remember, ..Proof::new(&user, Method::SignUp) };
        let entered = signs_in.then(|| enter(tx, instance, caller, &proof)).transpose()?;
        Ok((user, entered))
    });
    match result {
        Ok((user, entered)) => {
            let publish = |begun: UnpublishedSession| begun.publish(instance);
            let entered = entered.map(|entered| entered.try_map(publish));
            Ok(SignedUp { user, entered: entered.transpose()? })
        }
        Err(error) if !signs_in && is_taken(&error) => {
            let user = users::row(new, &prepared, instance.database().clock().now());
            Ok(SignedUp { user: tell_owner(instance, user, caller)?, entered: None })
        }
        Err(error) => heard(instance, caller, Method::SignUp, None, Err(error)),
    }
}

/// Tells the owner of an address about the sign-up attempt. Without such a message the same work is done: it takes as
/// long as creating a user and sending a message. Returns a placeholder for the new user.
fn tell_owner(instance: &Instance, user: User, caller: &Caller<'_>) -> Result<User, AuthError> {
    let kind = kinds::EXISTING_USER_SIGN_UP;
    messages::write(instance, |tx, outgoing| {
        let mut made_up = user.clone();
        instance.before_user_insert(tx, &mut made_up)?;
        let owner = user::find_by_email(tx, &made_up.email)?;
        let code = codes::USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL;
        let owner_id = owner.as_ref().map(|owner| owner.id.as_str());
        let refused = EventKind::SignInRefused { method: Method::SignUp, code };
        instance.emit(tx, caller, owner_id, refused)?;
        match owner.filter(|_| instance.mailer().sends(kind.name)) {
            Some(owner) => outgoing.send(tx, Message::new(kind, &owner, NEWS))?,
            None => outgoing.pretend(tx, Message::new(kind, &made_up, NEWS))?,
        }
        Ok(made_up)
    })
}

/// Whether the address, or another unique value that belongs to it, is taken.
fn is_taken(error: &AuthError) -> bool {
    error.is(codes::USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL) || error.is(codes::VALUE_ALREADY_TAKEN)
}

/// Returns the errors that the sign-up would get with any address, so that a taken address answers like a free one.
/// Uses the function that creates users, so both check the same.
fn rehearse(
    instance: &Instance,
    new: &NewUser,
    prepared: &Prepared,
    caller: &Caller<'_>,
) -> Result<(), AuthError> {
    let (local, domain) = new.email.rsplit_once('@').unwrap_or_default();
    let nobody = random::token().to_ascii_lowercase();
    let nobody = nobody.get(..local.len().max(LOCAL_BYTES_MIN)).unwrap_or(&nobody);
    let other = NewUser { email: format!("{nobody}@{domain}"), ..new.clone() };
    let Err(Rehearsed(outcome)) = instance.database().write(|tx| {
        let outcome = users::insert(tx, instance, &other, prepared, caller);
        Err::<Infallible, _>(Rehearsed(outcome.map(drop)))
    });
    outcome
}

/// The result of an insertion that is rolled back by failing.
struct Rehearsed(Result<(), AuthError>);

impl From<DatabaseError> for Rehearsed {
    fn from(error: DatabaseError) -> Self {
        Self(Err(error.into()))
    }
}
