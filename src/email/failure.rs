//! Why a message was not handed over, and whether it is worth another try.

use std::fmt;

/// Why a message was not handed over; the text is for administrators.
#[derive(Debug, PartialEq, Eq)]
pub enum Failure {
    /// It will never be taken as it is.
    Refused(String),
    /// It was not taken now.
    Later(String),
    /// Nobody is there, so no other message would fare better.
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
