//! Attacks that are known against Better Auth, each under the number that `docs/security.md` has for it, and the right
//! answer to each [security 1.2 to 1.5]. A test in `documentation.rs` holds the two together.

mod bodies;
mod core;
mod fixed;
mod matrix;
mod oauth;
mod pinned;
mod secrets;
mod sessions;
mod wire;

use better_auth::BetterAuth;
use better_auth::Peer;
use bytes::Bytes;
use http::HeaderMap;
use http::Response;

use crate::harness::Site;

/// What a site answers to a request from this address, for what no client would send.
fn from(
    auth: &BetterAuth,
    address: &str,
    (method, uri): (&str, &str),
    headers: &[(&str, &str)],
) -> Response<Bytes> {
    let mut request = http::Request::builder().method(method).uri(uri);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let peer = Peer::at(address.parse().unwrap());
    auth.handle(request.body(Bytes::new()).unwrap(), peer)
}

/// How many rows a statement counts.
fn count(site: &Site, sql: &str) -> i64 {
    site.auth.database().read(|tx| tx.find(sql, &[], |row| row.integer(0))).unwrap().unwrap()
}

/// The value of one cookie, out of those that a browser sends.
fn cookie<'a>(cookies: &'a str, name: &str) -> &'a str {
    let mut pairs = cookies.split("; ").filter_map(|pair| pair.split_once('='));
    let found = pairs.find(|(found, _)| *found == name).map(|(_, value)| value);
    found.unwrap_or_else(|| panic!("no {name} in {cookies}"))
}

/// Whether an answer hands out anything of a session.
fn hands_out_a_session(headers: &HeaderMap) -> bool {
    let lines = headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap());
    lines
        .filter(|line| line.contains("session_token") || line.contains("session_data"))
        .any(|line| !line.contains("=;"))
        || headers.contains_key("set-auth-token")
}
