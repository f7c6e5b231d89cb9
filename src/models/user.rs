//! The `user` row and its SQL [contract 11.1].

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::config::FieldType;
use crate::crypto::Secret;
use crate::database::DatabaseError;
use crate::database::Dialect;
use crate::database::Statement;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::rows::Additional;
use crate::rows::Bind;
use crate::rows::Binder;
use crate::rows::Condition;
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
use crate::schema::Kind;
use crate::schema::Table;

/// A person who can sign in. Serialises as the REST API sends it, `id` last as Better Auth does.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Display name; may be empty.
    pub name: String,
    /// Address, in lower case if it signed up here; unique.
    pub email: String,
    /// Whether the address is verified.
    pub email_verified: bool,
    /// URL of a picture.
    pub image: Option<String>,
    /// When the user was created.
    pub created_at: Timestamp,
    /// When the row last changed.
    pub updated_at: Timestamp,
    /// The fields of `user.additionalFields`.
    #[serde(flatten)]
    pub additional: Additional,
    /// Any text; a `UUIDv7` if this program created the row.
    pub id: String,
}

impl User {
    /// How messages name the user: by the address, or the id of a user without one.
    pub fn label(&self) -> &str {
        if self.email.is_empty() { &self.id } else { &self.email }
    }
}

/// The sort keys of a list of users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UserField {
    /// The display name.
    Name,
    /// The address.
    Email,
    /// When the user was created.
    #[default]
    CreatedAt,
    /// When the row last changed.
    UpdatedAt,
}

/// Filters and sorts a list of users.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct UserFilter {
    /// Text that the name or the address must contain, ignoring case.
    pub search: Option<String>,
    /// The sort key; ties are sorted by id.
    pub sort: UserField,
    /// The sort direction.
    pub direction: Direction,
    /// Conditions of plugins; all of them must hold.
    pub conditions: Vec<Condition>,
}

crate::record!(User in "user" {
    id: "id",
    name: "name",
    email: "email",
    email_verified: "emailVerified",
    image: "image",
    created_at: "createdAt",
    updated_at: "updatedAt",
} + additional);

/// The statements on users.
pub(super) struct Sql {
    pub(super) table: Table,
    pub(super) shape: Shape<User>,
    find: Query<User>,
    find_by_email: Query<User>,
    find_in_any_case: Query<User>,
    /// A user and the password hash, by the field to search.
    with_hash: Vec<(String, Statement)>,
    insert: Insert<User>,
    update: Update<User>,
    /// The same for a user without an address.
    update_others: Update<User>,
    /// The least difference between two `updatedAt` of a row.
    step: Duration,
    /// Only for PostgreSQL.
    share: Statement,
    claim: Statement,
    delete: Delete,
}

impl Bind for Sql {
    const MODEL: &'static str = "user";

    fn bind(binder: &mut Binder<'_>) -> Self {
        let (table, shape) = (binder.table().clone(), binder.shape::<User>());
        let names = ["id", "email"].into_iter().chain(shape.added().names());
        let with_hash = names.map(|name| {
            let text = format!(
                r"SELECT {}, {{account.password}} FROM {{@}}
                LEFT JOIN {{@account}} ON {{account.userId}} = {{user.id}}
                    AND {{account.providerId}} = 'credential' AND {{account.accountId}} = CAST({{user.id}} AS TEXT)
                WHERE {{user.{name}}} = $1",
                shape.columns()
            );
            (name.to_owned(), binder.statement(&text))
        });
        let with_hash = with_hash.collect();
        Self {
            with_hash,
            find: binder.find(&["id"]),
            find_by_email: binder.find(&["email"]),
            find_in_any_case: binder.query(
                "SELECT {*} FROM {@} WHERE lower({email}) = lower($1)
                ORDER BY {order createdAt}, {id} LIMIT 2",
            ),
            insert: binder.insert(),
            update: binder.update(&["name", "email", "emailVerified", "image", "updatedAt"], "id"),
            update_others: binder.update(&["name", "emailVerified", "image", "updatedAt"], "id"),
            share: binder.unlisted("SELECT 1 FROM {@} WHERE {id} = $1 FOR SHARE"),
            claim: binder.statement("UPDATE {@} SET {updatedAt} = {updatedAt} WHERE {id} = $1"),
            delete: binder.delete(&["id"]),
            step: table.precision(),
            table,
            shape,
        }
    }
}

impl Sql {
    /// A field that clients may see, by its name or its column's, and its type. As upstream, the id also has the name
    /// that it has in document databases.
    pub(super) fn field<'a>(&'a self, name: &'a str) -> Option<(&'a str, FieldType)> {
        let name = if name == "_id" { "id" } else { name };
        match self.table.column(name).filter(|column| column.added.is_none()) {
            Some(column) => Some((name, kind(column.kind))),
            None => self.shape.added().returned(name),
        }
    }

    /// Users whose name or address contains a text.
    fn select(&self, filter: &UserFilter) -> Select<'_> {
        let all = Select::of(&self.table);
        let searched = match filter.search.clone() {
            Some(text) => {
                all.matching(&["name", "email"], Operator::Contains, vec![Stored::Text(text)])
            }
            None => all,
        };
        filter.conditions.iter().fold(searched, Select::filtered)
    }
}

fn kind(kind: Kind) -> FieldType {
    match kind {
        Kind::Text => FieldType::Text,
        Kind::Flag => FieldType::Flag,
        Kind::Time => FieldType::Date,
        Kind::Number | Kind::BigNumber => FieldType::Number,
        Kind::Json => FieldType::Json,
    }
}

/// Finds by id.
pub fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<User>, DatabaseError> {
    // A column may take other spellings of an id for the same; rules compare ids as they are.
    Ok(tx.statements::<Sql>()?.find.one(tx, &[id.into()])?.filter(|user: &User| user.id == id))
}

/// Finds by address, exactly as stored.
pub fn find_by_email(tx: &mut Tx<'_>, email: &str) -> Result<Option<User>, DatabaseError> {
    tx.statements::<Sql>()?.find_by_email.one(tx, &[email.into()])
}

/// The first two users with this address ignoring case, by the rules of the database; reads all users.
pub fn find_in_any_case(tx: &mut Tx<'_>, email: &str) -> Result<Vec<User>, DatabaseError> {
    tx.statements::<Sql>()?.find_in_any_case.all(tx, &[email.into()])
}

/// The user with this address, exactly as stored, and the password hash, in one query.
pub fn find_with_hash(
    tx: &mut Tx<'_>,
    email: &str,
) -> Result<Option<(User, Option<Secret>)>, DatabaseError> {
    find_with_hash_by(tx, "email", email)
}

/// The user with this value of a unique field, and the password hash. `None` also if there is no such field.
pub fn find_with_hash_by(
    tx: &mut Tx<'_>,
    field: &str,
    value: &str,
) -> Result<Option<(User, Option<Secret>)>, DatabaseError> {
    let sql = tx.statements::<Sql>()?;
    let Some((_, statement)) = sql.with_hash.iter().find(|(name, _)| name == field) else {
        return Ok(None);
    };
    tx.find(statement, &[value.into()], |row| {
        let hash = row.any_text(sql.shape.width())?.map(Secret::new);
        Ok((sql.shape.read(row, 0)?, hash))
    })
}

/// Inserts a user; the id changes where the database makes ids, and times where it stores seconds.
///
/// # Errors
/// [`DatabaseError::Unique`] when the address is taken.
pub fn insert(tx: &mut Tx<'_>, user: &mut User) -> Result<(), DatabaseError> {
    let sql = tx.statements::<Sql>()?;
    (user.created_at, user.updated_at) =
        (user.created_at.cut(sql.step), user.updated_at.cut(sql.step));
    if let Some(id) = sql.insert.run(tx, user)? {
        user.id = id;
    }
    Ok(())
}

/// Updates a user and its `updatedAt`, to now or just after the previous value: of two versions of a user the newer has
/// the later time, regardless of clocks. A missing address stays missing: two users may have none, but not the same.
///
/// # Errors
/// [`DatabaseError::Unique`] when the address is taken.
pub fn update(tx: &mut Tx<'_>, user: &mut User) -> Result<(), DatabaseError> {
    let sql = tx.statements::<Sql>()?;
    user.updated_at = tx.now().max(user.updated_at.after(sql.step)).cut(sql.step);
    let update = if user.email.is_empty() { &sql.update_others } else { &sql.update };
    update.run(tx, user).map(drop)
}

/// Locks the row against changes until this transaction ends; others can do the same.
pub fn share(tx: &mut Tx<'_>, id: &str) -> Result<(), DatabaseError> {
    match tx.dialect() {
        // Write transactions are serial there.
        Dialect::Sqlite => Ok(()),
        Dialect::Postgres => {
            tx.find(&tx.statements::<Sql>()?.share, &[id.into()], |_| Ok(())).map(drop)
        }
    }
}

/// Waits for transactions that [`share`] the row. A later `share` waits for this transaction and then runs again, so
/// that it sees the change.
pub fn claim(tx: &mut Tx<'_>, id: &str) -> Result<(), DatabaseError> {
    tx.execute(&tx.statements::<Sql>()?.claim, &[id.into()]).map(drop)
}

/// Deletes a user; `false` if there was none.
pub fn delete(tx: &mut Tx<'_>, id: &str) -> Result<bool, DatabaseError> {
    tx.statements::<Sql>()?.delete.run(tx, &[id.into()]).map(|deleted| 0 < deleted)
}

/// One page of the users that match the filter.
pub fn list(tx: &mut Tx<'_>, filter: &UserFilter, page: Page) -> Result<Vec<User>, DatabaseError> {
    let sql = tx.statements::<Sql>()?;
    let field = match filter.sort {
        UserField::Name => "name",
        UserField::Email => "email",
        UserField::CreatedAt => "createdAt",
        UserField::UpdatedAt => "updatedAt",
    };
    let select = sql.select(filter).sorted(field, filter.direction);
    let text = select.list(sql.shape.columns());
    tx.list(&text, &select.params(Some(page)), |row| sql.shape.read(row, 0))
}

/// The number of users that match the filter; reads all of them.
pub fn count(tx: &mut Tx<'_>, filter: &UserFilter) -> Result<u64, DatabaseError> {
    let select = tx.statements::<Sql>()?.select(filter);
    counted(tx, &select.count(), &select.params(None))
}
