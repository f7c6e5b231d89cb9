//! `serve`: a listening socket, an engine, and a graceful shutdown.
//!
//! An engine translates between sockets and [`BetterAuth::handle`]. There are two: hyper, the
//! default, and `tiny_http`, small and without an async runtime, for loopback only.

mod admin;
mod connections;
mod descriptors;
mod front;
mod gate;
mod hyper;
mod in_line;
mod log;
mod metrics;
mod patience;
mod probe;
mod recurring;
mod request_queue;
pub mod signals;
mod stop;
mod tiny_http;
mod wire;
mod worker;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::net::ToSocketAddrs as _;
use std::sync::Arc;

use ::http::Version;
use ::http::header;
use ::http::request::Parts;
use ::http::uri::Authority;
use socket2::SockRef;

use crate::auth::BetterAuth;
use crate::config;
use crate::config::Limits;

pub use stop::Stop;

use admin::Admin;
use connections::Connections;
use front::Service;
use worker::Worker;

/// The backlog of connections that the system accepts for us.
const BACKLOG: i32 = 4096;

/// The HTTP engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Engine {
    /// Deadlines, limits, and many connections on few threads.
    #[default]
    Hyper,
    /// No async runtime, a thread per connection, and no read deadlines, so for loopback only.
    TinyHttp,
}

/// The options of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServeOptions {
    /// Host name or address to listen on.
    pub host: String,
    /// Port to listen on; 0 selects a free port.
    pub port: u16,
    /// The HTTP engine.
    pub engine: Engine,
    /// The limits of clients, such as `server.limits` of a configuration.
    pub limits: Limits,
    /// A separate listener for metrics and health, such as `server.admin` of a configuration;
    /// disabled without a port.
    pub admin: config::Admin,
}

impl Default for ServeOptions {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 3000,
            engine: Engine::default(),
            limits: Limits::default(),
            admin: config::Admin::default(),
        }
    }
}

/// Why a server could not start or continue.
#[derive(Debug)]
#[non_exhaustive]
pub enum ServeError {
    /// The host name cannot be resolved.
    UnknownHost(String, io::Error),
    /// The address is in use.
    InUse(SocketAddr),
    /// The user may not listen on this address.
    NotAllowed(SocketAddr),
    /// `tiny_http` was asked to serve other machines.
    NotLoopback(SocketAddr),
    /// The listener for metrics and health cannot start.
    Admin(SocketAddr, io::Error),
    /// Any other error of the system.
    Io(SocketAddr, io::Error),
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownHost(host, error) => write!(f, "cannot resolve {host}: {error}"),
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
            Self::Admin(at, error) => {
                write!(f, "cannot listen on {at} for metrics and health: {error}")
            }
            Self::Io(at, error) => write!(f, "cannot listen on {at}: {error}"),
        }
    }
}

impl std::error::Error for ServeError {}

/// A server that listens but does not answer yet.
pub struct Server {
    auth: Arc<BetterAuth>,
    options: ServeOptions,
    listener: TcpListener,
    address: SocketAddr,
    admin: Option<(TcpListener, SocketAddr)>,
}

impl Server {
    /// Binds the listeners.
    ///
    /// # Errors
    /// [`ServeError`]
    pub fn bind(auth: Arc<BetterAuth>, options: &ServeOptions) -> Result<Self, ServeError> {
        let wanted = resolve(&options.host, options.port)?;
        if options.engine == Engine::TinyHttp && !wanted.ip().is_loopback() {
            return Err(ServeError::NotLoopback(wanted));
        }
        let (listener, address) = listen(wanted).map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => ServeError::InUse(wanted),
            io::ErrorKind::PermissionDenied => ServeError::NotAllowed(wanted),
            _ => ServeError::Io(wanted, error),
        })?;
        let admin = match options.admin.port {
            Some(port) => {
                let wanted = resolve(&options.admin.host, port)?;
                Some(listen(wanted).map_err(|error| ServeError::Admin(wanted, error))?)
            }
            None => None,
        };
        Ok(Self { auth, options: options.clone(), listener, address, admin })
    }

    /// The address of the server.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of the listener for metrics and health.
    pub fn admin_address(&self) -> Option<SocketAddr> {
        self.admin.as_ref().map(|(_, address)| *address)
    }

    /// Serves until it is stopped, then finishes running requests. Raises the limit of open files
    /// of this process as far as `limits.connections` requires and the system allows.
    ///
    /// # Errors
    /// [`ServeError`] if the system does not allow it to continue.
    pub fn run(self, stop: &Stop) -> Result<(), ServeError> {
        let failed = |error| ServeError::Io(self.address, error);
        let (engine, limits) = (self.options.engine, self.options.limits);
        let connections = (engine == Engine::Hyper).then(|| {
            let max = descriptors::connections_max(&limits);
            let share = limits.connections_per_address.unwrap_or((max / 2).max(1));
            Arc::new(Connections::new(max, share))
        });
        let drain_time = limits.drain_time;
        let front = Arc::new(Service::new(Arc::clone(&self.auth), limits, connections.clone()));
        let admin = self.admin.map(|(listener, _)| Admin::start(&front, listener));
        let admin = admin.transpose().map_err(failed)?;
        let worker = Worker::start(&self.auth, stop).map_err(failed)?;
        let result = match connections {
            Some(connections) => hyper::run(&front, &connections, self.listener, stop),
            None => tiny_http::run(&front, self.listener, stop),
        };
        // The engine may have ended by itself; this also stops the worker.
        stop.stop();
        worker.join(drain_time);
        // Metrics and health remain available until this point.
        if let Some(admin) = admin {
            admin.stop();
        }
        result.map_err(failed)
    }
}

/// Binds and serves until it is stopped, then finishes running requests. Calls `ready` once with
/// the address.
///
/// [`ServeError`] if the server could not start.
/// [`ServeError`]; nothing was served then.
pub fn serve(
    auth: Arc<BetterAuth>,
    options: &ServeOptions,
    stop: &Stop,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), ServeError> {
    let server = Server::bind(auth, options)?;
    ready(server.address());
    server.run(stop)
}

fn listen(at: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(at)?;
    // A large backlog, so that a burst of connections does not have to retry after a second.
    SockRef::from(&listener).listen(BACKLOG)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

fn resolve(host: &str, port: u16) -> Result<SocketAddr, ServeError> {
    let unknown = |error| ServeError::UnknownHost(host.to_owned(), error);
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let addresses: Vec<SocketAddr> = (name, port).to_socket_addrs().map_err(unknown)?.collect();
    // If a name has several addresses, prefer IPv4: it is what "localhost:3000" usually means.
    let found = addresses.iter().find(|address| address.is_ipv4()).or(addresses.first());
    found.copied().ok_or_else(|| unknown(io::ErrorKind::NotFound.into()))
}

/// Whether a request is addressed to an origin server. A target such as `http://other/path` or `*`
/// is for proxies. Exactly one `Host` header names the server; only HTTP/1.0 may omit it [RFC 9112
/// 3.2].
fn is_addressed(head: &Parts) -> bool {
    let mut hosts = head.headers.get_all(header::HOST).iter();
    let names_a_host = match (hosts.next(), hosts.next()) {
        (Some(host), None) => is_host(host.as_bytes()),
        (None, None) => head.version == Version::HTTP_10,
        (_, Some(_)) => false,
    };
    names_a_host && head.uri.authority().is_none() && head.uri.path().starts_with('/')
}

/// Whether this is a host with an optional port, or empty for a target without a host [RFC 9110
/// 7.2].
fn is_host(text: &[u8]) -> bool {
    let is_plain = |host: Authority| !host.as_str().contains('@');
    text.is_empty() || Authority::try_from(text).is_ok_and(is_plain)
}

#[cfg(test)]
mod tests;
