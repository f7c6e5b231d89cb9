//! Lists: which rows of a table, in which order, and which page of them.
//!
//! Fields are names that may come from outside: they are looked up among the columns of the table, and never stand
//! in SQL themselves.

use std::cmp::Ordering;
use std::fmt;

use crate::database::Form;
use crate::database::Param;
use crate::database::placeholders;
use crate::rows::Binder;
use crate::rows::Stored;
use crate::rows::comparison::compared;
use crate::rows::comparison::ordered;
use crate::schema::Table;
use crate::schema::quoted;

/// The page of a list: how many rows, after how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Rows at most.
    pub limit: u32,
    /// Rows to skip first.
    pub offset: u32,
}

/// Which way a list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// Smallest or oldest first.
    Ascending,
    /// Largest or newest first.
    #[default]
    Descending,
}

impl Direction {
    fn sql(self) -> &'static str {
        match self {
            Self::Ascending => "ASC",
            Self::Descending => "DESC",
        }
    }

    /// This order of two rows that begin with the smallest.
    pub fn of(self, ordering: Ordering) -> Ordering {
        match self {
            Self::Ascending => ordering,
            Self::Descending => ordering.reverse(),
        }
    }
}

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

impl Operator {
    /// As a pattern of `LIKE … ESCAPE '!'`; `None` where it is none.
    fn pattern(self, text: &str) -> Option<String> {
        let text = escaped(text);
        match self {
            Self::Contains => Some(format!("%{text}%")),
            Self::StartsWith => Some(format!("{text}%")),
            Self::EndsWith => Some(format!("%{text}")),
            _ => None,
        }
    }

    fn sql(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::In => "IN",
            Self::NotIn => "NOT IN",
            Self::Contains | Self::StartsWith | Self::EndsWith => "LIKE",
        }
    }
}

/// A condition on rows of a table as SQL, with the names of this deployment.
#[derive(Clone, PartialEq)]
pub struct Condition {
    text: String,
    values: Vec<Value>,
}

/// A value that is compared with, and the form of the column.
#[derive(Clone, PartialEq)]
struct Value {
    stored: Stored,
    form: Form,
}

impl Value {
    fn param(&self) -> Param<'_> {
        self.form.fit(self.stored.param())
    }
}

impl Condition {
    /// A condition on rows of this model: names in braces as in other statements, and `{1}`, `{2}` … for the values.
    pub fn new(tables: &[Table], model: &str, text: &str, values: Vec<Stored>) -> Self {
        let table = tables.iter().find(|table| table.model == model);
        let fill = |table| Binder::new(tables, table, &mut Vec::new()).filled(text);
        let filled = table.map(fill).unwrap_or_default();
        let forms = filled.forms.into_iter().chain(std::iter::repeat(Form::Native));
        let values = values.into_iter().zip(forms).map(|(stored, form)| Value { stored, form });
        Self { text: filled.text, values: values.collect() }
    }
}

impl fmt::Debug for Condition {
    /// Without the values, which may be of hidden fields.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Rows of a table.
pub struct Select<'a> {
    table: &'a Table,
    conditions: Vec<String>,
    values: Vec<Value>,
    order: String,
}

impl<'a> Select<'a> {
    /// All rows, in no order.
    pub fn of(table: &'a Table) -> Self {
        Self { table, conditions: Vec::new(), values: Vec::new(), order: String::new() }
    }

    /// Only those of which one of these fields compares like this. `In` and `NotIn` take any number of values but
    /// none, the other operators one.
    #[must_use]
    pub fn matching(mut self, fields: &[&str], operator: Operator, values: Vec<Stored>) -> Self {
        let names = placeholders(1 + self.values.len(), values.len());
        let word = operator.sql();
        let compared = fields.iter().map(|field| match (operator, self.name(field)) {
            (Operator::In | Operator::NotIn, column) => format!("{column} {word} ({names})"),
            // An enumeration of PostgreSQL is no text by itself.
            (Operator::Contains | Operator::StartsWith | Operator::EndsWith, column) => {
                format!("lower(CAST({column} AS TEXT)) {word} lower({names}) ESCAPE '!'")
            }
            (_, name) => match self.table.column(field) {
                Some(column) => compared(column, &name, word, &names),
                None => format!("{name} {word} {names}"),
            },
        });
        let compared = compared.collect::<Vec<_>>().join(" OR ");
        self.conditions.push(format!("({compared})"));
        let form = fields.first().map(|field| self.form(field)).unwrap_or_default();
        self.values.extend(values.into_iter().map(|value| match value {
            Stored::Text(text) => match operator.pattern(&text) {
                Some(pattern) => Value { stored: Stored::Text(pattern), form: Form::Native },
                None => Value { stored: Stored::Text(text), form },
            },
            stored => Value { stored, form },
        }));
        self
    }

    fn form(&self, field: &str) -> Form {
        self.table.column(field).map(|column| column.form).unwrap_or_default()
    }

    /// Only those that meet this condition.
    #[must_use]
    pub fn filtered(mut self, condition: &Condition) -> Self {
        let first = self.values.len();
        let numbers = 1..=condition.values.len();
        let text = numbers.fold(condition.text.clone(), |text, number| {
            text.replace(&format!("{{{number}}}"), &format!("${}", first + number))
        });
        self.conditions.push(format!("({text})"));
        self.values.extend(condition.values.iter().cloned());
        self
    }

    /// Only those that follow this row in the order of [`Select::sorted`]: a cursor, which neither skips nor repeats rows
    /// when others come and go.
    #[must_use]
    pub fn after(mut self, (field, value): (&str, Stored), id: &str, direction: Direction) -> Self {
        let (key, first) = (self.name("id"), 1 + self.values.len());
        let than = if direction == Direction::Ascending { ">" } else { "<" };
        let (column, value_of) = (self.key(field), self.key_of(field, &format!("${first}")));
        self.conditions.push(format!("({column}, {key}) {than} ({value_of}, ${})", first + 1));
        let (form, stored) = (self.form(field), Stored::Text(id.to_owned()));
        self.values.push(Value { stored: value, form });
        self.values.push(Value { stored, form: self.form("id") });
        self
    }

    /// In the order of this field; the id decides between equals.
    #[must_use]
    pub fn sorted(mut self, field: &str, direction: Direction) -> Self {
        let (column, id, direction) = (self.key(field), self.name("id"), direction.sql());
        self.order = format!(" ORDER BY {column} {direction}, {id} {direction}");
        self
    }

    /// What rows are sorted by.
    fn key(&self, field: &str) -> String {
        self.key_of(field, &self.name(field))
    }

    fn key_of(&self, field: &str, name: &str) -> String {
        let column = self.table.column(field);
        column.map_or_else(|| name.to_owned(), |column| ordered(column, name))
    }

    /// The column of a field; a name that is not known stays as it is, and the database refuses it.
    fn name(&self, field: &str) -> String {
        quoted(self.table.column(field).map_or(field, |column| &column.name))
    }

    /// One page of them, with these columns; its parameters are [`Select::params`] of that page.
    pub fn list(&self, columns: &str) -> String {
        let (table, matching, order) = (quoted(&self.table.name), self.matches(), &self.order);
        let (limit, offset) = (1 + self.values.len(), 2 + self.values.len());
        format!("SELECT {columns} FROM {table}{matching}{order} LIMIT ${limit} OFFSET ${offset}")
    }

    /// How many there are; its parameters are [`Select::params`] of no page.
    pub fn count(&self) -> String {
        format!("SELECT COUNT(*) FROM {}{}", quoted(&self.table.name), self.matches())
    }

    /// The values that the conditions compare with, and the page.
    pub fn params(&self, page: Option<Page>) -> Vec<Param<'_>> {
        let page = page.map(|page| [page.limit, page.offset]).into_iter().flatten();
        let values = self.values.iter().map(Value::param);
        values.chain(page.map(|number| i64::from(number).into())).collect()
    }

    fn matches(&self) -> String {
        match self.conditions.as_slice() {
            [] => String::new(),
            conditions => format!(" WHERE {}", conditions.join(" AND ")),
        }
    }
}

/// Text in a pattern that stands for itself.
fn escaped(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_finds_its_wildcards_as_they_are_written() {
        let pattern = Operator::Contains.pattern("50%_!a");
        assert_eq!(pattern.as_deref(), Some("%50!%!_!!a%"));
    }
}
