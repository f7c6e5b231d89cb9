//! The access log: one event per request. Queries and parameters stay out of it, they can hold tokens.

use std::time::Instant;

use bytes::Bytes;
use http::Method;
use http::Request;
use http::StatusCode;

use crate::auth::BetterAuth;

/// A request that is being answered; `None` where nobody listens.
pub(super) struct Entry(Option<(Method, String, Instant)>);

pub(super) fn begin(auth: &BetterAuth, request: &Request<Bytes>) -> Entry {
    if !tracing::enabled!(target: "better_auth::access", tracing::Level::INFO) {
        return Entry(None);
    }
    let path = auth.loggable_path(request.uri().path()).into_owned();
    Entry(Some((request.method().clone(), path, Instant::now())))
}

impl Entry {
    pub(super) fn end(self, status: StatusCode) {
        let Some((method, path, began)) = self.0 else {
            return;
        };
        let micros = began.elapsed().as_micros();
        let status = status.as_u16();
        tracing::info!(target: "better_auth::access", %method, path, status, micros);
    }
}
