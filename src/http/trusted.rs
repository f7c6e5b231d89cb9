//! Which origins and redirect targets are trusted: exact origins, globs, and schemes of apps [contract 6.4].

use std::net::Ipv4Addr;

use percent_encoding::percent_decode_str;
use url::Url;

use crate::http::glob::is_match;
use crate::http::glob::is_pattern;

/// A place is named in a header, and many servers and proxies take 8 kB of those.
const TARGET_BYTES_MAX: usize = 4096;
/// Schemes that run what they carry; no pattern makes them a place to send people to.
const NEVER: &[&str] = &["javascript", "data", "vbscript", "blob", "file"];

/// One entry of `trustedOrigins`, taken apart at start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// `https://app.example.com`: the origin must be the same to the letter.
    Origin(String),
    /// `https://*.example.com`: a glob over the origin.
    OriginGlob(String),
    /// `*.example.com`: a glob over host and port, whatever the scheme.
    HostGlob(String),
    /// `myapp://`, `myapp://host/path`: an application's own scheme.
    Scheme {
        /// In lower case.
        scheme: String,
        /// Host and port, or empty for any.
        authority: String,
        /// Where the path must begin, or empty for anywhere.
        path: String,
    },
}

impl Pattern {
    /// Reads an entry; anything is a pattern, though it may match nothing.
    pub fn new(text: &str) -> Self {
        let has_wildcard = is_pattern(text);
        let Some((scheme, rest)) = text.split_once("://") else {
            return if has_wildcard {
                Self::HostGlob(text.to_owned())
            } else {
                Self::Origin(text.to_owned())
            };
        };
        if scheme.contains(['*', '?']) || is_web(scheme) {
            return if has_wildcard {
                Self::OriginGlob(text.to_owned())
            } else {
                Self::Origin(text.to_owned())
            };
        }
        let (authority, path) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        Self::Scheme {
            scheme: scheme.to_ascii_lowercase(),
            authority: authority.to_owned(),
            path: path.trim_end_matches('/').to_owned(),
        }
    }

    fn matches(&self, value: &Place) -> bool {
        match self {
            Self::Origin(origin) => value.origin.as_deref() == Some(origin),
            Self::OriginGlob(glob) => {
                let host = glob.split_once("://").map_or(glob.as_str(), |(_, host)| host);
                value.origin.as_deref().is_some_and(|origin| is_match(glob, origin))
                    && fits_address(host, value)
            }
            Self::HostGlob(glob) => {
                !value.authority.is_empty()
                    && !value.has_user
                    && is_match(glob, &value.authority)
                    && fits_address(glob, value)
            }
            Self::Scheme { scheme, authority, path } => {
                *scheme == value.scheme
                    && !value.has_user
                    && (authority.is_empty() || is_match_or_same(authority, &value.authority))
                    && is_below(path, value)
            }
        }
    }
}

/// A URL as far as trust looks at it.
struct Place {
    scheme: String,
    /// Only of `http` and `https`.
    origin: Option<String>,
    /// Host, and the port where it is not the scheme's own.
    authority: String,
    has_user: bool,
    is_ipv4: bool,
    /// Decoded, without dot segments; `None` when it climbs out of its root.
    path: Option<String>,
}

impl Place {
    fn new(text: &str) -> Option<Self> {
        if text.contains(char::is_control) {
            return None;
        }
        let url = Url::parse(text).ok()?;
        if NEVER.contains(&url.scheme()) {
            return None;
        }
        let host = url.host_str().unwrap_or_default();
        let authority = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        Some(Self {
            origin: is_web(url.scheme()).then(|| url.origin().ascii_serialization()),
            authority,
            has_user: !url.username().is_empty() || url.password().is_some(),
            is_ipv4: host.parse::<Ipv4Addr>().is_ok(),
            path: resolve(url.path()),
            scheme: url.scheme().to_owned(),
        })
    }
}

/// Whether an `Origin` or `Referer` is this server's own or a trusted one.
pub fn is_trusted(patterns: &[Pattern], own: Option<&str>, value: &str) -> bool {
    let Some(place) = Place::new(value) else {
        return false;
    };
    own.is_some_and(|own| place.origin.as_deref() == Some(own))
        || patterns.iter().any(|pattern| pattern.matches(&place))
}

/// Whether people may be sent to this place: a path of this server, or a trusted one.
pub fn is_trusted_target(patterns: &[Pattern], own: Option<&str>, value: &str) -> bool {
    if TARGET_BYTES_MAX < value.len() {
        return false;
    }
    if value.starts_with('/') { is_own_path(value) } else { is_trusted(patterns, own, value) }
}

/// A path that no browser can read as another site's.
fn is_own_path(value: &str) -> bool {
    let path = value.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let is_plain = !value.starts_with("//")
        && !value.contains('\\')
        && !value.contains(char::is_control)
        && !path.contains("%2f")
        && !path.contains("%5c");
    is_plain
        && Url::parse("https://better-auth.invalid")
            .and_then(|base| base.join(value))
            .is_ok_and(|url| url.origin().ascii_serialization() == "https://better-auth.invalid")
}

fn is_web(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
}

/// A pattern of nothing but digits, dots and wildcards means addresses, and a name such as
/// `192.168.evil.com` is none.
fn fits_address(host_pattern: &str, value: &Place) -> bool {
    let is_address_pattern = !host_pattern
        .contains(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '*' | '?' | ':'))
        && host_pattern.contains(|c: char| c.is_ascii_digit());
    !is_address_pattern || value.is_ipv4
}

fn is_match_or_same(pattern: &str, text: &str) -> bool {
    pattern == text || (is_pattern(pattern) && is_match(pattern, text))
}

fn is_below(pattern: &str, value: &Place) -> bool {
    if pattern.is_empty() {
        return true;
    }
    let Some(path) = &value.path else {
        return false;
    };
    if is_pattern(pattern) {
        return is_match(pattern, path);
    }
    path.strip_prefix(pattern).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Decodes a path and takes its dot segments out.
fn resolve(path: &str) -> Option<String> {
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    let mut segments: Vec<&str> = Vec::new();
    for segment in decoded.split('/') {
        match segment {
            "." => {}
            ".." => drop(segments.pop()?),
            segment => segments.push(segment),
        }
    }
    Some(segments.join("/"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OWN: &str = "http://127.0.0.1:3110";

    fn patterns() -> Vec<Pattern> {
        let entries = [
            "https://app.example.com",
            "https://*.wild.example",
            "*.host.example",
            "myapp://",
            "myapp2://host/cb",
            "http://192.168.*.*",
        ];
        entries.into_iter().map(Pattern::new).collect()
    }

    #[test]
    fn the_places_that_the_contract_allows_are_trusted() {
        for place in [
            "/",
            "/a?b=c#d",
            "/a?x=%2f",
            "/dash?x=https://e.com",
            "/ok~x",
            "https://app.example.com:443/x",
            "https://APP.example.com/x",
            "https://a.b.wild.example/x",
            "http://x.host.example/a",
            "ftp://x.host.example/a",
            "myapp:anything",
            "myapp2://host/cb/x",
            "myapp2://host/cb",
            "http://127.1:3110/x",
            "http://192.168.1.20/x",
        ] {
            assert!(is_trusted_target(&patterns(), Some(OWN), place), "{place}");
        }
    }

    #[test]
    fn the_places_that_the_contract_refuses_are_not() {
        for place in [
            "",
            "a",
            "//evil.com",
            "/\\evil.com",
            "/%5cevil.com",
            "/%2fevil.com",
            "/a%2fb",
            "/a\\b",
            "/\0x",
            "/\tx",
            "/..%2F..%2Fevil.com",
            "/\\/\\/evil.com",
            "https://app.example.com:8443/x",
            "http://app.example.com/x",
            "https://app.example.com.evil.com",
            "https://app.example.com@evil.com",
            "https://evil.com#.app.example.com",
            "https://evil.com/.app.example.com",
            "https://evil.com\\.app.example.com",
            "https://wild.example/x",
            "http://a.wild.example/x",
            "https://a.wild.example:9/x",
            "http://x.host.example:8080/a",
            "malicious.com?.host.example",
            "http://malicious.com?.host.example",
            "myapp2://host/cbx",
            "myapp2://host/cb/../evil",
            "myapp2://host/cb/%2e%2e/evil",
            "myapp2://host/cb%2f..%2fevil",
            "myapp2://user@host/cb",
            "javascript:alert(1)",
            "javascript://x.host.example/%0aalert(1)",
            "data:text/html,x",
            "http://localhost:3110/x",
            "mailto:a@b",
            "about:blank",
            "http://192.168.evil.com/x",
            "http://user@x.host.example/",
        ] {
            assert!(!is_trusted_target(&patterns(), Some(OWN), place), "{place}");
        }
    }

    #[test]
    fn a_path_is_a_target_and_never_an_origin() {
        assert!(is_trusted_target(&patterns(), Some(OWN), "/x"));
        assert!(!is_trusted(&patterns(), Some(OWN), "/x"));
    }

    proptest! {
        #[test]
        fn nothing_a_stranger_sends_makes_it_panic(value in ".*", pattern in ".*") {
            let patterns = [Pattern::new(&pattern)];
            is_trusted_target(&patterns, Some(OWN), &value);
        }

        #[test]
        fn a_trusted_path_stays_on_this_server(value in "/[ -~]{0,40}") {
            if is_trusted_target(&[], Some(OWN), &value) {
                let url = Url::parse(OWN).unwrap().join(&value).unwrap();
                prop_assert_eq!(url.origin().ascii_serialization(), OWN);
            }
        }
    }
}
