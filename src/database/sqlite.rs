//! The embedded database: how connections are opened, which are kept, and what SQLite's errors mean.

use std::fs::OpenOptions;
use std::io;
use std::io::Read as _;
use std::ops::Deref;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::ErrorCode;
use rusqlite::OpenFlags;
use rusqlite::config::DbConfig;
use rusqlite::ffi;

use crate::database::DatabaseError;
use crate::database::writer::Writer;

/// Idle reading connections that are kept open.
const IDLE_READERS_MAX: usize = 16;
/// Statements that a connection keeps prepared.
const PREPARED_MAX: usize = 128;
/// Bytes of the file that are read through the page cache of the system: as much as SQLite allows. What lies behind
/// them is copied page by page, which a lookup among a million users pays for four times.
const MMAP_BYTES: i64 = 0x7fff_0000;
/// How often we ask again for a lock that another process holds: about 30 seconds in all.
const BUSY_TRIES_MAX: i32 = 30_000;
/// What every SQLite file begins with.
const HEADER: &[u8; 16] = b"SQLite format 3\0";

pub(super) struct Sqlite {
    file: PathBuf,
    idle: Mutex<Vec<Connection>>,
    writer: Writer,
}

impl Sqlite {
    pub(super) fn new(file: PathBuf) -> Self {
        Self { file, idle: Mutex::new(Vec::new()), writer: Writer::new() }
    }

    pub(super) fn writer(&self) -> &Writer {
        &self.writer
    }

    /// Lends a connection that can only read; it comes back when it is dropped.
    pub(super) fn reader(&self) -> Result<Reader<'_>, DatabaseError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.open_reader()?,
        };
        Ok(Reader { connection: Some(connection), home: self })
    }

    fn open_reader(&self) -> Result<Connection, DatabaseError> {
        let connection = self.open()?;
        connection.pragma_update(None, "query_only", true).map_err(error)?;
        Ok(connection)
    }

    /// The writing connection. Write-ahead logging lets readers go on while it writes, and
    /// `synchronous=FULL` makes "committed" mean "on the disk".
    pub(super) fn open_writer(&self) -> Result<Connection, DatabaseError> {
        let connection = self.open()?;
        switch_to_wal(&connection).map_err(error)?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(error)?;
        Ok(connection)
    }

    fn open(&self) -> Result<Connection, DatabaseError> {
        if !self.exists()? && !self.file.exists() {
            return Err(DatabaseError::Missing(self.place()));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(&self.file, flags).map_err(error)?;
        configure(&mut connection).map_err(error)?;
        Ok(connection)
    }

    pub(super) fn create(&self) -> Result<(), DatabaseError> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(&self.file) {
            Ok(_) => Ok(()),
            Err(reason) if reason.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(reason) => Err(self.unavailable(&reason)),
        }
    }

    pub(super) fn exists(&self) -> Result<bool, DatabaseError> {
        let mut file = match std::fs::File::open(&self.file) {
            Ok(file) => file,
            Err(reason) if reason.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(reason) => return Err(self.unavailable(&reason)),
        };
        let mut start = Vec::with_capacity(HEADER.len());
        let limit = HEADER.len() as u64;
        file.by_ref().take(limit).read_to_end(&mut start).map_err(|e| self.unavailable(&e))?;
        match start.as_slice() {
            [] => Ok(false),
            start if start == HEADER => Ok(true),
            _ => Err(DatabaseError::NotADatabase(self.place())),
        }
    }

    pub(super) fn is_read_only(&self) -> bool {
        let place = if self.file.exists() { Some(self.file.as_path()) } else { self.folder() };
        place
            .and_then(|place| std::fs::metadata(place).ok())
            .is_some_and(|metadata| metadata.permissions().readonly())
    }

    fn folder(&self) -> Option<&Path> {
        let folder = self.file.parent()?;
        Some(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
    }

    pub(super) fn place(&self) -> String {
        self.file.display().to_string()
    }

    fn unavailable(&self, reason: &io::Error) -> DatabaseError {
        DatabaseError::Unavailable(format!("{}: {reason}", self.place()))
    }
}

/// A connection on loan.
pub(super) struct Reader<'a> {
    connection: Option<Connection>,
    home: &'a Sqlite,
}

impl Deref for Reader<'_> {
    type Target = Connection;

    #[expect(clippy::expect_used, reason = "only `drop` takes the connection out")]
    fn deref(&self) -> &Connection {
        self.connection.as_ref().expect("a reader has its connection until it is dropped")
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let mut idle = self.home.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(connection) = self.connection.take()
            && idle.len() < IDLE_READERS_MAX
        {
            idle.push(connection);
        }
    }
}

fn configure(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.busy_handler(Some(wait_for_lock))?;
    // Without QPSG this build prepares every cached statement again at each use: 27 µs, not 4.7.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // A misspelt "column" is an error, not the text of its own name.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    // An adopted file may hold triggers and views of anybody's making.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "mmap_size", MMAP_BYTES)?;
    connection.set_prepared_statement_cache_capacity(PREPARED_MAX);
    Ok(())
}

/// While another connection switches the same file SQLite answers "busy" here without asking the
/// handler, so we ask it ourselves.
fn switch_to_wal(connection: &Connection) -> rusqlite::Result<()> {
    let mut tries = 0;
    loop {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(rusqlite::Error::SqliteFailure(code, _))
                if code.code == ErrorCode::DatabaseBusy && wait_for_lock(tries) =>
            {
                tries += 1;
            }
            result => return result,
        }
    }
}

/// Asks again every millisecond. SQLite's own handler backs off to 100 ms between tries and would
/// starve beside a server that writes without pause.
#[expect(clippy::disallowed_methods, reason = "SQLite offers no lock that could be waited for")]
fn wait_for_lock(tries: i32) -> bool {
    std::thread::sleep(Duration::from_millis(1));
    tries < BUSY_TRIES_MAX
}

/// What SQLite's error means for us.
pub(super) fn error(error: rusqlite::Error) -> DatabaseError {
    let rusqlite::Error::SqliteFailure(code, message) = &error else {
        return DatabaseError::Other(error.to_string());
    };
    let message = message.clone().unwrap_or_else(|| error.to_string());
    match code.code {
        _ if is_unique_violation(code.extended_code) => {
            // SQLite names the columns, "UNIQUE constraint failed: user.email", and only here.
            let constraint = message.rsplit(": ").next().unwrap_or_default();
            DatabaseError::Unique(constraint.to_owned())
        }
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => DatabaseError::Busy,
        // SQLite has no code of its own for these.
        ErrorCode::Unknown if message.starts_with("no such ") => DatabaseError::Schema(message),
        ErrorCode::NotADatabase => DatabaseError::NotADatabase(message),
        ErrorCode::ReadOnly
        | ErrorCode::CannotOpen
        | ErrorCode::DiskFull
        | ErrorCode::SystemIoFailure
        | ErrorCode::DatabaseCorrupt
        | ErrorCode::PermissionDenied => DatabaseError::Unavailable(message),
        _ => DatabaseError::Other(message),
    }
}

fn is_unique_violation(extended_code: i32) -> bool {
    [ffi::SQLITE_CONSTRAINT_UNIQUE, ffi::SQLITE_CONSTRAINT_PRIMARYKEY].contains(&extended_code)
}
