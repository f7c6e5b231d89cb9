//! `--field NAME=VALUE`: additional fields on the command line, and the options that plugins have for theirs.

use better_auth::BetterAuth;
use better_auth::config::AdditionalField;
use better_auth::config::FieldType;
use better_auth::plugin::UserOption;
use clap::Arg;
use clap::ArgAction;
use clap::ArgMatches;
use clap::FromArgMatches;
use serde_json::Map;
use serde_json::Value;

use crate::cli::failure::Failure;
use crate::cli::users::plugin;

/// Values for additional fields.
#[derive(Debug)]
pub(crate) struct FieldArgs {
    fields: Vec<String>,
    /// By the options that plugins add.
    options: Vec<(&'static UserOption, String)>,
}

/// `--field`
const FIELD: &str = "fields";

impl clap::Args for FieldArgs {
    fn augment_args(command: clap::Command) -> clap::Command {
        let field = Arg::new(FIELD)
            .long("field")
            .value_name("NAME=VALUE")
            .action(ArgAction::Append)
            .help("Value of a field of user.additionalFields; lists and json as JSON");
        let options = plugin::options().map(|option| {
            Arg::new(option.field)
                .long(option.field)
                .value_name(option.value_name)
                .help(option.help)
        });
        command.arg(field).args(options)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for FieldArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let fields = matches.get_many(FIELD).unwrap_or_default().cloned().collect();
        let options = plugin::options().filter_map(|option| {
            let value = matches.get_one::<String>(option.field)?;
            Some((option, value.clone()))
        });
        Ok(Self { fields, options: options.collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl FieldArgs {
    /// The values by name, of the types that the configuration declares. An option of a plugin is another spelling
    /// of `--field`, so the plugin looks at both. Whether the values may stand there is for the rules to say.
    pub(crate) fn values(&self, auth: &BetterAuth) -> Result<Map<String, Value>, Failure> {
        plugin::check(auth, &self.options)?;
        let declared = &auth.config().user.additional_fields;
        let mut values = Map::new();
        for pair in &self.fields {
            // What cannot be read is not repeated: the values of some fields are secrets.
            let Some((name, text)) = pair.split_once('=') else {
                return Err(Failure::usage("--field: expected NAME=VALUE"));
            };
            auth.check_field(name, text)?;
            let value = value(declared.get(name), text).ok_or_else(|| {
                let expected = declared.get(name).map(|field| field.kind.name());
                let expected = expected.unwrap_or_default();
                Failure::usage(format!("--field {name}: expected {expected}"))
            })?;
            add(&mut values, name, value)?;
        }
        for (option, text) in &self.options {
            add(&mut values, option.field, text.as_str().into())?;
        }
        Ok(values)
    }
}

/// Adds a value to those that were given; of two for one field it is not known which is meant.
pub(crate) fn add(
    values: &mut Map<String, Value>,
    name: &str,
    value: Value,
) -> Result<(), Failure> {
    match values.insert(name.to_owned(), value) {
        None => Ok(()),
        Some(_) => Err(Failure::usage(format!("the field {name} is given twice"))),
    }
}

fn value(field: Option<&AdditionalField>, text: &str) -> Option<Value> {
    match field.map(|field| &field.kind) {
        Some(
            FieldType::Number
            | FieldType::Flag
            | FieldType::Json
            | FieldType::Texts
            | FieldType::Numbers,
        ) => serde_json::from_str(text).ok(),
        Some(FieldType::Text | FieldType::OneOf(_) | FieldType::Date) | None => Some(text.into()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_read_as_its_type() {
        let of = |kind, text| value(Some(&AdditionalField::new(kind)), text);
        assert_eq!(of(FieldType::Text, "5"), Some(json!("5")));
        assert_eq!(of(FieldType::Number, "5"), Some(json!(5)));
        assert_eq!(of(FieldType::Flag, "yes"), None);
        assert_eq!(of(FieldType::Texts, r#"["a"]"#), Some(json!(["a"])));
    }
}
