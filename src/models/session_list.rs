//! The sessions of a user in secondary storage: one list per user, under Better Auth's key and in its JSON.
//!
//! A token is listed before its session is written and until that is deleted, so revoking all sessions of a user misses
//! none.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;

use crate::database::Timestamp;
use crate::storage::Edit;
use crate::storage::Storage;
use crate::storage::StorageError;

/// The key prefix of the lists.
const LISTS: &str = "active-sessions-";

/// An entry of a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    token: String,
    /// Milliseconds since 1970.
    expires_at: i64,
}

/// Every token on the list of a user, expired or not.
pub(super) fn tokens(storage: &Storage, user_id: &str) -> Result<BTreeSet<String>, StorageError> {
    let text = storage.get(&key(user_id))?;
    Ok(read(text.as_deref()).into_iter().map(|listed| listed.token).collect())
}

/// Adds a token to the list, or moves its expiry to `left` from now.
pub(super) fn add(
    storage: &Storage,
    user_id: &str,
    token: &str,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<(), StorageError> {
    let expired = expired(storage, user_id, now)?;
    let left = now.until(expires_at);
    edit(storage, user_id, Some(left), |list| {
        list.retain(|listed| listed.token != token && !expired.contains(&listed.token));
        list.push(Listed { token: token.to_owned(), expires_at: expires_at.as_millis() });
    })
}

/// Removes tokens from the list.
pub(super) fn remove(
    storage: &Storage,
    user_id: &str,
    is_gone: impl Fn(&String) -> bool,
) -> Result<(), StorageError> {
    edit(storage, user_id, None, |list| list.retain(|listed| !is_gone(&listed.token)))
}

/// Calls `each` with every user who has a list; concurrent changes may be missed.
pub(super) fn each_user<E: From<StorageError>>(
    storage: &Storage,
    mut each: impl FnMut(&str) -> Result<(), E>,
) -> Result<(), E> {
    storage.walk(LISTS, |key| key.strip_prefix(LISTS).map_or(Ok(()), &mut each))
}

/// The tokens that have expired by this clock and are gone from the storage: a clock that is ahead must not remove live
/// sessions.
fn expired(
    storage: &Storage,
    user_id: &str,
    now: Timestamp,
) -> Result<BTreeSet<String>, StorageError> {
    let text = storage.get(&key(user_id))?;
    let mut expired = BTreeSet::new();
    for Listed { token, expires_at } in read(text.as_deref()) {
        if expires_at <= now.as_millis() && storage.get(&token)?.is_none() {
            expired.insert(token);
        }
    }
    Ok(expired)
}

fn edit(
    storage: &Storage,
    user_id: &str,
    left: Option<Duration>,
    change: impl Fn(&mut Vec<Listed>),
) -> Result<(), StorageError> {
    let edited = |text: Option<&str>| {
        let mut list = read(text);
        change(&mut list);
        list.sort_by_key(|listed| listed.expires_at);
        if list.is_empty() {
            return if text.is_some() { Edit::Remove } else { Edit::Leave };
        }
        match (serde_json::to_string(&list), left) {
            (Ok(text), Some(left)) => Edit::Put(text, left),
            (Ok(text), None) => Edit::Replace(text),
            (Err(_), _) => Edit::Leave,
        }
    };
    storage.edit(&key(user_id), edited).map(drop)
}

fn key(user_id: &str) -> String {
    format!("{LISTS}{user_id}")
}

/// A list that cannot be read has no entries.
fn read(text: Option<&str>) -> Vec<Listed> {
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}
