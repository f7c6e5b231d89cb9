//! `users`: a file per operation, or for two related ones.

pub mod create;
pub mod delete;
pub mod links;
pub mod list;
pub mod passwords;
pub mod update;

use crate::error::AuthError;
use crate::error::codes;
use crate::operations::Call;

/// The default name: the part of the address before the @.
pub(super) fn name_of(email: &str) -> String {
    email.split('@').next().unwrap_or_default().to_owned()
}

/// Explains errors of the rules with the value and the limit.
pub(super) fn explain(error: AuthError, email: &str, call: &Call<'_>) -> AuthError {
    let options = &call.instance().config().email_and_password;
    let message = if error.is(codes::USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL) {
        format!("a user with the address {email} already exists")
    } else if error.is(codes::INVALID_EMAIL) {
        format!("{email:?} is not an email address")
    } else if error.is(codes::PASSWORD_TOO_SHORT) {
        format!("the password is shorter than {} characters", options.min_password_length)
    } else if error.is(codes::PASSWORD_TOO_LONG) {
        format!("the password is longer than {} characters", options.max_password_length)
    } else if error.is(codes::RESET_PASSWORD_DISABLED)
        || error.is(codes::VERIFICATION_EMAIL_NOT_ENABLED)
    {
        "such emails are disabled; see email.transport and email.senders".to_owned()
    } else if error.is(codes::INVALID_REDIRECT_URL) {
        "the redirect URL of the link is not in trustedOrigins".to_owned()
    } else {
        return error;
    };
    error.with_message(message)
}
