//! Values that work once in secondary storage, under Better Auth's keys and in its JSON [contract 11.6].

use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;

use crate::database::Timestamp;
use crate::models::mark;
use crate::models::verification::Purpose;
use crate::storage::Storage;
use crate::storage::StorageError;

/// A value as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredValue {
    /// Says what it is for, and is the secret.
    pub identifier: String,
    /// What it stands for.
    pub value: String,
    /// When it is over.
    pub expires_at: Timestamp,
    /// When it was given out.
    pub created_at: Timestamp,
    /// The same.
    pub updated_at: Timestamp,
    /// That of its row, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The mark of [`void`] that stood when it was given out, in milliseconds, 0 for none; with another one it is
    /// void. Better Auth does not write it and leaves it alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub void_mark: Option<i64>,
}

/// Writes a value, until it is over.
pub fn put(storage: &Storage, kept: &StoredValue) -> Result<(), StorageError> {
    let text = serde_json::to_string(kept).map_err(|e| StorageError::Other(e.to_string()))?;
    storage.set(&key(&kept.identifier), &text, kept.created_at.until(kept.expires_at))
}

/// The value under this identifier, over or not.
pub fn find(storage: &Storage, identifier: &str) -> Result<Option<StoredValue>, StorageError> {
    Ok(storage.get(&key(identifier))?.and_then(|text| read(&text)))
}

/// Uses a value up and answers it; of those who try at the same moment one gets it.
pub fn take(storage: &Storage, identifier: &str) -> Result<Option<StoredValue>, StorageError> {
    Ok(storage.take(&key(identifier))?.and_then(|text| read(&text)))
}

/// Makes every value void that was given out for one purpose and stands for this, up to now; for as long as
/// one of them could live.
pub fn void(
    storage: &Storage,
    purpose: Purpose,
    value: &str,
    now: Timestamp,
    lifetime: Duration,
) -> Result<(), StorageError> {
    mark::raise(storage, &mark_key(purpose, value), now, lifetime)
}

/// The mark that [`void`] has left, for a value that is given out now.
pub fn void_mark(storage: &Storage, purpose: Purpose, value: &str) -> Result<i64, StorageError> {
    let mark = mark::find(storage, &mark_key(purpose, value))?;
    Ok(mark.map(Timestamp::as_millis).unwrap_or_default())
}

/// Whether [`void`] was said of a value after it was given out. Only of one that Better Auth gave out do the clocks
/// decide.
pub fn is_void(
    storage: &Storage,
    purpose: Purpose,
    kept: &StoredValue,
) -> Result<bool, StorageError> {
    let mark = mark::find(storage, &mark_key(purpose, &kept.value))?;
    Ok(mark.is_some_and(|mark| match kept.void_mark {
        Some(known) => mark.as_millis() != known,
        None => kept.created_at <= mark,
    }))
}

fn key(identifier: &str) -> String {
    format!("verification:{identifier}")
}

fn mark_key(purpose: Purpose, value: &str) -> String {
    format!("void-verifications:{}{value}", purpose.text())
}

fn read(text: &str) -> Option<StoredValue> {
    serde_json::from_str(text).ok()
}
