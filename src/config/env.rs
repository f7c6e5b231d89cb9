//! The environment: a list of all variables, and the only place that reads them.

use crate::crypto::Secret;

/// A variable and its help text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// A one-line description.
    pub help: &'static str,
}

macro_rules! variables {
    ($($name:ident $help:literal;)*) => {
        $(pub(super) const $name: &str = stringify!($name);)*
        /// All variables; an empty one counts as unset.
        pub const ALL: &[Variable] = &[$(Variable { name: stringify!($name), help: $help }),*];
    };
}

variables! {
    BETTER_AUTH_CONFIG "Configuration file, like --config";
    BETTER_AUTH_DATABASE_URL "Database, like --database and database.url";
    DATABASE_URL "Database, if BETTER_AUTH_DATABASE_URL is not set";
    BETTER_AUTH_URL "URL of this server, like baseURL";
    BETTER_AUTH_SECRET "Secret for signing cookies, like secret";
    AUTH_SECRET "Secret for signing cookies, if BETTER_AUTH_SECRET is not set";
    BETTER_AUTH_SECRETS "Secrets for rotation, like secrets: 2:NEW,1:OLD";
    BETTER_AUTH_TRUSTED_ORIGINS "Additional trusted origins, separated by commas";
    BETTER_AUTH_REDIS_URL "Secondary storage, like secondaryStorage.url";
    BETTER_AUTH_SMTP_PASSWORD "Password for the mail server, like email.smtp.password";
    BETTER_AUTH_WEBHOOK_SECRET "Secret for signing webhook requests, like email.webhook.secret";
    BETTER_AUTH_FIREBASE_KEY "Signer key of Firebase, for its password hashes";
    BETTER_AUTH_PASSWORD "Password for commands that set one";
    NO_COLOR "Disables colours";
}

/// The value of a variable; `None` if it is unset, empty, or not text.
#[expect(clippy::disallowed_methods, reason = "the one reader of the environment")]
pub(super) fn get(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The password for commands in scripts.
pub fn password() -> Option<Secret> {
    get(BETTER_AUTH_PASSWORD).map(Secret::new)
}

/// Whether colours are disabled [no-color.org].
pub fn no_color() -> bool {
    get(NO_COLOR).is_some()
}
