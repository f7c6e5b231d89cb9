//! The tables of a deployment and every statement on them.

use std::any::Any;

use crate::database::Statement;
use crate::database::Statements;
use crate::rows::Binder;
use crate::schema::Table;

/// The statements of one table, as a type.
pub trait Bind: Any + Send + Sync + Sized {
    /// The model of the table.
    const MODEL: &'static str;

    /// Puts the statements together, with the names of this deployment.
    fn bind(binder: &mut Binder<'_>) -> Self;
}

/// What is bound to the tables of a deployment.
pub struct Catalog {
    tables: Vec<Table>,
    statements: Statements,
    texts: Vec<Statement>,
}

impl Catalog {
    /// Nothing bound yet.
    pub fn new(tables: Vec<Table>) -> Self {
        Self { tables, statements: Statements::default(), texts: Vec::new() }
    }

    /// Binds the statements of this type, if this deployment has their table.
    pub fn add<B: Bind>(&mut self) {
        if let Some(table) = self.tables.iter().find(|table| table.model == B::MODEL) {
            let bound = B::bind(&mut Binder::new(&self.tables, table, &mut self.texts));
            self.statements.add(bound);
        }
    }

    /// Every statement that was bound.
    pub fn texts(&self) -> &[Statement] {
        &self.texts
    }

    /// The tables, and what the transactions of a database need.
    pub fn into_parts(self) -> (Vec<Table>, Statements) {
        (self.tables, self.statements)
    }
}
