//! Firebase's scrypt, in the text form of Supabase and Hanko:
//! `$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=…$salt$key`.
//!
//! The key of scrypt encrypts the project's signer key with AES-256-CTR, and the result is stored
//! [github.com/firebase/scrypt]. Without `ss` and `sk` the configured secrets count.

use aes::Aes256;
use aes::cipher::KeyIvInit as _;
use aes::cipher::StreamCipher as _;
use ctr::Ctr128BE;
use zeroize::Zeroizing;

use crate::crypto::Secret;
use crate::crypto::is_same;
use crate::crypto::password::queue::Memory;
use crate::crypto::password::scrypt::Cost;
use crate::crypto::password::scrypt::derive;
use crate::crypto::password::stored::Attempt;
use crate::crypto::password::stored::Refusal;
use crate::crypto::password::text;
use crate::crypto::password::text::Phc;
use crate::crypto::password::text::base64;
use crate::crypto::password::text::number;
use crate::crypto::password::text::parameters;

const CIPHER_KEY_BYTES: usize = 32;

/// The secrets of a Firebase project, which are part of each of its hashes.
#[derive(Clone, Default)]
pub struct Firebase {
    signer_key: Option<Zeroizing<Vec<u8>>>,
    salt_separator: Zeroizing<Vec<u8>>,
}

impl Firebase {
    /// Both in base64, as the console of Firebase shows them; `None` for what is not.
    pub fn parse(signer_key: Option<&Secret>, salt_separator: &str) -> Option<Self> {
        let signer_key = match signer_key {
            Some(key) => Some(text::key(base64(key.expose())?)?),
            None => None,
        };
        Some(Self { signer_key, salt_separator: base64(salt_separator)? })
    }
}

struct Stored {
    cost: Cost,
    /// With the separator.
    salt: Zeroizing<Vec<u8>>,
    signer_key: Option<Zeroizing<Vec<u8>>>,
    key: Zeroizing<Vec<u8>>,
}

pub(super) fn verify(attempt: &Attempt<'_>, _: &mut Memory) -> Result<bool, Refusal> {
    let firebase = &attempt.foreign.firebase;
    let stored = parse(attempt.stored, firebase).ok_or(Refusal::Malformed)?;
    let mut signed =
        stored.signer_key.or(firebase.signer_key.clone()).ok_or(Refusal::NoSignerKey)?;
    let mut key = Zeroizing::new([0; CIPHER_KEY_BYTES]);
    derive(attempt, &stored.cost, (attempt.typed(), &stored.salt), &mut *key)?;
    Ctr128BE::<Aes256>::new((&*key).into(), &[0; 16].into()).apply_keystream(&mut signed);
    Ok(is_same(&signed, &stored.key))
}

fn parse(stored: &str, firebase: &Firebase) -> Option<Stored> {
    let Phc { parameters: given, mut salt, key, .. } = Phc::parse(stored)?;
    let [version, log_n, block_size, lanes, separator, signer_key] =
        parameters(given, ["v", "n", "r", "p", "ss", "sk"])?;
    let cost =
        Cost { log_n: number(log_n?)?, block_size: number(block_size?)?, lanes: number(lanes?)? };
    match separator {
        Some(separator) => salt.extend_from_slice(&base64(separator)?),
        None => salt.extend_from_slice(&firebase.salt_separator),
    }
    let signer_key = match signer_key {
        Some(signer_key) => Some(base64(signer_key)?),
        None => None,
    };
    (version? == "1").then_some(Stored { cost, salt, signer_key, key })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::password::Foreign;
    use crate::crypto::password::fixture::outcome_of;

    const SIGNER_KEY: &str = "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0Qs\
                              EmYUSDzZvpjeJ9WmXA==";
    /// Of `user1password`, from the README of github.com/firebase/scrypt.
    const STORED: &str = "$fbscrypt$v=1,n=14,r=8,p=1$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/q\
                          zrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==";

    fn outcome_with(
        signer_key: Option<&str>,
        password: &str,
        stored: &str,
    ) -> Result<bool, Refusal> {
        let signer_key = signer_key.map(Secret::new);
        let firebase = Firebase::parse(signer_key.as_ref(), "Bw==").unwrap();
        let foreign = Foreign { firebase, ..Foreign::default() };
        outcome_of(foreign, password, stored, &mut Vec::new())
    }

    #[test]
    fn a_hash_is_verified_with_the_key_of_its_project() {
        assert_eq!(outcome_with(Some(SIGNER_KEY), "user1password", STORED), Ok(true));
        assert_eq!(outcome_with(Some(SIGNER_KEY), "user2password", STORED), Ok(false));
        let other = SIGNER_KEY.replace("jx", "xj");
        assert_eq!(outcome_with(Some(&other), "user1password", STORED), Ok(false));
        let other = STORED.replace("p=1$", "p=1,ss=CA==$");
        assert_eq!(outcome_with(Some(SIGNER_KEY), "user1password", &other), Ok(false));
        let refused = outcome_with(None, "user1password", STORED);
        assert_eq!(refused, Err(Refusal::NoSignerKey));
    }

    /// Of `mytestpassword`, from the tests of Supabase.
    #[test]
    fn a_hash_may_carry_the_secrets_itself() {
        let stored = "$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=ou9tdYTGyYm8kuR6Dt0Bp0kDuAYoXrK16mbZO4yGwAn3oLsp\
                      jnN0/c41v8xZnO1n14J3MjKj1b2g6AUCAlFwMw==$C0sHCg9ek77hsg==$zKVTMvnWVw5BBOZNUdnsalx4c4c7\
                      y/w7IS5p6Ut2+CfEFFlz37J9huyQfov4iizN8dbjvEJlM5tQaJP84+hfTw==";
        for configured in [None, Some(SIGNER_KEY)] {
            assert_eq!(outcome_with(configured, "mytestpassword", stored), Ok(true));
            assert_eq!(outcome_with(configured, "mytestpasswore", stored), Ok(false));
        }
    }

    #[test]
    fn what_costs_too_much_or_is_no_whole_hash_is_refused() {
        for (part, other, why) in [
            ("n=14", "n=21", Refusal::TooCostly),
            ("r=8", "r=65", Refusal::TooCostly),
            ("v=1", "v=2", Refusal::Malformed),
            ("v=1,", "", Refusal::Malformed),
            (",p=1", "", Refusal::Malformed),
            (",p=1", ",p=1,sk=%", Refusal::Malformed),
            ("$lSrfV", "$", Refusal::Malformed),
        ] {
            let stored = STORED.replace(part, other);
            assert_eq!(
                outcome_with(Some(SIGNER_KEY), "user1password", &stored),
                Err(why),
                "{other}"
            );
        }
        let empty = STORED.split("lSrf").next().unwrap();
        let refused = outcome_with(Some(SIGNER_KEY), "user1password", empty);
        assert_eq!(refused, Err(Refusal::Malformed));
    }

    #[test]
    fn a_signer_key_that_proves_nothing_is_none() {
        for key in ["", "AAAA", "%"] {
            assert!(Firebase::parse(Some(&Secret::new(key)), "Bw==").is_none(), "{key}");
        }
        assert!(Firebase::parse(None, "%").is_none());
        assert!(Firebase::parse(None, "").is_some());
    }
}
