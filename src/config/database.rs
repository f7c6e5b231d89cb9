//! `database`: where the data is.

use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;

/// Prefixes of a URL that names a SQLite file.
const SQLITE_PREFIXES: &[&str] = &["sqlite://", "sqlite:", "file://", "file:"];

/// Options of that name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct DatabaseOptions {
    /// Which kind of database.
    pub provider: Provider,
    /// `sqlite:FILE` or just a file; relative to the working directory.
    pub url: String,
}

impl Default for DatabaseOptions {
    fn default() -> Self {
        Self { provider: Provider::Sqlite, url: "sqlite:better-auth.db".to_owned() }
    }
}

/// Which kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// A file, embedded.
    #[default]
    Sqlite,
}

impl DatabaseOptions {
    /// The file that the URL names.
    pub fn sqlite_path(&self) -> PathBuf {
        let path = SQLITE_PREFIXES.iter().find_map(|prefix| self.url.strip_prefix(prefix));
        PathBuf::from(path.unwrap_or(&self.url))
    }

    /// What is wrong with the URL, as the end of a sentence.
    pub(super) fn problem(&self) -> Option<String> {
        let path = self.sqlite_path();
        let path = path.to_string_lossy();
        if path.is_empty() {
            return Some("expected a file such as sqlite:better-auth.db, got nothing".to_owned());
        }
        if path.contains(":memory:") {
            let advice = "a database in memory would be gone at the end of every command";
            return Some(format!("expected a file such as sqlite:better-auth.db; {advice}"));
        }
        // Everything of `scheme://user:password@host` but the scheme stays unsaid.
        path.split_once("://").map(|(scheme, _)| {
            format!(
                "expected sqlite:FILE, got {scheme}://…; this version keeps its data in SQLite only"
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(url: &str) -> DatabaseOptions {
        DatabaseOptions { url: url.to_owned(), ..DatabaseOptions::default() }
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
        ] {
            assert_eq!(options(url).sqlite_path(), PathBuf::from(path), "{url}");
            assert_eq!(options(url).problem(), None, "{url}");
        }
    }

    #[test]
    fn what_is_no_file_is_refused_without_its_password() {
        for url in ["", "sqlite:", ":memory:", "sqlite::memory:", "mysql://u:secret@h/d"] {
            let problem = options(url).problem().unwrap();
            assert!(!problem.contains("secret"), "{problem}");
        }
    }
}
