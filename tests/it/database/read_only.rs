//! Databases that can be read and not be written: what is said of it, and what happens when that changes.

#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::thread;

use serde_json::Value;
use serde_json::json;

use super::people::PASSWORD;
use super::people::address;
use super::people::in_file;
use super::people::sign_up;
use super::small_disk::SmallDisk;
use crate::harness::Folder;
use crate::harness::patience::Over;
use crate::harness::server::Server;
use crate::harness::server::cookie;
use crate::harness::until;

const FILE: &str = "better-auth.db";
const SECRET: &str = "a secret of at least thirty-two characters";

/// The binary as somebody for whom permissions count; for root they do not.
pub(super) fn bound_by_permissions() -> Command {
    let binary = env!("CARGO_BIN_EXE_better-auth");
    let is_root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    if !is_root {
        return Command::new(binary);
    }
    let mut command = Command::new("setpriv");
    command.args(["--bounding-set=-dac_override,-dac_read_search", "--", binary]);
    command
}

/// A folder with a user in its database; the database is in a folder of its own.
fn folder() -> Folder {
    let folder = Folder::on_file();
    folder.configure(&json!({
        "secret": SECRET,
        "database": {"url": "sqlite:data/better-auth.db"},
        "server": {"admin": {"port": 0}},
        "rateLimit": {"enabled": false},
    }));
    fs::create_dir(folder.path("data")).unwrap();
    folder
}

fn with_user(folder: &Folder) {
    folder.run(&["migrate"]).succeeded();
    folder.create_user(&address("a"));
}

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Lets nobody write the database, or its owner again.
fn allow_writing(folder: &Folder, allowed: bool) {
    let (file, inside) = if allowed { (0o600, 0o700) } else { (0o400, 0o500) };
    chmod(&folder.path("data").join(FILE), file);
    chmod(&folder.path("data"), inside);
}

fn start(folder: &Folder) -> Server {
    Server::start_by(bound_by_permissions(), folder, &[])
}

/// Signs somebody up, ends the server, and answers the cookie: a last connection that is closed takes the log along, a
/// process that is killed leaves it there.
fn left_by(folder: &Folder, signal: &str) -> String {
    let mut server = start(folder);
    let body = json!({"name": "ann", "email": address("ann"), "password": PASSWORD});
    let cookie = cookie(&server.post("/sign-up/email", &body));
    server.signal(signal);
    server.wait();
    assert_eq!(folder.path("data").join(format!("{FILE}-wal")).exists(), signal == "KILL");
    cookie
}

fn readiness(server: &Server) -> (u16, Value) {
    let (status, body) = server.watch("/readyz");
    (status, serde_json::from_str(&body).unwrap())
}

#[track_caller]
fn assert_read_only(server: &Server, cookie: &str) {
    for _ in 0..2 {
        let (status, body) = sign_up(server, "refused");
        assert_eq!((status, &body["code"]), (503, &json!("DATABASE_READ_ONLY")), "{body}");
        assert!(server.get("/get-session", cookie).contains(&address("ann")));
    }
    assert_eq!(server.get("/ok", ""), r#"{"ok":true}"#);
    let unready = (503, json!({"status": "unavailable", "code": "DATABASE_READ_ONLY"}));
    until("it is seen to be read-only", || readiness(server) == unready);
}

#[track_caller]
fn assert_writable(server: &Server, cookie: &str, name: &str) {
    assert_eq!(sign_up(server, name).0, 200, "{}", server.log());
    assert!(server.get("/get-session", cookie).contains(&address("ann")));
    until("it is seen to be ready", || readiness(server).0 == 200);
}

/// However the server before was ended, and so whether a log is there or not.
#[test]
fn a_server_reads_a_database_that_it_may_not_write_and_writes_it_as_soon_as_it_may() {
    for signal in ["TERM", "KILL"] {
        let folder = folder();
        with_user(&folder);
        let cookie = left_by(&folder, signal);
        allow_writing(&folder, false);
        let mut server = start(&folder);
        assert_read_only(&server, &cookie);
        assert!(server.log().contains("better-auth.db cannot be written: Permission denied"));
        allow_writing(&folder, true);
        assert_writable(&server, &cookie, "b");
        server.signal("KILL");
        server.wait();
        let expected = ["a", "ann", "b"].map(address);
        assert_eq!(in_file(&folder.path("data").join(FILE)), expected, "{signal}");
    }
}

/// What a reader makes beside a file that is read-only is read-only, too.
#[test]
fn a_file_that_only_itself_is_read_only_is_written_as_soon_as_it_may_be() {
    let folder = folder();
    with_user(&folder);
    let cookie = left_by(&folder, "TERM");
    let file = folder.path("data").join(FILE);
    chmod(&file, 0o400);
    let server = start(&folder);
    assert_read_only(&server, &cookie);
    chmod(&file, 0o600);
    assert_writable(&server, &cookie, "b");
}

/// Root puts a backup in place, and gives it to the server's user afterwards, while others read it all the time.
#[test]
fn a_backup_that_may_not_be_written_yet_is_read_until_it_may_be() {
    let folder = folder();
    with_user(&folder);
    let cookie = left_by(&folder, "TERM");
    let file = folder.path("data").join(FILE);
    fs::copy(&file, folder.path("backup.db")).unwrap();
    let server = start(&folder);
    assert_writable(&server, &cookie, "b");
    chmod(&folder.path("backup.db"), 0o400);
    fs::rename(folder.path("backup.db"), &file).unwrap();
    assert_read_only(&server, &cookie);
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let over = Over(&is_over);
        for _ in 0..4 {
            scope.spawn(|| {
                while !is_over.load(Ordering::SeqCst) {
                    assert!(server.get("/get-session", &cookie).contains(&address("ann")));
                }
            });
        }
        chmod(&file, 0o600);
        assert_writable(&server, &cookie, "c");
        drop(over);
    });
}

#[test]
fn what_others_write_to_a_database_that_this_user_may_not_write_is_read() {
    let folder = folder();
    with_user(&folder);
    let cookie = left_by(&folder, "TERM");
    allow_writing(&folder, false);
    let server = start(&folder);
    assert_read_only(&server, &cookie);
    let is_root = folder.run(&["users", "update", &address("ann"), "--name", "Hannah"]).code == 0;
    // Root writes it all the same.
    assert_eq!(server.get("/get-session", &cookie).contains("Hannah"), is_root);
    assert_read_only(&server, &cookie);
}

#[test]
fn on_a_read_only_mount_a_server_starts_however_it_was_ended() {
    for signal in ["TERM", "KILL"] {
        let folder = folder();
        fs::remove_dir(folder.path("data")).unwrap();
        let Some(disk) = SmallDisk::mount(folder.path("data"), 8 * 1024 * 1024) else { return };
        with_user(&folder);
        let cookie = left_by(&folder, signal);
        disk.remount("ro");
        let server = start(&folder);
        assert_read_only(&server, &cookie);
        assert!(server.log().contains("Read-only file system"), "{}", server.log());
        disk.remount("rw");
        assert_writable(&server, &cookie, "b");
        drop(server);
    }
}

#[test]
fn users_are_listed_from_a_database_that_may_not_be_written() {
    let list = |folder: &Folder| {
        let mut command = bound_by_permissions();
        command.current_dir(folder.path(".")).env_clear().args(["users", "list"]);
        let output = command.output().unwrap();
        let texts = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
        (output.status.code(), texts)
    };
    let lists = |folder: &Folder| {
        let (code, [list, said]) = list(folder);
        assert!(code == Some(0) && list.contains(&address("ann")), "{list}{said}");
    };
    for signal in ["TERM", "KILL"] {
        let folder = folder();
        with_user(&folder);
        left_by(&folder, signal);
        allow_writing(&folder, false);
        lists(&folder);
        allow_writing(&folder, true);
    }
    // Beside a server that may write it.
    let folder = folder();
    with_user(&folder);
    left_by(&folder, "TERM");
    let server = start(&folder);
    assert_eq!(sign_up(&server, "b").0, 200);
    let beside = |ending: &str| folder.path("data").join(format!("{FILE}{ending}"));
    for ending in ["", "-wal", "-shm"] {
        chmod(&beside(ending), 0o400);
    }
    allow_writing(&folder, false);
    lists(&folder);
    // What the log holds would be missing.
    drop(server);
    allow_writing(&folder, true);
    fs::remove_file(beside("-shm")).unwrap();
    allow_writing(&folder, false);
    let (code, [_, said]) = list(&folder);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("better-auth.db-shm cannot be made: Permission denied"), "{said}");
    allow_writing(&folder, true);
}
