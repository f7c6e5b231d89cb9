//! The `account` row and its SQL [contract 11.1]: a sign-in method, such as a password or a provider account.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::crypto::Secret;
use crate::database::DatabaseError;
use crate::database::Statement;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::rows::Additional;
use crate::rows::Bind;
use crate::rows::Binder;
use crate::rows::Delete;
use crate::rows::Insert;
use crate::rows::Query;

/// `providerId` of the account that holds a password; its `accountId` is the user's id.
pub const CREDENTIAL: &str = "credential";
/// `issuer` of such an account in databases of Better Auth 1.7.0–1.7.2 [contract 11.3].
const CREDENTIAL_ISSUER: &str = "local:credential";

/// An account without its secrets.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// The user's id at the provider.
    pub account_id: String,
    /// `credential`, `google`, …
    pub provider_id: String,
    /// The user.
    pub user_id: String,
    /// When it was linked.
    pub created_at: Timestamp,
    /// When the row last changed.
    pub updated_at: Timestamp,
    /// The fields of `account.additionalFields`.
    #[serde(flatten)]
    pub additional: Additional,
    /// Any text; a `UUIDv7` if this program created the row.
    pub id: String,
    /// The scopes that the provider granted.
    pub scopes: Vec<String>,
}

/// The account that holds a user's password.
pub struct Credential {
    /// The row's id.
    pub id: String,
    /// The hash, if one was ever set.
    pub password: Option<Secret>,
}

crate::record!(Credential in "account" { id: "id", password: "password" });

crate::record!(Owner in "account" { id: "id", user_id: "userId", scope: "scope" });

/// An account as a list reads it.
struct Listed {
    id: String,
    account_id: String,
    provider_id: String,
    user_id: String,
    created_at: Timestamp,
    updated_at: Timestamp,
    scope: Option<String>,
    additional: Additional,
}

crate::record!(Listed in "account" {
    id: "id",
    account_id: "accountId",
    provider_id: "providerId",
    user_id: "userId",
    created_at: "createdAt",
    updated_at: "updatedAt",
    scope: "scope",
} + additional);

/// A new account that holds a user's password.
struct NewCredential {
    id: String,
    account_id: String,
    provider_id: String,
    user_id: String,
    password: Option<Secret>,
    created_at: Timestamp,
    updated_at: Timestamp,
    issuer: String,
}

crate::record!(NewCredential in "account" {
    id: "id",
    account_id: "accountId",
    provider_id: "providerId",
    user_id: "userId",
    password: "password",
    created_at: "createdAt",
    updated_at: "updatedAt",
    issuer: "issuer",
});

/// The statements on accounts.
pub(super) struct Sql {
    find_credential: Query<Credential>,
    find_oldest_hash: Statement,
    insert: Insert<NewCredential>,
    set_password: Statement,
    find_by_key: Query<Owner>,
    delete: Delete,
    delete_of_user: Delete,
    list: Query<Listed>,
}

impl Bind for Sql {
    const MODEL: &'static str = "account";

    fn bind(binder: &mut Binder<'_>) -> Self {
        Self {
            find_credential: binder.query(
                "SELECT {*} FROM {@}
                WHERE {userId} = $1 AND {providerId} = 'credential' AND {accountId} = $2",
            ),
            find_oldest_hash: binder.statement(
                "SELECT {password} FROM {@} WHERE {providerId} = 'credential'
                AND {password} IS NOT NULL
                ORDER BY CASE WHEN {password} LIKE '_argon2id_%'
                    OR ({password} LIKE '%:%' AND {password} NOT LIKE 'pbkdf2:%') THEN 0 ELSE 1 END,
                {order createdAt} LIMIT 1",
            ),
            insert: binder.insert(),
            set_password: binder
                .statement("UPDATE {@} SET {password} = $1, {updatedAt} = $2 WHERE {id} = $3"),
            find_by_key: binder.query(
                "SELECT {*} FROM {@} WHERE {providerId} = $1 AND {accountId} = $2
                ORDER BY {order createdAt} LIMIT 2",
            ),
            delete: binder.delete(&["id"]),
            delete_of_user: binder.delete(&["userId"]),
            list: binder
                .query("SELECT {*} FROM {@} WHERE {userId} = $1 ORDER BY {order createdAt}, {id}"),
        }
    }
}

/// The account that holds this user's password.
pub fn find_credential(
    tx: &mut Tx<'_>,
    user_id: &str,
) -> Result<Option<Credential>, DatabaseError> {
    tx.statements::<Sql>()?.find_credential.one(tx, &[user_id.into(), user_id.into()])
}

/// The oldest password hash, which tells what created the database. Those of other systems, which may have been imported
/// later with their dates, count only if there is no other.
pub fn find_oldest_hash(tx: &mut Tx<'_>) -> Result<Option<Secret>, DatabaseError> {
    let hash = tx.find(&tx.statements::<Sql>()?.find_oldest_hash, &[], |row| row.any_text(0))?;
    Ok(hash.flatten().map(Secret::new))
}

/// Inserts the account that holds a user's password.
pub fn insert_credential(
    tx: &mut Tx<'_>,
    id: String,
    user_id: &str,
    password: &Secret,
) -> Result<(), DatabaseError> {
    let account = NewCredential {
        id,
        account_id: user_id.to_owned(),
        provider_id: CREDENTIAL.to_owned(),
        user_id: user_id.to_owned(),
        password: Some(password.clone()),
        created_at: tx.now(),
        updated_at: tx.now(),
        issuer: CREDENTIAL_ISSUER.to_owned(),
    };
    tx.statements::<Sql>()?.insert.run(tx, &account).map(drop)
}

/// Sets the hash of a password.
pub fn set_password(
    tx: &mut Tx<'_>,
    account_id: &str,
    password: &Secret,
) -> Result<(), DatabaseError> {
    let params = [password.expose().into(), tx.now().into(), account_id.into()];
    tx.execute(&tx.statements::<Sql>()?.set_password, &params).map(drop)
}

/// The user of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The row's id.
    pub id: String,
    /// The user's id.
    pub user_id: String,
    /// The scopes of the stored tokens.
    pub scope: Option<String>,
}

/// The users with this account at this provider, at most two. More than one is a defect: a caller must not choose.
pub fn find_by_key(
    tx: &mut Tx<'_>,
    provider_id: &str,
    account_id: &str,
) -> Result<Vec<Owner>, DatabaseError> {
    tx.statements::<Sql>()?.find_by_key.all(tx, &[provider_id.into(), account_id.into()])
}

/// Deletes the account with this id; `false` when there was none.
pub fn delete(tx: &mut Tx<'_>, id: &str) -> Result<bool, DatabaseError> {
    tx.statements::<Sql>()?.delete.run(tx, &[id.into()]).map(|deleted| 0 < deleted)
}

/// Deletes every account of a user.
pub fn delete_of_user(tx: &mut Tx<'_>, user_id: &str) -> Result<u64, DatabaseError> {
    tx.statements::<Sql>()?.delete_of_user.run(tx, &[user_id.into()])
}

/// A user's accounts, oldest first.
pub fn list(tx: &mut Tx<'_>, user_id: &str) -> Result<Vec<Account>, DatabaseError> {
    let listed = tx.statements::<Sql>()?.list.all(tx, &[user_id.into()])?;
    let account = |listed: Listed| Account {
        id: listed.id,
        account_id: listed.account_id,
        provider_id: listed.provider_id,
        user_id: listed.user_id,
        created_at: listed.created_at,
        updated_at: listed.updated_at,
        additional: listed.additional,
        scopes: listed.scope.map(split_scopes).unwrap_or_default(),
    };
    Ok(listed.into_iter().map(account).collect())
}

/// Stored with commas between [contract 10.5].
fn split_scopes(text: String) -> Vec<String> {
    text.split(',').filter(|scope| !scope.is_empty()).map(str::to_owned).collect()
}
