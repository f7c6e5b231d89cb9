//! Failed attempts as rows of `verification`: one per key, with an id derived from it where ids are text. So an adopted
//! database needs no additional table, and the cleanup of expired values covers them. Where a secondary storage holds
//! one-time values, they are stored there.

use std::time::Duration;

use crate::crypto::random;
use crate::database::DatabaseError;
use crate::database::Form;
use crate::database::Param;
use crate::database::Statement;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::models::verification::Purpose;
use crate::models::verification::Verification;
use crate::rows::Bind;
use crate::rows::Binder;
use crate::rows::Delete;
use crate::rows::Fields;
use crate::rows::Insert;
use crate::schema::quoted;
use crate::storage::Storage;
use crate::storage::StorageError;

/// The statements on failed attempts.
pub(super) struct Sql {
    counting: Counting,
    /// What an application adds to the table.
    added: Fields,
    find: Statement,
    delete: Delete,
}

/// How an attempt is counted.
enum Counting {
    /// In one statement, under an id that follows from the key.
    ById(Statement),
    /// In two, because ids are numbers or UUIDs, or the database makes them.
    ByIdentifier { again: Statement, first: Insert<Verification> },
}

impl Bind for Sql {
    const MODEL: &'static str = "verification";

    fn bind(binder: &mut Binder<'_>) -> Self {
        let table = binder.table();
        let is_text = table.column("id").is_some_and(|id| id.form == Form::Native);
        let key = if is_text && !table.makes_ids { "id" } else { "identifier" };
        let counting = if key == "id" {
            Counting::ById(upsert(binder))
        } else {
            Counting::ByIdentifier { again: binder.statement(AGAIN), first: binder.insert() }
        };
        let find = format!(
            "SELECT CAST({{value}} AS BIGINT), {{expiresAt}} FROM {{@}} WHERE {{{key}}} = $1"
        );
        let (added, find) = (binder.added(), binder.statement(&find));
        Self { counting, added, find, delete: binder.delete(&[key]) }
    }
}

/// A single statement counts, so concurrent servers cannot exceed the limit: the first attempt begins the window, the
/// last one allowed turns it into the lock.
fn upsert(binder: &mut Binder<'_>) -> Statement {
    let added = binder.added();
    let names = added.columns().map(quoted).map(|name| [", ", &name].concat());
    let values = added.columns().zip(6..).map(|(_, at)| [", $", &at.to_string()].concat());
    let (names, values) = (names.collect::<String>(), values.collect::<String>());
    let first = 6 + added.columns().count();
    let [now, max, lock] = [first, first + 1, first + 2];
    binder.statement(&format!(
        "INSERT INTO {{@}} ({{id}}, {{identifier}}, {{value}}, {{expiresAt}}, {{createdAt}}, {{updatedAt}}{names})
        VALUES ({{$1 id}}, $2, '1', {{$3 expiresAt}}, {{$4 createdAt}}, {{$5 updatedAt}}{values})
        ON CONFLICT ({{id}}) DO UPDATE SET
            {{value}} = CASE WHEN {{verification.expiresAt}} <= ${now} THEN '1'
                ELSE CAST(CAST({{verification.value}} AS BIGINT) + 1 AS TEXT) END,
            {{expiresAt}} = CASE WHEN {{verification.expiresAt}} <= ${now} THEN $3
                WHEN CAST({{verification.value}} AS BIGINT) + 1 = ${max} THEN {{${lock} expiresAt}}
                ELSE {{verification.expiresAt}} END,
            {{updatedAt}} = $5
        RETURNING CAST({{value}} AS BIGINT)"
    ))
}

/// The same for a row that is there; transactions that count at once are serializable.
const AGAIN: &str = "\
    UPDATE {@} SET
        {value} = CASE WHEN {expiresAt} <= $1 THEN '1' ELSE CAST(CAST({value} AS BIGINT) + 1 AS TEXT) END,
        {expiresAt} = CASE WHEN {expiresAt} <= $1 THEN {$2 expiresAt}
            WHEN CAST({value} AS BIGINT) + 1 = $3 THEN {$4 expiresAt} ELSE {expiresAt} END,
        {updatedAt} = $5
    WHERE {identifier} = $6
    RETURNING CAST({value} AS BIGINT)";

impl Sql {
    /// What a row is found by: the id, or the identifier that it is a part of.
    fn key<'a>(&self, id: &'a str, identifier: &'a str) -> &'a str {
        match self.counting {
            Counting::ById(_) => id,
            Counting::ByIdentifier { .. } => identifier,
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

/// Counts a failed attempt in a transaction, and returns the number so far.
pub fn count(tx: &mut Tx<'_>, id: &str, span: &Span) -> Result<i64, DatabaseError> {
    let (identifier, now) = (key(id), tx.now());
    let sql = tx.statements::<Sql>()?;
    let (again, first) = match &sql.counting {
        Counting::ById(upsert) => {
            let defaults = sql.added.defaults();
            let defaults = defaults.iter().zip(sql.added.forms());
            let mut params = vec![id.into(), Param::from(&identifier), span.window_ends.into()];
            params.extend([Param::from(now), now.into()]);
            params.extend(defaults.map(|(value, form)| form.fit(value.param())));
            params.extend([Param::from(now), span.max.into(), span.lock_ends.into()]);
            return Ok(tx.find(upsert, &params, |row| row.integer(0))?.unwrap_or_default());
        }
        Counting::ByIdentifier { again, first } => (again, first),
    };
    let params = [
        now.into(),
        span.window_ends.into(),
        span.max.into(),
        span.lock_ends.into(),
        now.into(),
        Param::from(&identifier),
    ];
    if let Some(count) = tx.find(again, &params, |row| row.integer(0))? {
        return Ok(count);
    }
    let row = Verification {
        id: random::id(),
        identifier,
        value: "1".to_owned(),
        expires_at: span.window_ends,
        created_at: now,
        updated_at: now,
    };
    first.run(tx, &row)?;
    Ok(1)
}

/// The number of failed attempts, and when they expire.
pub fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<(i64, Timestamp)>, DatabaseError> {
    let (sql, now, identifier) = (tx.statements::<Sql>()?, tx.now(), key(id));
    let params = [sql.key(id, &identifier).into()];
    let found = tx.find(&sql.find, &params, |row| Ok((row.integer(0)?, row.time(1)?)))?;
    Ok(found.filter(|(_, ends)| now < *ends))
}

/// Deletes them; `false` if there were none.
pub fn delete(tx: &mut Tx<'_>, id: &str) -> Result<bool, DatabaseError> {
    let (sql, identifier) = (tx.statements::<Sql>()?, key(id));
    Ok(sql.delete.run(tx, &[sql.key(id, &identifier).into()])? != 0)
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
