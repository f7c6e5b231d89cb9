//! Tokens that somebody else signed: RS256 and ES256 under the keys that they publish [RFC 7515, 7517].
//!
//! `ring` is what TLS verifies certificates with here, so nothing is added for it; crates that do the rest of
//! JOSE bring implementations of RSA along that nobody has proven against timing.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::signature::ECDSA_P256_SHA256_FIXED;
use ring::signature::RSA_PKCS1_2048_8192_SHA256;
use ring::signature::RsaPublicKeyComponents;
use ring::signature::UnparsedPublicKey;
use serde::Deserialize;
use serde_json::Value;

/// The first byte of a point that is not compressed [SEC 1 2.3.3].
const UNCOMPRESSED: u8 = 4;

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
}

/// The claims of a token that one of these keys signed. Which algorithm is used follows from the key, and
/// the token must name the same: a key never verifies as something else.
pub fn open(keys: &Value, token: &str) -> Option<Value> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let header: Header = serde_json::from_slice(&decode(header)?).ok()?;
    let signature = decode(signature)?;
    let keys = keys.get("keys")?.as_array()?;
    let named = keys.iter().filter(|key| {
        let id = key.get("kid").and_then(Value::as_str);
        header.kid.is_none() || id == header.kid.as_deref()
    });
    let is_signed = named.clone().any(|key| is_by(key, &header.alg, signed.as_bytes(), &signature));
    let claims: Value = serde_json::from_slice(&decode(claims)?).ok()?;
    (is_signed && claims.is_object()).then_some(claims)
}

fn is_by(key: &Value, algorithm: &str, signed: &[u8], signature: &[u8]) -> bool {
    let part = |name: &str| decode(key.get(name)?.as_str()?);
    match (key.get("kty").and_then(Value::as_str), algorithm) {
        (Some("RSA"), "RS256") => {
            let (Some(n), Some(e)) = (part("n"), part("e")) else { return false };
            let key = RsaPublicKeyComponents { n, e };
            key.verify(&RSA_PKCS1_2048_8192_SHA256, signed, signature).is_ok()
        }
        (Some("EC"), "ES256") => {
            let (Some(x), Some(y)) = (part("x"), part("y")) else { return false };
            let point = [vec![UNCOMPRESSED], x, y].concat();
            let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
            key.verify(signed, signature).is_ok()
        }
        _ => false,
    }
}

fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The examples of RFC 7515, appendices A.2 and A.3.
    const RS256: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
    const N: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
    const ES256: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    #[test]
    fn the_examples_of_the_standard_open_under_their_keys_only() {
        let rsa = json!({"kty": "RSA", "n": N, "e": "AQAB"});
        let ec = json!({
            "kty": "EC", "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        });
        let both = json!({"keys": [rsa, ec]});
        for (token, other) in [(RS256, json!({"keys": [ec]})), (ES256, json!({"keys": [rsa]}))] {
            assert_eq!(open(&both, token).unwrap()["iss"], "joe");
            assert_eq!(open(&other, token), None);
            let (before, _) = token.split_at(token.len() - 8);
            for forged in [before.to_owned(), token.replace("eyJpc3M", "eyJpc3N"), String::new()] {
                assert_eq!(open(&both, &forged), None);
            }
        }
        for keys in [
            json!({}),
            json!({"keys": []}),
            json!({"keys": [{"kty": "oct", "k": "AA"}]}),
            json!([]),
        ] {
            assert_eq!(open(&keys, RS256), None);
        }
    }
}
