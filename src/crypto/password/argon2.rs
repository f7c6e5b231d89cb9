//! argon2id as a PHC string; other argon2 hashes of any sane cost are verified too.

use argon2::Algorithm;
use argon2::Argon2;
use argon2::Block;
use argon2::Params;
use argon2::PasswordHash;
use argon2::Version;
use argon2::password_hash::phc::Output;
use argon2::password_hash::phc::ParamsString;
use argon2::password_hash::phc::Salt;

use crate::crypto::is_same;
use crate::crypto::random;
use crate::error::AuthError;

/// Memory in KiB, passes and lanes [OWASP Password Storage Cheat Sheet].
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const KEY_BYTES: usize = 32;
const SALT_BYTES: usize = 16;
/// What a stored hash may ask for at most: it may have been imported from anywhere.
const MEMORY_KIB_MAX: u32 = 1024 * 1024;
const PASSES_MAX: u32 = 64;

pub(super) fn hash(password: &str, memory: &mut Vec<Block>) -> Result<String, AuthError> {
    let params =
        Params::new(MEMORY_KIB, PASSES, LANES, Some(KEY_BYTES)).map_err(AuthError::internal)?;
    let salt = random::bytes::<SALT_BYTES>();
    let mut key = [0; KEY_BYTES];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    fill(&argon2, password, &salt, &mut key, memory).map_err(AuthError::internal)?;
    let phc = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).map_err(AuthError::internal)?,
        salt: Some(Salt::new(&salt).map_err(AuthError::internal)?),
        hash: Some(Output::new(&key).map_err(AuthError::internal)?),
    };
    Ok(phc.to_string())
}

/// `None` for what is no argon2 hash that we would compute.
pub(super) fn verify(password: &str, stored: &str, memory: &mut Vec<Block>) -> Option<bool> {
    let stored = PasswordHash::new(stored).ok()?;
    let algorithm = Algorithm::try_from(stored.algorithm.as_str()).ok()?;
    let version = match stored.version {
        Some(version) => Version::try_from(version).ok()?,
        None => Version::V0x10,
    };
    let params = Params::try_from(&stored).ok()?;
    if MEMORY_KIB_MAX < params.m_cost() || PASSES_MAX < params.t_cost() {
        return None;
    }
    let (salt, expected) = (stored.salt?, stored.hash?);
    let mut key = vec![0; expected.len()];
    let argon2 = Argon2::new(algorithm, version, params);
    fill(&argon2, password, salt.as_ref(), &mut key, memory).ok()?;
    Some(is_same(&key, expected.as_bytes()))
}

pub(super) fn is_weaker(stored: &str) -> bool {
    let Ok(stored) = PasswordHash::new(stored) else {
        return true;
    };
    let Ok(params) = Params::try_from(&stored) else {
        return true;
    };
    stored.algorithm != Algorithm::Argon2id.ident()
        || params.m_cost() < MEMORY_KIB
        || params.t_cost() < PASSES
}

fn fill(
    argon2: &Argon2<'_>,
    password: &str,
    salt: &[u8],
    key: &mut [u8],
    memory: &mut Vec<Block>,
) -> argon2::Result<()> {
    let blocks = argon2.params().block_count();
    if memory.len() < blocks {
        memory.resize(blocks, Block::new());
    }
    argon2.hash_password_into_with_memory(password.as_bytes(), salt, key, memory)
}
