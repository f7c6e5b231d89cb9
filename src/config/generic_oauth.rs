//! `genericOAuth`: other providers, configured by discovery or by their endpoints.

use http::HeaderName;
use http::HeaderValue;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use serde::Serializer;

use crate::config::Config;
use crate::config::ConfigError;
use crate::config::ProviderOptions;
use crate::config::secret;
use crate::crypto::Secret;
use crate::crypto::assertion::SigningKey;
use crate::error::shown;

/// A generic provider, with the option names of Better Auth's plugin.
#[derive(Clone, Default, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct GenericOAuth {
    /// The id in URLs and in `account.providerId`.
    pub provider_id: String,
    /// The display name.
    pub name: Option<String>,
    /// The URL of the discovery document, such as
    /// `https://id.example.com/.well-known/openid-configuration`.
    pub discovery_url: Option<String>,
    /// Headers of the request for the discovery document, and for the keys if they have the same
    /// origin.
    #[serde(serialize_with = "redacted")]
    pub discovery_headers: IndexMap<String, String>,
    /// Requires a discovery document with issuer and keys, and an ID token for each sign-in.
    pub require_id_token_verification: bool,
    /// The authorization endpoint; by default from the discovery document.
    pub authorization_url: Option<String>,
    /// The token endpoint; by default from the discovery document.
    pub token_url: Option<String>,
    /// The user info endpoint; by default from the discovery document.
    pub user_info_url: Option<String>,
    /// The field of the profile that permanently identifies a user, a string or a whole number; by
    /// default `sub` with OpenID, `id` without.
    pub account_subject: Option<String>,
    /// The sign-out endpoint, to which `signOut()` then redirects; by default from the discovery
    /// document.
    pub end_session_endpoint: Option<String>,
    /// Where the provider redirects after sign-out.
    #[serde(rename = "postLogoutRedirectURI")]
    pub post_logout_redirect_uri: Option<String>,
    /// Signing out here does not sign out at the provider.
    pub disable_provider_logout: bool,
    /// The client id of this application.
    pub client_id: String,
    /// The client secret.
    #[serde(serialize_with = "secret::redacted")]
    pub client_secret: Option<Secret>,
    /// The scopes that are requested.
    pub scopes: Vec<String>,
    /// The redirect URI; by default `<base>/callback/<id>`.
    #[serde(rename = "redirectURI")]
    pub redirect_uri: Option<String>,
    /// `code`, unless the provider spells it differently.
    pub response_type: Option<String>,
    /// How the provider responds: in the URL, or with a form.
    pub response_mode: Option<ResponseMode>,
    /// The `prompt` parameter, such as `consent`.
    pub prompt: Option<String>,
    /// `offline` asks some providers for a refresh token.
    pub access_type: Option<String>,
    /// `false` disables PKCE.
    pub pkce: Option<bool>,
    /// How this application authenticates at the token endpoint.
    pub authentication: Option<Authentication>,
    /// The full form of `authentication`: `method` is `none`, `client_secret_basic`,
    /// `client_secret_post`, or `private_key_jwt` with `privateKeyPem` and optionally `algorithm`
    /// and `kid`.
    pub token_endpoint_auth: Option<TokenEndpointAuth>,
    /// Additional parameters of the authorization URL.
    pub authorization_url_params: IndexMap<String, String>,
    /// Additional parameters of the request that exchanges a code.
    #[serde(serialize_with = "redacted")]
    pub token_url_params: IndexMap<String, String>,
    /// Additional parameters of the request that refreshes a token.
    #[serde(serialize_with = "redacted")]
    pub refresh_token_params: IndexMap<String, String>,
    /// Additional headers of both.
    #[serde(serialize_with = "redacted")]
    pub authorization_headers: IndexMap<String, String>,
    /// Lifetime of an access token in seconds, if the provider does not return it.
    pub access_token_expires_in: Option<u64>,
    /// Whether sign-in may start at the provider; the user is then redirected there again with a
    /// state. Otherwise it is rejected.
    pub allow_idp_initiated: bool,
    /// Disables the nonce that binds an ID token to its sign-in; weakens security.
    pub disable_id_token_nonce_binding: bool,
    /// Only a request with `requestSignUp` creates a user.
    pub disable_implicit_sign_up: bool,
    /// This provider does not create users.
    pub disable_sign_up: bool,
    /// Every sign-in copies name, picture and email address from the provider.
    pub override_user_info: bool,
    /// A user whose email address is not verified gets an email instead of a session.
    pub require_email_verification: bool,
}

/// How this application authenticates at a token endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Authentication {
    /// HTTP basic authentication.
    Basic,
    /// Id and secret in the body.
    Post,
}

/// How a provider responds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the URL.
    Query,
    /// With a form.
    FormPost,
}

impl ResponseMode {
    /// The value of the `response_mode` parameter.
    pub fn name(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::FormPost => "form_post",
        }
    }
}

/// How this application authenticates at a token endpoint, with the names of OpenID Connect.
#[derive(Clone, Deserialize, JsonSchema, Serialize)]
#[serde(tag = "method", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum TokenEndpointAuth {
    /// The client id only.
    None,
    /// HTTP basic authentication.
    ClientSecretBasic,
    /// Id and secret in the body.
    ClientSecretPost,
    /// A token that it signs for each request [RFC 7523].
    PrivateKeyJwt {
        /// The key in PEM (PKCS 8).
        #[serde(serialize_with = "secret::hidden")]
        private_key_pem: Secret,
        /// The id of the public key at the provider.
        kid: Option<String>,
        /// The signature algorithm; by default `RS256`.
        algorithm: Option<String>,
    },
}

impl TokenEndpointAuth {
    /// The signing key, if there is one.
    pub fn key(&self) -> Option<SigningKey> {
        match self {
            Self::PrivateKeyJwt { private_key_pem, .. } => {
                SigningKey::read(private_key_pem, self.algorithm())
            }
            _ => None,
        }
    }

    /// The signature algorithm.
    pub fn algorithm(&self) -> &str {
        match self {
            Self::PrivateKeyJwt { algorithm: Some(algorithm), .. } => algorithm,
            _ => "RS256",
        }
    }
}

/// Values may be secrets.
fn redacted<S: Serializer>(values: &IndexMap<String, String>, to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(values.keys().map(|name| (name, "…")))
}

/// Parameters of the token endpoint that the configuration cannot set: they bind the response to
/// this server.
const RESERVED: [&str; 9] = [
    "grant_type",
    "code",
    "code_verifier",
    "redirect_uri",
    "refresh_token",
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
];

/// `account.providerId` of accounts with a password: a provider with this id could sign in any
/// user.
const CREDENTIAL: &str = "credential";

impl GenericOAuth {
    /// The problem with the authentication at the token endpoint: the option and the reason.
    fn authentication_problem(&self) -> Option<(&'static str, &'static str)> {
        let has_secret =
            self.client_secret.as_ref().is_some_and(|secret| !secret.expose().is_empty());
        let Some(auth) = &self.token_endpoint_auth else {
            let is_bare = self.authentication == Some(Authentication::Basic) && !has_secret;
            return is_bare.then_some(("authentication", "basic needs a clientSecret"));
        };
        let problem = |problem| Some(("tokenEndpointAuth", problem));
        if self.authentication.is_some() {
            return problem("is the same as authentication; set only one");
        }
        match auth {
            TokenEndpointAuth::ClientSecretBasic | TokenEndpointAuth::ClientSecretPost => {
                if has_secret { None } else { problem("needs a clientSecret") }
            }
            _ if has_secret => problem("uses no secret; remove clientSecret"),
            TokenEndpointAuth::None => None,
            TokenEndpointAuth::PrivateKeyJwt { .. } => auth.key().is_none().then_some((
                "tokenEndpointAuth.privateKeyPem",
                "expected a key in PEM (-----BEGIN PRIVATE KEY-----) that fits the algorithm: RS256 to RS512, PS256 \
                 to PS512, ES256, ES384 or EdDSA",
            )),
        }
    }

    /// An invalid header, or a parameter that the configuration cannot set: the option and its
    /// name.
    fn bad_name(&self) -> Option<(&'static str, &str)> {
        let is_header = |name: &str, value: &str| {
            HeaderName::try_from(name).is_ok() && HeaderValue::try_from(value).is_ok()
        };
        let headers = [
            ("discoveryHeaders", &self.discovery_headers),
            ("authorizationHeaders", &self.authorization_headers),
        ];
        let parameters = [
            ("tokenUrlParams", &self.token_url_params),
            ("refreshTokenParams", &self.refresh_token_params),
        ];
        let bad_header = headers.into_iter().find_map(|(key, all)| {
            let bad = all.iter().find(|(name, value)| !is_header(name, value))?;
            Some((key, bad.0.as_str()))
        });
        let bad_parameter = parameters.into_iter().find_map(|(key, all)| {
            let bad = all.keys().find(|name| RESERVED.contains(&name.as_str()))?;
            Some((key, bad.as_str()))
        });
        bad_header.or(bad_parameter)
    }
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
            // The id of a built-in provider is free if that provider is disabled.
            if is_twice || self.social_providers.get(id).is_some_and(ProviderOptions::is_on) {
                return refuse("providerId", "is the id of another enabled provider");
            }
            if id == CREDENTIAL {
                return refuse("providerId", "is reserved for accounts with a password");
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
            if provider.require_id_token_verification && provider.discovery_url.is_none() {
                return refuse("discoveryUrl", "is needed by requireIdTokenVerification");
            }
            if let Some((key, problem)) = provider.authentication_problem() {
                return refuse(key, problem);
            }
            if let Some((key, name)) = provider.bad_name() {
                return refuse(key, &format!("{name:?} cannot be set here"));
            }
            for (key, url) in [
                ("discoveryUrl", &provider.discovery_url),
                ("authorizationUrl", &provider.authorization_url),
                ("tokenUrl", &provider.token_url),
                ("userInfoUrl", &provider.user_info_url),
                ("endSessionEndpoint", &provider.end_session_endpoint),
                ("redirectURI", &provider.redirect_uri),
            ] {
                if let Some(url) = url
                    && !url::Url::parse(url).is_ok_and(|url| url.has_host())
                {
                    return refuse(key, &format!("expected a URL, got {}", shown::quoted(url)));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usable() -> GenericOAuth {
        GenericOAuth {
            provider_id: "mine".to_owned(),
            client_id: "id".to_owned(),
            discovery_url: Some("https://id.example.com/openid".to_owned()),
            ..GenericOAuth::default()
        }
    }

    /// The path of the error.
    fn checked(provider: GenericOAuth) -> String {
        let mut config = Config::default();
        config.generic_oauth = vec![provider];
        config.check().err().map(|error| error.path).unwrap_or_default()
    }

    #[test]
    fn a_provider_has_a_name_of_its_own_and_a_place() {
        let problem = |change: fn(&mut GenericOAuth)| {
            let mut provider = usable();
            change(&mut provider);
            checked(provider)
        };
        assert_eq!(problem(|_| {}), "");
        assert_eq!(problem(|mine| mine.provider_id.clear()), "genericOAuth[0].providerId");
        assert_eq!(
            problem(|mine| "credential".clone_into(&mut mine.provider_id)),
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
        for (name, expected) in [("x-staging", ""), ("a b", "genericOAuth[0].discoveryHeaders")] {
            let mut mine = usable();
            mine.discovery_headers.insert(name.to_owned(), "x".to_owned());
            assert_eq!(checked(mine), expected);
        }
        for (name, expected) in [("resource", ""), ("code", "genericOAuth[0].tokenUrlParams")] {
            let mut mine = usable();
            mine.token_url_params.insert(name.to_owned(), "x".to_owned());
            assert_eq!(checked(mine), expected);
        }
    }

    #[test]
    fn the_id_of_a_provider_with_a_file_here_is_free_while_that_is_off() {
        let mut config = Config::default();
        config.generic_oauth = vec![GenericOAuth { provider_id: "google".to_owned(), ..usable() }];
        config.check().unwrap();
        let options = serde_json::json!({"clientId": "id", "clientSecret": "s"});
        let google = serde_json::from_value(options).unwrap();
        config.social_providers.insert("google".to_owned(), google);
        let error = config.check().unwrap_err();
        assert_eq!(error.path, "genericOAuth[0].providerId");
        config.social_providers["google"].enabled = Some(false);
        config.check().unwrap();
    }

    #[test]
    fn a_provider_is_shown_a_secret_or_a_key_and_not_both() {
        let secret = |mine: &mut GenericOAuth| mine.client_secret = Some(Secret::new("s"));
        let outcome = |auth: serde_json::Value, with_secret: bool| {
            let mut mine = usable();
            mine.token_endpoint_auth = Some(serde_json::from_value(auth).unwrap());
            if with_secret {
                secret(&mut mine);
            }
            checked(mine)
        };
        let (fine, bad) = ("", "genericOAuth[0].tokenEndpointAuth");
        for (method, without, with) in [
            ("none", fine, bad),
            ("client_secret_basic", bad, fine),
            ("client_secret_post", bad, fine),
        ] {
            let auth = serde_json::json!({ "method": method });
            assert_eq!(outcome(auth.clone(), false), without, "{method}");
            assert_eq!(outcome(auth, true), with, "{method}");
        }
        let key = serde_json::json!({"method": "private_key_jwt", "privateKeyPem": "x"});
        assert_eq!(outcome(key.clone(), true), bad);
        assert_eq!(outcome(key, false), "genericOAuth[0].tokenEndpointAuth.privateKeyPem");
        let mut basic = usable();
        basic.authentication = Some(Authentication::Basic);
        assert_eq!(checked(basic), "genericOAuth[0].authentication");
    }
}
