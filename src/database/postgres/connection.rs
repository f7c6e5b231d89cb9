//! One connection to PostgreSQL: statements with deadlines, and what became of it.

use std::collections::HashMap;
use std::time::Duration;
use std::time::Instant;

use tokio::runtime::Runtime;
use tokio::task::AbortHandle;
use tokio_postgres::Client;
use tokio_postgres::Config;
use tokio_postgres::Row;
use tokio_postgres::Statement;
use tokio_postgres::types::ToSql;
use tokio_postgres::types::Type;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::database::DatabaseError;
use crate::database::Param;
use crate::database::postgres::error::Verdict;
use crate::database::postgres::error::meaning;
use crate::database::postgres::error::verdict;
use crate::database::postgres::value::Sent;
use crate::database::postgres::wait::wait;

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

/// How connections are made.
pub(super) struct Recipe {
    pub(super) driver: Config,
    pub(super) tls: MakeRustlsConnect,
    pub(super) keeps_statements: bool,
    pub(super) connect: Duration,
    pub(super) statement: Duration,
}

pub(in crate::database) struct Connection {
    client: Client,
    driver: AbortHandle,
    prepared: Option<HashMap<String, Statement>>,
    /// How long a statement may take; in a change of the schema as long as it takes.
    limit: Option<Duration>,
    statement: Duration,
    born: Instant,
    used: Instant,
    /// The worst that was seen since [`Connection::begin_anew`].
    trouble: Option<(Verdict, DatabaseError)>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        // A server that is silent would hold the task for ever.
        self.driver.abort();
    }
}

impl Connection {
    pub(super) fn open(recipe: &Recipe, runtime: &Runtime) -> Result<Self, DatabaseError> {
        let (driver, tls) = (recipe.driver.clone(), recipe.tls.clone());
        let task = runtime.spawn(async move {
            let (client, connection) = driver.connect(tls).await?;
            let driver = tokio::spawn(async move {
                if let Err(error) = connection.await {
                    tracing::debug!(%error, "connection to the database ended");
                }
            });
            Ok::<_, tokio_postgres::Error>((client, driver.abort_handle()))
        });
        let abort = task.abort_handle();
        let Some(connected) = wait(task, Some(recipe.connect)) else {
            abort.abort();
            return Err(silent(recipe.connect));
        };
        let connected = connected.map_err(|error| DatabaseError::Other(error.to_string()))?;
        let (client, driver) = connected.map_err(|error| meaning(&error))?;
        let now = Instant::now();
        Ok(Self {
            client,
            driver,
            prepared: recipe.keeps_statements.then(HashMap::new),
            limit: Some(recipe.statement + GRACE),
            statement: recipe.statement,
            born: now,
            used: now,
            trouble: None,
        })
    }

    /// Whether an idle connection can be used.
    pub(super) fn is_good(&mut self) -> bool {
        if self.client.is_closed() || AGE_MAX < self.born.elapsed() {
            return false;
        }
        self.used.elapsed() < TRUSTED
            || matches!(wait(self.client.check_connection(), Some(CHECK)), Some(Ok(())))
    }

    /// What was seen before is forgotten.
    pub(super) fn begin_anew(&mut self) {
        self.trouble = None;
        self.limit = Some(self.statement + GRACE);
    }

    pub(super) fn verdict(&self) -> Option<Verdict> {
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

    /// Statements without parameters and answers, in one go.
    pub(super) fn run(&mut self, sql: &str) -> Result<(), DatabaseError> {
        let done = wait(self.client.batch_execute(sql), self.limit);
        self.settle(done)
    }

    pub(in crate::database) fn query(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
    ) -> Result<Vec<Row>, DatabaseError> {
        let sent: Vec<Sent<'_>> = params.iter().map(Sent).collect();
        let rows = if self.prepared.is_some() {
            let statement = self.prepare(sql)?;
            wait(self.client.query(&statement, &plain(&sent)), self.limit)
        } else {
            wait(self.client.query_typed(sql, &untyped(&sent)), self.limit)
        };
        self.settle(rows)
    }

    pub(in crate::database) fn execute(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
    ) -> Result<u64, DatabaseError> {
        let sent: Vec<Sent<'_>> = params.iter().map(Sent).collect();
        let changed = if self.prepared.is_some() {
            let statement = self.prepare(sql)?;
            wait(self.client.execute(&statement, &plain(&sent)), self.limit)
        } else {
            wait(self.client.execute_typed(sql, &untyped(&sent)), self.limit)
        };
        self.settle(changed)
    }

    fn prepare(&mut self, sql: &str) -> Result<Statement, DatabaseError> {
        let known = self.prepared.as_ref().and_then(|prepared| prepared.get(sql)).cloned();
        if let Some(statement) = known {
            return Ok(statement);
        }
        let prepared = wait(self.client.prepare(sql), self.limit);
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
            None => (Verdict::Lost, silent(self.limit.unwrap_or_default())),
        };
        if self.verdict() < Some(verdict) {
            self.trouble = Some((verdict, error.clone()));
        }
        Err(error)
    }
}

fn silent(limit: Duration) -> DatabaseError {
    DatabaseError::Unavailable(format!("no answer within {} seconds", limit.as_secs()))
}

fn plain<'a>(sent: &'a [Sent<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    sent.iter().map(|param| param as &(dyn ToSql + Sync)).collect()
}

/// Of the type that stands at their place.
fn untyped<'a>(sent: &'a [Sent<'a>]) -> Vec<(&'a (dyn ToSql + Sync), Type)> {
    sent.iter().map(|param| (param as &(dyn ToSql + Sync), Type::UNKNOWN)).collect()
}
