//! The reply: the only place where bodies are written, including error bodies.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::HeaderMap;
use http::HeaderName;
use http::HeaderValue;
use http::Response;
use http::StatusCode;
use http::header;
use percent_encoding::CONTROLS;
use percent_encoding::utf8_percent_encode;
use serde::Serialize;
use serde_json::Value;
use sha2::Digest as _;
use sha2::Sha256;

use crate::error::AuthError;
use crate::error::Dialect;
use crate::error::ErrorCode;
use crate::error::codes;
use crate::http::request_id;
use crate::http::request_id::X_REQUEST_ID;

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const X_RETRY_AFTER: HeaderName = HeaderName::from_static("x-retry-after");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const NO_SNIFF: HeaderValue = HeaderValue::from_static("nosniff");
const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");
const DENY: HeaderValue = HeaderValue::from_static("DENY");
/// Responses other than HTML pages load nothing and cannot be framed.
const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
/// Initial capacity for a body: the size of a session and some more.
const BODY_BYTES: usize = 1024;
/// Initial capacity for headers.
const HEADERS: usize = 12;
/// Maximum bytes of a redirect URL; browsers and proxies reject much longer heads.
const LOCATION_BYTES_MAX: usize = 16 * 1024;

/// The reply of an endpoint; the context adds the cookies.
#[derive(Debug)]
pub struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    /// The error code, for metrics.
    code: Option<&'static ErrorCode>,
}

/// `{"success":true}`, `{"status":true}` and similar bodies.
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

    /// Adds a message.
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
    /// 200 with a JSON body; `None` becomes `null`.
    ///
    /// # Errors
    /// `INTERNAL_SERVER_ERROR` if the value cannot be serialised, which does not happen with our
    /// types.
    pub fn json(value: &impl Serialize) -> Result<Self, AuthError> {
        let mut body = Vec::with_capacity(BODY_BYTES);
        serde_json::to_writer(&mut body, value).map_err(AuthError::internal)?;
        Ok(Self::of_json(StatusCode::OK, body))
    }

    /// 200 with a page that has this style. The page may send its own forms to this server, but
    /// loads nothing from elsewhere and sends no referrer, because its URL may contain a secret.
    ///
    /// # Errors
    /// `INTERNAL_SERVER_ERROR`, which does not happen with our pages.
    pub fn page(html: String, style: &str) -> Result<Self, AuthError> {
        let policy = HeaderValue::from_str(&policy(style)).map_err(AuthError::internal)?;
        let media_type = HeaderValue::from_static("text/html; charset=utf-8");
        Ok(Self::empty(StatusCode::OK)
            .with_header(header::CONTENT_TYPE, media_type)
            .with_header(header::CONTENT_SECURITY_POLICY, policy)
            .with_body(html))
    }

    /// 302 to another URL, with non-ASCII characters escaped as browsers do [RFC 3986 2.1]. The
    /// media type is the one that Better Auth sends with the empty body.
    ///
    /// # Errors
    /// `BAD_REQUEST` if the URL is too long, `INTERNAL_SERVER_ERROR` if it is not valid in a
    /// header; it was validated before.
    pub fn redirect(location: &str) -> Result<Self, AuthError> {
        if LOCATION_BYTES_MAX < location.len() {
            let message = format!("The redirect URL is longer than {LOCATION_BYTES_MAX} bytes");
            return Err(AuthError::new(codes::BAD_REQUEST).with_message(message));
        }
        let location = utf8_percent_encode(location, CONTROLS).to_string();
        let location = HeaderValue::from_str(&location).map_err(AuthError::internal)?;
        let found = Self::empty(StatusCode::FOUND).with_header(header::CONTENT_TYPE, JSON);
        Ok(found.with_header(header::LOCATION, location))
    }

    /// No body, no content type.
    pub fn empty(status: StatusCode) -> Self {
        Self { status, headers: HeaderMap::with_capacity(HEADERS), body: Bytes::new(), code: None }
    }

    /// A disabled path [contract 1.2].
    pub(super) fn disabled() -> Self {
        let text = HeaderValue::from_static("text/plain;charset=UTF-8");
        Self::empty(StatusCode::NOT_FOUND)
            .with_header(header::CONTENT_TYPE, text)
            .with_body("Not Found".to_owned())
    }

    /// The error in the configured dialect, always `{message, code, status}`.
    pub fn error(error: &AuthError, dialect: Dialect) -> Self {
        let (code, status) = error.code().in_dialect(dialect);
        let body = ErrorBody { message: error.message(), code, status };
        let body = serde_json::to_vec(&body).unwrap_or_default();
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut reply = Self::of_json(status, body);
        reply.code = Some(error.code());
        if let Some(after) = error.retry_after() {
            let seconds = after.as_millis().div_ceil(1000);
            if let Ok(seconds) = HeaderValue::from_str(&seconds.to_string()) {
                if status == StatusCode::TOO_MANY_REQUESTS {
                    // Better Auth's name of `Retry-After`.
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

    /// Changes a JSON body; other bodies stay as they are.
    pub fn map_json(mut self, change: impl FnOnce(Value) -> Value) -> Result<Self, AuthError> {
        if let Ok(body) = serde_json::from_slice(&self.body) {
            self.body = serde_json::to_vec(&change(body)).map_err(AuthError::internal)?.into();
        }
        Ok(self)
    }

    /// Sets the status.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// The reply to `HEAD`: without the body, but with its length.
    pub(super) fn without_body(mut self) -> Self {
        self.headers.insert(header::CONTENT_LENGTH, self.body.len().into());
        self.body = Bytes::new();
        self
    }

    fn with_body(mut self, body: String) -> Self {
        self.body = body.into();
        self
    }

    /// Builds the response. Responses of an authentication service must not be cached, so all have
    /// `no-store` [security A17]. Browsers must not sniff the type, show it in a frame, or send a
    /// referrer [ASVS 3.4]. The error code becomes an extension of type `&'static ErrorCode`.
    pub(super) fn into_response(mut self, cookies: Vec<HeaderValue>) -> Response<Bytes> {
        for cookie in cookies {
            self.headers.append(header::SET_COOKIE, cookie);
        }
        for (name, value) in [
            (header::CACHE_CONTROL, NO_STORE),
            (header::X_CONTENT_TYPE_OPTIONS, NO_SNIFF),
            (header::REFERRER_POLICY, SAME_ORIGIN),
            (header::X_FRAME_OPTIONS, DENY),
            (header::CONTENT_SECURITY_POLICY, NOTHING),
        ] {
            self.headers.entry(name).or_insert(value);
        }
        let mut response = Response::new(self.body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        if let Some(code) = self.code {
            response.extensions_mut().insert(code);
        }
        response
    }

    /// An error as a response, for requests that do not reach the pipeline.
    pub(crate) fn refusal(error: &AuthError, dialect: Dialect) -> Response<Bytes> {
        let mut response = Self::error(error, dialect).into_response(Vec::new());
        response.headers_mut().insert(X_REQUEST_ID, request_id::new());
        response
    }
}

/// The content security policy of a page: its own style and its own forms.
fn policy(style: &str) -> String {
    let hash = BASE64_STANDARD.encode(Sha256::digest(style));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; form-action 'self'; \
         frame-ancestors 'none'; base-uri 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_allows_the_style_of_the_page_and_no_other() {
        let policy = policy("body { margin: 0 }");
        let style = "style-src 'sha256-mX+s7KJgWpgxJola85xdpAFPBQaV091gzM2oPjgTW2w='; ";
        assert!(policy.contains(style) && !policy.contains("unsafe"), "{policy}");
    }

    #[test]
    fn a_place_with_letters_beyond_ascii_is_escaped_and_any_other_stays_as_it_is() {
        for (place, expected) in [
            ("/é?x=ü#Ω", "/%C3%A9?x=%C3%BC#%CE%A9"),
            ("/a b%20c?d=%C3%A9&e=[f]#g", "/a b%20c?d=%C3%A9&e=[f]#g"),
        ] {
            let reply = Reply::redirect(place).unwrap();
            assert_eq!(reply.headers[header::LOCATION], expected);
        }
    }
}
