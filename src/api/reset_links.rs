//! Links to a new password: issued, found, made void [contract 11.4].

use std::time::Duration;

use crate::api::messages::Link;
use crate::api::one_time;
use crate::api::one_time::NewValue;
use crate::api::one_time::OneTime;
use crate::api::one_time::Purpose;
use crate::crypto::random;
use crate::database::Tx;
use crate::email::Message;
use crate::error::AuthError;
use crate::instance::Instance;
use crate::models::User;

const PURPOSE: Purpose = Purpose::RESET_PASSWORD;
/// For how long older links are remembered to be void: no invitation lives longer.
const VOID_FOR: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// Issues a token for the user whom a message is about, and gives the message the link with it.
pub(super) fn issue(
    tx: &mut Tx<'_>,
    instance: &Instance,
    user: &User,
    message: Message,
    link: &Link,
) -> Result<Message, AuthError> {
    let token = random::reset_token();
    let expires_at = tx.now().after(message.lifetime());
    let (purpose, value) = (PURPOSE, &user.id);
    let new = NewValue { purpose, token: &token, value, expires_at, can_be_void: true };
    one_time::issue(tx, instance, &new)?;
    Ok(message.with_link(link.reset_password(&token), token))
}

/// The token of such a link.
pub(super) fn of<'a>(instance: &'a Instance, token: &str) -> OneTime<'a> {
    OneTime::new(instance, PURPOSE, token)
}

/// Makes every link to a new password void that a user has been sent: a newer password, a newer address, or a newer
/// proof of the address is not undone by a message that lies in a mailbox.
pub(super) fn void(tx: &mut Tx<'_>, instance: &Instance, user_id: &str) -> Result<(), AuthError> {
    one_time::void(tx, instance, PURPOSE, user_id, VOID_FOR)
}
