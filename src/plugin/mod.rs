//! The seam for plugins: a [`Plugin`] answers what it adds with rows, and the core runs them.
//!
//! A plugin may be a folder in `src/plugins/`, found by its id in the configuration, or live in a crate of
//! its own and be handed to [`Builder::plugin`](crate::auth::Builder::plugin). `docs/plugins.md` has the
//! whole on one page, `examples/plugin.rs` a small one.

pub mod command;
pub mod options;

use std::any::Any;

use serde_json::Value;

use crate::config::AdditionalFields;
use crate::config::ConfigError;
use crate::email::MailKind;
use crate::http::Answer;
use crate::http::Endpoint;
use crate::http::endpoint::Effect;
use crate::http::hooks::After;
use crate::http::hooks::Before;
use crate::http::hooks::Scheme;
use crate::http::rate_limit::Limit;
use crate::http::refusals::Refusal;
use crate::instance::Hooks;
use crate::models::verification::Purpose;
use crate::rows::Catalog;
use crate::schema::Table;

pub use command::Arg;
pub use command::ArgKind;
pub use command::Command;
pub use command::Done;
pub use command::Given;
pub use command::UserOption;

/// What one plugin adds. Everything has a default that adds nothing.
pub trait Plugin: Any + Send + Sync {
    /// Better Auth's name of it, such as `two-factor`; the key below `plugins` in the configuration.
    fn id(&self) -> &'static str;

    /// Fields of users: migrated, typed, returned or hidden like `user.additionalFields`, and before those.
    fn user_fields(&self) -> AdditionalFields {
        AdditionalFields::new()
    }

    /// Fields of sessions, in the same way.
    fn session_fields(&self) -> AdditionalFields {
        AdditionalFields::new()
    }

    /// Tables of its own.
    fn tables(&self) -> Vec<Table> {
        Vec::new()
    }

    /// Binds its statements, each type of them by [`Catalog::add`]. They may name every table of the deployment.
    fn bind(&self, _catalog: &mut Catalog) {}

    /// Endpoints below the base path. Their handlers find the plugin by its type:
    /// `cx.instance().plugin::<Mine>()`.
    fn endpoints(&self) -> Vec<Endpoint> {
        Vec::new()
    }

    /// What it has to say about users and sessions, wherever they come from.
    fn hooks(&self) -> Hooks {
        Hooks::default()
    }

    /// Kinds of messages that it sends by [`messages`](crate::api::messages). `email.senders` switches them, and a
    /// deployment may have templates of its own for them.
    fn mail_kinds(&self) -> Vec<&'static MailKind> {
        Vec::new()
    }

    /// What it issues [one-time values](crate::api::one_time) and counts [attempts](crate::api::attempts) for.
    fn purposes(&self) -> Vec<Purpose> {
        Vec::new()
    }

    /// What runs before endpoints, of the core and of others.
    fn before(&self) -> Vec<Before> {
        Vec::new()
    }

    /// What runs after them.
    fn after(&self) -> Vec<After> {
        Vec::new()
    }

    /// What its hooks may refuse, for the description of the API.
    fn refusals(&self) -> Vec<Refusal> {
        Vec::new()
    }

    /// What it answers in place of endpoints with this effect, such as a challenge in place of a session.
    fn answers(&self) -> Vec<(Effect, Answer)> {
        Vec::new()
    }

    /// Ways to present a session that its hooks read, for the description of the API.
    fn schemes(&self) -> Vec<Scheme> {
        Vec::new()
    }

    /// Rate limits; they win over those of the core, and `rateLimit.customRules` wins over them.
    fn limits(&self) -> Vec<Limit> {
        Vec::new()
    }
}

/// The row of a plugin that can be switched on in the configuration. What it adds to the command line
/// stands here and not in the trait, because the grammar must be known before a configuration is read.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The key below `plugins` in the configuration.
    pub id: &'static str,
    /// Makes it from what stands there.
    pub make: fn(&Value) -> Result<Box<dyn Plugin>, ConfigError>,
    /// Commands.
    pub commands: &'static [Command],
    /// Options of the commands that make or change a user.
    pub user_options: &'static [UserOption],
}

impl Entry {
    /// A plugin that adds nothing to the command line.
    pub const fn new(
        id: &'static str,
        make: fn(&Value) -> Result<Box<dyn Plugin>, ConfigError>,
    ) -> Self {
        Self { id, make, commands: &[], user_options: &[] }
    }

    /// The same with commands, and with options of the commands that make or change a user.
    #[must_use]
    pub const fn on_the_command_line(
        mut self,
        commands: &'static [Command],
        user_options: &'static [UserOption],
    ) -> Self {
        self.commands = commands;
        self.user_options = user_options;
        self
    }
}
