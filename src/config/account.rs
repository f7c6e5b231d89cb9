//! `account`: the linked accounts of users.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::config::AdditionalFields;
use crate::config::names::FieldNames;

/// The options of `account`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct AccountOptions {
    /// The name of the table in the database; by default `account`.
    pub model_name: Option<String>,
    /// The names of columns in the database by the names of their fields, such as `createdAt = "created_at"`.
    pub fields: FieldNames,
    /// Whether signing in with a provider updates the stored tokens of the account.
    pub update_account_on_sign_in: bool,
    /// Linking accounts at providers to users.
    pub account_linking: AccountLinking,
    /// Whether tokens of providers are encrypted in the database.
    #[serde(rename = "encryptOAuthTokens")]
    pub encrypt_oauth_tokens: bool,
    /// Whether an encrypted cookie contains the account that was used to sign in, for
    /// `useAccountCookie`; not set if cookies would take more than half of
    /// `server.limits.headerBytes`.
    pub store_account_cookie: bool,
    /// Where the state of a sign-in with a provider is kept until the callback.
    pub store_state_strategy: StateStrategy,
    /// Accepts a callback in another browser than the one that started the sign-in; weakens
    /// security.
    pub skip_state_cookie_check: bool,
    /// Columns that the application adds to accounts, by name; new rows get the defaults.
    pub additional_fields: AdditionalFields,
}

impl Default for AccountOptions {
    fn default() -> Self {
        Self {
            model_name: None,
            fields: FieldNames::new(),
            update_account_on_sign_in: true,
            account_linking: AccountLinking::default(),
            encrypt_oauth_tokens: false,
            store_account_cookie: false,
            store_state_strategy: StateStrategy::Database,
            skip_state_cookie_check: false,
            additional_fields: AdditionalFields::new(),
        }
    }
}

/// Where the state of a pending sign-in is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StateStrategy {
    /// In the database; a signed cookie binds it to the browser.
    Database,
    /// In an encrypted cookie.
    Cookie,
}

/// `account.accountLinking`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct AccountLinking {
    /// Whether a user may have several linked accounts.
    pub enabled: bool,
    /// Links an account only when a signed-in user asks for it.
    pub disable_implicit_linking: bool,
    /// Links an account to a user with the same email address only if that address is verified
    /// here, too; `false` weakens security.
    ///
    /// With `false`, a person who signed up first with the address of another gets access to the
    /// account of the address's owner.
    pub require_local_email_verified: bool,
    /// Providers whose accounts are linked even if they do not confirm that the email address is
    /// verified.
    pub trusted_providers: Vec<String>,
    /// Whether a user may link an account with another email address.
    pub allow_different_emails: bool,
    /// Whether users may remove their last linked account.
    pub allow_unlinking_all: bool,
    /// Whether linking an account copies name and picture from the provider.
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
