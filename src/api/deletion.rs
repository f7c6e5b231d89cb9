//! Account deletion confirmed by an emailed link [contract 8.13, 11.4].

use crate::api::messages;
use crate::api::messages::Link;
use crate::api::one_time;
use crate::api::one_time::NewValue;
use crate::api::one_time::OneTime;
use crate::api::one_time::Purpose;
use crate::api::users;
use crate::crypto::random;
use crate::email::Message;
use crate::email::kinds;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Caller;
use crate::instance::Instance;
use crate::models::user;

const PURPOSE: Purpose = Purpose::DELETE_ACCOUNT;

/// Whether deletion must be confirmed by email.
pub fn asks_first(instance: &Instance) -> bool {
    instance.mailer().sends(kinds::DELETE_ACCOUNT.name)
}

/// Sends a user a link to confirm the deletion.
///
/// # Errors
/// `RATE_LIMIT_EXCEEDED`, `SERVER_BUSY`, what `caller` refuses, or a database error.
pub fn request(
    instance: &Instance,
    user_id: &str,
    link: &Link,
    caller: &Caller<'_>,
) -> Result<(), AuthError> {
    let lifetime = instance.config().user.delete_user.delete_token_expires_in;
    let token = random::delete_token();
    one_time::admit(instance, link.client.as_ref())?;
    messages::write(instance, |tx, outgoing| {
        caller.recheck(tx)?;
        let Some(user) = user::find(tx, user_id)? else {
            return Err(codes::UNAUTHORIZED.into());
        };
        let expires_at = tx.now().after(lifetime);
        let (purpose, value) = (PURPOSE, user_id);
        let new = NewValue { purpose, token: &token, value, expires_at, can_be_void: false };
        one_time::issue(tx, instance, &new)?;
        let message = Message::new(kinds::DELETE_ACCOUNT, &user, lifetime);
        outgoing.send(tx, message.with_link(link.delete_user(&token), token.clone()))
    })
}

/// Deletes the signed-in user if the token was issued to them. The token of another user is not used up.
///
/// # Errors
/// `INVALID_TOKEN`, `USER_NOT_FOUND`, and what `caller` refuses.
pub fn confirm(
    instance: &Instance,
    user_id: &str,
    token: &str,
    caller: &Caller<'_>,
) -> Result<(), AuthError> {
    let mut link = OneTime::new(instance, PURPOSE, token);
    let is_own = |owner: Option<String>| owner.is_some_and(|owner| owner == user_id);
    instance.database().write(|tx| {
        caller.recheck(tx)?;
        if !is_own(link.find(tx)?) || !is_own(link.consume(tx)?) {
            return Err(codes::INVALID_DELETE_TOKEN.into());
        }
        users::remove(tx, instance, user_id, caller)
    })
}
