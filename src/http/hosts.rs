//! The host names of a server that has several [contract 1.1].

use url::Url;

use crate::config::AllowedHosts;
use crate::config::Protocol;
use crate::http::glob::is_host_match;

/// `baseURL.allowedHosts` and related options.
pub(super) struct Hosts {
    /// In lower case.
    patterns: Vec<String>,
    fallback: Option<String>,
    protocol: Protocol,
}

impl Hosts {
    pub(super) fn new(allowed: &AllowedHosts) -> Self {
        let fallback = allowed.fallback.as_deref().and_then(|url| Url::parse(url).ok());
        Self {
            patterns: allowed.allowed_hosts.iter().map(|host| host.to_ascii_lowercase()).collect(),
            fallback: fallback.map(|url| url.origin().ascii_serialization()),
            protocol: allowed.protocol,
        }
    }

    /// The origin for a request with this host over HTTP or HTTPS; `None` if the host is not
    /// allowed and there is no fallback.
    pub(super) fn origin(&self, host: Option<&str>, is_https: bool) -> Option<String> {
        let scheme = match self.protocol {
            Protocol::Https => "https",
            Protocol::Auto if is_https => "https",
            Protocol::Http | Protocol::Auto => "http",
        };
        let named = host.and_then(|host| bare(scheme, host));
        named
            .filter(|url| self.is_allowed(url))
            .map(|url| url.origin().ascii_serialization())
            .or_else(|| self.fallback.clone())
    }

    fn is_allowed(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        let authority = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        self.patterns.iter().any(|pattern| is_host_match(pattern, &authority))
    }

    /// The origins of allowed hosts, which are trusted.
    pub(super) fn origins(&self) -> impl Iterator<Item = String> {
        let schemes: &[&str] = match self.protocol {
            Protocol::Http => &["http"],
            Protocol::Https => &["https"],
            Protocol::Auto => &["https", "http"],
        };
        let of_hosts = self
            .patterns
            .iter()
            .flat_map(move |host| schemes.iter().map(move |scheme| format!("{scheme}://{host}")));
        of_hosts.chain(self.fallback.clone())
    }
}

/// The URL of a host in a header. Rejects anything besides a host and a port instead of cutting it
/// off: `evil.com\.example.com` would become `evil.com` [security 1.5].
pub(super) fn bare(scheme: &str, host: &str) -> Option<Url> {
    let is_plain = |byte: u8| {
        byte.is_ascii_graphic() && !matches!(byte, b'/' | b'\\' | b'?' | b'#' | b'@' | b'%')
    };
    let url = Url::parse(&format!("{scheme}://{host}"));
    url.ok().filter(|_| host.bytes().all(is_plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(protocol: Protocol, fallback: Option<&str>) -> Hosts {
        Hosts::new(&AllowedHosts {
            allowed_hosts: ["App.example.com", "*.preview.example", "deep.example/**"]
                .map(str::to_owned)
                .into(),
            fallback: fallback.map(str::to_owned),
            protocol,
        })
    }

    #[test]
    fn an_allowed_host_is_the_origin_and_any_other_is_not() {
        let hosts = hosts(Protocol::Https, None);
        let origin = |host| hosts.origin(Some(host), false);
        assert_eq!(origin("APP.example.com"), Some("https://app.example.com".to_owned()));
        assert_eq!(origin("a.preview.example"), Some("https://a.preview.example".to_owned()));
        for host in [
            "evil.example",
            "app.example.com.evil.example",
            "app.example.com:8443",
            "deep.exampleevil.com",
            "evil.example/.preview.example",
            "evil.example#.preview.example",
            "evil.example\\.preview.example",
            "x@a.preview.example",
            "",
        ] {
            assert_eq!(origin(host), None, "{host}");
        }
        assert_eq!(hosts.origin(None, false), None);
    }

    #[test]
    fn a_fallback_stands_in_and_the_scheme_is_that_of_the_request() {
        let hosts = hosts(Protocol::Auto, Some("https://app.example.com/x"));
        assert_eq!(hosts.origin(Some("evil"), false).as_deref(), Some("https://app.example.com"));
        let origin = |is_https| hosts.origin(Some("a.preview.example"), is_https);
        assert_eq!(origin(true).as_deref(), Some("https://a.preview.example"));
        assert_eq!(origin(false).as_deref(), Some("http://a.preview.example"));
    }
}
