//! Revocation marks in secondary storage: everything of a user up to this instant is void, such as their sessions.
//!
//! A mark comes from the clock of one server and is compared with times of others. To be independent of clock
//! differences, each mark is later than the one before, and what begins after reading a mark is not void by it.

use std::time::Duration;

use crate::database::Timestamp;
use crate::storage::Edit;
use crate::storage::Storage;
use crate::storage::StorageError;

/// The least difference between two marks.
const STEP: Duration = Duration::from_millis(1);

/// The mark under this key.
pub(super) fn find(storage: &Storage, key: &str) -> Result<Option<Timestamp>, StorageError> {
    Ok(storage.get(key)?.as_deref().and_then(read))
}

/// Sets the mark to now, or just after the existing one, with this lifetime.
pub(super) fn raise(
    storage: &Storage,
    key: &str,
    now: Timestamp,
    lifetime: Duration,
) -> Result<(), StorageError> {
    let raised = |text: Option<&str>| {
        let next = text.and_then(read).map_or(now, |before| before.after(STEP).max(now));
        Edit::Put(next.as_millis().to_string(), lifetime)
    };
    storage.edit(key, raised).map(drop)
}

fn read(text: &str) -> Option<Timestamp> {
    text.parse().ok().map(Timestamp::from_millis)
}
