//! Linking a provider account to a signed-in user [contract 10.4].

use crate::api::email;
use crate::api::entry::social::ExternalIdentity;
use crate::api::entry::social::copy_profile;
use crate::api::entry::social::insert;
use crate::api::entry::social::is_trusted;
use crate::api::entry::social::owner;
use crate::api::entry::social::storable;
use crate::api::limits;
use crate::api::oauth_state;
use crate::api::sessions;
use crate::api::users;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Caller;
use crate::instance::Instance;
use crate::models::User;
use crate::models::linked_account;
use crate::models::linked_account::StoredTokens;

/// How the account was proved; it decides the order of refusals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkProof {
    /// By a redirect from the provider.
    ByRedirect,
    /// By a token that the application sent. For an account that is already linked it only updates the tokens.
    ByToken,
}

/// Links an account to the user who requested it.
///
/// # Errors
/// `unable_to_link_account`, `email_does_not_match`, `account_already_linked_to_different_user`,
/// `internal_server_error`.
pub fn link(
    instance: &Instance,
    asked: &oauth_state::Link,
    external: &ExternalIdentity,
    shown: LinkProof,
    caller: &Caller<'_>,
) -> Result<(), AuthError> {
    let Some(token) = asked.session_token(instance)? else {
        return Err(codes::unable_to_link_account.into());
    };
    let external = &storable(instance, external)?;
    instance.require_migrated()?;
    let user = instance.database().write(|tx| {
        let session = sessions::find_live(tx, instance, &token)?;
        let Some(mut user) = session.map(|found| found.user).filter(|u| u.id == asked.user_id)
        else {
            return Err(codes::unable_to_link_account.into());
        };
        if shown == LinkProof::ByRedirect {
            may_link(instance, &user, external)?;
        }
        match owner(tx, external)? {
            Some(owner) if owner.user_id != user.id => {
                return Err(codes::account_already_linked_to_different_user.into());
            }
            Some(owner) => {
                let scope = merged(owner.scope.as_deref(), external.tokens.scope.as_deref());
                let scope = scope.filter(|scope| limits::ACCOUNT_SCOPE.fits(scope)).or(owner.scope);
                let tokens = StoredTokens { scope, ..external.tokens.clone() };
                linked_account::update_tokens(tx, &owner.id, &tokens)?;
            }
            None => {
                may_link(instance, &user, external)?;
                insert(tx, instance, caller, external, &user.id)?;
            }
        }
        if instance.config().account.account_linking.update_user_info_on_link {
            let was = user.clone();
            copy_profile(&mut user, external);
            users::save(tx, instance, caller, &was, &mut user)?;
        }
        Ok::<_, AuthError>(user)
    })?;
    let options = &instance.config().account.account_linking;
    if options.update_user_info_on_link { sessions::refresh(instance, &user) } else { Ok(()) }
}

fn may_link(
    instance: &Instance,
    user: &User,
    external: &ExternalIdentity,
) -> Result<(), AuthError> {
    let options = &instance.config().account.account_linking;
    if !(external.email_verified || is_trusted(instance, external)) || !options.enabled {
        return Err(codes::unable_to_link_account.into());
    }
    let address = external.email.as_deref().map(email::normalise);
    if address != Some(email::normalise(&user.email)) && !options.allow_different_emails {
        return Err(codes::email_does_not_match.into());
    }
    Ok(())
}

/// The union of both scopes, in the order in which they were granted.
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
