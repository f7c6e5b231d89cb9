//! The tables of a deployment and every statement on them.

use std::any::Any;
use std::sync::Arc;

use crate::database::Statement;
use crate::database::Statements;
use crate::rows::Binder;
use crate::schema::Table;
use crate::schema::Tables;

/// The statements of one table, as a type.
pub trait Bind: Any + Send + Sync + Sized {
    /// The model of the table.
    const MODEL: &'static str;

    /// Puts the statements together, with the names of this deployment.
    fn bind(binder: &mut Binder<'_>) -> Self;
}

/// What can be bound to the tables of a deployment.
pub struct Catalog {
    tables: Arc<Tables>,
    statements: Statements,
    texts: Vec<Box<dyn Fn() -> Vec<Statement>>>,
}

impl Catalog {
    /// No statements yet.
    pub fn new(tables: Vec<Table>) -> Self {
        let tables = Arc::new(Tables::new(tables));
        let mut statements = Statements::default();
        let looked_at = Arc::clone(&tables);
        statements.look_first(move |tx| looked_at.look(tx));
        Self { tables, statements, texts: Vec::new() }
    }

    /// Binds the statements of this type at their first use, if this deployment has their table.
    pub fn add<B: Bind>(&mut self) {
        self.add_by(|tables, texts| {
            let table = tables.iter().find(|table| table.model == B::MODEL)?;
            Some(B::bind(&mut Binder::new(tables, table, texts)))
        });
    }

    /// Binds the statements of this type to a table that no migration makes.
    pub fn add_to<B: Bind>(&mut self, table: fn() -> Table) {
        self.add_by(move |tables, texts| Some(B::bind(&mut Binder::new(tables, &table(), texts))));
    }

    fn add_by<B: Bind>(
        &mut self,
        bind: impl Fn(&[Table], &mut Vec<Statement>) -> Option<B> + Copy + Send + 'static,
    ) {
        let tables = Arc::clone(&self.tables);
        self.statements.add(move || bind(&tables, &mut Vec::new()));
        let tables = Arc::clone(&self.tables);
        self.texts.push(Box::new(move || {
            let mut texts = Vec::new();
            bind(&tables, &mut texts);
            texts
        }));
    }

    /// The tables, with the names of the configuration.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// Every statement that can be bound.
    pub fn texts(&self) -> Vec<Statement> {
        self.texts.iter().flat_map(|texts| texts()).collect()
    }

    /// The tables, and what the transactions of a database need.
    pub fn into_parts(self) -> (Arc<Tables>, Statements) {
        (self.tables, self.statements)
    }
}
