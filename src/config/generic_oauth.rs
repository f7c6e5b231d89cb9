//! `genericOAuth`: providers that have no file here, by discovery or by their endpoints.

use indexmap::IndexMap;
use serde::Deserialize;
use serde::Serialize;

use crate::config::Config;
use crate::config::ConfigError;
use crate::config::PROVIDER_IDS;
use crate::config::secret;
use crate::crypto::Secret;

/// One such provider, under the names of Better Auth's plugin.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct GenericOAuth {
    /// The name in URLs and in `account.providerId`.
    pub provider_id: String,
    /// The name that people know.
    pub name: Option<String>,
    /// Where an OpenID provider describes itself, such as
    /// `https://id.example.com/.well-known/openid-configuration`.
    pub discovery_url: Option<String>,
    /// Where people are sent, if not where the description says.
    pub authorization_url: Option<String>,
    /// Where codes become tokens, likewise.
    pub token_url: Option<String>,
    /// Who it is, likewise.
    pub user_info_url: Option<String>,
    /// What the provider calls this application.
    pub client_id: String,
    /// The secret that goes with it.
    #[serde(serialize_with = "secret::redacted")]
    pub client_secret: Option<Secret>,
    /// What is asked for.
    pub scopes: Vec<String>,
    /// Where the provider sends people back to; by default `<base>/callback/<id>`.
    #[serde(rename = "redirectURI")]
    pub redirect_uri: Option<String>,
    /// What the provider asks of people, such as `consent`.
    pub prompt: Option<String>,
    /// `offline` asks some providers for a refresh token.
    pub access_type: Option<String>,
    /// `false` leaves PKCE out.
    pub pkce: Option<bool>,
    /// How the token endpoint knows this application.
    pub authentication: Option<Authentication>,
    /// More parameters of the authorization URL.
    pub authorization_url_params: IndexMap<String, String>,
    /// Leaves the nonce out that binds a token to the sign-in it was asked for in. Weakens security.
    pub disable_id_token_nonce_binding: bool,
    /// Only a request with `requestSignUp` makes new users.
    pub disable_implicit_sign_up: bool,
    /// Nobody becomes a user by this provider.
    pub disable_sign_up: bool,
    /// Every sign-in copies name, picture and address from the provider.
    pub override_user_info: bool,
    /// Whoever's address is not verified gets a message instead of a session.
    pub require_email_verification: bool,
}

/// How a token endpoint knows this application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Authentication {
    /// Id and secret in the `Authorization` header.
    Basic,
    /// Id and secret in the body.
    Post,
}

impl Config {
    pub(super) fn check_generic_oauth(&self) -> Result<(), ConfigError> {
        for (at, provider) in self.generic_oauth.iter().enumerate() {
            let refuse = |key: &str, problem: &str| {
                Err(ConfigError::new(&format!("genericOAuth[{at}].{key}"), problem))
            };
            let id = provider.provider_id.as_str();
            let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
            if id.is_empty() || !id.bytes().all(is_plain) {
                return refuse("providerId", "expected letters, digits, -, _ and .");
            }
            let is_twice =
                self.generic_oauth.iter().skip(at + 1).any(|other| other.provider_id == id);
            if is_twice || PROVIDER_IDS.contains(&id) {
                return refuse("providerId", "names another provider, too");
            }
            if provider.client_id.is_empty() {
                return refuse("clientId", "is needed");
            }
            let has_endpoints =
                provider.authorization_url.is_some() && provider.token_url.is_some();
            if provider.discovery_url.is_none() && !has_endpoints {
                let problem = "is needed, or authorizationUrl and tokenUrl are";
                return refuse("discoveryUrl", problem);
            }
            for (key, url) in [
                ("discoveryUrl", &provider.discovery_url),
                ("authorizationUrl", &provider.authorization_url),
                ("tokenUrl", &provider.token_url),
                ("userInfoUrl", &provider.user_info_url),
                ("redirectURI", &provider.redirect_uri),
            ] {
                if let Some(url) = url
                    && !url::Url::parse(url).is_ok_and(|url| url.has_host())
                {
                    return refuse(key, &format!("expected a URL, got {url:?}"));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_has_a_name_of_its_own_and_a_place() {
        let problem = |change: fn(&mut GenericOAuth)| {
            let mut provider = GenericOAuth {
                provider_id: "mine".to_owned(),
                client_id: "id".to_owned(),
                discovery_url: Some("https://id.example.com/openid".to_owned()),
                ..GenericOAuth::default()
            };
            change(&mut provider);
            let mut config = Config::default();
            config.generic_oauth = vec![provider];
            config.check().err().map(|error| error.path).unwrap_or_default()
        };
        assert_eq!(problem(|_| {}), "");
        assert_eq!(problem(|mine| mine.provider_id.clear()), "genericOAuth[0].providerId");
        assert_eq!(
            problem(|mine| "google".clone_into(&mut mine.provider_id)),
            "genericOAuth[0].providerId"
        );
        assert_eq!(
            problem(|mine| "a/b".clone_into(&mut mine.provider_id)),
            "genericOAuth[0].providerId"
        );
        assert_eq!(problem(|mine| mine.client_id.clear()), "genericOAuth[0].clientId");
        assert_eq!(problem(|mine| mine.discovery_url = None), "genericOAuth[0].discoveryUrl");
        assert_eq!(
            problem(|mine| mine.token_url = Some("x".to_owned())),
            "genericOAuth[0].tokenUrl"
        );
    }
}
