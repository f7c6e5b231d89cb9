//! CORS: preflights and credentials for pages of origins in `trustedOrigins` only [contract 13.5].
//!
//! Better Auth leaves this to the surrounding framework. This server has none, so it answers
//! itself, for the origins that the configuration already trusts with redirects and cookies.

use bytes::Bytes;
use http::HeaderMap;
use http::HeaderValue;
use http::Method;
use http::Response;
use http::StatusCode;
use http::header;

use crate::http::reply::Reply;
use crate::http::site::Site;
use crate::http::trusted;

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE");
const HEADERS: HeaderValue = HeaderValue::from_static("content-type, authorization");
const EXPOSED: HeaderValue = HeaderValue::from_static("retry-after, x-retry-after, x-request-id");
const ANY_ORIGIN: HeaderValue = HeaderValue::from_static("*");
const TRUE: HeaderValue = HeaderValue::from_static("true");
const ORIGIN: HeaderValue = HeaderValue::from_static("Origin");
/// Seconds for which a browser remembers a preflight.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");

/// The trusted foreign origin of this request.
pub(super) fn origin<'a>(site: &Site, headers: &'a HeaderMap) -> Option<&'a HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    trusted::is_trusted(&site.trusted, None, origin.to_str().ok()?).then_some(origin)
}

/// The answer to a preflight request.
pub(super) fn preflight(method: &Method, headers: &HeaderMap) -> Option<Reply> {
    let asks = headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    (*method == Method::OPTIONS && asks).then(|| {
        Reply::empty(StatusCode::NO_CONTENT)
            .with_header(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS)
            .with_header(header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS)
            .with_header(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE)
    })
}

/// Lets pages of a trusted origin read the answer. If answers depend on the origin, every answer
/// says so to caches (`Vary`). Every page can read public endpoints, without cookies.
pub(super) fn allow(
    site: &Site,
    origin: Option<&HeaderValue>,
    is_public: bool,
    response: &mut Response<Bytes>,
) {
    let headers = response.headers_mut();
    if !site.trusted.is_empty() {
        headers.append(header::VARY, ORIGIN);
    }
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
        headers.append(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    } else if is_public {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, ANY_ORIGIN);
        headers.append(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
}
