//! The default engine: HTTP/1.1 with keep-alive, deadlines and limits, on hyper and tokio.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::net::TcpListener as StdListener;
use std::sync::Arc;
use std::time::Duration;

use ::hyper::body::Body as _;
use ::hyper::body::Incoming;
use ::hyper::server::conn::http1;
use ::hyper::service::service_fn;
use bytes::Bytes;
use http::Request;
use http::Response;
use http_body_util::BodyExt as _;
use http_body_util::Full;
use http_body_util::Limited;
use hyper_util::rt::TokioIo;
use hyper_util::rt::TokioTimer;
use hyper_util::server::graceful::GracefulConnection;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::runtime::Builder;
use tokio::sync::Notify;
use tokio::sync::Semaphore;
use tokio::task;
use tokio::time;

use crate::auth::BetterAuth;
use crate::error::codes;
use crate::http::Peer;
use crate::server::Limits;
use crate::server::Stop;
use crate::server::answer;
use crate::server::is_origin_form;

/// How long to wait when the system has no descriptor or memory left for a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

pub(super) fn run(
    auth: Arc<BetterAuth>,
    listener: StdListener,
    limits: &Limits,
    stop: &Stop,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let stopped = Arc::new(Notify::new());
    let notify = Arc::clone(&stopped);
    stop.on_stop(move || notify.notify_one());
    let runtime = Builder::new_multi_thread().enable_all().thread_name("http").build()?;
    let service = Arc::new(Service { auth, limits: limits.clone() });
    runtime.block_on(accept(service, listener, &stopped))?;
    // What still hashes or writes now has had its time.
    runtime.shutdown_background();
    Ok(())
}

struct Service {
    auth: Arc<BetterAuth>,
    limits: Limits,
}

async fn accept(service: Arc<Service>, listener: StdListener, stopped: &Notify) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    let slots = Arc::new(Semaphore::new(service.limits.connections_max));
    let graceful = GracefulShutdown::new();
    loop {
        let next = async {
            let slot = Arc::clone(&slots).acquire_owned().await;
            (slot, listener.accept().await)
        };
        let (slot, accepted) = tokio::select! {
            biased;
            () = stopped.notified() => break,
            next = next => next,
        };
        match accepted {
            Ok((stream, from)) => {
                let connection = serve_connection(Arc::clone(&service), stream, from);
                let watched = graceful.watch(connection);
                task::spawn(async move {
                    if let Err(error) = watched.await {
                        tracing::debug!(%error, "connection ended");
                    }
                    drop(slot);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "connection could not be accepted");
                time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    if time::timeout(service.limits.drain_time, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were still running when the time to finish them was over");
    }
    Ok(())
}

fn serve_connection(
    service: Arc<Service>,
    stream: TcpStream,
    from: SocketAddr,
) -> impl GracefulConnection<Error = ::hyper::Error> {
    // Answers are small and whole: waiting to fill a packet only makes them late.
    drop(stream.set_nodelay(true));
    let limits = &service.limits;
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_time)
        .max_header_size(limits.header_bytes_max);
    let peer = Peer::at(from.ip());
    let handler = service_fn(move |request| respond(Arc::clone(&service), request, peer));
    builder.serve_connection(TokioIo::new(stream), handler)
}

async fn respond(
    service: Arc<Service>,
    request: Request<Incoming>,
    peer: Peer,
) -> Result<Response<Full<Bytes>>, Infallible> {
    Ok(service.respond(request, peer).await.map(Full::new))
}

impl Service {
    async fn respond(self: Arc<Self>, request: Request<Incoming>, peer: Peer) -> Response<Bytes> {
        let (parts, body) = request.into_parts();
        if !is_origin_form(&parts.uri) {
            return self.auth.refuse(&codes::BAD_REQUEST.into());
        }
        let body = match self.read(body).await {
            Ok(body) => body,
            Err(refusal) => return refusal,
        };
        let is_heavy = self.auth.is_heavy(&parts.method, parts.uri.path());
        let request = Request::from_parts(parts, body);
        if !is_heavy {
            // A session is found faster than a thread is woken.
            return answer(&self.auth, request, peer);
        }
        let service = Arc::clone(&self);
        let answered = task::spawn_blocking(move || answer(&service.auth, request, peer)).await;
        answered.unwrap_or_else(|_| self.auth.refuse(&codes::INTERNAL_SERVER_ERROR.into()))
    }

    async fn read(&self, body: Incoming) -> Result<Bytes, Response<Bytes>> {
        let max = self.limits.body_bytes_max;
        if body.is_end_stream() {
            return Ok(Bytes::new());
        }
        if body.size_hint().lower() > max as u64 {
            return Err(self.auth.refuse(&codes::PAYLOAD_TOO_LARGE.into()));
        }
        let whole = Limited::new(body, max).collect();
        match time::timeout(self.limits.body_time, whole).await {
            Ok(Ok(whole)) => Ok(whole.to_bytes()),
            Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
                Err(self.auth.refuse(&codes::PAYLOAD_TOO_LARGE.into()))
            }
            Ok(Err(_)) => Err(self.auth.refuse(&codes::BAD_REQUEST.into())),
            Err(_) => Err(self.auth.refuse(&codes::REQUEST_TIMEOUT.into())),
        }
    }
}
