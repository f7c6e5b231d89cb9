//! Encryption at rest in Better Auth's format: XChaCha20-Poly1305 under the hash of a secret, in hexadecimal [contract
//! 4].

use chacha20poly1305::KeyInit as _;
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::XNonce;
use chacha20poly1305::aead::Aead as _;
use hkdf::Hkdf;
use sha2::Digest as _;
use sha2::Sha256;

use crate::crypto::Secret;
use crate::crypto::random;

/// The prefix of a value that names the version of its secret.
const ENVELOPE: &str = "$ba$";
/// The HKDF salt of keys for one purpose.
const PURPOSE_SALT: &[u8] = b"better-auth:oauth-encryption:v1";
const NONCE_LENGTH: usize = 24;
const KEY_LENGTH: usize = 32;

/// A secret and its version number. The one without a number is for values that name none.
#[derive(Clone)]
pub struct Key {
    /// The version number.
    pub version: Option<u32>,
    /// The secret itself.
    pub secret: Secret,
}

/// Encrypts with the first key and decrypts with the one that a value names.
#[derive(Clone)]
pub struct Vault(Vec<Key>);

impl Vault {
    /// A vault with these keys; the first one encrypts.
    pub fn new(keys: Vec<Key>) -> Self {
        Self(keys)
    }

    /// The vault of one purpose: its values cannot be decrypted with another.
    #[must_use]
    pub fn for_purpose(&self, purpose: &str) -> Self {
        let info = format!("better-auth:{purpose}:v1");
        let keys = self.0.iter().map(|key| {
            let mut derived = [0; KEY_LENGTH];
            let hkdf = Hkdf::<Sha256>::new(Some(PURPOSE_SALT), key.secret.expose().as_bytes());
            // Only a much longer key could fail.
            let is_derived = hkdf.expand(info.as_bytes(), &mut derived).is_ok();
            let secret =
                if is_derived { Secret::new(hex::encode(derived)) } else { Secret::default() };
            Key { version: key.version, secret }
        });
        Self(keys.collect())
    }

    /// Encrypts a text; `None` without a key.
    pub fn seal(&self, text: &str) -> Option<String> {
        let key = self.0.first()?;
        let nonce = random::bytes::<NONCE_LENGTH>();
        let sealed = cipher(&key.secret)?.encrypt(&XNonce::from(nonce), text.as_bytes()).ok()?;
        let sealed = hex::encode([nonce.as_slice(), &sealed].concat());
        Some(match key.version {
            Some(version) => format!("{ENVELOPE}{version}${sealed}"),
            None => sealed,
        })
    }

    /// Decrypts a value of [`Vault::seal`] from any server with the same secrets.
    pub fn open(&self, sealed: &str) -> Option<String> {
        let (version, sealed) = match sealed.strip_prefix(ENVELOPE) {
            Some(rest) => {
                let (version, sealed) = rest.split_once('$')?;
                (Some(version.parse().ok()?), sealed)
            }
            None => (None, sealed),
        };
        let key = self.0.iter().find(|key| key.version == version)?;
        let bytes = hex::decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LENGTH)?;
        let nonce = <[u8; NONCE_LENGTH]>::try_from(nonce).ok()?;
        let opened = cipher(&key.secret)?.decrypt(&XNonce::from(nonce), sealed).ok()?;
        String::from_utf8(opened).ok()
    }

    /// Whether a stored value is encrypted; older ones were stored before encryption was enabled.
    pub fn is_sealed(value: &str) -> bool {
        value.starts_with(ENVELOPE)
            || (value.len().is_multiple_of(2) && value.bytes().all(|b| b.is_ascii_hexdigit()))
    }
}

fn cipher(secret: &Secret) -> Option<XChaCha20Poly1305> {
    XChaCha20Poly1305::new_from_slice(&Sha256::digest(secret.expose())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(version: Option<u32>) -> Vault {
        Vault::new(vec![Key { version, secret: Secret::new("x".repeat(40)) }])
    }

    /// Made by Better Auth 1.7.25 with the same secret.
    const THEIRS: &str = "aa14e95c0291baa0867ae84843592a1207f5990bd188e32c4c0a1d8d5446\
                          98fbf27b7a852932060bba2fa4070a";
    const THEIRS_FOR_A_PURPOSE: &str = "40785d4bf464eac6489e46856a5f40cc14a01c385ad38777dc6de02ba1\
                                        fe3e594a3fdbe3614e164c06a312378a";

    #[test]
    fn what_better_auth_sealed_opens() {
        assert_eq!(vault(None).open(THEIRS).as_deref(), Some("token"));
        let purpose = vault(None).for_purpose("oauth-link-session-token");
        assert_eq!(purpose.open(THEIRS_FOR_A_PURPOSE).as_deref(), Some("token"));
    }

    #[test]
    fn what_is_sealed_opens_for_its_purpose_only() {
        for version in [None, Some(2)] {
            let vault = vault(version);
            let sealed = vault.seal("token").unwrap();
            assert_eq!(sealed.starts_with("$ba$2$"), version.is_some());
            assert!(Vault::is_sealed(&sealed) && !Vault::is_sealed("gho_plain"));
            assert_eq!(vault.open(&sealed).as_deref(), Some("token"));
            assert_eq!(vault.for_purpose("oauth-state-cookie").open(&sealed), None);
            assert_ne!(vault.seal("token").unwrap(), sealed);
            for forged in ["", "zz", "$ba$2", "$ba$3$00", "00", &sealed.replace('a', "b")] {
                assert_eq!(vault.open(forged), None, "{forged}");
            }
        }
    }
}
