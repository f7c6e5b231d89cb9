//! `info`: the effective configuration and the state of the database, without secrets.

use better_auth::BetterAuth;
use better_auth::Config;
use better_auth::config::BaseUrl;
use better_auth::config::Loaded;
use better_auth::config::Source;
use better_auth::config::secret;
use better_auth::config::secret::SecretSource;
use serde_json::Value;
use serde_json::json;

use crate::cli::app::App;
use crate::cli::failure::Failure;
use crate::cli::output;

/// Show version, configuration and database, without secrets
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  better-auth info\n  better-auth info --json")]
pub(crate) struct Args {}

pub(crate) fn run(Args {}: Args, app: &App) -> Result<(), Failure> {
    let loaded = app.load()?;
    let auth = BetterAuth::new(loaded.config.clone())?;
    let facts = facts(&loaded, &auth);
    if app.output.is_json() {
        let config = serde_json::to_value(&loaded.config).unwrap_or(Value::Null);
        let mut object: serde_json::Map<String, Value> =
            facts.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        object.insert("warnings".to_owned(), json!(loaded.warnings));
        object.insert("config".to_owned(), config);
        return output::json(&object);
    }
    let changed = changed(&loaded.config);
    let facts = facts.into_iter().map(|(name, value)| (name.to_owned(), value));
    app.output.pairs(facts.chain(changed))
}

fn facts(loaded: &Loaded, auth: &BetterAuth) -> Vec<(&'static str, String)> {
    let file = loaded.file.as_ref().map(|file| file.display().to_string());
    let database = match loaded.database {
        Source::Default => String::new(),
        Source::File => " (configuration file)".to_owned(),
        Source::Environment(name) | Source::Flag(name) => format!(" ({name})"),
    };
    let secret = match secret::source(&loaded.config) {
        SecretSource::Configured => "configured".to_owned(),
        SecretSource::Generated(path) if path.exists() => format!("generated, {}", path.display()),
        SecretSource::Missing => "none; set BETTER_AUTH_SECRET".to_owned(),
        SecretSource::Generated(_) => "none yet; generated at first start".to_owned(),
    };
    vec![
        ("version", env!("CARGO_PKG_VERSION").to_owned()),
        ("configuration", file.unwrap_or_else(|| "none".to_owned())),
        ("database", format!("{}{database}", auth.database().place())),
        ("schema", schema(auth)),
        ("secret", secret),
        ("basePath", loaded.config.base_path()),
        ("baseURL", base_url(&loaded.config)),
    ]
}

fn base_url(config: &Config) -> String {
    match &config.base_url {
        Some(BaseUrl::Fixed(url)) => url.clone(),
        Some(BaseUrl::ByHost(hosts)) => format!("of {}", hosts.allowed_hosts.join(", ")),
        None => "derived from each request".to_owned(),
    }
}

fn schema(auth: &BetterAuth) -> String {
    match (auth.database().exists(), auth.plan()) {
        (Ok(false), _) => "no database yet; `better-auth migrate` creates it".to_owned(),
        (_, Ok(plan)) if plan.is_empty() => "up to date".to_owned(),
        (_, Ok(plan)) if plan.problems.is_empty() => "needs migration".to_owned(),
        (_, Ok(plan)) => plan.problems.join("; "),
        (Err(error), _) => error.to_string(),
        (Ok(true), Err(error)) => {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            cause.unwrap_or_else(|| error.to_string())
        }
    }
}

/// The options with values other than the defaults.
fn changed(config: &Config) -> Vec<(String, String)> {
    let value = |config| serde_json::to_value(config).unwrap_or(Value::Null);
    let mut changed = Vec::new();
    differences("", &value(config), &value(&Config::default()), &mut changed);
    let is_shown_above = ["baseURL", "basePath", "secret", "database.url"];
    changed.retain(|(path, _)| !is_shown_above.contains(&path.as_str()));
    changed
}

fn differences(path: &str, value: &Value, default: &Value, found: &mut Vec<(String, String)>) {
    let Some(defaults) = default.as_object().filter(|defaults| !defaults.is_empty()) else {
        if value != default {
            found.push((path.to_owned(), value.to_string()));
        }
        return;
    };
    for (key, default) in defaults {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        differences(&path, value.get(key).unwrap_or(&Value::Null), default, found);
    }
}
