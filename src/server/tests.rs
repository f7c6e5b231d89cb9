use std::io::Read as _;
use std::io::Write as _;
use std::net::TcpStream;
use std::sync::mpsc;
use std::thread::JoinHandle;

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
        config.database.url = folder.path().join("a.db").display().to_string();
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
    let limits = Limits { body_bytes_max: 10, ..Limits::default() };
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

#[test]
fn a_head_that_is_too_large_is_refused() {
    let mut running = Running::start(Engine::Hyper, Limits::default());
    let answer = running.exchange(&format!("{OK}X: {}\r\n\r\n", "x".repeat(64 * 1024)));
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
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
        // The engine asks for the body only once it works on the request.
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
        // The listener of `tiny_http` closes a moment later, but nobody answers there any more.
        let late = TcpStream::connect(running.address).map(|mut late| {
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
    assert!(error.starts_with("no.such.host.invalid is no address here"), "{error}");
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
