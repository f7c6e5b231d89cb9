//! Repairs rows: a page is one transaction, in which every row is looked at again.

use serde::Serialize;

use crate::api::check::CheckError;
use crate::api::check::DatabaseCheck;
use crate::api::check::Watch;
use crate::api::check::remedy::Remedy;
use crate::api::check::remedy::remedy;
use crate::api::session_store::Store;
use crate::database::DatabaseError;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::error::AuthError;
use crate::instance::Caller;
use crate::instance::EventKind;
use crate::rows::Stored;
use crate::rows::checked_table::CheckedRow;
use crate::rows::checked_table::CheckedTable;
use crate::rows::checked_table::WrongValue;
use crate::schema::Column;

/// What was done with a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Repair {
    /// The table, by its name in the database.
    pub table: String,
    /// The id of the row; `None` where it has none.
    pub row: Option<String>,
    /// The column, by its name in the database.
    pub column: String,
    /// What was written, in words; or `deletion` of the row.
    pub repair: &'static str,
    /// Why the database refused it: nothing was changed then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

/// Why a page was not repaired.
enum Failure {
    /// The database does not take what would be written; perhaps that of another row.
    Refused(DatabaseError),
    Failed(AuthError),
}

impl From<DatabaseError> for Failure {
    fn from(error: DatabaseError) -> Self {
        match error {
            DatabaseError::Unique(_)
            | DatabaseError::Rule(_)
            | DatabaseError::Value(_)
            | DatabaseError::ForeignKey(_) => Self::Refused(error),
            error => Self::Failed(error.into()),
        }
    }
}

impl From<AuthError> for Failure {
    fn from(error: AuthError) -> Self {
        Self::Failed(error)
    }
}

/// Rows of a table that are repaired together.
struct Batch<'b, 'a> {
    table: &'b CheckedTable<'a>,
    caller: &'b Caller<'b>,
    deletes_orphans: bool,
}

impl DatabaseCheck<'_> {
    /// Repairs what is safe to repair, and with `deletes_orphans` deletes rows that refer to nobody. `told` hears what
    /// was done, after it is on the disk. Values that are not unique stay as they are.
    ///
    /// # Errors
    /// [`CheckError`]. What was repaired before stays.
    pub fn repair(
        &self,
        deletes_orphans: bool,
        caller: &Caller<'_>,
        told: &mut dyn FnMut(Repair),
        watch: Watch<'_>,
    ) -> Result<(), CheckError> {
        let now = self.database().clock().now();
        for table in self.tables()? {
            let batch = Batch { table: &table, caller, deletes_orphans };
            self.walk(&table, watch, |mut page| {
                page.retain(|row| !batch.meant(row, &row.wrong, now).is_empty());
                self.repair_page(&batch, &page, told)
            })?;
        }
        Ok(())
    }

    fn repair_page(
        &self,
        batch: &Batch<'_, '_>,
        rows: &[CheckedRow<'_>],
        told: &mut dyn FnMut(Repair),
    ) -> Result<(), CheckError> {
        if rows.is_empty() {
            return Ok(());
        }
        match (self.repair_rows(batch, rows), rows) {
            (Ok(done), _) => done.into_iter().for_each(told),
            (Err(Failure::Failed(error)), _) => {
                return Err(CheckError::of(batch.table.table(), error));
            }
            (Err(Failure::Refused(error)), [row]) => {
                for mut repair in batch.repairs(row, self.database().clock().now()) {
                    repair.refused = Some(error.to_string());
                    told(repair);
                }
            }
            // One of them is to blame.
            (Err(Failure::Refused(_)), rows) => {
                for row in rows.chunks(1) {
                    self.repair_page(batch, row, told)?;
                }
            }
        }
        Ok(())
    }

    fn repair_rows(
        &self,
        batch: &Batch<'_, '_>,
        seen: &[CheckedRow<'_>],
    ) -> Result<Vec<Repair>, Failure> {
        let places: Vec<_> = seen.iter().map(|row| &row.place).collect();
        self.database().write(|tx| {
            let (mut done, mut deleted) = (Vec::new(), 0);
            for mut row in batch.table.find(tx, &places)? {
                let Some(before) = seen.iter().find(|before| before.place == row.place) else {
                    continue;
                };
                // What has changed since it was seen is left to its writer.
                row.wrong.retain(|wrong| before.wrong.contains(wrong));
                let repairs = batch.repairs(&row, tx.now());
                deleted += self.repair_row(tx, batch, &row)?;
                done.extend(repairs);
            }
            if !done.is_empty() {
                let (table, values) = (&batch.table.table().name, done.len() as u64 - deleted);
                let kind = EventKind::Repaired { table, values, deleted };
                self.instance.emit(tx, batch.caller, None, kind)?;
            }
            Ok(done)
        })
    }

    /// Answers how many rows were deleted.
    fn repair_row(
        &self,
        tx: &mut Tx<'_>,
        batch: &Batch<'_, '_>,
        row: &CheckedRow<'_>,
    ) -> Result<u64, Failure> {
        let table = batch.table;
        let mut values: Vec<(&Column, Stored)> = Vec::new();
        for (wrong, remedy) in batch.meant(row, &row.wrong, tx.now()) {
            match remedy {
                Remedy::Write(value, _) => values.push((wrong.column, value)),
                Remedy::Delete => {
                    if table.table().model == "session"
                        && let Some(token) = table.text(tx, &row.place, "token")?
                    {
                        Store::new(self.instance).remove_copy(&token)?;
                    }
                    return Ok(table.delete(tx, &row.place)?);
                }
                Remedy::None => {}
            }
        }
        if !values.is_empty() {
            table.write(tx, &row.place, &values)?;
        }
        Ok(0)
    }
}

impl Batch<'_, '_> {
    /// What is done with a row; a deletion alone, where there is one.
    fn meant<'w, 'c>(
        &self,
        row: &CheckedRow<'_>,
        wrong: &'w [WrongValue<'c>],
        now: Timestamp,
    ) -> Vec<(&'w WrongValue<'c>, Remedy)> {
        let mut meant: Vec<_> =
            wrong.iter().map(|wrong| (wrong, remedy(row, wrong, now))).collect();
        let deletion = meant.iter().position(|(_, remedy)| matches!(remedy, Remedy::Delete));
        if let Some(at) = deletion.filter(|_| self.deletes_orphans) {
            return vec![meant.swap_remove(at)];
        }
        meant.retain(|(_, remedy)| matches!(remedy, Remedy::Write(..)));
        meant
    }

    fn repairs(&self, row: &CheckedRow<'_>, now: Timestamp) -> Vec<Repair> {
        let meant = self.meant(row, &row.wrong, now);
        let told = meant.iter().filter_map(|(wrong, remedy)| {
            Some(Repair {
                table: self.table.table().name.clone(),
                row: row.id.clone(),
                column: wrong.column.name.clone(),
                repair: remedy.words()?,
                refused: None,
            })
        });
        told.collect()
    }
}
