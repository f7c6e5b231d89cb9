//! The signing secrets: configured, or generated once and stored next to the embedded database.

use std::collections::HashSet;
use std::fs;
use std::fs::Metadata;
use std::fs::OpenOptions;
use std::io;
use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use serde::Serializer;
use zeroize::Zeroizing;

use crate::config::Config;
use crate::config::ConfigError;
use crate::config::SqliteMode;
use crate::crypto::Secret;
use crate::crypto::random;
use crate::crypto::vault::Key;
use crate::files;

/// Minimum characters of a secret.
const LENGTH_MIN: usize = 32;
/// Minimum estimated bits of a long secret, as in Better Auth.
const BITS_MIN: f64 = 120.0;
/// Public secrets: Better Auth's default.
pub(super) const PUBLIC: &[&str] = &["better-auth-secret-12345678901234567890"];
/// Maximum bytes of a secret file.
const FILE_BYTES_MAX: u64 = 4096;

/// A secret with its version number in encrypted values.
#[derive(Clone, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct VersionedSecret {
    /// The version number in encrypted values.
    pub version: u32,
    /// The secret itself.
    #[serde(serialize_with = "hidden")]
    pub value: Secret,
}

/// The source of the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// The file or the environment.
    Configured,
    /// A file next to the database, generated at the first use.
    Generated(PathBuf),
    /// None: several servers may share the database, so a secret must be configured.
    Missing,
}

/// The configured secrets, the signing one first. Without one, the secret next to the database,
/// which is generated at the first use.
pub fn resolve(config: &Config) -> Result<Vec<Secret>, ConfigError> {
    if !config.secrets.is_empty() {
        return Ok(config.secrets.iter().map(|secret| secret.value.clone()).collect());
    }
    if let Some(secret) = &config.secret {
        return Ok(vec![secret.clone()]);
    }
    if !config.database.is_embedded() {
        let problem = "is missing, and all servers on this database need the same; set \
                       BETTER_AUTH_SECRET, for example to what `better-auth secret generate` prints";
        return Err(ConfigError::new("secret", problem));
    }
    let (path, database) = (path(config), config.database.sqlite_path());
    if !path.exists() {
        if is_never_written(config) {
            let problem = "is missing, and a database that is opened with mode=ro gets none; set BETTER_AUTH_SECRET \
                           to that of the server that writes it";
            return Err(ConfigError::new("secret", problem));
        }
        generate(&path).map_err(|error| {
            let problem = format!("cannot write the generated secret: {error}");
            ConfigError::new("secret", problem).in_source(path.display().to_string())
        })?;
    }
    read(&path, &database).map(|secret| vec![secret])
}

/// The source of the secret, without reading it.
pub fn source(config: &Config) -> SecretSource {
    if config.secret.is_some() || !config.secrets.is_empty() {
        SecretSource::Configured
    } else if !config.database.is_embedded() || is_never_written(config) && !path(config).exists() {
        SecretSource::Missing
    } else {
        SecretSource::Generated(path(config))
    }
}

/// Whether the database is only read, so that nothing is made beside it.
fn is_never_written(config: &Config) -> bool {
    config.database.sqlite().is_ok_and(|url| url.mode == SqliteMode::ReadOnly)
}

/// The keys of encrypted values: with several secrets, each has its version; a single one has none.
pub fn vault_keys(config: &Config, secrets: &[Secret]) -> Vec<Key> {
    let numbered = config
        .secrets
        .iter()
        .map(|secret| Key { version: Some(secret.version), secret: secret.value.clone() });
    let single = config.secret.as_ref().or(secrets.first());
    let legacy = single.filter(|_| config.secrets.is_empty() || config.secret.is_some());
    numbered.chain(legacy.map(|secret| Key { version: None, secret: secret.clone() })).collect()
}

/// `better-auth.db` → `better-auth.secret`
fn path(config: &Config) -> PathBuf {
    config.database.sqlite_path().with_extension("secret")
}

/// Writes a new secret atomically, so that two processes that start together read the same one: the
/// file appears complete or not at all.
fn generate(path: &Path) -> io::Result<()> {
    let unique = path.with_extension(format!("secret.{}", random::id()));
    let written = write_new(&unique).and_then(|()| fs::hard_link(&unique, path));
    // If nothing could be written, there is nothing to remove.
    drop(fs::remove_file(&unique));
    match written.and_then(|()| sync_folder(path)) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
        Ok(()) => {
            let file = path.display();
            tracing::warn!(%file, "no secret is configured; generated one in this file: keep it with the database");
            Ok(())
        }
    }
}

/// Makes the file name durable, like its content.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    // Only Unix can open folders.
    if cfg!(unix) { fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all() } else { Ok(()) }
}

fn write_new(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{}", random::secret().expose())?;
    file.sync_all()
}

fn read(path: &Path, database: &Path) -> Result<Secret, ConfigError> {
    let refuse = |problem: String| {
        Err(ConfigError::new("secret", problem).in_source(path.display().to_string()))
    };
    match read_own(path, database) {
        Ok(secret) if secret.expose().len() < LENGTH_MIN || weakness(&secret).is_some() => {
            refuse(format!(
                "expected a secret of at least {LENGTH_MIN} characters that cannot be guessed; restore the file, or \
                 remove it to have a new one generated, which signs all users out"
            ))
        }
        Ok(secret) => Ok(secret),
        Err(error) => refuse(format!("cannot read the generated secret: {error}")),
    }
}

/// The content of the file, if only its owner can read it and the owner is trusted: whoever chooses
/// the secret can forge every session.
fn read_own(path: &Path, database: &Path) -> io::Result<Secret> {
    let refused = |problem: &str| io::Error::new(io::ErrorKind::PermissionDenied, problem);
    let file = files::open(path)?;
    if has_mode(&file.metadata()?, 0o077) {
        return Err(refused("other users can read this file; restrict access with chmod 600"));
    }
    if !files::is_owned(&file, Some(database))? {
        let problem = "it belongs to another user than this one, root, and the owner of the database; if you trust its \
                       content, make it yours with chown";
        return Err(refused(problem));
    }
    let bytes = Zeroizing::new(files::read_from(&file, FILE_BYTES_MAX)?);
    let invalid = |_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8 text");
    Ok(Secret::new(str::from_utf8(&bytes).map_err(invalid)?.trim()))
}

/// The weakness of a secret that can be guessed, in the words of a warning.
pub(super) fn weakness(secret: &Secret) -> Option<&'static str> {
    let text = secret.expose();
    if text.len() < LENGTH_MIN {
        return Some("is shorter than 32 characters and can be guessed");
    }
    let is_weak = bits(text) < BITS_MIN;
    is_weak.then_some("has too little variety and can be guessed")
}

/// The estimated bits of a text, as in Better Auth: from its set of characters and its length, with
/// repeated parts counted once.
fn bits(text: &str) -> f64 {
    let characters: Vec<char> = text.chars().collect();
    let comes_again = |length: &usize| {
        let again = characters.iter().skip(*length);
        characters.iter().zip(again).all(|(one, other)| one == other)
    };
    let once = (1..characters.len()).find(comes_again).unwrap_or(characters.len());
    let different: HashSet<&char> = characters.iter().collect();
    let (once, different) = (u32::try_from(once), u32::try_from(different.len()));
    f64::from(once.unwrap_or(u32::MAX)) * f64::from(different.unwrap_or(u32::MAX)).max(1.0).log2()
}

/// Whether all users can read a file. Its group may: administrators of the server, and the server
/// itself.
pub(super) fn is_readable_by_all(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| has_mode(&metadata, 0o004))
}

#[cfg(unix)]
fn has_mode(metadata: &Metadata, bits: u32) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & bits != 0
}

#[cfg(not(unix))]
fn has_mode(_: &Metadata, _: u32) -> bool {
    false
}

/// Serialises only whether there is a secret.
#[expect(clippy::ref_option, reason = "the signature that serde requires")]
pub(super) fn redacted<S: Serializer>(secret: &Option<Secret>, to: S) -> Result<S::Ok, S::Error> {
    secret.as_ref().map(|_| "***").serialize(to)
}

pub(super) fn hidden<S: Serializer>(_: &Secret, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str("***")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(folder: &tempfile::TempDir) -> Config {
        let mut config = Config::default();
        config.database.url = folder.path().join("a.db").display().to_string().into();
        config
    }

    #[test]
    fn two_that_start_together_have_the_same_secret() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(&folder);
        let secrets: Vec<String> = std::thread::scope(|scope| {
            let calls: Vec<_> = (0..16).map(|_| scope.spawn(|| resolve(&config))).collect();
            calls
                .into_iter()
                .map(|call| call.join().unwrap().unwrap().remove(0).expose().to_owned())
                .collect()
        });
        assert!(secrets.iter().all(|secret| *secret == secrets[0] && LENGTH_MIN <= secret.len()));
        let files: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(files.len(), 1, "{files:?}");
    }

    #[cfg(unix)]
    #[test]
    fn a_secret_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let config = config(&folder);
        resolve(&config).unwrap();
        let path = folder.path().join("a.secret");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let problem = resolve(&config).err().unwrap().to_string();
        assert!(problem.ends_with("chmod 600"), "{problem}");
    }

    #[test]
    fn a_damaged_secret_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(&folder);
        resolve(&config).unwrap();
        let path = folder.path().join("a.secret");
        fs::write(&path, "short").unwrap();
        assert!(resolve(&config).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "short");
    }

    #[test]
    fn a_configured_secret_is_used_and_shown_to_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = config(&folder);
        config.secret = Some(Secret::new("s".repeat(40)));
        assert_eq!(resolve(&config).unwrap()[0].expose(), "s".repeat(40));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        let shown = serde_json::to_value(&config).unwrap();
        assert_eq!(shown["secret"], "***");
    }
}
