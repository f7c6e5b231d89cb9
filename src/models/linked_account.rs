//! The `account` row of a provider account and its SQL [contract 11.1], with its stored tokens.

use crate::crypto::Secret;
use crate::database::DatabaseError;
use crate::database::Param;
use crate::database::Statement;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::rows::Bind;
use crate::rows::Binder;
use crate::rows::Cell as _;
use crate::rows::Cells;
use crate::rows::Insert;
use crate::rows::Query;
use crate::rows::Record;

/// A user's account at a provider, with every column but the password.
pub struct LinkedAccount {
    /// The row's id.
    pub id: String,
    /// The user's id at the provider.
    pub account_id: String,
    /// The provider.
    pub provider_id: String,
    /// The user.
    pub user_id: String,
    /// The stored tokens.
    pub tokens: StoredTokens,
    /// When it was linked.
    pub created_at: Timestamp,
    /// When the row last changed.
    pub updated_at: Timestamp,
}

impl Record for LinkedAccount {
    const MODEL: &'static str = "account";
    const FIELDS: &'static [&'static str] = &[
        "id",
        "accountId",
        "providerId",
        "userId",
        "accessToken",
        "refreshToken",
        "idToken",
        "accessTokenExpiresAt",
        "refreshTokenExpiresAt",
        "scope",
        "createdAt",
        "updatedAt",
    ];

    fn read(cells: &mut Cells<'_>) -> Result<Self, DatabaseError> {
        Ok(Self {
            id: cells.take()?,
            account_id: cells.take()?,
            provider_id: cells.take()?,
            user_id: cells.take()?,
            tokens: StoredTokens::read(cells)?,
            created_at: cells.take()?,
            updated_at: cells.take()?,
        })
    }

    fn params(&self) -> Vec<Param<'_>> {
        let names = [&self.id, &self.account_id, &self.provider_id, &self.user_id];
        let mut params: Vec<Param<'_>> = names.map(Param::from).into();
        params.extend(self.tokens.params());
        params.extend([Param::from(self.created_at), self.updated_at.into()]);
        params
    }
}

/// Tokens of a provider as stored, encrypted or not; on an update, missing ones stay as they are.
#[derive(Clone, Default)]
pub struct StoredTokens {
    /// The access token.
    pub access_token: Option<Secret>,
    /// The refresh token.
    pub refresh_token: Option<Secret>,
    /// The ID token.
    pub id_token: Option<Secret>,
    /// When the access token expires.
    pub access_token_expires_at: Option<Timestamp>,
    /// When the refresh token expires.
    pub refresh_token_expires_at: Option<Timestamp>,
    /// The granted scopes, separated by commas.
    pub scope: Option<String>,
}

impl StoredTokens {
    /// Reads the next columns of a row.
    fn read(cells: &mut Cells<'_>) -> Result<Self, DatabaseError> {
        Ok(Self {
            access_token: cells.take()?,
            refresh_token: cells.take()?,
            id_token: cells.take()?,
            access_token_expires_at: cells.take()?,
            refresh_token_expires_at: cells.take()?,
            scope: cells.take()?,
        })
    }

    fn params(&self) -> [Param<'_>; 6] {
        [
            self.access_token.param(),
            self.refresh_token.param(),
            self.id_token.param(),
            self.access_token_expires_at.param(),
            self.refresh_token_expires_at.param(),
            self.scope.param(),
        ]
    }
}

/// The statements on provider accounts. The one with an issuer is for the column that only databases of 1.7.0–1.7.2
/// have [contract 11.3].
pub(super) struct Sql {
    insert: Insert<LinkedAccount>,
    insert_with_issuer: Insert<LinkedAccount>,
    update_tokens: Statement,
    find: Query<LinkedAccount>,
    find_by_key: Query<LinkedAccount>,
    list: Query<LinkedAccount>,
}

impl Bind for Sql {
    const MODEL: &'static str = "account";

    fn bind(binder: &mut Binder<'_>) -> Self {
        Self {
            insert: binder.insert(),
            insert_with_issuer: binder.insert_with("issuer"),
            update_tokens: binder.statement(
                "UPDATE {@} SET {accessToken} = COALESCE($1, {accessToken}),
                {refreshToken} = COALESCE($2, {refreshToken}), {idToken} = COALESCE($3, {idToken}),
                {accessTokenExpiresAt} = COALESCE($4, {accessTokenExpiresAt}),
                {refreshTokenExpiresAt} = COALESCE($5, {refreshTokenExpiresAt}),
                {scope} = COALESCE($6, {scope}), {updatedAt} = $7 WHERE {id} = $8",
            ),
            find: binder.find(&["id", "userId"]),
            find_by_key: binder.find(&["providerId", "accountId", "userId"]),
            list: binder
                .query("SELECT {*} FROM {@} WHERE {userId} = $1 ORDER BY {createdAt}, {id}"),
        }
    }
}

/// Inserts an account at a provider. `issuer` is the column of 1.7.0–1.7.2, if the table has it.
pub fn insert(
    tx: &mut Tx<'_>,
    account: &LinkedAccount,
    issuer: Option<&str>,
) -> Result<(), DatabaseError> {
    let sql = tx.statements::<Sql>()?;
    match issuer {
        Some(issuer) => sql.insert_with_issuer.run_with(tx, account, Some(issuer.into())),
        None => sql.insert.run(tx, account),
    }
}

/// Updates tokens; missing ones stay.
pub fn update_tokens(
    tx: &mut Tx<'_>,
    id: &str,
    tokens: &StoredTokens,
) -> Result<(), DatabaseError> {
    let mut params = tokens.params().to_vec();
    params.extend([Param::from(tx.now()), id.into()]);
    tx.execute(&tx.statements::<Sql>()?.update_tokens, &params).map(drop)
}

/// The account with this id, if it is this user's.
pub fn find(
    tx: &mut Tx<'_>,
    id: &str,
    user_id: &str,
) -> Result<Option<LinkedAccount>, DatabaseError> {
    tx.statements::<Sql>()?.find.one(tx, &[id.into(), user_id.into()])
}

/// A user's account at a provider, by its id there.
pub fn find_by_key(
    tx: &mut Tx<'_>,
    (provider_id, account_id): (&str, &str),
    user_id: &str,
) -> Result<Option<LinkedAccount>, DatabaseError> {
    let params = [provider_id.into(), account_id.into(), user_id.into()];
    tx.statements::<Sql>()?.find_by_key.one(tx, &params)
}

/// A user's accounts with every column but the password, oldest first.
pub fn list(tx: &mut Tx<'_>, user_id: &str) -> Result<Vec<LinkedAccount>, DatabaseError> {
    tx.statements::<Sql>()?.list.all(tx, &[user_id.into()])
}
