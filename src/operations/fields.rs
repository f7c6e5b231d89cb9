//! Additional fields of users in operations.

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

/// Values by the names of additional fields; on the command line `--field NAME=VALUE`, or an option
/// of a plugin for one of its fields.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct Fields {
    values: Map<String, Value>,
    #[serde(skip)]
    typed: Vec<String>,
}

impl Fields {
    /// The values, converted to the types in the configuration. The rules validate them later,
    /// except for what plugins reject only in operations.
    pub fn values(&self, call: &Call<'_>) -> Result<Map<String, Value>, AuthError> {
        let instance = call.instance();
        let declared = &instance.config().user.additional_fields;
        let mut values = self.values.clone();
        for (name, value) in &values {
            check(instance, name, value)?;
        }
        for pair in &self.typed {
            // Invalid input is not repeated: some fields contain secrets.
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

/// Adds a value; rejects two values for one field.
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

    /// `--field`; in the ids of other options, the part after a dot is the name of the field that
    /// they set.
    const ID: &str = "fields";

    impl Args for Fields {
        fn augment_args(command: Command) -> Command {
            let field = Arg::new(ID).long("field").value_name("NAME=VALUE");
            let help =
                "Value of an additional field (user.additionalFields); arrays and json as JSON";
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
