//! The files of an embedded database, and whether they are still the ones that connections have open.
//!
//! A name can be given to another file at any time: by somebody who restores a backup, moves the database
//! away or tidies up. Connections go on with the file that they have, and what is written there is lost.
//! Names are compared, files are never opened: closing a second handle would release SQLite's locks.

use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;

use crate::crypto::random;

/// Which file a name leads to. Another file does not get the same one while this is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileId {
    device: u64,
    inode: u64,
}

/// The file under this name, if there is one.
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

/// Elsewhere a file that is open can be neither moved nor removed.
#[cfg(not(unix))]
fn id(_: &fs::Metadata) -> FileId {
    FileId { device: 0, inode: 0 }
}

/// What SQLite calls a file that it keeps beside this database, which is no link.
pub(super) fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = database.to_owned().into_os_string();
    name.push(ending);
    PathBuf::from(name)
}

/// The folder that a file is in.
pub(super) fn folder(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// The log (`-wal`) and its index (`-shm`), which SQLite keeps beside a database.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct WalFiles {
    log: (PathBuf, FileId),
    index: (PathBuf, FileId),
}

impl WalFiles {
    /// What stands beside this database now; nothing where it keeps no log.
    pub(super) fn of(database: &Path) -> io::Result<Option<Self>> {
        // SQLite follows links first and names the others after what it finds.
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

    /// Whether both are still there under their names.
    pub(super) fn is_in_place(&self) -> bool {
        let stands =
            |(path, id): &(PathBuf, FileId)| find(path).is_ok_and(|found| found == Some(*id));
        stands(&self.log) && stands(&self.index)
    }

    /// Bytes of the log.
    pub(super) fn log_bytes(&self) -> u64 {
        fs::metadata(&self.log.0).map_or(0, |metadata| metadata.len())
    }

    /// Takes them away from another database that has got the name of theirs: SQLite would take the log
    /// for its own. A log that holds something gets another name, which is the answer.
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
