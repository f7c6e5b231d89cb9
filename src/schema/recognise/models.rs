//! Which table of a database is that of a model, and which column that of a field.

use crate::schema::inspect::ExistingColumn;
use crate::schema::inspect::ForeignKey;
use crate::schema::inspect::Found;
use crate::schema::recognise::words::is_named_after;
use crate::schema::recognise::words::is_part;
use crate::schema::recognise::words::is_same;
use crate::schema::recognise::words::words;
use crate::schema::table::Column;
use crate::schema::table::Table;
use crate::schema::table::is_issuer;

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

/// The models of these tables that a database holds.
pub(super) fn find_all(needed: &[Table], tables: &[&Found], keys: &[&ForeignKey]) -> Vec<Model> {
    let of = |model: &str| needed.iter().find(|table| table.model == model);
    let target = |model: &Model| {
        let own = keys.iter().find(|key| key.table == model.table);
        own.map(|key| key.target.as_str())
    };
    // What refers to users tells which table they are in, and belongs to one set.
    let session = of("session").and_then(|needed| find(needed, tables, keys, None));
    let users = session.as_ref().and_then(target);
    let account = of("account").and_then(|needed| find(needed, tables, keys, users));
    let users = users.or_else(|| account.as_ref().and_then(target));
    let user = of("user").and_then(|needed| find(needed, tables, keys, users));
    let others = ["verification", "rateLimit"]
        .map(|model| of(model).and_then(|needed| find(needed, tables, keys, None)));
    [user, session, account].into_iter().chain(others).flatten().collect()
}

/// The table that holds this model best; `users` is the one that the others of its set refer to.
fn find(
    needed: &Table,
    tables: &[&Found],
    keys: &[&ForeignKey],
    users: Option<&str>,
) -> Option<Model> {
    let telling = TELLING.iter().find(|(model, _)| *model == needed.model)?.1;
    let fitting = tables.iter().filter_map(|table| {
        let model = fit(needed, table, keys);
        let has = |field: &&&str| model.fields.iter().any(|(known, _)| known == **field);
        let exact = |field: &&str| {
            model.fields.iter().any(|(known, column)| known == field && is_same(column, field))
        };
        let is_of_set = if needed.model == "user" {
            users == Some(&*table.name)
        } else {
            let refers = |key: &&ForeignKey| key.table == table.name && users == Some(&*key.target);
            keys.iter().any(refers)
        };
        let is_users = is_of_set && needed.model == "user";
        let name = name_rank(&table.name, needed.model);
        let told = telling.iter().filter(has).count();
        // One-time values and counters have names of their own more often, and decide nothing by themselves.
        let is_lenient = is_users || ["verification", "rateLimit"].contains(&needed.model);
        let least = if is_lenient { 1 } else { 2 };
        let is_it = telling.iter().all(exact) || ((0 < name || is_users) && least <= told);
        is_it.then_some((is_of_set, told, name, model))
    });
    let best =
        fitting.max_by_key(|(set, told, name, model)| (*set, *told, *name, model.fields.len()));
    best.map(|(.., model)| model)
}

/// How well a table's name says that it is the one of a model.
fn name_rank(table: &str, model: &str) -> u8 {
    if is_same(table, model) {
        3
    } else if is_same(table, &format!("{model}s")) {
        2
    } else {
        u8::from(is_named_after(table, model))
    }
}

/// The fields of a model in a table.
fn fit(needed: &Table, table: &Found, keys: &[&ForeignKey]) -> Model {
    let mut own: Vec<&Column> =
        needed.columns.iter().filter(|column| column.added.is_none()).collect();
    // `email_is_verified` has the words of two fields: the one with more of them is first.
    own.sort_by_key(|column| std::cmp::Reverse(words(&column.field).len()));
    let is_declared = |name: &str| {
        needed.columns.iter().any(|column| column.added.is_some() && column.name == name)
    };
    let undeclared = table.columns.iter().filter(|column| !is_declared(&column.name));
    let mut free: Vec<&ExistingColumn> = undeclared.collect();
    let fields = matched(&own, &mut free, |column| {
        keys.iter().any(|key| key.table == table.name && key.column == column)
    });
    let has = |column: &&&Column| fields.iter().any(|(field, _)| *field == column.field);
    let missing = own.iter().filter(|column| !has(column)).map(|column| column.field.clone());
    let required = free.iter().filter(|column| {
        let is_filled = column.has_default || column.is_key || column.is_generated;
        column.is_not_null && !is_filled && !is_issuer(needed.model, &column.name)
    });
    let type_of = |field: &str| {
        let name = fields.iter().find(|(known, _)| known == field).map(|(_, name)| name);
        let column = table.columns.iter().find(|column| Some(&column.name) == name);
        column.map(|column| column.declared.clone()).unwrap_or_default()
    };
    Model {
        name: needed.model,
        table: table.name.clone(),
        missing: missing.collect(),
        required: required.map(|column| (column.name.clone(), column.declared.clone())).collect(),
        id_type: type_of("id"),
        time_type: type_of("createdAt"),
        fields,
    }
}

/// What a column is recognised by.
#[derive(Clone, Copy)]
enum Rule {
    /// Its name is the field's in another spelling.
    Name,
    /// Its name has all the words of the field's.
    Words,
    /// Its name has some words of the field's and no others.
    SomeWords,
    /// It refers to another table, as the field does.
    Reference,
}

/// Fields with their columns, which are taken from those that are free.
fn matched(
    own: &[&Column],
    free: &mut Vec<&ExistingColumn>,
    refers: impl Fn(&str) -> bool,
) -> Vec<(String, String)> {
    let is_it = |rule: Rule, field: &Column, column: &str| match rule {
        Rule::Name => is_same(&field.field, column),
        Rule::Words => is_part(&field.field, column),
        Rule::SomeWords => is_part(column, &field.field),
        Rule::Reference => field.references.is_some() && refers(column),
    };
    let mut fields: Vec<(String, String)> = Vec::new();
    for rule in [Rule::Name, Rule::Words, Rule::SomeWords, Rule::Reference] {
        for column in own {
            if fields.iter().any(|(field, _)| *field == column.field) {
                continue;
            }
            let mut candidates = free.iter().filter(|found| is_it(rule, column, &found.name));
            // Two that fit are none that is known.
            if let (Some(found), None) = (candidates.next(), candidates.next()) {
                let name = found.name.clone();
                fields.push((column.field.clone(), name.clone()));
                free.retain(|other| other.name != name);
            }
        }
    }
    fields
}
