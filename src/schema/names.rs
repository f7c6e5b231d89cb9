//! The names of tables and columns in the database, and the forms of ids, as the configuration has them.

use crate::config::Config;
use crate::config::ConfigError;
use crate::config::FieldNames;
use crate::config::GenerateId;
use crate::database::Form;
use crate::schema::table::Column;
use crate::schema::table::Comparison;
use crate::schema::table::Kind;
use crate::schema::table::Table;

/// Names that PostgreSQL cuts off behind this many bytes.
const NAME_BYTES_MAX: usize = 63;
/// Tables that no other program knows: their names stay, and their ids are text.
const OURS: [&str; 2] = ["emailOutbox", "databaseCopy"];

/// Gives tables and columns the names of the configuration, and ids their form.
pub fn named(mut tables: Vec<Table>, config: &Config) -> Vec<Table> {
    let none = FieldNames::new();
    for table in &mut tables {
        let is_ours = OURS.contains(&table.model);
        let names = config.names_of(table.model);
        match names.as_ref().and_then(|names| names.table) {
            Some(name) => {
                table.name = [name, plural(config)].concat();
                table.is_named = true;
            }
            // What a plugin has named itself stays.
            None if table.name == table.model && !is_ours => {
                table.name = spelled(table.model, config);
            }
            None => {}
        }
        let fields = names.map_or(&none, |names| names.fields);
        for column in &mut table.columns {
            match fields.get(&column.field) {
                Some(name) => column.name.clone_from(name),
                None if column.name == column.field && !is_ours => {
                    column.name = config.database.casing.spell(&column.field);
                }
                None => {}
            }
            column.form = form(column, is_ours, config);
            if column.form == Form::Iso {
                column.comparison = Comparison::Checked;
            }
        }
        let makes_ids = config.advanced.database.generate_id.is_by_database();
        table.makes_ids = makes_ids && !is_ours;
    }
    refer(&mut tables);
    tables
}

fn spelled(model: &str, config: &Config) -> String {
    config.database.casing.spell(model) + plural(config)
}

/// Better Auth adds it to every name, those of the configuration too.
fn plural(config: &Config) -> &'static str {
    if config.database.use_plural { "s" } else { "" }
}

/// The form before the database has been looked at: that of tables which this program makes.
fn form(column: &Column, is_ours: bool, config: &Config) -> Form {
    let is_embedded = config.database.is_embedded();
    match config.advanced.database.generate_id {
        GenerateId::Serial if column.is_id() && !is_ours => {
            Form::Number { max: if is_embedded { i64::MAX } else { i32::MAX.into() } }
        }
        GenerateId::Uuid if column.is_id() && !is_ours && !is_embedded => Form::Uuid,
        _ if column.kind == Kind::Time && is_embedded => Form::Iso,
        _ => Form::Native,
    }
}

fn refer(tables: &mut [Table]) {
    let names: Vec<_> = tables.iter().map(|table| (table.model, table.name.clone())).collect();
    for column in tables.iter_mut().flat_map(|table| &mut table.columns) {
        let Some(reference) = &mut column.references else { continue };
        if let Some((_, name)) = names.iter().find(|(model, _)| *model == reference.model) {
            reference.table.clone_from(name);
        }
    }
}

/// Rejects names that the database cannot have, and fields that no model has.
///
/// # Errors
/// The option and what is wrong with it.
pub fn check(tables: &[Table], config: &Config) -> Result<(), ConfigError> {
    for (at, table) in tables.iter().enumerate() {
        let section = table.model;
        let option = format!("{section}.modelName");
        check_name(&option, &table.name)?;
        let twin =
            tables.iter().take(at).find(|other| other.name.eq_ignore_ascii_case(&table.name));
        if let Some(twin) = twin {
            let problem = format!("{} is the table of {}, too", table.name, twin.model);
            return Err(ConfigError::new(&option, problem));
        }
        if let Some(names) = config.names_of(table.model) {
            check_fields(table, names.fields)?;
        }
        check_columns(table)?;
    }
    Ok(())
}

fn check_fields(table: &Table, fields: &FieldNames) -> Result<(), ConfigError> {
    let others = table.columns.iter().filter(|column| !column.is_key());
    let known: Vec<&str> = others.map(|column| column.field.as_str()).collect();
    let Some(unknown) = fields.keys().find(|field| !known.contains(&field.as_str())) else {
        return Ok(());
    };
    let problem = format!("{} has no such field; available: {}", table.model, known.join(", "));
    Err(ConfigError::new(&format!("{}.fields.{unknown}", table.model), problem))
}

fn check_columns(table: &Table) -> Result<(), ConfigError> {
    for (at, column) in table.columns.iter().enumerate() {
        let option = format!("{}.fields.{}", table.model, column.field);
        check_name(&option, &column.name)?;
        let before = table.columns.iter().take(at);
        let is_twin = |other: &&Column| other.name.eq_ignore_ascii_case(&column.name);
        if let Some(twin) = before.clone().find(is_twin) {
            let problem = format!("{} is the column of {}, too", column.name, twin.field);
            return Err(ConfigError::new(&option, problem));
        }
    }
    Ok(())
}

fn check_name(option: &str, name: &str) -> Result<(), ConfigError> {
    if name.is_empty() || name.len() > NAME_BYTES_MAX || name.contains('\0') {
        let problem = format!("expected a name of 1 to {NAME_BYTES_MAX} bytes");
        return Err(ConfigError::new(option, problem));
    }
    Ok(())
}
