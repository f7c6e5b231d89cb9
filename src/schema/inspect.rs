//! What a database has: tables, columns, indexes.

use crate::database::Database;
use crate::database::DatabaseError;
use crate::database::Row;
use crate::database::Tx;
use crate::schema::table::Table;

const LIST_OBJECTS: &str = "SELECT name, type FROM sqlite_schema";
const LIST_COLUMNS: &str = r#"SELECT name, type, "notnull",
    dflt_value IS NOT NULL AND upper(dflt_value) <> 'NULL', pk, hidden FROM pragma_table_xinfo($1)"#;
/// An index over a part of the rows finds and guards only that part.
const LIST_INDEXES: &str = r#"SELECT l.name, l."unique", i.name
    FROM pragma_index_list($1) AS l JOIN pragma_index_info(l.name) AS i
    WHERE NOT l.partial ORDER BY l.name, i.seqno"#;
const COUNT_DUPLICATES: [&str; 3] =
    ["SELECT COUNT(*) FROM (SELECT 1 FROM ", " GROUP BY ", " HAVING 1 < COUNT(*))"];

/// What a database has under the names that are needed, and the names that are taken.
#[derive(Debug, Default)]
pub(super) struct Existing {
    tables: Vec<ExistingTable>,
    views: Vec<String>,
    indexes: Vec<String>,
    /// Tables that are somebody else's.
    others: usize,
}

#[derive(Debug)]
pub(super) struct ExistingTable {
    pub(super) name: String,
    pub(super) columns: Vec<ExistingColumn>,
    pub(super) indexes: Vec<ExistingIndex>,
}

#[derive(Debug)]
pub(super) struct ExistingColumn {
    pub(super) name: String,
    /// The declared type, in lower case; anything or nothing in SQLite.
    pub(super) declared: String,
    pub(super) is_not_null: bool,
    pub(super) has_default: bool,
    pub(super) is_key: bool,
    /// Computed from other columns, so nothing can be written to it.
    pub(super) is_generated: bool,
}

#[derive(Debug)]
pub(super) struct ExistingIndex {
    pub(super) is_unique: bool,
    pub(super) columns: Vec<String>,
    name: String,
}

impl Existing {
    pub(super) fn table(&self, name: &str) -> Option<&ExistingTable> {
        self.tables.iter().find(|table| table.name.eq_ignore_ascii_case(name))
    }

    /// Whether there is nothing at all.
    pub(super) fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.views.is_empty() && self.others == 0
    }

    pub(super) fn has_view(&self, name: &str) -> bool {
        self.views.iter().any(|view| view.eq_ignore_ascii_case(name))
    }

    /// Whether another index has this name.
    pub(super) fn has_index(&self, name: &str) -> bool {
        self.indexes.iter().any(|index| index.eq_ignore_ascii_case(name))
    }
}

impl ExistingTable {
    pub(super) fn column(&self, name: &str) -> Option<&ExistingColumn> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// Whether an index finds rows by this column.
    pub(super) fn is_indexed(&self, column: &str) -> bool {
        self.indexes.iter().any(|index| {
            index.columns.first().is_some_and(|first| first.eq_ignore_ascii_case(column))
        })
    }

    /// Whether the database keeps two rows from holding the same in this column.
    pub(super) fn is_unique(&self, column: &str) -> bool {
        self.indexes.iter().any(|index| {
            index.is_unique
                && matches!(index.columns.as_slice(), [only] if only.eq_ignore_ascii_case(column))
        })
    }
}

/// Looks at the tables that are needed. Everybody else's are not touched: they may need modules that
/// this program does not have.
pub(super) fn inspect(tx: &mut Tx<'_>, needed: &[Table]) -> Result<Existing, DatabaseError> {
    let mut existing = Existing::default();
    for (name, kind) in tx.list(LIST_OBJECTS, &[], |row| Ok((row.text(0)?, row.text(1)?)))? {
        match kind.as_str() {
            "view" => existing.views.push(name),
            "index" => existing.indexes.push(name),
            "table" if needed.iter().any(|table| table.name.eq_ignore_ascii_case(&name)) => {
                let columns = tx.list(LIST_COLUMNS, &[(&name).into()], column)?;
                let indexes = indexes(tx, &name)?;
                existing.tables.push(ExistingTable { name, columns, indexes });
            }
            "table" => existing.others += 1,
            _ => {}
        }
    }
    Ok(existing)
}

fn column(row: &Row<'_>) -> Result<ExistingColumn, DatabaseError> {
    Ok(ExistingColumn {
        name: row.text(0)?,
        declared: row.text(1)?.to_ascii_lowercase(),
        is_not_null: row.flag(2)?,
        has_default: row.flag(3)?,
        is_key: row.integer(4)? != 0,
        is_generated: 1 < row.integer(5)?,
    })
}

fn indexes(tx: &mut Tx<'_>, table: &str) -> Result<Vec<ExistingIndex>, DatabaseError> {
    let mut indexes: Vec<ExistingIndex> = Vec::new();
    // An expression in an index has no column name; it finds nothing that we look for.
    let read = |row: &Row<'_>| Ok((row.text(0)?, row.flag(1)?, row.optional_text(2)?));
    for (name, is_unique, column) in tx.list(LIST_INDEXES, &[table.into()], read)? {
        let column = column.unwrap_or_default();
        match indexes.last_mut() {
            Some(index) if index.name == name => index.columns.push(column),
            _ => indexes.push(ExistingIndex { name, is_unique, columns: vec![column] }),
        }
    }
    Ok(indexes)
}

/// How many values of a column stand in more than one row.
pub(super) fn count_duplicates(
    tx: &mut Tx<'_>,
    table: &str,
    column: &str,
) -> Result<i64, DatabaseError> {
    let [from, by, having] = COUNT_DUPLICATES;
    let sql = format!(r#"{from}"{table}"{by}"{column}"{having}"#);
    Ok(tx.find(&sql, &[], |row| row.integer(0))?.unwrap_or_default())
}

/// Columns that a database has in tables that are needed, and that nobody needs: `account.issuer`. Those that
/// are computed from others are not among them.
///
/// # Errors
/// What the database answers.
pub fn beyond(database: &Database, needed: &[Table]) -> Result<Vec<String>, DatabaseError> {
    let existing = database.read(|tx| inspect(tx, needed))?;
    let mut names = Vec::new();
    for table in needed {
        let Some(found) = existing.table(table.name) else { continue };
        let is_known =
            |name: &str| table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
        let others = found.columns.iter().filter(|other| !other.is_generated);
        let others = others.filter(|other| !is_known(&other.name));
        names.extend(others.map(|other| format!("{}.{}", table.name, other.name)));
    }
    Ok(names)
}

/// How the tables of an adopted database differ from today's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    has_issuer: bool,
}

impl Layout {
    /// Whether `account.issuer` exists, as Better Auth 1.7.0–1.7.2 made it [contract 11.3].
    pub fn has_issuer(&self) -> bool {
        self.has_issuer
    }
}

/// Looks at what differs.
///
/// # Errors
/// What the database answers.
pub fn layout(database: &Database) -> Result<Layout, DatabaseError> {
    let columns = database.read(|tx| tx.list(LIST_COLUMNS, &["account".into()], column))?;
    Ok(Layout { has_issuer: columns.iter().any(|column| column.name == "issuer") })
}
