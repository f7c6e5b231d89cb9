//! Walks through one database page by page and looks each row up in the other.

use std::collections::HashMap;

use crate::api::copy::CopyError;
use crate::database::Database;
use crate::rows::any_table::AnyTable;
use crate::rows::any_table::Record;

/// The current phase of a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Checks whether the content of the target allows the copy.
    Checking,
    /// Deletes rows that the source no longer has.
    Deleting,
    /// Writes missing rows.
    Copying,
    /// Compares both sides row by row.
    Comparing,
}

/// The progress of a copy.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// The phase.
    pub phase: Phase,
    /// The table.
    pub table: &'static str,
    /// Rows done.
    pub done: u64,
    /// Rows in total.
    pub total: u64,
}

/// Called with the progress; `false` stops the copy after the current page.
pub type Watch<'a> = &'a mut dyn FnMut(Progress) -> bool;

/// A row, and the one with the same key in the other database.
pub(super) type Pair<'a> = (&'a Record, Option<&'a Record>);

pub(super) struct Sides<'a> {
    pub(super) walked: &'a Database,
    pub(super) looked_up: &'a Database,
}

impl Sides<'_> {
    /// Passes every page to `each`, and returns the number of rows.
    pub(super) fn walk(
        &self,
        table: &AnyTable<'_>,
        phase: Phase,
        watch: Watch<'_>,
        mut each: impl FnMut(&[Pair<'_>]) -> Result<(), CopyError>,
    ) -> Result<u64, CopyError> {
        let failed = |error| CopyError::Database { table: table.name(), error };
        let total = count(self.walked, table)?;
        let (mut after, mut done) = (None::<String>, 0);
        loop {
            let page = self.walked.read(|tx| table.page(tx, after.as_deref())).map_err(failed)?;
            let Some(last) = page.last() else { return Ok(done) };
            let found = self.looked_up.read(|tx| table.with_keys(tx, &page)).map_err(failed)?;
            let found: HashMap<&str, &Record> =
                found.iter().map(|record| (record.id.as_str(), record)).collect();
            let other = |record: &Record| found.get(record.id.as_str()).copied();
            let pairs: Vec<Pair<'_>> = page.iter().map(|record| (record, other(record))).collect();
            each(&pairs)?;
            after = Some(last.id.clone());
            done += page.len() as u64;
            if !watch(Progress { phase, table: table.name(), done, total }) {
                return Err(CopyError::Interrupted);
            }
        }
    }
}

pub(super) fn count(database: &Database, table: &AnyTable<'_>) -> Result<u64, CopyError> {
    let failed = |error| CopyError::Database { table: table.name(), error };
    database.read(|tx| table.count(tx)).map_err(failed)
}
