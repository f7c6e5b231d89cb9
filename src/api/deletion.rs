//! Account deletion confirmed by an emailed link [contract 8.13, 11.4].

use crate::api::messages;
use crate::api::messages::Link;
use crate::api::users;
use crate::api::verifications;
use crate::api::verifications::NewValue;
use crate::api::verifications::OneTime;
use crate::config::MailKind;
use crate::crypto::random;
use crate::email::Message;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Caller;
use crate::instance::Instance;
use crate::models::user;

/// Every stored secret names its purpose [security A1].
const PURPOSE: &str = "delete-account-";

/// Whether deletion must be confirmed by email.
pub fn asks_first(instance: &Instance) -> bool {
    instance.mailer().sends(MailKind::DeleteAccount)
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
    verifications::admit(instance, link.client.as_ref())?;
    messages::write(instance, |tx, outgoing| {
        caller.recheck(tx)?;
        let Some(user) = user::find(tx, user_id)? else {
            return Err(codes::UNAUTHORIZED.into());
        };
        let expires_at = tx.now().after(lifetime);
        let (purpose, value) = (PURPOSE, user_id);
        let new = NewValue { purpose, token: &token, value, expires_at, can_be_void: false };
        verifications::insert(tx, instance, &new)?;
        let message = Message::new(MailKind::DeleteAccount, &user, lifetime);
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
