//! Users found by conditions on any of their fields, additional ones included.
//!
//! Fields are names from the outside: they are looked up in the table's own columns, and never stand in
//! SQL themselves. A condition on a field that clients may not see finds nothing, or it would tell.

use std::fmt::Write as _;

use crate::config::FieldType;
use crate::database::DatabaseError;
use crate::database::Param;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::models::Direction;
use crate::models::Page;
use crate::models::User;
use crate::models::escaped;
use crate::models::fields::Stored;
use crate::models::user::Users;

/// How a field and a value are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// The same.
    Equal,
    /// Another; a field that is empty is not another.
    NotEqual,
    /// Smaller, or earlier.
    Less,
    /// Not larger, not later.
    LessOrEqual,
    /// Larger, or later.
    Greater,
    /// Not smaller, not earlier.
    GreaterOrEqual,
    /// One of several.
    In,
    /// None of several.
    NotIn,
    /// Text with this in it, upper and lower case alike; so are the next two.
    Contains,
    /// Text that begins with this.
    StartsWith,
    /// Text that ends with this.
    EndsWith,
}

/// What must hold for a user to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The field.
    pub field: String,
    /// How it is compared.
    pub operator: Operator,
    /// With what, as text; several for `In` and `NotIn`.
    pub values: Vec<String>,
}

/// Which users, and in which order; the id decides between equals.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserQuery {
    /// All of these hold.
    pub conditions: Vec<Condition>,
    /// What to sort by; by age where nothing is named.
    pub sort: Option<(String, Direction)>,
}

/// A query in SQL: what stands behind `FROM "user"`, and its values.
struct Compiled {
    matches: String,
    order: String,
    values: Vec<Stored>,
}

impl Compiled {
    fn params(&self) -> Vec<Param<'_>> {
        self.values.iter().map(Stored::param).collect()
    }

    fn count(&self) -> String {
        format!(r#"SELECT COUNT(*) FROM "user"{}"#, self.matches)
    }

    fn list(&self, columns: &str) -> String {
        let (limit, offset) = (self.values.len() + 1, self.values.len() + 2);
        format!(
            r#"SELECT {columns} FROM "user"{}{} LIMIT ${limit} OFFSET ${offset}"#,
            self.matches, self.order
        )
    }
}

impl Users {
    /// One page of the users whom a query finds, and how many it finds altogether; `None` where the query
    /// makes no sense: a field that is not there, a value that is not of its kind.
    ///
    /// # Errors
    /// What the database answers.
    pub fn search(
        &self,
        tx: &mut Tx<'_>,
        query: &UserQuery,
        page: Page,
    ) -> Result<Option<(Vec<User>, u64)>, DatabaseError> {
        let Some(compiled) = self.compile(query) else {
            return Ok(None);
        };
        let mut params = compiled.params();
        let total = tx.find(&compiled.count(), &params, |row| row.integer(0))?;
        params.extend([Param::from(i64::from(page.limit)), i64::from(page.offset).into()]);
        let users = tx.list(&compiled.list(self.columns()), &params, |row| self.read(row))?;
        Ok(Some((users, total.and_then(|total| u64::try_from(total).ok()).unwrap_or_default())))
    }

    fn compile(&self, query: &UserQuery) -> Option<Compiled> {
        let mut compiled =
            Compiled { matches: String::new(), order: String::new(), values: Vec::new() };
        for condition in &query.conditions {
            let word = if compiled.matches.is_empty() { " WHERE " } else { " AND " };
            compiled.matches.push_str(word);
            self.add(condition, &mut compiled)?;
        }
        let (field, direction) = match &query.sort {
            Some((field, direction)) => (field.as_str(), *direction),
            None => ("createdAt", Direction::Ascending),
        };
        let (column, _) = self.column(field)?;
        let direction = direction.sql();
        compiled.order = format!(r#" ORDER BY "{column}" {direction}, "id" {direction}"#);
        Some(compiled)
    }

    fn add(&self, condition: &Condition, compiled: &mut Compiled) -> Option<()> {
        let (column, kind) = self.column(&condition.field)?;
        let is_text = matches!(kind, FieldType::Text | FieldType::OneOf(_));
        let one = || condition.values.first().filter(|_| condition.values.len() == 1);
        let pattern = |before: &str, after: &str| {
            Some(Stored::Text(format!("{before}{}{after}", escaped(one()?)))).filter(|_| is_text)
        };
        let (text, values) = match condition.operator {
            Operator::In | Operator::NotIn => {
                let values: Option<Vec<Stored>> =
                    condition.values.iter().map(|value| stored(value, &kind)).collect();
                let word = if condition.operator == Operator::In { "IN" } else { "NOT IN" };
                (format!(r#""{column}" {word} "#), values.filter(|values| !values.is_empty())?)
            }
            Operator::Contains => (like(&column), vec![pattern("%", "%")?]),
            Operator::StartsWith => (like(&column), vec![pattern("", "%")?]),
            Operator::EndsWith => (like(&column), vec![pattern("%", "")?]),
            Operator::Equal => compared(&column, "=", stored(one()?, &kind)?),
            Operator::NotEqual => compared(&column, "<>", stored(one()?, &kind)?),
            Operator::Less => compared(&column, "<", stored(one()?, &kind)?),
            Operator::LessOrEqual => compared(&column, "<=", stored(one()?, &kind)?),
            Operator::Greater => compared(&column, ">", stored(one()?, &kind)?),
            Operator::GreaterOrEqual => compared(&column, ">=", stored(one()?, &kind)?),
        };
        let first = compiled.values.len() + 1;
        let names: Vec<String> = (first..first + values.len()).map(|at| format!("${at}")).collect();
        let names = names.join(", ");
        // Writing to a `String` cannot fail.
        let _infallible = match condition.operator {
            Operator::In | Operator::NotIn => write!(compiled.matches, "{text}({names})"),
            Operator::Contains | Operator::StartsWith | Operator::EndsWith => {
                write!(compiled.matches, "{text}lower({names}) ESCAPE '!'")
            }
            _ => write!(compiled.matches, "{text}{names}"),
        };
        compiled.values.extend(values);
        Some(())
    }

    /// Statements of each form, for the test that prepares them.
    #[cfg(test)]
    pub(super) fn searches(&self) -> Vec<String> {
        let condition = |operator, field: &str, values: &[&str]| Condition {
            field: field.to_owned(),
            operator,
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        let query = UserQuery {
            conditions: vec![
                condition(Operator::Contains, "name", &["a"]),
                condition(Operator::In, "email", &["a", "b"]),
                condition(Operator::GreaterOrEqual, "createdAt", &["2026-01-01"]),
                condition(Operator::Equal, "emailVerified", &["true"]),
                condition(Operator::Less, "age", &["5"]),
            ],
            sort: Some(("name".to_owned(), Direction::Descending)),
        };
        let compiled = self.compile(&query).unwrap();
        vec![compiled.count(), compiled.list(self.columns())]
    }
}

fn like(column: &str) -> String {
    format!(r#"lower("{column}") LIKE "#)
}

fn compared(column: &str, operator: &str, value: Stored) -> (String, Vec<Stored>) {
    (format!(r#""{column}" {operator} "#), vec![value])
}

/// A text as a value of the field's kind; `None` where it is none.
fn stored(text: &str, kind: &FieldType) -> Option<Stored> {
    match kind {
        _ if text.contains('\0') => None,
        FieldType::Text | FieldType::OneOf(_) => Some(Stored::Text(text.to_owned())),
        // As upstream: whatever is not "true" is false.
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
