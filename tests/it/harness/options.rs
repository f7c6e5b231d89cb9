//! The options of a configuration file, as its schema describes them: the rows of the documentation.

use better_auth::plugins;
use serde_json::Value;

/// Tables with more keys than this are not described by them.
const KEYS_MAX: usize = 4;

/// One option.
#[derive(Debug)]
pub(crate) struct OptionRow {
    /// Its path, such as `session.expiresIn`; with `[]` for every entry of a list, and `*` for every name in a table.
    pub(crate) path: String,
    /// What it holds, in words.
    pub(crate) kind: String,
    /// Its default.
    pub(crate) default: Option<Value>,
    /// What it does.
    pub(crate) help: String,
}

/// Every option, those of plugins included.
pub(crate) fn options() -> Vec<OptionRow> {
    let mut rows = Vec::new();
    collect("", &plugins::config_schema(), &mut rows);
    rows
}

fn collect(path: &str, schema: &Value, rows: &mut Vec<OptionRow>) {
    for (key, schema) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let path = join(path, key);
        if schema.get("properties").is_none() {
            rows.push(OptionRow {
                kind: either(alternatives(schema)),
                default: schema.get("default").cloned(),
                help: text(schema, "description").to_owned(),
                path: path.clone(),
            });
        }
        collect(&path, schema, rows);
    }
    for schema in list(schema, "anyOf") {
        collect(path, schema, rows);
    }
    if let Some(items) = schema.get("items") {
        collect(&format!("{path}[]"), items, rows);
    }
    if let Some(named) = schema.get("additionalProperties") {
        collect(&join(path, "*"), named, rows);
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn text<'a>(schema: &'a Value, key: &str) -> &'a str {
    schema.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(schema: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    schema.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// What a value may be, in words.
fn alternatives(schema: &Value) -> Vec<String> {
    let named = list(schema, "enum").chain(schema.get("const"));
    let mut words: Vec<String> = named.map(|value| value.to_string().replace('"', "")).collect();
    words.extend(list(schema, "anyOf").chain(list(schema, "oneOf")).flat_map(alternatives));
    words.dedup();
    let kind = schema.get("type").map(|kind| kind.get(0).unwrap_or(kind));
    match kind.and_then(Value::as_str) {
        _ if !words.is_empty() => words,
        Some("boolean") => vec!["true".to_owned(), "false".to_owned()],
        Some("integer") => vec![range(schema)],
        Some("string") if schema.get("writeOnly").is_some() => vec!["text (secret)".to_owned()],
        Some("string") => vec!["text".to_owned()],
        Some("array") => vec![format!("list of {}", several(schema.get("items")))],
        Some("object") => vec![table(schema)],
        Some("null") => Vec::new(),
        _ => vec!["any value".to_owned()],
    }
}

fn table(schema: &Value) -> String {
    let keys = schema.get("properties").and_then(Value::as_object);
    match (keys, schema.get("additionalProperties")) {
        (Some(keys), _) if keys.len() <= KEYS_MAX => {
            let keys: Vec<&str> = keys.keys().map(String::as_str).collect();
            format!("{{{}}}", keys.join(", "))
        }
        (None, Some(Value::Object(_))) => {
            format!("table of {}", several(schema.get("additionalProperties")))
        }
        _ => "table".to_owned(),
    }
}

fn several(schema: Option<&Value>) -> String {
    let words = either(schema.map(alternatives).unwrap_or_default());
    let (first, rest) = words.split_at(words.find(' ').unwrap_or(words.len()));
    let is_noun = matches!(first, "text" | "number" | "table" | "list");
    if is_noun { format!("{first}s{rest}") } else { words }
}

/// `a, b or c`
fn either(mut words: Vec<String>) -> String {
    match words.pop() {
        Some(last) if !words.is_empty() => format!("{} or {last}", words.join(", ")),
        last => last.unwrap_or_default(),
    }
}

fn range(schema: &Value) -> String {
    let bound = |key: &str| schema[key].as_u64();
    let unit = schema["format"].as_str().unwrap_or("number");
    match (bound("minimum").unwrap_or_default(), bound("maximum")) {
        (0, None) => unit.to_owned(),
        (least, None) => format!("{unit}, at least {least}"),
        (least, Some(most)) => format!("{least} to {most} {unit}").replace(" number", ""),
    }
}
