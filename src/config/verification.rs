//! `verification`: where values are kept that work once.

use serde::Deserialize;
use serde::Serialize;

/// Options of that name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct VerificationOptions {
    /// Whether the database keeps them although there is a secondary storage.
    pub store_in_database: bool,
}
