//! A disk that neither answers nor fails: nobody waits for it without end, and who asks for health does not wait at all.

#![cfg(target_os = "linux")]

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::thread;

use serde_json::Value;
use serde_json::json;

use super::fault::FailingDisk;
use super::people::PASSWORD;
use super::people::address;
use super::people::sign_up;
use crate::harness::Connection;
use crate::harness::server::Server;
use crate::harness::server::cookie;
use crate::harness::until;

/// More than a machine has cores for.
const MANY: usize = 64;

fn config() -> Value {
    json!({
        "server": {"admin": {"port": 0}, "limits": {"answerTime": 1}},
        "rateLimit": {"enabled": false},
    })
}

/// Somebody signs up; the cookie of the session.
fn signed_up(server: &Server) -> String {
    let body = json!({"name": "a", "email": address("a"), "password": PASSWORD});
    cookie(&server.post("/sign-up/email", &body))
}

fn readiness(disk: &FailingDisk) -> (u16, Value) {
    let (status, body) = disk.server.watch("/readyz");
    (status, serde_json::from_str(&body).unwrap())
}

#[test]
fn while_the_disk_hangs_requests_have_a_deadline_and_health_is_answered() {
    let disk = FailingDisk::start(&config(), &[]);
    let server = &disk.server;
    let cookie = signed_up(server);
    assert!(server.get("/get-session", &cookie).contains(&address("a")));
    assert_eq!(readiness(&disk), (200, json!({"status": "ok"})));

    disk.fails("h");
    let answered = AtomicUsize::new(0);
    thread::scope(|scope| {
        for n in 0..MANY {
            let (answered, cookie) = (&answered, &cookie);
            scope.spawn(move || {
                if n % 2 == 0 {
                    let answer = server.get("/get-session", cookie);
                    assert!(answer.contains("SERVER_BUSY"), "{answer}");
                } else {
                    let (status, body) = sign_up(server, &format!("user{n}"));
                    assert_eq!((status, &body["code"]), (503, &json!("SERVER_BUSY")), "{body}");
                }
                answered.fetch_add(1, Ordering::SeqCst);
            });
        }
        until("the disk is seen to hang", || {
            assert_eq!(server.get("/ok", ""), r#"{"ok":true}"#);
            assert_eq!(server.watch("/healthz").0, 200);
            assert_eq!(server.watch("/metrics").0, 200);
            readiness(&disk) == (503, json!({"status": "unavailable", "code": "TIMEOUT"}))
        });
        until("all have had their time", || answered.load(Ordering::SeqCst) == MANY);
        assert_eq!(server.get("/ok", ""), r#"{"ok":true}"#);
    });
    assert!(server.log().contains("request timed out"), "{}", server.log());

    disk.fails("");
    until("the disk is seen to work", || readiness(&disk).0 == 200);
    until("sessions are found", || server.get("/get-session", &cookie).contains(&address("a")));
    // Those that hung are done first.
    let mut names = (0..).map(|n| format!("after{n}"));
    until("people sign up", || sign_up(server, &names.next().unwrap()).0 == 200);
}

/// It has no deadlines, and a thread for what needs no disk.
#[test]
fn the_small_engine_answers_for_its_health_while_the_disk_hangs() {
    let disk = FailingDisk::start(&config(), &["--engine", "tiny-http"]);
    let server = &disk.server;
    let cookie = format!("Cookie: {}\r\n", signed_up(server));
    // It gives connections that come all at once no thread each.
    let mut own = server.connect();
    let is_ok = |connection: &mut Connection| {
        connection.get("/ok", "").unwrap();
        assert!(connection.answer().unwrap().ends_with(r#"{"ok":true}"#));
    };
    is_ok(&mut own);
    disk.fails("h");
    let mut waiting = Vec::new();
    for _ in 0..MANY {
        let mut connection = server.connect();
        connection.get("/get-session", &cookie).unwrap();
        waiting.push(connection);
    }
    until("the disk is seen to hang", || {
        is_ok(&mut own);
        readiness(&disk).0 == 503
    });
    disk.fails("");
    own.get("/get-session", &cookie).unwrap();
    assert!(own.answer().unwrap().contains(&address("a")));
}

/// What hangs holds nobody's end up.
#[test]
fn a_server_ends_although_the_disk_hangs() {
    let mut config = config();
    config["server"]["limits"]["drainTime"] = json!(0);
    let mut disk = FailingDisk::start(&config, &[]);
    let cookie = format!("Cookie: {}\r\n", signed_up(&disk.server));
    disk.fails("h");
    let mut connection = disk.server.connect();
    connection.get("/get-session", &cookie).unwrap();
    until("the disk is seen to hang", || readiness(&disk).0 == 503);
    disk.server.signal("TERM");
    assert_eq!(disk.server.wait().code(), Some(0));
}
