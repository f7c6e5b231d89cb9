//! `account.storeAccountCookie`: an encrypted cookie with the account of the last sign-in, in the
//! format that Better Auth reads [contract 3.6].
//!
//! The server uses it only to identify the account: its content may be older than the row, and the
//! row may have been deleted.

use serde::Deserialize;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::crypto::Secret;
use crate::crypto::random;
use crate::error::AuthError;
use crate::http::context::Context;
use crate::models::linked_account::LinkedAccount;

/// The account that the cookie identifies.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Named {
    /// The row's id.
    pub id: String,
    /// The owner.
    pub user_id: String,
}

impl Context<'_> {
    /// Sets the account cookie if it is enabled.
    ///
    /// # Errors
    /// `CONFIG_INVALID`.
    pub fn set_account_cookie(&mut self, account: &LinkedAccount) -> Result<(), AuthError> {
        if !self.instance().config().account.store_account_cookie {
            return Ok(());
        }
        let tokens = &account.tokens;
        let text =
            |secret: &Option<Secret>| secret.as_ref().map(|secret| secret.expose().to_owned());
        let claims = json!({
            "accountId": account.account_id, "providerId": account.provider_id, "userId": account.user_id,
            "accessToken": text(&tokens.access_token), "refreshToken": text(&tokens.refresh_token),
            "idToken": text(&tokens.id_token), "accessTokenExpiresAt": tokens.access_token_expires_at,
            "refreshTokenExpiresAt": tokens.refresh_token_expires_at, "scope": tokens.scope,
            "createdAt": account.created_at, "updatedAt": account.updated_at, "id": account.id,
        });
        match claims {
            Value::Object(claims) => self.write_account_cookie(claims),
            _ => Ok(()),
        }
    }

    /// The account in the browser's cookie.
    ///
    /// # Errors
    /// `CONFIG_INVALID`.
    pub fn account_cookie(&self) -> Result<Option<Named>, AuthError> {
        let claims = self.account_claims()?;
        Ok(claims.and_then(|claims| serde_json::from_value(Value::Object(claims)).ok()))
    }

    /// Extends the cookie to the lifetime of the session cache; clears a cookie of another user.
    ///
    /// # Errors
    /// `CONFIG_INVALID`.
    pub(super) fn renew_account_cookie(&mut self, user_id: &str) -> Result<(), AuthError> {
        let cookie = &self.site().cookies.account_data;
        let is_on = self.instance().config().account.store_account_cookie;
        if !is_on || self.cookies.has(cookie) {
            return Ok(());
        }
        match self.account_claims()? {
            Some(claims) if claims.get("userId").and_then(Value::as_str) == Some(user_id) => {
                self.write_account_cookie(claims)
            }
            Some(_) => {
                self.cookies.clear_parts(&cookie.cookie, &self.sent);
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn account_claims(&self) -> Result<Option<Map<String, Value>>, AuthError> {
        let Some(sealed) = self.sent.whole(&self.site().cookies.account_data) else {
            return Ok(None);
        };
        let now = self.instance().database().clock().now().as_millis() / 1000;
        let opened = self.instance().account_sealer()?.open(&sealed, now);
        Ok(opened.and_then(|claims| serde_json::from_slice(&claims).ok()))
    }

    fn write_account_cookie(&mut self, mut claims: Map<String, Value>) -> Result<(), AuthError> {
        let lifetime = self.instance().config().session.cookie_cache.max_age;
        let now = self.instance().database().clock().now();
        claims.insert("iat".to_owned(), json!(now.as_millis() / 1000));
        claims.insert("exp".to_owned(), json!(now.after(lifetime).as_millis() / 1000));
        claims.insert("jti".to_owned(), json!(random::id()));
        let sealed = self.instance().account_sealer()?.seal(&Value::Object(claims).to_string());
        let sealed = sealed.ok_or_else(|| AuthError::internal("nothing to encrypt with"))?;
        let cookie = &self.site().cookies.account_data;
        self.cookies.set_parts(cookie, &self.sent, &sealed, Some(lifetime));
        Ok(())
    }
}
