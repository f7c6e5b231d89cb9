//! `serve`: a listening socket, an engine, and an orderly end.
//!
//! An engine turns sockets into calls of [`BetterAuth::handle`] and nothing else. Two exist: hyper,
//! the default, and `tiny_http`, small and without a runtime, for loopback only.

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

/// Connections that the system takes for us before we do.
const BACKLOG: i32 = 4096;

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
    /// What clients may take, such as `server.limits` of a configuration.
    pub limits: Limits,
    /// A listener of its own for metrics and health, such as `server.admin` of a configuration; there is
    /// none without a port.
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
    /// Nobody can listen there for metrics and health.
    Admin(SocketAddr, io::Error),
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
            Self::Admin(at, error) => {
                write!(f, "cannot listen on {at} for metrics and health: {error}")
            }
            Self::Io(at, error) => write!(f, "cannot listen on {at}: {error}"),
        }
    }
}

impl std::error::Error for ServeError {}

/// A server that listens already and does not answer yet.
pub struct Server {
    auth: Arc<BetterAuth>,
    options: ServeOptions,
    listener: TcpListener,
    address: SocketAddr,
    admin: Option<(TcpListener, SocketAddr)>,
}

impl Server {
    /// Listens as these options say.
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

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it listens for those who ask for metrics and health.
    pub fn admin_address(&self) -> Option<SocketAddr> {
        self.admin.as_ref().map(|(_, address)| *address)
    }

    /// Serves until it is told to stop, then finishes what runs. It raises the number of files that this
    /// process may open as far as `limits.connections` asks for it and the system allows.
    ///
    /// # Errors
    /// [`ServeError`] when the system does not let it go on.
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
        // The engine may have ended by itself; the worker is told, too.
        stop.stop();
        worker.join(drain_time);
        // Until here somebody may want to know how the end goes on.
        if let Some(admin) = admin {
            admin.stop();
        }
        result.map_err(failed)
    }
}

/// Listens and serves until it is told to stop, then finishes what runs. `ready` is called once with the
/// address that is listened on.
///
/// # Errors
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
    // Of those who come all at once nobody has to knock again after a second.
    SockRef::from(&listener).listen(BACKLOG)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

fn resolve(host: &str, port: u16) -> Result<SocketAddr, ServeError> {
    let unknown = |error| ServeError::UnknownHost(host.to_owned(), error);
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let addresses: Vec<SocketAddr> = (name, port).to_socket_addrs().map_err(unknown)?.collect();
    // Of a name's several addresses the IPv4 one is what people mean by "localhost:3000".
    let found = addresses.iter().find(|address| address.is_ipv4()).or(addresses.first());
    found.copied().ok_or_else(|| unknown(io::ErrorKind::NotFound.into()))
}

/// Whether a request is meant for a server like this one. A target such as `http://other/path` or `*` asks for a proxy.
/// Exactly one `Host` line names the server, and HTTP/1.0 alone may do without it [RFC 9112 3.2].
fn is_addressed(head: &Parts) -> bool {
    let mut hosts = head.headers.get_all(header::HOST).iter();
    let names_a_host = match (hosts.next(), hosts.next()) {
        (Some(host), None) => is_host(host.as_bytes()),
        (None, None) => head.version == Version::HTTP_10,
        (_, Some(_)) => false,
    };
    names_a_host && head.uri.authority().is_none() && head.uri.path().starts_with('/')
}

/// Whether this is a host, with or without a port, or nothing, which stands for a target without one [RFC 9110 7.2].
fn is_host(text: &[u8]) -> bool {
    let is_plain = |host: Authority| !host.as_str().contains('@');
    text.is_empty() || Authority::try_from(text).is_ok_and(is_plain)
}

#[cfg(test)]
mod tests;
