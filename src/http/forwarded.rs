//! Headers in which a trusted proxy says what a request was before it came through the proxy.
//!
//! A value that cannot be read is passed over. Passed over in silence it would be a limit that all clients share, or
//! links to the wrong host; so the log says it, once per header and cause.

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::PoisonError;

use http::HeaderMap;

use crate::http::site::Site;

/// Characters of a shape that are written down.
const SHAPE_MAX: usize = 60;

/// What is wrong with a header of a trusted proxy, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Problem {
    /// It is not there.
    Missing,
    /// It names proxies of this deployment and nothing else.
    OnlyProxies,
    /// It is there in a form that nothing here reads.
    Unreadable,
}

/// The problems that the log has already.
#[derive(Debug, Default)]
pub(super) struct Reported(Mutex<HashSet<(String, Problem)>>);

impl Reported {
    /// Writes a problem down unless it was before; of the value its shape only, as it can hold anything.
    pub(super) fn report(&self, headers: &HeaderMap, name: &str, problem: Problem) {
        let mut reported = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The names are those of the configuration and of this room, so there are few.
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
                "a trusted proxy names other trusted proxies only: no client is known"
            }
            Problem::Unreadable => {
                "a trusted proxy sends a value that cannot be read; where it is to name the host, requests are refused"
            }
        };
        tracing::warn!(header = name, shape, "{problem}");
    }
}

/// What a trusted proxy says in a header with a single value, if it says anything. One that cannot be read is reported.
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

/// The value of a header that only one proxy should write. Where it stands there several times, as a list or in several
/// lines, all must be the same: a client can have written any of them.
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

/// A value with every run of letters as `a` and every run of digits as `9`.
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
