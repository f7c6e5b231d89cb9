//! The real binary in a folder of its own and a cleared environment; nobody sits at its terminal.

use std::path::PathBuf;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// A folder to run commands in.
pub(crate) struct Folder {
    folder: TempDir,
    variables: Vec<(&'static str, String)>,
}

/// What a command left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), variables: Vec::new() }
    }

    /// A folder with a database that is up to date.
    pub(crate) fn migrated() -> Self {
        let folder = Self::new();
        folder.run(&["migrate"]).succeeded();
        folder
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, value.to_owned()));
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a configuration, closed to others as a server wants it.
    pub(crate) fn configure(&self, config: &Value) {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(self.path("better-auth.json")).unwrap();
        std::io::Write::write_all(&mut file, config.to_string().as_bytes()).unwrap();
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_better-auth"));
        command.env_clear().current_dir(self.folder.path());
        command.envs(self.variables.iter().map(|(name, value)| (*name, value)));
        command
    }

    pub(crate) fn run(&self, words: &[&str]) -> Ran {
        self.run_with(words, "")
    }

    /// Runs a command that finds this on standard input.
    pub(crate) fn run_with(&self, words: &[&str], stdin: &str) -> Ran {
        let output = self.command().args(words).write_stdin(stdin).output().unwrap();
        Ran {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Makes a user with a password and answers them as JSON.
    pub(crate) fn create_user(&self, email: &str) -> Value {
        let words = ["users", "create", email, "--password-stdin", "--json"];
        self.run_with(&words, "correct horse battery\n").succeeded().json()
    }
}

impl Ran {
    pub(crate) fn succeeded(self) -> Self {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }

    /// Failed with this exit code, printed no data, and said this.
    pub(crate) fn failed(self, code: i32, said: &str) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        assert!(self.stderr.contains(said), "{self:?}");
        self
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }
}
