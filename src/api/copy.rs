//! Everything from one database into another, page by page, and the proof that it arrived.
//!
//! A page is one transaction, and a row that is there already is compared instead of written: whatever ends
//! a copy in the middle, the next one goes on where it stopped, and none of them writes anything twice.

use std::collections::HashMap;
use std::fmt;

use crate::database::Database;
use crate::database::DatabaseError;
use crate::models::whole::Record;
use crate::models::whole::Whole;
use crate::schema::Table;

/// What a copy does at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Looks whether the target holds anything that the source does not.
    Checking,
    /// Writes what is missing.
    Copying,
    /// Reads both sides once more, row by row.
    Comparing,
}

/// How far a copy is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// What it does.
    pub phase: Phase,
    /// With which table.
    pub table: &'static str,
    /// Rows of it that are done.
    pub done: u64,
    /// Rows of it.
    pub total: u64,
}

/// What became of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopiedTable {
    /// Its name.
    pub name: &'static str,
    /// Rows in the source.
    pub rows: u64,
    /// Rows that were missing in the target: written, or to be written.
    pub missing: u64,
}

/// Why a copy ended early. Pages that were written stay, and a new copy goes on from there.
#[derive(Debug)]
#[non_exhaustive]
pub enum CopyError {
    /// Whoever watched said so.
    Interrupted,
    /// The target holds a row that the source does not.
    OtherData {
        /// In this table.
        table: &'static str,
        /// With this key.
        id: String,
    },
    /// Both hold a row with the same key that says something else.
    Differs {
        /// In this table.
        table: &'static str,
        /// With this key.
        id: String,
    },
    /// The source was written to meanwhile.
    Incomplete {
        /// In this table.
        table: &'static str,
        /// Rows in the source at the end.
        source: u64,
        /// Rows of those in the target.
        target: u64,
    },
    /// What a database answered.
    Database {
        /// In this table.
        table: &'static str,
        /// Why.
        error: DatabaseError,
    },
}

impl fmt::Display for CopyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Interrupted => f.write_str("interrupted; what was copied stays"),
            Self::OtherData { table, id } => {
                write!(f, "the target holds other data: {table} {id} is not in the source")
            }
            Self::Differs { table, id } => {
                write!(f, "{table} {id} is in both databases and differs")
            }
            Self::Incomplete { table, source, target } => {
                write!(f, "{table} has {source} rows in the source and {target} in the target")
            }
            Self::Database { table, error } => write!(f, "{table}: {error}"),
        }
    }
}

impl std::error::Error for CopyError {}

/// What is asked on the way; `false` ends the copy after the page that is under way.
pub type Watch<'a> = &'a mut dyn FnMut(Progress) -> bool;

/// A copy from one database to another with the same tables.
pub struct DatabaseCopy<'a> {
    /// Is only read.
    pub from: &'a Database,
    /// Gets what it lacks.
    pub to: &'a Database,
    /// In an order in which no row refers to a later table.
    pub tables: &'a [Table],
}

impl DatabaseCopy<'_> {
    /// Looks what is missing in the target and writes nothing.
    /// Unless it is `merged`, a row that the source does not have is an error.
    ///
    /// # Errors
    /// [`CopyError`], here and below.
    pub fn plan(&self, merged: bool, watch: Watch<'_>) -> Result<Vec<CopiedTable>, CopyError> {
        let mut tables = Vec::new();
        for table in self.tables {
            let whole = Whole::new(table);
            let there = if merged {
                self.count_common(&whole, watch)?
            } else {
                self.check_target(&whole, watch)?
            };
            let rows = count(self.from, &whole)?;
            tables.push(CopiedTable {
                name: whole.name(),
                rows,
                missing: rows.saturating_sub(there),
            });
        }
        Ok(tables)
    }

    /// What is missing in a target without tables; reads the source only.
    ///
    /// # Errors
    /// As [`DatabaseCopy::plan`].
    pub fn everything(&self) -> Result<Vec<CopiedTable>, CopyError> {
        let all = |table| {
            let whole = Whole::new(table);
            let rows = count(self.from, &whole)?;
            Ok(CopiedTable { name: whole.name(), rows, missing: rows })
        };
        self.tables.iter().map(all).collect()
    }

    /// Every row of the target must be one of the source, as a copy that ended early leaves it; answers how
    /// many there are.
    fn check_target(&self, whole: &Whole<'_>, watch: Watch<'_>) -> Result<u64, CopyError> {
        let sides = Sides { walked: self.to, looked_up: self.from };
        sides.walk(whole, Phase::Checking, watch, |record, same| match same {
            Some(other) => check_same(whole, record, other),
            None => Err(CopyError::OtherData { table: whole.name(), id: record.id.clone() }),
        })
    }

    fn count_common(&self, whole: &Whole<'_>, watch: Watch<'_>) -> Result<u64, CopyError> {
        let sides = Sides { walked: self.from, looked_up: self.to };
        let mut common = 0;
        sides.walk(whole, Phase::Checking, watch, |record, same| {
            common += u64::from(same.is_some());
            same.map_or(Ok(()), |other| check_same(whole, record, other))
        })?;
        Ok(common)
    }

    /// Writes what is missing and answers, for each table, how much that was.
    ///
    /// # Errors
    /// As [`DatabaseCopy::plan`].
    pub fn run(&self, watch: Watch<'_>) -> Result<Vec<CopiedTable>, CopyError> {
        self.tables.iter().map(|table| self.copy_table(&Whole::new(table), watch)).collect()
    }

    fn copy_table(&self, whole: &Whole<'_>, watch: Watch<'_>) -> Result<CopiedTable, CopyError> {
        let name = whole.name();
        let failed = |error| CopyError::Database { table: name, error };
        let total = count(self.from, whole)?;
        let (mut after, mut done, mut missing) = (None::<String>, 0, 0);
        loop {
            let page = self.from.read(|tx| whole.page(tx, after.as_deref())).map_err(failed)?;
            let Some(last) = page.last() else {
                return Ok(CopiedTable { name, rows: done, missing });
            };
            after = Some(last.id.clone());
            missing += self
                .to
                .write(|tx| {
                    let there = by_key(whole.with_keys(tx, &page)?);
                    let absent: Vec<&Record> =
                        page.iter().filter(|record| !there.contains_key(&record.id)).collect();
                    whole.insert(tx, &absent)
                })
                .map_err(failed)?;
            done += page.len() as u64;
            let progress = Progress { phase: Phase::Copying, table: name, done, total };
            if !watch(progress) {
                return Err(CopyError::Interrupted);
            }
        }
    }

    /// Reads every row of the source and the one with the same key in the target, and counts both. Unless it is
    /// `merged`, the target must not have more.
    ///
    /// # Errors
    /// As [`DatabaseCopy::plan`].
    pub fn verify(&self, merged: bool, watch: Watch<'_>) -> Result<(), CopyError> {
        for table in self.tables {
            let whole = Whole::new(table);
            let name = whole.name();
            let sides = Sides { walked: self.from, looked_up: self.to };
            let mut arrived = 0;
            let source = sides.walk(&whole, Phase::Comparing, watch, |record, same| {
                arrived += u64::from(same.is_some());
                same.map_or(Ok(()), |other| check_same(&whole, record, other))
            })?;
            let target = if merged { arrived } else { count(self.to, &whole)? };
            // The source is counted again: rows may have come behind the place that was read last.
            if arrived != source || target != source || count(self.from, &whole)? != source {
                let source = count(self.from, &whole)?;
                return Err(CopyError::Incomplete { table: name, source, target: arrived });
            }
        }
        Ok(())
    }
}

/// One database is walked through, and each row is looked up in the other one.
struct Sides<'a> {
    walked: &'a Database,
    looked_up: &'a Database,
}

impl Sides<'_> {
    fn walk(
        &self,
        whole: &Whole<'_>,
        phase: Phase,
        watch: Watch<'_>,
        mut compare: impl FnMut(&Record, Option<&Record>) -> Result<(), CopyError>,
    ) -> Result<u64, CopyError> {
        let failed = |error| CopyError::Database { table: whole.name(), error };
        let total = count(self.walked, whole)?;
        let (mut after, mut done) = (None::<String>, 0);
        loop {
            let page = self.walked.read(|tx| whole.page(tx, after.as_deref())).map_err(failed)?;
            let Some(last) = page.last() else { return Ok(done) };
            after = Some(last.id.clone());
            let found = self.looked_up.read(|tx| whole.with_keys(tx, &page)).map_err(failed)?;
            let found = by_key(found);
            for record in &page {
                compare(record, found.get(&record.id))?;
            }
            done += page.len() as u64;
            if !watch(Progress { phase, table: whole.name(), done, total }) {
                return Err(CopyError::Interrupted);
            }
        }
    }
}

fn check_same(whole: &Whole<'_>, left: &Record, right: &Record) -> Result<(), CopyError> {
    if left == right {
        return Ok(());
    }
    Err(CopyError::Differs { table: whole.name(), id: left.id.clone() })
}

fn by_key(records: Vec<Record>) -> HashMap<String, Record> {
    records.into_iter().map(|record| (record.id.clone(), record)).collect()
}

fn count(database: &Database, whole: &Whole<'_>) -> Result<u64, CopyError> {
    let failed = |error| CopyError::Database { table: whole.name(), error };
    database.read(|tx| whole.count(tx)).map_err(failed)
}
