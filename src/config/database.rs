//! `database`: the location of the data.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use serde::Serializer;
use zeroize::Zeroizing;

use crate::config::ConfigError;
use crate::config::PostgresUrl;
use crate::config::names::Casing;
use crate::config::seconds::Seconds;
use crate::crypto::Secret;

/// The prefixes of a SQLite URL.
const SQLITE_PREFIXES: &[&str] = &["sqlite://", "sqlite:", "file://", "file:"];
/// More connections than a server can use, and than most databases allow.
const CONNECTIONS_MAX: u32 = 1000;
/// Longer than any client waits for a response.
const SECONDS_MAX: u64 = 3600;

/// The options of `database`.
#[derive(Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct DatabaseOptions {
    /// The kind of database; by default derived from `url`.
    pub provider: Option<Provider>,
    /// `sqlite:FILE` or just a file, relative to the working directory; or
    /// `postgres://USER:PASSWORD@HOST/DATABASE`. Better in `BETTER_AUTH_DATABASE_URL`.
    ///
    /// It may contain a password and is wiped when dropped.
    #[serde(serialize_with = "without_password")]
    #[schemars(with = "Secret")]
    pub url: Zeroizing<String>,
    /// Whether the tables of Better Auth have plural names, such as `users`, where no `modelName` names them.
    pub use_plural: bool,
    /// How names in the database are spelled where no option names them: `camel` (`emailVerified`) or
    /// `snake` (`email_verified`).
    pub casing: Casing,
    /// A file with the CA certificates (PEM) for the database, instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// Maximum number of connections to PostgreSQL per server.
    #[schemars(range(min = 1, max = CONNECTIONS_MAX))]
    pub max_connections: u32,
    /// Whether connections keep prepared statements; `false` behind a transaction pool such as
    /// pgbouncer.
    pub prepared_statements: bool,
    /// How long connecting to PostgreSQL may take.
    #[serde(with = "Seconds")]
    #[schemars(range(min = 1, max = SECONDS_MAX))]
    pub connect_timeout: Duration,
    /// The time limit of a PostgreSQL statement.
    #[serde(with = "Seconds")]
    #[schemars(range(min = 1, max = SECONDS_MAX))]
    pub statement_timeout: Duration,
    /// How long `serve` waits at startup for PostgreSQL; 0 does not wait.
    #[serde(with = "Seconds")]
    #[schemars(range(min = 0, max = SECONDS_MAX))]
    pub start_timeout: Duration,
}

impl Default for DatabaseOptions {
    fn default() -> Self {
        Self {
            provider: None,
            url: "sqlite:better-auth.db".to_owned().into(),
            use_plural: false,
            casing: Casing::Camel,
            ca_file: None,
            max_connections: 10,
            prepared_statements: true,
            connect_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(10),
            start_timeout: Duration::from_secs(60),
        }
    }
}

impl fmt::Debug for DatabaseOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DatabaseOptions").field("url", &self.place()).finish_non_exhaustive()
    }
}

/// The kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// A file, embedded.
    Sqlite,
    /// A server: PostgreSQL or a compatible one.
    Postgresql,
}

fn without_password<S: Serializer>(url: &Zeroizing<String>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&place(url))
}

/// A URL for display: without a password, and empty if it cannot be parsed.
fn place(url: &str) -> String {
    if PostgresUrl::is_one(url) {
        let read = PostgresUrl::parse(url);
        return read.map_or_else(|_| "postgresql://…".to_owned(), |url| url.place);
    }
    if refusal(url).is_some() { "…".to_owned() } else { url.to_owned() }
}

/// The file of a SQLite URL.
fn sqlite_path(url: &str) -> &str {
    SQLITE_PREFIXES.iter().find_map(|prefix| url.strip_prefix(prefix)).unwrap_or(url)
}

/// Why an invalid URL is not a file, as the end of a sentence that contains nothing of the URL.
fn refusal(url: &str) -> Option<&'static str> {
    let path = sqlite_path(url);
    if path.is_empty() {
        return Some("expected a file such as sqlite:better-auth.db, got nothing");
    }
    if path.contains(":memory:") {
        return Some(
            "expected a file such as sqlite:better-auth.db; a database in memory would be lost at the end of every \
             command",
        );
    }
    if url.to_ascii_lowercase().contains("postgres:")
        || url.to_ascii_lowercase().contains("postgresql:")
    {
        return Some(
            "expected postgres://USER:PASSWORD@HOST/DATABASE, in lower case, with two slashes, and nothing around it",
        );
    }
    if is_file(url, path) {
        return None;
    }
    Some(
        "expected sqlite:FILE or postgres://USER:PASSWORD@HOST/DATABASE, and got something else; a file whose name has \
         a colon, @ or = in it is written sqlite:./NAME",
    )
}

/// Whether it is a file. With a prefix that says so, a name may contain most characters; without
/// one, it must not contain those of URLs and of lists such as `host=… password=…`: these would
/// become the name of a file and be shown.
fn is_file(url: &str, path: &str) -> bool {
    let looks_like_user = path.split_once('@').is_some_and(|(before, _)| before.contains(':'));
    if path.contains("://") || looks_like_user {
        return false;
    }
    // `C:\auth.db`
    let name = if cfg!(windows) { url.get(2..).unwrap_or_default() } else { url };
    path.len() < url.len() || !name.contains([':', '@', '='])
}

impl DatabaseOptions {
    /// Whether the data is in a local file.
    pub fn is_embedded(&self) -> bool {
        !PostgresUrl::is_one(&self.url)
    }

    /// The URL for display, without a password.
    fn place(&self) -> String {
        place(&self.url)
    }

    /// The file of the URL.
    pub fn sqlite_path(&self) -> PathBuf {
        PathBuf::from(sqlite_path(&self.url))
    }

    /// Rejects an invalid URL without showing it.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let refused = |problem| Err(ConfigError::new("database.url", problem));
        self.problem().map_or(Ok(()), refused)
    }

    /// The problem with the URL, as the end of a sentence.
    fn problem(&self) -> Option<String> {
        if PostgresUrl::is_one(&self.url) {
            if self.provider == Some(Provider::Sqlite) {
                return Some("names PostgreSQL, and database.provider is sqlite".to_owned());
            }
            return PostgresUrl::parse(&self.url).err();
        }
        if self.provider == Some(Provider::Postgresql) {
            let expected = "expected postgres://USER:PASSWORD@HOST/DATABASE";
            return Some(format!("{expected}, as database.provider is postgresql"));
        }
        refusal(&self.url).map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(url: &str) -> DatabaseOptions {
        DatabaseOptions { url: url.to_owned().into(), ..DatabaseOptions::default() }
    }

    #[test]
    fn every_spelling_of_a_file_is_read() {
        for (url, path) in [
            ("sqlite:a.db", "a.db"),
            ("sqlite:./a.db", "./a.db"),
            ("sqlite:///var/a.db", "/var/a.db"),
            ("sqlite:/var/a.db", "/var/a.db"),
            ("sqlite://a.db", "a.db"),
            ("file:a.db", "a.db"),
            ("/var/a.db", "/var/a.db"),
            ("a b.db", "a b.db"),
            ("sqlite:./a:b=c.db", "./a:b=c.db"),
            ("sqlite:postgres.db", "postgres.db"),
        ] {
            assert_eq!(options(url).sqlite_path(), PathBuf::from(path), "{url}");
            assert_eq!(options(url).problem(), None, "{url}");
        }
    }

    #[test]
    fn the_kind_and_the_url_agree() {
        let of = |provider, url: &str| DatabaseOptions { provider, ..options(url) }.problem();
        for provider in [None, Some(Provider::Postgresql)] {
            assert_eq!(of(provider, "postgres://u:p@h/d"), None);
        }
        for (provider, url) in
            [(Provider::Sqlite, "postgres://u:secret@h/d"), (Provider::Postgresql, "a.db")]
        {
            let problem = of(Some(provider), url).unwrap();
            assert!(!problem.contains("secret"), "{problem}");
        }
    }

    #[test]
    fn a_password_is_neither_written_nor_printed() {
        let options = options("postgres://ada:hunter2@h/d");
        let shown = format!("{options:?}{}", serde_json::to_string(&options).unwrap());
        assert!(shown.contains("postgresql://h/d") && !shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn what_is_no_file_is_refused_and_nothing_of_it_is_shown() {
        for url in [
            "",
            "sqlite:",
            ":memory:",
            "sqlite::memory:",
            "mysql://u:secret@h/d",
            "postgres:u:secret@h",
            "postgresql:/u:secret@h/d",
            "Postgres://u:secret@h/d",
            "POSTGRESQL://u:secret@h/d",
            " postgres://u:secret@h/d",
            "\"postgres://u:secret@h/d\"",
            "url=postgres://u:secret@h/d",
            "host=h user=u password=secret",
            "password=secret",
            "//u:secret@h/d",
            "u:secret@h/d",
            "secret@h",
            "sqlite://u:secret@h/d",
            "sqlite:mysql://u:secret@h/d",
            "libsql:h?authToken=secret",
        ] {
            let options = options(url);
            let problem = options.problem().unwrap_or_else(|| panic!("{url} is taken for a file"));
            let shown = format!("{problem}{options:?}{}", serde_json::to_string(&options).unwrap());
            assert!(!shown.contains("secret"), "{shown}");
        }
    }
}
