//! Connections to the secondary storage, each step with a deadline.

use std::path::Path;
use std::time::Duration;

use redis::Client;
use redis::Connection;
use redis::ErrorKind;
use redis::RedisError;
use redis::RedisResult;
use redis::ServerErrorKind;
use redis::TlsCertificates;

use crate::crypto::Secret;
use crate::files;
use crate::pool::NoPlace;
use crate::pool::Pool;
use crate::pool::PoolSlot;
use crate::storage::StorageError;

/// The most connections.
const CONNECTIONS_MAX: usize = 32;
/// How long a request waits for a connection.
const WAIT: Duration = Duration::from_secs(2);
/// How long connecting may take, including TLS and authentication.
const CONNECT: Duration = Duration::from_secs(2);
/// How long a response may take.
const ANSWER: Duration = Duration::from_secs(2);
/// How long no connection is attempted after a failure.
const PAUSE: Duration = Duration::from_millis(500);
/// The same after a timeout, which costs more than a refusal.
const PAUSE_AFTER_TIMEOUT: Duration = Duration::from_secs(5);

pub(super) struct Connections {
    url: Secret,
    ca_file: Option<Box<Path>>,
    pool: Pool<Connection>,
}

impl Connections {
    pub(super) fn new(url: Secret, ca_file: Option<Box<Path>>) -> Self {
        Self { url, ca_file, pool: Pool::new(CONNECTIONS_MAX, WAIT) }
    }

    /// Runs a command. It runs again on a new connection if an old one turns out to be dead, as after a restart of the
    /// storage. So a count may be doubled, and a taken value may be lost: both are safe.
    pub(super) fn run<T>(
        &self,
        job: impl Fn(&mut Connection) -> RedisResult<T>,
    ) -> Result<T, StorageError> {
        let place = self.pool.place().map_err(|none| match none {
            NoPlace::Busy => StorageError::Busy,
            NoPlace::Unavailable(reason) => StorageError::Unavailable(reason),
        })?;
        if let Some(mut connection) = place.idle() {
            match job(&mut connection) {
                Err(error) if is_dead(&error) && !error.is_timeout() => place.drop_idle(),
                result => return settle(&place, connection, result),
            }
        }
        match self.connect() {
            Ok(mut connection) => {
                let result = job(&mut connection);
                settle(&place, connection, result)
            }
            Err(error) => Err(lost(&place, &error)),
        }
    }

    fn connect(&self) -> RedisResult<Connection> {
        let client = match &self.ca_file {
            Some(file) => {
                let root_cert = Some(files::read(file, files::CERTIFICATES_BYTES_MAX)?);
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
}

/// Returns a usable connection to the pool.
fn settle<T>(
    place: &PoolSlot<'_, Connection>,
    connection: Connection,
    result: RedisResult<T>,
) -> Result<T, StorageError> {
    match result {
        Err(error) if is_dead(&error) => Err(lost(place, &error)),
        result => {
            place.keep(connection);
            result.map_err(|error| refusal(&error))
        }
    }
}

fn lost(place: &PoolSlot<'_, Connection>, error: &RedisError) -> StorageError {
    let reason = reason(error);
    let pause = if error.is_timeout() { PAUSE_AFTER_TIMEOUT } else { PAUSE };
    place.mark_unreachable(reason.clone(), pause);
    StorageError::Unavailable(reason)
}

/// Whether the connection cannot be used any more.
fn is_dead(error: &RedisError) -> bool {
    error.is_io_error() || error.is_unrecoverable_error()
}

/// An error response of the storage: "still loading" must not be taken for "no such session".
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

/// The error message, which contains neither URL nor key.
fn reason(error: &RedisError) -> String {
    error.to_string()
}
