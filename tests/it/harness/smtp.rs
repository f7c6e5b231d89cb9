//! A mail server on this machine: STARTTLS, a sign-in, and bad manners on demand.

use std::collections::HashMap;
use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rustls::ServerConfig;
use rustls::ServerConnection;
use rustls::StreamOwned;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;

pub(crate) const USERNAME: &str = "sender";
pub(crate) const PASSWORD: &str = "the password of the sender";

/// How the server behaves to the next messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// It takes them.
    Fine,
    /// It wants none of them, ever.
    Refuses,
    /// It wants none of them now.
    IsBusy,
    /// It hangs up in the middle of a message.
    DiesInTheMiddle,
    /// It takes its time for every answer.
    IsSlow(Duration),
    /// It lets nobody sign in.
    DeniesSignIn,
}

impl Manner {
    fn to_recipient(self) -> &'static str {
        match self {
            Self::Refuses => "550 nobody of that name\r\n",
            Self::IsBusy => "451 later\r\n",
            _ => "250 fine\r\n",
        }
    }
}

/// A message that was taken.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) data: String,
    pub(crate) was_encrypted: bool,
}

/// A mail server; it ends with the process.
pub(crate) struct SmtpServer {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    manner: Mutex<Manner>,
    received: Mutex<Vec<Received>>,
    connections: Mutex<usize>,
    tls: Arc<ServerConfig>,
}

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tls").join(name)
}

/// The authority that signed the server's certificate.
pub(crate) fn authority() -> PathBuf {
    fixture("ca.pem")
}

impl SmtpServer {
    pub(crate) fn start() -> Self {
        Self::start_at(TcpListener::bind("127.0.0.1:0").unwrap())
    }

    /// One that is encrypted from the first byte.
    pub(crate) fn start_encrypted() -> Self {
        Self::start_with(TcpListener::bind("127.0.0.1:0").unwrap(), true)
    }

    pub(crate) fn start_at(listener: TcpListener) -> Self {
        Self::start_with(listener, false)
    }

    fn start_with(listener: TcpListener, is_encrypted: bool) -> Self {
        let certificate = CertificateDer::from_pem_file(fixture("localhost.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_file(fixture("localhost.key")).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let shared = Arc::new(Shared {
            manner: Mutex::new(Manner::Fine),
            received: Mutex::default(),
            connections: Mutex::default(),
            tls: Arc::new(tls),
        });
        let address = listener.local_addr().unwrap();
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                *lock(&accepting.connections) += 1;
                let shared = Arc::clone(&accepting);
                // A client that hangs up ends its session and nothing else.
                thread::spawn(move || {
                    drop(Session { shared: &shared, tls: is_encrypted }.run(stream));
                });
            }
        });
        Self { address, shared }
    }

    pub(crate) fn behave(&self, manner: Manner) {
        *lock(&self.shared.manner) = manner;
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        lock(&self.shared.received).clone()
    }

    pub(crate) fn connections(&self) -> usize {
        *lock(&self.shared.connections)
    }

    /// How often each address was written to.
    pub(crate) fn counts(&self) -> HashMap<String, usize> {
        let mut counts = HashMap::new();
        for received in self.received() {
            *counts.entry(received.to).or_default() += 1;
        }
        counts
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap()
}

struct Session<'a> {
    shared: &'a Shared,
    tls: bool,
}

/// What a session goes on as.
enum Next {
    Over,
    Encrypted,
}

impl Session<'_> {
    fn run(mut self, stream: TcpStream) -> std::io::Result<()> {
        stream.set_nodelay(true)?;
        let connection = ServerConnection::new(Arc::clone(&self.shared.tls)).unwrap();
        let mut plain = BufReader::new(stream);
        let greets = self.tls;
        if !self.tls && matches!(self.talk(&mut plain, true)?, Next::Over) {
            return Ok(());
        }
        self.tls = true;
        let encrypted = StreamOwned::new(connection, plain.into_inner());
        self.talk(&mut BufReader::new(encrypted), greets).map(drop)
    }

    fn talk<S: Read + Write>(
        &self,
        stream: &mut BufReader<S>,
        greets: bool,
    ) -> std::io::Result<Next> {
        let say = |stream: &mut BufReader<S>, text: &str| -> std::io::Result<()> {
            if let Manner::IsSlow(span) = *lock(&self.shared.manner) {
                thread::park_timeout(span);
            }
            stream.get_mut().write_all(text.as_bytes())?;
            stream.get_mut().flush()
        };
        if greets {
            say(stream, "220 localhost ready\r\n")?;
        }
        let (mut is_signed_in, mut from, mut to) = (false, String::new(), String::new());
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line)? == 0 {
                return Ok(Next::Over);
            }
            let line = line.trim_end();
            let verb = line.split(' ').next().unwrap_or_default().to_ascii_uppercase();
            let manner = *lock(&self.shared.manner);
            match verb.as_str() {
                "EHLO" if self.tls => say(stream, "250-localhost\r\n250 AUTH PLAIN\r\n")?,
                "EHLO" => say(stream, "250-localhost\r\n250 STARTTLS\r\n")?,
                "STARTTLS" => {
                    say(stream, "220 go on\r\n")?;
                    return Ok(Next::Encrypted);
                }
                "AUTH" => {
                    let expected = BASE64_STANDARD.encode(format!("\0{USERNAME}\0{PASSWORD}"));
                    is_signed_in = manner != Manner::DeniesSignIn
                        && line.split(' ').nth(2) == Some(expected.as_str());
                    let answer = if is_signed_in { "235 welcome" } else { "535 who are you" };
                    say(stream, &format!("{answer}\r\n"))?;
                }
                "MAIL" if !is_signed_in => say(stream, "530 sign in first\r\n")?,
                "MAIL" => {
                    from = between(line);
                    say(stream, "250 fine\r\n")?;
                }
                "RCPT" => {
                    to = between(line);
                    say(stream, manner.to_recipient())?;
                }
                "DATA" => {
                    say(stream, "354 go on\r\n")?;
                    if manner == Manner::DiesInTheMiddle {
                        let mut line = String::new();
                        stream.read_line(&mut line)?;
                        return Ok(Next::Over);
                    }
                    let data = read_data(stream)?;
                    let received = Received {
                        from: from.clone(),
                        to: to.clone(),
                        data,
                        was_encrypted: self.tls,
                    };
                    lock(&self.shared.received).push(received);
                    say(stream, "250 taken\r\n")?;
                }
                "QUIT" => {
                    say(stream, "221 bye\r\n")?;
                    return Ok(Next::Over);
                }
                "NOOP" | "RSET" => say(stream, "250 fine\r\n")?,
                _ => say(stream, "502 what\r\n")?,
            }
        }
    }
}

fn between(line: &str) -> String {
    let inner = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map(|(inner, _)| inner.to_owned()).unwrap_or_default()
}

fn read_data<S: Read>(stream: &mut BufReader<S>) -> std::io::Result<String> {
    let mut data = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == ".\r\n" {
            return Ok(data);
        }
        data.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
