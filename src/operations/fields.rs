//! Additional fields of users, as an operator gives them.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Map;
use serde_json::Value;

use crate::config::AdditionalField;
use crate::config::FieldType;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Instance;
use crate::operations::Call;

/// Values by the names of additional fields; on the command line `--field NAME=VALUE`, or an option that a plugin has
/// for one of its fields.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct Fields {
    values: Map<String, Value>,
    #[serde(skip)]
    typed: Vec<String>,
}

impl Fields {
    /// The values, of the types that the configuration declares. Whether they may stand there is for the rules to say,
    /// except for what plugins refuse only where a person gives it.
    pub fn values(&self, call: &Call<'_>) -> Result<Map<String, Value>, AuthError> {
        let instance = call.instance();
        let declared = &instance.config().user.additional_fields;
        let mut values = self.values.clone();
        for (name, value) in &values {
            check(instance, name, value)?;
        }
        for pair in &self.typed {
            // What cannot be read is not repeated: the values of some fields are secrets.
            let (name, text) = pair.split_once('=').ok_or_else(|| {
                AuthError::new(codes::VALIDATION_ERROR).with_message("--field: expected NAME=VALUE")
            })?;
            check(instance, name, &text.into())?;
            let value = read(declared.get(name), text).ok_or_else(|| {
                let expected = declared.get(name).map(|field| field.kind.name());
                let message = format!("--field {name}: expected {}", expected.unwrap_or_default());
                AuthError::new(codes::VALIDATION_ERROR).with_message(message)
            })?;
            add(&mut values, name, value)?;
        }
        Ok(values)
    }
}

fn check(instance: &Instance, name: &str, value: &Value) -> Result<(), AuthError> {
    value.as_str().map_or(Ok(()), |value| instance.check_user_field(name, value))
}

/// Adds a value to those that were given; of two for one field it is not known which is meant.
pub(super) fn add(
    values: &mut Map<String, Value>,
    name: &str,
    value: Value,
) -> Result<(), AuthError> {
    let twice = || format!("the field {name} is given twice");
    values
        .insert(name.to_owned(), value)
        .map_or(Ok(()), |_| Err(AuthError::new(codes::VALIDATION_ERROR).with_message(twice())))
}

fn read(field: Option<&AdditionalField>, text: &str) -> Option<Value> {
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

#[cfg(feature = "cli")]
mod command_line {
    use clap::Arg;
    use clap::ArgAction;
    use clap::ArgMatches;
    use clap::Args;
    use clap::Command;
    use clap::FromArgMatches;

    use super::Fields;

    /// `--field`; what follows a dot in the id of another option is the name of the field that it sets.
    const ID: &str = "fields";

    impl Args for Fields {
        fn augment_args(command: Command) -> Command {
            let field = Arg::new(ID).long("field").value_name("NAME=VALUE");
            let help = "Value of a field of user.additionalFields; lists and json as JSON";
            command.arg(field.action(ArgAction::Append).help(help))
        }

        fn augment_args_for_update(command: Command) -> Command {
            Self::augment_args(command)
        }
    }

    impl FromArgMatches for Fields {
        fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
            let mut typed: Vec<String> =
                matches.get_many(ID).unwrap_or_default().cloned().collect();
            for id in matches.ids().map(clap::Id::as_str) {
                if let Some(name) = id.strip_prefix("fields.")
                    && let Some(value) = matches.get_one::<String>(id)
                {
                    typed.push(format!("{name}={value}"));
                }
            }
            Ok(Self { typed, ..Self::default() })
        }

        fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
            *self = Self::from_arg_matches(matches)?;
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_read_as_its_type() {
        let of = |kind, text| read(Some(&AdditionalField::new(kind)), text);
        assert_eq!(of(FieldType::Text, "5"), Some(json!("5")));
        assert_eq!(of(FieldType::Number, "5"), Some(json!(5)));
        assert_eq!(of(FieldType::Flag, "yes"), None);
        assert_eq!(of(FieldType::Texts, r#"["a"]"#), Some(json!(["a"])));
    }
}
