//! The schema of the tables: whether it is there and contains anything.

use crate::config::search_path::quoted;
use crate::database::DatabaseError;
use crate::database::Tx;
use crate::database::postgres::Postgres;

/// The current schema, and whether it contains anything.
const LOOK: &str = "SELECT current_schema(), EXISTS (SELECT 1 FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f'))";
/// Whether a schema is there although it is not the current one, and the role that looks.
const NAMED: &str =
    "SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = $1), quote_ident(current_user)";

impl Postgres {
    /// Whether there are tables.
    ///
    /// # Errors
    /// [`DatabaseError::Unavailable`] with what to do, if there is no schema for them.
    pub(in crate::database) fn is_filled(&self, tx: &mut Tx<'_>) -> Result<bool, DatabaseError> {
        let look = |row: &crate::database::Row<'_>| Ok((row.optional_text(0)?, row.flag(1)?));
        if let Some((Some(_), is_filled)) = tx.find(LOOK, &[], look)? {
            return Ok(is_filled);
        }
        let search_path = self.url.as_ref().ok().and_then(|url| url.search_path.as_ref());
        let Some(schema) = search_path.and_then(|path| path.only()) else {
            let reason = "its search_path names no schema that is there";
            return Err(DatabaseError::Unavailable(reason.to_owned()));
        };
        let named = tx.find(NAMED, &[schema.into()], |row| Ok((row.flag(0)?, row.text(1)?)))?;
        let name = quoted(schema);
        Err(DatabaseError::Unavailable(match named {
            Some((true, role)) => format!(
                "the role {role} may not use the schema {name}; allow it with GRANT USAGE, CREATE ON SCHEMA {name} TO {role}"
            ),
            _ => format!("there is no schema {name}; make it with CREATE SCHEMA {name}"),
        }))
    }
}
