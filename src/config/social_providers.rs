//! `socialProviders`: who else can say who somebody is.

use indexmap::IndexMap;
use serde::Deserialize;
use serde::Serialize;

use crate::config::secret;
use crate::crypto::Secret;

/// The providers of a deployment by id, such as `google`; one that is here is on.
pub type SocialProviders = IndexMap<String, ProviderOptions>;

/// Options of one provider, under Better Auth's names. Those that a provider does not know are without
/// effect.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct ProviderOptions {
    /// `false` switches it off.
    pub enabled: Option<bool>,
    /// What the provider calls this application; of several the first one signs in.
    pub client_id: Option<ClientId>,
    /// The secret that goes with it.
    #[serde(serialize_with = "secret::redacted")]
    pub client_secret: Option<Secret>,
    /// `TikTok`'s name for the client id.
    pub client_key: Option<String>,
    /// Scopes that are asked for besides the provider's usual ones.
    pub scope: Vec<String>,
    /// Leaves the usual ones out.
    pub disable_default_scope: bool,
    /// Where the provider sends people back to; by default `<base>/callback/<id>`.
    #[serde(rename = "redirectURI")]
    pub redirect_uri: Option<String>,
    /// In place of the provider's own.
    pub authorization_endpoint: Option<String>,
    /// In place of the provider's own.
    pub token_endpoint: Option<String>,
    /// In place of the provider's own.
    pub user_info_endpoint: Option<String>,
    /// In place of the provider's own.
    pub jwks_endpoint: Option<String>,
    /// Where a provider stands that one can run oneself, such as `GitLab`.
    pub issuer: Option<String>,
    /// What the provider asks of people, such as `consent`.
    pub prompt: Option<String>,
    /// How it shows itself.
    pub display: Option<String>,
    /// `offline` asks Google or Dropbox for a refresh token.
    pub access_type: Option<String>,
    /// The Google Workspace domain that people must be of; `*` is any.
    pub hd: Option<String>,
    /// Whether Google adds up the scopes that were granted before.
    pub include_granted_scopes: Option<bool>,
    /// What a Discord bot may do.
    pub permissions: Option<u64>,
    /// Facebook's set of permissions.
    pub config_id: Option<String>,
    /// Fields of a Facebook profile that are asked for besides the usual ones.
    pub fields: Vec<String>,
    /// How long Reddit's token lives: `temporary` or `permanent`.
    pub duration: Option<String>,
    /// Claims that Twitch is asked for.
    pub claims: Vec<String>,
    /// Microsoft's tenant, such as `common`.
    pub tenant_id: Option<String>,
    /// Microsoft's cloud, such as `https://login.microsoftonline.com`.
    pub authority: Option<String>,
    /// Leaves Microsoft's picture out, which takes a request of its own.
    pub disable_profile_photo: bool,
    /// Its size in pixels.
    pub profile_photo_size: Option<u32>,
    /// Cognito's domain.
    pub domain: Option<String>,
    /// Cognito's region.
    pub region: Option<String>,
    /// Cognito's pool.
    pub user_pool_id: Option<String>,
    /// The provider behind Cognito.
    pub identity_provider: Option<String>,
    /// `sandbox` or `production`, of `PayPal` and Salesforce.
    pub environment: Option<String>,
    /// Salesforce's own domain of a customer.
    pub login_url: Option<String>,
    /// The language of `WeChat`'s page.
    pub lang: Option<String>,
    /// Whom Apple's tokens are for, if not for the client id.
    pub audience: Vec<String>,
    /// The same for an application on a device.
    pub app_bundle_identifier: Option<String>,
    /// `false` leaves Zoom's PKCE out.
    pub pkce: Option<bool>,
    /// Refuses tokens that the application got by itself.
    pub disable_id_token_sign_in: bool,
    /// Only a request with `requestSignUp` makes new users.
    pub disable_implicit_sign_up: bool,
    /// Nobody becomes a user by this provider.
    pub disable_sign_up: bool,
    /// Every sign-in copies name, picture and address from the provider.
    pub override_user_info_on_sign_in: bool,
    /// Whoever's address is not verified gets a message instead of a session.
    pub require_email_verification: bool,
}

/// What a provider calls this application.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum ClientId {
    /// One name.
    One(String),
    /// One per platform: the first signs in, tokens may be for any.
    Several(Vec<String>),
}

impl ClientId {
    /// The one that signs in; empty when there is none.
    pub fn primary(&self) -> &str {
        match self {
            Self::One(id) => id,
            Self::Several(ids) => ids.first().map_or("", String::as_str),
        }
    }

    /// All of them.
    pub fn all(&self) -> Vec<&str> {
        match self {
            Self::One(id) => vec![id],
            Self::Several(ids) => ids.iter().map(String::as_str).collect(),
        }
    }
}
