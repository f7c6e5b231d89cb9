//! Copies everything from one database into another, page by page, and verifies the result.
//!
//! Each page is one transaction. Rows that are already there are compared instead of written, so an interrupted copy
//! continues where it stopped and writes nothing twice. The target records when it was copied, so that the next copy
//! can recognise rows deleted since.

mod error;
mod rules;
mod sides;

use crate::api::copy::rules::Rules;
use crate::api::copy::rules::TargetAction;
use crate::api::copy::sides::Pair;
use crate::api::copy::sides::Sides;
use crate::api::copy::sides::count;
use crate::crypto::random;
use crate::database::Database;
use crate::database::DatabaseError;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::models::copied::LastCopy;
use crate::rows::any_table::AnyTable;
use crate::rows::any_table::Record;
use crate::schema;
use crate::schema::MigrateError;
use crate::schema::Table;
use crate::schema::Tables;

pub use error::CopyError;
pub use error::RowName;
pub use rules::Mode;
pub use sides::Phase;
pub use sides::Progress;
pub use sides::Watch;

/// What is done with one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopiedTable {
    /// Its name.
    pub name: &'static str,
    /// Rows in the source.
    pub rows: u64,
    /// Rows missing in the target, which are written.
    pub missing: u64,
    /// Those of them that were deleted in the target since the last copy; filled in by a plan.
    pub revived: u64,
    /// Rows of the target that differ and are replaced by those of the source.
    pub replaced: u64,
    /// Rows of the target that the source does not have, which are deleted.
    pub deleted: u64,
}

/// What a copy would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// One entry per table.
    pub tables: Vec<CopiedTable>,
    /// Whether rows deleted in the target might be written again: it has other data, and no record of earlier copies
    /// from this source.
    pub may_revive: bool,
}

/// A copy from one database to another with the same tables.
pub struct DatabaseCopy<'a> {
    /// The source; only read.
    pub from: &'a Database,
    /// The target.
    pub to: &'a Database,
    /// The tables of the target, ordered so that no row refers to a later one.
    pub tables: &'a Tables,
    /// What to do with existing rows of the target.
    pub mode: Mode,
}

impl DatabaseCopy<'_> {
    /// Compares both sides and writes nothing. Fails on rows that the copy must not overwrite, delete or bring back.
    ///
    /// # Errors
    /// [`CopyError`].
    pub fn plan(&self, watch: Watch<'_>) -> Result<Plan, CopyError> {
        let rules = self.rules()?;
        let (mut tables, mut is_empty) = (Vec::new(), true);
        for table in self.tables.configured() {
            let table = self.any(table);
            let (mut same, mut replaced, mut deleted) = (0, 0, 0);
            let there = self.target_first().walk(&table, Phase::Checking, watch, |page| {
                let actions =
                    page.iter().map(|(target, source)| rules.action(&table, target, *source));
                let actions: Vec<TargetAction> = actions.collect::<Result<_, _>>()?;
                let count = |meant| actions.iter().filter(|fate| **fate == meant).count() as u64;
                same += count(TargetAction::Same);
                replaced += count(TargetAction::Replaced);
                deleted += count(TargetAction::Deleted);
                Ok(())
            })?;
            if table.name() == "user" && 0 < deleted && same + replaced == 0 {
                return Err(CopyError::NothingInCommon);
            }
            let mut revived = 0;
            if rules.knows_deleted() {
                self.source_first().walk(&table, Phase::Checking, watch, |page| {
                    let mut missing = page.iter().filter(|(_, target)| target.is_none());
                    let comes_back = |(source, _): &Pair<'_>| rules.comes_back(&table, source);
                    missing.try_for_each(|pair| comes_back(pair).map(|is| revived += u64::from(is)))
                })?;
            }
            is_empty &= there == 0;
            let rows = count(self.from, &table)?;
            let missing = rows.saturating_sub(same + replaced);
            let name = table.name();
            tables.push(CopiedTable { name, rows, missing, revived, replaced, deleted });
        }
        let may_revive = self.mode == Mode::Merge && !is_empty && !rules.knows_deleted();
        Ok(Plan { tables, may_revive })
    }

    /// The plan for a target that has no tables yet; reads only the source.
    pub fn everything(&self) -> Result<Plan, CopyError> {
        let all = |table| {
            let table = self.any(table);
            let rows = count(self.from, &table)?;
            let name = table.name();
            Ok(CopiedTable { name, rows, missing: rows, revived: 0, replaced: 0, deleted: 0 })
        };
        let tables: Result<Vec<CopiedTable>, CopyError> =
            self.tables.configured().iter().map(all).collect();
        Ok(Plan { tables: tables?, may_revive: false })
    }

    /// A table, written in the forms of the target.
    fn any<'t>(&self, table: &'t Table) -> AnyTable<'t> {
        AnyTable::new(table, self.tables.forms(table))
    }

    /// Creates the table in which the target records the copy.
    ///
    /// # Errors
    /// [`MigrateError`].
    pub fn prepare(&self) -> Result<(), MigrateError> {
        schema::migrate(self.to, &[schema::database_copy()]).map(drop)
    }

    /// Copies into a prepared target, compares both sides row by row, and returns what was done.
    pub fn run(&self, watch: Watch<'_>) -> Result<Vec<CopiedTable>, CopyError> {
        let rules = self.rules()?;
        let begun_at = self.to.clock().now();
        self.remember(begun_at, rules.complete_at())?;
        let mut deleted = vec![0; self.tables.configured().len()];
        if self.mode == Mode::Mirror {
            // Referring rows are deleted before the rows they refer to.
            for (table, deleted) in self.tables.configured().iter().zip(&mut deleted).rev() {
                *deleted = self.clear_table(&self.any(table), &rules, watch)?;
            }
        }
        let mut tables = Vec::new();
        for (table, deleted) in self.tables.configured().iter().zip(deleted) {
            tables.push(self.copy_table(&self.any(table), deleted, watch)?);
        }
        self.verify(watch)?;
        self.remember(begun_at, Some(begun_at))?;
        Ok(tables)
    }

    fn rules(&self) -> Result<Rules, CopyError> {
        let remembers = schema::plan(self.to, &[schema::database_copy()]).map_err(of_last_copy)?;
        let last = if remembers.is_empty() {
            self.to.read(LastCopy::find).map_err(of_last_copy)?
        } else {
            None
        };
        let last = last.filter(|last| last.source == self.from.full_place());
        Ok(Rules::new(self.mode, last, self.to.clock().now()))
    }

    fn remember(
        &self,
        begun_at: Timestamp,
        complete_at: Option<Timestamp>,
    ) -> Result<(), CopyError> {
        let (source, is_whole) = (self.from.full_place(), self.mode != Mode::Merge);
        let copy = LastCopy { source, begun_at, complete_at, is_whole };
        self.to.write(|tx| copy.remember(tx)).map_err(of_last_copy)
    }

    fn source_first(&self) -> Sides<'_> {
        Sides { walked: self.from, looked_up: self.to }
    }

    fn target_first(&self) -> Sides<'_> {
        Sides { walked: self.to, looked_up: self.from }
    }

    /// Deletes rows that the source does not have, and clears unique values of rows that will be replaced.
    fn clear_table(
        &self,
        table: &AnyTable<'_>,
        rules: &Rules,
        watch: Watch<'_>,
    ) -> Result<u64, CopyError> {
        let mut count = 0;
        self.target_first().walk(table, Phase::Deleting, watch, |page| {
            let (mut deleted, mut released) = (Vec::new(), Vec::new());
            for (target, source) in page {
                let is_released =
                    || source.is_some_and(|source| table.differs_in_unique(target, source));
                match rules.action(table, target, *source)? {
                    TargetAction::Deleted => deleted.push(*target),
                    TargetAction::Replaced if is_released() => released.push(*target),
                    _ => {}
                }
            }
            count += self.write(table, |tx| {
                table.release(tx, &released, &random::token())?;
                table.delete(tx, &deleted)
            })?;
            Ok(())
        })?;
        Ok(count)
    }

    fn copy_table(
        &self,
        table: &AnyTable<'_>,
        deleted: u64,
        watch: Watch<'_>,
    ) -> Result<CopiedTable, CopyError> {
        let (mut missing, mut replaced) = (0, 0);
        let rows = self.source_first().walk(table, Phase::Copying, watch, |page| {
            let absent = rows(page, |_, target| target.is_none());
            let differing = if self.mode == Mode::Mirror {
                rows(page, |source, target| target.is_some_and(|target| target != source))
            } else {
                Vec::new()
            };
            let done = self.write(table, |tx| {
                Ok((table.insert(tx, &absent)?, table.replace(tx, &differing)?))
            });
            let (written, changed) =
                done.map_err(|error| refused(error, table, &[absent, differing].concat()))?;
            missing += written;
            replaced += changed;
            Ok(())
        })?;
        let name = table.name();
        Ok(CopiedTable { name, rows, missing, revived: 0, replaced, deleted })
    }

    fn write<T>(
        &self,
        table: &AnyTable<'_>,
        job: impl FnMut(&mut Tx<'_>) -> Result<T, DatabaseError>,
    ) -> Result<T, CopyError> {
        let failed = |error| CopyError::Database { table: table.name(), error };
        self.to.write(job).map_err(failed)
    }

    /// Compares every row of the source with the target, and the counts. Except for a merge, the target must not have
    /// additional rows.
    fn verify(&self, watch: Watch<'_>) -> Result<(), CopyError> {
        for table in self.tables.configured() {
            let table = self.any(table);
            let name = table.name();
            let mut arrived = 0;
            let source = self.source_first().walk(&table, Phase::Comparing, watch, |page| {
                let both: Vec<(&Record, &Record)> =
                    page.iter().filter_map(|(row, other)| Some((*row, (*other)?))).collect();
                arrived += both.len() as u64;
                match both.iter().find(|(source, target)| source != target) {
                    Some((row, _)) => Err(CopyError::Differs(RowName::new(&table, row))),
                    None => Ok(()),
                }
            })?;
            let target = if self.mode == Mode::Merge { arrived } else { count(self.to, &table)? };
            // Counted again: rows may have been added behind the cursor.
            let counted = count(self.from, &table)?;
            if arrived != source || target != source || counted != source {
                return Err(CopyError::Incomplete {
                    table: name,
                    source: counted,
                    target: arrived,
                });
            }
        }
        Ok(())
    }
}

/// The rows of a page that match.
fn rows<'a>(
    page: &[Pair<'a>],
    mut is_meant: impl FnMut(&Record, Option<&Record>) -> bool,
) -> Vec<&'a Record> {
    page.iter().filter(|(row, other)| is_meant(row, *other)).map(|(row, _)| *row).collect()
}

/// Names the row where the target refused one that lacks a value.
fn refused(error: CopyError, table: &AnyTable<'_>, written: &[&Record]) -> CopyError {
    match (&error, table.lacking(written)) {
        (CopyError::Database { error: DatabaseError::Rule(_), .. }, Some((row, column))) => {
            CopyError::Lacks { row: RowName::new(table, row), column: column.to_owned() }
        }
        _ => error,
    }
}

fn of_last_copy(error: DatabaseError) -> CopyError {
    CopyError::Database { table: "databaseCopy", error }
}
