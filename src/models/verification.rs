//! The `verification` row and its SQL [contract 11.4]: a one-time value that expires.

use crate::database::DatabaseError;
use crate::database::Param;
use crate::database::Statement;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::rows::Bind;
use crate::rows::Binder;
use crate::rows::Delete;
use crate::rows::Insert;

/// The most rows that a cleanup deletes, so that no request pays for many.
const CLEANUP_MAX: i64 = 1000;

/// Whether an identifier may be a hash: it is as long as one, and most that are not have a colon.
const IS_HASHED: &str = "length({identifier}) = 43 AND {identifier} NOT LIKE '%:%'";

/// The purpose of one-time values, the prefix of their identifiers: a secret for one purpose is not accepted for
/// another [security A1].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purpose(&'static str);

impl Purpose {
    /// Password reset links.
    pub const RESET_PASSWORD: Self = Self("reset-password:");
    /// Account deletion links.
    pub const DELETE_ACCOUNT: Self = Self("delete-account-");
    /// OAuth states.
    pub const OAUTH_STATE: Self = Self("auth-state:");
    /// Failed attempts.
    pub const FAILED_ATTEMPTS: Self = Self("failed-attempts:");
    /// Every purpose of the core.
    pub const ALL: [Self; 4] =
        [Self::RESET_PASSWORD, Self::DELETE_ACCOUNT, Self::OAUTH_STATE, Self::FAILED_ATTEMPTS];

    /// A purpose of a plugin, such as `magic-link:`, in lower-case letters, digits, `-` and `:`.
    pub const fn new(text: &'static str) -> Self {
        Self(text)
    }

    /// The prefix of identifiers.
    pub fn text(self) -> &'static str {
        self.0
    }

    /// Whether it has only allowed characters, none of which is special in a pattern.
    pub fn is_valid(self) -> bool {
        let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-:".contains(&b);
        !self.0.is_empty() && self.0.bytes().all(is_plain)
    }

    /// Whether an identifier could begin with both.
    pub fn overlaps(self, other: Self) -> bool {
        self.0.starts_with(other.0) || other.0.starts_with(self.0)
    }
}

/// A one-time value.
pub struct Verification {
    /// Any text; a `UUIDv7` if this program created the row.
    pub id: String,
    /// The purpose, and what the value is found by.
    pub identifier: String,
    /// The value.
    pub value: String,
    /// When it expires.
    pub expires_at: Timestamp,
    /// When it was issued.
    pub created_at: Timestamp,
    /// When the row last changed.
    pub updated_at: Timestamp,
}

crate::record!(Verification in "verification" {
    id: "id",
    identifier: "identifier",
    value: "value",
    expires_at: "expiresAt",
    created_at: "createdAt",
    updated_at: "updatedAt",
});

/// The statements on one-time values.
pub(super) struct Sql {
    insert: Insert<Verification>,
    find: Statement,
    delete: Delete,
    delete_of_value: Statement,
    delete_of_purpose: Statement,
    delete_hashed_of_value: Statement,
    delete_hashed_of_users: Statement,
    delete_expired: Statement,
}

impl Bind for Sql {
    const MODEL: &'static str = "verification";

    fn bind(binder: &mut Binder<'_>) -> Self {
        Self {
            insert: binder.insert(),
            find: binder.statement(
                "SELECT {value}, {expiresAt} FROM {@} WHERE {identifier} = $1
                ORDER BY {order createdAt} DESC, {id} DESC LIMIT 1",
            ),
            delete: binder.delete(&["identifier"]),
            delete_of_value: binder
                .statement("DELETE FROM {@} WHERE {value} = $1 AND {identifier} LIKE $2"),
            delete_of_purpose: binder.statement("DELETE FROM {@} WHERE {identifier} LIKE $1"),
            delete_hashed_of_value: binder
                .statement(&format!("DELETE FROM {{@}} WHERE {{value}} = $1 AND {IS_HASHED}")),
            delete_hashed_of_users: binder.statement(&format!(
                "DELETE FROM {{@}} WHERE {IS_HASHED}
                AND {{value}} IN (SELECT CAST({{user.id}} AS TEXT) FROM {{@user}})"
            )),
            delete_expired: binder.statement(
                "DELETE FROM {@} WHERE {id} IN (SELECT {id} FROM {@} WHERE {expiresAt} < $1 LIMIT $2)",
            ),
        }
    }
}

/// Inserts a one-time value; its id changes where the database makes ids.
pub fn insert(tx: &mut Tx<'_>, row: &mut Verification) -> Result<(), DatabaseError> {
    if let Some(id) = tx.statements::<Sql>()?.insert.run(tx, row)? {
        row.id = id;
    }
    Ok(())
}

/// The newest value with this identifier that has not expired; it stays usable. A row whose value or expiry cannot be
/// read opens nothing.
pub fn find(tx: &mut Tx<'_>, identifier: &str) -> Result<Option<String>, DatabaseError> {
    let now = tx.now();
    let found = tx.find(&tx.statements::<Sql>()?.find, &[identifier.into()], |row| {
        let value = row.optional_text(0).unwrap_or_default();
        Ok((value, row.any_time(1)?.unwrap_or(Timestamp::EPOCH)))
    })?;
    Ok(found.filter(|(_, expires_at)| now <= *expires_at).and_then(|(value, _)| value))
}

/// Deletes the values with this identifier and returns the newest that has not expired. Of several concurrent calls one
/// succeeds, because write transactions are serializable.
pub fn consume(tx: &mut Tx<'_>, identifier: &str) -> Result<Option<String>, DatabaseError> {
    let value = find(tx, identifier)?;
    let deleted = tx.statements::<Sql>()?.delete.run(tx, &[identifier.into()])?;
    Ok(value.filter(|_| 0 < deleted))
}

/// Deletes every row of one purpose with this value, such as all password reset links of a user.
pub fn delete_of_value(
    tx: &mut Tx<'_>,
    purpose: Purpose,
    value: &str,
) -> Result<u64, DatabaseError> {
    let pattern = format!("{}%", purpose.text());
    tx.execute(&tx.statements::<Sql>()?.delete_of_value, &[value.into(), Param::from(&pattern)])
}

/// Deletes every row of one purpose.
pub fn delete_of_purpose(tx: &mut Tx<'_>, purpose: Purpose) -> Result<u64, DatabaseError> {
    let pattern = format!("{}%", purpose.text());
    tx.execute(&tx.statements::<Sql>()?.delete_of_purpose, &[Param::from(&pattern)])
}

/// Deletes every row with this value whose identifier is hashed: its purpose is not known.
pub fn delete_hashed_of_value(tx: &mut Tx<'_>, value: &str) -> Result<u64, DatabaseError> {
    tx.execute(&tx.statements::<Sql>()?.delete_hashed_of_value, &[value.into()])
}

/// Deletes every row whose identifier is hashed and whose value is a user; reads all of them.
pub fn delete_hashed_of_users(tx: &mut Tx<'_>) -> Result<u64, DatabaseError> {
    tx.execute(&tx.statements::<Sql>()?.delete_hashed_of_users, &[])
}

/// Deletes a limited number of expired values.
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
