//! The `rateLimit` row and its SQL [contract 7, 11.1]: one statement counts, so no two servers overrun it.

use std::time::Duration;

use crate::database::DatabaseError;
use crate::database::Param;
use crate::database::Timestamp;
use crate::database::Tx;

const COUNT: &str = r#"INSERT INTO "rateLimit" ("id", "key", "count", "lastRequest")
    VALUES ($1, $2, 1, $3)
    ON CONFLICT ("key") DO UPDATE SET
        "count" = CASE WHEN "rateLimit"."lastRequest" <= $4 OR $5 < "rateLimit"."lastRequest" THEN 1
            ELSE "rateLimit"."count" + 1 END,
        "lastRequest" = $3
    WHERE "rateLimit"."lastRequest" <= $4 OR $5 < "rateLimit"."lastRequest" OR "rateLimit"."count" < $6
    RETURNING "count""#;
const FIND_LAST: &str = r#"SELECT "lastRequest" FROM "rateLimit" WHERE "key" = $1"#;
const DELETE_OLD: &str = r#"DELETE FROM "rateLimit" WHERE "lastRequest" < $1"#;

/// Counts a request; answers when the last one was that counted, if this one is too many. One that is further
/// ahead than a window was counted by a clock that has been set back since, and blocks nobody.
///
/// # Errors
/// What the database answers.
pub fn count(
    tx: &mut Tx<'_>,
    id: &str,
    key: &str,
    window: Duration,
    max: u32,
) -> Result<Option<Timestamp>, DatabaseError> {
    let now = tx.now();
    let (window_began, ahead) = (now.before(window), now.after(window));
    let params = [
        id.into(),
        key.into(),
        Param::Integer(now.as_millis()),
        Param::Integer(window_began.as_millis()),
        Param::Integer(ahead.as_millis()),
        i64::from(max).into(),
    ];
    if tx.find(COUNT, &params, |row| row.integer(0))?.is_some() {
        return Ok(None);
    }
    let last = tx.find(FIND_LAST, &[key.into()], |row| row.integer(0))?;
    Ok(Some(last.map_or(now, Timestamp::from_millis)))
}

/// Removes the rows of clients that have been quiet since this instant.
///
/// # Errors
/// What the database answers.
pub fn delete_old(tx: &mut Tx<'_>, quiet_since: Timestamp) -> Result<u64, DatabaseError> {
    tx.execute(DELETE_OLD, &[Param::Integer(quiet_since.as_millis())])
}

/// Every statement of this file, for the test that prepares them.
#[cfg(test)]
pub(super) fn statements() -> Vec<String> {
    [COUNT, FIND_LAST, DELETE_OLD].iter().map(ToString::to_string).collect()
}
