//! Loads the configuration: defaults < file < environment < flags.

use std::path::Path;
use std::path::PathBuf;

use crate::config::Config;
use crate::config::ConfigError;
use crate::config::VersionedSecret;
use crate::config::env;
use crate::config::file;
use crate::config::file::FileChoice;
use crate::crypto::Secret;

/// The default files in the working directory.
pub const DEFAULT_FILES: [&str; 2] = ["better-auth.toml", "better-auth.json"];

/// The options of the command line, which override everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// `--config`
    pub config: Option<PathBuf>,
    /// `--database`
    pub database: Option<String>,
}

/// The source of a value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Source {
    /// The default.
    #[default]
    Default,
    /// The configuration file.
    File,
    /// An environment variable.
    Environment(&'static str),
    /// A command-line flag.
    Flag(&'static str),
}

/// A configuration and its sources.
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    /// The configuration file, if there was one.
    pub file: Option<PathBuf>,
    /// The source of the database URL.
    pub database: Source,
    /// Warnings about probable mistakes, one sentence each.
    pub warnings: Vec<String>,
    /// A key with a secret in a file that all users of this machine can read.
    open_secret: Option<String>,
}

impl Loaded {
    /// Rejects a configuration file with a secret that all users of this machine can read; for
    /// servers, which would use the secret for years.
    pub fn refuse_open_secrets(&self) -> Result<(), ConfigError> {
        let (Some(key), Some(file)) = (&self.open_secret, &self.file) else {
            return Ok(());
        };
        let problem = "all users of this machine can read this secret; restrict access with \
                       chmod 640, or set the secret in the environment";
        Err(ConfigError::new(key, problem).in_source(file.display().to_string()))
    }
}

impl Config {
    /// Loads the file, the environment and the flags, and checks the result.
    pub fn load(overrides: &Overrides) -> Result<Loaded, ConfigError> {
        load(overrides, Path::new(""), env::get)
    }
}

fn load(
    overrides: &Overrides,
    folder: &Path,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Loaded, ConfigError> {
    let named =
        overrides.config.clone().or_else(|| variable(env::BETTER_AUTH_CONFIG).map(PathBuf::from));
    let (file, chosen) = match named {
        Some(file) => (Some(folder.join(file)), FileChoice::Named),
        None => (find_file(folder)?, FileChoice::Found),
    };
    let read = file.as_deref().map(|file| file::read(file, chosen)).transpose()?;
    let open_secret = read.as_ref().and_then(|read| read.open_secret.clone());
    let mut config = read.map(|read| read.config).unwrap_or_default();
    let mut database =
        if config.database == Config::default().database { Source::Default } else { Source::File };
    let mut set_database = |url: String, source: Source| {
        config.database.provider = None;
        config.database.url = url.into();
        database = source;
    };
    let from_environment = first(&variable, [env::BETTER_AUTH_DATABASE_URL, env::DATABASE_URL]);
    if let Some(url) = overrides.database.clone() {
        set_database(url, Source::Flag("--database"));
    } else if let Some((name, url)) = from_environment {
        set_database(url, Source::Environment(name));
    }
    apply_environment(&mut config, variable)?;
    let warnings =
        config.check().map_err(|error| match (&file, &database, error.path.as_str()) {
            (_, Source::Flag(name) | Source::Environment(name), "database.url") => {
                error.in_source(*name)
            }
            (Some(file), _, _) => error.in_source(file.display().to_string()),
            (None, _, _) => error,
        })?;
    Ok(Loaded { config, file, database, warnings, open_secret })
}

fn find_file(folder: &Path) -> Result<Option<PathBuf>, ConfigError> {
    // Any entry with this name counts: an unreadable file must not be ignored.
    let is_there = |file: &PathBuf| file.symlink_metadata().is_ok();
    let mut found = DEFAULT_FILES.iter().map(|name| folder.join(name)).filter(is_there);
    match (found.next(), found.next()) {
        (Some(_), Some(_)) => Err(ConfigError::new(
            "",
            "better-auth.toml and better-auth.json are both here; keep one of them, or name one \
             with --config",
        )),
        (file, _) => Ok(file),
    }
}

fn first(
    variable: &impl Fn(&str) -> Option<String>,
    names: [&'static str; 2],
) -> Option<(&'static str, String)> {
    names.into_iter().find_map(|name| variable(name).map(|value| (name, value)))
}

fn apply_environment(
    config: &mut Config,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<(), ConfigError> {
    if let Some(url) = variable(env::BETTER_AUTH_URL) {
        config.base_url = Some(url.into());
    }
    if let Some((_, secret)) = first(&variable, [env::BETTER_AUTH_SECRET, env::AUTH_SECRET]) {
        config.secret = Some(Secret::new(secret));
        config.secrets.clear();
    }
    if let Some(secrets) = variable(env::BETTER_AUTH_SECRETS) {
        config.secrets =
            secrets.split(',').map(versioned).collect::<Option<_>>().ok_or_else(|| {
                // The value is not shown: it contains secrets.
                let problem = "expected VERSION:SECRET, separated by commas, such as 2:NEW,1:OLD";
                ConfigError::new("", problem).in_source(env::BETTER_AUTH_SECRETS)
            })?;
    }
    if let Some(url) = variable(env::BETTER_AUTH_REDIS_URL) {
        config.secondary_storage.url = Some(Secret::new(url));
    }
    if let Some(password) = variable(env::BETTER_AUTH_SMTP_PASSWORD) {
        config.email.smtp.password = Some(Secret::new(password));
    }
    if let Some(secret) = variable(env::BETTER_AUTH_WEBHOOK_SECRET) {
        config.email.webhook.secret = Some(Secret::new(secret));
    }
    if let Some(key) = variable(env::BETTER_AUTH_FIREBASE_KEY) {
        config.email_and_password.password.firebase.signer_key = Some(Secret::new(key));
    }
    if let Some(origins) = variable(env::BETTER_AUTH_TRUSTED_ORIGINS) {
        let origins = origins.split(',').map(str::trim).filter(|origin| !origin.is_empty());
        config.trusted_origins.extend(origins.map(str::to_owned));
    }
    Ok(())
}

fn versioned(entry: &str) -> Option<VersionedSecret> {
    let (version, value) = entry.trim().split_once(':')?;
    Some(VersionedSecret { version: version.parse().ok()?, value: Secret::new(value) })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const LONG: &str = "a secret of at least thirty-two characters";

    fn load_in(
        folder: &Path,
        flags: &Overrides,
        variables: &[(&str, &str)],
    ) -> Result<Loaded, String> {
        let get = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        load(flags, folder, get).map_err(|error| error.to_string())
    }

    #[test]
    fn nothing_at_all_is_a_configuration() {
        let folder = tempfile::tempdir().unwrap();
        let loaded =
            load_in(folder.path(), &Overrides::default(), &[]).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(*loaded.config.database.url, "sqlite:better-auth.db");
        assert_eq!((loaded.file, loaded.database), (None, Source::Default));
    }

    #[test]
    fn flags_win_over_the_environment_and_that_over_the_file() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("better-auth.toml"), "[database]\nurl = 'file.db'").unwrap();
        let flags = Overrides { database: Some("flag.db".to_owned()), ..Overrides::default() };
        let url = |flags: &Overrides, variables: &[(&str, &str)]| {
            let loaded = load_in(folder.path(), flags, variables);
            loaded.map(|loaded| (loaded.config.database.url.to_string(), loaded.database)).unwrap()
        };
        let ours = ("BETTER_AUTH_DATABASE_URL", "ours.db");
        let general = ("DATABASE_URL", "general.db");
        let none = Overrides::default();
        assert_eq!(url(&none, &[]), ("file.db".to_owned(), Source::File));
        assert_eq!(
            url(&none, &[general]),
            ("general.db".to_owned(), Source::Environment("DATABASE_URL"))
        );
        assert_eq!(url(&none, &[ours, general]).0, "ours.db");
        assert_eq!(url(&flags, &[ours]), ("flag.db".to_owned(), Source::Flag("--database")));
    }

    #[test]
    fn two_files_are_one_too_many() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("better-auth.toml"), "").unwrap();
        fs::write(folder.path().join("better-auth.json"), "{}").unwrap();
        let problem = load_in(folder.path(), &Overrides::default(), &[]).err().unwrap_or_default();
        assert!(problem.contains("both here"), "{problem}");
    }

    #[cfg(unix)]
    #[test]
    fn a_secret_in_a_file_that_everybody_can_read_is_no_secret() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("better-auth.json");
        let refused = |text: &str, mode: u32| {
            fs::write(&file, text).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            let loaded = load_in(folder.path(), &Overrides::default(), &[]);
            loaded.map(|loaded| loaded.refuse_open_secrets().err().map(|error| error.path)).unwrap()
        };
        let google = r#"{"socialProviders":{"google":{"clientId":"a","clientSecret":"b"}}}"#;
        for (text, key) in [
            (r#"{"secret":"12345678901234567890123456789012"}"#, "secret"),
            (r#"{"secrets":[{"version":1,"value":"x"}]}"#, "secrets[0].value"),
            (r#"{"email":{"smtp":{"password":"x"}}}"#, "email.smtp.password"),
            (r#"{"secondaryStorage":{"url":"redis://:p@h"}}"#, "secondaryStorage.url"),
            (
                r#"{"emailAndPassword":{"password":{"firebase":{"signerKey":"AAAAAAAAAAAAAAAAAAAAAA=="}}}}"#,
                "emailAndPassword.password.firebase.signerKey",
            ),
            (google, "socialProviders.google.clientSecret"),
        ] {
            assert_eq!(refused(text, 0o644).as_deref(), Some(key));
            assert_eq!(refused(text, 0o640), None);
        }
        let plain = r#"{"appName":"secret","email":{"senders":["reset-password"]},"secret":null,
            "emailAndPassword":{"password":{"algorithm":"auto"}}}"#;
        assert_eq!(refused(plain, 0o644), None);
    }

    #[test]
    fn an_error_names_where_the_value_came_from() {
        let folder = tempfile::tempdir().unwrap();
        let problem = |variables| {
            load_in(folder.path(), &Overrides::default(), variables).err().unwrap_or_default()
        };
        let mysql = problem(&[("DATABASE_URL", "mysql://u:hunter2@h/d")]);
        assert!(mysql.starts_with("DATABASE_URL: database.url: expected sqlite:FILE"), "{mysql}");
        assert!(!mysql.contains("hunter2"));
        let secrets = problem(&[("BETTER_AUTH_SECRETS", "hunter2")]);
        assert!(secrets.starts_with("BETTER_AUTH_SECRETS: expected VERSION:SECRET"), "{secrets}");
        assert!(!secrets.contains("hunter2"));
    }

    #[test]
    fn secrets_and_origins_are_read_from_the_environment() {
        let folder = tempfile::tempdir().unwrap();
        let secrets = format!("2:{LONG}2, 1:{LONG}1");
        let variables = [
            ("BETTER_AUTH_SECRETS", secrets.as_str()),
            ("BETTER_AUTH_TRUSTED_ORIGINS", "https://a.b , https://c.d,"),
            ("BETTER_AUTH_FIREBASE_KEY", "AAAAAAAAAAAAAAAAAAAAAA=="),
        ];
        let loaded = load_in(folder.path(), &Overrides::default(), &variables);
        let config = loaded.map(|loaded| loaded.config).unwrap_or_default();
        let versions: Vec<u32> = config.secrets.iter().map(|secret| secret.version).collect();
        assert_eq!(versions, [2, 1]);
        assert_eq!(config.trusted_origins, ["https://a.b", "https://c.d"]);
        assert!(config.email_and_password.password.firebase.signer_key.is_some());
    }
}
