//! The plugin's error codes. An invalid name is 400 when it is stored and 422 when it is looked up,
//! as in Better Auth.

use crate::error::ErrorCode;

/// A problem with a name.
pub(super) struct Problem {
    pub(super) refused: &'static ErrorCode,
    pub(super) unprocessable: &'static ErrorCode,
}

macro_rules! problem {
    ($name:literal, $message:literal) => {
        Problem {
            refused: &ErrorCode::new($name, 400, $message),
            unprocessable: &ErrorCode::new($name, 422, $message),
        }
    };
}

pub(super) const TOO_SHORT: Problem = problem!("USERNAME_TOO_SHORT", "Username is too short");
pub(super) const TOO_LONG: Problem = problem!("USERNAME_TOO_LONG", "Username is too long");
pub(super) const INVALID: Problem = problem!("INVALID_USERNAME", "Username is invalid");
pub(super) const TAKEN: &ErrorCode = &ErrorCode::new(
    "USERNAME_IS_ALREADY_TAKEN",
    400,
    "Username is already taken. Please try another.",
)
.conflict();
pub(super) const IMMUTABLE: &ErrorCode =
    &ErrorCode::new("USERNAME_IS_IMMUTABLE", 400, "Username cannot be updated");
pub(super) const INVALID_USERNAME_OR_PASSWORD: &ErrorCode =
    &ErrorCode::new("INVALID_USERNAME_OR_PASSWORD", 401, "Invalid username or password");
