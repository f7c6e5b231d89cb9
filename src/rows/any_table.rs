//! Whole tables, row by row, for moving them to another database: statements made from the definition of a
//! table, values in the form of its columns.

use std::fmt::Write as _;

use serde_json::Value;

use crate::database::DatabaseError;
use crate::database::Form;
use crate::database::Param;
use crate::database::Row;
use crate::database::Statement;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::database::placeholders;
use crate::rows::Stored;
use crate::rows::count;
use crate::schema::Column;
use crate::schema::Kind;
use crate::schema::Table;
use crate::schema::quoted;

/// Rows that one statement reads or writes at most.
const ROWS_MAX: usize = 500;
/// Parameters that one statement has at most; SQLite takes 32,766, PostgreSQL 65,535.
const PARAMETERS_MAX: usize = 30_000;

/// A table, and how its rows are read and written.
pub struct AnyTable<'a> {
    table: &'a Table,
    /// The forms of its columns where rows are written.
    forms: Vec<Form>,
    names: String,
    first: String,
    next: String,
    count: String,
    replacement: String,
}

/// A row. It is equal to another one that says the same, whatever database it comes from. It holds secrets, so
/// it cannot be printed.
pub struct Record {
    /// The key.
    pub id: String,
    /// When it was made, where the table says so.
    pub created_at: Option<Timestamp>,
    /// When it was written last.
    pub updated_at: Option<Timestamp>,
    /// When it is over.
    pub expires_at: Option<Timestamp>,
    values: Vec<Stored>,
}

impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        let pairs = || self.values.iter().zip(&other.values);
        self.values.len() == other.values.len() && pairs().all(|(left, right)| is_same(left, right))
    }
}

/// JSON is the same in another spelling: a database may keep it as a value.
fn is_same(left: &Stored, right: &Stored) -> bool {
    let json = |text: &str| serde_json::from_str::<Value>(text).ok();
    match (left, right) {
        (Stored::Json(left), Stored::Json(right)) => {
            left == right || json(left).is_some_and(|left| Some(left) == json(right))
        }
        (left, right) => left == right,
    }
}

impl<'a> AnyTable<'a> {
    /// All columns of this table, written in these forms.
    pub fn new(table: &'a Table, forms: Vec<Form>) -> Self {
        let names: Vec<String> = table.columns.iter().map(|column| quoted(&column.name)).collect();
        let others = names.iter().filter(|name| *name != r#""id""#);
        let assigned: Vec<String> =
            others.map(|name| format!("{name} = excluded.{name}")).collect();
        let (names, name) = (names.join(", "), quoted(&table.name));
        let sorted = r#"ORDER BY "id" LIMIT"#;
        Self {
            first: format!("SELECT {names} FROM {name} {sorted} $1"),
            next: format!(r#"SELECT {names} FROM {name} WHERE "id" > $1 {sorted} $2"#),
            count: format!("SELECT COUNT(*) FROM {name}"),
            replacement: format!("UPDATE SET {}", assigned.join(", ")),
            names,
            forms,
            table,
        }
    }

    /// The table's name.
    pub fn name(&self) -> &'static str {
        self.table.model
    }

    /// Rows that are read and written together.
    pub fn batch(&self) -> usize {
        (PARAMETERS_MAX / self.table.columns.len().max(1)).clamp(1, ROWS_MAX)
    }

    /// How many rows there are.
    pub fn count(&self, tx: &mut Tx<'_>) -> Result<u64, DatabaseError> {
        count(tx, &self.count, &[])
    }

    /// The rows that follow this key, or the first ones; [`AnyTable::batch`] of them at most, in the order of keys.
    pub fn page(&self, tx: &mut Tx<'_>, after: Option<&str>) -> Result<Vec<Record>, DatabaseError> {
        let limit = Param::Integer(i64::try_from(self.batch()).unwrap_or(i64::MAX));
        match after {
            Some(id) => tx.list(&self.next, &[id.into(), limit], |row| self.read(row)),
            None => tx.list(&self.first, &[limit], |row| self.read(row)),
        }
    }

    /// The rows with these keys, in any order.
    pub fn with_keys(
        &self,
        tx: &mut Tx<'_>,
        records: &[Record],
    ) -> Result<Vec<Record>, DatabaseError> {
        let keys: Vec<Param<'_>> = records.iter().map(|record| (&record.id).into()).collect();
        tx.list(&self.select(keys.len()), &keys, |row| self.read(row))
    }

    fn select(&self, keys: usize) -> String {
        let (names, name) = (&self.names, quoted(&self.table.name));
        format!(r#"SELECT {names} FROM {name} WHERE "id" IN ({})"#, placeholders(1, keys))
    }

    /// Writes rows; those whose key is there stay as they are. Answers how many were written.
    pub fn insert(&self, tx: &mut Tx<'_>, records: &[&Record]) -> Result<u64, DatabaseError> {
        self.write(tx, records, "NOTHING")
    }

    /// Writes rows in the place of those with the same key.
    pub fn replace(&self, tx: &mut Tx<'_>, records: &[&Record]) -> Result<u64, DatabaseError> {
        self.write(tx, records, &self.replacement)
    }

    fn write(
        &self,
        tx: &mut Tx<'_>,
        records: &[&Record],
        otherwise: &str,
    ) -> Result<u64, DatabaseError> {
        if records.is_empty() {
            return Ok(0);
        }
        let values = records.iter().flat_map(|record| &record.values);
        let params: Vec<Param<'_>> = values.map(Stored::param).collect();
        let text = self.insertion(records.len(), otherwise);
        tx.execute(&Statement::new(text, self.forms.repeat(records.len())), &params)
    }

    /// Deletes rows, and the database with them what refers to them. Answers how many of these there were.
    pub fn delete(&self, tx: &mut Tx<'_>, records: &[&Record]) -> Result<u64, DatabaseError> {
        if records.is_empty() {
            return Ok(0);
        }
        let keys: Vec<Param<'_>> = records.iter().map(|record| (&record.id).into()).collect();
        tx.execute(&self.deletion(keys.len()), &keys)
    }

    fn deletion(&self, keys: usize) -> String {
        format!(
            r#"DELETE FROM {} WHERE "id" IN ({})"#,
            quoted(&self.table.name),
            placeholders(1, keys)
        )
    }

    /// Whether two rows hold different values where no two rows may hold the same.
    pub fn differs_in_unique(&self, left: &Record, right: &Record) -> bool {
        let values = self.table.columns.iter().zip(left.values.iter().zip(&right.values));
        let mut unique = values.filter(|(column, _)| column.is_unique);
        unique.any(|(_, (left, right))| left != right)
    }

    /// A row among these that lacks a value which every row needs, and the name of the column.
    pub fn lacking<'r>(&self, records: &[&'r Record]) -> Option<(&'r Record, &'a str)> {
        let lack = |record: &Record| {
            let mut values = self.table.columns.iter().zip(&record.values);
            let is_lacking = |(column, value): &(&Column, &Stored)| {
                !column.is_nullable() && matches!(value, Stored::Null)
            };
            values.find(is_lacking).map(|(column, _)| column.name.as_str())
        };
        records.iter().find_map(|record| Some((*record, lack(record)?)))
    }

    /// Takes their unique texts from rows that are about to be replaced, so that another row can have them first.
    /// Until then the rows hold this secret and their key, which nobody can present.
    pub fn release(
        &self,
        tx: &mut Tx<'_>,
        records: &[&Record],
        secret: &str,
    ) -> Result<(), DatabaseError> {
        let columns = self.releasable();
        if records.is_empty() || columns.is_empty() {
            return Ok(());
        }
        let keys = records.iter().map(|record| (&record.id).into());
        let params: Vec<Param<'_>> = std::iter::once(secret.into()).chain(keys).collect();
        tx.execute(&self.released(&columns, records.len()), &params)?;
        Ok(())
    }

    fn releasable(&self) -> Vec<&Column> {
        let columns = self.table.columns.iter();
        let unique = columns.filter(|column| column.is_unique && !column.is_id());
        unique.filter(|column| column.kind == Kind::Text).collect()
    }

    fn released(&self, columns: &[&Column], keys: usize) -> String {
        let assign = |column: &&Column| format!(r#"{} = $1 || "id""#, quoted(&column.name));
        let assigned = columns.iter().map(assign).collect::<Vec<_>>().join(", ");
        let (name, keys) = (quoted(&self.table.name), placeholders(2, keys));
        format!(r#"UPDATE {name} SET {assigned} WHERE "id" IN ({keys})"#)
    }

    fn insertion(&self, rows: usize, otherwise: &str) -> String {
        let width = self.table.columns.len();
        let mut sql = format!("INSERT INTO {} ({}) VALUES ", quoted(&self.table.name), self.names);
        for row in 0..rows {
            let comma = if row == 0 { "" } else { ", " };
            // Writing to a `String` cannot fail.
            let _infallible = write!(sql, "{comma}({})", placeholders(1 + row * width, width));
        }
        sql.push_str(r#" ON CONFLICT ("id") DO "#);
        sql.push_str(otherwise);
        sql
    }

    fn read(&self, row: &Row<'_>) -> Result<Record, DatabaseError> {
        let key = self.table.columns.iter().position(Column::is_key).unwrap_or(0);
        let values = self.values(row).map_err(|error| self.naming(row, key, error))?;
        let time = |name: &str| {
            let is_own = |column: &Column| column.field == name && column.added.is_none();
            let at = self.table.columns.iter().position(is_own)?;
            if let Some(Stored::Time(time)) = values.get(at) { Some(*time) } else { None }
        };
        Ok(Record {
            id: row.text(key).map_err(|error| self.naming(row, key, error))?,
            created_at: time("createdAt"),
            updated_at: time("updatedAt"),
            expires_at: time("expiresAt"),
            values,
        })
    }

    fn values(&self, row: &Row<'_>) -> Result<Vec<Stored>, DatabaseError> {
        let columns = self.table.columns.iter().enumerate();
        columns.map(|(at, column)| read(row, at, column.kind)).collect()
    }

    /// Says which row holds what cannot be read.
    fn naming(&self, row: &Row<'_>, key: usize, error: DatabaseError) -> DatabaseError {
        let DatabaseError::Unreadable(what) = error else { return error };
        let id = row.any_text(key).ok().flatten();
        let id = id.map_or_else(|| "without an id".to_owned(), |id| format!("{id:?}"));
        DatabaseError::Unreadable(format!("row {id} of {}: {what}", self.table.name))
    }

    /// Every statement of this file, for the test that prepares them.
    #[cfg(test)]
    pub(crate) fn statements(&self) -> Vec<String> {
        let Self { first, next, count, .. } = self;
        let mut statements = vec![
            first.clone(),
            next.clone(),
            count.clone(),
            self.select(3),
            self.insertion(2, "NOTHING"),
            self.insertion(2, &self.replacement),
            self.deletion(3),
        ];
        let columns = self.releasable();
        statements.extend((!columns.is_empty()).then(|| self.released(&columns, 3)));
        statements
    }
}

fn read(row: &Row<'_>, column: usize, kind: Kind) -> Result<Stored, DatabaseError> {
    Ok(match kind {
        Kind::Text => row.optional_text(column)?.map_or(Stored::Null, Stored::Text),
        Kind::Json => row.optional_text(column)?.map_or(Stored::Null, Stored::Json),
        Kind::Flag => row.exact_flag(column)?.map_or(Stored::Null, Stored::Flag),
        Kind::Time => row.optional_time(column)?.map_or(Stored::Null, Stored::Time),
        Kind::Number | Kind::BigNumber => {
            row.optional_number(column)?.map_or(Stored::Null, |number| {
                let real = || number.as_f64().map_or(Stored::Null, Stored::Real);
                number.as_i64().map_or_else(real, Stored::Integer)
            })
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::schema;

    #[test]
    fn a_batch_has_no_more_rows_than_a_statement_has_parameters_for() {
        let mut table = schema::needed(&Config::default()).remove(0);
        let column = table.columns.remove(0);
        for (columns, rows) in [(1, 500), (60, 500), (61, 491), (30_000, 1), (40_000, 1)] {
            table.columns = vec![column.clone(); columns];
            assert_eq!(AnyTable::new(&table, Vec::new()).batch(), rows, "{columns}");
        }
    }
}
