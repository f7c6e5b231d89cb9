//! How this process may access a database. SQLite opens a file that it cannot write for reading, and keeps it that way
//! while this process has any connection open; so access is checked again whenever a connection is lent.

use std::fs;
use std::fs::Metadata;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use crate::database::files::beside;
use crate::database::files::folder;

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
    pub(super) fn is_outdated(&self, file: &Path) -> bool {
        match self {
            Self::Full => false,
            Self::ReadOnly => may_write(file).is_ok(),
            Self::Closed => true,
            Self::ImmutableFile(immutable) => {
                !immutable.is_unchanged(file) || may_write(file).is_ok()
            }
        }
    }
}

/// A database with an empty log that cannot be opened normally, as on a read-only file system. It is opened as
/// immutable; whether it has changed is checked before and after each read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ImmutableFile {
    bytes: u64,
    modified: SystemTime,
}

impl ImmutableFile {
    /// The state of the file; `None` if it has or could have a log that must be read with it.
    pub(super) fn of(file: &Path) -> io::Result<Option<Self>> {
        let is_empty = |metadata: Metadata| metadata.len() == 0;
        let has_no_log = match fs::metadata(beside(&fs::canonicalize(file)?, "-wal")) {
            Ok(metadata) => is_empty(metadata),
            Err(reason) => reason.kind() == io::ErrorKind::NotFound,
        };
        if !has_no_log || may_write(file).is_ok() {
            return Ok(None);
        }
        let metadata = fs::metadata(file)?;
        Ok(Some(Self { bytes: metadata.len(), modified: metadata.modified()? }))
    }

    /// Whether the file is unchanged. A writer creates a log first, and changes the file before the log is removed.
    pub(super) fn is_unchanged(&self, file: &Path) -> bool {
        Self::of(file).is_ok_and(|now| now.as_ref() == Some(self))
    }
}

/// Whether the database and the files beside it can be written.
pub(super) fn may_write(file: &Path) -> Result<(), String> {
    // SQLite resolves symlinks before it derives the names of the other files.
    let file = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    if !folder(&file).exists() {
        // A missing file is not read-only; opening it reports that.
        return Ok(());
    }
    if !file.exists() {
        return is_writable(folder(&file)).map_err(|reason| cannot(&file, "made", &reason));
    }
    is_writable(&file).map_err(|reason| cannot(&file, "written", &reason))?;
    ["-wal", "-shm"].iter().try_for_each(|ending| may_write_beside(&file, &beside(&file, ending)))
}

fn may_write_beside(file: &Path, beside: &PathBuf) -> Result<(), String> {
    if !beside.exists() {
        return is_writable(folder(file)).map_err(|reason| cannot(beside, "made", &reason));
    }
    is_writable(beside)
        .or_else(|reason| {
            // The file has the permissions that the database had before, and needs the current ones.
            fs::set_permissions(beside, fs::metadata(file)?.permissions()).map_err(|_| reason)?;
            is_writable(beside)
        })
        .map_err(|reason| cannot(beside, "written", &reason))
}

/// Whether the database, its log and the index of that can be read.
pub(super) fn may_read(file: &Path) -> Result<(), String> {
    let file = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let (log, index) = (beside(&file, "-wal"), beside(&file, "-shm"));
    for path in [&file, &log, &index] {
        match is_readable(path) {
            Err(reason) if reason.kind() != io::ErrorKind::NotFound => {
                return Err(cannot(path, "read", &reason));
            }
            _ => {}
        }
    }
    if log.exists() && !index.exists() {
        is_writable(folder(&file)).map_err(|reason| cannot(&index, "made", &reason))?;
    }
    Ok(())
}

fn cannot(path: &Path, what: &str, reason: &io::Error) -> String {
    format!("{} cannot be {what}: {reason}", path.display())
}

#[cfg(unix)]
fn is_writable(path: &Path) -> io::Result<()> {
    is_allowed(path, rustix::fs::Access::WRITE_OK)
}

#[cfg(unix)]
fn is_readable(path: &Path) -> io::Result<()> {
    is_allowed(path, rustix::fs::Access::READ_OK)
}

/// As the operating system decides: owners, ACLs, attributes, and mount options.
#[cfg(unix)]
fn is_allowed(path: &Path, what: rustix::fs::Access) -> io::Result<()> {
    Ok(rustix::fs::accessat(rustix::fs::CWD, path, what, rustix::fs::AtFlags::EACCESS)?)
}

#[cfg(not(unix))]
fn is_writable(path: &Path) -> io::Result<()> {
    let is_marked = fs::metadata(path)?.permissions().readonly();
    if is_marked { Err(io::ErrorKind::PermissionDenied.into()) } else { Ok(()) }
}

#[cfg(not(unix))]
fn is_readable(path: &Path) -> io::Result<()> {
    fs::metadata(path).map(drop)
}
