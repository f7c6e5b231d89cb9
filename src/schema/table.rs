//! Tables and columns as data: their names in the program and in the database.

use std::time::Duration;

use serde_json::Value;

use crate::config::FieldType;
use crate::database::Form;

/// A column of `account` that only databases of Better Auth 1.7.0–1.7.2 have [contract 11.3].
pub(super) const ISSUER: &str = "issuer";

/// Whether it is that column.
pub(super) fn is_issuer(model: &str, column: &str) -> bool {
    model == "account" && column == ISSUER
}

/// A name as it stands in SQL.
pub fn quoted(name: &str) -> String {
    ["\"", &name.replace('"', r#""""#), "\""].concat()
}

/// Texts that let somebody in, or say who somebody is: whoever checks or repairs rows neither shows nor changes them.
const PROOFS: [&str; 12] = [
    "accessToken",
    "accountId",
    "backupCodes",
    "idToken",
    "identifier",
    "key",
    "password",
    "providerId",
    "refreshToken",
    "secret",
    "token",
    "value",
];

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Table {
    /// The name in the program, such as `user`.
    pub model: &'static str,
    /// Its name in the database.
    pub name: String,
    /// Its columns; the first is the key.
    pub columns: Vec<Column>,
    /// Whether the database makes the ids of new rows.
    pub makes_ids: bool,
    /// Whether the configuration names it.
    pub is_named: bool,
}

impl Table {
    /// A table with the same name in the database as its model.
    pub fn new(model: &'static str, columns: Vec<Column>) -> Self {
        Self { model, name: model.to_owned(), columns, makes_ids: false, is_named: false }
    }

    /// Sets the name in the database.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The precision of the least precise time of its own.
    pub fn precision(&self) -> Duration {
        let own = self.columns.iter().filter(|column| column.added.is_none());
        own.map(|column| column.form.precision()).max().unwrap_or_default()
    }

    /// The column of a field.
    pub fn column(&self, field: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.field == field)
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Column {
    /// The name in the program, such as `emailVerified`.
    pub field: String,
    /// Its name in the database.
    pub name: String,
    /// The type.
    pub kind: Kind,
    /// The value in rows that are older than the column.
    pub fill: Fill,
    /// Whether values are unique.
    pub is_unique: bool,
    /// The table that it refers to; deleting a row there deletes the referring rows.
    pub references: Option<Reference>,
    /// Whether it is indexed.
    pub index: Index,
    /// Whether PostgreSQL fills in the current time by default.
    pub is_stamped: bool,
    /// The type of a field that an application or a plugin added.
    pub added: Option<AddedField>,
    /// How its values are stored.
    pub form: Form,
    /// How its values are compared.
    pub comparison: Comparison,
    /// Whether the database takes no `NULL`, whatever the configuration says.
    pub is_filled: bool,
}

/// How the values of a column are compared in SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Comparison {
    /// As they are stored.
    #[default]
    Plain,
    /// As they are stored, which an index serves, and what that finds as instants: a row of another program may hold
    /// another form.
    Checked,
    /// As instants only: rows hold several forms.
    Instant,
}

/// Refers to the id of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The model.
    pub model: &'static str,
    /// The table in the database.
    pub table: String,
}

/// A field that an application or a plugin adds to a table of the core.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddedField {
    /// The type.
    pub kind: FieldType,
    /// Whether clients may see it.
    pub is_returned: bool,
    /// The value in a new row that says nothing else; `null` for none.
    pub default: Value,
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A boolean; 0 or 1 in SQLite.
    Flag,
    /// An instant; ISO 8601 text in SQLite.
    Time,
    /// A number.
    Number,
    /// A number that needs 64 bits.
    BigNumber,
    /// Any value as JSON.
    Json,
}

/// The value of a new column in existing rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fill {
    /// `NULL`; the column is nullable.
    Null,
    /// Empty text.
    Empty,
    /// False.
    False,
    /// The time of the migration.
    Now,
    /// This value, as an SQL literal.
    Literal(String),
    /// Not known: the configuration must name a default.
    Unknown,
    /// No value is right: a table that lacks the column cannot be completed.
    Nothing,
}

/// Whether a column is indexed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Index {
    /// No, or only by a unique constraint.
    None,
    /// An index that Better Auth creates too, so every database must have it.
    Needed,
    /// For sorting lists and for cleanups: created with a new table, but not required of an adopted one.
    Helpful,
}

impl Column {
    /// A required column.
    pub fn new(field: impl Into<String>, kind: Kind, fill: Fill) -> Self {
        let field = field.into();
        Self {
            name: field.clone(),
            field,
            kind,
            fill,
            is_unique: false,
            references: None,
            index: Index::None,
            is_stamped: false,
            added: None,
            form: Form::Native,
            comparison: Comparison::Plain,
            is_filled: false,
        }
    }

    /// A nullable column.
    pub fn nullable(field: impl Into<String>, kind: Kind) -> Self {
        Self::new(field, kind, Fill::Null)
    }

    /// Sets the name in the database.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Makes the column unique.
    #[must_use]
    pub fn unique(mut self) -> Self {
        self.is_unique = true;
        self
    }

    /// Refers to the id of another table.
    #[must_use]
    pub fn references(mut self, model: &'static str) -> Self {
        self.references = Some(Reference { model, table: model.to_owned() });
        self
    }

    /// Adds an index.
    #[must_use]
    pub fn indexed(mut self, index: Index) -> Self {
        self.index = index;
        self
    }

    /// Lets PostgreSQL fill in the current time, as Better Auth does.
    #[must_use]
    pub fn stamped(mut self) -> Self {
        self.is_stamped = true;
        self
    }

    /// Whether it holds ids, of its own table or another one.
    pub fn is_id(&self) -> bool {
        self.is_key() || self.references.is_some()
    }

    /// Whether it is the primary key.
    pub fn is_key(&self) -> bool {
        self.field == "id"
    }

    /// Whether its texts prove something: secrets, identities at providers, and what clients may not see.
    pub fn is_proof(&self) -> bool {
        let is_hidden = self.added.as_ref().is_some_and(|added| !added.is_returned);
        is_hidden || PROOFS.contains(&self.field.as_str())
    }

    /// Whether it is a list of an application.
    pub fn is_list(&self) -> bool {
        let kind = self.added.as_ref().map(|added| &added.kind);
        matches!(kind, Some(FieldType::Texts | FieldType::Numbers))
    }

    /// Whether it is nullable.
    pub fn is_nullable(&self) -> bool {
        self.fill == Fill::Null
    }
}
