//! Verifies ID tokens that an application obtained itself, for example on a phone [contract 8.4; OpenID Connect Core
//! 3.1.3.7]. No claim is used before the signature is verified.

use serde_json::Value;
use sha2::Digest as _;
use sha2::Sha256;

use crate::config::ClientId;
use crate::config::ProviderOptions;
use crate::crypto::is_same;
use crate::crypto::jwks;
use crate::database::Timestamp;
use crate::fetch::Fetch;
use crate::oauth::Provider;
use crate::oauth::configured::Configured;
use crate::oauth::identity::Json as _;
use crate::oauth::identity::text;
use crate::oauth::provider::IdToken;
use crate::oauth::provider::IdTokenRules;

/// The tolerated clock difference in seconds.
const TOLERANCE: i64 = 30;

/// Whether ID tokens of this provider are accepted.
pub fn is_supported(provider: &Provider, options: &ProviderOptions) -> bool {
    !options.disable_id_token_sign_in && !matches!(provider.id_token, IdToken::Never)
}

/// The URL of the keys that a provider signs with, if its ID tokens are accepted.
pub fn keys_url(configured: &Configured<'_>) -> Option<String> {
    let Configured { provider, options, .. } = configured;
    match provider.id_token {
        IdToken::IdTokenRules(signed) if is_supported(provider, options) => Some(
            options
                .jwks_endpoint
                .clone()
                .unwrap_or_else(|| provider.endpoint(signed.keys, options)),
        ),
        _ => None,
    }
}

/// Whether the provider issued this token for this application, and with this nonce if there is one. Any error means
/// `false`.
pub fn is_valid(
    fetch: &Fetch,
    configured: &Configured<'_>,
    (token, nonce): (&str, Option<&str>),
    now: Timestamp,
) -> bool {
    let Configured { provider, options, .. } = configured;
    match provider.id_token {
        _ if !is_supported(provider, options) => false,
        IdToken::Never => false,
        IdToken::Asked(url) => asked(fetch, options, url, token, nonce),
        IdToken::IdTokenRules(signed) if token.split('.').count() != 3 => signed.takes_opaque,
        IdToken::IdTokenRules(signed) => {
            let Some(keys) = keys_url(configured) else {
                return false;
            };
            let is_known = |keys: &Value| jwks::open(keys, token).is_some();
            let keys =
                fetch.cached_json(&keys, &configured.key_headers(), now.as_millis(), is_known).ok();
            let claims = keys.and_then(|keys| jwks::open(&keys, token));
            claims.is_some_and(|claims| is_for_us(&claims, signed, options, nonce, now))
        }
    }
}

fn asked(
    fetch: &Fetch,
    options: &ProviderOptions,
    url: &str,
    token: &str,
    nonce: Option<&str>,
) -> bool {
    let client_id = options.client_id.as_ref().map_or("", ClientId::primary);
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("id_token", token).append_pair("client_id", client_id);
    if let Some(nonce) = nonce {
        form.append_pair("nonce", nonce);
    }
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let answer = fetch.post(url, &headers, &form.finish()).ok().and_then(|answer| answer.json());
    answer.is_some_and(|claims| {
        let is_ours = !client_id.is_empty() && text(claims.at("aud")).as_deref() == Some(client_id);
        let is_of_request = |nonce| is_nonce(claims.at("nonce").as_str(), nonce, false);
        is_ours && (claims.at("nonce").is_null() || nonce.is_some_and(is_of_request))
    })
}

fn is_for_us(
    claims: &Value,
    signed: IdTokenRules,
    options: &ProviderOptions,
    nonce: Option<&str>,
    now: Timestamp,
) -> bool {
    let now = now.as_millis().div_euclid(1000);
    let string = |name: &str| claims.at(name).as_str().filter(|text| !text.is_empty());
    let time = |name: &str| claims.at(name).as_i64();
    let (Some(issuer), Some(_), Some(end), Some(begin)) =
        (string("iss"), text(claims.at("sub")), time("exp"), time("iat"))
    else {
        return false;
    };
    let is_in_time = now - TOLERANCE < end
        && begin <= now + TOLERANCE
        && time("nbf").is_none_or(|begin| begin <= now + TOLERANCE)
        && signed.age_max.is_none_or(|age_max| now - begin <= age_max + TOLERANCE);
    let is_of_issuer = signed.issuers.is_empty() || signed.issuers.contains(&issuer);
    is_in_time
        && is_of_issuer
        && is_audience(claims.at("aud"), &audience(options))
        && nonce.is_none_or(|nonce| is_nonce(string("nonce"), nonce, signed.hashes_nonce))
        && (signed.check)(claims, options)
}

/// The accepted audiences.
fn audience(options: &ProviderOptions) -> Vec<&str> {
    if !options.audience.is_empty() {
        return options.audience.iter().map(String::as_str).collect();
    }
    match &options.app_bundle_identifier {
        Some(identifier) => vec![identifier],
        None => options.client_id.as_ref().map(ClientId::all).unwrap_or_default(),
    }
}

fn is_audience(claim: &Value, wanted: &[&str]) -> bool {
    let is_wanted = |one: &Value| text(one).is_some_and(|one| wanted.contains(&one.as_str()));
    match claim {
        Value::Array(several) => several.iter().any(is_wanted),
        one => is_wanted(one),
    }
}

fn is_nonce(claim: Option<&str>, nonce: &str, may_be_hashed: bool) -> bool {
    let hashed = hex::encode(Sha256::digest(nonce));
    claim.is_some_and(|claim| {
        let is = |wanted: &str| is_same(claim.as_bytes(), wanted.as_bytes());
        is(nonce) || (may_be_hashed && is(&hashed))
    })
}
