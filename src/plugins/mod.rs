//! The plugins that can be switched on in the configuration, one line each. A plugin is a folder, or a
//! file where that is enough; the core knows none of them, and none of them another.

mod admin;
mod bearer;
mod username;

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Map;
use serde_json::Value;

use crate::config;
use crate::config::AdditionalField;
use crate::config::AdditionalFields;
use crate::config::ConfigError;
use crate::error::AuthError;
use crate::error::codes;
use crate::plugin::Entry;
use crate::plugin::Plugin;

/// Every plugin, in the order of their ids.
pub const ALL: &[Entry] = &[admin::ENTRY, bearer::ENTRY, username::ENTRY];

/// The plugins that a configuration names, in its order.
///
/// # Errors
/// An id that nobody has, or options that its plugin does not take.
pub(crate) fn configured(
    configured: &IndexMap<String, Value>,
) -> Result<Vec<Box<dyn Plugin>>, ConfigError> {
    let known: Vec<&str> = ALL.iter().map(|entry| entry.id).collect();
    let make = |(id, options): (&String, &Value)| {
        let entry = ALL.iter().find(|entry| entry.id == id);
        let entry = entry.ok_or_else(|| config::unknown_key("plugins", id, &known))?;
        (entry.make)(options)
    };
    configured.iter().map(make).collect()
}

/// The options of the plugin with this id; a key that they do not have is refused.
fn options<T: DeserializeOwned>(id: &str, value: &Value) -> Result<T, ConfigError> {
    // `bearer = true` reads as well as an empty table.
    let value = match value {
        Value::Bool(true) => Value::Object(Map::new()),
        value => value.clone(),
    };
    config::section(&format!("plugins.{id}"), value)
}

/// What is said where a plugin is needed that is not on.
fn is_off(id: &str) -> AuthError {
    let advice = format!("needs the plugin {id}; add [plugins.{id}] to the configuration");
    AuthError::new(codes::CONFIG_INVALID).with_message(advice)
}

/// `schema.user.fields` and its like: other names for the columns of a plugin's fields.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct FieldNames {
    fields: IndexMap<String, String>,
}

impl FieldNames {
    /// Refuses names of fields that there are not.
    fn check(&self, path: &str, known: &[&str]) -> Result<(), ConfigError> {
        match self.fields.keys().find(|name| !known.contains(&name.as_str())) {
            Some(name) => Err(config::unknown_key(path, name, known)),
            None => Ok(()),
        }
    }

    /// The fields under these names.
    fn named<const N: usize>(&self, fields: [(&str, AdditionalField); N]) -> AdditionalFields {
        let named = fields.into_iter().map(|(name, mut field)| {
            field.field_name = self.fields.get(name).cloned();
            (name.to_owned(), field)
        });
        named.collect()
    }
}
