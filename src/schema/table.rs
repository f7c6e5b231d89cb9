//! Tables and columns as plain data: what the program calls them, and what this database calls them.

use crate::config::FieldType;

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Table {
    /// What the program calls it, such as `user`.
    pub model: &'static str,
    /// Its name in the database.
    pub name: String,
    /// Its columns, the first of which is the key.
    pub columns: Vec<Column>,
}

impl Table {
    /// A table that the database knows by the name of its model.
    pub fn new(model: &'static str, columns: Vec<Column>) -> Self {
        Self { model, name: model.to_owned(), columns }
    }

    /// The database knows it by another name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
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
    /// What the program calls it, such as `emailVerified`.
    pub field: String,
    /// Its name in the database.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// What rows hold that are older than the column.
    pub fill: Fill,
    /// Whether no two rows may hold the same.
    pub is_unique: bool,
    /// The table whose id it holds; a deleted row there takes its rows here along.
    pub references: Option<&'static str>,
    /// Whether rows are found by it.
    pub index: Index,
    /// Whether PostgreSQL fills in the time where a statement does not.
    pub is_stamped: bool,
    /// What it holds for an application or a plugin that added it to a table of the core.
    pub added: Option<AddedField>,
}

/// A field that an application or a plugin adds to a table of the core.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddedField {
    /// What it holds.
    pub kind: FieldType,
    /// Whether clients may see it.
    pub is_returned: bool,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// True or false; SQLite keeps 0 or 1.
    Flag,
    /// An instant; SQLite keeps ISO-8601 text.
    Time,
    /// A number.
    Number,
    /// A number that needs 64 bits.
    BigNumber,
    /// Any value as JSON.
    Json,
}

/// What rows hold that are older than a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fill {
    /// `NULL`: the column may be empty.
    Null,
    /// Empty text.
    Empty,
    /// False.
    False,
    /// The time of the migration.
    Now,
    /// This value, as an SQL literal.
    Literal(String),
    /// Nothing yet: the configuration would have to say what.
    Unknown,
    /// Nothing would be right: a table that lacks the column cannot be completed.
    Nothing,
}

/// Whether rows are found by a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Index {
    /// They are not, or by its uniqueness.
    None,
    /// Better Auth makes this index too, and so every database must have it.
    Needed,
    /// Lists are sorted by it, or cleanups look for it: made with a new table, not missed in an adopted one.
    Helpful,
}

impl Column {
    /// A column that must be filled.
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
        }
    }

    /// A column that may be empty.
    pub fn nullable(field: impl Into<String>, kind: Kind) -> Self {
        Self::new(field, kind, Fill::Null)
    }

    /// The database knows it by another name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// No two rows may hold the same.
    #[must_use]
    pub fn unique(mut self) -> Self {
        self.is_unique = true;
        self
    }

    /// Holds the id of a row of another table.
    #[must_use]
    pub fn references(mut self, table: &'static str) -> Self {
        self.references = Some(table);
        self
    }

    /// Rows are found by it.
    #[must_use]
    pub fn indexed(mut self, index: Index) -> Self {
        self.index = index;
        self
    }

    /// PostgreSQL fills in the time, as Better Auth has it there.
    #[must_use]
    pub fn stamped(mut self) -> Self {
        self.is_stamped = true;
        self
    }

    /// Whether it names the row.
    pub fn is_key(&self) -> bool {
        self.field == "id"
    }

    /// Whether it may be empty.
    pub fn is_nullable(&self) -> bool {
        self.fill == Fill::Null
    }
}
