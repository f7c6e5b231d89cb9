//! Failed attempts as rows of `verification`: one per key, with an id derived from it. So an adopted database needs no
//! additional table, and the cleanup of expired values covers them. Where a secondary storage holds one-time values,
//! they are stored there.

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
use crate::rows::Fields;
use crate::rows::Stored;
use crate::rows::quoted;
use crate::storage::Storage;
use crate::storage::StorageError;

/// The statements on failed attempts.
pub(super) struct Sql {
    added: Fields,
    count: Statement,
    find: Statement,
    delete: Delete,
}

impl Bind for Sql {
    const MODEL: &'static str = "verification";

    fn bind(binder: &mut Binder<'_>) -> Self {
        let added = binder.added();
        let fields = ["id", "identifier", "value", "expiresAt", "createdAt", "updatedAt"];
        let names = fields.map(|field| format!("{{{field}}}")).into_iter();
        let names: Vec<String> = names.chain(added.columns().map(quoted)).collect();
        let values = ["$1", "$2", "'1'", "$3", "$4", "$4"].map(str::to_owned).into_iter();
        let defaults = added.columns().zip(5..).map(|(_, at)| format!("${at}"));
        let values: Vec<String> = values.chain(defaults).collect();
        let (names, values) = (names.join(", "), values.join(", "));
        let max = 5 + added.columns().count();
        let lock = max + 1;
        Self {
            added,
            // A single statement counts, so concurrent servers cannot exceed the limit: the first attempt begins the
            // window, the last one allowed turns it into the lock.
            count: binder.statement(&format!(
                "INSERT INTO {{@}} ({names}) VALUES ({values})
                ON CONFLICT ({{id}}) DO UPDATE SET
                    {{value}} = CASE WHEN {{verification.expiresAt}} <= $4 THEN '1'
                        ELSE CAST(CAST({{verification.value}} AS BIGINT) + 1 AS TEXT) END,
                    {{expiresAt}} = CASE WHEN {{verification.expiresAt}} <= $4 THEN $3
                        WHEN CAST({{verification.value}} AS BIGINT) + 1 = ${max} THEN ${lock}
                        ELSE {{verification.expiresAt}} END,
                    {{updatedAt}} = $4
                RETURNING CAST({{value}} AS BIGINT)"
            )),
            find: binder
                .statement("SELECT CAST({value} AS BIGINT), {expiresAt} FROM {@} WHERE {id} = $1"),
            delete: binder.delete(&["id"]),
        }
    }
}

/// The limit of attempts, and how long they count.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// The number of attempts of which the last one locks; at least two.
    pub max: i64,
    /// When the window ends, if it begins now.
    pub window_ends: Timestamp,
    /// When the lock ends, if it begins now.
    pub lock_ends: Timestamp,
}

/// Counts a failed attempt, and returns the number so far.
pub fn count(tx: &mut Tx<'_>, id: &str, span: &Span) -> Result<i64, DatabaseError> {
    let identifier = key(id);
    let sql = tx.statements::<Sql>()?;
    let defaults = sql.added.defaults();
    let mut params =
        vec![id.into(), Param::from(&identifier), span.window_ends.into(), tx.now().into()];
    params.extend(defaults.iter().map(Stored::param));
    params.extend([Param::from(span.max), span.lock_ends.into()]);
    Ok(tx.find(&sql.count, &params, |row| row.integer(0))?.unwrap_or_default())
}

/// The number of failed attempts, and when they expire.
pub fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<(i64, Timestamp)>, DatabaseError> {
    let now = tx.now();
    let found = tx.find(&tx.statements::<Sql>()?.find, &[id.into()], |row| {
        Ok((row.integer(0)?, row.time(1)?))
    })?;
    Ok(found.filter(|(_, ends)| now < *ends))
}

/// Deletes them; `false` if there were none.
pub fn delete(tx: &mut Tx<'_>, id: &str) -> Result<bool, DatabaseError> {
    Ok(tx.statements::<Sql>()?.delete.run(tx, &[id.into()])? != 0)
}

/// As [`count`], in the storage, whose clock alone decides when a window ends.
pub fn count_in(
    storage: &Storage,
    id: &str,
    window: Duration,
    max: u64,
    lock: Duration,
) -> Result<u64, StorageError> {
    storage.increment_up_to(&key(id), window, (max, lock)).map(|(count, _)| count)
}

/// The number of failed attempts in the storage, and how long they still count.
pub fn find_in(storage: &Storage, id: &str) -> Result<Option<(u64, Duration)>, StorageError> {
    Ok(Some(storage.count(&key(id))?).filter(|(count, _)| *count != 0))
}

/// As [`delete`], in the storage.
pub fn delete_in(storage: &Storage, id: &str) -> Result<bool, StorageError> {
    storage.remove(&key(id))
}

fn key(id: &str) -> String {
    format!("{}{id}", Purpose::FAILED_ATTEMPTS.text())
}
