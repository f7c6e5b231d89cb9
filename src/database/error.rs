//! Database errors.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use crate::error::AuthError;
use crate::error::codes;

/// When a retry is worthwhile.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Why the database failed. The text is meant for users.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DatabaseError {
    /// A row with this value exists already.
    Unique(Unique),
    /// A lock was not released in time.
    Busy,
    /// The file or server cannot be opened, read or written; holds the reason.
    Unavailable(String),
    /// The database can be read but not written; holds the reason.
    ReadOnly(String),
    /// The file exists and is not a SQLite database; holds its path.
    NotADatabase(String),
    /// The file is corrupt; holds SQLite's message.
    Damaged(String),
    /// The database does not exist yet; holds its location.
    Missing(String),
    /// A table or column is missing or has another type; holds the reason.
    Schema(String),
    /// A value does not fit its column, such as a number that is too large; holds the reason.
    Value(String),
    /// Rows of another table refer to this one, or the referenced row does not exist; holds the foreign key, or the
    /// database's message.
    ForeignKey(String),
    /// A check or trigger of the database refused it; holds the database's message.
    Rule(String),
    /// A row holds what cannot be read, such as text instead of a time; says where, never what.
    Unreadable(String),
    /// Anything else, with the driver's message.
    Other(String),
}

/// The columns of a violated unique constraint, by their names in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unique {
    /// The table; empty if the database does not name it.
    pub table: String,
    /// Every column of the constraint; if the database names none, the name of the constraint.
    pub columns: Vec<String>,
}

impl Unique {
    /// Whether the constraint covers this column of this table and no other. SQLite reports names as in the table's
    /// definition and compares them without case.
    pub fn is_on(&self, table: &str, column: &str) -> bool {
        let [only] = self.columns.as_slice() else { return false };
        self.table.eq_ignore_ascii_case(table) && only.eq_ignore_ascii_case(column)
    }
}

impl fmt::Display for Unique {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.table, self.columns.join(", "))
    }
}

impl fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unique(unique) => write!(f, "a row with this {unique} exists already"),
            Self::Busy => f.write_str("the database stayed locked for too long"),
            Self::Unavailable(reason) => write!(f, "the database is not available: {reason}"),
            Self::ReadOnly(reason) => write!(f, "the database is read-only: {reason}"),
            Self::NotADatabase(path) => write!(f, "{path} is not a SQLite database"),
            Self::Damaged(reason) => write!(f, "the database is damaged: {reason}"),
            Self::Missing(place) => write!(f, "there is no database at {place} yet"),
            Self::Schema(reason) => write!(f, "the database needs migration: {reason}"),
            Self::Value(reason) => write!(f, "the database cannot store this value: {reason}"),
            Self::ForeignKey(reason) => write!(f, "a foreign key constraint failed: {reason}"),
            Self::Rule(reason) => write!(f, "a database constraint failed: {reason}"),
            Self::Unreadable(place) => write!(f, "a value cannot be read: {place}"),
            Self::Other(reason) => write!(f, "the database failed: {reason}"),
        }
    }
}

impl StdError for DatabaseError {}

impl From<DatabaseError> for AuthError {
    fn from(error: DatabaseError) -> Self {
        match &error {
            DatabaseError::Missing(_) | DatabaseError::Schema(_) => {
                Self::new(codes::SCHEMA_MISMATCH)
            }
            DatabaseError::Busy | DatabaseError::Unavailable(_) => {
                Self::new(codes::DATABASE_UNAVAILABLE).with_retry_after(RETRY_AFTER)
            }
            DatabaseError::ReadOnly(_) => Self::new(codes::DATABASE_READ_ONLY),
            DatabaseError::Damaged(_) | DatabaseError::NotADatabase(_) => {
                Self::new(codes::DATABASE_UNAVAILABLE)
            }
            DatabaseError::Value(_) => Self::new(codes::BAD_REQUEST),
            DatabaseError::ForeignKey(_) => Self::new(codes::FOREIGN_KEY_VIOLATION),
            DatabaseError::Rule(_) => Self::new(codes::CONSTRAINT_VIOLATION),
            DatabaseError::Unique(_) => Self::new(codes::VALUE_ALREADY_TAKEN),
            DatabaseError::Unreadable(_) | DatabaseError::Other(_) => {
                Self::new(codes::INTERNAL_SERVER_ERROR)
            }
        }
        .with_cause(error)
    }
}
