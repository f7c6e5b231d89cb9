//! The client's address: the peer of the socket, or the address that a trusted proxy forwards.
//!
//! Better Auth accepts `X-Forwarded-For` from any client. This server accepts it only if the peer
//! is one of `advanced.ipAddress.trustedProxies` [security A11, A12].

use std::net::IpAddr;
use std::net::Ipv6Addr;
use std::net::SocketAddr;

use http::HeaderMap;

use crate::http::forwarded::Problem;
use crate::http::site::Site;

/// The peer of the connection, as the engine sees it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Peer {
    /// The address; `None` without a socket.
    pub address: Option<IpAddr>,
    /// Whether the connection is encrypted.
    pub secure: bool,
}

impl Peer {
    /// A caller in the same process: no socket and no address.
    pub const fn unknown() -> Self {
        Self { address: None, secure: false }
    }

    /// A caller on an unencrypted connection from this address.
    pub const fn at(address: IpAddr) -> Self {
        Self { address: Some(address), secure: false }
    }
}

/// The client's address; `None` if it is unknown or must not be stored.
pub fn find(site: &Site, headers: &HeaderMap, peer: Peer) -> Option<IpAddr> {
    if site.tracks_addresses { current(site, headers, peer) } else { None }
}

/// Like [`find`], for a request that is counted or whose address is stored. A missing header is
/// logged, because all clients then share one limit. Other requests, such as local health checks,
/// may lack the header.
pub(super) fn needed(site: &Site, headers: &HeaderMap, peer: Peer) -> Option<IpAddr> {
    let found = find(site, headers, peer);
    let is_missing = |name: &&String| forwarded(site, headers, name) == Err(Problem::Missing);
    if found.is_none()
        && site.tracks_addresses
        && is_behind_proxy(site, peer)
        && site.address_headers.iter().all(|name| is_missing(&name))
        && let Some(name) = site.address_headers.first()
    {
        site.reported.report(headers, name, Problem::Missing);
    }
    found
}

/// The client's address for use during the request only; it is never stored.
pub fn current(site: &Site, headers: &HeaderMap, peer: Peer) -> Option<IpAddr> {
    let peer = peer.address?.to_canonical();
    if !is_proxy(site, peer) {
        return Some(peer);
    }
    let names = site.address_headers.iter();
    let found = names.clone().find_map(|name| forwarded(site, headers, name).ok());
    if found.is_none() {
        let problems = names.filter_map(|name| Some((forwarded(site, headers, name).err()?, name)));
        if let Some((problem, name)) = problems.max()
            && problem != Problem::Missing
        {
            site.reported.report(headers, name, problem);
        }
    }
    found
}

/// The address for limits that last only as long as the request: the client's, or its IPv6 network.
/// The proxy's address if the proxy names no client.
pub fn counted(site: &Site, headers: &HeaderMap, peer: Peer) -> Option<IpAddr> {
    let address = current(site, headers, peer).or(peer.address)?;
    Some(site.limiter.network(address.to_canonical()))
}

/// Whether forwarded headers of this request are trusted.
pub fn is_behind_proxy(site: &Site, peer: Peer) -> bool {
    peer.address.is_some_and(|address| is_proxy(site, address.to_canonical()))
}

/// Walks the chain from the right: the first hop that is not a trusted proxy is the client. The
/// client is unknown if a hop is not an address or all hops are proxies.
fn forwarded(site: &Site, headers: &HeaderMap, name: &str) -> Result<IpAddr, Problem> {
    let lines: Vec<&str> =
        headers.get_all(name).iter().map(|line| line.to_str().unwrap_or_default()).collect();
    for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        let address = read(hop.trim()).ok_or(Problem::Unreadable)?.to_canonical();
        if !is_proxy(site, address) {
            return Ok(address);
        }
    }
    Err(if lines.is_empty() { Problem::Missing } else { Problem::OnlyProxies })
}

/// Parses an address as proxies write it: bare, in brackets, or with the port of the connection, as
/// Azure does.
fn read(hop: &str) -> Option<IpAddr> {
    let in_brackets = || hop.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok();
    let bare = hop.parse::<IpAddr>().ok().or_else(|| in_brackets().map(IpAddr::V6));
    bare.or_else(|| hop.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

fn is_proxy(site: &Site, address: IpAddr) -> bool {
    site.proxies.iter().any(|proxy| proxy.contains(&address))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::config::Config;
    use crate::http::hooks::EndpointHooks;

    fn client(proxies: &[&str], peer: &str, forwarded: &[&str]) -> Option<String> {
        let mut config = Config::default();
        config.advanced.ip_address.trusted_proxies =
            proxies.iter().map(|proxy| proxy.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        let peer = Peer::at(peer.parse().unwrap());
        find(&Site::new(&config, Vec::new(), EndpointHooks::default(), &[]), &headers, peer)
            .map(|address| address.to_string())
    }

    #[test]
    fn a_forwarded_header_of_a_stranger_changes_nothing() {
        assert_eq!(client(&[], "203.0.113.9", &["198.51.100.1"]).as_deref(), Some("203.0.113.9"));
        let proxies = ["10.0.0.0/8"];
        assert_eq!(
            client(&proxies, "203.0.113.9", &["198.51.100.1"]).as_deref(),
            Some("203.0.113.9")
        );
    }

    #[test]
    fn behind_proxies_the_last_stranger_is_the_client() {
        let proxies = ["10.0.0.0/8"];
        let cases: &[(&[&str], Option<&str>)] = &[
            (&["198.51.100.1"], Some("198.51.100.1")),
            (&["6.6.6.6, 198.51.100.1, 10.0.0.2"], Some("198.51.100.1")),
            (&["6.6.6.6", "198.51.100.1"], Some("198.51.100.1")),
            (&["::ffff:198.51.100.1"], Some("198.51.100.1")),
            (&["198.51.100.1:4711"], Some("198.51.100.1")),
            (&["6.6.6.6:1, 198.51.100.1:4711, 10.0.0.2:80"], Some("198.51.100.1")),
            (&["[2001:db8::1]:443"], Some("2001:db8::1")),
            (&["[2001:db8::1], [::ffff:10.0.0.2]:80"], Some("2001:db8::1")),
            (&["2001:db8::1"], Some("2001:db8::1")),
            (&["198.51.100.1, nonsense"], None),
            (&["198.51.100.1:"], None),
            (&["198.51.100.1:65536"], None),
            (&["[198.51.100.1]"], None),
            (&["2001:db8::1]:443"], None),
            (&["[2001:db8::1]443"], None),
            (&["unknown"], None),
            (&[""], None),
            (&["10.0.0.3, 10.0.0.2"], None),
            (&[], None),
        ];
        for (forwarded, expected) in cases {
            assert_eq!(client(&proxies, "10.0.0.1", forwarded).as_deref(), *expected);
        }
    }

    #[test]
    fn an_ipv4_address_in_ipv6_spelling_is_the_same_address() {
        assert_eq!(client(&[], "::ffff:192.0.2.1", &[]).as_deref(), Some("192.0.2.1"));
    }

    proptest! {
        #[test]
        fn what_a_client_writes_itself_changes_nothing(
            lines in proptest::collection::vec("[ -~]{0,40}", 0..3),
            before in "([0-9a-f.:]{0,15}, ?){0,3}",
        ) {
            let stranger = Some("198.51.100.1".to_owned());
            let mut lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            prop_assert_eq!(client(&["10.0.0.0/8"], "198.51.100.1", &lines), stranger.clone());
            // The proxy writes the last hop; the client can forge everything before it.
            let last = format!("{before}198.51.100.1, 10.0.0.2");
            lines.push(&last);
            prop_assert_eq!(client(&["10.0.0.0/8"], "10.0.0.1", &lines), stranger);
        }

        #[test]
        fn a_client_is_an_address_that_no_proxy_has(lines in proptest::collection::vec("[0-9a-f.:, ]{0,40}", 0..4)) {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let found = client(&["0.0.0.0/1", "::/1"], "10.0.0.1", &lines);
            let found = found.map(|address| address.parse::<IpAddr>().unwrap());
            let is_far = |address: IpAddr| match address {
                IpAddr::V4(address) => 128 <= address.octets()[0],
                IpAddr::V6(address) => 0x8000 <= address.segments()[0],
            };
            prop_assert!(found.is_none_or(is_far), "{found:?}");
        }
    }
}
