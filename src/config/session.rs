//! `session`: lifetimes of sessions.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::config::AdditionalFields;
use crate::config::names::FieldNames;
use crate::config::seconds::Seconds;

/// Browsers limit the lifetime of a cookie to 400 days [RFC 6265bis 5.5].
const COOKIE_LIFETIME_MAX: u64 = 400 * 24 * 60 * 60;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The options of `session`; times are whole seconds in files.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct SessionOptions {
    /// The name of the table in the database; by default `session`.
    pub model_name: Option<String>,
    /// The names of columns in the database by the names of their fields, such as `createdAt = "created_at"`.
    pub fields: FieldNames,
    /// How long an unused session lives, at most 400 days, the limit of cookies; a session with
    /// another lifetime, from `rememberMe`, an impersonation or an earlier value of this option, is
    /// not extended.
    #[serde(with = "Seconds")]
    #[schemars(range(min = 1, max = COOKIE_LIFETIME_MAX))]
    pub expires_in: Duration,
    /// The minimum time between extensions of a session.
    #[serde(with = "Seconds")]
    pub update_age: Duration,
    /// How long after sign-in sensitive operations need no further authentication; 0 means always.
    #[serde(with = "Seconds")]
    pub fresh_age: Duration,
    /// Never extends sessions.
    pub disable_session_refresh: bool,
    /// `GET /get-session` only reads and returns `needsRefresh`; `POST` extends the session.
    pub defer_session_refresh: bool,
    /// With a secondary storage: stores sessions in the database as well, so they survive the loss
    /// of the storage.
    pub store_session_in_database: bool,
    /// Keeps these rows as a record after their session has ended; they are not read.
    pub preserve_session_in_database: bool,
    /// A copy of the session in a cookie, so that reading it needs no database.
    pub cookie_cache: CookieCache,
    /// Columns that the application adds to sessions, by name; `/update-session` sets them.
    pub additional_fields: AdditionalFields,
}

impl Default for SessionOptions {
    fn default() -> Self {
        Self {
            model_name: None,
            fields: FieldNames::new(),
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
    /// Stores a signed copy of the session in a cookie, which `GET` requests trust for `maxAge`;
    /// not set if cookies would take more than half of `server.limits.headerBytes`.
    ///
    /// Until then, a session that was revoked elsewhere can still be read. Requests that change an
    /// account always read the database.
    pub enabled: bool,
    /// How long a copy is valid.
    #[serde(with = "Seconds")]
    #[schemars(range(min = 1, max = COOKIE_LIFETIME_MAX))]
    pub max_age: Duration,
    /// The format of a copy: signed JSON, a signed token, or an encrypted token.
    pub strategy: CookieCacheStrategy,
    /// Copies with another version are invalid; change it to invalidate all of them.
    pub version: String,
    /// Has no effect: copies are refreshed from the database. Better Auth's option for deployments
    /// without one, accepted for compatibility.
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

/// The format of a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CookieCacheStrategy {
    /// Signed JSON, the shortest.
    #[default]
    Compact,
    /// A signed JSON Web Token, which other programs can read.
    Jwt,
    /// An encrypted JSON Web Token, which other programs cannot read.
    Jwe,
}

/// `session.cookieCache.refreshCache`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(untagged, expecting = "expected true, false, or a table with updateAge (seconds)")]
pub enum RefreshCache {
    /// Whether copies are refreshed.
    Switch(bool),
    /// Refreshed when less than this remains of `maxAge`.
    #[serde(rename_all = "camelCase")]
    After {
        /// Seconds before the expiry.
        update_age: u64,
    },
}

impl Default for RefreshCache {
    fn default() -> Self {
        Self::Switch(false)
    }
}
