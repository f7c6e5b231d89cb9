//! The access log: an event per request. It contains the path of the endpoint's row instead of the
//! request's, which may contain a token.

use std::net::IpAddr;
use std::time::Instant;

use ::http::HeaderMap;
use ::http::Method;
use ::http::Response;
use ::http::Uri;
use bytes::Bytes;

use crate::error::ErrorCode;
use crate::http::Endpoint;
use crate::http::Peer;
use crate::http::request_id::X_REQUEST_ID;
use crate::server::front::Service;

/// A request that is being answered.
pub(super) struct LogEntry<'a> {
    front: &'a Service,
    endpoint: Option<&'a Endpoint>,
    began: Instant,
    line: Option<LogLine>,
}

/// The logged fields, if logging is enabled.
struct LogLine {
    method: Method,
    path: Option<String>,
    client: Option<IpAddr>,
}

impl<'a> LogEntry<'a> {
    pub(super) fn begin(
        front: &'a Service,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        peer: Peer,
    ) -> Self {
        let is_on = tracing::enabled!(target: "better_auth::access", tracing::Level::INFO);
        let line = is_on.then(|| LogLine {
            method: method.clone(),
            path: front.auth.loggable_path(uri.path()),
            client: front.auth.loggable_client(headers, peer),
        });
        let endpoint = front.auth.endpoint(method, uri.path());
        Self { front, endpoint, began: Instant::now(), line }
    }

    /// The endpoint of the request.
    pub(super) fn endpoint(&self) -> Option<&'a Endpoint> {
        self.endpoint
    }

    /// Counts and logs the response.
    pub(super) fn end(self, response: &Response<Bytes>) {
        let took = self.began.elapsed();
        let status = response.status();
        self.front.metrics.count(self.endpoint, status, took);
        let code = response.extensions().get::<&'static ErrorCode>();
        if let Some(code) = code {
            self.front.metrics.count_error(code);
        }
        let Some(LogLine { method, path, client }) = self.line else {
            return;
        };
        let id = response.headers().get(&X_REQUEST_ID).and_then(|id| id.to_str().ok());
        let status = status.as_u16();
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let code = code.map(|code| code.name);
        let client = client.map(tracing::field::display);
        tracing::info!(target: "better_auth::access", id, %method, path, status, code, micros, client);
    }
}
