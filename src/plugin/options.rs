//! The options of a plugin in the configuration.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Map;
use serde_json::Value;

use crate::config;
use crate::config::AdditionalField;
use crate::config::AdditionalFields;
use crate::config::ConfigError;
use crate::error::AuthError;
use crate::error::codes;

/// Parses the options of the plugin with this id from its value below `plugins`.
pub fn options<T: DeserializeOwned>(id: &str, value: &Value) -> Result<T, ConfigError> {
    // `bearer = true` is the same as an empty table.
    let value = match value {
        Value::Bool(true) => Value::Object(Map::new()),
        value => value.clone(),
    };
    config::section(&format!("plugins.{id}"), value)
}

/// The error for an operation that needs a disabled plugin.
pub fn is_off(id: &str) -> AuthError {
    let advice = format!("needs the plugin {id}; add [plugins.{id}] to the configuration");
    AuthError::new(codes::CONFIG_INVALID).with_message(advice)
}

/// `schema.user.fields` and similar options: other names for the columns of a plugin's fields.
#[derive(Debug, Default, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct FieldNames {
    /// The column by the name of the field.
    fields: IndexMap<String, String>,
}

impl FieldNames {
    /// Rejects unknown fields.
    pub fn check(&self, path: &str, known: &[&str]) -> Result<(), ConfigError> {
        match self.fields.keys().find(|name| !known.contains(&name.as_str())) {
            Some(name) => Err(config::unknown_key(path, name, known)),
            None => Ok(()),
        }
    }

    /// Applies the names to the fields.
    pub fn named<const N: usize>(&self, fields: [(&str, AdditionalField); N]) -> AdditionalFields {
        let named = fields.into_iter().map(|(name, mut field)| {
            field.field_name = self.fields.get(name).cloned();
            (name.to_owned(), field)
        });
        named.collect()
    }
}
