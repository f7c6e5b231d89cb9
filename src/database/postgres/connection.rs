//! One connection to PostgreSQL: statements with deadlines, and its state after errors.

use std::collections::HashMap;
use std::time::Duration;
use std::time::Instant;

use tokio_postgres::Client;
use tokio_postgres::Row;
use tokio_postgres::Statement;
use tokio_postgres::types::ToSql;
use tokio_postgres::types::Type;

use crate::config::SearchPath;
use crate::database::DatabaseError;
use crate::database::Param;
use crate::database::postgres::connect::ConnectOptions;
use crate::database::postgres::connect::NotOpened;
use crate::database::postgres::connect::timed_out;
use crate::database::postgres::error::Severity;
use crate::database::postgres::error::meaning;
use crate::database::postgres::error::verdict;
use crate::database::postgres::line::Line;
use crate::database::postgres::value::SqlParam;

/// Prepared statements cached per connection.
const PREPARED_MAX: usize = 256;
/// How much longer than the server the client waits, so that the server's own error arrives first.
const GRACE: Duration = Duration::from_secs(2);
/// After this long without use a connection is tested.
const TRUSTED: Duration = Duration::from_secs(30);
/// How long the test may take.
const CHECK: Duration = Duration::from_secs(1);
/// The maximum age of a connection, so that a new server behind the same name gets its share.
const AGE_MAX: Duration = Duration::from_secs(30 * 60);

pub(in crate::database) struct Connection {
    client: Client,
    line: Line,
    prepared: Option<HashMap<String, Statement>>,
    /// Set in every transaction, where the connection cannot keep it.
    search_path: Option<SearchPath>,
    /// Begins the transaction together with the first statement.
    opening: Option<&'static str>,
    /// The statement timeout; none during a change of the schema.
    limit: Option<Duration>,
    statement: Duration,
    born: Instant,
    used: Instant,
    /// The worst error since [`Connection::reset`].
    trouble: Option<(Severity, DatabaseError)>,
    /// Whether a response timed out.
    has_timed_out: bool,
}

impl Connection {
    pub(super) fn open(options: &ConnectOptions) -> Result<Self, NotOpened> {
        let (client, line) = options.open()?;
        let now = Instant::now();
        Ok(Self {
            client,
            line,
            prepared: options.keeps_statements.then(HashMap::new),
            search_path: options.search_path.clone(),
            opening: None,
            limit: Some(options.statement + GRACE),
            statement: options.statement,
            born: now,
            used: now,
            trouble: None,
            has_timed_out: false,
        })
    }

    /// Whether an idle connection can be used. For a job that cannot run again, this checks for an end of the
    /// connection.
    pub(super) fn is_good(&mut self, runs_again: bool) -> bool {
        if self.client.is_closed() || AGE_MAX < self.born.elapsed() {
            return false;
        }
        let is_trusted = self.used.elapsed() < TRUSTED && (runs_again || self.line.is_silent());
        let checked = |connection: &mut Self| {
            let asked = connection.client.check_connection();
            matches!(connection.line.wait(asked, Some(CHECK)), Some(Ok(())))
        };
        is_trusted || checked(self)
    }

    /// Forgets earlier errors.
    pub(super) fn reset(&mut self) {
        self.trouble = None;
        self.opening = None;
        self.limit = Some(self.statement + GRACE);
    }

    /// Whether the connection was lost by a timeout.
    pub(super) fn has_timed_out(&self) -> bool {
        self.has_timed_out
    }

    pub(super) fn verdict(&self) -> Option<Severity> {
        self.trouble.as_ref().map(|(verdict, _)| *verdict)
    }

    /// The worst error itself.
    pub(super) fn trouble(&self) -> Option<&DatabaseError> {
        self.trouble.as_ref().map(|(_, error)| error)
    }

    /// Removes the statement timeout.
    pub(super) fn disable_timeout(&mut self) {
        self.limit = None;
    }

    /// The server's statement timeout in milliseconds.
    pub(super) fn statement_millis(&self) -> u128 {
        self.statement.as_millis()
    }

    pub(super) fn keeps_statements(&self) -> bool {
        self.prepared.is_some()
    }

    /// Whether statements need a transaction that sets it.
    pub(super) fn has_search_path(&self) -> bool {
        self.search_path.is_some()
    }

    /// The statements that set up a transaction. A setting for longer would affect the next client of a pooler's
    /// connection.
    pub(super) fn settings(&self) -> String {
        let timeout = format!("SET LOCAL statement_timeout = {}", self.statement_millis());
        let Some(search_path) = &self.search_path else { return timeout };
        let search_path = literal(search_path.setting());
        format!("{timeout}; SELECT set_config('search_path', {search_path}, true)")
    }

    /// Begins a transaction together with the first statement, which saves a round trip.
    pub(super) fn begin_with_next(&mut self, opening: &'static str) {
        self.opening = Some(opening);
    }

    /// Ends the transaction, if one has begun.
    pub(super) fn end(&mut self, sql: &str) -> Result<(), DatabaseError> {
        if self.opening.take().is_some() { Ok(()) } else { self.run(sql) }
    }

    /// Runs statements without parameters and results as one message.
    pub(super) fn run(&mut self, sql: &str) -> Result<(), DatabaseError> {
        let done = self.line.wait(self.client.batch_execute(sql), self.limit);
        self.settle(done)
    }

    pub(in crate::database) fn query(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
    ) -> Result<Vec<Row>, DatabaseError> {
        let sent: Vec<SqlParam<'_>> = params.iter().map(SqlParam).collect();
        let rows = if self.prepared.is_some() {
            let statement = self.prepare(sql)?;
            let opening = self.opening_beside(sql)?;
            let params = plain(&sent);
            let asking = self.client.query(&statement, &params);
            if let Some(opening) = opening {
                let opening = self.client.batch_execute(opening);
                // Both are sent before either is answered, in this order.
                let both = async { tokio::join!(biased; opening, asking) };
                let answers = self.line.wait(both, self.limit);
                answers.map(|(begun, rows)| begun.and(rows))
            } else {
                self.line.wait(asking, self.limit)
            }
        } else {
            self.line.wait(self.client.query_typed(sql, &untyped(&sent)), self.limit)
        };
        self.settle(rows)
    }

    pub(in crate::database) fn execute(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
    ) -> Result<u64, DatabaseError> {
        let sent: Vec<SqlParam<'_>> = params.iter().map(SqlParam).collect();
        let changed = if self.prepared.is_some() {
            let statement = self.prepare(sql)?;
            self.begin_now()?;
            self.line.wait(self.client.execute(&statement, &plain(&sent)), self.limit)
        } else {
            self.line.wait(self.client.execute_typed(sql, &untyped(&sent)), self.limit)
        };
        self.settle(changed)
    }

    /// The `BEGIN` to send together with this statement. A writing statement waits for it: without a transaction the
    /// statement would take effect by itself.
    fn opening_beside(&mut self, sql: &str) -> Result<Option<&'static str>, DatabaseError> {
        if !sql.starts_with("SELECT ") {
            self.begin_now()?;
        }
        Ok(self.opening.take())
    }

    fn begin_now(&mut self) -> Result<(), DatabaseError> {
        self.opening.take().map_or(Ok(()), |opening| self.run(opening))
    }

    fn prepare(&mut self, sql: &str) -> Result<Statement, DatabaseError> {
        let known = self.prepared.as_ref().and_then(|prepared| prepared.get(sql)).cloned();
        if let Some(statement) = known {
            return Ok(statement);
        }
        let prepared = self.line.wait(self.client.prepare(sql), self.limit);
        let statement = self.settle(prepared)?;
        if let Some(all) = &mut self.prepared {
            // Few statements are not constants. When those have filled the cache, it is cleared.
            if PREPARED_MAX <= all.len() {
                all.clear();
            }
            all.insert(sql.to_owned(), statement.clone());
        }
        Ok(statement)
    }

    fn settle<T>(
        &mut self,
        answer: Option<Result<T, tokio_postgres::Error>>,
    ) -> Result<T, DatabaseError> {
        self.used = Instant::now();
        let (verdict, error) = match answer {
            Some(Ok(answer)) => return Ok(answer),
            Some(Err(error)) => (verdict(&error), meaning(&error)),
            None => {
                self.has_timed_out = true;
                (Severity::Lost, timed_out(self.limit.unwrap_or_default()))
            }
        };
        if self.verdict() < Some(verdict) {
            self.trouble = Some((verdict, error.clone()));
        }
        Err(error)
    }
}

/// A text in SQL, whatever `standard_conforming_strings` says.
fn literal(text: &str) -> String {
    format!("E'{}'", text.replace('\\', r"\\").replace('\'', "''"))
}

fn plain<'a>(sent: &'a [SqlParam<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    sent.iter().map(|param| param as &(dyn ToSql + Sync)).collect()
}

/// Parameters without types: the server infers them.
fn untyped<'a>(sent: &'a [SqlParam<'a>]) -> Vec<(&'a (dyn ToSql + Sync), Type)> {
    sent.iter().map(|param| (param as &(dyn ToSql + Sync), Type::UNKNOWN)).collect()
}
