//! Whether a provider would take this application: asked before anybody signs in.

use serde_json::Value;

use crate::database::Timestamp;
use crate::fetch::Fetch;
use crate::oauth::configured::Configured;
use crate::oauth::tokens;

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

/// Sends a code that nobody gave out: which error comes back tells how far it got.
pub fn credentials(fetch: &Fetch, configured: &Configured<'_>, now: Timestamp) -> Checked {
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
