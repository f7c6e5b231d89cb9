//! Row types: their columns are listed once, and reading, inserting and updating follow from that.

use std::marker::PhantomData;

use crate::database::DatabaseError;
use crate::database::Form;
use crate::database::Param;
use crate::database::Row;
use crate::database::SqlText;
use crate::database::Statement;
use crate::database::Tx;
use crate::database::placeholders;
use crate::rows::Additional;
use crate::rows::Binder;
use crate::rows::Cells;
use crate::rows::Fields;
use crate::rows::Stored;
use crate::schema::Table;
use crate::schema::quoted;

/// A row, or a part of one. [`record!`](crate::record) implements it.
pub trait Record: Sized {
    /// The model of the table.
    const MODEL: &'static str;
    /// The fields, in the order in which they are read and written.
    const FIELDS: &'static [&'static str];
    /// Whether the columns that an application adds belong to it, too.
    const HAS_ADDED: bool = false;

    /// Reads the columns of [`Record::FIELDS`], and those that were added.
    ///
    /// # Errors
    /// [`DatabaseError::Unreadable`] with the name of a column that cannot be read.
    fn read(cells: &mut Cells<'_>) -> Result<Self, DatabaseError>;

    /// The values of [`Record::FIELDS`].
    fn params(&self) -> Vec<Param<'_>>;

    /// The values of the columns that were added.
    fn added(&self) -> Option<&Additional> {
        None
    }
}

/// Implements `Record` for a struct: each member with its field, and after `+` the member
/// that holds what an application adds to the table.
///
/// ```
/// struct Click {
///     id: String,
///     user_id: Option<String>,
/// }
/// better_auth::record!(Click in "referralClick" { id: "id", user_id: "userId" });
/// # assert_eq!(<Click as better_auth::rows::Record>::FIELDS, ["id", "userId"]);
/// ```
#[macro_export]
macro_rules! record {
    ($type:ident in $model:literal { $($member:ident: $field:literal),* $(,)? } $(+ $added:ident)?) => {
        impl $crate::rows::Record for $type {
            const MODEL: &'static str = $model;
            const FIELDS: &'static [&'static str] = &[$($field),*];
            $(const HAS_ADDED: bool = !stringify!($added).is_empty();)?

            fn read(
                cells: &mut $crate::rows::Cells<'_>,
            ) -> Result<Self, $crate::database::DatabaseError> {
                Ok(Self { $($member: cells.take()?,)* $($added: cells.additional()?)? })
            }

            fn params(&self) -> Vec<$crate::database::Param<'_>> {
                vec![$($crate::rows::Cell::param(&self.$member)),*]
            }

            $(fn added(&self) -> Option<&$crate::rows::Additional> {
                Some(&self.$added)
            })?
        }
    };
}

/// How rows of a type are read.
pub struct Shape<R> {
    pub(super) columns: String,
    width: usize,
    added: Fields,
    of: PhantomData<fn() -> R>,
}

impl<R: Record> Shape<R> {
    pub(super) fn new(table: &Table) -> Self {
        let added = if R::HAS_ADDED { Fields::added_to(table) } else { Fields::default() };
        let name = quoted(&table.name);
        let qualified = |column: &str| [&name, ".", &quoted(column)].concat();
        // A column that only some databases have is empty in the others.
        let own = R::FIELDS.iter().map(|field| match table.column(field) {
            Some(column) => qualified(&column.name),
            None => "NULL".to_owned(),
        });
        let columns: Vec<String> = own.chain(added.columns().map(qualified)).collect();
        Self { width: columns.len(), columns: columns.join(", "), added, of: PhantomData }
    }

    /// The columns, with commas between.
    pub fn columns(&self) -> &str {
        &self.columns
    }

    /// How many they are.
    pub fn width(&self) -> usize {
        self.width
    }

    /// What was added to the table.
    pub fn added(&self) -> &Fields {
        &self.added
    }

    /// Reads a row whose columns begin at this position.
    ///
    /// # Errors
    /// [`DatabaseError::Unreadable`] with the name of a column that cannot be read.
    pub fn read(&self, row: &Row<'_>, first: usize) -> Result<R, DatabaseError> {
        R::read(&mut Cells { row, at: first, added: &self.added })
    }
}

/// A statement that answers rows of a type.
pub struct Query<R> {
    pub(super) statement: Statement,
    pub(super) shape: Shape<R>,
}

impl<R: Record> Query<R> {
    /// The first row.
    pub fn one(&self, tx: &mut Tx<'_>, params: &[Param<'_>]) -> Result<Option<R>, DatabaseError> {
        tx.find(&self.statement, params, |row| self.shape.read(row, 0))
    }

    /// Every row.
    pub fn all(&self, tx: &mut Tx<'_>, params: &[Param<'_>]) -> Result<Vec<R>, DatabaseError> {
        tx.list(&self.statement, params, |row| self.shape.read(row, 0))
    }
}

/// Rows that one statement writes at most; SQLite takes 32,766 parameters, PostgreSQL 65,535.
const PARAMETERS_MAX: usize = 30_000;

/// Writes new rows of a type. The columns that were added to the table get the values of the record, or their defaults
/// where it has none.
pub struct Insert<R> {
    statement: Statement,
    /// What the statement begins with, before the values.
    into: String,
    /// The forms of the values of one row.
    forms: Vec<Form>,
    /// Positions in [`Record::FIELDS`] of what is not written: an id that the database makes, and what this database
    /// has no column for.
    omitted: Vec<usize>,
    /// Whether the database makes the id.
    makes_id: bool,
    added: Fields,
    of: PhantomData<fn() -> R>,
}

impl<R: Record> Insert<R> {
    pub(super) fn new(binder: &mut Binder<'_>) -> Self {
        let (added, table) = (binder.added(), binder.table());
        let is_omitted = |field: &str| {
            table.column(field).is_none_or(|column| column.is_key() && table.makes_ids)
        };
        let (omitted, written): (Vec<_>, Vec<_>) =
            R::FIELDS.iter().copied().enumerate().partition(|(_, field)| is_omitted(field));
        let omitted: Vec<usize> = omitted.into_iter().map(|(at, _)| at).collect();
        let fields: Vec<&str> = written.into_iter().map(|(_, field)| field).collect();
        let names = named(&fields, &added);
        let values = placeholders(1, names.len());
        let into = binder.fill(&format!("INSERT INTO {{@}} ({}) VALUES ", names.join(", ")));
        let makes_id = table.makes_ids && R::FIELDS.contains(&"id");
        let answer = if makes_id { " RETURNING {id}" } else { "" };
        let forms = forms(table, &fields, &added);
        let text = format!("{into}({values}){}", binder.fill(answer));
        let statement = binder.list(Statement::new(text, forms.clone()));
        Self { statement, into, forms, omitted, makes_id, added, of: PhantomData }
    }

    /// Writes a row. Answers its id if the database made it.
    ///
    /// # Errors
    /// [`DatabaseError::Unique`] where another row holds a value that no two may hold.
    pub fn run(&self, tx: &mut Tx<'_>, record: &R) -> Result<Option<String>, DatabaseError> {
        let stored = stored(record, &self.added);
        let mut params = self.params(record);
        params.extend(stored.iter().map(Stored::param));
        if self.makes_id {
            return tx.find(&self.statement, &params, |row| row.text(0));
        }
        tx.execute(&self.statement, &params)?;
        Ok(None)
    }

    fn params<'a>(&self, record: &'a R) -> Vec<Param<'a>> {
        let all = record.params().into_iter().enumerate();
        all.filter(|(at, _)| !self.omitted.contains(at)).map(|(_, param)| param).collect()
    }

    /// Writes rows with as few statements as the number of parameters allows.
    ///
    /// # Errors
    /// As [`Insert::run`].
    pub fn many(&self, tx: &mut Tx<'_>, records: &[R]) -> Result<(), DatabaseError> {
        let width = self.forms.len();
        for records in records.chunks((PARAMETERS_MAX / width.max(1)).max(1)) {
            let row = |row: usize| format!("({})", placeholders(1 + row * width, width));
            let rows: Vec<String> = (0..records.len()).map(row).collect();
            let stored: Vec<Vec<Stored>> =
                records.iter().map(|record| stored(record, &self.added)).collect();
            let params = records.iter().zip(&stored).flat_map(|(record, stored)| {
                self.params(record).into_iter().chain(stored.iter().map(Stored::param))
            });
            let params: Vec<Param<'_>> = params.collect();
            let text = format!("{}{}", self.into, rows.join(", "));
            tx.execute(&Statement::new(text, self.forms.repeat(records.len())), &params)?;
        }
        Ok(())
    }
}

/// Writes some fields of a row.
pub struct Update<R> {
    statement: Statement,
    /// Positions in [`Record::FIELDS`] of what is written.
    fields: Vec<usize>,
    /// Position of what names the row.
    key: usize,
    added: Fields,
    of: PhantomData<fn() -> R>,
}

impl<R: Record> Update<R> {
    pub(super) fn new(binder: &mut Binder<'_>, fields: &[&'static str], key: &'static str) -> Self {
        let shape = binder.shape::<R>();
        let position = |field: &&str| R::FIELDS.iter().position(|known| known == field);
        let names = named(fields, &shape.added);
        let assigned: Vec<String> =
            names.iter().zip(1..).map(|(name, at)| format!("{name} = ${at}")).collect();
        let (assigned, last) = (assigned.join(", "), 1 + names.len());
        let text = binder.fill(&format!("UPDATE {{@}} SET {assigned} WHERE {{{key}}} = ${last}"));
        let mut forms = forms(binder.table(), fields, &shape.added);
        forms.extend(binder.table().column(key).map(|column| column.form));
        Self {
            statement: binder.list(Statement::new(text, forms)),
            fields: fields.iter().filter_map(position).collect(),
            key: position(&key).unwrap_or_default(),
            added: shape.added,
            of: PhantomData,
        }
    }

    /// Writes them; `false` when the row is gone.
    ///
    /// # Errors
    /// [`DatabaseError::Unique`] where another row holds a value that no two may hold.
    pub fn run(&self, tx: &mut Tx<'_>, record: &R) -> Result<bool, DatabaseError> {
        let (stored, all) = (stored(record, &self.added), record.params());
        let at = |position: usize| all.get(position).copied().unwrap_or(Param::Null);
        let mut params: Vec<Param<'_>> = self.fields.iter().map(|position| at(*position)).collect();
        params.extend(stored.iter().map(Stored::param));
        params.push(at(self.key));
        tx.execute(&self.statement, &params).map(|changed| 0 < changed)
    }
}

/// The forms of these fields, and of the columns that were added.
fn forms(table: &Table, fields: &[&str], added: &Fields) -> Vec<Form> {
    let form = |field: &&str| table.column(field).map(|column| column.form).unwrap_or_default();
    fields.iter().map(form).chain(added.forms()).collect()
}

/// These fields in braces, and the columns that were added.
fn named(fields: &[&str], added: &Fields) -> Vec<String> {
    let own = fields.iter().map(|field| format!("{{{field}}}"));
    own.chain(added.columns().map(quoted)).collect()
}

fn stored<R: Record>(record: &R, added: &Fields) -> Vec<Stored> {
    record.added().map_or_else(|| added.defaults(), |additional| added.stored(additional))
}

/// What a statement counts.
pub fn count<'s>(
    tx: &mut Tx<'_>,
    statement: impl Into<SqlText<'s>>,
    params: &[Param<'_>],
) -> Result<u64, DatabaseError> {
    let count = tx.find(statement, params, |row| row.integer(0))?;
    Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
}
