//! One connection: setup, waiting for locks, running statements.

use std::path::Path;
use std::time::Duration;

use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::percent_encode;
use rusqlite::Connection;
use rusqlite::ErrorCode;
use rusqlite::OpenFlags;
use rusqlite::config::DbConfig;
use rusqlite::functions::FunctionFlags;
use rusqlite::params_from_iter;

use crate::config::SqliteMode;
use crate::database::DatabaseError;
use crate::database::Param;
use crate::database::Row;
use crate::database::sqlite::error;
use crate::database::sqlite::file::DatabaseFile;
use crate::database::value::sqlite_millis;

/// Prepared statements cached per connection.
const PREPARED_MAX: usize = 128;
/// How often a lock held by another process is tried again: about 30 seconds in all.
const BUSY_TRIES_MAX: i32 = 30_000;
/// How often leaving the write-ahead log is tried while others have it: long enough for a command beside this process.
const SWITCH_TRIES_MAX: i32 = 1000;

/// The page cache of a connection.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cache {
    /// Enough for the pages of a thousand active users.
    Large,
    /// Enough for the pages that a batch of writes changes.
    Medium,
    /// Enough for the upper levels of the trees.
    Small,
}

impl Cache {
    const fn kib(self) -> i64 {
        match self {
            Self::Large => 20 * 1024,
            Self::Medium => 8 * 1024,
            Self::Small => 2 * 1024,
        }
    }
}

/// How a connection is opened.
pub(super) type Open = fn(&DatabaseFile) -> rusqlite::Result<Connection>;

/// Opens a database for reading and writing, or for reading if it cannot or must not be written.
pub(super) fn open_file(file: &DatabaseFile) -> rusqlite::Result<Connection> {
    let access = match file.mode {
        SqliteMode::ReadOnly => OpenFlags::SQLITE_OPEN_READ_ONLY,
        SqliteMode::ReadWrite | SqliteMode::Create => OpenFlags::SQLITE_OPEN_READ_WRITE,
    };
    // This build takes a name that begins with `file:` for a URI.
    let path = Path::new(".").join(&file.path);
    Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)
}

/// Opens an immutable database for reading: without locks, and without a log.
pub(super) fn open_immutable(file: &DatabaseFile) -> rusqlite::Result<Connection> {
    let name = percent_encode(file.path.as_os_str().as_encoded_bytes(), NON_ALPHANUMERIC);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(format!("file:{name}?immutable=1"), flags)
}

pub(super) fn configure(connection: &mut Connection, cache: Cache) -> rusqlite::Result<()> {
    wait_for_locks(connection)?;
    // Without QPSG this build prepares every cached statement again at each use: 27 µs, not 4.7.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // A misspelt "column" is an error, not a string.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    // An adopted file may contain untrusted triggers and views.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // Never `mmap_size`: a file that is truncated, or a disk that fails, would end the process by a signal.
    connection.pragma_update(None, "cache_size", -cache.kib())?;
    // On macOS a plain `fsync` does not flush the disk's own cache.
    connection.pragma_update(None, "fullfsync", true)?;
    connection.set_prepared_statement_cache_capacity(PREPARED_MAX);
    add_functions(connection)
}

/// `better_auth_time(value)`: the milliseconds of a time in any form, or `NULL`. Rows of several programs hold several
/// forms, which SQLite itself would compare as texts and numbers.
fn add_functions(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("better_auth_time", 1, flags, |context| {
        Ok(sqlite_millis(context.get_raw(0)))
    })
}

fn wait_for_locks(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.busy_handler(Some(wait_for_lock))
}

/// Writes the log back into the database and truncates it, if its readers finish within `patience`.
pub(in crate::database) fn write_back(
    connection: &mut Connection,
    patience: Duration,
) -> Result<(), DatabaseError> {
    connection.busy_timeout(patience).map_err(error)?;
    let is_busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
    wait_for_locks(connection).map_err(error)?;
    if is_busy.map_err(error)? { Err(DatabaseError::Busy) } else { Ok(()) }
}

pub(super) fn switch_to_wal(connection: &Connection) -> rusqlite::Result<()> {
    switch_to(connection, "WAL", BUSY_TRIES_MAX)
}

/// Fails with "busy" if there is any other connection to the file.
pub(super) fn leave_wal(connection: &Connection) -> rusqlite::Result<()> {
    switch_to(connection, "DELETE", SWITCH_TRIES_MAX)
}

/// Whether the database has a write-ahead log.
pub(super) fn has_log(connection: &Connection) -> rusqlite::Result<bool> {
    let is_wal = |row: &rusqlite::Row<'_>| Ok(row.get_ref(0)?.as_str()? == "wal");
    connection.query_row("PRAGMA journal_mode", [], is_wal)
}

/// While another connection has the same file, SQLite returns "busy" here without calling the handler, so this calls
/// it.
fn switch_to(connection: &Connection, journal: &str, tries_max: i32) -> rusqlite::Result<()> {
    let mut tries = 0;
    loop {
        match connection.pragma_update(None, "journal_mode", journal) {
            Err(rusqlite::Error::SqliteFailure(code, _))
                if code.code == ErrorCode::DatabaseBusy
                    && tries < tries_max
                    && wait_for_lock(tries) =>
            {
                tries += 1;
            }
            result => return result,
        }
    }
}

/// Retries every millisecond. SQLite's own handler backs off to 100 ms and would starve beside a server that writes
/// continuously.
#[expect(clippy::disallowed_methods, reason = "SQLite offers no lock that could be waited for")]
fn wait_for_lock(tries: i32) -> bool {
    std::thread::sleep(Duration::from_millis(1));
    tries < BUSY_TRIES_MAX
}

/// Every row of the result. A writing statement is executed to its end.
pub(in crate::database) fn each(
    connection: &Connection,
    sql: &str,
    params: &[Param<'_>],
    row: &mut dyn FnMut(&Row<'_>) -> Result<(), DatabaseError>,
) -> Result<(), DatabaseError> {
    let mut statement = connection.prepare_cached(sql).map_err(error)?;
    let mut rows = statement.query(params_from_iter(params)).map_err(error)?;
    while let Some(next) = rows.next().map_err(error)? {
        row(&Row::of_sqlite(next))?;
    }
    Ok(())
}

pub(in crate::database) fn execute(
    connection: &Connection,
    sql: &str,
    params: &[Param<'_>],
) -> Result<u64, DatabaseError> {
    let mut statement = connection.prepare_cached(sql).map_err(error)?;
    let changed = statement.execute(params_from_iter(params)).map_err(error)?;
    Ok(changed as u64)
}
