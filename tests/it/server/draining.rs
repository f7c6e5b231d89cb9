//! The end of a server that is busy.

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::thread;

use serde_json::json;

use crate::harness::Connection;
use crate::harness::server::Server;
use crate::harness::until;

use super::PASSWORD;
use super::configured;
use super::signed_up;

const CLIENTS: usize = 12;

#[derive(Default)]
struct Counts {
    answered: AtomicUsize,
    dropped: AtomicUsize,
    last: AtomicUsize,
}

/// Asks again and again, until the server says that this was the last time.
fn drive(mut connection: Connection, number: usize, session: &str, counts: &Counts) {
    let body = json!({"email": "ada@example.com", "password": PASSWORD});
    loop {
        let sent = match number % 3 {
            0 => connection.get("/get-session", session),
            1 => connection.post("/sign-in/email", "", &body),
            _ => connection.post("/sign-out", "", &json!({})),
        };
        let Some(answer) = sent.ok().and_then(|()| connection.answer()) else {
            counts.dropped.fetch_add(1, Ordering::SeqCst);
            return;
        };
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        counts.answered.fetch_add(1, Ordering::SeqCst);
        if answer.to_ascii_lowercase().contains("\r\nconnection: close\r\n") {
            counts.last.fetch_add(1, Ordering::SeqCst);
            return;
        }
    }
}

/// Every request that was sent before a client heard that its connection ends gets its whole answer,
/// whether it looks up a session, hashes or writes.
#[test]
fn a_server_that_is_told_to_stop_under_load_drops_no_request() {
    let folder = configured(&json!({}));
    let mut server = Server::start(&folder, &[]);
    let session = signed_up(&server, "ada@example.com");
    let counts = Counts::default();
    thread::scope(|scope| {
        for number in 0..CLIENTS {
            let (session, counts, connection) = (&session, &counts, server.connect());
            scope.spawn(move || drive(connection, number, session, counts));
        }
        let answered = || counts.answered.load(Ordering::SeqCst);
        until("the load is there", || 20 * CLIENTS < answered());
        server.signal("TERM");
    });
    assert_eq!(server.wait().code(), Some(0));
    assert_eq!((counts.dropped.into_inner(), counts.last.into_inner()), (0, CLIENTS));
}
