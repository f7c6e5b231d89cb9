//! `account`: how ways in belong to users.

use serde::Deserialize;
use serde::Serialize;

/// Options of that name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct AccountOptions {
    /// Several ways in for one user.
    pub account_linking: AccountLinking,
}

/// `account.accountLinking`
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct AccountLinking {
    /// Whether users may remove their last way in.
    pub allow_unlinking_all: bool,
}
