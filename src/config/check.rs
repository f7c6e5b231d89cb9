//! Checks of the whole configuration: ranges, contradictions, and probable mistakes.

use url::Url;

use crate::config::BaseUrl;
use crate::config::COOKIE_KEYS;
use crate::config::Config;
use crate::config::ConfigError;
use crate::config::CookieAttributes;
use crate::config::DisableOriginCheck;
use crate::config::RateLimitStorage;
use crate::config::RefreshCache;
use crate::config::additional_fields;
use crate::config::reference;
use crate::config::secret;
use crate::crypto::Secret;
use crate::error::shown;

impl Config {
    /// Rejects an invalid configuration, and returns a warning for each probable mistake.
    pub fn check(&self) -> Result<Vec<String>, ConfigError> {
        reference::check_ranges(self)?;
        self.check_place()?;
        self.check_fields()?;
        self.check_passwords()?;
        self.check_cookies()?;
        self.check_secrets()?;
        self.check_limits()?;
        self.check_email()?;
        self.check_providers()?;
        self.check_generic_oauth()?;
        Ok(self.warnings())
    }

    fn check_place(&self) -> Result<(), ConfigError> {
        self.database.check()?;
        self.secondary_storage.check()?;
        let path = &self.base_path;
        let is_path = path.starts_with('/') && (path == "/" || !path.ends_with('/'));
        if !is_path || path.contains("//") || path.contains(['?', '#', '%']) {
            let problem = format!("expected a path such as /api/auth, got {}", shown::quoted(path));
            return Err(ConfigError::new("basePath", problem));
        }
        self.base_url.as_ref().map_or(Ok(()), BaseUrl::check)
    }

    fn check_fields(&self) -> Result<(), ConfigError> {
        additional_fields::check_user(&self.user.additional_fields)?;
        additional_fields::check_session(&self.session.additional_fields)?;
        additional_fields::check_account(&self.account.additional_fields)?;
        additional_fields::check_verification(&self.verification.additional_fields)
    }

    fn check_passwords(&self) -> Result<(), ConfigError> {
        let (min, max) = (
            self.email_and_password.min_password_length,
            self.email_and_password.max_password_length,
        );
        if max < min {
            let problem = format!("expected at least {min}, as minPasswordLength is, got {max}");
            return Err(ConfigError::new("emailAndPassword.maxPasswordLength", problem));
        }
        self.email_and_password.password.foreign().map(drop)
    }

    fn check_cookies(&self) -> Result<(), ConfigError> {
        let advanced = &self.advanced;
        check_cookie_name("advanced.cookiePrefix", &advanced.cookie_prefix)?;
        let cross = &advanced.cross_sub_domain_cookies;
        if cross.enabled && self.cookie_domain().is_none() {
            let problem = "needs a domain, or baseURL to take it from";
            return Err(ConfigError::new("advanced.crossSubDomainCookies.domain", problem));
        }
        check_domain("advanced.crossSubDomainCookies.domain", cross.domain.as_deref())?;
        let defaults = &advanced.default_cookie_attributes;
        check_attributes("advanced.defaultCookieAttributes", defaults)?;
        for (key, cookie) in &advanced.cookies {
            let path = format!("advanced.cookies.{key}");
            if let Some(name) = &cookie.name {
                check_cookie_name(&format!("{path}.name"), name)?;
            }
            check_attributes(&format!("{path}.attributes"), &cookie.attributes)?;
        }
        self.check_cookie_names()
    }

    /// Of two cookies with one name only one would be read.
    fn check_cookie_names(&self) -> Result<(), ConfigError> {
        let cookies = &self.advanced.cookies;
        let name = |key: &str| cookies.get(key).and_then(|cookie| cookie.name.clone());
        let given = cookies.keys().map(String::as_str);
        let others = COOKIE_KEYS.into_iter().filter(|key| !cookies.contains_key(*key));
        let mut names = Vec::new();
        for key in others.chain(given) {
            let default = || format!("{}.{key}", self.advanced.cookie_prefix);
            let name = name(key).unwrap_or_else(default);
            if names.contains(&name) {
                let problem = format!("another cookie is named {}", shown::quoted(&name));
                return Err(ConfigError::new(&format!("advanced.cookies.{key}.name"), problem));
            }
            names.push(name);
        }
        Ok(())
    }

    fn check_secrets(&self) -> Result<(), ConfigError> {
        if let Some(secret) = &self.secret {
            check_secret("secret", secret)?;
        }
        for (at, secret) in self.secrets.iter().enumerate() {
            let path = format!("secrets[{at}]");
            check_secret(&format!("{path}.value"), &secret.value)?;
            if self.secrets.iter().skip(at + 1).any(|other| other.version == secret.version) {
                let problem = format!("version {} is listed twice", secret.version);
                return Err(ConfigError::new(&format!("{path}.version"), problem));
            }
        }
        Ok(())
    }

    fn check_limits(&self) -> Result<(), ConfigError> {
        let counts_there = self.rate_limit.storage == Some(RateLimitStorage::SecondaryStorage);
        if counts_there && !self.secondary_storage.is_on() {
            let problem = "secondary-storage needs secondaryStorage.url";
            return Err(ConfigError::new("rateLimit.storage", problem));
        }
        Ok(())
    }

    fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        let secrets = self.secret.iter().chain(self.secrets.iter().map(|secret| &secret.value));
        warnings.extend(secrets.into_iter().find_map(secret::weakness).map(|weakness| {
            format!("secret: {weakness}; `better-auth secret generate` generates a better one")
        }));
        if self.session.expires_in < self.session.update_age {
            let problem =
                "longer than session.expiresIn, so sessions are extended at every request";
            warnings.push(format!("session.updateAge: {problem}"));
        }
        let session = &self.session;
        let keeps_rows = self.secondary_storage.is_on() && session.store_session_in_database;
        if session.preserve_session_in_database && !keeps_rows {
            let problem = "has no effect, because sessions are not in both places: see \
                           secondaryStorage and session.storeSessionInDatabase";
            warnings.push(format!("session.preserveSessionInDatabase: {problem}"));
        }
        let cache = &self.session.cookie_cache;
        if cache.enabled && cache.refresh_cache != RefreshCache::default() {
            let problem = "has no effect, because the copy is refreshed from the database";
            warnings.push(format!("session.cookieCache.refreshCache: {problem}"));
        }
        if self.is_https() && self.advanced.use_secure_cookies == Some(false) {
            let problem = "false although baseURL is https: cookies can be sent unencrypted";
            warnings.push(format!("advanced.useSecureCookies: {problem}"));
        }
        let has_hosts = matches!(self.base_url, Some(BaseUrl::ByHost(_)));
        if has_hosts && !self.is_https() && self.advanced.use_secure_cookies.is_none() {
            let problem = "not set, so cookies can be sent unencrypted to the hosts of baseURL";
            warnings.push(format!("advanced.useSecureCookies: {problem}"));
        }
        for (is_off, key, what) in [
            (
                self.advanced.disable_csrf_check == Some(true),
                "disableCSRFCheck",
                "any site can use a visitor's session",
            ),
            (
                self.advanced.disable_origin_check != DisableOriginCheck::default(),
                "disableOriginCheck",
                "any site can use a visitor's session and be redirected to",
            ),
        ] {
            if is_off {
                warnings.push(format!("advanced.{key}: {what}"));
            }
        }
        warnings.extend(self.database.warnings());
        warnings.extend(self.email_warnings());
        warnings.extend(self.trusted_origins.iter().filter_map(|origin| never_matches(origin)));
        warnings
    }
}

/// Rejects an unusable secret.
fn check_secret(path: &str, secret: &Secret) -> Result<(), ConfigError> {
    let refuse = |problem: &str| {
        let advice = "`better-auth secret generate` generates one";
        Err(ConfigError::new(path, format!("{problem}; {advice}")))
    };
    let text = secret.expose().trim();
    if text.is_empty() {
        return refuse("is empty");
    }
    if secret::PUBLIC.iter().any(|known| text.eq_ignore_ascii_case(known)) {
        return refuse("is Better Auth's public default");
    }
    Ok(())
}

fn check_cookie_name(path: &str, name: &str) -> Result<(), ConfigError> {
    let is_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    if name.is_empty() || !name.bytes().all(is_token) {
        let problem = format!("expected letters, digits, - and _, got {}", shown::quoted(name));
        return Err(ConfigError::new(path, problem));
    }
    Ok(())
}

fn check_domain(path: &str, domain: Option<&str>) -> Result<(), ConfigError> {
    let is_domain = |domain: &&str| {
        !domain.is_empty()
            && domain.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
    };
    match domain {
        Some(domain) if !is_domain(&domain) => {
            let problem =
                format!("expected a domain such as example.com, got {}", shown::quoted(domain));
            Err(ConfigError::new(path, problem))
        }
        _ => Ok(()),
    }
}

fn check_attributes(path: &str, attributes: &CookieAttributes) -> Result<(), ConfigError> {
    check_domain(&format!("{path}.domain"), attributes.domain.as_deref())?;
    let is_path = |path: &&str| {
        path.starts_with('/') && path.bytes().all(|b| b.is_ascii_graphic() && b != b';')
    };
    match attributes.path.as_deref() {
        Some(value) if !is_path(&value) => {
            let problem = format!("expected a path such as /, got {}", shown::quoted(value));
            Err(ConfigError::new(&format!("{path}.path"), problem))
        }
        _ => Ok(()),
    }
}

/// An entry is compared with an origin exactly, so one with a path or a slash matches nothing.
fn never_matches(entry: &str) -> Option<String> {
    if entry.contains(['*', '?'])
        || !(entry.starts_with("http://") || entry.starts_with("https://"))
    {
        return None;
    }
    let origin = Url::parse(entry).ok()?.origin().ascii_serialization();
    let problem = format!(
        "trustedOrigins: {} never matches an origin; write {origin:?}",
        shown::quoted(entry)
    );
    (origin != entry).then_some(problem)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::config::CookieOptions;
    use crate::config::FirebaseOptions;

    fn problem(change: impl FnOnce(&mut Config)) -> String {
        let mut config = Config::default();
        change(&mut config);
        config.check().err().map(|error| error.path).unwrap_or_default()
    }

    fn cookie(name: &str) -> CookieOptions {
        CookieOptions { name: Some(name.to_owned()), ..CookieOptions::default() }
    }

    #[test]
    fn the_defaults_are_fine() {
        assert_eq!(Config::default().check(), Ok(Vec::new()));
    }

    #[test]
    fn what_cannot_work_is_named_by_its_key() {
        for path in ["api", "/api/", "//", "/a//b", "/a?b", ""] {
            assert_eq!(problem(|c| path.clone_into(&mut c.base_path)), "basePath", "{path}");
        }
        for url in ["auth.example.com", "ftp://a.b", "https://", "https://a.b?x", "https://u@a.b"] {
            assert_eq!(problem(|c| c.base_url = Some(url.into())), "baseURL", "{url}");
        }
        for (hosts, path) in [
            (json!({"allowedHosts": []}), "baseURL.allowedHosts"),
            (json!({"allowedHosts": ["https://a.b"]}), "baseURL.allowedHosts"),
            (json!({"allowedHosts": ["a.b"], "fallback": "a.b"}), "baseURL.fallback"),
            (json!({"allowedHosts": ["a.b", "*.a.b:3000"], "fallback": "https://a.b"}), ""),
        ] {
            let url = serde_json::from_value(hosts).unwrap();
            assert_eq!(problem(|c| c.base_url = Some(url)), path);
        }
        let days = |days: u64| Duration::from_secs(days * 24 * 60 * 60);
        for span in [days(401), Duration::ZERO] {
            assert_eq!(problem(|c| c.session.expires_in = span), "session.expiresIn");
        }
        assert_eq!(problem(|c| c.session.expires_in = days(400)), "");
        assert_eq!(
            problem(|c| c.email_and_password.min_password_length = 0),
            "emailAndPassword.minPasswordLength"
        );
        assert_eq!(
            problem(|c| c.email_and_password.max_password_length = 7),
            "emailAndPassword.maxPasswordLength"
        );
        let firebase = |signer_key: &str, salt_separator: &str| FirebaseOptions {
            signer_key: Some(Secret::new(signer_key)),
            salt_separator: salt_separator.to_owned(),
        };
        for (options, key) in [
            (firebase("hunter2", "Bw=="), ".signerKey"),
            (firebase("AAAA", "Bw=="), ".signerKey"),
            (firebase("AAAAAAAAAAAAAAAAAAAAAA==", "%"), ".saltSeparator"),
        ] {
            let path = format!("emailAndPassword.password.firebase{key}");
            assert_eq!(problem(|c| c.email_and_password.password.firebase = options), path);
        }
        assert_eq!(
            problem(|c| c.advanced.cookie_prefix = "a b".to_owned()),
            "advanced.cookiePrefix"
        );
        assert_eq!(
            problem(|c| c.advanced.cross_sub_domain_cookies.enabled = true),
            "advanced.crossSubDomainCookies.domain"
        );
        assert_eq!(
            problem(|c| c.advanced.cookies = [("state".to_owned(), cookie("a;b"))].into()),
            "advanced.cookies.state.name"
        );
        let names = ["session_data", "state"].map(|key| (key.to_owned(), cookie("a")));
        assert_eq!(problem(|c| c.advanced.cookies = names.into()), "advanced.cookies.state.name");
        let name = cookie("better-auth.session_token");
        assert_eq!(
            problem(|c| c.advanced.cookies = [("state".to_owned(), name)].into()),
            "advanced.cookies.state.name"
        );
        assert_eq!(
            problem(|c| {
                c.advanced.default_cookie_attributes.path = Some("/; HttpOnly".to_owned());
            }),
            "advanced.defaultCookieAttributes.path"
        );
        assert_eq!(problem(|c| c.secret = Some(Secret::default())), "secret");
    }

    #[test]
    fn what_is_rarely_meant_is_a_warning() {
        let mut config = Config::default();
        config.secret = Some(Secret::new("short"));
        config.session.update_age = config.session.expires_in * 2;
        config.base_url = Some("https://a.b".into());
        config.advanced.use_secure_cookies = Some(false);
        config.advanced.disable_csrf_check = Some(true);
        config.trusted_origins = vec!["https://a.b/".to_owned(), "https://*.a.b/".to_owned()];
        let warnings = config.check().unwrap();
        assert_eq!(warnings.len(), 5, "{warnings:?}");
        assert_eq!(
            warnings[4],
            r#"trustedOrigins: "https://a.b/" never matches an origin; write "https://a.b""#
        );
    }
}
