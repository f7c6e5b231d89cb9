//! Looks at a database once: in which form each column stores its values.

use crate::database::DatabaseError;
use crate::database::Dialect;
use crate::database::Form;
use crate::database::Tx;
use crate::schema::inspect::ExistingColumn;
use crate::schema::inspect::columns;
use crate::schema::inspect::is_same_name;
use crate::schema::quoted;
use crate::schema::table::Column;
use crate::schema::table::Comparison;
use crate::schema::table::ISSUER;
use crate::schema::table::Kind;
use crate::schema::table::Table;
use crate::schema::table::is_issuer;

/// Rows at each end of a table whose values tell the form of a column that its type leaves open.
const SAMPLES: usize = 8;

/// The same tables with the forms that the database has; `None` while it has none of the tables.
///
/// # Errors
/// [`DatabaseError`] when the database cannot be read.
pub fn observe(tx: &mut Tx<'_>, tables: &[Table]) -> Result<Option<Vec<Table>>, DatabaseError> {
    let dialect = tx.dialect();
    let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    let existing = columns(tx, &names)?;
    if existing.is_empty() {
        return Ok(None);
    }
    let mut tables = tables.to_vec();
    let mut open = Vec::new();
    for table in &mut tables {
        let mut doubtful = Vec::new();
        for (at, column) in table.columns.iter_mut().enumerate() {
            let is_it = |(owner, found): &&(String, ExistingColumn)| {
                is_same_name(dialect, owner, &table.name)
                    && is_same_name(dialect, &found.name, &column.name)
            };
            let Some((_, found)) = existing.iter().find(is_it) else { continue };
            column.is_filled = found.is_not_null;
            match declared(column, &found.declared, dialect) {
                Some(form) => {
                    (column.form, column.comparison) = (form, Comparison::Plain);
                }
                None => doubtful.push((at, found.declared.clone())),
            }
        }
        let mut own = existing.iter().filter(|(owner, _)| *owner == table.name);
        if own.any(|(_, found)| is_issuer(table.model, &found.name)) {
            table.columns.push(Column::nullable(ISSUER, Kind::Text));
        }
        open.push(doubtful);
    }
    sample(tx, &mut tables, &open)?;
    Ok(Some(tables))
}

/// The form that the type of a column tells; `None` where only its values do.
fn declared(column: &Column, declared: &str, dialect: Dialect) -> Option<Form> {
    let is_number = declared.contains("int") || declared.contains("serial");
    Some(match (column.kind, dialect) {
        (Kind::Time, Dialect::Postgres) if declared.starts_with("timestamp") => Form::Native,
        // A list of another program.
        (Kind::Json, Dialect::Postgres) if declared.ends_with("[]") => Form::Array,
        (Kind::Flag, Dialect::Postgres) if is_number => Form::FlagNumber,
        (Kind::Flag, _) if is_text(declared) => Form::FlagText,
        (Kind::Text, Dialect::Postgres) if declared == "uuid" && column.is_id() => Form::Uuid,
        (Kind::Text, Dialect::Postgres) if declared == "inet" => Form::Address,
        (Kind::Text, Dialect::Postgres) if declared == "integer" && column.is_id() => {
            Form::Number { max: i32::MAX.into() }
        }
        (Kind::Text, Dialect::Postgres) if declared == "smallint" && column.is_id() => {
            Form::Number { max: i16::MAX.into() }
        }
        (Kind::Text, _) if is_number && column.is_id() => Form::Number { max: i64::MAX },
        (Kind::Time | Kind::Json, _) => return None,
        _ => Form::Native,
    })
}

fn is_text(declared: &str) -> bool {
    ["char", "clob", "text"].iter().any(|word| declared.contains(word))
}

/// Times and JSON of a column, by what its rows hold, and otherwise as other columns of the same type do.
fn sample(
    tx: &mut Tx<'_>,
    tables: &mut [Table],
    open: &[Vec<(usize, String)>],
) -> Result<(), DatabaseError> {
    let dialect = tx.dialect();
    let mut known: Vec<(String, Form)> = Vec::new();
    let mut unknown = Vec::new();
    for (at, (table, doubtful)) in tables.iter_mut().zip(open).enumerate() {
        let names: Vec<String> = doubtful
            .iter()
            .filter_map(|(column, _)| Some(quoted(&table.columns.get(*column)?.name)))
            .collect();
        if names.is_empty() {
            continue;
        }
        let forms = forms(tx, &quoted(&table.name), &names)?;
        for ((column, declared), forms) in doubtful.iter().zip(forms) {
            let Some(found) = table.columns.get_mut(*column) else { continue };
            match most(&forms) {
                Some(form) if found.kind == Kind::Json => found.form = form,
                Some(form) => {
                    found.form = form;
                    let is_mixed = forms.iter().any(|other| *other != form);
                    found.comparison = comparison(dialect, is_mixed);
                    known.push((declared.clone(), form));
                }
                None if found.kind == Kind::Json => {}
                None => unknown.push((at, *column, declared)),
            }
        }
    }
    for (table, column, declared) in unknown {
        let alike = known.iter().filter(|(other, _)| other == declared).map(|(_, form)| *form);
        let form = most(&alike.collect::<Vec<_>>()).unwrap_or_else(|| usual(declared));
        let column = tables.get_mut(table).and_then(|table| table.columns.get_mut(column));
        if let Some(column) = column {
            column.form = form;
            column.comparison = comparison(dialect, false);
        }
    }
    Ok(())
}

/// How times are compared whose type leaves the form open.
fn comparison(dialect: Dialect, is_mixed: bool) -> Comparison {
    match dialect {
        Dialect::Postgres => Comparison::Plain,
        Dialect::Sqlite if is_mixed => Comparison::Instant,
        Dialect::Sqlite => Comparison::Checked,
    }
}

/// What this type holds in tables without rows, as Better Auth's adapters write it.
fn usual(declared: &str) -> Form {
    if declared.contains("int") { Form::Millis } else { Form::Iso }
}

/// The forms in these columns of the oldest and the newest rows.
fn forms(
    tx: &mut Tx<'_>,
    table: &str,
    columns: &[String],
) -> Result<Vec<Vec<Form>>, DatabaseError> {
    let names = columns.join(", ");
    let end = |order: &str| format!("SELECT {names} FROM {table} {order} LIMIT {SAMPLES}");
    let mut found = vec![Vec::new(); columns.len()];
    let ends = match tx.dialect() {
        Dialect::Sqlite => vec![end("ORDER BY rowid"), end("ORDER BY rowid DESC")],
        Dialect::Postgres => vec![end("")],
    };
    for sql in ends {
        let mut sampled = |sql: &str| {
            tx.list(sql, &[], |row| {
                (0..columns.len()).map(|at| row.form(at)).collect::<Result<Vec<_>, _>>()
            })
        };
        let rows = match sampled(&sql) {
            // A table `WITHOUT ROWID` has no order but that of its key.
            Err(DatabaseError::Schema(_)) => sampled(&end("")),
            rows => rows,
        };
        // A damaged page may hold it.
        let rows = match rows {
            Err(DatabaseError::Schema(_) | DatabaseError::Damaged(_)) => return Ok(found),
            rows => rows?,
        };
        for row in rows {
            found.iter_mut().zip(row).for_each(|(all, form)| all.extend(form));
        }
    }
    Ok(found)
}

/// The form that most have.
fn most(forms: &[Form]) -> Option<Form> {
    let count = |form: &Form| forms.iter().filter(|other| *other == form).count();
    forms.iter().max_by_key(|form| (count(form), **form == Form::Iso)).copied()
}
