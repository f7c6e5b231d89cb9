//! The `account` row and its SQL [contract 11.1]: a way in, such as a password or a social provider.

use serde::Deserialize;
use serde::Serialize;

use crate::crypto::Secret;
use crate::database::DatabaseError;
use crate::database::Param;
use crate::database::Timestamp;
use crate::database::Tx;

/// `providerId` of the account that holds a password; its `accountId` is the user's id.
pub const CREDENTIAL: &str = "credential";
/// `issuer` of such an account in databases of Better Auth 1.7.0–1.7.2 [contract 11.3].
const CREDENTIAL_ISSUER: &str = "local:credential";

/// A way in, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// The user's id at the provider.
    pub account_id: String,
    /// `credential`, `google`, …
    pub provider_id: String,
    /// Whose it is.
    pub user_id: String,
    /// When it was linked.
    pub created_at: Timestamp,
    /// When the row last changed.
    pub updated_at: Timestamp,
    /// Any text; a `UUIDv7` where we made the row.
    pub id: String,
    /// What the provider lets us see.
    pub scopes: Vec<String>,
}

/// The account that holds a user's password.
pub struct Credential {
    /// The row's id.
    pub id: String,
    /// The hash, if one was ever set.
    pub password: Option<Secret>,
}

const FIND_CREDENTIAL: &str = r#"SELECT "id", "password" FROM "account"
    WHERE "userId" = $1 AND "providerId" = 'credential' AND "accountId" = $1"#;
const FIND_OLDEST_HASH: &str = r#"SELECT "password" FROM "account"
    WHERE "providerId" = 'credential' AND "password" IS NOT NULL ORDER BY "createdAt" LIMIT 1"#;
const INSERT: &str = r#"INSERT INTO "account"
    ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt")
    VALUES ($1, $2, $3, $4, $5, $6, $7)"#;
const INSERT_WITH_ISSUER: &str = r#"INSERT INTO "account"
    ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt", "issuer")
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"#;
const SET_PASSWORD: &str =
    r#"UPDATE "account" SET "password" = $1, "updatedAt" = $2 WHERE "id" = $3"#;
const DELETE: &str = r#"DELETE FROM "account" WHERE "id" = $1"#;
const DELETE_OF_USER: &str = r#"DELETE FROM "account" WHERE "userId" = $1"#;
const LIST: &str = r#"SELECT "id", "accountId", "providerId", "userId", "createdAt", "updatedAt", "scope"
    FROM "account" WHERE "userId" = $1 ORDER BY "createdAt", "id""#;

/// The account that holds this user's password.
///
/// # Errors
/// What the database answers, here and below.
pub fn find_credential(
    tx: &mut Tx<'_>,
    user_id: &str,
) -> Result<Option<Credential>, DatabaseError> {
    tx.find(FIND_CREDENTIAL, &[user_id.into()], |row| {
        Ok(Credential { id: row.text(0)?, password: row.optional_text(1)?.map(Secret::new) })
    })
}

/// The password hash that was written first of all, to tell whose database this is.
///
/// # Errors
/// As [`find_credential`].
pub fn find_oldest_hash(tx: &mut Tx<'_>) -> Result<Option<Secret>, DatabaseError> {
    Ok(tx.find(FIND_OLDEST_HASH, &[], |row| row.text(0))?.map(Secret::new))
}

/// Writes the account that holds a user's password. `has_issuer` says that the table has the
/// column of 1.7.0–1.7.2.
///
/// # Errors
/// As [`find_credential`].
pub fn insert_credential(
    tx: &mut Tx<'_>,
    id: &str,
    user_id: &str,
    password: &Secret,
    has_issuer: bool,
) -> Result<(), DatabaseError> {
    let now = tx.now();
    let params = [
        id.into(),
        user_id.into(),
        CREDENTIAL.into(),
        user_id.into(),
        password.expose().into(),
        now.into(),
        now.into(),
        Param::from(CREDENTIAL_ISSUER),
    ];
    match params.split_last() {
        Some((_, without_issuer)) if !has_issuer => tx.execute(INSERT, without_issuer)?,
        _ => tx.execute(INSERT_WITH_ISSUER, &params)?,
    };
    Ok(())
}

/// Sets the hash of a password; `false` when the row is gone.
///
/// # Errors
/// As [`find_credential`].
pub fn set_password(
    tx: &mut Tx<'_>,
    account_id: &str,
    password: &Secret,
) -> Result<bool, DatabaseError> {
    let params = [password.expose().into(), tx.now().into(), account_id.into()];
    tx.execute(SET_PASSWORD, &params).map(|changed| 0 < changed)
}

/// Deletes the account with this id; `false` when there was none.
///
/// # Errors
/// As [`find_credential`].
pub fn delete(tx: &mut Tx<'_>, id: &str) -> Result<bool, DatabaseError> {
    tx.execute(DELETE, &[id.into()]).map(|deleted| 0 < deleted)
}

/// Deletes every account of a user.
///
/// # Errors
/// As [`find_credential`].
pub fn delete_of_user(tx: &mut Tx<'_>, user_id: &str) -> Result<u64, DatabaseError> {
    tx.execute(DELETE_OF_USER, &[user_id.into()])
}

/// A user's accounts, oldest first.
///
/// # Errors
/// As [`find_credential`].
pub fn list(tx: &mut Tx<'_>, user_id: &str) -> Result<Vec<Account>, DatabaseError> {
    tx.list(LIST, &[user_id.into()], |row| {
        Ok(Account {
            id: row.text(0)?,
            account_id: row.text(1)?,
            provider_id: row.text(2)?,
            user_id: row.text(3)?,
            created_at: row.time(4)?,
            updated_at: row.time(5)?,
            scopes: row.optional_text(6)?.map(split_scopes).unwrap_or_default(),
        })
    })
}

/// Stored with commas between [contract 10.5].
fn split_scopes(text: String) -> Vec<String> {
    text.split(',').filter(|scope| !scope.is_empty()).map(str::to_owned).collect()
}

/// Every statement of this file, for the test that prepares them; the one for databases of
/// 1.7.0–1.7.2 names a column that only they have.
#[cfg(test)]
pub(super) fn statements() -> Vec<String> {
    let constants =
        [FIND_CREDENTIAL, FIND_OLDEST_HASH, INSERT, SET_PASSWORD, DELETE, DELETE_OF_USER, LIST];
    let with_issuer = INSERT_WITH_ISSUER.replace(", \"issuer\"", "").replace(", $8", "");
    constants.iter().map(ToString::to_string).chain([with_issuer]).collect()
}
