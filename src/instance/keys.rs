//! The keys that follow from the configured secrets.

use crate::config::Config;
use crate::config::secret;
use crate::crypto::Secret;
use crate::crypto::cookie::Signer;
use crate::crypto::jwe::Sealer;
use crate::crypto::vault::Key;
use crate::crypto::vault::Vault;
use crate::error::AuthError;

/// What the keys of cached sessions are derived with.
const SESSION_SALT: &str = "better-auth-session";

/// What follows from the secrets.
pub(super) struct Keys {
    pub(super) signer: Signer,
    pub(super) sealer: Sealer,
    pub(super) vault: Vault,
}

impl Keys {
    /// From the secrets of a configuration; one is generated on the embedded default.
    ///
    /// # Errors
    /// `CONFIG_INVALID` when there is no usable secret.
    pub(super) fn new(config: &Config) -> Result<Self, AuthError> {
        let secrets = secret::resolve(config)?;
        Ok(Self {
            signer: Signer::new(&secrets),
            sealer: Sealer::new(&secrets, SESSION_SALT),
            vault: Vault::new(vault_keys(config, &secrets)),
        })
    }
}

/// Of several secrets each is named by its number; a single one is not.
fn vault_keys(config: &Config, secrets: &[Secret]) -> Vec<Key> {
    let numbered = config
        .secrets
        .iter()
        .map(|secret| Key { version: Some(secret.version), secret: secret.value.clone() });
    let single = config.secret.as_ref().or(secrets.first());
    let legacy = single.filter(|_| config.secrets.is_empty() || config.secret.is_some());
    numbered.chain(legacy.map(|secret| Key { version: None, secret: secret.clone() })).collect()
}
