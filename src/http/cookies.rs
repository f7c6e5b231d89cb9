//! Cookies: names and attributes, reading, setting and clearing [contract 3].

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Once;
use std::time::Duration;

use http::HeaderMap;
use http::HeaderValue;
use http::header::COOKIE;
use indexmap::IndexMap;

use crate::config::AccountOptions;
use crate::config::Config;
use crate::config::CookieAttributes;
use crate::config::CookieOptions;
use crate::config::SameSite;
use crate::config::StateStrategy;

/// Maximum bytes of a whole `Set-Cookie` line; Safari's limit is little more.
const LINE_BYTES_MAX: usize = 4050;
/// Bytes around a name and its value in the `Cookie` header.
const AROUND_PAIR: usize = "=; ".len();

/// This deployment's cookies.
pub struct CookieNames {
    pub(super) session_token: Cookie,
    pub(super) session_data: LongCookie,
    /// The account of the last sign-in, encrypted.
    pub(super) account_data: LongCookie,
    pub(super) dont_remember: Cookie,
    /// The state of a pending sign-in.
    pub(super) state: Cookie,
    /// The encrypted state of a pending sign-in.
    pub(super) oauth_state: Cookie,
}

/// A cookie: its name, and the attributes other than its lifetime.
pub struct Cookie {
    pub(super) name: String,
    /// `; Domain=example.com; Path=/; HttpOnly; Secure; SameSite=Lax`
    attributes: String,
}

/// A cookie whose value may be too long for one line. The value is only a copy: without it the
/// server reads the database.
pub struct LongCookie {
    pub(super) cookie: Cookie,
    /// Maximum bytes of all cookies of a request: half of `server.limits.headerBytes`. The server
    /// rejects a longer head at every endpoint, including sign-out.
    room: usize,
    /// Logs only once that a value did not fit.
    warned: Once,
}

impl CookieNames {
    pub(super) fn new(config: &Config) -> Self {
        Self {
            session_token: Cookie::new(config, "session_token"),
            session_data: LongCookie::new(config, "session_data"),
            account_data: LongCookie::new(config, "account_data"),
            dont_remember: Cookie::new(config, "dont_remember"),
            state: Cookie::new(config, "state"),
            oauth_state: Cookie::new(config, "oauth_state"),
        }
    }
}

impl Cookie {
    /// A plugin's own cookie: what is not set for it is as for the session cookie.
    pub(super) fn of_plugin(config: &Config, key: &str) -> Self {
        let mut options = options(config, key);
        options.attributes =
            options.attributes.or(&self::options(config, "session_token").attributes);
        Self::with(config, key, &options)
    }

    fn new(config: &Config, key: &str) -> Self {
        Self::with(config, key, &options(config, key))
    }

    /// Defaults < crossSubDomainCookies < defaultCookieAttributes < the cookie's own [contract 3.2].
    fn with(config: &Config, key: &str, options: &CookieOptions) -> Self {
        let advanced = &config.advanced;
        let is_https = config.is_https();
        let is_secure = advanced.use_secure_cookies.unwrap_or(is_https);
        let prefix = if is_secure { "__Secure-" } else { "" };
        let name = options.name.clone().unwrap_or(format!("{}.{key}", advanced.cookie_prefix));
        let name = format!("{prefix}{name}");
        let defaults = CookieAttributes {
            secure: Some(is_secure),
            domain: config.cookie_domain(),
            ..CookieAttributes::default()
        };
        let attributes = options.attributes.or(&advanced.default_cookie_attributes).or(&defaults);
        Self { attributes: render(&name, &attributes), name }
    }
}

fn options(config: &Config, key: &str) -> CookieOptions {
    config.advanced.cookies.get(key).cloned().unwrap_or_default()
}

impl LongCookie {
    fn new(config: &Config, key: &str) -> Self {
        let room = config.server.limits.header_bytes / 2;
        Self { cookie: Cookie::new(config, key), room, warned: Once::new() }
    }

    /// Splits a value into one cookie, or into numbered cookies that browsers accept; returns none
    /// if there is no room beside `others` bytes of other cookies.
    fn split<'a>(
        &self,
        value: &'a str,
        lifetime: Option<Duration>,
        others: usize,
    ) -> Vec<(String, &'a str)> {
        let parts = split(&self.cookie, value, lifetime);
        let bytes: usize =
            parts.iter().map(|(name, part)| name.len() + part.len() + AROUND_PAIR).sum();
        if others + bytes <= self.room {
            return parts;
        }
        let cookie = &self.cookie.name;
        self.warned.call_once(|| {
            tracing::warn!(
                cookie,
                bytes = value.len(),
                others,
                room = self.room,
                "cookie not set: all cookies together would take more than half of \
                 server.limits.headerBytes, so the database is asked instead; often a user with a long \
                 image is the cause; this is logged once"
            );
        });
        Vec::new()
    }
}

/// In Better Auth's order. Browsers reject prefixed cookies without the attributes that are forced
/// here [RFC 6265bis 4.1.3].
fn render(name: &str, attributes: &CookieAttributes) -> String {
    let is_host_only = name.starts_with("__Host-");
    let is_partitioned = attributes.partitioned == Some(true);
    let same_site = match attributes.same_site.unwrap_or(SameSite::Lax) {
        SameSite::Lax => "; SameSite=Lax",
        SameSite::Strict => "; SameSite=Strict",
        SameSite::None => "; SameSite=None",
    };
    let is_secure = attributes.secure == Some(true)
        || attributes.same_site == Some(SameSite::None)
        || is_partitioned
        || is_host_only;
    let domain = attributes.domain.as_ref().filter(|_| !is_host_only);
    let path = attributes.path.as_deref().filter(|_| !is_host_only).unwrap_or("/");
    let domain = domain.map(|domain| format!("; Domain={domain}")).unwrap_or_default();
    let http_only = if attributes.http_only == Some(false) { "" } else { "; HttpOnly" };
    let secure = if is_secure { "; Secure" } else { "" };
    let partitioned = if is_partitioned { "; Partitioned" } else { "" };
    format!("{domain}; Path={path}{http_only}{secure}{same_site}{partitioned}")
}

/// The cookies of the request, in order; parsed once per request.
pub struct SentCookies<'a>(Vec<(&'a str, &'a str)>);

impl<'a> SentCookies<'a> {
    /// Parses the cookies. Skips a cookie of another program that is not text, but not its
    /// neighbours.
    pub fn read(headers: &'a HeaderMap) -> Self {
        let mut all = Vec::new();
        let mut add = |pairs: &'a str| {
            let pairs = pairs.split(';').filter_map(|pair| pair.split_once('='));
            all.extend(pairs.map(|(name, value)| (name.trim(), value.trim())));
        };
        for line in headers.get_all(COOKIE) {
            match str::from_utf8(line.as_bytes()) {
                Ok(text) => add(text),
                Err(_) => line
                    .as_bytes()
                    .split(|byte| *byte == b';')
                    .filter_map(|pair| str::from_utf8(pair).ok())
                    .for_each(&mut add),
            }
        }
        Self(all)
    }

    /// The value of the first cookie of this name.
    pub fn find(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(found, _)| *found == name).map(|(_, value)| *value)
    }

    /// A long value of the request, joined from its parts.
    pub(super) fn whole(&self, long: &LongCookie) -> Option<Cow<'a, str>> {
        let whole = &long.cookie.name;
        if let Some(value) = self.find(whole).filter(|value| !value.is_empty()) {
            return Some(Cow::Borrowed(value));
        }
        let parts: BTreeMap<u64, &str> = self
            .0
            .iter()
            .filter_map(|(name, value)| Some((part_number(name, whole)?, *value)))
            .collect();
        let joined: String = parts.into_values().collect();
        (!joined.is_empty()).then_some(Cow::Owned(joined))
    }

    /// The names of the cookies that contain a long value or its parts.
    fn names_of(&self, whole: &Cookie) -> impl Iterator<Item = &'a str> {
        self.0.iter().map(|(name, _)| *name).filter(|name| is_part_of(name, &whole.name))
    }
}

/// The cookies that a reply sets, in order.
#[derive(Default)]
pub struct SetCookies(Vec<HeaderValue>);

impl SetCookies {
    /// Sets a cookie; without a lifetime it is a session cookie of the browser.
    pub(super) fn set(&mut self, cookie: &Cookie, value: &str, lifetime: Option<Duration>) {
        self.write(&cookie.name, value, lifetime, &cookie.attributes);
    }

    /// Clears a cookie.
    pub(super) fn clear(&mut self, cookie: &Cookie) {
        self.set(cookie, "", Some(Duration::ZERO));
    }

    /// Clears the session: the three cookies of a session, every part of a cached session that the
    /// browser sent, and related cookies [contract 3.4]. Copies that this reply has set are
    /// dropped.
    pub(super) fn clear_session(
        &mut self,
        names: &CookieNames,
        sent: &SentCookies<'_>,
        account: &AccountOptions,
    ) {
        for copy in [&names.session_data.cookie, &names.account_data.cookie] {
            self.0.retain(|line| !sets_part_of(line, copy));
        }
        self.clear(&names.session_token);
        self.clear(&names.session_data.cookie);
        if account.store_account_cookie {
            self.clear(&names.account_data.cookie);
            self.clear_parts(&names.account_data.cookie, sent);
        }
        if account.store_state_strategy == StateStrategy::Cookie {
            self.clear(&names.oauth_state);
        }
        self.clear_parts(&names.session_data.cookie, sent);
        self.clear(&names.dont_remember);
    }

    /// Sets a long value, in several cookies if necessary. It replaces the value that the browser
    /// sent [contract 3.5] and one that this reply has set. If there is no room, it only clears the
    /// old value.
    pub(super) fn set_parts(
        &mut self,
        long: &LongCookie,
        sent: &SentCookies<'_>,
        value: &str,
        lifetime: Option<Duration>,
    ) {
        let whole = &long.cookie;
        self.0.retain(|line| !sets_part_of(line, whole));
        let mut parts: IndexMap<String, &str> =
            sent.names_of(whole).map(|name| (name.to_owned(), "")).collect();
        parts.extend(long.split(value, lifetime, self.bytes_beside(whole, sent)));
        for (name, part) in parts {
            let lifetime = if part.is_empty() { Some(Duration::ZERO) } else { lifetime };
            self.write(&name, part, lifetime, &whole.attributes);
        }
    }

    /// Clears a long value that the browser sent.
    pub(super) fn clear_parts(&mut self, whole: &Cookie, sent: &SentCookies<'_>) {
        for name in sent.names_of(whole) {
            self.write(name, "", Some(Duration::ZERO), &whole.attributes);
        }
    }

    /// The value that this reply sets for a cookie, unless it clears it; the last one counts.
    pub(super) fn value(&self, cookie: &Cookie) -> Option<&str> {
        let lines = self.0.iter().rev().filter_map(|line| line.to_str().ok());
        let mut values =
            lines.filter_map(|line| line.strip_prefix(&cookie.name)?.strip_prefix('='));
        let value = values.next()?.split(';').next()?;
        Some(value).filter(|value| !value.is_empty())
    }

    /// Whether this reply sets a long value.
    pub(super) fn has(&self, long: &LongCookie) -> bool {
        let mut pairs = self.0.iter().filter_map(pair);
        pairs.any(|(name, _)| is_part_of(name, &long.cookie.name))
    }

    /// Bytes of the cookies that the browser has after this reply, without those of a long value.
    fn bytes_beside(&self, whole: &Cookie, sent: &SentCookies<'_>) -> usize {
        let mut pairs: IndexMap<&str, &str> = sent.0.iter().copied().collect();
        pairs.extend(self.0.iter().filter_map(pair));
        let others = pairs
            .iter()
            .filter(|(name, value)| !value.is_empty() && !is_part_of(name, &whole.name));
        others.map(|(name, value)| name.len() + value.len() + AROUND_PAIR).sum()
    }

    fn write(&mut self, name: &str, value: &str, lifetime: Option<Duration>, attributes: &str) {
        // Names and attributes were validated with the configuration.
        if let Ok(line) = HeaderValue::try_from(line(name, value, lifetime, attributes)) {
            self.0.push(line);
        }
    }

    pub(super) fn into_lines(self) -> Vec<HeaderValue> {
        self.0
    }
}

fn line(name: &str, value: &str, lifetime: Option<Duration>, attributes: &str) -> String {
    let mut line = format!("{name}={value}");
    if let Some(lifetime) = lifetime {
        // Writing to a `String` cannot fail.
        let _infallible = write!(line, "; Max-Age={}", lifetime.as_secs());
    }
    line.push_str(attributes);
    line
}

/// Splits a value into one cookie, or into numbered cookies that browsers accept.
fn split<'a>(
    cookie: &Cookie,
    value: &'a str,
    lifetime: Option<Duration>,
) -> Vec<(String, &'a str)> {
    let widest = line(&format!("{}.99", cookie.name), "", lifetime, &cookie.attributes);
    let size = LINE_BYTES_MAX.saturating_sub(widest.len());
    if value.len() <= size {
        return vec![(cookie.name.clone(), value)];
    }
    // The value is base64, so every byte is a character.
    let parts = value.as_bytes().chunks(size.max(1)).filter_map(|part| str::from_utf8(part).ok());
    let numbered = parts.enumerate();
    numbered.map(|(at, part)| (format!("{}.{at}", cookie.name), part)).collect()
}

/// The name and the value of a line.
fn pair(line: &HeaderValue) -> Option<(&str, &str)> {
    line.to_str().ok()?.split(';').next()?.split_once('=')
}

/// Whether a line sets a long value or a part of it, as opposed to clearing it.
fn sets_part_of(line: &HeaderValue, whole: &Cookie) -> bool {
    pair(line).is_some_and(|(name, value)| !value.is_empty() && is_part_of(name, &whole.name))
}

/// The number of a part, such as `.0` after the name of the whole.
fn part_number(name: &str, whole: &str) -> Option<u64> {
    let digits = name.strip_prefix(whole)?.strip_prefix('.')?;
    let number = digits.parse::<u64>().ok()?;
    (number.to_string() == digits).then_some(number)
}

fn is_part_of(name: &str, whole: &str) -> bool {
    name == whole || part_number(name, whole).is_some()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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
        assert_eq!(SentCookies::read(&headers).find("a"), Some("1"));
        assert_eq!(SentCookies::read(&headers).find("b"), Some("2"));
        assert_eq!(SentCookies::read(&headers).find("c"), Some("4"));
        assert_eq!(SentCookies::read(&headers).find("A"), None);
    }

    #[test]
    fn attributes_come_in_better_auths_order() {
        let mut config = Config::default();
        config.base_url = Some("https://auth.example.com".into());
        config.advanced.cross_sub_domain_cookies.enabled = true;
        let names = CookieNames::new(&config);
        let mut cookies = SetCookies::default();
        cookies.set(&names.session_token, "v", Some(Duration::from_secs(604_800)));
        assert_eq!(
            lines(cookies),
            ["__Secure-better-auth.session_token=v; Max-Age=604800; Domain=auth.example.com; \
              Path=/; HttpOnly; Secure; SameSite=Lax"]
        );
    }

    #[test]
    fn a_cookie_that_is_not_text_takes_no_other_along() {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_bytes(b"theirs=\xff\xfe; ours=1").unwrap());
        assert_eq!(SentCookies::read(&headers).find("ours"), Some("1"));
    }

    #[test]
    fn attributes_can_be_changed_for_all_cookies_and_for_one() {
        let line = |change: &dyn Fn(&mut Config)| {
            let mut config = Config::default();
            change(&mut config);
            let names = CookieNames::new(&config);
            let mut cookies = SetCookies::default();
            cookies.set(&names.session_token, "v", None);
            lines(cookies).remove(0)
        };
        assert_eq!(
            line(&|config| {
                config.advanced.default_cookie_attributes.same_site = Some(SameSite::None);
                config.advanced.default_cookie_attributes.partitioned = Some(true);
            }),
            "better-auth.session_token=v; Path=/; HttpOnly; Secure; SameSite=None; Partitioned"
        );
        assert_eq!(
            line(&|config| {
                let all = &mut config.advanced.default_cookie_attributes;
                all.same_site = Some(SameSite::Strict);
                all.domain = Some("example.com".to_owned());
                let all = &mut config.advanced.cookies;
                let one = all.entry("session_token".to_owned()).or_default();
                one.name = Some("__Host-sid".to_owned());
                one.attributes.path = Some("/elsewhere".to_owned());
            }),
            "__Host-sid=v; Path=/; HttpOnly; Secure; SameSite=Strict"
        );
    }

    #[test]
    fn a_long_value_comes_in_parts_that_take_the_place_of_older_ones() {
        let names = CookieNames::new(&Config::default());
        let sent = headers(&["better-auth.session_data=old; better-auth.session_data.1=x; \
                              better-auth.session_data.7=y; better-auth.session_data.07=z"]);
        let mut cookies = SetCookies::default();
        let value = "v".repeat(9000);
        cookies.set_parts(
            &names.session_data,
            &SentCookies::read(&sent),
            &value,
            Some(Duration::from_secs(300)),
        );
        let lines = lines(cookies);
        assert!(lines.iter().all(|line| line.len() <= LINE_BYTES_MAX));
        let pairs: Vec<(&str, usize)> = lines
            .iter()
            .map(|line| line.split(';').next().unwrap().split_once('=').unwrap())
            .map(|(name, value)| {
                (name.strip_prefix("better-auth.session_data").unwrap(), value.len())
            })
            .collect();
        assert_eq!(pairs, [("", 0), (".1", 3977), (".7", 0), (".0", 3977), (".2", 1046)]);
        let returned: String = lines
            .iter()
            .map(|line| line.split(';').next().unwrap())
            .fold(String::new(), |all, pair| format!("{all}; {pair}"));
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_str(&returned).unwrap());
        let sent = SentCookies::read(&headers);
        assert_eq!(sent.whole(&names.session_data).as_deref(), Some(value.as_str()));
    }

    /// The bytes of the `Cookie` header that a browser sends after these lines.
    fn header_bytes(lines: &[String]) -> usize {
        let pairs: Vec<&str> = lines.iter().map(|line| line.split(';').next().unwrap()).collect();
        "cookie: ".len() + pairs.join("; ").len() + "\r\n".len()
    }

    #[test]
    fn long_cookies_take_at_most_half_of_a_request_head() {
        let names = CookieNames::new(&Config::default());
        let headers = headers(&["app=1; better-auth.session_data.0=x"]);
        let sent = SentCookies::read(&headers);
        let room = Config::default().server.limits.header_bytes / 2;
        let set = |bytes: usize, account: usize| {
            let mut cookies = SetCookies::default();
            cookies.set(&names.session_token, &"t".repeat(80), None);
            cookies.set_parts(&names.session_data, &sent, &"v".repeat(bytes), None);
            cookies.set_parts(&names.account_data, &sent, &"a".repeat(account), None);
            let lines = lines(cookies);
            assert!(header_bytes(&lines) <= room, "{bytes} {account}");
            [".session_data", ".account_data"].map(|name| {
                let is_kept = |line: &&String| line.contains(name) && !line.contains("Max-Age=0");
                lines.iter().filter(is_kept).count()
            })
        };
        assert_eq!(set(9000, 6000), [3, 2]);
        assert_eq!(set(9000, 8000), [3, 0]);
        assert_eq!(set(room, 8000), [0, 3]);
        let mut cookies = SetCookies::default();
        cookies.set_parts(&names.session_data, &sent, &"v".repeat(400_000), None);
        let cleared = "better-auth.session_data.0=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax";
        assert_eq!(lines(cookies), [cleared], "an older copy is cleared");
    }

    #[test]
    fn clearing_names_every_chunk_that_was_sent() {
        let names = CookieNames::new(&Config::default());
        let sent = headers(&["better-auth.session_data.0=x; better-auth.session_data.x=y"]);
        let mut cookies = SetCookies::default();
        cookies.clear_session(&names, &SentCookies::read(&sent), &AccountOptions::default());
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

    #[test]
    fn forgetting_a_session_drops_the_copies_that_the_reply_has_set_and_nothing_else() {
        let names = CookieNames::new(&Config::default());
        let nothing = HeaderMap::new();
        let sent = SentCookies::read(&nothing);
        let mut cookies = SetCookies::default();
        cookies.set(&names.state, "s", None);
        cookies.set_parts(&names.session_data, &sent, "copy", None);
        cookies.set_parts(&names.account_data, &sent, "account", None);
        cookies.clear_session(&names, &sent, &AccountOptions::default());
        let left: Vec<_> = cookies.0.iter().filter_map(pair).collect();
        let forgotten = ["session_token", "session_data", "dont_remember"];
        let forgotten = forgotten.map(|name| format!("better-auth.{name}"));
        let mut expected = vec![("better-auth.state", "s")];
        expected.extend(forgotten.iter().map(|name| (name.as_str(), "")));
        assert_eq!(left, expected);
    }

    #[test]
    fn a_long_value_takes_all_the_room_that_others_leave_and_no_byte_more() {
        let mut config = Config::default();
        config.server.limits.header_bytes = 2000;
        let names = CookieNames::new(&config);
        let headers = headers(&["app=1"]);
        let sent = SentCookies::read(&headers);
        let is_set = |bytes: usize| {
            let mut cookies = SetCookies::default();
            cookies.set_parts(&names.session_data, &sent, &"v".repeat(bytes), None);
            cookies.has(&names.session_data)
        };
        let fits = 1000 - "app=1; ".len() - "better-auth.session_data=; ".len();
        assert!(is_set(fits) && !is_set(fits + 1));
    }

    #[test]
    fn a_long_value_may_take_the_room_of_the_one_before_and_of_cookies_that_are_cleared() {
        let names = CookieNames::new(&Config::default());
        let long = "v".repeat(names.session_data.room * 2 / 3);
        let headers = sent(format!("better-auth.session_data.0={long}; better-auth.state={long}"));
        let sent = SentCookies::read(&headers);
        let is_set = |clear_state: bool| {
            let mut cookies = SetCookies::default();
            if clear_state {
                cookies.clear(&names.state);
            }
            cookies.set_parts(&names.session_data, &sent, &long, None);
            cookies.0.iter().any(|line| sets_part_of(line, &names.session_data.cookie))
        };
        assert!(is_set(true) && !is_set(false));
    }

    fn sent(line: impl AsRef<[u8]>) -> HeaderMap {
        let line = HeaderValue::from_bytes(line.as_ref());
        line.into_iter().map(|line| (COOKIE, line)).collect()
    }

    proptest! {
        #[test]
        fn of_each_name_the_first_value_is_read(
            pairs in proptest::collection::vec(("[a-c]{1,2}", "[!-:<-~]{0,20}"), 1..6),
            between in "; ?",
        ) {
            let line: Vec<String> =
                pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let headers = sent(line.join(&between));
            for (name, _) in &pairs {
                let first = pairs.iter().find(|(other, _)| other == name);
                let found = SentCookies::read(&headers).find(name);
                prop_assert_eq!(found, first.map(|(_, value)| value.as_str()));
            }
        }

        #[test]
        fn nothing_a_stranger_sends_panics_or_clears_other_cookies(
            line in proptest::collection::vec(
                prop_oneof![any::<u8>(), proptest::sample::select(b"=;. 0123456789".to_vec())],
                0..60,
            ),
            number in "[0-9]{0,25}",
        ) {
            let names = CookieNames::new(&Config::default());
            let whole_name = &names.session_data.cookie.name;
            let part = format!("; {whole_name}.{number}=x");
            let headers = sent([&line, part.as_bytes()].concat());
            let sent = SentCookies::read(&headers);
            let _joined = sent.whole(&names.session_data);
            let mut cookies = SetCookies::default();
            cookies.clear_parts(&names.session_data.cookie, &sent);
            for line in lines(cookies) {
                let (name, rest) = line.split_once('=').unwrap();
                prop_assert!(is_part_of(name, whole_name), "{}", line);
                prop_assert!(rest.starts_with("; Max-Age=0; Path=/"), "{}", line);
            }
        }

        #[test]
        fn a_value_of_any_length_that_fits_comes_back_whole(length in 1..40_000_usize) {
            let mut config = Config::default();
            config.server.limits.header_bytes = 128 * 1024;
            let names = CookieNames::new(&config);
            let value = "v".repeat(length);
            let mut cookies = SetCookies::default();
            let nothing = HeaderMap::new();
            cookies.set_parts(&names.session_data, &SentCookies::read(&nothing), &value, None);
            let pairs: Vec<String> =
                lines(cookies).iter().map(|line| line.split(';').next().unwrap().to_owned()).collect();
            let headers = sent(pairs.join("; "));
            let found = SentCookies::read(&headers).whole(&names.session_data);
            prop_assert_eq!(found.as_deref(), Some(value.as_str()));
        }
    }
}
