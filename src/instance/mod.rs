//! The state of one `BetterAuth`: configuration, database, hasher and keys.

pub mod caller;
pub mod event;
pub mod hooks;
mod keys;
pub mod proof;
mod quota;
pub mod restrictions;

use std::sync::Arc;
use std::sync::OnceLock;
use std::thread::available_parallelism;

use crate::config::Algorithm as ConfiguredAlgorithm;
use crate::config::Config;
use crate::crypto::password::Algorithm;
use crate::crypto::password::Hasher;
use crate::crypto::password::is_scrypt;
use crate::database::Clock;
use crate::database::Database;
use crate::email::Mailer;
use crate::email::kinds;
use crate::error::AuthError;
use crate::fetch::Fetch;
use crate::fetch::FetchLimits;
use crate::models::account;
use crate::rows::Catalog;
use crate::rows::Fields;
use crate::schema;
use crate::schema::Table;
use crate::schema::Tables;
use crate::storage::Storage;

pub use caller::Caller;
pub use caller::Client;
pub use event::Event;
pub use event::EventKind;
pub use hooks::Extension;
pub use hooks::Hooks;
use keys::Keys;
pub use quota::ExceededLimit;
pub use quota::Quota;
pub use quota::Refused;
use restrictions::Restrictions;

/// One authentication service, the context of everything below HTTP.
pub struct Instance {
    config: Config,
    extensions: Vec<Extension>,
    tables: Arc<Tables>,
    database: Database,
    storage: Option<Storage>,
    user_fields: Fields,
    session_fields: Fields,
    hasher: Hasher,
    mailer: Mailer,
    fetch: Fetch,
    one_time_tokens: Quota,
    restrictions: Restrictions,
    keys: OnceLock<Keys>,
    is_migrated: OnceLock<()>,
    algorithm: OnceLock<Algorithm>,
}

impl Instance {
    /// Assembles the parts; accesses neither disk nor database. The configuration already includes the fields of the
    /// plugins, and the catalog their tables and statements.
    pub fn new(config: Config, clock: Clock, extensions: Vec<Extension>, catalog: Catalog) -> Self {
        let cores = available_parallelism().map_or(1, usize::from);
        let (tables, statements) = catalog.into_parts();
        let of_plugins = extensions.iter().flat_map(|extension| &extension.mail_kinds);
        let mail_kinds: Vec<_> = kinds::ALL.iter().chain(of_plugins).copied().collect();
        Self {
            user_fields: Fields::from(&config.user.additional_fields),
            session_fields: Fields::from(&config.session.additional_fields),
            database: Database::new(&config.database, clock).with(statements),
            storage: Storage::new(&config.secondary_storage),
            hasher: Hasher::new(cores, config.server.limits.passwords_waiting)
                .accepting(config.email_and_password.password.foreign().unwrap_or_default()),
            mailer: Mailer::new(&config, mail_kinds),
            fetch: Fetch::new(FetchLimits {
                allows_private: config.advanced.allow_private_addresses,
                time: config.server.outbound.time,
                answer_bytes_max: config.server.outbound.answer_bytes,
                at_once_max: config.server.limits.asking,
            }),
            one_time_tokens: Quota::configured(&config.server.limits),
            restrictions: Restrictions::default(),
            keys: OnceLock::new(),
            is_migrated: OnceLock::new(),
            algorithm: OnceLock::new(),
            tables,
            extensions,
            config,
        }
    }

    /// The core without plugins.
    #[cfg(test)]
    pub(crate) fn of_the_core(config: Config, clock: Clock) -> Self {
        let catalog = crate::models::bound(&config, Vec::new());
        Self::new(config, clock, Vec::new(), catalog)
    }

    /// The same with another hasher.
    #[cfg(test)]
    pub(crate) fn with_hasher(self, hasher: Hasher) -> Self {
        Self { hasher, ..self }
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Every table that this instance requires, in the order of creation.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// The table of users.
    pub(super) fn user_table(&self) -> Option<&Table> {
        self.tables.iter().find(|table| table.model == "user")
    }

    /// The database.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// The secondary storage, if there is one.
    pub fn storage(&self) -> Option<&Storage> {
        self.storage.as_ref()
    }

    /// Additional fields of users.
    pub fn user_fields(&self) -> &Fields {
        &self.user_fields
    }

    /// Additional fields of sessions.
    pub fn session_fields(&self) -> &Fields {
        &self.session_fields
    }

    /// The bounded queue in front of the password hashes.
    pub fn hasher(&self) -> &Hasher {
        &self.hasher
    }

    /// Sends messages.
    pub fn mailer(&self) -> &Mailer {
        &self.mailer
    }

    /// The client for outbound requests.
    pub fn fetch(&self) -> &Fetch {
        &self.fetch
    }

    /// The quota of one-time tokens per client.
    pub fn one_time_tokens(&self) -> &Quota {
        &self.one_time_tokens
    }

    /// Checks once that the database needs no migration.
    ///
    /// # Errors
    /// `SCHEMA_MISMATCH` when it does, or a database error.
    pub fn require_migrated(&self) -> Result<(), AuthError> {
        if self.is_migrated.get().is_none() {
            schema::plan(&self.database, self.tables.configured())?.require_nothing()?;
            self.is_migrated.get_or_init(|| ());
        }
        Ok(())
    }

    /// The algorithm of new password hashes. Under `auto`, a database whose first hash is Better Auth's scrypt keeps
    /// it: a TypeScript server that shares the database can read nothing else.
    pub fn algorithm(&self) -> Result<Algorithm, AuthError> {
        match self.config.email_and_password.password.algorithm {
            ConfiguredAlgorithm::Argon2id => return Ok(Algorithm::Argon2id),
            ConfiguredAlgorithm::Scrypt => return Ok(Algorithm::Scrypt),
            ConfiguredAlgorithm::Auto => {}
        }
        if let Some(algorithm) = self.algorithm.get() {
            return Ok(*algorithm);
        }
        let algorithm = match self.database.read(account::find_oldest_hash)? {
            Some(oldest) if is_scrypt(oldest.expose()) => Algorithm::Scrypt,
            Some(_) => Algorithm::Argon2id,
            // There is no password yet: the first one decides, and another server may write it.
            None => return Ok(Algorithm::Argon2id),
        };
        Ok(*self.algorithm.get_or_init(|| algorithm))
    }
}
