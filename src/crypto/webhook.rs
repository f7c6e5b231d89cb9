//! Webhook signatures as in [Standard Webhooks](https://www.standardwebhooks.com).

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::Hmac;
use hmac::KeyInit as _;
use hmac::Mac as _;
use sha2::Sha256;

use crate::crypto::Secret;

/// The prefix of a generated key.
const PREFIX: &str = "whsec_";

/// The signature of a body with this id and time (in seconds); never `None`, because HMAC takes keys of any length.
pub fn sign(secret: &Secret, id: &str, at: i64, body: &[u8]) -> Option<String> {
    let text = secret.expose();
    let key = match text.strip_prefix(PREFIX).map(|encoded| BASE64_STANDARD.decode(encoded)) {
        Some(Ok(key)) => key,
        _ => text.as_bytes().to_vec(),
    };
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(format!("{id}.{at}.").as_bytes());
    mac.update(body);
    Some(format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's own libraries.
    #[test]
    fn the_standard_libraries_sign_the_same() {
        let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let body = br#"{"test": 2432232314}"#;
        let signature = sign(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body);
        assert_eq!(signature.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
    }
}
