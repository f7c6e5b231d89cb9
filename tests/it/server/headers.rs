//! What every answer carries, whoever gives it: an endpoint, the router, an engine, or the socket itself.

use serde_json::Value;
use serde_json::json;

use crate::harness::Connection;
use crate::harness::server::Server;

use super::configured;

const HEAD: &str = "Host: auth.example.com\r\nConnection: close\r\n";
/// The body of a request that never comes.
const NO_BODY: &str = "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n";

/// A request, and the status of its answer.
type Case = (String, u16);

fn get(path: &str, status: u16) -> Case {
    (format!("GET {path} HTTP/1.1\r\n{HEAD}\r\n"), status)
}

fn post(path: &str, lines: &str, body: &str, status: u16) -> Case {
    let length = body.len();
    let head =
        format!("POST /api/auth{path} HTTP/1.1\r\n{HEAD}{lines}Content-Length: {length}\r\n");
    (format!("{head}\r\n{body}"), status)
}

/// What both engines answer alike.
fn answered() -> Vec<Case> {
    let json = "Content-Type: application/json\r\n";
    let of_evil = format!("{json}Cookie: a=b\r\nOrigin: https://evil.example\r\n");
    let password = r#"{"email":"ada@example.com","password":"wrong password"}"#;
    vec![
        get("/api/auth/ok", 200),
        get("/api/auth/get-session", 200),
        get("/api/auth/error?error=nonsense", 200),
        get("/api/auth/reset-password/no-token?callbackURL=", 302),
        get("/api/auth/verify-email?token=nonsense&callbackURL=/here", 302),
        get("/api/auth/verify-email?token=nonsense", 400),
        get("/api/auth/no-such-thing", 404),
        get("/", 404),
        get("/api/auth/list-accounts", 404),
        get("/api/auth/list-sessions", 401),
        get("/api/auth/list-sessions", 429),
        get("http://other.example/api/auth/ok", 400),
        (format!("PUT /api/auth/ok HTTP/1.1\r\n{HEAD}\r\n"), 404),
        (format!("OPTIONS /api/auth/ok HTTP/1.1\r\n{HEAD}Origin: https://a.b\r\n\r\n"), 404),
        post("/sign-in/email", json, "{", 400),
        post("/sign-in/email", json, password, 401),
        post("/sign-in/email", "Content-Type: text/plain\r\n", "{}", 415),
        post("/sign-out", &of_evil, "{}", 403),
        post("/sign-out", json, &"x".repeat(4097), 413),
        // So much that nobody reads it.
        (
            format!("POST /api/auth/sign-out HTTP/1.1\r\n{HEAD}Content-Length: 99999999\r\n\r\n"),
            413,
        ),
    ]
}

/// What only the engine with deadlines and limits refuses.
fn refused_by_the_engine() -> Vec<Case> {
    let long = "x".repeat(16 * 1024);
    vec![
        get(&format!("/api/auth/ok?{long}"), 414),
        (format!("GET /api/auth/ok HTTP/1.1\r\n{HEAD}X: {long}{long}{long}\r\n\r\n"), 431),
        ("nonsense\r\n\r\n".to_owned(), 400),
        ("GET /api/auth/ok HTTP/1.1\r\nHost".to_owned(), 408),
        (format!("POST /api/auth/sign-out HTTP/1.1\r\n{HEAD}{NO_BODY}"), 408),
    ]
}

#[test]
fn every_answer_forbids_what_browsers_need_not_do_and_says_which_it_is() {
    for (engine, base, hsts) in [
        ("hyper", "https://auth.example.com", 1),
        ("hyper", "http://auth.example.com", 0),
        ("tiny-http", "https://auth.example.com", 1),
        ("tiny-http", "http://auth.example.com", 0),
    ] {
        let folder = configured(&json!({
            "baseURL": base,
            "disabledPaths": ["/list-accounts"],
            "rateLimit": {"enabled": true, "max": 1000,
                "customRules": {"/list-sessions": {"window": 3600, "max": 1}}},
            "server": {"limits": {"bodyBytes": 4096, "headerTime": 1, "bodyTime": 1}},
        }));
        let server = Server::start(&folder, &["--engine", engine]);
        let more = if engine == "hyper" { refused_by_the_engine() } else { Vec::new() };
        for (request, status) in answered().into_iter().chain(more) {
            let mut connection = server.connect();
            // It may be refused before all of it was sent.
            drop(connection.send(&request));
            let what = format!("{engine}: {request:.100}");
            check(&what, &answer(&mut connection), (status, hsts));
        }
    }
}

#[test]
fn whoever_is_too_many_hears_so_with_the_same_headers() {
    for limits in [json!({"requests": 4}), json!({"connections": 2, "requestsPerAddress": 4})] {
        let folder = configured(&json!({
            "baseURL": "https://auth.example.com",
            "advanced": {"ipAddress": {"trustedProxies": []}},
            "server": {"limits": limits},
        }));
        let server = Server::start(&folder, &[]);
        let mut running = server.connect();
        let expects = format!("{HEAD}Expect: 100-continue\r\n{NO_BODY}");
        running.send(&format!("POST /api/auth/sign-out HTTP/1.1\r\n{expects}")).unwrap();
        assert!(running.answer().unwrap().starts_with("HTTP/1.1 100 "));
        let mut refused = server.connect();
        refused.send(&get("/api/auth/ok", 503).0).unwrap();
        check(&limits.to_string(), &answer(&mut refused), (503, 1));
        running.send("{}").unwrap();
        check("the one who was there", &answer(&mut running), (200, 1));
    }
}

/// The answer itself, after any word that it is on its way.
fn answer(connection: &mut Connection) -> String {
    let answer = connection.answer().unwrap_or_default();
    if answer.starts_with("HTTP/1.1 100 ") {
        connection.answer().unwrap_or_default()
    } else {
        answer
    }
}

fn check(what: &str, answer: &str, (status, hsts): (u16, usize)) {
    assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{what}: {answer}");
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let lines: Vec<(String, &str)> = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .collect();
    let values = |name: &str| -> Vec<&str> {
        lines.iter().filter(|(found, _)| found == name).map(|(_, value)| *value).collect()
    };
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(values(name), [value], "{what}: {answer}");
    }
    let [policy] = values("content-security-policy")[..] else { panic!("{what}: {answer}") };
    let is_page = values("content-type") == ["text/html; charset=utf-8"];
    if is_page {
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{what}: {policy}");
        assert!(policy.contains("; frame-ancestors 'none'; base-uri 'none'"), "{what}: {policy}");
    } else {
        assert_eq!(policy, "default-src 'none'; frame-ancestors 'none'", "{what}");
    }
    assert_eq!(values("x-request-id").len(), 1, "{what}: {answer}");
    assert_eq!(values("strict-transport-security"), vec!["max-age=31536000"; hsts], "{what}");
    let may_come_back = [408, 429, 503].contains(&status);
    assert_eq!(values("retry-after").len(), usize::from(may_come_back), "{what}: {answer}");
    // What is not found has no body, as in Better Auth; every other refusal says what it is.
    if 400 <= status && status != 404 {
        let body: Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["status"], status, "{what}");
        assert!(body["code"].is_string() && body["message"].is_string(), "{what}: {body}");
    }
}
