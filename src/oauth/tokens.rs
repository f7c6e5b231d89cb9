//! A code becomes tokens, and tokens become new ones [contract 10.3; RFC 6749 4.1.3, 6].

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use url::form_urlencoded;

use crate::config::Authentication;
use crate::config::ClientId;
use crate::config::ProviderOptions;
use crate::crypto::Secret;
use crate::database::Timestamp;
use crate::fetch::Answer;
use crate::fetch::Fetch;
use crate::oauth::Provider;
use crate::oauth::provider::Pkce;
use crate::oauth::provider::Style;
use crate::oauth::provider::TokenAuth;

/// Longer than any token lives; a provider that says more is not believed.
const LIFETIME_MAX: u64 = 10 * 365 * 24 * 60 * 60;

/// A code that nobody gave out.
const NOBODYS_CODE: &str = "better-auth-checks-the-credentials";

/// What a provider gave.
#[derive(Debug, Clone, Default)]
pub struct Tokens {
    /// Asks the provider in the person's name.
    pub access_token: Option<String>,
    /// Becomes a new access token.
    pub refresh_token: Option<String>,
    /// Says who it is.
    pub id_token: Option<String>,
    /// When the access token is over.
    pub access_token_expires_at: Option<Timestamp>,
    /// When the refresh token is.
    pub refresh_token_expires_at: Option<Timestamp>,
    /// What the tokens are good for.
    pub scopes: Vec<String>,
    /// The whole answer.
    pub raw: Value,
}

/// A code that came back.
pub struct Code<'a> {
    /// The code itself.
    pub code: &'a str,
    /// What it is bound to.
    pub verifier: &'a str,
    /// What VK names the browser.
    pub device_id: Option<&'a str>,
    /// Where it was sent to.
    pub redirect_uri: &'a str,
}

type Form = Vec<(&'static str, String)>;

/// Exchanges a code.
///
/// # Errors
/// In words for the log: the provider refuses it, or is not there.
pub fn exchange(
    fetch: &Fetch,
    provider: &Provider,
    options: &ProviderOptions,
    code: &Code<'_>,
    now: Timestamp,
) -> Result<Tokens, String> {
    if provider.id == "wechat" {
        return wechat(fetch, provider, options, &[("code", code.code)], now);
    }
    let mut form: Form =
        vec![("grant_type", "authorization_code".to_owned()), ("code", code.code.to_owned())];
    if provider.pkce != Pkce::Off {
        form.push(("code_verifier", code.verifier.to_owned()));
    }
    let is_short = matches!(provider.style, Style::Short(_));
    let client_key = options.client_key.as_ref().filter(|_| !is_short);
    form.extend(client_key.map(|key| ("client_key", key.clone())));
    form.extend(code.device_id.map(|id| ("device_id", id.to_owned())));
    let redirect_uri = options.redirect_uri.as_deref().unwrap_or(code.redirect_uri);
    form.push(("redirect_uri", redirect_uri.to_owned()));
    ask(fetch, provider, options, form, now)
}

/// Exchanges a refresh token.
///
/// # Errors
/// As [`exchange`].
pub fn refresh(
    fetch: &Fetch,
    provider: &Provider,
    options: &ProviderOptions,
    refresh_token: &str,
    now: Timestamp,
) -> Result<Tokens, String> {
    if provider.id == "wechat" {
        return wechat(fetch, provider, options, &[("refresh_token", refresh_token)], now);
    }
    let mut form: Form = vec![
        ("grant_type", "refresh_token".to_owned()),
        ("refresh_token", refresh_token.to_owned()),
    ];
    if provider.id == "microsoft" {
        let defaults = provider.scopes.iter().filter(|_| !options.disable_default_scope);
        let scopes: Vec<&str> =
            defaults.copied().chain(options.scope.iter().map(String::as_str)).collect();
        form.push(("scope", scopes.join(" ")));
    }
    let tokens = ask(fetch, provider, options, form, now)?;
    if tokens.access_token.is_some() { Ok(tokens) } else { Err("no access token".to_owned()) }
}

/// What the token endpoint answers to a code that nobody gave out.
///
/// # Errors
/// In words for people: nobody is there.
pub fn probe(
    fetch: &Fetch,
    provider: &Provider,
    options: &ProviderOptions,
) -> Result<Answer, String> {
    if provider.id == "wechat" {
        return wechat_answer(fetch, provider, options, &[("code", NOBODYS_CODE)]);
    }
    let mut form: Form =
        vec![("grant_type", "authorization_code".to_owned()), ("code", NOBODYS_CODE.to_owned())];
    if provider.pkce != Pkce::Off {
        form.push(("code_verifier", NOBODYS_CODE.to_owned()));
    }
    let redirect_uri = options.redirect_uri.as_deref().unwrap_or("https://example.com/");
    form.push(("redirect_uri", redirect_uri.to_owned()));
    send(fetch, provider, options, form)
}

fn ask(
    fetch: &Fetch,
    provider: &Provider,
    options: &ProviderOptions,
    form: Form,
    now: Timestamp,
) -> Result<Tokens, String> {
    let answer = send(fetch, provider, options, form)?;
    let status = answer.status;
    let answer = answer.json().ok_or_else(|| format!("the token endpoint answered {status}"))?;
    read(provider, &answer, now)
}

fn send(
    fetch: &Fetch,
    provider: &Provider,
    options: &ProviderOptions,
    mut form: Form,
) -> Result<Answer, String> {
    let client_id = options.client_id.as_ref().map_or("", ClientId::primary).to_owned();
    let secret =
        options.client_secret.as_ref().map(Secret::expose).filter(|secret| !secret.is_empty());
    let mut authorization = None;
    let auth = match options.authentication {
        Some(Authentication::Basic) => TokenAuth::Basic,
        Some(Authentication::Post) => TokenAuth::Post,
        None => provider.auth,
    };
    match (provider.style, auth, secret) {
        (Style::Short(_), _, secret) => {
            form.push(("client_key", options.client_key.clone().unwrap_or_default()));
            form.push(("client_secret", secret.unwrap_or_default().to_owned()));
        }
        (_, TokenAuth::Basic, Some(secret)) => {
            let encode =
                |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            let both = format!("{}:{}", encode(&client_id), encode(secret));
            authorization = Some(format!("Basic {}", BASE64_STANDARD.encode(both)));
        }
        (_, _, secret) => {
            form.push(("client_id", client_id));
            form.extend(secret.map(|secret| ("client_secret", secret.to_owned())));
        }
    }
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&form).finish();
    let mut headers =
        vec![("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json")];
    headers.extend(authorization.as_deref().map(|value| ("authorization", value)));
    fetch.post(&token_endpoint(provider, options), &headers, &body)
}

fn token_endpoint(provider: &Provider, options: &ProviderOptions) -> String {
    match &options.token_endpoint {
        Some(own) => own.clone(),
        None => provider.endpoint(provider.token, options),
    }
}

/// `WeChat` wants `GET`, and names everything its own way.
fn wechat(
    fetch: &Fetch,
    provider: &Provider,
    options: &ProviderOptions,
    what: &[(&str, &str)],
    now: Timestamp,
) -> Result<Tokens, String> {
    let answer = wechat_answer(fetch, provider, options, what)?;
    let status = answer.status;
    let answer = answer.json().ok_or_else(|| format!("the token endpoint answered {status}"))?;
    if answer.get("errcode").is_some() {
        let message = answer.get("errmsg").unwrap_or(&Value::Null);
        return Err(format!("the token endpoint answered {message}"));
    }
    read(provider, &answer, now)
}

fn wechat_answer(
    fetch: &Fetch,
    provider: &Provider,
    options: &ProviderOptions,
    what: &[(&str, &str)],
) -> Result<Answer, String> {
    let is_code = what.iter().any(|(name, _)| *name == "code");
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("appid", options.client_id.as_ref().map_or("", ClientId::primary));
    if is_code {
        query.append_pair("secret", options.client_secret.as_ref().map_or("", Secret::expose));
    }
    let grant_type = if is_code { "authorization_code" } else { "refresh_token" };
    let query = query.extend_pairs(what).append_pair("grant_type", grant_type).finish();
    let mut endpoint = token_endpoint(provider, options);
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
        Some(now.after(Duration::from_secs(seconds.min(LIFETIME_MAX))))
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
