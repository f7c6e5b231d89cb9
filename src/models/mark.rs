//! Marks in secondary storage: an instant up to which something of a user is over, such as their sessions.
//!
//! A mark comes from the clock of one server and is compared with what others began. So it is no clock's word alone:
//! each is later than the one before, and what begins after it was read is not over by it, however far behind the
//! clock of its server is.

use std::time::Duration;

use crate::database::Timestamp;
use crate::storage::Edit;
use crate::storage::Storage;
use crate::storage::StorageError;

/// The least by which a mark is later than the one before.
const STEP: Duration = Duration::from_millis(1);

/// The mark under this key.
pub(super) fn find(storage: &Storage, key: &str) -> Result<Option<Timestamp>, StorageError> {
    Ok(storage.get(key)?.as_deref().and_then(read))
}

/// Sets the mark to now, or to the first instant after the one that is there; it stays for so long.
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
