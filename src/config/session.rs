//! `session`: how long sessions live.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::config::AdditionalFields;
use crate::config::seconds::Seconds;

/// Browsers cut the life of a cookie off here, after 400 days [RFC 6265bis 5.5].
const COOKIE_LIFETIME_MAX: u64 = 400 * 24 * 60 * 60;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Options of that name; times are whole seconds in files.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct SessionOptions {
    /// How long a session lives without being used, at most 400 days, as long as browsers keep a cookie; a session with
    /// another lifetime, from `rememberMe`, an impersonation or an earlier value of this option, is not extended.
    #[serde(with = "Seconds")]
    #[schemars(range(min = 1, max = COOKIE_LIFETIME_MAX))]
    pub expires_in: Duration,
    /// How old the last extension of a session must be before the next one.
    #[serde(with = "Seconds")]
    pub update_age: Duration,
    /// How long after signing in sensitive operations need no further proof; 0 means always.
    #[serde(with = "Seconds")]
    pub fresh_age: Duration,
    /// Sessions are never extended.
    pub disable_session_refresh: bool,
    /// `GET /get-session` only reads and answers `needsRefresh`; `POST` extends the session.
    pub defer_session_refresh: bool,
    /// With a secondary storage: sessions are also rows of the database, and survive the loss of the storage.
    pub store_session_in_database: bool,
    /// Those rows are only a record: they stay when their session ends, and none is read.
    pub preserve_session_in_database: bool,
    /// A copy of the session in a cookie, so that reading it needs no database.
    pub cookie_cache: CookieCache,
    /// Columns that the application adds to sessions, by name; `/update-session` sets them.
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
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct CookieCache {
    /// Browsers carry a signed copy of their session, which `GET` requests trust until `maxAge` is over; not where
    /// cookies would take more than half of `server.limits.headerBytes`.
    ///
    /// A session that was revoked elsewhere can be read until then. Whatever changes an account asks the database.
    pub enabled: bool,
    /// How long a copy is valid.
    #[serde(with = "Seconds")]
    #[schemars(range(min = 1, max = COOKIE_LIFETIME_MAX))]
    pub max_age: Duration,
    /// The format of a copy: signed JSON, a signed token, or an encrypted token.
    pub strategy: CookieCacheStrategy,
    /// Copies of another version are not valid; change it to invalidate all of them.
    pub version: String,
    /// Without effect: where there is a database, a copy is renewed from it. Better Auth's option for deployments
    /// without one, accepted so that their configuration can be read.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema, Serialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
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
