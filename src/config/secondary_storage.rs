//! `secondaryStorage`: a key-value store in addition to the database, for frequently used data that
//! expires.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use url::Url;

use crate::config::ConfigError;
use crate::config::secret;
use crate::crypto::Secret;

/// The options of `secondaryStorage`; it is enabled if `provider` or `url` is set.
#[derive(Clone, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct SecondaryStorage {
    /// The kind of store for sessions, one-time tokens and counts; disabled without it and `url`.
    pub provider: Option<StorageProvider>,
    /// `redis://[[USER]:PASSWORD@]HOST[:PORT][/NUMBER]`, or `rediss://` for TLS. Better in `BETTER_AUTH_REDIS_URL`.
    #[serde(serialize_with = "secret::redacted")]
    pub url: Option<Secret>,
    /// The prefix of all keys.
    pub key_prefix: String,
    /// A file with the CA certificates (PEM) for `rediss://`, instead of the system's.
    pub ca_file: Option<PathBuf>,
}

impl Default for SecondaryStorage {
    fn default() -> Self {
        Self { provider: None, url: None, key_prefix: "better-auth:".to_owned(), ca_file: None }
    }
}

/// The kind of store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StorageProvider {
    /// Redis 5 or newer, Valkey, or a compatible server with Lua.
    Redis,
}

impl SecondaryStorage {
    /// Whether there is a secondary storage.
    pub fn is_on(&self) -> bool {
        self.provider.is_some() || self.url.is_some()
    }

    /// Rejects an invalid URL without showing it.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let refuse = |problem: &str| Err(ConfigError::new("secondaryStorage.url", problem));
        let Some(url) = &self.url else {
            return if self.provider.is_some() {
                refuse("is missing; expected a URL such as redis://localhost:6379")
            } else {
                Ok(())
            };
        };
        let Ok(url) = Url::parse(url.expose()) else {
            return refuse("expected a URL such as redis://localhost:6379");
        };
        let path = url.path().trim_start_matches('/');
        let is_number = path.bytes().all(|byte| byte.is_ascii_digit());
        let has_host = url.host_str().is_some_and(|host| !host.is_empty());
        if !matches!(url.scheme(), "redis" | "rediss") || !has_host {
            return refuse("expected redis://HOST:PORT, or rediss:// for TLS");
        }
        if !is_number || url.query().is_some() || url.fragment().is_some() {
            return refuse("expected only the number of a database after the host");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(url: &str) -> Option<String> {
        let options =
            SecondaryStorage { url: Some(Secret::new(url)), ..SecondaryStorage::default() };
        options.check().err().map(|error| error.to_string())
    }

    #[test]
    fn a_url_names_a_host_and_perhaps_a_number() {
        for url in ["redis://h", "rediss://:p@h:6380", "redis://u:p@127.0.0.1:1/3", "redis://[::1]"]
        {
            assert_eq!(problem(url), None, "{url}");
        }
        for url in ["", "h:6379", "http://h", "redis://", "redis://:hunter2@h/x", "redis://h?a"] {
            let problem = problem(url).unwrap_or_default();
            assert!(problem.starts_with("secondaryStorage.url: "), "{url}: {problem}");
            assert!(!problem.contains("hunter2"));
        }
        let options = SecondaryStorage {
            provider: Some(StorageProvider::Redis),
            ..SecondaryStorage::default()
        };
        assert!(options.is_on() && options.check().is_err());
        assert!(!SecondaryStorage::default().is_on());
    }
}
