//! A PostgreSQL of our own on a free port: a temporary cluster for the whole run, and a database for each test.

use std::env;
use std::fs;
use std::io;
use std::io::Write as _;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::OnceLock;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use better_auth::config::DatabaseOptions;
use better_auth::database::Clock;
use better_auth::database::Database;
use better_auth::database::DatabaseError;
use tempfile::TempDir;

/// How long it may take to come up.
const UP: Duration = Duration::from_secs(60);
/// Runs a server until the input ends, so that it cannot outlive a test that is killed; if that had stopped it, it goes
/// on first. What is left of it goes along, where nobody else would see to that.
const SCRIPT: &str = r#"
trap '' INT TERM HUP
data=$1; left=$2; shift 2
"$@" >>"$data.log" 2>&1 &
cat >/dev/null
kill -CONT $! $(cat /proc/$!/task/$!/children 2>/dev/null) 2>/dev/null
kill -QUIT $!; wait; if [ -n "$left" ]; then rm -rf "$left"; fi"#;
/// Nobody special: what we ask for must not need rights that managed databases do not give.
pub(super) const ROLE: &str = "auth";
pub(super) const ROLE_PASSWORD: &str = "tiger tiger";
const ADMIN: &str = "postgres";

/// A server.
pub(crate) struct Cluster {
    child: Option<Child>,
    port: u16,
    folder: PathBuf,
    /// The same, where it goes with this value.
    kept: Option<TempDir>,
}

impl Cluster {
    /// A new one for a test that stops it, or `None` after saying that this machine has none.
    pub(crate) fn start() -> Option<Self> {
        let bin = bin()?;
        let kept = tempfile::tempdir().unwrap();
        let folder = kept.path().to_owned();
        Some(Self::make(bin, folder, Some(kept)))
    }

    fn make(bin: &Path, folder: PathBuf, kept: Option<TempDir>) -> Self {
        // The server is started by another user when we are root.
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
        let data = folder.join("data");
        let mut initdb = server_command(&bin.join("initdb"));
        initdb.args(["--username", ADMIN, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]);
        let made = initdb.args(["--no-sync", "--pgdata"]).arg(&data).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let tls = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tls");
        for name in ["localhost.pem", "localhost.key"] {
            fs::copy(tls.join(name), folder.join(name)).unwrap();
            // Where we are root, root's files are taken as well, if its group may read them.
            let mut give = Command::new("chown");
            give.arg(format!("--reference={}", data.display())).arg(folder.join(name));
            assert!(give.status().unwrap().success());
            let mode = fs::Permissions::from_mode(0o600);
            fs::set_permissions(folder.join(name), mode).unwrap();
        }
        let hosts = format!("local all {ADMIN} trust\nhost all {ADMIN} 127.0.0.1/32 trust\n");
        let hosts = hosts + "host all all 127.0.0.1/32 scram-sha-256\n";
        fs::write(data.join("pg_hba.conf"), hosts).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut cluster = Self { child: None, port, folder, kept };
        cluster.start_again();
        let sql = format!("CREATE ROLE {ROLE} LOGIN PASSWORD '{ROLE_PASSWORD}'");
        cluster.ask("postgres", &sql).unwrap();
        cluster
    }

    /// On the same port, with what it held.
    pub(crate) fn start_again(&mut self) {
        let bin = bin().unwrap();
        let server = server_command(&bin.join("postgres"));
        let data = self.folder.join("data");
        let left = if self.kept.is_some() { Path::new("") } else { &self.folder };
        let mut command = Command::new("sh");
        command.args(["-c", SCRIPT, "postgresql"]).arg(&data).arg(left);
        command.arg(server.get_program()).args(server.get_args());
        command.arg("-D").arg(&data).arg("-k").arg(&self.folder);
        command.args(["-p", &self.port.to_string(), "-h", "127.0.0.1"]);
        // A test that loses power is not among ours; one that kills the server is.
        for option in [
            "fsync=off",
            "max_connections=400",
            "ssl=on",
            &format!("ssl_cert_file={}", self.folder.join("localhost.pem").display()),
            &format!("ssl_key_file={}", self.folder.join("localhost.key").display()),
        ] {
            command.args(["-c", option]);
        }
        self.child = Some(command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap());
        let until = Instant::now() + UP;
        while let Err(error) = self.ask("postgres", "SELECT 1") {
            let log = fs::read_to_string(self.folder.join("data.log")).unwrap_or_default();
            assert!(Instant::now() < until, "PostgreSQL does not come up: {error}\n{log}");
            thread::park_timeout(Duration::from_millis(20));
        }
    }

    /// As a crash would.
    pub(crate) fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            drop(child.stdin.take());
            child.wait().unwrap();
        }
    }

    /// Sends every process of it a signal, such as `STOP`.
    pub(crate) fn signal(&self, name: &str) {
        let file = fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap();
        let main = file.lines().next().unwrap();
        let children = fs::read_to_string(format!("/proc/{main}/task/{main}/children")).unwrap();
        let kill = |id: &str| Command::new("kill").args(["-s", name, id]).output().unwrap().status;
        for child in children.split_whitespace() {
            // It may have ended meanwhile.
            kill(child);
        }
        assert!(kill(main).success());
    }

    /// The folder with its socket.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// A new, empty database that goes with this value.
    pub(crate) fn database(&self) -> Postgres {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("test{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        self.ask("postgres", &format!("CREATE DATABASE {name} OWNER {ROLE}")).unwrap();
        let password = ROLE_PASSWORD.replace(' ', "%20");
        let port = self.port;
        let (admin, server) = (self.admin(&name), self.admin("postgres"));
        Postgres {
            url: format!("postgres://{ROLE}:{password}@127.0.0.1:{port}/{name}"),
            name,
            admin,
            server,
        }
    }

    /// Runs a statement as the administrator.
    pub(crate) fn ask(&self, database: &str, sql: &str) -> Result<(), DatabaseError> {
        let database = open(&self.admin(database));
        database.write_one(|tx| tx.execute(sql, &[])).map(drop)
    }

    fn admin(&self, database: &str) -> String {
        format!("postgres://{ADMIN}@127.0.0.1:{}/{database}?sslmode=disable", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A database.
pub(crate) struct Postgres {
    url: String,
    name: String,
    admin: String,
    /// Where the administrator drops it.
    server: String,
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        // The server may have been stopped by its test.
        drop(open(&self.server).write_one(|tx| tx.execute(&sql, &[])));
    }
}

impl Postgres {
    /// A new, empty one, or `None` after saying that this machine has none.
    pub(crate) fn database() -> Option<Self> {
        static CLUSTER: OnceLock<Cluster> = OnceLock::new();
        let bin = bin()?;
        let cluster = CLUSTER.get_or_init(|| {
            // Nobody drops a static; the script sees to the folder.
            Cluster::make(bin, tempfile::tempdir().unwrap().keep(), None)
        });
        Some(cluster.database())
    }

    pub(crate) fn port(&self) -> u16 {
        let (_, after) = self.url.split_once("@127.0.0.1:").unwrap();
        after.split('/').next().unwrap().parse().unwrap()
    }

    /// For everybody who has nothing to say about TLS.
    pub(crate) fn url(&self) -> String {
        self.url_with("sslmode=disable")
    }

    pub(crate) fn url_with(&self, parameters: &str) -> String {
        format!("{}?{parameters}", self.url)
    }

    /// The same for whoever may do everything.
    pub(crate) fn admin(&self) -> &str {
        &self.admin
    }

    pub(crate) fn open(&self) -> Database {
        open(&self.url())
    }
}

pub(crate) fn open(url: &str) -> Database {
    let options = DatabaseOptions { url: url.to_owned().into(), ..DatabaseOptions::default() };
    Database::new(&options, Clock::SYSTEM)
}

/// A program of the server, which does not run as root.
pub(super) fn server_command(program: &Path) -> Command {
    let is_root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    if !is_root {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
    command
}

/// Where the newest server's programs are, if this machine has one. When not, one line says so that no test harness
/// swallows, and `BETTER_AUTH_POSTGRES=required` makes it a failure.
fn bin() -> Option<&'static Path> {
    static FOUND: OnceLock<Option<PathBuf>> = OnceLock::new();
    let required = env::var_os("BETTER_AUTH_POSTGRES").is_some_and(|value| value == "required");
    let found = FOUND.get_or_init(|| {
        let found = find();
        if found.is_none() && !required {
            // Not `eprintln!`: the harness keeps that back for tests that pass.
            let line = "\nSKIPPED: everything with PostgreSQL. There is no server on this machine. \
                        To have one: tests/postgres/install\n\n";
            io::stderr().write_all(line.as_bytes()).unwrap();
        }
        found
    });
    assert!(found.is_some() || !required, "BETTER_AUTH_POSTGRES=required, but there is no server");
    found.as_deref()
}

fn find() -> Option<PathBuf> {
    let version = |folder: &PathBuf| {
        folder
            .file_name()?
            .to_str()?
            .parse::<u32>()
            .ok()
            .filter(|_| folder.join("bin/initdb").exists())
    };
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = debian.map(|entry| entry.path()).max_by_key(version);
    let newest = newest.filter(|folder| version(folder).is_some()).map(|folder| folder.join("bin"));
    newest.or_else(|| {
        let asked = Command::new("pg_config").arg("--bindir").output().ok()?;
        let bin = PathBuf::from(String::from_utf8(asked.stdout).ok()?.trim());
        bin.join("initdb").exists().then_some(bin)
    })
}
