//! Password hashes: recognise, create, verify, behind a bounded queue.
//!
//! A hash takes tens of milliseconds and megabytes. At most one runs per core, a limited number wait, and the rest are
//! refused at once, so that a flood of sign-ins cannot starve everything else. Clients take turns, so that a flood from
//! one address does not delay sign-ins from others.

mod argon2;
mod bcrypt;
mod firebase;
#[cfg(test)]
mod fixture;
mod foreign;
mod forms;
mod ldap;
mod md5_crypt;
mod pbkdf2;
mod phpass;
mod queue;
mod scrypt;
mod sha_crypt;
mod stored;
mod text;

use std::cell::Cell;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::crypto::Secret;
use crate::error::AuthError;
use crate::error::codes;
use crate::fair_queue::Client;

pub use firebase::Firebase;
pub use foreign::Foreign;
use forms::Forms;
use queue::Memory;
use queue::Queue;
use stored::Verifier;

/// When a refused client may retry.
const RETRY_AFTER: Duration = Duration::from_secs(1);

thread_local! {
    /// The client that this thread works for. A thread-local instead of a parameter, so that no caller can forget it.
    static CLIENT: Cell<Client> = const { Cell::new(None) };
}

/// Runs some work on behalf of a client: password hashes of this thread are queued as this client's. All unknown
/// clients count as one.
pub fn on_behalf_of<T>(client: Option<IpAddr>, work: impl FnOnce() -> T) -> T {
    struct Restore(Client);
    impl Drop for Restore {
        fn drop(&mut self) {
            CLIENT.set(self.0);
        }
    }
    let _restore = Restore(CLIENT.replace(client));
    work()
}

/// The algorithm of new password hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// `$argon2id$…`, 19 MiB, two passes, as OWASP recommends.
    Argon2id,
    /// Better Auth's `salt:key`, 32 MiB [contract 4].
    Scrypt,
}

/// Hashes and verifies passwords with limited concurrency.
pub struct Hasher {
    queue: Queue,
    verifier: Arc<Verifier>,
}

impl Hasher {
    /// At most `running` hashes at once, and at most `waiting` in the queue.
    pub fn new(running: usize, waiting: usize) -> Self {
        Self { queue: Queue::new(running, waiting), verifier: Arc::default() }
    }

    /// The same, which accepts these hashes of other systems, too.
    #[must_use]
    pub fn accepting(self, foreign: Foreign) -> Self {
        Self { verifier: Arc::new(Verifier::accepting(foreign)), ..self }
    }

    /// A new hash with a new salt.
    ///
    /// # Errors
    /// `SERVER_BUSY` when the queue is full.
    pub fn hash(&self, algorithm: Algorithm, password: &Secret) -> Result<String, AuthError> {
        let password = Forms::of(password);
        self.run(move |memory| match algorithm {
            Algorithm::Argon2id => argon2::hash(&password.normalised, memory),
            Algorithm::Scrypt => scrypt::hash(&password.normalised),
        })?
    }

    /// Whether the password matches this stored hash, in any format. `None` for a hash that is not accepted, cannot be
    /// read or asks for too much work: nothing matches it, and it took no time.
    ///
    /// # Errors
    /// `SERVER_BUSY` when the queue is full.
    pub fn verify(&self, password: &Secret, stored: &str) -> Result<Option<bool>, AuthError> {
        let password = Forms::of(password);
        let stored = stored.to_owned();
        let verifier = Arc::clone(&self.verifier);
        self.run(move |memory| verifier.verify(&password, &stored, memory))
    }

    /// Takes the time of a verification, so that timing does not reveal whether an account exists.
    ///
    /// # Errors
    /// `SERVER_BUSY` when the queue is full.
    pub fn verify_dummy(&self, algorithm: Algorithm, password: &Secret) -> Result<(), AuthError> {
        let password = Forms::of(password);
        self.run(move |memory| match algorithm {
            Algorithm::Argon2id => {
                password.all().try_for_each(|form| argon2::hash(form, memory).map(drop))
            }
            Algorithm::Scrypt => scrypt::hash(&password.normalised).map(drop),
        })?
    }

    /// Whether argon2 has ever run.
    #[cfg(test)]
    pub(crate) fn has_filled_memory(&self) -> bool {
        self.run(|memory| !memory.is_empty()).unwrap()
    }

    /// The number of running and of waiting hashes.
    pub fn load(&self) -> (usize, usize) {
        self.queue.load()
    }

    fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, AuthError> {
        let full = || AuthError::new(codes::SERVER_BUSY).with_retry_after(RETRY_AFTER);
        self.queue.run(CLIENT.get(), work).ok_or_else(full)
    }
}

/// Whether a stored hash has Better Auth's own format, two parts in hex.
pub fn is_scrypt(stored: &str) -> bool {
    scrypt::is_hash(stored)
}

/// Whether a stored hash should be replaced: another format, or weaker than the current parameters.
pub fn needs_rehash(stored: &str, in_force: Algorithm) -> bool {
    match in_force {
        Algorithm::Argon2id => argon2::is_weaker(stored),
        Algorithm::Scrypt => !is_scrypt(stored),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by Better Auth 1.7.25 from `12345678` [contract 17].
    const SCRYPT: &str = "2bd96792e40f41aa0a872b46e779b91b:\
                          478edc072ea336c7763b7dc0b38d9b308e12fefe499f94615455192e4fcc94d2\
                          02ad5e2c054ac6236fa8e093e9eaa7fe062996df81162e92553c2874ae495b48";

    fn verify(password: &str, stored: &str) -> bool {
        Hasher::new(1, 0).verify(&Secret::new(password), stored).unwrap() == Some(true)
    }

    #[test]
    fn better_auths_hash_is_verified() {
        assert!(verify("12345678", SCRYPT));
        assert!(!verify("12345679", SCRYPT));
    }

    #[test]
    fn what_is_hashed_is_verified_in_both_formats() {
        let hasher = Hasher::new(1, 0);
        for algorithm in [Algorithm::Argon2id, Algorithm::Scrypt] {
            let password = Secret::new("\u{ff21}\u{ff22}\u{ff23}");
            let stored = hasher.hash(algorithm, &password).unwrap();
            assert_ne!(stored, hasher.hash(algorithm, &password).unwrap());
            assert!(verify("ABC", &stored));
            assert!(!verify("abc", &stored));
            assert!(!needs_rehash(&stored, algorithm));
        }
    }

    #[test]
    fn another_format_or_less_work_asks_for_a_new_hash() {
        let weak = "$argon2id$v=19$m=8192,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$\
                    TqfKhQFNo6zqZxTTaGT/KoEIXhtJhaSXDZoEK4+7Zbk";
        assert!(needs_rehash(weak, Algorithm::Argon2id));
        assert!(needs_rehash(SCRYPT, Algorithm::Argon2id));
        assert!(needs_rehash(weak, Algorithm::Scrypt));
        assert!(!needs_rehash(SCRYPT, Algorithm::Scrypt));
    }

    #[test]
    fn a_hash_that_cannot_be_read_matches_nothing() {
        for stored in [
            "",
            ":",
            "a:b",
            "$2b$10$x",
            "$argon2id$",
            "$argon2id$v=19$m=4294967295,t=1,p=1$c29tZXNhbHQ$aGFzaGhhc2hoYXNo",
        ] {
            assert!(!verify("", stored), "{stored}");
        }
    }

    #[test]
    fn work_for_a_client_ends_with_it_even_by_a_panic() {
        let client = |last| Some(IpAddr::from([192, 0, 2, last]));
        on_behalf_of(client(1), || {
            on_behalf_of(client(2), || assert_eq!(CLIENT.get(), client(2)));
            let panics = || on_behalf_of(client(3), || panic!("a bug"));
            assert!(std::panic::catch_unwind(panics).is_err());
            assert_eq!(CLIENT.get(), client(1));
        });
        assert_eq!(CLIENT.get(), None);
    }

    #[test]
    fn a_full_queue_says_when_to_retry() {
        let error = Hasher::new(0, 0).verify(&Secret::new("x"), SCRYPT).unwrap_err();
        assert!(error.is(codes::SERVER_BUSY));
        assert_eq!(error.retry_after(), Some(RETRY_AFTER));
    }
}
