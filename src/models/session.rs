//! The `session` row and its SQL [contract 11.1]: a request's session and user are read with one query.

use std::fmt;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::database::DatabaseError;
use crate::database::Statement;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::models::User;
use crate::rows::Additional;
use crate::rows::Bind;
use crate::rows::Binder;
use crate::rows::Delete;
use crate::rows::Direction;
use crate::rows::Insert;
use crate::rows::Operator;
use crate::rows::Page;
use crate::rows::Query;
use crate::rows::Select;
use crate::rows::Shape;
use crate::rows::Stored;
use crate::rows::Update;
use crate::rows::count as counted;
use crate::schema::Table;

/// A signed-in browser or program. Serialises as in the REST API, including the token.
#[derive(Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// When it expires.
    pub expires_at: Timestamp,
    /// The secret in the cookie.
    pub token: String,
    /// When the user signed in.
    pub created_at: Timestamp,
    /// When it was last extended.
    pub updated_at: Timestamp,
    /// The client's IP address; empty if unknown.
    pub ip_address: Option<String>,
    /// The client's `User-Agent`; empty when it sent none.
    pub user_agent: Option<String>,
    /// The user.
    pub user_id: String,
    /// The fields of `session.additionalFields`.
    #[serde(flatten)]
    pub additional: Additional,
    /// Any text; a `UUIDv7` if this program created the row.
    pub id: String,
}

impl fmt::Debug for Session {
    /// Leaves the token out, because it would be usable from a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("id", &self.id)
            .field("user_id", &self.user_id)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// The answer of `/get-session`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct SessionWithUser {
    /// The session.
    pub session: Session,
    /// Its user.
    pub user: User,
}

/// The sort keys of a list of sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SessionField {
    /// When the user signed in.
    #[default]
    CreatedAt,
    /// When it was last extended.
    UpdatedAt,
    /// When it expires.
    ExpiresAt,
}

/// Filters and sorts a list of sessions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SessionFilter {
    /// Only sessions of this user.
    pub user_id: Option<String>,
    /// Only sessions that expire after this instant.
    pub alive_at: Option<Timestamp>,
    /// The sort key; ties are sorted by id.
    pub sort: SessionField,
    /// The sort direction.
    pub direction: Direction,
}

crate::record!(Session in "session" {
    id: "id",
    user_id: "userId",
    token: "token",
    expires_at: "expiresAt",
    created_at: "createdAt",
    updated_at: "updatedAt",
    ip_address: "ipAddress",
    user_agent: "userAgent",
} + additional);

/// The statements on sessions.
pub(super) struct Sql {
    table: Table,
    shape: Shape<Session>,
    user: Shape<User>,
    /// Reads the columns of a user, and then of a session.
    find_with_user: Statement,
    find: Query<Session>,
    /// That of its least precise time.
    precision: Duration,
    insert: Insert<Session>,
    update: Update<Session>,
    extend: Statement,
    delete: Delete,
    delete_row: Delete,
    delete_expired: Statement,
    delete_own: Delete,
    delete_others: Statement,
    delete_of_user: Delete,
    delete_all: Statement,
    /// By the additional field that selects the sessions.
    delete_by: Vec<(String, Statement)>,
    end: Statement,
}

impl Bind for Sql {
    const MODEL: &'static str = "session";

    fn bind(binder: &mut Binder<'_>) -> Self {
        let (user, shape) = (binder.shape::<User>(), binder.shape::<Session>());
        let with_user = format!(
            "SELECT {}, {} FROM {{@}}
            JOIN {{@user}} ON {{user.id}} = {{session.userId}} WHERE {{session.token}} = $1",
            user.columns(),
            shape.columns()
        );
        let delete_by = shape.added().names().map(|name| {
            let text = format!("DELETE FROM {{@}} WHERE {{{name}}} = $1 RETURNING {{token}}");
            (name.to_owned(), binder.statement(&text))
        });
        Self {
            delete_by: delete_by.collect(),
            table: binder.table().clone(),
            find_with_user: binder.statement(&with_user),
            find: binder.query("SELECT {*} FROM {@} WHERE {id} = $1 OR {token} = $2"),
            precision: binder.table().precision(),
            insert: binder.insert(),
            update: binder.update(&["updatedAt"], "token"),
            extend: binder
                .statement("UPDATE {@} SET {expiresAt} = $1, {updatedAt} = $2 WHERE {token} = $3"),
            delete: binder.delete(&["token"]),
            delete_row: binder.delete(&["id"]),
            delete_expired: binder
                .statement("DELETE FROM {@} WHERE {token} = $1 AND {expiresAt} < $2"),
            delete_own: binder.delete(&["token", "userId"]),
            delete_others: binder
                .statement("DELETE FROM {@} WHERE {userId} = $1 AND {token} <> $2"),
            delete_of_user: binder.delete(&["userId"]),
            delete_all: binder.statement("DELETE FROM {@}"),
            end: binder.statement(
                "UPDATE {@} SET {expiresAt} = $1, {updatedAt} = $2 WHERE {expiresAt} > $1
                AND (CAST($3 AS BOOLEAN) OR {userId} = $4)
                AND ({token} = $5 OR $5 IS NULL) AND ({token} <> $6 OR $6 IS NULL)",
            ),
            user,
            shape,
        }
    }
}

impl Sql {
    fn select(&self, filter: &SessionFilter) -> Select<'_> {
        let mut select = Select::of(&self.table);
        if let Some(alive_at) = filter.alive_at {
            select =
                select.matching(&["expiresAt"], Operator::Greater, vec![Stored::Time(alive_at)]);
        }
        if let Some(user_id) = filter.user_id.clone() {
            select = select.matching(&["userId"], Operator::Equal, vec![Stored::Text(user_id)]);
        }
        select
    }
}

/// The session with this token and its user, in one query, expired or not.
pub fn find_with_user(
    tx: &mut Tx<'_>,
    token: &str,
) -> Result<Option<SessionWithUser>, DatabaseError> {
    let sql = tx.statements::<Sql>()?;
    tx.find(&sql.find_with_user, &[token.into()], |row| {
        let session = sql.shape.read(row, sql.user.width())?;
        Ok(SessionWithUser { user: sql.user.read(row, 0)?, session })
    })
}

/// The session with this id or token.
pub fn find(tx: &mut Tx<'_>, id_or_token: &str) -> Result<Option<Session>, DatabaseError> {
    tx.statements::<Sql>()?.find.one(tx, &[id_or_token.into(), id_or_token.into()])
}

/// Inserts a session; its id changes where the database makes ids, and times where it stores seconds.
pub fn insert(tx: &mut Tx<'_>, session: &mut Session) -> Result<(), DatabaseError> {
    let sql = tx.statements::<Sql>()?;
    for time in [&mut session.expires_at, &mut session.created_at, &mut session.updated_at] {
        *time = time.cut(sql.precision);
    }
    if let Some(id) = sql.insert.run(tx, session)? {
        session.id = id;
    }
    Ok(())
}

/// Deletes the sessions with this value of an additional field, and returns their tokens; none if the field does not
/// exist.
pub fn delete_by(tx: &mut Tx<'_>, field: &str, value: &str) -> Result<Vec<String>, DatabaseError> {
    let sql = tx.statements::<Sql>()?;
    let Some((_, statement)) = sql.delete_by.iter().find(|(name, _)| name == field) else {
        return Ok(Vec::new());
    };
    let tokens = tx.list(statement, &[value.into()], |row| row.any_text(0))?;
    Ok(tokens.into_iter().flatten().collect())
}

/// Updates the additional fields of a session and its `updatedAt`.
pub fn update(tx: &mut Tx<'_>, session: &Session) -> Result<(), DatabaseError> {
    tx.statements::<Sql>()?.update.run(tx, session).map(drop)
}

/// One page of the sessions that match the filter.
pub fn list(
    tx: &mut Tx<'_>,
    filter: &SessionFilter,
    page: Page,
) -> Result<Vec<Session>, DatabaseError> {
    let sql = tx.statements::<Sql>()?;
    let field = match filter.sort {
        SessionField::CreatedAt => "createdAt",
        SessionField::UpdatedAt => "updatedAt",
        SessionField::ExpiresAt => "expiresAt",
    };
    let select = sql.select(filter).sorted(field, filter.direction);
    let text = select.list(sql.shape.columns());
    tx.list(&text, &select.params(Some(page)), |row| sql.shape.read(row, 0))
}

/// Moves the expiry of a session; `false` if it is gone.
pub fn extend(tx: &mut Tx<'_>, token: &str, expires_at: Timestamp) -> Result<bool, DatabaseError> {
    let params = [expires_at.into(), tx.now().into(), token.into()];
    tx.execute(&tx.statements::<Sql>()?.extend, &params).map(|changed| 0 < changed)
}

/// Deletes the session with this token; `false` if there was none.
pub fn delete(tx: &mut Tx<'_>, token: &str) -> Result<bool, DatabaseError> {
    tx.statements::<Sql>()?.delete.run(tx, &[token.into()]).map(|deleted| 0 < deleted)
}

/// Deletes the row with this id, for one whose token cannot be read; answers how many there were.
pub fn delete_row(tx: &mut Tx<'_>, id: &str) -> Result<u64, DatabaseError> {
    tx.statements::<Sql>()?.delete_row.run(tx, &[id.into()])
}

/// Deletes the row with this token if it has expired.
pub fn delete_expired(tx: &mut Tx<'_>, token: &str) -> Result<bool, DatabaseError> {
    let params = [token.into(), tx.now().into()];
    tx.execute(&tx.statements::<Sql>()?.delete_expired, &params).map(|deleted| 0 < deleted)
}

/// Deletes the session with this token if it belongs to this user.
pub fn delete_own(tx: &mut Tx<'_>, token: &str, user_id: &str) -> Result<bool, DatabaseError> {
    tx.statements::<Sql>()?
        .delete_own
        .run(tx, &[token.into(), user_id.into()])
        .map(|deleted| 0 < deleted)
}

/// Deletes every session of a user but the one with this token.
pub fn delete_others(tx: &mut Tx<'_>, user_id: &str, token: &str) -> Result<u64, DatabaseError> {
    tx.execute(&tx.statements::<Sql>()?.delete_others, &[user_id.into(), token.into()])
}

/// Deletes every session of a user and returns how many there were.
pub fn delete_of_user(tx: &mut Tx<'_>, user_id: &str) -> Result<u64, DatabaseError> {
    tx.statements::<Sql>()?.delete_of_user.run(tx, &[user_id.into()])
}

/// Deletes every session of every user and returns how many there were.
pub fn delete_all(tx: &mut Tx<'_>) -> Result<u64, DatabaseError> {
    tx.execute(&tx.statements::<Sql>()?.delete_all, &[])
}

/// Selects live sessions to revoke: all of them, restricted by these fields.
#[derive(Debug, Clone, Copy, Default)]
pub struct Revocation<'a> {
    /// Only sessions of this user.
    pub user_id: Option<&'a str>,
    /// Only the one with this token.
    pub token: Option<&'a str>,
    /// Not the one with this token.
    pub except: Option<&'a str>,
}

/// Revokes live sessions but keeps their rows as history; returns how many there were.
pub fn end(tx: &mut Tx<'_>, which: Revocation<'_>) -> Result<u64, DatabaseError> {
    let Revocation { user_id, token, except } = which;
    // Whose sessions end is told apart from the id: one that cannot be an id is `NULL` for the database.
    let params = [
        tx.now().into(),
        tx.now().into(),
        user_id.is_none().into(),
        user_id.into(),
        token.into(),
        except.into(),
    ];
    tx.execute(&tx.statements::<Sql>()?.end, &params)
}

/// The number of sessions that match the filter; reads all of them.
pub fn count(tx: &mut Tx<'_>, filter: &SessionFilter) -> Result<u64, DatabaseError> {
    let select = tx.statements::<Sql>()?.select(filter);
    counted(tx, &select.count(), &select.params(None))
}
