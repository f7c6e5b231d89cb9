//! The face: `BetterAuth` puts the instance, the endpoints and the router together.

mod api;
mod mail;
mod social;

use std::borrow::Cow;

use bytes::Bytes;
use http::Method;
use http::Request;
use http::Response;

use crate::config::Config;
use crate::database::Clock;
use crate::database::Database;
use crate::endpoints;
use crate::error::AuthError;
use crate::http::Endpoint;
use crate::http::Peer;
use crate::http::Reply;
use crate::http::pipeline;
use crate::http::router;
use crate::http::router::Router;
use crate::http::site::Site;
use crate::instance::Instance;
use crate::schema;
use crate::schema::Plan;

pub use api::Api;
pub use api::ListSessions;
pub use api::ListUsers;
pub use api::SessionList;
pub use api::UserList;
pub use mail::ListMessages;
pub use social::ConfiguredProvider;

/// An authentication service, ready to be mounted in any HTTP server; shared between threads as
/// `Arc<BetterAuth>`.
pub struct BetterAuth {
    instance: Instance,
    site: Site,
    router: Router,
}

impl BetterAuth {
    /// A service with this configuration. The database is opened at the first use; a database that
    /// needs migration is brought up to date by [`BetterAuth::migrate`].
    ///
    /// # Errors
    /// `CONFIG_INVALID` when the configuration contradicts itself.
    pub fn new(config: Config) -> Result<Self, AuthError> {
        Self::with_clock(config, Clock::SYSTEM)
    }

    /// As [`BetterAuth::new`], with a clock that tests can set.
    ///
    /// # Errors
    /// As [`BetterAuth::new`].
    pub fn with_clock(config: Config, clock: Clock) -> Result<Self, AuthError> {
        config.check()?;
        Ok(Self {
            site: Site::new(&config),
            router: Router::new(endpoints::ALL),
            instance: Instance::new(config, clock),
        })
    }

    /// Answers a request of the REST API; blocks while it works.
    pub fn handle(&self, request: Request<Bytes>, peer: Peer) -> Response<Bytes> {
        pipeline::answer(&self.instance, &self.site, &self.router, request, peer)
    }

    /// The same rules as typed calls, without HTTP.
    pub fn api(&self) -> Api<'_> {
        Api::new(&self.instance, &self.site)
    }

    /// Whether [`BetterAuth::handle`] will hash or write for this request: an asynchronous server
    /// runs it on a thread that may block, and everything else in line.
    pub fn is_heavy(&self, method: &Method, path: &str) -> bool {
        let path = router::normalise(path);
        let endpoint = self.site.below_base(&path).and_then(|path| self.router.find(method, path));
        // With a secondary storage even finding a session waits for another machine.
        self.instance.storage().is_some()
            || self.site.limiter.writes()
            || endpoint.is_some_and(|(endpoint, _)| endpoint.is_heavy)
    }

    /// A path as a server may write it down: without what could be a secret in it.
    pub fn loggable_path<'a>(&self, path: &'a str) -> Cow<'a, str> {
        pipeline::loggable_path(&self.site, &self.router, path)
    }

    /// An error as this deployment answers it; for servers that refuse a request before it gets here.
    pub fn refuse(&self, error: &AuthError) -> Response<Bytes> {
        Reply::refusal(error, self.site.dialect)
    }

    /// Every endpoint, in the order of paths.
    pub fn endpoints(&self) -> Vec<&'static Endpoint> {
        self.router.endpoints()
    }

    /// What the database lacks; reads only.
    ///
    /// # Errors
    /// `DATABASE_UNAVAILABLE` when there is something else in its place.
    pub fn plan(&self) -> Result<Plan, AuthError> {
        Ok(schema::plan(self.database(), &schema::needed(self.config()))?)
    }

    /// Adds what the database lacks, all of it or nothing, and answers what was added.
    ///
    /// # Errors
    /// `SCHEMA_MISMATCH` when something stands in the way, `DATABASE_UNAVAILABLE`.
    pub fn migrate(&self) -> Result<Plan, AuthError> {
        Ok(schema::migrate(self.database(), &schema::needed(self.config()))?)
    }

    /// Checks what requests will need: the schema, the templates of messages, and the secret, which is
    /// generated on the embedded default. A server calls this before it listens.
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
        self.instance.mailer().check()
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        self.instance.config()
    }

    /// The database.
    pub fn database(&self) -> &Database {
        self.instance.database()
    }
}
