//! The `verification` row and its SQL [contract 11.4]: a value that is used once, before it expires.

use crate::database::DatabaseError;
use crate::database::Param;
use crate::database::Statement;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::rows::Bind;
use crate::rows::Binder;
use crate::rows::Delete;

/// Rows that a cleanup removes at most, so that no request pays for a long neglect.
const CLEANUP_MAX: i64 = 1000;

/// The statements on values that are used once.
pub(super) struct Sql {
    insert: Statement,
    find: Statement,
    delete: Delete,
    delete_of_value: Statement,
    delete_expired: Statement,
}

impl Bind for Sql {
    const MODEL: &'static str = "verification";

    fn bind(binder: &mut Binder<'_>) -> Self {
        Self {
            insert: binder.statement(
                "INSERT INTO {@} ({id}, {identifier}, {value}, {expiresAt}, {createdAt}, {updatedAt})
                VALUES ($1, $2, $3, $4, $5, $5)",
            ),
            find: binder.statement(
                "SELECT {value}, {expiresAt} FROM {@} WHERE {identifier} = $1
                ORDER BY {createdAt} DESC, {id} DESC LIMIT 1",
            ),
            delete: binder.delete(&["identifier"]),
            delete_of_value: binder
                .statement("DELETE FROM {@} WHERE {value} = $1 AND {identifier} LIKE $2"),
            delete_expired: binder.statement(
                "DELETE FROM {@} WHERE {id} IN (SELECT {id} FROM {@} WHERE {expiresAt} < $1 LIMIT $2)",
            ),
        }
    }
}

/// Writes a value that can be used until it expires.
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
    tx.execute(&tx.statements::<Sql>()?.insert, &params).map(drop)
}

/// The newest value under this identifier, unless it has expired; it can still be used afterwards.
pub fn find(tx: &mut Tx<'_>, identifier: &str) -> Result<Option<String>, DatabaseError> {
    let now = tx.now();
    let found = tx.find(&tx.statements::<Sql>()?.find, &[identifier.into()], |row| {
        Ok((row.text(0)?, row.time(1)?))
    })?;
    Ok(found.filter(|(_, expires_at)| now <= *expires_at).map(|(value, _)| value))
}

/// Uses up the values under this identifier and answers the newest, unless it has expired. Of those who
/// try at the same moment one succeeds: transactions that write follow one another.
pub fn consume(tx: &mut Tx<'_>, identifier: &str) -> Result<Option<String>, DatabaseError> {
    let value = find(tx, identifier)?;
    let deleted = tx.statements::<Sql>()?.delete.run(tx, &[identifier.into()])?;
    Ok(value.filter(|_| 0 < deleted))
}

/// Removes every row of one purpose with this value, such as all of a user's links to a new password.
/// The purpose is what their identifiers begin with.
pub fn delete_of_value(tx: &mut Tx<'_>, purpose: &str, value: &str) -> Result<u64, DatabaseError> {
    let pattern = format!("{purpose}%");
    tx.execute(&tx.statements::<Sql>()?.delete_of_value, &[value.into(), Param::from(&pattern)])
}

/// Removes values that have expired, a limited number of them.
pub fn delete_expired(tx: &mut Tx<'_>) -> Result<u64, DatabaseError> {
    tx.execute(&tx.statements::<Sql>()?.delete_expired, &[tx.now().into(), CLEANUP_MAX.into()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::database::Clock;
    use crate::database::Database;
    use crate::models::bound;
    use crate::schema;

    #[test]
    fn cleaning_up_reads_nothing_but_what_is_over() {
        let folder = tempfile::tempdir().unwrap();
        let (tables, statements) = bound(&Config::default(), Vec::new()).into_parts();
        let database = Database::sqlite(folder.path().join("a.db"), Clock::SYSTEM).with(statements);
        schema::migrate(&database, &tables).unwrap();
        let plan: Result<Vec<String>, DatabaseError> = database.read(|tx| {
            let delete = &tx.statements::<Sql>()?.delete_expired;
            let explain = format!("EXPLAIN QUERY PLAN {}", &**delete);
            tx.list(&explain, &[Param::Null, Param::Null], |row| row.text(3))
        });
        let plan = plan.unwrap();
        assert!(plan.iter().any(|step| step.contains("verification_expiresAt_idx")), "{plan:?}");
        assert!(plan.iter().all(|step| !step.contains("SCAN")), "{plan:?}");
    }
}
