//! Encrypted JSON Web Tokens as Better Auth writes them: `dir`, `A256CBC-HS512` [RFC 7516, RFC 7518 5.2.5].
//!
//! The JOSE crates bind OpenSSL or are unmaintained. This implements the one combination that is needed, from its
//! ciphers.

use aes::Aes256;
use aes::cipher::BlockModeDecrypt as _;
use aes::cipher::BlockModeEncrypt as _;
use aes::cipher::KeyIvInit as _;
use aes::cipher::block_padding::Pkcs7;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use hmac::Hmac;
use hmac::KeyInit as _;
use hmac::Mac as _;
use serde::Deserialize;
use sha2::Digest as _;
use sha2::Sha256;
use sha2::Sha512;
use zeroize::Zeroizing;

use crate::crypto::Secret;
use crate::crypto::jwt::is_in_time;
use crate::crypto::random;

/// The HKDF info of every key.
const INFO: &[u8] = b"BetterAuth.js Generated Encryption Key";
/// The length of a key in bytes: half authenticates, half encrypts.
const KEY_LENGTH: usize = 64;
const MAC_KEY_LENGTH: usize = 32;
const TAG_LENGTH: usize = 32;
const IV_LENGTH: usize = 16;
/// The tolerated clock difference in seconds.
const TOLERANCE: i64 = 15;

/// Encrypts with the first secret and decrypts with any of them.
pub struct Sealer(Vec<Key>);

struct Key {
    /// Identifies the key without revealing it.
    id: String,
    bytes: Zeroizing<[u8; KEY_LENGTH]>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    enc: String,
    kid: Option<String>,
}

impl Sealer {
    /// Derives one key per secret. Tokens of one purpose (the salt, such as `better-auth-session`) cannot be opened as
    /// those of another.
    pub fn new(secrets: &[Secret], salt: &str) -> Self {
        Self(secrets.iter().filter_map(|secret| Key::derive(secret, salt)).collect())
    }

    /// Encrypts claims, given as the text of a JSON object. `None` without a secret.
    pub fn seal(&self, claims: &str) -> Option<String> {
        let key = self.0.first()?;
        let header = format!(r#"{{"alg":"dir","enc":"A256CBC-HS512","kid":"{}"}}"#, key.id);
        let header = BASE64_URL_SAFE_NO_PAD.encode(header);
        let iv = random::bytes::<IV_LENGTH>();
        let (_, cipher_key) = key.halves();
        let text = cbc::Encryptor::<Aes256>::new_from_slices(cipher_key, &iv)
            .ok()?
            .encrypt_padded_vec::<Pkcs7>(claims.as_bytes());
        let tag = key.mac(&header, &iv, &text)?.finalize().into_bytes();
        let [iv, text, tag] = [&iv[..], &text, tag.get(..TAG_LENGTH)?]
            .map(|part| BASE64_URL_SAFE_NO_PAD.encode(part));
        Some(format!("{header}..{iv}.{text}.{tag}"))
    }

    /// The claims of a token that was made here and has not expired; `now` in seconds.
    pub fn open(&self, token: &str, now: i64) -> Option<Vec<u8>> {
        let mut parts = token.split('.');
        let mut next = || parts.next();
        let (header, wrapped_key, iv, text, tag) = (next()?, next()?, next()?, next()?, next()?);
        if next().is_some() || !wrapped_key.is_empty() {
            return None;
        }
        let decode = |part| BASE64_URL_SAFE_NO_PAD.decode(part).ok();
        let (iv, text, tag) = (decode(iv)?, decode(text)?, decode(tag)?);
        let Header { alg, enc, kid } = serde_json::from_slice(&decode(header)?).ok()?;
        if alg != "dir" || enc != "A256CBC-HS512" || tag.len() != TAG_LENGTH {
            return None;
        }
        let mut keys = self.0.iter().filter(|key| kid.as_ref().is_none_or(|kid| *kid == key.id));
        let claims = keys.find_map(|key| key.open(header, &iv, &text, &tag))?;
        is_in_time(&claims, now, TOLERANCE).then_some(claims)
    }
}

impl Key {
    fn derive(secret: &Secret, salt: &str) -> Option<Self> {
        let mut bytes = Zeroizing::new([0; KEY_LENGTH]);
        let hkdf = Hkdf::<Sha256>::new(Some(salt.as_bytes()), secret.expose().as_bytes());
        hkdf.expand(INFO, bytes.as_mut()).ok()?;
        // The thumbprint of the key as a JSON Web Key [RFC 7638].
        let encoded = Zeroizing::new(BASE64_URL_SAFE_NO_PAD.encode(bytes.as_ref()));
        let jwk = Zeroizing::new(format!(r#"{{"k":"{}","kty":"oct"}}"#, encoded.as_str()));
        let id = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(jwk.as_bytes()));
        Some(Self { id, bytes })
    }

    /// The authentication key and the encryption key.
    fn halves(&self) -> (&[u8], &[u8]) {
        self.bytes.split_at(MAC_KEY_LENGTH)
    }

    fn mac(&self, header: &str, iv: &[u8], text: &[u8]) -> Option<Hmac<Sha512>> {
        let mut mac = Hmac::<Sha512>::new_from_slice(self.halves().0).ok()?;
        mac.update(header.as_bytes());
        mac.update(iv);
        mac.update(text);
        mac.update(&(header.len() as u64 * 8).to_be_bytes());
        Some(mac)
    }

    fn open(&self, header: &str, iv: &[u8], text: &[u8], tag: &[u8]) -> Option<Vec<u8>> {
        // Authenticated in constant time before a single block is decrypted: no padding oracle.
        self.mac(header, iv, text)?.verify_truncated_left(tag).ok()?;
        let cipher = cbc::Decryptor::<Aes256>::new_from_slices(self.halves().1, iv).ok()?;
        cipher.decrypt_padded_vec::<Pkcs7>(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SALT: &str = "better-auth-session";
    /// Made by Better Auth 1.7.25 with a secret of 40 `x`: {"a":1,"iat":…,"exp":1795440300,"jti":…}.
    const THEIRS: &str = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2Q0JDLUhTNTEyIiwia2lkIjoidTJoeEdFZDhPSDVxUXdYTnhI\
        T1pUV2I3SnlKdkIxTmNDenNLekxJMElxYyJ9..Ke6Ey0rLsWuBjiIt97rhzA.th-\
        6IlKoXcapjDejULF3TWyLMmDEKlPUPtxXDZCPUZREL6oq5uL8Pc06jW_vP-ZrNUQ8aLqcq8YA47dt9dr\
        uT_VyibgS64xMytKmBv4xp5xDyhCDtcWUPjASid67wEcZ.EwQpQ9CSDqNukeDEdIBWCvAm5SQnozMwW3\
        zaG8Te-JM";

    fn sealer(secret: &str) -> Sealer {
        Sealer::new(&[Secret::new(secret.repeat(40))], SALT)
    }

    #[test]
    fn the_key_is_better_auths() {
        // [contract 17]
        assert_eq!(sealer("x").0[0].id, "u2hxGEd8OH5qQwXNxHOZTWb7JyJvB1NcCzsKzLI0Iqc");
        assert_eq!(sealer("x").0[0].bytes[..4], [0x24, 0x3e, 0x53, 0x9e]);
    }

    #[test]
    fn a_token_of_better_auth_opens_until_it_expires() {
        let claims = sealer("x").open(THEIRS, 1_795_440_314).unwrap();
        assert!(String::from_utf8(claims).unwrap().starts_with(r#"{"a":1,"#));
        assert_eq!(sealer("x").open(THEIRS, 1_795_440_315), None);
        assert_eq!(sealer("y").open(THEIRS, 0), None);
    }

    #[test]
    fn what_was_sealed_opens_again_after_a_rotation_too() {
        let token = sealer("x").seal(r#"{"b":2}"#).unwrap();
        let rotated =
            Sealer::new(&[Secret::new("y".repeat(40)), Secret::new("x".repeat(40))], SALT);
        assert_eq!(rotated.open(&token, 0).as_deref(), Some(&br#"{"b":2}"#[..]));
        assert_eq!(sealer("x").open(&rotated.seal("{}").unwrap(), 0), None);
        let other = Sealer::new(&[Secret::new("x".repeat(40))], "better-auth-account");
        assert_eq!(other.open(&token, 0), None);
    }

    #[test]
    fn what_has_the_right_tag_and_another_form_does_not_open() {
        let sealer = sealer("x");
        let decode = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).unwrap();
        let parts: Vec<&str> = THEIRS.split('.').collect();
        let (iv, text) = (decode(parts[2]), decode(parts[3]));
        let with = |header: &str, tag_length: usize| {
            let header = BASE64_URL_SAFE_NO_PAD.encode(header);
            let tag = sealer.0[0].mac(&header, &iv, &text).unwrap().finalize().into_bytes();
            let tag = BASE64_URL_SAFE_NO_PAD.encode(&tag[..tag_length]);
            sealer.open(&format!("{header}..{}.{}.{tag}", parts[2], parts[3]), 0)
        };
        assert!(with(r#"{"alg":"dir","enc":"A256CBC-HS512"}"#, TAG_LENGTH).is_some());
        for (header, tag_length) in [
            (r#"{"alg":"A256KW","enc":"A256CBC-HS512"}"#, TAG_LENGTH),
            (r#"{"alg":"dir","enc":"A256GCM"}"#, TAG_LENGTH),
            (r#"{"alg":"dir","enc":"A256CBC-HS512","kid":"another"}"#, TAG_LENGTH),
            (r#"{"alg":"dir","enc":"A256CBC-HS512"}"#, TAG_LENGTH - 1),
            (r#"{"alg":"dir","enc":"A256CBC-HS512"}"#, TAG_LENGTH + 1),
            (r#"{"alg":"dir","enc":"A256CBC-HS512"}"#, 0),
        ] {
            assert_eq!(with(header, tag_length), None, "{header} {tag_length}");
        }
    }

    proptest! {
        #[test]
        fn a_changed_character_closes_it(at in 0_usize..200, to in "[a-zA-Z0-9]") {
            let mut changed = THEIRS.to_owned();
            let at = at % changed.len();
            changed.replace_range(at..=at, &to);
            prop_assume!(changed != THEIRS);
            // The last character of a part has unused bits.
            let is_same = |sealed: &str| {
                sealed.split('.').map(|part| BASE64_URL_SAFE_NO_PAD.decode(part).ok()).collect::<Vec<_>>()
            };
            prop_assume!(is_same(&changed) != is_same(THEIRS));
            prop_assert_eq!(sealer("x").open(&changed, 0), None);
        }

        #[test]
        fn nothing_a_stranger_sends_opens_or_panics(token in "[a-zA-Z0-9_.-]{0,200}") {
            prop_assert_eq!(sealer("x").open(&token, 0), None);
        }
    }
}
