//! The JSON Schema of a configuration file, generated from the option types and their comments. It
//! is also the source of the ranges of numbers, of the values that errors may show, and of the
//! documentation.

use std::sync::LazyLock;

use schemars::JsonSchema;
use schemars::Schema;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::transform::Transform as _;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::config::Config;
use crate::config::ConfigError;

/// The schema of a plugin's options.
pub(crate) type OptionsSchema = fn(&mut SchemaGenerator) -> Schema;

/// The schema of the core's options; those of plugins can be anything.
static CORE: LazyLock<Value> = LazyLock::new(|| tidied(Config::json_schema(&mut generator())));

fn generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true).into()
}

/// The JSON Schema of a configuration file with the options of these plugins, by id.
pub(crate) fn schema(plugins: impl IntoIterator<Item = (&'static str, OptionsSchema)>) -> Value {
    let mut generator = generator();
    let plugins = plugins.into_iter().map(|(id, options)| {
        let options = options(&mut generator);
        let help = options.get("description").cloned();
        (id.to_owned(), json!({"description": help, "anyOf": [options, {"const": true}]}))
    });
    let plugins = json!({"type": "object", "properties": plugins.collect::<Map<_, _>>(), "additionalProperties": false});
    let mut config = Config::json_schema(&mut generator);
    if let Some(Value::Object(properties)) = config.get_mut("properties") {
        properties.insert("plugins".to_owned(), plugins);
        let help = "URL of the schema of this file, for editors; the server ignores it";
        properties.insert("$schema".to_owned(), json!({"type": "string", "description": help}));
    }
    let mut document = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "better-auth.schema.json",
        "title": "Configuration of Better Auth, the native server",
    });
    if let (Value::Object(document), Value::Object(config)) = (&mut document, tidied(config)) {
        document.extend(config);
    }
    document
}

fn tidied(mut schema: Schema) -> Value {
    RecursiveTransform(tidy).transform(&mut schema);
    schema.to_value()
}

/// Removes redundant parts, and all but the first paragraph of comments.
fn tidy(schema: &mut Schema) {
    let Some(schema) = schema.as_object_mut() else {
        return;
    };
    if let Some(Value::String(text)) = schema.get_mut("description") {
        *text = text.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    }
    let is_section = schema.contains_key("properties");
    schema.retain(|key, value| match key.as_str() {
        "default" => !value.is_null() && !is_section,
        "format" => !value.as_str().is_some_and(|format| format.starts_with("uint")),
        _ => true,
    });
}

/// Whether an error may show the value at this path: only that of an option without secrets. A
/// value in place of a table of options can be anything.
pub(super) fn is_shown(path: &str) -> bool {
    let option = path.split('[').next().unwrap_or_default();
    let below = |schema: &'static Value, key| schema.get("properties")?.get(key);
    let schema = option.split('.').try_fold(&*CORE, below);
    schema.is_some_and(|schema| schema.get("properties").is_none() && !may_hold_secret(schema))
}

/// Whether a value of this schema may contain a secret.
fn may_hold_secret(schema: &Value) -> bool {
    let is_set = |key| schema.get(key) == Some(&Value::Bool(true));
    let is_below = match schema {
        Value::Object(object) => object.values().any(may_hold_secret),
        Value::Array(list) => list.iter().any(may_hold_secret),
        _ => false,
    };
    is_below || is_set("writeOnly") || is_set("additionalProperties")
}

/// Rejects numbers out of the range of their option.
pub(super) fn check_ranges(config: &Config) -> Result<(), ConfigError> {
    check_section("advanced", &config.advanced)?;
    check_section("database", &config.database)?;
    check_section("email", &config.email)?;
    check_section("emailAndPassword", &config.email_and_password)?;
    check_section("emailVerification", &config.email_verification)?;
    check_section("rateLimit", &config.rate_limit)?;
    check_section("server", &config.server)?;
    check_section("session", &config.session)?;
    check_section("user", &config.user)
}

/// Checks a section in which a number is set: making a schema takes longer than many a command.
fn check_section<S>(name: &str, section: &S) -> Result<(), ConfigError>
where
    S: Default + JsonSchema + PartialEq + Serialize,
{
    let default = S::default();
    if *section == default {
        return Ok(());
    }
    let failed = |error: serde_json::Error| ConfigError::new(name, error.to_string());
    let value = serde_json::to_value(section).map_err(failed)?;
    if !sets_number(&value, &serde_json::to_value(default).map_err(failed)?) {
        return Ok(());
    }
    check_range(name, &tidied(S::json_schema(&mut generator())), &value)
}

/// Whether a number in it is another than by default.
fn sets_number(value: &Value, default: &Value) -> bool {
    let below = |key| default.get(key).unwrap_or(&Value::Null);
    match value {
        Value::Number(_) => value != default,
        Value::Object(object) => object.iter().any(|(key, value)| sets_number(value, below(key))),
        Value::Array(list) => list.iter().any(|value| sets_number(value, &Value::Null)),
        _ => false,
    }
}

fn check_range(path: &str, schema: &Value, value: &Value) -> Result<(), ConfigError> {
    let bound = |key| schema.get(key).and_then(Value::as_u64);
    let (least, most) = (bound("minimum").unwrap_or(0), bound("maximum").unwrap_or(u64::MAX));
    if let Some(number) = value.as_u64().filter(|number| !(least..=most).contains(number)) {
        let unit = schema.get("format").and_then(Value::as_str).unwrap_or_default();
        let expected = match most {
            u64::MAX => format!("at least {least}"),
            _ => format!("{least} to {most} {unit}").trim_end().to_owned(),
        };
        return Err(ConfigError::new(path, format!("expected {expected}, got {number}")));
    }
    for (key, value) in value.as_object().into_iter().flatten() {
        let named = schema.get("properties").and_then(|properties| properties.get(key));
        if let Some(schema) = named.or(schema.get("additionalProperties")) {
            check_range(&format!("{path}.{key}"), schema, value)?;
        }
    }
    for (at, value) in value.as_array().into_iter().flatten().enumerate() {
        if let Some(schema) = schema.get("items") {
            check_range(&format!("{path}[{at}]"), schema, value)?;
        }
    }
    let choices = schema.get("anyOf").and_then(Value::as_array).into_iter().flatten();
    choices.into_iter().try_for_each(|schema| check_range(path, schema, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_checked_wherever_it_stands() {
        let number = json!({"type": "integer", "minimum": 3, "maximum": 5, "format": "seconds"});
        let list = json!({"type": "array", "items": {"properties": {"n": number}}});
        let schema = json!({"properties": {"a": {"additionalProperties": {"anyOf": [list]}}}});
        let problem = |value: u64| {
            let value = json!({"a": {"b": [{"n": 4}, {"n": value}]}});
            check_range("x", &schema, &value).err().map(|error| error.to_string())
        };
        assert_eq!(problem(3).or(problem(5)), None);
        let expected = "x.a.b[1].n: expected 3 to 5 seconds, got";
        assert_eq!(problem(2), Some(format!("{expected} 2")));
        assert_eq!(problem(6), Some(format!("{expected} 6")));
    }

    /// The paths of numbers with a range, outside of lists, and a number that is out of it.
    fn ranged(path: &str, schema: &Value, found: &mut Vec<(String, u64)>) {
        let bound = |key: &str| schema[key].as_u64();
        // A port beyond that is of another type.
        let (least, most) =
            (bound("minimum"), bound("maximum").filter(|most| *most != u64::from(u16::MAX)));
        let beyond = least.filter(|least| 0 < *least).map(|least| least - 1);
        found.extend(beyond.or(most.map(|most| most + 1)).map(|number| (path.to_owned(), number)));
        for (key, schema) in schema["properties"].as_object().into_iter().flatten() {
            ranged(&format!("{path}/{key}"), schema, found);
        }
    }

    #[test]
    fn every_range_is_checked() {
        let mut all = Vec::new();
        ranged("", &CORE, &mut all);
        assert!(30 < all.len(), "{all:?}");
        for (path, number) in all {
            let mut config = serde_json::to_value(Config::default()).unwrap();
            *config.pointer_mut(&path).unwrap() = json!(number);
            let config: Config = serde_json::from_value(config).unwrap();
            let error = config.check().err().map(|error| format!(".{}", error.path));
            assert_eq!(error, Some(path.replace('/', ".")));
        }
    }

    #[test]
    fn no_option_with_a_secret_is_shown() {
        for path in [
            "secret",
            "secrets",
            "database.url",
            "secondaryStorage.url",
            "email.smtp.password",
            "email.webhook.url",
            "email.webhook.secret",
            "emailAndPassword.password.firebase.signerKey",
            "emailAndPassword.password",
            "socialProviders",
            "genericOAuth",
            "plugins",
            "secrets[0].value",
            "socialProviders.google.clientSecret",
            "plugins.admin",
            "database",
            "email.smtp",
            "",
        ] {
            assert!(!is_shown(path), "{path}");
        }
        assert!(is_shown("session.expiresIn") && is_shown("trustedOrigins[1]"));
    }
}
