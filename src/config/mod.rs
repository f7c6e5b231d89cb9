//! The configuration: Better Auth's options under their own names, as data.
//!
//! Defaults < file < environment < flags. The file is optional; an unknown key, a wrong type or a
//! bad value is an error with the path of the key.

mod account;
mod additional_fields;
mod advanced;
mod base_url;
mod check;
mod cookies;
mod database;
mod email;
mod email_and_password;
mod email_verification;
mod encryption;
pub mod env;
mod error;
mod file;
mod generic_oauth;
mod load;
mod names;
mod parameters;
mod postgres_url;
mod rate_limit;
pub(crate) mod reference;
pub(crate) mod search_path;
mod secondary_storage;
pub(crate) mod seconds;
pub mod secret;
mod server;
mod session;
mod social_providers;
mod sqlite_url;
mod user;
mod verification;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use serde::Serializer;
use serde_json::Value;
use serde_json::json;

pub use account::AccountLinking;
pub use account::AccountOptions;
pub use account::StateStrategy;
pub use additional_fields::AdditionalField;
pub use additional_fields::AdditionalFields;
pub use additional_fields::FieldType;
pub use advanced::Advanced;
pub use advanced::CrossSubDomainCookies;
pub use advanced::DatabaseRows;
pub use advanced::DisableOriginCheck;
pub use advanced::IpAddress;
pub use base_url::AllowedHosts;
pub use base_url::BaseUrl;
pub use base_url::Protocol;
pub use cookies::COOKIE_KEYS;
pub use cookies::CookieAttributes;
pub use cookies::CookieOptions;
pub use cookies::Cookies;
pub use cookies::SameSite;
pub use database::DatabaseOptions;
pub use database::JournalMode;
pub use database::Provider;
pub use email::EmailOptions;
pub use email::SmtpOptions;
pub use email::SmtpSecurity;
pub use email::Transport;
pub use email::WebhookOptions;
pub use email::is_this_machine;
pub use email_and_password::Algorithm;
pub use email_and_password::EmailAndPassword;
pub use email_and_password::FirebaseOptions;
pub use email_and_password::Lockout;
pub use email_and_password::Password;
pub use email_verification::EmailVerification;
pub use encryption::Encryption;
pub use error::ConfigError;
pub(crate) use file::section;
pub(crate) use file::unknown_key;
pub use generic_oauth::Authentication;
pub use generic_oauth::GenericOAuth;
pub use generic_oauth::ResponseMode;
pub use generic_oauth::TokenEndpointAuth;
pub use load::DEFAULT_FILES;
pub use load::Loaded;
pub use load::Overrides;
pub use load::Source;
pub use names::Casing;
pub use names::FieldNames;
pub use names::GenerateId;
pub use postgres_url::PostgresUrl;
pub use rate_limit::CustomRule;
pub use rate_limit::RateLimit;
pub use rate_limit::RateLimitStorage;
pub use rate_limit::Rule;
pub use search_path::SearchPath;
pub use secondary_storage::SecondaryStorage;
pub use secondary_storage::StorageProvider;
pub use secret::VersionedSecret;
pub use server::Admin;
pub use server::Limits;
pub use server::Outbound;
pub use server::ServerOptions;
pub use session::CookieCache;
pub use session::CookieCacheStrategy;
pub use session::RefreshCache;
pub use session::SessionOptions;
pub use social_providers::ClientId;
pub use social_providers::PROVIDER_IDS;
pub use social_providers::ProviderOptions;
pub use social_providers::SocialProviders;
pub use sqlite_url::SqliteMode;
pub use sqlite_url::SqliteUrl;
pub use user::ChangeEmail;
pub use user::DeleteUser;
pub use user::UserOptions;
pub use verification::ByPrefix;
pub use verification::IdentifierForm;
pub use verification::StoreIdentifier;
pub use verification::VerificationOptions;

use crate::crypto::Secret;

/// Every option. Build one with `Config { base_url: …, ..Config::default() }`, or read one with
/// [`Config::load`].
#[derive(Clone, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Config {
    /// The name of the application, for example on the error page.
    pub app_name: String,
    /// The URL of this server, such as `https://auth.example.com`, or the hosts that it serves; by
    /// default the origin of each request.
    #[serde(rename = "baseURL")]
    pub base_url: Option<BaseUrl>,
    /// The path of the endpoints, unless `baseURL` has a path.
    pub base_path: String,
    /// Signs cookies, at least 32 characters; by default a secret is generated and stored next to
    /// the SQLite database. Better in `BETTER_AUTH_SECRET`.
    #[serde(serialize_with = "secret::redacted")]
    pub secret: Option<Secret>,
    /// Several secrets for rotation: the first one signs, all of them are accepted.
    pub secrets: Vec<VersionedSecret>,
    /// The location of the data.
    pub database: DatabaseOptions,
    /// A key-value store in addition to the database.
    pub secondary_storage: SecondaryStorage,
    /// Other origins whose pages may call this server and be redirect targets.
    pub trusted_origins: Vec<String>,
    /// Paths below `basePath` that answer 404.
    pub disabled_paths: Vec<String>,
    /// Sign-up and sign-in with a password.
    pub email_and_password: EmailAndPassword,
    /// Verifying email addresses.
    pub email_verification: EmailVerification,
    /// How emails are sent, and which ones.
    pub email: EmailOptions,
    /// OAuth and OpenID Connect providers; see `docs/social.md` for a list.
    #[schemars(extend("propertyNames" = json!({"enum": PROVIDER_IDS.as_slice()})))]
    pub social_providers: SocialProviders,
    /// Other OAuth and OpenID Connect providers, described by their endpoints.
    #[serde(rename = "genericOAuth")]
    pub generic_oauth: Vec<GenericOAuth>,
    /// Changes that users may make to their own account.
    pub user: UserOptions,
    /// Lifetimes of sessions.
    pub session: SessionOptions,
    /// How accounts at providers are linked to users.
    pub account: AccountOptions,
    /// Where one-time tokens are kept.
    pub verification: VerificationOptions,
    /// The number of requests that a client may send.
    pub rate_limit: RateLimit,
    /// Where browsers are redirected when a flow fails.
    #[serde(rename = "onAPIError")]
    pub on_api_error: OnApiError,
    /// The enabled plugins by id, each with its options; see `docs/plugins.md`.
    #[serde(serialize_with = "names")]
    pub plugins: IndexMap<String, Value>,
    /// Limits of `serve`, and its listener for monitoring.
    pub server: ServerOptions,
    /// Cookies, client addresses, and rarely needed options.
    pub advanced: Advanced,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            app_name: "Better Auth".to_owned(),
            base_url: None,
            base_path: "/api/auth".to_owned(),
            secret: None,
            secrets: Vec::new(),
            database: DatabaseOptions::default(),
            secondary_storage: SecondaryStorage::default(),
            trusted_origins: Vec::new(),
            disabled_paths: Vec::new(),
            email_and_password: EmailAndPassword::default(),
            email_verification: EmailVerification::default(),
            email: EmailOptions::default(),
            social_providers: SocialProviders::default(),
            generic_oauth: Vec::new(),
            user: UserOptions::default(),
            session: SessionOptions::default(),
            account: AccountOptions::default(),
            verification: VerificationOptions::default(),
            rate_limit: RateLimit::default(),
            on_api_error: OnApiError::default(),
            plugins: IndexMap::new(),
            server: ServerOptions::default(),
            advanced: Advanced::default(),
        }
    }
}

/// Serialises only the ids of plugins; their options may contain secrets.
fn names<S: Serializer>(plugins: &IndexMap<String, Value>, to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(plugins.keys().map(|id| (id, Value::Bool(true))))
}

/// `onAPIError`
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct OnApiError {
    /// The page for failed flows, a URL or a path, instead of the built-in one.
    #[serde(rename = "errorURL")]
    pub error_url: Option<String>,
}

impl Config {
    /// The path of the endpoints: that of `baseURL` if it has one, else `basePath` [contract 1.1].
    pub fn base_path(&self) -> String {
        let url = self.base_url.as_ref().and_then(BaseUrl::fixed);
        match url.map(|url| url.path().trim_end_matches('/').to_owned()) {
            Some(path) if !path.is_empty() => path,
            _ => self.base_path.clone(),
        }
    }

    /// The origin of `baseURL`, such as `https://auth.example.com`; `None` if it has several.
    pub fn base_origin(&self) -> Option<String> {
        let url = self.base_url.as_ref()?.fixed()?;
        Some(url.origin().ascii_serialization())
    }

    /// Whether browsers reach this server over HTTPS according to `baseURL`.
    pub fn is_https(&self) -> bool {
        self.base_url.as_ref().is_some_and(BaseUrl::is_https)
    }

    /// Whether sessions are rows of the database: always, unless they are only in a secondary
    /// storage.
    pub fn keeps_session_rows(&self) -> bool {
        !self.secondary_storage.is_on() || self.session.store_session_in_database
    }

    /// Whether one-time values are rows of the database.
    pub fn keeps_verification_rows(&self) -> bool {
        !self.secondary_storage.is_on() || self.verification.store_in_database
    }

    /// Where requests are counted: by default in the secondary storage, if there is one.
    pub fn rate_limit_storage(&self) -> RateLimitStorage {
        let default = if self.secondary_storage.is_on() {
            RateLimitStorage::SecondaryStorage
        } else {
            RateLimitStorage::Memory
        };
        self.rate_limit.storage.unwrap_or(default)
    }

    /// The `Domain` of all cookies, if `advanced.crossSubDomainCookies` is enabled.
    pub fn cookie_domain(&self) -> Option<String> {
        let options = &self.advanced.cross_sub_domain_cookies;
        if !options.enabled {
            return None;
        }
        let host = || self.base_url.as_ref()?.fixed()?.host_str().map(str::to_owned);
        options.domain.clone().or_else(host)
    }
}
