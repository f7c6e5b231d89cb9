//! A PostgreSQL of our own on a free port: a temporary cluster, configured as it comes.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use tempfile::TempDir;

use crate::Result;
use crate::bench::Bench;

/// How long it may take to come up.
const UP: Duration = Duration::from_secs(60);
/// Runs a server until the input ends, so that it cannot outlive a run that is killed.
const SCRIPT: &str = r#"
trap '' INT TERM HUP
log=$1; shift
"$@" >>"$log" 2>&1 &
cat >/dev/null; kill -QUIT $!; wait"#;
const ROLE: &str = "postgres";
const DATABASE: &str = "bench";

/// A server with one database.
pub(crate) struct Cluster {
    bin: PathBuf,
    child: Child,
    port: u16,
    folder: TempDir,
}

impl Cluster {
    /// A new one; it goes with this value.
    pub(crate) fn start() -> Result<Self> {
        let bin = programs()?;
        let folder = tempfile::tempdir()?;
        // The server is started by another user when we are root.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777))?;
        let data = folder.path().join("data");
        let mut initdb = as_nobody_special(&bin.join("initdb"))?;
        initdb.args(["--username", ROLE, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]);
        succeed(initdb.args(["--no-sync", "--pgdata"]).arg(&data))?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let server = as_nobody_special(&bin.join("postgres"))?;
        let mut command = Command::new("sh");
        command.args(["-c", SCRIPT, "postgresql"]).arg(folder.path().join("log"));
        command.arg(server.get_program()).args(server.get_args()).arg("-D").arg(&data);
        command.arg("-k").arg(folder.path()).args(["-p", &port.to_string(), "-h", "127.0.0.1"]);
        let child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
        let cluster = Self { bin, child, port, folder };
        cluster.wait()?;
        succeed(cluster.program("createdb").arg(DATABASE))?;
        Ok(cluster)
    }

    fn wait(&self) -> Result<()> {
        let until = Instant::now() + UP;
        while succeed(&mut self.program("pg_isready")).is_err() {
            if until < Instant::now() {
                let log = fs::read_to_string(self.folder.path().join("log"))?;
                return Err(format!("PostgreSQL does not come up: {log}").into());
            }
            thread::park_timeout(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Where the database is.
    pub(crate) fn url(&self) -> String {
        format!("postgres://{ROLE}@127.0.0.1:{}/{DATABASE}?sslmode=disable", self.port)
    }

    /// Copies a database into this one, and lets the server learn what is in it.
    pub(crate) fn fill(&self, from: &Path) -> Result<()> {
        let from = format!("sqlite:{}", from.display());
        let mut copy = Command::new(Bench::program());
        succeed(copy.args(["db", "copy", "--from", &from, "--to", &self.url()]))?;
        succeed(self.program("vacuumdb").args(["--analyze", "--quiet", DATABASE])).map(drop)
    }

    /// How often in a second the server itself answers a statement that is prepared on so many connections.
    pub(crate) fn rate(&self, sql: &str, connections: u32, seconds: u32) -> Result<f64> {
        let script = self.folder.path().join("statement.sql");
        fs::write(&script, sql)?;
        let mut pgbench = self.program("pgbench");
        pgbench.args(["--no-vacuum", "--protocol=prepared", "--jobs=1"]);
        pgbench.args(["--client", &connections.to_string(), "--time", &seconds.to_string()]);
        let said = succeed(pgbench.arg("--file").arg(&script).arg(DATABASE))?;
        let line = said.lines().find_map(|line| line.strip_prefix("tps = "));
        let rate = line.and_then(|line| line.split(' ').next()).ok_or("pgbench says no rate")?;
        Ok(rate.parse()?)
    }

    /// What it calls itself.
    pub(crate) fn version(&self) -> Result<String> {
        let said = succeed(Command::new(self.bin.join("postgres")).arg("--version"))?;
        let number = said.split_whitespace().nth(2).ok_or("PostgreSQL says no version")?;
        Ok(format!("PostgreSQL {number}"))
    }

    /// One of its programs, to ask it as its administrator.
    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.bin.join(name));
        command.args(["--host=127.0.0.1", "--port", &self.port.to_string(), "--username", ROLE]);
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        drop(self.child.wait());
    }
}

/// Where the newest server's programs are.
pub(crate) fn programs() -> Result<PathBuf> {
    let version = |folder: &PathBuf| folder.file_name()?.to_str()?.parse::<u32>().ok();
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = debian.map(|entry| entry.path()).max_by_key(version);
    let asked = || {
        let said = succeed(Command::new("pg_config").arg("--bindir")).ok()?;
        Some(PathBuf::from(said.trim()))
    };
    let found = newest.map(|folder| folder.join("bin")).or_else(asked);
    let found = found.filter(|bin| bin.join("initdb").exists() && bin.join("pgbench").exists());
    found.ok_or_else(|| "PostgreSQL is missing; to have it: tests/postgres/install".into())
}

/// The server does not run as root.
fn as_nobody_special(program: &Path) -> Result<Command> {
    if succeed(Command::new("id").arg("-u"))? != "0\n" {
        return Ok(Command::new(program));
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
    Ok(command)
}

/// Runs it to its end, which must be a good one, and answers what it said.
fn succeed(command: &mut Command) -> Result<String> {
    let output =
        command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?}: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{command:?}: {}: {said}", output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}
