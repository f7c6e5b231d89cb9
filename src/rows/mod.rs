//! Rows and the statements on them: how a row type and its table become SQL, once, at the first use.
//!
//! A statement is a text with names in braces, `SELECT {*} FROM {@} WHERE {email} = $1`, and the names of this
//! deployment are filled in when it is first used ([`Binder`]). A row type lists its columns once
//! ([`record!`](crate::record)). What is bound is found again by its type: `tx.statements::<S>()`. Every statement
//! that can be bound is in [`Catalog::texts`], and a test prepares all of them on each database.

mod added;
pub mod any_table;
mod binder;
mod catalog;
mod cell;
pub mod checked_table;
mod comparison;
mod json;
mod keyed;
mod record;
mod select;
mod stored;

pub use added::Additional;
pub use added::FieldOf;
pub use added::Fields;
pub use binder::Binder;
pub use catalog::Bind;
pub use catalog::Catalog;
pub use cell::Cell;
pub use cell::Cells;
pub use keyed::Delete;
pub use keyed::Swap;
pub use record::Insert;
pub use record::Query;
pub use record::Record;
pub use record::Shape;
pub use record::Update;
pub use record::count;
pub use select::Condition;
pub use select::Direction;
pub use select::Operator;
pub use select::Page;
pub use select::Select;
pub use stored::Stored;
