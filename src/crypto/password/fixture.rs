//! Verifies hashes for the unit tests of their formats.

use crate::crypto::Secret;
use crate::crypto::password::Foreign;
use crate::crypto::password::forms::Forms;
use crate::crypto::password::queue::Memory;
use crate::crypto::password::stored::Refusal;
use crate::crypto::password::stored::Verifier;

/// Each password is right for its hash, and another is wrong.
pub(super) fn check(vectors: &[(&str, &str)]) {
    for (password, stored) in vectors {
        assert_eq!(outcome(password, stored), Ok(true), "{stored}");
        assert_eq!(outcome(&format!("x{password}"), stored), Ok(false), "{stored}");
    }
}

/// Where legacy hashes are accepted.
pub(super) fn outcome(password: &str, stored: &str) -> Result<bool, Refusal> {
    outcome_in(password, stored, &mut Vec::new())
}

/// The same in this memory.
pub(super) fn outcome_in(
    password: &str,
    stored: &str,
    memory: &mut Memory,
) -> Result<bool, Refusal> {
    outcome_of(Foreign { legacy: true, ..Foreign::default() }, password, stored, memory)
}

/// Where these hashes are accepted.
pub(super) fn outcome_of(
    foreign: Foreign,
    password: &str,
    stored: &str,
    memory: &mut Memory,
) -> Result<bool, Refusal> {
    let password = Forms::of(&Secret::new(password));
    Verifier::accepting(foreign).judge(&password, stored, memory).1
}
