//! `verification`: where one-time values are stored.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::config::names::FieldNames;

/// The options of `verification`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct VerificationOptions {
    /// The name of the table in the database; by default `verification`.
    pub model_name: Option<String>,
    /// The names of columns in the database by the names of their fields, such as `createdAt = "created_at"`.
    pub fields: FieldNames,
    /// With a secondary storage: stores one-time tokens, such as those for resetting a password, in
    /// the database as well.
    pub store_in_database: bool,
}
