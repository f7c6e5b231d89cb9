//! Names of tables and columns in the database, and who makes ids: `modelName`, `fields`, `usePlural`, `casing`,
//! `generateId`.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;
use serde::de::Error as _;
use serde_json::Value;

use crate::config::Config;

/// Columns by the names of their fields.
pub type FieldNames = IndexMap<String, String>;

/// How names in the database are spelled that no option names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Casing {
    /// As in Better Auth, `emailVerified`.
    #[default]
    Camel,
    /// `email_verified`, as Better Auth's generators for Drizzle have it.
    Snake,
}

impl Casing {
    /// A name of Better Auth in this spelling.
    pub fn spell(self, name: &str) -> String {
        if self == Self::Camel {
            return name.to_owned();
        }
        let mut spelled = String::with_capacity(name.len() + 4);
        for character in name.chars() {
            if character.is_ascii_uppercase() {
                spelled.push('_');
            }
            spelled.push(character.to_ascii_lowercase());
        }
        spelled
    }
}

/// Who makes the ids of new rows, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GenerateId {
    /// The server, as text.
    #[default]
    Text,
    /// The server, as UUIDs; PostgreSQL has its own type for them.
    Uuid,
    /// The database, as whole numbers.
    Serial,
    /// The database, by the default value of the column.
    Database,
}

impl GenerateId {
    /// Whether the database makes ids.
    pub fn is_by_database(self) -> bool {
        matches!(self, Self::Serial | Self::Database)
    }
}

impl<'de> Deserialize<'de> for GenerateId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Null => Ok(Self::Text),
            Value::Bool(false) => Ok(Self::Database),
            Value::String(name) if name == "uuid" => Ok(Self::Uuid),
            Value::String(name) if name == "serial" => Ok(Self::Serial),
            _ => Err(D::Error::custom(r#"expected "uuid", "serial" or false"#)),
        }
    }
}

impl Serialize for GenerateId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text => serializer.serialize_none(),
            Self::Uuid => serializer.serialize_str("uuid"),
            Self::Serial => serializer.serialize_str("serial"),
            Self::Database => serializer.serialize_bool(false),
        }
    }
}

impl JsonSchema for GenerateId {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "GenerateId".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"enum": ["uuid", "serial", false, null]})
    }
}

/// The names of a model in the configuration.
pub struct ModelNames<'a> {
    /// The table.
    pub table: Option<&'a str>,
    /// Its columns.
    pub fields: &'a FieldNames,
}

impl Config {
    /// The names that the configuration has for a model of the core.
    pub fn names_of(&self, model: &str) -> Option<ModelNames<'_>> {
        let (table, fields) = match model {
            "user" => (&self.user.model_name, &self.user.fields),
            "session" => (&self.session.model_name, &self.session.fields),
            "account" => (&self.account.model_name, &self.account.fields),
            "verification" => (&self.verification.model_name, &self.verification.fields),
            "rateLimit" => (&self.rate_limit.model_name, &self.rate_limit.fields),
            _ => return None,
        };
        Some(ModelNames { table: table.as_deref(), fields })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snake_case_is_that_of_the_generators() {
        for (name, expected) in [
            ("emailVerified", "email_verified"),
            ("accessTokenExpiresAt", "access_token_expires_at"),
            ("idToken", "id_token"),
            ("id", "id"),
        ] {
            assert_eq!(Casing::Snake.spell(name), expected);
        }
    }

    #[test]
    fn ids_are_made_as_better_auth_says() {
        let read = |text: &str| serde_json::from_str::<GenerateId>(text).ok();
        assert_eq!(read(r#""uuid""#), Some(GenerateId::Uuid));
        assert_eq!(read(r#""serial""#), Some(GenerateId::Serial));
        assert_eq!(read("false"), Some(GenerateId::Database));
        assert_eq!(read("null"), Some(GenerateId::Text));
        for text in ["true", r#""text""#, "1"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
