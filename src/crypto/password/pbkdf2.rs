//! PBKDF2 with HMAC-SHA-1, SHA-256 or SHA-512 [RFC 8018], in the spellings of several systems.

use pbkdf2::pbkdf2_hmac;
use sha1::Sha1;
use sha2::Sha256;
use sha2::Sha512;
use zeroize::Zeroizing;

use crate::crypto::is_same;
use crate::crypto::password::queue::Memory;
use crate::crypto::password::stored::Attempt;
use crate::crypto::password::stored::Refusal;
use crate::crypto::password::text;
use crate::crypto::password::text::Phc;
use crate::crypto::password::text::base64;
use crate::crypto::password::text::number;
use crate::crypto::password::text::parameters;

/// The most iterations times blocks of the key: five seconds of a core with SHA-512. Keycloak asks for 5.2 million.
const WORK_MAX: u64 = 10_000_000;

#[derive(Clone, Copy)]
enum Digest {
    Sha1,
    Sha256,
    Sha512,
}

struct Stored {
    digest: Digest,
    iterations: u32,
    salt: Zeroizing<Vec<u8>>,
    key: Zeroizing<Vec<u8>>,
}

/// `$pbkdf2-sha256$i=600000,l=32$salt$key` as a PHC string, `$pbkdf2-sha256$29000$salt$key` as passlib writes it;
/// `$pbkdf2$` is SHA-1.
pub(super) fn verify_phc(attempt: &Attempt<'_>, _: &mut Memory) -> Result<bool, Refusal> {
    verify(attempt, parse_phc(attempt.stored))
}

/// `pbkdf2_sha256$600000$salt$key`: the salt is the text as it stands.
pub(super) fn verify_django(attempt: &Attempt<'_>, _: &mut Memory) -> Result<bool, Refusal> {
    verify(attempt, parse_django(attempt.stored))
}

/// `pbkdf2$100000$salt$key` or `pbkdf2$sha256$100000$salt$key`, in base64 or hex, also with colons: what applications
/// write that hash with Web Crypto.
pub(super) fn verify_web(attempt: &Attempt<'_>, _: &mut Memory) -> Result<bool, Refusal> {
    verify(attempt, parse_web(attempt.stored))
}

fn parse_phc(stored: &str) -> Option<Stored> {
    let Phc { id, parameters: given, salt, key } = Phc::parse(stored)?;
    let digest = match id.strip_prefix("pbkdf2")? {
        "" => Digest::Sha1,
        name => Digest::named(name.strip_prefix('-')?)?,
    };
    let iterations = number(given).or_else(|| {
        let [iterations, length] = parameters(given, ["i", "l"])?;
        let is_right = |length| number(length).is_some_and(|length| length as usize == key.len());
        number(iterations?).filter(|_| length.is_none_or(is_right))
    })?;
    Some(Stored { digest, iterations, salt, key })
}

fn parse_django(stored: &str) -> Option<Stored> {
    let parts: Vec<&str> = stored.strip_prefix("pbkdf2_")?.split('$').collect();
    let [digest, iterations, salt, key] = *parts else { return None };
    Some(Stored {
        digest: Digest::named(digest)?,
        iterations: number(iterations)?,
        salt: Zeroizing::new(salt.as_bytes().to_vec()),
        key: text::key(base64(key)?)?,
    })
}

fn parse_web(stored: &str) -> Option<Stored> {
    let rest = stored.strip_prefix("pbkdf2")?;
    let mut parts = rest.split(rest.chars().next()?).skip(1);
    let mut iterations = parts.next()?;
    let mut digest = Digest::Sha256;
    if number(iterations).is_none() {
        digest = Digest::named(&iterations.to_ascii_lowercase().replace("sha-", "sha"))?;
        iterations = parts.next()?;
    }
    let (salt, key) = (parts.next()?, parts.next()?);
    let is_hex = key.bytes().all(|byte| byte.is_ascii_hexdigit());
    let decode = |text: &str| {
        if is_hex { hex::decode(text).ok().map(Zeroizing::new) } else { base64(text) }
    };
    parts.next().is_none().then_some(Stored {
        digest,
        iterations: number(iterations)?,
        salt: decode(salt)?,
        key: text::key(decode(key)?)?,
    })
}

fn verify(attempt: &Attempt<'_>, stored: Option<Stored>) -> Result<bool, Refusal> {
    let Stored { digest, iterations, salt, key: expected } = stored.ok_or(Refusal::Malformed)?;
    if iterations == 0 {
        return Err(Refusal::Malformed);
    }
    let blocks = expected.len().div_ceil(digest.bytes());
    if WORK_MAX < u64::from(iterations).saturating_mul(blocks as u64) {
        return Err(Refusal::TooCostly);
    }
    let mut key = Zeroizing::new(vec![0; expected.len()]);
    digest.derive(attempt.typed(), &salt, iterations, &mut key);
    Ok(is_same(&key, &expected))
}

impl Digest {
    fn named(name: &str) -> Option<Self> {
        match name {
            "sha1" => Some(Self::Sha1),
            "sha256" => Some(Self::Sha256),
            "sha512" => Some(Self::Sha512),
            _ => None,
        }
    }

    fn bytes(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }

    fn derive(self, password: &[u8], salt: &[u8], iterations: u32, key: &mut [u8]) {
        match self {
            Self::Sha1 => pbkdf2_hmac::<Sha1>(password, salt, iterations, key),
            Self::Sha256 => pbkdf2_hmac::<Sha256>(password, salt, iterations, key),
            Self::Sha512 => pbkdf2_hmac::<Sha512>(password, salt, iterations, key),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::password::fixture::check;
    use crate::crypto::password::fixture::outcome;

    /// RFC 6070 and RFC 7914 (11), as PHC strings.
    #[test]
    fn the_vectors_of_the_standards_are_verified() {
        check(&[
            ("password", "$pbkdf2$i=1,l=20$c2FsdA$DGDID5YfDnHzqbUkr2ASBi/gN6Y"),
            ("password", "$pbkdf2-sha1$i=2$c2FsdA$6mwBTcctb4zNHtkqzh1B8NjeiVc"),
            ("password", "$pbkdf2$l=20,i=4096$c2FsdA==$SwB5AbdlSJq+rUnZJvch0GWkKcE="),
            (
                "passwordPASSWORDpassword",
                "$pbkdf2$i=4096,l=25$c2FsdFNBTFRzYWx0U0FMVHNhbHRTQUxUc2FsdFNBTFRzYWx0\
                 $PS7sT+QchJuAyNg2YsDkSospGpZM8vBwOA",
            ),
            ("pass\0word", "$pbkdf2$i=4096,l=16$c2EAbHQ$Vvpqp1VICZ3MN9fwNCXgww"),
            (
                "passwd",
                "$pbkdf2-sha256$i=1,l=64$c2FsdA$VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8INrLxJypzM8Xm2R\
                 ZkWZLOdd+8xfHG4RbHjC9UJESBB06GXgw",
            ),
            (
                "Password",
                "$pbkdf2-sha256$i=80000,l=64$TmFDbA$TdzY9guYviGDDO5e8icB+WQaRBjQTAQUrv8Ih2s0q1ah1CWhI\
                 lgzVJrbhBtRybMXaicr3ruh0HhHj2Kzl/M8jQ",
            ),
        ]);
    }

    /// Of the tests of passlib.
    #[test]
    fn hashes_of_passlib_are_verified() {
        check(&[
            ("password", "$pbkdf2$1212$OB.dtnSEXZK8U5cgxU/GYQ$y5LKPOplRmok7CZp/aqVDVg8zGI"),
            (
                "password",
                "$pbkdf2-sha256$1212$4vjV83LKPjQzk31VI4E0Vw$hsYF68OiOUPdDZ1Fg.fJPeq1h/gXXY7acBp9/6c.tmQ",
            ),
            (
                "password",
                "$pbkdf2-sha512$1212$RHY0Fr3IDMSVO/RSZyb5ow$eNLfBK.eVozomMr.1gYa17k9B7KIK25NOEshvhrSX\
                 .esqY3s.FvWZViXz4KoLlQI.BzY/YTNJOiKc5gBYFYGww",
            ),
        ]);
    }

    /// Of the tests of passlib (Django 1.4), of the mailing list of Keycloak, and of Django 5.2.
    #[test]
    fn hashes_of_django_are_verified() {
        check(&[
            (
                "not a password",
                "pbkdf2_sha256$10000$kjVJaVz6qsnJ$5yPHw3rwJGECpUf70daLGhOrQ5+AMxIJdz1c3bqK1Rs=",
            ),
            ("not a password", "pbkdf2_sha1$10000$wz5B6WkasRoF$atJmJ1o+XfJxKq1+Nu1f1i57Z5I="),
            (
                "userpassword",
                "pbkdf2_sha256$180000$TAWdyXjZhOxy$Gdf7QXtuAA6S330T/w4Ul5LzcReOgDBx7/Ds6TFJWKs=",
            ),
            (
                "correct horse battery",
                "pbkdf2_sha256$1000$NaCl$8EppGlTIhXz4Wojow3sxxlKM+88sPOPgChjMb/kKchw=",
            ),
        ]);
    }

    /// `credentialData` and `secretData` of Keycloak, put together: 27500 iterations and a key of 32 bytes are published
    /// [dev.to/oskarspakers]; keys of 64 bytes are by Python's `hashlib`.
    #[test]
    fn hashes_of_keycloak_are_verified() {
        check(&[
            (
                "admin",
                "$pbkdf2-sha256$i=27500$x/bm4Y3DcuV9eU97ervkPA==$1u7BLvfSPxQFpwc5jpGSA+88EGl9pZYKhaZ8YPIu9N4=",
            ),
            (
                "correct horse battery",
                "$pbkdf2-sha256$i=1000$AAECAwQFBgcICQoLDA0ODw==$AhaeZ02AwPxykuhhDI8XvhQN8GKvmqM+qF6qv\
                 s/98I3oPrOafEIqFGOq0+8aVYIT/+xVcPChXj+A8gpxtbBrFQ==",
            ),
            (
                "correct horse battery",
                "$pbkdf2$i=1000$AAECAwQFBgcICQoLDA0ODw==$yr+bZKkEnTtGf3f18VjXM5CIxT9gt2kfzsoPOBHUS/RL\
                 DCZ42k0onOKxREnD3cAEEtG4G7TZX43IWO1b/MW15g==",
            ),
            (
                "correct horse battery",
                "$pbkdf2-sha512$i=210000$AAECAwQFBgcICQoLDA0ODw==$i8MEbJEntlaFgLOnIsIXgO0aPF4DYs7H6fl\
                 1KcMdXffNZCnnR8pN4bE1CdLP+hq1XxAKYsiteZvUHLB6Fjk0Kw==",
            ),
        ]);
    }

    /// By `crypto.subtle` of Node 20.
    #[test]
    fn hashes_by_web_crypto_are_verified() {
        let password = "correct horse battery";
        check(&[
            (
                password,
                "pbkdf2$1000$yMnKy8zNzs/Q0dLT1NXW1w==$f7QmfEsrJ+6B1wS+aSt9ihj2PkMFNH0fXQqzfxKqycQ=",
            ),
            (
                password,
                "pbkdf2$sha256$1000$yMnKy8zNzs_Q0dLT1NXW1w$f7QmfEsrJ-6B1wS-aSt9ihj2PkMFNH0fXQqzfxKqycQ",
            ),
            (
                password,
                "pbkdf2:1000:c8c9cacbcccdcecfd0d1d2d3d4d5d6d7:\
                 7fb4267c4b2b27ee81d704be692b7d8a18f63e4305347d1f5d0ab37f12aac9c4",
            ),
            (
                password,
                "pbkdf2:SHA-512:1000:yMnKy8zNzs/Q0dLT1NXW1w==:LUjErv9BACMii6bJOrvqgQd17MC/TMZTRZ/Vr/L\
                 WRVhiP3wGjGvF/LZzT5NYfBIfdEpS/8RbyyBLA+wRX3KRCA==",
            ),
        ]);
    }

    /// The last vector of RFC 6070 has 2^24 iterations.
    #[test]
    fn more_than_ten_million_blocks_are_not_computed() {
        let key = "DGDID5YfDnHzqbUkr2ASBi/gN6Y";
        for stored in [
            "$pbkdf2$i=16777216,l=20$c2FsdA$7v49Yc1NpNTpmUW6PWuiFYwmNOk".to_owned(),
            format!("$pbkdf2$i=5000001$c2FsdA${key}A"),
            format!("$pbkdf2-sha512$i=10000001$c2FsdA${key}"),
            format!("$pbkdf2-sha256$4294967295$c2FsdA${key}"),
            format!("pbkdf2_sha256$10000001$c2FsdA${key}"),
            format!("pbkdf2$10000001$c2FsdA${key}"),
        ] {
            assert_eq!(outcome("password", &stored), Err(Refusal::TooCostly), "{stored}");
        }
    }

    #[test]
    fn what_is_no_whole_hash_is_refused() {
        let key = "DGDID5YfDnHzqbUkr2ASBi/gN6Y";
        for stored in [
            "$pbkdf2$".to_owned(),
            "$pbkdf2$1$c2FsdA$".to_owned(),
            "$pbkdf2$1$c2FsdA$DGDID5YfDnHzqbUkr2AS".to_owned(),
            format!("$pbkdf2$0$c2FsdA${key}"),
            format!("$pbkdf2$$c2FsdA${key}"),
            format!("$pbkdf2$+1$c2FsdA${key}"),
            format!("$pbkdf2$i=1,l=21$c2FsdA${key}"),
            format!("$pbkdf2$i=1,i=1$c2FsdA${key}"),
            format!("$pbkdf2$i=1,x=1$c2FsdA${key}"),
            format!("$pbkdf2$l=20$c2FsdA${key}"),
            format!("$pbkdf2$1$c2F%dA${key}"),
            format!("$pbkdf2$1$c2FsdA${key}$"),
            format!("$pbkdf2$99999999999$c2FsdA${key}"),
            "pbkdf2_sha256$1$salt$".to_owned(),
            format!("pbkdf2_sha256$1$sa$lt${key}"),
            format!("pbkdf2_sha256$x$salt${key}"),
            "pbkdf2:".to_owned(),
            "pbkdf2$1$c2FsdA$".to_owned(),
            format!("pbkdf2:md5:1:c2FsdA:{key}"),
            format!("pbkdf2:1:c2FsdA:{key}:"),
            format!("pbkdf2:sha256:1$c2FsdA${key}"),
        ] {
            assert_eq!(outcome("password", &stored), Err(Refusal::Malformed), "{stored}");
        }
    }
}
