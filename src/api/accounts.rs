//! The linked accounts of a user.

use crate::api::challenge;
use crate::api::reset_links;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Caller;
use crate::instance::EventKind;
use crate::instance::Instance;
use crate::models::Account;
use crate::models::account;

/// A user's linked accounts, oldest first.
pub fn list(instance: &Instance, user_id: &str) -> Result<Vec<Account>, AuthError> {
    Ok(instance.database().read(|tx| account::list(tx, user_id))?)
}

/// Unlinks an account. The last one cannot be unlinked unless the configuration allows it. Unlinking the password makes
/// older password reset links void.
///
/// # Errors
/// `FAILED_TO_UNLINK_LAST_ACCOUNT`, then `ACCOUNT_NOT_FOUND` [contract 16, order traps], and what `caller` refuses.
pub fn unlink(
    instance: &Instance,
    user_id: &str,
    account_id: &str,
    caller: &Caller<'_>,
) -> Result<(), AuthError> {
    let may_be_last = instance.config().account.account_linking.allow_unlinking_all;
    instance.database().write(|tx| {
        caller.recheck(tx)?;
        let accounts = account::list(tx, user_id)?;
        if accounts.len() <= 1 && !may_be_last {
            return Err(codes::FAILED_TO_UNLINK_LAST_ACCOUNT.into());
        }
        let Some(account) = accounts.iter().find(|account| account.id == account_id) else {
            return Err(codes::ACCOUNT_NOT_FOUND.into());
        };
        account::delete(tx, account_id)?;
        let provider_id = &account.provider_id;
        if provider_id == account::CREDENTIAL {
            reset_links::void(tx, instance, user_id)?;
        }
        // It may be what opened them.
        challenge::void(tx, instance, user_id)?;
        instance.emit(tx, caller, Some(user_id), EventKind::AccountUnlinked { provider_id })
    })
}
