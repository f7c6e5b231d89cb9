//! Tables as SQL, worded as Better Auth's own migration.

use std::fmt::Write as _;

use crate::database::Dialect;
use crate::schema::table::Column;
use crate::schema::table::Index;
use crate::schema::table::Kind;
use crate::schema::table::Table;

/// The expression with which PostgreSQL fills a time column.
pub(super) const NOW: &str = "CURRENT_TIMESTAMP";
const HEADER: &str = "\
-- The tables of an embedded database, as `better-auth migrate` makes them.
-- Written by the program from its own definitions; a test keeps it so.
";

/// The whole of `schema.sql`: the statements for an empty file.
pub fn render(needed: &[Table]) -> String {
    let mut text = HEADER.to_owned();
    for table in needed {
        let columns = columns(table, Dialect::Sqlite).join(",\n  ");
        // Writing to a `String` cannot fail.
        let _infallible = writeln!(text, "\ncreate table \"{}\" (\n  {columns}\n);", table.name);
        for column in table.columns.iter().filter(|column| column.index != Index::None) {
            let _infallible = writeln!(text, "{};", create_index(table, column, false));
        }
    }
    text
}

pub(super) fn create_table(table: &Table, dialect: Dialect) -> String {
    format!(r#"create table "{}" ({})"#, table.name, columns(table, dialect).join(", "))
}

fn columns(table: &Table, dialect: Dialect) -> Vec<String> {
    let column = |column: &Column| {
        let key = if column.is_key() { " primary key" } else { "" };
        let unique = if column.is_unique { " unique" } else { "" };
        let reference = column
            .references
            .map(|other| format!(r#" references "{other}" ("id") on delete cascade"#));
        let is_stamped = column.is_stamped && dialect == Dialect::Postgres;
        let default = is_stamped.then_some(NOW);
        let definition = definition(column, default, dialect);
        format!("{definition}{key}{unique}{}", reference.unwrap_or_default())
    };
    table.columns.iter().map(column).collect()
}

/// Adds a column, with `default` in existing rows.
pub(super) fn add_column(
    table: &Table,
    column: &Column,
    default: Option<&str>,
    dialect: Dialect,
) -> String {
    let definition = definition(column, default, dialect);
    format!(r#"alter table "{}" add column {definition}"#, table.name)
}

pub(super) fn create_index(table: &Table, column: &Column, is_unique: bool) -> String {
    let unique = if is_unique { "unique " } else { "" };
    let name = index_name(table, column, is_unique);
    format!(r#"create {unique}index "{name}" on "{}" ("{}")"#, table.name, column.name)
}

/// `session_userId_idx`, and `_uidx` for a unique one [contract 11.1].
pub(super) fn index_name(table: &Table, column: &Column, is_unique: bool) -> String {
    format!("{}_{}_{}", table.name, column.name, if is_unique { "uidx" } else { "idx" })
}

pub(super) fn declared_type(kind: Kind, dialect: Dialect) -> &'static str {
    match (dialect, kind) {
        (_, Kind::Text) | (Dialect::Sqlite, Kind::Json) => "text",
        (_, Kind::Number) | (Dialect::Sqlite, Kind::Flag) => "integer",
        (_, Kind::BigNumber) => "bigint",
        (Dialect::Sqlite, Kind::Time) => "date",
        (Dialect::Postgres, Kind::Flag) => "boolean",
        (Dialect::Postgres, Kind::Time) => "timestamptz",
        (Dialect::Postgres, Kind::Json) => "jsonb",
    }
}

fn definition(column: &Column, default: Option<&str>, dialect: Dialect) -> String {
    let kind = declared_type(column.kind, dialect);
    let not_null = if column.is_nullable() { "" } else { " not null" };
    let default = default.map(|value| format!(" default {value}")).unwrap_or_default();
    let name = &column.name;
    match dialect {
        Dialect::Sqlite => format!(r#""{name}" {kind}{not_null}{default}"#),
        Dialect::Postgres => format!(r#""{name}" {kind}{default}{not_null}"#),
    }
}
