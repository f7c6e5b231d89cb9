//! PostgreSQL URLs: the parts for the driver, and the parts that it does not support.

use std::net::Ipv6Addr;
use std::path::PathBuf;

use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::percent_decode_str;
use percent_encoding::utf8_percent_encode;

use crate::crypto::Secret;

/// The prefixes of a PostgreSQL URL.
const PREFIXES: [&str; 2] = ["postgresql://", "postgres://"];
const EXPECTED: &str = "expected postgres://USER:PASSWORD@HOST:PORT/DATABASE";
const ESCAPES: &str = "a user and a password write / as %2F, ? as %3F, @ as %40";
/// Parameters that the driver reads itself.
const OF_THE_DRIVER: &[&str] = &[
    "application_name",
    "channel_binding",
    "connect_timeout",
    "dbname",
    "host",
    "hostaddr",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_retries",
    "load_balance_hosts",
    "options",
    "password",
    "port",
    "sslnegotiation",
    "target_session_attrs",
    "tcp_user_timeout",
    "user",
];

/// Whether and how the connection is encrypted (`sslmode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encryption {
    /// `disable`
    Never,
    /// `allow`, `prefer`, or unset: if the server offers it, without verification.
    #[default]
    IfOffered,
    /// `no-verify`: always, without verification.
    Unverified,
    /// `require`, `verify-ca` and `verify-full`: always, and the certificate must be valid for the
    /// host, as in the driver of Better Auth.
    Verified,
}

/// A parsed URL.
#[derive(Clone)]
pub struct PostgresUrl {
    /// The URL without parts that the driver does not support.
    pub driver: Secret,
    /// The location for display: without user and password.
    pub place: String,
    /// `sslmode`
    pub encryption: Encryption,
    /// `sslrootcert`: the CA certificates.
    pub root_certificates: Option<PathBuf>,
    /// `pgbouncer=true`: a transaction pool, so connections cannot keep prepared statements.
    pub is_pooled: bool,
}

impl PostgresUrl {
    /// Whether a text starts like a PostgreSQL URL.
    pub fn is_one(url: &str) -> bool {
        after_scheme(url).is_some()
    }

    /// Parses a URL.
    pub fn parse(url: &str) -> Result<Self, String> {
        let Some(rest) = after_scheme(url) else {
            return Err(EXPECTED.to_owned());
        };
        let (target, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (user, place) = match target.rsplit_once('@') {
            // Our driver ends the password at the first `@`, Better Auth's at the last.
            Some((user, place)) => (format!("{}@", user.replace('@', "%40")), place),
            None => (String::new(), target),
        };
        if user.contains('/') || !is_place(place) {
            return Err(format!("{EXPECTED}; {ESCAPES}"));
        }
        let mut read = Self {
            driver: Secret::default(),
            place: format!("postgresql://{place}"),
            encryption: Encryption::default(),
            root_certificates: None,
            is_pooled: false,
        };
        let (mut kept, mut options, mut named) = (Vec::new(), Vec::new(), Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, raw) = pair.split_once('=').unwrap_or((pair, ""));
            let value = percent_decode_str(raw).decode_utf8_lossy().into_owned();
            match key {
                "sslmode" => read.encryption = encryption(&value)?,
                "sslrootcert" if value == "system" => {}
                "sslrootcert" => read.root_certificates = Some(PathBuf::from(value)),
                "pgbouncer" => read.is_pooled = value == "true",
                "schema" => {
                    options.push(search_path(&value)?);
                    named.push(format!("schema={value}"));
                }
                "options" => options.push(value),
                "host" => {
                    named.extend((!value.contains('@')).then(|| format!("host={value}")));
                    kept.push(pair);
                }
                known if OF_THE_DRIVER.contains(&known) => kept.push(pair),
                _ if query.contains('@') || raw.is_empty() => {
                    return Err(format!("contains a ? that does not start parameters; {ESCAPES}"));
                }
                other => return Err(format!("contains the unknown parameter {other}")),
            }
        }
        let options = options.join(" ");
        let options = format!("options={}", utf8_percent_encode(&options, NON_ALPHANUMERIC));
        if options != "options=" {
            kept.push(&options);
        }
        let mark = |pairs: &str| if pairs.is_empty() { "" } else { "?" };
        let (kept, named) = (kept.join("&"), named.join("&"));
        read.driver = Secret::new(format!("postgresql://{user}{place}{}{kept}", mark(&kept)));
        read.place = format!("{}{}{named}", read.place, mark(&named));
        Ok(read)
    }
}

/// Whether this is `HOST:PORT/DATABASE` without parts of a user or a password: it is shown.
fn is_place(text: &str) -> bool {
    let (hosts, database) = text.split_once('/').unwrap_or((text, ""));
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    let is_name = |host: &str| host.chars().all(|c| c.is_alphanumeric() || "._-%".contains(c));
    let is_host = |host: &str| {
        // An IPv6 address contains colons: `[::1]:5432`.
        if let Some((address, port)) = host.strip_prefix('[').and_then(|host| host.split_once(']'))
        {
            let port = port.strip_prefix(':').unwrap_or(port);
            return address.parse::<Ipv6Addr>().is_ok() && is_port(port);
        }
        let (name, port) = host.split_once(':').unwrap_or((host, ""));
        is_name(name) && is_port(port)
    };
    hosts.split(',').all(is_host) && !database.contains([':', '/'])
}

fn after_scheme(url: &str) -> Option<&str> {
    PREFIXES.iter().find_map(|prefix| url.strip_prefix(prefix))
}

fn encryption(mode: &str) -> Result<Encryption, String> {
    Ok(match mode {
        "disable" => Encryption::Never,
        "allow" | "prefer" => Encryption::IfOffered,
        "no-verify" => Encryption::Unverified,
        "require" | "verify-ca" | "verify-full" => Encryption::Verified,
        _ => {
            let modes = "disable, prefer, no-verify, require, verify-ca or verify-full";
            return Err(format!("contains an unknown sslmode; expected {modes}"));
        }
    })
}

/// The schema by its exact name, as a server option.
fn search_path(schema: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '$');
    if schema.is_empty() || !schema.chars().all(is_plain) {
        return Err("contains an invalid schema name".to_owned());
    }
    Ok(format!("-csearch_path=\"{schema}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> PostgresUrl {
        PostgresUrl::parse(url).unwrap_or_else(|problem| panic!("{url}: {problem}"))
    }

    #[test]
    fn what_the_driver_does_not_know_is_taken_out() {
        for (url, driver) in [
            ("postgres://h/d", "postgresql://h/d"),
            ("postgresql://u:p@h:1/d?sslmode=require", "postgresql://u:p@h:1/d"),
            ("postgresql://u:p@q#r@h", "postgresql://u:p%40q#r@h"),
            (
                "postgres://h/d?connect_timeout=3&sslrootcert=%2Fca.pem&application_name=a",
                "postgresql://h/d?connect_timeout=3&application_name=a",
            ),
            (
                "postgres://h/d?options=-c%20search_path%3Dauth&pgbouncer=true",
                "postgresql://h/d?options=%2Dc%20search%5Fpath%3Dauth",
            ),
            (
                "postgres://h/d?schema=Auth",
                "postgresql://h/d?options=%2Dcsearch%5Fpath%3D%22Auth%22",
            ),
        ] {
            assert_eq!(parse(url).driver.expose(), driver, "{url}");
        }
        let url = parse("postgres://h/d?sslmode=verify-full&sslrootcert=ca.pem&pgbouncer=true");
        assert_eq!(url.encryption, Encryption::Verified);
        assert_eq!(url.root_certificates, Some(PathBuf::from("ca.pem")));
        assert!(url.is_pooled && !parse("postgres://h/d").is_pooled);
        assert_eq!(parse("postgres://h/d").encryption, Encryption::IfOffered);
        assert_eq!(parse("postgres://h/d?sslmode=disable").encryption, Encryption::Never);
    }

    #[test]
    fn a_place_names_neither_user_nor_password() {
        for (url, place) in [
            ("postgres://ada:hunter2@h:5433/d?sslmode=disable", "postgresql://h:5433/d"),
            ("postgres://ada:hun@ter2@h/d?password=hunter2", "postgresql://h/d"),
            ("postgres://ada:hunter2@[::1]:5433,h2/d", "postgresql://[::1]:5433,h2/d"),
            ("postgres://h/d?host=u:hunter2@h", "postgresql://h/d"),
            ("postgres:///d?host=/run/pg&schema=auth", "postgresql:///d?host=/run/pg&schema=auth"),
        ] {
            assert_eq!(parse(url).place, place);
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused_without_the_password() {
        for url in [
            "postgres://u:hunter2@h/d?sslmode=maybe",
            "postgres://u:hunter2@h/d?colour=red",
            "postgres://u:hunter2@h/d?schema=a%22b",
            "mysql://u:hunter2@h/d",
            "postgres://u:hunter2",
            "postgres://u:hunter2/d",
            "postgres://u:hunter2:h/d",
            "postgres://u:a/hunter2@h/d",
            "postgres://u:a?hunter2@h/d",
            "postgres://u:a?b&hunter2",
            "postgres://h/u:hunter2",
            "postgres:///hunter2@h:x",
        ] {
            let problem = PostgresUrl::parse(url).err().unwrap_or_default();
            assert!(!problem.is_empty() && !problem.contains("hunter2"), "{url}: {problem}");
        }
    }
}
