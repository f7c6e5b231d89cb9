//! The database as closures: `read` and `write` lend a [`Tx`], whose statements are the same text on every database.

mod error;
mod files;
mod postgres;
mod sqlite;
mod statements;
mod time;
mod value;
mod writer;

use std::any::Any;
use std::path::PathBuf;

pub use error::DatabaseError;
pub use error::Unique;
pub use statements::Statement;
pub use statements::Statements;
pub use time::Clock;
pub use time::Timestamp;
pub use value::Param;
pub use value::Row;

use crate::config::DatabaseOptions;

use postgres::Postgres;
use sqlite::Sqlite;

/// One database, shared by every thread; it does no I/O before the first use.
pub struct Database {
    engine: Engine,
    clock: Clock,
    statements: Statements,
}

enum Engine {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

/// What a job is to its connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Statements that read, each by itself.
    Reading,
    /// One statement that writes, by itself.
    Single,
    /// A transaction that means the same as if nobody else was there.
    Transaction,
    /// A transaction that changes tables, one at a time among all servers.
    SchemaChange,
}

/// A job for either engine, which says whether it ended well: then what it wrote stays.
type Job<'a> = dyn FnMut(&mut Tx<'_>) -> bool + 'a;

/// What differs between the databases in the definition of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL, and what speaks its protocol.
    Postgres,
}

impl Database {
    /// The database that the configuration names.
    pub fn new(options: &DatabaseOptions, clock: Clock) -> Self {
        if options.is_embedded() {
            return Self::sqlite(options.sqlite_path(), clock);
        }
        Self::of(Engine::Postgres(Postgres::new(options.clone())), clock)
    }

    /// The SQLite database in this file; the file need not exist yet.
    pub fn sqlite(file: impl Into<PathBuf>, clock: Clock) -> Self {
        Self::of(Engine::Sqlite(Sqlite::new(file.into())), clock)
    }

    fn of(engine: Engine, clock: Clock) -> Self {
        Self { engine, clock, statements: Statements::default() }
    }

    /// The same database, whose transactions know these statements.
    #[must_use]
    pub fn with(self, statements: Statements) -> Self {
        Self { statements, ..self }
    }

    /// How tables are written here.
    pub fn dialect(&self) -> Dialect {
        match &self.engine {
            Engine::Sqlite(_) => Dialect::Sqlite,
            Engine::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Whether whoever asks it waits for another machine.
    pub fn is_remote(&self) -> bool {
        matches!(self.engine, Engine::Postgres(_))
    }

    /// Runs statements that only read; each of them sees its own snapshot. The job runs again when the connection
    /// is lost.
    ///
    /// # Errors
    /// What the job answers, or [`DatabaseError::Missing`], [`DatabaseError::NotADatabase`] and
    /// [`DatabaseError::Unavailable`] when there is nothing to read.
    pub fn read<T, E>(&self, job: impl FnMut(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E>
    where
        E: From<DatabaseError>,
    {
        self.run(Form::Reading, job)
    }

    /// Runs a job as one transaction. `Ok` means it is on the disk; `Err` means it left no trace, unless the
    /// connection was lost at the very end, which [`DatabaseError::Unavailable`] says.
    ///
    /// A job means the same as if nobody else was there. It runs again, from its beginning, where others were in
    /// the way, so what it changes outside of the database must bear that. Jobs that wait at the same moment share
    /// one commit, so a job must not wait for another one.
    ///
    /// # Errors
    /// What the job answers, or [`DatabaseError::Busy`] and [`DatabaseError::Unavailable`] when it cannot be written.
    pub fn write<T, E>(&self, job: impl FnMut(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E>
    where
        E: From<DatabaseError>,
    {
        self.run(Form::Transaction, job)
    }

    /// As [`Database::write`], for a job that writes with one statement: it needs no transaction around it, and
    /// those who change the same row at the same moment wait for one another instead of running again. What fails
    /// after the statement leaves what that did.
    pub fn write_one<T, E>(&self, job: impl FnMut(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E>
    where
        E: From<DatabaseError>,
    {
        self.run(Form::Single, job)
    }

    /// As [`Database::write`], for a job that changes tables: of all servers one at a time, for as long as it takes.
    pub fn change_schema<T, E>(&self, job: impl FnMut(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E>
    where
        E: From<DatabaseError>,
    {
        self.run(Form::SchemaChange, job)
    }

    /// What a job answers is its caller's business alone: the engines are compiled once for all of them.
    fn run<T, E>(
        &self,
        form: Form,
        mut job: impl FnMut(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<DatabaseError>,
    {
        let mut answer = None;
        self.run_any(form, &mut |tx| answer.insert(job(tx)).is_ok())?;
        // Who ends well has run it.
        answer.unwrap_or_else(|| Err(DatabaseError::Busy.into()))
    }

    fn run_any(&self, form: Form, job: &mut Job<'_>) -> Result<(), DatabaseError> {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.run(form, &mut |lent| job(&mut self.in_sqlite(lent))),
            Engine::Postgres(postgres) => {
                postgres.run(form, &mut |lent| job(&mut self.in_postgres(lent)))
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

    /// Creates the file, readable by its owner only, if there is none. A server's databases are made by its
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

    /// Whether there is a database with something in it: a missing or empty file is `false`, as is a schema
    /// without tables.
    ///
    /// # Errors
    /// [`DatabaseError::NotADatabase`] for a file of another kind, [`DatabaseError::Unavailable`].
    pub fn exists(&self) -> Result<bool, DatabaseError> {
        let Engine::Sqlite(sqlite) = &self.engine else {
            let look = |row: &Row<'_>| Ok((row.optional_text(0)?, row.flag(1)?));
            if let Some((Some(_), is_filled)) =
                self.read(|tx| tx.find(postgres::LOOK, &[], look))?
            {
                return Ok(is_filled);
            }
            let reason = "its search_path names no schema that is there";
            return Err(DatabaseError::Unavailable(reason.to_owned()));
        };
        sqlite.exists()
    }

    /// Why nobody answers at its place, if that may pass by itself: a server that is not there yet, or starts. Nothing
    /// for one that answers, whatever it says, and for a file.
    pub fn is_away(&self) -> Option<DatabaseError> {
        match &self.engine {
            Engine::Sqlite(_) => None,
            Engine::Postgres(postgres) => postgres.is_away(),
        }
    }

    /// Checks that it can be written, without writing.
    ///
    /// # Errors
    /// [`DatabaseError::ReadOnly`] says what is in the way.
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

    /// Whether the file, or the folder it would be made in, cannot be written, or is marked as not to be.
    pub fn is_read_only(&self) -> bool {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.is_read_only(),
            Engine::Postgres(_) => false,
        }
    }

    /// Where it is, in words for people: without a password.
    pub fn place(&self) -> String {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.place(),
            Engine::Postgres(postgres) => postgres.place(),
        }
    }

    /// The same by one name, wherever the process was started: a file by its whole path, without links.
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

/// A transaction, or for reads a connection: runs statements and knows one "now".
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
    /// The statements that this type holds, with the names of this deployment filled in.
    ///
    /// # Errors
    /// [`DatabaseError::Schema`] where this deployment does not have their table.
    pub fn statements<S: Any>(&self) -> Result<&'a S, DatabaseError> {
        self.statements.get()
    }

    /// The time of this transaction: every call answers the same.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// How tables are written here.
    pub fn dialect(&self) -> Dialect {
        match self.connection {
            Connection::Sqlite(_) => Dialect::Sqlite,
            Connection::Postgres(_) => Dialect::Postgres,
        }
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
        let (mut row, mut found) = (Some(row), None);
        self.each(sql, params, &mut |next| {
            if let Some(row) = row.take() {
                found = Some(row(next)?);
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// Every row that the statement answers.
    pub fn list<T>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        mut row: impl FnMut(&Row<'_>) -> Result<T, DatabaseError>,
    ) -> Result<Vec<T>, DatabaseError> {
        let mut all = Vec::new();
        self.each(sql, params, &mut |next| {
            all.push(row(next)?);
            Ok(())
        })?;
        Ok(all)
    }

    fn each(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        row: &mut dyn FnMut(&Row<'_>) -> Result<(), DatabaseError>,
    ) -> Result<(), DatabaseError> {
        match &mut self.connection {
            Connection::Sqlite(connection) => sqlite::each(connection, sql, params, row),
            Connection::Postgres(connection) => {
                let rows = connection.query(sql, params)?;
                rows.iter().try_for_each(|next| row(&Row::of_postgres(next)))
            }
        }
    }

    /// Runs a statement and answers how many rows it changed.
    pub fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, DatabaseError> {
        match &mut self.connection {
            Connection::Sqlite(connection) => sqlite::execute(connection, sql, params),
            Connection::Postgres(connection) => connection.execute(sql, params),
        }
    }
}
