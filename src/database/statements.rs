//! Values made at first use for the statements of a deployment, found by their type.

use std::any::Any;
use std::any::TypeId;
use std::any::type_name;
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::LazyLock;

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

/// The statements of a deployment: one value per type, made at first use.
#[derive(Default)]
pub struct Statements {
    by_type: HashMap<TypeId, Box<dyn Any + Send + Sync>>,
}

type Lazy<S> = LazyLock<Option<S>, Box<dyn FnOnce() -> Option<S> + Send>>;

impl Statements {
    /// Adds a value under its type, made by `bind` at first use.
    pub fn add<S: Any + Send + Sync>(&mut self, bind: impl FnOnce() -> Option<S> + Send + 'static) {
        let lazy: Lazy<S> = LazyLock::new(Box::new(bind));
        self.by_type.insert(TypeId::of::<S>(), Box::new(lazy));
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
