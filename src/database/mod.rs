//! The database as closures: `read` and `write` lend a [`Tx`], whose statements are the same text on every database.

mod error;
mod files;
mod sqlite;
mod time;
mod value;
mod writer;

use std::path::PathBuf;

pub use error::DatabaseError;
pub use time::Clock;
pub use time::Timestamp;
pub use value::Param;
pub use value::Row;

use sqlite::Sqlite;

/// One database, shared by every thread; it does no I/O before the first use.
pub struct Database {
    sqlite: Sqlite,
    clock: Clock,
}

impl Database {
    /// The SQLite database in this file; the file need not exist yet.
    pub fn sqlite(file: impl Into<PathBuf>, clock: Clock) -> Self {
        Self { sqlite: Sqlite::new(file.into()), clock }
    }

    /// Runs statements that only read; each of them sees its own snapshot.
    ///
    /// # Errors
    /// What the job answers, or [`DatabaseError::Missing`], [`DatabaseError::NotADatabase`] and
    /// [`DatabaseError::Unavailable`] when there is nothing to read.
    pub fn read<T, E>(&self, job: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E>
    where
        E: From<DatabaseError>,
    {
        let reader = self.sqlite.reader()?;
        job(&mut Tx { connection: &reader, now: self.clock.now() })
    }

    /// Runs a job as one transaction. `Ok` means it is on the disk; `Err` means it left no trace.
    ///
    /// Jobs that wait at the same moment share one commit, so a job must not wait for another one.
    ///
    /// # Errors
    /// What the job answers, or [`DatabaseError::Busy`] and [`DatabaseError::Unavailable`] when it cannot be written.
    pub fn write<T, E>(&self, job: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E>
    where
        E: From<DatabaseError>,
    {
        self.sqlite.write(|connection| job(&mut Tx { connection, now: self.clock.now() }))
    }

    /// Creates the file, readable by its owner only, if there is none.
    ///
    /// # Errors
    /// [`DatabaseError::Unavailable`] when the folder does not allow it.
    pub fn create(&self) -> Result<(), DatabaseError> {
        self.sqlite.create()
    }

    /// Whether there is a database with something in it: a missing or empty file is `false`.
    ///
    /// # Errors
    /// [`DatabaseError::NotADatabase`] for a file of another kind.
    pub fn exists(&self) -> Result<bool, DatabaseError> {
        self.sqlite.exists()
    }

    /// Whether the file, or the folder it would be made in, is marked as not to be written.
    pub fn is_read_only(&self) -> bool {
        self.sqlite.is_read_only()
    }

    /// Where it is, in words for people.
    pub fn place(&self) -> String {
        self.sqlite.place()
    }

    /// The clock behind [`Tx::now`].
    pub fn clock(&self) -> &Clock {
        &self.clock
    }
}

/// A transaction, or for reads a connection: runs statements and knows one "now".
pub struct Tx<'a> {
    connection: &'a rusqlite::Connection,
    now: Timestamp,
}

impl Tx<'_> {
    /// The time of this transaction: every call answers the same.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The first row that the statement answers, if any.
    ///
    /// # Errors
    /// [`DatabaseError::Unique`] from a statement that writes; [`DatabaseError::Other`] when a value is not of the
    /// kind that is read.
    pub fn find<T>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        row: impl FnOnce(&Row<'_>) -> Result<T, DatabaseError>,
    ) -> Result<Option<T>, DatabaseError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(sqlite::error)?;
        let mut rows =
            statement.query(rusqlite::params_from_iter(params)).map_err(sqlite::error)?;
        let found = match rows.next().map_err(sqlite::error)? {
            Some(first) => Some(row(&Row::new(first))?),
            None => None,
        };
        // A statement that writes does its work while it is stepped: go on to its end.
        while rows.next().map_err(sqlite::error)?.is_some() {}
        Ok(found)
    }

    /// Every row that the statement answers.
    ///
    /// # Errors
    /// As [`Tx::find`].
    pub fn list<T>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        mut row: impl FnMut(&Row<'_>) -> Result<T, DatabaseError>,
    ) -> Result<Vec<T>, DatabaseError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(sqlite::error)?;
        let mut rows =
            statement.query(rusqlite::params_from_iter(params)).map_err(sqlite::error)?;
        let mut all = Vec::new();
        while let Some(next) = rows.next().map_err(sqlite::error)? {
            all.push(row(&Row::new(next))?);
        }
        Ok(all)
    }

    /// Runs a statement and answers how many rows it changed.
    ///
    /// # Errors
    /// As [`Tx::find`].
    pub fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, DatabaseError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(sqlite::error)?;
        let changed =
            statement.execute(rusqlite::params_from_iter(params)).map_err(sqlite::error)?;
        Ok(changed as u64)
    }
}
