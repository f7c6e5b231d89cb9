//! What is accepted of other systems.

use crate::crypto::password::Firebase;

/// Which hashes of other systems are accepted beyond those that need no option, and the secrets that they need.
#[derive(Clone, Default)]
pub struct Foreign {
    /// Also those that a thief of the database guesses soon: `{SSHA}`, `{SHA}`, SHA-crypt, phpass, md5crypt.
    pub legacy: bool,
    /// The secrets of a Firebase project.
    pub firebase: Firebase,
}
