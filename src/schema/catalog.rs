//! What each database is asked about its tables.

use crate::database::Dialect;

/// Queries of the system catalog; the results have the same form for every database.
pub(super) struct Catalog {
    /// Name and kind of each table, view and index.
    pub(super) objects: &'static str,
    /// Of the tables with these names: table, name, type, whether it is required, whether it has a default, whether it
    /// is the key, and more than 1 if it is generated from other columns.
    pub(super) columns: &'static str,
    /// The same of every table, after the schema.
    pub(super) every: &'static str,
    /// Of the tables with these names: schema, whether it is the current one, table, column and target of each foreign key.
    pub(super) foreign_keys: &'static str,
    /// The current schema.
    pub(super) here: &'static str,
    /// Name, uniqueness, and column of each index. Partial indexes are excluded: they cover only some rows.
    pub(super) indexes: &'static str,
    /// Table and column, quoted for SQL, of every foreign key to this column of this table that prevents a deletion.
    pub(super) references: &'static str,
}

/// The columns of tables: with these words before them, and of the tables that this condition leaves.
macro_rules! sqlite_columns {
    ($before:literal, $condition:literal) => {
        concat!(
            "SELECT ",
            $before,
            r#"t.name, c.name, c.type, c."notnull",
            c.dflt_value IS NOT NULL AND upper(c.dflt_value) <> 'NULL', c.pk, c.hidden
            FROM sqlite_schema AS t JOIN pragma_table_xinfo(t.name) AS c
            WHERE t.type = 'table' AND "#,
            $condition,
            " ORDER BY t.name, c.cid"
        )
    };
}

/// The same, with the precision of a type or without.
macro_rules! postgres_columns {
    ($before:literal, $precision:literal, $condition:literal) => {
        concat!(
            "SELECT ",
            $before,
            "c.relname, a.attname,
            CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN format_type(t.typbasetype, NULL)
                ELSE format_type(a.atttypid, ",
            $precision,
            ") END,
            a.attnotnull, a.atthasdef OR a.attidentity <> '',
            (SELECT COUNT(*) FROM pg_index AS i WHERE i.indrelid = a.attrelid AND i.indisprimary
                AND i.indnatts = 1 AND a.attnum = ANY (i.indkey)),
            CASE WHEN a.attgenerated <> '' THEN 2 ELSE 0 END
            FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
            JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_type AS t ON t.oid = a.atttypid
            WHERE 0 < a.attnum AND NOT a.attisdropped AND ",
            $condition,
            " ORDER BY n.nspname, c.relname, a.attnum"
        )
    };
}

const SQLITE: Catalog = Catalog {
    objects: "SELECT name, type FROM sqlite_schema",
    columns: sqlite_columns!("", "t.name COLLATE NOCASE IN ($1)"),
    // A virtual table may need a module that this program does not have.
    every: sqlite_columns!(
        "'main', ",
        "t.name NOT LIKE 'sqlite!_%' ESCAPE '!' AND upper(t.sql) NOT LIKE 'CREATE VIRTUAL%'"
    ),
    foreign_keys: r#"SELECT 'main', 1, t.name, f."from", f."table"
        FROM sqlite_schema AS t JOIN pragma_foreign_key_list(t.name) AS f
        WHERE t.type = 'table' AND t.name COLLATE NOCASE IN ($1)"#,
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
    columns: postgres_columns!(
        "",
        "NULL",
        "n.nspname = current_schema() AND c.relname IN ($1)"
    ),
    every: postgres_columns!(
        "n.nspname, ",
        "a.atttypmod",
        "n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg!_%' ESCAPE '!' AND c.relkind IN ('r', 'p')"
    ),
    foreign_keys: "SELECT n.nspname, n.nspname = current_schema(), c.relname, a.attname, f.relname
        FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid JOIN pg_class AS f ON f.oid = k.confrelid
        JOIN pg_namespace AS n ON n.oid = c.relnamespace
        JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
        WHERE k.contype = 'f' AND c.relname IN ($1)",
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

/// The queries of a database.
pub(super) fn catalog(dialect: Dialect) -> &'static Catalog {
    match dialect {
        Dialect::Sqlite => &SQLITE,
        Dialect::Postgres => &POSTGRES,
    }
}
