//! `emailVerification`: showing that an address is theirs.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::config::seconds::Seconds;

/// Options of that name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct EmailVerification {
    /// Whether signing up sends the message; by default where signing in requires a verified address.
    pub send_on_sign_up: Option<bool>,
    /// Whether signing in without a verified address sends it again.
    pub send_on_sign_in: bool,
    /// Whether opening the link signs in.
    pub auto_sign_in_after_verification: bool,
    /// How long a link works.
    #[serde(with = "Seconds")]
    #[schemars(range(min = 1))]
    pub expires_in: Duration,
}

impl Default for EmailVerification {
    fn default() -> Self {
        Self {
            send_on_sign_up: None,
            send_on_sign_in: false,
            auto_sign_in_after_verification: false,
            expires_in: Duration::from_secs(60 * 60),
        }
    }
}
