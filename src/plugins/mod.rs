//! The plugins that can be switched on in the configuration, one line each. A plugin is a folder, or a
//! file where that is enough; the core knows none of them, and none of them another.

mod admin;
mod bearer;
mod have_i_been_pwned;
mod open_api;
mod username;

use indexmap::IndexMap;
use serde_json::Value;

use crate::config;
use crate::config::ConfigError;
use crate::plugin::Entry;
use crate::plugin::Plugin;

/// Every plugin, in the order of their ids, in which their hooks run too.
pub const ALL: &[Entry] =
    &[admin::ENTRY, bearer::ENTRY, have_i_been_pwned::ENTRY, open_api::ENTRY, username::ENTRY];

/// The plugins that a configuration names, in its order.
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

/// The place of a plugin in the order in which hooks run; those that a program adds come last, in their own order.
pub(crate) fn position(id: &str) -> usize {
    ALL.iter().position(|entry| entry.id == id).unwrap_or(ALL.len())
}
