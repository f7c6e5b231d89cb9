//! One connection to PostgreSQL: statements with deadlines, and what became of it.

use std::collections::HashMap;
use std::time::Duration;
use std::time::Instant;

use tokio_postgres::Client;
use tokio_postgres::Row;
use tokio_postgres::Statement;
use tokio_postgres::types::ToSql;
use tokio_postgres::types::Type;

use crate::database::DatabaseError;
use crate::database::Param;
use crate::database::postgres::connect::ConnectOptions;
use crate::database::postgres::connect::NotOpened;
use crate::database::postgres::connect::silent;
use crate::database::postgres::error::Severity;
use crate::database::postgres::error::meaning;
use crate::database::postgres::error::verdict;
use crate::database::postgres::line::Line;
use crate::database::postgres::value::SqlParam;

/// Statements that a connection keeps prepared.
const PREPARED_MAX: usize = 256;
/// How much later than the server we give a statement up, so that its own word comes first.
const GRACE: Duration = Duration::from_secs(2);
/// After so long without use a connection is asked whether it is still there.
const TRUSTED: Duration = Duration::from_secs(30);
/// How long that may take.
const CHECK: Duration = Duration::from_secs(1);
/// A connection is not used for longer, so that a new server behind an old name gets its share.
const AGE_MAX: Duration = Duration::from_secs(30 * 60);

pub(in crate::database) struct Connection {
    client: Client,
    line: Line,
    prepared: Option<HashMap<String, Statement>>,
    /// Begins the transaction of the statement that comes first.
    opening: Option<&'static str>,
    /// How long a statement may take; in a change of the schema as long as it takes.
    limit: Option<Duration>,
    statement: Duration,
    born: Instant,
    used: Instant,
    /// The worst that was seen since [`Connection::begin_anew`].
    trouble: Option<(Severity, DatabaseError)>,
    /// Whether an answer did not come in time.
    is_silent: bool,
}

impl Connection {
    pub(super) fn open(recipe: &ConnectOptions) -> Result<Self, NotOpened> {
        let (client, line) = recipe.open()?;
        let now = Instant::now();
        Ok(Self {
            client,
            line,
            prepared: recipe.keeps_statements.then(HashMap::new),
            opening: None,
            limit: Some(recipe.statement + GRACE),
            statement: recipe.statement,
            born: now,
            used: now,
            trouble: None,
            is_silent: false,
        })
    }

    /// Whether an idle connection can be used. For a job that could not run again when it turns out to be dead, its
    /// end must not have come meanwhile.
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

    /// What was seen before is forgotten.
    pub(super) fn begin_anew(&mut self) {
        self.trouble = None;
        self.opening = None;
        self.limit = Some(self.statement + GRACE);
    }

    /// Whether it is lost because nobody answers, which has taken its time.
    pub(super) fn is_silent(&self) -> bool {
        self.is_silent
    }

    pub(super) fn verdict(&self) -> Option<Severity> {
        self.trouble.as_ref().map(|(verdict, _)| *verdict)
    }

    /// What that was, in the words of the server or of the way to it.
    pub(super) fn trouble(&self) -> Option<&DatabaseError> {
        self.trouble.as_ref().map(|(_, error)| error)
    }

    /// From now on statements take as long as they take.
    pub(super) fn be_patient(&mut self) {
        self.limit = None;
    }

    /// Milliseconds that the server gives a statement.
    pub(super) fn statement_millis(&self) -> u128 {
        self.statement.as_millis()
    }

    pub(super) fn keeps_statements(&self) -> bool {
        self.prepared.is_some()
    }

    /// Begins a transaction with the first statement instead of a round trip before it.
    pub(super) fn begin_with_the_first(&mut self, opening: &'static str) {
        self.opening = Some(opening);
    }

    /// Ends the transaction, if one has begun.
    pub(super) fn end(&mut self, sql: &str) -> Result<(), DatabaseError> {
        if self.opening.take().is_some() { Ok(()) } else { self.run(sql) }
    }

    /// Statements without parameters and answers, in one go.
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
                // Both are on their way before either is answered, in this order.
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

    /// What begins the transaction together with this statement. One that writes waits for it: if it could not
    /// begin, the statement would count by itself.
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
            // Few statements are not constants; when those have filled it, it begins again.
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
                self.is_silent = true;
                (Severity::Lost, silent(self.limit.unwrap_or_default()))
            }
        };
        if self.verdict() < Some(verdict) {
            self.trouble = Some((verdict, error.clone()));
        }
        Err(error)
    }
}

fn plain<'a>(sent: &'a [SqlParam<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    sent.iter().map(|param| param as &(dyn ToSql + Sync)).collect()
}

/// Of the type that stands at their place.
fn untyped<'a>(sent: &'a [SqlParam<'a>]) -> Vec<(&'a (dyn ToSql + Sync), Type)> {
    sent.iter().map(|param| (param as &(dyn ToSql + Sync), Type::UNKNOWN)).collect()
}
