//! The seam for plugins: a [`Plugin`] answers what it adds with rows, and the core runs them.
//!
//! A plugin may be a folder in `src/plugins/`, found by its id in the configuration, or live in a crate of
//! its own and be handed to [`Builder::plugin`](crate::auth::Builder::plugin). `docs/plugins.md` has the
//! whole on one page, `examples/plugin` one that uses most of it.

pub mod options;

use std::any::Any;

use schemars::JsonSchema;
use serde_json::Value;

use crate::config::AdditionalFields;
use crate::config::ConfigError;
use crate::config::reference::OptionsSchema;
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
use crate::instance::hooks::UserListFilter;
use crate::models::verification::Purpose;
use crate::operations::AnyOperation;
use crate::rows::Catalog;
use crate::schema::Table;

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

    /// What it adds to what can be done to a deployment, in any group.
    fn operations(&self) -> &'static [&'static dyn AnyOperation] {
        &[]
    }
}

/// An option of the commands that make or change a user: short for `--field NAME=VALUE`.
#[derive(Debug, Clone, Copy)]
pub struct UserOption {
    /// The field that it sets, and its own name.
    pub field: &'static str,
    /// What stands for its value in the help.
    pub value_name: &'static str,
    /// What it is for, in one line.
    pub help: &'static str,
}

/// The row of a plugin that can be switched on in the configuration. What it adds to the command line
/// stands here and not in the trait, because the grammar must be known before a configuration is read.
#[derive(Clone, Copy)]
pub struct Entry {
    /// The key below `plugins` in the configuration.
    pub id: &'static str,
    /// Makes it from what stands there.
    pub make: fn(&Value) -> Result<Box<dyn Plugin>, ConfigError>,
    /// Describes what may stand there.
    pub options: OptionsSchema,
    /// Its operations.
    pub operations: &'static [&'static dyn AnyOperation],
    /// Options of the commands that make or change a user.
    pub user_options: &'static [UserOption],
    /// Filters of lists of users, which are options of the command.
    pub user_filters: &'static [UserListFilter],
}

impl Entry {
    /// A plugin with these options, which adds nothing to the command line.
    pub const fn new<Options: JsonSchema>(
        id: &'static str,
        make: fn(&Value) -> Result<Box<dyn Plugin>, ConfigError>,
    ) -> Self {
        Self {
            id,
            make,
            options: Options::json_schema,
            operations: &[],
            user_options: &[],
            user_filters: &[],
        }
    }

    /// The same with operations, with options of the commands that make or change a user, and with filters of lists.
    #[must_use]
    pub const fn on_the_command_line(
        mut self,
        operations: &'static [&'static dyn AnyOperation],
        user_options: &'static [UserOption],
        user_filters: &'static [UserListFilter],
    ) -> Self {
        self.operations = operations;
        self.user_options = user_options;
        self.user_filters = user_filters;
        self
    }
}
