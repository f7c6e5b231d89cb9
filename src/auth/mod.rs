//! The public interface: `BetterAuth` combines the instance, the endpoints and the router.

mod api;
mod builder;
mod serving;

use bytes::Bytes;
use http::Request;
use http::Response;
use serde_json::Value;

use crate::config::Config;
use crate::database::Clock;
use crate::database::Database;
use crate::error::AuthError;
use crate::error::ErrorCode;
use crate::error::codes;
use crate::http::Answer;
use crate::http::Endpoint;
use crate::http::Peer;
use crate::http::pipeline;
use crate::http::site::Site;
use crate::instance::EventKind;
use crate::instance::Instance;
use crate::instance::caller::Actor;
use crate::instance::restrictions::ForeignRestriction;
use crate::models::restriction;
use crate::operations;
use crate::operations::AnyOperation;
use crate::operations::Call;
use crate::schema;
use crate::schema::Plan;
use crate::schema::Recognised;
use crate::schema::Tables;

pub use api::Api;
pub use builder::Builder;
pub use serving::Load;

/// An authentication service that can be mounted in any HTTP server; shared between threads as
/// `Arc<BetterAuth>`.
pub struct BetterAuth {
    instance: Instance,
    site: Site,
    actor: Actor,
    operations: Vec<&'static [&'static dyn AnyOperation]>,
}

impl BetterAuth {
    /// Creates a service. The database is opened at the first use; [`BetterAuth::migrate`] migrates
    /// it if necessary.
    ///
    /// # Errors
    /// `CONFIG_INVALID` if the configuration is inconsistent.
    pub fn new(config: Config) -> Result<Self, AuthError> {
        Self::builder(config).build()
    }

    /// Like [`BetterAuth::new`], with a clock that tests can set.
    pub fn with_clock(config: Config, clock: Clock) -> Result<Self, AuthError> {
        Self::builder(config).clock(clock).build()
    }

    /// A builder for a service with plugins of the program.
    pub fn builder(config: Config) -> Builder {
        Builder::new(config)
    }

    /// Answers a request of the REST API; blocking.
    pub fn handle(&self, request: Request<Bytes>, peer: Peer) -> Response<Bytes> {
        pipeline::answer(&self.instance, &self.site, request, peer)
    }

    /// The same rules as typed calls, without HTTP.
    pub fn api(&self) -> Api<'_> {
        Api { call: self.call() }
    }

    /// Every endpoint, in the order of paths.
    pub fn endpoints(&self) -> Vec<&Endpoint> {
        self.site.endpoints()
    }

    /// All answers of an endpoint, including those of plugins in their place.
    pub fn answers<'a>(&'a self, endpoint: &'a Endpoint) -> impl Iterator<Item = &'a Answer> {
        self.site.answers(endpoint)
    }

    /// All errors of an endpoint, in the order of their statuses.
    pub fn errors(&self, endpoint: &Endpoint) -> Vec<&'static ErrorCode> {
        self.site.errors(endpoint)
    }

    /// The pending migration; read-only.
    ///
    /// # Errors
    /// `DATABASE_UNAVAILABLE` if there is something else in its place.
    pub fn plan(&self) -> Result<Plan, AuthError> {
        Ok(schema::plan(self.database(), self.tables().configured())?)
    }

    /// What the database holds of Better Auth, under whatever names; read-only. `None` if it holds nothing of it.
    ///
    /// # Errors
    /// `DATABASE_UNAVAILABLE`.
    pub fn recognise(&self) -> Result<Option<Recognised>, AuthError> {
        Ok(schema::recognise(self.database(), self.tables().configured())?)
    }

    /// The columns that restrict users although their plugin is not enabled here, each with the number of users whom it
    /// restricts now; read-only. Reads all those whose flag is set.
    ///
    /// # Errors
    /// `DATABASE_UNAVAILABLE`.
    pub fn restrictions(&self) -> Result<Vec<(ForeignRestriction, u64)>, AuthError> {
        if !self.database().exists()? {
            return Ok(Vec::new());
        }
        self.database().read(|tx| {
            let found = self.instance.foreign_restrictions(tx)?;
            let counted = found.into_iter().map(|found| {
                let users = restriction::count(tx, &found.column)?;
                Ok((found, users))
            });
            counted.collect()
        })
    }

    /// Migrates the database in one transaction, and returns what was added.
    ///
    /// # Errors
    /// `SCHEMA_MISMATCH` if existing tables conflict, `DATABASE_UNAVAILABLE`.
    pub fn migrate(&self) -> Result<Plan, AuthError> {
        let instance = &self.instance;
        let caller = self.call().caller();
        schema::migrate_and(self.database(), instance.tables().configured(), |tx, plan| {
            let kind = EventKind::Migrated { steps: plan.steps.len() };
            instance.emit(tx, &caller, None, kind)
        })
    }

    /// Checks what requests need: the schema, the email templates, the requirements of plugins, and
    /// the secret, which is generated for the default embedded database. A server calls this before
    /// it listens.
    ///
    /// # Errors
    /// `SCHEMA_MISMATCH`, `CONFIG_INVALID`, `DATABASE_UNAVAILABLE`.
    pub fn prepare(&self) -> Result<(), AuthError> {
        self.instance.require_migrated()?;
        self.instance.announce_restrictions()?;
        self.instance.signer()?;
        if let Some(storage) = self.instance.storage()
            && let Err(error) = storage.check()
        {
            // The storage may start later than this server; requests fail until then.
            tracing::warn!(%error, "starting without it");
        }
        if let Err(error) = self.database().check_writable() {
            tracing::warn!(%error, "the database cannot be written: requests that write are refused");
        }
        self.instance.check_plugins()?;
        self.instance.mailer().check()
    }

    /// The operations of the core and of the plugins.
    pub fn operations(&self) -> impl Iterator<Item = &'static dyn AnyOperation> {
        operations::ALL.iter().chain(self.operations.iter().copied().flatten()).copied()
    }

    /// Runs the operation with this name, such as `users.list`, from JSON to JSON.
    ///
    /// # Errors
    /// `NOT_FOUND` if there is none, `VALIDATION_ERROR` if the input is invalid, and the errors of
    /// the operation.
    pub fn run(&self, name: &str, input: Value) -> Result<Value, AuthError> {
        let found = self.operations().find(|row| row.about().name == name);
        found.ok_or(codes::NOT_FOUND)?.run_json(&self.call(), input)
    }

    /// The context for operations. A program that owns the service acts on its own authority.
    pub fn call(&self) -> Call<'_> {
        Call::new(&self.instance, &self.site, &self.actor)
    }

    /// The configuration, with the fields that plugins add to users and sessions.
    pub fn config(&self) -> &Config {
        self.instance.config()
    }

    /// The tables of the core and of the plugins.
    pub fn tables(&self) -> &Tables {
        self.instance.tables()
    }

    /// The database.
    pub fn database(&self) -> &Database {
        self.instance.database()
    }
}
