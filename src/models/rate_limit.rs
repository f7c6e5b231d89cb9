//! The `rateLimit` row and its SQL [contract 7, 11.1]. A single statement counts, so concurrent servers cannot exceed
//! the limit.

use std::time::Duration;

use crate::database::DatabaseError;
use crate::database::Param;
use crate::database::Statement;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::rows::Bind;
use crate::rows::Binder;

/// The statements on request counters.
pub(super) struct Sql {
    makes_ids: bool,
    count: Statement,
    find_last: Statement,
    delete_old: Statement,
}

impl Bind for Sql {
    const MODEL: &'static str = "rateLimit";

    fn bind(binder: &mut Binder<'_>) -> Self {
        let makes_ids = binder.table().makes_ids;
        let (id, value) = if makes_ids { ("", "") } else { (", {id}", ", {$3 id}") };
        let [began, ahead, max] = if makes_ids { ["$3", "$4", "$5"] } else { ["$4", "$5", "$6"] };
        let over =
            format!("{{rateLimit.lastRequest}} <= {began} OR {ahead} < {{rateLimit.lastRequest}}");
        Self {
            makes_ids,
            count: binder.statement(&format!(
                "INSERT INTO {{@}} ({{key}}, {{count}}, {{lastRequest}}{id}) VALUES ($1, 1, $2{value})
                ON CONFLICT ({{key}}) DO UPDATE SET
                    {{count}} = CASE WHEN {over} THEN 1 ELSE {{rateLimit.count}} + 1 END,
                    {{lastRequest}} = $2
                WHERE {over} OR {{rateLimit.count}} < {max}
                RETURNING {{count}}",
            )),
            find_last: binder.statement("SELECT {lastRequest} FROM {@} WHERE {key} = $1"),
            delete_old: binder.statement("DELETE FROM {@} WHERE {lastRequest} < $1"),
        }
    }
}

/// Counts a request. If it exceeds the limit, returns when the last request was counted. A time further ahead than a
/// window was written before the clock was set back, and blocks no request.
pub fn count(
    tx: &mut Tx<'_>,
    id: &str,
    key: &str,
    window: Duration,
    max: u32,
) -> Result<Option<Timestamp>, DatabaseError> {
    let (sql, now) = (tx.statements::<Sql>()?, tx.now());
    let (window_began, ahead) = (now.before(window), now.after(window));
    let mut params = vec![key.into(), Param::Integer(now.as_millis())];
    if !sql.makes_ids {
        params.push(id.into());
    }
    params.extend([
        Param::Integer(window_began.as_millis()),
        Param::Integer(ahead.as_millis()),
        i64::from(max).into(),
    ]);
    if tx.find(&sql.count, &params, |row| row.integer(0))?.is_some() {
        return Ok(None);
    }
    let last = tx.find(&sql.find_last, &[key.into()], |row| row.integer(0))?;
    Ok(Some(last.map_or(now, Timestamp::from_millis)))
}

/// Deletes the counters of clients without requests since this instant.
pub fn delete_old(tx: &mut Tx<'_>, quiet_since: Timestamp) -> Result<u64, DatabaseError> {
    tx.execute(&tx.statements::<Sql>()?.delete_old, &[Param::Integer(quiet_since.as_millis())])
}
