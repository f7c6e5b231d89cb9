//! Rows and their SQL, one file per table. No other room contains SQL of these tables.
//!
//! Statements are texts beside the functions that run them; the names of the deployment are filled in at first use.
//! They are the same for every database: `$1` parameters that first appear in ascending order, `RETURNING`, and neither
//! clock nor randomness of the database. Copies in secondary storage have files of their own, with keys and JSON
//! instead of SQL.

pub mod account;
pub mod attempts;
pub mod copied;
pub mod linked_account;
mod mark;
pub mod outbox;
pub mod rate_limit;
pub mod session;
pub mod session_copy;
mod session_list;
pub mod user;
pub mod user_query;
pub mod verification;
pub mod verification_copy;

use crate::config::Config;
use crate::rows::Catalog;
use crate::schema;
use crate::schema::Table;

pub use account::Account;
pub use session::Session;
pub use session::SessionWithUser;
pub use user::User;

/// Binds every statement of the core to the tables of the core and of plugins.
pub fn bound(config: &Config, tables: Vec<Table>) -> Catalog {
    let mut catalog =
        Catalog::new(schema::named([schema::needed(config), tables].concat(), config));
    catalog.add::<user::Sql>();
    catalog.add::<session::Sql>();
    catalog.add::<account::Sql>();
    catalog.add::<linked_account::Sql>();
    catalog.add::<verification::Sql>();
    catalog.add::<attempts::Sql>();
    catalog.add::<rate_limit::Sql>();
    catalog.add::<outbox::Sql>();
    catalog.add_to::<copied::Sql>(schema::database_copy);
    catalog
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::Clock;
    use crate::database::Database;
    use crate::database::DatabaseError;
    use crate::database::Param;
    use crate::database::Timestamp;
    use crate::postgres_of_tests::Postgres;
    use crate::rows::Direction;
    use crate::rows::Operator;
    use crate::rows::Page;
    use crate::rows::checked_table::CheckedTable;
    use session::SessionField;
    use session::SessionFilter;
    use user::UserField;
    use user::UserFilter;
    use user_query::Condition;
    use user_query::UserQuery;

    const PAGE: Page = Page { limit: 10, offset: 0 };

    /// A configuration with every optional column of the core.
    fn config() -> Config {
        let mut config = Config::default();
        config.rate_limit.storage = Some(crate::config::RateLimitStorage::Database);
        config.email.transport = Some(crate::config::Transport::Smtp);
        let added = serde_json::json!({
            "age": {"type": "number", "required": false},
            "tags": {"type": "string[]", "defaultValue": [], "fieldName": "labels"},
        });
        config.user.additional_fields = serde_json::from_value(added.clone()).unwrap();
        config.session.additional_fields = serde_json::from_value(added).unwrap();
        config
    }

    /// Runs on each kind of database, with the tables created.
    fn each_database(run: impl Fn(&Database)) {
        let folder = tempfile::tempdir().unwrap();
        let file = Database::sqlite(folder.path().join("a.db"), Clock::SYSTEM);
        let server = Postgres::database();
        for database in [file].into_iter().chain(server.as_ref().map(Postgres::open)) {
            let (tables, statements) = bound(&config(), Vec::new()).into_parts();
            let database = database.with(statements);
            schema::migrate(&database, &tables).unwrap();
            schema::migrate(&database, &[schema::database_copy()]).unwrap();
            run(&database);
        }
    }

    #[test]
    fn every_statement_fits_the_schema_and_first_names_its_parameters_in_rising_order() {
        let tables = schema::needed(&config());
        let whole = tables.iter().flat_map(|table| {
            crate::rows::any_table::AnyTable::new(table, Vec::new()).statements()
        });
        let whole: Vec<String> = whole.collect();
        each_database(|database| {
            let catalog = bound(&config(), Vec::new());
            assert!(database.read(|tx| catalog.tables().look(tx)).unwrap());
            let bound = catalog.texts().into_iter().map(|text| text.to_string());
            let declared = database.read(|tx| schema::declared(tx, &tables)).unwrap();
            let others: Vec<&Table> = tables.iter().collect();
            let checked = tables.iter().zip(&declared).flat_map(|(table, declared)| {
                CheckedTable::new(table, declared.as_ref().unwrap(), &others).statements()
            });
            for sql in &bound.chain(whole.clone()).chain(checked).collect::<Vec<_>>() {
                let names = parameters(sql);
                assert!(names.iter().copied().eq(1..=names.len()), "{sql}");
                let nulls = vec![Param::Null; names.len()];
                let explained = database.read(|tx| {
                    tx.list(&format!("EXPLAIN {sql}"), &nulls, |row| row.optional_text(0))
                });
                assert!(explained.is_ok(), "{sql}: {explained:?}");
            }
        });
    }

    /// The numbers after `$`, in order of first appearance.
    fn parameters(sql: &str) -> Vec<usize> {
        let mut numbers = Vec::new();
        for after in sql.split('$').skip(1) {
            let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
            let number = digits.parse().unwrap();
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        numbers
    }

    #[test]
    fn every_list_can_be_filtered_sorted_and_counted() {
        each_database(|database| database.read(lists).unwrap());
    }

    fn lists(tx: &mut crate::database::Tx<'_>) -> Result<(), DatabaseError> {
        for search in [None, Some("a".to_owned())] {
            for sort in
                [UserField::Name, UserField::Email, UserField::CreatedAt, UserField::UpdatedAt]
            {
                let filter = UserFilter { search: search.clone(), sort, ..UserFilter::default() };
                assert_eq!(user::list(tx, &filter, PAGE)?, []);
                assert_eq!(user::count(tx, &filter)?, 0);
            }
        }
        for user_id in [None, Some("a".to_owned())] {
            for alive_at in [None, Some(Timestamp::EPOCH)] {
                for sort in
                    [SessionField::CreatedAt, SessionField::UpdatedAt, SessionField::ExpiresAt]
                {
                    let direction = Direction::Ascending;
                    let filter =
                        SessionFilter { user_id: user_id.clone(), alive_at, sort, direction };
                    assert_eq!(session::list(tx, &filter, PAGE)?, []);
                    assert_eq!(session::count(tx, &filter)?, 0);
                }
            }
        }
        searches(tx)
    }

    fn searches(tx: &mut crate::database::Tx<'_>) -> Result<(), DatabaseError> {
        let condition = |operator, field: &str, values: &[&str]| Condition {
            field: field.to_owned(),
            operator,
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        let query = UserQuery {
            conditions: vec![
                condition(Operator::Contains, "name", &["a"]),
                condition(Operator::StartsWith, "email", &["a"]),
                condition(Operator::EndsWith, "image", &["a"]),
                condition(Operator::In, "email", &["a", "b"]),
                condition(Operator::NotIn, "_id", &["a", "b"]),
                condition(Operator::GreaterOrEqual, "createdAt", &["2026-01-01"]),
                condition(Operator::Equal, "emailVerified", &["true"]),
                condition(Operator::NotEqual, "name", &["a"]),
                condition(Operator::Less, "age", &["5"]),
                condition(Operator::LessOrEqual, "age", &["5"]),
                condition(Operator::Greater, "age", &["4"]),
            ],
            sort: Some(("name".to_owned(), Direction::Descending)),
        };
        assert_eq!(user_query::search(tx, &query, PAGE)?, Some((Vec::new(), 0)));
        for (field, operator, values) in [
            ("tags", Operator::Equal, &["a"][..]),
            ("nothing", Operator::Equal, &["a"]),
            ("age", Operator::Contains, &["1"]),
            ("age", Operator::Equal, &["one"]),
            ("name", Operator::Equal, &["a", "b"]),
            ("name", Operator::In, &[]),
        ] {
            let conditions = vec![condition(operator, field, values)];
            let query = UserQuery { conditions, sort: None };
            assert_eq!(user_query::search(tx, &query, PAGE)?, None, "{field} {operator:?}");
        }
        Ok(())
    }
}
