//! Values made at first use for the statements of a deployment, found by their type.

use std::any::Any;
use std::any::TypeId;
use std::any::type_name;
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use crate::database::DatabaseError;
use crate::database::Form;
use crate::database::Tx;

/// A statement with the names of this deployment filled in, and the forms that its parameters are stored in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    text: Arc<str>,
    forms: Arc<[Form]>,
}

impl Statement {
    /// A statement whose parameters, in the order of their numbers, have these forms.
    pub fn new(text: impl Into<Arc<str>>, mut forms: Vec<Form>) -> Self {
        if forms.iter().all(|form| *form == Form::Native) {
            forms.clear();
        }
        Self { text: text.into(), forms: forms.into() }
    }
}

impl Deref for Statement {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

/// `$4, $5, $6`: the parameters from this number on.
pub fn placeholders(first: usize, count: usize) -> String {
    (first..first + count).map(|number| format!("${number}")).collect::<Vec<_>>().join(", ")
}

/// What a transaction runs: a text, and the forms of its parameters.
#[derive(Clone, Copy)]
pub struct SqlText<'a> {
    pub(super) text: &'a str,
    pub(super) forms: &'a [Form],
}

impl<'a> From<&'a Statement> for SqlText<'a> {
    fn from(statement: &'a Statement) -> Self {
        Self { text: &statement.text, forms: &statement.forms }
    }
}

impl<'a> From<&'a str> for SqlText<'a> {
    fn from(text: &'a str) -> Self {
        Self { text, forms: &[] }
    }
}

impl<'a> From<&'a String> for SqlText<'a> {
    fn from(text: &'a String) -> Self {
        Self::from(text.as_str())
    }
}

/// The statements of a deployment: one value per type, made at first use.
#[derive(Default)]
pub struct Statements {
    by_type: HashMap<TypeId, Box<dyn Any + Send + Sync>>,
    /// Looks at the tables before statements on them are made.
    look: Option<Box<Look>>,
    has_looked: AtomicBool,
}

/// Looks at the tables of a database; `false` while there are none.
type Look = dyn Fn(&mut Tx<'_>) -> Result<bool, DatabaseError> + Send + Sync;
type Lazy<S> = LazyLock<Option<S>, Box<dyn FnOnce() -> Option<S> + Send>>;

impl Statements {
    /// Adds a value under its type, made by `bind` at first use.
    pub fn add<S: Any + Send + Sync>(&mut self, bind: impl FnOnce() -> Option<S> + Send + 'static) {
        let lazy: Lazy<S> = LazyLock::new(Box::new(bind));
        self.by_type.insert(TypeId::of::<S>(), Box::new(lazy));
    }

    /// Runs `look` in the first transaction that finds tables, before its job.
    pub fn look_first(
        &mut self,
        look: impl Fn(&mut Tx<'_>) -> Result<bool, DatabaseError> + Send + Sync + 'static,
    ) {
        self.look = Some(Box::new(look));
    }

    /// Looks at the tables, unless that has been done.
    pub(super) fn look(&self, tx: &mut Tx<'_>) -> Result<(), DatabaseError> {
        if let Some(look) = self.look.as_ref().filter(|_| !self.has_looked.load(Ordering::Acquire))
        {
            self.has_looked.store(look(tx)?, Ordering::Release);
        }
        Ok(())
    }

    /// The value of a type.
    ///
    /// # Errors
    /// [`DatabaseError::Schema`] where there is none: this deployment does not have the table.
    pub fn get<S: Any>(&self) -> Result<&S, DatabaseError> {
        let lazy = self.by_type.get(&TypeId::of::<S>());
        let found = lazy.and_then(|lazy| lazy.downcast_ref::<Lazy<S>>());
        found.and_then(|found| found.as_ref()).ok_or_else(|| {
            let reason = format!("this deployment has no statements of {}", type_name::<S>());
            DatabaseError::Schema(reason)
        })
    }
}
