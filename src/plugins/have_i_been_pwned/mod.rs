//! `have-i-been-pwned`: rejects breached passwords wherever one is set. Passwords are looked up in
//! a local list, so nothing is sent to another server.

mod list;

use std::io;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::config::ConfigError;
use crate::crypto::Secret;
use crate::error::AuthError;
use crate::error::ErrorCode;
use crate::error::codes;
use crate::http::endpoint::Effect;
use crate::http::refusals::Refusal;
use crate::instance::Hooks;
use crate::instance::Instance;
use crate::plugin::Entry;
use crate::plugin::Plugin;
use crate::plugin::options;

pub(super) const ENTRY: Entry = Entry::new::<Options>(ID, |given| {
    let options: Options = options::options(ID, given)?;
    Ok(Box::new(HaveIBeenPwned::new(options)?))
});
const ID: &str = "have-i-been-pwned";
const PASSWORD_COMPROMISED: &ErrorCode = &ErrorCode::new(
    "PASSWORD_COMPROMISED",
    400,
    "The password you entered has been compromised. Please choose a different password.",
);

/// Rejects breached passwords.
#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
struct Options {
    /// `false` disables the plugin.
    enabled: bool,
    /// The error message, if not the default.
    custom_password_compromised_message: Option<String>,
    /// The file with the hashes: SHA-1, one per line and sorted, as Have I Been Pwned publishes them; `docs/security.md`
    /// explains how to get it.
    list: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self { enabled: true, custom_password_compromised_message: None, list: None }
    }
}

struct HaveIBeenPwned {
    message: String,
    /// `None` if disabled.
    list: Option<PathBuf>,
}

impl HaveIBeenPwned {
    fn new(options: Options) -> Result<Self, ConfigError> {
        let message = options.custom_password_compromised_message;
        let message = message.unwrap_or_else(|| PASSWORD_COMPROMISED.message.to_owned());
        if !options.enabled {
            return Ok(Self { message, list: None });
        }
        if options.list.is_none() {
            let problem = "is needed: a file with the hashes of breached passwords";
            return Err(ConfigError::new(&format!("plugins.{ID}.list"), problem));
        }
        Ok(Self { message, list: options.list })
    }
}

impl Plugin for HaveIBeenPwned {
    fn id(&self) -> &'static str {
        ID
    }

    fn hooks(&self) -> Hooks {
        Hooks { before_password: Some(refuse_breached), check: Some(check), ..Hooks::default() }
    }

    fn refusals(&self) -> Vec<Refusal> {
        let refusals = self.list.iter();
        refusals.map(|_| (Effect::SetsPassword, [PASSWORD_COMPROMISED].as_slice())).collect()
    }
}

/// If the list cannot be read, every password is rejected.
fn refuse_breached(instance: &Instance, password: &Secret) -> Result<(), AuthError> {
    let Some(HaveIBeenPwned { message, list: Some(list) }) = instance.plugin() else {
        return Ok(());
    };
    match list::holds(list, password) {
        Ok(false) => Ok(()),
        Ok(true) => Err(AuthError::new(PASSWORD_COMPROMISED).with_message(message)),
        Err(error) => Err(AuthError::new(codes::CONFIG_INVALID).with_cause(error)),
    }
}

fn check(instance: &Instance) -> Result<(), AuthError> {
    let Some(HaveIBeenPwned { list: Some(list), .. }) = instance.plugin() else {
        return Ok(());
    };
    list::check(list).map_err(|error: io::Error| {
        let problem = format!("plugins.{ID}.list: {}: {error}", list.display());
        AuthError::new(codes::CONFIG_INVALID).with_message(problem)
    })
}
