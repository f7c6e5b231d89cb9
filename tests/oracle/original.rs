//! Drives the real Better Auth through `oracle.mjs`, or says once and loudly that it is not here.

use std::env;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::ours::{SECRET, Site};
use crate::presence::{self, Reason};
use crate::server::Server;

/// The release that this project follows.
const TARGET: &str = "1.7.25";
/// Releases before it whose databases are adopted as well; 1.7.1 requires `account.issuer`.
pub(crate) const OLDER: [&str; 2] = ["1.6.34", "1.7.1"];

/// One release of Better Auth, working on the database of a site.
pub(crate) struct Original {
    version: &'static str,
    database: PathBuf,
    options: String,
}

/// What the original answered to a request.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) set_cookie: Vec<String>,
    pub(crate) body: Value,
}

impl Reply {
    /// The first cookie set, as a browser sends it back.
    pub(crate) fn cookie(&self) -> String {
        let first = self.set_cookie.first().expect("a cookie is set");
        first.split(';').next().expect("a cookie has a value").to_owned()
    }
}

impl Original {
    /// The target release on a database that it makes there, or `None` after saying that it cannot run.
    pub(crate) fn beside(site: &Site) -> Option<Self> {
        Self::of(TARGET, site)
    }

    /// Another release in its place.
    pub(crate) fn of(version: &'static str, site: &Site) -> Option<Self> {
        let original = Self::without_database(version, site)?;
        original.migrate();
        Some(original)
    }

    /// The server of the target release, on a database that it makes itself.
    pub(crate) fn serving(site: &Site) -> Option<Server> {
        Self::without_database(TARGET, site).map(|original| original.serve())
    }

    fn without_database(version: &'static str, site: &Site) -> Option<Self> {
        let options = site.options().to_string();
        is_here().then(|| Self { version, database: site.database(), options })
    }

    /// Adds what its tables lack and answers which those were.
    pub(crate) fn migrate(&self) -> Value {
        self.run(&["migrate"])
    }

    /// Whether the target release trusts these places, as origins and as redirect targets.
    pub(crate) fn judge(places: &Value) -> Option<Vec<[bool; 2]>> {
        if !is_here() {
            return None;
        }
        let mut command = node(TARGET, Path::new(":memory:"), &["rules"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("node starts");
        let mut stdin = child.stdin.take().expect("stdin is piped");
        stdin.write_all(places.to_string().as_bytes()).expect("the oracle listens");
        drop(stdin);
        let output = child.wait_with_output().expect("node runs");
        Some(serde_json::from_slice(&output.stdout).expect("the oracle answers in JSON"))
    }

    pub(crate) fn sign_up(&self, name: &str, email: &str, password: &str) -> Reply {
        let reply: Reply = self.run(&["sign-up", name, email, password]);
        assert_eq!(reply.status, 200, "{reply:?}");
        reply
    }

    pub(crate) fn sign_in(&self, email: &str, password: &str) -> Reply {
        self.run(&["sign-in", email, password])
    }

    /// The body of `/get-session`, which is `null` when the cookie is worth nothing.
    pub(crate) fn get_session(&self, cookie: &str) -> Value {
        let reply: Reply = self.run(&["get-session", cookie]);
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.body
    }

    /// Its whole API on a free port.
    pub(crate) fn serve(&self) -> Server {
        let mut command = node(self.version, &self.database, &["serve", "0"]);
        command.env("ORACLE_OPTIONS", &self.options);
        // It ends with its input, so it cannot outlive a test that is killed.
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("node starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("stdout is piped");
        BufReader::new(stdout).read_line(&mut line).expect("the oracle answers");
        let answer: Value = serde_json::from_str(&line).expect("the oracle answers in JSON");
        let root = format!("http://127.0.0.1:{}", answer["port"]);
        Server::new(child, &root, &root)
    }

    fn run<T: DeserializeOwned>(&self, words: &[&str]) -> T {
        let mut command = node(self.version, &self.database, words);
        command.env("ORACLE_OPTIONS", &self.options);
        let output = command.output().expect("node runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words:?}: {said}");
        serde_json::from_slice(&output.stdout).expect("the oracle answers in JSON")
    }
}

/// The command line of `oracle.mjs`, in an environment that cannot configure it.
fn node(version: &str, database: &Path, words: &[&str]) -> Command {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle");
    let mut command = Command::new("node");
    command.env_clear().envs(env::vars_os().filter(|(name, _)| name == "PATH"));
    command
        .current_dir(&folder)
        .args(["oracle.mjs", version])
        .arg(database)
        .arg(SECRET)
        .args(words);
    command
}

/// Whether the original runs on this machine.
fn is_here() -> bool {
    static REASON: Reason = Reason::new();
    let without = "compare nothing with the real Better Auth";
    presence::is_here(&REASON, why_not, ["oracle", without, "tests/oracle/install"])
}

fn why_not() -> Option<String> {
    match node(TARGET, Path::new(":memory:"), &["migrate"]).output() {
        Ok(output) if output.status.success() => None,
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            let line = said.lines().find(|line| line.contains("Error")).unwrap_or("it fails");
            Some(format!("oracle.mjs says {line}"))
        }
        Err(error) => Some(format!("node: {error}")),
    }
}
