//! The face: `BetterAuth` puts the instance, the endpoints and the router together.

mod api;
mod builder;
mod mail;
mod serving;
mod social;

use bytes::Bytes;
use http::Request;
use http::Response;

use crate::config::Config;
use crate::database::Clock;
use crate::database::Database;
use crate::error::AuthError;
use crate::error::ErrorCode;
use crate::http::Answer;
use crate::http::Endpoint;
use crate::http::Peer;
use crate::http::pipeline;
use crate::http::site::Site;
use crate::instance::Caller;
use crate::instance::EventKind;
use crate::instance::Instance;
use crate::instance::caller::Actor;
use crate::plugin::Command;
use crate::plugin::Done;
use crate::plugin::Entry;
use crate::plugin::Given;
use crate::plugin::UserOption;
use crate::plugins;
use crate::schema;
use crate::schema::Plan;

pub use api::Api;
pub use api::ListSessions;
pub use api::ListUsers;
pub use api::SessionList;
pub use api::UserList;
pub use builder::Builder;
pub use mail::ListMessages;
pub use serving::Load;
pub use social::ConfiguredProvider;

/// An authentication service, ready to be mounted in any HTTP server; shared between threads as
/// `Arc<BetterAuth>`.
pub struct BetterAuth {
    instance: Instance,
    site: Site,
    actor: Actor,
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
        Api { instance: &self.instance, site: &self.site, actor: &self.actor }
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
        let caller = Caller::trusted(self.actor.clone());
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

    /// Runs a plugin's command on the user with this id or address.
    ///
    /// # Errors
    /// `USER_NOT_FOUND`, `CONFIG_INVALID` when the plugin is not on, or what the command refuses.
    pub fn run(&self, command: &Command, user: &str, given: &Given) -> Result<Done, AuthError> {
        let api = self.api();
        (command.run)(&self.instance, &api.caller(), &api.get_user(user)?, given)
    }

    /// Whether a plugin takes this value for its option of the commands that make or change a user.
    ///
    /// # Errors
    /// What is wrong with it; `CONFIG_INVALID` when the plugin is not on.
    pub fn check_option(&self, option: &UserOption, value: &str) -> Result<(), AuthError> {
        (option.check)(&self.instance, value)
    }

    /// Whether the plugins that are on take this value for a field of users, however the shell was told it.
    pub fn check_field(&self, name: &str, value: &str) -> Result<(), AuthError> {
        let is_on = |entry: &&Entry| self.config().plugins.contains_key(entry.id);
        let options = plugins::ALL.iter().filter(is_on).flat_map(|entry| entry.user_options);
        options
            .filter(|option| option.field == name)
            .try_for_each(|option| self.check_option(option, value))
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
