//! phpass of `WordPress` (`$P$`) and phpBB (`$H$`): a character for the cost, eight of salt, 22 of key; MD5 over and over.

use base64ct::Base64ShaCrypt;
use base64ct::Encoding as _;
use md5::Digest as _;
use md5::Md5;

use crate::crypto::is_same;
use crate::crypto::password::queue::Memory;
use crate::crypto::password::stored::Attempt;
use crate::crypto::password::stored::Refusal;

/// The characters that stand for 0 to 63.
const DIGITS: &[u8] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const LOG_ROUNDS_MIN: usize = 7;
/// A second of a core, with the longest password; `WordPress` has 13.
const LOG_ROUNDS_MAX: usize = 20;
const KEY_BYTES: usize = 16;
const SALT_LENGTH: usize = 8;

pub(super) fn verify(attempt: &Attempt<'_>, _: &mut Memory) -> Result<bool, Refusal> {
    let (log_rounds, salt, expected) = parse(attempt.stored).ok_or(Refusal::Malformed)?;
    if LOG_ROUNDS_MAX < log_rounds {
        return Err(Refusal::TooCostly);
    }
    let password = attempt.short_c_string()?;
    let mut key = Md5::new().chain_update(salt).chain_update(password).finalize();
    for _ in 0..1_u32 << log_rounds {
        key = Md5::new().chain_update(key).chain_update(password).finalize();
    }
    Ok(is_same(&key, &expected))
}

fn parse(stored: &str) -> Option<(usize, &str, [u8; KEY_BYTES])> {
    let rest = stored.get("$P$".len()..)?;
    let (log_rounds, rest) = rest.split_at_checked(1)?;
    let log_rounds = DIGITS.iter().position(|digit| log_rounds.as_bytes() == [*digit])?;
    let (salt, key) = rest.split_at_checked(SALT_LENGTH)?;
    let mut bytes = [0; KEY_BYTES];
    let read = Base64ShaCrypt::decode(key, &mut bytes).ok()?.len();
    (read == KEY_BYTES && LOG_ROUNDS_MIN <= log_rounds).then_some((log_rounds, salt, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::password::fixture::check;
    use crate::crypto::password::fixture::outcome;

    /// Of phpass 0.3 and John the Ripper, from the tests of passlib.
    #[test]
    fn hashes_of_both_prefixes_are_verified() {
        check(&[
            ("test12345", "$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0"),
            ("test1", "$H$9aaaaaSXBjgypwqm.JsMssPLiS8YQ00"),
            ("JohnRipper", "$P$612345678si5M0DDyPpmRCmcltU/YW/"),
            ("JohnRipper", "$P$B12345678L6Lpt4BxNotVIMILOa9u81"),
            ("", "$P$7JaFQsPzJSuenezefD/3jHgt5hVfNH0"),
        ]);
    }

    #[test]
    fn what_costs_too_much_or_is_no_whole_hash_is_refused() {
        let stored = "$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0";
        for (part, other, why) in [
            ("$9", "$J", Refusal::TooCostly),
            ("$9", "$z", Refusal::TooCostly),
            ("$9", "$4", Refusal::Malformed),
            ("$9", "$!", Refusal::Malformed),
            ("$9", "$\u{e9}", Refusal::Malformed),
            (".L0", "", Refusal::Malformed),
            (".L0", ".L00", Refusal::Malformed),
            (".L0", ".L!", Refusal::Malformed),
        ] {
            assert_eq!(outcome("test12345", &stored.replace(part, other)), Err(why), "{other}");
        }
        for password in ["test12345\0", &"x".repeat(513)] {
            assert_eq!(outcome(password, stored), Err(Refusal::Password));
        }
    }
}
