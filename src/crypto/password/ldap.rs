//! SHA-1 of LDAP: `{SHA}` and base64 of the digest, `{SSHA}` with a salt after it [RFC 2307].

use sha1::Digest as _;
use sha1::Sha1;

use crate::crypto::is_same;
use crate::crypto::password::queue::Memory;
use crate::crypto::password::stored::Attempt;
use crate::crypto::password::stored::Refusal;
use crate::crypto::password::text::base64;

const KEY_BYTES: usize = 20;

pub(super) fn verify(attempt: &Attempt<'_>, _: &mut Memory) -> Result<bool, Refusal> {
    let (scheme, text) = attempt.stored.split_once('}').ok_or(Refusal::Malformed)?;
    let bytes = base64(text).ok_or(Refusal::Malformed)?;
    let (expected, salt) = bytes.split_at_checked(KEY_BYTES).ok_or(Refusal::Malformed)?;
    if salt.is_empty() != (scheme == "{SHA") {
        return Err(Refusal::Malformed);
    }
    let key = Sha1::new().chain_update(attempt.typed()).chain_update(salt).finalize();
    Ok(is_same(&key, expected))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::password::fixture::check;
    use crate::crypto::password::fixture::outcome;

    /// Of the tests of passlib.
    #[test]
    fn hashes_with_and_without_salt_are_verified() {
        check(&[
            ("testing123", "{SSHA}0c0blFTXXNuAMHECS4uxrj3ZieMoWImr"),
            ("test", "{SSHA}Pfx6Vf48AT9x3FVv8znbo8WQkEVSipHSWovxXmvNWUvp/d/7"),
            ("helloworld", "{SHA}at+xg6SiyUovktq1redipHiJpaE="),
        ]);
    }

    #[test]
    fn what_is_no_whole_hash_is_refused() {
        for stored in [
            "{SHA}",
            "{SSHA}",
            "{SHA}at+xg6SiyUovktq1redipHiJpQ==",
            "{SSHA}at+xg6SiyUovktq1redipHiJpaE=",
            "{SHA}0c0blFTXXNuAMHECS4uxrj3ZieMoWImr",
            "{SHA}at+xg6SiyUovktq1redipHiJp%E=",
        ] {
            assert_eq!(outcome("helloworld", stored), Err(Refusal::Malformed), "{stored}");
        }
    }
}
