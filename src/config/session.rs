//! `session`: how long sessions live.

use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;

use crate::config::AdditionalFields;
use crate::config::seconds;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Options of that name; times are whole seconds in files.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct SessionOptions {
    /// How long a session lives without being used.
    #[serde(with = "seconds")]
    pub expires_in: Duration,
    /// How old the last extension must be before the next one.
    #[serde(with = "seconds")]
    pub update_age: Duration,
    /// How long after signing in dangerous steps need no further proof; 0 means always.
    #[serde(with = "seconds")]
    pub fresh_age: Duration,
    /// Sessions are never extended.
    pub disable_session_refresh: bool,
    /// `GET /get-session` only reads, and says `needsRefresh`; `POST` extends.
    pub defer_session_refresh: bool,
    /// Whether sessions are rows of the database, too, where there is a secondary storage.
    pub store_session_in_database: bool,
    /// Whether those rows only record what was: they stay when their session ends, and none is read.
    pub preserve_session_in_database: bool,
    /// Sessions that the browser carries along, so that reading one needs no database.
    pub cookie_cache: CookieCache,
    /// Columns that the application adds to `session`.
    pub additional_fields: AdditionalFields,
}

impl Default for SessionOptions {
    fn default() -> Self {
        Self {
            expires_in: DAY * 7,
            update_age: DAY,
            fresh_age: DAY,
            disable_session_refresh: false,
            defer_session_refresh: false,
            store_session_in_database: false,
            preserve_session_in_database: false,
            cookie_cache: CookieCache::default(),
            additional_fields: AdditionalFields::new(),
        }
    }
}

/// `session.cookieCache` [contract 3.5]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct CookieCache {
    /// Whether browsers get a signed copy of their session. A session that is revoked elsewhere then
    /// goes on to be read until `maxAge` is over; what changes an account asks the database.
    pub enabled: bool,
    /// How long a copy counts.
    #[serde(with = "seconds")]
    pub max_age: Duration,
    /// The form of a copy.
    pub strategy: CookieCacheStrategy,
    /// Copies of another version do not count: change it to make all of them void.
    pub version: String,
    /// Whether a copy is renewed without asking the database. Only for deployments without one, which
    /// this server does not have; known so that their configuration files can be read.
    pub refresh_cache: RefreshCache,
}

impl Default for CookieCache {
    fn default() -> Self {
        Self {
            enabled: false,
            max_age: Duration::from_secs(300),
            strategy: CookieCacheStrategy::default(),
            version: "1".to_owned(),
            refresh_cache: RefreshCache::default(),
        }
    }
}

/// The form of a cached session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CookieCacheStrategy {
    /// Signed JSON, the shortest.
    #[default]
    Compact,
    /// A signed JSON Web Token, which other programs can read.
    Jwt,
    /// An encrypted JSON Web Token, which nobody else can read.
    Jwe,
}

/// `session.cookieCache.refreshCache`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged, expecting = "expected true, false, or a table with updateAge (seconds)")]
pub enum RefreshCache {
    /// Whether copies are renewed.
    Switch(bool),
    /// They are, once less than this is left of `maxAge`.
    #[serde(rename_all = "camelCase")]
    After {
        /// Seconds before the end.
        update_age: u64,
    },
}

impl Default for RefreshCache {
    fn default() -> Self {
        Self::Switch(false)
    }
}
