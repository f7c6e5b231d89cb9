//! The `session` row and its SQL [contract 11.1]: one query answers a request's session and its user.

use std::fmt;

use serde::Deserialize;
use serde::Serialize;

use crate::database::DatabaseError;
use crate::database::Param;
use crate::database::Row;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::models::Direction;
use crate::models::Page;
use crate::models::User;
use crate::models::user;

/// A signed-in browser or program. Serialises as the REST API sends it, the token included.
#[derive(Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// When it ends.
    pub expires_at: Timestamp,
    /// The secret that the cookie carries.
    pub token: String,
    /// When the user signed in.
    pub created_at: Timestamp,
    /// When it was last extended.
    pub updated_at: Timestamp,
    /// The client's address; empty when it is not known.
    pub ip_address: Option<String>,
    /// The client's `User-Agent`; empty when it sent none.
    pub user_agent: Option<String>,
    /// Whose it is.
    pub user_id: String,
    /// Any text; a `UUIDv7` where we made the row.
    pub id: String,
}

impl fmt::Debug for Session {
    /// Leaves the token out: whoever reads a log must not be able to use it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("id", &self.id)
            .field("user_id", &self.user_id)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// What `/get-session` answers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct SessionWithUser {
    /// The session.
    pub session: Session,
    /// Whose it is.
    pub user: User,
}

/// What a list of sessions can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SessionField {
    /// When the user signed in.
    #[default]
    CreatedAt,
    /// When it was last extended.
    UpdatedAt,
    /// When it ends.
    ExpiresAt,
}

/// Which sessions a list holds, and in which order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SessionFilter {
    /// Only this user's.
    pub user_id: Option<String>,
    /// Only those that end after this instant.
    pub alive_at: Option<Timestamp>,
    /// What to sort by; the id decides between equals.
    pub sort: SessionField,
    /// Which way.
    pub direction: Direction,
}

/// Columns as [`from_row`] reads them.
macro_rules! columns {
    () => {
        r#""session"."id", "session"."userId", "session"."token", "session"."expiresAt", "session"."createdAt", "session"."updatedAt", "session"."ipAddress", "session"."userAgent""#
    };
}

const FIND_WITH_USER: &str = concat!(
    "SELECT ",
    user::columns!(),
    ", ",
    columns!(),
    r#" FROM "session" JOIN "user" ON "user"."id" = "session"."userId" WHERE "session"."token" = $1"#
);
const FIND: &str =
    concat!("SELECT ", columns!(), r#" FROM "session" WHERE "id" = $1 OR "token" = $1"#);
const INSERT: &str = r#"INSERT INTO "session"
    ("id", "userId", "token", "expiresAt", "createdAt", "updatedAt", "ipAddress", "userAgent")
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"#;
const EXTEND: &str =
    r#"UPDATE "session" SET "expiresAt" = $1, "updatedAt" = $2 WHERE "token" = $3"#;
const DELETE: &str = r#"DELETE FROM "session" WHERE "token" = $1"#;
const DELETE_BY_ID: &str = r#"DELETE FROM "session" WHERE "id" = $1"#;
const DELETE_EXPIRED: &str = r#"DELETE FROM "session" WHERE "token" = $1 AND "expiresAt" < $2"#;
const DELETE_OWN: &str = r#"DELETE FROM "session" WHERE "token" = $1 AND "userId" = $2"#;
const DELETE_OTHERS: &str = r#"DELETE FROM "session" WHERE "userId" = $1 AND "token" <> $2"#;
const DELETE_OF_USER: &str = r#"DELETE FROM "session" WHERE "userId" = $1"#;
const DELETE_ALL: &str = r#"DELETE FROM "session""#;
const LIST: &str = concat!("SELECT ", columns!(), r#" FROM "session" "#);
const COUNT: &str = r#"SELECT COUNT(*) FROM "session" "#;
const OF_ALL: &str = r#"WHERE ($1 IS NULL OR "expiresAt" > $1)"#;
const OF_USER: &str = r#"WHERE ($1 IS NULL OR "expiresAt" > $1) AND "userId" = $2"#;

/// The session with this token and its user, in one query; alive or not.
///
/// # Errors
/// What the database answers, here and below.
pub fn find_with_user(
    tx: &mut Tx<'_>,
    token: &str,
) -> Result<Option<SessionWithUser>, DatabaseError> {
    tx.find(FIND_WITH_USER, &[token.into()], |row| {
        Ok(SessionWithUser {
            user: user::from_row(row, 0)?,
            session: from_row(row, user::COLUMNS)?,
        })
    })
}

/// The session with this id or token.
///
/// # Errors
/// As [`find_with_user`].
pub fn find(tx: &mut Tx<'_>, id_or_token: &str) -> Result<Option<Session>, DatabaseError> {
    tx.find(FIND, &[id_or_token.into()], |row| from_row(row, 0))
}

/// Writes a new row.
///
/// # Errors
/// As [`find_with_user`].
pub fn insert(tx: &mut Tx<'_>, session: &Session) -> Result<(), DatabaseError> {
    let params = [
        Param::from(&session.id),
        Param::from(&session.user_id),
        Param::from(&session.token),
        session.expires_at.into(),
        session.created_at.into(),
        session.updated_at.into(),
        session.ip_address.as_ref().into(),
        session.user_agent.as_ref().into(),
    ];
    tx.execute(INSERT, &params).map(drop)
}

/// Moves the end of a session; `false` when it is gone.
///
/// # Errors
/// As [`find_with_user`].
pub fn extend(tx: &mut Tx<'_>, token: &str, expires_at: Timestamp) -> Result<bool, DatabaseError> {
    let params = [expires_at.into(), tx.now().into(), token.into()];
    tx.execute(EXTEND, &params).map(|changed| 0 < changed)
}

/// Ends the session with this token; `false` when there was none.
///
/// # Errors
/// As [`find_with_user`].
pub fn delete(tx: &mut Tx<'_>, token: &str) -> Result<bool, DatabaseError> {
    tx.execute(DELETE, &[token.into()]).map(|deleted| 0 < deleted)
}

/// Ends the session with this id; `false` when there was none.
///
/// # Errors
/// As [`find_with_user`].
pub fn delete_by_id(tx: &mut Tx<'_>, id: &str) -> Result<bool, DatabaseError> {
    tx.execute(DELETE_BY_ID, &[id.into()]).map(|deleted| 0 < deleted)
}

/// Removes the row with this token if its time is over.
///
/// # Errors
/// As [`find_with_user`].
pub fn delete_expired(tx: &mut Tx<'_>, token: &str) -> Result<bool, DatabaseError> {
    let params = [token.into(), tx.now().into()];
    tx.execute(DELETE_EXPIRED, &params).map(|deleted| 0 < deleted)
}

/// Ends the session with this token if it is this user's.
///
/// # Errors
/// As [`find_with_user`].
pub fn delete_own(tx: &mut Tx<'_>, token: &str, user_id: &str) -> Result<bool, DatabaseError> {
    tx.execute(DELETE_OWN, &[token.into(), user_id.into()]).map(|deleted| 0 < deleted)
}

/// Ends every session of a user but the one with this token.
///
/// # Errors
/// As [`find_with_user`].
pub fn delete_others(tx: &mut Tx<'_>, user_id: &str, token: &str) -> Result<u64, DatabaseError> {
    tx.execute(DELETE_OTHERS, &[user_id.into(), token.into()])
}

/// Ends every session of a user and answers how many there were.
///
/// # Errors
/// As [`find_with_user`].
pub fn delete_of_user(tx: &mut Tx<'_>, user_id: &str) -> Result<u64, DatabaseError> {
    tx.execute(DELETE_OF_USER, &[user_id.into()])
}

/// Ends every session of everybody and answers how many there were.
///
/// # Errors
/// As [`find_with_user`].
pub fn delete_all(tx: &mut Tx<'_>) -> Result<u64, DatabaseError> {
    tx.execute(DELETE_ALL, &[])
}

/// One page of the sessions that the filter lets through.
///
/// # Errors
/// As [`find_with_user`].
pub fn list(
    tx: &mut Tx<'_>,
    filter: &SessionFilter,
    page: Page,
) -> Result<Vec<Session>, DatabaseError> {
    let mut params = vec![Param::from(filter.alive_at)];
    params.extend(filter.user_id.as_deref().map(Param::from));
    params.extend([Param::from(i64::from(page.limit)), i64::from(page.offset).into()]);
    tx.list(&list_sql(filter), &params, |row| from_row(row, 0))
}

/// How many sessions the filter lets through; reads all of them.
///
/// # Errors
/// As [`find_with_user`].
pub fn count(tx: &mut Tx<'_>, filter: &SessionFilter) -> Result<u64, DatabaseError> {
    let mut params = vec![Param::from(filter.alive_at)];
    params.extend(filter.user_id.as_deref().map(Param::from));
    let count = tx.find(&count_sql(filter), &params, |row| row.integer(0))?;
    Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
}

fn count_sql(filter: &SessionFilter) -> String {
    format!("{COUNT}{}", if filter.user_id.is_some() { OF_USER } else { OF_ALL })
}

fn list_sql(filter: &SessionFilter) -> String {
    let column = match filter.sort {
        SessionField::CreatedAt => "createdAt",
        SessionField::UpdatedAt => "updatedAt",
        SessionField::ExpiresAt => "expiresAt",
    };
    let direction = filter.direction.sql();
    let (of, page) = match filter.user_id {
        Some(_) => (OF_USER, "LIMIT $3 OFFSET $4"),
        None => (OF_ALL, "LIMIT $2 OFFSET $3"),
    };
    format!(r#"{LIST}{of} ORDER BY "{column}" {direction}, "id" {direction} {page}"#)
}

fn from_row(row: &Row<'_>, first: usize) -> Result<Session, DatabaseError> {
    Ok(Session {
        id: row.text(first)?,
        user_id: row.text(first + 1)?,
        token: row.text(first + 2)?,
        expires_at: row.time(first + 3)?,
        created_at: row.time(first + 4)?,
        updated_at: row.time(first + 5)?,
        ip_address: row.optional_text(first + 6)?,
        user_agent: row.optional_text(first + 7)?,
    })
}

/// Every statement of this file, for the test that prepares them.
#[cfg(test)]
pub(super) fn statements() -> Vec<String> {
    let constants = [
        FIND_WITH_USER,
        FIND,
        INSERT,
        EXTEND,
        DELETE,
        DELETE_BY_ID,
        DELETE_EXPIRED,
        DELETE_OWN,
        DELETE_OTHERS,
        DELETE_OF_USER,
        DELETE_ALL,
    ];
    let of_user = SessionFilter { user_id: Some(String::new()), ..SessionFilter::default() };
    let filters = [SessionFilter::default(), of_user];
    let lists = filters.iter().map(list_sql);
    let counts = filters.iter().map(count_sql);
    constants.iter().map(ToString::to_string).chain(lists).chain(counts).collect()
}
