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

use subtle::ConstantTimeEq as _;

/// Whether two secrets are the same, in a time that does not tell where they differ.
pub fn is_same(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}
