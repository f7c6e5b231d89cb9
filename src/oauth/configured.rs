//! The providers of a deployment: built-in or generic, with their options.

use std::borrow::Cow;

use serde_json::Value;
use url::Url;

use crate::config::ClientId;
use crate::config::Config;
use crate::config::GenericOAuth;
use crate::config::ProviderOptions;
use crate::fetch::Fetch;
use crate::oauth::Provider;
use crate::oauth::identity::Json as _;
use crate::oauth::providers;
use crate::oauth::providers::generic;

/// A configured provider.
pub struct Configured<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its row.
    pub provider: &'static Provider,
    /// Its options; those of a generic provider may come from its discovery document.
    pub options: Cow<'a, ProviderOptions>,
    /// What only a generic provider has.
    pub generic: Option<Generic<'a>>,
}

/// What only a generic provider has.
pub struct Generic<'a> {
    /// Its own options.
    pub options: &'a GenericOAuth,
    /// Whether its ID tokens can be verified, and so are.
    pub verifies: bool,
    /// The end-session endpoint.
    pub end_session: Option<String>,
}

impl<'a> Configured<'a> {
    /// A built-in provider.
    pub fn known(id: &'a str, options: &'a ProviderOptions) -> Option<Self> {
        let provider = providers::find(id)?;
        Some(Self { id, provider, options: Cow::Borrowed(options), generic: None })
    }

    /// The options that only a generic provider has.
    pub fn own(&self) -> Option<&'a GenericOAuth> {
        self.generic.as_ref().map(|generic| generic.options)
    }

    /// Whether ID tokens that come with a code are verified: for generic providers whenever the discovery document says
    /// how.
    pub fn verifies(&self) -> bool {
        self.generic.as_ref().is_some_and(|generic| generic.verifies)
    }

    /// Whether an ID token must contain the nonce of its sign-in.
    pub fn binds_nonce(&self) -> bool {
        self.verifies() && !self.own().is_some_and(|own| own.disable_id_token_nonce_binding)
    }

    /// Headers of requests for its keys.
    pub fn key_headers(&self) -> Vec<(&'a str, &'a str)> {
        let origin = |url: &String| Some(Url::parse(url).ok()?.origin());
        let Some(own) = self.own() else {
            return Vec::new();
        };
        let description = own.discovery_url.as_ref().and_then(origin);
        let is_same = self.options.jwks_endpoint.as_ref().and_then(origin) == description;
        if is_same { pairs(&own.discovery_headers) } else { Vec::new() }
    }
}

/// Borrows texts for a request.
pub(super) fn pairs(texts: &indexmap::IndexMap<String, String>) -> Vec<(&str, &str)> {
    texts.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// The provider with this id, if it is enabled. A discovery document is fetched at the first use and every hour; while
/// it is unavailable, so is the provider.
pub fn find<'a>(config: &'a Config, fetch: &Fetch, id: &str, now: i64) -> Option<Configured<'a>> {
    let known = config.social_providers.get_key_value(id);
    if let Some((id, options)) = known.filter(|(_, options)| options.is_on()) {
        return Configured::known(id, options);
    }
    let known = config.generic_oauth.iter().find(|generic| generic.provider_id == id)?;
    match generic(known, fetch, now) {
        Ok(found) => Some(found),
        Err(reason) => {
            tracing::warn!(provider = id, reason, "the provider cannot be used");
            None
        }
    }
}

/// A generic provider.
pub fn generic<'a>(
    generic: &'a GenericOAuth,
    fetch: &Fetch,
    now: i64,
) -> Result<Configured<'a>, String> {
    let Some(url) = &generic.discovery_url else {
        return describe(generic, &Value::Null);
    };
    let headers = pairs(&generic.discovery_headers);
    let suits = |description: &Value| describe(generic, description).is_ok();
    describe(generic, &fetch.cached_json(url, &headers, now, suits)?)
}

fn describe<'a>(generic: &'a GenericOAuth, description: &Value) -> Result<Configured<'a>, String> {
    let described = |name: &str| description.at(name).as_str().map(str::to_owned);
    let or = |own: &Option<String>, name: &str| own.clone().or_else(|| described(name));
    let needed = |own: &Option<String>, name: &str| {
        or(own, name).ok_or_else(|| format!("its discovery document has no {name}"))
    };
    let signs = description.at("id_token_signing_alg_values_supported");
    let is_openid = signs.as_array().is_some_and(|names| !names.is_empty());
    // The URL of the keys may be relative to the discovery document.
    let base = generic.discovery_url.as_deref().and_then(|url| Url::parse(url).ok());
    let keys = described("jwks_uri").and_then(|keys| base?.join(&keys).ok());
    let mut options = ProviderOptions {
        client_id: Some(ClientId::One(generic.client_id.clone())),
        client_secret: generic.client_secret.clone(),
        scope: generic.scopes.clone(),
        redirect_uri: generic.redirect_uri.clone(),
        authorization_endpoint: Some(needed(&generic.authorization_url, "authorization_endpoint")?),
        token_endpoint: Some(needed(&generic.token_url, "token_endpoint")?),
        user_info_endpoint: or(&generic.user_info_url, "userinfo_endpoint"),
        jwks_endpoint: keys.map(Into::into),
        issuer: described("issuer"),
        prompt: generic.prompt.clone(),
        access_type: generic.access_type.clone(),
        pkce: generic.pkce,
        authentication: generic.authentication,
        disable_implicit_sign_up: generic.disable_implicit_sign_up,
        disable_sign_up: generic.disable_sign_up,
        override_user_info_on_sign_in: generic.override_user_info,
        require_email_verification: generic.require_email_verification,
        ..ProviderOptions::default()
    };
    let verifies = options.jwks_endpoint.is_some() && options.issuer.is_some();
    options.disable_id_token_sign_in = !verifies;
    if generic.require_id_token_verification && !verifies {
        return Err("its discovery document has no issuer or no jwks_uri".to_owned());
    }
    let end_session = or(&generic.end_session_endpoint, "end_session_endpoint");
    Ok(Configured {
        id: &generic.provider_id,
        provider: if is_openid { &generic::OPENID } else { &generic::OAUTH },
        options: Cow::Owned(options),
        generic: Some(Generic { options: generic, verifies, end_session }),
    })
}
