//! The small engine: `tiny_http`, a fixed number of threads, no runtime; for this machine only.

use std::io;
use std::io::Read as _;
use std::io::Write as _;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::RecvTimeoutError;
use std::thread;

use ::tiny_http::Header;
use ::tiny_http::Request as TinyRequest;
use ::tiny_http::Response as TinyResponse;
use ::tiny_http::Server;
use bytes::Bytes;
use http::HeaderMap;
use http::HeaderName;
use http::HeaderValue;
use http::Method;
use http::Request;
use http::Response;
use http::Uri;
use http::Version;

use crate::error::codes;
use crate::http::Peer;
use crate::http::Weight;
use crate::server::Stop;
use crate::server::front::Service;
use crate::server::is_addressed;
use crate::server::log::LogEntry;

/// Maximum bytes of a body that are discarded so that the client receives the refusal.
const DISCARD_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Number of requests that are answered concurrently.
const THREADS: usize = 8;

pub(super) fn run(front: &Arc<Service>, listener: TcpListener, stop: &Stop) -> io::Result<()> {
    let server = Server::from_listener(listener, None).map_err(io::Error::other)?;
    let server = Arc::new(server);
    let (waiting, ending) = (Arc::clone(&server), Arc::clone(front));
    let (tell, stopped) = mpsc::channel();
    stop.on_stop(move || {
        ending.drain();
        waiting.unblock();
        // The receiver is gone if the threads could not be started.
        _ = tell.send(());
    });
    let (running, ended) = mpsc::channel::<()>();
    let (pass_on, passed) = mpsc::channel::<TinyRequest>();
    let passed = Arc::new(Mutex::new(passed));
    for _ in 0..THREADS {
        let (passed, front, running) = (Arc::clone(&passed), Arc::clone(front), running.clone());
        thread::Builder::new().name("http".to_owned()).spawn(move || {
            // The channel closes when the server stops; requests that were already passed are
            // answered first.
            while let Some(request) = next(&passed) {
                respond(&front, request);
            }
            drop(running);
        })?;
    }
    let (receiving, last) = (Arc::clone(front), running.clone());
    thread::Builder::new().name("receiver".to_owned()).spawn(move || {
        // An error means that the server is to stop.
        while let Ok(request) = server.recv() {
            if is_instant(&receiving, &request) {
                respond(&receiving, request);
            } else if pass_on.send(request).is_err() {
                break;
            }
        }
        drop(last);
    })?;
    drop(running);
    // Both wait until the other side is dropped: first the stop, then the threads.
    _ = stopped.recv();
    if ended.recv_timeout(front.limits.drain_time) == Err(RecvTimeoutError::Timeout) {
        tracing::warn!("the drain time has passed; some requests were still running");
    }
    Ok(())
}

fn next(passed: &Mutex<Receiver<TinyRequest>>) -> Option<TinyRequest> {
    passed.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

/// Whether the request is answered without waiting for the disk or for its body.
fn is_instant(front: &Service, request: &TinyRequest) -> bool {
    let has_body = request.headers().iter().any(|header| {
        header.field.equiv("Transfer-Encoding") || header.field.equiv("Content-Length")
    });
    let uri = request.url().parse::<Uri>();
    let method = Method::from_bytes(request.method().as_str().as_bytes());
    let (Ok(uri), Ok(method), false) = (uri, method, has_body) else { return false };
    front.auth.weight(front.auth.endpoint(&method, uri.path())) == Weight::Instant
}

fn respond(front: &Service, mut request: TinyRequest) {
    if request.body_length().is_some_and(|length| DISCARD_BYTES_MAX < length) {
        return refuse_unread(front, request);
    }
    let address = request.remote_addr().map(std::net::SocketAddr::ip);
    let peer = Peer { address, secure: false };
    let response = match read(&mut request, front.limits.body_bytes) {
        Ok(converted) => {
            let (method, headers) = (converted.method(), converted.headers());
            let entry = LogEntry::begin(front, method, converted.uri(), headers, peer);
            let mut response = front.answer(converted, peer);
            front.finish(&mut response);
            entry.end(&response);
            response
        }
        Err(code) => {
            let mut response = front.refuse(code, &HeaderMap::new(), peer);
            front.finish(&mut response);
            response
        }
    };
    if let Err(error) = request.respond(convert(response)) {
        tracing::debug!(%error, "connection ended");
    }
}

/// Rejects a body without reading it. When `tiny_http` drops a request, it allocates the rest of
/// the declared length, and a false length would abort the process; so the response is written
/// directly to the socket, which stays open.
fn refuse_unread(front: &Service, request: TinyRequest) {
    let answer = front.whole_refusal(codes::PAYLOAD_TOO_LARGE);
    // The only access to the raw socket sends an interim response first, which clients ignore.
    let mut socket = request.upgrade("close", TinyResponse::empty(100));
    if let Err(error) = socket.write_all(&answer).and_then(|()| socket.flush()) {
        tracing::debug!(%error, "connection ended");
    }
    std::mem::forget(socket);
}

/// Converts the request.
fn read(
    request: &mut TinyRequest,
    body_bytes_max: usize,
) -> Result<Request<Bytes>, &'static crate::error::ErrorCode> {
    let version = match (request.http_version().0, request.http_version().1) {
        (1, 1) => Version::HTTP_11,
        (1, 0) => Version::HTTP_10,
        _ => return Err(codes::BAD_REQUEST),
    };
    if !has_one_length(request, version) {
        return Err(codes::BAD_REQUEST);
    }
    let mut body = Vec::new();
    let limit = body_bytes_max as u64 + 1;
    request.as_reader().take(limit).read_to_end(&mut body).map_err(|_| codes::BAD_REQUEST)?;
    if body_bytes_max < body.len() {
        return Err(codes::PAYLOAD_TOO_LARGE);
    }
    let mut converted = Request::builder().method(request.method().as_str()).uri(request.url());
    converted = converted.version(version);
    for header in request.headers() {
        let name = HeaderName::from_bytes(header.field.as_str().as_str().as_bytes());
        let value = HeaderValue::from_bytes(header.value.as_str().as_bytes());
        let (Ok(name), Ok(value)) = (name, value) else {
            return Err(codes::BAD_REQUEST);
        };
        converted = converted.header(name, value);
    }
    let (head, body) = converted.body(body.into()).map_err(|_| codes::BAD_REQUEST)?.into_parts();
    if is_addressed(&head) { Ok(Request::from_parts(head, body)) } else { Err(codes::BAD_REQUEST) }
}

/// Whether the end of the body is unambiguous. `tiny_http` treats any transfer coding as chunked,
/// even in HTTP/1.0, and ignores an unreadable length, such as one that is too large [RFC 9112 6.1,
/// 6.3].
fn has_one_length(request: &TinyRequest, version: Version) -> bool {
    let all = |name: &'static str| {
        let named = request.headers().iter().filter(move |header| header.field.equiv(name));
        named.map(|header| header.value.as_str())
    };
    let is_length = |text: &str| {
        text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<usize>().is_ok()
    };
    let is_chunked =
        |coding: &str| version != Version::HTTP_10 && coding.eq_ignore_ascii_case("chunked");
    let mut codings = all("Transfer-Encoding");
    let mut lengths = all("Content-Length");
    match (codings.next(), lengths.next()) {
        (None, None) => true,
        (None, Some(length)) => is_length(length) && lengths.all(|other| other == length),
        (Some(coding), None) => is_chunked(coding) && codings.next().is_none(),
        (Some(_), Some(_)) => false,
    }
}

fn convert(response: Response<Bytes>) -> TinyResponse<io::Cursor<Bytes>> {
    let (parts, body) = response.into_parts();
    let headers = parts
        .headers
        .iter()
        .filter_map(|(name, value)| Header::from_bytes(name.as_str(), value.as_bytes()).ok())
        .collect();
    let length = body.len();
    TinyResponse::new(
        parts.status.as_u16().into(),
        headers,
        io::Cursor::new(body),
        Some(length),
        None,
    )
    // The length is known, and the response to `HEAD` must contain it.
    .with_chunked_threshold(usize::MAX)
}
