//! Secrets, randomness, signatures and password hashes: bytes and parameters in, never a configuration.

pub mod assertion;
pub mod cookie;
pub mod jwe;
pub mod jwks;
pub mod jwt;
pub mod password;
pub mod random;
mod secret;
pub mod vault;
pub mod webhook;

pub use secret::Secret;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::Digest as _;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use uuid::Builder;

/// Whether two secrets are equal, in constant time.
pub fn is_same(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}

/// SHA-256 as base64url without padding, 43 characters.
pub fn digest(text: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(text.as_bytes()))
}

/// A stable id of a text: a UUID [RFC 9562 5.8] of 122 bits of its SHA-256. It names rows; it does not hide guessable
/// texts.
pub fn fingerprint(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest.iter()).for_each(|(byte, from)| *byte = *from);
    Builder::from_custom_bytes(bytes).into_uuid().to_string()
}
