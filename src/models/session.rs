//! The `session` row and its SQL [contract 11.1]: one query answers a request's session and its user.

use std::fmt;

use serde::Deserialize;
use serde::Serialize;

use crate::config::AdditionalFields;
use crate::database::DatabaseError;
use crate::database::Param;
use crate::database::Row;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::models::Additional;
use crate::models::Direction;
use crate::models::Page;
use crate::models::User;
use crate::models::fields::Fields;
use crate::models::fields::Stored;
use crate::models::user::Users;

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
    /// What `session.additionalFields` adds.
    #[serde(flatten)]
    pub additional: Additional,
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

/// Columns as [`Sessions::read`] reads them; the additional ones follow.
const COLUMNS: &str = r#""session"."id", "session"."userId", "session"."token", "session"."expiresAt", "session"."createdAt", "session"."updatedAt", "session"."ipAddress", "session"."userAgent""#;
/// How many they are.
const COLUMNS_LENGTH: usize = 8;

const EXTEND: &str =
    r#"UPDATE "session" SET "expiresAt" = $1, "updatedAt" = $2 WHERE "token" = $3"#;
const DELETE: &str = r#"DELETE FROM "session" WHERE "token" = $1"#;
const DELETE_EXPIRED: &str = r#"DELETE FROM "session" WHERE "token" = $1 AND "expiresAt" < $2"#;
const DELETE_OWN: &str = r#"DELETE FROM "session" WHERE "token" = $1 AND "userId" = $2"#;
const DELETE_OTHERS: &str = r#"DELETE FROM "session" WHERE "userId" = $1 AND "token" <> $2"#;
const DELETE_OF_USER: &str = r#"DELETE FROM "session" WHERE "userId" = $1"#;
const DELETE_ALL: &str = r#"DELETE FROM "session""#;
const END: &str = r#"UPDATE "session" SET "expiresAt" = $1, "updatedAt" = $1 WHERE "expiresAt" > $1
    AND ("userId" = $2 OR $2 IS NULL) AND ("token" = $3 OR $3 IS NULL) AND ("token" <> $4 OR $4 IS NULL)"#;
const COUNT: &str = r#"SELECT COUNT(*) FROM "session" "#;
const OF_ALL: &str = r#"WHERE ("expiresAt" > $1 OR $1 IS NULL)"#;
const OF_USER: &str = r#"WHERE ("expiresAt" > $1 OR $1 IS NULL) AND "userId" = $2"#;

/// The table of sessions with the columns that this deployment adds; its statements are put together
/// once.
pub struct Sessions {
    fields: Fields,
    find_with_user: String,
    find: String,
    insert: String,
    update: String,
    list: String,
}

impl Sessions {
    /// The table with these fields, beside that of the users.
    pub fn new(additional: &AdditionalFields, users: &Users) -> Self {
        let fields = Fields::new("session", additional);
        let columns = format!("{COLUMNS}{}", fields.selected());
        let (inserted, values) = (fields.inserted(), fields.values(9));
        let (assigned, token) = (fields.assigned(2), 2 + fields.len());
        Self {
            find_with_user: format!(
                r#"SELECT {}, {columns} FROM "session"
                JOIN "user" ON "user"."id" = "session"."userId" WHERE "session"."token" = $1"#,
                users.columns()
            ),
            find: format!(r#"SELECT {columns} FROM "session" WHERE "id" = $1 OR "token" = $1"#),
            insert: format!(
                r#"INSERT INTO "session" ("id", "userId", "token", "expiresAt", "createdAt",
                "updatedAt", "ipAddress", "userAgent"{inserted})
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8{values})"#
            ),
            update: format!(
                r#"UPDATE "session" SET "updatedAt" = $1{assigned} WHERE "token" = ${token}"#
            ),
            list: format!(r#"SELECT {columns} FROM "session" "#),
            fields,
        }
    }

    /// The session with this token and its user, in one query; alive or not.
    ///
    /// # Errors
    /// As [`Sessions::find`].
    pub fn find_with_user(
        &self,
        tx: &mut Tx<'_>,
        users: &Users,
        token: &str,
    ) -> Result<Option<SessionWithUser>, DatabaseError> {
        tx.find(&self.find_with_user, &[token.into()], |row| {
            let user = users.read(row)?;
            Ok(SessionWithUser { user, session: self.read(row, users.width())? })
        })
    }

    /// The session with this id or token.
    ///
    /// # Errors
    /// What the database answers, here and below.
    pub fn find(
        &self,
        tx: &mut Tx<'_>,
        id_or_token: &str,
    ) -> Result<Option<Session>, DatabaseError> {
        tx.find(&self.find, &[id_or_token.into()], |row| self.read(row, 0))
    }

    /// Writes a new row.
    ///
    /// # Errors
    /// As [`Sessions::find`].
    pub fn insert(&self, tx: &mut Tx<'_>, session: &Session) -> Result<(), DatabaseError> {
        let additional = self.fields.stored(&session.additional);
        let mut params = vec![
            Param::from(&session.id),
            Param::from(&session.user_id),
            Param::from(&session.token),
            session.expires_at.into(),
            session.created_at.into(),
            session.updated_at.into(),
            session.ip_address.as_ref().into(),
            session.user_agent.as_ref().into(),
        ];
        params.extend(additional.iter().map(Stored::param));
        tx.execute(&self.insert, &params).map(drop)
    }

    /// Ends the sessions with this value of an additional field, and answers their tokens; none where there
    /// is no such field.
    ///
    /// # Errors
    /// As [`Sessions::find`].
    pub fn delete_by(
        &self,
        tx: &mut Tx<'_>,
        field: &str,
        value: &str,
    ) -> Result<Vec<String>, DatabaseError> {
        let Some(column) = self.fields.column(field) else {
            return Ok(Vec::new());
        };
        let sql = format!(r#"DELETE FROM "session" WHERE "{column}" = $1 RETURNING "token""#);
        tx.list(&sql, &[value.into()], |row| row.text(0))
    }

    /// Writes the additional fields of a session, and its `updatedAt`.
    ///
    /// # Errors
    /// As [`Sessions::find`].
    pub fn update(&self, tx: &mut Tx<'_>, session: &Session) -> Result<(), DatabaseError> {
        let additional = self.fields.stored(&session.additional);
        let mut params = vec![Param::from(session.updated_at)];
        params.extend(additional.iter().map(Stored::param));
        params.push(Param::from(&session.token));
        tx.execute(&self.update, &params).map(drop)
    }

    /// One page of the sessions that the filter lets through.
    ///
    /// # Errors
    /// As [`Sessions::find`].
    pub fn list(
        &self,
        tx: &mut Tx<'_>,
        filter: &SessionFilter,
        page: Page,
    ) -> Result<Vec<Session>, DatabaseError> {
        let mut params = vec![Param::from(filter.alive_at)];
        params.extend(filter.user_id.as_deref().map(Param::from));
        params.extend([Param::from(i64::from(page.limit)), i64::from(page.offset).into()]);
        tx.list(&self.sorted(filter), &params, |row| self.read(row, 0))
    }

    fn sorted(&self, filter: &SessionFilter) -> String {
        let column = match filter.sort {
            SessionField::CreatedAt => "createdAt",
            SessionField::UpdatedAt => "updatedAt",
            SessionField::ExpiresAt => "expiresAt",
        };
        let (list, direction) = (&self.list, filter.direction.sql());
        let (of, page) = match filter.user_id {
            Some(_) => (OF_USER, "LIMIT $3 OFFSET $4"),
            None => (OF_ALL, "LIMIT $2 OFFSET $3"),
        };
        format!(r#"{list}{of} ORDER BY "{column}" {direction}, "id" {direction} {page}"#)
    }

    /// A session as its members in JSON give it, with the additional fields of this table and no others.
    pub(super) fn with_fields_of(&self, mut session: Session) -> Session {
        session.additional = self.fields.pick(&session.additional.returned);
        session
    }

    fn read(&self, row: &Row<'_>, first: usize) -> Result<Session, DatabaseError> {
        Ok(Session {
            id: row.text(first)?,
            user_id: row.text(first + 1)?,
            token: row.text(first + 2)?,
            expires_at: row.time(first + 3)?,
            created_at: row.time(first + 4)?,
            updated_at: row.time(first + 5)?,
            ip_address: row.optional_text(first + 6)?,
            user_agent: row.optional_text(first + 7)?,
            additional: self.fields.read(row, first + COLUMNS_LENGTH)?,
        })
    }

    /// Every statement of this file, for the test that prepares them.
    #[cfg(test)]
    pub(super) fn statements(&self) -> Vec<String> {
        let Self { fields: _, list: _, find_with_user, find, insert, update } = self;
        let constants = [
            EXTEND,
            DELETE,
            DELETE_EXPIRED,
            DELETE_OWN,
            DELETE_OTHERS,
            DELETE_OF_USER,
            DELETE_ALL,
            END,
        ];
        let of_user = SessionFilter { user_id: Some(String::new()), ..SessionFilter::default() };
        let filters = [SessionFilter::default(), of_user];
        [find_with_user, find, insert, update]
            .into_iter()
            .cloned()
            .chain(constants.map(str::to_owned))
            .chain(filters.iter().map(|filter| self.sorted(filter)))
            .chain(filters.iter().map(count_sql))
            .collect()
    }
}

/// Moves the end of a session; `false` when it is gone.
///
/// # Errors
/// As [`Sessions::find`].
pub fn extend(tx: &mut Tx<'_>, token: &str, expires_at: Timestamp) -> Result<bool, DatabaseError> {
    let params = [expires_at.into(), tx.now().into(), token.into()];
    tx.execute(EXTEND, &params).map(|changed| 0 < changed)
}

/// Ends the session with this token; `false` when there was none.
///
/// # Errors
/// As [`Sessions::find`].
pub fn delete(tx: &mut Tx<'_>, token: &str) -> Result<bool, DatabaseError> {
    tx.execute(DELETE, &[token.into()]).map(|deleted| 0 < deleted)
}

/// Removes the row with this token if its time is over.
///
/// # Errors
/// As [`Sessions::find`].
pub fn delete_expired(tx: &mut Tx<'_>, token: &str) -> Result<bool, DatabaseError> {
    let params = [token.into(), tx.now().into()];
    tx.execute(DELETE_EXPIRED, &params).map(|deleted| 0 < deleted)
}

/// Ends the session with this token if it is this user's.
///
/// # Errors
/// As [`Sessions::find`].
pub fn delete_own(tx: &mut Tx<'_>, token: &str, user_id: &str) -> Result<bool, DatabaseError> {
    tx.execute(DELETE_OWN, &[token.into(), user_id.into()]).map(|deleted| 0 < deleted)
}

/// Ends every session of a user but the one with this token.
///
/// # Errors
/// As [`Sessions::find`].
pub fn delete_others(tx: &mut Tx<'_>, user_id: &str, token: &str) -> Result<u64, DatabaseError> {
    tx.execute(DELETE_OTHERS, &[user_id.into(), token.into()])
}

/// Ends every session of a user and answers how many there were.
///
/// # Errors
/// As [`Sessions::find`].
pub fn delete_of_user(tx: &mut Tx<'_>, user_id: &str) -> Result<u64, DatabaseError> {
    tx.execute(DELETE_OF_USER, &[user_id.into()])
}

/// Ends every session of everybody and answers how many there were.
///
/// # Errors
/// As [`Sessions::find`].
pub fn delete_all(tx: &mut Tx<'_>) -> Result<u64, DatabaseError> {
    tx.execute(DELETE_ALL, &[])
}

/// Which of the live sessions end: all of them, less what is set here.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ending<'a> {
    /// Only this user's.
    pub user_id: Option<&'a str>,
    /// Only the one with this token.
    pub token: Option<&'a str>,
    /// Not the one with this token.
    pub except: Option<&'a str>,
}

/// Ends live sessions and keeps their rows as a record; answers how many there were.
///
/// # Errors
/// As [`Sessions::find`].
pub fn end(tx: &mut Tx<'_>, which: Ending<'_>) -> Result<u64, DatabaseError> {
    let Ending { user_id, token, except } = which;
    tx.execute(END, &[tx.now().into(), user_id.into(), token.into(), except.into()])
}

/// How many sessions the filter lets through; reads all of them.
///
/// # Errors
/// As [`Sessions::find`].
pub fn count(tx: &mut Tx<'_>, filter: &SessionFilter) -> Result<u64, DatabaseError> {
    let mut params = vec![Param::from(filter.alive_at)];
    params.extend(filter.user_id.as_deref().map(Param::from));
    let count = tx.find(&count_sql(filter), &params, |row| row.integer(0))?;
    Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
}

fn count_sql(filter: &SessionFilter) -> String {
    format!("{COUNT}{}", if filter.user_id.is_some() { OF_USER } else { OF_ALL })
}
