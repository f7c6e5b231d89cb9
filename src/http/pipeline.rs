//! The order of processing, one line per step [contract 1.2]: it decides which error takes
//! precedence.

use bytes::Bytes;
use http::Method;
use http::Request;
use http::Response;
use http::StatusCode;

use crate::crypto::password;
use crate::error::AuthError;
use crate::error::codes;
use crate::http::body;
use crate::http::client_address;
use crate::http::client_address::Peer;
use crate::http::context::Context;
use crate::http::cors;
use crate::http::endpoint::Endpoint;
use crate::http::guard;
use crate::http::input;
use crate::http::input::Input;
use crate::http::origin;
use crate::http::redirect;
use crate::http::reply::Reply;
use crate::http::request_id;
use crate::http::request_id::X_REQUEST_ID;
use crate::http::router;
use crate::http::site::Site;
use crate::instance::Instance;

/// Answers a request.
pub fn answer(
    instance: &Instance,
    site: &Site,
    request: Request<Bytes>,
    peer: Peer,
) -> Response<Bytes> {
    let (parts, bytes) = request.into_parts();
    let id = request_id::find(site, &parts.headers, peer);
    let span = tracing::error_span!("request", id = id.to_str().unwrap_or_default());
    let _span = span.entered();
    let origin = cors::origin(site, &parts.headers);
    let mut cx = Context::new(instance, site, (&parts, &bytes), peer);
    let client = client_address::counted(site, &parts.headers, peer);
    let reply = password::on_behalf_of(client, || route(&mut cx, origin.is_some()));
    let reply = reply.unwrap_or_else(|error| {
        log(loggable_path(site, parts.uri.path()), &error);
        Reply::error(&error, site.dialect)
    });
    let reply = if parts.method == Method::HEAD { reply.without_body() } else { reply };
    let mut response = reply.into_response(cx.cookies.into_lines());
    let is_public = site.is_public(parts.uri.path());
    cors::allow(site, origin, is_public, &mut response);
    response.headers_mut().insert(X_REQUEST_ID, id);
    response
}

fn route(cx: &mut Context<'_>, is_trusted_page: bool) -> Result<Reply, AuthError> {
    let site = cx.site();
    let full_path = router::normalise(cx.path());
    // A health check may lack a host; an endpoint that reads only its request needs none.
    let needs_host = || !site.find(cx.method(), &full_path).is_some_and(|row| row.is_instant);
    if cx.origin().is_none() && (site.hosts.is_some() || needs_host()) {
        return Err(codes::HOST_NOT_ALLOWED.into());
    }
    let Some((router, path)) = site.place(&full_path) else {
        return Ok(Reply::empty(StatusCode::NOT_FOUND));
    };
    if (is_trusted_page || site.is_public(&full_path))
        && let Some(preflight) = cors::preflight(cx.method(), cx.headers())
    {
        return Ok(preflight);
    }
    if site.is_disabled(path) {
        return Ok(Reply::disabled());
    }
    let found = router.find(cx.method(), path);
    let pattern = found.as_ref().map(|(endpoint, _)| endpoint.path);
    site.limiter.count(cx.instance(), || cx.client_address(), pattern)?;
    match found {
        // `HEAD` on a link with side effects: the link exists, and nothing is done.
        Some((endpoint, _)) if endpoint.is_only_looked_at(cx.method()) => {
            Ok(Reply::empty(StatusCode::OK))
        }
        Some((endpoint, parameters)) => {
            let owned = |(name, value): (_, &str)| (name, value.to_owned());
            cx.parameters = parameters.into_iter().map(owned).collect();
            run(cx, endpoint)
        }
        None => Ok(Reply::empty(StatusCode::NOT_FOUND)),
    }
}

fn run(cx: &mut Context<'_>, endpoint: &Endpoint) -> Result<Reply, AuthError> {
    let mut body = body::read(endpoint, cx.headers(), cx.bytes())?;
    origin::check(cx)?;
    if endpoint.method != Method::GET {
        redirect::check(cx, body.as_ref())?;
    }
    let hooks = &cx.site().hooks;
    hooks.before(cx, endpoint.path, &mut body)?;
    cx.input = Input::check(endpoint.body, body)?;
    input::check_query(endpoint.query, |name| cx.query_all(name))?;
    if endpoint.method == Method::GET && endpoint.leads_on() {
        redirect::check(cx, None)?;
    }
    if endpoint.takes_forms && endpoint.guards_forms {
        origin::check_form(cx)?;
    }
    guard::admit(cx, endpoint.guard)?;
    let reply = (endpoint.handler)(cx)?;
    hooks.after(cx, endpoint.path, reply)
}

/// The path of a request as it may be logged: the path in the row of the endpoint. It contains
/// nothing from the request, because any path can contain a token, whether an endpoint reads it or
/// a client has put it there by mistake.
pub fn loggable_path(site: &Site, path: &str) -> Option<String> {
    site.pattern(&router::normalise(path))
}

/// Logs internal errors with their cause; the only place that does. Also logs refusals by triggers
/// and constraints of the application's database, whose details callers do not see.
fn log(path: Option<String>, error: &AuthError) {
    let is_rule = error.is(codes::FOREIGN_KEY_VIOLATION) || error.is(codes::CONSTRAINT_VIOLATION);
    if error.is_logged() || (error.code().status < 500 && !is_rule) {
        return;
    }
    let cause = std::error::Error::source(error).map(ToString::to_string);
    let code = error.code().name;
    if error.is(codes::INTERNAL_SERVER_ERROR) {
        tracing::error!(path, code, cause, "request failed");
    } else {
        tracing::warn!(path, code, cause, "request refused");
    }
}
