//! The `verification` row and its SQL [contract 11.4]: a value that is used once, before it expires.

use crate::database::DatabaseError;
use crate::database::Param;
use crate::database::Timestamp;
use crate::database::Tx;

/// Rows that a cleanup removes at most, so that no request pays for a long neglect.
const CLEANUP_MAX: i64 = 1000;

const INSERT: &str = r#"INSERT INTO "verification"
    ("id", "identifier", "value", "expiresAt", "createdAt", "updatedAt")
    VALUES ($1, $2, $3, $4, $5, $5)"#;
const FIND: &str = r#"SELECT "value", "expiresAt" FROM "verification" WHERE "identifier" = $1
    ORDER BY "createdAt" DESC, "id" DESC LIMIT 1"#;
const DELETE: &str = r#"DELETE FROM "verification" WHERE "identifier" = $1"#;
const DELETE_OF_VALUE: &str =
    r#"DELETE FROM "verification" WHERE "value" = $1 AND "identifier" LIKE $2"#;
const DELETE_EXPIRED: &str = r#"DELETE FROM "verification" WHERE "id" IN
    (SELECT "id" FROM "verification" WHERE "expiresAt" < $1 LIMIT $2)"#;

/// Writes a value that can be used until it expires.
///
/// # Errors
/// What the database answers, here and below.
pub fn insert(
    tx: &mut Tx<'_>,
    id: &str,
    identifier: &str,
    value: &str,
    expires_at: Timestamp,
) -> Result<(), DatabaseError> {
    let params = [
        Param::from(id),
        identifier.into(),
        value.into(),
        expires_at.into(),
        Param::from(tx.now()),
    ];
    tx.execute(INSERT, &params).map(drop)
}

/// The newest value under this identifier, unless it has expired; it can still be used afterwards.
///
/// # Errors
/// As [`insert`].
pub fn find(tx: &mut Tx<'_>, identifier: &str) -> Result<Option<String>, DatabaseError> {
    let now = tx.now();
    let found = tx.find(FIND, &[identifier.into()], |row| Ok((row.text(0)?, row.time(1)?)))?;
    Ok(found.filter(|(_, expires_at)| now <= *expires_at).map(|(value, _)| value))
}

/// Uses up the values under this identifier and answers the newest, unless it has expired. Of those who
/// try at the same moment one succeeds: transactions that write follow one another.
///
/// # Errors
/// As [`insert`].
pub fn consume(tx: &mut Tx<'_>, identifier: &str) -> Result<Option<String>, DatabaseError> {
    let value = find(tx, identifier)?;
    let deleted = tx.execute(DELETE, &[identifier.into()])?;
    Ok(value.filter(|_| 0 < deleted))
}

/// Removes every row of one purpose with this value, such as all of a user's links to a new password.
/// The purpose is what their identifiers begin with.
///
/// # Errors
/// As [`insert`].
pub fn delete_of_value(tx: &mut Tx<'_>, purpose: &str, value: &str) -> Result<u64, DatabaseError> {
    let pattern = format!("{purpose}%");
    tx.execute(DELETE_OF_VALUE, &[value.into(), Param::from(&pattern)])
}

/// Removes values that have expired, a limited number of them.
///
/// # Errors
/// As [`insert`].
pub fn delete_expired(tx: &mut Tx<'_>) -> Result<u64, DatabaseError> {
    tx.execute(DELETE_EXPIRED, &[tx.now().into(), CLEANUP_MAX.into()])
}

/// Every statement of this file, for the test that prepares them.
#[cfg(test)]
pub(super) fn statements() -> Vec<String> {
    [INSERT, FIND, DELETE, DELETE_OF_VALUE, DELETE_EXPIRED]
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::database::Clock;
    use crate::database::Database;
    use crate::schema;

    #[test]
    fn cleaning_up_reads_nothing_but_what_is_over() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::sqlite(folder.path().join("a.db"), Clock::SYSTEM);
        schema::migrate(&database, &schema::needed(&Config::default())).unwrap();
        let explain = format!("EXPLAIN QUERY PLAN {DELETE_EXPIRED}");
        let params = [Param::Null, Param::Null];
        let plan: Vec<String> =
            database.read(|tx| tx.list(&explain, &params, |row| row.text(3))).unwrap();
        assert!(plan.iter().any(|step| step.contains("verification_expiresAt_idx")), "{plan:?}");
        assert!(plan.iter().all(|step| !step.contains("SCAN")), "{plan:?}");
    }
}
