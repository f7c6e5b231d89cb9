//! The files of the database are moved, replaced and removed while a server has them open: what was
//! acknowledged is kept, nothing is acknowledged that would be lost, and no restart is needed.

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::thread;

use better_auth::database::Clock;
use better_auth::database::Database;
use better_auth::database::DatabaseError;
use better_auth::database::Param;
use rusqlite::Connection;
use rusqlite::OpenFlags;
use serde_json::json;

use super::people::address;
use super::people::assert_unavailable;
use super::people::in_file;
use super::people::sign_in;
use super::people::sign_up;
use crate::harness::Folder;
use crate::harness::patience::Over;
use crate::harness::server::Server;
use crate::harness::until;

const FILE: &str = "better-auth.db";

#[track_caller]
fn signs_up(server: &Server, name: &str) {
    let (status, body) = sign_up(server, name);
    assert_eq!(status, 200, "{body}");
}

fn kill(mut server: Server) {
    server.signal("KILL");
    server.wait();
}

/// A connection that is closed removes the log when nobody else seems to have it. Newer versions of SQLite look
/// twice; older ones, such as a `sqlite3` of the system, believe the lock alone.
#[test]
fn a_program_that_opens_and_closes_the_database_takes_nothing_along() {
    let folder = Folder::migrated_file();
    let server = Server::start(&folder, &[]);
    for (n, name) in (1_i64..).zip(["a", "b", "c"]) {
        signs_up(&server, name);
        assert!(!cfg!(target_os = "linux") || holds_lock(&server, &folder.path(FILE)));
        // As such a program does it; a connection of ours would not tidy up.
        let other = Connection::open_with_flags(folder.path(FILE), OpenFlags::default()).unwrap();
        let count = other.query_row(r#"SELECT COUNT(*) FROM "user""#, [], |row| row.get(0));
        assert_eq!(count, Ok(n));
        other.close().unwrap();
        assert!(folder.path("better-auth.db-wal").exists(), "the log is gone");
    }
    signs_up(&server, "d");
    kill(server);
    assert_eq!(in_file(&folder.path(FILE)), ["a", "b", "c", "d"].map(address));
}

/// Whether the server has the shared lock that says that it uses this file, as Linux tells it.
fn holds_lock(server: &Server, file: &Path) -> bool {
    let inode = format!(
        ":{} 1073741826 ",
        std::os::unix::fs::MetadataExt::ino(&fs::metadata(file).unwrap())
    );
    let process = format!(" READ {} ", server.id());
    let locks = fs::read_to_string("/proc/locks").unwrap();
    locks.lines().any(|line| line.contains(&process) && line.contains(&inode))
}

#[test]
fn a_backup_that_takes_the_place_of_the_database_is_served_from_then_on() {
    let backup = Folder::migrated_file();
    backup.create_user(&address("old"));
    let folder = Folder::migrated_file();
    let server = Server::start(&folder, &[]);
    signs_up(&server, "a");
    let former = folder.path("former.db");
    fs::hard_link(folder.path(FILE), &former).unwrap();
    fs::rename(backup.path(FILE), folder.path(FILE)).unwrap();

    assert_eq!(sign_in(&server, "a").0, 401);
    assert_eq!(sign_in(&server, "old").0, 200);
    signs_up(&server, "b");
    kill(server);
    assert_eq!(in_file(&folder.path(FILE)), ["b", "old"].map(address));
    // The log of the former one was written back, not mixed into the other.
    assert_eq!(in_file(&former), [address("a")]);
}

#[test]
fn a_write_is_the_first_to_notice_that_the_database_was_replaced() {
    let backup = Folder::migrated_file();
    let folder = Folder::migrated_file();
    let server = Server::start(&folder, &[]);
    signs_up(&server, "a");
    fs::rename(backup.path(FILE), folder.path(FILE)).unwrap();
    signs_up(&server, "a");
    kill(server);
    assert_eq!(in_file(&folder.path(FILE)), [address("a")]);
}

#[test]
fn without_its_database_a_server_says_so_and_goes_on_when_it_is_back() {
    let folder = Folder::migrated_file();
    let server = Server::start(&folder, &[]);
    signs_up(&server, "a");
    let away = folder.path("away.db");
    fs::rename(folder.path(FILE), &away).unwrap();
    for _ in 0..2 {
        assert_unavailable(&sign_up(&server, "b"));
        assert_unavailable(&sign_in(&server, "a"));
    }
    assert!(!folder.path(FILE).exists(), "an empty database was made in its place");
    assert_eq!(server.get("/ok", ""), r#"{"ok":true}"#);

    fs::rename(&away, folder.path(FILE)).unwrap();
    assert_eq!(sign_in(&server, "a").0, 200);
    signs_up(&server, "b");
    kill(server);
    assert_eq!(in_file(&folder.path(FILE)), ["a", "b"].map(address));
}

#[test]
fn a_database_without_tables_in_its_place_is_no_success() {
    let folder = Folder::migrated_file();
    let server = Server::start(&folder, &[]);
    signs_up(&server, "a");
    fs::remove_file(folder.path(FILE)).unwrap();
    fs::write(folder.path(FILE), "").unwrap();
    let (status, body) = sign_up(&server, "b");
    assert_eq!((status, &body["code"]), (503, &json!("SCHEMA_MISMATCH")));
    folder.run(&["migrate", "--yes"]).succeeded();
    signs_up(&server, "b");
}

#[test]
fn a_log_that_somebody_removes_is_written_into_the_database_first() {
    for endings in [&["-wal"][..], &["-shm"], &["-wal", "-shm"]] {
        let folder = Folder::migrated_file();
        let server = Server::start(&folder, &[]);
        signs_up(&server, "a");
        for ending in endings {
            fs::remove_file(folder.path(&format!("{FILE}{ending}"))).unwrap();
        }
        signs_up(&server, "b");
        assert_eq!(sign_in(&server, "a").0, 200);
        signs_up(&server, "c");
        kill(server);
        assert_eq!(in_file(&folder.path(FILE)), ["a", "b", "c"].map(address), "{endings:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_that_is_led_to_another_database_is_followed() {
    let (first, second) = (Folder::migrated_file(), Folder::migrated_file());
    let folder = Folder::on_file();
    std::os::unix::fs::symlink(first.path(FILE), folder.path(FILE)).unwrap();
    let server = Server::start(&folder, &[]);
    signs_up(&server, "a");
    std::os::unix::fs::symlink(second.path(FILE), folder.path("next")).unwrap();
    fs::rename(folder.path("next"), folder.path(FILE)).unwrap();
    signs_up(&server, "b");
    kill(server);
    assert_eq!(in_file(&first.path(FILE)), [address("a")]);
    assert_eq!(in_file(&second.path(FILE)), [address("b")]);
}

/// Threads write and read while the database is moved away and another one put in its place, again and again.
/// Whatever was acknowledged is in one of the files, and each of them holds together.
#[test]
fn under_load_every_acknowledged_row_is_in_the_file_that_was_there() {
    const WRITERS: i64 = 4;
    const CHANGES: usize = 40;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let make = |file: &Path| {
        let database = Database::sqlite(file, Clock::SYSTEM);
        database.create().unwrap();
        database.write(|tx| tx.execute("CREATE TABLE t (n integer PRIMARY KEY)", &[])).unwrap();
    };
    make(&path("live.db"));
    let database = Database::sqlite(path("live.db"), Clock::SYSTEM);
    let is_over = AtomicBool::new(false);
    let insert = |n: i64| {
        let sql = "INSERT INTO t VALUES ($1)";
        database.write(|tx| tx.execute(sql, &[Param::Integer(n)])).map(drop)
    };
    let mut former: Vec<PathBuf> = Vec::new();
    let acknowledged: Vec<i64> = thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (insert, is_over) = (&insert, &is_over);
                scope.spawn(move || {
                    let numbers = (0..).map(|n| n * WRITERS + writer);
                    let numbers = numbers.take_while(|_| !is_over.load(Ordering::SeqCst));
                    numbers.filter(|n| allowed(insert(*n)).is_some()).collect::<Vec<_>>()
                })
            })
            .collect();
        scope.spawn(|| {
            while !is_over.load(Ordering::SeqCst) {
                let count = |row: &better_auth::database::Row<'_>| row.integer(0);
                allowed(database.read(|tx| tx.find("SELECT COUNT(*) FROM t", &[], count)));
            }
        });
        let over = Over(&is_over);
        for change in 0..CHANGES {
            make(&path("next.db"));
            let away = path(&format!("former-{change}.db"));
            if change % 2 == 0 {
                fs::rename(path("live.db"), &away).unwrap();
            } else {
                fs::hard_link(path("live.db"), &away).unwrap();
            }
            fs::rename(path("next.db"), path("live.db")).unwrap();
            former.push(away);
            // Until it is used.
            until("the new file is used", || insert(-1).is_ok());
        }
        drop(over);
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    drop(database);
    former.push(path("live.db"));
    let mut found: Vec<i64> = former.iter().flat_map(|file| numbers(file)).collect();
    found.sort_unstable();
    let lost: Vec<_> = acknowledged.iter().filter(|n| found.binary_search(n).is_err()).collect();
    assert!(lost.is_empty(), "{} of {} are lost: {lost:?}", lost.len(), acknowledged.len());
    assert!(CHANGES < acknowledged.len(), "{} writes are no load", acknowledged.len());
}

/// What an operation answered; while the file is replaced it may say so, and nothing else.
fn allowed<T>(result: Result<T, DatabaseError>) -> Option<T> {
    match result {
        Ok(answer) => Some(answer),
        Err(DatabaseError::Unavailable(_)) => None,
        Err(other) => panic!("{other}"),
    }
}

fn numbers(file: &Path) -> Vec<i64> {
    let database = Database::sqlite(file, Clock::SYSTEM);
    let found = database.read(|tx| {
        let sound = tx.list("PRAGMA integrity_check", &[], |row| row.text(0))?;
        assert_eq!(sound, ["ok"], "{}", file.display());
        tx.list("SELECT n FROM t", &[], |row| row.integer(0))
    });
    found.unwrap()
}

#[cfg(unix)]
#[test]
fn the_database_and_what_stands_beside_it_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::on_file();
    let migrate = ["-c", "umask 000; exec \"$0\" migrate", env!("CARGO_BIN_EXE_better-auth")];
    let mut command = std::process::Command::new("sh");
    assert!(
        command.args(migrate).env_clear().current_dir(folder.path(".")).status().unwrap().success()
    );
    let server = Server::start(&folder, &[]);
    for name in ["better-auth.db", "better-auth.db-wal", "better-auth.db-shm", "better-auth.secret"]
    {
        let metadata = fs::metadata(folder.path(name));
        let mode = metadata.unwrap_or_else(|error| panic!("{name}: {error}")).permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    drop(server);
}
