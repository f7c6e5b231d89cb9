//! Columns that an application or a plugin adds to a table: a row's values as JSON, and back [contract 11.1].

use std::fmt;
use std::marker::PhantomData;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Map;
use serde_json::Value;

use crate::config::AdditionalFields;
use crate::config::FieldType;
use crate::database::DatabaseError;
use crate::database::Form;
use crate::database::Row;
use crate::rows::Stored;
use crate::rows::json;
use crate::schema::Table;

/// An additional field that a plugin adds, and the type of its values.
#[derive(Debug)]
pub struct FieldOf<T> {
    /// The name of the field.
    pub name: &'static str,
    values: PhantomData<fn() -> T>,
}

impl<T> FieldOf<T> {
    /// The field with this name.
    pub const fn new(name: &'static str) -> Self {
        Self { name, values: PhantomData }
    }
}

/// The values of a row's additional fields. Serialises as those that clients may see.
#[derive(Clone, PartialEq, Eq, Default, Deserialize, JsonSchema, Serialize)]
pub struct Additional {
    /// By name, in the order of the configuration.
    #[serde(flatten)]
    pub returned: Map<String, Value>,
    /// Those with `returned = false`: they never leave by serialisation.
    #[serde(skip)]
    pub hidden: Map<String, Value>,
}

impl Additional {
    /// A field's value, whether clients may see it or not.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.returned.get(name).or_else(|| self.hidden.get(name))
    }

    /// Gives a field that the row has another value.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        let values = [&mut self.returned, &mut self.hidden];
        if let Some(known) = values.into_iter().find_map(|values| values.get_mut(name)) {
            *known = value.into();
        }
    }

    /// A plugin's field; `None` where it is empty, or holds what is none of its values.
    pub fn read<T: DeserializeOwned>(&self, field: &FieldOf<T>) -> Option<T> {
        self.get(field.name).and_then(|value| T::deserialize(value).ok())
    }

    /// Gives a plugin's field, if the row has it, another value or none.
    pub fn write<T: Serialize>(&mut self, field: &FieldOf<T>, value: Option<T>) {
        self.set(field.name, serde_json::to_value(value).unwrap_or_default());
    }

    /// A field's text; `None` where it holds none.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }
}

impl fmt::Debug for Additional {
    /// Names only: what is hidden from clients has no place in a log either.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.returned.keys()).entries(self.hidden.keys()).finish()
    }
}

/// What was added to one table.
#[derive(Clone, Default)]
pub struct Fields(Vec<Field>);

#[derive(Clone)]
struct Field {
    name: String,
    column: String,
    kind: FieldType,
    is_returned: bool,
    form: Form,
    /// Whether a list that is missing is written as an empty one: the column takes no `NULL`.
    is_filled: bool,
    default: Value,
}

impl Field {
    /// A value as the column holds it.
    fn stored(&self, value: Value) -> Stored {
        let is_missing = value.is_null() && self.is_filled;
        let value = if is_missing { Value::Array(Vec::new()) } else { value };
        json::stored(value, &self.kind, self.form)
    }
}

impl From<&AdditionalFields> for Fields {
    fn from(fields: &AdditionalFields) -> Self {
        let fields = fields.iter().map(|(name, field)| Field {
            column: field.column(name).to_owned(),
            kind: field.kind.clone(),
            is_returned: field.returned,
            form: Form::Native,
            is_filled: false,
            default: field.default_value.clone().unwrap_or_default(),
            name: name.clone(),
        });
        Self(fields.collect())
    }
}

impl Fields {
    /// What was added to this table.
    pub(super) fn added_to(table: &Table) -> Self {
        let fields = table.columns.iter().filter_map(|column| {
            let added = column.added.clone()?;
            Some(Field {
                name: column.field.clone(),
                column: column.name.clone(),
                kind: added.kind,
                is_returned: added.is_returned,
                form: column.form,
                is_filled: column.is_filled && column.is_list(),
                default: added.default,
            })
        });
        Self(fields.collect())
    }

    /// The names of the columns.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|field| field.column.as_str())
    }

    /// The forms of the columns.
    pub fn forms(&self) -> impl Iterator<Item = Form> {
        self.0.iter().map(|field| field.form)
    }

    /// A field that clients may see, by its name or its column's, and what it holds.
    pub fn returned(&self, name: &str) -> Option<(&str, FieldType)> {
        let by_name = self.0.iter().find(|field| field.name == name);
        let by_column = || self.0.iter().find(|field| field.column == name);
        let field = by_name.or_else(by_column).filter(|field| field.is_returned)?;
        Some((&field.name, field.kind.clone()))
    }

    /// The names of the fields.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|field| field.name.as_str())
    }

    /// Reads the columns, which begin at this position.
    pub(super) fn read(&self, row: &Row<'_>, first: usize) -> Result<Additional, DatabaseError> {
        let mut additional = Additional::default();
        for (at, field) in self.0.iter().enumerate() {
            put(&mut additional, field, read(row, first + at, &field.kind)?);
        }
        Ok(additional)
    }

    /// The values of these fields among the members of an object; what is missing is `null`.
    pub fn pick(&self, members: &Map<String, Value>) -> Additional {
        let mut additional = Additional::default();
        for field in &self.0 {
            let value = members.get(&field.name).cloned().unwrap_or(Value::Null);
            put(&mut additional, field, value);
        }
        additional
    }

    /// The values of a row as the columns hold them; what is missing is `NULL`.
    pub(super) fn stored(&self, additional: &Additional) -> Vec<Stored> {
        let value = |field: &Field| additional.get(&field.name).unwrap_or(&Value::Null).clone();
        self.0.iter().map(|field| field.stored(value(field))).collect()
    }

    /// The values of a new row that says nothing about these fields, as the columns hold them.
    pub fn defaults(&self) -> Vec<Stored> {
        self.0.iter().map(|field| field.stored(field.default.clone())).collect()
    }
}

fn put(additional: &mut Additional, field: &Field, value: Value) {
    let values = if field.is_returned { &mut additional.returned } else { &mut additional.hidden };
    values.insert(field.name.clone(), value);
}

fn read(row: &Row<'_>, column: usize, kind: &FieldType) -> Result<Value, DatabaseError> {
    Ok(match kind {
        FieldType::Text | FieldType::OneOf(_) => row.any_text(column)?.into(),
        // What is no number and no time is empty: a ban until a time that cannot be read has no end.
        FieldType::Number => row.optional_number(column).unwrap_or_default().into(),
        FieldType::Flag => row.optional_flag(column)?.into(),
        FieldType::Date => {
            let time = row.optional_time(column).unwrap_or_default();
            time.map(|time| time.to_string()).into()
        }
        FieldType::Json | FieldType::Texts | FieldType::Numbers => {
            row.any_text(column)?.map_or(Value::Null, json::read)
        }
    })
}
