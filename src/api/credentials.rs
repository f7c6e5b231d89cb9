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
