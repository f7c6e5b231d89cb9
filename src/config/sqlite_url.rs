//! SQLite URLs: `file:` and `sqlite:` with their parameters, and plain names of files
//! [SQLite, URI Filenames].

use std::fmt;
use std::path::PathBuf;

use percent_encoding::percent_decode_str;

use crate::config::parameters;
use crate::config::parameters::Parameter;

/// The schemes. Only after `sqlite:` two slashes may be followed by a relative name.
const SCHEMES: [&str; 3] = ["sqlite://", "sqlite:", "file:"];
/// Parameters of other drivers that choose nothing here: connections are few and wait long enough.
const IGNORED: &[&str] = &[
    "connect_timeout",
    "connection_limit",
    "max_connection_lifetime",
    "max_idle_connection_lifetime",
    "pool_timeout",
    "socket_timeout",
];
/// Parameters that choose something.
const KNOWN: &[&str] = &["cache", "immutable", "mode"];
const EXPECTED: &str = "expected a file such as sqlite:better-auth.db";
const QUESTION_MARK: &str = "in the name of a file, ? is written %3F, after file:";

/// What may be done to the file (`mode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SqliteMode {
    /// `ro`: it is never written.
    ReadOnly,
    /// `rw`: it is not made if it does not exist.
    ReadWrite,
    /// `rwc`, and the default.
    #[default]
    Create,
}

/// As in a URL.
impl fmt::Display for SqliteMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ReadOnly => "ro",
            Self::ReadWrite => "rw",
            Self::Create => "rwc",
        })
    }
}

/// A parsed URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqliteUrl {
    /// The file.
    pub file: PathBuf,
    /// `mode`
    pub mode: SqliteMode,
    /// `immutable=1`: nobody writes the file, so it is read without locks and nothing is made beside it.
    pub is_immutable: bool,
    /// The names of parameters without effect.
    pub ignored: Vec<String>,
}

impl SqliteUrl {
    /// A file without parameters.
    pub fn of(file: PathBuf) -> Self {
        Self { file, mode: SqliteMode::default(), is_immutable: false, ignored: Vec::new() }
    }

    /// Parses a URL or the name of a file.
    ///
    /// # Errors
    /// The problem, as the end of a sentence that contains no part of the URL but the name of a
    /// parameter.
    pub fn parse(url: &str) -> Result<Self, String> {
        let scheme = SCHEMES.into_iter().find(|scheme| url.starts_with(scheme));
        let rest = scheme.and_then(|scheme| url.strip_prefix(scheme)).unwrap_or(url);
        let (location, query) = match rest.split_once('?') {
            Some((location, query)) => (location, Some(query)),
            None => (rest, None),
        };
        if scheme.is_none() && query.is_some() && is_plain(location) {
            return Err(format!("has parameters without file: before them; {QUESTION_MARK}"));
        }
        if !is_file(scheme, location) {
            return Err(
                "expected sqlite:FILE or postgres://USER:PASSWORD@HOST/DATABASE, and got something else; a file \
                 whose name has a colon, @ or = in it is written sqlite:./NAME"
                    .to_owned(),
            );
        }
        let mut read = Self::of(file(scheme, location)?);
        for parameter in parameters::parse(query.unwrap_or_default())? {
            read.take(&parameter)?;
        }
        if read.is_immutable {
            read.mode = SqliteMode::ReadOnly;
        }
        Ok(read)
    }

    fn take(&mut self, parameter: &Parameter<'_>) -> Result<(), String> {
        match (parameter.name, parameter.value.as_str()) {
            ("mode", "ro") => self.mode = SqliteMode::ReadOnly,
            ("mode", "rw") => self.mode = SqliteMode::ReadWrite,
            ("mode", "rwc") | ("cache", "private") | ("immutable", "0" | "false") => {}
            ("mode", "memory") => return Err(of_memory()),
            ("mode", _) => {
                return Err("contains an unknown mode; expected ro, rw or rwc".to_owned());
            }
            ("cache", "shared") => self.ignored.push("cache".to_owned()),
            ("cache", _) => return Err("contains an unknown cache; expected private".to_owned()),
            ("immutable", "1" | "true") => self.is_immutable = true,
            ("immutable", _) => return Err("contains an unknown immutable; expected 1".to_owned()),
            (name, _) if IGNORED.contains(&name) => self.ignored.push(name.to_owned()),
            _ => return Err(parameter.unknown(KNOWN, QUESTION_MARK)),
        }
        Ok(())
    }
}

fn of_memory() -> String {
    format!("{EXPECTED}; a database in memory would be lost at the end of every command")
}

/// Whether a name has none of the characters of URLs and of lists such as `host=… password=…`:
/// these would become the name of a file and be shown.
fn is_plain(name: &str) -> bool {
    // `C:\auth.db`
    let name = if cfg!(windows) { name.get(2..).unwrap_or_default() } else { name };
    !name.contains([':', '@', '='])
}

/// Whether it is a file. With a scheme that says so, a name may contain most characters.
fn is_file(scheme: Option<&str>, location: &str) -> bool {
    let looks_like_user = location.split_once('@').is_some_and(|(before, _)| before.contains(':'));
    if location.contains("://") || looks_like_user {
        return false;
    }
    scheme.is_some() || location == ":memory:" || is_plain(location)
}

/// The path; after a scheme it is decoded, as SQLite does.
fn file(scheme: Option<&str>, location: &str) -> Result<PathBuf, String> {
    let Some(scheme) = scheme else {
        return checked(location.to_owned());
    };
    if location.contains('#') {
        return Err("contains a #, which is written %23 in the name of a file".to_owned());
    }
    let path = match location.strip_prefix("//").filter(|_| scheme == "file:") {
        Some(path) if path.starts_with('/') => path,
        Some(path) if path.starts_with("localhost/") => path.trim_start_matches("localhost"),
        Some(_) => {
            let expected = "file:NAME for a relative name and file:///PATH for an absolute one";
            return Err(format!("names a host after file://; expected {expected}"));
        }
        None => location,
    };
    let decoded = percent_decode_str(path).decode_utf8();
    checked(decoded.map_err(|_| "contains a name that is not UTF-8".to_owned())?.into_owned())
}

fn checked(path: String) -> Result<PathBuf, String> {
    if path.is_empty() {
        return Err(format!("{EXPECTED}, got nothing"));
    }
    if path.contains(":memory:") {
        return Err(of_memory());
    }
    if path.contains('\0') {
        return Err("contains a NUL character, which no name of a file can have".to_owned());
    }
    Ok(PathBuf::from(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> SqliteUrl {
        SqliteUrl::parse(url).unwrap_or_else(|problem| panic!("{url}: {problem}"))
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
            ("file:/var/a.db", "/var/a.db"),
            ("file:///var/a.db", "/var/a.db"),
            ("file://localhost/var/a.db", "/var/a.db"),
            ("/var/a.db", "/var/a.db"),
            ("a b.db", "a b.db"),
            ("sqlite:./a:b=c.db", "./a:b=c.db"),
            ("sqlite:postgres.db", "postgres.db"),
            // As SQLite reads it: what is no escape stands for itself.
            ("file:a%20b%3Fc%23d.db", "a b?c#d.db"),
            ("sqlite:100%.db", "100%.db"),
            ("file:file%3Aa.db", "file:a.db"),
            // A name without a scheme is no URL.
            ("a%20b#c.db", "a%20b#c.db"),
        ] {
            assert_eq!(parse(url).file, PathBuf::from(path), "{url}");
        }
    }

    #[test]
    fn parameters_choose_how_a_file_is_opened() {
        for (url, mode, is_immutable, ignored) in [
            ("file:a.db", SqliteMode::Create, false, &[][..]),
            ("file:a.db?mode=rwc&cache=private", SqliteMode::Create, false, &[]),
            ("sqlite:a.db?mode=rw", SqliteMode::ReadWrite, false, &[]),
            ("sqlite:///a.db?mode=ro&immutable=0", SqliteMode::ReadOnly, false, &[]),
            ("file:a.db?immutable=1", SqliteMode::ReadOnly, true, &[]),
            ("file:a.db?", SqliteMode::Create, false, &[]),
            (
                "file:./a.db?connection_limit=1&socket_timeout=9&cache=shared",
                SqliteMode::Create,
                false,
                &["connection_limit", "socket_timeout", "cache"],
            ),
        ] {
            let read = parse(url);
            assert_eq!((read.mode, read.is_immutable), (mode, is_immutable), "{url}");
            assert_eq!(read.ignored, ignored, "{url}");
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused_and_names_the_parameter() {
        for (url, expected) in [
            ("file:a.db?vfs=unix-none", "unknown parameter vfs; remove it"),
            ("file:a.db?mode=ro&nolock=1", "unknown parameter nolock"),
            ("file:a.db?_pragma=journal_mode(DELETE)", "unknown parameter _pragma"),
            ("file:a.db?mod=ro", "unknown parameter mod; did you mean mode?"),
            ("file:a.db?mode=append", "unknown mode; expected ro, rw or rwc"),
            ("file:a.db?mode=memory", "a database in memory"),
            ("file:a.db?cache=huge", "unknown cache"),
            ("file:a.db?immutable=maybe", "unknown immutable"),
            ("file:a.db?mode=ro&mode=rw", "contains mode twice"),
            ("file:what?.db", "written %3F"),
            ("sqlite:a.db?mode", "unknown mode"),
            ("a.db?mode=ro", "has parameters without file: before them"),
            ("what?.db", "has parameters without file: before them"),
            ("file:a#b.db", "written %23"),
            ("file:a%00b.db", "NUL"),
            ("file:%FF.db", "not UTF-8"),
            ("file:%3Amemory%3A", "a database in memory"),
            ("file://server/a.db", "names a host after file://"),
            ("file://a.db", "names a host after file://"),
            ("file:?mode=ro", "got nothing"),
        ] {
            let problem = SqliteUrl::parse(url).err().unwrap_or_default();
            assert!(problem.contains(expected), "{url}: {problem}");
        }
    }
}
