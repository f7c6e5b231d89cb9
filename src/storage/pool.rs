//! Connections to the store: as many as are needed, up to a limit, each step with a deadline.

use std::fs;
use std::path::Path;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;
use std::time::Instant;

use redis::Client;
use redis::Connection;
use redis::ErrorKind;
use redis::RedisError;
use redis::RedisResult;
use redis::ServerErrorKind;
use redis::TlsCertificates;

use crate::crypto::Secret;
use crate::storage::StorageError;

/// Connections at most.
const CONNECTIONS_MAX: usize = 32;
/// How long a request waits for one of them.
const WAIT: Duration = Duration::from_secs(2);
/// How long connecting may take, with TLS and signing in.
const CONNECT: Duration = Duration::from_secs(2);
/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(2);
/// For how long nobody tries again when the store could not be reached: requests are refused at once
/// instead of waiting in line for the same deadline.
const PAUSE: Duration = Duration::from_millis(500);
/// The same when it was silent, which costs whoever tries more than a refusal does.
const PAUSE_SILENT: Duration = Duration::from_secs(5);

pub(super) struct Pool {
    url: Secret,
    ca_file: Option<Box<Path>>,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Connection>,
    lent: usize,
    down: Option<Down>,
}

/// The store could not be reached.
struct Down {
    until: Instant,
    reason: String,
}

impl Pool {
    pub(super) fn new(url: Secret, ca_file: Option<Box<Path>>) -> Self {
        Self { url, ca_file, state: Mutex::default(), freed: Condvar::new() }
    }

    /// Runs a command. It runs again on a new connection when an old one turns out to be dead, as after a
    /// restart of the store, so it may be counted twice, and what it takes may be lost: both err on the
    /// safe side.
    pub(super) fn run<T>(
        &self,
        job: impl Fn(&mut Connection) -> RedisResult<T>,
    ) -> Result<T, StorageError> {
        let mut lent = self.lend()?;
        if let Some(mut connection) = lent.connection.take() {
            match job(&mut connection) {
                Err(error) if is_dead(&error) && !error.is_timeout() => {
                    // Its neighbours are as old.
                    self.lock().idle.clear();
                }
                result => return lent.settle(connection, result),
            }
        }
        match self.connect() {
            Ok(mut connection) => {
                let result = job(&mut connection);
                lent.settle(connection, result)
            }
            Err(error) => Err(lent.lost(&error)),
        }
    }

    fn connect(&self) -> RedisResult<Connection> {
        let client = match &self.ca_file {
            Some(file) => {
                let root_cert = Some(fs::read(file)?);
                let trusted = TlsCertificates { client_tls: None, root_cert };
                Client::build_with_tls(self.url.expose(), trusted)?
            }
            None => Client::open(self.url.expose())?,
        };
        let connection = client.get_connection_with_timeout(CONNECT)?;
        connection.set_read_timeout(Some(ANSWER))?;
        connection.set_write_timeout(Some(ANSWER))?;
        Ok(connection)
    }

    /// Waits for a place, and answers an idle connection with it if there is one.
    fn lend(&self) -> Result<Lent<'_>, StorageError> {
        let is_full = |state: &mut State| CONNECTIONS_MAX <= state.lent;
        let (mut state, _) = self
            .freed
            .wait_timeout_while(self.lock(), WAIT, is_full)
            .unwrap_or_else(PoisonError::into_inner);
        if is_full(&mut state) {
            return Err(StorageError::Busy);
        }
        if let Some(down) = &state.down
            && Instant::now() < down.until
        {
            return Err(StorageError::Unavailable(down.reason.clone()));
        }
        state.down = None;
        state.lent += 1;
        Ok(Lent { connection: state.idle.pop(), home: self })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place among the connections; it is free again when this goes.
struct Lent<'a> {
    connection: Option<Connection>,
    home: &'a Pool,
}

impl Lent<'_> {
    /// Keeps a connection that is still good.
    fn settle<T>(&self, connection: Connection, result: RedisResult<T>) -> Result<T, StorageError> {
        match result {
            Err(error) if is_dead(&error) => Err(self.lost(&error)),
            result => {
                self.home.lock().idle.push(connection);
                result.map_err(|error| refusal(&error))
            }
        }
    }

    fn lost(&self, error: &RedisError) -> StorageError {
        let reason = reason(error);
        let mut state = self.home.lock();
        state.idle.clear();
        let pause = if error.is_timeout() { PAUSE_SILENT } else { PAUSE };
        state.down = Some(Down { until: Instant::now() + pause, reason: reason.clone() });
        StorageError::Unavailable(reason)
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        self.home.lock().lent -= 1;
        self.home.freed.notify_one();
    }
}

/// Whether the connection cannot be used any more.
fn is_dead(error: &RedisError) -> bool {
    error.is_io_error() || error.is_unrecoverable_error()
}

/// What the store itself answered: nobody must take "I am still loading" for "there is no such session".
fn refusal(error: &RedisError) -> StorageError {
    let is_later = matches!(
        error.kind(),
        ErrorKind::Server(
            ServerErrorKind::BusyLoading
                | ServerErrorKind::TryAgain
                | ServerErrorKind::ClusterDown
                | ServerErrorKind::MasterDown
                | ServerErrorKind::ReadOnly
        )
    );
    let reason = reason(error);
    if is_later { StorageError::Unavailable(reason) } else { StorageError::Other(reason) }
}

/// In its own words; no URL and no key is among them.
fn reason(error: &RedisError) -> String {
    error.to_string()
}
