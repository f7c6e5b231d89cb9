//! PostgreSQL and compatible servers: a pool of connections, and jobs that run again after conflicts.
//!
//! Transactions are serializable, so a job means the same as in SQLite, where writers run one after another: nothing
//! that it read has changed when it commits. The waiting thread talks to the server itself.

mod connect;
mod connection;
mod error;
mod line;
mod schema;
mod tls;
mod value;

use std::str::FromStr as _;
use std::thread;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::SslMode;

use crate::config::DatabaseOptions;
use crate::config::Encryption;
use crate::config::PostgresUrl;
use crate::database::DatabaseError;
use crate::database::JobKind;
use crate::pool::NoPlace;
use crate::pool::Pool;
use crate::pool::PoolSlot;

use connect::ConnectOptions;
use connect::NotOpened;
pub(super) use connection::Connection;
use error::Severity;

/// How long a request waits for a connection.
const WAIT: Duration = Duration::from_secs(5);
/// How long no connection is attempted after the server was unreachable.
const PAUSE: Duration = Duration::from_millis(250);
/// How often a job runs again after conflicts.
const CONFLICTS_MAX: u32 = 50;
/// How often a job runs again after a violated foreign key.
const REFERENCES_MAX: u32 = 2;
/// The longest back-off before the next run.
const BACK_OFF_MAX: Duration = Duration::from_millis(64);
/// `BETTAUTH`: the advisory lock of schema changes.
const SCHEMA_LOCK: i64 = 0x4245_5454_4155_5448;
/// Not every compatible server has advisory locks; without them one of two concurrent changes runs again.
const HAS_LOCKS: &str = "SELECT 1 FROM pg_proc WHERE proname = 'pg_advisory_xact_lock' LIMIT 1";
/// `on` in a replica, or where an administrator forbids writing.
pub(super) const IS_READ_ONLY: &str = "SHOW transaction_read_only";

/// Returns whether to keep what the job wrote.
type Job<'a> = dyn FnMut(&mut Connection) -> bool + 'a;

pub(super) struct Postgres {
    options: DatabaseOptions,
    /// The URL, or why it cannot be used.
    url: Result<PostgresUrl, String>,
    pool: Pool<Connection>,
}

impl Postgres {
    pub(super) fn new(mut options: DatabaseOptions) -> Self {
        let url = options.postgres();
        if let Ok(url) = &url {
            options.max_connections = url.max_connections.unwrap_or(options.max_connections);
            options.statement_timeout = url.statement_timeout.unwrap_or(options.statement_timeout);
            options.prepared_statements &= !url.is_pooled;
        }
        let places = usize::try_from(options.max_connections).unwrap_or(usize::MAX);
        Self { pool: Pool::new(places, WAIT), options, url }
    }

    pub(super) fn place(&self) -> String {
        self.url.as_ref().map(PostgresUrl::place).unwrap_or_default()
    }

    /// Runs a job. If the connection is found dead before anything was done, it runs again on another one.
    pub(super) fn run(&self, kind: JobKind, job: &mut Job<'_>) -> Result<(), DatabaseError> {
        let place = self.pool.place().map_err(|none| self.none(none))?;
        let (mut connection, mut is_old) = self.connection(&place, kind)?;
        let mut conflicts = 0;
        loop {
            connection.reset();
            match attempt(&mut connection, kind, job) {
                RunOutcome::Final(stands) => {
                    if connection.verdict() == Some(Severity::Lost) {
                        place.drop_idle();
                    } else {
                        place.keep(connection);
                    }
                    return stands;
                }
                RunOutcome::Conflict => {
                    let (runs, stands) = patience(&connection);
                    if runs <= conflicts {
                        place.keep(connection);
                        return Err(stands);
                    }
                    conflicts += 1;
                    back_off(conflicts);
                }
                // Nothing was done. An old connection that was closed does not mean that the server is unreachable. A
                // timeout does, and must not be waited for twice.
                RunOutcome::Lost(_) if is_old && !connection.has_timed_out() => {
                    place.drop_idle();
                    connection = self.open(&place)?;
                    is_old = false;
                }
                RunOutcome::Lost(error) => {
                    place.mark_unreachable(reason(&error), PAUSE);
                    return Err(error);
                }
            }
        }
    }

    /// An idle connection that is still usable, or a new one; and whether it is an old one.
    fn connection(
        &self,
        place: &PoolSlot<'_, Connection>,
        kind: JobKind,
    ) -> Result<(Connection, bool), DatabaseError> {
        if let Some(mut connection) = place.idle() {
            if connection.is_good(kind != JobKind::Single) {
                return Ok((connection, true));
            }
            place.drop_idle();
        }
        Ok((self.open(place)?, false))
    }

    fn open(&self, place: &PoolSlot<'_, Connection>) -> Result<Connection, DatabaseError> {
        self.open_new().map_err(|NotOpened { error, .. }| {
            place.mark_unreachable(reason(&error), PAUSE);
            error
        })
    }

    fn open_new(&self) -> Result<Connection, NotOpened> {
        let unusable = |reason| NotOpened::for_good(DatabaseError::Unavailable(reason));
        Connection::open(&self.connect_options().map_err(unusable)?)
    }

    /// Why the server cannot be reached, if that may be temporary.
    pub(super) fn is_away(&self) -> Option<DatabaseError> {
        let place = self.pool.place().ok()?;
        match self.open_new() {
            Ok(connection) => place.keep(connection),
            Err(NotOpened { error, may_pass: true }) => return Some(error),
            Err(_) => {}
        }
        None
    }

    /// Certificates are read again for each connection: they are replaced while a server runs.
    fn connect_options(&self) -> Result<ConnectOptions, String> {
        let options = &self.options;
        let url = self.url.as_ref().map_err(Clone::clone)?;
        let authority = options.ca_file.as_deref().or(url.root_certificates.as_deref());
        let encryption = url.encryption.unwrap_or(match authority {
            // Who names an authority wants it to be asked.
            Some(_) => Encryption::Verified,
            None => Encryption::IfOffered,
        });
        let tls = tls::connector(encryption, authority)?;
        let mut driver =
            Config::from_str(url.driver.expose()).map_err(|error| error.to_string())?;
        driver.ssl_mode(match encryption {
            Encryption::Never => SslMode::Disable,
            Encryption::IfOffered => SslMode::Prefer,
            Encryption::Unverified | Encryption::Verified => SslMode::Require,
        });
        let connect = *driver.get_connect_timeout().unwrap_or(&options.connect_timeout);
        if driver.get_application_name().is_none() {
            driver.application_name("better-auth");
        }
        if driver.get_tcp_user_timeout().is_none() {
            driver.tcp_user_timeout(options.statement_timeout);
        }
        let keeps_statements = options.prepared_statements;
        let mut search_path = url.search_path.clone();
        if keeps_statements {
            let millis = options.statement_timeout.as_millis();
            let search_path = search_path.take().map(|path| path.argument()).unwrap_or_default();
            let theirs = driver.get_options().unwrap_or_default();
            driver.options(format!(
                "-cstatement_timeout={millis} -cidle_in_transaction_session_timeout={millis} {search_path} {theirs}"
            ));
        }
        let statement = options.statement_timeout;
        Ok(ConnectOptions { driver, tls, keeps_statements, search_path, connect, statement })
    }

    fn none(&self, none: NoPlace) -> DatabaseError {
        DatabaseError::Unavailable(match none {
            NoPlace::Busy => {
                format!("all {} connections are in use", self.options.max_connections)
            }
            NoPlace::Unavailable(reason) => reason,
        })
    }
}

/// How one run of a job ended.
enum RunOutcome {
    /// Done: the job's result stands, unless this is an error.
    Final(Result<(), DatabaseError>),
    /// Nothing was done because of a conflict.
    Conflict,
    /// Nothing was done because the connection was lost.
    Lost(DatabaseError),
}

fn attempt(connection: &mut Connection, kind: JobKind, job: &mut Job<'_>) -> RunOutcome {
    let is_transaction = match begin(connection, kind) {
        Ok(is_transaction) => is_transaction,
        Err(error) => return end_of(connection, Err(error)),
    };
    let is_well = job(connection);
    match (kind, connection.verdict()) {
        // A single statement may have been executed although its response was lost.
        (JobKind::Single, Some(Severity::Lost)) => RunOutcome::Final(Err(unknown())),
        (_, Some(Severity::Lost)) => end_of(connection, Ok(())),
        _ if !is_transaction => end_of(connection, Ok(())),
        (JobKind::Reading, _) => {
            // Has no effect that could be lost.
            drop(connection.end("ROLLBACK"));
            end_of(connection, Ok(()))
        }
        (JobKind::Single, None) => commit(connection),
        (_, None) if is_well => commit(connection),
        _ => {
            let rolled_back = connection.end("ROLLBACK");
            // A job that ignores the error of a statement has done nothing.
            let swallowed = DatabaseError::Other("a statement of a transaction failed".to_owned());
            end_of(connection, if is_well { rolled_back.and(Err(swallowed)) } else { Ok(()) })
        }
    }
}

/// Begins a transaction, unless single statements need none, and returns whether it did.
fn begin(connection: &mut Connection, kind: JobKind) -> Result<bool, DatabaseError> {
    match kind {
        JobKind::Reading | JobKind::Single => {
            let is_needed = connection.has_search_path();
            if is_needed {
                let settings = connection.settings();
                connection.run(&format!("BEGIN ISOLATION LEVEL READ COMMITTED; {settings}"))?;
            }
            return Ok(is_needed);
        }
        // A connection pooler in between may only get the next request after its response.
        JobKind::Transaction if connection.keeps_statements() => {
            connection.begin_with_next("BEGIN ISOLATION LEVEL SERIALIZABLE");
        }
        JobKind::Transaction => {
            let settings = connection.settings();
            connection.run(&format!("BEGIN ISOLATION LEVEL SERIALIZABLE; {settings}"))?;
        }
        JobKind::SchemaChange => {
            let (millis, settings) = (connection.statement_millis(), connection.settings());
            connection.disable_timeout();
            // Each statement must see the changes of the server that held the lock before.
            connection.run(&format!(
                "BEGIN ISOLATION LEVEL READ COMMITTED; {settings}; SET LOCAL statement_timeout = 0;
                SET LOCAL idle_in_transaction_session_timeout = 0"
            ))?;
            if !connection.query(HAS_LOCKS, &[])?.is_empty() {
                connection.run(&format!("SELECT pg_advisory_xact_lock({SCHEMA_LOCK})"))?;
            }
            // A waiting schema change blocks all later statements on its table, so it must not wait for long.
            connection.run(&format!("SET LOCAL lock_timeout = {millis}"))?;
        }
    }
    Ok(true)
}

fn commit(connection: &mut Connection) -> RunOutcome {
    match connection.end("COMMIT") {
        Ok(()) => RunOutcome::Final(Ok(())),
        // The outcome is unknown, so the job must not run again.
        Err(_) if connection.verdict() == Some(Severity::Lost) => RunOutcome::Final(Err(unknown())),
        Err(error) => end_of(connection, Err(error)),
    }
}

fn end_of(connection: &Connection, stands: Result<(), DatabaseError>) -> RunOutcome {
    match (connection.verdict(), connection.trouble()) {
        (Some(Severity::Lost), Some(error)) => RunOutcome::Lost(error.clone()),
        (Some(Severity::Conflict), _) => RunOutcome::Conflict,
        _ => RunOutcome::Final(stands),
    }
}

/// How often a job runs again after this error, and the error to return then.
fn patience(connection: &Connection) -> (u32, DatabaseError) {
    match connection.trouble() {
        // The next run sees that a row was deleted; a reference from another row stays.
        Some(error @ DatabaseError::ForeignKey(_)) => (REFERENCES_MAX, error.clone()),
        _ => (CONFLICTS_MAX, DatabaseError::Busy),
    }
}

fn unknown() -> DatabaseError {
    let reason =
        "the connection was lost before the response arrived; the statement may have been executed";
    DatabaseError::Unavailable(reason.to_owned())
}

/// The message for requests that are refused while the server is unreachable.
fn reason(error: &DatabaseError) -> String {
    match error {
        DatabaseError::Unavailable(reason) => reason.clone(),
        other => other.to_string(),
    }
}

/// Waits for a random time, so that the same jobs do not collide again.
fn back_off(conflicts: u32) {
    let longest = BACK_OFF_MAX.min(Duration::from_millis(1 << conflicts.min(16)));
    thread::park_timeout(longest.mul_f64(rand::random::<f64>()));
}
