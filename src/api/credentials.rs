//! The password hash of a user: created, looked up, compared, replaced.

use crate::crypto;
use crate::crypto::Secret;
use crate::crypto::random;
use crate::database::Tx;
use crate::error::AuthError;
use crate::instance::Instance;
use crate::models::account;
use crate::models::account::Credential;

/// Hashes a password with the configured algorithm.
///
/// # Errors
/// `SERVER_BUSY` when too many hashes are queued, or a database error.
pub(super) fn hash(instance: &Instance, password: &Secret) -> Result<Secret, AuthError> {
    let algorithm = instance.algorithm()?;
    instance.hasher().hash(algorithm, password).map(Secret::new)
}

/// Whether the password matches a stored hash of any system. A hash that is refused takes as long as an unknown address.
///
/// # Errors
/// `SERVER_BUSY` when too many hashes are queued, or a database error.
pub(super) fn verify(
    instance: &Instance,
    password: &Secret,
    stored: &Secret,
) -> Result<bool, AuthError> {
    match instance.hasher().verify(password, stored.expose())? {
        Some(is_right) => Ok(is_right),
        None => waste(instance, password).map(|()| false),
    }
}

/// Spends the time of a hash, so that an unknown address is answered no faster than a known one.
pub(super) fn waste(instance: &Instance, password: &Secret) -> Result<(), AuthError> {
    instance.hasher().verify_dummy(instance.algorithm()?, password)
}

/// The account with the user's password hash, if it is still the hash that was verified before the transaction.
pub(super) fn find_unchanged(
    tx: &mut Tx<'_>,
    user_id: &str,
    verified: &Secret,
) -> Result<Option<Credential>, AuthError> {
    let is_same = |credential: &Credential| credential.password.as_ref() == Some(verified);
    Ok(account::find_credential(tx, user_id)?.filter(is_same))
}

/// A value that changes with the user's password and reveals nothing about it: hashes are salted.
pub(super) fn stamp(tx: &mut Tx<'_>, user_id: &str) -> Result<String, AuthError> {
    let hash = account::find_credential(tx, user_id)?.and_then(|credential| credential.password);
    Ok(crypto::fingerprint(hash.as_ref().map_or("", Secret::expose)))
}

/// Inserts the account with a new user's password hash.
pub(super) fn insert(tx: &mut Tx<'_>, user_id: &str, hash: &Secret) -> Result<(), AuthError> {
    Ok(account::insert_credential(tx, random::id(), user_id, hash)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::fixture::site;
    use crate::api::users;
    use crate::api::users::NewUser;
    use crate::crypto::password::Algorithm;
    use crate::crypto::password::Hasher;
    use crate::database::Clock;
    use crate::instance::Caller;
    use crate::instance::caller::Actor;

    #[test]
    fn a_hash_that_is_refused_takes_as_long_as_an_unknown_address() {
        let (_folder, mut instance, _, password) = site();
        for stored in ["$2b$05$cut off", "$1$Eu.GHtia$CFkL/nE1BYTlEPiVx1VWX0", "plain text"] {
            instance = instance.with_hasher(Hasher::new(1, 0));
            assert!(!verify(&instance, &password, &Secret::new(stored)).unwrap(), "{stored}");
            assert!(instance.hasher().has_filled_memory(), "{stored}");
        }
    }

    #[test]
    fn older_hashes_of_another_system_do_not_hide_that_better_auth_made_the_database() {
        let (_folder, instance, ada, password) = site();
        let email = "grace@example.com".to_owned();
        let new = NewUser { email, password: Some(password.clone()), ..NewUser::default() };
        let grace = users::create(&instance, &new, &Caller::trusted(Actor::Program)).unwrap();
        let scrypt = instance.hasher().hash(Algorithm::Scrypt, &password).unwrap();
        for (of_ada, of_grace, expected) in [
            ("$2b$05$x", scrypt.as_str(), Algorithm::Scrypt),
            ("{SSHA}x", &scrypt, Algorithm::Scrypt),
            ("pbkdf2:1:x:x", &scrypt, Algorithm::Scrypt),
            ("$argon2id$x", &scrypt, Algorithm::Argon2id),
            (&scrypt, "$argon2id$x", Algorithm::Scrypt),
            ("$2b$05$x", "$6$x", Algorithm::Argon2id),
        ] {
            let put = instance.database().write(|tx| {
                for (user, hash) in [(&ada, of_ada), (&grace, of_grace)] {
                    let credential = account::find_credential(tx, &user.id)?.unwrap();
                    account::set_password(tx, &credential.id, &Secret::new(hash))?;
                }
                Ok::<_, AuthError>(())
            });
            put.unwrap();
            let fresh = Instance::of_the_core(instance.config().clone(), Clock::SYSTEM);
            assert_eq!(fresh.algorithm().unwrap(), expected, "{of_ada} {of_grace}");
        }
    }
}
