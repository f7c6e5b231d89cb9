//! The `user` row and its SQL [contract 11.1].

use serde::Deserialize;
use serde::Serialize;

use crate::config::AdditionalFields;
use crate::config::FieldType;
use crate::crypto::Secret;
use crate::database::DatabaseError;
use crate::database::Param;
use crate::database::Row;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::models::Additional;
use crate::models::Direction;
use crate::models::Page;
use crate::models::fields::Fields;
use crate::models::fields::Stored;
use crate::models::like_pattern;

/// A person who can sign in. Serialises as the REST API sends it, `id` last as Better Auth does.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Display name; may be empty.
    pub name: String,
    /// Address, in lower case where it signed up here; unique.
    pub email: String,
    /// Whether the person has shown that the address is theirs.
    pub email_verified: bool,
    /// URL of a picture.
    pub image: Option<String>,
    /// When the user was made.
    pub created_at: Timestamp,
    /// When the row last changed.
    pub updated_at: Timestamp,
    /// What `user.additionalFields` adds.
    #[serde(flatten)]
    pub additional: Additional,
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

/// Columns as [`Users::read`] reads them; the additional ones follow.
const COLUMNS: &str = r#""user"."id", "user"."name", "user"."email", "user"."emailVerified", "user"."image", "user"."createdAt", "user"."updatedAt""#;
/// How many they are.
const COLUMNS_LENGTH: usize = 7;

const DELETE: &str = r#"DELETE FROM "user" WHERE "id" = $1"#;
const MATCHES: &str = r#"WHERE (lower("name") LIKE lower($1) ESCAPE '!' OR lower("email") LIKE lower($1) ESCAPE '!' OR $1 IS NULL)"#;

/// The table of users with the columns that this deployment adds; its statements are put together once.
pub struct Users {
    fields: Fields,
    columns: String,
    find: String,
    find_by_email: String,
    find_in_any_case: String,
    find_with_hash: String,
    /// What that begins with, up to the column.
    with_hash: String,
    insert: String,
    update: String,
    list: String,
    count: String,
}

impl Users {
    /// The table with these fields.
    pub fn new(additional: &AdditionalFields) -> Self {
        let fields = Fields::new("user", additional);
        let columns = format!("{COLUMNS}{}", fields.selected());
        let (inserted, values) = (fields.inserted(), fields.values(8));
        let (assigned, id) = (fields.assigned(6), 6 + fields.len());
        let with_hash = format!(
            r#"SELECT {columns}, "account"."password" FROM "user"
            LEFT JOIN "account" ON "account"."userId" = "user"."id"
                AND "account"."providerId" = 'credential'
                AND "account"."accountId" = "user"."id"
            WHERE "user"."#
        );
        Self {
            find: format!(r#"SELECT {columns} FROM "user" WHERE "id" = $1"#),
            find_by_email: format!(r#"SELECT {columns} FROM "user" WHERE "email" = $1"#),
            find_in_any_case: format!(
                r#"SELECT {columns} FROM "user" WHERE lower("email") = lower($1)
                ORDER BY "createdAt", "id" LIMIT 2"#
            ),
            find_with_hash: format!(r#"{with_hash}"email" = $1"#),
            with_hash,
            insert: format!(
                r#"INSERT INTO "user"
                ("id", "name", "email", "emailVerified", "image", "createdAt", "updatedAt"{inserted})
                VALUES ($1, $2, $3, $4, $5, $6, $7{values})"#
            ),
            update: format!(
                r#"UPDATE "user" SET "name" = $1, "email" = $2, "emailVerified" = $3,
                "image" = $4, "updatedAt" = $5{assigned} WHERE "id" = ${id}"#
            ),
            list: format!(r#"SELECT {columns} FROM "user" {MATCHES}"#),
            count: format!(r#"SELECT COUNT(*) FROM "user" {MATCHES}"#),
            columns,
            fields,
        }
    }

    /// Finds by id.
    ///
    /// # Errors
    /// What the database answers, here and below.
    pub fn find(&self, tx: &mut Tx<'_>, id: &str) -> Result<Option<User>, DatabaseError> {
        tx.find(&self.find, &[id.into()], |row| self.read(row))
    }

    /// Finds by address, as it is stored.
    ///
    /// # Errors
    /// As [`Users::find`].
    pub fn find_by_email(
        &self,
        tx: &mut Tx<'_>,
        email: &str,
    ) -> Result<Option<User>, DatabaseError> {
        tx.find(&self.find_by_email, &[email.into()], |row| self.read(row))
    }

    /// The first two users with this address in any case, as far as the database knows cases; reads all users.
    ///
    /// # Errors
    /// As [`Users::find`].
    pub fn find_in_any_case(
        &self,
        tx: &mut Tx<'_>,
        email: &str,
    ) -> Result<Vec<User>, DatabaseError> {
        tx.list(&self.find_in_any_case, &[email.into()], |row| self.read(row))
    }

    /// The user with this address, as it is stored, and the hash of their password, in one query.
    ///
    /// # Errors
    /// As [`Users::find`].
    pub fn find_with_hash(
        &self,
        tx: &mut Tx<'_>,
        email: &str,
    ) -> Result<Option<(User, Option<Secret>)>, DatabaseError> {
        tx.find(&self.find_with_hash, &[email.into()], |row| self.read_with_hash(row))
    }

    /// As [`Users::find_with_hash`], by an additional field that no two users share. `None` as well where
    /// there is no such field.
    ///
    /// # Errors
    /// As [`Users::find`].
    pub fn find_with_hash_by(
        &self,
        tx: &mut Tx<'_>,
        field: &str,
        value: &str,
    ) -> Result<Option<(User, Option<Secret>)>, DatabaseError> {
        let Some(column) = self.fields.column(field) else {
            return Ok(None);
        };
        let sql = format!(r#"{}"{column}" = $1"#, self.with_hash);
        tx.find(&sql, &[value.into()], |row| self.read_with_hash(row))
    }

    fn read_with_hash(&self, row: &Row<'_>) -> Result<(User, Option<Secret>), DatabaseError> {
        let hash = row.optional_text(self.width())?.map(Secret::new);
        Ok((self.read(row)?, hash))
    }

    /// Writes a new row.
    ///
    /// # Errors
    /// [`DatabaseError::Unique`] when the address is taken.
    pub fn insert(&self, tx: &mut Tx<'_>, user: &User) -> Result<(), DatabaseError> {
        let additional = self.fields.stored(&user.additional);
        let mut params = vec![
            Param::from(&user.id),
            Param::from(&user.name),
            Param::from(&user.email),
            user.email_verified.into(),
            user.image.as_ref().into(),
            user.created_at.into(),
            user.updated_at.into(),
        ];
        params.extend(additional.iter().map(Stored::param));
        tx.execute(&self.insert, &params).map(drop)
    }

    /// Writes what may change of a row, and its `updatedAt`.
    ///
    /// # Errors
    /// [`DatabaseError::Unique`] when the address is taken.
    pub fn update(&self, tx: &mut Tx<'_>, user: &User) -> Result<(), DatabaseError> {
        let additional = self.fields.stored(&user.additional);
        let mut params = vec![
            Param::from(&user.name),
            Param::from(&user.email),
            user.email_verified.into(),
            user.image.as_ref().into(),
            user.updated_at.into(),
        ];
        params.extend(additional.iter().map(Stored::param));
        params.push(Param::from(&user.id));
        tx.execute(&self.update, &params).map(drop)
    }

    /// One page of the users that the filter lets through.
    ///
    /// # Errors
    /// As [`Users::find`].
    pub fn list(
        &self,
        tx: &mut Tx<'_>,
        filter: &UserFilter,
        page: Page,
    ) -> Result<Vec<User>, DatabaseError> {
        let pattern = filter.search.as_deref().map(like_pattern);
        let params = [
            Param::from(pattern.as_ref()),
            i64::from(page.limit).into(),
            i64::from(page.offset).into(),
        ];
        tx.list(&self.sorted(filter.sort, filter.direction), &params, |row| self.read(row))
    }

    /// How many users the filter lets through; reads all of them.
    ///
    /// # Errors
    /// As [`Users::find`].
    pub fn count(&self, tx: &mut Tx<'_>, filter: &UserFilter) -> Result<u64, DatabaseError> {
        let pattern = filter.search.as_deref().map(like_pattern);
        let count = tx.find(&self.count, &[pattern.as_ref().into()], |row| row.integer(0))?;
        Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
    }

    fn sorted(&self, sort: UserField, direction: Direction) -> String {
        let column = match sort {
            UserField::Name => "name",
            UserField::Email => "email",
            UserField::CreatedAt => "createdAt",
            UserField::UpdatedAt => "updatedAt",
        };
        let (list, direction) = (&self.list, direction.sql());
        format!(r#"{list} ORDER BY "{column}" {direction}, "id" {direction} LIMIT $2 OFFSET $3"#)
    }

    /// The column of a field that clients may see, and what it holds. The id also answers to the name that it has in
    /// document databases, as upstream.
    pub(super) fn column(&self, field: &str) -> Option<(String, FieldType)> {
        let field = if field == "_id" { "id" } else { field };
        let kind = match field {
            "id" | "name" | "email" | "image" => FieldType::Text,
            "emailVerified" => FieldType::Flag,
            "createdAt" | "updatedAt" => FieldType::Date,
            _ => return self.fields.returned_column(field),
        };
        Some((field.to_owned(), kind))
    }

    /// The columns of a user, for a row that holds more than that; they come first there.
    pub(super) fn columns(&self) -> &str {
        &self.columns
    }

    /// How many columns a user takes.
    pub(super) fn width(&self) -> usize {
        COLUMNS_LENGTH + self.fields.len()
    }

    /// A user as its members in JSON give it, with the additional fields of this table and no others.
    pub(super) fn with_fields_of(&self, mut user: User) -> User {
        user.additional = self.fields.pick(&user.additional.returned);
        user
    }

    /// Reads the columns of a user, which a row begins with.
    pub(super) fn read(&self, row: &Row<'_>) -> Result<User, DatabaseError> {
        Ok(User {
            id: row.text(0)?,
            name: row.text(1)?,
            email: row.text(2)?,
            email_verified: row.flag(3)?,
            image: row.optional_text(4)?,
            created_at: row.time(5)?,
            updated_at: row.time(6)?,
            additional: self.fields.read(row, COLUMNS_LENGTH)?,
        })
    }

    /// Every statement of this file, for the test that prepares them.
    #[cfg(test)]
    pub(super) fn statements(&self) -> Vec<String> {
        let Self {
            fields: _,
            columns: _,
            list: _,
            with_hash: _,
            find,
            find_by_email,
            find_in_any_case,
            find_with_hash,
            insert,
            update,
            count,
        } = self;
        let list = self.sorted(UserField::Name, Direction::Ascending);
        let texts =
            [find, find_by_email, find_in_any_case, find_with_hash, insert, update, count, &list];
        texts.into_iter().cloned().chain([DELETE.to_owned()]).collect()
    }
}

/// Deletes the row; `false` when there was none.
///
/// # Errors
/// As [`Users::find`].
pub fn delete(tx: &mut Tx<'_>, id: &str) -> Result<bool, DatabaseError> {
    tx.execute(DELETE, &[id.into()]).map(|deleted| 0 < deleted)
}
