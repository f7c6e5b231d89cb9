//! Ids and tokens from the operating system's generator [contract 4].

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use rand::RngExt as _;
use rand::distr::Alphanumeric;
use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;
use uuid::Uuid;

use crate::crypto::Secret;

/// Characters of a session token: 190 bits.
const TOKEN_LENGTH: usize = 32;
/// Characters of a token for a new password: 142 bits.
const RESET_TOKEN_LENGTH: usize = 24;
/// Characters of what a code is bound to, as many as there may be.
const VERIFIER_LENGTH: usize = 128;
/// Bytes of a generated secret.
const SECRET_BYTES: usize = 32;

/// The id of a new row: a `UUIDv7`, so that rows made one after the other are neighbours in an index.
pub fn id() -> String {
    Uuid::now_v7().to_string()
}

/// A session token: 32 characters of `a-zA-Z0-9`.
pub fn token() -> String {
    rng().sample_iter(Alphanumeric).take(TOKEN_LENGTH).map(char::from).collect()
}

/// What binds a provider's answer to the browser that asked: 32 characters [contract 4].
pub fn state() -> String {
    url_safe(TOKEN_LENGTH)
}

/// What binds a provider's code to this server: 128 characters [contract 4; RFC 7636 4.1].
pub fn verifier() -> String {
    url_safe(VERIFIER_LENGTH)
}

fn url_safe(length: usize) -> String {
    let mut rng = rng();
    let alphabet = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    let letters = (0..length).filter_map(|_| {
        let at: u8 = rng.random();
        // 64 letters: no value is likelier than another.
        alphabet.get(usize::from(at % 64)).copied()
    });
    letters.map(char::from).collect()
}

/// What a link to a new password carries: 24 characters of `a-zA-Z0-9` [contract 11.4].
pub fn reset_token() -> String {
    rng().sample_iter(Alphanumeric).take(RESET_TOKEN_LENGTH).map(char::from).collect()
}

/// What a link carries that deletes a user: 32 characters of `a-z0-9` [contract 11.4].
pub fn delete_token() -> String {
    let characters = rng().sample_iter(Alphanumeric).map(char::from);
    characters.filter(|c| !c.is_ascii_uppercase()).take(TOKEN_LENGTH).collect()
}

/// A secret for signing: 32 bytes as base64url.
pub fn secret() -> Secret {
    Secret::new(BASE64_URL_SAFE_NO_PAD.encode(bytes::<SECRET_BYTES>()))
}

/// Bytes for salts.
pub(super) fn bytes<const N: usize>() -> [u8; N] {
    rng().random()
}

/// A system without randomness is no place for an authentication server: it stops instead of
/// answering something that can be guessed.
fn rng() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn tokens_have_better_auths_alphabet_and_never_repeat() {
        let tokens: HashSet<String> = (0..1000).map(|_| token()).collect();
        assert_eq!(tokens.len(), 1000);
        assert!(tokens.iter().all(|token| {
            token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_alphanumeric())
        }));
    }

    #[test]
    fn ids_rise_with_time() {
        let ids: Vec<String> = (0..100).map(|_| id()).collect();
        assert!(ids.is_sorted());
    }
}
