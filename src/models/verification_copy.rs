//! One-time values in secondary storage, under Better Auth's keys and in its JSON [contract 11.6].

use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;

use crate::database::Timestamp;
use crate::models::mark;
use crate::models::verification::Purpose;
use crate::storage::Storage;
use crate::storage::StorageError;

/// What the mark for all values of a purpose is for; no value that can become void is empty.
const ALL: &str = "";

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
    /// void. Better Auth does not write this field and ignores it; so it does the next one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub void_mark: Option<i64>,
    /// The mark of [`void_all`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub void_all_mark: Option<i64>,
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

/// Makes every value void that was issued before now for this purpose, whatever it stands for. The mark is kept for as
/// long as such a value can live.
pub fn void_all(
    storage: &Storage,
    purpose: Purpose,
    now: Timestamp,
    lifetime: Duration,
) -> Result<(), StorageError> {
    mark::raise(storage, &mark_key(purpose, ALL), now, lifetime)
}

/// The marks for a value that is issued now, in milliseconds, 0 for none.
#[derive(Debug, Clone, Copy)]
pub struct Marks {
    /// That of [`void`].
    pub of_value: i64,
    /// That of [`void_all`].
    pub of_purpose: i64,
}

/// The marks for a value that is issued now.
pub fn marks(storage: &Storage, purpose: Purpose, value: &str) -> Result<Marks, StorageError> {
    let find = |value: &str| {
        let mark = mark::find(storage, &mark_key(purpose, value))?;
        Ok::<_, StorageError>(mark.map(Timestamp::as_millis).unwrap_or_default())
    };
    Ok(Marks { of_value: find(value)?, of_purpose: find(ALL)? })
}

/// Whether a value was issued before a [`void`] or [`void_all`]. Clocks decide only for values issued by Better Auth.
pub fn is_void(
    storage: &Storage,
    purpose: Purpose,
    kept: &StoredValue,
) -> Result<bool, StorageError> {
    for (value, known) in [(&*kept.value, kept.void_mark), (ALL, kept.void_all_mark)] {
        let mark = mark::find(storage, &mark_key(purpose, value))?;
        let is_void = mark.is_some_and(|mark| match known {
            Some(known) => mark.as_millis() != known,
            None => kept.created_at <= mark,
        });
        if is_void {
            return Ok(true);
        }
    }
    Ok(false)
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
