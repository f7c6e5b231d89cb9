//! `socialProviders`: who else can say who somebody is.

use indexmap::IndexMap;
use serde::Deserialize;
use serde::Serialize;

use crate::config::Authentication;
use crate::config::Config;
use crate::config::ConfigError;
use crate::config::secret;
use crate::crypto::Secret;
use crate::error::shown;

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
    /// How the token endpoint knows this application, if not as the provider wants it.
    pub authentication: Option<Authentication>,
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

/// Every provider by id; a test holds the list against the providers themselves.
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
    /// Whether people can sign in with it.
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
                let problem = format!("is no provider{}", hint.unwrap_or_default());
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
