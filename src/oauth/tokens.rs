//! Exchanges codes and refreshes tokens [contract 10.3; RFC 6749 4.1.3, 6].

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use serde_json::json;
use url::form_urlencoded;

use crate::config::Authentication;
use crate::config::ClientId;
use crate::config::TokenEndpointAuth;
use crate::crypto::Secret;
use crate::crypto::random;
use crate::database::Timestamp;
use crate::fetch::Answer;
use crate::fetch::Fetch;
use crate::oauth::Provider;
use crate::oauth::configured::Configured;
use crate::oauth::configured::pairs;
use crate::oauth::identity::Json as _;
use crate::oauth::provider::Pkce;
use crate::oauth::provider::Style;
use crate::oauth::provider::TokenAuth;

/// The longest accepted token lifetime in seconds; longer ones are capped.
const LIFETIME_MAX: u64 = 10 * 365 * 24 * 60 * 60;

/// The type of an assertion in place of a client secret [RFC 7523 2.2].
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// The lifetime of an assertion in seconds.
const ASSERTION_LIFETIME: i64 = 120;

/// An invalid code for checking credentials.
const INVALID_CODE: &str = "better-auth-checks-the-credentials";

/// The tokens of a provider.
#[derive(Debug, Clone, Default)]
pub struct Tokens {
    /// The access token.
    pub access_token: Option<String>,
    /// The refresh token.
    pub refresh_token: Option<String>,
    /// The ID token.
    pub id_token: Option<String>,
    /// When the access token expires.
    pub access_token_expires_at: Option<Timestamp>,
    /// When the refresh token expires.
    pub refresh_token_expires_at: Option<Timestamp>,
    /// The granted scopes.
    pub scopes: Vec<String>,
    /// The whole response.
    pub raw: Value,
}

/// An authorization code from a redirect.
pub struct Code<'a> {
    /// The code itself.
    pub code: &'a str,
    /// The PKCE code verifier.
    pub verifier: &'a str,
    /// The device id that VK sends.
    pub device_id: Option<&'a str>,
    /// The redirect URI.
    pub redirect_uri: &'a str,
}

/// Fields of a request in order.
type Form<'a> = Vec<(&'a str, String)>;

/// Exchanges a code.
pub fn exchange(
    fetch: &Fetch,
    configured: &Configured<'_>,
    code: &Code<'_>,
    now: Timestamp,
) -> Result<Tokens, String> {
    let Configured { provider, options, .. } = configured;
    if provider.id == "wechat" {
        return wechat(fetch, configured, &[("code", code.code)], now);
    }
    let mut form: Form<'_> =
        vec![("grant_type", "authorization_code".to_owned()), ("code", code.code.to_owned())];
    let is_bound = match provider.pkce {
        Pkce::Off => false,
        Pkce::Optional => options.pkce != Some(false),
        Pkce::On | Pkce::TokenOnly => true,
    };
    if is_bound {
        form.push(("code_verifier", code.verifier.to_owned()));
    }
    let is_short = matches!(provider.style, Style::Short(_));
    let client_key = options.client_key.as_ref().filter(|_| !is_short);
    form.extend(client_key.map(|key| ("client_key", key.clone())));
    form.extend(code.device_id.map(|id| ("device_id", id.to_owned())));
    let redirect_uri = options.redirect_uri.as_deref().unwrap_or(code.redirect_uri);
    form.push(("redirect_uri", redirect_uri.to_owned()));
    if let Some(own) = configured.own() {
        form.extend(
            own.token_url_params.iter().map(|(name, value)| (name.as_str(), value.clone())),
        );
    }
    ask(fetch, configured, form, now)
}

/// Exchanges a refresh token.
pub fn refresh(
    fetch: &Fetch,
    configured: &Configured<'_>,
    refresh_token: &str,
    now: Timestamp,
) -> Result<Tokens, String> {
    let Configured { provider, options, .. } = configured;
    if provider.id == "wechat" {
        return wechat(fetch, configured, &[("refresh_token", refresh_token)], now);
    }
    let mut form: Form<'_> = vec![
        ("grant_type", "refresh_token".to_owned()),
        ("refresh_token", refresh_token.to_owned()),
    ];
    if provider.id == "microsoft" {
        let defaults = provider.scopes.iter().filter(|_| !options.disable_default_scope);
        let scopes: Vec<&str> =
            defaults.copied().chain(options.scope.iter().map(String::as_str)).collect();
        form.push(("scope", scopes.join(" ")));
    }
    if let Some(own) = configured.own() {
        form.extend(
            own.refresh_token_params.iter().map(|(name, value)| (name.as_str(), value.clone())),
        );
    }
    let tokens = ask(fetch, configured, form, now)?;
    if tokens.access_token.is_some() { Ok(tokens) } else { Err("no access token".to_owned()) }
}

/// The response of the token endpoint to an invalid code.
pub fn probe(fetch: &Fetch, configured: &Configured<'_>, now: Timestamp) -> Result<Answer, String> {
    let Configured { provider, options, .. } = configured;
    if provider.id == "wechat" {
        return wechat_answer(fetch, configured, &[("code", INVALID_CODE)]);
    }
    let mut form: Form<'_> =
        vec![("grant_type", "authorization_code".to_owned()), ("code", INVALID_CODE.to_owned())];
    if provider.pkce != Pkce::Off {
        form.push(("code_verifier", INVALID_CODE.to_owned()));
    }
    let redirect_uri = options.redirect_uri.as_deref().unwrap_or("https://example.com/");
    form.push(("redirect_uri", redirect_uri.to_owned()));
    send(fetch, configured, form, now)
}

fn ask(
    fetch: &Fetch,
    configured: &Configured<'_>,
    form: Form<'_>,
    now: Timestamp,
) -> Result<Tokens, String> {
    let answer = send(fetch, configured, form, now)?;
    let status = answer.status;
    let answer = answer.json().ok_or_else(|| format!("the token endpoint answered {status}"))?;
    let mut tokens = read(configured.provider, &answer, now)?;
    // Without an expiry it would be unknown when to refresh.
    let lifetime = configured.own().and_then(|own| own.access_token_expires_in);
    if tokens.access_token_expires_at.is_none() {
        tokens.access_token_expires_at = lifetime.map(|seconds| end(now, seconds));
    }
    Ok(tokens)
}

fn end(now: Timestamp, seconds: u64) -> Timestamp {
    now.after(Duration::from_secs(seconds.min(LIFETIME_MAX)))
}

fn send(
    fetch: &Fetch,
    configured: &Configured<'_>,
    mut form: Form<'_>,
    now: Timestamp,
) -> Result<Answer, String> {
    let endpoint = token_endpoint(configured);
    let authorization = authenticate(configured, &endpoint, &mut form, now)?;
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&form).finish();
    let own = configured.own().map(|own| pairs(&own.authorization_headers)).unwrap_or_default();
    let mut headers =
        vec![("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json")];
    headers.retain(|(name, _)| !own.iter().any(|(own, _)| own.eq_ignore_ascii_case(name)));
    headers.extend(own);
    headers.extend(authorization.as_deref().map(|value| ("authorization", value)));
    fetch.post(&endpoint, &headers, &body)
}

/// Authenticates to the token endpoint: in the form, or with the returned header.
fn authenticate(
    configured: &Configured<'_>,
    endpoint: &str,
    form: &mut Form<'_>,
    now: Timestamp,
) -> Result<Option<String>, String> {
    let Configured { provider, options, .. } = configured;
    let client_id = options.client_id.as_ref().map_or("", ClientId::primary).to_owned();
    let secret =
        options.client_secret.as_ref().map(Secret::expose).filter(|secret| !secret.is_empty());
    if let Style::Short(_) = provider.style {
        form.push(("client_key", options.client_key.clone().unwrap_or_default()));
        form.push(("client_secret", secret.unwrap_or_default().to_owned()));
        return Ok(None);
    }
    let wanted = configured.own().and_then(|own| own.token_endpoint_auth.as_ref());
    let auth = match (wanted, options.authentication) {
        (Some(TokenEndpointAuth::ClientSecretBasic), _) | (None, Some(Authentication::Basic)) => {
            TokenAuth::Basic
        }
        (Some(_), _) | (None, Some(Authentication::Post)) => TokenAuth::Post,
        (None, None) => provider.auth,
    };
    if let (TokenAuth::Basic, Some(secret)) = (auth, secret) {
        let encode =
            |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let both = format!("{}:{}", encode(&client_id), encode(secret));
        return Ok(Some(format!("Basic {}", BASE64_STANDARD.encode(both))));
    }
    if let Some(auth @ TokenEndpointAuth::PrivateKeyJwt { .. }) = wanted {
        let token = assertion(auth, &client_id, endpoint, now);
        let token = token.ok_or("the private key cannot sign")?;
        form.push(("client_id", client_id));
        form.push(("client_assertion", token));
        form.push(("client_assertion_type", ASSERTION_TYPE.to_owned()));
        return Ok(None);
    }
    form.push(("client_id", client_id));
    form.extend(secret.map(|secret| ("client_secret", secret.to_owned())));
    Ok(None)
}

/// A client assertion for this endpoint, for a single use [RFC 7523 3].
fn assertion(
    auth: &TokenEndpointAuth,
    client_id: &str,
    endpoint: &str,
    now: Timestamp,
) -> Option<String> {
    let TokenEndpointAuth::PrivateKeyJwt { kid, .. } = auth else {
        return None;
    };
    let now = now.as_millis().div_euclid(1000);
    let mut header = json!({"alg": auth.algorithm(), "typ": "JWT"});
    if let Some(kid) = kid {
        header.set("kid", kid.as_str());
    }
    let claims = json!({
        "iss": client_id, "sub": client_id, "aud": endpoint, "jti": random::id(), "iat": now,
        "exp": now.saturating_add(ASSERTION_LIFETIME),
    });
    auth.key()?.sign(&header.to_string(), &claims.to_string())
}

fn token_endpoint(Configured { provider, options, .. }: &Configured<'_>) -> String {
    match &options.token_endpoint {
        Some(own) => own.clone(),
        None => provider.endpoint(provider.token, options),
    }
}

/// `WeChat` requires `GET` and other parameter names.
fn wechat(
    fetch: &Fetch,
    configured: &Configured<'_>,
    what: &[(&str, &str)],
    now: Timestamp,
) -> Result<Tokens, String> {
    let answer = wechat_answer(fetch, configured, what)?;
    let status = answer.status;
    let answer = answer.json().ok_or_else(|| format!("the token endpoint answered {status}"))?;
    if answer.get("errcode").is_some() {
        let message = answer.get("errmsg").unwrap_or(&Value::Null);
        return Err(format!("the token endpoint answered {message}"));
    }
    read(configured.provider, &answer, now)
}

fn wechat_answer(
    fetch: &Fetch,
    configured: &Configured<'_>,
    what: &[(&str, &str)],
) -> Result<Answer, String> {
    let options = &configured.options;
    let is_code = what.iter().any(|(name, _)| *name == "code");
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("appid", options.client_id.as_ref().map_or("", ClientId::primary));
    if is_code {
        query.append_pair("secret", options.client_secret.as_ref().map_or("", Secret::expose));
    }
    let grant_type = if is_code { "authorization_code" } else { "refresh_token" };
    let query = query.extend_pairs(what).append_pair("grant_type", grant_type).finish();
    let mut endpoint = token_endpoint(configured);
    if !is_code {
        endpoint = endpoint.replace("/access_token", "/refresh_token");
    }
    fetch.get(&format!("{endpoint}?{query}"), &[("accept", "application/json")])
}

fn read(provider: &Provider, answer: &Value, now: Timestamp) -> Result<Tokens, String> {
    if let Some(error) = answer.get("error") {
        return Err(format!("the token endpoint answered {error}"));
    }
    let text = |name: &str| {
        answer.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let end = |name: &str| {
        let seconds = answer.get(name).and_then(Value::as_u64).filter(|seconds| 0 < *seconds)?;
        Some(end(now, seconds))
    };
    let separator: fn(char) -> bool =
        if provider.id == "wechat" { |c| c == ',' } else { char::is_whitespace };
    let scopes = match answer.get("scope") {
        Some(Value::String(scopes)) => {
            scopes.split(separator).filter(|scope| !scope.is_empty()).map(str::to_owned).collect()
        }
        Some(Value::Array(scopes)) => {
            scopes.iter().filter_map(Value::as_str).map(|scope| scope.trim().to_owned()).collect()
        }
        _ => Vec::new(),
    };
    Ok(Tokens {
        access_token: text("access_token"),
        refresh_token: text("refresh_token"),
        id_token: text("id_token"),
        access_token_expires_at: end("expires_in"),
        refresh_token_expires_at: end("refresh_token_expires_in"),
        scopes,
        raw: answer.clone(),
    })
}
