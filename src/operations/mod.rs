//! Operations: what can be done to a deployment, one row each. A row has a name, a typed input that is at once the
//! arguments of a command, JSON and its schema, a typed output, a permission, and one function that calls the rules.
//!
//! The core's rows are in [`ALL`]; a plugin has its own, in any group. Whoever runs one needs a [`Call`], which only
//! [`BetterAuth::call`](crate::auth::BetterAuth::call) makes.

pub mod accounts;
mod call;
#[cfg(feature = "cli")]
pub mod command_line;
mod fields;
mod input;
mod lists;
pub mod mail;
pub mod outcome;
pub mod providers;
pub mod sessions;
pub mod users;

use schemars::JsonSchema;
use schemars::Schema;
use schemars::generate::SchemaSettings;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::config;
use crate::error::AuthError;
use crate::error::ErrorCode;
use crate::error::codes;

pub use call::Call;
pub use fields::Fields;
pub(crate) use input::input;
pub use lists::LIMIT;
pub use lists::Sort;
pub use lists::Sortable;
pub use outcome::Done;
pub use outcome::Outcome;
pub use outcome::Presented;

/// The rows of the core, in the order of the help.
pub const ALL: &[&dyn AnyOperation] = &[
    &users::list::LIST,
    &users::list::SHOW,
    &users::create::CREATE,
    &users::update::UPDATE,
    &users::passwords::SET_PASSWORD,
    &users::links::VERIFY_EMAIL,
    &users::links::SEND_RESET,
    &users::links::INVITE,
    &users::passwords::UNLOCK,
    &users::delete::DELETE,
    &sessions::LIST,
    &sessions::REVOKE,
    &accounts::LIST,
    &accounts::UNLINK,
    &providers::LIST,
    &providers::CHECK,
    &mail::LIST,
    &mail::RETRY,
    &mail::SEND,
    &mail::TEST,
];

/// What an operation takes: arguments, JSON, and a schema from one struct.
#[cfg(feature = "cli")]
pub trait Input: DeserializeOwned + JsonSchema + Clone + clap::Args {}
#[cfg(feature = "cli")]
impl<T: DeserializeOwned + JsonSchema + Clone + clap::Args> Input for T {}

/// What an operation takes: JSON, and a schema from one struct.
#[cfg(not(feature = "cli"))]
pub trait Input: DeserializeOwned + JsonSchema + Clone {}
#[cfg(not(feature = "cli"))]
impl<T: DeserializeOwned + JsonSchema + Clone> Input for T {}

/// What is known of an operation without running it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// Group and verb, such as `users.list`.
    pub name: &'static str,
    /// Resource and action that a caller must be allowed, such as `("user", "list")`.
    pub permission: (&'static str, &'static str),
    /// Errors of its own, beside those of its input, of the database, and of a user who is not found.
    pub refusals: &'static [&'static ErrorCode],
    /// Whether a person is asked before it runs.
    pub asks: bool,
    /// Whether messages leave while it runs.
    pub sends_messages: bool,
    /// Whether it needs a database that is up to date.
    pub needs_database: bool,
}

impl About {
    /// Group and verb.
    pub fn group_and_verb(&self) -> (&'static str, &'static str) {
        self.name.split_once('.').unwrap_or((self.name, self.name))
    }
}

/// Looks up what the input names, so that what is confirmed is what is done, and answers the question if there is one.
pub type Resolve<I> = fn(&Call<'_>, &mut I) -> Result<Option<String>, AuthError>;

/// The row of an operation.
pub struct Operation<I, O> {
    about: About,
    run: fn(&Call<'_>, &I) -> Result<Done<O>, AuthError>,
    resolve: Option<Resolve<I>>,
}

impl<I, O> Operation<I, O> {
    /// A row under a name such as `users.list`, for callers with this permission on a resource.
    pub const fn new(
        name: &'static str,
        permission: (&'static str, &'static str),
        run: fn(&Call<'_>, &I) -> Result<Done<O>, AuthError>,
    ) -> Self {
        let about = About {
            name,
            permission,
            refusals: &[],
            asks: false,
            sends_messages: false,
            needs_database: true,
        };
        Self { about, run, resolve: None }
    }

    /// The same with errors of its own.
    #[must_use]
    pub const fn refuses(mut self, refusals: &'static [&'static ErrorCode]) -> Self {
        self.about.refusals = refusals;
        self
    }

    /// The same with a question before it runs. Its function gets the input as `resolve` leaves it.
    #[must_use]
    pub const fn asks(mut self, resolve: Resolve<I>) -> Self {
        self.about.asks = true;
        self.resolve = Some(resolve);
        self
    }

    /// The same, during which messages leave.
    #[must_use]
    pub const fn sends_messages(mut self) -> Self {
        self.about.sends_messages = true;
        self
    }

    /// The same, whatever the state of the database.
    #[must_use]
    pub const fn without_database(mut self) -> Self {
        self.about.needs_database = false;
        self
    }
}

impl<I: Input, O> Operation<I, O> {
    /// Runs it.
    pub fn run(&self, call: &Call<'_>, input: &I) -> Result<O, AuthError> {
        self.perform(call, input)?.output()
    }

    /// Runs it for whoever shows what came of it.
    pub fn perform(&self, call: &Call<'_>, input: &I) -> Result<Done<O>, AuthError> {
        let Some(resolve) = self.resolve else {
            return (self.run)(call, input);
        };
        let mut input = input.clone();
        resolve(call, &mut input)?;
        (self.run)(call, &input)
    }
}

/// Any row, whatever its types.
pub trait AnyOperation: Send + Sync {
    /// What is known of it.
    fn about(&self) -> &About;

    /// The JSON Schema of what it takes.
    fn input(&self) -> Schema;

    /// The JSON Schema of what it answers.
    fn output(&self) -> Schema;

    /// Runs it from JSON to JSON.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` where the input does not fit the schema, and what the row refuses.
    fn run_json(&self, call: &Call<'_>, input: Value) -> Result<Value, AuthError>;

    /// Adds its arguments and its help to a command.
    #[cfg(feature = "cli")]
    fn augment(&self, command: clap::Command) -> clap::Command;

    /// Runs it with arguments, if `confirm` says yes to the question that it may have.
    #[cfg(feature = "cli")]
    fn run_matches(
        &self,
        call: &Call<'_>,
        matches: &clap::ArgMatches,
        confirm: &mut dyn FnMut(&str) -> bool,
    ) -> Result<Option<Presented>, AuthError>;
}

impl<I: Input, O: Outcome> AnyOperation for Operation<I, O> {
    fn about(&self) -> &About {
        &self.about
    }

    fn input(&self) -> Schema {
        SchemaSettings::default().into_generator().into_root_schema_for::<I>()
    }

    fn output(&self) -> Schema {
        let settings = SchemaSettings::default().for_serialize();
        settings.into_generator().into_root_schema_for::<O>()
    }

    fn run_json(&self, call: &Call<'_>, input: Value) -> Result<Value, AuthError> {
        let name = self.about.name;
        let refused = |message| AuthError::new(codes::VALIDATION_ERROR).with_message(message);
        // Serde reads a list as the fields in their order, which the schema does not allow.
        if !input.is_object() {
            return Err(refused(format!("{name}: expected an object")));
        }
        let input: I = config::section(name, input).map_err(|error| refused(error.to_string()))?;
        serde_json::to_value(self.run(call, &input)?).map_err(AuthError::internal)
    }

    #[cfg(feature = "cli")]
    fn augment(&self, command: clap::Command) -> clap::Command {
        I::augment_args(command)
    }

    #[cfg(feature = "cli")]
    fn run_matches(
        &self,
        call: &Call<'_>,
        matches: &clap::ArgMatches,
        confirm: &mut dyn FnMut(&str) -> bool,
    ) -> Result<Option<Presented>, AuthError> {
        let mut input = command_line::input::<I>(matches)?;
        let question = self.resolve.map(|resolve| resolve(call, &mut input)).transpose()?;
        if question.flatten().is_some_and(|question| !confirm(&question)) {
            return Ok(None);
        }
        (self.run)(call, &input).map(|done| Some(done.presented()))
    }
}
