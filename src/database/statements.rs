//! What is worked out once, at start, for the statements of a deployment, found again by its type.

use std::any::Any;
use std::any::TypeId;
use std::any::type_name;
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;

use crate::database::DatabaseError;

/// A statement with the names of this deployment filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement(Arc<str>);

impl From<String> for Statement {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl Deref for Statement {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// The statements of a deployment: one value for each type that holds some.
#[derive(Default)]
pub struct Statements {
    by_type: HashMap<TypeId, Box<dyn Any + Send + Sync>>,
}

impl Statements {
    /// Keeps a value under its type.
    pub fn add<S: Any + Send + Sync>(&mut self, statements: S) {
        self.by_type.insert(TypeId::of::<S>(), Box::new(statements));
    }

    /// The value of a type.
    ///
    /// # Errors
    /// [`DatabaseError::Schema`] where it was not added: this deployment does not have the table.
    pub fn get<S: Any>(&self) -> Result<&S, DatabaseError> {
        let found = self.by_type.get(&TypeId::of::<S>()).and_then(|found| found.downcast_ref());
        found.ok_or_else(|| {
            let reason = format!("this deployment has no statements of {}", type_name::<S>());
            DatabaseError::Schema(reason)
        })
    }
}
