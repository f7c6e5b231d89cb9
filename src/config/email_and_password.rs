//! `emailAndPassword`: signing up and in with a password.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::config::seconds::Seconds;

/// A longer password costs more to hash than it is worth.
const PASSWORD_LENGTH_MAX: usize = 4096;
/// Fewer lock honest people out, more are too many [NIST SP 800-63B 5.2.2].
const ATTEMPTS_MIN: u32 = 3;
const ATTEMPTS_MAX: u32 = 100;
/// A day: longer than this a lock would be a way to shut people out for good.
const LOCKOUT_MAX: u64 = 24 * 60 * 60;

/// Options of that name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct EmailAndPassword {
    /// Whether users sign up and in with a password.
    ///
    /// On by default, unlike in Better Auth: a server of its own has nothing else to offer until it is configured.
    pub enabled: bool,
    /// Only administrators create users.
    pub disable_sign_up: bool,
    /// Nobody signs in before their email address is verified.
    pub require_email_verification: bool,
    /// Whether signing up also signs in.
    pub auto_sign_in: bool,
    /// The shortest password, in UTF-16 units.
    #[schemars(range(min = 1, max = PASSWORD_LENGTH_MAX))]
    pub min_password_length: usize,
    /// The longest password, in UTF-16 units.
    #[schemars(range(min = 1, max = PASSWORD_LENGTH_MAX))]
    pub max_password_length: usize,
    /// How long the link for resetting a password works.
    #[serde(with = "Seconds")]
    #[schemars(range(min = 1))]
    pub reset_password_token_expires_in: Duration,
    /// Whether resetting a password by link revokes every session.
    pub revoke_sessions_on_password_reset: bool,
    /// How passwords are hashed, and which ones are refused.
    pub password: Password,
    /// Locking an account after too many wrong passwords.
    pub lockout: Lockout,
}

impl Default for EmailAndPassword {
    fn default() -> Self {
        Self {
            enabled: true,
            disable_sign_up: false,
            require_email_verification: false,
            auto_sign_in: true,
            min_password_length: 8,
            max_password_length: 128,
            reset_password_token_expires_in: Duration::from_secs(60 * 60),
            revoke_sessions_on_password_reset: false,
            password: Password::default(),
            lockout: Lockout::default(),
        }
    }
}

/// `emailAndPassword.lockout`; ours alone, Better Auth has no such option.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Lockout {
    /// Whether wrong passwords are counted for each account, and too many lock it.
    pub enabled: bool,
    /// The number of wrong passwords that locks an account.
    #[schemars(range(min = ATTEMPTS_MIN, max = ATTEMPTS_MAX))]
    pub max_attempts: u32,
    /// How long wrong passwords are counted, from the first one on.
    #[serde(with = "Seconds")]
    #[schemars(range(min = 1, max = LOCKOUT_MAX))]
    pub window: Duration,
    /// How long nobody can sign in to a locked account with a password; resetting the password and `users unlock` end
    /// it.
    #[serde(with = "Seconds")]
    #[schemars(range(min = 1, max = LOCKOUT_MAX))]
    pub duration: Duration,
}

impl Default for Lockout {
    fn default() -> Self {
        let hour = Duration::from_secs(60 * 60);
        Self { enabled: true, max_attempts: 50, window: hour, duration: hour }
    }
}

/// `emailAndPassword.password`
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Password {
    /// The algorithm for new passwords: `auto` is argon2id, or scrypt where the database began with it.
    pub algorithm: Algorithm,
}

/// What new passwords are hashed with. Every format is verified whatever is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// argon2id, unless the database began with Better Auth's scrypt: a TypeScript server that
    /// shares it can read nothing else.
    #[default]
    Auto,
    /// argon2id; hashes of other formats are replaced when their owners sign in.
    Argon2id,
    /// Better Auth's scrypt; hashes of other formats are replaced when their owners sign in.
    Scrypt,
}
