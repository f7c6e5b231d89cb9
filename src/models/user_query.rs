//! Finds users by conditions on any of their fields, including additional ones.
//!
//! Field names come from clients: they are looked up in the table's own columns and never put into SQL. A condition on
//! a field that clients may not see finds nothing, so that it reveals nothing.

use crate::config::FieldType;
use crate::database::DatabaseError;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::models::User;
use crate::models::user::Sql;
use crate::rows::Direction;
use crate::rows::Operator;
use crate::rows::Page;
use crate::rows::Select;
use crate::rows::Stored;
use crate::rows::count;

/// A condition on a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The field.
    pub field: String,
    /// The comparison.
    pub operator: Operator,
    /// The values to compare with, as text; several for `In` and `NotIn`.
    pub values: Vec<String>,
}

/// A query for users; ties are sorted by id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserQuery {
    /// All of these must hold.
    pub conditions: Vec<Condition>,
    /// The sort key; by age without one.
    pub sort: Option<(String, Direction)>,
}

/// One page of matching users, and their total number; `None` for an invalid query: an unknown field, or a value of the
/// wrong type.
pub fn search(
    tx: &mut Tx<'_>,
    query: &UserQuery,
    page: Page,
) -> Result<Option<(Vec<User>, u64)>, DatabaseError> {
    let sql = tx.statements::<Sql>()?;
    let Some(select) = compile(sql, query) else {
        return Ok(None);
    };
    let total = count(tx, &select.count(), &select.params(None))?;
    let text = select.list(sql.shape.columns());
    let users = tx.list(&text, &select.params(Some(page)), |row| sql.shape.read(row, 0))?;
    Ok(Some((users, total)))
}

fn compile<'a>(sql: &'a Sql, query: &UserQuery) -> Option<Select<'a>> {
    let mut select = Select::of(&sql.table);
    for condition in &query.conditions {
        let (field, kind) = sql.field(&condition.field)?;
        let values = values(condition, &kind)?;
        select = select.matching(&[field], condition.operator, values);
    }
    let (field, direction) = match &query.sort {
        Some((field, direction)) => (field.as_str(), *direction),
        None => ("createdAt", Direction::Ascending),
    };
    Some(select.sorted(sql.field(field)?.0, direction))
}

/// The values of a condition, if they fit the type of the field.
fn values(condition: &Condition, kind: &FieldType) -> Option<Vec<Stored>> {
    let is_text = matches!(kind, FieldType::Text | FieldType::OneOf(_));
    let fits = match condition.operator {
        Operator::In | Operator::NotIn => !condition.values.is_empty(),
        Operator::Contains | Operator::StartsWith | Operator::EndsWith => {
            is_text && condition.values.len() == 1
        }
        _ => condition.values.len() == 1,
    };
    let values = || condition.values.iter().map(|value| stored(value, kind)).collect();
    if fits { values() } else { None }
}

/// A text as a value of the field's type; `None` if it is invalid.
fn stored(text: &str, kind: &FieldType) -> Option<Stored> {
    match kind {
        _ if text.contains('\0') => None,
        FieldType::Text | FieldType::OneOf(_) => Some(Stored::Text(text.to_owned())),
        // As upstream: everything but "true" is false.
        FieldType::Flag => Some(Stored::Flag(text == "true")),
        FieldType::Number => match (text.trim().parse::<i64>(), text.trim().parse::<f64>()) {
            (Ok(integer), _) => Some(Stored::Integer(integer)),
            (_, Ok(real)) if real.is_finite() => Some(Stored::Real(real)),
            _ => None,
        },
        FieldType::Date => {
            let midnight = || Timestamp::parse(&format!("{text}T00:00:00Z"));
            Timestamp::parse(text).or_else(midnight).map(Stored::Time)
        }
        FieldType::Json | FieldType::Texts | FieldType::Numbers => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_finite_and_a_text_without_a_null_character() {
        let number = |text| stored(text, &FieldType::Number);
        assert!(number("7") == Some(Stored::Integer(7)));
        assert!(number(" 1.5") == Some(Stored::Real(1.5)));
        for text in ["inf", "NaN", "-infinity", "1e999", "", "seven"] {
            assert!(number(text).is_none(), "{text}");
        }
        assert!(stored("a\0", &FieldType::Text).is_none());
    }
}
