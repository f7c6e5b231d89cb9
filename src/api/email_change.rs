//! Changing the email address [contract 8.12].
//!
//! A link names the address and password that it starts from, so it works once. It works only while the session that
//! requested it lives: a session that the owner revokes cannot take the account over through a link.

use crate::api::credentials;
use crate::api::email;
use crate::api::email_links::Claims;
use crate::api::email_links::LinkStep;
use crate::api::email_links::Verified;
use crate::api::email_links::lifetime;
use crate::api::email_links::message;
use crate::api::email_links::with_link;
use crate::api::messages;
use crate::api::messages::Link;
use crate::api::messages::Outgoing;
use crate::api::sessions;
use crate::api::users;
use crate::database::Tx;
use crate::email::Message;
use crate::email::kinds;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Caller;
use crate::instance::Instance;
use crate::instance::proof::Entered;
use crate::models::Session;
use crate::models::SessionWithUser;
use crate::models::User;
use crate::models::user;

/// Purpose of the first of two links, sent to the old address.
const CONFIRMATION: &str = "change-email-confirmation";
/// Purpose of the link to the new address.
const VERIFICATION: &str = "change-email-verification";
/// Encryption purpose of the token of the requesting session.
const SESSION_PURPOSE: &str = "change-email-session-token";

/// Requests another address for a signed-in user. Returns the changed user if the change is immediate. Otherwise a
/// message was sent, or the address is taken, which must not show.
///
/// # Errors
/// `CHANGE_EMAIL_DISABLED`, `BAD_REQUEST` when the address is the same or no message can be sent, `UNAUTHORIZED` when
/// the session has ended.
pub fn request(
    instance: &Instance,
    session: &Session,
    new_email: &str,
    link: &Link,
    caller: &Caller<'_>,
) -> Result<Option<User>, AuthError> {
    if !instance.config().user.change_email.enabled {
        return Err(codes::CHANGE_EMAIL_DISABLED.into());
    }
    let new_email = email::normalise(new_email);
    let user = messages::write(instance, |tx, outgoing| {
        caller.recheck(tx)?;
        // Which steps are needed depends on whether the address is verified, so the user is read here.
        let Some(user) = user::find(tx, &session.user_id)? else {
            return Err(codes::UNAUTHORIZED.into());
        };
        begin(tx, instance, outgoing, (session, &user, &new_email), (link, caller))
    })?;
    user.as_ref().map_or(Ok(()), |user| sessions::refresh(instance, user))?;
    Ok(user)
}

/// Changes the address at once, or sends the first link.
fn begin(
    tx: &mut Tx<'_>,
    instance: &Instance,
    outgoing: &mut Outgoing<'_>,
    (session, user, new_email): (&Session, &User, &str),
    (link, caller): (&Link, &Caller<'_>),
) -> Result<Option<User>, AuthError> {
    let refuse = |message| Err(AuthError::new(codes::BAD_REQUEST).with_message(message));
    if new_email == user.email {
        return refuse("Email is the same");
    }
    let (mailer, now) = (instance.mailer(), tx.now());
    let changed = User { email: new_email.to_owned(), ..user.clone() };
    let skips_verification = instance.config().user.change_email.update_email_without_verification;
    if !user.email_verified && skips_verification {
        let message = message(instance, &changed, link, now)?;
        return match users::set_email(tx, instance, caller, (&user.id, new_email), false)? {
            Some(user) => outgoing.send(tx, message).map(|()| Some(user)),
            None => outgoing.pretend(tx, message).map(|()| None),
        };
    }
    if !mailer.sends(kinds::VERIFICATION.name) {
        return refuse("Verification email isn't enabled");
    }
    let lifetime = lifetime(instance);
    let (message, request_type) = if user.email_verified && mailer.sends(kinds::CHANGE_EMAIL.name) {
        (Message::new(kinds::CHANGE_EMAIL, user, lifetime).about(new_email), CONFIRMATION)
    } else {
        (Message::new(kinds::VERIFICATION, &changed, lifetime), VERIFICATION)
    };
    let claims = Claims {
        email: user.email.clone(),
        update_to: Some(new_email.to_owned()),
        request_type: Some(request_type.to_owned()),
        user_id: Some(user.id.clone()),
        password_stamp: Some(credentials::stamp(tx, &user.id)?),
        encrypted_session_token: Some(seal(instance, session)?),
        ..Claims::default()
    };
    let message = with_link(instance, message, claims, link, now)?;
    if user::find_by_email(tx, new_email)?.is_some() {
        outgoing.pretend(tx, message)?;
    } else {
        outgoing.send(tx, message)?;
    }
    Ok(None)
}

fn seal(instance: &Instance, session: &Session) -> Result<String, AuthError> {
    let sealed = instance.vault()?.for_purpose(SESSION_PURPOSE).seal(&session.token);
    sealed.ok_or_else(|| codes::CONFIG_INVALID.into())
}

/// Whether the requesting session is alive; links made by Better Auth name none.
fn is_session_alive(
    tx: &mut Tx<'_>,
    instance: &Instance,
    claims: &Claims,
    user_id: &str,
) -> Result<bool, AuthError> {
    let Some(sealed) = &claims.encrypted_session_token else { return Ok(true) };
    let Some(token) = instance.vault()?.for_purpose(SESSION_PURPOSE).open(sealed) else {
        return Ok(false);
    };
    let found = sessions::find_live(tx, instance, &token)?;
    Ok(found.is_some_and(|found| found.user.id == user_id))
}

/// Carries out the step that a link stands for.
pub(super) fn confirm(
    instance: &Instance,
    claims: &Claims,
    (new_email, link): (&str, &Link),
    caller: &Caller<'_>,
    current: impl FnOnce() -> Result<Option<SessionWithUser>, AuthError>,
) -> Result<Verified, AuthError> {
    let invalid = || AuthError::new(codes::INVALID_VERIFICATION_TOKEN);
    let user_id = claims.user_id.as_deref().ok_or_else(invalid)?;
    let find = |tx: &mut Tx<'_>| -> Result<User, AuthError> {
        let Some(user) = user::find(tx, user_id)? else {
            return Err(codes::VERIFICATION_USER_NOT_FOUND.into());
        };
        // A token names the address that it changes, so it works once.
        let is_same = email::normalise(&user.email) == email::normalise(&claims.email);
        let is_current = match &claims.password_stamp {
            Some(stamp) => *stamp == credentials::stamp(tx, user_id)?,
            // Made by Better Auth.
            None => true,
        };
        if is_same && is_current && is_session_alive(tx, instance, claims, user_id)? {
            Ok(user)
        } else {
            Err(invalid())
        }
    };
    instance.database().read(find)?;
    let current = current()?;
    if current.as_ref().is_some_and(|current| current.user.id != user_id) {
        return Err(codes::INVALID_USER.into());
    }
    let is_hosted = claims.hosted;
    let changed = |user: User| {
        let session = current.as_ref().map(|current| current.session.clone());
        let session =
            session.map(|session| Entered::of(SessionWithUser { session, user: user.clone() }));
        Verified { step: LinkStep::Changed(Box::new(user)), session, is_hosted }
    };
    let taken = || AuthError::new(codes::USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL);
    let verified = messages::write(instance, |tx, outgoing| {
        let user = find(tx)?;
        let now = tx.now();
        match claims.request_type.as_deref() {
            Some(CONFIRMATION) => {
                let about = User { email: new_email.to_owned(), ..user };
                let message = Message::new(kinds::VERIFICATION, &about, lifetime(instance));
                let claims =
                    Claims { request_type: Some(VERIFICATION.to_owned()), ..claims.clone() };
                outgoing.send(tx, with_link(instance, message, claims, link, now)?)?;
                Ok(Verified { step: LinkStep::Confirmed, session: None, is_hosted })
            }
            Some(VERIFICATION) => {
                let verified = user.email_verified;
                let user = users::set_email(tx, instance, caller, (user_id, new_email), verified)?;
                Ok(changed(user.ok_or_else(taken)?))
            }
            // Made by an older Better Auth, which confirms afterwards.
            _ => {
                let user = users::set_email(tx, instance, caller, (user_id, new_email), false)?;
                let user = user.ok_or_else(taken)?;
                outgoing.send(tx, message(instance, &user, link, now)?)?;
                Ok(changed(user))
            }
        }
    })?;
    if let LinkStep::Changed(user) = &verified.step {
        sessions::refresh(instance, user)?;
    }
    Ok(verified)
}
