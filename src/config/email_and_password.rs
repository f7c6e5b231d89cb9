//! `emailAndPassword`: sign-up and sign-in with a password.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::config::seconds::Seconds;

/// Hashing a longer password costs too much.
const PASSWORD_LENGTH_MAX: usize = 4096;
/// Fewer lock out honest users, more allow guessing [NIST SP 800-63B 5.2.2].
const ATTEMPTS_MIN: u32 = 3;
const ATTEMPTS_MAX: u32 = 100;
/// One day: a longer lock would let attackers shut users out permanently.
const LOCKOUT_MAX: u64 = 24 * 60 * 60;

/// The options of `emailAndPassword`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct EmailAndPassword {
    /// Enables sign-up and sign-in with a password.
    ///
    /// Enabled by default, unlike in Better Auth: a standalone server offers nothing else until it
    /// is configured.
    pub enabled: bool,
    /// Only administrators create users.
    pub disable_sign_up: bool,
    /// Users cannot sign in before their email address is verified.
    pub require_email_verification: bool,
    /// Whether signing up also signs in.
    pub auto_sign_in: bool,
    /// Minimum length of passwords, in UTF-16 units.
    #[schemars(range(min = 1, max = PASSWORD_LENGTH_MAX))]
    pub min_password_length: usize,
    /// Maximum length of passwords, in UTF-16 units.
    #[schemars(range(min = 1, max = PASSWORD_LENGTH_MAX))]
    pub max_password_length: usize,
    /// Lifetime of a password reset link.
    #[serde(with = "Seconds")]
    #[schemars(range(min = 1))]
    pub reset_password_token_expires_in: Duration,
    /// Whether resetting a password by link revokes all sessions.
    pub revoke_sessions_on_password_reset: bool,
    /// How passwords are hashed.
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

/// `emailAndPassword.lockout`; Better Auth has no such option.
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
    /// How long password sign-in to a locked account is disabled; a password reset or `users
    /// unlock` ends the lock earlier.
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
    /// The algorithm for new passwords: `auto` is argon2id, or scrypt if the database was created
    /// by Better Auth.
    pub algorithm: Algorithm,
}

/// The algorithm for new passwords. Hashes of all formats are verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// argon2id, or scrypt if the database was created by Better Auth: a TypeScript server on the
    /// same database reads only scrypt.
    #[default]
    Auto,
    /// argon2id; other hashes are replaced at sign-in.
    Argon2id,
    /// Better Auth's scrypt; other hashes are replaced at sign-in.
    Scrypt,
}
