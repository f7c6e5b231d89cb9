//! A configuration file: a line that says `json` or `toml`, then the file.

use std::fs;
use std::path::Path;

use better_auth::BetterAuth;
use better_auth::Config;
use better_auth::ConfigError;
use better_auth::config::Overrides;
use serde_json::Value;
use tempfile::TempDir;

use super::first_line;

/// Bytes from which on a value is told from other text; shorter ones are found in anything.
const TELLING: usize = 6;
thread_local! {
    static FOLDER: TempDir = tempfile::tempdir().unwrap();
}

/// Any file makes a server, or an error that names file and key; neither shows a secret.
pub fn check(input: &[u8]) {
    let (kind, text) = first_line(input);
    let (name, tree) = match kind {
        b"json" => ("better-auth.json", serde_json::from_slice(text).ok()),
        b"toml" => ("better-auth.toml", toml_tree(text)),
        _ => return,
    };
    let secrets = tree.as_ref().map(secrets).unwrap_or_default();
    // What stands there twice may be shown for its other place.
    let is_telling = |secret: &String| {
        TELLING <= secret.len()
            && String::from_utf8_lossy(text).matches(secret.as_str()).count() == 1
    };
    let secrets: Vec<String> = secrets.into_iter().filter(is_telling).collect();
    let said = FOLDER.with(|folder| match load(folder.path(), name, text) {
        Ok(config) => {
            let shown = serde_json::to_string(&config).unwrap();
            if let Some(tree) = tree {
                let file = serde_json::to_vec(&tree).unwrap();
                let same = load(folder.path(), "better-auth.json", &file)
                    .unwrap_or_else(|error| panic!("{error}"));
                assert_eq!(serde_json::to_string(&same).unwrap(), shown, "TOML and JSON differ");
            }
            match BetterAuth::new(config) {
                Ok(auth) => assert!(!auth.endpoints().is_empty()),
                Err(error) => assert_eq!(error.code().name, "CONFIG_INVALID", "{error}"),
            }
            shown
        }
        Err(error) => {
            assert!(error.source.as_ref().is_some_and(|source| source.ends_with(name)), "{error}");
            assert!(!error.problem.is_empty(), "{error}");
            error.to_string()
        }
    });
    for secret in secrets {
        assert!(!said.contains(&secret), "{secret} shows in {said}");
    }
}

fn load(folder: &Path, name: &str, text: &[u8]) -> Result<Config, ConfigError> {
    let file = folder.join(name);
    fs::write(&file, text).unwrap();
    let overrides = Overrides { config: Some(file), ..Overrides::default() };
    Config::load(&overrides).map(|loaded| loaded.config)
}

fn toml_tree(text: &[u8]) -> Option<Value> {
    let table: toml::Table = std::str::from_utf8(text).ok()?.parse().ok()?;
    serde_json::to_value(table).ok()
}

/// Every value below a name that says that it is a secret.
fn secrets(tree: &Value) -> Vec<String> {
    let is_secret = |name: &str| {
        let name = name.to_lowercase();
        name.contains("secret") || name.ends_with("password") || name.contains("privatekey")
    };
    match tree {
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, member)| match member {
                Value::String(text) if is_secret(name) => vec![text.clone()],
                Value::Number(number) if is_secret(name) => vec![number.to_string()],
                member => secrets(member),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(secrets).collect(),
        _ => Vec::new(),
    }
}
