//! Ids and tokens from the operating system's generator [contract 4].

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use rand::Rng as _;
use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;
use uuid::Uuid;

use crate::crypto::Secret;

/// Characters of a session token: 190 bits.
const TOKEN_LENGTH: usize = 32;
/// Characters of a password reset token: 142 bits.
const RESET_TOKEN_LENGTH: usize = 24;
/// Characters of a PKCE code verifier, the maximum.
const VERIFIER_LENGTH: usize = 128;
/// Bytes of a generated secret.
const SECRET_BYTES: usize = 32;
/// Better Auth's alphabet for tokens in cookies and links.
const ALPHANUMERIC: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const DIGITS: &[u8] = b"0123456789";
const LOWER_CASE: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
const URL_SAFE: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
/// The length of the longest alphabet.
const LETTERS_MAX: u8 = 64;

/// The id of a new row: a `UUIDv7`, so that consecutive rows are neighbours in an index.
pub fn id() -> String {
    Uuid::now_v7().to_string()
}

/// A session token: 32 characters of `a-zA-Z0-9`.
pub fn token() -> String {
    text(ALPHANUMERIC, TOKEN_LENGTH)
}

/// An OAuth state: 32 characters [contract 4].
pub fn state() -> String {
    text(URL_SAFE, TOKEN_LENGTH)
}

/// A PKCE code verifier: 128 characters [contract 4; RFC 7636 4.1].
pub fn verifier() -> String {
    text(URL_SAFE, VERIFIER_LENGTH)
}

/// A password reset token: 24 characters of `a-zA-Z0-9` [contract 11.4].
pub fn reset_token() -> String {
    text(ALPHANUMERIC, RESET_TOKEN_LENGTH)
}

/// An account deletion token: 32 characters of `a-z0-9` [contract 11.4].
pub fn delete_token() -> String {
    text(LOWER_CASE, TOKEN_LENGTH)
}

/// A numeric code for typing. Callers must limit the attempts to guess it.
pub fn digits(length: usize) -> String {
    text(DIGITS, length)
}

/// Uniformly random characters of an alphabet.
fn text(alphabet: &[u8], length: usize) -> String {
    let mut text = String::with_capacity(length);
    while text.len() < length {
        let bytes = bytes::<64>();
        // Numbers beyond the alphabet are rejected, which keeps the distribution uniform.
        let letters = bytes.iter().filter_map(|byte| alphabet.get(usize::from(byte % LETTERS_MAX)));
        text.extend(letters.take(length - text.len()).map(|letter| char::from(*letter)));
    }
    text
}

/// A secret for signing: 32 bytes as base64url.
pub fn secret() -> Secret {
    Secret::new(BASE64_URL_SAFE_NO_PAD.encode(bytes::<SECRET_BYTES>()))
}

/// Bytes for salts.
pub(super) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // Filled at once: an array of random values would take a system call for each.
    rng().fill_bytes(&mut bytes);
    bytes
}

/// Without system randomness an authentication server cannot work safely, so it panics.
fn rng() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::collections::BTreeSet;
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn texts_have_better_auths_alphabets_and_lengths_and_never_repeat() {
        type Kind = (fn() -> String, fn(&char) -> bool, usize);
        let is_url_safe = |c: &char| c.is_ascii_alphanumeric() || "-_".contains(*c);
        let is_lower_case = |c: &char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let kinds: [Kind; 6] = [
            (token, char::is_ascii_alphanumeric, 32),
            (state, is_url_safe, 32),
            (verifier, is_url_safe, 128),
            (reset_token, char::is_ascii_alphanumeric, 24),
            (delete_token, is_lower_case, 32),
            (|| digits(12), char::is_ascii_digit, 12),
        ];
        for (make, is_letter, length) in kinds {
            let texts: HashSet<String> = (0..1000).map(|_| make()).collect();
            assert_eq!(texts.len(), 1000);
            assert!(texts.iter().all(|text| text.len() == length));
            let letters: BTreeSet<char> = texts.iter().flat_map(|text| text.chars()).collect();
            // Every character occurs, and no other.
            assert_eq!(letters, ('\0'..='\u{ff}').filter(is_letter).collect());
        }
    }

    #[test]
    fn no_letter_is_likelier_than_another() {
        let mut counts = BTreeMap::<u8, f64>::new();
        let texts: String = (0..4000).map(|_| token()).collect();
        texts.bytes().for_each(|letter| *counts.entry(letter).or_default() += 1.0);
        let expected = 4000.0 * 32.0 / 62.0;
        let chi_squared: f64 =
            counts.values().map(|count| (count - expected).powi(2) / expected).sum();
        // With 61 degrees of freedom one run in a billion exceeds this.
        assert!(chi_squared < 150.0, "{chi_squared}: {counts:?}");
    }

    #[test]
    fn ids_rise_with_time() {
        let ids: Vec<String> = (0..100).map(|_| id()).collect();
        assert!(ids.is_sorted());
    }
}
