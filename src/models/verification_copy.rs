//! One-time values in secondary storage, under Better Auth's keys and in its JSON [contract 11.6].

use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;

use crate::database::Timestamp;
use crate::models::mark;
use crate::models::verification::Purpose;
use crate::storage::Storage;
use crate::storage::StorageError;

/// A stored value.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredValue {
    /// The purpose and the secret.
    pub identifier: String,
    /// What it stands for.
    pub value: String,
    /// When it expires.
    pub expires_at: Timestamp,
    /// When it was issued.
    pub created_at: Timestamp,
    /// The same.
    pub updated_at: Timestamp,
    /// The id of its row, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The mark of [`void`] at the time of issue, in milliseconds, 0 for none. If the mark has changed, the value is
    /// void. Better Auth does not write this field and ignores it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub void_mark: Option<i64>,
}

/// Writes a value until it expires.
pub fn put(storage: &Storage, kept: &StoredValue) -> Result<(), StorageError> {
    let text = serde_json::to_string(kept).map_err(|e| StorageError::Other(e.to_string()))?;
    storage.set(&key(&kept.identifier), &text, kept.created_at.until(kept.expires_at))
}

/// The value with this identifier, expired or not.
pub fn find(storage: &Storage, identifier: &str) -> Result<Option<StoredValue>, StorageError> {
    Ok(storage.get(&key(identifier))?.and_then(|text| read(&text)))
}

/// Deletes a value and returns it; of several concurrent calls one gets it.
pub fn take(storage: &Storage, identifier: &str) -> Result<Option<StoredValue>, StorageError> {
    Ok(storage.take(&key(identifier))?.and_then(|text| read(&text)))
}

/// Makes every value void that was issued before now for this purpose and stands for `value`. The mark is kept for as
/// long as such a value can live.
pub fn void(
    storage: &Storage,
    purpose: Purpose,
    value: &str,
    now: Timestamp,
    lifetime: Duration,
) -> Result<(), StorageError> {
    mark::raise(storage, &mark_key(purpose, value), now, lifetime)
}

/// The mark of [`void`] for a value that is issued now.
pub fn void_mark(storage: &Storage, purpose: Purpose, value: &str) -> Result<i64, StorageError> {
    let mark = mark::find(storage, &mark_key(purpose, value))?;
    Ok(mark.map(Timestamp::as_millis).unwrap_or_default())
}

/// Whether a value was issued before a [`void`]. Clocks decide only for values issued by Better Auth.
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

/// Deletes every value of one purpose; one that is issued meanwhile may stay.
pub fn delete_of_purpose(storage: &Storage, purpose: Purpose) -> Result<(), StorageError> {
    storage.walk(&key(purpose.text()), |key| storage.remove(key).map(drop))
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
