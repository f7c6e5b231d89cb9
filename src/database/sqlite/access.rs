//! How this process may access a database. SQLite opens a file that it cannot write for reading, and keeps it that way
//! while this process has any connection open; so access is checked again whenever a connection is lent.

use std::fs;
use std::io;
use std::sync::Arc;
use std::time::SystemTime;

use crate::database::sqlite::file::DatabaseFile;
use crate::database::sqlite::file::JOURNAL;

/// What the connections of this process can do. They share open files, so all of them can do the same.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum Access {
    /// Read and write.
    #[default]
    Full,
    /// Read, while other processes may write.
    ReadOnly,
    /// Read a file that is not being written, without locks and without a log.
    ImmutableFile(Arc<ImmutableFile>),
    /// No connection until all earlier ones with less access are returned.
    Closed,
}

impl Access {
    /// Whether new connections could do more, or must be opened differently.
    pub(super) fn is_outdated(&self, file: &DatabaseFile) -> bool {
        match self {
            Self::Full => false,
            Self::ReadOnly => file.may_write().is_ok(),
            Self::Closed => true,
            Self::ImmutableFile(immutable) => {
                !immutable.is_unchanged(file) || file.may_write().is_ok()
            }
        }
    }
}

/// A database without a log or a journal that is opened as immutable, because it cannot be opened normally, as on a
/// read-only file system, or because its URL says so. Whether it has changed is checked before and after each read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ImmutableFile {
    bytes: u64,
    modified: SystemTime,
}

impl ImmutableFile {
    /// The state of the file; `None` if it can be written, or has or could have a log or a journal that must be read
    /// with it.
    pub(super) fn of(file: &DatabaseFile) -> io::Result<Option<Self>> {
        let metadata = fs::metadata(&file.path)?;
        if ["-wal", JOURNAL].iter().any(|ending| file.has_content(ending))
            || file.may_write().is_ok()
        {
            return Ok(None);
        }
        Ok(Some(Self { bytes: metadata.len(), modified: metadata.modified()? }))
    }

    /// Whether the file is unchanged. A writer creates a log or a journal first, and changes the file before that is
    /// removed.
    pub(super) fn is_unchanged(&self, file: &DatabaseFile) -> bool {
        Self::of(file).is_ok_and(|now| now.as_ref() == Some(self))
    }
}
