//! Email verification [contract 8.11].
//!
//! The links carry a signed token and need no row. Each works once because it changes the state that it depends on.

use crate::api::addressee;
use crate::api::addressee::Addressee;
use crate::api::email;
use crate::api::email_change;
use crate::api::email_links::Claims;
use crate::api::email_links::LinkStep;
use crate::api::email_links::Verified;
use crate::api::email_links::message;
use crate::api::email_links::open;
use crate::api::entry::enter;
use crate::api::messages;
use crate::api::messages::Link;
use crate::api::messages::MessageStatus;
use crate::api::sessions;
use crate::api::sessions::UnpublishedSession;
use crate::api::users;
use crate::database::Tx;
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

/// Sends the message to the user with this address if it is not verified. An unknown address takes as long. Callers
/// must not reveal the outcome to anonymous clients.
///
/// # Errors
/// `VERIFICATION_EMAIL_NOT_ENABLED`.
pub fn request(
    instance: &Instance,
    address: &str,
    link: &Link,
) -> Result<Option<MessageStatus>, AuthError> {
    require_sender(instance)?;
    send(instance, &addressee::find(instance, address)?, link)
}

pub(super) fn send(
    instance: &Instance,
    addressee: &Addressee,
    link: &Link,
) -> Result<Option<MessageStatus>, AuthError> {
    let ((), posted) = messages::post(instance, |tx, outgoing| {
        let addressee = addressee.again(tx)?;
        let (Addressee::Somebody(user) | Addressee::Nobody(user)) = &addressee;
        let message = message(instance, user, link, tx.now())?;
        match &addressee {
            Addressee::Somebody(user) if !user.email_verified => outgoing.send(tx, message),
            Addressee::Somebody(_) | Addressee::Nobody(_) => outgoing.pretend(tx, message),
        }
    })?;
    Ok(posted)
}

/// Sends the message to a signed-in user.
///
/// # Errors
/// `VERIFICATION_EMAIL_NOT_ENABLED`, `EMAIL_MISMATCH`, `EMAIL_ALREADY_VERIFIED`, `UNAUTHORIZED` when the user is gone.
pub fn request_own(
    instance: &Instance,
    user_id: &str,
    address: &str,
    link: &Link,
) -> Result<(), AuthError> {
    require_sender(instance)?;
    messages::write(instance, |tx, outgoing| {
        let Some(user) = user::find(tx, user_id)? else {
            return Err(codes::UNAUTHORIZED.into());
        };
        if email::normalise(&user.email) != email::normalise(address) {
            return Err(codes::EMAIL_MISMATCH.into());
        }
        if user.email_verified {
            return Err(codes::EMAIL_ALREADY_VERIFIED.into());
        }
        outgoing.send(tx, message(instance, &user, link, tx.now())?)
    })
}

/// Fails when verification messages are not enabled.
///
/// # Errors
/// `VERIFICATION_EMAIL_NOT_ENABLED`.
pub fn require_sender(instance: &Instance) -> Result<(), AuthError> {
    if instance.mailer().sends(kinds::VERIFICATION.name) {
        return Ok(());
    }
    Err(codes::VERIFICATION_EMAIL_NOT_ENABLED.into())
}

/// Carries out the step that the token stands for. `current` finds the session of the browser that opened the link,
/// where that matters.
///
/// # Errors
/// `TOKEN_EXPIRED`, `INVALID_TOKEN`, `USER_NOT_FOUND`, `INVALID_USER`, `USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL` when the
/// new address was taken in the meantime.
pub fn verify(
    instance: &Instance,
    token: &str,
    link: &Link,
    caller: &Caller<'_>,
    current: impl FnOnce() -> Result<Option<SessionWithUser>, AuthError>,
) -> Result<Verified, AuthError> {
    let claims = open(instance, token)?;
    match &claims.update_to {
        Some(new_email) => {
            let new_email = email::normalise(new_email);
            email_change::confirm(instance, &claims, (&new_email, link), caller, current)
        }
        None => verify_address(instance, &claims, caller, current),
    }
}

fn verify_address(
    instance: &Instance,
    claims: &Claims,
    caller: &Caller<'_>,
    current: impl FnOnce() -> Result<Option<SessionWithUser>, AuthError>,
) -> Result<Verified, AuthError> {
    let find = |tx: &mut Tx<'_>| -> Result<User, AuthError> {
        let Some(user) = user::find_by_email(tx, &claims.email)? else {
            return Err(codes::VERIFICATION_USER_NOT_FOUND.into());
        };
        match &claims.user_id {
            Some(id) if *id != user.id => Err(codes::INVALID_VERIFICATION_TOKEN.into()),
            _ => Ok(user),
        }
    };
    let verified =
        |session| Verified { step: LinkStep::Verified, session, is_hosted: claims.hosted };
    if instance.database().read(find)?.email_verified {
        return Ok(verified(None));
    }
    let signs_in = instance.config().email_verification.auto_sign_in_after_verification;
    let current = if signs_in { current()? } else { None };
    let current = current.filter(|current| current.user.email == claims.email);
    let done = instance.database().write(|tx| {
        let was = find(tx)?;
        if was.email_verified {
            // The link was opened twice at the same moment; it signs in once.
            return Ok(None);
        }
        let mut user = User { email_verified: true, ..was.clone() };
        users::save(tx, instance, caller, &was, &mut user)?;
        let begins = signs_in && current.is_none();
        let entered = if begins { sign_in(tx, instance, caller, &user)? } else { None };
        Ok::<_, AuthError>(Some((user, entered)))
    })?;
    let Some((user, entered)) = done else {
        return Ok(verified(None));
    };
    sessions::refresh(instance, &user)?;
    let session = match entered {
        Some(entered) => Some(entered.try_map(|begun| begun.publish(instance))?),
        None => {
            current.map(|current| Entered::of(SessionWithUser { session: current.session, user }))
        }
    };
    Ok(verified(session))
}

/// Signs in the owner of an address. A missing factor only keeps the session from them: the address is verified.
fn sign_in(
    tx: &mut Tx<'_>,
    instance: &Instance,
    caller: &Caller<'_>,
    user: &User,
) -> Result<Option<Entered<UnpublishedSession>>, AuthError> {
    let method = Method::EmailVerification;
    match enter(tx, instance, caller, &Proof::new(user, method)) {
        Err(error) if error.is(codes::TWO_FACTOR_REQUIRED) => {
            let kind = EventKind::SignInRefused { method, code: error.code() };
            instance.emit(tx, caller, Some(&user.id), kind)?;
            Ok(None)
        }
        entered => entered.map(Some),
    }
}
