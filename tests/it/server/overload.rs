//! What is slow keeps nobody waiting who does not need it.

use std::net::TcpListener;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::mpsc;
use std::thread;

use better_auth::database::Clock;
use better_auth::database::Database;
use better_auth::database::DatabaseError;
use serde_json::Value;
use serde_json::json;

use crate::harness::Connection;
use crate::harness::Folder;
use crate::harness::patience::PATIENCE;
use crate::harness::server::Server;
use crate::harness::until;

use super::PASSWORD;
use super::configure;
use super::configured;
use super::signed_up;

/// How a proxy says whose request it is: two clients.
const MANY: &str = "X-Forwarded-For: 198.51.100.1\r\n";
const ONE: &str = "X-Forwarded-For: 198.51.100.2\r\n";
/// Sessions that are looked up while everything else is slow.
const LOOKUPS: usize = 50;

/// This many requests of one client, sent and not waited for.
fn flood(server: &Server, many: usize, path: &str, body: &Value) -> Vec<Connection> {
    let send = |_| {
        let mut connection = server.connect();
        connection.post(path, MANY, body).unwrap();
        connection
    };
    (0..many).map(send).collect()
}

/// Whether sessions are found all the while.
fn looks_up(server: &Server, session: &str) {
    let mut connection = server.connect();
    for _ in 0..LOOKUPS {
        connection.get("/get-session", &format!("{ONE}{session}")).unwrap();
        let answer = connection.answer().unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        assert!(answer.contains("ada@example.com"), "{answer}");
    }
}

fn signs_in(server: &Server) {
    let mut connection = server.connect();
    let body = json!({"email": "ada@example.com", "password": PASSWORD});
    connection.post("/sign-in/email", ONE, &body).unwrap();
    let answer = connection.answer().unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
}

/// A server that takes connections and says nothing, and what it has taken.
fn silent() -> (String, Arc<Mutex<Vec<TcpStream>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let taken = Arc::<Mutex<Vec<_>>>::default();
    let keeps = Arc::clone(&taken);
    thread::spawn(move || {
        for stream in listener.incoming() {
            keeps.lock().unwrap().push(stream.unwrap());
        }
    });
    (url, taken)
}

#[test]
fn a_provider_that_never_answers_takes_no_thread_from_anybody_else() {
    let (url, taken) = silent();
    let folder = configured(&json!({
        "genericOAuth": [{
            "providerId": "mine", "clientId": "id", "clientSecret": "its secret",
            "discoveryUrl": format!("{url}/openid"),
        }],
        "advanced": {"allowPrivateAddresses": true},
        "server": {"limits": {"asking": 8, "writing": 4}, "outbound": {"time": 600}},
    }));
    let server = Server::start(&folder, &[]);
    let session = signed_up(&server, "ada@example.com");
    let waiting = flood(&server, 200, "/sign-in/social", &json!({"provider": "mine"}));
    until("the provider is asked", || taken.lock().unwrap().len() == 8);
    let kind = r#"better_auth_requests_waiting{kind="asking"}"#;
    until("the others wait", || server.metric(kind) == Some(192.0));
    looks_up(&server, &session);
    signs_in(&server);
    assert_eq!(server.metric("better_auth_outbound_requests_in_flight"), Some(8.0));
    assert_eq!((server.metric(kind), taken.lock().unwrap().len()), (Some(192.0), 8));
    drop(waiting);
}

#[test]
fn a_flood_of_sign_ins_is_refused_beyond_its_share_and_others_get_their_turn() {
    let folder = configured(&json!({
        // The flood tries one name; here its place in the line is what counts.
        "emailAndPassword": {"lockout": {"enabled": false}},
        "server": {"limits": {"requests": 400, "requestsPerAddress": 150, "writing": 4}},
    }));
    let server = Server::start(&folder, &[]);
    let session = signed_up(&server, "ada@example.com");
    let wrong = json!({"email": "ada@example.com", "password": "wrong password"});
    let waiting = flood(&server, 300, "/sign-in/email", &wrong);
    let kind = r#"better_auth_requests_waiting{kind="writing"}"#;
    until("some wait", || server.metric(kind).is_some_and(|count| 100.0 < count));
    signs_in(&server);
    // The other client had its turn before those who came first had all had theirs.
    assert_ne!(server.metric(kind), Some(0.0));
    looks_up(&server, &session);
    let (mut tried, mut refused) = (0, 0);
    for mut connection in waiting {
        let answer = connection.answer().unwrap();
        if answer.starts_with("HTTP/1.1 401 ") {
            tried += 1;
        } else {
            assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
            assert!(answer.contains("SERVER_BUSY") && answer.contains("\r\nretry-after: 1\r\n"));
            refused += 1;
        }
    }
    assert!(150 <= tried && 0 < refused && tried + refused == 300, "{tried} {refused}");
}

#[test]
fn clients_take_turns_for_passwords_that_are_being_verified_too() {
    let folder = configured(&json!({
        "emailAndPassword": {"lockout": {"enabled": false}},
        "server": {"limits": {"writing": 64}},
    }));
    let server = Server::start(&folder, &[]);
    signed_up(&server, "ada@example.com");
    let wrong = json!({"email": "ada@example.com", "password": "wrong password"});
    // As many as may run at once, so that each of them queues a password.
    let waiting = flood(&server, 63, "/sign-in/email", &wrong);
    let passwords = || server.metric("better_auth_passwords_waiting");
    until("passwords wait", || passwords().is_some_and(|count| 50.0 < count));
    signs_in(&server);
    // The other client came last and did not wait for all of them.
    assert_ne!(passwords(), Some(0.0));
    for mut connection in waiting {
        assert!(connection.answer().unwrap().starts_with("HTTP/1.1 401 "));
    }
}

#[test]
fn a_disk_that_takes_nothing_keeps_nobody_from_being_recognised() {
    let folder = configure(Folder::on_file(), &json!({"server": {"limits": {"writing": 4}}}));
    let server = Server::start(&folder, &[]);
    let session = signed_up(&server, "ada@example.com");
    let database = &Database::sqlite(folder.path("better-auth.db"), Clock::SYSTEM);
    thread::scope(|scope| {
        let (locked, is_locked) = mpsc::channel();
        // Whatever fails here ends the transaction, too, when this end of the channel goes.
        let (release, is_released) = mpsc::channel::<()>();
        // Whoever writes waits for this transaction, as they would for a disk.
        scope.spawn(move || {
            database.write(|tx| {
                tx.execute(r#"UPDATE "user" SET "name" = "name""#, &[])?;
                locked.send(()).unwrap();
                _ = is_released.recv();
                Ok::<_, DatabaseError>(())
            })
        });
        is_locked.recv_timeout(PATIENCE).unwrap();
        let new =
            |number| json!({"name": "B", "email": format!("{number}@b.co"), "password": PASSWORD});
        let waiting: Vec<_> =
            (0..20).flat_map(|number| flood(&server, 1, "/sign-up/email", &new(number))).collect();
        let kind = r#"better_auth_requests_waiting{kind="writing"}"#;
        until("writers wait", || server.metric(kind) == Some(16.0));
        looks_up(&server, &session);
        assert_eq!(server.metric(kind), Some(16.0));
        release.send(()).unwrap();
        for mut connection in waiting {
            let answer = connection.answer().unwrap();
            assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        }
    });
}

#[test]
fn a_mail_server_that_says_nothing_keeps_no_request_waiting() {
    let (url, taken) = silent();
    let port: u16 = url.rsplit(':').next().unwrap().parse().unwrap();
    let folder = configured(&json!({
        "email": {
            "transport": "smtp", "from": "no-reply@example.com",
            "smtp": {"host": "127.0.0.1", "port": port, "security": "none", "timeout": 300},
        },
        "emailVerification": {"sendOnSignUp": true},
    }));
    let server = Server::start(&folder, &[]);
    let session = signed_up(&server, "ada@example.com");
    until("the mail server is asked", || !taken.lock().unwrap().is_empty());
    for number in 0..20 {
        signed_up(&server, &format!("{number}@example.com"));
    }
    looks_up(&server, &session);
    let waiting = || server.metric("better_auth_messages_waiting");
    until("all are seen to wait", || waiting() == Some(21.0));
}
