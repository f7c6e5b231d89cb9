//! What a database can answer instead of rows.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use crate::error::AuthError;
use crate::error::codes;

/// When it is worth asking again.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Why the database did not do what it was asked; the text is a finished sentence for people.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DatabaseError {
    /// A row with this value exists already; holds where.
    Unique(Unique),
    /// Others kept the database, or what the statement needs of it, for longer than we wait.
    Busy,
    /// The file or server cannot be opened, read or written; holds the reason.
    Unavailable(String),
    /// It can be read, and not be written; holds what is in the way.
    ReadOnly(String),
    /// The file is there, and is not a SQLite database; holds its path.
    NotADatabase(String),
    /// What the file holds contradicts itself; holds what SQLite says of it.
    Damaged(String),
    /// There is no database at this place yet; holds the place.
    Missing(String),
    /// A table or column is missing or of another kind; holds the reason.
    Schema(String),
    /// A value cannot be kept in its column, such as a number that is too large; holds the reason.
    Value(String),
    /// Rows of another table refer to this one, or the row that this one refers to is not there; holds the foreign
    /// key, or what the database says of it.
    ForeignKey(String),
    /// A rule that the database has of its own refuses it, such as a check or a trigger; holds its words.
    Rule(String),
    /// Anything else, with the driver's own words.
    Other(String),
}

/// Columns of a table whose values no two rows may share, by their names in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unique {
    /// The table; empty where the database does not name it.
    pub table: String,
    /// Every column that the constraint is about; where the database names none, what it calls the constraint.
    pub columns: Vec<String>,
}

impl Unique {
    /// Whether it is about this column of this table, and about no other column beside it. SQLite writes a name as
    /// the table's maker did, and takes any other case for the same.
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
            Self::Busy => f.write_str("others kept the database locked for too long"),
            Self::Unavailable(reason) => write!(f, "the database is not available: {reason}"),
            Self::ReadOnly(reason) => write!(f, "the database is read-only: {reason}"),
            Self::NotADatabase(path) => write!(f, "{path} is not a SQLite database"),
            Self::Damaged(reason) => write!(f, "the database is damaged: {reason}"),
            Self::Missing(place) => write!(f, "there is no database at {place} yet"),
            Self::Schema(reason) => write!(f, "the database needs migration: {reason}"),
            Self::Value(reason) => write!(f, "the database cannot keep this: {reason}"),
            Self::ForeignKey(reason) => write!(f, "a foreign key forbids this: {reason}"),
            Self::Rule(reason) => write!(f, "a rule of the database forbids this: {reason}"),
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
            DatabaseError::Other(_) => Self::new(codes::INTERNAL_SERVER_ERROR),
        }
        .with_cause(error)
    }
}
