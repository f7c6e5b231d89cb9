//! Row types: their columns are listed once, and reading, inserting and updating follow from that.

use std::marker::PhantomData;

use crate::database::DatabaseError;
use crate::database::Param;
use crate::database::Row;
use crate::database::Statement;
use crate::database::Tx;
use crate::rows::Additional;
use crate::rows::Binder;
use crate::rows::Cells;
use crate::rows::Fields;
use crate::rows::Stored;
use crate::rows::binder::quoted;
use crate::schema::Table;

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
    /// [`DatabaseError::Other`] with the name of a column that cannot be read.
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
        let own = R::FIELDS.iter().filter_map(|field| table.column(field));
        let columns = own.map(|column| column.name.as_str()).chain(added.columns());
        let name = quoted(&table.name);
        let columns: Vec<String> =
            columns.map(|column| [&name, ".", &quoted(column)].concat()).collect();
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
    /// [`DatabaseError::Other`] with the name of a column that cannot be read.
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
    added: Fields,
    of: PhantomData<fn() -> R>,
}

impl<R: Record> Insert<R> {
    pub(super) fn new(binder: &mut Binder<'_>) -> Self {
        let (into, values, added) = Self::parts(binder, None);
        let statement = binder.statement(&format!("{into}{values}"));
        Self { statement, into, added, of: PhantomData }
    }

    /// With a column that only some databases have; no test prepares the statement.
    pub(super) fn with(binder: &Binder<'_>, column: &str) -> Self {
        let (into, values, added) = Self::parts(binder, Some(column));
        Self { statement: format!("{into}{values}").into(), into, added, of: PhantomData }
    }

    fn parts(binder: &Binder<'_>, column: Option<&str>) -> (String, String, Fields) {
        let added = binder.added();
        let mut names = named(R::FIELDS, &added);
        names.extend(column.map(quoted));
        let values: Vec<String> = (1..=names.len()).map(|at| format!("${at}")).collect();
        let into = binder.fill(&format!("INSERT INTO {{@}} ({}) VALUES ", names.join(", ")));
        (into, format!("({})", values.join(", ")), added)
    }

    /// Writes a row.
    ///
    /// # Errors
    /// [`DatabaseError::Unique`] where another row holds a value that no two may hold.
    pub fn run(&self, tx: &mut Tx<'_>, record: &R) -> Result<(), DatabaseError> {
        self.run_with(tx, record, None)
    }

    /// As [`Insert::run`], with the value of the column that [`Binder::insert_with`] names.
    ///
    /// # Errors
    /// As [`Insert::run`].
    pub fn run_with(
        &self,
        tx: &mut Tx<'_>,
        record: &R,
        value: Option<Param<'_>>,
    ) -> Result<(), DatabaseError> {
        let stored = stored(record, &self.added);
        let mut params = record.params();
        params.extend(stored.iter().map(Stored::param));
        params.extend(value);
        tx.execute(&self.statement, &params).map(drop)
    }

    /// Writes rows with as few statements as the number of parameters allows.
    ///
    /// # Errors
    /// As [`Insert::run`].
    pub fn many(&self, tx: &mut Tx<'_>, records: &[R]) -> Result<(), DatabaseError> {
        let width = R::FIELDS.len() + self.added.names().count();
        for records in records.chunks((PARAMETERS_MAX / width.max(1)).max(1)) {
            let row = |row: usize| {
                let values = (1..=width).map(|at| format!("${}", row * width + at));
                format!("({})", values.collect::<Vec<_>>().join(", "))
            };
            let rows: Vec<String> = (0..records.len()).map(row).collect();
            let stored: Vec<Vec<Stored>> =
                records.iter().map(|record| stored(record, &self.added)).collect();
            let params = records.iter().zip(&stored).flat_map(|(record, stored)| {
                record.params().into_iter().chain(stored.iter().map(Stored::param))
            });
            let params: Vec<Param<'_>> = params.collect();
            tx.execute(&format!("{}{}", self.into, rows.join(", ")), &params)?;
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
        let text = format!("UPDATE {{@}} SET {assigned} WHERE {{{key}}} = ${last}");
        Self {
            statement: binder.statement(&text),
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

/// These fields in braces, and the columns that were added.
fn named(fields: &[&str], added: &Fields) -> Vec<String> {
    let own = fields.iter().map(|field| format!("{{{field}}}"));
    own.chain(added.columns().map(quoted)).collect()
}

fn stored<R: Record>(record: &R, added: &Fields) -> Vec<Stored> {
    record.added().map_or_else(|| added.defaults(), |additional| added.stored(additional))
}

/// What a statement counts.
pub fn count(tx: &mut Tx<'_>, statement: &str, params: &[Param<'_>]) -> Result<u64, DatabaseError> {
    let count = tx.find(statement, params, |row| row.integer(0))?;
    Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
}
