//! A pgbouncer of our own in front of a database of the tests: one connection to the server for all clients, which
//! get it for a transaction each.

use std::env;
use std::fs;
use std::io;
use std::io::Write as _;
use std::net::TcpListener;
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;

use tempfile::TempDir;

use super::Postgres;
use super::patience::ended;
use super::patience::until;
use super::postgres::ROLE;
use super::postgres::ROLE_PASSWORD;
use super::postgres::server_command;

const PROGRAM: &str = "/usr/sbin/pgbouncer";
/// Runs it until the input ends, so that it cannot outlive a test that is killed.
const SCRIPT: &str = r#""$@" >/dev/null 2>&1 & cat >/dev/null; kill -9 $!; wait"#;

pub(crate) struct Pooler {
    child: Child,
    url: String,
    _folder: TempDir,
}

impl Pooler {
    /// One before this database, or `None` after saying that this machine has none.
    pub(crate) fn before(place: &Postgres) -> Option<Self> {
        if !is_here() {
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        // It is started by another user when we are root.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = place.port();
        let users = folder.path().join("users");
        write(&users, &format!("\"{ROLE}\" \"{ROLE_PASSWORD}\"\n"));
        let settings = format!(
            "[databases]\n* = host=127.0.0.1 port={server}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {port}\nunix_socket_dir =\nauth_type = trust\nauth_file = {}\n\
             pool_mode = transaction\ndefault_pool_size = 1\n",
            users.display()
        );
        let file = folder.path().join("pgbouncer.ini");
        write(&file, &settings);
        let program = server_command(Path::new(PROGRAM));
        let mut command = Command::new("sh");
        command
            .args(["-c", SCRIPT, "pgbouncer"])
            .arg(program.get_program())
            .args(program.get_args())
            .arg(&file);
        let child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let url = place.url().replace(&format!(":{server}/"), &format!(":{port}/"));
        let url = url.split('?').next().unwrap().to_owned();
        let pooler = Self { child, url, _folder: folder };
        until("pgbouncer comes up on its port", || TcpStream::connect(("127.0.0.1", port)).is_ok());
        Some(pooler)
    }

    /// The database behind it.
    pub(crate) fn url_with(&self, parameters: &str) -> String {
        format!("{}?sslmode=disable&{parameters}", self.url)
    }
}

/// Writes a file that another user can read, whatever our umask is.
fn write(file: &Path, text: &str) {
    fs::write(file, text).unwrap();
    fs::set_permissions(file, fs::Permissions::from_mode(0o644)).unwrap();
}

impl Drop for Pooler {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        ended(&mut self.child, "pgbouncer");
    }
}

fn is_here() -> bool {
    let required = env::var_os("BETTER_AUTH_POSTGRES").is_some_and(|value| value == "required");
    let is_here = Path::new(PROGRAM).exists();
    assert!(is_here || !required, "BETTER_AUTH_POSTGRES=required, but there is no pgbouncer");
    if !is_here {
        // Past the harness, which would swallow it.
        let line = "\nSKIPPED: everything with pgbouncer. To have it: tests/postgres/install\n\n";
        io::stderr().write_all(line.as_bytes()).unwrap();
    }
    is_here
}
