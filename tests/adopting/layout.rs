//! The rows of `layouts.toml`: how a tool lays out a database, and the options with which each server opens it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use serde_json::json;

use crate::ours::merge;

/// A database as a tool makes it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Layout {
    pub(crate) name: String,
    pub(crate) what: String,
    pub(crate) tool: String,
    pub(crate) dialect: Dialect,
    pub(crate) schema: Option<String>,
    #[serde(default = "elsewhere", rename = "timeZone")]
    pub(crate) time_zone: String,
    #[serde(default)]
    sets: Vec<String>,
    #[serde(default)]
    theirs: Vec<String>,
    #[serde(default)]
    ours: Vec<String>,
    #[serde(default = "nothing")]
    pub(crate) adapter: Value,
    #[serde(default)]
    pub(crate) generated: Vec<(String, String)>,
    #[serde(default)]
    pub(crate) sql: Vec<String>,
    #[serde(default)]
    pub(crate) known: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Dialect {
    Sqlite,
    Postgresql,
}

#[derive(Deserialize)]
struct File {
    layout: Vec<Layout>,
    sets: BTreeMap<String, Value>,
}

impl Layout {
    /// The layout of this name.
    pub(crate) fn named(name: &str) -> Self {
        let found = all().into_iter().find(|layout| layout.name == name);
        found.unwrap_or_else(|| panic!("layouts.toml has no {name}"))
    }

    /// The options of the TypeScript server.
    pub(crate) fn theirs(&self) -> Value {
        put_together([&self.sets, &self.theirs])
    }

    /// The configuration of our program.
    pub(crate) fn ours(&self) -> Value {
        put_together([&self.sets, &self.ours])
    }

    /// Whether both servers have the options of this set.
    pub(crate) fn has(&self, set: &str) -> bool {
        self.sets.iter().any(|name| name == set)
    }
}

/// Every layout, in the order of the file.
pub(crate) fn all() -> Vec<Layout> {
    file().layout
}

fn file() -> File {
    toml::from_str(include_str!("layouts.toml")).expect("layouts.toml is well formed")
}

fn put_together(names: [&Vec<String>; 2]) -> Value {
    let mut sets = file().sets;
    let mut options = nothing();
    for name in names.into_iter().flatten() {
        let set = sets.remove(name).unwrap_or_else(|| panic!("no set {name}, or twice"));
        merge(&mut options, set);
    }
    options
}

/// Far from UTC, so that whatever is written in local time shows.
fn elsewhere() -> String {
    "America/New_York".to_owned()
}

fn nothing() -> Value {
    json!({})
}
