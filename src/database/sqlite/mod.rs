//! The embedded database: lends connections and keeps them.

mod access;
mod connection;
mod connections;
mod error;
mod file;
mod opening;

use std::fs;
use std::fs::OpenOptions;
use std::io;
use std::num::NonZero;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::thread;
use std::time::Duration;

use rusqlite::Connection;

use crate::config::JournalMode;
use crate::config::SqliteMode;
use crate::database::DatabaseError;
use crate::database::JobKind;
use crate::database::files;
use crate::database::files::FileId;
use crate::database::files::WalFiles;
use crate::database::writer::Writer;

use access::Access;
use connection::Cache;
use connections::Connections;
use connections::Reader;

pub(super) use connection::each;
pub(super) use connection::execute;
pub(super) use connection::write_back;
pub(super) use error::error;
pub(super) use file::DatabaseFile;

/// How often a read of an immutable file is repeated because the file has changed.
const READS_MAX: usize = 8;

/// Returns whether to keep what the job wrote.
pub(super) type Job<'a> = dyn FnMut(&Connection) -> bool + 'a;

pub(super) struct Sqlite {
    file: DatabaseFile,
    /// Readers with a large cache: as many as run at the same time on a busy machine.
    large_max: usize,
    connections: Mutex<Connections>,
    /// A reader was returned or closed.
    returned: Condvar,
    writer: Writer,
}

impl Sqlite {
    pub(super) fn new(file: DatabaseFile) -> Self {
        let large_max = thread::available_parallelism().map_or(1, NonZero::get);
        Self {
            file,
            large_max,
            connections: Mutex::default(),
            returned: Condvar::new(),
            writer: Writer::new(),
        }
    }

    /// Runs a job on a reading connection, or on the writing one until it is on the disk.
    pub(super) fn run(&self, kind: JobKind, job: &mut Job<'_>) -> Result<(), DatabaseError> {
        match kind {
            JobKind::Reading => self.read(job),
            JobKind::Single | JobKind::Transaction | JobKind::SchemaChange => {
                self.writer.write(self, kind, job)
            }
        }
    }

    fn read(&self, job: &mut Job<'_>) -> Result<(), DatabaseError> {
        for _ in 0..READS_MAX {
            let reader = self.reader()?;
            // The caller keeps the result.
            let _is_well = job(&reader);
            if reader.is_sound() {
                return Ok(());
            }
        }
        Err(self.gone("is being written"))
    }

    /// Lends a reading connection, which is returned when dropped.
    pub(super) fn reader(&self) -> Result<Reader<'_>, DatabaseError> {
        if let Some(reader) = self.find_reader()? {
            return Ok(reader);
        }
        self.writer.reopen_if_replaced(self)?;
        self.find_reader()?.ok_or_else(|| self.gone("is being replaced"))
    }

    /// An idle connection or a new one; `None` if the existing ones have other files open than those at the path.
    fn find_reader(&self) -> Result<Option<Reader<'_>>, DatabaseError> {
        let found = self.find_file()?;
        let mut connections = self.connections();
        if !self.claim(&mut connections, found)? || connections.access.is_outdated(&self.file) {
            return Ok(None);
        }
        let generation = connections.generation;
        if let Some(kept) = connections.take_idle() {
            connections.on_loan += 1;
            return Ok(Some(Reader { kept: Some(kept), generation, home: self }));
        }
        // No idle one is left: all are in use.
        let cache = if connections.on_loan < self.large_max { Cache::Large } else { Cache::Small };
        drop(connections);
        let Some(kept) = self.open_reader(cache)? else {
            return Ok(None);
        };
        self.connections().on_loan += 1;
        Ok(Some(Reader { kept: Some(kept), generation, home: self }))
    }

    fn find_file(&self) -> Result<Option<FileId>, DatabaseError> {
        files::find(&self.file.path).map_err(|reason| self.unavailable(&reason))
    }

    /// Whether this is the file that the connections have open; the first connection takes any.
    fn claim(
        &self,
        connections: &mut Connections,
        found: Option<FileId>,
    ) -> Result<bool, DatabaseError> {
        match (connections.file, found) {
            (None, Some(_)) => {
                connections.file = found;
                Ok(true)
            }
            (None, None) if connections.had_any => Err(self.gone("is no longer there")),
            (None, None) => Err(DatabaseError::Missing(self.place())),
            (file, found) => Ok(file == found),
        }
    }

    fn claim_now(&self) -> Result<bool, DatabaseError> {
        let found = self.find_file()?;
        self.claim(&mut self.connections(), found)
    }

    /// Compares the database and its log with those that the connections have open.
    pub(super) fn file_state(&self) -> Result<FileState, DatabaseError> {
        let found = self.find_file()?;
        let mut connections = self.connections();
        if connections.file.is_none() {
            return Ok(FileState::InPlace { log_bytes: 0 });
        }
        if connections.file != found {
            return Ok(FileState::Elsewhere);
        }
        let is_full = connections.access == Access::Full;
        if connections.beside.is_none() {
            // Another program can give a file a log that had none.
            let beside = WalFiles::of(&self.file.path).map_err(|why| self.unavailable(&why))?;
            if is_full && beside.is_some() && self.file.journal == JournalMode::Delete {
                return Ok(FileState::Outdated);
            }
            connections.beside = beside;
        }
        if connections.access.is_outdated(&self.file) {
            return Ok(FileState::Outdated);
        }
        Ok(match &connections.beside {
            // A read-only connection has written nothing to the log.
            Some(beside) if !beside.is_in_place() && is_full => FileState::WithoutLog,
            Some(beside) if !beside.is_in_place() => FileState::Outdated,
            Some(beside) => FileState::InPlace { log_bytes: beside.log_bytes() },
            None => FileState::InPlace { log_bytes: 0 },
        })
    }

    /// As [`connection::write_back`], with an idle connection.
    pub(super) fn write_back(&self, patience: Duration) -> Result<(), DatabaseError> {
        let mut connections = self.connections();
        let is_open = 0 < connections.on_loan;
        match connections.idle.back_mut() {
            Some(kept) => write_back(&mut kept.connection, patience),
            None if is_open => Err(self.gone("has lost its log")),
            // The last connection emptied the log when it was closed.
            None => Ok(()),
        }
    }

    /// Drops all connections; those in use are closed when they are returned. The log beside a database that has moved
    /// away is renamed.
    pub(super) fn give_up(&self, has_moved: bool) -> Result<(), DatabaseError> {
        let mut connections = self.connections();
        if has_moved && let Some(beside) = &connections.beside {
            let aside = beside.set_aside().map_err(|reason| self.unavailable(&reason))?;
            if let Some(aside) = aside {
                let (file, log) = (self.place(), aside.display().to_string());
                tracing::error!(file, log, "renamed the log of the previous database file");
            }
        }
        connections.give_up();
        Ok(())
    }

    /// Drops connections that were opened with less access. All connections of a process share the open files, so new
    /// ones would get no more access while one of them is open.
    pub(super) fn reopen(&self, patience: Duration) {
        self.alone(patience, || ());
    }

    /// Drops all connections, waits until those in use are returned, and does this while none is opened: readers wait
    /// for the writer, which waits here.
    fn alone<T>(&self, patience: Duration, work: impl FnOnce() -> T) -> T {
        let mut connections = self.connections();
        connections.give_up();
        let are_out = |connections: &mut Connections| 0 < connections.on_loan;
        connections.access = Access::Closed;
        let waited = self.returned.wait_timeout_while(connections, patience, are_out);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
        let done = work();
        let mut connections = self.connections();
        connections.access = Access::default();
        // What a reader that came too late has noted may be over.
        connections.beside = None;
        done
    }

    /// A writing connection was refused: the files beside the database were opened with less access.
    pub(super) fn note_refusal(&self) {
        self.connections().access = Access::ReadOnly;
    }

    fn connections(&self) -> MutexGuard<'_, Connections> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn create(&self) -> Result<(), DatabaseError> {
        if self.file.mode != SqliteMode::Create {
            return self.exists().map(drop);
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(&self.file.path) {
            Ok(_) => Ok(()),
            Err(reason) if reason.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(reason) => Err(self.unavailable(&reason)),
        }
    }

    pub(super) fn exists(&self) -> Result<bool, DatabaseError> {
        match fs::metadata(&self.file.path) {
            Ok(metadata) if metadata.len() == 0 => Ok(false),
            // SQLite checks the format: reading the file here would release the locks of its connections.
            Ok(_) => self.reader().map(|_| true),
            Err(reason) if reason.kind() == io::ErrorKind::NotFound => match self.file.mode {
                SqliteMode::Create => Ok(false),
                mode => Err(self.gone(&format!("does not exist, and mode={mode} makes none"))),
            },
            Err(reason) => Err(self.unavailable(&reason)),
        }
    }

    pub(super) fn is_read_only(&self) -> bool {
        let path = &self.file.path;
        let place = if path.exists() { path } else { files::folder(path) };
        // Root may write a file marked as read-only, but should not by accident.
        let is_marked = fs::metadata(place).is_ok_and(|metadata| metadata.permissions().readonly());
        is_marked || self.file.may_write().is_err()
    }

    /// Whether the database can be written now.
    pub(super) fn check_writable(&self) -> Result<(), DatabaseError> {
        self.file.may_write().map_err(DatabaseError::ReadOnly)?;
        if self.file.journal == JournalMode::Delete && self.file.has_log() {
            // Leaves the log, or tells why it cannot.
            return self.run(JobKind::Transaction, &mut |_| true);
        }
        Ok(())
    }

    pub(super) fn place(&self) -> String {
        self.file.place()
    }

    pub(super) fn full_place(&self) -> String {
        let path = fs::canonicalize(&self.file.path);
        let path = path.or_else(|_| std::path::absolute(&self.file.path));
        path.map_or_else(|_| self.place(), |path| path.display().to_string())
    }

    fn unavailable(&self, reason: &io::Error) -> DatabaseError {
        DatabaseError::Unavailable(format!("{}: {reason}", self.place()))
    }

    pub(super) fn gone(&self, what: &str) -> DatabaseError {
        DatabaseError::Unavailable(format!("{} {what}", self.place()))
    }
}

/// The state of the database files, compared with what the connections have open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileState {
    /// Unchanged.
    InPlace {
        /// The size of the log.
        log_bytes: u64,
    },
    /// Unchanged, but it can now be written, or must be read in another way.
    Outdated,
    /// The database is unchanged, but its log was removed or replaced.
    WithoutLog,
    /// The database was removed or replaced.
    Elsewhere,
}
