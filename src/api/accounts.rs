//! Ways in: which accounts a user has.

use crate::error::AuthError;
use crate::instance::Instance;
use crate::models::Account;
use crate::models::account;

/// A user's accounts, oldest first.
///
/// # Errors
/// What the database answers.
pub fn list(instance: &Instance, user_id: &str) -> Result<Vec<Account>, AuthError> {
    Ok(instance.database().read(|tx| account::list(tx, user_id))?)
}
