//! The `databaseCopy` row and its SQL: what a database that was copied into remembers of the last copy. Only with it
//! can a later copy tell a row that was deleted on one side from a row that never was on the other.

use crate::database::DatabaseError;
use crate::database::Statement;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::rows::Bind;
use crate::rows::Binder;
use crate::rows::Insert;
use crate::rows::Query;

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

crate::record!(LastCopy in "databaseCopy" {
    source: "id",
    begun_at: "begunAt",
    complete_at: "completeAt",
    is_whole: "isWhole",
});

/// The statements on the last copy.
pub(super) struct Sql {
    find: Query<LastCopy>,
    forget: Statement,
    insert: Insert<LastCopy>,
}

impl Bind for Sql {
    const MODEL: &'static str = "databaseCopy";

    fn bind(binder: &mut Binder<'_>) -> Self {
        Self {
            find: binder.query("SELECT {*} FROM {@}"),
            forget: binder.statement("DELETE FROM {@}"),
            insert: binder.insert(),
        }
    }
}

impl LastCopy {
    /// The last copy into this database; it must have the table.
    pub fn find(tx: &mut Tx<'_>) -> Result<Option<Self>, DatabaseError> {
        tx.statements::<Sql>()?.find.one(tx, &[])
    }

    /// Remembers this one instead of any other.
    pub fn remember(&self, tx: &mut Tx<'_>) -> Result<(), DatabaseError> {
        let sql = tx.statements::<Sql>()?;
        tx.execute(&sql.forget, &[])?;
        sql.insert.run(tx, self)
    }
}
