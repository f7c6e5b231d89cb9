//! `socialProviders`: OAuth and OpenID Connect providers.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::config::Authentication;
use crate::config::Config;
use crate::config::ConfigError;
use crate::config::secret;
use crate::crypto::Secret;
use crate::error::shown;

/// The providers of a deployment by id, such as `google`; providers in this map are enabled.
pub type SocialProviders = IndexMap<String, ProviderOptions>;

/// The options of a provider, with Better Auth's names. Options that a provider does not use have
/// no effect.
#[derive(Clone, Default, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct ProviderOptions {
    /// `false` disables the provider.
    pub enabled: Option<bool>,
    /// The client id of this application; with several, the first is for sign-in, and ID tokens may
    /// be for any.
    pub client_id: Option<ClientId>,
    /// The client secret.
    #[serde(serialize_with = "secret::redacted")]
    pub client_secret: Option<Secret>,
    /// How this application authenticates at the token endpoint, if it differs from the provider's
    /// default.
    pub authentication: Option<Authentication>,
    /// `TikTok`'s name for the client id.
    pub client_key: Option<String>,
    /// Scopes in addition to the provider's defaults.
    pub scope: Vec<String>,
    /// Omits the default scopes.
    pub disable_default_scope: bool,
    /// The redirect URI; by default `<base>/callback/<id>`.
    #[serde(rename = "redirectURI")]
    pub redirect_uri: Option<String>,
    /// A URL instead of the provider's own, for an enterprise server.
    pub authorization_endpoint: Option<String>,
    /// A URL instead of the provider's own, for an enterprise server.
    pub token_endpoint: Option<String>,
    /// A URL instead of the provider's own, for an enterprise server.
    pub user_info_endpoint: Option<String>,
    /// A URL instead of the provider's own, for an enterprise server.
    pub jwks_endpoint: Option<String>,
    /// The URL of a provider that can be self-hosted: `GitLab`, Paybin.
    pub issuer: Option<String>,
    /// The `prompt` parameter, such as `consent`.
    pub prompt: Option<String>,
    /// How the provider's page is displayed (Google).
    pub display: Option<String>,
    /// `offline` asks Google or Dropbox for a refresh token.
    pub access_type: Option<String>,
    /// The Google Workspace domain of users; `*` is any.
    pub hd: Option<String>,
    /// Whether Google includes scopes that were granted before.
    pub include_granted_scopes: Option<bool>,
    /// The permissions of a Discord bot.
    pub permissions: Option<u64>,
    /// Facebook's configuration of permissions.
    pub config_id: Option<String>,
    /// Fields of a Facebook profile in addition to the defaults.
    pub fields: Vec<String>,
    /// The lifetime of Reddit's token: `temporary` or `permanent`.
    pub duration: Option<String>,
    /// Claims that are requested from Twitch.
    pub claims: Vec<String>,
    /// Microsoft's tenant, such as `common`.
    pub tenant_id: Option<String>,
    /// Microsoft's cloud, such as `https://login.microsoftonline.com`.
    pub authority: Option<String>,
    /// Omits Microsoft's profile photo, which takes an additional request.
    pub disable_profile_photo: bool,
    /// The size of that photo in pixels.
    pub profile_photo_size: Option<u32>,
    /// Cognito's domain.
    pub domain: Option<String>,
    /// Cognito's region.
    pub region: Option<String>,
    /// Cognito's user pool.
    pub user_pool_id: Option<String>,
    /// The identity provider behind Cognito.
    pub identity_provider: Option<String>,
    /// `sandbox` or `production` (`PayPal`, Salesforce).
    pub environment: Option<String>,
    /// The domain of a Salesforce customer.
    pub login_url: Option<String>,
    /// The language of `WeChat`'s page.
    pub lang: Option<String>,
    /// The audiences of Apple's tokens, if not the client id.
    pub audience: Vec<String>,
    /// The same for a mobile app.
    pub app_bundle_identifier: Option<String>,
    /// `false` disables PKCE (Zoom).
    pub pkce: Option<bool>,
    /// Rejects ID tokens that an application obtained itself.
    pub disable_id_token_sign_in: bool,
    /// Only a request with `requestSignUp` creates a user.
    pub disable_implicit_sign_up: bool,
    /// This provider does not create users.
    pub disable_sign_up: bool,
    /// Every sign-in copies name, picture and email address from the provider.
    pub override_user_info_on_sign_in: bool,
    /// A user whose email address is not verified gets an email instead of a session.
    pub require_email_verification: bool,
}

/// All provider ids; a test compares the list with the providers.
pub const PROVIDER_IDS: [&str; 36] = [
    "apple",
    "atlassian",
    "cloudflare",
    "cognito",
    "discord",
    "dropbox",
    "facebook",
    "figma",
    "github",
    "gitlab",
    "google",
    "huggingface",
    "kakao",
    "kick",
    "line",
    "linear",
    "linkedin",
    "microsoft",
    "naver",
    "notion",
    "paybin",
    "paypal",
    "polar",
    "railway",
    "reddit",
    "roblox",
    "salesforce",
    "slack",
    "spotify",
    "tiktok",
    "twitch",
    "twitter",
    "vercel",
    "vk",
    "wechat",
    "zoom",
];

impl ProviderOptions {
    /// Whether users can sign in with the provider.
    pub fn is_on(&self) -> bool {
        self.enabled != Some(false)
    }
}

impl Config {
    pub(super) fn check_providers(&self) -> Result<(), ConfigError> {
        for (id, options) in &self.social_providers {
            let path = format!("socialProviders.{id}");
            if !PROVIDER_IDS.contains(&id.as_str()) {
                let near = PROVIDER_IDS
                    .iter()
                    .map(|known| (strsim::jaro_winkler(known, id), known))
                    .max_by(|left, right| left.0.total_cmp(&right.0));
                let hint = near.filter(|(likeness, _)| 0.8 < *likeness);
                let hint = hint.map(|(_, known)| format!("; did you mean {known}?"));
                let problem = format!("is not a provider{}", hint.unwrap_or_default());
                return Err(ConfigError::new(&path, problem));
            }
            if !options.is_on() {
                continue;
            }
            let has_id = match id.as_str() {
                "tiktok" => options.client_key.as_deref().is_some_and(|key| !key.is_empty()),
                _ => options.client_id.as_ref().is_some_and(|id| !id.primary().is_empty()),
            };
            if !has_id {
                let key = if id == "tiktok" { "clientKey" } else { "clientId" };
                let problem = "is needed; the provider's console shows it";
                return Err(ConfigError::new(&format!("{path}.{key}"), problem));
            }
            let cognito = [
                ("domain", &options.domain),
                ("region", &options.region),
                ("userPoolId", &options.user_pool_id),
            ];
            let missing = cognito.into_iter().find(|(_, value)| id == "cognito" && value.is_none());
            if let Some((key, _)) = missing {
                return Err(ConfigError::new(&format!("{path}.{key}"), "is needed by cognito"));
            }
            for (key, endpoint) in [
                ("authorizationEndpoint", &options.authorization_endpoint),
                ("tokenEndpoint", &options.token_endpoint),
                ("userInfoEndpoint", &options.user_info_endpoint),
                ("jwksEndpoint", &options.jwks_endpoint),
                ("issuer", &options.issuer),
                ("authority", &options.authority),
                ("redirectURI", &options.redirect_uri),
            ] {
                if let Some(endpoint) = endpoint
                    && !url::Url::parse(endpoint).is_ok_and(|url| url.has_host())
                {
                    let problem = format!("expected a URL, got {}", shown::quoted(endpoint));
                    return Err(ConfigError::new(&format!("{path}.{key}"), problem));
                }
            }
        }
        Ok(())
    }
}

/// The client id of this application at the provider.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(untagged)]
pub enum ClientId {
    /// One client id.
    One(String),
    /// One per platform: the first is for sign-in, and ID tokens may be for any.
    Several(Vec<String>),
}

impl ClientId {
    /// The client id for sign-in; empty if there is none.
    pub fn primary(&self) -> &str {
        match self {
            Self::One(id) => id,
            Self::Several(ids) => ids.first().map_or("", String::as_str),
        }
    }

    /// All client ids.
    pub fn all(&self) -> Vec<&str> {
        match self {
            Self::One(id) => vec![id],
            Self::Several(ids) => ids.iter().map(String::as_str).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_has_a_known_name_and_what_it_needs() {
        let problem = |id: &str, options: ProviderOptions| {
            let mut config = Config::default();
            config.social_providers.insert(id.to_owned(), options);
            config.check().err().map(|error| error.to_string()).unwrap_or_default()
        };
        let with_id = || ProviderOptions {
            client_id: Some(ClientId::One("id".to_owned())),
            ..ProviderOptions::default()
        };
        assert!(problem("goggle", with_id()).contains("did you mean google?"));
        assert!(problem("google", ProviderOptions::default()).contains("google.clientId"));
        assert!(problem("tiktok", with_id()).contains("tiktok.clientKey"));
        assert!(problem("cognito", with_id()).contains("cognito.domain"));
        let bad = ProviderOptions { issuer: Some("x".to_owned()), ..with_id() };
        assert!(problem("gitlab", bad).contains("gitlab.issuer"));
        let off = ProviderOptions { enabled: Some(false), ..ProviderOptions::default() };
        assert_eq!(problem("google", off), "");
        assert_eq!(problem("google", with_id()), "");
    }
}
