//! Filters of lists that plugins add: on the command line `--filter NAME[=VALUE]` or an option of the plugin's own, in
//! JSON members by the name of the filter.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Map;
use serde_json::Value;

use crate::error::AuthError;
use crate::error::codes;
use crate::instance::hooks::UserListFilter;
use crate::operations::Call;
use crate::rows::Condition;

/// Values by the names of filters; `true` for one that takes no value, and a list where several must match.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct Filters(pub Map<String, Value>);

impl Filters {
    /// What must hold for a user to be listed.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` for a filter that no plugin has, or a value that does not fit.
    pub fn conditions(&self, call: &Call<'_>) -> Result<Vec<Condition>, AuthError> {
        let known: Vec<&UserListFilter> = call.instance().user_filters().collect();
        let condition = |(name, value): (&String, &Value)| {
            let Some(filter) = known.iter().find(|filter| filter.name == name) else {
                let names: Vec<&str> = known.iter().map(|filter| filter.name).collect();
                let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
                return Err(refused(format!("unknown filter {name:?}; available: {names}")));
            };
            match (filter.value_name, value) {
                (None, Value::Bool(true)) => (filter.condition)(call.instance(), None),
                (None, _) => Err(refused(format!("the filter {name} takes no value"))),
                (Some(_), Value::String(text)) => (filter.condition)(call.instance(), Some(text)),
                (Some(value), _) => {
                    Err(refused(format!("the filter {name} needs a value: {value}")))
                }
            }
        };
        let all = self.0.iter().flat_map(|(name, value)| {
            let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            values.iter().map(move |value| (name, value))
        });
        all.map(condition).collect()
    }
}

fn refused(message: String) -> AuthError {
    AuthError::new(codes::VALIDATION_ERROR).with_message(message)
}

#[cfg(feature = "cli")]
mod command_line {
    use clap::Arg;
    use clap::ArgAction;
    use clap::ArgMatches;
    use clap::Args;
    use clap::Command;
    use clap::FromArgMatches;
    use clap::parser::ValueSource;
    use serde_json::Map;
    use serde_json::Value;

    use super::Filters;

    /// `--filter`; what follows a dot in the id of another option is the name of the filter.
    const ID: &str = "filters";

    impl Args for Filters {
        fn augment_args(command: Command) -> Command {
            let filter = Arg::new(ID).long("filter").value_name("NAME[=VALUE]");
            let help = "A filter of a plugin; several must all match";
            command.arg(filter.action(ArgAction::Append).help(help))
        }

        fn augment_args_for_update(command: Command) -> Command {
            Self::augment_args(command)
        }
    }

    impl FromArgMatches for Filters {
        fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
            let given = matches.get_many::<String>(ID).unwrap_or_default();
            let mut values = Map::new();
            let mut add = |name: &str, value: Value| match values.get_mut(name) {
                Some(Value::Array(known)) => known.push(value),
                Some(known) => *known = Value::Array(vec![known.take(), value]),
                None => drop(values.insert(name.to_owned(), value)),
            };
            for filter in given {
                match filter.split_once('=') {
                    Some((name, value)) => add(name, value.into()),
                    None => add(filter, true.into()),
                }
            }
            for id in matches.ids().map(clap::Id::as_str) {
                let is_typed = matches.value_source(id) == Some(ValueSource::CommandLine);
                let Some(name) = id.strip_prefix("filters.").filter(|_| is_typed) else { continue };
                let text = matches.try_get_one::<String>(id).ok().flatten();
                add(name, text.map_or_else(|| true.into(), |text| text.as_str().into()));
            }
            Ok(Self(values))
        }

        fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
            *self = Self::from_arg_matches(matches)?;
            Ok(())
        }
    }
}
