//! Parses configuration files: TOML and JSON have the same structure.

use std::io;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::config::Config;
use crate::config::ConfigError;
use crate::config::reference;
use crate::config::secret;
use crate::error::shown;
use crate::files;

/// The minimum similarity for suggesting a known key.
const ALIKE: f64 = 0.8;
/// Removed keys and their replacements.
const MOVED: &[(&str, &str)] =
    &[("emailAndPassword.password.breachedList", "list in [plugins.have-i-been-pwned]")];

/// A parsed file.
pub(super) struct ParsedFile {
    pub(super) config: Config,
    /// A key with a secret, if all users of the machine can read the file.
    pub(super) open_secret: Option<String>,
}

/// Whether the file was specified or found under its default name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileChoice {
    Named,
    Found,
}

/// Reads a file: `.json` as JSON, others as TOML.
pub(super) fn read(path: &Path, chosen: FileChoice) -> Result<ParsedFile, ConfigError> {
    let name = path.display().to_string();
    let text = text(path, chosen).map_err(|error| {
        ConfigError::new("", format!("cannot be read: {error}")).in_source(&name)
    })?;
    let is_json = path.extension().is_some_and(|extension| extension == "json");
    let mut tree = tree(&text, is_json).map_err(|error| error.in_source(&name))?;
    let open_secret = if secret::is_readable_by_all(path) { find_secret("", &tree) } else { None };
    if let Value::Object(tree) = &mut tree {
        tree.shift_remove("$schema");
    }
    let config = section("", tree).map_err(|error| error.in_source(name))?;
    Ok(ParsedFile { config, open_secret })
}

/// Reads the content of a file. A file that was only found may belong to another user of the
/// machine, who must not control this server.
fn text(path: &Path, chosen: FileChoice) -> io::Result<String> {
    let file = files::open_anything(path)?;
    if chosen == FileChoice::Found && !files::is_owned(&file, None)? {
        let problem = "it belongs to another user than this one and root; if you trust its content, name it with \
                       --config, or make it yours with chown";
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, problem));
    }
    files::read_text_from(&file, files::TEXT_BYTES_MAX)
}

fn tree(text: &str, is_json: bool) -> Result<Value, ConfigError> {
    if is_json { json(text) } else { toml(text) }
}

/// The first key with a secret: by its name, or a URL with a password.
fn find_secret(path: &str, value: &Value) -> Option<String> {
    match value {
        Value::Object(object) => object.iter().find_map(|(key, value)| {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            find_secret(&path, value)
        }),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .find_map(|(at, value)| find_secret(&format!("{path}[{at}]"), value)),
        Value::String(text) => {
            let key = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
            let is_called_so = ["secret", "password", "privatekey", "privatekeypem", "signerkey"]
                .iter()
                .any(|end| key.ends_with(end));
            let is_in_list = path.starts_with("secrets[") && key == "value";
            let has_password = || url::Url::parse(text).is_ok_and(|url| url.password().is_some());
            let is_secret = !text.is_empty() && (is_called_so || is_in_list || has_password());
            is_secret.then(|| path.to_owned())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// Parses the value at this path of a configuration.
pub(crate) fn section<T: DeserializeOwned>(path: &str, value: Value) -> Result<T, ConfigError> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let below = error.path().to_string();
        let path = match (path, below.as_str()) {
            (path, ".") => path.to_owned(),
            ("", below) => below.to_owned(),
            (path, below) => format!("{path}.{below}"),
        };
        explain(&path, &error.into_inner().to_string())
    })
}

fn json(text: &str) -> Result<Value, ConfigError> {
    serde_json::from_str(text).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        ConfigError::new("", format!("not valid JSON at {place}"))
    })
}

fn toml(text: &str) -> Result<Value, ConfigError> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let problem =
            format!("not valid TOML at line {line}, column {column}: {}", error.message());
        ConfigError::new("", problem)
    })?;
    serde_json::to_value(table).map_err(|error| ConfigError::new("", error.to_string()))
}

/// Rewrites serde's messages: what was expected comes first, and the value is shown only if it
/// cannot contain a secret.
fn explain(path: &str, message: &str) -> ConfigError {
    if let Some(unknown) = message.strip_prefix("unknown field `") {
        return explain_unknown(path, unknown);
    }
    let is_shown = reference::is_shown(path);
    let found = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "))
        .or_else(|| message.strip_prefix("unknown variant "));
    let problem = match found.and_then(|found| found.split_once(", expected ")) {
        Some((found, expected)) => {
            let (kind, whole) = (found.split(['"', '`']).next(), found.replace('`', ""));
            let is_shown = is_shown && shown::is_harmless(&whole);
            let got = if is_shown { whole.as_str() } else { kind.unwrap_or_default().trim() };
            let got = if got.is_empty() { String::new() } else { format!(", got {got}") };
            format!("expected {}{got}", expected.replace('`', ""))
        }
        None if is_shown || !message.contains(['"', '\'']) => message.to_owned(),
        None => "is not what is expected here".to_owned(),
    };
    ConfigError::new(path, problem)
}

fn explain_unknown(path: &str, message: &str) -> ConfigError {
    let (key, expected) = message.split_once('`').unwrap_or((message, ""));
    let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    let parent = path.strip_suffix(key).unwrap_or(path).trim_end_matches('.');
    unknown_key(parent, key, &known)
}

/// An unknown key below this path, with the most similar known one.
pub(crate) fn unknown_key(parent: &str, key: &str, known: &[&str]) -> ConfigError {
    let path = if parent.is_empty() { key.to_owned() } else { format!("{parent}.{key}") };
    if let Some((_, instead)) = MOVED.iter().find(|(moved, _)| *moved == path) {
        return ConfigError::new(&path, format!("was removed; use {instead}"));
    }
    let advice = match nearest(key, known) {
        Some(nearest) => format!("did you mean {nearest}?"),
        None => format!("available: {}", known.join(", ")),
    };
    ConfigError::new(&path, format!("unknown key; {advice}"))
}

/// The known name that is most similar to this one, if any is.
pub(super) fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|known| (strsim::jaro_winkler(&name.to_lowercase(), &known.to_lowercase()), *known))
        .filter(|(likeness, _)| ALIKE <= *likeness)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, nearest)| nearest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str, is_json: bool) -> Result<Config, ConfigError> {
        section("", tree(text, is_json)?)
    }

    fn problem(toml: &str) -> String {
        parse(toml, false).err().map(|error| error.to_string()).unwrap_or_default()
    }

    /// The first of several rules counts that fit.
    #[test]
    fn tables_keep_the_order_of_the_file() {
        let toml = "[rateLimit.customRules]\n'/z/*' = false\n'/a' = false\n'/m' = false";
        let config = parse(toml, false).unwrap();
        assert!(config.rate_limit.custom_rules.keys().eq(["/z/*", "/a", "/m"]));
    }

    #[test]
    fn toml_and_json_carry_the_same_tree() {
        let toml = "baseURL = 'https://a.b'\n[session]\nexpiresIn = 60\n\
                    [emailAndPassword]\nenabled = false\n\
                    [advanced.ipAddress]\ntrustedProxies = ['10.0.0.0/8', '::1']";
        let json = r#"{"baseURL": "https://a.b", "session": {"expiresIn": 60},
            "emailAndPassword": {"enabled": false},
            "advanced": {"ipAddress": {"trustedProxies": ["10.0.0.0/8", "::1"]}}}"#;
        let value =
            |text, is_json| serde_json::to_value(parse(text, is_json).unwrap_or_default()).unwrap();
        assert_eq!(value(toml, false), value(json, true));
        assert_eq!(value(toml, false)["session"]["expiresIn"], 60);
        assert_eq!(value(toml, false)["advanced"]["ipAddress"]["trustedProxies"][1], "::1/128");
    }

    #[test]
    fn a_wrong_type_names_the_key_and_what_is_expected() {
        for (toml, expected) in [
            (
                "[session]\nexpiresIn = '7d'",
                r#"session.expiresIn: expected seconds (a whole number), got string "7d""#,
            ),
            (
                "[session]\nexpiresIn = -1",
                "session.expiresIn: expected seconds (a whole number), got integer -1",
            ),
            (
                "[emailAndPassword]\nenabled = 1",
                "emailAndPassword.enabled: expected a boolean, got integer 1",
            ),
            (
                "[emailAndPassword.password]\nalgorithm = 'md5'",
                "emailAndPassword.password.algorithm: expected one of auto, argon2id, scrypt, got md5",
            ),
            ("trustedOrigins = ['a', 1]", "trustedOrigins[1]: expected a string, got integer 1"),
            (
                "[advanced.ipAddress]\ntrustedProxies = ['10.0.0.0/33']",
                "advanced.ipAddress.trustedProxies: \
                 expected a network such as 10.0.0.0/8, got \"10.0.0.0/33\"",
            ),
        ] {
            assert_eq!(problem(toml), expected);
        }
    }

    #[test]
    fn an_unknown_key_is_named_with_the_one_that_was_meant() {
        assert_eq!(
            problem("[session]\nexpireIn = 5"),
            "session.expireIn: unknown key; did you mean expiresIn?"
        );
        assert_eq!(problem("baseurl = 'x'"), "baseurl: unknown key; did you mean baseURL?");
        assert!(
            problem("[database]\nhost = 'x'")
                .starts_with("database.host: unknown key; available: provider, url")
        );
    }

    #[test]
    fn a_secret_is_never_repeated() {
        for toml in [
            "secret = 123456789",
            "secrets = [{version = 1, value = 123456789}]",
            "secrets = 123456789",
            "[email.smtp]\npassword = 123456789",
            "[email.webhook]\nsecret = 123456789",
            "[socialProviders.google]\nclientSecret = 123456789",
            "[[genericOAuth]]\nproviderId = 'x'\nclientId = 'x'\nclientSecret = 123456789",
            "database = 'postgres://u:123456789@h/d'",
            "secondaryStorage = 'redis://:123456789@h'",
            "[email]\nsmtp = '123456789'",
            "[email]\nwebhook = 'https://h/123456789'",
            "[email.webhook]\nurl = 123456789",
            "socialProviders = '123456789'",
            "[socialProviders]\ngoogle = 'clientId:123456789'",
            "genericOAuth = ['123456789']",
            "plugins = '123456789'",
            "trustedOrigins = 'https://u:123456789@h'",
            "[server]\nlimits = 'password=123456789'",
        ] {
            assert!(
                !problem(toml).is_empty() && !problem(toml).contains("1234"),
                "{}",
                problem(toml)
            );
        }
    }

    #[test]
    fn a_syntax_error_names_line_and_column() {
        assert!(problem("a = 1\nb = = 2").starts_with("not valid TOML at line 2, column 5"));
        let json = parse("{\"a\": }", true).err().map(|error| error.to_string());
        assert_eq!(json.as_deref(), Some("not valid JSON at line 1, column 7"));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,200}", is_json in any::<bool>()) {
            drop(parse(&text, is_json));
        }
    }
}
