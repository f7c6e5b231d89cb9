//! One value of a row, as Rust has it.
//!
//! Rows of other programs hold what none of this program would: an empty name, text in another encoding, a time that is
//! none. Such a row is read nevertheless, so that it can be listed, changed and deleted: text that is missing is empty,
//! a time that cannot be read is 1970, so that it has expired, and a number that is none is 0.

use crate::crypto::Secret;
use crate::database::DatabaseError;
use crate::database::Param;
use crate::database::Row;
use crate::database::Timestamp;
use crate::rows::Additional;
use crate::rows::Fields;

/// A type that a column can be read into and written from.
pub trait Cell: Sized {
    /// Reads the column at this position.
    ///
    /// # Errors
    /// [`DatabaseError::Unreadable`] with the column's name, where it holds something else and nothing can stand for it.
    fn read(row: &Row<'_>, at: usize) -> Result<Self, DatabaseError>;

    /// The same as a parameter.
    fn param(&self) -> Param<'_>;
}

impl Cell for String {
    fn read(row: &Row<'_>, at: usize) -> Result<Self, DatabaseError> {
        Ok(row.any_text(at)?.unwrap_or_default())
    }

    fn param(&self) -> Param<'_> {
        self.into()
    }
}

impl Cell for Option<String> {
    fn read(row: &Row<'_>, at: usize) -> Result<Self, DatabaseError> {
        row.any_text(at)
    }

    fn param(&self) -> Param<'_> {
        self.as_ref().into()
    }
}

impl Cell for Option<Secret> {
    fn read(row: &Row<'_>, at: usize) -> Result<Self, DatabaseError> {
        Ok(row.any_text(at)?.map(Secret::new))
    }

    fn param(&self) -> Param<'_> {
        self.as_ref().map(Secret::expose).into()
    }
}

impl Cell for bool {
    fn read(row: &Row<'_>, at: usize) -> Result<Self, DatabaseError> {
        row.flag(at)
    }

    fn param(&self) -> Param<'_> {
        (*self).into()
    }
}

impl Cell for i64 {
    fn read(row: &Row<'_>, at: usize) -> Result<Self, DatabaseError> {
        row.any_integer(at)
    }

    fn param(&self) -> Param<'_> {
        (*self).into()
    }
}

impl Cell for Timestamp {
    fn read(row: &Row<'_>, at: usize) -> Result<Self, DatabaseError> {
        Ok(row.any_time(at)?.unwrap_or(Self::EPOCH))
    }

    fn param(&self) -> Param<'_> {
        (*self).into()
    }
}

impl Cell for Option<Timestamp> {
    fn read(row: &Row<'_>, at: usize) -> Result<Self, DatabaseError> {
        row.any_time(at)
    }

    fn param(&self) -> Param<'_> {
        (*self).into()
    }
}

/// The columns of a row, read one after the other.
pub struct Cells<'a> {
    pub(super) row: &'a Row<'a>,
    pub(super) at: usize,
    pub(super) added: &'a Fields,
}

impl Cells<'_> {
    /// The next column.
    pub fn take<C: Cell>(&mut self) -> Result<C, DatabaseError> {
        let cell = C::read(self.row, self.at)?;
        self.at += 1;
        Ok(cell)
    }

    /// The columns that were added to the table; they come last.
    pub fn additional(&mut self) -> Result<Additional, DatabaseError> {
        self.added.read(self.row, self.at)
    }
}
