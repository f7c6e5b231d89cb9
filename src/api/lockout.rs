//! Lockout after wrong passwords: counted for each name, whether a user has it or not and whichever
//! client tries, so that no response reveals users [ASVS 6.1.1, 6.3.1; NIST SP 800-63B 5.2.2].
//!
//! Sign-ins are counted per name, and password confirmations of signed-in users per user: locking a
//! name from outside does not affect the sessions of its owner.

use crate::api::attempts::AttemptLimit;
use crate::api::attempts::Attempts;
use crate::api::email;
use crate::database::Tx;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Caller;
use crate::instance::EventKind;
use crate::instance::Instance;
use crate::models::User;
use crate::models::user;

/// A name for signing in.
#[derive(Debug, Clone, Copy)]
pub enum Name<'a> {
    /// An email address, in any case.
    Address(&'a str),
    /// A unique field of a plugin, in its stored form.
    Field {
        /// The field.
        field: &'a str,
        /// Its value.
        value: &'a str,
    },
}

/// The failed sign-ins with this name.
pub(super) fn on_name<'a>(instance: &'a Instance, name: Name<'_>) -> Attempts<'a> {
    let key = match name {
        Name::Address(address) => format!("email:{}", email::normalise(address)),
        Name::Field { field, value } => format!("{field}:{value}"),
    };
    Attempts::on(instance, &key, limit(instance))
}

/// The failed confirmations of a signed-in user.
pub(super) fn of_user<'a>(instance: &'a Instance, user_id: &str) -> Attempts<'a> {
    Attempts::on(instance, &format!("id:{user_id}"), limit(instance))
}

fn limit(instance: &Instance) -> Option<AttemptLimit> {
    let options = &instance.config().email_and_password.lockout;
    options.enabled.then_some(AttemptLimit {
        max: options.max_attempts,
        window: options.window,
        lock: options.duration,
        refusal: codes::ACCOUNT_TEMPORARILY_LOCKED,
    })
}

/// Resets the counts of all names of a user; `false` if there were none.
pub(super) fn forget_user(
    tx: &mut Tx<'_>,
    instance: &Instance,
    user: &User,
) -> Result<bool, AuthError> {
    let fields = instance.config().user.additional_fields.iter();
    let names = fields.filter(|(_, field)| field.unique);
    let named = names.filter_map(|(field, _)| {
        let value = user.additional.text(field)?;
        Some(on_name(instance, Name::Field { field, value }))
    });
    let own = [on_name(instance, Name::Address(&user.email)), of_user(instance, &user.id)];
    own.into_iter().chain(named).try_fold(false, |any, attempts| Ok(any | attempts.forget(tx)?))
}

/// Unlocks a user; `false` if the user was not locked and had no failed attempts.
///
/// # Errors
/// `USER_NOT_FOUND`.
pub fn unlock(instance: &Instance, user_id: &str, caller: &Caller<'_>) -> Result<bool, AuthError> {
    instance.database().write(|tx| {
        caller.recheck(tx)?;
        let Some(user) = user::find(tx, user_id)? else {
            return Err(codes::USER_NOT_FOUND.into());
        };
        let was_counted = forget_user(tx, instance, &user)?;
        if was_counted {
            instance.emit(tx, caller, Some(user_id), EventKind::Unlocked)?;
        }
        Ok(was_counted)
    })
}
