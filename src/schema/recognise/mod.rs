//! Recognises a database that Better Auth made, under whatever names, so that no second set of tables is made beside it.

mod models;
mod options;
mod words;

use crate::database::Database;
use crate::database::DatabaseError;
use crate::database::Dialect;
use crate::database::Tx;
use crate::schema::core;
use crate::schema::inspect::ForeignKey;
use crate::schema::inspect::Found;
use crate::schema::inspect::every_table;
use crate::schema::inspect::foreign_keys;
use crate::schema::table::Table;

pub use models::Model;
pub use options::Options;

/// A database that looks like one of Better Auth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    /// What made its tables.
    pub made_by: Maker,
    /// The models that it holds.
    pub models: Vec<Model>,
    /// Plugins of Better Auth whose tables or columns are there, and where.
    pub plugins: Vec<(&'static str, String)>,
    /// The options that open it.
    pub options: Options,
}

/// What makes tables for Better Auth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maker {
    /// Better Auth's own migration, or this program.
    Kysely,
    /// Drizzle.
    Drizzle,
    /// Prisma.
    Prisma,
}

impl Maker {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kysely => "Better Auth",
            Self::Drizzle => "Drizzle",
            Self::Prisma => "Prisma",
        }
    }
}

/// The schemas in which tables are looked for where nothing names another.
const USUAL_SCHEMAS: [&str; 2] = ["main", "public"];

/// Tables of plugins, and columns that they add.
const PLUGINS: [(&str, &[&str]); 15] = [
    ("two-factor", &["twoFactor", "user.twoFactorEnabled"]),
    ("admin", &["user.banned", "session.impersonatedBy"]),
    ("username", &["user.username"]),
    ("phone-number", &["user.phoneNumber"]),
    ("anonymous", &["user.isAnonymous"]),
    ("organization", &["organization", "session.activeOrganizationId"]),
    ("passkey", &["passkey"]),
    ("jwt", &["jwks"]),
    ("api-key", &["apikey"]),
    ("device-authorization", &["deviceCode"]),
    ("oidc-provider", &["oauthApplication", "oauthClient"]),
    ("sso", &["ssoProvider"]),
    ("stripe", &["subscription"]),
    ("siwe", &["walletAddress"]),
    ("last-login-method", &["user.lastLoginMethod"]),
];

/// Recognises the tables of Better Auth in a database; `None` if there are none. `needed` are the tables of the
/// configuration, for the fields that it adds.
///
/// # Errors
/// [`DatabaseError`] when the database cannot be read.
pub fn recognise(
    database: &Database,
    needed: &[Table],
) -> Result<Option<Recognised>, DatabaseError> {
    // PostgreSQL may have the tables in another schema.
    if database.dialect() == Dialect::Sqlite && !database.exists()? {
        return Ok(None);
    }
    database.read(|tx| recognise_in(tx, needed))
}

/// As [`recognise`], in a transaction.
pub(super) fn recognise_in(
    tx: &mut Tx<'_>,
    needed: &[Table],
) -> Result<Option<Recognised>, DatabaseError> {
    let dialect = tx.dialect();
    let (here, tables) = every_table(tx)?;
    let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    let keys = foreign_keys(tx, &names)?;
    let mut schemas: Vec<&String> = tables.iter().map(|table| &table.schema).collect();
    schemas.sort_by_key(|schema| (**schema != here, (*schema).clone()));
    schemas.dedup();
    // Another schema than the usual one was chosen on purpose.
    if !USUAL_SCHEMAS.contains(&here.as_str()) {
        schemas.retain(|schema| **schema == here);
    }
    for schema in schemas {
        let inside: Vec<&Found> = tables.iter().filter(|table| table.schema == *schema).collect();
        let keys: Vec<&ForeignKey> = keys.iter().filter(|key| key.schema == *schema).collect();
        let models = models::find_all(&core::every(needed), &inside, &keys);
        let has = |name: &str| models.iter().any(|model| model.name == name);
        // Users alone are what every application has.
        if ["user", "session", "account"].iter().filter(|model| has(model)).count() < 2 {
            continue;
        }
        let elsewhere = (*schema != here).then(|| schema.clone());
        return Ok(Some(Recognised {
            made_by: maker(&models, &inside, dialect),
            plugins: plugins(&models, &inside),
            options: Options::new(&models, elsewhere),
            models,
        }));
    }
    Ok(None)
}

/// What made the tables: by its own table of migrations, or by how it spells names and stores times.
fn maker(models: &[Model], tables: &[&Found], dialect: Dialect) -> Maker {
    if tables.iter().any(|table| table.name == "_prisma_migrations") {
        return Maker::Prisma;
    }
    let is_drizzle = tables.iter().any(|table| table.name.starts_with("__drizzle"));
    let (Some(first), false) = (models.first(), is_drizzle) else {
        return Maker::Drizzle;
    };
    let is_snake =
        models.iter().flat_map(|model| &model.fields).any(|(_, column)| column.contains('_'));
    match (dialect, first.time_type.as_str()) {
        (Dialect::Sqlite, "datetime") | (Dialect::Postgres, "timestamp(3) without time zone") => {
            Maker::Prisma
        }
        (_, "date" | "timestamp with time zone") if !is_snake => Maker::Kysely,
        _ => Maker::Drizzle,
    }
}

fn plugins(models: &[Model], tables: &[&Found]) -> Vec<(&'static str, String)> {
    let table_of = |model: &str| {
        let name = models.iter().find(|known| known.name == model).map(|model| &model.table);
        tables.iter().find(|table| Some(&table.name) == name)
    };
    let seen = |place: &str| {
        let Some((model, field)) = place.split_once('.') else {
            let names = [place.to_owned(), format!("{place}s")];
            let is_it =
                |table: &&&Found| names.iter().any(|name| words::is_same(&table.name, name));
            return tables.iter().find(is_it).map(|table| table.name.clone());
        };
        let table = table_of(model)?;
        let column = table.columns.iter().find(|column| words::is_same(&column.name, field))?;
        Some(format!("{}.{}", table.name, column.name))
    };
    let found = PLUGINS.iter().filter_map(|(plugin, places)| {
        Some((*plugin, places.iter().find_map(|place| seen(place))?))
    });
    found.collect()
}
