//! `user`: what users may do with themselves.

use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;

use crate::config::AdditionalFields;
use crate::config::seconds;

/// Options of that name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct UserOptions {
    /// Columns that the application adds to `user`.
    pub additional_fields: AdditionalFields,
    /// Changing one's address.
    pub change_email: ChangeEmail,
    /// Deleting oneself.
    pub delete_user: DeleteUser,
}

/// `user.changeEmail`
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct ChangeEmail {
    /// Whether users may change their address.
    pub enabled: bool,
    /// Whether an address that was never verified changes at once.
    pub update_email_without_verification: bool,
}

/// `user.deleteUser`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct DeleteUser {
    /// Whether users may delete themselves.
    pub enabled: bool,
    /// How long the link of the message works that asks whether they mean it.
    #[serde(with = "seconds")]
    pub delete_token_expires_in: Duration,
}

impl Default for DeleteUser {
    fn default() -> Self {
        Self { enabled: false, delete_token_expires_in: Duration::from_secs(24 * 60 * 60) }
    }
}
