//! Whole tables, row by row, for who checks them: what is wrong with the values of a row, however it is read elsewhere.
//!
//! In SQLite a row is named by its number: there an id may be missing, no text, or not unique.

use std::fmt;

use serde::Serialize;
use serde::de::IgnoredAny;

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
use crate::schema::Declared;
use crate::schema::Kind;
use crate::schema::Table;
use crate::schema::quoted;

/// Rows that are read together.
const ROWS_MAX: i64 = 500;

/// What is wrong with a value. Displays in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Fault {
    /// `NULL` where every row needs a value.
    Null,
    /// Bytes that are no UTF-8 text.
    NotText,
    /// No time in any form.
    NotTime,
    /// Neither true nor false in any form.
    NotFlag,
    /// No number; in a column of the core or of a plugin, no whole number.
    NotNumber,
    /// Text that is no JSON.
    NotJson,
    /// The id of a row that does not exist.
    NoSuchRow,
    /// A value that stands in another row too, where no two may be the same.
    NotUnique,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "NULL",
            Self::NotText => "not text",
            Self::NotTime => "not a time",
            Self::NotFlag => "not a flag",
            Self::NotNumber => "not a number",
            Self::NotJson => "not JSON",
            Self::NoSuchRow => "no such row",
            Self::NotUnique => "not unique",
        })
    }
}

/// How a row is found again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// By its number.
    Number(i64),
    /// By its id.
    Id(String),
}

impl Place {
    fn param(&self) -> Param<'_> {
        match self {
            Self::Number(number) => Param::Integer(*number),
            Self::Id(id) => id.into(),
        }
    }
}

/// A value that is wrong.
#[derive(PartialEq, Eq)]
pub struct WrongValue<'a> {
    /// Its column.
    pub column: &'a Column,
    /// What is wrong.
    pub fault: Fault,
    /// What it is read as where it is read as text. It may be a secret.
    pub text: Option<String>,
}

/// A row, and what is wrong with it.
pub struct CheckedRow<'a> {
    /// How it is found again.
    pub place: Place,
    /// Its id, as far as it is text.
    pub id: Option<String>,
    /// The values that are wrong.
    pub wrong: Vec<WrongValue<'a>>,
    /// The forms of its times, where the type of the column leaves them open.
    pub forms: Vec<(&'a Column, Form)>,
    times: Vec<(&'a Column, Timestamp)>,
}

impl CheckedRow<'_> {
    /// The time in this field, as far as it is one.
    pub fn time(&self, field: &str) -> Option<Timestamp> {
        let own = |column: &Column| column.field == field && column.added.is_none();
        self.times.iter().find(|(column, _)| own(column)).map(|(_, time)| *time)
    }
}

/// A table, and how its rows are checked.
pub struct CheckedTable<'a> {
    table: &'a Table,
    columns: Vec<&'a Column>,
    /// Those that refer to rows of a table that is there.
    references: Vec<&'a Column>,
    may_repeat: Vec<&'a Column>,
    has_rowid: bool,
}

impl<'a> CheckedTable<'a> {
    /// A table with the columns that the database has of it, and the other tables that are there.
    pub fn new(table: &'a Table, declared: &Declared, others: &[&Table]) -> Self {
        let columns = |positions: &[usize]| -> Vec<&'a Column> {
            positions.iter().filter_map(|at| table.columns.get(*at)).collect()
        };
        let is_there = |column: &&Column| {
            let reference = column.references.as_ref();
            reference.is_some_and(|to| others.iter().any(|other| other.name == to.table))
        };
        let (has_rowid, may_repeat) = (declared.has_rowid, columns(&declared.may_repeat));
        let columns = columns(&declared.columns);
        let references = columns.iter().copied().filter(is_there).collect();
        Self { table, columns, references, may_repeat, has_rowid }
    }

    /// The table.
    pub fn table(&self) -> &'a Table {
        self.table
    }

    /// The columns of which no index keeps values from being repeated.
    pub fn may_repeat(&self) -> &[&'a Column] {
        &self.may_repeat
    }

    /// How many rows there are.
    pub fn count(&self, tx: &mut Tx<'_>) -> Result<u64, DatabaseError> {
        count(tx, &format!("SELECT COUNT(*) FROM {}", self.name()), &[])
    }

    /// The rows that follow this place, or the first ones; none behind the last.
    pub fn page(
        &self,
        tx: &mut Tx<'_>,
        after: Option<&Place>,
    ) -> Result<Vec<CheckedRow<'a>>, DatabaseError> {
        let sql = self.listed(&self.selected(), None, after.is_some());
        tx.list(&sql, &listed_by(after), |row| self.check(row))
    }

    /// The rows that follow this place, or the first ones, whose value in this column stands in another row, too.
    pub fn repeating(
        &self,
        tx: &mut Tx<'_>,
        column: &Column,
        after: Option<&Place>,
    ) -> Result<Vec<(Place, Option<String>)>, DatabaseError> {
        let columns = format!(r#"{}, checked."id""#, self.place());
        let sql = self.listed(&columns, Some(&self.repeats(column)), after.is_some());
        tx.list(&sql, &listed_by(after), |row| Ok((self.place_of(row)?, row.any_text(1)?)))
    }

    fn repeats(&self, column: &Column) -> String {
        let (name, table) = (quoted(&column.name), self.name());
        format!(
            "checked.{name} IN (SELECT {name} FROM {table} GROUP BY {name} HAVING 1 < COUNT(*))"
        )
    }

    fn listed(&self, columns: &str, condition: Option<&str>, goes_on: bool) -> String {
        let (place, name) = (self.place(), self.name());
        let (after, limit) = if goes_on { (Some(format!("{place} > $1")), 2) } else { (None, 1) };
        let conditions: Vec<&str> = condition.into_iter().chain(after.as_deref()).collect();
        let matching = match conditions.as_slice() {
            [] => String::new(),
            conditions => format!(" WHERE {}", conditions.join(" AND ")),
        };
        format!("SELECT {columns} FROM {name} AS checked{matching} ORDER BY {place} LIMIT ${limit}")
    }

    /// The rows at these places.
    pub fn find(
        &self,
        tx: &mut Tx<'_>,
        places: &[&Place],
    ) -> Result<Vec<CheckedRow<'a>>, DatabaseError> {
        let params: Vec<Param<'_>> = places.iter().map(|place| place.param()).collect();
        tx.list(&self.found(params.len()), &params, |row| self.check(row))
    }

    fn found(&self, rows: usize) -> String {
        let (columns, name, place) = (self.selected(), self.name(), self.place());
        let places = placeholders(1, rows);
        format!("SELECT {columns} FROM {name} AS checked WHERE {place} IN ({places})")
    }

    /// Writes values of a row in the forms of their columns.
    pub fn write(
        &self,
        tx: &mut Tx<'_>,
        place: &Place,
        values: &[(&Column, Stored)],
    ) -> Result<u64, DatabaseError> {
        let columns: Vec<&Column> = values.iter().map(|(column, _)| *column).collect();
        let forms = columns.iter().map(|column| column.form).collect();
        let statement = Statement::new(self.update(&columns), forms);
        let values = values.iter().map(|(_, value)| value.param());
        tx.execute(&statement, &values.chain([place.param()]).collect::<Vec<_>>())
    }

    fn update(&self, columns: &[&Column]) -> String {
        let assign = |(column, at): (&&Column, usize)| format!("{} = ${at}", quoted(&column.name));
        let assigned: Vec<String> = columns.iter().zip(1..).map(assign).collect();
        let (name, place, last) = (self.name(), self.place(), 1 + columns.len());
        format!("UPDATE {name} AS checked SET {} WHERE {place} = ${last}", assigned.join(", "))
    }

    /// The text in a field of a row.
    pub fn text(
        &self,
        tx: &mut Tx<'_>,
        place: &Place,
        field: &str,
    ) -> Result<Option<String>, DatabaseError> {
        let Some(column) = self.columns.iter().find(|column| column.field == field) else {
            return Ok(None);
        };
        let found = tx.find(&self.text_in(column), &[place.param()], |row| row.any_text(0))?;
        Ok(found.flatten())
    }

    fn text_in(&self, column: &Column) -> String {
        let (column, name, place) = (quoted(&column.name), self.name(), self.place());
        format!("SELECT checked.{column} FROM {name} AS checked WHERE {place} = $1")
    }

    /// Deletes a row.
    pub fn delete(&self, tx: &mut Tx<'_>, place: &Place) -> Result<u64, DatabaseError> {
        tx.execute(&self.deletion(), &[place.param()])
    }

    fn deletion(&self) -> String {
        format!("DELETE FROM {} AS checked WHERE {} = $1", self.name(), self.place())
    }

    fn name(&self) -> String {
        quoted(&self.table.name)
    }

    fn place(&self) -> &'static str {
        if self.has_rowid { "checked._rowid_" } else { r#"checked."id""# }
    }

    /// The place, the columns, and whether each reference leads nowhere.
    fn selected(&self) -> String {
        let place = std::iter::once(self.place().to_owned());
        let columns = self.columns.iter().map(|column| format!("checked.{}", quoted(&column.name)));
        let orphaned = self.references.iter().filter_map(|column| {
            let (name, reference) = (quoted(&column.name), column.references.as_ref()?);
            let other = quoted(&reference.table);
            Some(format!(
                "checked.{name} IS NOT NULL AND NOT EXISTS \
                 (SELECT 1 FROM {other} AS referred WHERE referred.\"id\" = checked.{name})"
            ))
        });
        place.chain(columns).chain(orphaned).collect::<Vec<_>>().join(", ")
    }

    fn place_of(&self, row: &Row<'_>) -> Result<Place, DatabaseError> {
        Ok(if self.has_rowid {
            Place::Number(row.integer(0)?)
        } else {
            Place::Id(row.any_text(0)?.unwrap_or_default())
        })
    }

    fn check(&self, row: &Row<'_>) -> Result<CheckedRow<'a>, DatabaseError> {
        let place = self.place_of(row)?;
        let mut checked =
            CheckedRow { place, id: None, wrong: Vec::new(), forms: Vec::new(), times: Vec::new() };
        for (at, column) in (1..).zip(self.columns.iter().copied()) {
            if column.is_key() {
                checked.id = row.any_text(at)?;
            }
            if let Some(fault) = fault(row, at, column)? {
                let text = if fault == Fault::NotText { row.any_text(at)? } else { None };
                checked.wrong.push(WrongValue { column, fault, text });
            } else if column.kind == Kind::Time {
                checked.forms.extend(row.form(at)?.map(|form| (column, form)));
                checked.times.extend(row.optional_time(at)?.map(|time| (column, time)));
            }
        }
        for (at, column) in (1 + self.columns.len()..).zip(self.references.iter().copied()) {
            if row.flag(at)? {
                checked.wrong.push(WrongValue { column, fault: Fault::NoSuchRow, text: None });
            }
        }
        Ok(checked)
    }

    /// Every statement of this file, for the test that prepares them.
    #[cfg(test)]
    pub(crate) fn statements(&self) -> Vec<String> {
        let column = &self.table.columns[0];
        vec![
            self.listed(&self.selected(), None, false),
            self.listed(&self.selected(), Some(&self.repeats(column)), true),
            self.found(3),
            self.update(&self.columns[..2]),
            self.text_in(column),
            self.deletion(),
        ]
    }
}

/// The parameters of a page.
fn listed_by(after: Option<&Place>) -> Vec<Param<'_>> {
    after.map(Place::param).into_iter().chain([Param::Integer(ROWS_MAX)]).collect()
}

fn fault(row: &Row<'_>, at: usize, column: &Column) -> Result<Option<Fault>, DatabaseError> {
    if row.is_null(at)? {
        return Ok((!column.is_nullable()).then_some(Fault::Null));
    }
    let text = || -> Result<Option<String>, DatabaseError> { row.optional_text(at) };
    let (is_right, fault) = match column.kind {
        Kind::Text => (is_read(text())?, Fault::NotText),
        Kind::Json if !is_read(text())? => (false, Fault::NotText),
        Kind::Json => {
            let text = text()?.unwrap_or_default();
            (serde_json::from_str::<IgnoredAny>(&text).is_ok(), Fault::NotJson)
        }
        Kind::Time => (is_read(row.optional_time(at))?, Fault::NotTime),
        Kind::Flag => (is_read(row.exact_flag(at))?, Fault::NotFlag),
        Kind::Number | Kind::BigNumber if column.added.is_some() => {
            (is_read(row.optional_number(at))?, Fault::NotNumber)
        }
        Kind::Number | Kind::BigNumber => (is_read(row.integer(at))?, Fault::NotNumber),
    };
    Ok((!is_right).then_some(fault))
}

/// Whether a value was read; other errors are not the value's.
fn is_read<T>(read: Result<T, DatabaseError>) -> Result<bool, DatabaseError> {
    match read {
        Ok(_) => Ok(true),
        Err(DatabaseError::Unreadable(_)) => Ok(false),
        Err(error) => Err(error),
    }
}
