//! What proxies say of a request, in the forms in which they say it.

use serde_json::Value;
use serde_json::json;

use crate::harness::Connection;
use crate::harness::server::Server;

use super::PASSWORD;
use super::configured;
use super::signed_up;

/// Sends the lines of a head, and answers the status.
fn status(connection: &mut Connection, path: &str, lines: &str) -> u16 {
    connection.get(path, lines).unwrap();
    let answer = connection.answer().unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

#[test]
fn clients_behind_a_proxy_that_adds_ports_are_told_apart() {
    let folder = configured(&json!({"rateLimit": {"enabled": true}}));
    let server = Server::start(&folder, &[]);
    let session = signed_up(&server, "ada@example.com");
    let mut connection = server.connect();
    let body = json!({"email": "ada@example.com", "password": PASSWORD});
    // Three in ten seconds are all that one client may try.
    for client in ["203.0.113.1:4711", "203.0.113.2:4711", "[2001:db8:1::1]:443", "203.0.113.4"] {
        for port in ["", ", 127.0.0.2:80"] {
            let forwarded = format!("X-Forwarded-For: {client}{port}\r\n");
            connection.post("/sign-in/email", &forwarded, &body).unwrap();
            let answer = connection.answer().unwrap();
            assert!(answer.starts_with("HTTP/1.1 200 OK"), "{client}: {answer}");
        }
    }
    let cookie = session.trim_start_matches("Cookie: ").trim_end();
    let sessions: Value = serde_json::from_str(&server.get("/list-sessions", cookie)).unwrap();
    let addresses = sessions.as_array().unwrap().iter().map(|session| &session["ipAddress"]);
    for client in ["203.0.113.1", "203.0.113.2", "2001:db8:1::1", "203.0.113.4"] {
        assert_eq!(addresses.clone().filter(|address| **address == client).count(), 2, "{client}");
    }
}

#[test]
fn what_a_proxy_says_and_cannot_be_read_is_in_the_log_once_by_its_shape() {
    let folder = configured(&json!({"baseURL": {"allowedHosts": ["localhost:*"]}}));
    let mut server = Server::start(&folder, &["--log-format", "json"]);
    let mut connection = server.connect();
    let client = "X-Forwarded-For: 203.0.113.9\r\n";
    for (lines, expected) in [
        (String::new(), 200),
        ("X-Forwarded-For: for=203.0.113.9\r\n".to_owned(), 200),
        ("X-Forwarded-For: 203.0.113.9:x\r\n".to_owned(), 200),
        ("X-Forwarded-For: 127.0.0.2, 127.0.0.3\r\n".to_owned(), 200),
        (format!("{client}X-Forwarded-Proto: https, http\r\n"), 200),
        (format!("{client}X-Forwarded-Host: localhost:3000, evil.example\r\n"), 400),
        (format!("{client}X-Forwarded-Host: localhost:3000\r\nX-Forwarded-Host: b\r\n"), 400),
        (format!("{client}X-Request-Id: a \"secret\" id\r\n"), 200),
        // These can be read.
        (format!("{client}X-Forwarded-Proto: HTTPS, https\r\n"), 200),
        (format!("{client}X-Forwarded-Host: localhost:3000, localhost:3000\r\n"), 200),
    ] {
        for _ in 0..3 {
            assert_eq!(status(&mut connection, "/ok", &lines), expected, "{lines}");
        }
    }
    server.signal("TERM");
    server.wait();
    let log = server.whole_log();
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let said: Vec<(String, String)> = lines
        .filter(|line| line["message"].as_str().is_some_and(|text| text.contains("trusted proxy")))
        .map(|line| (line["header"].to_string(), line["shape"].to_string()))
        .collect();
    let expected = [
        ("x-forwarded-for", "a=9.9.9.9"),
        ("x-forwarded-for", "9.9.9.9, 9.9.9.9"),
        ("x-forwarded-proto", "a, a"),
        ("x-forwarded-host", "a:9, a.a"),
        ("x-request-id", "a \"a\" a"),
    ];
    let expected =
        expected.map(|(name, shape)| (json!(name).to_string(), json!(shape).to_string()));
    assert_eq!(said, expected, "{log}");
}

/// A health check beside the server comes through no proxy, though from a trusted address.
#[test]
fn a_proxy_that_names_no_client_is_in_the_log_when_a_request_is_counted_or_kept() {
    let folder = configured(&json!({}));
    let mut server = Server::start(&folder, &[]);
    let said = "names no client";
    for _ in 0..2 {
        assert_eq!(status(&mut server.connect(), "/ok", ""), 200);
        assert_eq!(status(&mut server.connect(), "/get-session", ""), 200);
    }
    assert!(!server.log().contains(said), "{}", server.log());
    signed_up(&server, "ada@example.com");
    signed_up(&server, "bob@example.com");
    server.signal("TERM");
    server.wait();
    let log = server.whole_log();
    assert_eq!(log.matches(said).count(), 1, "{log}");
}
