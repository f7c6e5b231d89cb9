//! `users`: one file per operation, or for two that belong together.

pub mod create;
pub mod delete;
pub mod links;
pub mod list;
pub mod passwords;
pub mod update;

use crate::error::AuthError;
use crate::error::codes;
use crate::operations::Call;

/// The part of an address that stands for a name where there is none.
pub(super) fn name_of(email: &str) -> String {
    email.split('@').next().unwrap_or_default().to_owned()
}

/// What the rules refuse, in words that name the value and the limit.
pub(super) fn explain(error: AuthError, email: &str, call: &Call<'_>) -> AuthError {
    let options = &call.instance().config().email_and_password;
    let message = if error.is(codes::USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL) {
        format!("a user with the address {email} exists already")
    } else if error.is(codes::INVALID_EMAIL) {
        format!("{email:?} is not an e-mail address")
    } else if error.is(codes::PASSWORD_TOO_SHORT) {
        format!("the password is shorter than {} characters", options.min_password_length)
    } else if error.is(codes::PASSWORD_TOO_LONG) {
        format!("the password is longer than {} characters", options.max_password_length)
    } else if error.is(codes::RESET_PASSWORD_DISABLED)
        || error.is(codes::VERIFICATION_EMAIL_NOT_ENABLED)
    {
        "such messages are not sent; email.transport and email.senders say which are".to_owned()
    } else if error.is(codes::INVALID_REDIRECT_URL) {
        "the place that the link leads on to is not in trustedOrigins".to_owned()
    } else {
        return error;
    };
    error.with_message(message)
}
