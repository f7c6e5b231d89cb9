//! Our binary in a folder of its own: its commands and its server.

use std::fs;
use std::io::{self, BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;

use tempfile::TempDir;

use crate::server::Server;

/// What both sides sign cookies with.
pub(crate) const SECRET: &str = "the oracle and the binary share this secret";
/// Our base URL: an `http` one, so that cookies have no prefix. Nothing listens there.
const BASE_URL: &str = "http://127.0.0.1";
/// The options that `oracle.mjs` gives the original, and its error codes.
const CONFIG: &str = "
[emailAndPassword]
enabled = true

[user.deleteUser]
enabled = true

[advanced]
errorCodes = \"upstream\"
";

/// A folder with a configuration, and a database in the place where our binary looks for one.
pub(crate) struct Site {
    folder: TempDir,
}

impl Site {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().expect("a folder is made");
        fs::write(folder.path().join("better-auth.toml"), CONFIG).expect("the file is written");
        Self { folder }
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("better-auth.db")
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
        command.env_clear().env("BETTER_AUTH_SECRET", SECRET).env("BETTER_AUTH_URL", BASE_URL);
        command.current_dir(self.folder.path()).args(words);
        command
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
