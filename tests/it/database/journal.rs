//! `database.journalMode`: what becomes of a file, and a server whose writes are protected by a journal that is deleted
//! after each of them.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::thread;

use rusqlite::Connection;
use rusqlite::OpenFlags;
use serde_json::Value;
use serde_json::json;

use super::people::PASSWORD;
use super::people::address;
use super::people::in_file;
use super::people::sign_in;
use super::people::sign_up;
use super::read_only::bound_by_permissions;
use super::small_disk::SmallDisk;
use crate::harness::Folder;
use crate::harness::patience::Over;
use crate::harness::server::Server;
use crate::harness::server::cookie;
use crate::harness::until;

const FILE: &str = "better-auth.db";

/// As another program opens it.
fn open(file: &Path) -> Connection {
    Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap()
}

fn journal_of(connection: &Connection) -> String {
    connection.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap()
}

fn journal(folder: &Folder) -> String {
    journal_of(&open(&folder.path(FILE)))
}

/// Switches the file, and closes it.
fn switch(folder: &Folder, to: &str) {
    let connection = open(&folder.path(FILE));
    connection.pragma_update(None, "journal_mode", to).unwrap();
    assert_eq!(journal_of(&connection), to);
}

/// A folder with this option and a user in its database, which has a journal that is deleted.
fn folder(option: &Value) -> Folder {
    let folder = Folder::on_file();
    folder.run(&["migrate"]).succeeded();
    folder.create_user(&address("ann"));
    switch(&folder, "delete");
    folder.configure(&json!({"database": {"journalMode": option}}));
    folder
}

#[track_caller]
fn signs_up(server: &Server, name: &str) {
    let (status, body) = sign_up(server, name);
    assert_eq!(status, 200, "{body}\n{}", server.log());
}

fn kill(mut server: Server) {
    server.signal("KILL");
    server.wait();
}

fn has_log(folder: &Folder) -> bool {
    ["-wal", "-shm"].iter().any(|ending| folder.path(&format!("{FILE}{ending}")).exists())
}

/// What reads changes nothing; what writes does what the option says.
#[test]
fn a_file_keeps_its_journal_or_gets_the_one_that_is_chosen() {
    for (option, from, to) in [
        (json!("wal"), "delete", "wal"),
        (json!("wal"), "wal", "wal"),
        (json!("delete"), "delete", "delete"),
        (json!("delete"), "wal", "delete"),
        (json!("keep"), "delete", "delete"),
        (json!("keep"), "wal", "wal"),
    ] {
        let folder = folder(&option);
        switch(&folder, from);
        folder.run(&["users", "list"]).succeeded();
        folder.run(&["migrate", "status"]).succeeded();
        assert_eq!(journal(&folder), from, "{option}");
        folder.run(&["users", "update", &address("ann"), "--name", "B"]).succeeded();
        assert_eq!(journal(&folder), to, "{option} of {from}");
        assert_eq!(in_file(&folder.path(FILE)), [address("ann")]);
    }
    for (option, made) in [("wal", "wal"), ("delete", "delete"), ("keep", "delete")] {
        let folder = Folder::on_file();
        folder.configure(&json!({"database": {"journalMode": option}}));
        folder.run(&["migrate"]).succeeded();
        assert_eq!(journal(&folder), made, "{option}");
        assert!(!folder.path(&format!("{FILE}-journal")).exists());
    }
    let folder = Folder::on_file();
    folder.configure(&json!({"database": {"journalMode": "off"}}));
    folder.run(&["info"]).failed(2, "journalMode");
}

/// Threads that write, threads that read, and commands that do both: nobody is refused, and no log appears.
#[test]
fn readers_and_writers_of_several_processes_wait_for_one_another() {
    const CLIENTS: usize = 4;
    const SIGN_UPS: usize = 8;
    let folder = folder(&json!("delete"));
    let server = Server::start(&folder, &[]);
    let body = json!({"email": address("ann"), "password": PASSWORD});
    let cookie = cookie(&server.post("/sign-in/email", &body));
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let over = Over(&is_over);
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                while !is_over.load(Ordering::SeqCst) {
                    let session = server.get("/get-session", &cookie);
                    assert!(session.contains(&address("ann")), "{session}\n{}", server.log());
                }
            });
        }
        let writers: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let server = &server;
                scope.spawn(move || {
                    (0..SIGN_UPS).for_each(|n| signs_up(server, &format!("user-{client}-{n}")));
                })
            })
            .collect();
        for n in 0..SIGN_UPS {
            folder.run(&["users", "update", &address("ann"), "--name", &n.to_string()]).succeeded();
            let ran = folder.run(&["users", "list"]).succeeded();
            assert!(ran.stdout.contains(&address("ann")), "{ran:?}");
            assert!(!has_log(&folder), "a log");
        }
        for writer in writers {
            writer.join().unwrap();
        }
        drop(over);
    });
    kill(server);
    assert_eq!(in_file(&folder.path(FILE)).len(), 1 + CLIENTS * SIGN_UPS);
    assert_eq!(journal(&folder), "delete");
}

#[test]
fn a_log_that_another_program_holds_cannot_be_left_and_is_left_when_it_ends() {
    let folder = folder(&json!("delete"));
    switch(&folder, "wal");
    let other = open(&folder.path(FILE));
    let count = r#"SELECT COUNT(*) FROM "user""#;
    assert_eq!(other.query_row(count, [], |row| row.get::<_, i64>(0)), Ok(1));
    let update = ["users", "update", &address("ann"), "--name", "B"];
    folder.run(&update).failed(1, "has a write-ahead log and is open elsewhere");
    folder.run(&["users", "list"]).succeeded();
    other.close().unwrap();
    folder.run(&update).succeeded();
    assert_eq!(journal(&folder), "delete");
}

#[test]
fn a_server_is_ready_when_it_could_leave_the_log() {
    let folder = folder(&json!("delete"));
    switch(&folder, "wal");
    let other = open(&folder.path(FILE));
    let count = r#"SELECT COUNT(*) FROM "user""#;
    assert_eq!(other.query_row(count, [], |row| row.get::<_, i64>(0)), Ok(1));
    let server = Server::start(&folder, &["--admin", "127.0.0.1:0"]);
    assert!(
        server.log().contains("is open elsewhere, so database.journalMode"),
        "{}",
        server.log()
    );
    assert_eq!(sign_in(&server, "ann").0, 503);
    until("it is seen not to be ready", || server.watch("/readyz").0 == 503);
    other.close().unwrap();
    until("it is seen to be ready", || server.watch("/readyz").0 == 200);
    assert!(!has_log(&folder));
    signs_up(&server, "a");
}

/// As a command does that was not told of the option.
#[test]
fn a_log_that_another_program_gives_the_file_is_left_at_the_next_write() {
    let folder = folder(&json!("delete"));
    let server = Server::start(&folder, &[]);
    signs_up(&server, "a");
    switch(&folder, "wal");
    assert_eq!(sign_in(&server, "a").0, 200);
    signs_up(&server, "b");
    signs_up(&server, "c");
    assert!(!has_log(&folder));
    assert_eq!(journal(&folder), "delete");
    // Where it may stay, it is kept, and looked after.
    let kept = self::folder(&json!("keep"));
    let keeping = Server::start(&kept, &[]);
    signs_up(&keeping, "a");
    switch(&kept, "wal");
    signs_up(&keeping, "b");
    fs::remove_file(kept.path(&format!("{FILE}-wal"))).unwrap();
    signs_up(&keeping, "c");
    for (server, folder) in [(server, folder), (keeping, kept)] {
        kill(server);
        assert_eq!(in_file(&folder.path(FILE)), ["a", "ann", "b", "c"].map(address));
    }
}

#[test]
fn a_file_that_is_replaced_or_moved_is_noticed_without_a_log_too() {
    let backup = folder(&json!("delete"));
    let folder = folder(&json!("delete"));
    let server = Server::start(&folder, &[]);
    signs_up(&server, "a");
    let former = folder.path("former.db");
    fs::rename(folder.path(FILE), &former).unwrap();
    for _ in 0..2 {
        let (status, body) = sign_up(&server, "b");
        assert_eq!((status, &body["code"]), (503, &json!("DATABASE_UNAVAILABLE")));
        assert_eq!(sign_in(&server, "a").0, 503);
    }
    fs::rename(backup.path(FILE), folder.path(FILE)).unwrap();
    assert_eq!(sign_in(&server, "a").0, 401);
    signs_up(&server, "b");
    kill(server);
    assert_eq!(in_file(&folder.path(FILE)), ["ann", "b"].map(address));
    assert_eq!(in_file(&former), ["a", "ann"].map(address));
}

/// Leaves a write that was interrupted: pages that were changed, and a journal with what they were.
fn interrupt(folder: &Folder) {
    let connection = open(&folder.path(FILE));
    connection.execute_batch("PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN").unwrap();
    connection
        .execute(r#"UPDATE "user" SET "email" = 'half', "name" = $1"#, ["x".repeat(100_000)])
        .unwrap();
    connection.execute_batch("CREATE TABLE much AS SELECT 'x' AS x").unwrap();
    let copies = ["", "-journal"].map(|ending| {
        let (from, to) = (format!("{FILE}{ending}"), format!("copy{ending}"));
        fs::copy(folder.path(&from), folder.path(&to)).unwrap();
        (to, from)
    });
    drop(connection);
    for (copy, name) in copies {
        fs::rename(folder.path(&copy), folder.path(&name)).unwrap();
    }
}

#[test]
fn a_write_that_was_interrupted_is_undone_and_never_read() {
    let folder = folder(&json!("delete"));
    interrupt(&folder);
    assert_ne!(fs::metadata(folder.path(&format!("{FILE}-journal"))).unwrap().len(), 0);
    // Without the right to undo it there is nothing to read.
    for url in ["file:better-auth.db?mode=ro", "file:better-auth.db?immutable=1"] {
        let ran = folder.run(&["--database", url, "users", "list"]).failed(1, "better-auth.db");
        assert!(!ran.stdout.contains("half") && ran.stderr.contains("journal"), "{ran:?}");
    }
    let ran = folder.run(&["users", "list"]).succeeded();
    assert!(ran.stdout.contains(&address("ann")), "{ran:?}");
    assert!(!folder.path(&format!("{FILE}-journal")).exists());
}

#[test]
fn a_database_on_a_read_only_mount_is_read_with_what_was_committed() {
    for is_interrupted in [false, true] {
        let mounted = Folder::on_file();
        let Some(disk) = SmallDisk::mount(mounted.path("data"), 8 * 1024 * 1024) else { return };
        let folder = folder(&json!("delete"));
        if is_interrupted {
            interrupt(&folder);
        }
        for ending in ["", "-journal"] {
            let name = format!("{FILE}{ending}");
            if folder.path(&name).exists() {
                fs::copy(folder.path(&name), disk.0.join(&name)).unwrap();
            }
        }
        mounted.configure(&json!({
            "secret": "a secret of at least thirty-two characters",
            "database": {"url": "sqlite:data/better-auth.db", "journalMode": "delete"},
            "server": {"admin": {"port": 0}},
        }));
        disk.remount("ro");
        if is_interrupted {
            let ran = mounted.run(&["users", "list"]);
            let ran =
                ran.failed(1, "-journal holds a write that was interrupted and cannot be undone");
            assert!(ran.stderr.contains("Read-only file system"), "{ran:?}");
        } else {
            let server = Server::start(&mounted, &[]);
            assert_eq!(sign_up(&server, "b").0, 503);
            until("it is seen to be read-only", || server.watch("/readyz").0 == 503);
            disk.remount("rw");
            signs_up(&server, "b");
            until("it is seen to be ready", || server.watch("/readyz").0 == 200);
            drop(server);
        }
        disk.remount("rw");
        let ran = mounted.run(&["users", "list"]).succeeded();
        assert!(ran.stdout.contains(&address("ann")) && !ran.stdout.contains("half"), "{ran:?}");
    }
}

/// A directory that may not be written has no place for a journal, whatever may be done with the file.
#[cfg(target_os = "linux")]
#[test]
fn without_a_place_for_its_journal_a_file_is_read_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder(&json!("delete"));
    let run = |words: &[&str]| {
        let mut command = bound_by_permissions();
        command.current_dir(folder.path(".")).env_clear().args(words);
        let output = command.output().unwrap();
        [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap())
    };
    fs::set_permissions(folder.path("."), fs::Permissions::from_mode(0o500)).unwrap();
    let [_, said] = run(&["users", "update", &address("ann"), "--name", "B"]);
    assert!(said.contains("better-auth.db-journal cannot be made: Permission denied"), "{said}");
    let [list, said] = run(&["users", "list"]);
    assert!(list.contains(&address("ann")), "{said}");
    fs::set_permissions(folder.path("."), fs::Permissions::from_mode(0o700)).unwrap();
    let [shown, said] = run(&["users", "update", &address("ann"), "--name", "B"]);
    assert!(shown.contains(" B"), "{said}");
}
