//! `serve`: a listening socket, an engine, and an orderly end.
//!
//! An engine turns sockets into calls of [`BetterAuth::handle`] and nothing else. Two exist: hyper,
//! the default, and `tiny_http`, small and without a runtime, for loopback only.

mod hyper;
mod log;
pub mod signals;
mod stop;
mod tiny_http;
mod worker;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::net::ToSocketAddrs as _;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::sync::Arc;
use std::time::Duration;

use ::http::Request;
use ::http::Response;
use bytes::Bytes;

use crate::auth::BetterAuth;
use crate::error::codes;
use crate::http::Peer;

pub use stop::Stop;

use worker::Worker;

/// Who owns the sockets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Engine {
    /// Deadlines, limits, and many connections on few threads.
    #[default]
    Hyper,
    /// No runtime and a thread per connection; has no read deadline, so it serves loopback only.
    TinyHttp,
}

/// Where and how to serve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServeOptions {
    /// Name or address to listen on.
    pub host: String,
    /// Port to listen on; 0 takes any that is free.
    pub port: u16,
    /// Who owns the sockets.
    pub engine: Engine,
    /// What a client may take.
    pub limits: Limits,
}

impl Default for ServeOptions {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 3000,
            engine: Engine::default(),
            limits: Limits::default(),
        }
    }
}

/// What a client may take. `tiny_http` knows only the size of bodies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Connections at once; more wait to be accepted.
    pub connections_max: usize,
    /// Bytes of a request's head.
    pub header_bytes_max: usize,
    /// For a request's head to arrive, and for the next one to begin.
    pub header_time: Duration,
    /// Bytes of a request's body.
    pub body_bytes_max: usize,
    /// For a request's body to arrive.
    pub body_time: Duration,
    /// For running requests to end once the server stops.
    pub drain_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // Below the 1024 descriptors that a process usually has: the database needs some too.
            connections_max: 896,
            header_bytes_max: 32 * 1024,
            header_time: Duration::from_secs(30),
            body_bytes_max: 1024 * 1024,
            body_time: Duration::from_secs(30),
            drain_time: Duration::from_secs(30),
        }
    }
}

/// Why a server did not start, or did not go on.
#[derive(Debug)]
#[non_exhaustive]
pub enum ServeError {
    /// The host's name leads nowhere.
    UnknownHost(String, io::Error),
    /// Another program listens there.
    InUse(SocketAddr),
    /// The system does not let this user listen there.
    NotAllowed(SocketAddr),
    /// `tiny_http` was asked to serve other machines.
    NotLoopback(SocketAddr),
    /// Anything else that the system answers.
    Io(SocketAddr, io::Error),
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownHost(host, error) => write!(f, "{host} is no address here: {error}"),
            Self::InUse(at) => {
                write!(f, "{at} is in use by another program; choose another port with --port")
            }
            Self::NotAllowed(at) => {
                write!(f, "this user may not listen on {at}; choose a port above 1023 with --port")
            }
            Self::NotLoopback(at) => write!(
                f,
                "the tiny-http engine has no read deadlines and serves this machine only, not {at}; \
                 use --host 127.0.0.1 or the hyper engine"
            ),
            Self::Io(at, error) => write!(f, "cannot listen on {at}: {error}"),
        }
    }
}

impl std::error::Error for ServeError {}

/// Serves until it is told to stop, then finishes what runs. `ready` is called once with the address
/// that is listened on.
///
/// # Errors
/// [`ServeError`]; nothing was served then.
pub fn serve(
    auth: Arc<BetterAuth>,
    options: &ServeOptions,
    stop: &Stop,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), ServeError> {
    let wanted = resolve(options)?;
    if options.engine == Engine::TinyHttp && !wanted.ip().is_loopback() {
        return Err(ServeError::NotLoopback(wanted));
    }
    let listener = TcpListener::bind(wanted).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => ServeError::InUse(wanted),
        io::ErrorKind::PermissionDenied => ServeError::NotAllowed(wanted),
        _ => ServeError::Io(wanted, error),
    })?;
    let failed = |error| ServeError::Io(wanted, error);
    let worker = Worker::start(&auth, stop).map_err(failed)?;
    ready(listener.local_addr().map_err(failed)?);
    let result = match options.engine {
        Engine::Hyper => hyper::run(auth, listener, &options.limits, stop),
        Engine::TinyHttp => tiny_http::run(auth, listener, &options.limits, stop),
    };
    // The engine may have ended by itself; the worker is told, too.
    stop.stop();
    worker.join(options.limits.drain_time);
    result.map_err(failed)
}

fn resolve(options: &ServeOptions) -> Result<SocketAddr, ServeError> {
    let host = options.host.trim_start_matches('[').trim_end_matches(']');
    let unknown = |error| ServeError::UnknownHost(options.host.clone(), error);
    let addresses: Vec<SocketAddr> =
        (host, options.port).to_socket_addrs().map_err(unknown)?.collect();
    // Of a name's several addresses the IPv4 one is what people mean by "localhost:3000".
    let found = addresses.iter().find(|address| address.is_ipv4()).or(addresses.first());
    found.copied().ok_or_else(|| unknown(io::ErrorKind::NotFound.into()))
}

/// Answers a request and writes it down; a panic in a handler is an answer too.
fn answer(auth: &BetterAuth, request: Request<Bytes>, peer: Peer) -> Response<Bytes> {
    let entry = log::begin(auth, &request);
    let handled = catch_unwind(AssertUnwindSafe(|| auth.handle(request, peer)));
    let response = handled.unwrap_or_else(|_| auth.refuse(&codes::INTERNAL_SERVER_ERROR.into()));
    entry.end(response.status());
    response
}

/// A target such as `http://other/path` or `*` asks for a proxy, which this is not.
fn is_origin_form(target: &::http::Uri) -> bool {
    target.authority().is_none() && target.path().starts_with('/')
}

#[cfg(test)]
mod tests;
