//! A server that writes without pause and commands beside it, on one file: nobody is locked out, nothing is
//! lost.

use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use serde_json::Value;
use serde_json::json;

use crate::harness::Folder;
use crate::harness::patience::Over;
use crate::harness::server::Server;
use crate::harness::server::agent;
use crate::harness::server::cookie;

/// How long both go on; enough for thousands of writes.
const LASTS: Duration = Duration::from_secs(20);
/// Sign-ins that are a load. A machine that does other work, too, takes longer for them.
const SIGN_INS: usize = 100;
/// By then nobody signs in any more, and never will.
const PATIENCE: Duration = Duration::from_secs(600);

#[test]
fn another_program_that_ends_takes_no_log_away_from_a_server() {
    let folder = Folder::migrated_file();
    folder.create_user("user-0@example.com");
    let server = Server::start(&folder, &[]);
    let body = json!({"email": "user-0@example.com", "password": "correct horse battery"});
    // Reads and writes, so it has more than one connection.
    let cookie = cookie(&server.post("/sign-in/email", &body));
    for (at, name) in [(1, "Ada"), (2, "Grace"), (3, "Zoe")] {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE;
        let file = folder.path("better-auth.db");
        let other = rusqlite::Connection::open_with_flags(file, flags).unwrap();
        other.execute(r#"UPDATE "user" SET "name" = $1"#, [name]).unwrap();
        let count = r#"SELECT COUNT(*) FROM "session""#;
        let sessions: i64 = other.query_row(count, [], |row| row.get(0)).unwrap();
        other.close().unwrap();
        assert_eq!(sessions, at, "what the server wrote is there");
        let session = server.get("/get-session", &cookie);
        assert!(session.contains(name), "the server does not see {name}: {session}");
        assert_eq!(server.post("/sign-in/email", &body).status(), 200);
    }
}

#[test]
fn two_processes_write_to_one_file_for_twenty_seconds() {
    let folder = Folder::migrated();
    for n in 0..4 {
        folder.create_user(&format!("user-{n}@example.com"));
    }
    let server = Server::start(&folder, &[]);
    let is_over = AtomicBool::new(false);
    let begun: Mutex<Vec<String>> = Mutex::default();
    let mut ended = 0;
    thread::scope(|scope| {
        for n in 0..4 {
            let (server, is_over, begun) = (&server, &is_over, &begun);
            scope.spawn(move || {
                while !is_over.load(Ordering::SeqCst) {
                    let token = sign_in_and_out(server, n);
                    begun.lock().unwrap().push(token);
                }
            });
        }
        let _over = Over(&is_over);
        let until = Instant::now() + LASTS;
        while Instant::now() < until || begun.lock().unwrap().len() < SIGN_INS {
            assert!(Instant::now() < until + PATIENCE, "the server answers nobody");
            let list = folder.run(&["sessions", "list", "--json", "--limit", "1"]).succeeded();
            let oldest = list.json()["sessions"][0]["id"].as_str().map(str::to_owned);
            folder
                .run(&["users", "update", "user-3@example.com", "--name", &ended.to_string()])
                .succeeded();
            // The server may have ended it in the meantime: then it is not found, and that is all.
            if let Some(id) = oldest {
                let ran = folder.run(&["sessions", "revoke", &id]);
                assert!([0, 3].contains(&ran.code), "{ran:?}");
                ended += i32::from(ran.code == 0);
            }
        }
    });

    let kept = begun.into_inner().unwrap();
    let list = folder.run(&["sessions", "list", "--json", "--limit", "1000000"]).succeeded();
    let left = list.json()["sessions"].as_array().unwrap().len();
    assert!(0 < ended, "the command never got a turn");
    // Of every two sessions one was signed out, the other stays unless the command ended it.
    assert!(left <= kept.len() && kept.len() <= left + usize::try_from(ended).unwrap());
    let name = folder.run(&["users", "show", "user-3@example.com", "--json"]).succeeded().json();
    assert!(name["user"]["name"].as_str().unwrap().parse::<i32>().is_ok());
}

/// Begins two sessions and ends one of them; every answer must be what it would be without the other process.
/// Answers the cookie of the session that stays.
fn sign_in_and_out(server: &Server, n: usize) -> String {
    let body =
        json!({"email": format!("user-{n}@example.com"), "password": "correct horse battery"});
    let [stays, goes] = [(); 2].map(|()| {
        let answer = server.post("/sign-in/email", &body);
        assert_eq!(answer.status(), 200);
        cookie(&answer)
    });
    let origin = server.url.trim_end_matches("/api/auth").to_owned();
    let answer = agent()
        .post(format!("{}/sign-out", server.url))
        .header("cookie", &goes)
        .header("origin", origin)
        .send_empty()
        .unwrap();
    assert_eq!(answer.status(), 200);
    let session: Value = serde_json::from_str(&server.get("/get-session", &goes)).unwrap();
    assert_eq!(session, Value::Null);
    stays
}
