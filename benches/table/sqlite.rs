//! SQLite with nothing around it: what contenders and rows do with it by themselves.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::OpenFlags;
use rusqlite::config::DbConfig;

use crate::Result;

pub(crate) const INSERT: &str = r#"INSERT INTO "session" VALUES (?1, '2099-01-01T00:00:00.000Z', ?1, '2026-01-01T00:00:00.000Z',
    '2026-01-01T00:00:00.000Z', '127.0.0.1', '', (SELECT "id" FROM "user" LIMIT 1))"#;
pub(crate) const DELETE: &str = r#"DELETE FROM "session" WHERE "token" = ?1"#;
/// KiB of pages, as many as a connection of ours keeps.
const CACHE_KIB: i64 = 20 * 1024;

/// A connection that reads, set up as ours are, as far as it counts here.
pub(crate) fn reader(file: impl AsRef<Path>) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(file, flags)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    database.pragma_update(None, "cache_size", -CACHE_KIB)?;
    Ok(database)
}

/// A connection whose commits are on the disk.
pub(crate) fn writer(file: &Path) -> rusqlite::Result<Connection> {
    let database = Connection::open(file)?;
    database.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")?;
    Ok(database)
}

/// The id and the token of a session that is begun here.
pub(crate) fn token(number: u32) -> String {
    format!("019a0000-0004-7000-8000-{number:012x}")
}

/// Begins or ends a session; a statement that writes nothing is no write.
pub(crate) fn write(database: &Connection, sql: &str, token: &str) -> Result<()> {
    match database.prepare_cached(sql)?.execute([token])? {
        1 => Ok(()),
        changed => Err(format!("{changed} rows were written, not 1").into()),
    }
}
