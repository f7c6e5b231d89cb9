//! The part between an engine and the service: limits, metrics, the log, and common headers.

use std::io::Write as _;
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

use ::http::HeaderMap;
use ::http::HeaderValue;
use ::http::Request;
use ::http::Response;
use ::http::header;
use bytes::Bytes;

use crate::auth::BetterAuth;
use crate::config::Limits;
use crate::error::AuthError;
use crate::error::ErrorCode;
use crate::error::codes;
use crate::http::Peer;
use crate::http::Weight;
use crate::http::request_id::X_REQUEST_ID;
use crate::server::connections::Connections;
use crate::server::gate::Gate;
use crate::server::in_line::InLine;
use crate::server::metrics::Metrics;
use crate::server::metrics::Now;
use crate::server::request_queue::RequestQueue;

/// When a rejected client may retry.
const RETRY_AFTER: Duration = Duration::from_secs(1);
/// HTTPS only for a year [RFC 6797]; without subdomains, which may belong to other applications.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// The service for engines.
pub(super) struct Service {
    pub(super) auth: Arc<BetterAuth>,
    pub(super) limits: Limits,
    pub(super) metrics: Metrics,
    pub(super) gate: Arc<Gate>,
    /// `None` if the engine manages its sockets itself.
    pub(super) connections: Option<Arc<Connections>>,
    writing: Arc<RequestQueue>,
    asking: Arc<RequestQueue>,
    waiting: Arc<RequestQueue>,
    pub(super) in_line: InLine,
    is_https: bool,
    is_draining: AtomicBool,
}

impl Service {
    pub(super) fn new(
        auth: Arc<BetterAuth>,
        limits: Limits,
        connections: Option<Arc<Connections>>,
    ) -> Self {
        let share = limits.requests_per_address.unwrap_or((limits.requests / 4).max(1));
        Self {
            metrics: Metrics::new(&auth.endpoints()),
            gate: Arc::new(Gate::new(limits.requests, share)),
            connections,
            writing: Arc::new(RequestQueue::new(limits.writing)),
            asking: Arc::new(RequestQueue::new(limits.asking)),
            waiting: Arc::new(RequestQueue::new(limits.writing)),
            in_line: InLine::new(),
            is_https: auth.config().is_https(),
            is_draining: AtomicBool::new(false),
            auth,
            limits,
        }
    }

    /// Answers a request; a panic in a handler becomes an error response.
    pub(super) fn answer(&self, request: Request<Bytes>, peer: Peer) -> Response<Bytes> {
        catch_unwind(AssertUnwindSafe(|| self.auth.handle(request, peer)))
            .unwrap_or_else(|_| self.auth.refuse(&codes::INTERNAL_SERVER_ERROR.into()))
    }

    /// The queue for requests of this weight that are not answered in line.
    pub(super) fn request_queue(&self, weight: Weight) -> &Arc<RequestQueue> {
        match weight {
            Weight::Instant | Weight::Light | Weight::Waiting => &self.waiting,
            Weight::Writing => &self.writing,
            Weight::Asking => &self.asking,
        }
    }

    /// Maximum number of threads for these queues.
    pub(super) fn threads_max(&self) -> usize {
        self.limits.writing * 2 + self.limits.asking
    }

    /// Rejects a request before it reaches the service.
    pub(super) fn refuse(
        &self,
        code: &'static ErrorCode,
        headers: &HeaderMap,
        peer: Peer,
    ) -> Response<Bytes> {
        let mut response = self.auth.refuse(&refusal(code));
        response.headers_mut().insert(X_REQUEST_ID, self.auth.request_id(headers, peer));
        response
    }

    /// Answers a request that takes too long. Its work continues, because a thread that waits for a
    /// disk cannot be stopped.
    pub(super) fn give_up(&self, headers: &HeaderMap, peer: Peer) -> Response<Bytes> {
        let response = self.refuse(codes::SERVER_BUSY, headers, peer);
        let id = response.headers().get(&X_REQUEST_ID).and_then(|id| id.to_str().ok());
        tracing::warn!(id, "request timed out; its work may still complete");
        response
    }

    /// An error as a whole response, for connections without a readable request.
    pub(super) fn whole_refusal(&self, code: &'static ErrorCode) -> Bytes {
        self.metrics.count_error(code);
        let mut response = self.auth.refuse(&refusal(code));
        self.finish(&mut response);
        tracing::debug!(code = code.name, "connection refused");
        let status = response.status();
        let mut whole = Vec::with_capacity(1024);
        let reason = status.canonical_reason().unwrap_or_default();
        // Writing to a `Vec` cannot fail.
        let _infallible = write!(whole, "HTTP/1.1 {} {reason}\r\n", status.as_u16());
        for (name, value) in response.headers() {
            whole.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
        let length = response.body().len();
        let _infallible = write!(whole, "Connection: close\r\nContent-Length: {length}\r\n\r\n");
        whole.extend_from_slice(response.body());
        whole.into()
    }

    /// Adds the headers of a standalone server.
    pub(super) fn finish(&self, response: &mut Response<Bytes>) {
        if self.is_https {
            response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
        }
        if self.is_draining() {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
    }

    /// The network for which a peer's connections are counted.
    pub(super) fn network(&self, address: IpAddr) -> IpAddr {
        self.auth.network(address)
    }

    /// From now on, every answer closes its connection.
    pub(super) fn drain(&self) {
        self.is_draining.store(true, Ordering::Release);
    }

    pub(super) fn is_draining(&self) -> bool {
        self.is_draining.load(Ordering::Acquire)
    }

    /// All metrics in Prometheus' format.
    pub(super) fn render(&self, messages_waiting: Option<u64>) -> String {
        let connections = self.connections.as_ref();
        self.metrics.render(&Now {
            load: self.auth.load(),
            messages_waiting,
            requests: self.gate.count(),
            waiting: [
                ("writing", self.writing.waiting()),
                ("asking", self.asking.waiting()),
                ("storage", self.waiting.waiting()),
            ],
            connections: connections.map(|all| (all.count(), all.max())),
            is_draining: self.is_draining(),
        })
    }
}

/// The error for a code: clients may retry, unless the request was too large.
fn refusal(code: &'static ErrorCode) -> AuthError {
    let error = AuthError::new(code);
    if [codes::SERVER_BUSY, codes::REQUEST_TIMEOUT].contains(&code) {
        error.with_retry_after(RETRY_AFTER)
    } else {
        error
    }
}
