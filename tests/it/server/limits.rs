//! Every limit at its edge: what is just within is served, what is beyond is refused, and nothing makes a server fail.

use serde_json::Value;
use serde_json::json;

use crate::harness::Connection;
use crate::harness::Folder;
use crate::harness::at_once;
use crate::harness::options::options;
use crate::harness::server::Server;

use super::PASSWORD;
use super::configured;
use super::merge;

const OK: &str = "GET /api/auth/ok HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
const OUT: &str = "POST /api/auth/sign-out HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
                   Content-Type: application/json\r\n";

/// A server that takes these limits from whoever comes, also from this machine.
fn limited(limits: &Value) -> (Folder, Server) {
    let folder = configured(&json!({
        "advanced": {"ipAddress": {"trustedProxies": []}},
        "server": {"limits": limits},
    }));
    let server = Server::start(&folder, &[]);
    (folder, server)
}

/// Sends all of this, and answers the status and the code of what comes back.
fn ask(server: &Server, request: &str) -> (u16, String) {
    let mut connection = server.connect();
    // It may be refused before all of it was sent.
    drop(connection.send(request));
    outcome(&mut connection)
}

fn outcome(connection: &mut Connection) -> (u16, String) {
    let answer = connection.answer().unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}

/// A head that is filled up to so many bytes.
fn head_of(bytes: usize) -> String {
    let rest = bytes - OK.len() - "X: \r\n\r\n".len();
    format!("{OK}X: {}\r\n\r\n", "x".repeat(rest))
}

/// A target that is filled up to so many bytes.
fn target_of(bytes: usize) -> String {
    let query = "x".repeat(bytes - "/api/auth/ok?".len());
    OK.replace("/api/auth/ok", &format!("/api/auth/ok?{query}")) + "\r\n"
}

/// JSON of so many bytes, with its length or in one chunk.
fn body_of(bytes: usize, is_chunked: bool) -> String {
    let body = format!(r#"{{"a":"{}"}}"#, "x".repeat(bytes - r#"{"a":""}"#.len()));
    if is_chunked {
        format!("{OUT}Transfer-Encoding: chunked\r\n\r\n{bytes:x}\r\n{body}\r\n0\r\n\r\n")
    } else {
        format!("{OUT}Content-Length: {bytes}\r\n\r\n{body}")
    }
}

#[test]
fn sizes_are_served_up_to_the_limit_and_refused_beyond_it() {
    let limits = json!({"headerBytes": 1024, "headers": 6, "targetBytes": 100, "bodyBytes": 64});
    let (_folder, server) = limited(&limits);
    let lines = |count: usize| format!("{OK}{}\r\n", "X: x\r\n".repeat(count - 2));
    for (within, beyond, refusal) in [
        (head_of(1024), head_of(1025), (431, "REQUEST_HEADER_FIELDS_TOO_LARGE")),
        (lines(6), lines(7), (431, "REQUEST_HEADER_FIELDS_TOO_LARGE")),
        (target_of(100), target_of(101), (414, "URI_TOO_LONG")),
        (body_of(64, false), body_of(65, false), (413, "PAYLOAD_TOO_LARGE")),
        (body_of(64, true), body_of(65, true), (413, "PAYLOAD_TOO_LARGE")),
    ] {
        assert_eq!(ask(&server, &within), (200, String::new()), "{within}");
        assert_eq!(ask(&server, &beyond), (refusal.0, refusal.1.to_owned()), "{beyond}");
    }
    // The small engine knows the size of bodies and nothing else.
    let folder = configured(&json!({"server": {"limits": limits}}));
    let server = Server::start(&folder, &["--engine", "tiny-http"]);
    for is_chunked in [false, true] {
        assert_eq!(ask(&server, &body_of(64, is_chunked)).0, 200);
        assert_eq!(ask(&server, &body_of(65, is_chunked)).0, 413);
    }
}

/// The header line of a browser that keeps every cookie of an answer.
fn all_cookies(answer: &http::Response<ureq::Body>) -> String {
    let lines = answer.headers().get_all("set-cookie").iter();
    let pairs = lines.map(|line| line.to_str().unwrap().split(';').next().unwrap());
    format!("Cookie: {}\r\n", pairs.collect::<Vec<_>>().join("; "))
}

#[test]
fn cookies_that_the_server_sets_fit_its_own_limit_for_request_heads() {
    let folder = configured(&json!({"session": {"cookieCache": {"enabled": true}}}));
    let mut server = Server::start(&folder, &[]);
    for name in ["ada", "bob"] {
        let body = json!({"name": name, "email": format!("{name}@example.com"),
            "password": PASSWORD, "image": "y".repeat(30_000)});
        let answer = server.post("/sign-up/email", &body);
        assert_eq!(answer.status(), 200);
        let cookies = all_cookies(&answer);
        let read = OK.replace("/ok", "/get-session");
        let mut connection = server.connect();
        connection.send(&format!("{read}{cookies}\r\n")).unwrap();
        assert!(connection.answer().unwrap().contains(name), "{} bytes", cookies.len());
        let origin = "Origin: http://localhost:3000\r\nContent-Length: 2\r\n\r\n{}";
        let out = ask(&server, &format!("{OUT}{cookies}{origin}"));
        assert_eq!(out, (200, String::new()));
    }
    server.signal("TERM");
    server.wait();
    let log = server.whole_log();
    let warnings: Vec<&str> = log.lines().filter(|line| line.contains("cookie not set")).collect();
    let [warning] = &warnings[..] else { panic!("{log}") };
    assert!(warning.contains("session_data") && !warning.contains("yyy"), "{warning}");
}

/// A request that is let in and goes on for as long as its body does not come.
fn busy(server: &Server) -> Connection {
    let mut connection = server.connect();
    let expects = "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n";
    connection.send(&format!("{OUT}{expects}")).unwrap();
    assert!(connection.answer().unwrap().starts_with("HTTP/1.1 100 "));
    connection
}

#[test]
fn so_many_are_let_in_and_the_next_one_hears_that_there_are_too_many() {
    for (limits, within) in [
        (json!({"requests": 3, "requestsPerAddress": 9}), 3),
        (json!({"requests": 9, "requestsPerAddress": 3}), 3),
        // A quarter of them, and half of those.
        (json!({"requests": 8}), 2),
        (json!({"connections": 3, "connectionsPerAddress": 9}), 3),
        (json!({"connections": 9, "connectionsPerAddress": 3}), 3),
        (json!({"connections": 4}), 2),
    ] {
        let (_folder, server) = limited(&limits);
        let mut there: Vec<Connection> = (0..within).map(|_| busy(&server)).collect();
        let refused = ask(&server, &format!("{OK}\r\n"));
        assert_eq!(refused, (503, "SERVER_BUSY".to_owned()), "{limits}");
        for connection in &mut there {
            connection.send("{}").unwrap();
            assert_eq!(outcome(connection).0, 200, "{limits}");
        }
        drop(there);
        assert_eq!(ask(&server, &format!("{OK}\r\n")).0, 200, "{limits}");
    }
}

#[test]
fn passwords_beyond_those_that_may_wait_are_not_hashed() {
    let limits = json!({"passwordsWaiting": 0, "requestsPerAddress": 200});
    let (_folder, server) = limited(&limits);
    let body = json!({"email": "nobody@example.com", "password": PASSWORD});
    let statuses = at_once(64, |_| {
        let answer = server.post("/sign-in/email", &body);
        let says_when = answer.headers().contains_key("retry-after");
        assert_eq!(says_when, answer.status() == 503);
        answer.status().as_u16()
    });
    assert!(statuses.iter().all(|status| [401, 429, 503].contains(status)), "{statuses:?}");
    assert!(statuses.contains(&401) && statuses.contains(&503), "{statuses:?}");
}

#[test]
fn a_server_that_stops_waits_for_what_runs_no_longer_than_it_was_told() {
    for engine in ["hyper", "tiny-http"] {
        let limits = json!({"bodyTime": 3600, "drainTime": 1});
        let folder = configured(&json!({"server": {"limits": limits}}));
        let mut server = Server::start(&folder, &["--engine", engine]);
        let mut connection = busy(&server);
        server.signal("TERM");
        // Far sooner than the body would be given up.
        assert_eq!(server.wait().code(), Some(0), "{engine}");
        assert_eq!(connection.answer(), None, "{engine}");
        let log = server.whole_log();
        let said = "the drain time has passed; some requests were still running";
        assert!(log.contains(said), "{engine}: {log}");
    }
}

/// Puts a value where the path of an option says.
fn with(path: &str, value: &Value) -> Value {
    path.rsplit('.').fold(value.clone(), |inner, key| json!({key: inner}))
}

/// The longest span that can be written is refused, or all that depends on it goes on.
#[test]
fn no_span_of_time_is_long_enough_to_make_a_server_fail() {
    let folder = Folder::on_file();
    let mut all =
        json!({"user": {"deleteUser": {"enabled": true}}, "email": {"transport": "file"}});
    let mut kept = Vec::new();
    let mut rows = options();
    rows.retain(|row| row.kind.contains("seconds") && !row.path.contains('*'));
    for row in rows {
        let longest = with(&row.path, &json!(u64::MAX));
        folder.configure(&longest);
        let ran = folder.run(&["info"]);
        if ran.code == 0 {
            merge(&mut all, &longest);
            kept.push(row.path);
        } else {
            ran.failed(2, &format!("{}: expected ", row.path));
        }
    }
    assert!(kept.iter().any(|path| path == "session.updateAge") && kept.len() < 10, "{kept:?}");
    let folder = configured(&all);
    let server = Server::start(&folder, &[]);
    let session = super::signed_up(&server, "ada@example.com");
    let cookie = session.trim_start_matches("Cookie: ").trim_end();
    assert!(server.get("/get-session", cookie).contains("ada@example.com"));
    let email = json!({"email": "ada@example.com"});
    for (path, body) in [
        ("/request-password-reset", email.clone()),
        ("/send-verification-email", email),
        ("/sign-in/email", json!({"email": "ada@example.com", "password": PASSWORD})),
    ] {
        assert_eq!(server.post(path, &body).status(), 200, "{path}");
    }
    let mut connection = server.connect();
    let origin = format!("{session}Origin: http://localhost:3000\r\n");
    connection.post("/delete-user", &origin, &json!({"password": PASSWORD})).unwrap();
    let answer = connection.answer().unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[test]
fn a_limit_of_one_time_tokens_is_in_the_log_once_however_many_are_refused() {
    let folder = configured(&json!({
        "email": {"transport": "file", "from": "a@example.com"},
        "server": {"limits": {"oneTimeTokensPerClient": 2, "oneTimeTokens": 4}},
    }));
    let mut server = Server::start(&folder, &["--log-format", "json"]);
    let mut connection = server.connect();
    let mut reset = |client: &str| {
        let body = json!({"email": "nobody@example.com"});
        let from = format!("X-Forwarded-For: {client}\r\n");
        connection.post("/request-password-reset", &from, &body).unwrap();
        let answer = connection.answer().unwrap();
        answer.split(' ').nth(1).unwrap().parse::<u16>().unwrap()
    };
    let statuses: Vec<u16> = [1, 1, 2, 3, 1, 1, 4, 4, 5]
        .iter()
        .map(|number| reset(&format!("192.0.2.{number}")))
        .collect();
    assert_eq!(statuses, [200, 200, 200, 200, 429, 429, 503, 503, 503]);
    server.signal("TERM");
    server.wait();
    let log = server.whole_log();
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let warnings: Vec<Value> = lines
        .filter(|line| line["level"].as_str().is_some_and(|level| level != "INFO"))
        .map(|line| line["option"].clone())
        .collect();
    let expected = ["server.limits.oneTimeTokensPerClient", "server.limits.oneTimeTokens"];
    assert_eq!(warnings, expected.map(Value::from), "{log}");
}
