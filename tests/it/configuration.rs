//! The schema of configuration files, held against what reads them: both accept the same keys, types and numbers.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use better_auth::Config;
use better_auth::plugins;
use boon::Compiler;
use boon::SchemaIndex;
use boon::Schemas;
use serde_json::Value;
use serde_json::json;

use crate::harness::Folder;
use crate::harness::options::options;

/// The schema as a validator reads it, which refuses one that is not valid.
struct Validator {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Validator {
    fn new() -> Self {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        let place = "https://example.com/better-auth.schema.json";
        compiler.add_resource(place, plugins::config_schema()).unwrap();
        let index = compiler.compile(place, &mut schemas).unwrap();
        Self { schemas, index }
    }

    fn problem(&self, config: &Value) -> Option<String> {
        self.schemas.validate(config, self.index).err().map(|error| format!("{error:#}"))
    }

    fn is_valid(&self, config: &Value) -> bool {
        self.problem(config).is_none()
    }
}

fn from_toml(text: &str) -> Value {
    let table: toml::Table = text.parse().unwrap_or_else(|error| panic!("{error}\n{text}"));
    serde_json::to_value(table).unwrap()
}

/// What reading this says against it, whether the core reads it or a plugin.
fn refusal(config: &Value) -> Option<String> {
    let read: Config = match serde_json::from_value(config.clone()) {
        Ok(read) => read,
        Err(error) => return Some(error.to_string()),
    };
    let make = |(id, options): (&String, &Value)| {
        let entry = plugins::ALL.iter().find(|entry| entry.id == id)?;
        (entry.make)(options).err().map(|error| error.to_string())
    };
    read.plugins.iter().find_map(make)
}

/// A value at the path of an option.
fn with(path: &str, value: Value) -> Value {
    let segments = path.rsplit('.').filter(|segment| !segment.is_empty());
    segments.fold(value, |inner, segment| match segment.strip_suffix("[]") {
        Some(key) => json!({key: [inner]}),
        // The name of a provider does for a field or a path, too.
        None if segment == "*" => json!({"google": inner}),
        None => json!({segment: inner}),
    })
}

#[test]
fn the_schema_accepts_what_the_documents_show() {
    let validator = Validator::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let documents = fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let mut count = 0;
    for document in documents.chain([root.join("README.md")]) {
        if document.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let text = fs::read_to_string(&document).unwrap();
        for block in text.split("```").skip(1).step_by(2).filter_map(|b| b.strip_prefix("toml\n")) {
            let config = from_toml(block);
            assert_eq!(validator.problem(&config), None, "{}: {block}", document.display());
            assert_eq!(refusal(&config), None, "{}: {block}", document.display());
            count += 1;
        }
    }
    assert!(6 <= count, "only {count}");
    assert!(validator.is_valid(&serde_json::to_value(Config::default()).unwrap()));
}

#[test]
fn the_schema_is_printed_and_a_file_may_name_it() {
    let folder = Folder::new();
    let printed = folder.run(&["config", "schema"]).succeeded().stdout;
    assert_eq!(printed, include_str!("../../docs/better-auth.schema.json"));
    folder.run(&["init", "better-auth.json"]).succeeded();
    let file = folder.path("better-auth.json");
    let mut config: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    config["$schema"] = json!("./better-auth.schema.json");
    assert!(Validator::new().is_valid(&config));
    fs::write(&file, config.to_string()).unwrap();
    folder.run(&["info"]).succeeded();
}

/// The tables of a schema that have a fixed set of keys, by path.
fn tables(path: &str, schema: &Value, found: &mut BTreeMap<String, BTreeSet<String>>) {
    let join = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    if let Some(properties) = schema["properties"].as_object() {
        if schema["additionalProperties"] == false {
            found.insert(path.to_owned(), properties.keys().cloned().collect());
        }
        properties.iter().for_each(|(key, schema)| tables(&join(key), schema, found));
    }
    for schema in schema["anyOf"].as_array().into_iter().flatten() {
        tables(path, schema, found);
    }
    tables_below(&join("*"), &schema["additionalProperties"], found);
    tables_below(&format!("{path}[]"), &schema["items"], found);
}

fn tables_below(path: &str, schema: &Value, found: &mut BTreeMap<String, BTreeSet<String>>) {
    if schema.is_object() {
        tables(path, schema, found);
    }
}

/// The keys that an error names as known, by whichever reader.
fn known(error: &str) -> BTreeSet<String> {
    match error.split_once("available: ") {
        Some((_, known)) => known.split(", ").map(str::to_owned).collect(),
        None => error.split('`').skip(3).step_by(2).map(str::to_owned).collect(),
    }
}

#[test]
fn the_schema_has_every_key_that_is_read_and_no_other() {
    let validator = Validator::new();
    let mut found = BTreeMap::new();
    tables("", &plugins::config_schema(), &mut found);
    found.get_mut("").unwrap().remove("$schema");
    found.remove("plugins");
    assert!(30 < found.len(), "only {found:?}");
    let mut silent = Vec::new();
    for (path, keys) in found {
        let config = with(&path, json!({"zzz": 1}));
        assert!(!validator.is_valid(&config), "{path}");
        let error = refusal(&config).unwrap();
        // Of a choice between two types only the choice is named.
        if error.contains("unknown") {
            assert_eq!(known(&error), keys, "{path}: {error}");
        } else {
            silent.push(path);
        }
    }
    assert_eq!(silent, ["baseURL", "rateLimit.customRules.*", "verification.storeIdentifier"]);
    let ids: BTreeSet<&str> = plugins::ALL.iter().map(|entry| entry.id).collect();
    let plugins = plugins::config_schema()["properties"]["plugins"]["properties"].clone();
    assert_eq!(
        plugins.as_object().unwrap().keys().map(String::as_str).collect::<BTreeSet<_>>(),
        ids
    );
    assert!(!validator.is_valid(&json!({"plugins": {"zzz": true}})));
    assert!(!validator.is_valid(&json!({"socialProviders": {"zzz": {}}})));
}

#[test]
fn every_option_is_described_with_the_default_that_it_has() {
    fn leaves(path: &str, value: &Value, found: &mut BTreeMap<String, Value>) {
        match value {
            Value::Object(object) if !object.is_empty() => {
                for (key, value) in object {
                    let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                    leaves(&path, value, found);
                }
            }
            leaf => drop(found.insert(path.to_owned(), leaf.clone())),
        }
    }
    let mut defaults = BTreeMap::new();
    leaves("", &serde_json::to_value(Config::default()).unwrap(), &mut defaults);
    let mut described = BTreeMap::new();
    for row in options() {
        assert!(!row.help.is_empty() && !row.kind.is_empty(), "{row:?}");
        described.insert(row.path, row.default.unwrap_or_default());
    }
    for (path, default) in &defaults {
        if path != "plugins" {
            assert_eq!(described.remove(path).as_ref(), Some(default), "{path}");
        }
    }
    // What is left stands in lists, in tables that are empty, or in one of two forms.
    let inner = [
        "baseURL.",
        "plugins.",
        "session.cookieCache.refreshCache.",
        "verification.storeIdentifier.",
        "$schema",
    ];
    let is_inner = |path: &String| {
        path.contains(['*', '[']) || inner.iter().any(|start| path.starts_with(start))
    };
    assert!(described.keys().all(is_inner), "{described:?}");
}

#[test]
fn a_value_of_the_wrong_type_is_refused_by_both_and_a_default_by_neither() {
    let validator = Validator::new();
    for row in options() {
        let path = row.path;
        if path == "$schema" || path.ends_with(".defaultValue") {
            continue;
        }
        let wrong = with(&path, json!(1.5));
        assert!(!validator.is_valid(&wrong), "{wrong}");
        assert!(refusal(&wrong).is_some(), "{wrong}");
        let Some(default) = row.default.filter(|_| !path.contains(['*', '['])) else {
            continue;
        };
        // Beside what its table cannot be without.
        let needy = ["baseURL.", "plugins.have-i-been-pwned.", "verification.storeIdentifier."];
        if !needy.iter().any(|table| path.starts_with(table)) {
            let right = with(&path, default);
            assert!(validator.is_valid(&right), "{right}");
            assert_eq!(refusal(&right), None, "{right}");
        }
    }
}

#[test]
fn a_number_is_out_of_range_for_both_or_for_neither() {
    let validator = Validator::new();
    let mut count = 0;
    let mut rows = options();
    rows.retain(|row| !row.path.contains('*') && !row.path.starts_with("plugins."));
    for row in rows.iter().filter(|row| row.default.as_ref().is_some_and(Value::is_u64)) {
        for number in [0, 1, 2, 3, 8, 64, 100, 101, 128, 129, 300, 301, 1000, 1001, 1023, 1024]
            .into_iter()
            .chain([1025, 3600, 3601, 4096, 4097, 86_400, 86_401, 262_144, 262_145, 10_000_000])
            .chain([10_000_001, 34_560_000, 34_560_001, 67_108_864, 67_108_865, u32::MAX])
        {
            let config = with(&row.path, json!(number));
            let read: Result<Config, _> = serde_json::from_value(config.clone());
            let refused = read.map_or(true, |read| {
                read.check().is_err_and(|error| error.problem.contains(&format!("got {number}")))
            });
            // The one that depends on another option.
            let is_below_min = row.path == "emailAndPassword.maxPasswordLength" && number < 8;
            assert_eq!(
                validator.is_valid(&config),
                !refused || is_below_min && number != 0,
                "{config}"
            );
            count += 1;
        }
    }
    assert!(900 < count, "only {count}");
}

#[test]
fn no_secret_is_a_default_of_the_schema() {
    fn check(path: &str, value: &Value) {
        if value["writeOnly"] == true && !value["default"].is_null() {
            assert_eq!((path, &value["default"]), ("url", &json!("sqlite:better-auth.db")));
        }
        for (key, value) in value.as_object().into_iter().flatten() {
            check(key, value);
        }
        value.as_array().into_iter().flatten().for_each(|value| check("", value));
    }
    check("", &plugins::config_schema());
}
