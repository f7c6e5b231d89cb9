//! The reply: the only place where bodies, error bodies included, are written.

use bytes::Bytes;
use http::HeaderMap;
use http::HeaderName;
use http::HeaderValue;
use http::Response;
use http::StatusCode;
use http::header;
use serde::Serialize;
use serde_json::Value;

use crate::error::AuthError;
use crate::error::Dialect;
use crate::error::codes;

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const X_RETRY_AFTER: HeaderName = HeaderName::from_static("x-retry-after");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
/// Bytes that the body of a session takes, and some more: most bodies never grow.
const BODY_BYTES: usize = 1024;
/// Bytes of a place to send people to; browsers and proxies refuse heads that are much longer.
const LOCATION_BYTES_MAX: usize = 16 * 1024;

/// What an endpoint answers; cookies come from the context.
#[derive(Debug)]
pub struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

/// `{"success":true}`, `{"status":true}` and their like.
#[derive(Debug, Serialize)]
pub struct Done {
    #[serde(skip_serializing_if = "Option::is_none")]
    success: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'static str>,
}

impl Done {
    /// `{"success":true}`
    pub const SUCCESS: Self = Self { success: Some(true), status: None, message: None };
    /// `{"status":true}`
    pub const STATUS: Self = Self { success: None, status: Some(true), message: None };

    /// The same with a message.
    #[must_use]
    pub const fn and_message(mut self, message: &'static str) -> Self {
        self.message = Some(message);
        self
    }

    /// `{"success":true,"message":"…"}`
    pub const fn with_message(message: &'static str) -> Self {
        Self::SUCCESS.and_message(message)
    }
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    message: &'a str,
    code: &'a str,
    status: u16,
}

impl Reply {
    /// 200 with a JSON body; `None` is the four bytes `null`.
    ///
    /// # Errors
    /// `INTERNAL_SERVER_ERROR` if the value cannot be written, which none of ours can cause.
    pub fn json(value: &impl Serialize) -> Result<Self, AuthError> {
        let mut body = Vec::with_capacity(BODY_BYTES);
        serde_json::to_writer(&mut body, value).map_err(AuthError::internal)?;
        Ok(Self::of_json(StatusCode::OK, body))
    }

    /// 200 with a page.
    pub fn html(page: String) -> Self {
        let html = HeaderValue::from_static("text/html; charset=utf-8");
        Self::empty(StatusCode::OK).with_header(header::CONTENT_TYPE, html).with_body(page)
    }

    /// 302 to another place; with the media type that Better Auth gives the body which is not there.
    ///
    /// # Errors
    /// `BAD_REQUEST` if the place is too long to follow, `INTERNAL_SERVER_ERROR` if it cannot stand in a
    /// header; it was checked before.
    pub fn redirect(location: &str) -> Result<Self, AuthError> {
        if LOCATION_BYTES_MAX < location.len() {
            let message = format!("What leads on is longer than {LOCATION_BYTES_MAX} bytes");
            return Err(AuthError::new(codes::BAD_REQUEST).with_message(message));
        }
        let location = HeaderValue::from_str(location).map_err(AuthError::internal)?;
        let found = Self::empty(StatusCode::FOUND).with_header(header::CONTENT_TYPE, JSON);
        Ok(found.with_header(header::LOCATION, location))
    }

    /// No body, no content type.
    pub fn empty(status: StatusCode) -> Self {
        Self { status, headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// A disabled path [contract 1.2].
    pub(super) fn disabled() -> Self {
        let text = HeaderValue::from_static("text/plain;charset=UTF-8");
        Self::empty(StatusCode::NOT_FOUND)
            .with_header(header::CONTENT_TYPE, text)
            .with_body("Not Found".to_owned())
    }

    /// The error in the dialect that the configuration asks for, always `{message, code, status}`.
    pub fn error(error: &AuthError, dialect: Dialect) -> Self {
        let (code, status) = error.code().in_dialect(dialect);
        let body = ErrorBody { message: error.message(), code, status };
        let body = serde_json::to_vec(&body).unwrap_or_default();
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut reply = Self::of_json(status, body);
        if let Some(after) = error.retry_after() {
            let seconds = after.as_millis().div_ceil(1000);
            if let Ok(seconds) = HeaderValue::from_str(&seconds.to_string()) {
                if status == StatusCode::TOO_MANY_REQUESTS {
                    // Better Auth's name for it.
                    reply = reply.with_header(X_RETRY_AFTER, seconds.clone());
                }
                reply = reply.with_header(header::RETRY_AFTER, seconds);
            }
        }
        reply
    }

    fn of_json(status: StatusCode, body: Vec<u8>) -> Self {
        let mut reply = Self::empty(status).with_header(header::CONTENT_TYPE, JSON);
        reply.body = body.into();
        reply
    }

    /// The same with another JSON body; what is not JSON stays as it is.
    ///
    /// # Errors
    /// As [`Reply::json`].
    pub fn map_json(mut self, change: impl FnOnce(Value) -> Value) -> Result<Self, AuthError> {
        if let Ok(body) = serde_json::from_slice(&self.body) {
            self.body = serde_json::to_vec(&change(body)).map_err(AuthError::internal)?.into();
        }
        Ok(self)
    }

    /// The same with another status.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The same with a header more.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    fn with_body(mut self, body: String) -> Self {
        self.body = body.into();
        self
    }

    /// As a response. Answers of an authentication service are nobody's to keep, so every one of
    /// them says `no-store` [security A17].
    pub(super) fn into_response(mut self, cookies: Vec<HeaderValue>) -> Response<Bytes> {
        for cookie in cookies {
            self.headers.append(header::SET_COOKIE, cookie);
        }
        self.headers.entry(header::CACHE_CONTROL).or_insert(NO_STORE);
        let mut response = Response::new(self.body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }

    /// An error as a whole response, for requests that no pipeline ever saw.
    pub(crate) fn refusal(error: &AuthError, dialect: Dialect) -> Response<Bytes> {
        Self::error(error, dialect).into_response(Vec::new())
    }
}
