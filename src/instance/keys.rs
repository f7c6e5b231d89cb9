//! Keys derived from the secrets, at the first use, because many commands need none.

use crate::config::Config;
use crate::config::secret;
use crate::crypto::cookie::Signer;
use crate::crypto::jwe::Sealer;
use crate::crypto::vault::Vault;
use crate::error::AuthError;
use crate::instance::Instance;

/// The salt of the keys for cached sessions.
const SESSION_SALT: &str = "better-auth-session";
/// The salt of the keys for account cookies.
const ACCOUNT_SALT: &str = "better-auth-account";

/// The keys of one instance.
pub(super) struct Keys {
    pub(super) signer: Signer,
    pub(super) sealer: Sealer,
    pub(super) account_sealer: Sealer,
    pub(super) vault: Vault,
}

impl Keys {
    /// Reads the secret; on the embedded default database one is generated.
    pub(super) fn new(config: &Config) -> Result<Self, AuthError> {
        let secrets = secret::resolve(config)?;
        Ok(Self {
            signer: Signer::new(&secrets),
            sealer: Sealer::new(&secrets, SESSION_SALT),
            account_sealer: Sealer::new(&secrets, ACCOUNT_SALT),
            vault: Vault::new(secret::vault_keys(config, &secrets)),
        })
    }
}

impl Instance {
    /// Signs cookies.
    ///
    /// # Errors
    /// `CONFIG_INVALID` when there is no usable secret.
    pub fn signer(&self) -> Result<&Signer, AuthError> {
        Ok(&self.keys()?.signer)
    }

    /// Encrypts cached sessions.
    pub fn sealer(&self) -> Result<&Sealer, AuthError> {
        Ok(&self.keys()?.sealer)
    }

    /// Encrypts account cookies.
    pub fn account_sealer(&self) -> Result<&Sealer, AuthError> {
        Ok(&self.keys()?.account_sealer)
    }

    /// Encrypts values in the database and in cookies.
    pub fn vault(&self) -> Result<&Vault, AuthError> {
        Ok(&self.keys()?.vault)
    }

    fn keys(&self) -> Result<&Keys, AuthError> {
        if let Some(keys) = self.keys.get() {
            return Ok(keys);
        }
        let keys = Keys::new(&self.config)?;
        Ok(self.keys.get_or_init(|| keys))
    }
}
