//! The options that open a recognised database.

use std::fmt;

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::config::AdditionalField;
use crate::config::AdditionalFields;
use crate::config::Casing;
use crate::config::Config;
use crate::config::FieldNames;
use crate::config::GenerateId;
use crate::schema::recognise::Model;
use crate::schema::recognise::words::is_same;

/// Fields that plugins add to users.
const OF_PLUGINS: [&str; 12] = [
    "role",
    "banned",
    "banReason",
    "banExpires",
    "username",
    "displayUsername",
    "twoFactorEnabled",
    "phoneNumber",
    "phoneNumberVerified",
    "isAnonymous",
    "lastLoginMethod",
    "stripeCustomerId",
];
/// Options that a sentence names.
const SHOWN_MAX: usize = 3;

/// The options that name the tables and columns of a database.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    schema: Option<String>,
    use_plural: bool,
    casing: Casing,
    generate_id: GenerateId,
    models: Vec<Named>,
}

/// What differs in one model from the names that follow from the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Named {
    model: &'static str,
    table: Option<String>,
    fields: FieldNames,
    additional: Map<String, Value>,
}

impl Options {
    /// The options for these models, whose tables are in this schema if it is not the current one.
    pub(super) fn new(models: &[Model], schema: Option<String>) -> Self {
        let casing = casing(models);
        let spelled = |model: &Model, plural: &str| casing.spell(model.name) + plural;
        let use_plural = models.iter().all(|model| model.table == spelled(model, "s"));
        let plural = if use_plural { "s" } else { "" };
        let named = models.iter().map(|model| {
            let others = model
                .fields
                .iter()
                .filter(|(field, column)| *field != "id" && *column != casing.spell(field));
            Named {
                model: model.name,
                table: (model.table != spelled(model, plural)).then(|| model.table.clone()),
                fields: others.cloned().collect(),
                additional: match model.name {
                    "user" => {
                        let can_be_field = |name: &str| is_plain(name) && !is_of_plugin(name);
                        let of_app = model.required.iter().filter(|(name, _)| can_be_field(name));
                        of_app.map(additional).collect()
                    }
                    // Nothing could set them in a new row: the plan says so.
                    _ => Map::new(),
                },
            }
        });
        Self { schema, use_plural, casing, generate_id: ids(models), models: named.collect() }
    }

    /// Whether the default configuration opens the database.
    pub fn is_empty(&self) -> bool {
        *self.to_json().as_object().unwrap_or(&Map::new()) == Map::new()
    }

    /// Whether the tables are in another schema.
    pub(in crate::schema) fn is_elsewhere(&self) -> bool {
        self.schema.is_some()
    }

    /// Sets the options in a configuration.
    pub fn apply(&self, config: &mut Config) {
        if self.schema.is_some() {
            config.database.schema.clone_from(&self.schema);
        }
        config.database.use_plural = self.use_plural;
        config.database.casing = self.casing;
        config.advanced.database.generate_id = self.generate_id;
        for named in &self.models {
            let Named { model, table, fields, additional } = named;
            let (user, session) = (&mut config.user, &mut config.session);
            let (name, columns, added) = match *model {
                "user" => {
                    (&mut user.model_name, &mut user.fields, Some(&mut user.additional_fields))
                }
                "session" => (
                    &mut session.model_name,
                    &mut session.fields,
                    Some(&mut session.additional_fields),
                ),
                "account" => (&mut config.account.model_name, &mut config.account.fields, None),
                "verification" => {
                    (&mut config.verification.model_name, &mut config.verification.fields, None)
                }
                _ => (&mut config.rate_limit.model_name, &mut config.rate_limit.fields, None),
            };
            name.clone_from(table);
            columns.clone_from(fields);
            if let Some(added) = added {
                added.extend(declared(additional));
            }
        }
    }

    /// The options as they stand in a configuration file.
    pub fn to_json(&self) -> Value {
        let mut root = Map::new();
        let mut database = Map::new();
        if let Some(schema) = &self.schema {
            database.insert("schema".to_owned(), schema.clone().into());
        }
        if self.use_plural {
            database.insert("usePlural".to_owned(), true.into());
        }
        if self.casing == Casing::Snake {
            database.insert("casing".to_owned(), "snake".into());
        }
        put(&mut root, "database", database);
        for named in &self.models {
            let mut section = Map::new();
            if let Some(table) = &named.table {
                section.insert("modelName".to_owned(), table.clone().into());
            }
            let fields = named.fields.iter().map(|(field, column)| (field.clone(), json!(column)));
            put(&mut section, "fields", fields.collect());
            put(&mut section, "additionalFields", named.additional.clone());
            put(&mut root, named.model, section);
        }
        if self.generate_id != GenerateId::Text {
            let ids = json!({"database": {"generateId": self.generate_id}});
            root.insert("advanced".to_owned(), ids);
        }
        Value::Object(root)
    }
}

impl fmt::Display for Options {
    /// The first of them, as they stand in a file, and what prints the others.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = Vec::new();
        list("", &self.to_json(), &mut lines);
        let shown = lines.iter().take(SHOWN_MAX).map(String::as_str).collect::<Vec<_>>();
        let rest = if lines.len() > SHOWN_MAX { ", …" } else { "" };
        write!(f, "set {}{rest}; `better-auth adopt` prints the configuration", shown.join(", "))
    }
}

fn list(path: &str, value: &Value, lines: &mut Vec<String>) {
    match value {
        Value::Object(section) => {
            for (name, value) in section {
                let begin = if path.is_empty() { String::new() } else { format!("{path}.") };
                list(&format!("{begin}{name}"), value, lines);
            }
        }
        value => lines.push(format!("{path} = {value}")),
    }
}

fn put(map: &mut Map<String, Value>, name: &str, section: Map<String, Value>) {
    if !section.is_empty() {
        map.insert(name.to_owned(), Value::Object(section));
    }
}

/// How most names of several words are spelled.
fn casing(models: &[Model]) -> Casing {
    let fields = models.iter().flat_map(|model| &model.fields);
    let spelled = |casing: Casing| {
        let is_it = |(field, column): &&(String, String)| {
            casing.spell(field) == *column && Casing::Snake.spell(field) != *field
        };
        fields.clone().filter(is_it).count()
    };
    if spelled(Casing::Camel) < spelled(Casing::Snake) { Casing::Snake } else { Casing::Camel }
}

fn ids(models: &[Model]) -> GenerateId {
    let id = models.iter().find(|model| model.name == "user").or(models.first());
    match id.map_or("", |model| model.id_type.as_str()) {
        "uuid" => GenerateId::Uuid,
        kind if kind.contains("int") || kind.contains("serial") => GenerateId::Serial,
        _ => GenerateId::Text,
    }
}

/// Whether a field can have this name.
fn is_plain(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Whether a column of users belongs to a plugin of Better Auth, which knows what it means.
fn is_of_plugin(column: &str) -> bool {
    OF_PLUGINS.iter().any(|field| is_same(column, field))
}

/// A column that must be filled, as an additional field.
fn additional((column, declared): &(String, String)) -> (String, Value) {
    let kind = match declared.as_str() {
        kind if kind.contains("bool") => "boolean",
        kind if kind.contains("int") || kind.contains("real") || kind.contains("num") => "number",
        kind if kind.contains("date") || kind.contains("time") => "date",
        kind if kind.contains("json") => "json",
        _ => "string",
    };
    // What the column means is not known here: no client may set it or see it.
    let field = json!({"type": kind, "required": true, "input": false, "returned": false});
    (column.clone(), field)
}

fn declared(additional: &Map<String, Value>) -> AdditionalFields {
    let read = |(name, field): (&String, &Value)| {
        let field: AdditionalField = serde_json::from_value(field.clone()).ok()?;
        Some((name.clone(), field))
    };
    additional.iter().filter_map(read).collect()
}
