//! Request bodies: the supported media types and how they are parsed [contract 1.4].

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde_json::Map;
use serde_json::Value;

use crate::error::AuthError;
use crate::error::codes;
use crate::http::endpoint::Body;
use crate::http::endpoint::Endpoint;

const FORM: &str = "application/x-www-form-urlencoded";

/// Reads the body that the endpoint declares; `None` when there is none.
///
/// # Errors
/// `UNSUPPORTED_MEDIA_TYPE`, or `BAD_REQUEST` for invalid JSON.
pub fn read(
    endpoint: &Endpoint,
    headers: &HeaderMap,
    bytes: &[u8],
) -> Result<Option<Value>, AuthError> {
    if matches!(endpoint.body, Body::Ignored) || bytes.is_empty() {
        return Ok(None);
    }
    // Better Auth ignores a body without a content type.
    let sent = headers.get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let Some(sent) = sent.filter(|sent| !sent.trim().is_empty()) else {
        return Ok(None);
    };
    let media_type = sent.split(';').next().unwrap_or_default().trim();
    let allowed = endpoint.media_types();
    let takes = |allowed: &&&str| **allowed == "*/*" || allowed.eq_ignore_ascii_case(media_type);
    match allowed.iter().find(takes) {
        Some(_) if matches!(endpoint.body, Body::Bytes(_)) => Ok(None),
        Some(&FORM) => Ok(Some(form(bytes))),
        Some(_) => json(bytes).map(Some),
        None => Err(AuthError::new(codes::UNSUPPORTED_MEDIA_TYPE).with_message(format!(
            "Content-Type \"{sent}\" is not allowed. Allowed types: {}",
            allowed.join(", ")
        ))),
    }
}

fn json(bytes: &[u8]) -> Result<Value, AuthError> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|_| {
        // The parser's own message could quote a password.
        AuthError::new(codes::BAD_REQUEST).with_message("Invalid JSON in request body")
    })
}

/// Form values are strings; the last value of a repeated name counts.
fn form(bytes: &[u8]) -> Value {
    let pairs = url::form_urlencoded::parse(bytes);
    let object: Map<String, Value> =
        pairs.map(|(name, value)| (name.into_owned(), Value::String(value.into_owned()))).collect();
    Value::Object(object)
}
