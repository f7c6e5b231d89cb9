//! Which sessions a user has in secondary storage: one list per user, under Better Auth's key and in its JSON.
//!
//! A token is on the list before there is anything under it, and leaves it after that is gone, so whoever ends all
//! sessions of a user misses none.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;

use crate::database::Timestamp;
use crate::storage::Edit;
use crate::storage::Storage;
use crate::storage::StorageError;

/// What the keys of the lists begin with.
const LISTS: &str = "active-sessions-";

/// An entry of a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    token: String,
    /// Milliseconds since 1970.
    expires_at: i64,
}

/// Every token on the list of a user, over or not.
pub(super) fn tokens(storage: &Storage, user_id: &str) -> Result<BTreeSet<String>, StorageError> {
    let text = storage.get(&key(user_id))?;
    Ok(read(text.as_deref()).into_iter().map(|listed| listed.token).collect())
}

/// Puts a token on the list, or moves its end, which is `left` from now.
pub(super) fn add(
    storage: &Storage,
    user_id: &str,
    token: &str,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<(), StorageError> {
    let over = over(storage, user_id, now)?;
    let left = now.until(expires_at);
    edit(storage, user_id, Some(left), |list| {
        list.retain(|listed| listed.token != token && !over.contains(&listed.token));
        list.push(Listed { token: token.to_owned(), expires_at: expires_at.as_millis() });
    })
}

/// Takes tokens off the list.
pub(super) fn remove(
    storage: &Storage,
    user_id: &str,
    is_gone: impl Fn(&String) -> bool,
) -> Result<(), StorageError> {
    edit(storage, user_id, None, |list| list.retain(|listed| !is_gone(&listed.token)))
}

/// Everybody who has a list; one who comes or goes meanwhile may be missed.
pub(super) fn each_user<E: From<StorageError>>(
    storage: &Storage,
    mut each: impl FnMut(&str) -> Result<(), E>,
) -> Result<(), E> {
    storage.walk(LISTS, |key| key.strip_prefix(LISTS).map_or(Ok(()), &mut each))
}

/// The tokens whose time is over by this clock and that the storage does not hold any more: the clock alone, when it
/// is ahead, would take live sessions for ended ones.
fn over(
    storage: &Storage,
    user_id: &str,
    now: Timestamp,
) -> Result<BTreeSet<String>, StorageError> {
    let text = storage.get(&key(user_id))?;
    let mut over = BTreeSet::new();
    for Listed { token, expires_at } in read(text.as_deref()) {
        if expires_at <= now.as_millis() && storage.get(&token)?.is_none() {
            over.insert(token);
        }
    }
    Ok(over)
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
