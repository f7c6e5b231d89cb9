//! SHA-crypt of Unix: `$5$rounds=5000$salt$key` (SHA-256) and `$6$…` (SHA-512).

use sha_crypt::PasswordVerifier as _;
use sha_crypt::ShaCrypt;
use sha_crypt::password_hash::Error;

use crate::crypto::password::queue::Memory;
use crate::crypto::password::stored::Attempt;
use crate::crypto::password::stored::Refusal;
use crate::crypto::password::text::number;

/// Two seconds of a core, with the longest password.
const ROUNDS_MAX: u32 = 1_000_000;

pub(super) fn verify(attempt: &Attempt<'_>, _: &mut Memory) -> Result<bool, Refusal> {
    let rounds = attempt.stored.split('$').nth(2).and_then(|part| part.strip_prefix("rounds="));
    if let Some(rounds) = rounds
        && ROUNDS_MAX < number(rounds).ok_or(Refusal::Malformed)?
    {
        return Err(Refusal::TooCostly);
    }
    match ShaCrypt::default().verify_password(attempt.short_c_string()?, attempt.stored) {
        Ok(()) => Ok(true),
        Err(Error::PasswordInvalid) => Ok(false),
        Err(_) => Err(Refusal::Malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::password::fixture::check;
    use crate::crypto::password::fixture::outcome;

    /// Of John the Ripper and Ulrich Drepper's specification, from the tests of passlib.
    #[test]
    fn hashes_of_both_digests_are_verified() {
        check(&[
            ("U*U*U*U*", "$5$LKO/Ute40T3FNF95$U0prpBQd4PloSGU0pnpM4z9wKn4vZ1.jsrzQfPqxph9"),
            ("", "$5$kc7lRD1fpYg0g.IP$d7CMTcEqJyTXyeq8hTdu/jB/I6DGkoo62NXbHIR7S43"),
            (
                "test",
                "$5$rounds=11858$WH1ABM5sKhxbkgCK$aTQsjPkz0rBsH3lQlJxw9HDTDXPKBxC0LlVeV69P.t1",
            ),
            ("secret", "$5$rounds=1004$nacl$oiWPbm.kQ7.jTCZoOtdv7/tO5mWv/vxw5yTqlBagVR7"),
            (
                "with unic\u{d6}de",
                "$5$rounds=1000$IbG0EuGQXw5EkMdP$LQ5AfPf13KufFsKtmazqnzSGZ4pxtUNw3woQ.ELRDF4",
            ),
            (
                "U*U*U*U*",
                "$6$LKO/Ute40T3FNF95$6S/6T2YuOIHY0N3XpLKABJ3soYcXD9mB7uVbtEZDj/LNscVhZoZ9DEH.sBciDrMs\
                 HOWOoASbNLTypH/5X26gN0",
            ),
            (
                "test",
                "$6$rounds=11531$G/gkPn17kHYo0gTF$Kq.uZBHlSBXyzsOJXtxJruOOH4yc0Is13uY7yK0PvAvXxbvc1w8\
                 DO1RzREMhKsc82K/Jh8OquV8FZUlreYPJk1",
            ),
        ]);
    }

    #[test]
    fn what_costs_too_much_or_is_no_whole_hash_is_refused() {
        let stored = "$5$rounds=1004$nacl$oiWPbm.kQ7.jTCZoOtdv7/tO5mWv/vxw5yTqlBagVR7";
        for (part, other, why) in [
            ("1004", "1000001", Refusal::TooCostly),
            ("1004", "999999999", Refusal::TooCostly),
            ("1004", "99999999999", Refusal::Malformed),
            ("1004", "10", Refusal::Malformed),
            ("$nacl", "", Refusal::Malformed),
            ("gVR7", "gVR7$", Refusal::Malformed),
        ] {
            assert_eq!(outcome("secret", &stored.replace(part, other)), Err(why), "{other}");
        }
        assert_eq!(outcome("secret", "$5$rounds=1004$nacl$"), Err(Refusal::Malformed));
        assert_eq!(outcome("", "$6$"), Err(Refusal::Malformed));
        for password in ["secret\0", &"x".repeat(513)] {
            assert_eq!(outcome(password, stored), Err(Refusal::Password));
        }
    }
}
