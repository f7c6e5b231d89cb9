//! Verifies tokens signed by others: RSA (PKCS 1 and PSS), ECDSA on P-256 and P-384, and Ed25519, with published keys
//! [RFC 7515, 7517, 7518, 8037].
//!
//! TLS uses `ring` here already, so it adds no dependency. Crates for all of JOSE bring RSA implementations that are
//! not proven against timing attacks.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::signature::ECDSA_P256_SHA256_FIXED;
use ring::signature::ECDSA_P384_SHA384_FIXED;
use ring::signature::ED25519;
use ring::signature::RSA_PKCS1_2048_8192_SHA256;
use ring::signature::RSA_PKCS1_2048_8192_SHA384;
use ring::signature::RSA_PKCS1_2048_8192_SHA512;
use ring::signature::RSA_PSS_2048_8192_SHA256;
use ring::signature::RSA_PSS_2048_8192_SHA384;
use ring::signature::RSA_PSS_2048_8192_SHA512;
use ring::signature::RsaParameters;
use ring::signature::RsaPublicKeyComponents;
use ring::signature::UnparsedPublicKey;
use ring::signature::VerificationAlgorithm;
use serde::Deserialize;
use serde_json::Value;

/// The first byte of an uncompressed point [SEC 1 2.3.3].
const UNCOMPRESSED: u8 = 4;

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<Value>,
}

/// The claims of a token that one of these keys signed. Only algorithms of the key's own type are considered, and only
/// the one that the key names, if it does: this prevents algorithm confusion.
pub fn open(keys: &Value, token: &str) -> Option<Value> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let header: Header = serde_json::from_slice(&decode(header)?).ok()?;
    // No critical header is understood [RFC 7515 4.1.11].
    if header.crit.is_some() {
        return None;
    }
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
    let text = |name: &str| key.get(name).and_then(Value::as_str);
    let part = |name: &str| decode(text(name)?);
    let is_meant = text("use").is_none_or(|purpose| purpose == "sig")
        && text("alg").is_none_or(|own| own == algorithm);
    if !is_meant {
        return false;
    }
    if text("kty") == Some("RSA") {
        let (Some(n), Some(e), Some(rsa)) = (part("n"), part("e"), rsa(algorithm)) else {
            return false;
        };
        return RsaPublicKeyComponents { n, e }.verify(rsa, signed, signature).is_ok();
    }
    let curve: &dyn VerificationAlgorithm = match (text("kty"), text("crv"), algorithm) {
        (Some("EC"), Some("P-256"), "ES256") => &ECDSA_P256_SHA256_FIXED,
        (Some("EC"), Some("P-384"), "ES384") => &ECDSA_P384_SHA384_FIXED,
        (Some("OKP"), Some("Ed25519"), "EdDSA" | "Ed25519") => &ED25519,
        _ => return false,
    };
    let point = match (part("x"), part("y")) {
        (Some(x), Some(y)) => [vec![UNCOMPRESSED], x, y].concat(),
        (Some(x), None) => x,
        (None, _) => return false,
    };
    UnparsedPublicKey::new(curve, point).verify(signed, signature).is_ok()
}

fn rsa(algorithm: &str) -> Option<&'static RsaParameters> {
    Some(match algorithm {
        "RS256" => &RSA_PKCS1_2048_8192_SHA256,
        "RS384" => &RSA_PKCS1_2048_8192_SHA384,
        "RS512" => &RSA_PKCS1_2048_8192_SHA512,
        "PS256" => &RSA_PSS_2048_8192_SHA256,
        "PS384" => &RSA_PSS_2048_8192_SHA384,
        "PS512" => &RSA_PSS_2048_8192_SHA512,
        _ => return None,
    })
}

fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use ring::rand::SystemRandom;
    use ring::rsa::PublicKeyComponents;
    use ring::signature::ECDSA_P256_SHA256_FIXED_SIGNING;
    use ring::signature::ECDSA_P384_SHA384_FIXED_SIGNING;
    use ring::signature::EcdsaKeyPair;
    use ring::signature::Ed25519KeyPair;
    use ring::signature::KeyPair as _;
    use ring::signature::RSA_PKCS1_SHA256;
    use ring::signature::RSA_PKCS1_SHA384;
    use ring::signature::RSA_PKCS1_SHA512;
    use ring::signature::RSA_PSS_SHA256;
    use ring::signature::RSA_PSS_SHA384;
    use ring::signature::RSA_PSS_SHA512;
    use ring::signature::RsaEncoding;
    use ring::signature::RsaKeyPair;
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

    /// Generates a key and signs a token: the public key, and the token.
    fn signed(algorithm: &str) -> (Value, String) {
        let random = SystemRandom::new();
        let header = json!({"alg": algorithm}).to_string();
        let text = [header, r#"{"iss":"joe"}"#.to_owned()].map(|part| encode(part.as_bytes()));
        let text = text.join(".");
        let (key, signature) = match algorithm {
            "ES256" | "ES384" => {
                let (curve, signs) = if algorithm == "ES256" {
                    ("P-256", &ECDSA_P256_SHA256_FIXED_SIGNING)
                } else {
                    ("P-384", &ECDSA_P384_SHA384_FIXED_SIGNING)
                };
                let key = EcdsaKeyPair::generate_pkcs8(signs, &random).unwrap();
                let key = EcdsaKeyPair::from_pkcs8(signs, key.as_ref(), &random).unwrap();
                let (x, y) =
                    key.public_key().as_ref()[1..].split_at(key.public_key().as_ref().len() / 2);
                let public = json!({"kty": "EC", "crv": curve, "x": encode(x), "y": encode(y)});
                (public, key.sign(&random, text.as_bytes()).unwrap().as_ref().to_vec())
            }
            "EdDSA" => {
                let key = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
                let key = Ed25519KeyPair::from_pkcs8(key.as_ref()).unwrap();
                let public =
                    json!({"kty": "OKP", "crv": "Ed25519", "x": encode(key.public_key().as_ref())});
                (public, key.sign(text.as_bytes()).as_ref().to_vec())
            }
            rsa => {
                let key = include_bytes!("../../tests/fixtures/tls/signing.der");
                let key = RsaKeyPair::from_der(key).unwrap();
                let signs: &dyn RsaEncoding = match rsa {
                    "RS256" => &RSA_PKCS1_SHA256,
                    "RS384" => &RSA_PKCS1_SHA384,
                    "RS512" => &RSA_PKCS1_SHA512,
                    "PS256" => &RSA_PSS_SHA256,
                    "PS384" => &RSA_PSS_SHA384,
                    _ => &RSA_PSS_SHA512,
                };
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(signs, &random, text.as_bytes(), &mut signature).unwrap();
                let public: PublicKeyComponents<Vec<u8>> = key.public_key().into();
                (json!({"kty": "RSA", "n": encode(&public.n), "e": encode(&public.e)}), signature)
            }
        };
        (key, format!("{text}.{}", encode(&signature)))
    }

    fn encode(bytes: &[u8]) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    #[test]
    fn every_algorithm_opens_under_its_own_key_as_nothing_else() {
        let all = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"];
        for algorithm in all {
            let (key, token) = signed(algorithm);
            let under = |change: &[(&str, &str)]| {
                let mut key = key.clone();
                for (name, value) in change {
                    key[*name] = json!(value);
                }
                open(&json!({"keys": [key]}), &token)
            };
            assert_eq!(under(&[]).unwrap()["iss"], "joe", "{algorithm}");
            assert_eq!(under(&[("alg", algorithm), ("use", "sig")]).unwrap()["iss"], "joe");
            assert_eq!(under(&[("use", "enc")]), None, "{algorithm}");
            assert_eq!(under(&[("kty", "oct")]), None, "{algorithm}");
            let (_, rest) = token.split_once('.').unwrap();
            for other in all.into_iter().filter(|other| *other != algorithm) {
                assert_eq!(under(&[("alg", other)]), None, "{algorithm} {other}");
                let header = encode(json!({"alg": other}).to_string().as_bytes());
                let renamed = format!("{header}.{rest}");
                assert_eq!(open(&json!({"keys": [key]}), &renamed), None, "{algorithm} {other}");
            }
            for header in [
                json!({"alg": "none"}),
                json!({"alg": "HS256"}),
                json!({"alg": "ES512"}),
                json!({"alg": algorithm, "crit": ["exp"]}),
                json!({"alg": algorithm, "kid": "another"}),
            ] {
                let renamed = format!("{}.{rest}", encode(header.to_string().as_bytes()));
                assert_eq!(open(&json!({"keys": [key]}), &renamed), None, "{header}");
            }
        }
    }
}
