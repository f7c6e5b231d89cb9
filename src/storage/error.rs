//! What a store can answer instead of texts.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use crate::error::AuthError;
use crate::error::codes;

/// When it is worth asking again.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Why the store did not do what it was asked; the text is a finished sentence for people.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StorageError {
    /// It cannot be reached or does not answer in time; holds the reason.
    Unavailable(String),
    /// Every connection is in use, or others change the same key without pause.
    Busy,
    /// Anything else, with its own words.
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
