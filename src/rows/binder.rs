//! Fills the names of a deployment into the texts of statements.

use crate::database::Form;
use crate::database::Statement;
use crate::rows::Fields;
use crate::rows::Insert;
use crate::rows::Query;
use crate::rows::Record;
use crate::rows::Shape;
use crate::rows::Update;
use crate::rows::comparison::compared;
use crate::rows::comparison::compared_before;
use crate::rows::comparison::compared_with;
use crate::rows::comparison::mirrored;
use crate::rows::comparison::ordered;
use crate::schema::Column;
use crate::schema::Table;
use crate::schema::quoted;

/// Knows the tables, and which of them a text is about.
///
/// In a text `{@}` is that table, `{field}` one of its columns, `{@model}` another table, and `{model.field}` a
/// column with its table before it. A parameter that is compared with a column, or assigned to it, takes the form of
/// its values; `{$2 field}` says so where it stands elsewhere. `{order field}` is what rows are sorted by. A name that
/// is not known stays as it is, and the database refuses it.
pub struct Binder<'a> {
    tables: &'a [Table],
    table: &'a Table,
    texts: &'a mut Vec<Statement>,
}

impl<'a> Binder<'a> {
    pub(super) fn new(
        tables: &'a [Table],
        table: &'a Table,
        texts: &'a mut Vec<Statement>,
    ) -> Self {
        Self { tables, table, texts }
    }

    /// The table.
    pub fn table(&self) -> &'a Table {
        self.table
    }

    /// What was added to the table, for a statement that writes new rows itself.
    pub fn added(&self) -> Fields {
        Fields::added_to(self.table)
    }

    /// A statement.
    pub fn statement(&mut self, text: &str) -> Statement {
        let statement = self.unlisted(text);
        self.list(statement)
    }

    /// Lists a statement among those that can be prepared.
    pub(super) fn list(&mut self, statement: Statement) -> Statement {
        self.texts.push(statement.clone());
        statement
    }

    /// A statement that not every deployment could prepare.
    pub fn unlisted(&self, text: &str) -> Statement {
        let filled = self.filled(text);
        Statement::new(filled.text, filled.forms)
    }

    /// A statement that answers rows of this type; `{*}` are their columns.
    pub fn query<R: Record>(&mut self, text: &str) -> Query<R> {
        let shape = self.shape::<R>();
        let statement = self.statement(&text.replace("{*}", &shape.columns));
        Query { statement, shape }
    }

    /// Writes a new row of this type, with the columns that were added to the table.
    pub fn insert<R: Record>(&mut self) -> Insert<R> {
        Insert::new(self)
    }

    /// Writes these fields of a row, and the columns that were added, where `key` is the row's own.
    pub fn update<R: Record>(&mut self, fields: &[&'static str], key: &'static str) -> Update<R> {
        Update::new(self, fields, key)
    }

    /// How rows of this type are read, for statements that answer more than one of them.
    pub fn shape<R: Record>(&self) -> Shape<R> {
        let table = self.table_of(R::MODEL).unwrap_or(self.table);
        Shape::new(table)
    }

    /// A piece of a statement.
    pub fn fill(&self, text: &str) -> String {
        self.filled(text).text
    }

    /// A text with names, and the forms of the parameters that stand beside a column.
    pub(super) fn filled(&self, text: &str) -> Filled {
        let mut filled = Filled::default();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            filled.text.push_str(before);
            rest = if let Some((name, behind)) = after.split_once('}') {
                self.put(&mut filled, name, behind)
            } else {
                filled.text.push('{');
                after
            };
        }
        filled.text.push_str(rest);
        filled
    }

    /// Puts what stands in braces, and answers the text that is left behind it.
    fn put<'t>(&self, filled: &mut Filled, name: &str, behind: &'t str) -> &'t str {
        if let Some((parameter, field)) = name.split_once(' ') {
            // `{$2 expiresAt}`, `{order createdAt}`
            return match (parameter, self.column(field)) {
                ("order", Some(column)) => {
                    filled.text.push_str(&ordered(column.is, &column.name));
                    behind
                }
                (parameter, Some(column)) => {
                    filled.text.push_str(parameter);
                    filled.take(parameter, column.is);
                    behind
                }
                (_, None) => filled.keep(name, behind),
            };
        }
        if let Some(model) = name.strip_prefix('@') {
            let table = if model.is_empty() { Some(self.table) } else { self.table_of(model) };
            return match table {
                Some(table) => {
                    filled.text.push_str(&quoted(&table.name));
                    behind
                }
                None => filled.keep(name, behind),
            };
        }
        let Some(column) = self.column(name) else {
            return filled.keep(name, behind);
        };
        if let Some((operator, parameter, behind)) = compared_with(behind) {
            filled.compare(&column, operator, parameter);
            return behind;
        }
        if let Some((begin, parameter, operator)) = compared_before(&filled.text) {
            let parameter = parameter.to_owned();
            filled.text.truncate(begin);
            filled.compare(&column, mirrored(operator), &parameter);
            return behind;
        }
        filled.text.push_str(&column.name);
        behind
    }

    fn column(&self, name: &str) -> Option<Named<'a>> {
        let Some((model, field)) = name.split_once('.') else {
            let is = self.table.column(name)?;
            return Some(Named { is, name: quoted(&is.name) });
        };
        let table = self.table_of(model)?;
        let is = table.column(field)?;
        Some(Named { is, name: [quoted(&table.name), quoted(&is.name)].join(".") })
    }

    fn table_of(&self, model: &str) -> Option<&'a Table> {
        self.tables.iter().find(|table| table.model == model)
    }
}

/// A column, and its name as it stands in SQL.
struct Named<'a> {
    is: &'a Column,
    name: String,
}

/// A text with the names of a deployment.
#[derive(Default)]
pub(super) struct Filled {
    pub(super) text: String,
    /// The forms of its parameters, in the order of their numbers.
    pub(super) forms: Vec<Form>,
}

impl Filled {
    /// A name that is not known stays as it is.
    fn keep<'t>(&mut self, name: &str, behind: &'t str) -> &'t str {
        self.text.extend(["{", name, "}"]);
        behind
    }

    /// Compares a column with a parameter, or assigns it.
    fn compare(&mut self, column: &Named<'_>, operator: &str, parameter: &str) {
        self.take(parameter, column.is);
        self.text.push_str(&compared(column.is, &column.name, operator, parameter));
    }

    /// Gives a parameter the form of a column. Every parameter belongs to one: two columns may have two forms.
    fn take(&mut self, parameter: &str, column: &Column) {
        let digits = parameter.trim_matches(|c: char| !c.is_ascii_digit());
        let Some(at) = digits.parse().ok().and_then(|number: usize| number.checked_sub(1)) else {
            return;
        };
        if self.forms.len() <= at {
            self.forms.resize(at + 1, Form::Native);
        }
        if let Some(form) = self.forms.get_mut(at) {
            *form = column.form;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Fill;
    use crate::schema::Kind;

    #[test]
    fn names_are_those_of_the_deployment_and_unknown_ones_stay() {
        let id = || Column::new("id", Kind::Text, Fill::Nothing);
        let user = Table::new("user", vec![id()]).named(r#"auth"users"#);
        let owner = Column::new("userId", Kind::Text, Fill::Nothing).named("user_id");
        let tables = [user, Table::new("session", vec![id(), owner])];
        let mut texts = Vec::new();
        let mut binder = Binder::new(&tables, &tables[1], &mut texts);
        let text =
            "SELECT {session.userId} FROM {@} JOIN {@user} ON {user.id} = {userId} WHERE {x} = $1";
        let statement = binder.statement(text);
        let expected = r#"SELECT "session"."user_id" FROM "session" JOIN "auth""users" ON "auth""users"."id" = "user_id" WHERE {x} = $1"#;
        assert_eq!(&*statement, expected);
        assert_eq!(texts, [statement]);
    }
}
