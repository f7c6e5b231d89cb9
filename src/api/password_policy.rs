//! Which passwords may be chosen [contract 4].

use crate::crypto::Secret;
use crate::crypto::breached;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Instance;

/// Refuses a new password that is too short or too long, counted as Better Auth does: in UTF-16
/// units, before normalisation; and one that others know.
///
/// # Errors
/// `PASSWORD_TOO_SHORT`, `PASSWORD_TOO_LONG`, `PASSWORD_COMPROMISED`, `CONFIG_INVALID` when the list cannot be read:
/// then no password is taken.
pub fn check_new(instance: &Instance, password: &Secret) -> Result<(), AuthError> {
    let options = &instance.config().email_and_password;
    if length(password) < options.min_password_length {
        return Err(codes::PASSWORD_TOO_SHORT.into());
    }
    check_not_too_long(instance, password)?;
    match options.password.breached_list.as_deref().map(|list| breached::holds(list, password)) {
        None | Some(Ok(false)) => Ok(()),
        Some(Ok(true)) => Err(codes::PASSWORD_COMPROMISED.into()),
        Some(Err(error)) => Err(AuthError::new(codes::CONFIG_INVALID).with_cause(error)),
    }
}

/// Looks at the list of breached passwords, where there is one, before a server starts.
///
/// # Errors
/// `CONFIG_INVALID` with what is wrong with it.
pub fn check_list(instance: &Instance) -> Result<(), AuthError> {
    let Some(list) = &instance.config().email_and_password.password.breached_list else {
        return Ok(());
    };
    breached::check(list).map_err(|error| {
        let problem =
            format!("emailAndPassword.password.breachedList: {}: {error}", list.display());
        AuthError::new(codes::CONFIG_INVALID).with_message(problem)
    })
}

/// Refuses a password that cannot be anybody's, before any work is spent on it.
///
/// # Errors
/// `PASSWORD_TOO_LONG`.
pub fn check_not_too_long(instance: &Instance, password: &Secret) -> Result<(), AuthError> {
    if instance.config().email_and_password.max_password_length < length(password) {
        return Err(codes::PASSWORD_TOO_LONG.into());
    }
    Ok(())
}

fn length(password: &Secret) -> usize {
    password.expose().encode_utf16().count()
}
