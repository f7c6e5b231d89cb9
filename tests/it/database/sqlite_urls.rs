//! URLs of SQLite, as other programs write them: what they choose, what they cannot, and what is refused.

use std::fs;

use better_auth::database::Clock;
use better_auth::database::Database;
use serde_json::Value;
use serde_json::json;

use super::people::address;
use super::people::sign_up;
use crate::harness::Folder;
use crate::harness::cli::Ran;
use crate::harness::server::Server;
use crate::harness::server::cookie;
use crate::harness::until;

const FILE: &str = "better-auth.db";
const SECRET: &str = "a secret of at least thirty-two characters";

/// A folder with a user in its database.
fn folder() -> Folder {
    let folder = Folder::on_file().with("BETTER_AUTH_SECRET", SECRET);
    folder.run(&["migrate"]).succeeded();
    folder.create_user(&address("ann"));
    folder
}

fn on(folder: &Folder, url: &str, words: &[&str]) -> Ran {
    folder.run(&[&["--database", url], words].concat())
}

/// The names in a folder, in order.
fn names(folder: &Folder) -> Vec<String> {
    let entries = fs::read_dir(folder.path(".")).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn lists_ann(ran: &Ran) -> bool {
    ran.stdout.contains(&address("ann"))
}

/// As Prisma, sqlx and Better Auth's own documentation write it.
#[test]
fn parameters_are_no_part_of_the_name_of_a_file() {
    let folder = folder();
    for url in [
        "file:./better-auth.db?connection_limit=1",
        "file:better-auth.db?connection_limit=1&socket_timeout=20",
        "sqlite:better-auth.db?mode=rwc",
        "sqlite://better-auth.db?mode=rw&cache=private",
        "sqlite:better-auth.db?mode=ro",
        "file:better%2Dauth.db?cache=shared",
    ] {
        let ran = on(&folder, url, &["users", "list"]).succeeded();
        assert!(lists_ann(&ran), "{url}: {ran:?}");
        let is_told = ran.stderr.contains("warning: database.url: ignores the parameter");
        assert_eq!(is_told, url.contains("limit") || url.contains("shared"), "{url}: {ran:?}");
        on(&folder, url, &["migrate", "status"]).succeeded();
    }
    let all = "file:better-auth.db?connection_limit=1&socket_timeout=20";
    let said = on(&folder, all, &["users", "list"]).stderr;
    assert!(said.contains("the parameters connection_limit, socket_timeout"), "{said}");
    let absolute = folder.path(FILE).display().to_string();
    for url in [format!("file://{absolute}?mode=ro"), format!("file://localhost{absolute}")] {
        assert!(lists_ann(&on(&folder, &url, &["users", "list"]).succeeded()), "{url}");
    }
    assert!(names(&folder).iter().all(|name| !name.contains('?')), "{:?}", names(&folder));
}

#[test]
fn what_is_not_understood_is_refused_by_every_command_and_makes_nothing() {
    for (url, said) in [
        ("\"file:a.db\"", "is in quotation marks"),
        ("'postgres://u:hunter2@h/d'", "is in quotation marks"),
        ("\"postgres://u:hunter2@h/d", "is in quotation marks"),
        ("file:'a.db'", "is in quotation marks"),
        ("`a.db`", "is in quotation marks"),
        ("“a.db”", "is in quotation marks"),
        (" file:a.db", "has blanks around it"),
        ("a.db\n", "has blanks around it"),
        ("file:a.db?vfs=unix-none", "contains the unknown parameter vfs"),
        ("file:a.db?nolock=1", "contains the unknown parameter nolock"),
        ("sqlite:a.db?authToken=hunter2", "contains the unknown parameter authToken"),
        ("file:a.db?mod=ro", "did you mean mode?"),
        ("file:a.db?mode=hunter2", "contains an unknown mode"),
        ("file:a.db?mode=memory&cache=shared", "a database in memory would be lost"),
        ("sqlite:file:a?mode=memory", "a database in memory would be lost"),
        ("a.db?mode=ro", "has parameters without file: before them"),
        ("file:what?.db", "written %3F"),
        ("file:a#b.db", "written %23"),
        ("file://server/a.db", "names a host"),
    ] {
        let (flag, variable) = (Folder::on_file(), Folder::on_file().with("DATABASE_URL", url));
        for words in [&["migrate", "--yes"][..], &["serve", "--port", "0"], &["users", "list"]] {
            for ran in [on(&flag, url, words), variable.run(words)] {
                let ran = ran.failed(2, said);
                assert!(ran.stderr.contains("database.url: "), "{ran:?}");
                assert!(!format!("{ran:?}").contains("hunter2"), "{ran:?}");
            }
        }
        for folder in [flag, variable] {
            assert_eq!(names(&folder), [""; 0], "{url}");
        }
    }
}

#[test]
fn any_name_can_be_written_with_its_escapes() {
    for (url, name) in [
        ("file:what%3F%20%23%25.db", "what? #%.db"),
        ("sqlite:%22a%22.db", "\"a\".db"),
        ("file:file%3Aa.db", "file:a.db"),
        ("file:100%.db", "100%.db"),
        // A name without a scheme is no URL.
        ("a%20b.db", "a%20b.db"),
    ] {
        let folder = Folder::on_file().with("BETTER_AUTH_SECRET", SECRET);
        on(&folder, url, &["migrate"]).succeeded();
        assert_eq!(names(&folder), [name], "{url}");
        let other = Database::sqlite(folder.path(name), Clock::SYSTEM);
        assert_eq!(other.exists(), Ok(true));
        on(&folder, url, &["users", "list"]).succeeded();
    }
}

#[test]
fn a_file_that_is_not_to_be_made_is_not_made() {
    for (mode, words) in [
        ("rw", &["migrate", "--yes"][..]),
        ("rw", &["serve", "--port", "0"]),
        ("ro", &["migrate", "--yes"]),
        ("ro", &["serve", "--port", "0"]),
        ("ro", &["users", "list"]),
    ] {
        let folder = Folder::on_file().with("BETTER_AUTH_SECRET", SECRET);
        let said = format!("a.db does not exist, and mode={mode} makes none");
        on(&folder, &format!("file:a.db?mode={mode}"), words).failed(1, &said);
        assert_eq!(names(&folder), [""; 0]);
    }
    let folder = folder();
    let url = "file:better-auth.db?mode=rw";
    on(&folder, url, &["users", "update", &address("ann"), "--name", "Ann"]).succeeded();
}

fn readiness(server: &Server) -> (u16, Value) {
    let (status, body) = server.watch("/readyz");
    (status, serde_json::from_str(&body).unwrap())
}

#[test]
fn a_database_that_is_opened_for_reading_is_served_and_never_written() {
    for (url, choice) in [
        ("file:better-auth.db?mode=ro", "better-auth.db is opened with mode=ro"),
        ("file:better-auth.db?immutable=1", "better-auth.db is opened with immutable=1"),
    ] {
        let folder = folder();
        let mut writer = Server::start(&folder, &[]);
        let body = json!({"email": address("ann"), "password": "correct horse battery"});
        let cookie = cookie(&writer.post("/sign-in/email", &body));
        writer.signal("TERM");
        writer.wait();
        let before = fs::read(folder.path(FILE)).unwrap();
        let words = ["--database", url, "--admin", "127.0.0.1:0"];
        let mut server = Server::start(&folder, &words);
        for _ in 0..2 {
            let (status, body) = sign_up(&server, "refused");
            assert_eq!((status, &body["code"]), (503, &json!("DATABASE_READ_ONLY")), "{body}");
            assert!(server.get("/get-session", &cookie).contains(&address("ann")), "{url}");
        }
        let unready = (503, json!({"status": "unavailable", "code": "DATABASE_READ_ONLY"}));
        until("it is seen to be read-only", || readiness(&server) == unready);
        let log = server.log();
        assert!(
            log.contains("the database cannot be written: requests that write are refused"),
            "{log}"
        );
        assert!(log.contains(choice), "{log}");
        on(&folder, url, &["users", "update", &address("ann"), "--name", "B"]).failed(1, choice);
        server.signal("TERM");
        server.wait();
        assert_eq!(fs::read(folder.path(FILE)).unwrap(), before, "{url}");
        if url.contains("immutable") {
            assert_eq!(names(&folder), [FILE]);
        }
    }
}

#[test]
fn what_others_write_is_read_by_who_may_only_read() {
    for journal in ["wal", "delete"] {
        let folder = folder();
        folder.configure(&json!({"database": {"journalMode": journal}}));
        let server = Server::start(&folder, &[]);
        let url = "file:better-auth.db?mode=ro";
        let beside = Server::start(&folder, &["--database", url]);
        for name in ["bob", "zoe"] {
            assert_eq!(sign_up(&server, name).0, 200);
            let body = json!({"email": address(name), "password": "correct horse battery"});
            let cookie = cookie(&server.post("/sign-in/email", &body));
            assert!(beside.get("/get-session", &cookie).contains(&address(name)), "{journal}");
            let ran = on(&folder, url, &["users", "list"]).succeeded();
            assert!(ran.stdout.contains(&address(name)), "{journal}: {ran:?}");
        }
        if journal == "wal" {
            // What the log holds would be missing.
            let said = "has a log or a journal, whose content a reader with immutable=1 would miss";
            let url = "file:better-auth.db?immutable=1";
            on(&folder, url, &["users", "list"]).failed(1, said);
        }
    }
}

#[test]
fn a_file_that_nobody_should_have_written_is_read_again_when_somebody_has() {
    let folder = folder();
    let words = ["--database", "file:better-auth.db?immutable=1"];
    let server = Server::start(&folder, &words);
    let cookie = "better-auth.session_token=nobody";
    assert_eq!(server.get("/get-session", cookie), "null");
    // The last connection writes the log back and removes it.
    folder.create_user(&address("bob"));
    let ran = on(&folder, words[1], &["users", "list"]).succeeded();
    assert!(ran.stdout.contains(&address("bob")), "{ran:?}");
    let body = json!({"email": address("bob"), "password": "correct horse battery"});
    // The address is found, and its session cannot be written.
    let answer = server.post("/sign-in/email", &body);
    assert_eq!(answer.status(), 503, "{}", server.log());
}

#[test]
fn a_database_that_is_only_read_gets_no_secret() {
    let folder = Folder::migrated_file();
    folder.create_user(&address("ann"));
    let url = "file:better-auth.db?mode=ro";
    on(&folder, url, &["serve", "--port", "0"])
        .failed(2, "secret: is missing, and a database that is opened with mode=ro gets none");
    assert!(!folder.path("better-auth.secret").exists());
    let info = on(&folder, url, &["info", "--json"]).succeeded().json();
    assert_eq!(info["secret"], "none; set BETTER_AUTH_SECRET");
    assert!(lists_ann(&on(&folder, url, &["users", "list"]).succeeded()));
}

#[test]
fn a_copy_is_made_from_a_database_that_is_only_read() {
    let folder = folder();
    let before = fs::read(folder.path(FILE)).unwrap();
    let from = "file:better-auth.db?mode=ro";
    folder.run(&["db", "copy", "--from", from, "--to", "copy.db", "--yes"]).succeeded();
    assert!(lists_ann(&on(&folder, "copy.db", &["users", "list"]).succeeded()));
    let into = ["db", "copy", "--from", "copy.db", "--to", from, "--yes", "--mirror"];
    folder.run(&into).failed(1, "better-auth.db is read-only; nothing was changed");
    assert_eq!(fs::read(folder.path(FILE)).unwrap(), before);
}
