//! `user`: changes that users may make to their own account.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::config::AdditionalFields;
use crate::config::names::FieldNames;
use crate::config::seconds::Seconds;

/// The options of `user`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct UserOptions {
    /// The name of the table in the database; by default `user`.
    pub model_name: Option<String>,
    /// The names of columns in the database by the names of their fields, such as `email = "email_address"`.
    pub fields: FieldNames,
    /// Columns that the application adds to users, by name.
    pub additional_fields: AdditionalFields,
    /// Changing the email address.
    pub change_email: ChangeEmail,
    /// Deleting the account.
    pub delete_user: DeleteUser,
    /// Restrictions that do not count here although a column of the database has them: `banned` of
    /// the plugin `admin`, `twoFactorEnabled` of `two-factor`; weakens security.
    ///
    /// Without it, they count although the plugin is not enabled: what keeps users out of another
    /// server on this database keeps them out of this one.
    pub ignore_restrictions: Vec<String>,
}

/// `user.changeEmail`
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct ChangeEmail {
    /// Whether users may change their email address.
    pub enabled: bool,
    /// Whether an address that was never verified changes immediately.
    pub update_email_without_verification: bool,
}

/// `user.deleteUser`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct DeleteUser {
    /// Whether users may delete their account.
    pub enabled: bool,
    /// Lifetime of the link that confirms the deletion.
    #[serde(with = "Seconds")]
    #[schemars(range(min = 1))]
    pub delete_token_expires_in: Duration,
}

impl Default for DeleteUser {
    fn default() -> Self {
        Self { enabled: false, delete_token_expires_in: Duration::from_secs(24 * 60 * 60) }
    }
}
