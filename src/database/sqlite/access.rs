//! What this user may do with a database. SQLite opens what it may not write to read it, and goes on with that for as
//! long as anything of this process has it open; so whoever lends connections asks whether more is allowed by now.

use std::fs;
use std::fs::Metadata;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use crate::database::files::beside;
use crate::database::files::folder;

/// What the connections of this process can do, all of them alike: they share what is open beside the database.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum Access {
    /// Read and write.
    #[default]
    Full,
    /// Read, beside others who may write.
    ReadOnly,
    /// Read what nobody writes, without locks and without a log.
    ImmutableFile(Arc<ImmutableFile>),
    /// Nothing, until those that could do less are back.
    Closed,
}

impl Access {
    /// Whether new connections could do more, or must do it in another way.
    pub(super) fn is_outdated(&self, file: &Path) -> bool {
        match self {
            Self::Full => false,
            Self::ReadOnly => may_write(file).is_ok(),
            Self::Closed => true,
            Self::ImmutableFile(still) => !still.stands(file) || may_write(file).is_ok(),
        }
    }
}

/// A database whose log is empty, and cannot be opened where it stands, as on a read-only file system. It is read as a
/// file that never changes; whether it has changed is seen by whoever looks before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ImmutableFile {
    bytes: u64,
    modified: SystemTime,
}

impl ImmutableFile {
    /// How it stands; `None` where it has a log that must be read with it, or could have one.
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

    /// Whether it is as it was. Who writes makes a log first, and changes the file before that goes.
    pub(super) fn stands(&self, file: &Path) -> bool {
        Self::of(file).is_ok_and(|now| now.as_ref() == Some(self))
    }
}

/// Whether the database can be written: itself, and what SQLite keeps beside it.
pub(super) fn may_write(file: &Path) -> Result<(), String> {
    // SQLite follows links first and names the others after what it finds.
    let file = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    if !folder(&file).exists() {
        // Nothing there is read-only; that it is missing is said where it is opened.
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
            // It has got the permissions that the database had then, and is meant to have its.
            fs::set_permissions(beside, fs::metadata(file)?.permissions()).map_err(|_| reason)?;
            is_writable(beside)
        })
        .map_err(|reason| cannot(beside, "written", &reason))
}

/// Whether the database can be read: itself, and its log with the index of that.
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

/// As the system sees it: owners, lists, attributes, and how the file system is mounted.
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
