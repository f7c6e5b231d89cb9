//! One connection: how it is set up, how it waits for others, and how it runs statements.

use std::path::Path;
use std::time::Duration;

use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::percent_encode;
use rusqlite::Connection;
use rusqlite::ErrorCode;
use rusqlite::OpenFlags;
use rusqlite::config::DbConfig;
use rusqlite::params_from_iter;

use crate::database::DatabaseError;
use crate::database::Param;
use crate::database::Row;
use crate::database::sqlite::error;

/// Statements that a connection keeps prepared.
const PREPARED_MAX: usize = 128;
/// How often we ask again for a lock that another process holds: about 30 seconds in all.
const BUSY_TRIES_MAX: i32 = 30_000;

/// How many pages a connection keeps at most.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cache {
    /// Enough for those of a thousand people who come and go.
    Large,
    /// Enough for what a batch of writes changes.
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

/// Opens a database to read and write, or to read where it may not be written.
pub(super) fn open_file(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(file, flags)
}

/// Opens a database to read that never changes: without locks, and without a log.
pub(super) fn open_still(file: &Path) -> rusqlite::Result<Connection> {
    let name = percent_encode(file.as_os_str().as_encoded_bytes(), NON_ALPHANUMERIC);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(format!("file:{name}?immutable=1"), flags)
}

pub(super) fn configure(connection: &mut Connection, cache: Cache) -> rusqlite::Result<()> {
    wait_for_locks(connection)?;
    // Without QPSG this build prepares every cached statement again at each use: 27 µs, not 4.7.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // A misspelt "column" is an error, not the text of its own name.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    // An adopted file may hold triggers and views of anybody's making.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // Never `mmap_size`: a file that is cut off, or a disk that fails, would end the process by a signal.
    connection.pragma_update(None, "cache_size", -cache.kib())?;
    // What is on the disk elsewhere is in the disk's own memory on a Mac, unless it is asked for more.
    connection.pragma_update(None, "fullfsync", true)?;
    connection.set_prepared_statement_cache_capacity(PREPARED_MAX);
    Ok(())
}

fn wait_for_locks(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.busy_handler(Some(wait_for_lock))
}

/// Brings everything that the log holds into the database and empties the log, if those who read it are
/// done soon.
pub(in crate::database) fn write_back(
    connection: &mut Connection,
    patience: Duration,
) -> Result<(), DatabaseError> {
    connection.busy_timeout(patience).map_err(error)?;
    let is_busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
    wait_for_locks(connection).map_err(error)?;
    if is_busy.map_err(error)? { Err(DatabaseError::Busy) } else { Ok(()) }
}

/// While another connection switches the same file SQLite answers "busy" here without asking the
/// handler, so we ask it ourselves.
pub(super) fn switch_to_wal(connection: &Connection) -> rusqlite::Result<()> {
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

/// Every row that the statement answers. One that writes does its work while it is stepped, to its end.
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
