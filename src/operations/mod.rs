//! Operations: administrative actions on a deployment, one row each. A row has a name, a typed
//! input that is command-line arguments, JSON and its schema at once, a typed output, a permission,
//! and one function that calls the rules.
//!
//! The core's rows are in [`ALL`]; a plugin has its own, in any group. Running one needs a
//! [`Call`], which only [`BetterAuth::call`](crate::auth::BetterAuth::call) creates.

pub mod accounts;
mod call;
#[cfg(feature = "cli")]
pub mod command_line;
mod fields;
mod filters;
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
pub use filters::Filters;
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

/// The input of an operation: arguments, JSON, and a schema from one struct.
#[cfg(feature = "cli")]
pub trait Input: DeserializeOwned + JsonSchema + Clone + clap::Args {}
#[cfg(feature = "cli")]
impl<T: DeserializeOwned + JsonSchema + Clone + clap::Args> Input for T {}

/// The input of an operation: JSON, and a schema from one struct.
#[cfg(not(feature = "cli"))]
pub trait Input: DeserializeOwned + JsonSchema + Clone {}
#[cfg(not(feature = "cli"))]
impl<T: DeserializeOwned + JsonSchema + Clone> Input for T {}

/// The description of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// Group and verb, such as `users.list`.
    pub name: &'static str,
    /// The required permission as resource and action, such as `("user", "list")`.
    pub permission: (&'static str, &'static str),
    /// Its errors, in addition to those of its input, of the database, and `USER_NOT_FOUND`.
    pub refusals: &'static [&'static ErrorCode],
    /// Whether it asks for confirmation.
    pub asks: bool,
    /// Whether it sends emails.
    pub sends_messages: bool,
    /// Whether it needs an up-to-date database.
    pub needs_database: bool,
}

impl About {
    /// Group and verb.
    pub fn group_and_verb(&self) -> (&'static str, &'static str) {
        self.name.split_once('.').unwrap_or((self.name, self.name))
    }
}

/// Resolves the names in the input, so that what is confirmed is what is done; returns the
/// question, if there is one.
pub type Resolve<I> = fn(&Call<'_>, &mut I) -> Result<Option<String>, AuthError>;

/// An operation.
pub struct Operation<I, O> {
    about: About,
    run: fn(&Call<'_>, &I) -> Result<Done<O>, AuthError>,
    resolve: Option<Resolve<I>>,
}

impl<I, O> Operation<I, O> {
    /// An operation with a name such as `users.list` and the required permission on a resource.
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

    /// Sets its errors.
    #[must_use]
    pub const fn refuses(mut self, refusals: &'static [&'static ErrorCode]) -> Self {
        self.about.refusals = refusals;
        self
    }

    /// Asks for confirmation before it runs. The function gets the input as resolved by `resolve`.
    #[must_use]
    pub const fn asks(mut self, resolve: Resolve<I>) -> Self {
        self.about.asks = true;
        self.resolve = Some(resolve);
        self
    }

    /// Marks an operation that sends emails.
    #[must_use]
    pub const fn sends_messages(mut self) -> Self {
        self.about.sends_messages = true;
        self
    }

    /// Marks an operation that runs whatever the state of the database.
    #[must_use]
    pub const fn without_database(mut self) -> Self {
        self.about.needs_database = false;
        self
    }
}

impl<I: Input, O> Operation<I, O> {
    /// Runs the operation.
    pub fn run(&self, call: &Call<'_>, input: &I) -> Result<O, AuthError> {
        self.perform(call, input)?.output()
    }

    /// Runs the operation and returns what to show.
    pub fn perform(&self, call: &Call<'_>, input: &I) -> Result<Done<O>, AuthError> {
        let Some(resolve) = self.resolve else {
            return (self.run)(call, input);
        };
        let mut input = input.clone();
        resolve(call, &mut input)?;
        (self.run)(call, &input)
    }
}

/// An operation of any types.
pub trait AnyOperation: Send + Sync {
    /// The description.
    fn about(&self) -> &About;

    /// The JSON Schema of the input.
    fn input(&self) -> Schema;

    /// The JSON Schema of the output.
    fn output(&self) -> Schema;

    /// Runs the operation from JSON to JSON.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` if the input does not match the schema, and the errors of the operation.
    fn run_json(&self, call: &Call<'_>, input: Value) -> Result<Value, AuthError>;

    /// Adds arguments and help to a command.
    #[cfg(feature = "cli")]
    fn augment(&self, command: clap::Command) -> clap::Command;

    /// Runs the operation with command-line arguments; `confirm` answers its question, if it has
    /// one.
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
        // Serde accepts an array as the fields in their order; the schema does not.
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
