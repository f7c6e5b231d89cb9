//! `emailAndPassword`: signing up and in with a password.

use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;

use crate::config::seconds;

/// Options of that name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct EmailAndPassword {
    /// Whether it is offered. On by default, unlike Better Auth: a server of its own has nothing
    /// else to offer until it is configured.
    pub enabled: bool,
    /// Only administrators make users.
    pub disable_sign_up: bool,
    /// Nobody signs in before their address is verified.
    pub require_email_verification: bool,
    /// Whether signing up signs in.
    pub auto_sign_in: bool,
    /// In UTF-16 units.
    pub min_password_length: usize,
    /// In UTF-16 units.
    pub max_password_length: usize,
    /// How long the link to a new password works.
    #[serde(with = "seconds")]
    pub reset_password_token_expires_in: Duration,
    /// Whether a new password by link ends every session.
    pub revoke_sessions_on_password_reset: bool,
    /// How passwords are kept.
    pub password: Password,
    /// How often one may be wrong.
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
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Lockout {
    /// Whether wrong passwords are counted for each name.
    pub enabled: bool,
    /// Of so many the last one locks the name.
    pub max_attempts: u32,
    /// How long they are counted, from the first one on.
    #[serde(with = "seconds")]
    pub window: Duration,
    /// How long nobody signs in then.
    #[serde(with = "seconds")]
    pub duration: Duration,
}

impl Default for Lockout {
    fn default() -> Self {
        let hour = Duration::from_secs(60 * 60);
        Self { enabled: true, max_attempts: 50, window: hour, duration: hour }
    }
}

/// `emailAndPassword.password`
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Password {
    /// What new passwords are hashed with.
    pub algorithm: Algorithm,
}

/// What new passwords are hashed with. Every format is verified whatever is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
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
