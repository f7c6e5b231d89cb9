//! Signed cookie values: `value.signature`, HMAC-SHA256, percent-encoded [contract 3.3].

use std::borrow::Cow;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::Hmac;
use hmac::KeyInit as _;
use hmac::Mac as _;
use percent_encoding::AsciiSet;
use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::percent_decode_str;
use percent_encoding::utf8_percent_encode;
use sha2::Sha256;

use crate::crypto::Secret;

/// The characters that JavaScript's `encodeURIComponent` escapes.
pub const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');
/// The length of 32 bytes in padded base64.
const SIGNATURE_LENGTH: usize = 44;

/// Signs with the first secret and accepts any of them, so that rotating secrets signs no user out.
pub struct Signer(Vec<Hmac<Sha256>>);

impl Signer {
    /// Prepares the keys once. Without secrets no signature is accepted.
    pub fn new(secrets: &[Secret]) -> Self {
        let keys = secrets.iter().filter_map(|secret| {
            // HMAC takes keys of any length.
            Hmac::new_from_slice(secret.expose().as_bytes()).ok()
        });
        Self(keys.collect())
    }

    /// The HMAC of a text; empty without a secret.
    pub fn mac(&self, text: &[u8]) -> Vec<u8> {
        let Some(key) = self.0.first() else {
            return Vec::new();
        };
        let mut mac = key.clone();
        mac.update(text);
        mac.finalize().into_bytes().to_vec()
    }

    /// Whether this is the HMAC of a text under one of the secrets.
    pub fn is_mac(&self, text: &[u8], claimed: &[u8]) -> bool {
        self.0.iter().any(|key| {
            let mut mac = key.clone();
            mac.update(text);
            // Compares in constant time.
            mac.verify_slice(claimed).is_ok()
        })
    }

    /// The value in its cookie form.
    pub fn sign(&self, value: &str) -> String {
        let signature = BASE64_STANDARD.encode(self.mac(value.as_bytes()));
        utf8_percent_encode(&format!("{value}.{signature}"), ESCAPED).to_string()
    }

    /// The value of a cookie with a valid signature.
    pub fn open(&self, cookie: &str) -> Option<String> {
        let decoded = decode(unquote(cookie));
        let (value, signature) = decoded.rsplit_once('.')?;
        if value.is_empty() || signature.len() != SIGNATURE_LENGTH {
            return None;
        }
        let signature = BASE64_STANDARD.decode(signature).ok()?;
        self.is_mac(value.as_bytes(), &signature).then(|| value.to_owned())
    }
}

/// A value with an invalid escape is used as it is.
fn decode(cookie: &str) -> Cow<'_, str> {
    if !cookie.contains('%') || !has_good_escapes(cookie) {
        return Cow::Borrowed(cookie);
    }
    percent_decode_str(cookie).decode_utf8().unwrap_or(Cow::Borrowed(cookie))
}

fn has_good_escapes(cookie: &str) -> bool {
    cookie.split('%').skip(1).all(|after| {
        let mut digits = after.bytes();
        let is_hex = |digit: Option<u8>| digit.is_some_and(|digit| digit.is_ascii_hexdigit());
        is_hex(digits.next()) && is_hex(digits.next())
    })
}

/// Some proxies put cookie values in quotes.
fn unquote(value: &str) -> &str {
    value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Made by Better Auth 1.7.25 [contract 17].
    const TOKEN: &str = "uFwoEXbj2xJzHdVD5DifqkPPgz6wnqdA";
    const COOKIE: &str = "uFwoEXbj2xJzHdVD5DifqkPPgz6wnqdA.\
                          zc993h9%2FP1CDHEUeCWyAzmMPzh3jRmNt8TCK5NqNLAU%3D";

    fn signer(secrets: &[&str]) -> Signer {
        let secrets: Vec<Secret> = secrets.iter().map(|text| Secret::new(*text)).collect();
        Signer::new(&secrets)
    }

    fn ours() -> Signer {
        signer(&[&"x".repeat(40)])
    }

    #[test]
    fn better_auth_signs_the_same() {
        assert_eq!(ours().sign(TOKEN), COOKIE);
        assert_eq!(
            ours().sign("true"),
            "true.qmEHQ0YaGbx%2FOqz5EgOz24xC6L3HQDnQ0x%2F%2BO0pXU60%3D"
        );
    }

    #[test]
    fn every_spelling_that_better_auth_reads_is_read() {
        let plain = COOKIE.replace("%2F", "/").replace("%3D", "=");
        for cookie in [COOKIE, &plain, &format!("\"{plain}\""), &format!("\"{COOKIE}\"")] {
            assert_eq!(ours().open(cookie).as_deref(), Some(TOKEN), "{cookie}");
        }
    }

    #[test]
    fn what_is_not_signed_is_refused() {
        for cookie in ["", ".", TOKEN, "a.b", &format!(".{COOKIE}"), &COOKIE.replace('A', "B")] {
            assert_eq!(ours().open(cookie), None, "{cookie}");
        }
        assert_eq!(signer(&[&"y".repeat(40)]).open(COOKIE), None);
        assert_eq!(signer(&[]).open(COOKIE), None);
    }

    #[test]
    fn a_rotated_secret_is_still_accepted() {
        let rotated = signer(&[&"y".repeat(40), &"x".repeat(40)]);
        assert_eq!(rotated.open(COOKIE).as_deref(), Some(TOKEN));
        assert_eq!(ours().open(&rotated.sign(TOKEN)), None);
    }

    proptest! {
        #[test]
        fn what_was_signed_opens_again(value in "[^\"]{1,64}") {
            prop_assert_eq!(ours().open(&ours().sign(&value)), Some(value));
        }

        #[test]
        fn nothing_a_stranger_sends_opens_or_panics(cookie in ".*") {
            prop_assert_eq!(ours().open(&cookie), None);
        }

        #[test]
        fn a_changed_character_of_the_signature_closes_it(at in 33_usize..76, to in "[a-zA-Z0-9+/]") {
            let mut changed = COOKIE.replace("%2F", "/").replace("%3D", "=");
            let before = changed.clone();
            changed.replace_range(at..=at, &to);
            prop_assume!(changed != before);
            prop_assert_eq!(ours().open(&changed), None);
        }

        #[test]
        fn a_changed_character_closes_it(at in 0_usize..33, to in "[a-zA-Z0-9]") {
            let mut changed = COOKIE.to_owned();
            changed.replace_range(at..=at, &to);
            prop_assume!(changed != COOKIE);
            prop_assert_eq!(ours().open(&changed), None);
        }
    }
}
