//! Trusted origins and redirect targets: exact origins, globs, and custom schemes [contract 6.4].

use std::net::Ipv4Addr;

use percent_encoding::percent_decode_str;
use url::Url;

use crate::http::glob::is_host_match;
use crate::http::glob::is_match;
use crate::http::glob::is_pattern;

/// A redirect target is sent in a header, and many servers and proxies accept 8 kB of those.
const TARGET_BYTES_MAX: usize = 4096;
/// Schemes that execute their content; no pattern allows them as redirect targets.
const NEVER: &[&str] = &["javascript", "data", "vbscript", "blob", "file"];

/// An entry of `trustedOrigins`, parsed at startup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// `https://app.example.com`: the exact origin.
    Origin(String),
    /// `https://*.example.com`: a glob over the origin.
    OriginGlob(String),
    /// `*.example.com`: a glob over host and port, for any scheme.
    HostGlob(String),
    /// `myapp://`, `myapp://host/path`: a custom scheme.
    Scheme(Parts),
    /// `exp://192.168.*.*:*/*`: a custom scheme with wildcards; a wildcard path matches every path.
    SchemeGlob(Parts),
}

impl Pattern {
    /// Parses an entry. Any text is a pattern, though it may never match.
    pub fn new(text: &str) -> Self {
        let has_wildcard = is_pattern(text);
        if has_wildcard && !text.contains("://") {
            return Self::HostGlob(text.to_owned());
        }
        let parts = Parts::new(text, has_wildcard);
        match parts.filter(|parts| !is_web(&parts.scheme) && !is_pattern(&parts.scheme)) {
            Some(parts) if has_wildcard => Self::SchemeGlob(parts),
            Some(parts) => Self::Scheme(parts),
            None if has_wildcard => Self::OriginGlob(text.to_owned()),
            None => Self::Origin(text.to_owned()),
        }
    }

    fn matches(&self, value: &TargetUrl) -> bool {
        match (self, &value.kind) {
            (Self::Origin(pattern), PlaceKind::Web { origin }) => pattern == origin,
            (Self::OriginGlob(glob), PlaceKind::Web { origin }) => {
                let host = |origin: &str| {
                    origin.split_once("://").map(|(_, host)| host.to_owned()).unwrap_or_default()
                };
                is_host_match(glob, origin) && fits_address(&host(glob), &host(origin))
            }
            (Self::HostGlob(glob), _) => {
                !value.host.is_empty()
                    && !value.has_user
                    && is_host_match(glob, &value.host)
                    && fits_address(glob, &value.host)
            }
            (Self::Scheme(pattern), PlaceKind::App(parts)) => {
                pattern.scheme == parts.scheme
                    && (pattern.authority.is_empty() || pattern.authority == parts.authority)
                    && pattern.is_above(parts)
            }
            (Self::SchemeGlob(pattern), PlaceKind::App(parts)) => {
                pattern.scheme == parts.scheme
                    && (pattern.authority.is_empty()
                        || (is_match(&pattern.authority, &parts.authority)
                            && fits_address(&pattern.authority, &parts.authority)))
                    && pattern.covers(parts)
            }
            _ => false,
        }
    }
}

/// A URL or a pattern with a custom scheme, parsed as text: clients parse hosts and paths of such
/// schemes differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// In lower case.
    scheme: String,
    /// Host and port in lower case; may be empty.
    authority: String,
    /// Decoded, without dot segments and empty segments; empty for the root, `None` if it is not
    /// valid text.
    path: Option<String>,
}

impl Parts {
    /// Parses a text; with `has_wildcard`, `?` is a wildcard.
    fn new(text: &str, has_wildcard: bool) -> Option<Self> {
        let (scheme, rest) = text.split_once(':').filter(|(scheme, _)| !scheme.is_empty())?;
        let end = |text: &str, ends: &[char]| {
            let is_end = |c: char| ends.contains(&c) && !(has_wildcard && c == '?');
            text.find(is_end).unwrap_or(text.len())
        };
        let (authority, rest) = match rest.strip_prefix("//") {
            Some(rest) => rest.split_at_checked(end(rest, &['/', '?', '#']))?,
            None => ("", rest),
        };
        let (path, _) = rest.split_at_checked(end(rest, &['?', '#']))?;
        Some(Self {
            scheme: scheme.to_ascii_lowercase(),
            authority: authority.to_lowercase(),
            path: resolve(path),
        })
    }

    /// Whether the path of a target equals this one or is below it.
    fn is_above(&self, place: &Self) -> bool {
        self.fits(place, |own, path| {
            path.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// Whether the path of a target matches the wildcards.
    fn covers(&self, place: &Self) -> bool {
        self.fits(place, |own, path| is_match(own, if path.is_empty() { "/" } else { path }))
    }

    /// A pattern without a path matches any path; a pattern with an invalid path matches none.
    fn fits(&self, place: &Self, compare: impl Fn(&str, &str) -> bool) -> bool {
        match (&self.path, &place.path) {
            (Some(own), _) if own.is_empty() => true,
            (Some(own), Some(path)) => compare(own, path),
            _ => false,
        }
    }
}

/// The parts of a URL that trust depends on.
struct TargetUrl {
    kind: PlaceKind,
    /// The host as browsers read it, with a port other than the default.
    host: String,
    has_user: bool,
}

enum PlaceKind {
    /// `http` and `https`.
    Web { origin: String },
    /// Every other scheme.
    App(Parts),
}

impl TargetUrl {
    fn new(text: &str) -> Option<Self> {
        if text.contains(char::is_control) {
            return None;
        }
        let url = Url::parse(text).ok()?;
        if NEVER.contains(&url.scheme()) {
            return None;
        }
        let host = url.host_str().unwrap_or_default();
        let host = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        let kind = if is_web(url.scheme()) {
            PlaceKind::Web { origin: url.origin().ascii_serialization() }
        } else {
            let mut parts = Parts::new(text.trim_end_matches(' '), false)?;
            // Browsers read these differently: user information before the host, a backslash as a
            // slash.
            if parts.authority != host.to_lowercase() || text.contains('\\') {
                return None;
            }
            // If segments differ before and after decoding, `x%2fy/..` names two targets.
            parts.path = parts.path.filter(|path| resolve(url.path()).as_ref() == Some(path));
            PlaceKind::App(parts)
        };
        let has_user = !url.username().is_empty() || url.password().is_some();
        Some(Self { kind, host, has_user })
    }
}

/// Whether an `Origin` or `Referer` is this server's own or trusted.
pub fn is_trusted(patterns: &[Pattern], own: Option<&str>, value: &str) -> bool {
    let Some(place) = TargetUrl::new(value) else {
        return false;
    };
    own.is_some_and(|own| matches!(&place.kind, PlaceKind::Web { origin } if origin == own))
        || patterns.iter().any(|pattern| pattern.matches(&place))
}

/// Whether a redirect target is a path of this server or trusted.
pub fn is_trusted_target(patterns: &[Pattern], own: Option<&str>, value: &str) -> bool {
    if TARGET_BYTES_MAX < value.len() {
        return false;
    }
    if value.starts_with('/') { is_own_path(value) } else { is_trusted(patterns, own, value) }
}

/// A path that no browser reads as another site's.
fn is_own_path(value: &str) -> bool {
    let path = value.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let is_plain = !value.starts_with("//")
        && !value.contains('\\')
        && !value.contains(char::is_control)
        && !path.contains("%2f")
        && !path.contains("%5c");
    // `/.//evil.com` is a path of this server, but becomes another site's once a client resolves
    // it.
    is_plain
        && Url::parse("https://better-auth.invalid").and_then(|base| base.join(value)).is_ok_and(
            |url| {
                url.origin().ascii_serialization() == "https://better-auth.invalid"
                    && !url.path().starts_with("//")
            },
        )
}

fn is_web(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
}

/// A pattern of digits, dots and wildcards matches IP addresses only, not names such as
/// `192.168.evil.com`.
fn fits_address(pattern: &str, host: &str) -> bool {
    let [pattern, host] = [pattern, host].map(|text| text.split(':').next().unwrap_or_default());
    let is_address_pattern = pattern.contains(|c: char| c.is_ascii_digit())
        && pattern.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '*' | '?'));
    !is_address_pattern || host.parse::<Ipv4Addr>().is_ok()
}

/// Decodes a path and removes dot segments and empty segments.
fn resolve(path: &str) -> Option<String> {
    let is_escape =
        |after: &str| after.get(..2).is_some_and(|hex| u8::from_str_radix(hex, 16).is_ok());
    if !path.split('%').skip(1).all(is_escape) {
        return None;
    }
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    let mut segments: Vec<&str> = Vec::new();
    for segment in decoded.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    Some(segments.iter().flat_map(|segment| ["/", segment]).collect())
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
            "exp://192.168.*.*:*/*",
            "deep://*.example.com",
            "bare:",
            "*:9000",
            "https://all.example/**",
            "*.every.example/**",
            "/**",
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
            "myapp:%zz",
            "deep://a.example.com/x/y",
            "myapp2://host/cb/x",
            "myapp2://host/cb",
            "http://127.1:3110/x",
            "http://192.168.1.20/x",
            "MyApp2://HOST/cb",
            "myapp2://host/cb/%63/./x//y/../z?q#f",
            "exp://192.168.1.20:8081/x",
            "bare:anything",
            "http://any.example:9000/x",
            "https://all.example/x/y",
            "http://a.every.example/x",
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
            "/.//evil.com",
            "/a/..//evil.com",
            "/%2e//evil.com",
            "/\\/\\/evil.com",
            "https://app.example.com:8443/x",
            "http://app.example.com/x",
            "https://app.example.com.evil.com",
            "https://all.example.evil.com",
            "https://all.exampleevil.com/x",
            "http://a.every.example.evil.com",
            "https://a.every.exampleevil.com/x",
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
            "myapp://user@host",
            "myapp://host\\x",
            "myapp2://host/cb/x%2fy/../../evil",
            "myapp2://host/cb/%zz",
            "myapp2://host/cb/%ff",
            "exp://192.168.1.20:8081/x/y",
            "exp://192.168.1.20/x",
            "exp://192.168.evil.com:8081/x",
        ] {
            assert!(!is_trusted_target(&patterns(), Some(OWN), place), "{place}");
        }
    }

    #[test]
    fn a_target_fits_a_header() {
        let of_length = |bytes: usize| format!("/{}", "x".repeat(bytes - 1));
        let is_trusted = |bytes| is_trusted_target(&[], Some(OWN), &of_length(bytes));
        assert!(is_trusted(TARGET_BYTES_MAX));
        assert!(!is_trusted(TARGET_BYTES_MAX + 1) && !is_trusted(TARGET_BYTES_MAX + 2));
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
        fn no_pattern_trusts_what_runs_instead_of_being_opened(
            scheme in "(?i)(javascript|data|vbscript|blob|file)",
            rest in "(//)?[ -~]{0,30}",
            pattern in "[ -~]{0,20}",
        ) {
            let value = format!("{scheme}:{rest}");
            let whole = format!("{scheme}://");
            let patterns = [&pattern, "*", "*://*", &whole, &value].map(|text: &str| Pattern::new(text));
            prop_assert!(!is_trusted_target(&patterns, Some(OWN), &value));
        }

        #[test]
        fn a_trusted_path_stays_on_this_server(
            value in prop_oneof!["/[ -~]{0,40}", "/[/\\\\.@:?#%25cf\t\r\n]{0,10}.{0,10}"],
        ) {
            if is_trusted_target(&[], Some(OWN), &value) {
                let url = Url::parse(OWN).unwrap().join(&value).unwrap();
                prop_assert_eq!(url.origin().ascii_serialization(), OWN);
            }
        }
    }
}
