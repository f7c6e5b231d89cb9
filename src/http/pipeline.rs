//! The order of processing, one line per step [contract 1.2]: which error wins is decided here.

use bytes::Bytes;
use http::Request;
use http::Response;
use http::StatusCode;

use crate::error::AuthError;
use crate::error::codes;
use crate::http::body;
use crate::http::client_address::Peer;
use crate::http::context::Context;
use crate::http::endpoint::Endpoint;
use crate::http::guard;
use crate::http::input::Input;
use crate::http::origin;
use crate::http::redirect;
use crate::http::reply::Reply;
use crate::http::router;
use crate::http::router::Router;
use crate::http::site::Site;
use crate::instance::Instance;

/// Answers a request.
pub fn answer(
    instance: &Instance,
    site: &Site,
    router: &Router,
    request: Request<Bytes>,
    peer: Peer,
) -> Response<Bytes> {
    let (parts, bytes) = request.into_parts();
    let full_path = router::normalise(parts.uri.path());
    let Some(path) = site.below_base(&full_path) else {
        return Reply::empty(StatusCode::NOT_FOUND).into_response(Vec::new());
    };
    if site.is_disabled(path) {
        return Reply::disabled().into_response(Vec::new());
    }
    let Some(endpoint) = router.find(&parts.method, site.without_slash(path)) else {
        return Reply::empty(StatusCode::NOT_FOUND).into_response(Vec::new());
    };
    let mut cx = Context::new(instance, site, &parts, peer);
    let reply = run(&mut cx, endpoint, &bytes).unwrap_or_else(|error| {
        log(endpoint, &error);
        Reply::error(&error, site.dialect)
    });
    reply.into_response(cx.cookies.into_lines())
}

fn run(cx: &mut Context<'_>, endpoint: &Endpoint, bytes: &[u8]) -> Result<Reply, AuthError> {
    let body = body::read(endpoint, cx.headers(), bytes)?;
    origin::check(cx)?;
    if endpoint.method != http::Method::GET {
        redirect::check(cx, body.as_ref())?;
    }
    cx.input = Input::check(endpoint.body, endpoint.shape, body)?;
    if endpoint.takes_forms {
        origin::check_form(cx)?;
    }
    guard::admit(cx, endpoint.guard)?;
    (endpoint.handler)(cx)
}

/// Failures that are ours are written down here and nowhere else, with their cause.
fn log(endpoint: &Endpoint, error: &AuthError) {
    if error.code().status < 500 {
        return;
    }
    let cause = std::error::Error::source(error).map(ToString::to_string);
    let (code, path) = (error.code().name, endpoint.path);
    if error.is(codes::INTERNAL_SERVER_ERROR) {
        tracing::error!(path, code, cause, "request failed");
    } else {
        tracing::warn!(path, code, cause, "request refused");
    }
}
