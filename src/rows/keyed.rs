//! Statements on rows that are named by the values of some fields: find, delete, delete and answer, compare and set.

use std::marker::PhantomData;

use crate::database::DatabaseError;
use crate::database::Param;
use crate::database::Statement;
use crate::database::Tx;
use crate::rows::Binder;
use crate::rows::Query;
use crate::rows::Record;

impl Binder<'_> {
    /// Finds rows by these fields, whose values are the parameters.
    pub fn find<R: Record>(&mut self, fields: &[&str]) -> Query<R> {
        self.query(&format!("SELECT {{*}} FROM {{@}} WHERE {}", equal(fields)))
    }

    /// Deletes rows by these fields.
    pub fn delete(&mut self, fields: &[&str]) -> Delete {
        Delete(self.statement(&format!("DELETE FROM {{@}} WHERE {}", equal(fields))))
    }

    /// Deletes rows by these fields and answers them: of those who try at the same moment one gets a row.
    pub fn take<R: Record>(&mut self, fields: &[&str]) -> Query<R> {
        self.query(&format!("DELETE FROM {{@}} WHERE {} RETURNING {{*}}", equal(fields)))
    }

    /// Writes these fields of the row with this `key` if the `compared` ones are as they were read.
    pub fn swap<R: Record>(
        &mut self,
        written: &[&'static str],
        key: &'static str,
        compared: &[&'static str],
    ) -> Swap<R> {
        let mut at = 1..;
        let mut list = |fields: &[&str], how: &str, between: &str| {
            let terms = fields.iter().zip(&mut at);
            let terms = terms.map(|(field, at)| format!("{{{field}}} {how} ${at}"));
            terms.collect::<Vec<_>>().join(between)
        };
        let assigned = list(written, "=", ", ");
        let matching = [list(&[key], "=", ""), list(compared, "IS NOT DISTINCT FROM", " AND ")];
        let text = format!("UPDATE {{@}} SET {assigned} WHERE {}", matching.join(" AND "));
        let position = |field: &&str| R::FIELDS.iter().position(|known| known == field);
        Swap {
            statement: self.statement(&text),
            written: written.iter().filter_map(position).collect(),
            compared: [key].iter().chain(compared).filter_map(position).collect(),
            of: PhantomData,
        }
    }
}

/// That these fields have the values of the parameters.
fn equal(fields: &[&str]) -> String {
    let terms = fields.iter().zip(1..).map(|(field, at)| format!("{{{field}}} = ${at}"));
    terms.collect::<Vec<_>>().join(" AND ")
}

/// Deletes rows.
pub struct Delete(Statement);

impl Delete {
    /// Deletes them, and answers how many there were.
    pub fn run(&self, tx: &mut Tx<'_>, params: &[Param<'_>]) -> Result<u64, DatabaseError> {
        tx.execute(&self.0, params)
    }
}

/// Writes a row that has not changed since it was read.
pub struct Swap<R> {
    statement: Statement,
    /// Positions in [`Record::FIELDS`] of what is written.
    written: Vec<usize>,
    /// Positions of what names the row, and of what must be as it was.
    compared: Vec<usize>,
    of: PhantomData<fn() -> R>,
}

impl<R: Record> Swap<R> {
    /// Writes it; `false` when it is gone, or has changed.
    ///
    /// # Errors
    /// [`DatabaseError::Unique`] where another row holds a value that no two may hold.
    pub fn run(&self, tx: &mut Tx<'_>, was: &R, now: &R) -> Result<bool, DatabaseError> {
        let (was, now) = (was.params(), now.params());
        let written = self.written.iter().filter_map(|at| now.get(*at).copied());
        let compared = self.compared.iter().filter_map(|at| was.get(*at).copied());
        let params: Vec<Param<'_>> = written.chain(compared).collect();
        tx.execute(&self.statement, &params).map(|changed| 0 < changed)
    }
}
