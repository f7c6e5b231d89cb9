//! `rateLimit`: how often one client may ask.

use std::time::Duration;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::config::seconds::Seconds;

/// Options of that name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct RateLimit {
    /// Whether requests are counted; by default where `baseURL` is https.
    pub enabled: Option<bool>,
    /// How long a client must send nothing for its count to begin again.
    #[serde(with = "Seconds")]
    #[schemars(range(min = 1))]
    pub window: Duration,
    /// Requests per client, path and window; 3 for `/sign-in`, `/sign-up` and `/change-password`.
    #[schemars(range(min = 1))]
    pub max: u32,
    /// Where the counts are kept, the last two for several servers; by default in the secondary storage if there is
    /// one, else in memory.
    pub storage: Option<RateLimitStorage>,
    /// Other limits by path, or by a pattern with `*`; the first that matches counts, and `false` is no limit.
    pub custom_rules: IndexMap<String, CustomRule>,
}

impl Default for RateLimit {
    fn default() -> Self {
        Self {
            enabled: None,
            window: Duration::from_secs(10),
            max: 100,
            storage: None,
            custom_rules: IndexMap::new(),
        }
    }
}

/// Where the counts are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RateLimitStorage {
    /// In this process.
    Memory,
    /// In the table `rateLimit`, for several servers on one database.
    Database,
    /// In the secondary storage, for several servers; the window is counted from the first request.
    SecondaryStorage,
}

/// The rule of a path: `false`, or a window and a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(untagged, expecting = "expected false, or a table with window (seconds) and max")]
pub enum CustomRule {
    /// `false` for no limit.
    Switch(bool),
    /// So many in such a time.
    Rule(Rule),
}

/// So many in such a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// How long a client must send nothing for its count to begin again.
    #[serde(with = "Seconds")]
    #[schemars(range(min = 1))]
    pub window: Duration,
    /// Requests in that time.
    #[schemars(range(min = 1))]
    pub max: u32,
}
