//! What follows from the secrets: looked up at the first use, since many commands sign nothing.

use crate::config::Config;
use crate::config::secret;
use crate::crypto::cookie::Signer;
use crate::crypto::jwe::Sealer;
use crate::crypto::vault::Vault;
use crate::error::AuthError;
use crate::instance::Instance;

/// What the keys of cached sessions are derived with.
const SESSION_SALT: &str = "better-auth-session";
/// The same for accounts that browsers carry.
const ACCOUNT_SALT: &str = "better-auth-account";

/// The keys of one instance.
pub(super) struct Keys {
    pub(super) signer: Signer,
    pub(super) sealer: Sealer,
    pub(super) account_sealer: Sealer,
    pub(super) vault: Vault,
}

impl Keys {
    /// Looks the secret up; on the embedded default one is generated.
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
    /// What signs cookies.
    ///
    /// # Errors
    /// `CONFIG_INVALID` when there is no usable secret.
    pub fn signer(&self) -> Result<&Signer, AuthError> {
        Ok(&self.keys()?.signer)
    }

    /// What encrypts cached sessions.
    pub fn sealer(&self) -> Result<&Sealer, AuthError> {
        Ok(&self.keys()?.sealer)
    }

    /// What encrypts accounts that browsers carry.
    pub fn account_sealer(&self) -> Result<&Sealer, AuthError> {
        Ok(&self.keys()?.account_sealer)
    }

    /// What encrypts values in the database and in the browser's keeping.
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
