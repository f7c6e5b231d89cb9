//! A place that people are to be sent to: a line of `trustedOrigins`, separated by blanks, then the place.

use better_auth::http::trusted::Pattern;
use better_auth::http::trusted::is_trusted;
use better_auth::http::trusted::is_trusted_target;
use http::Method;
use http::header;
use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::percent_decode_str;
use percent_encoding::utf8_percent_encode;
use serde_json::json;
use url::Url;

use super::first_line;
use super::site::ORIGIN;
use super::site::Site;
use super::site::get;

/// Links that go on to a place which their query names.
const LINKS: [&str; 3] = ["/reset-password/x", "/verify-email", "/delete-user/callback"];
/// What runs instead of being opened.
const NEVER: [&str; 5] = ["javascript", "data", "vbscript", "blob", "file"];

thread_local! {
    static SITE: Site = Site::with(|_| {});
}

/// Whoever is sent on stays where the configuration says, as a browser reads the place.
pub fn check(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let (patterns, place) = first_line(text.as_bytes());
    let [patterns, place] = [patterns, place].map(|part| std::str::from_utf8(part).unwrap());
    let entries: Vec<&str> = patterns.split_whitespace().collect();
    let patterns: Vec<Pattern> = entries.iter().map(|text| Pattern::new(text)).collect();
    if is_trusted_target(&patterns, Some(ORIGIN), place) {
        let url = Url::parse(ORIGIN).unwrap().join(place).unwrap();
        let is_own = url.origin().ascii_serialization() == ORIGIN;
        assert!(is_own || entries.iter().any(|entry| allows(entry, &url)), "{entries:?} {place:?}");
        assert!(!place.contains(char::is_control), "{place:?}");
    }
    assert!(!place.starts_with('/') || !is_trusted(&patterns, Some(ORIGIN), place), "{place:?}");
    SITE.with(|site| {
        follow(site, place);
        ask(site, place);
    });
}

/// A link leads to a place that is trusted, or nowhere.
fn follow(site: &Site, place: &str) {
    let place = utf8_percent_encode(place, NON_ALPHANUMERIC);
    for link in LINKS {
        let Some(request) = get(&format!("/api/auth{link}?token=x&callbackURL={place}")) else {
            return;
        };
        let answer = site.ask(request);
        site.check(&answer);
        assert!(
            !answer.status().is_redirection() || answer.headers().contains_key(header::LOCATION)
        );
    }
}

/// A place in a body is judged in the same way.
fn ask(site: &Site, place: &str) {
    let body = json!({"provider": "nobody", "callbackURL": place, "errorCallbackURL": place});
    let mut request = get("/api/auth/sign-in/social").unwrap().map(|_| body.to_string().into());
    *request.method_mut() = Method::POST;
    request.headers_mut().insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
    let answer = site.ask(request);
    site.check(&answer);
    // Only what is trusted gets so far that the provider is looked for.
    if answer.status() == 404 {
        assert!(place.is_empty() || site.is_trusted(place), "{place:?}");
    }
}

/// Whether an entry allows a place: the contract [6.4] read again, with another matcher over another parser's parts,
/// and generous where the rules themselves may be stricter.
fn allows(entry: &str, url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().to_lowercase();
    let authority = url.port().map_or(host.clone(), |port| format!("{host}:{port}"));
    let has_wildcard = entry.contains(['*', '?']);
    // What follows the host in an entry is not looked at.
    let (scheme, rest) = entry.split_once("://").unwrap_or(("", entry));
    let host = rest.split('/').next().unwrap_or_default();
    let without_path =
        if scheme.is_empty() { host.to_owned() } else { format!("{scheme}://{host}") };
    if NEVER.contains(&url.scheme()) {
        return false;
    }
    if has_wildcard && !entry.contains("://") {
        return glob(&without_path.to_lowercase(), &authority);
    }
    if matches!(url.scheme(), "http" | "https") {
        return glob(&without_path, &url.origin().ascii_serialization());
    }
    let ends: &[char] = if has_wildcard { &['#'] } else { &['?', '#'] };
    let entry = entry.split(ends).next().unwrap_or_default();
    let Some((scheme, rest)) = entry.split_once(':') else {
        return false;
    };
    let (wanted, path) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("", rest),
    };
    scheme.eq_ignore_ascii_case(url.scheme())
        && (wanted.is_empty() || glob(&wanted.to_lowercase(), &authority))
        && glob(&format!("{}*", resolved(path)), &resolved(url.path()))
}

/// A path as it is once whoever opens it has decoded and resolved it.
fn resolved(path: &str) -> String {
    let decoded = percent_decode_str(path).decode_utf8_lossy();
    let mut segments = Vec::new();
    for segment in decoded.split('/') {
        match segment {
            ".." => drop(segments.pop()),
            "" | "." => {}
            segment => segments.push(segment),
        }
    }
    segments.iter().flat_map(|segment| ["/", segment]).collect()
}

/// `*`, `?` and `\`, by a table of which ends of the pattern fit which ends of the text.
fn glob(pattern: &str, text: &str) -> bool {
    let mut tokens = Vec::new();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        tokens.push(match character {
            '\\' => match characters.next() {
                Some(literal) => (literal, false),
                // At the end it stands for nothing, as in Better Auth.
                None => break,
            },
            '*' | '?' => (character, true),
            literal => (literal, false),
        });
    }
    let text: Vec<char> = text.chars().collect();
    let mut fits = vec![false; text.len() + 1];
    fits[text.len()] = true;
    for (token, is_wild) in tokens.into_iter().rev() {
        let mut next = vec![false; text.len() + 1];
        for at in (0..=text.len()).rev() {
            let is_one = at < text.len() && fits[at + 1] && (is_wild || text[at] == token);
            next[at] = match (token, is_wild) {
                ('*', true) => fits[at] || (at < text.len() && next[at + 1]),
                _ => is_one,
            };
        }
        fits = next;
    }
    fits[0]
}
