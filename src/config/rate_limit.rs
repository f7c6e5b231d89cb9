//! `rateLimit`: the number of requests per client.

use std::time::Duration;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::config::names::FieldNames;
use crate::config::seconds::Seconds;

/// The options of `rateLimit`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct RateLimit {
    /// The name of the table in the database; by default `rateLimit`.
    pub model_name: Option<String>,
    /// The names of columns in the database by the names of their fields, such as `lastRequest = "last_request"`.
    pub fields: FieldNames,
    /// Whether requests are rate limited; by default if `baseURL` is https.
    pub enabled: Option<bool>,
    /// The time without requests after which a client's count restarts.
    #[serde(with = "Seconds")]
    #[schemars(range(min = 1))]
    pub window: Duration,
    /// Requests per client, path and window; 3 for `/sign-in`, `/sign-up` and `/change-password`.
    #[schemars(range(min = 1))]
    pub max: u32,
    /// Where counts are kept; the last two are for several servers. By default in the secondary
    /// storage if there is one, else in memory.
    pub storage: Option<RateLimitStorage>,
    /// Other limits by path, or by a pattern with `*`; the first match applies, and `false`
    /// disables the limit.
    pub custom_rules: IndexMap<String, CustomRule>,
}

impl Default for RateLimit {
    fn default() -> Self {
        Self {
            model_name: None,
            fields: FieldNames::new(),
            enabled: None,
            window: Duration::from_secs(10),
            max: 100,
            storage: None,
            custom_rules: IndexMap::new(),
        }
    }
}

/// Where counts are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RateLimitStorage {
    /// In this process.
    Memory,
    /// In the table `rateLimit`, for several servers on one database.
    Database,
    /// In the secondary storage, for several servers; the window starts at the first request.
    SecondaryStorage,
}

/// The rule of a path: `false`, or a window and a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(untagged, expecting = "expected false, or a table with window (seconds) and max")]
pub enum CustomRule {
    /// `false` disables the limit.
    Switch(bool),
    /// A limit.
    Rule(Rule),
}

/// A number of requests per window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The time without requests after which a client's count restarts.
    #[serde(with = "Seconds")]
    #[schemars(range(min = 1))]
    pub window: Duration,
    /// Maximum number of requests.
    #[schemars(range(min = 1))]
    pub max: u32,
}
