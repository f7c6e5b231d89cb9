//! `user`: what users may do with themselves.

use serde::Deserialize;
use serde::Serialize;

use crate::config::AdditionalFields;

/// Options of that name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct UserOptions {
    /// Columns that the application adds to `user`.
    pub additional_fields: AdditionalFields,
    /// Deleting oneself.
    pub delete_user: DeleteUser,
}

/// `user.deleteUser`
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct DeleteUser {
    /// Whether users may delete themselves.
    pub enabled: bool,
}
