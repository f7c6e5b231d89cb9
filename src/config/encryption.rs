//! Whether a connection to PostgreSQL is encrypted and whom it trusts, from the parameters of libpq,
//! node-postgres and Prisma. None that asks for protection is ignored; those that contradict one
//! another are refused.

use std::path::PathBuf;

/// Whether and how a connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// `sslmode=disable`
    Never,
    /// `sslmode=allow` and `prefer`: if the server offers it, without verification.
    IfOffered,
    /// `sslmode=no-verify`: always, without verification.
    Unverified,
    /// `sslmode=require`, `verify-ca` and `verify-full`: always, and the certificate must be valid
    /// for the host, as in the driver of Better Auth.
    Verified,
}

/// What a URL says about encryption.
#[derive(Default)]
pub(super) struct Wishes {
    /// `sslmode` of libpq.
    pub(super) mode: Option<String>,
    /// `ssl` of node-postgres.
    pub(super) ssl: Option<String>,
    /// `uselibpqcompat` of node-postgres.
    pub(super) is_as_libpq: bool,
    /// `sslaccept` of Prisma.
    pub(super) accept: Option<String>,
    /// `sslrootcert` of libpq.
    pub(super) authority: Option<String>,
}

impl Wishes {
    /// What they come to; `None` if there are none.
    pub(super) fn resolve(&self) -> Result<Option<Encryption>, String> {
        let mode = self.mode.as_deref().map(|mode| self.of_mode(mode)).transpose()?;
        let ssl = self.ssl.as_deref().map(of_ssl).transpose()?;
        if let (Some(mode), Some(ssl)) = (mode, ssl)
            && mode != ssl
        {
            return Err(contradiction("ssl", "sslmode"));
        }
        let chosen = self.accepted(mode.or(ssl))?;
        match (&self.authority, chosen) {
            (None, chosen) => Ok(chosen),
            // Who names an authority wants it to be asked.
            (Some(_), None | Some(Encryption::Verified)) => Ok(Some(Encryption::Verified)),
            (Some(_), Some(_)) => Err(contradiction("sslrootcert", "the others about TLS")),
        }
    }

    /// The authorities in place of the usual ones.
    pub(super) fn root_certificates(&self) -> Option<PathBuf> {
        self.authority.as_deref().filter(|file| *file != "system").map(PathBuf::from)
    }

    fn of_mode(&self, mode: &str) -> Result<Encryption, String> {
        Ok(match mode {
            "disable" => Encryption::Never,
            "allow" | "prefer" => Encryption::IfOffered,
            "no-verify" => Encryption::Unverified,
            // In libpq it checks nothing unless an authority is named.
            "require" if self.is_as_libpq && self.authority.is_none() => Encryption::Unverified,
            "require" | "verify-ca" | "verify-full" => Encryption::Verified,
            _ => {
                let modes = "disable, prefer, no-verify, require, verify-ca or verify-full";
                return Err(format!("contains an unknown sslmode; expected {modes}"));
            }
        })
    }

    /// After `sslaccept`.
    fn accepted(&self, chosen: Option<Encryption>) -> Result<Option<Encryption>, String> {
        let contradicts = || Err(contradiction("sslaccept", "the others about TLS"));
        match self.accept.as_deref() {
            None => Ok(chosen),
            Some("strict") => match chosen {
                None | Some(Encryption::IfOffered | Encryption::Verified) => {
                    Ok(Some(Encryption::Verified))
                }
                Some(Encryption::Never | Encryption::Unverified) => contradicts(),
            },
            Some("accept_invalid_certs") => match chosen {
                None => Ok(Some(Encryption::IfOffered)),
                Some(Encryption::Verified) if self.mode.as_deref() == Some("require") => {
                    Ok(Some(Encryption::Unverified))
                }
                Some(Encryption::Verified) => contradicts(),
                Some(_) => Ok(chosen),
            },
            Some(_) => {
                let expected = "strict or accept_invalid_certs";
                Err(format!("contains an unknown sslaccept; expected {expected}"))
            }
        }
    }
}

fn of_ssl(ssl: &str) -> Result<Encryption, String> {
    match ssl {
        "true" | "1" => Ok(Encryption::Verified),
        "false" | "0" => Ok(Encryption::Never),
        "no-verify" => Ok(Encryption::Unverified),
        _ => Err("contains an unknown ssl; expected true, false or no-verify".to_owned()),
    }
}

fn contradiction(one: &str, other: &str) -> String {
    format!("contradicts itself about TLS: {one} asks for something else than {other}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(query: &str) -> Result<Option<Encryption>, String> {
        let mut wishes = Wishes::default();
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            let value = Some(value.to_owned());
            match name {
                "sslmode" => wishes.mode = value,
                "ssl" => wishes.ssl = value,
                "sslaccept" => wishes.accept = value,
                "sslrootcert" => wishes.authority = value,
                _ => wishes.is_as_libpq = true,
            }
        }
        wishes.resolve()
    }

    #[test]
    fn wishes_of_every_driver_are_honoured() {
        use Encryption::IfOffered;
        use Encryption::Never;
        use Encryption::Unverified;
        use Encryption::Verified;
        for (query, expected) in [
            ("", None),
            ("sslmode=disable", Some(Never)),
            ("sslmode=allow", Some(IfOffered)),
            ("sslmode=prefer", Some(IfOffered)),
            ("sslmode=no-verify", Some(Unverified)),
            ("sslmode=require", Some(Verified)),
            ("sslmode=verify-ca", Some(Verified)),
            ("sslmode=verify-full", Some(Verified)),
            ("uselibpqcompat=true", None),
            ("sslmode=require&uselibpqcompat=true", Some(Unverified)),
            ("sslmode=require&uselibpqcompat=true&sslrootcert=a", Some(Verified)),
            ("sslmode=verify-full&uselibpqcompat=true", Some(Verified)),
            ("ssl=true", Some(Verified)),
            ("ssl=0", Some(Never)),
            ("ssl=no-verify", Some(Unverified)),
            ("ssl=true&sslmode=require", Some(Verified)),
            ("sslrootcert=system", Some(Verified)),
            ("sslaccept=strict", Some(Verified)),
            ("sslaccept=strict&sslmode=prefer", Some(Verified)),
            ("sslaccept=accept_invalid_certs", Some(IfOffered)),
            ("sslaccept=accept_invalid_certs&sslmode=require", Some(Unverified)),
            ("sslaccept=accept_invalid_certs&sslmode=disable", Some(Never)),
        ] {
            assert_eq!(resolve(query), Ok(expected), "{query}");
        }
    }

    #[test]
    fn wishes_that_contradict_one_another_are_refused() {
        for query in [
            "ssl=false&sslmode=require",
            "ssl=true&sslmode=prefer",
            "sslrootcert=a&sslmode=prefer",
            "sslrootcert=a&sslmode=disable",
            "sslrootcert=a&sslmode=no-verify",
            "sslrootcert=a&sslaccept=accept_invalid_certs",
            "sslaccept=strict&sslmode=disable",
            "sslaccept=strict&sslmode=no-verify",
            "sslaccept=accept_invalid_certs&sslmode=verify-full",
        ] {
            assert!(resolve(query).unwrap_err().contains("contradicts itself"), "{query}");
        }
        for query in ["sslmode=maybe", "ssl=maybe", "sslaccept=maybe"] {
            assert!(resolve(query).unwrap_err().contains("unknown ssl"), "{query}");
        }
    }
}
