//! Where values are that work once: rows of the database, or a secondary storage [contract 11.4, 11.6]. Only this
//! file knows. Rows count where there are any; what the storage holds beside them is for other servers.

use std::time::Duration;

use crate::crypto::random;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::error::AuthError;
use crate::instance::Instance;
use crate::models::verification;
use crate::models::verification_copy;
use crate::models::verification_copy::Kept;
use crate::storage::Storage;
use crate::storage::StorageError;

/// Gives out a value for use until it expires.
///
/// # Errors
/// What the database or the storage answers, here and below.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    instance: &Instance,
    identifier: &str,
    value: &str,
    expires_at: Timestamp,
) -> Result<(), AuthError> {
    let id = random::id();
    let has_rows = instance.config().keeps_verification_rows();
    if has_rows {
        verification::insert(tx, &id, identifier, value, expires_at)?;
    }
    if let Some(storage) = instance.storage() {
        let now = tx.now();
        let kept = Kept {
            identifier: identifier.to_owned(),
            value: value.to_owned(),
            expires_at,
            created_at: now,
            updated_at: now,
            id: has_rows.then_some(id),
        };
        beside_rows(has_rows, verification_copy::put(storage, &kept))?;
    }
    Ok(())
}

/// The value under this identifier, unless it is over; it can still be used afterwards. `purpose` is what the
/// identifier begins with.
///
/// # Errors
/// As [`insert`].
pub(super) fn find(
    tx: &mut Tx<'_>,
    instance: &Instance,
    purpose: &str,
    identifier: &str,
) -> Result<Option<String>, AuthError> {
    let Some(storage) = alone(instance) else {
        return Ok(verification::find(tx, identifier)?);
    };
    let kept = verification_copy::find(storage, identifier)?;
    Ok(usable(storage, purpose, kept, tx.now())?)
}

/// Uses up the value under this identifier and answers it, unless it is over. Of those who try at the same
/// moment one gets it.
///
/// # Errors
/// As [`insert`].
pub(super) fn consume(
    tx: &mut Tx<'_>,
    instance: &Instance,
    purpose: &str,
    identifier: &str,
) -> Result<Option<String>, AuthError> {
    if let Some(storage) = alone(instance) {
        let kept = verification_copy::take(storage, identifier)?;
        return Ok(usable(storage, purpose, kept, tx.now())?);
    }
    if let Some(storage) = instance.storage() {
        beside_rows(true, verification_copy::take(storage, identifier).map(drop))?;
    }
    Ok(verification::consume(tx, identifier)?)
}

/// Makes every value void that was given out for one purpose and stands for this, such as all of a user's
/// links to a new password. None of them lives longer than `lifetime`.
///
/// # Errors
/// As [`insert`].
pub(super) fn void(
    tx: &mut Tx<'_>,
    instance: &Instance,
    purpose: &str,
    value: &str,
    lifetime: Duration,
) -> Result<(), AuthError> {
    match alone(instance) {
        Some(storage) => verification_copy::void(storage, purpose, value, tx.now(), lifetime)?,
        None => _ = verification::delete_of_value(tx, purpose, value)?,
    }
    Ok(())
}

/// Removes a limited number of those that are over and answers how many; a storage forgets them by itself.
///
/// # Errors
/// As [`insert`].
pub(super) fn delete_expired(tx: &mut Tx<'_>, instance: &Instance) -> Result<u64, AuthError> {
    if instance.config().keeps_verification_rows() {
        return Ok(verification::delete_expired(tx)?);
    }
    Ok(0)
}

/// The storage, where nothing else holds values.
fn alone(instance: &Instance) -> Option<&Storage> {
    instance.storage().filter(|_| !instance.config().keeps_verification_rows())
}

fn usable(
    storage: &Storage,
    purpose: &str,
    kept: Option<Kept>,
    now: Timestamp,
) -> Result<Option<String>, StorageError> {
    match kept {
        Some(kept) if now <= kept.expires_at => {
            let is_void = verification_copy::is_void(storage, purpose, &kept)?;
            Ok((!is_void).then_some(kept.value))
        }
        _ => Ok(None),
    }
}

/// Beside rows, which count, the storage may be away.
fn beside_rows(has_rows: bool, done: Result<(), StorageError>) -> Result<(), StorageError> {
    match done {
        Err(error) if has_rows => {
            tracing::warn!(%error, "a value that works once is in the database only");
            Ok(())
        }
        done => done,
    }
}
