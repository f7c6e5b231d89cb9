//! Cookies: their names and attributes, reading those that came, setting and clearing [contract 3].

use std::fmt::Write as _;
use std::time::Duration;

use http::HeaderMap;
use http::HeaderValue;
use http::header::COOKIE;

use crate::config::Config;

/// Names and attributes of this deployment's cookies.
pub struct CookieNames {
    pub(super) session_token: String,
    pub(super) session_data: String,
    pub(super) dont_remember: String,
    /// `; Domain=example.com`, or nothing.
    domain: String,
    /// `; Path=/; HttpOnly; Secure; SameSite=Lax`
    attributes: &'static str,
}

impl CookieNames {
    pub(super) fn new(config: &Config) -> Self {
        let advanced = &config.advanced;
        let origin = config.base_origin();
        let is_https = origin.as_deref().is_some_and(|origin| origin.starts_with("https://"));
        let is_secure = advanced.use_secure_cookies.unwrap_or(is_https);
        let prefix = if is_secure { "__Secure-" } else { "" };
        let name = |key: &str| format!("{prefix}{}.{key}", advanced.cookie_prefix);
        Self {
            session_token: name("session_token"),
            session_data: name("session_data"),
            dont_remember: name("dont_remember"),
            domain: config.cookie_domain().map_or_else(String::new, |d| format!("; Domain={d}")),
            attributes: if is_secure {
                "; Path=/; HttpOnly; Secure; SameSite=Lax"
            } else {
                "; Path=/; HttpOnly; SameSite=Lax"
            },
        }
    }
}

/// The value of the first cookie of this name.
pub fn find<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    all(headers).find(|(found, _)| *found == name).map(|(_, value)| value)
}

/// Every cookie that came, in order. A line that is not ASCII text is passed over.
fn all(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.trim(), value.trim()))
}

/// The cookies that a reply sets, in the order of their lines.
#[derive(Default)]
pub struct SetCookies(Vec<HeaderValue>);

impl SetCookies {
    /// Sets a cookie; without a lifetime it ends with the browser's session.
    pub(super) fn set(
        &mut self,
        names: &CookieNames,
        name: &str,
        value: &str,
        lifetime: Option<Duration>,
    ) {
        let mut line = format!("{name}={value}");
        if let Some(lifetime) = lifetime {
            // Writing to a `String` cannot fail.
            let _infallible = write!(line, "; Max-Age={}", lifetime.as_secs());
        }
        line.push_str(&names.domain);
        line.push_str(names.attributes);
        // Names, values and domain were checked to be cookie text when they were made.
        if let Ok(line) = HeaderValue::try_from(line) {
            self.0.push(line);
        }
    }

    /// Makes the browser forget a cookie.
    pub(super) fn clear(&mut self, names: &CookieNames, name: &str) {
        self.set(names, name, "", Some(Duration::ZERO));
    }

    /// Makes the browser forget the session: at least these three, and every part of a cached
    /// session that it sent [contract 3.4].
    pub(super) fn clear_session(&mut self, names: &CookieNames, sent: &HeaderMap) {
        self.clear(names, &names.session_token);
        self.clear(names, &names.session_data);
        self.clear_session_data(names, sent);
        self.clear(names, &names.dont_remember);
    }

    /// Makes the browser forget cached sessions that it sent: this deployment caches none.
    pub(super) fn clear_session_data(&mut self, names: &CookieNames, sent: &HeaderMap) {
        for (name, _) in all(sent).filter(|(name, _)| is_part_of(name, &names.session_data)) {
            self.clear(names, name);
        }
    }

    pub(super) fn into_lines(self) -> Vec<HeaderValue> {
        self.0
    }
}

/// `better-auth.session_data`, or that name with a number such as `.0`.
fn is_part_of(name: &str, whole: &str) -> bool {
    match name.strip_prefix(whole) {
        Some("") => true,
        Some(rest) => rest
            .strip_prefix('.')
            .is_some_and(|number| number.parse::<u8>().is_ok_and(|n| n.to_string() == number)),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[&'static str]) -> HeaderMap {
        lines.iter().map(|line| (COOKIE, HeaderValue::from_static(line))).collect()
    }

    fn lines(cookies: SetCookies) -> Vec<String> {
        cookies.0.iter().map(|line| line.to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn the_first_cookie_of_a_name_counts() {
        let headers = headers(&["a=1;b=2; a=3", "c=4"]);
        assert_eq!(find(&headers, "a"), Some("1"));
        assert_eq!(find(&headers, "b"), Some("2"));
        assert_eq!(find(&headers, "c"), Some("4"));
        assert_eq!(find(&headers, "A"), None);
    }

    #[test]
    fn attributes_come_in_better_auths_order() {
        let mut config = Config::default();
        config.base_url = Some("https://auth.example.com".to_owned());
        config.advanced.cross_sub_domain_cookies.enabled = true;
        let names = CookieNames::new(&config);
        let mut cookies = SetCookies::default();
        cookies.set(&names, &names.session_token, "v", Some(Duration::from_secs(604_800)));
        assert_eq!(
            lines(cookies),
            ["__Secure-better-auth.session_token=v; Max-Age=604800; Domain=auth.example.com; \
              Path=/; HttpOnly; Secure; SameSite=Lax"]
        );
    }

    #[test]
    fn clearing_names_every_chunk_that_was_sent() {
        let names = CookieNames::new(&Config::default());
        let sent = headers(&["better-auth.session_data.0=x; better-auth.session_data.x=y"]);
        let mut cookies = SetCookies::default();
        cookies.clear_session(&names, &sent);
        let cleared: Vec<String> =
            lines(cookies).iter().map(|l| l.split('=').next().unwrap().to_owned()).collect();
        assert_eq!(
            cleared,
            [
                "better-auth.session_token",
                "better-auth.session_data",
                "better-auth.session_data.0",
                "better-auth.dont_remember"
            ]
        );
    }
}
