//! A server that may open no more files.

use std::process::Command;

use serde_json::json;

use crate::harness::Connection;
use crate::harness::server::Server;
use crate::harness::until;

use super::configured;
use super::signed_up;

fn open_files(server: &Server) -> usize {
    std::fs::read_dir(format!("/proc/{}/fd", server.id())).unwrap().count()
}

/// Leaves the running server this many more files, as its surroundings might.
fn leave(server: &Server, more: usize) {
    let limit = format!("--nofile={}:", open_files(server) + more);
    let id = server.id().to_string();
    let set = Command::new("prlimit").args(["--pid", &id, &limit]).status();
    assert!(set.unwrap().success());
}

fn is_answered(connection: &mut Connection, session: &str) -> bool {
    connection.get("/get-session", session).unwrap();
    connection.answer().is_some_and(|answer| answer.contains("ada@example.com"))
}

#[test]
fn when_files_run_out_idle_connections_make_room() {
    let folder = configured(&json!({}));
    let server = Server::start(&folder, &[]);
    let session = signed_up(&server, "ada@example.com");
    leave(&server, 6);
    // Each is answered, although there is no room for all of them at once.
    let mut open = Vec::new();
    for _ in 0..20 {
        let mut connection = server.connect();
        assert!(is_answered(&mut connection, &session));
        open.push(connection);
    }
    let failed = r#"better_auth_connections_ended_total{reason="system"}"#;
    drop(open);
    until("the metrics can be read", || server.metric(failed).is_some_and(|count| 0.0 < count));
    assert!(server.log().contains("cannot accept a connection"), "{}", server.log());
}

#[test]
fn a_server_without_files_goes_on_once_there_are_some_again() {
    let folder = configured(&json!({}));
    let mut server = Server::start(&folder, &[]);
    let session = signed_up(&server, "ada@example.com");
    leave(&server, 6);
    // Nobody of these is idle: each has begun to say something.
    let slow: Vec<_> = (0..20)
        .map(|_| {
            let mut connection = server.connect();
            connection.send("GET /api/auth/ok HTTP/1.1\r\nHost: ").unwrap();
            connection
        })
        .collect();
    until("the files run out", || server.log().contains("cannot accept a connection"));
    let mut patient = server.connect();
    patient.get("/get-session", &session).unwrap();
    drop(slow);
    assert!(patient.answer().unwrap().contains("ada@example.com"));
    assert!(is_answered(&mut server.connect(), &session));
    server.signal("TERM");
    assert_eq!(server.wait().code(), Some(0));
}
