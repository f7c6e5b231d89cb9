//! The request id, in the response and in all log lines of a request.
//!
//! A trusted proxy may set it; ids of other clients are not logged.

use http::HeaderMap;
use http::HeaderName;
use http::HeaderValue;

use crate::crypto::random;
use crate::http::client_address;
use crate::http::client_address::Peer;
use crate::http::forwarded;
use crate::http::site::Site;

/// The header of requests and responses.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Maximum characters of an id from a proxy.
const LENGTH_MAX: usize = 128;

/// The id from a trusted proxy, or a new one.
pub fn find(site: &Site, headers: &HeaderMap, peer: Peer) -> HeaderValue {
    if !client_address::is_behind_proxy(site, peer) {
        return new();
    }
    let given = forwarded::single(site, headers, X_REQUEST_ID.as_str(), is_id);
    let given = given.and_then(Result::ok).and_then(|id| HeaderValue::from_str(id).ok());
    given.unwrap_or_else(new)
}

/// A unique id.
pub fn new() -> HeaderValue {
    HeaderValue::try_from(random::id()).unwrap_or(HeaderValue::from_static("-"))
}

fn is_id(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:+/=".contains(&byte);
    (1..=LENGTH_MAX).contains(&text.len()) && text.bytes().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::http::hooks::EndpointHooks;

    fn id(peer: &str, given: &str) -> String {
        let mut config = Config::default();
        config.advanced.ip_address.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
        let site = Site::new(&config, Vec::new(), EndpointHooks::default(), &[]);
        let headers = HeaderMap::from_iter([(X_REQUEST_ID, given.parse().unwrap())]);
        let found = find(&site, &headers, Peer::at(peer.parse().unwrap()));
        found.to_str().unwrap().to_owned()
    }

    #[test]
    fn only_a_trusted_proxy_gives_an_id_and_only_a_plain_one() {
        let plain = "req-1.2:3/4+5_=";
        assert_eq!(id("10.0.0.1", plain), plain);
        assert_eq!(id("10.0.0.1", &"x".repeat(128)), "x".repeat(128));
        for (peer, given) in [
            ("192.0.2.1", plain),
            ("10.0.0.1", ""),
            ("10.0.0.1", "a b"),
            ("10.0.0.1", "a\"b"),
            ("10.0.0.1", "{x}"),
            ("10.0.0.1", &"x".repeat(129)),
        ] {
            let made = id(peer, given);
            assert_ne!(made, given);
            assert_eq!(made.len(), 36, "{made}");
        }
    }
}
