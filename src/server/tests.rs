use std::io::Read as _;
use std::io::Write as _;
use std::net::TcpStream;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use super::*;
use crate::config::Config;
use crate::crypto::Secret;

struct Running {
    address: SocketAddr,
    stop: Stop,
    thread: Option<JoinHandle<Result<(), ServeError>>>,
    _folder: tempfile::TempDir,
}

impl Running {
    fn start(engine: Engine, limits: Limits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.database.url = folder.path().join("a.db").display().to_string().into();
        config.secret = Some(Secret::new("x".repeat(40)));
        let auth = Arc::new(BetterAuth::new(config).unwrap());
        auth.migrate().unwrap();
        let options = ServeOptions { port: 0, engine, limits, ..ServeOptions::default() };
        let stop = Stop::new();
        let stopped = stop.clone();
        let (send, listening) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            serve(auth, &options, &stopped, |address| {
                send.send(address).unwrap();
            })
        });
        let address = listening.recv_timeout(Duration::from_secs(30)).unwrap();
        Self { address, stop, thread: Some(thread), _folder: folder }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream
    }

    /// Sends text and reads until the server closes the connection.
    fn exchange(&self, text: &str) -> String {
        let mut stream = self.connect();
        // The server may have refused and closed before everything was sent.
        let _unsent = stream.write_all(text.as_bytes());
        read_to_end(&mut stream)
    }

    fn stop(&mut self) {
        self.stop.stop();
        self.thread.take().unwrap().join().unwrap().unwrap();
    }
}

fn read_to_end(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let _closed_or_reset = stream.read_to_end(&mut answer);
    String::from_utf8(answer).unwrap()
}

const ENGINES: [Engine; 2] = [Engine::Hyper, Engine::TinyHttp];

fn on_both(limits: &Limits, check: impl Fn(&Running)) {
    for engine in ENGINES {
        let mut running = Running::start(engine, limits.clone());
        check(&running);
        running.stop();
    }
}

const OK: &str = "GET /api/auth/ok HTTP/1.1\r\nHost: localhost\r\n";

#[test]
fn a_connection_serves_one_request_after_the_other() {
    on_both(&Limits::default(), |running| {
        let answer = running.exchange(&format!("{OK}\r\n{OK}Connection: close\r\n\r\n"));
        assert_eq!(answer.matches("HTTP/1.1 200 OK").count(), 2, "{answer}");
        assert_eq!(answer.matches(r#"{"ok":true}"#).count(), 2, "{answer}");
    });
}

#[test]
fn cookies_arrive_on_lines_of_their_own() {
    on_both(&Limits::default(), |running| {
        let request = "POST /api/auth/sign-out HTTP/1.1\r\nHost: localhost\r\n\
                       Connection: close\r\nContent-Length: 0\r\n\r\n";
        let answer = running.exchange(request).to_ascii_lowercase();
        assert_eq!(answer.matches("\r\nset-cookie: better-auth.").count(), 3, "{answer}");
    });
}

#[test]
fn a_body_in_chunks_is_a_body() {
    on_both(&Limits::default(), |running| {
        let request = "POST /api/auth/sign-in/email HTTP/1.1\r\nHost: localhost\r\n\
                       Connection: close\r\nContent-Type: application/json\r\n\
                       Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n";
        let answer = running.exchange(request);
        assert!(answer.contains("[body.email] Invalid input"), "{answer}");
    });
}

#[test]
fn a_body_that_is_too_large_is_refused() {
    let limits = Limits { body_bytes: 10, ..Limits::default() };
    on_both(&limits, |running| {
        let head = "POST /api/auth/sign-out HTTP/1.1\r\nHost: localhost\r\n\
                    Connection: close\r\nContent-Type: application/json\r\n";
        for request in [
            format!("{head}Content-Length: 11\r\n\r\n{{\"a\":\"bcd\"}}"),
            format!("{head}Transfer-Encoding: chunked\r\n\r\nb\r\n{{\"a\":\"bcd\"}}\r\n0\r\n\r\n"),
        ] {
            let answer = running.exchange(&request);
            assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
            assert!(answer.ends_with(r#""code":"PAYLOAD_TOO_LARGE","status":413}"#), "{answer}");
        }
    });
}

#[test]
fn a_false_length_costs_no_memory() {
    on_both(&Limits::default(), |running| {
        let mut stream = running.connect();
        let request = "POST /api/auth/sign-out HTTP/1.1\r\nHost: localhost\r\n\
                       Content-Type: application/json\r\nContent-Length: 1000000000000000\r\n\r\n";
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        while !answer.contains("PAYLOAD_TOO_LARGE") {
            let mut part = [0; 512];
            let length = stream.read(&mut part).unwrap();
            assert_ne!(length, 0, "{answer}");
            answer.push_str(std::str::from_utf8(&part[..length]).unwrap());
        }
        assert!(answer.contains("HTTP/1.1 413 "), "{answer}");
        drop(stream);
        assert!(running.exchange(&format!("{OK}Connection: close\r\n\r\n")).contains("200 OK"));
    });
}

#[test]
fn a_target_for_a_proxy_is_refused() {
    on_both(&Limits::default(), |running| {
        let request = "GET http://other.example/api/auth/ok HTTP/1.1\r\nHost: localhost\r\n\
                       Connection: close\r\n\r\n";
        let answer = running.exchange(request);
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    });
}

#[test]
fn whoever_sends_slowly_is_cut_off() {
    let short = Duration::from_millis(100);
    let limits = Limits { header_time: short, body_time: short, ..Limits::default() };
    let mut running = Running::start(Engine::Hyper, limits);
    // Neither head nor body ever ends; the answer does.
    assert!(!running.exchange("GET /api/auth/ok HTTP/1.1\r\nHo").contains("200 OK"));
    let answer = running.exchange(
        "POST /api/auth/sign-out HTTP/1.1\r\nHost: localhost\r\n\
         Content-Type: application/json\r\nContent-Length: 5\r\n\r\n{",
    );
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    running.stop();
}

/// Refused with this status and code, in JSON, with headers as every answer has them.
fn refused(answer: &str, status: u16, code: &str) {
    assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    let end = format!(r#""code":"{code}","status":{status}}}"#);
    assert!(answer.ends_with(&end), "{answer}");
    let head = answer.to_ascii_lowercase();
    for header in ["x-request-id: ", "cache-control: no-store", "x-content-type-options: nosniff"] {
        assert!(head.contains(header), "{answer}");
    }
    let may_come_back = [408, 429, 503].contains(&status);
    assert_eq!(head.contains("\r\nretry-after: 1\r\n"), may_come_back, "{answer}");
}

#[test]
fn what_hyper_refuses_by_itself_has_a_body_too() {
    let mut running = Running::start(Engine::Hyper, Limits::default());
    let headers = "X: x\r\n".repeat(101);
    for (request, status, code) in [
        (format!("{OK}X: {}\r\n\r\n", "x".repeat(64 * 1024)), 431, HEAD_TOO_LARGE),
        (format!("{OK}{headers}\r\n"), 431, HEAD_TOO_LARGE),
        (format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(70_000)), 431, HEAD_TOO_LARGE),
        ("GET / HTTP/1.1\r\nHost : x\r\n\r\n".to_owned(), 400, "BAD_REQUEST"),
        ("GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n".to_owned(), 400, "BAD_REQUEST"),
        ("nonsense\r\n\r\n".to_owned(), 400, "BAD_REQUEST"),
        (format!("{OK}Content-Length: 1\r\nContent-Length: 2\r\n\r\n"), 400, "BAD_REQUEST"),
    ] {
        refused(&running.exchange(&request), status, code);
    }
    let answer = running.exchange(&format!("{OK}\r\nnonsense\r\n\r\n"));
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.contains("HTTP/1.1 400 "), "{answer}");
    running.stop();
}

const HEAD_TOO_LARGE: &str = "REQUEST_HEADER_FIELDS_TOO_LARGE";

#[test]
fn a_target_that_is_too_long_is_refused() {
    let mut running = Running::start(Engine::Hyper, Limits::default());
    for (length, status) in [(16 * 1024, "200"), (16 * 1024 + 1, "414")] {
        let query = "x".repeat(length - "/api/auth/ok?".len());
        let head = OK.replace("ok", &format!("ok?{query}")) + "Connection: close\r\n\r\n";
        let answer = running.exchange(&head);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        if status == "414" {
            refused(&answer, 414, "URI_TOO_LONG");
        }
    }
    running.stop();
}

#[test]
fn whoever_begins_and_does_not_go_on_hears_why_and_whoever_is_silent_does_not() {
    let short = Duration::from_millis(100);
    let limits = Limits { header_time: short, idle_time: short, ..Limits::default() };
    let mut running = Running::start(Engine::Hyper, limits);
    refused(&running.exchange("GET /api/auth/ok HTTP/1.1\r\nHo"), 408, "REQUEST_TIMEOUT");
    assert_eq!(running.exchange(""), "");
    // An answer, and then a pause that is too long, or the beginning of a second request.
    let answer = running.exchange(&format!("{OK}\r\n"));
    assert!(answer.ends_with(r#"{"ok":true}"#), "{answer}");
    let mut stream = running.connect();
    stream.write_all(format!("{OK}\r\n").as_bytes()).unwrap();
    let mut first = [0; 2048];
    assert_ne!(stream.read(&mut first).unwrap(), 0);
    stream.write_all(b"GET").unwrap();
    refused(&read_to_end(&mut stream), 408, "REQUEST_TIMEOUT");
    running.stop();
}

/// A connection on which a request was answered, ready for the next one.
fn idle(running: &Running) -> TcpStream {
    let mut stream = running.connect();
    assert!(ask(&mut stream).starts_with("HTTP/1.1 200 OK"));
    stream
}

/// One more request on an open connection; nothing when it is not open any more.
fn ask(stream: &mut TcpStream) -> String {
    let _unsent = stream.write_all(format!("{OK}\r\n").as_bytes());
    let mut answer = String::new();
    let mut part = [0; 2048];
    while !answer.ends_with(r#"{"ok":true}"#) {
        match stream.read(&mut part) {
            Ok(0) | Err(_) => break,
            Ok(length) => answer.push_str(std::str::from_utf8(&part[..length]).unwrap()),
        }
    }
    answer
}

#[test]
fn a_newcomer_gets_the_place_of_the_oldest_that_is_idle() {
    let limits =
        Limits { connections: Some(3), connections_per_address: Some(3), ..Limits::default() };
    let mut running = Running::start(Engine::Hyper, limits);
    let [mut oldest, mut second, mut third] = [0, 1, 2].map(|_| idle(&running));
    let mut newcomer = idle(&running);
    assert_eq!(ask(&mut oldest), "");
    for stream in [&mut second, &mut third, &mut newcomer] {
        assert!(ask(stream).starts_with("HTTP/1.1 200 OK"));
    }
    running.stop();
}

/// A connection on which a request is read: its body of two bytes does not come.
fn busy(running: &Running) -> TcpStream {
    let mut stream = running.connect();
    let head = "POST /api/auth/sign-out HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
                Content-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let mut interim = [0; 25];
    stream.read_exact(&mut interim).unwrap();
    assert!(interim.starts_with(b"HTTP/1.1 100 "));
    stream
}

#[test]
fn a_newcomer_without_a_place_hears_so_at_once() {
    for (total, share) in [(2, 2), (9, 2)] {
        let limits = Limits {
            connections: Some(total),
            connections_per_address: Some(share),
            ..Limits::default()
        };
        let mut running = Running::start(Engine::Hyper, limits);
        let mut busy = [0, 1].map(|_| busy(&running));
        refused(&running.exchange(&format!("{OK}\r\n")), 503, "SERVER_BUSY");
        for stream in &mut busy {
            stream.write_all(b"{}").unwrap();
            assert!(read_to_end(stream).starts_with("HTTP/1.1 200 OK"));
        }
        assert!(ask(&mut running.connect()).starts_with("HTTP/1.1 200 OK"));
        running.stop();
    }
}

#[test]
fn requests_beyond_their_number_are_refused_and_the_others_answered() {
    let limits = Limits { requests: 4, requests_per_address: Some(1), ..Limits::default() };
    let mut running = Running::start(Engine::Hyper, limits);
    let mut slow = busy(&running);
    let close = format!("{OK}Connection: close\r\n\r\n");
    refused(&running.exchange(&close), 503, "SERVER_BUSY");
    slow.write_all(b"{}").unwrap();
    assert!(read_to_end(&mut slow).starts_with("HTTP/1.1 200 OK"));
    assert!(running.exchange(&close).starts_with("HTTP/1.1 200 OK"));
    running.stop();
}

#[test]
fn a_stopping_server_answers_what_comes_on_open_connections_as_the_last() {
    let mut running = Running::start(Engine::Hyper, Limits::default());
    let mut open = idle(&running);
    running.stop.stop();
    // New connections are refused, so the stop has taken effect.
    while TcpStream::connect(running.address).is_ok() {
        std::thread::yield_now();
    }
    let answer = ask(&mut open);
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.to_ascii_lowercase().contains("\r\nconnection: close\r\n"), "{answer}");
    assert_eq!(read_to_end(&mut open), "");
    running.stop();
}

#[test]
fn a_server_that_stops_finishes_what_runs_and_takes_nothing_new() {
    for engine in ENGINES {
        let mut running = Running::start(engine, Limits::default());
        let mut stream = running.connect();
        let body = r#"{"name":"A","email":"a@b.co","password":"correct horse"}"#;
        let head = format!(
            "POST /api/auth/sign-up/email HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\
             Expect: 100-continue\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        // The engine requests the body only once it works on the request.
        let mut interim = Vec::new();
        while !interim.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            interim.extend(byte);
        }
        assert!(interim.starts_with(b"HTTP/1.1 100 "), "{engine:?}");
        running.stop.stop();
        stream.write_all(body.as_bytes()).unwrap();
        running.stop();
        assert!(read_to_end(&mut stream).starts_with("HTTP/1.1 200 OK"), "{engine:?}");
        // The listener of `tiny_http` closes a moment later; connections until then are not answered.
        let late = TcpStream::connect(running.address).map(|mut late| {
            late.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
            let _unsent = late.write_all(OK.as_bytes()).and_then(|()| late.write_all(b"\r\n"));
            read_to_end(&mut late)
        });
        assert_eq!(late.unwrap_or_default(), "", "{engine:?}");
    }
}

#[test]
fn a_port_in_use_and_an_unknown_host_are_explained() {
    let mut running = Running::start(Engine::Hyper, Limits::default());
    let auth = || Arc::new(BetterAuth::new(Config::default()).unwrap());
    let options = ServeOptions { port: running.address.port(), ..ServeOptions::default() };
    let error = serve(auth(), &options, &Stop::new(), |_| {}).unwrap_err().to_string();
    assert_eq!(
        error,
        format!(
            "{} is in use by another program; choose another port with --port",
            running.address
        )
    );
    let options = ServeOptions { host: "no.such.host.invalid".to_owned(), ..options };
    let error = serve(auth(), &options, &Stop::new(), |_| {}).unwrap_err().to_string();
    assert!(error.starts_with("cannot resolve no.such.host.invalid"), "{error}");
    running.stop();
}

#[test]
fn tiny_http_serves_this_machine_only() {
    let auth = Arc::new(BetterAuth::new(Config::default()).unwrap());
    let options = ServeOptions {
        host: "0.0.0.0".to_owned(),
        port: 0,
        engine: Engine::TinyHttp,
        ..ServeOptions::default()
    };
    let error = serve(auth, &options, &Stop::new(), |_| {}).unwrap_err();
    assert!(matches!(error, ServeError::NotLoopback(_)), "{error}");
}
