//! `emailAndPassword`: sign-up and sign-in with a password.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::config::ConfigError;
use crate::config::seconds::Seconds;
use crate::config::secret;
use crate::crypto::Secret;
use crate::crypto::password::Firebase;
use crate::crypto::password::Foreign;

/// Hashing a longer password costs too much.
const PASSWORD_LENGTH_MAX: usize = 4096;
/// Fewer lock out honest users, more allow guessing [NIST SP 800-63B 5.2.2].
const ATTEMPTS_MIN: u32 = 3;
const ATTEMPTS_MAX: u32 = 100;
/// One day: a longer lock would let attackers shut users out permanently.
const LOCKOUT_MAX: u64 = 24 * 60 * 60;

/// The options of `emailAndPassword`.
#[derive(Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
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
#[derive(Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Password {
    /// The algorithm for new passwords: `auto` is argon2id, or scrypt if the database was created
    /// by Better Auth.
    pub algorithm: Algorithm,
    /// Whether a hash of another system, or one of less work, is replaced when its user signs in.
    pub rehash: bool,
    /// Accepts hashes that a thief of the database guesses soon, too: `{SSHA}`, `{SHA}`, SHA-crypt,
    /// phpass and md5crypt; better only together with `rehash`.
    pub legacy_hashes: bool,
    /// The secrets of a Firebase project, for hashes that begin with `$fbscrypt$`.
    pub firebase: FirebaseOptions,
}

impl Default for Password {
    fn default() -> Self {
        Self {
            algorithm: Algorithm::default(),
            rehash: true,
            legacy_hashes: false,
            firebase: FirebaseOptions::default(),
        }
    }
}

/// `emailAndPassword.password.firebase`
#[derive(Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct FirebaseOptions {
    /// `base64_signer_key` of the project's password hash parameters. Better in
    /// `BETTER_AUTH_FIREBASE_KEY`.
    #[serde(serialize_with = "secret::redacted")]
    pub signer_key: Option<Secret>,
    /// `base64_salt_separator` of the same.
    pub salt_separator: String,
}

impl Default for FirebaseOptions {
    fn default() -> Self {
        Self { signer_key: None, salt_separator: "Bw==".to_owned() }
    }
}

impl Password {
    /// Which hashes of other systems are accepted.
    ///
    /// # Errors
    /// Secrets that are not base64.
    pub(crate) fn foreign(&self) -> Result<Foreign, ConfigError> {
        let FirebaseOptions { signer_key, salt_separator } = &self.firebase;
        let path = "emailAndPassword.password.firebase";
        let refuse = |key: &str, expected: &str| {
            ConfigError::new(&format!("{path}.{key}"), format!("expected base64{expected}"))
        };
        let separator = Firebase::parse(None, salt_separator);
        separator.ok_or_else(|| refuse("saltSeparator", ", such as Bw=="))?;
        let firebase = Firebase::parse(signer_key.as_ref(), salt_separator);
        let long = " of at least 16 bytes, as Firebase shows it";
        let firebase = firebase.ok_or_else(|| refuse("signerKey", long))?;
        Ok(Foreign { legacy: self.legacy_hashes, firebase })
    }
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
