//! The tables: declared as data, compared with what a database has, and only ever added to.

mod core;
mod diff;
mod inspect;
mod migrate;
mod render;
mod table;

pub use diff::Plan;
pub use diff::Step;
pub use inspect::Layout;
pub use inspect::layout;
pub use migrate::MigrateError;
pub use migrate::migrate;
pub use migrate::plan;
pub use render::render;
pub use table::Column;
pub use table::Fill;
pub use table::Index;
pub use table::Kind;
pub use table::Table;

/// Every table that is needed, in the order in which they are made.
pub fn needed() -> &'static [Table] {
    core::TABLES
}
