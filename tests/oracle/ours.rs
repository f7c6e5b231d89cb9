//! Our binary in a folder of its own: its commands and its server.

use std::fs;
use std::io::{self, BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::server::Server;

/// What both sides sign cookies with.
pub(crate) const SECRET: &str = "the oracle and the binary share this secret";
/// Our base URL: an `http` one, so that cookies have no prefix. Nothing listens there.
const BASE_URL: &str = "http://127.0.0.1";
/// A folder with a configuration, and a database in the place where our binary looks for one.
pub(crate) struct Site {
    folder: TempDir,
    options: Value,
}

impl Site {
    pub(crate) fn new() -> Self {
        Self::with(json!({}))
    }

    /// A site with more options, which are the same tree on both sides.
    pub(crate) fn with(options: Value) -> Self {
        let folder = TempDir::new().expect("a folder is made");
        // What `oracle.mjs` gives the original, and its error codes.
        let mut config = json!({
            "emailAndPassword": {"enabled": true},
            "user": {"deleteUser": {"enabled": true}},
            "advanced": {"errorCodes": "upstream"},
            // Without its functions the original sends nothing.
            "email": {"transport": "none"},
        });
        merge(&mut config, options.clone());
        let file = folder.path().join("better-auth.json");
        fs::write(&file, config.to_string()).expect("the file is written");
        // It may hold secrets, and a server refuses to start on those that everybody can read.
        let owner = fs::Permissions::from_mode(0o600);
        fs::set_permissions(file, owner).expect("the file is closed to others");
        Self { folder, options }
    }

    /// What differs from every other site.
    pub(crate) fn options(&self) -> &Value {
        &self.options
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("better-auth.db")
    }

    /// What the server on this site has sent, whichever side's it is.
    pub(crate) fn mails(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.mail_file()).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
    }

    /// Where it is sent to.
    pub(crate) fn mail_file(&self) -> PathBuf {
        self.folder.path().join("emails.jsonl")
    }

    /// Our binary with these words, not yet run.
    pub(crate) fn better_auth(&self, words: &[&str]) -> assert_cmd::Command {
        assert_cmd::Command::from_std(self.command(words))
    }

    /// Our server on a free port, answering.
    pub(crate) fn serve(&self) -> Server {
        let mut command = self.command(&["serve", "--host", "127.0.0.1", "--port", "0"]);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(Stdio::piped());
        let mut child = command.spawn().expect("the server starts");
        let mut stderr = BufReader::new(child.stderr.take().expect("stderr is piped"));
        let root = listening(&mut stderr);
        // Nobody reads the rest, but a full pipe would stop the server.
        thread::spawn(move || io::copy(&mut stderr, &mut io::sink()));
        Server::new(child, &root, BASE_URL)
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_better-auth"));
        command.env_clear().env("BETTER_AUTH_SECRET", SECRET);
        if self.options.get("baseURL").is_none() {
            command.env("BETTER_AUTH_URL", BASE_URL);
        }
        command.current_dir(self.folder.path()).args(words);
        command
    }
}

/// Tables of options are put together member by member, anything else is replaced.
pub(crate) fn merge(under: &mut Value, over: Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (name, value) in over {
                merge(under.entry(name).or_insert(Value::Null), value);
            }
        }
        (under, over) => *under = over,
    }
}

/// The address that the server names when it is ready; what it said before is shown when it never does.
fn listening(stderr: &mut impl io::BufRead) -> String {
    let mut said = String::new();
    for line in stderr.lines() {
        let line = line.expect("the server's messages are text");
        if let Some((_, after)) = line.split_once("http://127.0.0.1:") {
            let port: String = after.chars().take_while(char::is_ascii_digit).collect();
            return format!("http://127.0.0.1:{port}");
        }
        said.push_str(&line);
        said.push('\n');
    }
    panic!("the server ended without listening: {said}");
}
