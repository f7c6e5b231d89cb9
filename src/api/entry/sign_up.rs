//! Sign-up: a user is made who asks for it, and signed in [contract 8.2].

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

/// How long it is worth telling an owner that somebody tried to sign up.
const NEWS: Duration = Duration::from_secs(24 * 60 * 60);

/// Letters before the `@` that nobody can guess.
const LOCAL_BYTES_MIN: usize = 16;

/// What sign-up answers.
#[derive(Debug)]
pub struct SignedUp {
    /// The new user, or one that looks like it where the address is taken and must not show.
    pub user: User,
    /// The session, unless the user has to do something first.
    pub entered: Option<Entered<SessionWithUser>>,
}

/// Makes a user who asks for it, and signs them in where the configuration says so.
///
/// Where a new user is not signed in, a taken address is answered as if it were free: the answer
/// must not tell who has an account. Its owner is told by message. What else is in the way is answered first.
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

/// Tells the owner of an address that somebody tried to sign up with it. Where that is not sent, the
/// same work is done: it takes as long as making a user and writing to them. Answers the user who was
/// not made, as they would be.
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

/// Whether an address is taken, or by an index of the application's own something that belongs to it.
fn is_taken(error: &AuthError) -> bool {
    error.is(codes::USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL) || error.is(codes::VALUE_ALREADY_TAKEN)
}

/// Refuses a user who would be refused under any address: the answer to a taken address must be the one that a free
/// address gets. The same function makes users, so nothing can be checked there and not here.
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

/// How an insertion went that is undone: a transaction that fails leaves nothing.
struct Rehearsed(Result<(), AuthError>);

impl From<DatabaseError> for Rehearsed {
    fn from(error: DatabaseError) -> Self {
        Self(Err(error.into()))
    }
}
