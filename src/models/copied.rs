//! The `databaseCopy` row and its SQL: a record of the last copy into a database. A later copy needs it to tell a row
//! deleted on one side from a row that never existed on the other.

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
    /// The source database.
    pub source: String,
    /// When it began: rows written later are not from the source.
    pub begun_at: Timestamp,
    /// Everything in the source at this time was copied; `None` while the first copy is incomplete.
    pub complete_at: Option<Timestamp>,
    /// Whether the target was a copy of the source only, not merged into other data.
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
    /// The last copy into this database; the table must exist.
    pub fn find(tx: &mut Tx<'_>) -> Result<Option<Self>, DatabaseError> {
        tx.statements::<Sql>()?.find.one(tx, &[])
    }

    /// Replaces the record with this one.
    pub fn remember(&self, tx: &mut Tx<'_>) -> Result<(), DatabaseError> {
        let sql = tx.statements::<Sql>()?;
        tx.execute(&sql.forget, &[])?;
        sql.insert.run(tx, self).map(drop)
    }
}
