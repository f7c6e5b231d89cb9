//! `additionalFields` of `user`, `session`, `account` and `verification`: columns of the application [contract 12].

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use serde_json::Value;

use crate::config::ConfigError;

/// Fields by their names in JSON.
pub type AdditionalFields = IndexMap<String, AdditionalField>;

/// One field.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AdditionalField {
    /// The type of the values, or a list of the allowed strings.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// Whether every row must have a value.
    #[serde(default = "yes")]
    pub required: bool,
    /// Whether clients may set it; if not, only the server does.
    #[serde(default = "yes")]
    pub input: bool,
    /// Whether clients may see it.
    #[serde(default = "yes")]
    pub returned: bool,
    /// The default value of new rows.
    #[serde(default)]
    pub default_value: Option<Value>,
    /// Whether values must be unique.
    #[serde(default)]
    pub unique: bool,
    /// Whether the column gets an index.
    #[serde(default)]
    pub index: bool,
    /// Whether a number needs 64 bits.
    #[serde(default)]
    pub bigint: bool,
    /// The name of the column, if it differs from that of the field.
    #[serde(default)]
    pub field_name: Option<String>,
}

fn yes() -> bool {
    true
}

impl AdditionalField {
    /// A field of this type with every other option at its default: required, and set and seen by
    /// clients.
    pub fn new(kind: FieldType) -> Self {
        Self {
            kind,
            required: true,
            input: true,
            returned: true,
            default_value: None,
            unique: false,
            index: false,
            bigint: false,
            field_name: None,
        }
    }

    /// The name of the column of the field with this name.
    pub fn column<'a>(&'a self, name: &'a str) -> &'a str {
        self.field_name.as_deref().unwrap_or(name)
    }

    /// Whether a value other than `null` has the field's type.
    pub fn fits(&self, value: &Value) -> bool {
        let all =
            |fits: fn(&Value) -> bool| value.as_array().is_some_and(|items| items.iter().all(fits));
        match &self.kind {
            FieldType::Text => value.is_string(),
            FieldType::OneOf(choices) => {
                value.as_str().is_some_and(|text| choices.iter().any(|choice| choice == text))
            }
            FieldType::Number => value.is_number(),
            FieldType::Flag => value.is_boolean(),
            FieldType::Date => value.as_str().is_some_and(is_date),
            FieldType::Json => true,
            FieldType::Texts => all(Value::is_string),
            FieldType::Numbers => all(Value::is_number),
        }
    }
}

fn is_date(text: &str) -> bool {
    chrono::DateTime::parse_from_rfc3339(text).is_ok()
}

/// Reserved names: columns of Better Auth, and fields of the sign-up.
const TAKEN_IN_USER: &[&str] = &[
    "id",
    "name",
    "email",
    "emailVerified",
    "image",
    "createdAt",
    "updatedAt",
    "password",
    "callbackURL",
    "rememberMe",
];
const TAKEN_IN_SESSION: &[&str] =
    &["id", "expiresAt", "token", "createdAt", "updatedAt", "ipAddress", "userAgent", "userId"];
const TAKEN_IN_ACCOUNT: &[&str] = &[
    "id",
    "accountId",
    "providerId",
    "userId",
    "accessToken",
    "refreshToken",
    "idToken",
    "accessTokenExpiresAt",
    "refreshTokenExpiresAt",
    "scope",
    "scopes",
    "password",
    "issuer",
    "createdAt",
    "updatedAt",
];
const TAKEN_IN_VERIFICATION: &[&str] =
    &["id", "identifier", "value", "expiresAt", "createdAt", "updatedAt"];
/// Maximum bytes of a name that every database supports.
const NAME_LENGTH_MAX: usize = 63;

/// Rejects invalid fields of `user`.
pub(super) fn check_user(fields: &AdditionalFields) -> Result<(), ConfigError> {
    check("user.additionalFields", fields, TAKEN_IN_USER)
}

/// Rejects invalid fields of `session`.
pub(super) fn check_session(fields: &AdditionalFields) -> Result<(), ConfigError> {
    check_filled("session.additionalFields", fields, TAKEN_IN_SESSION)
}

/// Rejects invalid fields of `account`.
pub(super) fn check_account(fields: &AdditionalFields) -> Result<(), ConfigError> {
    check_filled("account.additionalFields", fields, TAKEN_IN_ACCOUNT)
}

/// Rejects invalid fields of `verification`.
pub(super) fn check_verification(fields: &AdditionalFields) -> Result<(), ConfigError> {
    check_filled("verification.additionalFields", fields, TAKEN_IN_VERIFICATION)
}

/// As [`check`], for rows that no request gives values for.
fn check_filled(path: &str, fields: &AdditionalFields, taken: &[&str]) -> Result<(), ConfigError> {
    check(path, fields, taken)?;
    let unfilled = fields.iter().find(|(_, field)| field.required && field.default_value.is_none());
    match unfilled {
        Some((name, _)) => Err(ConfigError::new(
            &format!("{path}.{name}"),
            "nothing sets it in a new row; needs a defaultValue, or required = false",
        )),
        None => Ok(()),
    }
}

fn check(path: &str, fields: &AdditionalFields, taken: &[&str]) -> Result<(), ConfigError> {
    let mut columns: Vec<String> = Vec::new();
    for (name, field) in fields {
        let path = format!("{path}.{name}");
        let column = field.column(name);
        for name in [name.as_str(), column] {
            if !is_name(name) {
                let problem = format!("expected a name of letters, digits and _, got {name:?}");
                return Err(ConfigError::new(&path, problem));
            }
            if taken.iter().any(|taken| taken.eq_ignore_ascii_case(name)) {
                return Err(ConfigError::new(&path, format!("{name} is reserved")));
            }
        }
        // SQLite column names are case-insensitive.
        let column = column.to_ascii_lowercase();
        if columns.contains(&column) {
            return Err(ConfigError::new(&path, format!("column {column} is defined twice")));
        }
        columns.push(column);
        if field.unique && field.default_value.is_some() {
            let problem = "a unique field cannot have a defaultValue";
            return Err(ConfigError::new(&format!("{path}.unique"), problem));
        }
        if let Some(value) = field.default_value.as_ref().filter(|value| !field.fits(value)) {
            let problem = format!("expected {}, got {value}", field.kind.name());
            return Err(ConfigError::new(&format!("{path}.defaultValue"), problem));
        }
    }
    Ok(())
}

fn is_name(name: &str) -> bool {
    name.len() <= NAME_LENGTH_MAX
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// The type of an additional field.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(
    expecting = "expected string, number, boolean, date, json, string[], number[], or a list of the allowed strings"
)]
pub enum FieldType {
    /// A string.
    #[serde(rename = "string")]
    Text,
    /// A number.
    #[serde(rename = "number")]
    Number,
    /// `true` or `false`.
    #[serde(rename = "boolean")]
    Flag,
    /// An RFC 3339 date-time.
    #[serde(rename = "date")]
    Date,
    /// Any value.
    #[serde(rename = "json")]
    Json,
    /// A list of strings.
    #[serde(rename = "string[]")]
    Texts,
    /// A list of numbers.
    #[serde(rename = "number[]")]
    Numbers,
    /// One of these strings.
    #[serde(untagged)]
    OneOf(Vec<String>),
}

impl FieldType {
    /// The type in words, such as `string[]` or `a or b`.
    pub fn name(&self) -> String {
        match (self, serde_json::to_value(self)) {
            (Self::OneOf(choices), _) => choices.join(" or "),
            (_, Ok(Value::String(name))) => name,
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_type_is_a_name_or_a_list_of_texts() {
        for text in [json!("string"), json!("number[]"), json!(["a", "b"])] {
            let kind: FieldType = serde_json::from_value(text.clone()).unwrap();
            assert_eq!(serde_json::to_value(kind).unwrap(), text);
        }
        let problem = serde_json::from_value::<FieldType>(json!("text")).unwrap_err().to_string();
        let expected = "expected string, number, boolean, date, json, string[], number[], or a list of the allowed strings";
        assert!(problem.starts_with(expected), "{problem}");
    }

    #[test]
    fn what_cannot_work_is_named_by_its_key() {
        let problem = |name: &str, field: Value| {
            let field = serde_json::from_value(field).unwrap();
            let fields = AdditionalFields::from([(name.to_owned(), field)]);
            check_user(&fields).and(check_session(&fields)).unwrap_err().to_string()
        };
        for (name, field, expected) in [
            ("a\"b", json!({"type": "string"}), "expected a name"),
            ("Email", json!({"type": "string"}), "is reserved"),
            ("expiresAt", json!({"type": "date"}), "is reserved"),
            ("a", json!({"type": "string", "fieldName": "name"}), "is reserved"),
            ("a", json!({"type": "number", "defaultValue": "x"}), r#"expected number, got "x""#),
            ("a", json!({"type": "string"}), "needs a defaultValue"),
        ] {
            assert!(problem(name, field).contains(expected), "{name}");
        }
    }

    #[test]
    fn a_value_fits_its_type_or_it_does_not() {
        let fits = |kind: FieldType, value: Value| AdditionalField::new(kind).fits(&value);
        assert!(fits(FieldType::Number, json!(1.5)) && !fits(FieldType::Number, json!("1")));
        assert!(fits(FieldType::Flag, json!(false)) && !fits(FieldType::Flag, json!(0)));
        assert!(fits(FieldType::Texts, json!([])) && !fits(FieldType::Texts, json!([1])));
        assert!(fits(FieldType::Date, json!("2026-01-01T00:00:00Z")));
        assert!(!fits(FieldType::Date, json!("tomorrow")));
        let one_of = FieldType::OneOf(vec!["a".to_owned()]);
        assert!(fits(one_of.clone(), json!("a")) && !fits(one_of, json!("b")));
    }
}
