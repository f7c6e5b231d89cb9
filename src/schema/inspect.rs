//! Reads tables, columns and indexes of a database.

use crate::database::Database;
use crate::database::DatabaseError;
use crate::database::Dialect;
use crate::database::Param;
use crate::database::Row;
use crate::database::Tx;
use crate::schema::table::Table;

/// Queries of the system catalog; the results have the same form for every database.
struct Catalog {
    /// Name and kind of each table, view and index.
    objects: &'static str,
    /// Of the tables with these names: table, name, type, whether it is required, whether it has a default, whether it
    /// is the key, and more than 1 if it is generated from other columns.
    columns: &'static str,
    /// The same of every table, after the schema.
    every: &'static str,
    /// Table, column and target of every foreign key.
    foreign_keys: &'static str,
    /// The current schema.
    here: &'static str,
    /// Name, uniqueness, and column of each index. Partial indexes are excluded: they cover only some rows.
    indexes: &'static str,
    /// Table and column, quoted for SQL, of every foreign key to this column of this table that prevents a deletion.
    references: &'static str,
}

const SQLITE: Catalog = Catalog {
    objects: "SELECT name, type FROM sqlite_schema",
    columns: r#"SELECT t.name, c.name, c.type, c."notnull",
        c.dflt_value IS NOT NULL AND upper(c.dflt_value) <> 'NULL', c.pk, c.hidden
        FROM sqlite_schema AS t JOIN pragma_table_xinfo(t.name) AS c
        WHERE t.type = 'table' AND t.name COLLATE NOCASE IN ($1) ORDER BY t.name, c.cid"#,
    // A virtual table may need a module that this program does not have.
    every: r#"SELECT 'main', t.name, c.name, c.type, c."notnull",
        c.dflt_value IS NOT NULL AND upper(c.dflt_value) <> 'NULL', c.pk, c.hidden
        FROM sqlite_schema AS t JOIN pragma_table_xinfo(t.name) AS c
        WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!'
            AND upper(t.sql) NOT LIKE 'CREATE VIRTUAL%' ORDER BY t.name, c.cid"#,
    foreign_keys: r#"SELECT t.name, f."from", f."table"
        FROM sqlite_schema AS t JOIN pragma_foreign_key_list(t.name) AS f
        WHERE t.type = 'table' AND upper(t.sql) NOT LIKE 'CREATE VIRTUAL%'"#,
    here: "SELECT 'main'",
    indexes: r#"SELECT l.name, l."unique", i.name
        FROM pragma_index_list($1) AS l JOIN pragma_index_info(l.name) AS i
        WHERE NOT l.partial ORDER BY l.name, i.seqno"#,
    // Without a column it refers to the primary key.
    references: r#"SELECT printf('"%w"', t.name), printf('"%w"', f."from")
        FROM sqlite_schema AS t JOIN pragma_foreign_key_list(t.name) AS f
        WHERE t.type = 'table' AND lower(f."table") = lower($1) AND lower(ifnull(f."to", $2)) = lower($2)
            AND f.on_delete IN ('NO ACTION', 'RESTRICT') ORDER BY t.name, f.id"#,
};

/// Only of the schema in which new tables are created.
const POSTGRES: Catalog = Catalog {
    objects: "SELECT c.relname,
        CASE WHEN c.relkind IN ('i', 'I') THEN 'index' WHEN c.relkind IN ('v', 'm') THEN 'view' ELSE 'table' END
        FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'i', 'I')",
    columns: "SELECT c.relname, a.attname,
        CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN format_type(t.typbasetype, NULL)
            ELSE format_type(a.atttypid, NULL) END,
        a.attnotnull, a.atthasdef OR a.attidentity <> '',
        (SELECT COUNT(*) FROM pg_index AS i WHERE i.indrelid = a.attrelid AND i.indisprimary
            AND i.indnatts = 1 AND a.attnum = ANY (i.indkey)),
        CASE WHEN a.attgenerated <> '' THEN 2 ELSE 0 END
        FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
        JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_type AS t ON t.oid = a.atttypid
        WHERE n.nspname = current_schema() AND c.relname IN ($1) AND 0 < a.attnum AND NOT a.attisdropped
        ORDER BY c.relname, a.attnum",
    every: "SELECT n.nspname, c.relname, a.attname,
        CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN format_type(t.typbasetype, NULL)
            ELSE format_type(a.atttypid, a.atttypmod) END,
        a.attnotnull, a.atthasdef OR a.attidentity <> '',
        (SELECT COUNT(*) FROM pg_index AS i WHERE i.indrelid = a.attrelid AND i.indisprimary
            AND i.indnatts = 1 AND a.attnum = ANY (i.indkey)),
        CASE WHEN a.attgenerated <> '' THEN 2 ELSE 0 END
        FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
        JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_type AS t ON t.oid = a.atttypid
        WHERE n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg!_%' ESCAPE '!'
            AND c.relkind IN ('r', 'p') AND 0 < a.attnum AND NOT a.attisdropped
        ORDER BY n.nspname, c.relname, a.attnum",
    foreign_keys: "SELECT c.relname, a.attname, f.relname
        FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid JOIN pg_class AS f ON f.oid = k.confrelid
        JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
        WHERE k.contype = 'f'",
    here: "SELECT coalesce(current_schema(), '')",
    indexes: "SELECT x.relname, i.indisunique, a.attname
        FROM pg_index AS i JOIN pg_class AS x ON x.oid = i.indexrelid JOIN pg_class AS c ON c.oid = i.indrelid
        JOIN pg_namespace AS n ON n.oid = c.relnamespace
        CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (number, position)
        LEFT JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.number
        WHERE n.nspname = current_schema() AND c.relname = $1 AND i.indpred IS NULL AND i.indisvalid
            AND k.position <= i.indnkeyatts
        ORDER BY x.relname, k.position",
    references: "SELECT k.conrelid::regclass::text, quote_ident(a.attname)
        FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.confrelid
        JOIN pg_namespace AS n ON n.oid = c.relnamespace
        JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
        JOIN pg_attribute AS p ON p.attrelid = k.confrelid AND p.attnum = k.confkey[1]
        WHERE k.contype = 'f' AND n.nspname = current_schema() AND c.relname = $1 AND p.attname = $2
            AND k.confdeltype IN ('a', 'r') ORDER BY 1, 2",
};

const COUNT_DUPLICATES: [&str; 3] =
    ["SELECT COUNT(*) FROM (SELECT 1 FROM ", " GROUP BY ", " HAVING 1 < COUNT(*)) AS duplicates"];

const REFERS: [&str; 3] = ["SELECT 1 FROM ", " WHERE ", " = $1 LIMIT 1"];

fn catalog(dialect: Dialect) -> &'static Catalog {
    match dialect {
        Dialect::Sqlite => &SQLITE,
        Dialect::Postgres => &POSTGRES,
    }
}

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
                let columns = columns(tx, &[&name])?.into_iter().map(|(_, column)| column);
                let columns = columns.collect();
                let indexes = indexes(tx, &name)?;
                existing.tables.push(ExistingTable { dialect, name, columns, indexes });
            }
            "table" => existing.others += 1,
            _ => {}
        }
    }
    Ok(existing)
}

/// The foreign keys of every table.
pub(super) fn foreign_keys(tx: &mut Tx<'_>) -> Result<Vec<ForeignKey>, DatabaseError> {
    tx.list(catalog(tx.dialect()).foreign_keys, &[], |row| {
        Ok(ForeignKey { table: row.text(0)?, column: row.text(1)?, target: row.text(2)? })
    })
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
    let names: Vec<Param<'_>> = tables.iter().map(|name| (*name).into()).collect();
    let numbers: Vec<String> = (1..=names.len()).map(|number| format!("${number}")).collect();
    let sql = catalog(tx.dialect()).columns.replace("($1)", &format!("({})", numbers.join(", ")));
    tx.list(&sql, &names, |row| Ok((row.text(0)?, after(row, 1)?)))
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

/// The columns of a table; none if there is no such table.
pub fn column_names(tx: &mut Tx<'_>, table: &str) -> Result<Vec<String>, DatabaseError> {
    Ok(columns(tx, &[table])?.into_iter().map(|(_, column)| column.name).collect())
}
