//! `verification`: where one-time values are stored.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// The options of `verification`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct VerificationOptions {
    /// With a secondary storage: stores one-time tokens, such as those for resetting a password, in
    /// the database as well.
    pub store_in_database: bool,
}
