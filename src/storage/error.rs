//! Errors of the secondary storage.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use crate::error::AuthError;
use crate::error::codes;

/// When a retry is worthwhile.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Why the storage failed. The text is meant for users.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StorageError {
    /// It cannot be reached or does not respond in time; holds the reason.
    Unavailable(String),
    /// Every connection is in use, or the same key is constantly changed by others.
    Busy,
    /// Anything else, with its message.
    Other(String),
}

impl fmt::Display for StorageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable(reason) => {
                write!(f, "the secondary storage is not available: {reason}")
            }
            Self::Busy => f.write_str("the secondary storage is busy"),
            Self::Other(reason) => write!(f, "the secondary storage failed: {reason}"),
        }
    }
}

impl StdError for StorageError {}

impl From<StorageError> for AuthError {
    fn from(error: StorageError) -> Self {
        match &error {
            StorageError::Unavailable(_) | StorageError::Busy => {
                Self::new(codes::SECONDARY_STORAGE_UNAVAILABLE).with_retry_after(RETRY_AFTER)
            }
            StorageError::Other(_) => Self::new(codes::INTERNAL_SERVER_ERROR),
        }
        .with_cause(error)
    }
}
