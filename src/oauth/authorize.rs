//! Builds the authorization URL [contract 10.1].

use std::mem::discriminant;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use indexmap::IndexMap;
use percent_encoding::utf8_percent_encode;
use serde_json::Map;
use serde_json::Value;
use sha2::Digest as _;
use sha2::Sha256;
use url::Url;

use crate::config::ClientId;
use crate::config::GenericOAuth;
use crate::config::ProviderOptions;
use crate::crypto::cookie::ESCAPED;
use crate::error::AuthError;
use crate::oauth::Provider;
use crate::oauth::provider::MoreScopes;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Pkce;
use crate::oauth::provider::Short;
use crate::oauth::provider::Style;

/// Parameters that a request cannot set, because they protect the flow.
pub const RESERVED: [&str; 8] = [
    "state",
    "client_id",
    "redirect_uri",
    "response_type",
    "code_challenge",
    "code_challenge_method",
    "nonce",
    "scope",
];

/// The parameters of one sign-in.
pub struct AuthorizeRequest<'a> {
    /// The state, which binds the response to the browser.
    pub state: &'a str,
    /// The PKCE code verifier, which binds the code to this server.
    pub code_verifier: &'a str,
    /// The redirect URI.
    pub redirect_uri: &'a str,
    /// Additional scopes of the request.
    pub scopes: &'a [String],
    /// The nonce, which binds the ID token to this sign-in.
    pub nonce: Option<&'a str>,
    /// The login hint.
    pub login_hint: Option<&'a str>,
    /// Additional parameters of the request.
    pub additional: &'a IndexMap<String, String>,
    /// The options of a generic provider.
    pub own: Option<&'a GenericOAuth>,
}

type Parameters = IndexMap<String, String>;

/// The URL of the provider's authorization page.
///
/// # Errors
/// `INTERNAL_SERVER_ERROR` when a configured endpoint is not a URL; that is checked before.
pub fn url(
    provider: &Provider,
    options: &ProviderOptions,
    ask: &AuthorizeRequest<'_>,
) -> Result<String, AuthError> {
    let endpoint = options.authorization_endpoint.as_deref().filter(|_| !is_short(provider));
    let endpoint = match endpoint {
        Some(own) => own.to_owned(),
        None => provider.endpoint(provider.authorize, options),
    };
    let mut url = Url::parse(&endpoint).map_err(AuthError::internal)?;
    let parameters = match provider.style {
        Style::Short(short) => short_parameters(provider, options, ask, short),
        Style::Usual | Style::ScopeLast | Style::Closed => parameters(provider, options, ask),
    };
    add(&mut url, &parameters);
    match provider.style {
        Style::Short(Short { fragment, .. }) => url.set_fragment(fragment),
        Style::ScopeLast => return Ok(with_scope_last(&url)),
        Style::Usual | Style::Closed => {}
    }
    Ok(url.into())
}

fn is_short(provider: &Provider) -> bool {
    matches!(provider.style, Style::Short(_))
}

/// Parameters in the endpoint's own query come first, unless they are overridden.
fn add(url: &mut Url, parameters: &Parameters) {
    let own = url.query().unwrap_or_default().split('&').filter(|pair| {
        let name = url::form_urlencoded::parse(pair.as_bytes()).next().map(|(name, _)| name);
        name.is_some_and(|name| !parameters.contains_key(name.as_ref()))
    });
    let new =
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    let query: Vec<&str> = own.chain([new.as_str()]).filter(|part| !part.is_empty()).collect();
    let query = query.join("&");
    url.set_query(Some(&query));
}

fn parameters(
    provider: &Provider,
    options: &ProviderOptions,
    ask: &AuthorizeRequest<'_>,
) -> Parameters {
    let mut parameters = Parameters::new();
    let mut set = |name: &str, value: &str| {
        parameters.insert(name.to_owned(), value.to_owned());
    };
    let sends = |parameter: Parameter| {
        provider.sends.iter().any(|known| discriminant(known) == discriminant(&parameter))
    };
    let scopes = scopes(provider, options, ask.scopes);
    let two = sends(Parameter::CodeAndIdToken);
    let usual = if two { "code id_token" } else { "code" };
    set("response_type", ask.own.and_then(|own| own.response_type.as_deref()).unwrap_or(usual));
    set("client_id", options.client_id.as_ref().map_or("", ClientId::primary));
    set("state", ask.state);
    if !scopes.is_empty() {
        set("scope", &scopes.join(" "));
    }
    set("redirect_uri", options.redirect_uri.as_deref().unwrap_or(ask.redirect_uri));
    let prompt = provider.sends.iter().find_map(|parameter| match parameter {
        Parameter::Prompt => options.prompt.as_deref(),
        Parameter::PromptOr(default) => Some(options.prompt.as_deref().unwrap_or(default)),
        _ => None,
    });
    let mode = || Some(ask.own?.response_mode?.name().to_owned());
    let known =
        |parameter, value: Option<&'_ str>| value.filter(|_| sends(parameter)).map(str::to_owned);
    for (name, value) in [
        ("duration", known(Parameter::Duration, options.duration.as_deref())),
        ("display", known(Parameter::Display, options.display.as_deref())),
        ("login_hint", known(Parameter::LoginHint, ask.login_hint)),
        ("nonce", known(Parameter::Nonce, ask.nonce)),
        ("prompt", prompt.map(str::to_owned)),
        ("hd", known(Parameter::HostedDomain, options.hd.as_deref())),
        ("access_type", known(Parameter::AccessType, options.access_type.as_deref())),
        ("response_mode", known(Parameter::FormPost, Some("form_post")).or_else(mode)),
    ] {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            set(name, &value);
        }
    }
    let is_bound = match provider.pkce {
        Pkce::On => true,
        Pkce::Optional => options.pkce != Some(false),
        Pkce::Off | Pkce::TokenOnly => false,
    };
    if is_bound {
        set("code_challenge_method", "S256");
        set("code_challenge", &challenge(ask.code_verifier));
    }
    if let Some(claims) = claims(provider, options) {
        set("claims", &claims);
    }
    for (name, value) in additional(provider, options, ask, &scopes) {
        set(&name, &value);
    }
    parameters
}

/// Parameters of the provider and of the request.
fn additional(
    provider: &Provider,
    options: &ProviderOptions,
    ask: &AuthorizeRequest<'_>,
    scopes: &[String],
) -> Parameters {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let mut all: Parameters = provider.fixed.iter().map(owned).collect();
    for parameter in provider.sends {
        let (name, value) = match parameter {
            Parameter::Of(name, of) => (name, of(options)),
            Parameter::OfWithScope(name, scope, of) => {
                (name, of(options).filter(|_| scopes.iter().any(|asked| asked == scope)))
            }
            _ => continue,
        };
        all.extend(value.map(|value| ((*name).to_owned(), value)));
    }
    all.extend(ask.own.map(|own| own.authorization_url_params.clone()).unwrap_or_default());
    if provider.style != Style::Closed {
        all.extend(ask.additional.clone());
    }
    for (name, value) in provider.forced {
        all.insert((*name).to_owned(), (*value).to_owned());
    }
    all.retain(|name, _| !RESERVED.contains(&name.as_str()));
    all
}

fn short_parameters(
    provider: &Provider,
    options: &ProviderOptions,
    ask: &AuthorizeRequest<'_>,
    short: Short,
) -> Parameters {
    let client = if short.is_key {
        options.client_key.as_deref().unwrap_or_default()
    } else {
        options.client_id.as_ref().map_or("", ClientId::primary)
    };
    let scopes = scopes(provider, options, ask.scopes).join(",");
    let mut all: Parameters = [
        ("scope", scopes.as_str()),
        ("response_type", "code"),
        (short.client, client),
        ("redirect_uri", options.redirect_uri.as_deref().unwrap_or(ask.redirect_uri)),
        ("state", ask.state),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect();
    if let Some(default) = short.lang {
        let lang = options.lang.as_deref().unwrap_or(default);
        all.insert("lang".to_owned(), lang.to_owned());
    }
    for (name, value) in ask.additional {
        if !RESERVED.contains(&name.as_str()) && name != short.client {
            all.insert(name.clone(), value.clone());
        }
    }
    all
}

fn scopes(provider: &Provider, options: &ProviderOptions, asked: &[String]) -> Vec<String> {
    let defaults = provider.scopes.iter().filter(|_| !options.disable_default_scope);
    let defaults = defaults.map(|scope| (*scope).to_owned());
    let (first, second) = match provider.more_scopes {
        MoreScopes::None => return Vec::new(),
        MoreScopes::OptionsFirst | MoreScopes::Distinct => (options.scope.as_slice(), asked),
        MoreScopes::RequestFirst | MoreScopes::OpenIdFirst => (asked, options.scope.as_slice()),
    };
    let mut all: Vec<String> = defaults.chain(first.iter().chain(second).cloned()).collect();
    let is_openid = provider.more_scopes == MoreScopes::OpenIdFirst;
    if is_openid && !all.iter().any(|scope| scope == "openid") {
        all.insert(0, "openid".to_owned());
    }
    if provider.more_scopes == MoreScopes::Distinct {
        let mut seen = std::collections::HashSet::new();
        all.retain(|scope| seen.insert(scope.clone()));
    }
    all
}

/// The PKCE challenge of a verifier [RFC 7636 4.2].
fn challenge(verifier: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

fn claims(provider: &Provider, options: &ProviderOptions) -> Option<String> {
    let defaults = provider.sends.iter().find_map(|parameter| match parameter {
        Parameter::Claims(claims) => Some(*claims),
        _ => None,
    })?;
    let always = ["email", "email_verified"].map(str::to_owned);
    let wanted: Vec<String> = if options.claims.is_empty() {
        defaults.iter().map(|claim| (*claim).to_owned()).collect()
    } else {
        options.claims.clone()
    };
    let id_token: Map<String, Value> =
        always.into_iter().chain(wanted).map(|claim| (claim, Value::Null)).collect();
    Some(serde_json::json!({ "id_token": id_token }).to_string())
}

fn with_scope_last(url: &Url) -> String {
    let scope = url.query_pairs().find(|(name, _)| name == "scope").map(|(_, value)| value);
    let Some(scope) = scope.map(|scope| utf8_percent_encode(&scope, ESCAPED).to_string()) else {
        return url.to_string();
    };
    let others: Vec<(String, String)> =
        url.query_pairs().into_owned().filter(|(name, _)| name != "scope").collect();
    let mut url = url.clone();
    url.query_pairs_mut().clear().extend_pairs(others);
    format!("{url}&scope={scope}")
}

impl Provider {
    /// An endpoint with the options filled in.
    pub fn endpoint(&self, template: &str, options: &ProviderOptions) -> String {
        let or = |option: &Option<String>, default: &str| {
            let value = option.as_deref().filter(|value| !value.is_empty()).unwrap_or(default);
            value.trim_end_matches('/').to_owned()
        };
        let is_sandbox = |default: &str| or(&options.environment, default) == "sandbox";
        let issuer =
            if self.id == "gitlab" { "https://gitlab.com" } else { "https://idp.paybin.io" };
        let salesforce =
            if is_sandbox("production") { "test.salesforce.com" } else { "login.salesforce.com" };
        let domain = or(&options.domain, "");
        let domain = domain.trim_start_matches("https://").trim_start_matches("http://");
        template
            .replace("{issuer}", &or(&options.issuer, issuer))
            .replace("{authority}", &or(&options.authority, "https://login.microsoftonline.com"))
            .replace("{tenant}", &or(&options.tenant_id, "common"))
            .replace("{domain}", domain)
            .replace("{region}", &or(&options.region, ""))
            .replace("{pool}", &or(&options.user_pool_id, ""))
            .replace("{login}", &or(&options.login_url, salesforce))
            .replace("{sandbox}", if is_sandbox("sandbox") { ".sandbox" } else { "" })
    }
}
