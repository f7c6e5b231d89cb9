//! The tables of a deployment: as configured, and as the database turns out to have them.

use std::ops::Deref;
use std::sync::OnceLock;

use crate::database::DatabaseError;
use crate::database::Form;
use crate::database::Tx;
use crate::schema::observe;
use crate::schema::table::Column;
use crate::schema::table::Table;

/// The tables of a deployment. Their names are those of the configuration; the forms of their values are those of the
/// database, once it has been looked at.
#[derive(Debug)]
pub struct Tables {
    configured: Vec<Table>,
    observed: OnceLock<Vec<Table>>,
}

impl Tables {
    /// Tables with the names of the configuration.
    pub fn new(configured: Vec<Table>) -> Self {
        Self { configured, observed: OnceLock::new() }
    }

    /// The tables and columns that the configuration requires.
    pub fn configured(&self) -> &[Table] {
        &self.configured
    }

    /// The forms in which the database stores the columns of a table.
    pub fn forms(&self, table: &Table) -> Vec<Form> {
        let here = self.iter().find(|here| here.model == table.model).unwrap_or(table);
        let form = |column: &Column| here.column(&column.field).unwrap_or(column).form;
        table.columns.iter().map(form).collect()
    }

    /// Looks at the database; `false` while it has none of the tables.
    ///
    /// # Errors
    /// [`DatabaseError`] when the database cannot be read.
    pub fn look(&self, tx: &mut Tx<'_>) -> Result<bool, DatabaseError> {
        let Some(observed) = observe(tx, &self.configured)? else {
            return Ok(false);
        };
        self.observed.get_or_init(|| observed);
        Ok(true)
    }
}

impl Deref for Tables {
    type Target = [Table];

    fn deref(&self) -> &[Table] {
        self.observed.get().unwrap_or(&self.configured)
    }
}
