//! Why a copy stopped.

use std::fmt;

use crate::database::DatabaseError;
use crate::rows::any_table::AnyTable;
use crate::rows::any_table::Record;

/// A row, as messages name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowName {
    /// Its table.
    pub table: &'static str,
    /// Its key.
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

/// Why a copy stopped. Pages that were written stay, and a new copy continues from there.
#[derive(Debug)]
#[non_exhaustive]
pub enum CopyError {
    /// The [`Watch`](super::Watch) callback cancelled it.
    Interrupted,
    /// The target has a row that the source does not.
    OtherData(RowName),
    /// Both have a row with this key, with different content.
    Differs(RowName),
    /// The row came with an earlier copy and has been deleted in the source since.
    GoneFromSource(RowName),
    /// The row came with an earlier copy and has been deleted in the target since.
    GoneFromTarget(RowName),
    /// A mirror would change this row of a target that is not known to be a copy of the source.
    NotACopy(RowName),
    /// A mirror would discard a row that was written in the target after the last copy.
    WrittenSince(RowName),
    /// A mirror would delete every user of the target.
    NothingInCommon,
    /// The row has no value in a column that the target requires.
    Lacks {
        /// The row.
        row: RowName,
        /// The column.
        column: String,
    },
    /// The source was written to during the copy.
    Incomplete {
        /// The table.
        table: &'static str,
        /// Rows in the source at the end.
        source: u64,
        /// How many of them are in the target.
        target: u64,
    },
    /// A database error.
    Database {
        /// The table.
        table: &'static str,
        /// The cause.
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
            Self::Lacks { row, column } => {
                write!(f, "{row} has no value in {column}, and the target requires one")
            }
            Self::Incomplete { table, source, target } => {
                write!(f, "{table} has {source} rows in the source and {target} in the target")
            }
            Self::Database { table, error } => write!(f, "{table}: {error}"),
        }
    }
}

impl std::error::Error for CopyError {}
