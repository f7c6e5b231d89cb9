//! The files of an embedded database, and whether connections still have the same ones open.
//!
//! A path can lead to another file at any time, when a backup is restored or the database is moved away. Connections
//! keep the file they opened, and what they write there is lost. Only metadata is compared, files are never opened:
//! closing a second handle would release SQLite's locks.

use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;

use crate::crypto::random;

/// The identity of a file (device and inode). No other file gets it while this one is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileId {
    device: u64,
    inode: u64,
}

/// The file at this path, if there is one.
pub(super) fn find(path: &Path) -> io::Result<Option<FileId>> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(Some(id(&metadata))),
        Err(reason) if reason.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(reason) => Err(reason),
    }
}

#[cfg(unix)]
fn id(metadata: &fs::Metadata) -> FileId {
    use std::os::unix::fs::MetadataExt as _;
    FileId { device: metadata.dev(), inode: metadata.ino() }
}

/// On other systems an open file can be neither moved nor removed.
#[cfg(not(unix))]
fn id(_: &fs::Metadata) -> FileId {
    FileId { device: 0, inode: 0 }
}

/// The name that SQLite gives a file beside this database; `database` must not be a symlink.
pub(super) fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = database.to_owned().into_os_string();
    name.push(ending);
    PathBuf::from(name)
}

/// The folder of a file.
pub(super) fn folder(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// The write-ahead log (`-wal`) and its index (`-shm`) beside a database.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct WalFiles {
    log: (PathBuf, FileId),
    index: (PathBuf, FileId),
}

impl WalFiles {
    /// The current files beside this database; `None` without a log.
    pub(super) fn of(database: &Path) -> io::Result<Option<Self>> {
        // SQLite resolves symlinks before it derives the names of the other files.
        let database = fs::canonicalize(database)?;
        let find_beside = |ending: &str| {
            let path = beside(&database, ending);
            Ok::<_, io::Error>(find(&path)?.map(|id| (path, id)))
        };
        Ok(match (find_beside("-wal")?, find_beside("-shm")?) {
            (Some(log), Some(index)) => Some(Self { log, index }),
            _ => None,
        })
    }

    /// Whether both files are still in place.
    pub(super) fn is_in_place(&self) -> bool {
        let stands =
            |(path, id): &(PathBuf, FileId)| find(path).is_ok_and(|found| found == Some(*id));
        stands(&self.log) && stands(&self.index)
    }

    /// Size of the log in bytes.
    pub(super) fn log_bytes(&self) -> u64 {
        fs::metadata(&self.log.0).map_or(0, |metadata| metadata.len())
    }

    /// Moves them away from another database that now has the same path, which would take the log for its own. A log
    /// with content is renamed; returns its new path.
    pub(super) fn set_aside(&self) -> io::Result<Option<PathBuf>> {
        let is_ours = |(path, id): &(PathBuf, FileId)| find(path).map(|found| found == Some(*id));
        if is_ours(&self.index)? {
            fs::remove_file(&self.index.0)?;
        }
        if !is_ours(&self.log)? {
            return Ok(None);
        }
        let path = &self.log.0;
        if self.log_bytes() == 0 {
            return fs::remove_file(path).map(|()| None);
        }
        let mut aside = path.clone().into_os_string();
        aside.push(format!(".former-{}", random::id()));
        let aside = PathBuf::from(aside);
        fs::rename(path, &aside).map(|()| Some(aside))
    }
}
