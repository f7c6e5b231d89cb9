//! The environment: every variable in one list, read here and nowhere else.

use crate::crypto::Secret;

/// A variable that is read, with its text for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it does, in one line.
    pub help: &'static str,
}

macro_rules! variables {
    ($($name:ident $help:literal;)*) => {
        $(pub(super) const $name: &str = stringify!($name);)*
        /// Every variable that is read; an empty one counts as not set.
        pub const ALL: &[Variable] = &[$(Variable { name: stringify!($name), help: $help }),*];
    };
}

variables! {
    BETTER_AUTH_CONFIG "Configuration file, as --config";
    BETTER_AUTH_DATABASE_URL "Database, as --database and database.url";
    DATABASE_URL "Database, when BETTER_AUTH_DATABASE_URL is not set";
    BETTER_AUTH_URL "Where this server stands, as baseURL";
    BETTER_AUTH_SECRET "Signs cookies, as secret";
    AUTH_SECRET "Signs cookies, when BETTER_AUTH_SECRET is not set";
    BETTER_AUTH_SECRETS "Secrets for rotation, as secrets: 2:NEW,1:OLD";
    BETTER_AUTH_TRUSTED_ORIGINS "More trusted origins, separated by commas";
    BETTER_AUTH_REDIS_URL "Secondary storage, as secondaryStorage.url";
    BETTER_AUTH_SMTP_PASSWORD "Password at the mail server, as email.smtp.password";
    BETTER_AUTH_WEBHOOK_SECRET "Signs messages, as email.webhook.secret";
    BETTER_AUTH_PASSWORD "Password for commands that set one";
    NO_COLOR "Output without colours, whatever the terminal can do";
}

/// The value of a variable; `None` when it is not set, empty, or not text.
#[expect(clippy::disallowed_methods, reason = "the one reader of the environment")]
pub(super) fn get(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The password that a script hands to a command.
pub fn password() -> Option<Secret> {
    get(BETTER_AUTH_PASSWORD).map(Secret::new)
}

/// Whether the person wants no colours [no-color.org].
pub fn no_color() -> bool {
    get(NO_COLOR).is_some()
}
