//! Showing that an address is theirs, and changing it [contract 8.11, 8.12].
//!
//! The links carry a signed token and need no row. What makes them work only once is the state that they
//! change: an address is verified once, and a token for a change names the address it changes from.

use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;

use crate::api::addressee;
use crate::api::addressee::Addressee;
use crate::api::email;
use crate::api::messages;
use crate::api::messages::Link;
use crate::api::messages::Posted;
use crate::api::sessions;
use crate::api::sessions::Client;
use crate::api::users;
use crate::config::MailKind;
use crate::crypto::jwt;
use crate::crypto::jwt::Token;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::email::Message;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Instance;
use crate::models::SessionWithUser;
use crate::models::User;

/// What a token says, under Better Auth's names.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Claims {
    email: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    update_to: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user_id: Option<String>,
    /// Ours: nobody said where the person goes afterwards, so a page of this server tells them.
    #[serde(default, skip_serializing_if = "is_false")]
    hosted: bool,
    #[serde(default)]
    iat: i64,
    exp: i64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over like this")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// What the second of two links for a change of address is for.
const CONFIRMATION: &str = "change-email-confirmation";
/// What the link to the new address is for.
const VERIFICATION: &str = "change-email-verification";

/// What a link did.
#[derive(Debug)]
pub struct Verified {
    /// Which of them it was.
    pub step: Step,
    /// The session that the browser is to have from now on, if that changes.
    pub session: Option<SessionWithUser>,
    /// Whether nobody said where the person goes afterwards.
    pub is_hosted: bool,
}

/// What a link was for.
#[derive(Debug)]
pub enum Step {
    /// The address is verified.
    Verified,
    /// The old address agreed to the change; the new one has got a message.
    Confirmed,
    /// The address is changed.
    Changed(Box<User>),
}

/// The message that asks a user to verify their address.
pub(super) fn message(
    instance: &Instance,
    user: &User,
    link: &Link,
    now: Timestamp,
) -> Result<Message, AuthError> {
    let claims =
        Claims { email: user.email.clone(), user_id: Some(user.id.clone()), ..Claims::default() };
    let message = Message::new(MailKind::Verification, user, lifetime(instance));
    with_link(instance, message, claims, link, now)
}

/// A message with a link that carries these claims.
fn with_link(
    instance: &Instance,
    message: Message,
    claims: Claims,
    link: &Link,
    now: Timestamp,
) -> Result<Message, AuthError> {
    let iat = now.as_millis().div_euclid(1000);
    let exp = now.after(lifetime(instance)).as_millis().div_euclid(1000);
    let claims = Claims { hosted: link.named().is_none(), iat, exp, ..claims };
    let claims = serde_json::to_string(&claims).map_err(AuthError::internal)?;
    let token = jwt::sign(instance.signer()?, &claims);
    Ok(message.with_link(link.verify_email(&token), token))
}

fn lifetime(instance: &Instance) -> Duration {
    instance.config().email_verification.expires_in
}

/// Sends the message to the user with this address, if it is not verified; it takes as long when there is no such user.
/// Callers must not tell strangers what became of the message.
///
/// # Errors
/// `VERIFICATION_EMAIL_NOT_ENABLED`.
pub fn request(
    instance: &Instance,
    address: &str,
    link: &Link,
) -> Result<Option<Posted>, AuthError> {
    require_sender(instance)?;
    let addressee = addressee::find(instance, address)?;
    let ((), posted) = messages::post(instance, |tx, outgoing| match &addressee {
        Addressee::Somebody(user) if !user.email_verified => {
            outgoing.send(tx, message(instance, user, link, tx.now())?)
        }
        Addressee::Somebody(user) | Addressee::Nobody(user) => {
            outgoing.pretend(tx, message(instance, user, link, tx.now())?)
        }
    })?;
    Ok(posted)
}

/// Sends the message to a user who is signed in.
///
/// # Errors
/// `VERIFICATION_EMAIL_NOT_ENABLED`, `EMAIL_MISMATCH`, `EMAIL_ALREADY_VERIFIED`.
pub fn request_own(
    instance: &Instance,
    user: &User,
    address: &str,
    link: &Link,
) -> Result<(), AuthError> {
    require_sender(instance)?;
    if email::normalise(&user.email) != email::normalise(address) {
        return Err(codes::EMAIL_MISMATCH.into());
    }
    if user.email_verified {
        return Err(codes::EMAIL_ALREADY_VERIFIED.into());
    }
    messages::write(instance, |tx, outgoing| {
        outgoing.send(tx, message(instance, user, link, tx.now())?)
    })
}

/// Refuses where no such message is sent.
///
/// # Errors
/// `VERIFICATION_EMAIL_NOT_ENABLED`.
pub fn require_sender(instance: &Instance) -> Result<(), AuthError> {
    if instance.mailer().sends(MailKind::Verification) {
        return Ok(());
    }
    Err(codes::VERIFICATION_EMAIL_NOT_ENABLED.into())
}

/// Asks for another address for a signed-in user. Answers the user as they are then, if it changed at
/// once; otherwise a message has been sent, or the address is taken, which must not show.
///
/// # Errors
/// `CHANGE_EMAIL_DISABLED`, `BAD_REQUEST` when the address is the same or no message can be sent.
pub fn request_change(
    instance: &Instance,
    user: &User,
    new_email: &str,
    link: &Link,
) -> Result<Option<User>, AuthError> {
    let options = &instance.config().user.change_email;
    if !options.enabled {
        return Err(codes::CHANGE_EMAIL_DISABLED.into());
    }
    let new_email = email::normalise(new_email);
    let refuse = |message| Err(AuthError::new(codes::BAD_REQUEST).with_message(message));
    if new_email == user.email {
        return refuse("Email is the same");
    }
    let mailer = instance.mailer();
    let changes_at_once = !user.email_verified && options.update_email_without_verification;
    let verifies = mailer.sends(MailKind::Verification);
    let asks_first = verifies && user.email_verified && mailer.sends(MailKind::ChangeEmail);
    if !changes_at_once && !verifies {
        return refuse("Verification email isn't enabled");
    }
    let claims = |request_type: &str| Claims {
        email: user.email.clone(),
        update_to: Some(new_email.clone()),
        request_type: Some(request_type.to_owned()),
        user_id: Some(user.id.clone()),
        ..Claims::default()
    };
    let changed = User { email: new_email.clone(), ..user.clone() };
    let user = messages::write(instance, |tx, outgoing| {
        let now = tx.now();
        if changes_at_once {
            let message = message(instance, &changed, link, now)?;
            return match users::set_email(tx, instance, &user.id, &new_email, false)? {
                Some(user) => outgoing.send(tx, message).map(|()| Some(user)),
                None => outgoing.pretend(tx, message).map(|()| None),
            };
        }
        let lifetime = lifetime(instance);
        let (message, claims) = if asks_first {
            let message = Message::new(MailKind::ChangeEmail, user, lifetime);
            (message.about(&new_email), claims(CONFIRMATION))
        } else {
            let message = Message::new(MailKind::Verification, &changed, lifetime);
            (message, claims(VERIFICATION))
        };
        let message = with_link(instance, message, claims, link, now)?;
        if instance.users().find_by_email(tx, &new_email)?.is_some() {
            outgoing.pretend(tx, message)?;
        } else {
            outgoing.send(tx, message)?;
        }
        Ok(None)
    })?;
    user.as_ref().map_or(Ok(()), |user| sessions::refresh(instance, user))?;
    Ok(user)
}

/// Does what the link with this token is for. `current` finds the session of the browser that opened
/// it, where that matters.
///
/// # Errors
/// `TOKEN_EXPIRED`, `INVALID_TOKEN`, `USER_NOT_FOUND`, `INVALID_USER`,
/// `USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL` when the new address was taken in the meantime.
pub fn verify(
    instance: &Instance,
    token: &str,
    link: &Link,
    client: &Client,
    current: impl FnOnce() -> Result<Option<SessionWithUser>, AuthError>,
) -> Result<Verified, AuthError> {
    let claims = open(instance, token)?;
    match &claims.update_to {
        Some(new_email) => {
            let new_email = email::normalise(new_email);
            verify_change(instance, &claims, &new_email, link, current)
        }
        None => verify_address(instance, &claims, client, current),
    }
}

fn open(instance: &Instance, token: &str) -> Result<Claims, AuthError> {
    let now = instance.database().clock().now().as_millis().div_euclid(1000);
    let claims = match jwt::check(instance.signer()?, token, now) {
        Token::Valid(claims) => claims,
        Token::Expired => return Err(codes::TOKEN_EXPIRED.into()),
        Token::Invalid => return Err(codes::INVALID_VERIFICATION_TOKEN.into()),
    };
    // Other tokens are signed with the same secret; without an address it is none of these.
    let claims = serde_json::from_slice::<Claims>(&claims).ok();
    claims
        .filter(|claims| email::is_valid(&claims.email))
        .ok_or_else(|| codes::INVALID_VERIFICATION_TOKEN.into())
}

fn verify_address(
    instance: &Instance,
    claims: &Claims,
    client: &Client,
    current: impl FnOnce() -> Result<Option<SessionWithUser>, AuthError>,
) -> Result<Verified, AuthError> {
    let find = |tx: &mut Tx<'_>| -> Result<User, AuthError> {
        let Some(user) = instance.users().find_by_email(tx, &claims.email)? else {
            return Err(codes::VERIFICATION_USER_NOT_FOUND.into());
        };
        match &claims.user_id {
            Some(id) if *id != user.id => Err(codes::INVALID_VERIFICATION_TOKEN.into()),
            _ => Ok(user),
        }
    };
    let verified = |session| Verified { step: Step::Verified, session, is_hosted: claims.hosted };
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
        users::save(tx, instance, &was, &mut user)?;
        let begins = signs_in && current.is_none();
        let begin = |tx| sessions::insert(tx, instance, &user, client, true);
        let begun = begins.then(|| begin(tx)).transpose()?;
        Ok::<_, AuthError>(Some((user, begun)))
    })?;
    let Some((user, begun)) = done else {
        return Ok(verified(None));
    };
    sessions::refresh(instance, &user)?;
    let session = match begun {
        Some(begun) => Some(begun.publish(instance)?),
        None => current.map(|current| SessionWithUser { session: current.session, user }),
    };
    Ok(verified(session))
}

fn verify_change(
    instance: &Instance,
    claims: &Claims,
    new_email: &str,
    link: &Link,
    current: impl FnOnce() -> Result<Option<SessionWithUser>, AuthError>,
) -> Result<Verified, AuthError> {
    let invalid = || AuthError::new(codes::INVALID_VERIFICATION_TOKEN);
    let user_id = claims.user_id.as_deref().ok_or_else(invalid)?;
    let find = |tx: &mut Tx<'_>| -> Result<User, AuthError> {
        let Some(user) = instance.users().find(tx, user_id)? else {
            return Err(codes::VERIFICATION_USER_NOT_FOUND.into());
        };
        // A token names the address that it changes, so it works once.
        if email::normalise(&user.email) == claims.email { Ok(user) } else { Err(invalid()) }
    };
    instance.database().read(find)?;
    let current = current()?;
    if current.as_ref().is_some_and(|current| current.user.id != user_id) {
        return Err(codes::INVALID_USER.into());
    }
    let is_hosted = claims.hosted;
    let changed = |user: User| {
        let session = current.as_ref().map(|current| current.session.clone());
        let session = session.map(|session| SessionWithUser { session, user: user.clone() });
        Verified { step: Step::Changed(Box::new(user)), session, is_hosted }
    };
    let taken = || AuthError::new(codes::USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL);
    let verified = messages::write(instance, |tx, outgoing| {
        let user = find(tx)?;
        let now = tx.now();
        match claims.request_type.as_deref() {
            Some(CONFIRMATION) => {
                let about = User { email: new_email.to_owned(), ..user };
                let message = Message::new(MailKind::Verification, &about, lifetime(instance));
                let claims =
                    Claims { request_type: Some(VERIFICATION.to_owned()), ..claims.clone() };
                outgoing.send(tx, with_link(instance, message, claims, link, now)?)?;
                Ok(Verified { step: Step::Confirmed, session: None, is_hosted })
            }
            Some(VERIFICATION) => {
                let verified = user.email_verified;
                let user = users::set_email(tx, instance, user_id, new_email, verified)?;
                Ok(changed(user.ok_or_else(taken)?))
            }
            // Made by an older Better Auth, which asks only afterwards.
            _ => {
                let user = users::set_email(tx, instance, user_id, new_email, false)?;
                let user = user.ok_or_else(taken)?;
                outgoing.send(tx, message(instance, &user, link, now)?)?;
                Ok(changed(user))
            }
        }
    })?;
    if let Step::Changed(user) = &verified.step {
        sessions::refresh(instance, user)?;
    }
    Ok(verified)
}
