//! Tables as SQL, in the words that Better Auth's own migration uses.

use std::fmt::Write as _;

use crate::schema::table::Column;
use crate::schema::table::Index;
use crate::schema::table::Kind;
use crate::schema::table::Table;

const HEADER: &str = "\
-- The tables of an embedded database, as `better-auth migrate` makes them.
-- Written by the program from its own definitions; a test keeps it so.
";

/// The whole of `schema.sql`: what a migration runs on an empty database.
pub fn render(needed: &[Table]) -> String {
    let mut text = HEADER.to_owned();
    for table in needed {
        let columns = columns(table).join(",\n  ");
        // Writing to a `String` cannot fail.
        let _infallible = writeln!(text, "\ncreate table \"{}\" (\n  {columns}\n);", table.name);
        for column in table.columns.iter().filter(|column| column.index != Index::None) {
            let _infallible = writeln!(text, "{};", create_index(table, column, false));
        }
    }
    text
}

pub(super) fn create_table(table: &Table) -> String {
    format!(r#"create table "{}" ({})"#, table.name, columns(table).join(", "))
}

fn columns(table: &Table) -> Vec<String> {
    let column = |column: &Column| {
        let key = if column.is_key() { " primary key" } else { "" };
        let unique = if column.is_unique { " unique" } else { "" };
        let reference = column
            .references
            .map(|other| format!(r#" references "{other}" ("id") on delete cascade"#));
        format!("{}{key}{unique}{}", definition(column), reference.unwrap_or_default())
    };
    table.columns.iter().map(column).collect()
}

pub(super) fn add_column(table: &Table, column: &Column, default: Option<&str>) -> String {
    let default = default.map(|value| format!(" default {value}")).unwrap_or_default();
    format!(r#"alter table "{}" add column {}{default}"#, table.name, definition(column))
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

pub(super) fn declared_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Json => "text",
        Kind::Flag | Kind::Number => "integer",
        Kind::Time => "date",
        Kind::BigNumber => "bigint",
    }
}

fn definition(column: &Column) -> String {
    let not_null = if column.is_nullable() { "" } else { " not null" };
    format!(r#""{}" {}{not_null}"#, column.name, declared_type(column.kind))
}
