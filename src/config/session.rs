//! `session`: how long sessions live.

use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;

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
}

impl Default for SessionOptions {
    fn default() -> Self {
        Self {
            expires_in: DAY * 7,
            update_age: DAY,
            fresh_age: DAY,
            disable_session_refresh: false,
            defer_session_refresh: false,
        }
    }
}
