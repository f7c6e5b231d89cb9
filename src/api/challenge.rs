//! One-time tokens of challenges. A client has one between the first factor and the second, which
//! creates the session. A new password, a changed email address, an unlinked account and the
//! revocation of all sessions invalidate open challenges.

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

/// The longest lifetime of a challenge, and of the mark that invalidates older ones.
const LIFETIME_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// Opens a challenge for a user and returns its token. It lives for a day at most.
pub fn open(
    tx: &mut Tx<'_>,
    instance: &Instance,
    purpose: Purpose,
    user_id: &str,
    lifetime: Duration,
) -> Result<String, AuthError> {
    if one_time::alone(instance).is_some() {
        // Shares a row lock: otherwise PostgreSQL does not detect a concurrent new password, which
        // voids the challenge.
        user::share(tx, user_id)?;
    }
    let token = random::token();
    let expires_at = tx.now().after(lifetime.min(LIFETIME_MAX));
    let new = NewValue { purpose, token: &token, value: user_id, expires_at, can_be_void: true };
    one_time::issue(tx, instance, &new)?;
    Ok(token)
}

/// A challenge, identified by its token.
pub struct Challenge<'a>(OneTime<'a>);

impl<'a> Challenge<'a> {
    /// The challenge with this token.
    pub fn new(instance: &'a Instance, purpose: Purpose, token: &str) -> Self {
        Self(OneTime::new(instance, purpose, token))
    }

    /// The user of this challenge as the row is in this transaction; `None` if it was used or has expired.
    pub fn find(&self, tx: &mut Tx<'_>) -> Result<Option<User>, AuthError> {
        let user_id = self.0.find(tx)?;
        Ok(user_id.map(|id| user::find(tx, &id)).transpose()?.flatten())
    }

    /// Uses the token up and returns the user. Of several concurrent requests one succeeds.
    pub fn take(&mut self, tx: &mut Tx<'_>) -> Result<Option<User>, AuthError> {
        let user_id = self.0.consume(tx)?;
        Ok(user_id.map(|id| user::find(tx, &id)).transpose()?.flatten())
    }
}

/// Invalidates all open challenges of a user.
pub(super) fn void(tx: &mut Tx<'_>, instance: &Instance, user_id: &str) -> Result<(), AuthError> {
    let mut purposes = instance.challenges().map(|challenge| challenge.purpose).peekable();
    if purposes.peek().is_some() && one_time::alone(instance).is_some() {
        user::claim(tx, user_id)?;
    }
    purposes.try_for_each(|purpose| one_time::void(tx, instance, purpose, user_id, LIFETIME_MAX))
}

/// Invalidates all open challenges of all users.
pub(super) fn void_all(tx: &mut Tx<'_>, instance: &Instance) -> Result<(), AuthError> {
    let mut purposes = instance.challenges().map(|challenge| challenge.purpose);
    purposes.try_for_each(|purpose| one_time::void_all(tx, instance, purpose, LIFETIME_MAX))
}
