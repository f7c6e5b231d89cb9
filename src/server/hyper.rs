//! The default engine: HTTP/1.1 with keep-alive, deadlines and limits, on hyper and tokio.

use std::convert::Infallible;
use std::io;
use std::net::IpAddr;
use std::net::SocketAddr;
use std::net::TcpListener as StdListener;
use std::sync::Arc;
use std::time::Duration;

use ::http::HeaderMap;
use ::http::Request;
use ::http::Response;
use ::http::request::Parts;
use ::hyper::body::Body as _;
use ::hyper::body::Incoming;
use ::hyper::server::conn::http1;
use ::hyper::service::service_fn;
use bytes::Bytes;
use http_body_util::BodyExt as _;
use http_body_util::Full;
use http_body_util::Limited;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulConnection;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::runtime::Builder;
use tokio::sync::Notify;
use tokio::sync::Semaphore;
use tokio::task;
use tokio::time;

use crate::error::ErrorCode;
use crate::error::codes;
use crate::http::Peer;
use crate::http::Weight;
use crate::http::request_id::X_REQUEST_ID;
use crate::server::BACKLOG;
use crate::server::Stop;
use crate::server::connections::Connection;
use crate::server::connections::Connections;
use crate::server::connections::Refusal;
use crate::server::front::Service;
use crate::server::gate::RequestPermit;
use crate::server::in_line;
use crate::server::is_addressed;
use crate::server::log::LogEntry;
use crate::server::wire::Wire;

/// The pause when the system has no file descriptor or memory for a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// Maximum number of rejected connections that get an error response at the same time; others are
/// just closed.
const TURNED_AWAY_MAX: usize = 64;
/// How long a stopping server waits for requests that are arriving on open connections.
const GRACE: Duration = Duration::from_secs(1);
/// Threads for other blocking work, such as resolving names.
const THREADS_MORE: usize = 4;

pub(super) fn run(
    front: &Arc<Service>,
    connections: &Arc<Connections>,
    listener: StdListener,
    stop: &Stop,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let stopped = Arc::new(Notify::new());
    let notify = Arc::clone(&stopped);
    stop.on_stop(move || notify.notify_one());
    let runtime = Builder::new_multi_thread()
        .enable_all()
        .thread_name("http")
        .worker_threads(in_line::places() + 1)
        .max_blocking_threads(front.threads_max() + THREADS_MORE)
        .build()?;
    let engine = Engine {
        front: Arc::clone(front),
        connections: Arc::clone(connections),
        graceful: GracefulShutdown::new(),
        turning_away: Arc::new(Semaphore::new(TURNED_AWAY_MAX)),
    };
    let _watcher = front.in_line.watch(runtime.handle())?;
    runtime.block_on(engine.serve(listener, &stopped))?;
    // The time for running work is over.
    runtime.shutdown_background();
    Ok(())
}

struct Engine {
    front: Arc<Service>,
    connections: Arc<Connections>,
    graceful: GracefulShutdown,
    turning_away: Arc<Semaphore>,
}

impl Engine {
    async fn serve(self, listener: StdListener, stopped: &Notify) -> io::Result<()> {
        let listener = TcpListener::from_std(listener)?;
        loop {
            let accepted = tokio::select! {
                biased;
                () = stopped.notified() => break,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, from)) => self.take(stream, from),
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    self.front.metrics.connections_failed.add();
                    self.connections.shed();
                    time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
        self.drain(listener).await;
        Ok(())
    }

    /// Stops accepting, but answers pending connections in the backlog and requests that arrive on
    /// open connections within the grace period, each with `Connection: close`.
    async fn drain(self, listener: TcpListener) {
        self.front.drain();
        for _ in 0..BACKLOG {
            match time::timeout(Duration::ZERO, listener.accept()).await {
                Ok(Ok((stream, from))) => self.take(stream, from),
                Ok(Err(_)) | Err(_) => break,
            }
        }
        drop(listener);
        let drain_time = self.front.limits.drain_time;
        let ends = async {
            // Connections that remain after that have no request.
            drop(time::timeout(GRACE, self.connections.empty()).await);
            self.graceful.shutdown().await;
        };
        if time::timeout(drain_time, ends).await.is_err() {
            tracing::warn!("the drain time has passed; some requests were still running");
        }
    }

    fn take(&self, stream: TcpStream, from: SocketAddr) {
        let peer = Peer::at(from.ip());
        // Answers are small and complete: waiting to fill a packet would only delay them.
        drop(stream.set_nodelay(true));
        let (front, metrics) = (&self.front, &self.front.metrics);
        let place =
            match self.connections.admit(front.network(from.ip()), front.auth.is_proxy(peer)) {
                Ok(place) => place,
                Err(refusal) => {
                    match refusal {
                        Refusal::Full => metrics.connections_full.add(),
                        Refusal::Address => metrics.connections_of_address.add(),
                    }
                    return self.turn_away(stream);
                }
            };
        metrics.connections_accepted.add();
        let connection = Arc::clone(&place.connection);
        let served = serve_connection(Arc::clone(front), stream, &connection, peer);
        let watched = self.graceful.watch(served);
        let front = Arc::clone(front);
        task::spawn(async move {
            tokio::select! {
                ended = watched => {
                    if let Err(error) = ended {
                        tracing::debug!(%error, "connection ended");
                    }
                }
                () = connection.closing.notified() => front.metrics.connections_evicted.add(),
            }
            drop(place);
        });
    }

    /// Sends a rejection without blocking the accept loop.
    fn turn_away(&self, stream: TcpStream) {
        let Ok(permit) = Arc::clone(&self.turning_away).try_acquire_owned() else {
            return;
        };
        let wire = Wire::new(stream, Arc::new(Connection::new()), Arc::clone(&self.front));
        task::spawn(async move {
            if let Err(error) = wire.turn_away(codes::SERVER_BUSY).await {
                tracing::debug!(%error, "connection ended");
            }
            drop(permit);
        });
    }
}

fn serve_connection(
    front: Arc<Service>,
    stream: TcpStream,
    connection: &Arc<Connection>,
    peer: Peer,
) -> impl GracefulConnection<Error = ::hyper::Error> + use<> {
    let mut builder = http1::Builder::new();
    // `Wire` enforces the deadlines.
    builder.header_read_timeout(None).max_header_size(front.limits.header_bytes);
    if front.limits.headers != DEFAULT_HEADERS_MAX {
        builder.max_headers(front.limits.headers);
    }
    let wire = Wire::new(stream, Arc::clone(connection), Arc::clone(&front));
    let connection = Arc::clone(connection);
    let handler = service_fn(move |request| {
        respond(Arc::clone(&front), Arc::clone(&connection), request, peer)
    });
    builder.serve_connection(TokioIo::new(wire), handler)
}

/// The maximum that hyper allows without allocating.
const DEFAULT_HEADERS_MAX: usize = 100;

async fn respond(
    front: Arc<Service>,
    connection: Arc<Connection>,
    request: Request<Incoming>,
    peer: Peer,
) -> Result<Response<Full<Bytes>>, Infallible> {
    connection.begins();
    let (parts, body) = request.into_parts();
    let entry = LogEntry::begin(&front, &parts.method, &parts.uri, &parts.headers, peer);
    let client = front.auth.client(&parts.headers, peer);
    let weight = front.auth.weight(entry.endpoint());
    let mut response = match take_in(&front, client, &parts, body).await {
        Ok((pass, body)) => {
            let ids = parts.headers.get_all(&X_REQUEST_ID).into_iter().cloned();
            let ids: HeaderMap = ids.map(|id| (X_REQUEST_ID, id)).collect();
            let request = Request::from_parts(parts, body);
            let answer = begin(&front, (client, weight), (request, peer), pass);
            let answer = connection.patience.wait(front.limits.answer_time, answer).await;
            answer.unwrap_or_else(|| front.give_up(&ids, peer))
        }
        Err(code) => {
            connection.refuse();
            front.refuse(code, &parts.headers, peer)
        }
    };
    front.finish(&mut response);
    entry.end(&response);
    connection.ends();
    Ok(response.map(Full::new))
}

/// Admits a request and reads its body, within the limits.
async fn take_in(
    front: &Service,
    client: Option<IpAddr>,
    head: &Parts,
    body: Incoming,
) -> Result<(RequestPermit, Bytes), &'static ErrorCode> {
    let limits = &front.limits;
    let Some(pass) = front.gate.enter(client) else {
        front.metrics.requests_refused.add();
        return Err(codes::SERVER_BUSY);
    };
    if !is_addressed(head) {
        return Err(codes::BAD_REQUEST);
    }
    if limits.target_bytes < head.uri.path_and_query().map_or(0, |target| target.as_str().len()) {
        return Err(codes::URI_TOO_LONG);
    }
    if body.is_end_stream() {
        return Ok((pass, Bytes::new()));
    }
    if body.size_hint().lower() > limits.body_bytes as u64 {
        return Err(codes::PAYLOAD_TOO_LARGE);
    }
    let whole = Limited::new(body, limits.body_bytes).collect();
    match time::timeout(limits.body_time, whole).await {
        Ok(Ok(whole)) => Ok((pass, whole.to_bytes())),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
            Err(codes::PAYLOAD_TOO_LARGE)
        }
        Ok(Err(_)) => Err(codes::BAD_REQUEST),
        Err(_) => Err(codes::REQUEST_TIMEOUT),
    }
}

/// Answers in line, or on a blocking thread when it is the client's turn. The work is always its
/// own task, so a waiting connection can give up on it.
async fn begin(
    front: &Arc<Service>,
    (client, weight): (Option<IpAddr>, Weight),
    (request, peer): (Request<Bytes>, Peer),
    pass: RequestPermit,
) -> Response<Bytes> {
    let answering = Arc::clone(front);
    let answer = move || answering.answer(request, peer);
    let in_line = match weight {
        Weight::Instant => return answer(),
        Weight::Light => front.in_line.enter().await,
        Weight::Waiting | Weight::Writing | Weight::Asking => None,
    };
    // The permits are held until the work ends, whether the connection still waits or not.
    let answered = if let Some(place) = in_line {
        // Finding a session is faster than waking a thread.
        task::spawn(async move { (answer(), place, pass).0 })
    } else {
        let turn = front.request_queue(weight).enter(client).await;
        task::spawn_blocking(move || (answer(), turn, pass).0)
    };
    answered.await.unwrap_or_else(|_| front.auth.refuse(&codes::INTERNAL_SERVER_ERROR.into()))
}
