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
use crate::config::Encryption;
use crate::config::PostgresUrl;
use crate::config::SearchPath;
use crate::config::SqliteUrl;
use crate::config::names::Casing;
use crate::config::parameters;
use crate::config::seconds::Seconds;
use crate::crypto::Secret;

/// More connections than a server can use, and than most databases allow.
pub(super) const CONNECTIONS_MAX: u32 = 1000;
/// Longer than any client waits for a response.
pub(super) const SECONDS_MAX: u64 = 3600;
/// What people and programs put around a text.
const QUOTES: [char; 7] = ['"', '\'', '`', '“', '”', '‘', '’'];

/// The options of `database`.
#[derive(Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct DatabaseOptions {
    /// The kind of database; by default derived from `url`.
    pub provider: Option<Provider>,
    /// `sqlite:FILE` or just a file, relative to the working directory; `file:FILE?mode=ro` is only
    /// read; or `postgres://USER:PASSWORD@HOST/DATABASE`. Better in `BETTER_AUTH_DATABASE_URL`.
    ///
    /// It may contain a password and is wiped when dropped.
    #[serde(serialize_with = "without_password")]
    #[schemars(with = "Secret")]
    pub url: Zeroizing<String>,
    /// Whether the names of tables end in `s`, as in `users`; as in Better Auth, a `modelName` gets one, too.
    pub use_plural: bool,
    /// How names in the database are spelled where no option names them: `camel` (`emailVerified`) or
    /// `snake` (`email_verified`).
    pub casing: Casing,
    /// How writes to a SQLite file are protected: `wal`; `delete` for network file systems and files
    /// that are mounted alone, where readers wait for writers; or `keep`, as the file is.
    pub journal_mode: JournalMode,
    /// The PostgreSQL schema of the tables, by its exact name; by default the first of the role's
    /// `search_path`.
    pub schema: Option<String>,
    /// A file with the CA certificates (PEM) for the database, instead of the system's. The server's
    /// certificate is checked if `sslmode` does not say otherwise.
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
            journal_mode: JournalMode::default(),
            schema: None,
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

/// How writes to a SQLite file are protected against a crash in the middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum JournalMode {
    /// A write-ahead log: readers and a writer do not wait for each other. Needs a local disk.
    #[default]
    Wal,
    /// A journal that is deleted after each write. A file with a write-ahead log is switched.
    Delete,
    /// As the file is; new ones get a journal that is deleted.
    Keep,
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
        return read.map_or_else(|_| "postgresql://…".to_owned(), |url| url.place());
    }
    if sqlite(url).is_err() { "…".to_owned() } else { url.to_owned() }
}

/// Parses a URL that is not one of PostgreSQL. The problem contains nothing of it but the name of a
/// parameter.
fn sqlite(url: &str) -> Result<SqliteUrl, String> {
    let lower = url.to_ascii_lowercase();
    if lower.contains("postgres:") || lower.contains("postgresql:") {
        let expected = "in lower case, with two slashes, and nothing around it";
        return Err(format!("expected postgres://USER:PASSWORD@HOST/DATABASE, {expected}"));
    }
    SqliteUrl::parse(url)
}

/// What stands around a URL that was copied with its quotation marks.
fn is_wrapped(url: &str) -> Option<&'static str> {
    let (_, name) = url.split_once(':').unwrap_or(("", url));
    let has_quotes = |text: &str| text.starts_with(QUOTES) || text.ends_with(QUOTES);
    if has_quotes(url.trim()) || has_quotes(name) {
        return Some(
            "is in quotation marks, which a shell and most readers of .env files take off; write it without them",
        );
    }
    (url != url.trim()).then_some("has blanks around it; write it without them")
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

    /// The URL as one of SQLite.
    ///
    /// # Errors
    /// The problem, as the end of a sentence.
    pub fn sqlite(&self) -> Result<SqliteUrl, String> {
        sqlite(&self.url)
    }

    /// The file of the URL.
    pub fn sqlite_path(&self) -> PathBuf {
        self.sqlite().map(|url| url.file).unwrap_or_default()
    }

    /// The URL as one of PostgreSQL, with `schema`.
    ///
    /// # Errors
    /// The problem, as the end of a sentence.
    pub fn postgres(&self) -> Result<PostgresUrl, String> {
        let url = PostgresUrl::parse(&self.url)?;
        match &self.schema {
            Some(schema) => url.in_schema(SearchPath::schema(schema)?),
            None => Ok(url),
        }
    }

    /// Rejects an invalid URL without showing it.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if let Some(problem) = self.problem() {
            return Err(ConfigError::new("database.url", problem));
        }
        let schema = self.schema.as_deref().map_or(Ok(()), |schema| {
            SearchPath::schema(schema)?;
            if self.is_embedded() { Ok(()) } else { self.postgres().map(drop) }
        });
        schema.map_err(|problem| ConfigError::new("database.schema", problem))
    }

    /// Warnings about what has no effect.
    pub(super) fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.is_embedded() {
            warnings.extend(self.sqlite().ok().and_then(|url| parameters::warning(&url.ignored)));
            let problem = "database.schema: has no effect, because SQLite has no schemas";
            warnings.extend(self.schema.as_ref().map(|_| problem.to_owned()));
            return warnings;
        }
        let Ok(url) = self.postgres() else {
            return warnings;
        };
        warnings.extend(parameters::warning(&url.ignored));
        let is_unchecked = url.encryption.is_some_and(|chosen| chosen != Encryption::Verified);
        if self.ca_file.is_some() && is_unchecked {
            let problem =
                "has no effect, because the URL chooses not to check the certificate of the server";
            warnings.push(format!("database.caFile: {problem}"));
        }
        warnings
    }

    /// The problem with the URL, as the end of a sentence.
    fn problem(&self) -> Option<String> {
        if let Some(problem) = is_wrapped(&self.url) {
            return Some(problem.to_owned());
        }
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
        self.sqlite().err()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(url: &str) -> DatabaseOptions {
        DatabaseOptions { url: url.to_owned().into(), ..DatabaseOptions::default() }
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
