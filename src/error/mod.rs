//! Errors: a code for programs, a message for users, and a cause for the log.

pub mod codes;
pub mod shown;

use std::error::Error;
use std::fmt;
use std::time::Duration;

/// One row of the table of error codes: open to plugins, never derived from a message.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorCode {
    /// Better Auth 1.7's name, such as `INVALID_EMAIL_OR_PASSWORD`.
    pub name: &'static str,
    /// Better Auth 1.7's HTTP status.
    pub status: u16,
    /// The message for users; the same in both dialects.
    pub message: &'static str,
    /// The name and status of the reference documentation if they differ.
    pub reference: Option<(&'static str, u16)>,
    /// Whether this is a conflict with existing data, whatever the status.
    pub is_conflict: bool,
    /// Whether it appears in the redirect URL of a sign-in by provider instead of a body.
    pub is_of_redirect: bool,
}

impl ErrorCode {
    /// A code that is the same in both dialects.
    pub const fn new(name: &'static str, status: u16, message: &'static str) -> Self {
        Self {
            name,
            status,
            message,
            reference: None,
            is_conflict: status == 409,
            is_of_redirect: false,
        }
    }

    /// Marks a conflict for which Better Auth has another status than 409.
    #[must_use]
    pub const fn conflict(mut self) -> Self {
        self.is_conflict = true;
        self
    }

    /// Marks a code that appears in the redirect URL of a sign-in by provider.
    #[must_use]
    pub const fn of_redirect(mut self) -> Self {
        self.is_of_redirect = true;
        self
    }

    /// Sets the name and status of the reference documentation.
    #[must_use]
    pub const fn in_reference(mut self, name: &'static str, status: u16) -> Self {
        self.reference = Some((name, status));
        self
    }

    /// Name and status in this dialect (`advanced.errorCodes`).
    pub fn in_dialect(&self, dialect: Dialect) -> (&'static str, u16) {
        match (dialect, self.reference) {
            (Dialect::Reference, Some(reference)) => reference,
            _ => (self.name, self.status),
        }
    }
}

/// The names and statuses in error bodies (`advanced.errorCodes`).
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Default,
    serde::Deserialize,
    schemars::JsonSchema,
    serde::Serialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// The reference documentation's (`INVALID_CREDENTIALS`, `SESSION_EXPIRED`, …).
    #[default]
    Reference,
    /// Exactly Better Auth 1.7's, for front ends that compare them.
    Upstream,
}

/// The error type above the database: a code and optional details, one word wide.
pub struct AuthError(Box<Inner>);

struct Inner {
    code: &'static ErrorCode,
    message: Option<String>,
    retry_after: Option<Duration>,
    cause: Option<Box<dyn Error + Send + Sync>>,
    hint: Option<String>,
    is_logged: bool,
}

impl AuthError {
    /// An error with the code's own message.
    pub fn new(code: &'static ErrorCode) -> Self {
        Self(Box::new(Inner {
            code,
            message: None,
            retry_after: None,
            cause: None,
            hint: None,
            is_logged: false,
        }))
    }

    /// An unexpected error: the client sees "Internal Server Error", the log the cause.
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(codes::INTERNAL_SERVER_ERROR).with_cause(cause)
    }

    /// Sets another message.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.0.message = Some(message.into());
        self
    }

    /// Sets the cause, which is logged and never sent to a client.
    #[must_use]
    pub fn with_cause(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// What an operator can do next, as a part of a sentence; never sent to a client.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Sets when the client may retry; sent as `Retry-After` in seconds.
    #[must_use]
    pub fn with_retry_after(mut self, after: Duration) -> Self {
        self.0.retry_after = Some(after);
        self
    }

    /// Marks the error as logged: repeated refusals of a client are logged once.
    #[must_use]
    pub fn logged(mut self) -> Self {
        self.0.is_logged = true;
        self
    }

    /// Whether it is logged already.
    pub fn is_logged(&self) -> bool {
        self.0.is_logged
    }

    /// The error code.
    pub fn code(&self) -> &'static ErrorCode {
        self.0.code
    }

    /// The message for users.
    pub fn message(&self) -> &str {
        self.0.message.as_deref().unwrap_or(self.0.code.message)
    }

    /// What an operator can do next.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// When the client may retry.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether it has this code.
    pub fn is(&self, code: &ErrorCode) -> bool {
        self.0.code == code
    }
}

impl From<&'static ErrorCode> for AuthError {
    fn from(code: &'static ErrorCode) -> Self {
        Self::new(code)
    }
}

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl fmt::Debug for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthError")
            .field("code", &self.0.code.name)
            .field("message", &self.message())
            .field("cause", &self.0.cause)
            .finish_non_exhaustive()
    }
}

impl Error for AuthError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.cause.as_deref().map(|cause| cause as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_speaks_both_dialects() {
        let code = codes::INVALID_EMAIL_OR_PASSWORD;
        assert_eq!(code.in_dialect(Dialect::Reference), ("INVALID_CREDENTIALS", 401));
        assert_eq!(code.in_dialect(Dialect::Upstream), ("INVALID_EMAIL_OR_PASSWORD", 401));
    }

    #[test]
    fn the_cause_is_not_part_of_the_message() {
        let error = AuthError::internal("disk on fire");
        assert_eq!(error.to_string(), "Internal Server Error");
        assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("disk on fire"));
    }
}
