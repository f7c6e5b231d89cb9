//! The statements of the core, on every layout that a configuration can name.

use super::*;
use crate::database::Clock;
use crate::database::Database;
use crate::database::DatabaseError;
use crate::database::Dialect;
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
    config.session.additional_fields = serde_json::from_value(added.clone()).unwrap();
    config.account.additional_fields = serde_json::from_value(added.clone()).unwrap();
    config.verification.additional_fields = serde_json::from_value(added).unwrap();
    config
}

/// The same with other names and other ids.
fn layouts() -> [Config; 4] {
    let mut plural = config();
    plural.database.use_plural = true;
    plural.database.casing = crate::config::Casing::Snake;
    plural.advanced.database.generate_id = crate::config::GenerateId::Serial;
    let mut named = config();
    named.user.model_name = Some(r#"the "people""#.to_owned());
    named.session.fields.insert("userId".to_owned(), "person".to_owned());
    named.advanced.database.generate_id = crate::config::GenerateId::Uuid;
    let mut by_default = config();
    by_default.advanced.database.generate_id = crate::config::GenerateId::Database;
    [config(), plural, named, by_default]
}

/// Runs on each kind of database, with the tables of this configuration created.
fn each_database(config: &Config, run: impl Fn(&Database)) {
    let folder = tempfile::tempdir().unwrap();
    let file = Database::sqlite(folder.path().join("a.db"), Clock::SYSTEM);
    let server = Postgres::database();
    for database in [file].into_iter().chain(server.as_ref().map(Postgres::open)) {
        let mut config = config.clone();
        if database.dialect() == Dialect::Postgres {
            config.database.url = "postgres://localhost/a".to_owned().into();
        }
        let (tables, statements) = bound(&config, Vec::new()).into_parts();
        let database = database.with(statements);
        schema::migrate(&database, tables.configured()).unwrap();
        schema::migrate(&database, &[schema::database_copy()]).unwrap();
        run(&database);
    }
}

#[test]
fn every_statement_fits_every_layout_and_first_names_its_parameters_in_rising_order() {
    for config in layouts() {
        each_database(&config, |database| {
            let catalog = bound(&config, Vec::new());
            assert!(database.read(|tx| catalog.tables().look(tx)).unwrap());
            let whole = catalog.tables().configured().iter().flat_map(|table| {
                crate::rows::any_table::AnyTable::new(table, Vec::new()).statements()
            });
            let bound = catalog.texts().into_iter().map(|text| text.to_string());
            let tables = catalog.tables().configured();
            let declared = database.read(|tx| schema::declared(tx, tables)).unwrap();
            let others: Vec<&Table> = tables.iter().collect();
            let checked = tables.iter().zip(&declared).flat_map(|(table, declared)| {
                CheckedTable::new(table, declared.as_ref().unwrap(), &others).statements()
            });
            for sql in bound.chain(whole).chain(checked) {
                let names = parameters(&sql);
                assert!(names.iter().copied().eq(1..=names.len()), "{sql}");
                let nulls = vec![Param::Null; names.len()];
                let explain = format!("EXPLAIN {sql}");
                let explained =
                    database.read(|tx| tx.list(&explain, &nulls, |row| row.optional_text(0)));
                assert!(explained.is_ok(), "{sql}: {explained:?}");
            }
        });
    }
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

/// Times before and after 2026-11-01, in every form that a program writes into SQLite.
const FORMS: [[&str; 2]; 8] = [
    ["'2026-10-31T23:59:59.999Z'", "'2026-11-01T00:00:00.001Z'"],
    ["'2026-10-31T23:59:59.999+00:00'", "'2026-11-01T00:00:00.001+00:00'"],
    ["'2026-11-01T00:59:59.000+01:00'", "'2026-10-31T23:59:59.000-01:00'"],
    ["'2026-10-31 23:59:59'", "'2026-11-01 00:00:01'"],
    ["'2026-10-31 23:59:59.999'", "'2026-11-01 00:00:00.001'"],
    ["1793491199", "1793491201"],
    ["1793491199999", "1793491200001"],
    ["1793491199.5", "1793491200.5"],
];

#[test]
fn what_is_swept_is_over_in_whatever_form_its_time_is_written() {
    // The form of most rows decides how the column is read and written.
    for most in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let now = Timestamp::parse("2026-11-01T00:00:00.000Z").unwrap();
        let (tables, statements) = bound(&config(), Vec::new()).into_parts();
        let file = folder.path().join("a.db");
        let database = Database::sqlite(file, Clock::fixed(now)).with(statements);
        schema::migrate(&database, tables.configured()).unwrap();
        let times = FORMS.iter().chain([&most; 9]).flatten();
        let insert = |time: &&str, id: usize| {
            format!(
                r#"INSERT INTO "verification" VALUES ('{id}', 'x', 'y', {time}, {time}, {time}, NULL, '[]')"#
            )
        };
        let rows: Vec<String> = times.zip(0..).map(|(time, id)| insert(time, id)).collect();
        let done: Result<(), DatabaseError> =
            database.write(|tx| rows.iter().try_for_each(|sql| tx.execute(sql, &[]).map(drop)));
        done.unwrap();
        let deleted = database.write(verification::delete_expired);
        let left = r#"SELECT "id" FROM "verification""#;
        let left: Result<Vec<i64>, DatabaseError> =
            database.read(|tx| tx.list(left, &[], |row| Ok(row.text(0)?.parse().unwrap_or(-1))));
        // What is over has an even id; in a column of another form it may stay for a while, but nothing else goes.
        let left = left.unwrap();
        assert_eq!(left.iter().filter(|id| *id % 2 == 1).count(), rows.len() / 2, "{most:?}");
        assert!(4 <= deleted.unwrap(), "{most:?}: {left:?}");
    }
}

#[test]
fn a_text_that_cannot_be_an_id_ends_no_sessions() {
    let [_, serial, uuid, _] = layouts();
    for mut config in [serial, uuid] {
        config.user.additional_fields.clear();
        config.session.additional_fields.clear();
        each_database(&config, |database| {
            let ended: Result<(Vec<u64>, u64), DatabaseError> = database.write(|tx| {
                let user_id = signed_in(tx)?;
                let of = |id| session::Revocation { user_id: Some(id), ..Default::default() };
                let others = ["nobody", "", "07"].map(|id| session::end(tx, of(id)));
                Ok((others.into_iter().collect::<Result<_, _>>()?, session::end(tx, of(&user_id))?))
            });
            assert_eq!(ended, Ok((vec![0; 3], 1)));
        });
    }
}

/// Makes a user with a session, and answers the id.
fn signed_in(tx: &mut crate::database::Tx<'_>) -> Result<String, DatabaseError> {
    let mut user = User {
        id: crate::crypto::random::id(),
        name: String::new(),
        email: "ada@example.com".to_owned(),
        email_verified: false,
        image: None,
        created_at: tx.now(),
        updated_at: tx.now(),
        additional: crate::rows::Additional::default(),
    };
    user::insert(tx, &mut user)?;
    let mut session = Session {
        id: crate::crypto::random::id(),
        user_id: user.id.clone(),
        token: "a token".to_owned(),
        expires_at: tx.now().after(std::time::Duration::from_secs(60)),
        created_at: tx.now(),
        updated_at: tx.now(),
        ip_address: None,
        user_agent: None,
        additional: crate::rows::Additional::default(),
    };
    session::insert(tx, &mut session)?;
    Ok(user.id)
}

#[test]
fn every_list_can_be_filtered_sorted_and_counted() {
    for config in layouts() {
        each_database(&config, |database| database.read(lists).unwrap());
    }
}

fn lists(tx: &mut crate::database::Tx<'_>) -> Result<(), DatabaseError> {
    for search in [None, Some("a".to_owned())] {
        for sort in [UserField::Name, UserField::Email, UserField::CreatedAt, UserField::UpdatedAt]
        {
            let filter = UserFilter { search: search.clone(), sort, ..UserFilter::default() };
            assert_eq!(user::list(tx, &filter, PAGE)?, []);
            assert_eq!(user::count(tx, &filter)?, 0);
        }
    }
    for user_id in [None, Some("a".to_owned())] {
        for alive_at in [None, Some(Timestamp::EPOCH)] {
            for sort in [SessionField::CreatedAt, SessionField::UpdatedAt, SessionField::ExpiresAt]
            {
                let direction = Direction::Ascending;
                let filter = SessionFilter { user_id: user_id.clone(), alive_at, sort, direction };
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
