//! Which table of a database is that of a model, and which column that of a field.

use crate::schema::inspect::ExistingColumn;
use crate::schema::inspect::Found;
use crate::schema::recognise::words::is_named_after;
use crate::schema::recognise::words::is_part;
use crate::schema::recognise::words::is_same;
use crate::schema::table::Column;
use crate::schema::table::Table;

/// A model, the table that holds it, and the columns of its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// The model.
    pub name: &'static str,
    /// The table.
    pub table: String,
    /// Its fields with their columns.
    pub fields: Vec<(String, String)>,
    /// Fields without a column.
    pub missing: Vec<String>,
    /// Columns that must be filled and are none of Better Auth's, with their types.
    pub required: Vec<(String, String)>,
    /// The type of the id.
    pub id_type: String,
    /// The type of its times.
    pub time_type: String,
}

/// The fields that tell a model: a table without one of them is another.
const TELLING: [(&str, &[&str]); 5] = [
    ("user", &["email", "emailVerified"]),
    ("session", &["token", "expiresAt", "userId"]),
    ("account", &["accountId", "providerId", "userId"]),
    ("verification", &["identifier", "value", "expiresAt"]),
    ("rateLimit", &["key", "count", "lastRequest"]),
];

/// The table that holds this model best.
pub(super) fn find(needed: &Table, tables: &[&Found]) -> Option<Model> {
    let telling = TELLING.iter().find(|(model, _)| *model == needed.model)?.1;
    let fitting = tables.iter().filter_map(|table| {
        let model = fit(needed, table);
        let has = |field: &&str| model.fields.iter().any(|(known, _)| known == field);
        let is_named = is_named_after(&table.name, needed.model);
        let exact = |field: &&str| {
            model.fields.iter().any(|(known, column)| known == field && is_same(column, field))
        };
        let is_it = telling.iter().all(exact)
            || (is_named && 2 <= telling.iter().filter(|field| has(field)).count());
        is_it.then_some((is_named, model))
    });
    fitting.max_by_key(|(is_named, model)| (model.fields.len(), *is_named)).map(|(_, model)| model)
}

/// The fields of a model in a table.
fn fit(needed: &Table, table: &Found) -> Model {
    let is_declared = |name: &str| {
        needed.columns.iter().any(|column| column.added.is_some() && column.name == name)
    };
    let mut free: Vec<&ExistingColumn> =
        table.columns.iter().filter(|column| !is_declared(&column.name)).collect();
    let mut fields: Vec<(String, String)> = Vec::new();
    let rules: [fn(&str, &str) -> bool; 3] =
        [is_same, |field, column| is_part(field, column), |field, column| is_part(column, field)];
    let of_the_core = || needed.columns.iter().filter(|column| column.added.is_none());
    for rule in rules {
        for column in of_the_core() {
            if fields.iter().any(|(field, _)| *field == column.field) {
                continue;
            }
            let fits = |found: &&&ExistingColumn| rule(&column.field, &found.name);
            let mut candidates = free.iter().filter(fits);
            // Two that fit are none that is known.
            if let (Some(found), None) = (candidates.next(), candidates.next()) {
                let name = found.name.clone();
                fields.push((column.field.clone(), name.clone()));
                free.retain(|other| other.name != name);
            }
        }
    }
    let has = |column: &&Column| fields.iter().any(|(field, _)| *field == column.field);
    let missing = of_the_core().filter(|column| !has(column));
    let missing = missing.map(|column| column.field.clone()).collect();
    let is_required = |column: &&&ExistingColumn| {
        column.is_not_null && !column.has_default && !column.is_key && !column.is_generated
    };
    let required = free.iter().filter(is_required);
    let is_issuer = |name: &str| needed.model == "account" && name == "issuer";
    let required = required.filter(|column| !is_issuer(&column.name));
    let type_of = |field: &str| {
        let name = fields.iter().find(|(known, _)| known == field).map(|(_, name)| name);
        let column = table.columns.iter().find(|column| Some(&column.name) == name);
        column.map(|column| column.declared.clone()).unwrap_or_default()
    };
    Model {
        name: needed.model,
        table: table.name.clone(),
        missing,
        required: required.map(|column| (column.name.clone(), column.declared.clone())).collect(),
        id_type: type_of("id"),
        time_type: type_of(if needed.model == "verification" { "expiresAt" } else { "createdAt" }),
        fields,
    }
}
