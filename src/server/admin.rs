//! The listener for monitoring: `/metrics`, `/healthz` and `/readyz`. Clients cannot reach it, and
//! it has its own thread and runtime, so it responds even if the server is overloaded.

use std::convert::Infallible;
use std::io;
use std::net::TcpListener as StdListener;
use std::sync::Arc;
use std::thread;
use std::thread::JoinHandle;
use std::time::Duration;

use ::http::HeaderValue;
use ::http::Method;
use ::http::Request;
use ::http::Response;
use ::http::StatusCode;
use ::http::header;
use ::hyper::body::Incoming;
use ::hyper::server::conn::http1;
use ::hyper::service::service_fn;
use bytes::Bytes;
use http_body_util::Full;
use hyper_util::rt::TokioIo;
use hyper_util::rt::TokioTimer;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::Notify;
use tokio::sync::Semaphore;
use tokio::task;
use tokio::time;

use crate::server::front::Service;
use crate::server::is_addressed;
use crate::server::probe::Probe;

/// Maximum number of connections; more wait to be accepted.
const CONNECTIONS_MAX: usize = 64;
/// The time for a head to arrive, and for the next one to start.
const HEADER_TIME: Duration = Duration::from_secs(10);
/// The pause when the system has no file descriptors left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The listener's thread.
pub(super) struct Admin {
    stopped: Arc<Notify>,
    thread: JoinHandle<()>,
}

struct Watch {
    front: Arc<Service>,
    probe: Probe,
}

impl Admin {
    /// Starts the listener.
    pub(super) fn start(front: &Arc<Service>, listener: StdListener) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let probe = Probe::start(&front.auth)?;
        let watch = Arc::new(Watch { front: Arc::clone(front), probe });
        let stopped = Arc::new(Notify::new());
        let until = Arc::clone(&stopped);
        let thread = thread::Builder::new().name("admin".to_owned()).spawn(move || {
            if let Err(error) = runtime.block_on(serve(watch, listener, &until)) {
                tracing::error!(%error, "the listener for metrics and health has stopped");
            }
        })?;
        Ok(Self { stopped, thread })
    }

    /// Stops the listener.
    pub(super) fn stop(self) {
        self.stopped.notify_one();
        if self.thread.join().is_err() {
            tracing::error!("the listener for metrics and health has failed");
        }
    }
}

async fn serve(watch: Arc<Watch>, listener: StdListener, stopped: &Notify) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    let slots = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let next = async {
            let slot = Arc::clone(&slots).acquire_owned().await;
            (slot, listener.accept().await)
        };
        let (slot, accepted) = tokio::select! {
            biased;
            () = stopped.notified() => return Ok(()),
            next = next => next,
        };
        let Ok((stream, _)) = accepted else {
            time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let watch = Arc::clone(&watch);
        task::spawn(async move {
            let handler = service_fn(|request| respond(Arc::clone(&watch), request));
            let mut builder = http1::Builder::new();
            builder.timer(TokioTimer::new()).header_read_timeout(HEADER_TIME);
            if let Err(error) = builder.serve_connection(TokioIo::new(stream), handler).await {
                tracing::debug!(%error, "connection ended");
            }
            drop(slot);
        });
    }
}

async fn respond(
    watch: Arc<Watch>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, _) = request.into_parts();
    let is_read = [Method::GET, Method::HEAD].contains(&head.method);
    let (status, kind, body) = match head.uri.path() {
        _ if !is_addressed(&head) => (StatusCode::BAD_REQUEST, JSON, json!({}).to_string()),
        _ if !is_read => (StatusCode::METHOD_NOT_ALLOWED, JSON, json!({}).to_string()),
        "/healthz" => (StatusCode::OK, JSON, json!({"status": "ok"}).to_string()),
        "/readyz" => {
            let (status, body) = watch.readiness().await;
            (status, JSON, body.to_string())
        }
        "/metrics" => (StatusCode::OK, TEXT, watch.front.render(watch.probe.messages_waiting())),
        _ => (StatusCode::NOT_FOUND, JSON, json!({}).to_string()),
    };
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
}

impl Watch {
    /// Whether the server is ready for requests.
    async fn readiness(&self) -> (StatusCode, serde_json::Value) {
        if self.front.is_draining() {
            return (StatusCode::SERVICE_UNAVAILABLE, json!({"status": "draining"}));
        }
        match self.probe.problem().await {
            None => (StatusCode::OK, json!({"status": "ok"})),
            Some(code) => {
                (StatusCode::SERVICE_UNAVAILABLE, json!({"status": "unavailable", "code": code}))
            }
        }
    }
}
