//! Compact JSON Web Tokens under the deployment's secrets: HS256 and nothing else [RFC 7515].
//!
//! The header is the one that Better Auth writes, and no other algorithm is accepted. A general library would add
//! elliptic curves and RSA to a single HMAC.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;

use crate::crypto::cookie::Signer;

/// The header of every token.
const HEADER: &str = r#"{"alg":"HS256"}"#;

#[derive(Deserialize)]
struct Header {
    alg: String,
}

#[derive(Deserialize)]
struct TimeClaims {
    exp: Option<f64>,
    nbf: Option<f64>,
}

/// Signs claims, given as the text of a JSON object.
pub fn sign(signer: &Signer, claims: &str) -> String {
    let header = BASE64_URL_SAFE_NO_PAD.encode(HEADER);
    let signed = format!("{header}.{}", BASE64_URL_SAFE_NO_PAD.encode(claims));
    let signature = BASE64_URL_SAFE_NO_PAD.encode(signer.mac(signed.as_bytes()));
    format!("{signed}.{signature}")
}

/// The result of checking a token.
#[derive(Debug, PartialEq, Eq)]
pub enum Token {
    /// Signed here and currently valid: its claims.
    Valid(Vec<u8>),
    /// Signed here and expired.
    Expired,
    /// Anything else.
    Invalid,
}

/// The claims of a token with a valid signature that is currently valid; `now` in seconds.
pub fn open(signer: &Signer, token: &str, now: i64) -> Option<Vec<u8>> {
    match check(signer, token, now) {
        Token::Valid(claims) => Some(claims),
        Token::Expired | Token::Invalid => None,
    }
}

/// As [`open`], but tells an expired token from an invalid one.
pub fn check(signer: &Signer, token: &str, now: i64) -> Token {
    match signed_claims(signer, token) {
        Some(claims) if is_in_time(&claims, now, 0) => Token::Valid(claims),
        Some(claims) if has_expired(&claims, now) => Token::Expired,
        _ => Token::Invalid,
    }
}

fn signed_claims(signer: &Signer, token: &str) -> Option<Vec<u8>> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let header = BASE64_URL_SAFE_NO_PAD.decode(header).ok()?;
    if serde_json::from_slice::<Header>(&header).ok()?.alg != "HS256" {
        return None;
    }
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?;
    if !signer.is_mac(signed.as_bytes(), &signature) {
        return None;
    }
    BASE64_URL_SAFE_NO_PAD.decode(claims).ok()
}

#[expect(clippy::cast_precision_loss, reason = "seconds fit a double for a long time")]
fn has_expired(claims: &[u8], now: i64) -> bool {
    let times = serde_json::from_slice::<TimeClaims>(claims);
    times.is_ok_and(|times| times.exp.is_some_and(|exp| exp <= now as f64))
}

/// Whether `exp` and `nbf` (seconds), if present, allow the time; `tolerance` for clock differences.
#[expect(clippy::cast_precision_loss, reason = "seconds fit a double for a long time")]
pub(super) fn is_in_time(claims: &[u8], now: i64, tolerance: i64) -> bool {
    let Ok(times) = serde_json::from_slice::<TimeClaims>(claims) else {
        return false;
    };
    times.exp.is_none_or(|exp| ((now - tolerance) as f64) < exp)
        && times.nbf.is_none_or(|nbf| nbf <= (now + tolerance) as f64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::crypto::Secret;

    /// Made by jose 6 as Better Auth 1.7.25 calls it: {"a":1,"iat":1795440000,"exp":1795440300}.
    const THEIRS: &str = "eyJhbGciOiJIUzI1NiJ9.\
        eyJhIjoxLCJpYXQiOjE3OTU0NDAwMDAsImV4cCI6MTc5NTQ0MDMwMH0.\
        Alk2CxlVA-O3mojYUZHBvXXUZv2vwqniEo4hybRzfG8";

    fn signer() -> Signer {
        Signer::new(&[Secret::new("x".repeat(40))])
    }

    #[test]
    fn better_auth_signs_the_same() {
        let claims = r#"{"a":1,"iat":1795440000,"exp":1795440300}"#;
        assert_eq!(sign(&signer(), claims), THEIRS);
        assert_eq!(open(&signer(), THEIRS, 1_795_440_299).as_deref(), Some(claims.as_bytes()));
    }

    #[test]
    fn what_is_over_or_not_signed_here_is_refused() {
        assert_eq!(open(&signer(), THEIRS, 1_795_440_300), None);
        assert_eq!(check(&signer(), THEIRS, 1_795_440_300), Token::Expired);
        assert_eq!(check(&signer(), &THEIRS.replace("iJ9", "iJ8"), 0), Token::Invalid);
        let unsigned = BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
        let claims = THEIRS.split('.').nth(1).unwrap();
        for forged in
            ["", ".", "..", &format!("{unsigned}.{claims}."), &THEIRS.replace("iJ9", "iJ8")]
        {
            assert_eq!(open(&signer(), forged, 0), None, "{forged}");
        }
        let other = Signer::new(&[Secret::new("y".repeat(40))]);
        assert_eq!(open(&other, THEIRS, 0), None);
    }

    #[test]
    fn a_token_counts_from_nbf_to_exp_with_a_tolerance_for_clocks() {
        for (claims, tolerance, expected) in [
            ("{}", 0, true),
            (r#"{"exp":101}"#, 0, true),
            (r#"{"exp":100.5}"#, 0, true),
            (r#"{"exp":100}"#, 0, false),
            (r#"{"exp":86}"#, 15, true),
            (r#"{"exp":85}"#, 15, false),
            (r#"{"nbf":100}"#, 0, true),
            (r#"{"nbf":101}"#, 0, false),
            (r#"{"nbf":115}"#, 15, true),
            (r#"{"nbf":116}"#, 15, false),
            (r#"{"exp":"101"}"#, 0, false),
            ("[]", 0, false),
        ] {
            assert_eq!(is_in_time(claims.as_bytes(), 100, tolerance), expected, "{claims}");
        }
    }

    proptest! {
        #[test]
        fn nothing_a_stranger_sends_opens_or_panics(token in "[a-zA-Z0-9_.-]{0,200}") {
            prop_assert_eq!(open(&signer(), &token, 0), None);
        }
    }
}
