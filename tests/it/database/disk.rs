//! A disk that is full, read-only, failing or damaged, and too few descriptors: a clear answer, no crash, and no
//! restart once the cause is gone.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::process::Command;
use std::thread;

use better_auth::config::DatabaseOptions;
use better_auth::config::JournalMode;
use better_auth::database::Clock;
use better_auth::database::Database;
use better_auth::database::Timestamp;
use rusqlite::Connection;
use rusqlite::OpenFlags;
use serde_json::Value;
use serde_json::json;

use super::fault::FailingDisk;
use super::people::address;
use super::people::assert_unavailable;
use super::people::in_file;
use super::people::sign_in;
use super::people::sign_up;
use super::small_disk::SmallDisk;
use crate::harness::Folder;
use crate::harness::server::Server;

const FILE: &str = "better-auth.db";

/// Every session is due to be extended at each read.
fn always_due() -> Value {
    json!({"session": {"updateAge": 0}})
}

/// No space, a file system that the kernel made read-only, and a disk that loses what it is given or cannot say
/// that it has it.
#[cfg(target_os = "linux")]
#[test]
fn whatever_the_disk_refuses_is_not_acknowledged_and_reads_go_on() {
    for journal in ["wal", "delete"] {
        refuse_everything(journal);
    }
}

fn refuse_everything(journal: &str) {
    let mut config = always_due();
    config["database"] = json!({"journalMode": journal});
    let disk = FailingDisk::start(&config, &[]);
    let (server, mut expected) = (&disk.server, Vec::new());
    for (n, how) in ["w28", "w30", "w5", "s5"].into_iter().enumerate() {
        let [before, refused, after] = ["before", "refused", "after"].map(|at| format!("{at}{n}"));
        let cookie = signed_up(server, &before);
        let over = signed_up(server, &format!("over{n}"));
        end_in_file(&disk.folder.path(FILE), &format!("over{n}"));
        disk.fails(how);
        for _ in 0..3 {
            assert_unavailable(&sign_up(server, &refused));
            // The first session cannot be extended, the second cannot be removed.
            assert!(server.get("/get-session", &cookie).contains(&before), "{journal}: {how}");
            assert_eq!(server.get("/get-session", &over), "null", "{how}");
        }
        expected.push(address(&format!("over{n}")));
        disk.fails("");
        signed_up(server, &after);
        signed_up(server, &refused);
        expected.extend([before, refused, after].map(|name| address(&name)));
    }
    end(disk.server);
    expected.sort();
    assert_eq!(in_file(&disk.folder.path(FILE)), expected);
}

/// Lets the session of this user expire.
fn end_in_file(file: &Path, name: &str) {
    let url = format!("file:{}", file.display());
    let options = DatabaseOptions {
        url: url.into(),
        journal_mode: JournalMode::Keep,
        ..DatabaseOptions::default()
    };
    let database = Database::new(&options, Clock::SYSTEM);
    let sql = r#"UPDATE "session" SET "expiresAt" = $1
        WHERE "userId" = (SELECT "id" FROM "user" WHERE "email" = $2)"#;
    let (past, address) = (Timestamp::from_millis(0), address(name));
    let params = [past.into(), address.as_str().into()];
    assert_eq!(database.write(|tx| tx.execute(sql, &params)), Ok(1));
}

fn signed_up(server: &Server, name: &str) -> String {
    let body = serde_json::json!({
        "name": name, "email": address(name), "password": super::people::PASSWORD,
    });
    let answer = server.post("/sign-up/email", &body);
    assert_eq!(answer.status(), 200, "{name}");
    crate::harness::server::cookie(&answer)
}

fn end(mut server: Server) {
    server.signal("KILL");
    server.wait();
}

/// Takes what is left of it.
fn fill(disk: &SmallDisk) {
    let mut file = fs::File::create(disk.0.join("filler")).unwrap();
    // Where the system does not keep to the size it is not the disk of the machine that gets full.
    let is_full = (0..8 * 1024).any(|_| file.write_all(&[0; 512]).is_err());
    assert!(is_full, "the small disk is none");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_stops_writes_until_there_is_space() {
    let folder = Folder::on_file();
    let Some(disk) = SmallDisk::mount(folder.path("disk"), 2 * 1024 * 1024) else { return };
    let file = disk.0.join(FILE);
    folder.configure(&always_due());
    let server = Server::start(&folder, &["--database", "sqlite:disk/better-auth.db"]);
    let mut acknowledged = vec!["first".to_owned()];
    let cookie = signed_up(&server, "first");
    fill(&disk);
    // What SQLite has reserved already may last for a while.
    let refused = (0..1000).map(|n| format!("user{n}")).find(|name| {
        let answer = sign_up(&server, name);
        if answer.0 == 200 {
            acknowledged.push(name.clone());
        } else {
            assert_unavailable(&answer);
        }
        answer.0 != 200
    });
    let refused = refused.expect("the disk is never full");
    for _ in 0..3 {
        assert_unavailable(&sign_up(&server, &refused));
        assert!(server.get("/get-session", &cookie).contains("first"));
    }
    fs::remove_file(disk.0.join("filler")).unwrap();
    assert_eq!(sign_up(&server, &refused).0, 200);
    assert_eq!(sign_in(&server, "first").0, 200);
    acknowledged.push(refused);
    end(server);
    let mut expected: Vec<String> = acknowledged.iter().map(|name| address(name)).collect();
    expected.sort();
    assert_eq!(in_file(&file), expected);
}

/// Puts everything into the file itself and answers where the page with the rows of this table begins.
fn page_of(file: &Path, table: &str) -> u64 {
    let database = Connection::open_with_flags(file, OpenFlags::default()).unwrap();
    let sql =
        "SELECT (rootpage - 1) * page_size FROM sqlite_schema, pragma_page_size WHERE name = $1";
    let at = database.query_row(sql, [table], |row| row.get::<_, i64>(0)).unwrap();
    database.close().unwrap();
    u64::try_from(at).unwrap()
}

#[test]
fn a_damaged_page_is_said_and_a_backup_in_its_place_is_served() {
    let folder = Folder::migrated_file();
    folder.create_user(&address("a"));
    let at = page_of(&folder.path(FILE), "user");
    fs::copy(folder.path(FILE), folder.path("backup.db")).unwrap();
    let file = fs::File::options().write(true).open(folder.path(FILE)).unwrap();
    file.write_all_at(&[0xff; 512], at).unwrap();
    let server = Server::start(&folder, &[]);
    for _ in 0..2 {
        assert_unavailable(&sign_in(&server, "a"));
        assert_unavailable(&sign_up(&server, "b"));
    }
    assert_eq!(server.get("/ok", ""), r#"{"ok":true}"#);
    let listed = folder.run(&["list-users"]).failed(1, "the database is damaged: database disk");
    assert!(listed.stderr.contains("hint: restore a backup"), "{listed:?}");

    fs::rename(folder.path("backup.db"), folder.path(FILE)).unwrap();
    assert_eq!(sign_in(&server, "a").0, 200);
    assert_eq!(sign_up(&server, "b").0, 200);
    end(server);
    assert_eq!(in_file(&folder.path(FILE)), ["a", "b"].map(address));
}

/// A file that is cut off would end a process that has it mapped into memory.
#[test]
fn a_file_that_is_cut_off_ends_no_server() {
    let folder = Folder::migrated_file();
    folder.create_user(&address("a"));
    let backup = fs::read(folder.path(FILE)).unwrap();
    let server = Server::start(&folder, &[]);
    assert_eq!(sign_in(&server, "a").0, 200);
    fs::File::options().write(true).open(folder.path(FILE)).unwrap().set_len(8192).unwrap();
    for _ in 0..3 {
        let (status, body) = sign_up(&server, "b");
        assert!([200, 503].contains(&status), "{body}");
    }
    assert_eq!(server.get("/ok", ""), r#"{"ok":true}"#);
    fs::write(folder.path("next"), backup).unwrap();
    fs::rename(folder.path("next"), folder.path(FILE)).unwrap();
    assert_eq!(sign_in(&server, "a").0, 200);
}

/// The binary with this many descriptors.
fn with_descriptors(count: u32) -> Command {
    let mut command = Command::new("sh");
    let script = format!("ulimit -n {count}; exec \"$@\"");
    command.args(["-c", &script, "sh", env!("CARGO_BIN_EXE_better-auth")]);
    command
}

#[test]
fn without_descriptors_a_command_says_so() {
    let folder = Folder::migrated_file();
    folder.create_user(&address("a"));
    let mut codes = Vec::new();
    for count in 4..12 {
        let mut command = with_descriptors(count);
        command.env_clear().current_dir(folder.path(".")).arg("list-users");
        let output = command.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        let code = output.status.code().unwrap_or_else(|| panic!("{count}: {said}"));
        assert_eq!(code == 0, said.is_empty(), "{count}: {said}");
        assert!(code == 0 || said.contains("error: The database is not available"), "{said}");
        codes.push(code);
    }
    assert_eq!((codes.first(), codes.last()), (Some(&1), Some(&0)), "{codes:?}");
}

#[test]
fn without_descriptors_a_server_refuses_and_goes_on_when_there_are_some() {
    let folder = Folder::migrated_file();
    folder.create_user(&address("a"));
    let server = Server::start_by(with_descriptors(32), &folder, &[]);
    let results: Vec<(String, (u16, Value))> = thread::scope(|scope| {
        let people: Vec<_> = (0..48)
            .map(|n| {
                let server = &server;
                scope.spawn(move || (format!("user{n}"), sign_up(server, &format!("user{n}"))))
            })
            .collect();
        people.into_iter().map(|person| person.join().unwrap()).collect()
    });
    let mut expected = vec![address("a")];
    for (name, answer) in &results {
        if answer.0 == 200 {
            expected.push(address(name));
        } else {
            // There was no descriptor for the connection, or none for the database.
            let codes = ["SERVER_BUSY", "DATABASE_UNAVAILABLE"];
            let code = answer.1["code"].as_str().unwrap();
            assert!(answer.0 == 503 && codes.contains(&code), "{answer:?}");
        }
    }
    assert_eq!(sign_in(&server, "a").0, 200);
    assert_eq!(sign_up(&server, "z").0, 200);
    expected.push(address("z"));
    end(server);
    expected.sort();
    assert_eq!(in_file(&folder.path(FILE)), expected);
}
