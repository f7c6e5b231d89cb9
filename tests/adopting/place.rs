//! A database that a tool made, a folder for our program on it, and the TypeScript server on the same rows.

use std::env;
use std::fs;
use std::io::BufRead as _;
use std::io::BufReader;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Output;
use std::process::Stdio;

use better_auth::BetterAuth;
use better_auth::Config;
use better_auth::config::Overrides;
use serde_json::Value;
use serde_json::json;

use crate::layout::Dialect;
use crate::layout::Layout;
use crate::ours::SECRET;
use crate::ours::Site;
use crate::ours::merge;
use crate::postgres::Postgres;
use crate::presence;
use crate::presence::Reason;
use crate::rows::Rows;
use crate::server::Server;

pub(crate) struct Place {
    pub(crate) site: Site,
    /// For the library: the database as the configuration names it, for a process in any folder.
    pub(crate) url: String,
    postgres: Option<Postgres>,
    /// Of the real server's process.
    time_zone: String,
}

impl Place {
    /// A new database of this layout, or `None` after saying what is not on this machine.
    pub(crate) fn make(layout: &Layout) -> Option<Self> {
        if !are_here() {
            return None;
        }
        let postgres = match layout.dialect {
            Dialect::Sqlite => None,
            Dialect::Postgresql => Some(Postgres::database()?),
        };
        let mut options = layout.ours();
        merge(&mut options, json!({"email": {"transport": "file", "senders": ["reset-password"]}}));
        let url = postgres.as_ref().map(|postgres| of_ours(layout, postgres));
        if let Some(url) = &url {
            merge(&mut options, json!({"database": {"url": url}}));
        }
        let site = Site::with(options);
        let url = url.unwrap_or_else(|| format!("sqlite:{}", site.database().display()));
        let place = Self { site, url, postgres, time_zone: layout.time_zone.clone() };
        place.prepare(layout);
        if let (Some(schema), Some(postgres)) = (&layout.schema, &place.postgres) {
            let sql = format!("CREATE SCHEMA {schema}");
            postgres.open().write_one(|tx| tx.execute(&sql, &[])).expect("the schema is made");
        }
        place.node("make.mjs");
        Some(place)
    }

    /// The real server, answering.
    pub(crate) fn theirs(&self) -> Server {
        let mut command = self.command("server.mjs");
        // It ends with its input, so it cannot outlive a test that is killed.
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().expect("node starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("stdout is piped");
        BufReader::new(stdout).read_line(&mut line).expect("the server answers");
        let answer: Value = serde_json::from_str(&line).expect("the server answers in JSON");
        let root = format!("http://127.0.0.1:{}", answer["port"]);
        Server::new(child, &root, &root)
    }

    /// What the database holds and how it is declared.
    pub(crate) fn rows(&self) -> Rows {
        serde_json::from_slice(&self.node("rows.mjs").stdout).expect("rows.mjs answers in JSON")
    }

    /// Our library on the same database.
    pub(crate) fn library(&self) -> BetterAuth {
        let overrides = Overrides {
            config: Some(self.folder().join("better-auth.json")),
            database: Some(self.url.clone()),
        };
        let loaded = Config::load(&overrides).expect("the configuration is read");
        BetterAuth::new(loaded.config).expect("the library starts")
    }

    /// The token of the newest link to a new password that the real server sent.
    pub(crate) fn reset_token_of_theirs(&self) -> String {
        let sent = fs::read_to_string(self.folder().join("resets.jsonl")).expect("one was sent");
        let last: Value = serde_json::from_str(sent.lines().last().expect("one was sent"))
            .expect("a line is JSON");
        last["token"].as_str().expect("it has a token").to_owned()
    }

    fn folder(&self) -> PathBuf {
        self.site.database().parent().expect("the file is in a folder").to_owned()
    }

    /// Writes what the scripts want to know.
    fn prepare(&self, layout: &Layout) {
        let folder = self.folder();
        let database = match (&self.postgres, layout.dialect) {
            (Some(postgres), _) => of_theirs(layout, postgres),
            (None, _) => self.site.database().display().to_string(),
        };
        let description = json!({
            "tool": layout.tool,
            "dialect": match layout.dialect {
                Dialect::Sqlite => "sqlite",
                Dialect::Postgresql => "postgresql",
            },
            "schema": layout.schema,
            "database": database,
            "folder": folder,
            "secret": SECRET,
            "adapter": layout.adapter,
            "generated": layout.generated,
            "sql": layout.sql,
            "options": layout.theirs(),
        });
        fs::write(folder.join("layout.json"), description.to_string()).expect("it is written");
        // What is generated there uses the same packages.
        std::os::unix::fs::symlink(scripts().join("node_modules"), folder.join("node_modules"))
            .expect("the link is made");
    }

    fn node(&self, script: &str) -> Output {
        let output = self.command(script).output().expect("node runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{script}: {said}");
        output
    }

    fn command(&self, script: &str) -> Command {
        let mut command = node();
        command.env("TZ", &self.time_zone).arg(script).arg(self.folder().join("layout.json"));
        command
    }
}

/// The URL for our program: it looks for tables in the schema of the layout.
fn of_ours(layout: &Layout, postgres: &Postgres) -> String {
    match &layout.schema {
        Some(schema) => postgres.url_with(&format!("sslmode=disable&schema={schema}")),
        None => postgres.url(),
    }
}

/// The URL for the real one. Tables in a schema are found by the search path, except by a tool that names it itself.
fn of_theirs(layout: &Layout, postgres: &Postgres) -> String {
    match &layout.schema {
        Some(schema) if layout.tool != "drizzle" => {
            postgres.url_with(&format!("sslmode=disable&options=-c%20search_path%3D{schema}"))
        }
        _ => postgres.url(),
    }
}

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/adopting")
}

/// Node in an environment that configures nothing.
fn node() -> Command {
    let mut command = Command::new("node");
    command.env_clear().envs(env::vars_os().filter(|(name, _)| name == "PATH"));
    command.current_dir(scripts());
    command
}

/// Whether the tools are on this machine.
fn are_here() -> bool {
    static REASON: Reason = Reason::new();
    let without = "open no database of other tools";
    presence::is_here(&REASON, why_not, ["adopting", without, "tests/adopting/install"])
}

fn why_not() -> Option<String> {
    let script =
        "await import('better-auth'); new (await import('better-sqlite3')).default(':memory:')";
    match node().args(["--input-type=module", "--eval", script]).output() {
        Ok(output) if output.status.success() => None,
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            let line = said.lines().find(|line| line.contains("Error")).unwrap_or("it fails");
            Some(format!("node says {line}"))
        }
        Err(error) => Some(format!("node: {error}")),
    }
}
