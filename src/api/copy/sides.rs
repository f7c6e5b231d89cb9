//! One database is walked through, page by page, and each row is looked up in the other one.

use std::collections::HashMap;

use crate::api::copy::CopyError;
use crate::database::Database;
use crate::rows::any_table::AnyTable;
use crate::rows::any_table::Record;

/// What a copy does at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Looks whether what the target holds allows the copy.
    Checking,
    /// Deletes what the source no longer has.
    Deleting,
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

/// What is asked on the way; `false` ends the copy after the page that is under way.
pub type Watch<'a> = &'a mut dyn FnMut(Progress) -> bool;

/// A row, and the one with the same key in the other database.
pub(super) type Pair<'a> = (&'a Record, Option<&'a Record>);

pub(super) struct Sides<'a> {
    pub(super) walked: &'a Database,
    pub(super) looked_up: &'a Database,
}

impl Sides<'_> {
    /// Gives every page to `each`, and answers how many rows there were.
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
