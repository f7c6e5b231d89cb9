//! The rows and their SQL, one file per table; nobody else writes any.
//!
//! A statement is a constant beside the function that runs it, or, where the configuration adds columns,
//! a text that is put together once at start. It is the same for every database: quoted names, `$1`
//! parameters that first appear in rising order, `RETURNING`, no clock and no randomness of the
//! database's own. What a secondary storage keeps has files of its own: keys and JSON instead of SQL.

pub mod account;
pub mod attempts;
pub mod copied;
mod fields;
pub mod outbox;
pub mod rate_limit;
pub mod session;
pub mod session_copy;
pub mod user;
pub mod user_query;
pub mod verification;
pub mod verification_copy;
pub mod whole;

use std::cmp::Ordering;

pub use account::Account;
pub use fields::Additional;
pub use session::Session;
pub use session::SessionWithUser;
pub use user::User;

/// The page of a list: how many rows, after how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Rows at most.
    pub limit: u32,
    /// Rows passed over first.
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

/// What a person typed as a search, as a pattern of `LIKE … ESCAPE '!'` that finds it anywhere.
fn like_pattern(search: &str) -> String {
    format!("%{}%", escaped(search))
}

/// Text in such a pattern that stands for itself.
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
    use crate::database::Clock;
    use crate::database::Database;
    use crate::postgres_of_tests::Postgres;
    use crate::schema;

    /// Constants that are a part of statements and none by themselves.
    const PIECES: usize = 9;
    /// Statements that are put together at start or at use.
    const BUILT: usize = 8 + 2 + 8;

    #[test]
    fn every_statement_fits_the_schema_and_first_names_its_parameters_in_rising_order() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = crate::config::Config::default();
        config.rate_limit.storage = Some(crate::config::RateLimitStorage::Database);
        config.email.transport = Some(crate::config::Transport::Smtp);
        let added = serde_json::json!({
            "age": {"type": "number", "required": false},
            "tags": {"type": "string[]", "defaultValue": [], "fieldName": "labels"},
        });
        config.user.additional_fields = serde_json::from_value(added.clone()).unwrap();
        config.session.additional_fields = serde_json::from_value(added).unwrap();
        let file = Database::sqlite(folder.path().join("a.db"), Clock::SYSTEM);
        let server = Postgres::database();
        let databases: Vec<Database> =
            [file].into_iter().chain(server.as_ref().map(Postgres::open)).collect();
        for database in &databases {
            schema::migrate(database, &schema::needed(&config)).unwrap();
            schema::migrate(database, &[schema::database_copy()]).unwrap();
        }
        let users = user::Users::new(&config.user.additional_fields);
        let sessions = session::Sessions::new(&config.session.additional_fields, &users);
        let statements = [
            users.statements(),
            users.searches(),
            sessions.statements(),
            account::statements(),
            attempts::statements(),
            copied::statements(),
            rate_limit::statements(),
            verification::statements(),
            outbox::statements(),
            schema::needed(&config)
                .iter()
                .flat_map(|table| whole::Whole::new(table).statements())
                .collect(),
        ]
        .concat();
        for sql in &statements {
            let names = parameters(sql);
            assert!(names.iter().copied().eq(1..=names.len()), "{sql}");
            let nulls = vec![crate::database::Param::Null; names.len()];
            for database in &databases {
                let explained = database.read(|tx| {
                    tx.list(&format!("EXPLAIN {sql}"), &nulls, |row| row.optional_text(0))
                });
                assert!(explained.is_ok(), "{sql}: {explained:?}");
            }
        }
        let sources = [
            include_str!("user.rs"),
            include_str!("session.rs"),
            include_str!("account.rs"),
            include_str!("attempts.rs"),
            include_str!("copied.rs"),
            include_str!("rate_limit.rs"),
            include_str!("verification.rs"),
            include_str!("outbox.rs"),
        ];
        let constants: usize = sources.iter().map(|text| text.matches(": &str =").count()).sum();
        let whole = 8 * schema::needed(&config).len();
        assert_eq!(
            statements.len(),
            constants - PIECES + BUILT + whole,
            "a statement is not in the test"
        );
    }

    /// The numbers behind `$`, in the order in which they first appear.
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
    fn a_search_finds_its_wildcards_as_they_are_written() {
        assert_eq!(like_pattern("50%_!a"), "%50!%!_!!a%");
    }
}
