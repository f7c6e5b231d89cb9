//! scrypt [RFC 7914]: Better Auth's own format, `salt:key` in lower-case hex, where the salt's hex text is the salt
//! [contract 4], and PHC strings.

use std::hint::black_box;

use scrypt::Params;
use zeroize::Zeroizing;

use crate::crypto::is_same;
use crate::crypto::password::queue::Memory;
use crate::crypto::password::stored::Attempt;
use crate::crypto::password::stored::Refusal;
use crate::crypto::password::text::Phc;
use crate::crypto::password::text::number;
use crate::crypto::password::text::parameters;
use crate::crypto::random;
use crate::error::AuthError;

/// N = 16384.
const LOG_N: u8 = 14;
const BLOCK_SIZE: u32 = 16;
const LANES: u32 = 1;
const KEY_BYTES: usize = 64;
const SALT_BYTES: usize = 16;
/// The most memory that a stored hash may fill, lane after lane: 1 GiB, three seconds of a core.
const WORK_BYTES_MAX: u64 = 1 << 30;
const LOG_N_MAX: u32 = 30;
const BLOCK_SIZE_MAX: u32 = 64;
const LANES_MAX: u32 = 64;

/// What a stored hash asks for.
pub(super) struct Cost {
    pub(super) log_n: u32,
    pub(super) block_size: u32,
    pub(super) lanes: u32,
}

pub(super) fn hash(password: &str) -> Result<String, AuthError> {
    let salt = hex::encode(random::bytes::<SALT_BYTES>());
    let params = Params::new(LOG_N, BLOCK_SIZE, LANES).map_err(AuthError::internal)?;
    let mut key = [0; KEY_BYTES];
    scrypt::scrypt(password.as_bytes(), salt.as_bytes(), &params, &mut key)
        .map_err(AuthError::internal)?;
    Ok(format!("{salt}:{}", hex::encode(key)))
}

/// Whether a password matches a hash in Better Auth's format.
pub(super) fn verify(attempt: &Attempt<'_>) -> Result<bool, Refusal> {
    let (salt, expected) = attempt.stored.split_once(':').ok_or(Refusal::Malformed)?;
    let cost = Cost { log_n: LOG_N.into(), block_size: BLOCK_SIZE, lanes: LANES };
    let password = attempt.password.normalised.as_bytes();
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    derive(attempt, &cost, (password, salt.as_bytes()), &mut *key)?;
    Ok(is_same(hex::encode(*key).as_bytes(), expected.to_ascii_lowercase().as_bytes()))
}

/// `$scrypt$ln=14,r=8,p=1$salt$key`
pub(super) fn verify_phc(attempt: &Attempt<'_>, _: &mut Memory) -> Result<bool, Refusal> {
    let Phc { parameters: given, salt, key: expected, .. } =
        Phc::parse(attempt.stored).ok_or(Refusal::Malformed)?;
    let cost = parameters(given, ["ln", "r", "p"]).and_then(|[log_n, block_size, lanes]| {
        Some(Cost {
            log_n: number(log_n?)?,
            block_size: number(block_size?)?,
            lanes: number(lanes?)?,
        })
    });
    let cost = cost.ok_or(Refusal::Malformed)?;
    let mut key = Zeroizing::new(vec![0; expected.len()]);
    derive(attempt, &cost, (attempt.typed(), &salt), &mut key)?;
    Ok(is_same(&key, &expected))
}

pub(super) fn is_hash(stored: &str) -> bool {
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    stored.split_once(':').is_some_and(|(salt, key)| {
        !salt.is_empty() && is_hex(salt) && key.len() == KEY_BYTES * 2 && is_hex(key)
    })
}

/// The key of a password and a salt, if that costs no more than it may.
pub(super) fn derive(
    attempt: &Attempt<'_>,
    cost: &Cost,
    (password, salt): (&[u8], &[u8]),
    key: &mut [u8],
) -> Result<(), Refusal> {
    let (params, memory) = cost.params()?;
    let _turn = attempt.turn(memory);
    // Memory that there is not is refused here; inside of scrypt it would end the process.
    let mut room = Vec::<u8>::new();
    room.try_reserve_exact(memory).map_err(|_| Refusal::TooCostly)?;
    drop(black_box(room));
    scrypt::scrypt(password, salt, &params, key).map_err(|_| Refusal::Malformed)
}

impl Cost {
    /// The same for scrypt, and the memory in bytes.
    fn params(&self) -> Result<(Params, usize), Refusal> {
        let Self { log_n, block_size, lanes } = *self;
        if log_n == 0 || block_size == 0 || lanes == 0 {
            return Err(Refusal::Malformed);
        }
        if LOG_N_MAX < log_n || BLOCK_SIZE_MAX < block_size || LANES_MAX < lanes {
            return Err(Refusal::TooCostly);
        }
        let memory = (128 * u64::from(block_size)) << log_n;
        if WORK_BYTES_MAX < memory * u64::from(lanes) {
            return Err(Refusal::TooCostly);
        }
        let memory = usize::try_from(memory).map_err(|_| Refusal::TooCostly)?;
        let log_n = u8::try_from(log_n).map_err(|_| Refusal::TooCostly)?;
        let params = Params::new(log_n, block_size, lanes).map_err(|_| Refusal::Malformed)?;
        Ok((params, memory))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::password::fixture::check;
    use crate::crypto::password::fixture::outcome;

    /// RFC 7914 (12) and the tests of passlib, as PHC strings; the first two passwords of the RFC.
    #[test]
    fn hashes_as_phc_strings_are_verified() {
        check(&[
            ("", "$scrypt$ln=4,r=1,p=1$$d9ZXYjhleyA7GcpCwYoEl/FrSETjB0ro39/6P+3iFEI"),
            (
                "password",
                "$scrypt$ln=10,r=8,p=16$TmFDbA$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWI",
            ),
            (
                "test",
                "$scrypt$ln=8,r=8,p=1$wlhLyXmP8b53bm1NKYVQqg$mTpvG8lzuuDk+DWz8HZIB6Vum6erDuUm0As5yU+VxWA",
            ),
            (
                "nacl",
                "$scrypt$ln=1,r=4,p=2$yhnD+J+Tci4lZCwFgHCuVQ$fAsEWmxSHuC0cHKMwKVFPzrQukgvK09Sj+NueTSxKds",
            ),
        ]);
    }

    #[test]
    fn a_hash_that_asks_for_too_much_work_is_not_computed() {
        for cost in [
            "ln=20,r=8,p=2",
            "ln=21,r=8,p=1",
            "ln=10,r=65,p=1",
            "ln=1,r=1,p=65",
            "ln=31,r=1,p=1",
            "ln=63,r=8,p=1",
            "ln=4294967295,r=4294967295,p=4294967295",
        ] {
            let stored =
                format!("$scrypt${cost}$TmFDbA$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWI");
            assert_eq!(outcome("password", &stored), Err(Refusal::TooCostly), "{stored}");
        }
        let costliest = Cost { log_n: 20, block_size: 8, lanes: 1 };
        assert_eq!(costliest.params().map(|(_, memory)| memory), Ok(1 << 30));
    }

    #[test]
    fn what_is_no_whole_hash_is_refused() {
        let key = "/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWI";
        for stored in [
            "$scrypt$".to_owned(),
            format!("$scrypt$ln=0,r=8,p=1$TmFDbA${key}"),
            format!("$scrypt$ln=4,r=0,p=1$TmFDbA${key}"),
            format!("$scrypt$ln=4,r=8,p=0$TmFDbA${key}"),
            format!("$scrypt$ln=4,r=8$TmFDbA${key}"),
            format!("$scrypt$ln=A,r=8,p=1$TmFDbA${key}"),
            "$scrypt$ln=4,r=8,p=1$TmFDbA$".to_owned(),
        ] {
            assert_eq!(outcome("password", &stored), Err(Refusal::Malformed), "{stored}");
        }
    }
}
