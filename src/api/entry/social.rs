//! Signing in with a provider: finding, linking and creating the user [contract 10.4].

use crate::api::email;
use crate::api::email_links;
use crate::api::entry::enter;
use crate::api::entry::heard;
use crate::api::limits;
use crate::api::linked;
use crate::api::messages;
use crate::api::messages::Link;
use crate::api::sessions;
use crate::api::users;
use crate::api::users::NewUser;
use crate::api::who;
use crate::crypto::random;
use crate::database::Tx;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Caller;
use crate::instance::EventKind;
use crate::instance::Instance;
use crate::instance::proof::Entered;
use crate::instance::proof::Method;
use crate::instance::proof::Proof;
use crate::models::SessionWithUser;
use crate::models::User;
use crate::models::account;
use crate::models::account::Owner;
use crate::models::linked_account;
use crate::models::linked_account::LinkedAccount;
use crate::models::linked_account::StoredTokens;
use crate::models::user;

/// A user as the provider describes it.
#[derive(Clone)]
pub struct ExternalIdentity {
    /// The provider.
    pub provider_id: String,
    /// The user's id at the provider.
    pub account_id: String,
    /// The display name; may be empty.
    pub name: String,
    /// The email address.
    pub email: Option<String>,
    /// URL of a picture.
    pub image: Option<String>,
    /// Whether the provider has verified the address.
    pub email_verified: bool,
    /// The tokens from the provider, not encrypted yet.
    pub tokens: StoredTokens,
    /// The options of the provider.
    pub terms: ProviderPolicy,
}

/// The options of a provider that affect sign-in.
#[derive(Debug, Clone, Copy, Default)]
pub struct ProviderPolicy {
    /// No new users are created.
    pub is_sign_up_disabled: bool,
    /// Every sign-in copies name, picture and address.
    pub overrides_user_info: bool,
    /// A user whose address is not verified gets a message instead of a session.
    pub requires_verified_email: bool,
}

/// The result of a sign-in.
#[derive(Debug)]
pub struct SignedIn {
    /// The session and its user, or the challenge before it.
    pub entered: Entered<SessionWithUser>,
    /// The id of the user.
    pub user_id: String,
    /// Whether the user was created by this sign-in.
    pub is_new: bool,
}

/// Signs in with an external identity: as the user with this linked account, a user with the same address if both sides
/// have verified it, or a new user.
///
/// # Errors
/// `email_not_found`, `unable_to_link_account`, `account_not_linked`, `signup_disabled`, `email_not_verified`,
/// `unable_to_create_user`, `unable_to_get_user_info`, `internal_server_error`.
pub fn sign_in(
    instance: &Instance,
    external: &ExternalIdentity,
    link: &Link,
    caller: &Caller<'_>,
) -> Result<SignedIn, AuthError> {
    let mut user_id = None;
    let done = find_and_enter(instance, external, link, caller, &mut user_id);
    heard(instance, caller, Method::Provider(&external.provider_id), user_id.as_deref(), done)
}

/// `user_id` is who has the account, whatever becomes of the sign-in.
fn find_and_enter(
    instance: &Instance,
    external: &ExternalIdentity,
    link: &Link,
    caller: &Caller<'_>,
    user_id: &mut Option<String>,
) -> Result<SignedIn, AuthError> {
    let Some(address) = external.email.as_deref().filter(|address| !address.is_empty()) else {
        return Err(codes::email_not_found.into());
    };
    let external = &storable(instance, external)?;
    instance.require_migrated()?;
    let (verification, terms) = (&instance.config().email_verification, external.terms);
    // A user who must verify the address first is still stored and gets a message, so the transaction succeeds.
    let (user, is_new, entered) = messages::write(instance, |tx, outgoing| {
        let (user, is_new) = match owner(tx, external)? {
            Some(owner) => (sign_in_linked(tx, instance, caller, external, &owner)?, false),
            None => match find_by_address(tx, address)? {
                Some(user) => (link_by_address(tx, instance, caller, external, user)?, false),
                None if !email::is_valid(address) => return Err(no_address(external)),
                None if terms.is_sign_up_disabled => return Err(codes::signup_disabled.into()),
                None => (create_user(tx, instance, caller, external)?, true),
            },
        };
        *user_id = Some(user.id.clone()).filter(|_| !is_new);
        // A change has a time no earlier than this transaction's.
        let is_changed = !is_new && tx.now() <= user.updated_at;
        let must_verify = terms.requires_verified_email && !user.email_verified;
        let writes = if is_new {
            verification.send_on_sign_up.unwrap_or(terms.requires_verified_email)
        } else {
            must_verify && verification.send_on_sign_in
        };
        if writes && !user.email_verified {
            let message = email_links::message(instance, &user, link, tx.now())?;
            outgoing.send(tx, message)?;
        }
        if must_verify {
            return Ok(((user, is_changed), is_new, None));
        }
        let method = Method::Provider(&external.provider_id);
        let entered = enter(tx, instance, caller, &Proof::new(&user, method))?;
        Ok(((user, is_changed), is_new, Some(entered)))
    })?;
    let (user, is_changed) = user;
    if is_changed {
        sessions::refresh(instance, &user)?;
    }
    let entered = entered.ok_or(codes::email_not_verified)?;
    let entered = entered.try_map(|begun| begun.publish(instance))?;
    Ok(SignedIn { entered, user_id: user.id, is_new })
}

/// Texts that no column can hold match no user; PostgreSQL would reject a NUL character.
fn find_by_address(tx: &mut Tx<'_>, address: &str) -> Result<Option<User>, AuthError> {
    if address.contains(char::is_control) || !limits::USER_EMAIL.fits(address) {
        return Ok(None);
    }
    Ok(who::by_address(address, |spelt| user::find_by_email(tx, spelt))?)
}

/// A new user needs an address that could sign up here. Users whom the TypeScript server stored with another one can
/// still sign in.
fn no_address(external: &ExternalIdentity) -> AuthError {
    let provider = &external.provider_id;
    tracing::warn!(provider, "the address from the provider is not valid for sign-up");
    codes::email_not_found.into()
}

/// The identity with every value cut to its limit and the tokens in stored form.
pub(super) fn storable(
    instance: &Instance,
    external: &ExternalIdentity,
) -> Result<ExternalIdentity, AuthError> {
    let too_long = |error| AuthError::new(codes::unable_to_get_user_info).with_cause(error);
    limits::ACCOUNT_ACCOUNT_ID
        .check("the provider's id", &external.account_id)
        .map_err(too_long)?;
    let has_nul = |text: &str| text.contains('\0');
    if has_nul(&external.account_id) {
        return Err(codes::unable_to_get_user_info.into());
    }
    Ok(ExternalIdentity {
        name: limits::USER_NAME.cut(&external.name).replace('\0', ""),
        image: external.image.clone().filter(|i| limits::USER_IMAGE.fits(i) && !has_nul(i)),
        tokens: linked::sealed(instance, &external.tokens)?,
        ..external.clone()
    })
}

pub(super) fn owner(
    tx: &mut Tx<'_>,
    external: &ExternalIdentity,
) -> Result<Option<Owner>, AuthError> {
    let mut owners = account::find_by_key(tx, &external.provider_id, &external.account_id)?;
    match owners.len() {
        0 | 1 => Ok(owners.pop()),
        _ => Err(codes::internal_server_error.into()),
    }
}

/// A user with this linked account.
fn sign_in_linked(
    tx: &mut Tx<'_>,
    instance: &Instance,
    caller: &Caller<'_>,
    external: &ExternalIdentity,
    owner: &Owner,
) -> Result<User, AuthError> {
    let Some(user) = user::find(tx, &owner.user_id)? else {
        return Err(codes::unable_to_link_account.into());
    };
    if instance.config().account.update_account_on_sign_in {
        // A narrower request does not revoke scopes that were granted before.
        let tokens = StoredTokens { scope: None, ..external.tokens.clone() };
        linked_account::update_tokens(tx, &owner.id, &tokens)?;
    }
    update(tx, instance, caller, external, (user, false))
}

/// A user with the same address who has not used this provider yet.
fn link_by_address(
    tx: &mut Tx<'_>,
    instance: &Instance,
    caller: &Caller<'_>,
    external: &ExternalIdentity,
    user: User,
) -> Result<User, AuthError> {
    let options = &instance.config().account.account_linking;
    let is_proven_there = external.email_verified || is_trusted(instance, external);
    // Otherwise the attacker who signed up with the address of another person would share the account [security A2].
    let is_proven_here = user.email_verified || !options.require_local_email_verified;
    if !is_proven_there || !is_proven_here || !options.enabled || options.disable_implicit_linking {
        return Err(codes::account_not_linked.into());
    }
    insert(tx, instance, caller, external, &user.id)?;
    let copies = options.update_user_info_on_link;
    update(tx, instance, caller, external, (user, copies))
}

pub(super) fn is_trusted(instance: &Instance, external: &ExternalIdentity) -> bool {
    let trusted = &instance.config().account.account_linking.trusted_providers;
    trusted.contains(&external.provider_id)
}

/// A new user.
fn create_user(
    tx: &mut Tx<'_>,
    instance: &Instance,
    caller: &Caller<'_>,
    external: &ExternalIdentity,
) -> Result<User, AuthError> {
    let new = NewUser {
        email: external.email.clone().unwrap_or_default(),
        name: external.name.clone(),
        image: external.image.clone(),
        email_verified: external.email_verified,
        ..NewUser::default()
    };
    let user = users::insert_without_password(tx, instance, &new, caller)
        .map_err(|error| AuthError::new(codes::unable_to_create_user).with_cause(error))?;
    insert(tx, instance, caller, external, &user.id)?;
    Ok(user)
}

/// Updates a user with the data of the provider; `copies` says whether name and picture change.
fn update(
    tx: &mut Tx<'_>,
    instance: &Instance,
    caller: &Caller<'_>,
    external: &ExternalIdentity,
    (mut user, copies): (User, bool),
) -> Result<User, AuthError> {
    let address = external.email.as_deref().map(email::normalise).unwrap_or_default();
    let before = user.clone();
    let is_same = email::normalise(&user.email) == address;
    user.email_verified |= external.email_verified && is_same;
    let overrides = external.terms.overrides_user_info;
    if copies || overrides {
        copy_profile(&mut user, external);
    }
    let takes_address = overrides && !is_same && email::is_valid(&address);
    if takes_address && user::find_by_email(tx, &address)?.is_none() {
        user.email = address;
        user.email_verified = external.email_verified;
    }
    if user != before {
        users::save(tx, instance, caller, &before, &mut user)?;
    }
    Ok(user)
}

/// Name and picture as the provider has them; missing values stay.
pub(super) fn copy_profile(user: &mut User, external: &ExternalIdentity) {
    if !external.name.is_empty() {
        user.name.clone_from(&external.name);
    }
    if external.image.is_some() {
        user.image.clone_from(&external.image);
    }
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    instance: &Instance,
    caller: &Caller<'_>,
    external: &ExternalIdentity,
    user_id: &str,
) -> Result<(), AuthError> {
    let account = LinkedAccount {
        id: random::id(),
        account_id: external.account_id.clone(),
        provider_id: external.provider_id.clone(),
        user_id: user_id.to_owned(),
        tokens: external.tokens.clone(),
        created_at: tx.now(),
        updated_at: tx.now(),
        issuer: Some(issuer(&external.provider_id)),
    };
    linked_account::insert(tx, &account)?;
    let (provider_id, account_id) = (&*external.provider_id, &*external.account_id);
    instance.emit(tx, caller, Some(user_id), EventKind::AccountLinked { provider_id, account_id })
}

/// The value that 1.7.0–1.7.2 store in `account.issuer` [contract 11.3].
fn issuer(provider_id: &str) -> String {
    match provider_id {
        "google" => "https://accounts.google.com".to_owned(),
        "apple" => "https://appleid.apple.com".to_owned(),
        "facebook" => "https://www.facebook.com".to_owned(),
        "line" => "https://access.line.me".to_owned(),
        _ => format!("local:oauth:{provider_id}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::users::Prepared;
    use crate::database::Timestamp;

    #[test]
    fn what_a_provider_does_not_say_stays() {
        let epoch = Timestamp::EPOCH;
        let new = NewUser { name: "Ada".to_owned(), ..NewUser::default() };
        let mut user = users::row(&new, &Prepared::default(), epoch);
        let mut said = |name: &str, image: Option<&str>| {
            let external = ExternalIdentity {
                provider_id: "gitlab".to_owned(),
                account_id: "42".to_owned(),
                name: name.to_owned(),
                email: None,
                image: image.map(str::to_owned),
                email_verified: false,
                tokens: StoredTokens::default(),
                terms: ProviderPolicy::default(),
            };
            copy_profile(&mut user, &external);
            (user.name.clone(), user.image.clone())
        };
        let kept = |name: &str, image: Option<&str>| (name.to_owned(), image.map(str::to_owned));
        assert_eq!(said("", Some("https://a.example/1")), kept("Ada", Some("https://a.example/1")));
        assert_eq!(said("Ada L.", None), kept("Ada L.", Some("https://a.example/1")));
    }
}
