//! bcrypt: `$2a$`, `$2b$`, `$2y$`, cost, 22 characters of salt, 31 of key.
//!
//! The first 72 bytes of a password count, as with all implementations that verify: those that refuse longer ones do so
//! when they hash. `$2x$` marks hashes of a faulty implementation and is not known here.

use base64::Engine as _;
use base64::alphabet::BCRYPT;
use base64::engine::GeneralPurpose;
use bcrypt::bcrypt;
use zeroize::Zeroizing;

use crate::crypto::is_same;
use crate::crypto::password::queue::Memory;
use crate::crypto::password::stored::Attempt;
use crate::crypto::password::stored::Refusal;
use crate::crypto::password::text::LENIENT;
use crate::crypto::password::text::number;

const BASE64: GeneralPurpose = GeneralPurpose::new(&BCRYPT, LENIENT);
const COST_MIN: u32 = 4;
/// Five seconds of a core; each one more doubles it.
const COST_MAX: u32 = 16;
const PASSWORD_BYTES_MAX: usize = 72;
const KEY_BYTES: usize = 23;
/// Characters of a salt.
const SALT_LENGTH: usize = 22;

pub(super) fn verify(attempt: &Attempt<'_>, _: &mut Memory) -> Result<bool, Refusal> {
    let (cost, salt, expected) = parse(attempt.stored).ok_or(Refusal::Malformed)?;
    if COST_MAX < cost {
        return Err(Refusal::TooCostly);
    }
    let password = attempt.c_string()?;
    // A NUL ends the password, if there is room for it.
    let mut bytes = Zeroizing::new(Vec::with_capacity(PASSWORD_BYTES_MAX));
    bytes.extend(password.iter().copied().chain([0]).take(PASSWORD_BYTES_MAX));
    let key = bcrypt(cost, salt, &bytes);
    Ok(key.get(..KEY_BYTES).is_some_and(|key| is_same(key, &expected)))
}

fn parse(stored: &str) -> Option<(u32, [u8; 16], Vec<u8>)> {
    let (cost, rest) = stored.get(4..)?.split_once('$')?;
    let (salt, key) = rest.split_at_checked(SALT_LENGTH)?;
    let cost = number(cost).filter(|number| COST_MIN <= *number && cost.len() == 2)?;
    let salt = BASE64.decode(salt).ok()?.try_into().ok()?;
    let key = BASE64.decode(key).ok().filter(|key| key.len() == KEY_BYTES)?;
    Some((cost, salt, key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::password::fixture::check;
    use crate::crypto::password::fixture::outcome;

    /// Of `crypt_blowfish` (openwall) and jBCrypt, from the tests of passlib; then of the manual of PHP, and one with bits in
    /// the salt that do not count.
    #[test]
    fn hashes_of_every_prefix_are_verified() {
        check(&[
            ("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
            ("U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"),
            ("U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"),
            ("", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"),
            ("", "$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s."),
            (
                "~!@#$%^&*()      ~!@#$%^&*()PNBFRD",
                "$2a$10$LgfYWkbzEvQ4JakH7rOvHe0y8pHKF9OaFgwUZ2q7W2FFZmZzJYlfS",
            ),
            ("\u{451}", "$2y$05$6bNw2HLQYeqHYyBfLMsv/OUcZd0LKP39b87nBw3.S2tVZSqiQX6eu"),
            ("rasmuslerdorf", "$2a$07$usesomesillystringfore2uDLvp1Ii2e./U9C8sBjqp8I90dH6hi"),
            ("abc", "$2b$05$......................ev6gDwpVye3oMCUpLY85aTpfBNHD0Ga"),
            ("abc", "$2b$05$.....................Bev6gDwpVye3oMCUpLY85aTpfBNHD0Ga"),
        ]);
    }

    /// The hashes are those of `crypt_blowfish` and OpenBSD, from the tests of passlib.
    #[test]
    fn bytes_beyond_72_do_not_count_whatever_the_length() {
        let long = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        let stored = "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui";
        for password in [long, &format!("{long}chars after 72 are ignored")] {
            assert_eq!(outcome(password, stored), Ok(true), "{password}");
        }
        assert_eq!(outcome(long.trim_end_matches('9'), stored), Ok(false));
        let stored = "$2a$04$R1lJ2gkNaoPGdafE.H.16.1MKHPvmKwryeulRe225LKProWYwt9Oi";
        for length in [72, 254, 255, 256, 257] {
            let password: String = "0123456789".chars().cycle().take(length).collect();
            assert_eq!(outcome(&password, stored), Ok(true), "{length}");
        }
    }

    /// The key is repeated with the NUL at its end: `abc` and `abc\0abc` are one to bcrypt.
    #[test]
    fn a_password_with_a_nul_matches_nothing() {
        let stored = "$2b$05$......................ev6gDwpVye3oMCUpLY85aTpfBNHD0Ga";
        for password in ["abc\0abc", "abc\0", "abc\0x", "\0"] {
            assert_eq!(outcome(password, stored), Err(Refusal::Password), "{password:?}");
        }
    }

    #[test]
    fn a_cost_beyond_16_is_not_computed() {
        let of_cost =
            |cost| format!("$2b${cost}$......................ev6gDwpVye3oMCUpLY85aTpfBNHD0Ga");
        assert_eq!(outcome("abc", &of_cost("05")), Ok(true));
        for cost in ["17", "31", "99"] {
            assert_eq!(outcome("abc", &of_cost(cost)), Err(Refusal::TooCostly), "{cost}");
        }
        for cost in ["03", "5", "+5", "005", "", "-1"] {
            assert_eq!(outcome("abc", &of_cost(cost)), Err(Refusal::Malformed), "{cost}");
        }
    }

    #[test]
    fn what_is_no_whole_hash_is_refused() {
        for stored in [
            "$2b$",
            "$2b$05$",
            "$2b$05$......................",
            "$2b$05$......................ev6gDwpVye3oMCUpLY85aTpfBNHD0G",
            "$2b$05$......................ev6gDwpVye3oMCUpLY85aTpfBNHD0Gaa",
            "$2b$05$.....................!ev6gDwpVye3oMCUpLY85aTpfBNHD0Ga",
            "$2b$05$....................\u{e9}ev6gDwpVye3oMCUpLY85aTpfBNHD0Ga",
        ] {
            assert_eq!(outcome("abc", stored), Err(Refusal::Malformed), "{stored}");
        }
        let faulty = "$2x$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e";
        assert_eq!(outcome("abc", faulty), Err(Refusal::Unknown));
    }
}
