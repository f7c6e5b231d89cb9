//! Opens connections: the hosts, their order, and socket options.

use std::io;
use std::net::IpAddr;
use std::net::SocketAddr;
use std::net::ToSocketAddrs as _;
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use rand::seq::SliceRandom as _;
use socket2::SockAddr;
use socket2::Socket;
use socket2::TcpKeepalive;
use socket2::Type;
use tokio_postgres::Client;
use tokio_postgres::Config;
use tokio_postgres::SimpleQueryMessage;
use tokio_postgres::config::Host;
use tokio_postgres::config::LoadBalanceHosts;
use tokio_postgres::config::TargetSessionAttrs;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::config::SearchPath;
use crate::database::DatabaseError;
use crate::database::postgres::error::may_pass;
use crate::database::postgres::error::meaning;
use crate::database::postgres::line::DriverIo;
use crate::database::postgres::line::Line;

/// The default port.
const PORT: u16 = 5432;

/// How connections are opened.
pub(super) struct ConnectOptions {
    pub(super) driver: Config,
    pub(super) tls: MakeRustlsConnect,
    pub(super) keeps_statements: bool,
    /// To set in every transaction, where the connection cannot keep it.
    pub(super) search_path: Option<SearchPath>,
    pub(super) connect: Duration,
    pub(super) statement: Duration,
}

/// Why no connection was opened.
pub(super) struct NotOpened {
    pub(super) error: DatabaseError,
    /// Whether this may be temporary, as when the server does not respond yet; a wrong password is not.
    pub(super) may_pass: bool,
}

impl NotOpened {
    pub(super) fn for_good(error: DatabaseError) -> Self {
        Self { error, may_pass: false }
    }

    fn for_now(error: DatabaseError) -> Self {
        Self { error, may_pass: true }
    }
}

impl From<tokio_postgres::Error> for NotOpened {
    fn from(error: tokio_postgres::Error) -> Self {
        Self { may_pass: may_pass(&error), error: meaning(&error) }
    }
}

/// The socket failed, or the server has the wrong role.
impl From<io::Error> for NotOpened {
    fn from(error: io::Error) -> Self {
        let reason = format!("error connecting to server: {error}");
        Self::for_now(DatabaseError::Unavailable(reason))
    }
}

/// A server of the URL.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Server {
    /// The name that its certificate must contain.
    name: String,
    target: Target,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Target {
    Tcp(String, u16),
    Unix(PathBuf),
}

impl ConnectOptions {
    /// Connects to the first suitable server.
    pub(super) fn open(&self) -> Result<(Client, Line), NotOpened> {
        let until = Instant::now() + self.connect;
        let unusable = |reason| NotOpened::for_good(DatabaseError::Unavailable(reason));
        let mut why = unusable("its URL names no host".to_owned());
        for server in servers(&self.driver).map_err(unusable)? {
            let addresses = match self.addresses(&server.target, until) {
                Ok(addresses) => addresses,
                Err(error) => {
                    why = error.into();
                    continue;
                }
            };
            for address in addresses {
                match self.open_at(&server.name, &address, until) {
                    Ok(opened) => return Ok(opened),
                    Err(error) => why = error,
                }
            }
        }
        Err(why)
    }

    fn open_at(
        &self,
        name: &str,
        address: &SockAddr,
        until: Instant,
    ) -> Result<(Client, Line), NotOpened> {
        let socket = self.socket(address, left(until))?;
        let mut line = Line::new(socket, self.statement)?;
        let mut tls = self.tls.clone();
        let tls = MakeTlsConnect::<DriverIo>::make_tls_connect(&mut tls, name)
            .map_err(|error| NotOpened::for_good(DatabaseError::Other(error.to_string())))?;
        let connecting = self.driver.connect_raw(line.end(), tls);
        let connected = line.wait(connecting, Some(left(until)));
        let (client, connection) =
            connected.ok_or_else(|| NotOpened::for_now(timed_out(self.connect)))??;
        line.carry(Box::pin(connection));
        self.check_session(&client, &mut line, until)?;
        Ok((client, line))
    }

    /// `target_session_attrs`
    fn check_session(
        &self,
        client: &Client,
        line: &mut Line,
        until: Instant,
    ) -> Result<(), NotOpened> {
        let (wrong, why) = match self.driver.get_target_session_attrs() {
            TargetSessionAttrs::ReadWrite => ("on", "database does not allow writes"),
            TargetSessionAttrs::ReadOnly => ("off", "database is not read only"),
            _ => return Ok(()),
        };
        let asked = client.simple_query("SHOW transaction_read_only");
        let answer = line.wait(asked, Some(left(until)));
        let answer = answer.ok_or_else(|| NotOpened::for_now(timed_out(self.connect)))??;
        let is_wrong = answer.iter().any(
            |message| matches!(message, SimpleQueryMessage::Row(row) if row.get(0) == Some(wrong)),
        );
        if is_wrong {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, why).into());
        }
        Ok(())
    }

    fn socket(&self, address: &SockAddr, limit: Duration) -> io::Result<Socket> {
        let socket = Socket::new(address.domain(), Type::STREAM, None)?;
        socket.connect_timeout(address, limit)?;
        if address.as_socket().is_none() {
            return Ok(socket);
        }
        socket.set_tcp_nodelay(true)?;
        #[cfg(target_os = "linux")]
        socket.set_tcp_user_timeout(self.driver.get_tcp_user_timeout().copied())?;
        if self.driver.get_keepalives() {
            let keepalive = TcpKeepalive::new().with_time(self.driver.get_keepalives_idle());
            let keepalive = match self.driver.get_keepalives_interval() {
                Some(interval) => keepalive.with_interval(interval),
                None => keepalive,
            };
            let keepalive = match self.driver.get_keepalives_retries() {
                Some(retries) => keepalive.with_retries(retries),
                None => keepalive,
            };
            socket.set_tcp_keepalive(&keepalive)?;
        }
        Ok(socket)
    }

    fn addresses(&self, target: &Target, until: Instant) -> io::Result<Vec<SockAddr>> {
        let (host, port) = match target {
            Target::Unix(path) => return Ok(vec![SockAddr::unix(path)?]),
            Target::Tcp(host, port) => (host, *port),
        };
        let mut addresses = resolve(host, port, left(until))?;
        if self.driver.get_load_balance_hosts() == LoadBalanceHosts::Random {
            addresses.shuffle(&mut rand::rng());
        }
        Ok(addresses.into_iter().map(SockAddr::from).collect())
    }
}

/// The servers of the URL, in the order in which they are tried.
fn servers(driver: &Config) -> Result<Vec<Server>, String> {
    let (hosts, addresses) = (driver.get_hosts(), driver.get_hostaddrs());
    let ports = driver.get_ports();
    let count = hosts.len().max(addresses.len());
    if hosts.len().min(addresses.len()) != 0 && hosts.len() != addresses.len() {
        return Err(format!(
            "its URL has {} hosts, and {} addresses",
            hosts.len(),
            addresses.len()
        ));
    }
    if 1 < ports.len() && ports.len() != count {
        return Err(format!("its URL has {count} hosts, and {} ports", ports.len()));
    }
    let mut servers: Vec<Server> = (0..count)
        .filter_map(|at| {
            let port = ports.get(at).or(ports.first()).copied().unwrap_or(PORT);
            let address = addresses.get(at).map(IpAddr::to_string);
            Some(match hosts.get(at) {
                Some(Host::Tcp(name)) => Server {
                    name: name.clone(),
                    target: Target::Tcp(address.unwrap_or_else(|| name.clone()), port),
                },
                #[cfg(unix)]
                Some(Host::Unix(folder)) if address.is_none() => Server {
                    name: String::new(),
                    target: Target::Unix(folder.join(format!(".s.PGSQL.{port}"))),
                },
                _ => Server { name: String::new(), target: Target::Tcp(address?, port) },
            })
        })
        .collect();
    if driver.get_load_balance_hosts() == LoadBalanceHosts::Random {
        servers.shuffle(&mut rand::rng());
    }
    Ok(servers)
}

/// The system's resolver has no deadline, so it runs on another thread if there is a name to resolve.
fn resolve(host: &str, port: u16, limit: Duration) -> io::Result<Vec<SocketAddr>> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let (send, receive) = mpsc::channel();
    let name = host.to_owned();
    thread::Builder::new().name("resolver".to_owned()).spawn(move || {
        let found = (name.as_str(), port).to_socket_addrs().map(Vec::from_iter);
        // The receiver is gone after a timeout.
        drop(send.send(found));
    })?;
    let found = receive.recv_timeout(limit);
    found.unwrap_or_else(|_| {
        Err(io::Error::new(io::ErrorKind::TimedOut, "its name could not be resolved in time"))
    })
}

fn left(until: Instant) -> Duration {
    // A socket timeout must not be zero.
    until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1))
}

/// The error for a timeout.
pub(super) fn timed_out(limit: Duration) -> DatabaseError {
    DatabaseError::Unavailable(format!("no answer within {} seconds", limit.as_secs()))
}

#[cfg(test)]
mod tests {
    use std::str::FromStr as _;

    use super::*;

    fn of(url: &str) -> Result<Vec<Server>, String> {
        servers(&Config::from_str(url).unwrap())
    }

    fn tcp(name: &str, address: &str, port: u16) -> Server {
        Server { name: name.to_owned(), target: Target::Tcp(address.to_owned(), port) }
    }

    #[test]
    fn servers_are_asked_in_the_order_of_the_url() {
        for (url, expected) in [
            ("postgresql://h/d", vec![tcp("h", "h", 5432)]),
            ("postgresql://a:1,b:2/d", vec![tcp("a", "a", 1), tcp("b", "b", 2)]),
            ("host=a,b port=7", vec![tcp("a", "a", 7), tcp("b", "b", 7)]),
            ("postgresql://h/d?hostaddr=192.0.2.1", vec![tcp("h", "192.0.2.1", 5432)]),
            ("hostaddr=192.0.2.1 port=6", vec![tcp("", "192.0.2.1", 6)]),
        ] {
            assert_eq!(of(url), Ok(expected), "{url}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_is_where_the_socket_is() {
        let target = Target::Unix("/run/pg/.s.PGSQL.5433".into());
        let server = Server { name: String::new(), target };
        assert_eq!(of("postgresql:///d?host=%2Frun%2Fpg&port=5433"), Ok(vec![server]));
    }

    #[test]
    fn a_url_whose_lists_do_not_fit_is_refused() {
        for (url, why) in [
            ("host=a,b,c port=1,2", "its URL has 3 hosts, and 2 ports"),
            ("host=a,b hostaddr=192.0.2.1", "its URL has 2 hosts, and 1 addresses"),
        ] {
            assert_eq!(of(url), Err(why.to_owned()), "{url}");
        }
    }

    #[test]
    fn an_address_needs_no_resolver_and_a_name_has_addresses() {
        let address = resolve("192.0.2.1", 5432, Duration::ZERO).unwrap();
        assert_eq!(address, [SocketAddr::from(([192, 0, 2, 1], 5432))]);
        let addresses = resolve("localhost", 5432, Duration::from_secs(30)).unwrap();
        assert!(!addresses.is_empty() && addresses.iter().all(|one| one.ip().is_loopback()));
    }
}
