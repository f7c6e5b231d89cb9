//! `--field NAME=VALUE`: additional fields on the command line.

use better_auth::config::AdditionalField;
use better_auth::config::AdditionalFields;
use better_auth::config::FieldType;
use serde_json::Map;
use serde_json::Value;

use crate::cli::failure::Failure;

/// Values for additional fields.
#[derive(Debug, clap::Args)]
pub(crate) struct FieldArgs {
    /// Value of a field of user.additionalFields; lists and json as JSON
    #[arg(long = "field", value_name = "NAME=VALUE", value_parser = pair)]
    fields: Vec<(String, String)>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

impl FieldArgs {
    /// The values by name, of the types that the configuration declares. Whether they may stand there
    /// is for the rules to say.
    pub(crate) fn values(
        &self,
        declared: &AdditionalFields,
    ) -> Result<Map<String, Value>, Failure> {
        let typed = |(name, text): &(String, String)| {
            let value = value(declared.get(name), text).ok_or_else(|| {
                let expected = declared.get(name).map(|field| field.kind.name());
                let expected = expected.unwrap_or_default();
                Failure::usage(format!("--field {name}: expected {expected}, got {text:?}"))
            })?;
            Ok((name.clone(), value))
        };
        self.fields.iter().map(typed).collect()
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
        assert_eq!(pair("a=b=c"), Ok(("a".to_owned(), "b=c".to_owned())));
        assert!(pair("a").is_err());
    }
}
