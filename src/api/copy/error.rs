//! Why a copy ended early.

use std::fmt;

use crate::database::DatabaseError;
use crate::rows::any_table::AnyTable;
use crate::rows::any_table::Record;

/// A row, as people name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowName {
    /// In this table.
    pub table: &'static str,
    /// With this key.
    pub id: String,
}

impl RowName {
    pub(super) fn new(table: &AnyTable<'_>, record: &Record) -> Self {
        Self { table: table.name(), id: record.id.clone() }
    }
}

impl fmt::Display for RowName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.table, self.id)
    }
}

/// Why a copy ended early. Pages that were written stay, and a new copy goes on from there.
#[derive(Debug)]
#[non_exhaustive]
pub enum CopyError {
    /// Whoever watched said so.
    Interrupted,
    /// The target holds a row that the source does not.
    OtherData(RowName),
    /// Both hold a row with the same key that says something else.
    Differs(RowName),
    /// An earlier copy brought this row, and it was deleted in the source since.
    GoneFromSource(RowName),
    /// An earlier copy brought this row, and it was deleted in the target since.
    GoneFromTarget(RowName),
    /// A mirror would change this row of a target that is not known to be a copy of the source.
    NotACopy(RowName),
    /// A mirror would undo what was written in the target after it was copied.
    WrittenSince(RowName),
    /// A mirror would delete every user of the target.
    NothingInCommon,
    /// The source was written to meanwhile.
    Incomplete {
        /// In this table.
        table: &'static str,
        /// Rows in the source at the end.
        source: u64,
        /// Rows of those in the target.
        target: u64,
    },
    /// What a database answered.
    Database {
        /// In this table.
        table: &'static str,
        /// Why.
        error: DatabaseError,
    },
}

impl fmt::Display for CopyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Interrupted => f.write_str("interrupted; what was copied stays"),
            Self::OtherData(row) => {
                write!(f, "the target holds other data: {row} is not in the source")
            }
            Self::Differs(row) => write!(f, "{row} is in both databases and differs"),
            Self::GoneFromSource(row) => {
                write!(
                    f,
                    "{row} was copied before and deleted in the source since; merging would keep it"
                )
            }
            Self::GoneFromTarget(row) => {
                write!(
                    f,
                    "{row} was copied before and deleted in the target since; a copy would bring it back"
                )
            }
            Self::NotACopy(row) => {
                write!(
                    f,
                    "the target is not known to be a copy of the source, and {row} would be lost"
                )
            }
            Self::WrittenSince(row) => {
                write!(f, "{row} was written in the target after the last copy, and would be lost")
            }
            Self::NothingInCommon => {
                f.write_str("no user of the target is in the source; all of them would be deleted")
            }
            Self::Incomplete { table, source, target } => {
                write!(f, "{table} has {source} rows in the source and {target} in the target")
            }
            Self::Database { table, error } => write!(f, "{table}: {error}"),
        }
    }
}

impl std::error::Error for CopyError {}
