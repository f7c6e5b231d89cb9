//! Keeps a migration from making a second set of tables beside one of Better Auth that has other names.

use crate::database::DatabaseError;
use crate::database::Tx;
use crate::schema::diff::Plan;
use crate::schema::inspect::Existing;
use crate::schema::recognise::Model;
use crate::schema::recognise::recognise_in;
use crate::schema::table::Table;

/// Where the tables are there under other names, the plan adds nothing, and names the options that open them.
pub(super) fn under_other_names(
    tx: &mut Tx<'_>,
    needed: &[Table],
    existing: &Existing,
    plan: &mut Plan,
) -> Result<(), DatabaseError> {
    let Some(recognised) = recognise_in(tx, needed)? else {
        return Ok(());
    };
    let has_other_name = |model: &&Model| {
        let table = needed.iter().find(|table| table.model == model.name);
        table.is_some_and(|table| {
            let is_missing = existing.table(&table.name).is_none();
            if table.name != model.table || (is_missing && recognised.options.is_elsewhere()) {
                // A table that the configuration names is another on purpose.
                return !table.is_named;
            }
            // What another server has made just now is no other set.
            let mut fields = (!is_missing).then_some(&model.fields).into_iter().flatten();
            fields.any(|(field, name)| table.column(field).is_some_and(|known| known.name != *name))
        })
    };
    let others: Vec<&str> =
        recognised.models.iter().filter(has_other_name).map(|model| &*model.table).collect();
    if others.is_empty() {
        return Ok(());
    }
    let remedy = if recognised.options.is_empty() {
        "leave out database.usePlural, database.casing, database.schema and modelName".to_owned()
    } else {
        recognised.options.to_string()
    };
    let (made_by, others) = (recognised.made_by.name(), others.join(", "));
    plan.steps.clear();
    plan.problems = vec![format!(
        "these tables look like Better Auth's, made by {made_by}, and the configuration has other names: {others}; \
         {remedy}"
    )];
    Ok(())
}
