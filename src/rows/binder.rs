//! Fills the names of a deployment into the texts of statements.

use crate::database::Statement;
use crate::rows::Fields;
use crate::rows::Insert;
use crate::rows::Query;
use crate::rows::Record;
use crate::rows::Shape;
use crate::rows::Update;
use crate::schema::Table;

/// Knows the tables, and which of them a text is about.
///
/// In a text `{@}` is that table, `{field}` one of its columns, `{@model}` another table, and `{model.field}` a
/// column with its table before it. A name that is not known stays as it is, and the database refuses it.
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
        let statement = Statement::from(self.fill(text));
        self.texts.push(statement.clone());
        statement
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

    /// The same, with a column that only some databases have.
    pub fn insert_with<R: Record>(&self, column: &str) -> Insert<R> {
        Insert::with(self, column)
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
        let mut pieces = text.split('{');
        let mut filled = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            match piece.split_once('}').and_then(|(name, rest)| Some((self.name(name)?, rest))) {
                Some((name, rest)) => filled.extend([name.as_str(), rest]),
                None => filled.extend(["{", piece]),
            }
        }
        filled
    }

    fn name(&self, name: &str) -> Option<String> {
        if let Some(model) = name.strip_prefix('@') {
            let table = if model.is_empty() { Some(self.table) } else { self.table_of(model) };
            return table.map(|table| quoted(&table.name));
        }
        let Some((model, field)) = name.split_once('.') else {
            return Some(quoted(&self.table.column(name)?.name));
        };
        let table = self.table_of(model)?;
        Some([quoted(&table.name), quoted(&table.column(field)?.name)].join("."))
    }

    fn table_of(&self, model: &str) -> Option<&'a Table> {
        self.tables.iter().find(|table| table.model == model)
    }
}

/// A name as it stands in SQL.
pub(crate) fn quoted(name: &str) -> String {
    ["\"", &name.replace('"', r#""""#), "\""].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Column;
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
