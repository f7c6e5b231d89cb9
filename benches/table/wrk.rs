//! Load from `wrk`, on connections that stay open, with requests that a Lua script makes.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;

use crate::Result;
use crate::bench::Bench;

/// What the clients ask for; the file beside it holds what differs from one request to the next.
#[derive(Clone)]
pub(crate) struct Script {
    script: PathBuf,
    lines: PathBuf,
}

/// What one run of `wrk` came to.
pub(crate) struct Outcome {
    /// Answers in a second.
    pub(crate) rate: f64,
    /// Microseconds that 99 of 100 answers took at most.
    pub(crate) p99: f64,
    /// Bytes of an answer on average.
    pub(crate) bytes: f64,
}

impl Script {
    /// A session, another one at each request.
    pub(crate) fn sessions(bench: &Bench, cookies: &[String]) -> Result<Self> {
        Self::new(bench, "sessions", include_str!("lua/sessions.lua"), cookies)
    }

    /// A sign-in, as somebody else at each request.
    pub(crate) fn sign_in(bench: &Bench, addresses: &[String]) -> Result<Self> {
        Self::new(bench, "sign-in", include_str!("lua/sign_in.lua"), addresses)
    }

    /// A sign-in and the sign-out that belongs to it, in turns.
    pub(crate) fn in_and_out(bench: &Bench, addresses: &[String]) -> Result<Self> {
        Self::new(bench, "in-and-out", include_str!("lua/in_and_out.lua"), addresses)
    }

    fn new(bench: &Bench, name: &str, text: &str, lines: &[String]) -> Result<Self> {
        let of = |extension| bench.work.join(format!("{name}.{extension}"));
        let (script, list) = (of("lua"), of("txt"));
        fs::write(&script, format!("{text}{}", include_str!("lua/done.lua")))?;
        fs::write(&list, lines.join("\n"))?;
        Ok(Self { script, lines: list })
    }

    /// Sends for so long on so many connections.
    pub(crate) fn run(&self, at: SocketAddr, connections: u32, seconds: u32) -> Result<Outcome> {
        Running(self.start(at, connections, seconds)?).end()
    }

    /// The same, beside what the caller does meanwhile.
    pub(crate) fn begin(&self, at: SocketAddr, connections: u32, seconds: u32) -> Result<Running> {
        Ok(Running(self.start(at, connections, seconds)?))
    }

    fn start(&self, at: SocketAddr, connections: u32, seconds: u32) -> Result<Child> {
        let mut command = Command::new("wrk");
        // A sign-in waits its turn; how long is what some rows are about.
        command
            .args(["-t1", "--timeout", "30s"])
            .arg(format!("-c{connections}"))
            .arg(format!("-d{seconds}s"));
        command.args([Path::new("-s"), &self.script]).arg(format!("http://{at}"));
        command.arg("--").arg(&self.lines);
        Ok(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?)
    }
}

/// A `wrk` that is at work.
pub(crate) struct Running(Child);

impl Running {
    /// Waits for its end.
    pub(crate) fn end(self) -> Result<Outcome> {
        let output = self.0.wait_with_output()?;
        let said = String::from_utf8_lossy(&output.stdout);
        let line = said.lines().find_map(|line| line.strip_prefix("RESULT "));
        let numbers: Vec<f64> = line
            .unwrap_or_default()
            .split(' ')
            .map(str::parse)
            .collect::<std::result::Result<_, _>>()
            .map_err(|_| format!("wrk: {said}{}", String::from_utf8_lossy(&output.stderr)))?;
        let &[requests, microseconds, p99, bytes, errors] = numbers.as_slice() else {
            return Err(format!("wrk: {said}").into());
        };
        if errors > 0.0 || requests == 0.0 {
            return Err(format!("of {requests} requests {errors} failed: {said}").into());
        }
        let rate = requests / (microseconds / 1e6);
        Ok(Outcome { rate, p99, bytes: bytes / requests })
    }
}
