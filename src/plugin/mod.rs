//! The interface of plugins: a [`Plugin`] returns what it adds as rows, and the core runs them.
//!
//! A plugin is a folder in `src/plugins/`, enabled by its id in the configuration, or a type of another crate, passed to
//! [`Builder::plugin`](crate::auth::Builder::plugin). See `docs/plugins.md` for a guide and `examples/plugin` for an
//! example that uses most of it.

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

/// A plugin. Every method has a default that adds nothing.
pub trait Plugin: Any + Send + Sync {
    /// Better Auth's id, such as `two-factor`; the key below `plugins` in the configuration.
    fn id(&self) -> &'static str;

    /// Additional fields of users: migrated, typed, and returned or hidden like those of
    /// `user.additionalFields`, before which they are listed.
    fn user_fields(&self) -> AdditionalFields {
        AdditionalFields::new()
    }

    /// Additional fields of sessions.
    fn session_fields(&self) -> AdditionalFields {
        AdditionalFields::new()
    }

    /// Additional tables.
    fn tables(&self) -> Vec<Table> {
        Vec::new()
    }

    /// Prepares its statements, each type with [`Catalog::add`]. They may use every table of the
    /// deployment.
    fn bind(&self, _catalog: &mut Catalog) {}

    /// Endpoints below the base path. Handlers get the plugin by its type:
    /// `cx.instance().plugin::<Mine>()`.
    fn endpoints(&self) -> Vec<Endpoint> {
        Vec::new()
    }

    /// Hooks on users and sessions, for every origin of a change.
    fn hooks(&self) -> Hooks {
        Hooks::default()
    }

    /// Kinds of emails that it sends with [`messages`](crate::api::messages). `email.senders`
    /// enables them, and a deployment can override their templates.
    fn mail_kinds(&self) -> Vec<&'static MailKind> {
        Vec::new()
    }

    /// Purposes of its [one-time values](crate::api::one_time) and
    /// [attempts](crate::api::attempts).
    fn purposes(&self) -> Vec<Purpose> {
        Vec::new()
    }

    /// Keys of its cookies, whose names and attributes `advanced.cookies` can set.
    fn cookies(&self) -> &'static [&'static str] {
        &[]
    }

    /// Hooks before endpoints of the core and of plugins.
    fn before(&self) -> Vec<Before> {
        Vec::new()
    }

    /// Hooks after endpoints of the core and of plugins.
    fn after(&self) -> Vec<After> {
        Vec::new()
    }

    /// Errors of its hooks, for the OpenAPI document.
    fn refusals(&self) -> Vec<Refusal> {
        Vec::new()
    }

    /// Answers in place of those of endpoints with an effect, such as a challenge in place of a
    /// session.
    fn answers(&self) -> Vec<(Effect, Answer)> {
        Vec::new()
    }

    /// Authentication schemes of its hooks, for the OpenAPI document.
    fn schemes(&self) -> Vec<Scheme> {
        Vec::new()
    }

    /// Rate limits; they override those of the core, and `rateLimit.customRules` overrides them.
    fn limits(&self) -> Vec<Limit> {
        Vec::new()
    }

    /// Additional operations, in any group.
    fn operations(&self) -> &'static [&'static dyn AnyOperation] {
        &[]
    }
}

/// An option of the commands that create or update a user: short for `--field NAME=VALUE`.
#[derive(Debug, Clone, Copy)]
pub struct UserOption {
    /// The field, and the name of the option.
    pub field: &'static str,
    /// The placeholder of its value in the help.
    pub value_name: &'static str,
    /// A one-line description.
    pub help: &'static str,
}

/// A plugin that the configuration can enable. Its part of the command line is here and not in the
/// trait, because the grammar must be known before the configuration is read.
#[derive(Clone, Copy)]
pub struct Entry {
    /// The key below `plugins` in the configuration.
    pub id: &'static str,
    /// Builds the plugin from its options.
    pub make: fn(&Value) -> Result<Box<dyn Plugin>, ConfigError>,
    /// The schema of its options.
    pub options: OptionsSchema,
    /// Its operations.
    pub operations: &'static [&'static dyn AnyOperation],
    /// Options of the commands that create or update a user.
    pub user_options: &'static [UserOption],
    /// Filters of lists of users, which are options of the command.
    pub user_filters: &'static [UserListFilter],
}

impl Entry {
    /// A plugin with these options that adds nothing to the command line.
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

    /// Adds operations, options of the commands that create or update a user, and filters of lists.
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
