//! Whether a provider would take this application: asked before anybody signs in.

use serde_json::Value;

use crate::database::Timestamp;
use crate::fetch::Fetch;
use crate::oauth::configured::Configured;
use crate::oauth::id_token;
use crate::oauth::identity::Json as _;
use crate::oauth::tokens;

/// What came of asking a provider. Parts that it does not have, or that could not be asked for, are `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Whether it describes itself, and well enough.
    pub discovery: Option<Result<(), String>>,
    /// Whether it publishes the keys that its tokens are verified with.
    pub keys: Option<Result<(), String>>,
    /// What it makes of id and secret.
    pub credentials: Option<Checked>,
}

impl Report {
    /// Of a provider that does not describe itself, for this reason.
    pub fn undescribed(reason: String) -> Self {
        Self { discovery: Some(Err(reason)), keys: None, credentials: None }
    }

    /// Whether people can sign in, as far as that can be told.
    pub fn is_fine(&self) -> bool {
        let holds = |part: &Option<Result<(), String>>| part.as_ref().is_none_or(Result::is_ok);
        let is_known =
            !matches!(self.credentials, None | Some(Checked::Refused(_) | Checked::Unreachable(_)));
        holds(&self.discovery) && holds(&self.keys) && is_known
    }
}

/// What a provider makes of the credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checked {
    /// It knows the application, and only the code is missing.
    Fine,
    /// It does not take the id or the secret.
    Refused(String),
    /// It answers in a way that says neither.
    Unclear(String),
    /// It does not answer.
    Unreachable(String),
}

/// Errors that come after the application was recognised [RFC 6749 5.2].
const AFTER: [&str; 3] = ["invalid_grant", "bad_verification_code", "invalid_code"];
/// Errors that come before.
const BEFORE: [&str; 4] =
    ["invalid_client", "unauthorized_client", "incorrect_client_credentials", "invalid_client_id"];

/// Asks for everything that a sign-in needs of a provider.
pub fn provider(fetch: &Fetch, configured: &Configured<'_>, now: Timestamp) -> Report {
    let describes = configured.own().is_some_and(|own| own.discovery_url.is_some());
    Report {
        discovery: describes.then_some(Ok(())),
        keys: keys(fetch, configured),
        credentials: Some(credentials(fetch, configured, now)),
    }
}

fn keys(fetch: &Fetch, configured: &Configured<'_>) -> Option<Result<(), String>> {
    let url = id_token::keys_url(configured)?;
    Some(fetch.get(&url, &configured.key_headers()).and_then(|answer| {
        let keys = answer.json().unwrap_or_default();
        let has_keys = keys.at("keys").as_array().is_some_and(|keys| !keys.is_empty());
        if has_keys {
            Ok(())
        } else {
            Err(format!("{url} answered {} without keys", answer.status))
        }
    }))
}

/// Sends a code that nobody gave out: which error comes back tells how far it got.
fn credentials(fetch: &Fetch, configured: &Configured<'_>, now: Timestamp) -> Checked {
    let answer = match tokens::probe(fetch, configured, now) {
        Ok(answer) => answer,
        Err(reason) => return Checked::Unreachable(reason),
    };
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let error = match body.get("error") {
        Some(Value::String(error)) => error.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let said = format!("{} {error}", answer.status).trim().to_owned();
    if AFTER.contains(&error.as_str()) {
        Checked::Fine
    } else if BEFORE.contains(&error.as_str()) || answer.status == 401 {
        Checked::Refused(said)
    } else {
        Checked::Unclear(said)
    }
}
