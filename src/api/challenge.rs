//! One-time tokens of challenges: what a client has that proved who it is and must prove something else before its
//! session begins. A new password, another address, an unlinked account and the revocation of all sessions make void those
//! that are open.

use std::time::Duration;

use crate::api::one_time;
use crate::api::one_time::NewValue;
use crate::api::one_time::OneTime;
use crate::api::one_time::Purpose;
use crate::crypto::random;
use crate::database::Tx;
use crate::error::AuthError;
use crate::instance::Instance;
use crate::models::User;
use crate::models::user;

/// For how long older challenges are remembered to be void, and the longest that one is open.
const LIFETIME_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// Opens a challenge for a user, in the transaction that asks for it, and answers its token. It is open for a day at
/// most.
pub fn open(
    tx: &mut Tx<'_>,
    instance: &Instance,
    purpose: Purpose,
    user_id: &str,
    lifetime: Duration,
) -> Result<String, AuthError> {
    if one_time::alone(instance).is_some() {
        // No row tells PostgreSQL that a new password, which makes it void, came at the same time.
        user::share(tx, user_id)?;
    }
    let token = random::token();
    let expires_at = tx.now().after(lifetime.min(LIFETIME_MAX));
    let new = NewValue { purpose, token: &token, value: user_id, expires_at, can_be_void: true };
    one_time::issue(tx, instance, &new)?;
    Ok(token)
}

/// A challenge as a client names it.
pub struct Challenge<'a>(OneTime<'a>);

impl<'a> Challenge<'a> {
    /// The challenge with this token.
    pub fn new(instance: &'a Instance, purpose: Purpose, token: &str) -> Self {
        Self(OneTime::new(instance, purpose, token))
    }

    /// The user who must meet it, as the row is in this transaction; `None` once it was met or has expired.
    pub fn find(&self, tx: &mut Tx<'_>) -> Result<Option<User>, AuthError> {
        let user_id = self.0.find(tx)?;
        Ok(user_id.map(|id| user::find(tx, &id)).transpose()?.flatten())
    }

    /// Uses it up and answers the user. Of several clients that try at the same moment one gets it.
    pub fn take(&mut self, tx: &mut Tx<'_>) -> Result<Option<User>, AuthError> {
        let user_id = self.0.consume(tx)?;
        Ok(user_id.map(|id| user::find(tx, &id)).transpose()?.flatten())
    }
}

/// Makes every open challenge of a user void.
pub(super) fn void(tx: &mut Tx<'_>, instance: &Instance, user_id: &str) -> Result<(), AuthError> {
    let mut purposes = instance.challenges().map(|challenge| challenge.purpose).peekable();
    if purposes.peek().is_some() && one_time::alone(instance).is_some() {
        user::claim(tx, user_id)?;
    }
    purposes.try_for_each(|purpose| one_time::void(tx, instance, purpose, user_id, LIFETIME_MAX))
}
