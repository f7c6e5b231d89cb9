//! `verification`: where and how one-time values are stored [contract 11.4].

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::config::AdditionalFields;
use crate::config::names::FieldNames;

/// The options of `verification`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct VerificationOptions {
    /// The name of the table in the database; by default `verification`.
    pub model_name: Option<String>,
    /// The names of columns in the database by the names of their fields, such as `createdAt = "created_at"`.
    pub fields: FieldNames,
    /// With a secondary storage: stores one-time tokens, such as those for resetting a password, in
    /// the database as well.
    pub store_in_database: bool,
    /// How the identifiers of one-time values are stored: `plain`, `hashed`, or one of both by
    /// prefix. Hashed, a token cannot be read from the database.
    ///
    /// Identifiers contain the tokens, as in `reset-password:TOKEN`. Values that were stored in
    /// plain before are still accepted.
    pub store_identifier: StoreIdentifier,
    /// Columns that the application adds to one-time values, by name; new rows get the defaults.
    pub additional_fields: AdditionalFields,
}

/// The form of stored identifiers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(untagged, expecting = "expected plain, hashed, or a table with default and overrides")]
pub enum StoreIdentifier {
    /// The same for all.
    All(IdentifierForm),
    /// By prefix.
    ByPrefix(ByPrefix),
}

impl Default for StoreIdentifier {
    fn default() -> Self {
        Self::All(IdentifierForm::Plain)
    }
}

/// `verification.storeIdentifier` with a form for each prefix.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ByPrefix {
    /// The form of identifiers with any other prefix.
    pub default: IdentifierForm,
    /// The form of identifiers that begin with a text, such as `reset-password:`; the first one that
    /// fits counts.
    #[serde(default)]
    pub overrides: IndexMap<String, IdentifierForm>,
}

/// How an identifier is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum IdentifierForm {
    /// As it is.
    Plain,
    /// As its SHA-256.
    Hashed,
}

impl StoreIdentifier {
    /// Whether this identifier is stored hashed.
    pub fn hashes(&self, identifier: &str) -> bool {
        let form = match self {
            Self::All(form) => *form,
            Self::ByPrefix(ByPrefix { default, overrides }) => {
                let mut rows = overrides.iter();
                let fits = rows.find(|(prefix, _)| identifier.starts_with(prefix.as_str()));
                fits.map_or(*default, |(_, form)| *form)
            }
        };
        form == IdentifierForm::Hashed
    }

    /// Whether any identifier is stored hashed.
    pub fn hashes_any(&self) -> bool {
        let hashes = |form: &IdentifierForm| *form == IdentifierForm::Hashed;
        match self {
            Self::All(form) => hashes(form),
            Self::ByPrefix(ByPrefix { default, overrides }) => {
                hashes(default) || overrides.values().any(hashes)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use serde_json::json;

    use super::*;

    fn parse(value: Value) -> Result<StoreIdentifier, String> {
        serde_json::from_value(value).map_err(|error| error.to_string())
    }

    #[test]
    fn the_first_prefix_that_fits_decides_and_else_the_default() {
        let overrides =
            json!({"reset-password:x": "plain", "reset-password:": "hashed", "": "plain"});
        let by_prefix = parse(json!({"default": "hashed", "overrides": overrides})).unwrap();
        for (identifier, expected) in
            [("reset-password:a", true), ("reset-password:xa", false), ("2fa-a", false)]
        {
            assert_eq!(by_prefix.hashes(identifier), expected, "{identifier}");
        }
        let hashed = parse(json!("hashed")).unwrap();
        assert!(hashed.hashes("2fa-a") && hashed.hashes_any());
        assert!(by_prefix.hashes_any() && !StoreIdentifier::default().hashes_any());
        let default = parse(json!({"default": "hashed"})).unwrap();
        assert!(default.hashes("2fa-a"));
    }

    #[test]
    fn anything_else_is_refused() {
        for value in
            [json!("sha256"), json!({"overrides": {}}), json!({"default": "plain", "x": 1})]
        {
            let problem = parse(value).unwrap_err();
            assert!(problem.starts_with("expected plain, hashed"), "{problem}");
        }
    }
}
