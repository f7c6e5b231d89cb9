//! Checks what the rows of a deployment hold, table by table and page by page, and repairs what is safe to repair.
//!
//! Other programs write what this one would not: `NULL` where every row needs a value, text in another encoding, times
//! that are none. Reading gets along with all of it (`rows::cell`); this says which rows it is.

mod error;
mod remedy;
mod repair;
mod report;

use crate::database::Database;
use crate::database::DatabaseError;
use crate::database::Tx;
use crate::error::AuthError;
use crate::instance::Instance;
use crate::rows::checked_table::CheckedRow;
use crate::rows::checked_table::CheckedTable;
use crate::rows::checked_table::Fault;
use crate::rows::checked_table::Place;
use crate::rows::checked_table::WrongValue;
use crate::schema;
use crate::schema::Declared;
use crate::schema::Table;

pub use error::CheckError;
pub use repair::Repair;
pub use report::Count;
pub use report::Finding;
pub use report::Report;

use remedy::Remedy;
use remedy::remedy;
use report::Forms;

/// The progress of a check.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// The table.
    pub table: &'a str,
    /// Rows done.
    pub done: u64,
    /// Rows in total.
    pub total: u64,
}

/// Called with the progress; `false` stops after the current page.
pub type Watch<'a> = &'a mut dyn FnMut(Progress<'_>) -> bool;

/// A check of every row of a deployment.
pub struct DatabaseCheck<'a> {
    /// The deployment.
    pub instance: &'a Instance,
    /// How many findings are kept; all are counted.
    pub limit: usize,
}

impl DatabaseCheck<'_> {
    /// Looks at every row, and writes nothing.
    ///
    /// # Errors
    /// [`CheckError`].
    pub fn run(&self, watch: Watch<'_>) -> Result<Report, CheckError> {
        let mut report = Report { warnings: self.declarations()?, ..Report::default() };
        for table in self.tables()? {
            let mut forms = Forms::default();
            self.walk(&table, watch, |page| {
                report.rows += page.len() as u64;
                let found = page.iter().flat_map(|row| &row.forms);
                found.for_each(|(column, form)| forms.add(column, *form));
                let wrong = page.iter().flat_map(|row| row.wrong.iter().map(move |it| (row, it)));
                for (row, wrong) in wrong {
                    let remedy = remedy(row, wrong, self.database().clock().now());
                    report.add((table.table(), row.id.as_ref()), wrong, &remedy, self.limit);
                }
                Ok(())
            })?;
            report.warnings.extend(forms.mixed(table.table()));
            self.find_repeated(&table, &mut report)?;
        }
        Ok(report)
    }

    fn database(&self) -> &Database {
        self.instance.database()
    }

    /// What is declared otherwise than a migration would, in sentences.
    fn declarations(&self) -> Result<Vec<String>, CheckError> {
        let tables = self.instance.tables().configured();
        let plan = schema::plan(self.database(), tables).map_err(AuthError::from)?;
        let missing = plan.steps.iter().map(|step| format!("the database needs migration: {step}"));
        Ok(plan.problems.iter().chain(&plan.notes).cloned().chain(missing).collect())
    }

    /// The tables that are there, with the columns that are.
    fn tables(&self) -> Result<Vec<CheckedTable<'_>>, CheckError> {
        let declared = self.database().read(|tx| {
            // The forms of values are known once the database has been looked at, which comes before this.
            schema::declared(tx, self.instance.tables())
        });
        let tables = self.instance.tables().iter().zip(declared.map_err(AuthError::from)?);
        let present: Vec<(&Table, Declared)> =
            tables.filter_map(|(table, declared)| Some((table, declared?))).collect();
        let others: Vec<&Table> = present.iter().map(|(table, _)| *table).collect();
        let checked = present.iter();
        let checked = checked.map(|(table, found)| CheckedTable::new(table, found, &others));
        Ok(checked.collect())
    }

    /// Passes every page to `each`.
    fn walk<'t>(
        &self,
        table: &CheckedTable<'t>,
        watch: Watch<'_>,
        mut each: impl FnMut(Vec<CheckedRow<'t>>) -> Result<(), CheckError>,
    ) -> Result<(), CheckError> {
        let failed = |error| CheckError::of(table.table(), error);
        let total = self.database().read(|tx| table.count(tx)).map_err(failed)?;
        let (mut after, mut done) = (None::<Place>, 0);
        loop {
            let page = self.database().read(|tx| table.page(tx, after.as_ref())).map_err(failed)?;
            let last = page.last().map(|row| row.place.clone());
            // Ids that are no text have no place behind them.
            if last.is_none() || last == after {
                return Ok(());
            }
            after = last;
            done += page.len() as u64;
            each(page)?;
            if !watch(Progress { table: &table.table().name, done, total }) {
                return Err(CheckError::Interrupted);
            }
        }
    }

    /// Values that stand in several rows where no index prevents it.
    fn find_repeated(
        &self,
        table: &CheckedTable<'_>,
        report: &mut Report,
    ) -> Result<(), CheckError> {
        let failed = |error: DatabaseError| CheckError::of(table.table(), error);
        for column in table.may_repeat() {
            let wrong = WrongValue { column, fault: Fault::NotUnique, text: None };
            let mut after = None;
            loop {
                let repeating = |tx: &mut Tx<'_>| table.repeating(tx, column, after.as_ref());
                let page = self.database().read(repeating).map_err(failed)?;
                let last = page.last().map(|(place, _)| place.clone());
                if last.is_none() || last == after {
                    break;
                }
                after = last;
                for (_, id) in &page {
                    let place = (table.table(), id.as_ref());
                    report.add(place, &wrong, &Remedy::None, self.limit);
                }
            }
        }
        Ok(())
    }
}
