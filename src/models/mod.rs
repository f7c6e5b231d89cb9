//! Rows and their SQL, one file per table. No other room contains SQL of these tables.
//!
//! Statements are texts beside the functions that run them; the names of the deployment are filled in at first use.
//! They are the same for every database: `$1` parameters that first appear in ascending order, `RETURNING`, and neither
//! clock nor randomness of the database. Copies in secondary storage have files of their own, with keys and JSON
//! instead of SQL.

pub mod account;
pub mod attempts;
pub mod copied;
pub mod linked_account;
mod mark;
pub mod outbox;
pub mod rate_limit;
pub mod restriction;
pub mod session;
pub mod session_copy;
mod session_list;
pub mod user;
pub mod user_query;
pub mod verification;
pub mod verification_copy;

use crate::config::Config;
use crate::rows::Catalog;
use crate::schema;
use crate::schema::Table;

pub use account::Account;
pub use session::Session;
pub use session::SessionWithUser;
pub use user::User;

/// Binds every statement of the core to the tables of the core and of plugins.
pub fn bound(config: &Config, tables: Vec<Table>) -> Catalog {
    let mut catalog =
        Catalog::new(schema::named([schema::needed(config), tables].concat(), config));
    catalog.add::<user::Sql>();
    catalog.add::<session::Sql>();
    catalog.add::<account::Sql>();
    catalog.add::<linked_account::Sql>();
    catalog.add::<verification::Sql>();
    catalog.add::<attempts::Sql>();
    catalog.add::<rate_limit::Sql>();
    catalog.add::<outbox::Sql>();
    catalog.add_to::<copied::Sql>(schema::database_copy);
    catalog
}

#[cfg(test)]
mod tests;
