//! Why a check stopped.

use std::fmt;

use crate::error::AuthError;
use crate::schema::Table;

/// Why a check stopped. What was repaired before stays repaired.
#[derive(Debug)]
#[non_exhaustive]
pub enum CheckError {
    /// The [`Watch`](super::Watch) callback cancelled it.
    Interrupted,
    /// The database failed, or the storage of sessions.
    Failed {
        /// The table, by its name in the database; `None` where it was not one of them.
        table: Option<String>,
        /// The cause.
        error: AuthError,
    },
}

impl CheckError {
    pub(super) fn of(table: &Table, error: impl Into<AuthError>) -> Self {
        Self::Failed { table: Some(table.name.clone()), error: error.into() }
    }
}

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Interrupted => f.write_str("interrupted; what was repaired stays"),
            Self::Failed { table: Some(table), error } => write!(f, "{table}: {error}"),
            Self::Failed { table: None, error } => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for CheckError {}

impl From<AuthError> for CheckError {
    fn from(error: AuthError) -> Self {
        Self::Failed { table: None, error }
    }
}
