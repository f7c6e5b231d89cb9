//! The state of a sign-in by provider [contract 10.2]: used once, by the browser that began it.

use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;

use crate::api::limits;
use crate::api::one_time;
use crate::api::one_time::NewValue;
use crate::api::one_time::OneTime;
use crate::api::one_time::Purpose;
use crate::crypto::is_same;
use crate::crypto::random;
use crate::database::Timestamp;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Client;
use crate::instance::Instance;
use crate::models::SessionWithUser;

const PURPOSE: Purpose = Purpose::OAUTH_STATE;
/// How long a user may take at the provider.
pub const LIFETIME: Duration = Duration::from_secs(10 * 60);
/// Encryption purpose of the cookie that holds a whole state.
const COOKIE_PURPOSE: &str = "oauth-state-cookie";
/// Encryption purpose of the token of the session that links an account.
const LINK_PURPOSE: &str = "oauth-link-session-token";

/// What is stored about a sign-in, under Better Auth's names.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OauthState {
    /// Where to redirect after success.
    #[serde(rename = "callbackURL")]
    pub callback_url: String,
    /// The PKCE code verifier.
    pub code_verifier: String,
    /// Where to redirect after an error.
    #[serde(rename = "errorURL", skip_serializing_if = "Option::is_none")]
    pub error_url: Option<String>,
    /// Where to redirect new users.
    #[serde(rename = "newUserURL", skip_serializing_if = "Option::is_none")]
    pub new_user_url: Option<String>,
    /// The user who links an account, if this is not a sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
    /// Milliseconds since 1970.
    pub expires_at: i64,
    /// Whether to create a new user even if the provider is configured not to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_sign_up: Option<bool>,
    /// The nonce that the ID token must contain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_nonce: Option<String>,
    /// The state itself.
    pub oauth_state: String,
    /// Extension: the provider. The code of one provider must not be sent to another [RFC 9700 4.4]; a state without
    /// provider, as the TypeScript server writes it, is not accepted.
    #[serde(default)]
    pub provider_id: String,
}

/// The user who links an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// The user id.
    pub user_id: String,
    /// The address at that time.
    pub email: String,
    /// The session, which must still be alive on return.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encrypted_session_token: Option<String>,
}

impl Link {
    /// For a signed-in user.
    ///
    /// # Errors
    /// `CONFIG_INVALID`.
    pub fn of(instance: &Instance, signed_in: &SessionWithUser) -> Result<Self, AuthError> {
        Ok(Self {
            user_id: signed_in.user.id.clone(),
            email: signed_in.user.email.clone(),
            encrypted_session_token: instance
                .vault()?
                .for_purpose(LINK_PURPOSE)
                .seal(&signed_in.session.token),
        })
    }

    /// The token of the session, if it can be decrypted.
    ///
    /// # Errors
    /// `CONFIG_INVALID`.
    pub(super) fn session_token(&self, instance: &Instance) -> Result<Option<String>, AuthError> {
        let vault = instance.vault()?.for_purpose(LINK_PURPOSE);
        Ok(vault.open(self.encrypted_session_token.as_deref().unwrap_or_default()))
    }
}

impl OauthState {
    /// A new state for this provider and redirect target.
    pub fn new(provider_id: &str, callback_url: String, now: Timestamp) -> Self {
        Self {
            callback_url,
            code_verifier: random::verifier(),
            error_url: None,
            new_user_url: None,
            link: None,
            expires_at: now.after(LIFETIME).as_millis(),
            request_sign_up: None,
            id_token_nonce: None,
            oauth_state: random::state(),
            provider_id: provider_id.to_owned(),
        }
    }

    /// As JSON. Data of the request comes first, so that it overrides nothing.
    fn text(&self, additional: &Map<String, Value>) -> Result<String, AuthError> {
        let given = serde_json::to_string(additional).map_err(AuthError::internal)?;
        limits::ADDITIONAL_DATA.check("additionalData", &given)?;
        let own = serde_json::to_value(self).map_err(AuthError::internal)?;
        let mut all = additional.clone();
        if let Value::Object(own) = own {
            // Data of the request must not set our optional names either.
            for name in
                ["errorURL", "newUserURL", "link", "requestSignUp", "idTokenNonce", "serverContext"]
            {
                all.shift_remove(name);
            }
            all.extend(own);
        }
        Ok(Value::Object(all).to_string())
    }

    /// Stores it in the database for this client.
    ///
    /// # Errors
    /// `VALIDATION_ERROR`, `RATE_LIMIT_EXCEEDED`, `SERVER_BUSY`, or a database error.
    pub fn store(
        &self,
        instance: &Instance,
        additional: &Map<String, Value>,
        client: &Client,
    ) -> Result<(), AuthError> {
        let text = self.text(additional)?;
        let expires_at = Timestamp::from_millis(self.expires_at);
        let (purpose, token) = (PURPOSE, &self.oauth_state);
        let new = NewValue { purpose, token, value: &text, expires_at, can_be_void: false };
        one_time::admit(instance, Some(client))?;
        instance.database().write_one(|tx| one_time::issue(tx, instance, &new))
    }

    /// As an encrypted cookie.
    ///
    /// # Errors
    /// `CONFIG_INVALID`.
    pub fn seal(
        &self,
        instance: &Instance,
        additional: &Map<String, Value>,
    ) -> Result<String, AuthError> {
        let text = self.text(additional)?;
        let sealed = instance.vault()?.for_purpose(COOKIE_PURPOSE).seal(&text);
        sealed.ok_or_else(|| codes::CONFIG_INVALID.into())
    }

    /// Uses up the state that a provider's redirect returned. `cookie` is the browser's; without `checks_cookie` any
    /// browser is accepted. A state of another browser or provider is not used up.
    pub fn take(
        instance: &Instance,
        (state, provider_id): (&str, &str),
        cookie: Option<&str>,
        checks_cookie: bool,
    ) -> Result<Self, Refused> {
        let mut kept = OneTime::new(instance, PURPOSE, state);
        let now = instance.database().clock().now();
        let taken = instance.database().write(|tx| {
            let Some(text) = kept.find(tx)? else {
                return Err(Refused::new(codes::state_mismatch));
            };
            let found: Self = serde_json::from_str(&text)
                .map_err(|_| Refused::new(codes::internal_server_error))?;
            let is_state = |text: &str| is_same(text.as_bytes(), state.as_bytes());
            let is_browsers = !checks_cookie || cookie.is_some_and(is_state);
            if !is_browsers || !found.answers((state, provider_id), now) {
                return Err(Refused {
                    place: found.error_url,
                    ..Refused::new(codes::state_mismatch)
                });
            }
            if kept.consume(tx)?.is_none() {
                return Err(Refused::new(codes::state_mismatch));
            }
            Ok(found)
        })?;
        Ok(taken)
    }

    /// Reads a state that was stored in a cookie.
    pub fn open(
        instance: &Instance,
        came_back: (&str, &str),
        cookie: Option<&str>,
    ) -> Result<Self, Refused> {
        let Some(cookie) = cookie else {
            return Err(Refused::new(codes::state_mismatch));
        };
        let vault = instance.vault().map_err(Refused::from)?.for_purpose(COOKIE_PURPOSE);
        let found: Option<Self> =
            vault.open(cookie).and_then(|text| serde_json::from_str(&text).ok());
        let Some(found) = found else {
            return Err(Refused::new(codes::state_invalid));
        };
        if !found.answers(came_back, instance.database().clock().now()) {
            return Err(Refused { place: found.error_url, ..Refused::new(codes::state_mismatch) });
        }
        Ok(found)
    }

    /// Whether this is the returned state, for this provider, and not expired.
    fn answers(&self, (state, provider_id): (&str, &str), now: Timestamp) -> bool {
        is_same(self.oauth_state.as_bytes(), state.as_bytes())
            && self.provider_id == provider_id
            && now.as_millis() <= self.expires_at
    }
}

/// A state that was refused.
#[derive(Debug)]
pub struct Refused {
    /// The reason.
    pub error: AuthError,
    /// The error redirect target of the request.
    pub place: Option<String>,
}

impl Refused {
    fn new(code: &'static crate::error::ErrorCode) -> Self {
        Self { error: code.into(), place: None }
    }
}

impl From<AuthError> for Refused {
    fn from(error: AuthError) -> Self {
        Self { error, place: None }
    }
}

impl From<crate::database::DatabaseError> for Refused {
    fn from(error: crate::database::DatabaseError) -> Self {
        Self::from(AuthError::from(error))
    }
}
