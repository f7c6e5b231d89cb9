//! The `databaseCopy` row and its SQL: what a database that was copied into remembers of the last copy. Only with it
//! can a later copy tell a row that was deleted on one side from a row that never was on the other.

use crate::database::DatabaseError;
use crate::database::Param;
use crate::database::Timestamp;
use crate::database::Tx;

const FIND: &str = r#"SELECT "id", "begunAt", "completeAt", "isWhole" FROM "databaseCopy""#;
const FORGET: &str = r#"DELETE FROM "databaseCopy""#;
const INSERT: &str = r#"INSERT INTO "databaseCopy" ("id", "begunAt", "completeAt", "isWhole")
    VALUES ($1, $2, $3, $4)"#;

/// The last copy into a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastCopy {
    /// From this database.
    pub source: String,
    /// When it began: what was written later is not from the source.
    pub begun_at: Timestamp,
    /// Everything that the source held at this time has arrived; nothing is known while the first copy goes on.
    pub complete_at: Option<Timestamp>,
    /// Whether every row was one of the source: nothing was merged into other data.
    pub is_whole: bool,
}

impl LastCopy {
    /// The last copy into this database; it must have the table.
    ///
    /// # Errors
    /// What the database answers, here and below.
    pub fn find(tx: &mut Tx<'_>) -> Result<Option<Self>, DatabaseError> {
        tx.find(FIND, &[], |row| {
            Ok(Self {
                source: row.text(0)?,
                begun_at: row.time(1)?,
                complete_at: row.optional_time(2)?,
                is_whole: row.flag(3)?,
            })
        })
    }

    /// Remembers this one instead of any other.
    ///
    /// # Errors
    /// As [`LastCopy::find`].
    pub fn remember(&self, tx: &mut Tx<'_>) -> Result<(), DatabaseError> {
        tx.execute(FORGET, &[])?;
        let complete_at = self.complete_at.map_or(Param::Null, Into::into);
        let begun_at = self.begun_at.into();
        let params = [(&self.source).into(), begun_at, complete_at, self.is_whole.into()];
        tx.execute(INSERT, &params)?;
        Ok(())
    }
}

/// Every statement of this file, for the test that prepares them.
#[cfg(test)]
pub(super) fn statements() -> Vec<String> {
    [FIND, FORGET, INSERT].map(str::to_owned).to_vec()
}
