//! Better Auth's own format: `salt:key` in lower-case hex, where the salt's hex text is the salt [contract 4].

use scrypt::Params;

use crate::crypto::is_same;
use crate::crypto::random;
use crate::error::AuthError;

/// N = 16384.
const LOG_N: u8 = 14;
const BLOCK_SIZE: u32 = 16;
const LANES: u32 = 1;
const KEY_BYTES: usize = 64;
const SALT_BYTES: usize = 16;

pub(super) fn hash(password: &str) -> Result<String, AuthError> {
    let salt = hex::encode(random::bytes::<SALT_BYTES>());
    let key = key(password, &salt)?;
    Ok(format!("{salt}:{}", hex::encode(key)))
}

pub(super) fn verify(password: &str, stored: &str) -> Result<bool, AuthError> {
    let Some((salt, expected)) = stored.split_once(':') else {
        return Ok(false);
    };
    let key = hex::encode(key(password, salt)?);
    Ok(is_same(key.as_bytes(), expected.to_ascii_lowercase().as_bytes()))
}

pub(super) fn is_hash(stored: &str) -> bool {
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    stored.split_once(':').is_some_and(|(salt, key)| {
        !salt.is_empty() && is_hex(salt) && key.len() == KEY_BYTES * 2 && is_hex(key)
    })
}

fn key(password: &str, salt: &str) -> Result<[u8; KEY_BYTES], AuthError> {
    let params = Params::new(LOG_N, BLOCK_SIZE, LANES).map_err(AuthError::internal)?;
    let mut key = [0; KEY_BYTES];
    scrypt::scrypt(password.as_bytes(), salt.as_bytes(), &params, &mut key)
        .map_err(AuthError::internal)?;
    Ok(key)
}
