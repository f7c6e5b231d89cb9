//! Configuration errors.

use std::fmt;

use crate::error::AuthError;
use crate::error::codes;

/// An invalid configuration: the source, the key, and the problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// The file or variable; `None` for a configuration that a program built.
    pub source: Option<String>,
    /// The key, such as `session.expiresIn`; empty if the error is not about one key.
    pub path: String,
    /// The problem, without secrets.
    pub problem: String,
}

impl ConfigError {
    /// An error of this key in a configuration that a program built.
    pub fn new(path: &str, problem: impl Into<String>) -> Self {
        Self { source: None, path: path.to_owned(), problem: problem.into() }
    }

    pub(super) fn in_source(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.source.as_deref().into_iter().chain([self.path.as_str()]);
        for part in place.filter(|part| !part.is_empty()) {
            write!(f, "{part}: ")?;
        }
        f.write_str(&self.problem)
    }
}

impl std::error::Error for ConfigError {}

impl From<ConfigError> for AuthError {
    fn from(error: ConfigError) -> Self {
        Self::new(codes::CONFIG_INVALID).with_cause(error)
    }
}
