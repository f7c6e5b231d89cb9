//! `verification`: where values are kept that work once.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Options of that name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct VerificationOptions {
    /// With a secondary storage: the database keeps one-time tokens, such as those for resetting a password.
    pub store_in_database: bool,
}
