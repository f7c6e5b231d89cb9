//! The client's cookies: of one server, so a name identifies them.

use http::HeaderMap;
use http::header::SET_COOKIE;

#[derive(Default)]
pub(super) struct Jar(Vec<(String, String)>);

impl Jar {
    /// The `Cookie` header, if there is anything to send.
    pub(super) fn header(&self) -> Option<String> {
        let pairs: Vec<String> =
            self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// Stores the cookies that a response sets, and deletes those that it clears.
    pub(super) fn keep(&mut self, headers: &HeaderMap) {
        for line in headers.get_all(SET_COOKIE).iter().filter_map(|line| line.to_str().ok()) {
            let mut parts = line.split(';').map(str::trim);
            let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
                continue;
            };
            self.0.retain(|(known, _)| known != name);
            let goes = parts.any(|part| part.eq_ignore_ascii_case("max-age=0"));
            if !goes {
                self.0.push((name.to_owned(), value.to_owned()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_kept_replaced_and_forgotten() {
        let mut jar = Jar::default();
        let mut answer = |lines: &[&'static str]| {
            jar.keep(&lines.iter().map(|line| (SET_COOKIE, line.parse().unwrap())).collect());
            jar.header()
        };
        assert_eq!(answer(&[]), None);
        let both = answer(&["a=1; Max-Age=9; Path=/", "b=2=2; HttpOnly"]);
        assert_eq!(both.as_deref(), Some("a=1; b=2=2"));
        assert_eq!(answer(&["a=3"]).as_deref(), Some("b=2=2; a=3"));
        assert_eq!(answer(&["a=; Max-Age=0", "b=; max-age=0; Path=/", "nonsense"]), None);
    }
}
