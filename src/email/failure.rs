//! Delivery failures, and whether a retry makes sense.

use std::fmt;

/// Why a message could not be delivered; the text is for administrators.
#[derive(Debug, PartialEq, Eq)]
pub enum Failure {
    /// Rejected for good.
    Refused(String),
    /// Rejected temporarily.
    Later(String),
    /// The transport is unreachable, so other messages would fail too.
    Unreachable(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(reason) | Self::Later(reason) | Self::Unreachable(reason) => {
                f.write_str(reason)
            }
        }
    }
}

impl std::error::Error for Failure {}
