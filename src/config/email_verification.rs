//! `emailVerification`: verifying email addresses.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::config::seconds::Seconds;

/// The options of `emailVerification`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct EmailVerification {
    /// Whether sign-up sends the link; by default if sign-in requires a verified address.
    pub send_on_sign_up: Option<bool>,
    /// Whether sign-in without a verified address sends the link again.
    pub send_on_sign_in: bool,
    /// Whether opening the link signs in.
    pub auto_sign_in_after_verification: bool,
    /// Lifetime of a link.
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
