//! Validates the answer of a provider: issuer, nonce and user [contract 10.3, 10.6].

use serde_json::Value;

use crate::api::entry::social::ExternalIdentity;
use crate::api::entry::social::ProviderPolicy;
use crate::api::oauth_state::OauthState;
use crate::crypto::Secret;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Instance;
use crate::models::linked_account::StoredTokens;
use crate::oauth::configured::Configured;
use crate::oauth::id_token;
use crate::oauth::identity;
use crate::oauth::identity::Identity;
use crate::oauth::tokens;
use crate::oauth::tokens::Code;
use crate::oauth::tokens::Tokens;

/// The parameters of a provider's redirect.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// The authorization code.
    pub code: String,
    /// The `iss` parameter; empty if the provider sends none [RFC 9207].
    pub issuer: String,
    /// The device id that VK sends.
    pub device_id: Option<String>,
    /// The user data that Apple sends with the first sign-in.
    pub user: Option<Value>,
    /// The redirect URI of this answer.
    pub redirect_uri: String,
}

/// The user that an answer to this state names. The issuer must match, the provider must accept the code, and the ID
/// token must belong to this sign-in.
///
/// # Errors
/// `issuer_mismatch`, `nonce_binding_missing`, `invalid_code`, `unable_to_get_user_info`.
pub fn by_code(
    instance: &Instance,
    configured: &Configured<'_>,
    state: &OauthState,
    answer: &Answer,
) -> Result<ExternalIdentity, AuthError> {
    let Configured { id, options, .. } = configured;
    let own = options.issuer.as_deref().filter(|_| configured.generic.is_some());
    if own.is_some_and(|own| !answer.issuer.is_empty() && answer.issuer != own) {
        return Err(codes::issuer_mismatch.into());
    }
    if configured.binds_nonce() && state.id_token_nonce.is_none() {
        return Err(codes::nonce_binding_missing.into());
    }
    let (fetch, now) = (instance.fetch(), instance.database().clock().now());
    let code = Code {
        code: &answer.code,
        verifier: &state.code_verifier,
        device_id: answer.device_id.as_deref(),
        redirect_uri: &answer.redirect_uri,
    };
    let tokens = tokens::exchange(fetch, configured, &code, now).map_err(|reason| {
        tracing::warn!(provider = id, reason, "the provider rejected the authorization code");
        AuthError::new(codes::invalid_code)
    })?;
    let nonce = state.id_token_nonce.as_deref();
    let is_ours = match tokens.id_token.as_deref() {
        Some(token) if configured.verifies() => {
            id_token::is_valid(fetch, configured, (token, nonce), now)
        }
        Some(_) => true,
        None => !configured.own().is_some_and(|own| own.require_id_token_verification),
    };
    if !is_ours {
        tracing::warn!(provider = id, "the ID token is invalid or belongs to another sign-in");
        return Err(codes::unable_to_get_user_info.into());
    }
    let identity = identity::find(fetch, configured, &tokens, answer.user.as_ref());
    let identity = identity.ok_or_else(|| AuthError::new(codes::unable_to_get_user_info))?;
    Ok(external(configured, identity, &tokens, state.request_sign_up == Some(true)))
}

/// Tokens that an application obtained itself, for example on a phone.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// The ID token.
    pub id_token: &'a str,
    /// The access token, for the userinfo endpoint.
    pub access_token: Option<&'a str>,
    /// The nonce that the application sent to the provider.
    pub nonce: Option<&'a str>,
    /// The user data that the provider sends with the first sign-in.
    pub user: Option<&'a Value>,
    /// Whether a new user may be created.
    pub asks_for_new: bool,
}

/// The user that tokens name which an application obtained itself.
///
/// # Errors
/// `ID_TOKEN_NOT_SUPPORTED`, `INVALID_TOKEN`, `FAILED_TO_GET_USER_INFO`, `USER_EMAIL_NOT_FOUND`.
pub fn by_token(
    instance: &Instance,
    configured: &Configured<'_>,
    given: &Given<'_>,
) -> Result<ExternalIdentity, AuthError> {
    if !id_token::is_supported(configured.provider, &configured.options) {
        return Err(codes::ID_TOKEN_NOT_SUPPORTED.into());
    }
    let (fetch, now) = (instance.fetch(), instance.database().clock().now());
    let nonce = given.nonce.filter(|nonce| !nonce.is_empty());
    if !id_token::is_valid(fetch, configured, (given.id_token, nonce), now) {
        return Err(codes::INVALID_VERIFICATION_TOKEN.into());
    }
    let tokens = Tokens {
        id_token: Some(given.id_token.to_owned()),
        access_token: given.access_token.map(str::to_owned),
        ..Tokens::default()
    };
    let identity = identity::find(fetch, configured, &tokens, given.user);
    let identity = identity.ok_or_else(|| AuthError::new(codes::NO_USER_INFO))?;
    if identity.email.is_none() {
        return Err(codes::USER_EMAIL_NOT_FOUND.into());
    }
    Ok(external(configured, identity, &tokens, given.asks_for_new))
}

fn external(
    configured: &Configured<'_>,
    identity: Identity,
    tokens: &Tokens,
    asks_for_new: bool,
) -> ExternalIdentity {
    let Configured { id, options, .. } = configured;
    ExternalIdentity {
        provider_id: (*id).to_owned(),
        account_id: identity.subject,
        name: identity.name,
        email: identity.email,
        image: identity.image,
        email_verified: identity.email_verified,
        tokens: stored(tokens),
        terms: ProviderPolicy {
            is_sign_up_disabled: options.disable_sign_up
                || (options.disable_implicit_sign_up && !asks_for_new),
            overrides_user_info: options.override_user_info_on_sign_in,
            requires_verified_email: options.require_email_verification,
        },
    }
}

/// Tokens as they are stored.
pub fn stored(tokens: &Tokens) -> StoredTokens {
    let secret = |token: &Option<String>| token.clone().map(Secret::new);
    StoredTokens {
        access_token: secret(&tokens.access_token),
        refresh_token: secret(&tokens.refresh_token),
        id_token: secret(&tokens.id_token),
        access_token_expires_at: tokens.access_token_expires_at,
        refresh_token_expires_at: tokens.refresh_token_expires_at,
        scope: (!tokens.scopes.is_empty()).then(|| tokens.scopes.join(",")),
    }
}
