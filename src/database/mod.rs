//! The database as closures: `read` and `write` lend a [`Tx`] whose statements are the same on every database.

mod error;
mod files;
mod form;
mod postgres;
mod sqlite;
mod statements;
mod stored_time;
mod time;
mod value;
mod writer;

use std::any::Any;
use std::path::PathBuf;

pub use error::DatabaseError;
pub use error::Unique;
pub use form::Form;
pub use statements::SqlText;
pub use statements::Statement;
pub use statements::Statements;
pub use statements::placeholders;
pub use time::Clock;
pub use time::Timestamp;
pub use value::Param;
pub use value::Row;

use crate::config::DatabaseOptions;
use crate::config::JournalMode;
use crate::config::SqliteUrl;

use form::fitted;
use postgres::Postgres;
use sqlite::DatabaseFile;
use sqlite::Sqlite;

/// One database, shared by all threads. It does no I/O before the first use.
pub struct Database {
    engine: Engine,
    clock: Clock,
    statements: Statements,
}

enum Engine {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

/// How a job uses its connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum JobKind {
    /// Reading statements, each with its own snapshot.
    Reading,
    /// A single writing statement.
    Single,
    /// A serializable transaction.
    Transaction,
    /// A transaction that changes tables, one at a time among all servers.
    SchemaChange,
}

/// A job for either engine; returns whether to keep what it wrote.
type Job<'a> = dyn FnMut(&mut Tx<'_>) -> bool + 'a;

/// The SQL dialect of table definitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL and compatible servers.
    Postgres,
}

impl Database {
    /// The configured database.
    pub fn new(options: &DatabaseOptions, clock: Clock) -> Self {
        if options.is_embedded() {
            let file = options.sqlite().unwrap_or_else(|_| SqliteUrl::of(PathBuf::new()));
            let file = DatabaseFile::new(file, options.journal_mode);
            return Self::of(Engine::Sqlite(Sqlite::new(file)), clock);
        }
        Self::of(Engine::Postgres(Postgres::new(options.clone())), clock)
    }

    /// The SQLite database in this file, which need not exist yet.
    pub fn sqlite(file: impl Into<PathBuf>, clock: Clock) -> Self {
        let file = DatabaseFile::new(SqliteUrl::of(file.into()), JournalMode::default());
        Self::of(Engine::Sqlite(Sqlite::new(file)), clock)
    }

    fn of(engine: Engine, clock: Clock) -> Self {
        Self { engine, clock, statements: Statements::default() }
    }

    /// The same database with these statements.
    #[must_use]
    pub fn with(self, statements: Statements) -> Self {
        Self { statements, ..self }
    }

    /// The SQL dialect.
    pub fn dialect(&self) -> Dialect {
        match &self.engine {
            Engine::Sqlite(_) => Dialect::Sqlite,
            Engine::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Whether a statement needs a network round trip.
    pub fn is_remote(&self) -> bool {
        matches!(self.engine, Engine::Postgres(_))
    }

    /// Runs reading statements, each with its own snapshot. The job runs again if the connection is lost.
    ///
    /// # Errors
    /// The job's error, or [`DatabaseError::Missing`], [`DatabaseError::NotADatabase`] and
    /// [`DatabaseError::Unavailable`].
    pub fn read<T, E>(&self, job: impl FnMut(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E>
    where
        E: From<DatabaseError>,
    {
        self.run(JobKind::Reading, job)
    }

    /// Runs a job as one serializable transaction. `Ok` means it is on the disk. `Err` means it was rolled back, unless
    /// [`DatabaseError::Unavailable`] says that the connection was lost during the commit.
    ///
    /// The job runs again after a conflict, so its effects outside the database must be repeatable. Concurrent jobs
    /// share a commit, so a job must not wait for another one.
    ///
    /// # Errors
    /// The job's error, or [`DatabaseError::Busy`] and [`DatabaseError::Unavailable`].
    pub fn write<T, E>(&self, job: impl FnMut(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E>
    where
        E: From<DatabaseError>,
    {
        self.run(JobKind::Transaction, job)
    }

    /// As [`Database::write`], for a job with a single statement: it needs no transaction, and concurrent changes of a
    /// row wait for one another instead of running again. An error after the statement does not undo it.
    pub fn write_one<T, E>(&self, job: impl FnMut(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E>
    where
        E: From<DatabaseError>,
    {
        self.run(JobKind::Single, job)
    }

    /// As [`Database::write`], for a job that changes tables: one at a time among all servers, without a deadline.
    pub fn change_schema<T, E>(&self, job: impl FnMut(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E>
    where
        E: From<DatabaseError>,
    {
        self.run(JobKind::SchemaChange, job)
    }

    /// Keeps the job's result outside, so that the engines are not generic.
    fn run<T, E>(
        &self,
        kind: JobKind,
        mut job: impl FnMut(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<DatabaseError>,
    {
        let mut answer = None;
        self.run_any(kind, &mut |tx| {
            let looked = self.statements.look(tx).map_err(E::from);
            answer.insert(looked.and_then(|()| job(tx))).is_ok()
        })?;
        // A job that succeeded has run.
        answer.unwrap_or_else(|| Err(DatabaseError::Busy.into()))
    }

    fn run_any(&self, kind: JobKind, job: &mut Job<'_>) -> Result<(), DatabaseError> {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.run(kind, &mut |lent| job(&mut self.in_sqlite(lent))),
            Engine::Postgres(postgres) => {
                postgres.run(kind, &mut |lent| job(&mut self.in_postgres(lent)))
            }
        }
    }

    fn in_sqlite<'a>(&'a self, connection: &'a rusqlite::Connection) -> Tx<'a> {
        self.tx(Connection::Sqlite(connection))
    }

    fn in_postgres<'a>(&'a self, connection: &'a mut postgres::Connection) -> Tx<'a> {
        self.tx(Connection::Postgres(connection))
    }

    fn tx<'a>(&'a self, connection: Connection<'a>) -> Tx<'a> {
        Tx { connection, now: self.clock.now(), statements: &self.statements }
    }

    /// Creates the file, readable only by its owner, if it does not exist. Databases on a server are created by its
    /// administrator.
    ///
    /// # Errors
    /// [`DatabaseError::Unavailable`] when the folder does not allow it.
    pub fn create(&self) -> Result<(), DatabaseError> {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.create(),
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// Whether the database exists and has tables; `false` for a missing or empty file and for a schema without tables.
    ///
    /// # Errors
    /// [`DatabaseError::NotADatabase`] for a file of another kind, [`DatabaseError::Unavailable`].
    pub fn exists(&self) -> Result<bool, DatabaseError> {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.exists(),
            Engine::Postgres(postgres) => self.read(|tx| postgres.is_filled(tx)),
        }
    }

    /// Why the server cannot be reached, if that may be temporary, as while it starts. `None` for a server that
    /// responds and for a file.
    pub fn is_away(&self) -> Option<DatabaseError> {
        match &self.engine {
            Engine::Sqlite(_) => None,
            Engine::Postgres(postgres) => postgres.is_away(),
        }
    }

    /// Checks that the database can be written, without changing what it holds.
    ///
    /// # Errors
    /// [`DatabaseError::ReadOnly`] and [`DatabaseError::Unavailable`] with the reason.
    pub fn check_writable(&self) -> Result<(), DatabaseError> {
        if let Engine::Sqlite(sqlite) = &self.engine {
            return sqlite.check_writable();
        }
        let setting = self.read(|tx| tx.find(postgres::IS_READ_ONLY, &[], |row| row.text(0)))?;
        if setting.as_deref() == Some("on") {
            let reason = "transaction_read_only is on; is this a replica?";
            return Err(DatabaseError::ReadOnly(reason.to_owned()));
        }
        Ok(())
    }

    /// Whether the file, or the folder it would be created in, cannot be written or is marked as read-only.
    pub fn is_read_only(&self) -> bool {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.is_read_only(),
            Engine::Postgres(_) => false,
        }
    }

    /// The location for messages, without a password.
    pub fn place(&self) -> String {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.place(),
            Engine::Postgres(postgres) => postgres.place(),
        }
    }

    /// The unique location: for a file the absolute path without symlinks.
    pub fn full_place(&self) -> String {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.full_place(),
            Engine::Postgres(postgres) => postgres.place(),
        }
    }

    /// The clock behind [`Tx::now`].
    pub fn clock(&self) -> &Clock {
        &self.clock
    }
}

/// A transaction, or a connection for reads: runs statements and has one "now".
pub struct Tx<'a> {
    connection: Connection<'a>,
    now: Timestamp,
    statements: &'a Statements,
}

enum Connection<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a mut postgres::Connection),
}

impl<'a> Tx<'a> {
    /// The statements of this type, with the names of this deployment filled in.
    ///
    /// # Errors
    /// [`DatabaseError::Schema`] if this deployment does not have their table.
    pub fn statements<S: Any>(&self) -> Result<&'a S, DatabaseError> {
        self.statements.get()
    }

    /// The time of this transaction: every call returns the same.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The SQL dialect.
    pub fn dialect(&self) -> Dialect {
        match self.connection {
            Connection::Sqlite(_) => Dialect::Sqlite,
            Connection::Postgres(_) => Dialect::Postgres,
        }
    }

    /// The first row of the result, if any.
    ///
    /// # Errors
    /// [`DatabaseError::Unique`] from a statement that writes; [`DatabaseError::Unreadable`] if a value has another type.
    pub fn find<'s, T>(
        &mut self,
        sql: impl Into<SqlText<'s>>,
        params: &[Param<'_>],
        row: impl FnOnce(&Row<'_>) -> Result<T, DatabaseError>,
    ) -> Result<Option<T>, DatabaseError> {
        let (mut row, mut found) = (Some(row), None);
        self.each(sql.into(), params, &mut |next| {
            if let Some(row) = row.take() {
                found = Some(row(next)?);
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// Every row of the result.
    pub fn list<'s, T>(
        &mut self,
        sql: impl Into<SqlText<'s>>,
        params: &[Param<'_>],
        mut row: impl FnMut(&Row<'_>) -> Result<T, DatabaseError>,
    ) -> Result<Vec<T>, DatabaseError> {
        let mut all = Vec::new();
        self.each(sql.into(), params, &mut |next| {
            all.push(row(next)?);
            Ok(())
        })?;
        Ok(all)
    }

    fn each(
        &mut self,
        sql: SqlText<'_>,
        params: &[Param<'_>],
        row: &mut dyn FnMut(&Row<'_>) -> Result<(), DatabaseError>,
    ) -> Result<(), DatabaseError> {
        let (sql, params) = (sql.text, &*fitted(sql.forms, params));
        match &mut self.connection {
            Connection::Sqlite(connection) => sqlite::each(connection, sql, params, row),
            Connection::Postgres(connection) => {
                let rows = connection.query(sql, params)?;
                rows.iter().try_for_each(|next| row(&Row::of_postgres(next)))
            }
        }
    }

    /// Runs a statement and returns the number of changed rows.
    pub fn execute<'s>(
        &mut self,
        sql: impl Into<SqlText<'s>>,
        params: &[Param<'_>],
    ) -> Result<u64, DatabaseError> {
        let sql = sql.into();
        let (sql, params) = (sql.text, &*fitted(sql.forms, params));
        match &mut self.connection {
            Connection::Sqlite(connection) => sqlite::execute(connection, sql, params),
            Connection::Postgres(connection) => connection.execute(sql, params),
        }
    }
}
