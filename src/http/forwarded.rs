//! Headers in which a trusted proxy describes the original request.
//!
//! An unreadable value is ignored. The consequence may be a limit that all clients share, or links
//! to the wrong host, so each header and cause is logged once.

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::PoisonError;

use http::HeaderMap;

use crate::http::site::Site;

/// Maximum characters of a shape in the log.
const SHAPE_MAX: usize = 60;

/// The problem with a header of a trusted proxy, the least severe first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Problem {
    /// The header is missing.
    Missing,
    /// It contains only proxies of this deployment.
    OnlyProxies,
    /// It has an unknown format.
    Unreadable,
}

/// The problems that were already logged.
#[derive(Debug, Default)]
pub(super) struct Reported(Mutex<HashSet<(String, Problem)>>);

impl Reported {
    /// Logs a problem once. Logs only the shape of the value, which may contain anything.
    pub(super) fn report(&self, headers: &HeaderMap, name: &str, problem: Problem) {
        let mut reported = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The names come from the configuration and from this module, so there are few.
        if !reported.insert((name.to_owned(), problem)) {
            return;
        }
        drop(reported);
        let lines: Vec<_> = headers
            .get_all(name)
            .iter()
            .map(|line| String::from_utf8_lossy(line.as_bytes()))
            .collect();
        let shape = shape(&lines.join(", "));
        let problem = match problem {
            Problem::Missing => "a trusted proxy names no client: all of its clients count as one",
            Problem::OnlyProxies => {
                "a trusted proxy names only other trusted proxies: the client is unknown"
            }
            Problem::Unreadable => {
                "a trusted proxy sends an unreadable value; requests are refused if it should name the host"
            }
        };
        tracing::warn!(header = name, shape, "{problem}");
    }
}

/// The value of a header that a trusted proxy sets, if it has one. An unreadable value is logged.
pub(super) fn single<'a>(
    site: &Site,
    headers: &'a HeaderMap,
    name: &str,
    is_readable: impl Fn(&str) -> bool,
) -> Option<Result<&'a str, Problem>> {
    let value = agreed(headers, name)
        .and_then(|value| if is_readable(value) { Ok(value) } else { Err(Problem::Unreadable) });
    match value {
        Err(Problem::Missing) => return None,
        Err(problem) => site.reported.report(headers, name, problem),
        Ok(_) => {}
    }
    Some(value)
}

/// The value of a header that only one proxy should set. All values of a list or of several lines
/// must be the same, because a client can forge any of them.
fn agreed<'a>(headers: &'a HeaderMap, name: &str) -> Result<&'a str, Problem> {
    let mut agreed = None;
    for line in headers.get_all(name) {
        for value in line.to_str().map_err(|_| Problem::Unreadable)?.split(',').map(str::trim) {
            let first = *agreed.get_or_insert(value);
            if !first.eq_ignore_ascii_case(value) {
                return Err(Problem::Unreadable);
            }
        }
    }
    agreed.ok_or(Problem::Missing)
}

/// A value with each run of letters as `a` and each run of digits as `9`.
fn shape(value: &str) -> String {
    let mut shape = String::new();
    for character in value.chars().take(SHAPE_MAX) {
        let character = match character {
            'a'..='z' | 'A'..='Z' => 'a',
            '0'..='9' => '9',
            ' '..='~' => character,
            _ => '?',
        };
        if !(character.is_ascii_alphanumeric() && shape.ends_with(character)) {
            shape.push(character);
        }
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_tells_the_form_and_nothing_of_what_it_holds() {
        for (value, expected) in [
            ("203.0.113.7:443", "9.9.9.9:9"),
            ("[2001:db8::1%eth0]", "[9:a9::9%a9]"),
            ("for=\"_Secret17\"; proto=https", "a=\"_a9\"; a=a"),
            ("\u{1b}[31mé", "?[9a?"),
        ] {
            assert_eq!(shape(value), expected, "{value}");
        }
        assert_eq!(shape(&"-".repeat(1000)).len(), SHAPE_MAX);
    }

    #[test]
    fn several_values_count_where_they_are_the_same() {
        let agreed = |lines: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append("x-forwarded-proto", http::HeaderValue::from_static(line));
            }
            agreed(&headers, "x-forwarded-proto").map(str::to_owned)
        };
        assert_eq!(agreed(&[]), Err(Problem::Missing));
        assert_eq!(agreed(&[" https "]), Ok("https".to_owned()));
        assert_eq!(agreed(&["https, HTTPS", "https"]), Ok("https".to_owned()));
        assert_eq!(agreed(&["http, https"]), Err(Problem::Unreadable));
        assert_eq!(agreed(&["https", "http"]), Err(Problem::Unreadable));
        assert_eq!(agreed(&["https,"]), Err(Problem::Unreadable));
    }
}
