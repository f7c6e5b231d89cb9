//! The plugins that the configuration can enable, one line each. A plugin is a folder or a file.
//! The core does not depend on any plugin, and plugins do not depend on each other.

mod admin;
mod bearer;
mod have_i_been_pwned;
mod open_api;
mod username;

use indexmap::IndexMap;
use serde_json::Value;

use crate::config;
use crate::config::ConfigError;
use crate::config::reference;
use crate::plugin::Entry;
use crate::plugin::Plugin;

/// All plugins, sorted by id; their hooks run in this order.
pub const ALL: &[Entry] =
    &[admin::ENTRY, bearer::ENTRY, have_i_been_pwned::ENTRY, open_api::ENTRY, username::ENTRY];

/// The plugins in a configuration, in its order.
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

/// The JSON Schema of a configuration file, with the options of every plugin.
pub fn config_schema() -> Value {
    reference::schema(ALL.iter().map(|entry| (entry.id, entry.options)))
}

/// The position of a plugin in the order of hooks; plugins that a program adds come last, in their
/// own order.
pub(crate) fn position(id: &str) -> usize {
    ALL.iter().position(|entry| entry.id == id).unwrap_or(ALL.len())
}
