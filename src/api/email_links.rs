//! Links with a signed token about an address: their claims and their outcome [contract 8.11, 8.12].

use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;

use crate::api::messages::Link;
use crate::crypto::jwt;
use crate::crypto::jwt::Token;
use crate::database::Timestamp;
use crate::email::Message;
use crate::email::kinds;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Instance;
use crate::instance::proof::Entered;
use crate::models::SessionWithUser;
use crate::models::User;

/// The claims of a token, under Better Auth's names.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Claims {
    pub(super) email: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) update_to: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) request_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) user_id: Option<String>,
    /// Extension: the password at the time of the request. A newer password makes a link that changes the address void,
    /// because the new address could reset the password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) password_stamp: Option<String>,
    /// Extension: the session that requested another address. Revoking it makes the link void.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) encrypted_session_token: Option<String>,
    /// Extension: the request named no redirect target, so this server shows a page of its own.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) hosted: bool,
    #[serde(default)]
    pub(super) iat: i64,
    pub(super) exp: i64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over like this")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// The outcome of a link.
#[derive(Debug)]
pub struct Verified {
    /// The step that was carried out.
    pub step: LinkStep,
    /// The new session of the browser, or the challenge before it, if there is one.
    pub session: Option<Entered<SessionWithUser>>,
    /// Whether the request named no redirect target.
    pub is_hosted: bool,
}

/// The step that a link stands for.
#[derive(Debug)]
pub enum LinkStep {
    /// The address is verified.
    Verified,
    /// The old address confirmed the change; a message went to the new one.
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
    let message = Message::new(kinds::VERIFICATION, user, lifetime(instance));
    with_link(instance, message, claims, link, now)
}

/// Adds a link with these claims to a message.
pub(super) fn with_link(
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

pub(super) fn lifetime(instance: &Instance) -> Duration {
    instance.config().email_verification.expires_in
}

pub(super) fn open(instance: &Instance, token: &str) -> Result<Claims, AuthError> {
    let now = instance.database().clock().now().as_millis().div_euclid(1000);
    let claims = match jwt::check(instance.signer()?, token, now) {
        Token::Valid(claims) => claims,
        Token::Expired => return Err(codes::TOKEN_EXPIRED.into()),
        Token::Invalid => return Err(codes::INVALID_VERIFICATION_TOKEN.into()),
    };
    // Tokens of other kinds are signed with the same secret; those without an address are not links. Addresses that
    // could not sign up here are accepted: the TypeScript server stores any that a provider sends.
    let claims = serde_json::from_slice::<Claims>(&claims).ok();
    claims
        .filter(|claims| !claims.email.is_empty())
        .ok_or_else(|| codes::INVALID_VERIFICATION_TOKEN.into())
}
