//! A database file, and what this process may do with it: by choice, and by permissions.

use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;

use crate::config::JournalMode;
use crate::config::SqliteMode;
use crate::config::SqliteUrl;
use crate::database::files::beside;
use crate::database::files::folder;

/// The write-ahead log and its index.
const LOG: [&str; 2] = ["-wal", "-shm"];
/// The rollback journal: what a write replaces, until it is done.
pub(super) const JOURNAL: &str = "-journal";

/// A file and how it is opened.
#[derive(Debug)]
pub(in crate::database) struct DatabaseFile {
    pub(super) path: PathBuf,
    pub(super) mode: SqliteMode,
    pub(super) is_immutable: bool,
    pub(super) journal: JournalMode,
}

impl DatabaseFile {
    pub(in crate::database) fn new(url: SqliteUrl, journal: JournalMode) -> Self {
        Self { path: url.file, mode: url.mode, is_immutable: url.is_immutable, journal }
    }

    pub(super) fn place(&self) -> String {
        self.path.display().to_string()
    }

    /// The path without symlinks: SQLite resolves them before it derives the names of the other files.
    pub(super) fn resolved(&self) -> PathBuf {
        fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone())
    }

    /// Whether the database and the files beside it can be written.
    pub(super) fn may_write(&self) -> Result<(), String> {
        if self.mode == SqliteMode::ReadOnly {
            let choice = if self.is_immutable { "immutable=1" } else { "mode=ro" };
            return Err(format!("{} is opened with {choice}", self.place()));
        }
        let file = self.resolved();
        if !folder(&file).exists() {
            // A missing file is not read-only; opening it reports that.
            return Ok(());
        }
        if !file.exists() {
            return is_writable(folder(&file)).map_err(|reason| cannot(&file, "made", &reason));
        }
        is_writable(&file).map_err(|reason| cannot(&file, "written", &reason))?;
        let has_log = self.has_log();
        let is_made = |ending: &str| match self.journal {
            JournalMode::Wal => ending != JOURNAL,
            JournalMode::Delete => ending == JOURNAL,
            JournalMode::Keep => (ending == JOURNAL) != has_log,
        };
        for ending in LOG.into_iter().chain([JOURNAL]) {
            let path = beside(&file, ending);
            if is_made(ending) || path.exists() {
                may_write_beside(&file, &path)?;
            }
        }
        Ok(())
    }

    /// Whether the database, its log and the index of that can be read, and what an interrupted write has left can be
    /// undone.
    pub(super) fn may_read(&self) -> Result<(), String> {
        let file = self.resolved();
        let [log, index] = LOG.map(|ending| beside(&file, ending));
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
        if self.has_content(JOURNAL) {
            let journal = beside(&file, JOURNAL);
            self.may_write().map_err(|why| {
                format!(
                    "{} holds a write that was interrupted and cannot be undone: {why}",
                    journal.display()
                )
            })?;
        }
        Ok(())
    }

    /// Whether there is a log beside the database.
    pub(super) fn has_log(&self) -> bool {
        beside(&self.resolved(), "-wal").exists()
    }

    /// Whether the log or the journal may hold something that must be read with the database.
    pub(super) fn has_content(&self, ending: &str) -> bool {
        match fs::metadata(beside(&self.resolved(), ending)) {
            Ok(metadata) => metadata.len() != 0,
            Err(reason) => reason.kind() != io::ErrorKind::NotFound,
        }
    }
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
