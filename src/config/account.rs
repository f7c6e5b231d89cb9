//! `account`: how ways in belong to users.

use serde::Deserialize;
use serde::Serialize;

/// Options of that name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct AccountOptions {
    /// Whether a sign-in by a provider stores the tokens that came with it.
    pub update_account_on_sign_in: bool,
    /// Several ways in for one user.
    pub account_linking: AccountLinking,
    /// Whether tokens of providers are encrypted in the database.
    #[serde(rename = "encryptOAuthTokens")]
    pub encrypt_oauth_tokens: bool,
    /// Whether the browser carries the account that somebody signed in with, encrypted.
    pub store_account_cookie: bool,
    /// Where a sign-in that is under way is kept.
    pub store_state_strategy: StateStrategy,
    /// Accepts an answer from another browser than the one that asked. Weakens security.
    pub skip_state_cookie_check: bool,
}

impl Default for AccountOptions {
    fn default() -> Self {
        Self {
            update_account_on_sign_in: true,
            account_linking: AccountLinking::default(),
            encrypt_oauth_tokens: false,
            store_account_cookie: false,
            store_state_strategy: StateStrategy::Database,
            skip_state_cookie_check: false,
        }
    }
}

/// Where a sign-in that is under way is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StateStrategy {
    /// In the database; the browser has a signed cookie that belongs to it.
    Database,
    /// In an encrypted cookie.
    Cookie,
}

/// `account.accountLinking`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct AccountLinking {
    /// Whether a user may have several ways in.
    pub enabled: bool,
    /// Adds a way in only when a user who is signed in asks for it.
    pub disable_implicit_linking: bool,
    /// Adds one to a user with the same address only if that is verified here, too. `false` lets whoever
    /// signed up first with somebody else's address share their account.
    pub require_local_email_verified: bool,
    /// Providers whose word on addresses is taken without proof.
    pub trusted_providers: Vec<String>,
    /// Whether a user may add a way in with another address.
    pub allow_different_emails: bool,
    /// Whether users may remove their last way in.
    pub allow_unlinking_all: bool,
    /// Whether adding a way in copies name and picture from the provider.
    pub update_user_info_on_link: bool,
}

impl Default for AccountLinking {
    fn default() -> Self {
        Self {
            enabled: true,
            disable_implicit_linking: false,
            require_local_email_verified: true,
            trusted_providers: Vec::new(),
            allow_different_emails: false,
            allow_unlinking_all: false,
            update_user_info_on_link: false,
        }
    }
}
