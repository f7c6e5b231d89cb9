//! The real binary in a folder of its own and a cleared environment; nobody sits at its terminal.

use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use assert_cmd::Command;
use better_auth::database::Clock;
use better_auth::database::Database;
use rusqlite::Connection;
use rusqlite::OpenFlags;
use serde_json::Value;
use tempfile::TempDir;

use super::Postgres;
use super::site::postgres;

/// How long a command may take: one of them copies a hundred thousand users.
const COMMAND: Duration = Duration::from_secs(600);

/// What commands sign with where none can be generated; one that nobody could guess.
const SECRET: &str = "the secret of every folder on PostgreSQL";

/// A folder to run commands in.
pub(crate) struct Folder {
    root: TempDir,
    variables: Vec<(&'static str, String)>,
    postgres: Option<Postgres>,
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
        let Some(database) = postgres() else { return Self::on_file() };
        let mut folder = Self::on_file();
        folder = folder.with("DATABASE_URL", &database.url()).with("BETTER_AUTH_SECRET", SECRET);
        Self { postgres: Some(database), ..folder }
    }

    /// A folder for what is about the file of an embedded database, whatever the suite runs on.
    pub(crate) fn on_file() -> Self {
        let root = tempfile::tempdir().unwrap();
        Self { root, variables: Vec::new(), postgres: None }
    }

    /// A folder with a database that is up to date.
    pub(crate) fn migrated() -> Self {
        let folder = Self::new();
        folder.run(&["migrate"]).succeeded();
        folder
    }

    /// The same on a file, whatever the suite runs on.
    pub(crate) fn migrated_file() -> Self {
        let folder = Self::on_file();
        folder.run(&["migrate"]).succeeded();
        folder
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, value.to_owned()));
        self
    }

    /// What its commands find in their environment.
    pub(crate) fn variables(&self) -> &[(&'static str, String)] {
        &self.variables
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// The database that its commands work on.
    pub(crate) fn database(&self) -> Database {
        match &self.postgres {
            Some(postgres) => postgres.open(),
            None => Database::sqlite(self.path("better-auth.db"), Clock::SYSTEM),
        }
    }

    /// Runs statements that this program would not run on its file: references are not looked at.
    pub(crate) fn write(&self, sql: &str) {
        let connection = self.raw();
        connection.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        connection.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// The text that a query answers on its file.
    pub(crate) fn ask(&self, sql: &str) -> String {
        let answer = self.raw().query_row(sql, [], |row| row.get(0));
        answer.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// Its file as another program opens it.
    pub(crate) fn raw(&self) -> Connection {
        raw(&self.path("better-auth.db"))
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
        command.env_clear().current_dir(self.root.path());
        command.envs(self.variables.iter().map(|(name, value)| (*name, value)));
        command
    }

    pub(crate) fn run(&self, words: &[&str]) -> Ran {
        self.run_with(words, "")
    }

    /// Runs a command that finds this on standard input.
    pub(crate) fn run_with(&self, words: &[&str], stdin: &str) -> Ran {
        let mut command = self.command();
        let output = command.args(words).write_stdin(stdin).timeout(COMMAND).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        let code = output.status.code();
        let code = code.unwrap_or_else(|| panic!("{words:?} did not end by itself: {stderr}"));
        Ran { code, stdout: String::from_utf8(output.stdout).unwrap(), stderr }
    }

    /// Makes a user with a password and answers them as JSON.
    pub(crate) fn create_user(&self, email: &str) -> Value {
        let words = ["users", "create", email, "--password-stdin", "--json"];
        self.run_with(&words, "correct horse battery\n").succeeded().json()
    }
}

/// A file as another program opens it.
pub(crate) fn raw(file: &Path) -> Connection {
    Connection::open_with_flags(file, OpenFlags::default()).unwrap()
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
