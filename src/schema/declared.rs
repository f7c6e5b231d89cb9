//! What a database declares of the tables, for checking their rows: which columns there are, which of them hold no
//! value twice, and how a row is named that has no id of its own.

use crate::database::DatabaseError;
use crate::database::Dialect;
use crate::database::Tx;
use crate::schema::inspect::inspect;
use crate::schema::table::Table;

/// Whether a table of SQLite has no row numbers.
const IS_WITHOUT_ROWID: &str =
    "SELECT wr FROM pragma_table_list WHERE schema = 'main' AND lower(name) = lower($1)";

/// A table as the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// The columns that are there, as positions in [`Table::columns`].
    pub columns: Vec<usize>,
    /// Those of them that must hold no value twice and may, because no index sees to it.
    pub may_repeat: Vec<usize>,
    /// Whether its rows have numbers besides their ids.
    pub has_rowid: bool,
}

/// Each of these tables as the database has it; `None` where it is missing, or has no ids.
///
/// # Errors
/// [`DatabaseError`] when the catalog cannot be read.
pub fn declared(tx: &mut Tx<'_>, tables: &[Table]) -> Result<Vec<Option<Declared>>, DatabaseError> {
    let existing = inspect(tx, tables)?;
    let mut all = Vec::new();
    for table in tables {
        let found = existing.table(&table.name).filter(|found| {
            table.columns.iter().any(|key| key.is_key() && found.column(&key.name).is_some())
        });
        let Some(found) = found else {
            all.push(None);
            continue;
        };
        let mut declared =
            Declared { columns: Vec::new(), may_repeat: Vec::new(), has_rowid: false };
        for (at, column) in table.columns.iter().enumerate() {
            if found.column(&column.name).is_none() {
                continue;
            }
            declared.columns.push(at);
            if found.may_repeat(column) {
                declared.may_repeat.push(at);
            }
        }
        if tx.dialect() == Dialect::Sqlite {
            let is_without =
                tx.find(IS_WITHOUT_ROWID, &[(&table.name).into()], |row| row.flag(0))?;
            declared.has_rowid = is_without == Some(false);
        }
        all.push(Some(declared));
    }
    Ok(all)
}
