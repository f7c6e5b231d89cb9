//! `user`: what users may do with themselves.

use serde::Deserialize;
use serde::Serialize;

/// Options of that name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct UserOptions {
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
