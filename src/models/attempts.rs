//! Failed attempts as rows of `verification`: one for each name that was tried, under an id that follows from the name.
//! An adopted database needs no table for them, and what removes expired values removes them, too. Where a secondary
//! storage holds what works once, they are there.

use std::time::Duration;

use crate::database::DatabaseError;
use crate::database::Param;
use crate::database::Statement;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::models::verification::Purpose;
use crate::rows::Bind;
use crate::rows::Binder;
use crate::rows::Delete;
use crate::storage::Storage;
use crate::storage::StorageError;

/// The statements on failed attempts.
pub(super) struct Sql {
    count: Statement,
    find: Statement,
    delete: Delete,
}

impl Bind for Sql {
    const MODEL: &'static str = "verification";

    fn bind(binder: &mut Binder<'_>) -> Self {
        Self {
            // One statement counts, so no two servers overrun it: the first attempt begins the window, the last one
            // allowed makes it the lock.
            count: binder.statement(
                "INSERT INTO {@} ({id}, {identifier}, {value}, {expiresAt}, {createdAt}, {updatedAt})
                VALUES ($1, $2, '1', $3, $4, $4)
                ON CONFLICT ({id}) DO UPDATE SET
                    {value} = CASE WHEN {verification.expiresAt} <= $4 THEN '1'
                        ELSE CAST(CAST({verification.value} AS BIGINT) + 1 AS TEXT) END,
                    {expiresAt} = CASE WHEN {verification.expiresAt} <= $4 THEN $3
                        WHEN CAST({verification.value} AS BIGINT) + 1 = $5 THEN $6
                        ELSE {verification.expiresAt} END,
                    {updatedAt} = $4
                RETURNING CAST({value} AS BIGINT)",
            ),
            find: binder.statement(
                "SELECT CAST({value} AS BIGINT), {expiresAt} FROM {@} WHERE {id} = $1",
            ),
            delete: binder.delete(&["id"]),
        }
    }
}

/// How many may fail, and how long that counts.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// Of so many the last one locks; at least two.
    pub max: i64,
    /// When this window is over, if it begins now.
    pub window_ends: Timestamp,
    /// When the lock is over, if it begins now.
    pub lock_ends: Timestamp,
}

/// Counts an attempt that failed, and answers how many there are by now.
pub fn count(tx: &mut Tx<'_>, id: &str, span: &Span) -> Result<i64, DatabaseError> {
    let identifier = key(id);
    let params = [
        id.into(),
        Param::from(&identifier),
        span.window_ends.into(),
        tx.now().into(),
        span.max.into(),
        span.lock_ends.into(),
    ];
    Ok(tx.find(&tx.statements::<Sql>()?.count, &params, |row| row.integer(0))?.unwrap_or_default())
}

/// How many failed, and when they are forgotten.
pub fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<(i64, Timestamp)>, DatabaseError> {
    let now = tx.now();
    let found = tx.find(&tx.statements::<Sql>()?.find, &[id.into()], |row| {
        Ok((row.integer(0)?, row.time(1)?))
    })?;
    Ok(found.filter(|(_, ends)| now < *ends))
}

/// Forgets them; `false` when there were none.
pub fn delete(tx: &mut Tx<'_>, id: &str) -> Result<bool, DatabaseError> {
    Ok(tx.statements::<Sql>()?.delete.run(tx, &[id.into()])? != 0)
}

/// As [`count`], in a storage, whose clock alone says when a window is over.
pub fn count_in(
    storage: &Storage,
    id: &str,
    window: Duration,
    max: u64,
    lock: Duration,
) -> Result<u64, StorageError> {
    storage.increment_up_to(&key(id), window, (max, lock)).map(|(count, _)| count)
}

/// How many failed, and how long they still count, in a storage.
pub fn find_in(storage: &Storage, id: &str) -> Result<Option<(u64, Duration)>, StorageError> {
    Ok(Some(storage.count(&key(id))?).filter(|(count, _)| *count != 0))
}

/// As [`delete`], in a storage.
pub fn delete_in(storage: &Storage, id: &str) -> Result<bool, StorageError> {
    storage.remove(&key(id))
}

fn key(id: &str) -> String {
    format!("{}{id}", Purpose::FAILED_ATTEMPTS.text())
}
