//! Messages that a site sent through the `file` transport.

use std::fs;
use std::path::Path;

use serde_json::Value;

/// A message as the file has it.
#[derive(Debug, Clone)]
pub(crate) struct Mail(Value);

impl Mail {
    pub(crate) fn read(file: &Path) -> Vec<Self> {
        let text = fs::read_to_string(file).unwrap_or_default();
        text.lines().map(|line| Self(serde_json::from_str(line).unwrap())).collect()
    }

    pub(crate) fn field(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap_or_else(|| panic!("no {name}: {self:?}"))
    }

    /// Kind and address in one, for tables.
    pub(crate) fn what(&self) -> (&str, &str) {
        (self.field("kind"), self.field("to"))
    }

    pub(crate) fn token(&self) -> &str {
        self.field("token")
    }

    /// The link's path and query below the base path.
    pub(crate) fn path(&self) -> &str {
        let url = self.field("url");
        let path = url.strip_prefix("http://localhost:3000/api/auth");
        path.unwrap_or_else(|| panic!("{url} leads elsewhere"))
    }

    pub(crate) fn json(&self) -> &Value {
        &self.0
    }
}
