//! A contender that serves, as a process that ends with its handle.

use std::ffi::OsStr;
use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Read;
use std::io::Write as _;
use std::net::SocketAddr;
use std::net::TcpStream;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::mpsc;
use std::sync::mpsc::Sender;
use std::thread;

use serde_json::json;

use crate::Result;
use crate::bench;
use crate::bench::Bench;
use crate::fixture;

/// The release that is the measure.
pub(crate) const UPSTREAM: &str = "1.7.25";

/// A running server.
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Ours, with this engine, on this database.
    pub(crate) fn ours(engine: &str, database: impl AsRef<OsStr>) -> Result<Self> {
        let mut command = Command::new(Bench::program());
        command.args(["serve", "--port", "0", "--engine", engine, "--database"]).arg(database);
        Self::start(&mut command)
    }

    /// The real Better Auth on Node and better-sqlite3, on this database.
    pub(crate) fn upstream(database: &Path) -> Result<Self> {
        Self::start(&mut upstream(database.as_os_str()))
    }

    /// The same with `pg`, on the PostgreSQL at this URL.
    pub(crate) fn upstream_on_postgres(url: &str) -> Result<Self> {
        let options = json!({"database": {"url": url}});
        let mut command = upstream(OsStr::new("postgresql"));
        Self::start(command.env("ORACLE_OPTIONS", options.to_string()))
    }

    /// A server of this program's own.
    pub(crate) fn bare(kind: &str, argument: &str) -> Result<Self> {
        Self::start(Command::new(std::env::current_exe()?).args(["serve", kind, argument]))
    }

    /// Whatever it is, it says in one line where it listens.
    fn start(command: &mut Command) -> Result<Self> {
        command.env("BETTER_AUTH_SECRET", fixture::SECRET);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| format!("{command:?}: {error}"))?;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let (send, port) = mpsc::channel();
        let (stdout, stderr) = (stdout.ok_or("no output")?, stderr.ok_or("no output")?);
        listen(stdout, send.clone());
        listen(stderr, send);
        let mut server = Self { child, address: SocketAddr::from(([127, 0, 0, 1], 0)) };
        let mut last_words = String::new();
        for heard in port {
            match heard {
                Ok(port) => {
                    server.address.set_port(port);
                    return Ok(server);
                }
                Err(said) => last_words.push_str(&said),
            }
        }
        Err(format!("{command:?} ended: {last_words}").into())
    }

    /// Its number.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Bytes of a whole answer, head included, after looking that it is what it should be.
    pub(crate) fn check(&self, path: &str, cookie: &str, expected: &str) -> Result<usize> {
        let mut stream = TcpStream::connect(self.address)?;
        let host = self.address;
        let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\ncookie: {cookie}\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let mut answer = Vec::new();
        let mut part = [0; 4096];
        loop {
            let text = String::from_utf8_lossy(&answer);
            if let Some((head, body)) = text.split_once("\r\n\r\n")
                && body.len() >= content_length(head)
            {
                let is_right = head.starts_with("HTTP/1.1 200") && body.contains(expected);
                return if is_right { Ok(answer.len()) } else { Err(text.into()) };
            }
            let read = stream.read(&mut part)?;
            if read == 0 {
                return Err(format!("the answer breaks off: {text}").into());
            }
            answer.extend(part.iter().take(read));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn upstream(database: &OsStr) -> Command {
    let mut command = Command::new("node");
    command.current_dir(bench::upstream()).args(["oracle.mjs", UPSTREAM]).arg(database);
    command.args([fixture::SECRET, "serve", "0"]).env("NODE_ENV", "production");
    command
}

/// Hears what a server says, to its end, so that one that says much is never held up: the port, or everything else
/// once it has ended.
fn listen(output: impl Read + Send + 'static, send: Sender<std::result::Result<u16, String>>) {
    thread::spawn(move || {
        let mut said = String::new();
        for line in BufReader::new(output).lines().map_while(std::result::Result::ok) {
            match port_in(&line) {
                Some(port) => drop(send.send(Ok(port))),
                None => said.extend([line.as_str(), "\n"]),
            }
        }
        drop(send.send(Err(said)));
    });
}

fn content_length(head: &str) -> usize {
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    let found = lines.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    found.and_then(|(_, value)| value.parse().ok()).unwrap_or_default()
}

/// `listening on http://127.0.0.1:3000/api/auth`, or `{"port":3000}`.
fn port_in(line: &str) -> Option<u16> {
    let (_, rest) = line.split_once("127.0.0.1:").or_else(|| line.split_once("\"port\":"))?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}
