//! The face: `BetterAuth` puts the instance, the endpoints and the router together.

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
use crate::operations;
use crate::operations::AnyOperation;
use crate::operations::Call;
use crate::schema;
use crate::schema::Plan;

pub use api::Api;
pub use builder::Builder;
pub use serving::Load;

/// An authentication service, ready to be mounted in any HTTP server; shared between threads as
/// `Arc<BetterAuth>`.
pub struct BetterAuth {
    instance: Instance,
    site: Site,
    actor: Actor,
    operations: Vec<&'static [&'static dyn AnyOperation]>,
}

impl BetterAuth {
    /// A service with this configuration. The database is opened at the first use; a database that
    /// needs migration is brought up to date by [`BetterAuth::migrate`].
    ///
    /// # Errors
    /// `CONFIG_INVALID` when the configuration contradicts itself.
    pub fn new(config: Config) -> Result<Self, AuthError> {
        Self::builder(config).build()
    }

    /// As [`BetterAuth::new`], with a clock that tests can set.
    pub fn with_clock(config: Config, clock: Clock) -> Result<Self, AuthError> {
        Self::builder(config).clock(clock).build()
    }

    /// A service with this configuration, and with what a program adds to it.
    pub fn builder(config: Config) -> Builder {
        Builder::new(config)
    }

    /// Answers a request of the REST API; blocks while it works.
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

    /// Every answer of an endpoint, those that plugins give in its place included.
    pub fn answers<'a>(&'a self, endpoint: &'a Endpoint) -> impl Iterator<Item = &'a Answer> {
        self.site.answers(endpoint)
    }

    /// Every error that an endpoint may answer, in the order of their statuses.
    pub fn errors(&self, endpoint: &Endpoint) -> Vec<&'static ErrorCode> {
        self.site.errors(endpoint)
    }

    /// What the database lacks; reads only.
    ///
    /// # Errors
    /// `DATABASE_UNAVAILABLE` when there is something else in its place.
    pub fn plan(&self) -> Result<Plan, AuthError> {
        Ok(schema::plan(self.database(), self.instance.tables())?)
    }

    /// Adds what the database lacks, all of it or nothing, and answers what was added.
    ///
    /// # Errors
    /// `SCHEMA_MISMATCH` when something stands in the way, `DATABASE_UNAVAILABLE`.
    pub fn migrate(&self) -> Result<Plan, AuthError> {
        let instance = &self.instance;
        let caller = self.call().caller();
        schema::migrate_and(self.database(), instance.tables(), |tx, plan| {
            let kind = EventKind::Migrated { steps: plan.steps.len() };
            instance.emit(tx, &caller, None, kind)
        })
    }

    /// Checks what requests will need: the schema, the templates of messages, what plugins need, and the secret, which is generated on the embedded default. A server calls this before it listens.
    ///
    /// # Errors
    /// `SCHEMA_MISMATCH`, `CONFIG_INVALID`, `DATABASE_UNAVAILABLE`.
    pub fn prepare(&self) -> Result<(), AuthError> {
        self.instance.layout()?;
        self.instance.signer()?;
        if let Some(storage) = self.instance.storage()
            && let Err(error) = storage.check()
        {
            // It may come up later than this server, and requests say so until then.
            tracing::warn!(%error, "starting without it");
        }
        if let Err(error) = self.database().check_writable() {
            tracing::warn!(%error, "what needs no write is answered, everything else is refused");
        }
        self.instance.check_plugins()?;
        self.instance.mailer().check()
    }

    /// What can be done to this deployment: the rows of the core, and of its plugins.
    pub fn operations(&self) -> impl Iterator<Item = &'static dyn AnyOperation> {
        operations::ALL.iter().chain(self.operations.iter().copied().flatten()).copied()
    }

    /// Runs the operation of this name, such as `users.list`, from JSON to JSON.
    ///
    /// # Errors
    /// `NOT_FOUND` when there is none, `VALIDATION_ERROR` when the input does not fit it, and what it refuses.
    pub fn run(&self, name: &str, input: Value) -> Result<Value, AuthError> {
        let found = self.operations().find(|row| row.about().name == name);
        found.ok_or(codes::NOT_FOUND)?.run_json(&self.call(), input)
    }

    /// What an operation runs with. A program that holds the service acts on its own authority.
    pub fn call(&self) -> Call<'_> {
        Call::new(&self.instance, &self.site, &self.actor)
    }

    /// The configuration, with the fields that plugins add to users and sessions.
    pub fn config(&self) -> &Config {
        self.instance.config()
    }

    /// The database.
    pub fn database(&self) -> &Database {
        self.instance.database()
    }
}
