//! Who somebody is that a provider vouches for, and which ways in a user has [contract 10.4].

use crate::api::email;
use crate::api::email_verification;
use crate::api::messages;
use crate::api::messages::Link;
use crate::api::oauth_state;
use crate::api::sessions;
use crate::api::sessions::Client;
use crate::api::users;
use crate::api::users::NewUser;
use crate::crypto::Secret;
use crate::crypto::random;
use crate::crypto::vault::Vault;
use crate::database::Tx;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Instance;
use crate::models::SessionWithUser;
use crate::models::User;
use crate::models::account;
use crate::models::account::NewLinked;
use crate::models::account::Owner;
use crate::models::account::StoredTokens;

/// A person as a provider vouches for them.
#[derive(Clone)]
pub struct Vouched {
    /// The provider.
    pub provider_id: String,
    /// What names them there.
    pub account_id: String,
    /// The display name; may be empty.
    pub name: String,
    /// The address.
    pub email: Option<String>,
    /// URL of a picture.
    pub image: Option<String>,
    /// Whether the provider knows that the address is theirs.
    pub email_verified: bool,
    /// What the provider gave, not encrypted yet.
    pub tokens: StoredTokens,
    /// What its options say.
    pub terms: Terms,
}

/// What a provider's options say of a sign-in.
#[derive(Debug, Clone, Copy, Default)]
pub struct Terms {
    /// Nobody becomes a user.
    pub is_sign_up_disabled: bool,
    /// Every sign-in copies name, picture and address.
    pub overrides_user_info: bool,
    /// Whoever's address is not verified gets a message instead of a session.
    pub requires_verified_email: bool,
}

/// What a sign-in came to.
#[derive(Debug)]
pub struct SignedIn {
    /// The session and its user.
    pub found: SessionWithUser,
    /// Whether the user was made just now.
    pub is_new: bool,
}

/// Signs in whom a provider vouches for: a user who has this way in, one with the same address where
/// that is proven on both sides, or a new one.
///
/// # Errors
/// `email_not_found`, `unable_to_link_account`, `account_not_linked`, `signup_disabled`,
/// `email_not_verified`, `unable_to_create_user`, `internal_server_error`.
pub fn sign_in(
    instance: &Instance,
    vouched: &Vouched,
    link: &Link,
    client: &Client,
) -> Result<SignedIn, AuthError> {
    let address = vouched.email.as_deref().filter(|address| email::is_valid(address));
    let Some(address) = address.map(email::normalise) else {
        return Err(codes::email_not_found.into());
    };
    let tokens = sealed(instance, &vouched.tokens)?;
    let vouched = &Vouched { email: Some(address.clone()), tokens, ..vouched.clone() };
    instance.layout()?;
    let (verification, terms) = (&instance.config().email_verification, vouched.terms);
    // Whoever must verify first is kept, and written to: that is no failure of the transaction.
    let (changed, is_new, begun) = messages::write(instance, |tx, outgoing| {
        let (user, is_new) = match owner(tx, vouched)? {
            Some(owner) => (returning(tx, instance, vouched, &owner)?, false),
            None => match instance.users().find_by_email(tx, &address)? {
                Some(user) => (joining(tx, instance, vouched, user)?, false),
                None if terms.is_sign_up_disabled => return Err(codes::signup_disabled.into()),
                None => (arriving(tx, instance, vouched)?, true),
            },
        };
        let changed = (!is_new && user.updated_at == tx.now()).then(|| user.clone());
        let must_verify = terms.requires_verified_email && !user.email_verified;
        let writes = if is_new {
            verification.send_on_sign_up.unwrap_or(terms.requires_verified_email)
        } else {
            must_verify && verification.send_on_sign_in
        };
        if writes && !user.email_verified {
            let message = email_verification::message(instance, &user, link, tx.now())?;
            outgoing.send(tx, message)?;
        }
        if must_verify {
            return Ok((changed, is_new, None));
        }
        let begun = sessions::insert(tx, instance, &user, client, true)?;
        Ok((changed, is_new, Some(begun)))
    })?;
    if let Some(user) = &changed {
        sessions::refresh(instance, user)?;
    }
    let begun = begun.ok_or(codes::email_not_verified)?;
    Ok(SignedIn { found: begun.publish(instance)?, is_new })
}

fn owner(tx: &mut Tx<'_>, vouched: &Vouched) -> Result<Option<Owner>, AuthError> {
    let mut owners = account::find_by_key(tx, &vouched.provider_id, &vouched.account_id)?;
    match owners.len() {
        0 | 1 => Ok(owners.pop()),
        _ => Err(codes::internal_server_error.into()),
    }
}

/// Somebody who has this way in.
fn returning(
    tx: &mut Tx<'_>,
    instance: &Instance,
    vouched: &Vouched,
    owner: &Owner,
) -> Result<User, AuthError> {
    let Some(user) = instance.users().find(tx, &owner.user_id)? else {
        return Err(codes::unable_to_link_account.into());
    };
    if instance.config().account.update_account_on_sign_in {
        // What was granted before is not taken back by asking for less.
        let tokens = StoredTokens { scope: None, ..vouched.tokens.clone() };
        account::update_tokens(tx, &owner.id, &tokens)?;
    }
    update(tx, instance, user, vouched)
}

/// Somebody with the same address who has not used this provider yet.
fn joining(
    tx: &mut Tx<'_>,
    instance: &Instance,
    vouched: &Vouched,
    user: User,
) -> Result<User, AuthError> {
    let options = &instance.config().account.account_linking;
    let is_proven_there = vouched.email_verified || is_trusted(instance, vouched);
    // Otherwise whoever signed up with somebody else's address would share their account [security A2].
    let is_proven_here = user.email_verified || !options.require_local_email_verified;
    if !is_proven_there || !is_proven_here || !options.enabled || options.disable_implicit_linking {
        return Err(codes::account_not_linked.into());
    }
    insert(tx, instance, vouched, &user.id)?;
    update(tx, instance, user, vouched)
}

fn is_trusted(instance: &Instance, vouched: &Vouched) -> bool {
    let trusted = &instance.config().account.account_linking.trusted_providers;
    trusted.contains(&vouched.provider_id)
}

/// Somebody new.
fn arriving(tx: &mut Tx<'_>, instance: &Instance, vouched: &Vouched) -> Result<User, AuthError> {
    let new = NewUser {
        email: vouched.email.clone().unwrap_or_default(),
        name: vouched.name.clone(),
        image: vouched.image.clone(),
        email_verified: vouched.email_verified,
        ..NewUser::default()
    };
    let user = users::insert_without_password(tx, instance, &new)
        .map_err(|error| AuthError::new(codes::unable_to_create_user).with_cause(error))?;
    insert(tx, instance, vouched, &user.id)?;
    Ok(user)
}

/// What the provider says anew of a user.
fn update(
    tx: &mut Tx<'_>,
    instance: &Instance,
    mut user: User,
    vouched: &Vouched,
) -> Result<User, AuthError> {
    let address = vouched.email.as_deref().unwrap_or_default();
    let before = user.clone();
    let is_same = user.email == address;
    user.email_verified |= vouched.email_verified && is_same;
    if vouched.terms.overrides_user_info {
        user.name.clone_from(&vouched.name);
        user.image.clone_from(&vouched.image);
        if !is_same && instance.users().find_by_email(tx, address)?.is_none() {
            address.clone_into(&mut user.email);
            user.email_verified = vouched.email_verified;
        }
    }
    if user != before {
        user.updated_at = tx.now();
        instance.users().update(tx, &user)?;
    }
    Ok(user)
}

/// Adds a way in to the user who asked for it.
///
/// # Errors
/// `unable_to_link_account`, `email_does_not_match`, `account_already_linked_to_different_user`,
/// `internal_server_error`.
pub fn link(
    instance: &Instance,
    asked: &oauth_state::Link,
    vouched: &Vouched,
) -> Result<(), AuthError> {
    let options = &instance.config().account.account_linking;
    if !asked.is_live(instance)? {
        return Err(codes::unable_to_link_account.into());
    }
    if !(vouched.email_verified || is_trusted(instance, vouched)) || !options.enabled {
        return Err(codes::unable_to_link_account.into());
    }
    let address = vouched.email.as_deref().map(email::normalise);
    if address != Some(email::normalise(&asked.email)) && !options.allow_different_emails {
        return Err(codes::email_does_not_match.into());
    }
    let tokens = sealed(instance, &vouched.tokens)?;
    let vouched = &Vouched { tokens, ..vouched.clone() };
    instance.layout()?;
    let user = instance.database().write(|tx| {
        let Some(mut user) = instance.users().find(tx, &asked.user_id)? else {
            return Err(codes::unable_to_link_account.into());
        };
        match owner(tx, vouched)? {
            Some(owner) if owner.user_id != user.id => {
                return Err(codes::account_already_linked_to_different_user.into());
            }
            Some(owner) => {
                let scope = merged(owner.scope.as_deref(), vouched.tokens.scope.as_deref());
                let tokens = StoredTokens { scope, ..vouched.tokens.clone() };
                account::update_tokens(tx, &owner.id, &tokens)?;
            }
            None => insert(tx, instance, vouched, &user.id)?,
        }
        if options.update_user_info_on_link {
            user.name.clone_from(&vouched.name);
            user.image.clone_from(&vouched.image);
            user.updated_at = tx.now();
            instance.users().update(tx, &user)?;
        }
        Ok::<_, AuthError>(user)
    })?;
    if options.update_user_info_on_link { sessions::refresh(instance, &user) } else { Ok(()) }
}

fn insert(
    tx: &mut Tx<'_>,
    instance: &Instance,
    vouched: &Vouched,
    user_id: &str,
) -> Result<(), AuthError> {
    let new = NewLinked {
        id: &random::id(),
        account_id: &vouched.account_id,
        provider_id: &vouched.provider_id,
        user_id,
        tokens: &vouched.tokens,
    };
    let issuer = issuer(&vouched.provider_id);
    let issuer = instance.layout()?.has_issuer().then_some(issuer.as_str());
    Ok(account::insert_linked(tx, &new, issuer)?)
}

/// What 1.7.0–1.7.2 keep in `account.issuer` [contract 11.3].
fn issuer(provider_id: &str) -> String {
    match provider_id {
        "google" => "https://accounts.google.com".to_owned(),
        "apple" => "https://appleid.apple.com".to_owned(),
        "facebook" => "https://www.facebook.com".to_owned(),
        "line" => "https://access.line.me".to_owned(),
        _ => format!("local:oauth:{provider_id}"),
    }
}

/// Both sets of scopes, none twice, in the order in which they came.
fn merged(stored: Option<&str>, new: Option<&str>) -> Option<String> {
    let mut all: Vec<&str> = Vec::new();
    for scope in [stored, new].into_iter().flatten().flat_map(|scopes| scopes.split(',')) {
        let scope = scope.trim();
        if !scope.is_empty() && !all.contains(&scope) {
            all.push(scope);
        }
    }
    (!all.is_empty()).then(|| all.join(","))
}

/// An account at a provider, and its tokens as the provider gave them.
pub struct Linked {
    /// The row's id.
    pub id: String,
    /// What names the user at the provider.
    pub account_id: String,
    /// The provider.
    pub provider_id: String,
    /// What the provider gave.
    pub tokens: StoredTokens,
}

/// A user's account with this id.
///
/// # Errors
/// `ACCOUNT_NOT_FOUND`.
pub fn find_linked(instance: &Instance, user_id: &str, id: &str) -> Result<Linked, AuthError> {
    let found = instance.database().read(|tx| account::find_tokens(tx, id, user_id))?;
    let Some((account_id, provider_id, stored)) = found else {
        return Err(codes::ACCOUNT_NOT_FOUND.into());
    };
    let open = |token: Option<Secret>| match token {
        Some(token) => opened(instance, &token),
        None => Ok(None),
    };
    let tokens = StoredTokens {
        access_token: open(stored.access_token)?,
        refresh_token: open(stored.refresh_token)?,
        ..stored
    };
    Ok(Linked { id: id.to_owned(), account_id, provider_id, tokens })
}

/// Keeps tokens that a provider gave anew.
///
/// # Errors
/// What the database answers.
pub fn keep_tokens(instance: &Instance, id: &str, tokens: &StoredTokens) -> Result<(), AuthError> {
    // What was granted stays as it was.
    let tokens = StoredTokens { scope: None, ..sealed(instance, tokens)? };
    Ok(instance.database().write(|tx| account::update_tokens(tx, id, &tokens))?)
}

/// Tokens as the row keeps them.
fn sealed(instance: &Instance, tokens: &StoredTokens) -> Result<StoredTokens, AuthError> {
    if !instance.config().account.encrypt_oauth_tokens {
        return Ok(tokens.clone());
    }
    let vault = instance.vault()?;
    let seal = |token: &Option<Secret>| {
        token.as_ref().and_then(|token| vault.seal(token.expose())).map(Secret::new)
    };
    Ok(StoredTokens {
        access_token: seal(&tokens.access_token),
        refresh_token: seal(&tokens.refresh_token),
        ..tokens.clone()
    })
}

/// A token as the provider gave it; one that was stored before encryption was on is as it was.
fn opened(instance: &Instance, token: &Secret) -> Result<Option<Secret>, AuthError> {
    if !instance.config().account.encrypt_oauth_tokens || !Vault::is_sealed(token.expose()) {
        return Ok(Some(token.clone()));
    }
    Ok(instance.vault()?.open(token.expose()).map(Secret::new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_added_up() {
        assert_eq!(
            merged(Some("read_user,api"), Some("api,zzz")).as_deref(),
            Some("read_user,api,zzz")
        );
        assert_eq!(merged(None, Some("a")).as_deref(), Some("a"));
        assert_eq!(merged(None, None), None);
    }
}
