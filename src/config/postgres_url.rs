//! PostgreSQL URLs: the parts for the driver, and the parameters that it does not know, of libpq,
//! Prisma, node-postgres, and the services that give out URLs.

use std::net::Ipv6Addr;
use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::utf8_percent_encode;

use crate::config::Encryption;
use crate::config::SearchPath;
use crate::config::database::CONNECTIONS_MAX;
use crate::config::database::SECONDS_MAX;
use crate::config::encryption::Wishes;
use crate::config::parameters;
use crate::config::parameters::Parameter;
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
    "password",
    "port",
    "sslnegotiation",
    "target_session_attrs",
    "tcp_user_timeout",
    "user",
];
/// Parameters that are read here.
const OURS: &[&str] = &[
    "connection_limit",
    "keepalives_count",
    "options",
    "pgbouncer",
    "schema",
    "search_path",
    "socket_timeout",
    "ssl",
    "sslaccept",
    "sslmode",
    "sslrootcert",
    "statement_cache_size",
    "uselibpqcompat",
];
/// Parameters that change nothing here: names for statistics, and the pools of other drivers.
const IGNORED: &[&str] = &[
    "fallback_application_name",
    "max_connection_lifetime",
    "max_idle_connection_lifetime",
    "pool_timeout",
    "single_use_connections",
    "supa",
    "workaround",
];
/// Parameters with the values that hold anyway; others cannot be honoured.
const HOLDING: &[(&str, &[&str])] = &[
    ("client_encoding", &["auto", "utf8", "UTF8"]),
    ("gssencmode", &["disable", "prefer"]),
    ("requiressl", &["0"]),
    ("ssl_max_protocol_version", &["TLSv1.3"]),
    ("ssl_min_protocol_version", &["TLSv1", "TLSv1.1", "TLSv1.2"]),
    ("sslcertmode", &["allow", "disable"]),
    ("sslcompression", &["0"]),
    ("sslsni", &["1"]),
];
/// Parameters that cannot be honoured, and must not be ignored: who uses them expects to be
/// protected or known by them.
const UNSUPPORTED: &[(&str, &str)] = &[
    ("passfile", "pass the password in the URL"),
    ("require_auth", "demand SCRAM with channel_binding=require"),
    ("requirepeer", "connect over TLS with sslmode=verify-full"),
    ("service", "write its parameters into the URL"),
    ("servicefile", "write its parameters into the URL"),
    ("sslcert", CLIENT_CERTIFICATE),
    ("sslcrl", "revocation lists are not read"),
    ("sslcrldir", "revocation lists are not read"),
    ("sslidentity", CLIENT_CERTIFICATE),
    ("sslkey", CLIENT_CERTIFICATE),
    ("sslpassword", CLIENT_CERTIFICATE),
];
const CLIENT_CERTIFICATE: &str = "there are no certificates of clients here; that of the server's authority is named \
                                  with sslrootcert";

/// A parsed URL.
#[derive(Clone)]
pub struct PostgresUrl {
    /// The URL without parts that the driver does not support.
    pub driver: Secret,
    /// How the connection is encrypted, if the URL says so.
    pub encryption: Option<Encryption>,
    /// `sslrootcert`: the CA certificates.
    pub root_certificates: Option<PathBuf>,
    /// `pgbouncer=true`, `statement_cache_size=0`: a transaction pool, so connections cannot keep
    /// prepared statements and settings.
    pub is_pooled: bool,
    /// `connection_limit`
    pub max_connections: Option<u32>,
    /// `socket_timeout`
    pub statement_timeout: Option<Duration>,
    /// `schema`, `search_path`, or the same in `options`.
    pub search_path: Option<SearchPath>,
    /// The names of parameters without effect.
    pub ignored: Vec<String>,
    /// Hosts and database, without user and password.
    target: String,
    /// `host`
    host: Option<String>,
}

impl PostgresUrl {
    /// Whether a text starts like a PostgreSQL URL.
    pub fn is_one(url: &str) -> bool {
        after_scheme(url).is_some()
    }

    /// Parses a URL.
    ///
    /// # Errors
    /// The problem, as the end of a sentence that contains no part of the URL but the name of a
    /// parameter.
    pub fn parse(url: &str) -> Result<Self, String> {
        let Some(rest) = after_scheme(url) else {
            return Err(EXPECTED.to_owned());
        };
        let (target, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (user, target) = match target.rsplit_once('@') {
            // Our driver ends the password at the first `@`, Better Auth's at the last.
            Some((user, target)) => (format!("{}@", user.replace('@', "%40")), target),
            None => (String::new(), target),
        };
        if user.contains('/') || !is_target(target) {
            return Err(format!("{EXPECTED}; {ESCAPES}"));
        }
        let mut read = Self {
            driver: Secret::default(),
            encryption: None,
            root_certificates: None,
            is_pooled: false,
            max_connections: None,
            statement_timeout: None,
            search_path: None,
            ignored: Vec::new(),
            target: target.to_owned(),
            host: None,
        };
        let (mut wishes, mut kept) = (Wishes::default(), Vec::new());
        for parameter in parameters::parse(query)? {
            if wishes.take(&parameter)? {
                continue;
            }
            kept.extend(read.take(&parameter)?);
        }
        read.encryption = wishes.resolve()?;
        read.root_certificates = wishes.root_certificates();
        let mark = if kept.is_empty() { "" } else { "?" };
        read.driver = Secret::new(format!("postgresql://{user}{target}{mark}{}", kept.join("&")));
        Ok(read)
    }

    /// The location for display: without user and password.
    pub fn place(&self) -> String {
        let search_path = self.search_path.as_ref().map(ToString::to_string);
        let named: Vec<String> = self.host.iter().cloned().chain(search_path).collect();
        let mark = if named.is_empty() { "" } else { "?" };
        format!("postgresql://{}{mark}{}", self.target, named.join("&"))
    }

    /// The same with this schema, unless it names another one.
    pub(super) fn in_schema(self, schema: SearchPath) -> Result<Self, String> {
        match &self.search_path {
            Some(other) if *other != schema => {
                Err("names another schema than the URL of the database".to_owned())
            }
            _ => Ok(Self { search_path: Some(schema), ..self }),
        }
    }

    /// Reads a parameter, and returns what is left of it for the driver.
    fn take(&mut self, parameter: &Parameter<'_>) -> Result<Option<String>, String> {
        let value = parameter.value.as_str();
        match parameter.name {
            "pgbouncer" => self.is_pooled |= is_true(parameter)?,
            "statement_cache_size" if value == "0" => self.is_pooled = true,
            "statement_cache_size" => self.ignored.push(parameter.name.to_owned()),
            "connection_limit" => {
                let limit = number(parameter, CONNECTIONS_MAX.into())?;
                self.max_connections = u32::try_from(limit).ok();
            }
            "socket_timeout" => {
                let seconds = number(parameter, SECONDS_MAX)?;
                self.statement_timeout = Some(Duration::from_secs(seconds));
            }
            "schema" => {
                let path = SearchPath::schema(value);
                self.look_in(path.map_err(|why| format!("contains a wrong schema: {why}"))?)?;
            }
            "search_path" => self.look_in(SearchPath::list(value)?)?,
            "options" => return self.take_options(value),
            "host" => {
                self.host = (!value.contains('@')).then(|| format!("host={value}"));
                return Ok(Some(parameter.pair.to_owned()));
            }
            "keepalives_count" => return Ok(Some(format!("keepalives_retries={value}"))),
            name if OF_THE_DRIVER.contains(&name) => return Ok(Some(parameter.pair.to_owned())),
            name if IGNORED.contains(&name) => self.ignored.push(name.to_owned()),
            name => {
                if let Some((_, instead)) = UNSUPPORTED.iter().find(|(known, _)| *known == name) {
                    return Err(format!("contains {name}, which is not supported; {instead}"));
                }
                let Some((_, values)) = HOLDING.iter().find(|(known, _)| *known == name) else {
                    return Err(parameter.unknown(&known(), ESCAPES));
                };
                if !values.contains(&value) {
                    let values = values.join(" or ");
                    return Err(format!(
                        "contains a {name} that is not supported; expected {values}"
                    ));
                }
            }
        }
        Ok(None)
    }

    /// `options`: arguments for the server process, or words for a proxy before it.
    fn take_options(&mut self, options: &str) -> Result<Option<String>, String> {
        let (search_path, others) = SearchPath::take_from(options);
        if let Some(search_path) = search_path {
            self.look_in(SearchPath::list(&search_path)?)?;
        }
        let encoded = utf8_percent_encode(&others, NON_ALPHANUMERIC);
        Ok((!others.is_empty()).then(|| format!("options={encoded}")))
    }

    fn look_in(&mut self, search_path: SearchPath) -> Result<(), String> {
        match self.search_path.replace(search_path) {
            Some(_) => Err("names the schema more than once".to_owned()),
            None => Ok(()),
        }
    }
}

fn known() -> Vec<&'static str> {
    let names = [OF_THE_DRIVER, OURS, IGNORED].concat().into_iter();
    let holding = HOLDING.iter().map(|(name, _)| *name);
    names.chain(holding).chain(UNSUPPORTED.iter().map(|(name, _)| *name)).collect()
}

fn is_true(parameter: &Parameter<'_>) -> Result<bool, String> {
    parameter
        .value
        .parse()
        .map_err(|_| format!("contains a {} that is not true or false", parameter.name))
}

fn number(parameter: &Parameter<'_>, max: u64) -> Result<u64, String> {
    let number = parameter.value.parse().ok().filter(|number| (1..=max).contains(number));
    number.ok_or_else(|| format!("contains a {} that is not 1 to {max}", parameter.name))
}

impl Wishes {
    /// Whether a parameter is about encryption.
    fn take(&mut self, parameter: &Parameter<'_>) -> Result<bool, String> {
        let value = Some(parameter.value.clone());
        match parameter.name {
            "sslmode" => self.mode = value,
            "ssl" => self.ssl = value,
            "sslaccept" => self.accept = value,
            "sslrootcert" => self.authority = value,
            "uselibpqcompat" => self.is_as_libpq = is_true(parameter)?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// Whether this is `HOST:PORT/DATABASE` without parts of a user or a password: it is shown.
fn is_target(text: &str) -> bool {
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
            ("postgres://h/d?options=-c%20search_path%3Dauth&pgbouncer=true", "postgresql://h/d"),
            ("postgres://h/d?schema=Auth", "postgresql://h/d"),
            (
                "postgres://h/d?options=endpoint%3Dep-1%20-csearch_path%3Dauth",
                "postgresql://h/d?options=endpoint%3Dep%2D1",
            ),
            (
                "postgres://h/d?keepalives_count=3&client_encoding=utf8&channel_binding=require",
                "postgresql://h/d?keepalives_retries=3&channel_binding=require",
            ),
        ] {
            assert_eq!(parse(url).driver.expose(), driver, "{url}");
        }
        let url = parse("postgres://h/d?sslmode=verify-full&sslrootcert=ca.pem&pgbouncer=true");
        assert_eq!(url.encryption, Some(Encryption::Verified));
        assert_eq!(url.root_certificates, Some(PathBuf::from("ca.pem")));
        assert!(url.is_pooled && !parse("postgres://h/d?pgbouncer=false").is_pooled);
        assert_eq!(parse("postgres://h/d").encryption, None);
        assert_eq!(parse("postgres://h/d?sslmode=disable").encryption, Some(Encryption::Never));
    }

    #[test]
    fn parameters_of_other_drivers_are_read_or_named() {
        // As Prisma and Supabase, node-postgres, and Neon write them.
        let prisma = parse(
            "postgres://h/d?pgbouncer=true&connection_limit=1&pool_timeout=20&socket_timeout=9\
             &schema=public&sslaccept=strict&statement_cache_size=100&supa=base-pooler.x",
        );
        assert!(prisma.is_pooled);
        assert_eq!(prisma.max_connections, Some(1));
        assert_eq!(prisma.statement_timeout, Some(Duration::from_secs(9)));
        assert_eq!(prisma.encryption, Some(Encryption::Verified));
        assert_eq!(prisma.ignored, ["pool_timeout", "statement_cache_size", "supa"]);
        assert!(parse("postgres://h/d?statement_cache_size=0").is_pooled);
        let node = parse("postgres://h/d?sslmode=require&uselibpqcompat=true");
        assert_eq!(node.encryption, Some(Encryption::Unverified));
        let neon = parse("postgres://h/d?sslmode=require&channel_binding=require");
        assert_eq!((neon.encryption, neon.ignored.len()), (Some(Encryption::Verified), 0));
    }

    #[test]
    fn every_parameter_is_documented() {
        let docs = include_str!("../../docs/scaling.md");
        for name in known() {
            let spellings = ["`", "="].map(|end| format!("`{name}{end}"));
            assert!(spellings.iter().any(|spelling| docs.contains(spelling)), "{name}");
        }
    }

    #[test]
    fn a_schema_is_found_wherever_it_is_named() {
        for (query, setting) in [
            ("schema=Auth", "\"Auth\""),
            ("schema=my%20auth", "\"my auth\""),
            ("schema=a%22b", "\"a\"\"b\""),
            ("search_path=auth", "\"auth\""),
            ("options=-csearch_path%3Dauth%2Cpublic", "auth,public"),
        ] {
            let url = parse(&format!("postgres://h/d?{query}"));
            assert_eq!(url.search_path.as_ref().map(SearchPath::setting), Some(setting));
        }
        let auth = || SearchPath::schema("auth").unwrap();
        let url = parse("postgres://h/d?host=/run").in_schema(auth()).unwrap();
        assert_eq!(url.place(), "postgresql://h/d?host=/run&schema=auth");
        assert!(parse("postgres://h/d?search_path=auth").in_schema(auth()).is_ok());
        assert!(parse("postgres://h/d?schema=other").in_schema(auth()).is_err());
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
            assert_eq!(parse(url).place(), place);
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused_without_the_password() {
        for url in [
            "postgres://u:hunter2@h/d?sslmode=maybe",
            "postgres://u:hunter2@h/d?colour=red",
            "postgres://u:hunter2@h/d?schema=pg_catalog",
            "postgres://u:hunter2@h/d?schema=a&options=-csearch_path%3Db",
            "postgres://u:hunter2@h/d?pgbouncer=1",
            "postgres://u:hunter2@h/d?connection_limit=0",
            "postgres://u:hunter2@h/d?socket_timeout=3601",
            "postgres://u:hunter2@h/d?sslmode=verify-full&sslmode=disable",
            "postgres://u:hunter2@h/d?sslcert=client.pem",
            "postgres://u:hunter2@h/d?sslidentity=hunter2",
            "postgres://u:hunter2@h/d?gssencmode=require",
            "postgres://u:hunter2@h/d?ssl_min_protocol_version=TLSv1.3",
            "postgres://u:hunter2@h/d?application_name=%FF",
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
