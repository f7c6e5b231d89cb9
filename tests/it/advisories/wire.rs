//! Requests that two servers in a row could read differently, on bare sockets [RFC 9112 6.3, 11.2].

use std::io::Read as _;
use std::io::Write as _;
use std::net::TcpStream;
use std::time::Duration;

use better_auth::server::Engine;

use crate::harness::Site;

/// What would be smuggled in: a request whose answer nobody can miss.
const SMUGGLED: &str = "GET /api/auth/ok HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

fn exchange(site: &Site, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(site.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(30))).unwrap();
    // The server may have refused and closed before everything was sent.
    let _unsent = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _closed_or_reset = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// A request to sign out with these lines in its head and this body, and the smuggled one behind it.
fn post(lines: &str, body: &str) -> String {
    let head =
        "POST /api/auth/sign-out HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    format!("{head}{lines}\r\n{body}{SMUGGLED}")
}

fn answers(answer: &str) -> usize {
    answer.matches("HTTP/1.1 ").count()
}

#[test]
fn smuggling_a_body_with_two_lengths_is_followed_by_nothing() {
    let site = Site::on(Engine::Hyper);
    let whole = format!("Content-Length: {}\r\n", 2 + SMUGGLED.len());
    // What can be read in one way only is followed by the next request: the check can fail.
    assert_eq!(answers(&exchange(&site, post("Content-Length: 2\r\n", "{}").as_bytes())), 2);
    let chunked = "2\r\n{}\r\n0\r\n\r\n";
    assert_eq!(
        answers(&exchange(&site, post("Transfer-Encoding: chunked\r\n", chunked).as_bytes())),
        2
    );
    for (lines, body) in [
        (format!("{whole}Transfer-Encoding: chunked\r\n"), "0\r\n\r\n"),
        (format!("Transfer-Encoding: chunked\r\n{whole}"), "0\r\n\r\n"),
        ("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n".to_owned(), chunked),
        ("Content-Length: 2\r\nContent-Length: 3\r\n".to_owned(), "{}"),
        ("Content-Length: 2, 3\r\n".to_owned(), "{}"),
        ("Content-Length: +2\r\n".to_owned(), "{}"),
        ("Content-Length: -2\r\n".to_owned(), "{}"),
        ("Content-Length: 0x2\r\n".to_owned(), "{}"),
        ("Content-Length: 2 2\r\n".to_owned(), "{}"),
        ("Content-Length: 99999999999999999999999\r\n".to_owned(), "{}"),
        ("Content-Length : 2\r\n".to_owned(), "{}"),
        ("Content-Length:\r\n".to_owned(), "{}"),
        ("Transfer-Encoding : chunked\r\n".to_owned(), chunked),
        ("Transfer-Encoding: xchunked\r\n".to_owned(), chunked),
        ("Transfer-Encoding: chunked, identity\r\n".to_owned(), chunked),
        ("Transfer-Encoding: identity\r\n".to_owned(), chunked),
        ("Transfer-Encoding: \"chunked\"\r\n".to_owned(), chunked),
        ("Transfer-Encoding: chun\u{b}ked\r\n".to_owned(), chunked),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n".to_owned(), chunked),
        ("Transfer-Encoding:\r\n chunked\r\n".to_owned(), chunked),
        ("X: y\r\n Content-Length: 2\r\n".to_owned(), "{}"),
        ("X: y\r\n\tTransfer-Encoding: chunked\r\n".to_owned(), chunked),
        ("X: y\rTransfer-Encoding: chunked\r\n".to_owned(), chunked),
        ("X: y\0Content-Length: 2\r\n".to_owned(), "{}"),
        ("X\0: y\r\n".to_owned(), ""),
        (" Content-Length: 2\r\n".to_owned(), "{}"),
        ("Transfer-Encoding: chunked\r\n".to_owned(), "g\r\n{}\r\n0\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\n".to_owned(), "-2\r\n{}\r\n0\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\n".to_owned(), "2\r\n{}0\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\n".to_owned(), "10000000000000002\r\n{}\r\n0\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\n".to_owned(), "2;\n0\r\n{}\r\n0\r\n\r\n"),
    ] {
        let answer = exchange(&site, post(&lines, body).as_bytes());
        assert!(answers(&answer) <= 1, "{lines:?} {body:?}: {answer}");
        assert!(!answer.contains(r#"{"ok":true}"#), "{lines:?} {body:?}: {answer}");
    }
}

/// `tiny_http` has no say in what follows a request: it serves this machine only and belongs behind no proxy. What is
/// ambiguous is refused there, too.
#[test]
fn smuggling_an_ambiguous_length_is_refused_by_the_small_engine() {
    let site = Site::on(Engine::TinyHttp);
    let head = "POST /api/auth/sign-out HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
                Content-Type: application/json\r\n";
    let chunked = "2\r\n{}\r\n0\r\n\r\n";
    for (lines, body) in [
        ("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", chunked),
        ("Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", chunked),
        ("Content-Length: 2\r\nContent-Length: 3\r\n", "{}"),
        ("Content-Length: 2, 3\r\n", "{}"),
        ("Content-Length: +2\r\n", "{}"),
        ("Content-Length: x\r\n", "{}"),
        ("Transfer-Encoding: identity\r\n", "{}"),
        ("Transfer-Encoding: chunked, identity\r\n", chunked),
        ("Content-Length: 18446744073709551616\r\n", "{}"),
        ("Content-Length: 18446744073709551618\r\n", "{}"),
        ("Content-Length: 99999999999999999999999\r\n", "{}"),
        ("X: y\rz\r\n", ""),
        ("X: y\0z\r\n", ""),
        ("X y: z\r\n", ""),
        ("no colon\r\n", ""),
    ] {
        let answer = exchange(&site, format!("{head}{lines}\r\n{body}").as_bytes());
        assert!(answer.starts_with("HTTP/1.1 400 "), "{lines:?}: {answer}");
    }
    let plain = exchange(&site, format!("{head}Content-Length: 2\r\n\r\n{{}}").as_bytes());
    assert!(plain.starts_with("HTTP/1.1 200 "), "{plain}");
    let plain = format!("{head}Transfer-Encoding: chunked\r\n\r\n{chunked}");
    assert!(exchange(&site, plain.as_bytes()).starts_with("HTTP/1.1 200 "));
}

#[test]
fn smuggling_by_chunks_in_http_1_0_is_refused() {
    let chunked = "2\r\n{}\r\n0\r\n\r\n";
    for engine in [Engine::Hyper, Engine::TinyHttp] {
        let site = Site::on(engine);
        let post = |version: &str, lines: &str, body: &str| {
            let head = format!(
                "POST /api/auth/sign-out HTTP/{version}\r\nHost: localhost\r\n\
                 Content-Type: application/json\r\nConnection: close\r\n{lines}\r\n{body}"
            );
            exchange(&site, head.as_bytes())
        };
        let lines = "Transfer-Encoding: chunked\r\n";
        let answer = post("1.0", lines, chunked);
        assert!(answer.contains(" 400 "), "{engine:?}: {answer}");
        assert!(post("1.1", lines, chunked).contains(" 200 "), "{engine:?}");
        assert!(post("1.0", "Content-Length: 2\r\n", "{}").contains(" 200 "), "{engine:?}");
    }
}

/// Two servers in a row that took different lines would serve different hosts [RFC 9112 3.2].
#[test]
fn smuggling_by_two_hosts_or_none_is_refused() {
    for engine in [Engine::Hyper, Engine::TinyHttp] {
        let site = Site::on(engine);
        for (version, hosts, expected) in [
            ("1.1", "Host: localhost\r\n", 200),
            ("1.1", "host: [::1]:3000\r\n", 200),
            ("1.1", "Host: my_service:80\r\n", 200),
            ("1.1", "Host:\r\n", 200),
            ("1.1", "", 400),
            ("1.1", "Host: a.example\r\nHost: b.example\r\n", 400),
            ("1.1", "Host: a.example\r\nhost: a.example\r\n", 400),
            ("1.1", "Host: a.example\r\nX: y\r\nHost:\r\n", 400),
            ("1.1", "Host: a.example, b.example\r\n", 400),
            ("1.1", "Host: a b\r\n", 400),
            ("1.1", "Host: user@a.example\r\n", 400),
            ("1.1", "Host: a.example/b\r\n", 400),
            ("1.1", "Host: http://a.example\r\n", 400),
            ("1.0", "", 200),
            ("1.0", "Host: a.example\r\n", 200),
            ("1.0", "Host: a.example\r\nHost: b.example\r\n", 400),
        ] {
            let request =
                format!("GET /api/auth/ok HTTP/{version}\r\n{hosts}Connection: close\r\n\r\n");
            let answer = exchange(&site, request.as_bytes());
            let status = answer.split(' ').nth(1).unwrap();
            assert_eq!(status, expected.to_string(), "{engine:?} {version} {hosts:?}: {answer}");
        }
    }
}

#[test]
fn smuggling_behind_the_answer_to_head_finds_no_body() {
    for engine in [Engine::Hyper, Engine::TinyHttp] {
        let head = "HEAD /api/auth/ok HTTP/1.1\r\nHost: localhost\r\n\r\n";
        let both = exchange(&Site::on(engine), format!("{head}{SMUGGLED}").as_bytes());
        assert_eq!((answers(&both), both.matches(r#"{"ok":true}"#).count()), (2, 1), "{both}");
        let length = "content-length: 11\r\n";
        assert_eq!(both.to_ascii_lowercase().matches(length).count(), 2, "{both}");
    }
}

#[test]
fn smuggling_a_target_or_a_host_is_one_or_is_refused() {
    let more = exchange(&Site::on(Engine::Hyper), b"GET /api/auth/ok HTTP/1.1 X: y\r\n\r\n");
    assert!(more.starts_with("HTTP/1.1 400 "), "{more}");
    for engine in [Engine::Hyper, Engine::TinyHttp] {
        let site = Site::on(engine);
        for line in [
            "GET http://other.example/api/auth/ok HTTP/1.1",
            "GET //other.example/api/auth/ok HTTP/1.1",
            "GET other.example:80 HTTP/1.1",
            "CONNECT other.example:443 HTTP/1.1",
            "GET * HTTP/1.1",
            "OPTIONS * HTTP/1.1",
            "GET /api/auth/o k HTTP/1.1",
            "GET /api/auth/\u{0}ok HTTP/1.1",
            "GET /api/auth/ok\u{b} HTTP/1.1",
            "GET /api/auth/get-session/../../../etc/passwd HTTP/1.1",
            "GET /api/auth/..%2f..%2fetc/passwd HTTP/1.1",
            "GET /api/auth/%2e%2e/%2e%2e/etc/passwd HTTP/1.1",
            "GET /api/auth/ok HTTP/9.9",
            "GET /api/auth/ok",
            "\u{16}\u{3}\u{1}\u{2}",
        ] {
            let request = format!("{line}\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            let answer = exchange(&site, request.as_bytes());
            assert!(!answer.contains(r#"{"ok":true}"#), "{engine:?} {line:?}: {answer}");
            let status = answer.split(' ').nth(1).unwrap_or_default();
            assert!(["", "400", "404", "505"].contains(&status), "{engine:?} {line:?}: {answer}");
        }
        // The server is there afterwards.
        assert!(exchange(&site, SMUGGLED.as_bytes()).contains(r#"{"ok":true}"#), "{engine:?}");
    }
}

/// A table of headers is only as quick as its names are few; there are at most a hundred.
#[test]
fn hash_flooding_a_head_of_very_many_lines_is_refused() {
    let site = Site::on(Engine::Hyper);
    let head = |lines: usize| {
        let lines: Vec<String> = (0..lines).map(|number| format!("X{number}: y\r\n")).collect();
        let lines = lines.concat();
        format!("GET /api/auth/ok HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{lines}\r\n")
    };
    assert!(exchange(&site, head(90).as_bytes()).contains(r#"{"ok":true}"#));
    for lines in [101, 1000] {
        let answer = exchange(&site, head(lines).as_bytes());
        assert!(answer.starts_with("HTTP/1.1 431 "), "{lines}: {answer}");
    }
}

#[test]
fn bodies_that_are_huge_are_refused_unread() {
    for engine in [Engine::Hyper, Engine::TinyHttp] {
        let site = Site::on(engine);
        let head = "POST /api/auth/sign-in/email HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
                    Content-Type: application/json\r\n";
        let body = "[".repeat(1024 * 1024 + 1);
        let answer = exchange(
            &site,
            format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes(),
        );
        assert!(answer.starts_with("HTTP/1.1 413 "), "{engine:?}: {answer:.200}");
        if engine == Engine::TinyHttp {
            continue;
        }
        // The length alone is enough: nothing of the body is waited for.
        let answer = exchange(&site, format!("{head}Content-Length: 1048577\r\n\r\n").as_bytes());
        assert!(answer.starts_with("HTTP/1.1 413 "), "{engine:?}: {answer:.200}");
    }
}
