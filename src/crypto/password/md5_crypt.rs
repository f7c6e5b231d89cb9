//! md5crypt of Unix (`$1$`) and Apache (`$apr1$`): up to eight characters of salt, 22 of key.
//!
//! No maintained crate has it. The function is Poul-Henning Kamp's `crypt_md5` [FreeBSD `crypt-md5.c`].

use base64ct::Base64ShaCrypt;
use base64ct::Encoding as _;
use md5::Digest as _;
use md5::Md5;

use crate::crypto::is_same;
use crate::crypto::password::queue::Memory;
use crate::crypto::password::stored::Attempt;
use crate::crypto::password::stored::Refusal;

const ROUNDS: u32 = 1000;
const KEY_BYTES: usize = 16;
const SALT_LENGTH_MAX: usize = 8;
/// Which byte of the key stands where in its text.
const ORDER: [usize; KEY_BYTES] = [12, 6, 0, 13, 7, 1, 14, 8, 2, 15, 9, 3, 5, 10, 4, 11];

struct Stored<'a> {
    /// With both dollars.
    prefix: &'a str,
    salt: &'a str,
    key: [u8; KEY_BYTES],
}

pub(super) fn verify(attempt: &Attempt<'_>, _: &mut Memory) -> Result<bool, Refusal> {
    let stored = parse(attempt.stored).ok_or(Refusal::Malformed)?;
    let key = key(attempt.short_c_string()?, stored.prefix, stored.salt.as_bytes());
    let ordered: Vec<u8> = ORDER.iter().filter_map(|at| key.get(*at).copied()).collect();
    Ok(is_same(&ordered, &stored.key))
}

fn parse(stored: &str) -> Option<Stored<'_>> {
    let mut parts = stored.splitn(4, '$').skip(2);
    let (salt, text) = (parts.next()?, parts.next()?);
    let prefix = stored.get(..stored.len() - salt.len() - 1 - text.len())?;
    let mut key = [0; KEY_BYTES];
    let read = Base64ShaCrypt::decode(text, &mut key).ok()?.len();
    let is_whole = read == KEY_BYTES && salt.len() <= SALT_LENGTH_MAX;
    is_whole.then_some(Stored { prefix, salt, key })
}

fn key(password: &[u8], prefix: &str, salt: &[u8]) -> [u8; KEY_BYTES] {
    let inner =
        Md5::new().chain_update(password).chain_update(salt).chain_update(password).finalize();
    let mut digest = Md5::new().chain_update(password).chain_update(prefix).chain_update(salt);
    for part in password.chunks(KEY_BYTES) {
        digest.update(inner.iter().copied().take(part.len()).collect::<Vec<_>>());
    }
    let mut length = password.len();
    while 0 < length {
        let first = password.get(..1).unwrap_or_default();
        digest.update(if length & 1 == 1 { &[0] } else { first });
        length >>= 1;
    }
    let mut key = digest.finalize();
    for round in 0..ROUNDS {
        let (begin, end) = if round & 1 == 1 { (password, &*key) } else { (&*key, password) };
        let mut digest = Md5::new().chain_update(begin);
        if round % 3 != 0 {
            digest.update(salt);
        }
        if round % 7 != 0 {
            digest.update(password);
        }
        let next = digest.chain_update(end).finalize();
        key = next;
    }
    key.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::password::fixture::check;
    use crate::crypto::password::fixture::outcome;

    /// Of John the Ripper and Apache, from the tests of passlib.
    #[test]
    fn hashes_of_both_prefixes_are_verified() {
        check(&[
            ("U*U*U*U*", "$1$dXc3I7Rw$ctlgjDdWJLMT.qwHsWhXR1"),
            ("", "$1$Eu.GHtia$CFkL/nE1BYTlEPiVx1VWX0"),
            ("s", "$1$ssssssss$YgmLTApYTv12qgTwBoj8i/"),
            ("4lpHa N|_|M3r1K W/ Cur5Es: #$%(*)(*%#", "$1$jQS7o98J$V6iTcr71CGgwW2laf17pi1"),
            ("myPassword", "$apr1$r31.....$HqJZimcKQFAMYayBlzkrA/"),
        ]);
    }

    #[test]
    fn what_is_no_whole_hash_is_refused() {
        for stored in [
            "$1$",
            "$1$dXc3I7Rw",
            "$1$dXc3I7Rw$",
            "$1$dXc3I7Rw$ctlgjDdWJLMT.qwHsWhXR",
            "$1$dXc3I7Rw$ctlgjDdWJLMT.qwHsWhXR1$",
            "$1$dXc3I7Rw$ctlgjDdWJLMT.qwHsWhXR!",
            "$1$dXc3I7Rwx$ctlgjDdWJLMT.qwHsWhXR1",
        ] {
            assert_eq!(outcome("U*U*U*U*", stored), Err(Refusal::Malformed), "{stored}");
        }
        for password in ["s\0", &"x".repeat(513)] {
            let stored = "$1$ssssssss$YgmLTApYTv12qgTwBoj8i/";
            assert_eq!(outcome(password, stored), Err(Refusal::Password));
        }
    }
}
