//! Signs with a private key: the client assertions that replace a client secret [RFC 7523 2.2].

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::ECDSA_P256_SHA256_FIXED_SIGNING;
use ring::signature::ECDSA_P384_SHA384_FIXED_SIGNING;
use ring::signature::EcdsaKeyPair;
use ring::signature::EcdsaSigningAlgorithm;
use ring::signature::Ed25519KeyPair;
use ring::signature::RSA_PKCS1_SHA256;
use ring::signature::RSA_PKCS1_SHA384;
use ring::signature::RSA_PKCS1_SHA512;
use ring::signature::RSA_PSS_SHA256;
use ring::signature::RSA_PSS_SHA384;
use ring::signature::RSA_PSS_SHA512;
use ring::signature::RsaEncoding;
use ring::signature::RsaKeyPair;

use crate::crypto::Secret;

const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";

/// A private key and its algorithm.
pub struct SigningKey(Pair);

enum Pair {
    Rsa(RsaKeyPair, &'static dyn RsaEncoding),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

impl SigningKey {
    /// Reads a PEM key (PKCS 8) for an algorithm of RFC 7518 or RFC 8037; `None` if it is invalid or unsuitable.
    pub fn read(pem: &Secret, algorithm: &str) -> Option<Self> {
        let (_, rest) = pem.expose().split_once(BEGIN)?;
        let (body, _) = rest.split_once(END)?;
        let body: String = body.split_whitespace().collect();
        let key = BASE64_STANDARD.decode(body).ok()?;
        let rsa = |encoding: &'static dyn RsaEncoding| {
            Some(Pair::Rsa(RsaKeyPair::from_pkcs8(&key).ok()?, encoding))
        };
        let ec = |algorithm: &'static EcdsaSigningAlgorithm| {
            Some(Pair::Ec(EcdsaKeyPair::from_pkcs8(algorithm, &key, &SystemRandom::new()).ok()?))
        };
        let pair = match algorithm {
            "RS256" => rsa(&RSA_PKCS1_SHA256),
            "RS384" => rsa(&RSA_PKCS1_SHA384),
            "RS512" => rsa(&RSA_PKCS1_SHA512),
            "PS256" => rsa(&RSA_PSS_SHA256),
            "PS384" => rsa(&RSA_PSS_SHA384),
            "PS512" => rsa(&RSA_PSS_SHA512),
            "ES256" => ec(&ECDSA_P256_SHA256_FIXED_SIGNING),
            "ES384" => ec(&ECDSA_P384_SHA384_FIXED_SIGNING),
            "EdDSA" => Ed25519KeyPair::from_pkcs8_maybe_unchecked(&key).ok().map(Pair::Ed),
            _ => None,
        };
        pair.map(Self)
    }

    /// A compact token of a header and claims, each the text of a JSON object; `None` if the system has no randomness.
    pub fn sign(&self, header: &str, claims: &str) -> Option<String> {
        let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let signed = format!("{}.{}", encode(header.as_bytes()), encode(claims.as_bytes()));
        let (random, bytes) = (SystemRandom::new(), signed.as_bytes());
        let signature = match &self.0 {
            Pair::Rsa(key, encoding) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(*encoding, &random, bytes, &mut signature).ok()?;
                signature
            }
            Pair::Ec(key) => key.sign(&random, bytes).ok()?.as_ref().to_vec(),
            Pair::Ed(key) => key.sign(bytes).as_ref().to_vec(),
        };
        Some(format!("{signed}.{}", encode(&signature)))
    }
}

#[cfg(test)]
mod tests {
    use ring::rsa::PublicKeyComponents;
    use ring::signature::KeyPair as _;
    use serde_json::Value;
    use serde_json::json;

    use super::*;
    use crate::crypto::jwks;

    #[test]
    fn what_it_signs_opens_under_the_public_half() {
        let key = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let public = Ed25519KeyPair::from_pkcs8(key.as_ref()).unwrap();
        let x = encode(public.public_key().as_ref());
        let keys = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": x}]});
        let pem = pem(key.as_ref());
        let token = SigningKey::read(&pem, "EdDSA").unwrap();
        let token = token.sign(r#"{"alg":"EdDSA"}"#, r#"{"iss":"us"}"#).unwrap();
        assert_eq!(jwks::open(&keys, &token).unwrap()["iss"], "us");
        for algorithm in ["RS256", "ES256", "none", "HS256", ""] {
            assert!(SigningKey::read(&pem, algorithm).is_none(), "{algorithm}");
        }
        for text in ["", "x", BEGIN, "-----BEGIN PRIVATE KEY----- AA -----END PRIVATE KEY-----"] {
            assert!(SigningKey::read(&Secret::new(text), "EdDSA").is_none(), "{text}");
        }
    }

    fn pem(key: &[u8]) -> Secret {
        Secret::new(format!("{BEGIN}\n{}\n{END}\n", BASE64_STANDARD.encode(key)))
    }

    fn encode(bytes: &[u8]) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The RSA key of the tests in PKCS 8, and its public half.
    fn rsa() -> (Vec<u8>, Value) {
        const RSA_ENCRYPTION: &[u8] = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\0";
        let long = |tag: u8, content: &[u8]| {
            let length = u16::try_from(content.len()).unwrap().to_be_bytes();
            [&[tag, 0x82], &length[..], content].concat()
        };
        let der = include_bytes!("../../tests/fixtures/tls/signing.der");
        let public: PublicKeyComponents<Vec<u8>> =
            RsaKeyPair::from_der(der).unwrap().public_key().into();
        let content = [b"\x02\x01\0", RSA_ENCRYPTION, &long(0x04, der)].concat();
        let public = json!({"kty": "RSA", "n": encode(&public.n), "e": encode(&public.e)});
        (long(0x30, &content), public)
    }

    fn ec(curve: &str, algorithm: &'static EcdsaSigningAlgorithm) -> (Vec<u8>, Value) {
        let random = SystemRandom::new();
        let key = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, key.as_ref(), &random).unwrap();
        let point = &pair.public_key().as_ref()[1..];
        let (x, y) = point.split_at(point.len() / 2);
        let public = json!({"kty": "EC", "crv": curve, "x": encode(x), "y": encode(y)});
        (key.as_ref().to_vec(), public)
    }

    #[test]
    fn what_every_algorithm_signs_opens_as_that_algorithm() {
        let ec256 = ec("P-256", &ECDSA_P256_SHA256_FIXED_SIGNING);
        let ec384 = ec("P-384", &ECDSA_P384_SHA384_FIXED_SIGNING);
        let keys = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"].map(|name| (name, rsa()));
        for (algorithm, (key, public)) in
            keys.into_iter().chain([("ES256", ec256), ("ES384", ec384)])
        {
            let key = SigningKey::read(&pem(&key), algorithm).unwrap();
            let token =
                key.sign(&json!({"alg": algorithm}).to_string(), r#"{"iss":"us"}"#).unwrap();
            let opened = jwks::open(&json!({"keys": [public]}), &token).unwrap();
            assert_eq!(opened["iss"], "us", "{algorithm}");
        }
    }
}
