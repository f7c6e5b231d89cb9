//! What must hold for any bytes from outside: one file per target, each with a `check` that panics where it does
//! not hold.
//!
//! The programs in `fuzz_targets` look for such bytes, and `tests/it/fuzz.rs` gives every check what they have kept
//! in `corpus`. Inputs are texts, as far as possible in the form in which a stranger would send them, so that they
//! can be read, and written by hand.

pub mod body;
pub mod config;
pub mod cookies;
pub mod head;
pub mod redirects;
mod site;
pub mod tokens;
pub mod wire;

/// The text up to the first line feed, and what follows it.
fn first_line(input: &[u8]) -> (&[u8], &[u8]) {
    match input.iter().position(|byte| *byte == b'\n') {
        Some(at) => (&input[..at], &input[at + 1..]),
        None => (input, &[]),
    }
}
