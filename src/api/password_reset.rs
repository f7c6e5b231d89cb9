//! Password reset by an emailed link [contract 8.10, 11.4].

use std::time::Duration;

use crate::api::addressee;
use crate::api::addressee::Addressee;
use crate::api::credentials;
use crate::api::messages;
use crate::api::messages::Link;
use crate::api::messages::MessageStatus;
use crate::api::one_time;
use crate::api::one_time::OneTime;
use crate::api::password_policy;
use crate::api::passwords;
use crate::api::reset_links;
use crate::api::sessions;
use crate::api::users;
use crate::crypto::Secret;
use crate::database::Tx;
use crate::email::MailKind;
use crate::email::Message;
use crate::email::kinds;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Caller;
use crate::instance::Instance;
use crate::models::User;
use crate::models::user;

/// Sends a link to the user with this address. An unknown address takes as long. Callers must not reveal the outcome to
/// anonymous clients.
///
/// # Errors
/// `RESET_PASSWORD_DISABLED`, `RATE_LIMIT_EXCEEDED`, `SERVER_BUSY`.
pub fn request(
    instance: &Instance,
    address: &str,
    link: &Link,
) -> Result<Option<MessageStatus>, AuthError> {
    require_sender(instance, kinds::RESET_PASSWORD)?;
    one_time::admit(instance, link.client.as_ref())?;
    send(instance, kinds::RESET_PASSWORD, &addressee::find(instance, address)?, link)
}

/// Tells the owner of a locked name about the lock, with a reset link; does nothing if such messages are not enabled.
pub(super) fn tell_of_lock(
    instance: &Instance,
    addressee: &Addressee,
    link: &Link,
) -> Result<(), AuthError> {
    if !instance.mailer().sends(kinds::ACCOUNT_LOCKED.name) {
        return Ok(());
    }
    // The redirect target of a sign-in does not expect a token: the link shows the form of this server.
    let link = Link { callback: None, ..link.clone() };
    send(instance, kinds::ACCOUNT_LOCKED, addressee, &link).map(drop)
}

fn send(
    instance: &Instance,
    kind: &MailKind,
    addressee: &Addressee,
    link: &Link,
) -> Result<Option<MessageStatus>, AuthError> {
    let lifetime = instance.config().email_and_password.reset_password_token_expires_in;
    let ((), posted) = messages::post(instance, |tx, outgoing| {
        let addressee = addressee.again(tx)?;
        // The same statements and the same row either way, so that neither time nor space reveals anything. The row of
        // a placeholder names a user who does not exist, and its token is not sent.
        let (Addressee::Somebody(user) | Addressee::Nobody(user)) = &addressee;
        let message = Message::new(kind, user, lifetime);
        let message = reset_links::issue(tx, instance, user, message, link)?;
        match addressee {
            Addressee::Somebody(_) => outgoing.send(tx, message),
            Addressee::Nobody(_) => outgoing.pretend(tx, message),
        }
    })?;
    Ok(posted)
}

/// Creates a user without a password and sends a link to choose one.
///
/// # Errors
/// As [`users::create`], and `RESET_PASSWORD_DISABLED` where no such message is sent.
pub fn invite(
    instance: &Instance,
    new: &users::NewUser,
    link: &Link,
    lifetime: Duration,
    caller: &Caller<'_>,
) -> Result<(User, Option<MessageStatus>), AuthError> {
    require_sender(instance, kinds::USER_INVITATION)?;
    users::create_with(instance, new, caller, |tx, outgoing, user| {
        let message = Message::new(kinds::USER_INVITATION, user, lifetime);
        let message = reset_links::issue(tx, instance, user, message, link)?;
        outgoing.send(tx, message)
    })
}

fn require_sender(instance: &Instance, kind: &MailKind) -> Result<(), AuthError> {
    if instance.mailer().sends(kind.name) {
        Ok(())
    } else {
        Err(codes::RESET_PASSWORD_DISABLED.into())
    }
}

/// Whether the token is valid now.
pub fn is_valid(instance: &Instance, token: &str) -> Result<bool, AuthError> {
    let link = reset_links::of(instance, token);
    Ok(instance.database().read(|tx| link.find(tx))?.is_some())
}

/// Sets the password of the user to whom the token was issued, and uses up all of their reset tokens.
///
/// # Errors
/// `PASSWORD_TOO_SHORT`, `PASSWORD_TOO_LONG`, `INVALID_TOKEN`, `USER_NOT_FOUND`, `SERVER_BUSY`.
pub fn reset(
    instance: &Instance,
    token: &str,
    new: &Secret,
    caller: &Caller<'_>,
) -> Result<(), AuthError> {
    if token.is_empty() {
        return Err(codes::INVALID_TOKEN.into());
    }
    password_policy::check_new(instance, new)?;
    let mut link = reset_links::of(instance, token);
    let find_user = |tx: &mut Tx<'_>, link: &OneTime<'_>| -> Result<User, AuthError> {
        let Some(user_id) = link.find(tx)? else {
            return Err(codes::INVALID_TOKEN.into());
        };
        user::find(tx, &user_id)?.ok_or_else(|| codes::USER_NOT_FOUND.into())
    };
    instance.database().read(|tx| find_user(tx, &link))?;
    let hash = credentials::hash(instance, new)?;
    instance.require_migrated()?;
    let options = &instance.config().email_and_password;
    instance.database().write(|tx| {
        let user = find_user(tx, &link)?;
        if link.consume(tx)?.is_none() {
            return Err(codes::INVALID_TOKEN.into());
        }
        passwords::put(tx, instance, caller, &user, &hash)?;
        if options.revoke_sessions_on_password_reset {
            sessions::end_all(tx, instance, caller, &user.id)?;
        }
        Ok(())
    })
}
