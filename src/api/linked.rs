//! Accounts at providers, and their tokens [contract 10.5].

use crate::api::limits;
use crate::api::limits::Length;
use crate::crypto::Secret;
use crate::crypto::vault::Vault;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Instance;
use crate::models::linked_account;
use crate::models::linked_account::LinkedAccount;
use crate::models::linked_account::StoredTokens;

/// A user's account at a provider, by its id there, with all columns.
pub fn whole(
    instance: &Instance,
    key: (&str, &str),
    user_id: &str,
) -> Result<Option<LinkedAccount>, AuthError> {
    Ok(instance.database().read(|tx| linked_account::find_by_key(tx, key, user_id))?)
}

/// A user's account with this id, with decrypted tokens.
///
/// # Errors
/// `ACCOUNT_NOT_FOUND`.
pub fn find(instance: &Instance, user_id: &str, id: &str) -> Result<LinkedAccount, AuthError> {
    let found = instance.database().read(|tx| linked_account::find(tx, id, user_id))?;
    let account = found.ok_or(codes::ACCOUNT_NOT_FOUND)?;
    let open = |token: Option<Secret>| match token {
        Some(token) => opened(instance, &token),
        None => Ok(None),
    };
    let tokens = StoredTokens {
        access_token: open(account.tokens.access_token)?,
        refresh_token: open(account.tokens.refresh_token)?,
        ..account.tokens
    };
    Ok(LinkedAccount { tokens, ..account })
}

/// A user's accounts at these providers, most recently used first, without encrypted tokens.
pub fn list(
    instance: &Instance,
    user_id: &str,
    providers: &[&str],
) -> Result<Vec<LinkedAccount>, AuthError> {
    let mut accounts = instance.database().read(|tx| linked_account::list(tx, user_id))?;
    accounts.retain(|account| providers.contains(&account.provider_id.as_str()));
    accounts.sort_by_key(|account| std::cmp::Reverse(account.updated_at));
    for account in &mut accounts {
        account.tokens.access_token = None;
        account.tokens.refresh_token = None;
    }
    Ok(accounts)
}

/// Stores tokens that a provider renewed.
pub fn keep(instance: &Instance, id: &str, tokens: &StoredTokens) -> Result<(), AuthError> {
    // The granted scopes stay as they were.
    let tokens = StoredTokens { scope: None, ..sealed(instance, tokens)? };
    Ok(instance.database().write_one(|tx| linked_account::update_tokens(tx, id, &tokens))?)
}

/// Tokens in stored form; those that are too long are left out.
///
/// # Errors
/// `CONFIG_INVALID`.
pub(super) fn sealed(
    instance: &Instance,
    tokens: &StoredTokens,
) -> Result<StoredTokens, AuthError> {
    let tokens = fitting(tokens);
    if !instance.config().account.encrypt_oauth_tokens {
        return Ok(tokens);
    }
    let vault = instance.vault()?;
    let seal = |token: &Option<Secret>| {
        token.as_ref().and_then(|token| vault.seal(token.expose())).map(Secret::new)
    };
    Ok(StoredTokens {
        access_token: seal(&tokens.access_token),
        refresh_token: seal(&tokens.refresh_token),
        ..tokens
    })
}

fn fitting(tokens: &StoredTokens) -> StoredTokens {
    let fits = |limit: Length, text: &str| {
        let fits = limit.fits(text);
        if !fits {
            tracing::warn!(bytes = text.len(), "{} is too long and left out", limit.text);
        }
        fits
    };
    let token = |limit: Length, token: &Option<Secret>| {
        token.clone().filter(|token| fits(limit, token.expose()))
    };
    StoredTokens {
        access_token: token(limits::ACCOUNT_ACCESS_TOKEN, &tokens.access_token),
        refresh_token: token(limits::ACCOUNT_REFRESH_TOKEN, &tokens.refresh_token),
        id_token: token(limits::ACCOUNT_ID_TOKEN, &tokens.id_token),
        scope: tokens.scope.clone().filter(|scope| fits(limits::ACCOUNT_SCOPE, scope)),
        ..tokens.clone()
    }
}

/// The decrypted token; a token stored before encryption was enabled is returned as it is.
fn opened(instance: &Instance, token: &Secret) -> Result<Option<Secret>, AuthError> {
    if !instance.config().account.encrypt_oauth_tokens || !Vault::is_sealed(token.expose()) {
        return Ok(Some(token.clone()));
    }
    Ok(instance.vault()?.open(token.expose()).map(Secret::new))
}
