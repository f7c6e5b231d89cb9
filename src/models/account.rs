//! The `account` row and its SQL [contract 11.1]: a way in, such as a password or a social provider.

use serde::Deserialize;
use serde::Serialize;

use crate::crypto::Secret;
use crate::database::DatabaseError;
use crate::database::Param;
use crate::database::Row;
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
const FIND_BY_KEY: &str = r#"SELECT "id", "userId", "scope" FROM "account"
    WHERE "providerId" = $1 AND "accountId" = $2 ORDER BY "createdAt" LIMIT 2"#;
const INSERT_LINKED: &str = r#"INSERT INTO "account"
    ("id", "accountId", "providerId", "userId", "accessToken", "refreshToken", "idToken", "accessTokenExpiresAt", "refreshTokenExpiresAt", "scope", "createdAt", "updatedAt")
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"#;
const INSERT_LINKED_WITH_ISSUER: &str = r#"INSERT INTO "account"
    ("id", "accountId", "providerId", "userId", "accessToken", "refreshToken", "idToken", "accessTokenExpiresAt", "refreshTokenExpiresAt", "scope", "createdAt", "updatedAt", "issuer")
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"#;
const UPDATE_TOKENS: &str = r#"UPDATE "account" SET "accessToken" = COALESCE($1, "accessToken"),
    "refreshToken" = COALESCE($2, "refreshToken"), "idToken" = COALESCE($3, "idToken"),
    "accessTokenExpiresAt" = COALESCE($4, "accessTokenExpiresAt"),
    "refreshTokenExpiresAt" = COALESCE($5, "refreshTokenExpiresAt"),
    "scope" = COALESCE($6, "scope"), "updatedAt" = $7 WHERE "id" = $8"#;
const FIND_TOKENS: &str = r#"SELECT "accountId", "providerId", "accessToken", "refreshToken", "idToken", "accessTokenExpiresAt", "refreshTokenExpiresAt", "scope"
    FROM "account" WHERE "id" = $1 AND "userId" = $2"#;
const FIND_WHOLE: &str = r#"SELECT "id", "accountId", "providerId", "userId", "accessToken", "refreshToken", "idToken", "accessTokenExpiresAt", "refreshTokenExpiresAt", "scope", "createdAt", "updatedAt"
    FROM "account" WHERE "providerId" = $1 AND "accountId" = $2 AND "userId" = $3"#;
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

/// Sets the hash of a password.
///
/// # Errors
/// As [`find_credential`].
pub fn set_password(
    tx: &mut Tx<'_>,
    account_id: &str,
    password: &Secret,
) -> Result<(), DatabaseError> {
    let params = [password.expose().into(), tx.now().into(), account_id.into()];
    tx.execute(SET_PASSWORD, &params).map(drop)
}

/// Tokens of a provider as the row keeps them, encrypted or not; what is missing leaves a row as it is.
#[derive(Clone, Default)]
pub struct StoredTokens {
    /// Asks the provider in the user's name.
    pub access_token: Option<Secret>,
    /// Becomes a new access token.
    pub refresh_token: Option<Secret>,
    /// Says who it is.
    pub id_token: Option<Secret>,
    /// When the access token is over.
    pub access_token_expires_at: Option<Timestamp>,
    /// When the refresh token is.
    pub refresh_token_expires_at: Option<Timestamp>,
    /// What they are good for, with commas between.
    pub scope: Option<String>,
}

impl StoredTokens {
    /// From the columns of a row, the first of which is this one.
    fn read(row: &Row<'_>, first: usize) -> Result<Self, DatabaseError> {
        let secret =
            |at: usize| Ok::<_, DatabaseError>(row.optional_text(first + at)?.map(Secret::new));
        Ok(Self {
            access_token: secret(0)?,
            refresh_token: secret(1)?,
            id_token: secret(2)?,
            access_token_expires_at: row.optional_time(first + 3)?,
            refresh_token_expires_at: row.optional_time(first + 4)?,
            scope: row.optional_text(first + 5)?,
        })
    }

    fn params(&self) -> [Param<'_>; 6] {
        fn secret(secret: Option<&Secret>) -> Param<'_> {
            secret.map_or(Param::Null, |secret| secret.expose().into())
        }
        let time = |time: Option<Timestamp>| time.map_or(Param::Null, Param::from);
        [
            secret(self.access_token.as_ref()),
            secret(self.refresh_token.as_ref()),
            secret(self.id_token.as_ref()),
            time(self.access_token_expires_at),
            time(self.refresh_token_expires_at),
            self.scope.as_ref().into(),
        ]
    }
}

/// Whose account it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The row's id.
    pub id: String,
    /// The user's.
    pub user_id: String,
    /// What the stored tokens are good for.
    pub scope: Option<String>,
}

/// Who has this account at this provider. Two rows for one account are a defect that decides nothing.
///
/// # Errors
/// As [`find_credential`].
pub fn find_by_key(
    tx: &mut Tx<'_>,
    provider_id: &str,
    account_id: &str,
) -> Result<Vec<Owner>, DatabaseError> {
    tx.list(FIND_BY_KEY, &[provider_id.into(), account_id.into()], |row| {
        Ok(Owner { id: row.text(0)?, user_id: row.text(1)?, scope: row.optional_text(2)? })
    })
}

/// A new way in by a provider.
pub struct NewLinked<'a> {
    /// The row's id.
    pub id: &'a str,
    /// The user's id at the provider.
    pub account_id: &'a str,
    /// The provider.
    pub provider_id: &'a str,
    /// The user.
    pub user_id: &'a str,
    /// What the provider gave.
    pub tokens: &'a StoredTokens,
}

/// Writes a way in by a provider. `issuer` is the column of 1.7.0–1.7.2, where the table has it.
///
/// # Errors
/// As [`find_credential`].
pub fn insert_linked(
    tx: &mut Tx<'_>,
    new: &NewLinked<'_>,
    issuer: Option<&str>,
) -> Result<(), DatabaseError> {
    let now = tx.now();
    let mut params = vec![
        Param::from(new.id),
        new.account_id.into(),
        new.provider_id.into(),
        new.user_id.into(),
    ];
    params.extend(new.tokens.params());
    params.extend([Param::from(now), now.into()]);
    match issuer {
        Some(issuer) => {
            params.push(issuer.into());
            tx.execute(INSERT_LINKED_WITH_ISSUER, &params)
        }
        None => tx.execute(INSERT_LINKED, &params),
    }
    .map(drop)
}

/// Writes new tokens; what is missing stays.
///
/// # Errors
/// As [`find_credential`].
pub fn update_tokens(
    tx: &mut Tx<'_>,
    id: &str,
    tokens: &StoredTokens,
) -> Result<(), DatabaseError> {
    let mut params = tokens.params().to_vec();
    params.extend([Param::from(tx.now()), id.into()]);
    tx.execute(UPDATE_TOKENS, &params).map(drop)
}

/// The account with this id, if it is this user's: its id at the provider, the provider, the tokens.
///
/// # Errors
/// As [`find_credential`].
pub fn find_tokens(
    tx: &mut Tx<'_>,
    id: &str,
    user_id: &str,
) -> Result<Option<(String, String, StoredTokens)>, DatabaseError> {
    tx.find(FIND_TOKENS, &[id.into(), user_id.into()], |row| {
        Ok((row.text(0)?, row.text(1)?, StoredTokens::read(row, 2)?))
    })
}

/// An account with everything in its row but a password.
pub struct Whole {
    /// The row's id.
    pub id: String,
    /// The user's id at the provider.
    pub account_id: String,
    /// The provider.
    pub provider_id: String,
    /// Whose it is.
    pub user_id: String,
    /// What the provider gave, as the row keeps it.
    pub tokens: StoredTokens,
    /// When it was linked.
    pub created_at: Timestamp,
    /// When the row last changed.
    pub updated_at: Timestamp,
}

/// A user's account at a provider.
///
/// # Errors
/// As [`find_credential`].
pub fn find_whole(
    tx: &mut Tx<'_>,
    (provider_id, account_id): (&str, &str),
    user_id: &str,
) -> Result<Option<Whole>, DatabaseError> {
    tx.find(FIND_WHOLE, &[provider_id.into(), account_id.into(), user_id.into()], |row| {
        Ok(Whole {
            id: row.text(0)?,
            account_id: row.text(1)?,
            provider_id: row.text(2)?,
            user_id: row.text(3)?,
            tokens: StoredTokens::read(row, 4)?,
            created_at: row.time(10)?,
            updated_at: row.time(11)?,
        })
    })
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
    let constants = [
        FIND_CREDENTIAL,
        FIND_OLDEST_HASH,
        INSERT,
        SET_PASSWORD,
        FIND_BY_KEY,
        INSERT_LINKED,
        UPDATE_TOKENS,
        FIND_TOKENS,
        FIND_WHOLE,
        DELETE,
        DELETE_OF_USER,
        LIST,
    ];
    let without = |sql: &str| sql.replace(", \"issuer\"", "");
    let with_issuer = [
        without(INSERT_WITH_ISSUER).replace(", $8", ""),
        without(INSERT_LINKED_WITH_ISSUER).replace(", $13", ""),
    ];
    constants.iter().map(ToString::to_string).chain(with_issuer).collect()
}
