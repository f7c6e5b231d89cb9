//! Reads tables, columns and indexes of a database.

use crate::database::Database;
use crate::database::DatabaseError;
use crate::database::Dialect;
use crate::database::Param;
use crate::database::Row;
use crate::database::Tx;
use crate::database::placeholders;
use crate::schema::catalog::catalog;
use crate::schema::table::Column;
use crate::schema::table::Table;

const COUNT_DUPLICATES: [&str; 3] =
    ["SELECT COUNT(*) FROM (SELECT 1 FROM ", " GROUP BY ", " HAVING 1 < COUNT(*)) AS duplicates"];

const REFERS: [&str; 3] = ["SELECT 1 FROM ", " WHERE ", " = $1 LIMIT 1"];

/// Whether two names denote the same object: SQLite ignores case.
pub(super) fn is_same_name(dialect: Dialect, left: &str, right: &str) -> bool {
    match dialect {
        Dialect::Sqlite => left.eq_ignore_ascii_case(right),
        Dialect::Postgres => left == right,
    }
}

/// The existing tables with required names, and all names in use.
#[derive(Debug)]
pub(super) struct Existing {
    dialect: Dialect,
    tables: Vec<ExistingTable>,
    views: Vec<String>,
    indexes: Vec<String>,
    /// The number of other tables.
    others: usize,
}

#[derive(Debug)]
pub(super) struct ExistingTable {
    dialect: Dialect,
    pub(super) name: String,
    pub(super) columns: Vec<ExistingColumn>,
    pub(super) indexes: Vec<ExistingIndex>,
}

#[derive(Debug)]
pub(super) struct ExistingColumn {
    pub(super) name: String,
    /// The type, in lower case; anything or nothing in SQLite.
    pub(super) declared: String,
    pub(super) is_not_null: bool,
    pub(super) has_default: bool,
    pub(super) is_key: bool,
    /// Generated from other columns, so it cannot be written.
    pub(super) is_generated: bool,
}

/// A foreign key: table, column, and the table that it refers to.
pub(super) struct ForeignKey {
    pub(super) schema: String,
    /// Whether that is the current schema.
    pub(super) is_here: bool,
    pub(super) table: String,
    pub(super) column: String,
    pub(super) target: String,
}

/// A table of the database, whatever it is for.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) schema: String,
    pub(super) name: String,
    pub(super) columns: Vec<ExistingColumn>,
}

#[derive(Debug)]
pub(super) struct ExistingIndex {
    pub(super) is_unique: bool,
    pub(super) columns: Vec<String>,
    name: String,
}

impl Existing {
    pub(super) fn nothing(dialect: Dialect) -> Self {
        Self { dialect, tables: Vec::new(), views: Vec::new(), indexes: Vec::new(), others: 0 }
    }

    pub(super) fn table(&self, name: &str) -> Option<&ExistingTable> {
        self.tables.iter().find(|table| is_same_name(self.dialect, &table.name, name))
    }

    /// Whether the database is empty.
    pub(super) fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.views.is_empty() && self.others == 0
    }

    pub(super) fn has_view(&self, name: &str) -> bool {
        self.views.iter().any(|view| is_same_name(self.dialect, view, name))
    }

    /// Whether an index has this name.
    pub(super) fn has_index(&self, name: &str) -> bool {
        self.indexes.iter().any(|index| is_same_name(self.dialect, index, name))
    }
}

impl ExistingTable {
    pub(super) fn column(&self, name: &str) -> Option<&ExistingColumn> {
        self.columns.iter().find(|column| is_same_name(self.dialect, &column.name, name))
    }

    /// Whether an index supports searches by this column.
    pub(super) fn is_indexed(&self, column: &str) -> bool {
        self.indexes.iter().any(|index| {
            index.columns.first().is_some_and(|first| is_same_name(self.dialect, first, column))
        })
    }

    /// Whether a column may hold a value twice that must not: no index sees to it.
    pub(super) fn may_repeat(&self, column: &Column) -> bool {
        let must_be_unique = column.is_unique || column.is_key();
        let is_key = self.column(&column.name).is_some_and(|present| present.is_key);
        must_be_unique && !is_key && !self.is_unique(&column.name)
    }

    /// Whether this column has a unique index.
    pub(super) fn is_unique(&self, column: &str) -> bool {
        self.indexes.iter().any(|index| {
            index.is_unique
                && matches!(index.columns.as_slice(), [only] if is_same_name(self.dialect, only, column))
        })
    }
}

/// Inspects the required tables. Other tables are not touched: they may need modules that this program does not have.
pub(super) fn inspect(tx: &mut Tx<'_>, needed: &[Table]) -> Result<Existing, DatabaseError> {
    let dialect = tx.dialect();
    let mut existing = Existing::nothing(dialect);
    let objects = catalog(dialect).objects;
    for (name, kind) in tx.list(objects, &[], |row| Ok((row.text(0)?, row.text(1)?)))? {
        let is_needed = |table: &Table| is_same_name(dialect, &table.name, &name);
        match kind.as_str() {
            "view" => existing.views.push(name),
            "index" => existing.indexes.push(name),
            "table" if needed.iter().any(is_needed) => {
                let (columns, indexes) = (Vec::new(), Vec::new());
                existing.tables.push(ExistingTable { dialect, name, columns, indexes });
            }
            "table" => existing.others += 1,
            _ => {}
        }
    }
    let names: Vec<&str> = existing.tables.iter().map(|table| table.name.as_str()).collect();
    let mut columns = columns(tx, &names)?;
    for table in &mut existing.tables {
        let own = columns.extract_if(.., |(owner, _)| *owner == table.name);
        table.columns = own.map(|(_, column)| column).collect();
        table.indexes = indexes(tx, &table.name)?;
    }
    Ok(existing)
}

/// The foreign keys of tables with these names, in any schema.
pub(super) fn foreign_keys(
    tx: &mut Tx<'_>,
    tables: &[&str],
) -> Result<Vec<ForeignKey>, DatabaseError> {
    of_tables(tx, catalog(tx.dialect()).foreign_keys, tables, |row| {
        Ok(ForeignKey {
            schema: row.text(0)?,
            is_here: row.flag(1)?,
            table: row.text(2)?,
            column: row.text(3)?,
            target: row.text(4)?,
        })
    })
}

/// What a query answers of the tables with these names.
fn of_tables<T>(
    tx: &mut Tx<'_>,
    sql: &str,
    tables: &[&str],
    row: impl FnMut(&Row<'_>) -> Result<T, DatabaseError>,
) -> Result<Vec<T>, DatabaseError> {
    if tables.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<Param<'_>> = tables.iter().map(|name| (*name).into()).collect();
    let sql = sql.replace("($1)", &format!("({})", placeholders(1, names.len())));
    tx.list(&sql, &names, row)
}

/// The current schema, and every table of the database with its columns.
pub(super) fn every_table(tx: &mut Tx<'_>) -> Result<(String, Vec<Found>), DatabaseError> {
    let dialect = tx.dialect();
    let (here, every) = (catalog(dialect).here, catalog(dialect).every);
    let here = tx.find(here, &[], |row| row.text(0))?.unwrap_or_default();
    let mut tables: Vec<Found> = Vec::new();
    let read = |row: &Row<'_>| Ok((row.text(0)?, row.text(1)?, after(row, 2)?));
    for (schema, name, column) in tx.list(every, &[], read)? {
        match tables.last_mut() {
            Some(table) if table.name == name && table.schema == schema => {
                table.columns.push(column);
            }
            _ => tables.push(Found { schema, name, columns: vec![column] }),
        }
    }
    Ok((here, tables))
}

/// The columns of these tables, each with the name of its table.
pub(super) fn columns(
    tx: &mut Tx<'_>,
    tables: &[&str],
) -> Result<Vec<(String, ExistingColumn)>, DatabaseError> {
    let sql = catalog(tx.dialect()).columns;
    of_tables(tx, sql, tables, |row| Ok((row.text(0)?, after(row, 1)?)))
}

/// A column, whose parts begin at this position.
fn after(row: &Row<'_>, at: usize) -> Result<ExistingColumn, DatabaseError> {
    Ok(ExistingColumn {
        name: row.text(at)?,
        declared: row.text(at + 1)?.to_ascii_lowercase(),
        is_not_null: row.flag(at + 2)?,
        has_default: row.flag(at + 3)?,
        is_key: row.integer(at + 4)? != 0,
        is_generated: 1 < row.integer(at + 5)?,
    })
}

fn indexes(tx: &mut Tx<'_>, table: &str) -> Result<Vec<ExistingIndex>, DatabaseError> {
    let mut indexes: Vec<ExistingIndex> = Vec::new();
    // An expression in an index has no column name and is not relevant.
    let read = |row: &Row<'_>| Ok((row.text(0)?, row.flag(1)?, row.optional_text(2)?));
    for (name, is_unique, column) in
        tx.list(catalog(tx.dialect()).indexes, &[table.into()], read)?
    {
        let column = column.unwrap_or_default();
        match indexes.last_mut() {
            Some(index) if index.name == name => index.columns.push(column),
            _ => indexes.push(ExistingIndex { name, is_unique, columns: vec![column] }),
        }
    }
    Ok(indexes)
}

/// The number of values of a column that occur in more than one row.
pub(super) fn count_duplicates(
    tx: &mut Tx<'_>,
    table: &str,
    column: &str,
) -> Result<i64, DatabaseError> {
    let [from, by, having] = COUNT_DUPLICATES;
    let sql = format!(r#"{from}"{table}"{by}"{column}"{having}"#);
    Ok(tx.find(&sql, &[], |row| row.integer(0))?.unwrap_or_default())
}

/// Columns of required tables that are not required themselves, such as `account.issuer`. Generated columns are
/// excluded.
pub fn beyond(database: &Database, needed: &[Table]) -> Result<Vec<String>, DatabaseError> {
    let existing = database.read(|tx| inspect(tx, needed))?;
    let (mut names, dialect) = (Vec::new(), database.dialect());
    for table in needed {
        let Some(found) = existing.table(&table.name) else { continue };
        let is_known = |name: &str| {
            table.columns.iter().any(|column| is_same_name(dialect, &column.name, name))
        };
        let others = found.columns.iter().filter(|other| !other.is_generated);
        let others = others.filter(|other| !is_known(&other.name));
        names.extend(others.map(|other| format!("{}.{}", table.name, other.name)));
    }
    Ok(names)
}

/// The foreign keys that prevent the deletion of the row with this id, such as `post.author`. May scan whole tables, so
/// it only runs to explain a failure.
pub fn references(
    database: &Database,
    table: &str,
    id: &str,
) -> Result<Vec<String>, DatabaseError> {
    database.read(|tx| {
        let sql = catalog(tx.dialect()).references;
        let read = |row: &Row<'_>| Ok((row.text(0)?, row.text(1)?));
        let mut places = Vec::new();
        for (table, column) in tx.list(sql, &[table.into(), "id".into()], read)? {
            let [from, by, only] = REFERS;
            let sql = format!("{from}{table}{by}{column}{only}");
            if tx.find(&sql, &[id.into()], |_| Ok(()))?.is_some() {
                places.push(format!("{table}.{column}").replace('"', ""));
            }
        }
        Ok(places)
    })
}

/// The columns of those of these tables that exist, each with the name of its table.
pub fn column_names(
    tx: &mut Tx<'_>,
    tables: &[&str],
) -> Result<Vec<(String, String)>, DatabaseError> {
    let columns = columns(tx, tables)?.into_iter();
    Ok(columns.map(|(table, column)| (table, column.name)).collect())
}
