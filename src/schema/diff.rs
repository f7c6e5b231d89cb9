//! Compares the required tables with the existing ones: what to add, and what prevents it.

use std::fmt;

use crate::database::DatabaseError;
use crate::database::Dialect;
use crate::database::Form;
use crate::database::Tx;
use crate::schema::inspect::Existing;
use crate::schema::inspect::ExistingColumn;
use crate::schema::inspect::ExistingTable;
use crate::schema::inspect::count_duplicates;
use crate::schema::inspect::foreign_keys;
use crate::schema::inspect::inspect;
use crate::schema::inspect::is_same_name;
use crate::schema::other_names::under_other_names;
use crate::schema::render;
use crate::schema::table::Column;
use crate::schema::table::Fill;
use crate::schema::table::Index;
use crate::schema::table::Kind;
use crate::schema::table::Table;
use crate::schema::table::is_issuer;

/// A migration plan. It only ever adds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// The steps in order.
    pub steps: Vec<PlanStep>,
    /// Problems that adding cannot solve; one sentence each.
    pub problems: Vec<String>,
    /// Columns that may lack a value which every row needs; a migration leaves them so. One sentence each.
    pub notes: Vec<String>,
    /// Whether the database is empty: then there is no data to risk.
    pub is_new: bool,
}

/// One addition; displays as a description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanStep {
    /// `create table user`
    pub summary: String,
    /// The statement.
    pub sql: String,
}

impl fmt::Display for PlanStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.summary)
    }
}

impl Plan {
    /// Whether the database is up to date.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.problems.is_empty()
    }

    /// Fails if the database is not up to date.
    ///
    /// # Errors
    /// [`DatabaseError::Schema`] with the first difference.
    pub fn require_nothing(&self) -> Result<(), DatabaseError> {
        let first = self.problems.first().cloned();
        match first.or_else(|| self.steps.first().map(|step| format!("missing: {step}"))) {
            None => Ok(()),
            Some(reason) => Err(DatabaseError::Schema(reason)),
        }
    }
}

/// Compares the required tables with those of the database.
pub(super) fn diff(tx: &mut Tx<'_>, needed: &[Table]) -> Result<Plan, DatabaseError> {
    let existing = inspect(tx, needed)?;
    let mut plan = Plan { is_new: existing.is_empty(), ..Plan::default() };
    for table in needed {
        match existing.table(&table.name) {
            Some(found) => complete(tx, table, (&existing, found), &mut plan)?,
            None => create(table, tx.dialect(), &existing, &mut plan),
        }
    }
    plan.problems.extend(refers_to_others(tx, needed)?);
    let lacks_table = needed.iter().any(|table| existing.table(&table.name).is_none());
    if lacks_table || !plan.problems.is_empty() {
        under_other_names(tx, needed, &existing, &mut plan)?;
    }
    Ok(plan)
}

/// Columns whose foreign key leads to another table than the configuration says: what they refer to is there, not here.
pub(super) fn refers_to_others(
    tx: &mut Tx<'_>,
    needed: &[Table],
) -> Result<Vec<String>, DatabaseError> {
    let names: Vec<&str> = needed.iter().map(|table| table.name.as_str()).collect();
    let (dialect, keys) = (tx.dialect(), foreign_keys(tx, &names)?);
    let is_same = |left: &str, right: &str| is_same_name(dialect, left, right);
    let other = |table: &Table, column: &Column| {
        let reference = column.references.as_ref()?;
        let mut own = keys
            .iter()
            .filter(|key| key.is_here && is_same(&key.table, &table.name))
            .filter(|key| is_same(&key.column, &column.name));
        let key = own.clone().next()?;
        let is_ours = own.any(|key| is_same(&key.target, &reference.table));
        let (table, column, here) = (&table.name, &column.name, &reference.table);
        (!is_ours)
            .then(|| format!("{table}.{column} refers to the table {}, not to {here}", key.target))
    };
    let columns =
        needed.iter().flat_map(|table| table.columns.iter().map(move |column| (table, column)));
    Ok(columns.filter_map(|(table, column)| other(table, column)).collect())
}

/// The plan for a database that does not exist yet.
pub(super) fn from_nothing(needed: &[Table], dialect: Dialect) -> Plan {
    let mut plan = Plan { is_new: true, ..Plan::default() };
    for table in needed {
        create(table, dialect, &Existing::nothing(dialect), &mut plan);
    }
    plan
}

fn create(table: &Table, dialect: Dialect, existing: &Existing, plan: &mut Plan) {
    let name = &table.name;
    if existing.has_view(name) {
        plan.problems.push(format!("{name} is a view; expected a table of that name"));
        return;
    }
    let summary = format!("create table {name}");
    plan.steps.push(PlanStep { summary, sql: render::create_table(table, dialect) });
    for column in table.columns.iter().filter(|column| column.index != Index::None) {
        add_index(table, column, existing, plan);
    }
}

fn add_index(table: &Table, column: &Column, existing: &Existing, plan: &mut Plan) {
    let name = render::index_name(table, column, false);
    if existing.has_index(&name) {
        plan.problems.push(taken(&name));
        return;
    }
    plan.steps.push(PlanStep {
        summary: format!("create index {name} on {} ({})", table.name, column.name),
        sql: render::create_index(table, column, false),
    });
}

fn taken(index: &str) -> String {
    format!("an index {index} exists already, for something else; drop or rename it")
}

fn complete(
    tx: &mut Tx<'_>,
    table: &Table,
    (existing, found): (&Existing, &ExistingTable),
    plan: &mut Plan,
) -> Result<(), DatabaseError> {
    let dialect = tx.dialect();
    for column in &table.columns {
        if let Some(present) = found.column(&column.name) {
            plan.problems.extend(wrong_kind(table, column, present, dialect));
            if found.may_repeat(column) {
                add_unique(tx, table, column, existing, plan)?;
            }
        } else {
            add_column(table, column, tx, plan);
            if column.is_unique {
                add_unique_index(table, column, existing, plan);
            }
        }
        if column.index == Index::Needed && !found.is_indexed(&column.name) {
            add_index(table, column, existing, plan);
        }
    }
    plan.problems
        .extend(found.columns.iter().filter_map(|column| unfillable(table, column, dialect)));
    plan.notes.extend(may_lack(table, found));
    Ok(())
}

fn add_column(table: &Table, column: &Column, tx: &Tx<'_>, plan: &mut Plan) {
    let (table_name, name, dialect) = (&table.name, &column.name, tx.dialect());
    let default = match (&column.fill, dialect) {
        (Fill::Null, _) => None,
        (Fill::Literal(literal), Dialect::Sqlite) => Some(literal.clone()),
        // PostgreSQL converts a quoted literal to the column's type.
        (Fill::Literal(literal), Dialect::Postgres) if literal.starts_with('\'') => {
            Some(literal.clone())
        }
        (Fill::Literal(literal), Dialect::Postgres) => Some(format!("'{literal}'")),
        (Fill::Empty, _) => Some("''".to_owned()),
        (Fill::False, Dialect::Sqlite) => Some("0".to_owned()),
        (Fill::False, Dialect::Postgres) => Some("false".to_owned()),
        (Fill::Now, Dialect::Sqlite) => Some(format!("'{}'", tx.now())),
        (Fill::Now, Dialect::Postgres) => Some(render::NOW.to_owned()),
        (Fill::Unknown, _) => {
            plan.problems.push(format!(
                "{table_name}.{name} must be filled in every row, the older ones too; give \
                 {}.additionalFields a defaultValue for it, or required = false",
                table.model
            ));
            return;
        }
        (Fill::Nothing, _) => {
            plan.problems.push(format!(
                "{table_name} has no column {name}, and nothing could be filled in for it; \
                 is this a table of another program?"
            ));
            return;
        }
    };
    plan.steps.push(PlanStep {
        summary: format!("add column {table_name}.{name}"),
        sql: render::add_column(table, column, default.as_deref(), dialect),
    });
}

fn add_unique(
    tx: &mut Tx<'_>,
    table: &Table,
    column: &Column,
    existing: &Existing,
    plan: &mut Plan,
) -> Result<(), DatabaseError> {
    let (table_name, name) = (&table.name, &column.name);
    match count_duplicates(tx, table_name, name)? {
        0 => add_unique_index(table, column, existing, plan),
        count => plan.problems.push(format!(
            "{table_name}.{name} must be unique, and {count} of its values stand in more than one \
             row; remove the rows that are too many"
        )),
    }
    Ok(())
}

fn add_unique_index(table: &Table, column: &Column, existing: &Existing, plan: &mut Plan) {
    let index = render::index_name(table, column, true);
    if existing.has_index(&index) {
        plan.problems.push(taken(&index));
        return;
    }
    plan.steps.push(PlanStep {
        summary: format!("create unique index {index} on {} ({})", table.name, column.name),
        sql: render::create_index(table, column, true),
    });
}

fn wrong_kind(
    table: &Table,
    column: &Column,
    present: &ExistingColumn,
    dialect: Dialect,
) -> Option<String> {
    let declared = present.declared.as_str();
    let name = format!("{}.{}", table.name, column.name);
    if let Some(option) = other_ids(table, column, declared) {
        return Some(format!("{name} is declared as {declared:?}; {option}"));
    }
    if column.is_key() && table.makes_ids && column.form == Form::Native && !present.has_default {
        return Some(format!(
            "{name} has no default, and advanced.database.generateId = false leaves ids to the database"
        ));
    }
    let fits = match dialect {
        Dialect::Sqlite => fits_sqlite(column, declared),
        Dialect::Postgres => fits_postgres(column, declared),
    };
    if present.is_generated {
        Some(format!("{name} is computed from other columns; expected one that can be written"))
    } else if !fits {
        let expected = render::declared_type(column, dialect);
        Some(format!("{name} is declared as {declared:?}; expected {expected}"))
    } else if column.is_nullable() && present.is_not_null && !column.is_list() {
        Some(format!("{name} must be filled in every row; expected one that may be empty"))
    } else {
        None
    }
}

/// The option of ids that a column needs which this configuration does not have.
fn other_ids(table: &Table, column: &Column, declared: &str) -> Option<String> {
    if !column.is_id() || column.kind != Kind::Text {
        return None;
    }
    let is_counted = matches!(column.form, Form::Number { .. });
    let is_number = ["int", "serial"].iter().any(|word| declared.contains(word));
    match (is_number, is_counted) {
        (true, false) if !table.makes_ids => Some(
            r#"set advanced.database.generateId = "serial", so that the database makes ids"#
                .to_owned(),
        ),
        (false, true) => Some(
            r#"advanced.database.generateId = "serial" needs whole numbers; leave it out"#
                .to_owned(),
        ),
        _ => None,
    }
}

fn fits_sqlite(column: &Column, declared: &str) -> bool {
    match column.kind {
        // Whole numbers are ids of other programs.
        Kind::Text if column.is_id() && declared.contains("int") => true,
        Kind::Text | Kind::Json => is_text(declared),
        Kind::Flag => is_flag(declared) || is_text(declared),
        Kind::Number | Kind::BigNumber => is_number(declared),
        Kind::Time => is_time(declared) || is_number(declared),
    }
}

fn fits_postgres(column: &Column, declared: &str) -> bool {
    let text = ["text", "character varying", "character", "citext"].contains(&declared);
    let whole = ["integer", "bigint", "smallint"].contains(&declared);
    match column.kind {
        Kind::Text if column.is_id() => text || whole || declared == "uuid",
        Kind::Text => text || ["enum", "inet"].contains(&declared),
        Kind::Json => text || ["jsonb", "json"].contains(&declared) || declared.ends_with("[]"),
        Kind::Flag => text || whole || declared == "boolean",
        Kind::Number => whole || ["real", "double precision"].contains(&declared),
        Kind::BigNumber => ["bigint", "double precision"].contains(&declared),
        // Columns without a time zone hold UTC, as other programs write them.
        Kind::Time => text || declared == "bigint" || declared.starts_with("timestamp"),
    }
}

/// Types that store text unchanged [SQLite: affinity]. A column without a type does, too.
fn is_text(declared: &str) -> bool {
    declared.is_empty() || ["char", "clob", "text"].iter().any(|t| declared.contains(t))
}

fn is_flag(declared: &str) -> bool {
    declared.is_empty() || ["int", "bool", "numeric"].iter().any(|t| declared.contains(t))
}

fn is_number(declared: &str) -> bool {
    declared.is_empty() || ["int", "numeric"].iter().any(|t| declared.contains(t))
}

/// Times are text, or numbers of other programs.
fn is_time(declared: &str) -> bool {
    is_text(declared) || ["date", "time"].iter().any(|t| declared.contains(t))
}

/// Models with `additionalFields` in the configuration.
const WITH_FIELDS: [&str; 4] = ["user", "session", "account", "verification"];
/// Columns that every row needs, and that the database lets be empty.
fn may_lack(table: &Table, found: &ExistingTable) -> Option<String> {
    let needed = table.columns.iter().filter(|column| !column.is_nullable());
    let may_lack = |column: &&Column| {
        found.column(&column.name).is_some_and(|found| !found.is_not_null && !found.is_key)
    };
    let names: Vec<&str> = needed.filter(may_lack).map(|column| column.name.as_str()).collect();
    (!names.is_empty()).then(|| {
        format!("{} may hold rows without {}, which every row needs", table.name, names.join(", "))
    })
}

/// A required column of another program, which rows of this program could not fill.
fn unfillable(table: &Table, column: &ExistingColumn, dialect: Dialect) -> Option<String> {
    let is_ours = table.columns.iter().any(|ours| is_same_name(dialect, &ours.name, &column.name));
    let is_issuer = is_issuer(table.model, &column.name);
    if is_ours || is_issuer || !column.is_not_null || column.has_default || column.is_key {
        return None;
    }
    let (model, table, column) = (table.model, &table.name, &column.name);
    // Declaring it changes nothing in the database, so it comes first.
    let declare = if WITH_FIELDS.contains(&model) {
        format!(
            "if it is a field of the application, declare it in {model}.additionalFields; else "
        )
    } else {
        String::new()
    };
    Some(format!(
        "{table}.{column} must be filled in every row and has no default; \
         {declare}give it a default or let it be empty"
    ))
}
