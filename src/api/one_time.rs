//! One-time values, such as tokens in links and codes: issued for a purpose, used once [contract
//! 11.4].
//!
//! They are rows of the database, or keys of a secondary storage [contract 11.6]; only this file
//! knows which. If there are rows, they are authoritative, and the copies in the storage are for
//! other servers.

use std::time::Duration;

use crate::api::limits;
use crate::crypto;
use crate::crypto::random;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Client;
use crate::instance::ExceededLimit;
use crate::instance::Instance;
use crate::instance::Refused;
use crate::models::verification;
use crate::models::verification::Verification;
use crate::models::verification_copy;
use crate::models::verification_copy::StoredValue;
use crate::storage::Storage;
use crate::storage::StorageError;

pub use crate::models::verification::Purpose;

/// Counts a one-time token that a client requests, before any lookup or write: the count must not
/// depend on what the request finds. There is no limit for the server, for administrators, and for
/// clients that cannot be distinguished, because one of them could exhaust it for all.
///
/// # Errors
/// `RATE_LIMIT_EXCEEDED` or `SERVER_BUSY` with the time to wait.
pub fn admit(instance: &Instance, client: Option<&Client>) -> Result<(), AuthError> {
    let Some(network) = client.and_then(|client| client.network) else {
        return Ok(());
    };
    let now = instance.database().clock().now();
    instance.one_time_tokens().take(network, now).map_err(|refused| {
        let Refused { full, retry_after, is_first } = refused;
        let (code, option, reason) = match full {
            ExceededLimit::Client => (
                codes::RATE_LIMIT_EXCEEDED,
                "server.limits.oneTimeTokensPerClient",
                "a client has requested too many one-time tokens",
            ),
            ExceededLimit::Total => (
                codes::SERVER_BUSY,
                "server.limits.oneTimeTokens",
                "clients have requested too many one-time tokens in total",
            ),
        };
        if is_first {
            tracing::warn!(option, "{reason}");
        }
        AuthError::new(code).with_retry_after(retry_after).logged()
    })
}

/// Issues a value that is valid until it expires. It replaces one with the same purpose and token.
///
/// # Errors
/// `VALIDATION_ERROR`.
pub fn issue(tx: &mut Tx<'_>, instance: &Instance, new: &NewValue<'_>) -> Result<(), AuthError> {
    let NewValue { purpose, token, value, expires_at, can_be_void } = *new;
    if !instance.has_purpose(purpose) {
        let problem = format!("no enabled plugin has the purpose {}", purpose.text());
        return Err(AuthError::internal(problem));
    }
    let Identifiers { stored, former } = &Identifiers::new(instance, purpose, token);
    limits::VERIFICATION_IDENTIFIER.check("identifier", former.as_ref().unwrap_or(stored))?;
    limits::VERIFICATION_VALUE.check("what is to be kept of the request", value)?;
    let mut row = Verification {
        id: random::id(),
        identifier: stored.clone(),
        value: value.to_owned(),
        expires_at,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    let has_rows = instance.config().keeps_verification_rows();
    if has_rows {
        verification::insert(tx, &mut row)?;
    }
    if let Some(storage) = instance.storage() {
        let now = tx.now();
        let marks = if can_be_void && !has_rows {
            Some(verification_copy::marks(storage, purpose, value)?)
        } else {
            None
        };
        let kept = StoredValue {
            identifier: stored.clone(),
            value: value.to_owned(),
            expires_at,
            created_at: now,
            updated_at: now,
            id: has_rows.then_some(row.id),
            void_mark: marks.map(|marks| marks.of_value),
            void_all_mark: marks.map(|marks| marks.of_purpose),
        };
        ignore_unavailable(has_rows, verification_copy::put(storage, &kept))?;
    }
    Ok(())
}

/// A value to issue.
pub struct NewValue<'a> {
    /// The purpose.
    pub purpose: Purpose,
    /// The lookup key: a secret, or the recipient if the secret is in the value.
    pub token: &'a str,
    /// The value.
    pub value: &'a str,
    /// When it expires.
    pub expires_at: Timestamp,
    /// Whether [`void()`] can invalidate it earlier.
    pub can_be_void: bool,
}

/// The identifiers under which a value may be stored.
struct Identifiers {
    /// As it is stored now (`verification.storeIdentifier`).
    stored: String,
    /// As it may have been stored before identifiers were hashed.
    former: Option<String>,
}

impl Identifiers {
    fn new(instance: &Instance, purpose: Purpose, token: &str) -> Self {
        let plain = format!("{}{token}", purpose.text());
        if !instance.config().verification.store_identifier.hashes(&plain) {
            return Self { stored: plain, former: None };
        }
        Self { stored: crypto::digest(&plain), former: Some(plain) }
    }

    /// All of them, in the order in which they are looked up.
    fn iter(&self) -> impl Iterator<Item = &str> {
        [Some(&self.stored), self.former.as_ref()].into_iter().flatten().map(String::as_str)
    }
}

/// A one-time value within a transaction; created outside of it. It keeps a value that was already
/// taken from a storage: if the transaction runs again, the storage has it no more. Then it may
/// have become void.
pub struct OneTime<'a> {
    instance: &'a Instance,
    purpose: Purpose,
    identifiers: Identifiers,
    taken: Option<StoredValue>,
}

impl<'a> OneTime<'a> {
    /// The value with this purpose and token.
    pub fn new(instance: &'a Instance, purpose: Purpose, token: &str) -> Self {
        let identifiers = Identifiers::new(instance, purpose, token);
        Self { instance, purpose, identifiers, taken: None }
    }

    /// The value, unless it has expired; it stays usable.
    pub fn find(&self, tx: &mut Tx<'_>) -> Result<Option<String>, AuthError> {
        let Some(storage) = alone(self.instance) else {
            return Ok(first(&self.identifiers, |name| verification::find(tx, name))?);
        };
        let found = match &self.taken {
            Some(_) => None,
            None => first(&self.identifiers, |name| verification_copy::find(storage, name))?,
        };
        let kept = self.taken.as_ref().or(found.as_ref());
        Ok(usable(storage, self.purpose, kept, tx.now())?)
    }

    /// Uses the value and returns it, unless it has expired. Of several concurrent requests one
    /// succeeds.
    pub fn consume(&mut self, tx: &mut Tx<'_>) -> Result<Option<String>, AuthError> {
        if let Some(storage) = alone(self.instance) {
            if self.taken.is_none() {
                self.taken = take(storage, &self.identifiers)?;
            }
            return Ok(usable(storage, self.purpose, self.taken.as_ref(), tx.now())?);
        }
        if let Some(storage) = self.instance.storage() {
            ignore_unavailable(true, take(storage, &self.identifiers).map(drop))?;
        }
        let mut consumed = None;
        for identifier in self.identifiers.iter() {
            let value = verification::consume(tx, identifier)?;
            consumed = consumed.or(value);
        }
        Ok(consumed)
    }
}

/// What is found under the first identifier that has something.
fn first<T, E>(
    identifiers: &Identifiers,
    mut find: impl FnMut(&str) -> Result<Option<T>, E>,
) -> Result<Option<T>, E> {
    identifiers.iter().find_map(|identifier| find(identifier).transpose()).transpose()
}

/// Takes every copy of a value and returns the first.
fn take(storage: &Storage, identifiers: &Identifiers) -> Result<Option<StoredValue>, StorageError> {
    let mut taken = None;
    for identifier in identifiers.iter() {
        let copy = verification_copy::take(storage, identifier)?;
        taken = taken.or(copy);
    }
    Ok(taken)
}

/// Invalidates all values with this purpose and content that can become void, such as a user's
/// password reset links. None of them lives longer than `lifetime`.
///
/// The purpose of a row cannot be read from a hashed identifier. There, all rows with this content
/// are deleted: of whatever a user has been sent, nothing is worth keeping that a new password, or
/// the end of all sessions, leaves behind.
pub fn void(
    tx: &mut Tx<'_>,
    instance: &Instance,
    purpose: Purpose,
    value: &str,
    lifetime: Duration,
) -> Result<(), AuthError> {
    if let Some(storage) = alone(instance) {
        return Ok(verification_copy::void(storage, purpose, value, tx.now(), lifetime)?);
    }
    verification::delete_of_value(tx, purpose, value)?;
    if instance.config().verification.store_identifier.hashes_any() {
        verification::delete_hashed_of_value(tx, value)?;
    }
    Ok(())
}

/// As [`void()`], for every content: whatever was sent to anybody.
pub(super) fn void_all(
    tx: &mut Tx<'_>,
    instance: &Instance,
    purpose: Purpose,
    lifetime: Duration,
) -> Result<(), AuthError> {
    if let Some(storage) = alone(instance) {
        return Ok(verification_copy::void_all(storage, purpose, tx.now(), lifetime)?);
    }
    verification::delete_of_purpose(tx, purpose)?;
    if instance.config().verification.store_identifier.hashes_any() {
        verification::delete_hashed_of_users(tx)?;
    }
    Ok(())
}

/// Deletes a limited number of expired values and returns their number; a storage expires them
/// itself.
pub(super) fn delete_expired(tx: &mut Tx<'_>, instance: &Instance) -> Result<u64, AuthError> {
    if instance.config().keeps_verification_rows() {
        return Ok(verification::delete_expired(tx)?);
    }
    Ok(0)
}

/// The storage, if it is the only place of values.
pub(super) fn alone(instance: &Instance) -> Option<&Storage> {
    instance.storage().filter(|_| !instance.config().keeps_verification_rows())
}

fn usable(
    storage: &Storage,
    purpose: Purpose,
    kept: Option<&StoredValue>,
    now: Timestamp,
) -> Result<Option<String>, StorageError> {
    match kept {
        Some(kept) if now <= kept.expires_at => {
            let is_void = verification_copy::is_void(storage, purpose, kept)?;
            Ok((!is_void).then(|| kept.value.clone()))
        }
        _ => Ok(None),
    }
}

/// Ignores an unavailable storage if there are rows, which are authoritative.
fn ignore_unavailable(has_rows: bool, done: Result<(), StorageError>) -> Result<(), StorageError> {
    match done {
        Err(error) if has_rows => {
            tracing::warn!(%error, "a one-time value was stored in the database only");
            Ok(())
        }
        done => done,
    }
}
