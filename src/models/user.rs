//! The `user` row and its SQL [contract 11.1].

use serde::Deserialize;
use serde::Serialize;

use crate::database::DatabaseError;
use crate::database::Param;
use crate::database::Row;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::models::Direction;
use crate::models::Page;
use crate::models::like_pattern;

/// A person who can sign in. Serialises as the REST API sends it, `id` last as Better Auth does.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Display name; may be empty.
    pub name: String,
    /// Address in lower case; unique.
    pub email: String,
    /// Whether the person has shown that the address is theirs.
    pub email_verified: bool,
    /// URL of a picture.
    pub image: Option<String>,
    /// When the user was made.
    pub created_at: Timestamp,
    /// When the row last changed.
    pub updated_at: Timestamp,
    /// Any text; a `UUIDv7` where we made the row.
    pub id: String,
}

/// What a list of users can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UserField {
    /// The display name.
    Name,
    /// The address.
    Email,
    /// When the user was made.
    #[default]
    CreatedAt,
    /// When the row last changed.
    UpdatedAt,
}

/// Which users a list holds, and in which order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserFilter {
    /// Text that the name or the address must contain, upper and lower case alike.
    pub search: Option<String>,
    /// What to sort by; the id decides between equals.
    pub sort: UserField,
    /// Which way.
    pub direction: Direction,
}

/// Columns as [`from_row`] reads them, starting at position 0.
macro_rules! columns {
    () => {
        r#""user"."id", "user"."name", "user"."email", "user"."emailVerified", "user"."image", "user"."createdAt", "user"."updatedAt""#
    };
}
pub(super) use columns;

/// How many columns a user takes in a joined row.
pub(super) const COLUMNS: usize = 7;

const FIND_BY_ID: &str = concat!("SELECT ", columns!(), r#" FROM "user" WHERE "id" = $1"#);
const FIND_BY_EMAIL: &str = concat!("SELECT ", columns!(), r#" FROM "user" WHERE "email" = $1"#);
const INSERT: &str = r#"INSERT INTO "user"
    ("id", "name", "email", "emailVerified", "image", "createdAt", "updatedAt")
    VALUES ($1, $2, $3, $4, $5, $6, $7)"#;
const UPDATE: &str = r#"UPDATE "user"
    SET "name" = $1, "email" = $2, "emailVerified" = $3, "image" = $4, "updatedAt" = $5
    WHERE "id" = $6"#;
const DELETE: &str = r#"DELETE FROM "user" WHERE "id" = $1"#;
const LIST: &str = concat!(
    "SELECT ",
    columns!(),
    r#" FROM "user"
    WHERE ($1 IS NULL OR lower("name") LIKE lower($1) ESCAPE '!' OR lower("email") LIKE lower($1) ESCAPE '!')"#
);
const COUNT: &str = r#"SELECT COUNT(*) FROM "user"
    WHERE ($1 IS NULL OR lower("name") LIKE lower($1) ESCAPE '!' OR lower("email") LIKE lower($1) ESCAPE '!')"#;

/// Finds by id.
///
/// # Errors
/// What the database answers, here and below.
pub fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<User>, DatabaseError> {
    tx.find(FIND_BY_ID, &[id.into()], |row| from_row(row, 0))
}

/// Finds by address; the address must be in lower case already.
///
/// # Errors
/// As [`find`].
pub fn find_by_email(tx: &mut Tx<'_>, email: &str) -> Result<Option<User>, DatabaseError> {
    tx.find(FIND_BY_EMAIL, &[email.into()], |row| from_row(row, 0))
}

/// Writes a new row.
///
/// # Errors
/// [`DatabaseError::Unique`] when the address is taken.
pub fn insert(tx: &mut Tx<'_>, user: &User) -> Result<(), DatabaseError> {
    let params = [
        Param::from(&user.id),
        Param::from(&user.name),
        Param::from(&user.email),
        user.email_verified.into(),
        user.image.as_ref().into(),
        user.created_at.into(),
        user.updated_at.into(),
    ];
    tx.execute(INSERT, &params).map(drop)
}

/// Writes what may change of a row, and its `updatedAt`; `false` when the row is gone.
///
/// # Errors
/// [`DatabaseError::Unique`] when the address is taken.
pub fn update(tx: &mut Tx<'_>, user: &User) -> Result<bool, DatabaseError> {
    let params = [
        Param::from(&user.name),
        Param::from(&user.email),
        user.email_verified.into(),
        user.image.as_ref().into(),
        user.updated_at.into(),
        Param::from(&user.id),
    ];
    tx.execute(UPDATE, &params).map(|changed| 0 < changed)
}

/// Deletes the row; `false` when there was none.
///
/// # Errors
/// As [`find`].
pub fn delete(tx: &mut Tx<'_>, id: &str) -> Result<bool, DatabaseError> {
    tx.execute(DELETE, &[id.into()]).map(|deleted| 0 < deleted)
}

/// One page of the users that the filter lets through.
///
/// # Errors
/// As [`find`].
pub fn list(tx: &mut Tx<'_>, filter: &UserFilter, page: Page) -> Result<Vec<User>, DatabaseError> {
    let pattern = filter.search.as_deref().map(like_pattern);
    let params = [
        Param::from(pattern.as_ref()),
        i64::from(page.limit).into(),
        i64::from(page.offset).into(),
    ];
    tx.list(&list_sql(filter.sort, filter.direction), &params, |row| from_row(row, 0))
}

/// How many users the filter lets through; reads all of them.
///
/// # Errors
/// As [`find`].
pub fn count(tx: &mut Tx<'_>, filter: &UserFilter) -> Result<u64, DatabaseError> {
    let pattern = filter.search.as_deref().map(like_pattern);
    let count = tx.find(COUNT, &[pattern.as_ref().into()], |row| row.integer(0))?;
    Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
}

fn list_sql(sort: UserField, direction: Direction) -> String {
    let column = match sort {
        UserField::Name => "name",
        UserField::Email => "email",
        UserField::CreatedAt => "createdAt",
        UserField::UpdatedAt => "updatedAt",
    };
    let direction = direction.sql();
    format!(r#"{LIST} ORDER BY "{column}" {direction}, "id" {direction} LIMIT $2 OFFSET $3"#)
}

/// Reads the columns of a user that begin at this position.
pub(super) fn from_row(row: &Row<'_>, first: usize) -> Result<User, DatabaseError> {
    Ok(User {
        id: row.text(first)?,
        name: row.text(first + 1)?,
        email: row.text(first + 2)?,
        email_verified: row.flag(first + 3)?,
        image: row.optional_text(first + 4)?,
        created_at: row.time(first + 5)?,
        updated_at: row.time(first + 6)?,
    })
}

/// Every statement of this file, for the test that prepares them.
#[cfg(test)]
pub(super) fn statements() -> Vec<String> {
    let constants = [FIND_BY_ID, FIND_BY_EMAIL, INSERT, UPDATE, DELETE, COUNT];
    let list = list_sql(UserField::Name, Direction::Ascending);
    constants.iter().map(ToString::to_string).chain([list]).collect()
}
