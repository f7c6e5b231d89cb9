//! The policy of new passwords [contract 4].

use crate::crypto::Secret;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Instance;

/// Rejects a new password that is too short or too long, in UTF-16 units before normalisation, as
/// Better Auth counts; and one that a plugin rejects.
///
/// # Errors
/// `PASSWORD_TOO_SHORT`, `PASSWORD_TOO_LONG`.
pub fn check_new(instance: &Instance, password: &Secret) -> Result<(), AuthError> {
    if password.expose().contains('\0') {
        // Over HTTP no text may have one, so nobody could sign in with it.
        let message = "password: contains a NUL character";
        return Err(AuthError::new(codes::VALIDATION_ERROR).with_message(message));
    }
    let options = &instance.config().email_and_password;
    if length(password) < options.min_password_length {
        return Err(codes::PASSWORD_TOO_SHORT.into());
    }
    check_not_too_long(instance, password)?;
    instance.before_password(password)
}

/// Rejects an overlong password before any work is done.
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
