//! Stored hashes of every system that is known, recognised by their beginning.
//!
//! What a row of a database says is not trusted to be cheap or well formed. A hash that is refused matches nothing; the
//! log has each cause once, without the hash.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use crate::crypto::password::Foreign;
use crate::crypto::password::argon2;
use crate::crypto::password::bcrypt;
use crate::crypto::password::firebase;
use crate::crypto::password::forms::Forms;
use crate::crypto::password::ldap;
use crate::crypto::password::md5_crypt;
use crate::crypto::password::pbkdf2;
use crate::crypto::password::phpass;
use crate::crypto::password::queue::Memory;
use crate::crypto::password::scrypt;
use crate::crypto::password::sha_crypt;

/// A longer text is no hash: those of passlib with the longest salt have 1400 characters.
const LENGTH_MAX: usize = 2048;
/// `CRYPT_MAX_PASSPHRASE_SIZE` of libxcrypt.
const PASSWORD_BYTES_MAX: usize = 512;
/// Hashes that take more memory are computed one at a time.
const SHARED_BYTES_MAX: usize = 64 * 1024 * 1024;

/// A kind of hash: the texts that it begins with, and how a password is compared with it.
struct Format {
    name: &'static str,
    prefixes: &'static [&'static str],
    /// Whether a thief of the database finds most of the passwords soon.
    is_legacy: bool,
    verify: fn(&Attempt<'_>, &mut Memory) -> Result<bool, Refusal>,
}

/// All formats but Better Auth's own, which has no prefix.
const FORMATS: &[Format] = &[
    Format {
        name: "argon2",
        prefixes: &["$argon2id$", "$argon2i$", "$argon2d$"],
        is_legacy: false,
        verify: argon2::verify,
    },
    Format {
        name: "bcrypt",
        prefixes: &["$2a$", "$2b$", "$2y$"],
        is_legacy: false,
        verify: bcrypt::verify,
    },
    Format {
        name: "PBKDF2",
        prefixes: &["$pbkdf2$", "$pbkdf2-sha1$", "$pbkdf2-sha256$", "$pbkdf2-sha512$"],
        is_legacy: false,
        verify: pbkdf2::verify_phc,
    },
    Format {
        name: "Django's PBKDF2",
        prefixes: &["pbkdf2_sha1$", "pbkdf2_sha256$", "pbkdf2_sha512$"],
        is_legacy: false,
        verify: pbkdf2::verify_django,
    },
    Format {
        name: "PBKDF2 of Web Crypto",
        prefixes: &["pbkdf2$", "pbkdf2:"],
        is_legacy: false,
        verify: pbkdf2::verify_web,
    },
    Format {
        name: "scrypt",
        prefixes: &["$scrypt$"],
        is_legacy: false,
        verify: scrypt::verify_phc,
    },
    Format {
        name: "Firebase's scrypt",
        prefixes: &["$fbscrypt$"],
        is_legacy: false,
        verify: firebase::verify,
    },
    Format {
        name: "SHA-crypt",
        prefixes: &["$5$", "$6$"],
        is_legacy: true,
        verify: sha_crypt::verify,
    },
    Format { name: "phpass", prefixes: &["$P$", "$H$"], is_legacy: true, verify: phpass::verify },
    Format {
        name: "md5crypt",
        prefixes: &["$1$", "$apr1$"],
        is_legacy: true,
        verify: md5_crypt::verify,
    },
    Format {
        name: "SHA-1 of LDAP",
        prefixes: &["{SSHA}", "{SHA}"],
        is_legacy: true,
        verify: ldap::verify,
    },
];

/// Why a hash is not computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Refusal {
    /// It begins as no hash that is known.
    Unknown,
    /// It is cut off, or a part of it cannot be read.
    Malformed,
    /// It asks for more work or memory than any sensible hash.
    TooCostly,
    /// It is a legacy hash, and those are off.
    Legacy,
    /// It needs the signer key of a Firebase project.
    NoSignerKey,
    /// No hash of this format can be of such a password.
    Password,
}

/// A password in the forms that it may have been hashed in, and the hash that it is compared with.
pub(super) struct Attempt<'a> {
    pub(super) password: &'a Forms,
    pub(super) stored: &'a str,
    pub(super) foreign: &'a Foreign,
    costly: &'a Mutex<()>,
}

impl<'a> Attempt<'a> {
    /// As other systems hash it: the bytes that were typed.
    pub(super) fn typed(&self) -> &'a [u8] {
        self.password.typed.as_bytes()
    }

    /// The same for functions of C, which end at a NUL: a password with one would be as good as its beginning.
    pub(super) fn c_string(&self) -> Result<&'a [u8], Refusal> {
        let typed = self.typed();
        if typed.contains(&0) { Err(Refusal::Password) } else { Ok(typed) }
    }

    /// The same for functions that hash the whole password in every round; longer ones are refused as by libxcrypt.
    pub(super) fn short_c_string(&self) -> Result<&'a [u8], Refusal> {
        let password = self.c_string()?;
        if PASSWORD_BYTES_MAX < password.len() { Err(Refusal::Password) } else { Ok(password) }
    }

    /// Waits for its turn if it takes this many bytes: what all threads take together stays bounded.
    pub(super) fn turn(&self, memory: usize) -> Option<MutexGuard<'a, ()>> {
        let is_costly = SHARED_BYTES_MAX < memory;
        is_costly.then(|| self.costly.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Verifies hashes of all formats that are accepted.
#[derive(Default)]
pub(super) struct Verifier {
    foreign: Foreign,
    costly: Mutex<()>,
    /// What the log has already.
    logged: Mutex<BTreeSet<(&'static str, Refusal)>>,
}

impl Verifier {
    pub(super) fn accepting(foreign: Foreign) -> Self {
        Self { foreign, ..Self::default() }
    }

    /// Whether the password matches; `None` for a hash that is refused, which took no time.
    pub(super) fn verify(
        &self,
        password: &Forms,
        stored: &str,
        memory: &mut Memory,
    ) -> Option<bool> {
        let (format, verified) = self.judge(password, stored, memory);
        verified.map_err(|why| self.log(format, why)).ok()
    }

    /// The name of the format, and the outcome.
    pub(super) fn judge(
        &self,
        password: &Forms,
        stored: &str,
        memory: &mut Memory,
    ) -> (&'static str, Result<bool, Refusal>) {
        let (foreign, costly) = (&self.foreign, &self.costly);
        let attempt = Attempt { password, stored, foreign, costly };
        if scrypt::is_hash(stored) {
            return ("scrypt", scrypt::verify(&attempt));
        }
        let is_it =
            |format: &&Format| format.prefixes.iter().any(|prefix| stored.starts_with(prefix));
        match FORMATS.iter().find(is_it) {
            Some(format) if format.is_legacy && !foreign.legacy => {
                (format.name, Err(Refusal::Legacy))
            }
            Some(format) if stored.len() <= LENGTH_MAX => {
                (format.name, (format.verify)(&attempt, memory))
            }
            _ => ("unknown", Err(Refusal::Unknown)),
        }
    }

    fn log(&self, format: &'static str, why: Refusal) {
        let text = match why {
            Refusal::Unknown => "a stored password hash has an unknown format",
            Refusal::Malformed => "a stored password hash is cut off or malformed",
            Refusal::TooCostly => "a stored password hash asks for too much work",
            Refusal::Legacy => {
                "a stored password hash is of a weak kind, which \
                 emailAndPassword.password.legacyHashes would accept"
            }
            Refusal::NoSignerKey => {
                "a stored password hash needs emailAndPassword.password.firebase.signerKey"
            }
            Refusal::Password => return,
        };
        let mut logged = self.logged.lock().unwrap_or_else(PoisonError::into_inner);
        if logged.insert((format, why)) {
            tracing::warn!(format, "{text}; its user cannot sign in with a password");
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::crypto::Secret;
    use crate::crypto::password::fixture::outcome;
    use crate::crypto::password::fixture::outcome_of;

    const LEGACY: [&str; 6] = [
        "{SSHA}0c0blFTXXNuAMHECS4uxrj3ZieMoWImr",
        "{SHA}at+xg6SiyUovktq1redipHiJpaE=",
        "$5$kc7lRD1fpYg0g.IP$d7CMTcEqJyTXyeq8hTdu/jB/I6DGkoo62NXbHIR7S43",
        "$P$7JaFQsPzJSuenezefD/3jHgt5hVfNH0",
        "$1$Eu.GHtia$CFkL/nE1BYTlEPiVx1VWX0",
        "$apr1$r31.....$HqJZimcKQFAMYayBlzkrA/",
    ];

    #[test]
    fn legacy_hashes_are_refused_unless_they_are_accepted() {
        for stored in LEGACY {
            let refused = outcome_of(Foreign::default(), "", stored, &mut Vec::new());
            assert_eq!(refused, Err(Refusal::Legacy), "{stored}");
            assert!(outcome("", stored).is_ok(), "{stored}");
        }
    }

    #[test]
    fn a_text_that_begins_as_no_hash_or_is_too_long_is_refused() {
        let long = format!("$pbkdf2$1${}$DGDID5YfDnHzqbUkr2ASBi/gN6Y", "A".repeat(LENGTH_MAX));
        for stored in ["", ":", "$", "$2$05$x", "$7$x", "plain", "pbkdf2", "{MD5}x", &long] {
            assert_eq!(outcome("plain", stored), Err(Refusal::Unknown), "{stored}");
        }
    }

    #[test]
    fn each_cause_is_logged_once() {
        let verifier = Verifier::default();
        let password = Forms::of(&Secret::new("x"));
        for stored in
            ["$2b$", "$2b$x", "$2b$99$......................ev6gDwpVye3oMCUpLY85aTpfBNHD0Ga"]
        {
            assert_eq!(verifier.verify(&password, stored, &mut Vec::new()), None, "{stored}");
        }
        let logged: Vec<_> = verifier.logged.lock().unwrap().iter().copied().collect();
        assert_eq!(logged, [("bcrypt", Refusal::Malformed), ("bcrypt", Refusal::TooCostly)]);
    }

    #[test]
    fn hashes_of_much_memory_take_turns() {
        let (password, costly) = (Forms::of(&Secret::new("x")), Mutex::new(()));
        let (foreign, password) = (&Foreign::default(), &password);
        let attempt = Attempt { password, stored: "", foreign, costly: &costly };
        assert!(attempt.turn(SHARED_BYTES_MAX).is_none());
        let turn = attempt.turn(SHARED_BYTES_MAX + 1);
        assert!(turn.is_some() && costly.try_lock().is_err());
        drop(turn);
        assert!(costly.try_lock().is_ok());
    }

    proptest! {
        #[test]
        fn whatever_follows_a_prefix_is_no_right_password(
            at in any::<proptest::sample::Index>(),
            rest in "[0-9$,=:]{0,8}[a-zA-Z0-9$,=:./+\u{e9}]{0,60}",
        ) {
            let prefixes: Vec<&str> =
                FORMATS.iter().flat_map(|format| format.prefixes).copied().collect();
            let stored = format!("{}{rest}", at.get(&prefixes));
            prop_assert_ne!(outcome("password", &stored), Ok(true));
        }
    }
}
