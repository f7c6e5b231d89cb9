//! The providers of a deployment: a row and its options, for one with a file here or without.

use std::borrow::Cow;

use serde_json::Value;

use crate::config::ClientId;
use crate::config::Config;
use crate::config::GenericOAuth;
use crate::config::ProviderOptions;
use crate::fetch::Fetch;
use crate::oauth::Provider;
use crate::oauth::identity::Json as _;
use crate::oauth::providers;
use crate::oauth::providers::generic;

/// A provider that people can sign in with.
pub struct Configured<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its row.
    pub provider: &'static Provider,
    /// Its options.
    pub options: Cow<'a, ProviderOptions>,
    /// More parameters of the authorization URL.
    pub parameters: Vec<(String, String)>,
    /// Whether a token must name the sign-in that it was asked for in.
    pub binds_nonce: bool,
}

/// The provider with this id, if it is on. One that describes itself is asked at the first use, and an
/// hour later again; while it does not answer it is as if it were not there.
pub fn find<'a>(config: &'a Config, fetch: &Fetch, id: &str, now: i64) -> Option<Configured<'a>> {
    if let Some((id, options)) = config.social_providers.get_key_value(id) {
        let provider = providers::find(id).filter(|_| options.enabled != Some(false))?;
        let options = Cow::Borrowed(options);
        return Some(Configured {
            id,
            provider,
            options,
            parameters: Vec::new(),
            binds_nonce: false,
        });
    }
    let known = config.generic_oauth.iter().find(|generic| generic.provider_id == id)?;
    match generic(known, fetch, now) {
        Ok(found) => Some(found),
        Err(reason) => {
            tracing::warn!(provider = id, reason, "a provider is not usable");
            None
        }
    }
}

/// A provider that has no file here.
///
/// # Errors
/// Why it cannot be used, for the log or an administrator: it does not describe itself, or incompletely.
pub fn generic<'a>(
    generic: &'a GenericOAuth,
    fetch: &Fetch,
    now: i64,
) -> Result<Configured<'a>, String> {
    let description = match &generic.discovery_url {
        Some(url) => fetch
            .cached_json(url, &[], now, |description| describe(generic, description).is_some())?,
        None => Value::Null,
    };
    let found = describe(generic, &description);
    found.ok_or_else(|| "it names no authorization_endpoint or no token_endpoint".to_owned())
}

fn describe<'a>(generic: &'a GenericOAuth, description: &Value) -> Option<Configured<'a>> {
    let described = |name: &str| description.at(name).as_str().map(str::to_owned);
    let or = |own: &Option<String>, name: &str| own.clone().or_else(|| described(name));
    let signs = description.at("id_token_signing_alg_values_supported");
    let is_openid = signs.as_array().is_some_and(|names| !names.is_empty());
    let options = ProviderOptions {
        client_id: Some(ClientId::One(generic.client_id.clone())),
        client_secret: generic.client_secret.clone(),
        scope: generic.scopes.clone(),
        redirect_uri: generic.redirect_uri.clone(),
        authorization_endpoint: Some(or(&generic.authorization_url, "authorization_endpoint")?),
        token_endpoint: Some(or(&generic.token_url, "token_endpoint")?),
        user_info_endpoint: or(&generic.user_info_url, "userinfo_endpoint"),
        jwks_endpoint: described("jwks_uri"),
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
    let verifies = is_openid && options.jwks_endpoint.is_some() && options.issuer.is_some();
    Some(Configured {
        id: &generic.provider_id,
        provider: if is_openid { &generic::OPENID } else { &generic::OAUTH },
        binds_nonce: verifies && !generic.disable_id_token_nonce_binding,
        options: Cow::Owned(options),
        parameters: generic.authorization_url_params.clone().into_iter().collect(),
    })
}
