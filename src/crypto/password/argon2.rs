//! argon2id as PHC strings; verifies other argon2 hashes of acceptable cost, too.

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
use crate::crypto::password::queue::Memory;
use crate::crypto::password::stored::Attempt;
use crate::crypto::password::stored::Refusal;
use crate::crypto::random;
use crate::error::AuthError;

/// Memory in KiB, passes and lanes [OWASP Password Storage Cheat Sheet].
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const KEY_BYTES: usize = 32;
const SALT_BYTES: usize = 16;
/// The most memory that a stored hash may require, because hashes can be imported.
const MEMORY_KIB_MAX: u32 = 1024 * 1024;
/// The most memory times passes: 4 GiB, which covers the costliest preset of libsodium.
const WORK_KIB_MAX: u64 = 4 * 1024 * 1024;
const LANES_MAX: u32 = 64;

pub(super) fn hash(password: &str, memory: &mut Memory) -> Result<String, AuthError> {
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

/// Hashes of this program are of the normalised password, those of others of the one that was typed, and nothing tells
/// them apart.
pub(super) fn verify(attempt: &Attempt<'_>, memory: &mut Memory) -> Result<bool, Refusal> {
    let (argon2, salt, expected) = parse(attempt.stored).ok_or(Refusal::Malformed)?;
    if is_too_costly(argon2.params()) {
        return Err(Refusal::TooCostly);
    }
    let _turn = attempt.turn(argon2.params().block_count() * Block::SIZE);
    let mut key = vec![0; expected.len()];
    for password in attempt.password.all() {
        fill(&argon2, password, salt.as_ref(), &mut key, memory).map_err(|error| match error {
            argon2::Error::OutOfMemory => Refusal::TooCostly,
            _ => Refusal::Malformed,
        })?;
        if is_same(&key, expected.as_bytes()) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn parse(stored: &str) -> Option<(Argon2<'static>, Salt, Output)> {
    let stored = PasswordHash::new(stored).ok()?;
    let algorithm = Algorithm::try_from(stored.algorithm.as_str()).ok()?;
    let version = match stored.version {
        Some(version) => Version::try_from(version).ok()?,
        None => Version::V0x10,
    };
    let params = Params::try_from(&stored).ok()?;
    Some((Argon2::new(algorithm, version, params), stored.salt?, stored.hash?))
}

fn is_too_costly(params: &Params) -> bool {
    let work = u64::from(params.m_cost()) * u64::from(params.t_cost());
    MEMORY_KIB_MAX < params.m_cost() || WORK_KIB_MAX < work || LANES_MAX < params.p_cost()
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
    memory: &mut Memory,
) -> argon2::Result<()> {
    let blocks = argon2.params().block_count();
    if memory.len() < blocks {
        let missing = blocks - memory.len();
        memory.try_reserve_exact(missing).map_err(|_| argon2::Error::OutOfMemory)?;
        memory.resize(blocks, Block::new());
    }
    let result =
        argon2.hash_password_into_with_memory(password.as_bytes(), salt, key, &mut *memory);
    // Memory for a costly imported hash is not kept.
    memory.truncate(MEMORY_KIB as usize);
    memory.shrink_to(MEMORY_KIB as usize);
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::password::fixture::check;
    use crate::crypto::password::fixture::outcome;
    use crate::crypto::password::fixture::outcome_in;

    /// A hash of `pw` with this cost.
    fn hash_of(memory_kib: u32, passes: u32) -> String {
        let params = Params::new(memory_kib, passes, 1, Some(KEY_BYTES)).unwrap();
        let mut key = [0; KEY_BYTES];
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
        fill(&argon2, "pw", b"sixteen bytes of", &mut key, &mut Vec::new()).unwrap();
        let phc = PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&params).unwrap(),
            salt: Some(Salt::new(b"sixteen bytes of").unwrap()),
            hash: Some(Output::new(&key).unwrap()),
        };
        phc.to_string()
    }

    /// Of the reference implementation (argon2 `test.c`, of both versions), then of argon2-cffi 25.1.
    #[test]
    fn hashes_of_every_kind_and_version_are_verified() {
        check(&[
            (
                "password",
                "$argon2i$m=256,t=2,p=1$c29tZXNhbHQ$/U3YPXYsSb3q9XxHvc0MLxur+GP960kN9j7emXX8zwY",
            ),
            (
                "password",
                "$argon2i$m=256,t=2,p=2$c29tZXNhbHQ$tsEVYKap1h6scGt5ovl9aLRGOqOth+AMB+KwHpDFZPs",
            ),
            (
                "password",
                "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8",
            ),
            (
                "password",
                "$argon2i$v=19$m=256,t=2,p=2$c29tZXNhbHQ$T/XOJ2mh1/TIpJHfCdQan76Q5esCFVoT5MAeIM1Oq2E",
            ),
            (
                "correct horse battery",
                "$argon2id$v=19$m=4096,t=3,p=2$JHzydUAzrJkj5tIOIyUvfA\
                 $CXs9zdR+uJ0nOesC4RCmTLIoHq4VPpL2cHYDJo9wLDs",
            ),
            (
                "correct horse battery",
                "$argon2d$v=19$m=4096,t=3,p=2$xJaAzljUC66sw/o+7RaElA\
                 $7/3d3i8/Vfs4bK1gYnSVQ+J5Pzd86U5xDqSVAqkKrFU",
            ),
        ]);
    }

    /// By argon2-cffi 25.1, with the parameters of this program: nothing tells whose it is.
    #[test]
    fn a_password_that_was_hashed_as_it_was_typed_is_right_and_so_is_its_normal_form() {
        let typed = "\u{fb01}ve \u{bd} m\u{b2} \u{b5}\u{b4}";
        let stored = "$argon2id$v=19$m=19456,t=2,p=1$vHlgeKAz1EkTJX/iFSr54g\
                      $nzPA0NLJDGQEuKsJkBWRdSq+wwNLehye1ZJjxT8Xmk0";
        assert_eq!(outcome(typed, stored), Ok(true));
        assert_eq!(outcome("five 1\u{2044}2 m2 \u{3bc} \u{301}", stored), Ok(false));
        let own = hash("five 1\u{2044}2 m2 \u{3bc} \u{301}", &mut Vec::new()).unwrap();
        assert_eq!(outcome(typed, &own), Ok(true));
    }

    #[test]
    fn the_memory_of_a_costly_hash_is_given_back() {
        let mut memory = Vec::new();
        assert_eq!(outcome_in("pw", &hash_of(65_537, 1), &mut memory), Ok(true));
        assert!(memory.capacity() <= MEMORY_KIB as usize);
    }

    #[test]
    fn a_hash_that_asks_for_too_much_work_is_not_computed() {
        let cheap = hash_of(8192, 1);
        assert_eq!(outcome("pw", &cheap), Ok(true));
        for (cost, costly) in [("m=8192", "m=1048577"), ("t=1", "t=513"), ("p=1", "p=65")] {
            let costly = cheap.replace(cost, costly);
            assert_eq!(outcome("pw", &costly), Err(Refusal::TooCostly), "{costly}");
        }
    }

    #[test]
    fn what_is_no_whole_hash_is_refused() {
        for stored in [
            "$argon2id$",
            "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ",
            "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$",
            "$argon2id$v=20$m=8,t=1,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8",
        ] {
            assert_eq!(outcome("", stored), Err(Refusal::Malformed), "{stored}");
        }
    }

    #[test]
    fn the_costliest_hash_that_is_computed_takes_4_gib_in_all() {
        let is_too_costly = |memory_kib, passes, lanes| {
            is_too_costly(&Params::new(memory_kib, passes, lanes, None).unwrap())
        };
        for (memory_kib, passes, lanes) in [(1_048_576, 4, 1), (8192, 512, 64)] {
            assert!(!is_too_costly(memory_kib, passes, lanes), "{memory_kib} {passes} {lanes}");
        }
        for (memory_kib, passes, lanes) in [(1_048_577, 1, 1), (1_048_576, 5, 1), (8192, 1, 65)] {
            assert!(is_too_costly(memory_kib, passes, lanes), "{memory_kib} {passes} {lanes}");
        }
    }
}
