//! The tables: declared as data and compared with the database. Migrations only add.

mod additional;
mod catalog;
mod core;
mod declared;
mod diff;
mod inspect;
mod migrate;
mod names;
mod observe;
mod other_names;
mod recognise;
mod render;
mod table;
mod tables;

use crate::config::Config;
use crate::config::RateLimitStorage;

pub use declared::Declared;
pub use declared::declared;
pub use diff::Plan;
pub use diff::PlanStep;
pub use inspect::beyond;
pub use inspect::column_names;
pub use inspect::references;
pub use migrate::MigrateError;
pub use migrate::migrate;
pub use migrate::migrate_and;
pub use migrate::misdirected;
pub use migrate::plan;
pub use names::check as check_names;
pub use names::named;
pub use observe::observe;
pub use recognise::Maker;
pub use recognise::Model;
pub use recognise::Options;
pub use recognise::Recognised;
pub use recognise::recognise;
pub use render::render;
pub use table::AddedField;
pub use table::Column;
pub use table::Comparison;
pub use table::Fill;
pub use table::Index;
pub use table::Kind;
pub use table::Reference;
pub use table::Table;
pub use table::quoted;
pub use tables::Tables;

/// The table with the record of the last copy into a database.
pub fn database_copy() -> Table {
    core::database_copy()
}

/// Every table that this configuration requires, in the order of creation.
pub fn needed(config: &Config) -> Vec<Table> {
    let mut user = core::user();
    user.columns.extend(additional::columns(&config.user.additional_fields));
    let mut session = core::session();
    session.columns.extend(additional::columns(&config.session.additional_fields));
    let mut tables = vec![user];
    if config.keeps_session_rows() {
        tables.push(session);
    }
    let mut account = core::account();
    account.columns.extend(additional::columns(&config.account.additional_fields));
    tables.push(account);
    if config.keeps_verification_rows() {
        let mut verification = core::verification();
        verification.columns.extend(additional::columns(&config.verification.additional_fields));
        tables.push(verification);
    }
    if config.rate_limit_storage() == RateLimitStorage::Database {
        tables.push(core::rate_limit());
    }
    if config.transport().keeps_outbox() {
        tables.push(core::email_outbox());
    }
    tables
}
