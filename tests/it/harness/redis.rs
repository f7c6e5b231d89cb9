//! A Redis of our own on a free port, without a disk: what it holds is gone when it stops.

use std::env;
use std::io;
use std::io::Read as _;
use std::io::Write as _;
use std::net::TcpListener;
use std::net::TcpStream;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::OnceLock;
use std::time::Duration;

use tempfile::TempDir;

use super::patience::ended;
use super::patience::until;

/// How long it may take to answer.
const ANSWERS: Duration = Duration::from_secs(30);
/// Runs it until the input ends, so that it cannot outlive a test that is killed.
const SCRIPT: &str = r#"redis-server "$@" >/dev/null & cat >/dev/null; kill -9 $!; wait"#;

pub(crate) struct Redis {
    child: Option<Child>,
    port: u16,
    options: Vec<String>,
    folder: TempDir,
}

impl Redis {
    /// A new one, or `None` after saying that this machine has none.
    pub(crate) fn start() -> Option<Self> {
        Self::with(&[])
    }

    /// One with more options, as `redis-server` takes them.
    pub(crate) fn with(options: &[&str]) -> Option<Self> {
        if !is_here() {
            return None;
        }
        let mut redis = Self {
            child: None,
            port: TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port(),
            options: options.iter().map(ToString::to_string).collect(),
            folder: tempfile::tempdir().unwrap(),
        };
        redis.start_again();
        Some(redis)
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// On the same port, empty.
    pub(crate) fn start_again(&mut self) {
        let port = self.port.to_string();
        let mut command = Command::new("sh");
        command.args(["-c", SCRIPT, "redis", "--port", &port, "--bind", "127.0.0.1"]);
        command.args(["--save", "", "--appendonly", "no", "--pidfile", "pid"]);
        command.args(&self.options).current_dir(self.folder.path());
        self.child = Some(command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap());
        until("redis-server comes up on its port", || self.ask("PING").is_some());
    }

    pub(crate) fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            drop(child.stdin.take());
            ended(&mut child, "redis-server");
        }
    }

    /// It goes on to take connections and answers nothing.
    pub(crate) fn freeze(&self) {
        let id = std::fs::read_to_string(self.folder.path().join("pid")).unwrap();
        assert!(Command::new("kill").args(["-s", "STOP", id.trim()]).status().unwrap().success());
    }

    /// The lines that it answers to a command without spaces in its words, as they come.
    pub(crate) fn ask(&self, command: &str) -> Option<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.set_read_timeout(Some(ANSWERS)).unwrap();
        stream.write_all(format!("{command}\r\nQUIT\r\n").as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        answer.strip_suffix("+OK\r\n").map(str::to_owned)
    }

    /// The text under a key.
    pub(crate) fn get(&self, key: &str) -> Option<String> {
        let answer = self.ask(&format!("GET {key}")).unwrap();
        let (length, text) = answer.split_once("\r\n").unwrap();
        (length != "$-1").then(|| text.trim_end().to_owned())
    }

    /// Seconds until a key ends.
    pub(crate) fn ttl(&self, key: &str) -> i64 {
        let answer = self.ask(&format!("TTL {key}")).unwrap();
        answer.trim().trim_start_matches(':').parse().unwrap()
    }

    /// Lets time go by for the keys that begin like this.
    pub(crate) fn wait(&self, begin: &str, span: Duration) {
        for key in self.keys().iter().filter(|key| key.starts_with(begin)) {
            let left = self.ask(&format!("PTTL {key}")).unwrap();
            let left: i64 = left.trim().trim_start_matches(':').parse().unwrap();
            let left = left - i64::try_from(span.as_millis()).unwrap();
            self.ask(&format!("PEXPIRE {key} {left}")).unwrap();
        }
    }

    /// Every key, sorted.
    pub(crate) fn keys(&self) -> Vec<String> {
        let answer = self.ask("KEYS *").unwrap();
        let mut keys: Vec<String> = answer
            .lines()
            .filter(|line| !line.starts_with(['*', '$']))
            .map(str::to_owned)
            .collect();
        keys.sort();
        keys
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Whether this machine has one. When not, one line says so that no test harness swallows, and
/// `BETTER_AUTH_REDIS=required` makes it a failure.
fn is_here() -> bool {
    static FOUND: OnceLock<bool> = OnceLock::new();
    let required = env::var_os("BETTER_AUTH_REDIS").is_some_and(|value| value == "required");
    let found = FOUND.get_or_init(|| {
        let found = Command::new("redis-server").arg("--version").output().is_ok();
        if !found && !required {
            // Not `eprintln!`: the harness keeps that back for tests that pass.
            let line = "\nSKIPPED: everything with a secondary storage. There is no redis-server on this \
                        machine. To have one: tests/redis/install\n\n";
            io::stderr().write_all(line.as_bytes()).unwrap();
        }
        found
    });
    assert!(*found || !required, "BETTER_AUTH_REDIS=required, but there is no redis-server");
    *found
}
