//! Checks before any sign-in whether a provider accepts this application.

use serde_json::Value;

use crate::database::Timestamp;
use crate::fetch::Fetch;
use crate::oauth::configured::Configured;
use crate::oauth::id_token;
use crate::oauth::identity::Json as _;
use crate::oauth::tokens;

/// The result of a check. Parts that do not exist or could not be checked are `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Whether the discovery document is usable.
    pub discovery: Option<Result<(), String>>,
    /// Whether the keys for verifying its ID tokens are published.
    pub keys: Option<Result<(), String>>,
    /// Whether client id and secret are accepted.
    pub credentials: Option<Checked>,
}

impl Report {
    /// For a provider whose discovery document is unusable.
    pub fn undescribed(reason: String) -> Self {
        Self { discovery: Some(Err(reason)), keys: None, credentials: None }
    }

    /// Whether sign-in works, as far as can be told.
    pub fn is_fine(&self) -> bool {
        let holds = |part: &Option<Result<(), String>>| part.as_ref().is_none_or(Result::is_ok);
        let is_known =
            !matches!(self.credentials, None | Some(Checked::Refused(_) | Checked::Unreachable(_)));
        holds(&self.discovery) && holds(&self.keys) && is_known
    }
}

/// The provider's response to the credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checked {
    /// Accepted: only the code was rejected.
    Fine,
    /// The id or the secret was rejected.
    Refused(String),
    /// The response does not tell.
    Unclear(String),
    /// The provider did not respond.
    Unreachable(String),
}

/// Errors that imply accepted credentials [RFC 6749 5.2].
const ERRORS_AFTER_CREDENTIALS: [&str; 3] =
    ["invalid_grant", "bad_verification_code", "invalid_code"];
/// Errors that imply rejected credentials.
const ERRORS_OF_CREDENTIALS: [&str; 4] =
    ["invalid_client", "unauthorized_client", "incorrect_client_credentials", "invalid_client_id"];

/// Checks everything that a sign-in requires of a provider.
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

/// Sends an invalid code: the error tells whether the credentials were accepted.
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
    if ERRORS_AFTER_CREDENTIALS.contains(&error.as_str()) {
        Checked::Fine
    } else if ERRORS_OF_CREDENTIALS.contains(&error.as_str()) || answer.status == 401 {
        Checked::Refused(said)
    } else {
        Checked::Unclear(said)
    }
}
