//! `adopt`, and what `migrate` and `serve` do beside tables of Better Auth that have other names.

use better_auth::database::DatabaseError;
use serde_json::json;

use crate::harness::Folder;

/// Tables as Better Auth's generator for Drizzle has them on SQLite: other spelling, times as milliseconds.
const DRIZZLE: &[&str] = &[
    "CREATE TABLE `user` (`id` text PRIMARY KEY NOT NULL, `name` text NOT NULL, `email` text NOT NULL UNIQUE,
        `email_verified` integer DEFAULT false NOT NULL, `image` text, `created_at` integer NOT NULL,
        `updated_at` integer NOT NULL)",
    "CREATE TABLE `session` (`id` text PRIMARY KEY NOT NULL, `expires_at` integer NOT NULL, `token` text NOT NULL UNIQUE,
        `created_at` integer NOT NULL, `updated_at` integer NOT NULL, `ip_address` text, `user_agent` text,
        `user_id` text NOT NULL REFERENCES `user` (`id`) ON DELETE cascade)",
    "CREATE TABLE `account` (`id` text PRIMARY KEY NOT NULL, `account_id` text NOT NULL, `provider_id` text NOT NULL,
        `user_id` text NOT NULL REFERENCES `user` (`id`) ON DELETE cascade, `access_token` text, `refresh_token` text,
        `id_token` text, `access_token_expires_at` integer, `refresh_token_expires_at` integer, `scope` text,
        `password` text, `created_at` integer NOT NULL, `updated_at` integer NOT NULL)",
    "CREATE TABLE `verification` (`id` text PRIMARY KEY NOT NULL, `identifier` text NOT NULL, `value` text NOT NULL,
        `expires_at` integer NOT NULL, `created_at` integer NOT NULL, `updated_at` integer NOT NULL)",
    "CREATE INDEX `session_userId_idx` ON `session` (`user_id`)",
    "CREATE INDEX `account_userId_idx` ON `account` (`user_id`)",
    "CREATE INDEX `verification_identifier_idx` ON `verification` (`identifier`)",
    "INSERT INTO `user` VALUES ('u1', 'Ada', 'ada@example.com', 1, NULL, 1793527200123, 1793527200123)",
    "INSERT INTO `session` VALUES ('s1', 4071006245678, 'a token', 1793527200123, 1793527200123, '', '', 'u1')",
];

fn holding(statements: &[&str]) -> Folder {
    let folder = Folder::on_file();
    let database = folder.database();
    database.create().unwrap();
    let done: Result<(), DatabaseError> =
        database.write(|tx| statements.iter().try_for_each(|sql| tx.execute(*sql, &[]).map(drop)));
    done.unwrap();
    folder
}

fn tables(folder: &Folder) -> Vec<String> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    let tables: Result<Vec<String>, DatabaseError> =
        folder.database().read(|tx| tx.list(sql, &[], |row| row.text(0)));
    tables.unwrap()
}

#[test]
fn what_adopt_writes_opens_the_database() {
    let folder = holding(DRIZZLE);
    let adopted = folder.run(&["adopt", "--write"]).succeeded();
    for said in ["made by Drizzle", "table session, ids as text, times as milliseconds"] {
        assert!(adopted.stderr.contains(said), "{adopted:?}");
    }
    assert!(adopted.stderr.contains("can be used as it is"), "{adopted:?}");
    let written = std::fs::read_to_string(folder.path("better-auth.toml")).unwrap();
    assert!(written.ends_with("\n[database]\ncasing = \"snake\"\n"), "{written}");
    let status = folder.run(&["migrate", "status"]).succeeded();
    assert!(status.stderr.contains("is up to date"), "{status:?}");
    let listed = folder.run(&["users", "list", "--json"]).succeeded().json();
    assert_eq!(listed["users"][0]["createdAt"], "2026-11-01T10:00:00.123Z");
    let sessions = folder.run(&["sessions", "list", "--json"]).succeeded().json();
    assert_eq!(sessions["sessions"].as_array().map(Vec::len), Some(1));
    folder.create_user("new@example.com");
    let sql = "SELECT typeof(created_at) FROM user WHERE email = 'new@example.com'";
    let form: Result<Option<String>, DatabaseError> =
        folder.database().read(|tx| tx.find(sql, &[], |row| row.text(0)));
    assert_eq!(form.unwrap().as_deref(), Some("integer"));
    folder.run(&["adopt", "--write"]).failed(4, "better-auth.toml already exists");
}

#[test]
fn adopt_prints_the_configuration_and_for_programs_all_that_it_found() {
    let folder = holding(DRIZZLE);
    let printed = folder.run(&["adopt"]).succeeded();
    assert!(printed.stdout.ends_with("\n[database]\ncasing = \"snake\"\n"), "{printed:?}");
    assert!(!folder.path("better-auth.toml").exists());
    let found = folder.run(&["adopt", "--json"]).succeeded().json();
    assert_eq!(found["madeBy"], "Drizzle");
    assert_eq!(found["configuration"], json!({"database": {"casing": "snake"}}));
    assert_eq!(found["models"][0]["fields"]["emailVerified"], "email_verified");
    assert_eq!((&found["steps"], &found["problems"]), (&json!([]), &json!([])));
}

#[test]
fn no_second_set_of_tables_is_made_beside_one_under_other_names() {
    for (change, option) in [
        ("", r#"database.casing = "snake""#),
        ("plural", "database.usePlural = true"),
        ("renamed", r#"user.fields.email = "email_address""#),
        ("user named", r#"user.modelName = "people""#),
    ] {
        let plural = |sql: &str| {
            ["user", "session", "account", "verification"]
                .iter()
                .fold(sql.to_owned(), |sql, name| {
                    sql.replace(&format!("`{name}`"), &format!("`{name}s`"))
                })
        };
        let changed = |sql: &&str| match change {
            "plural" => plural(sql),
            "renamed" => sql.replace("`email` text", "`email_address` text"),
            "user named" => sql.replace("`user`", "`people`"),
            _ => (*sql).to_owned(),
        };
        let statements: Vec<String> = DRIZZLE.iter().map(changed).collect();
        let folder = holding(&statements.iter().map(String::as_str).collect::<Vec<_>>());
        let before = tables(&folder);
        for words in [&["migrate", "--yes"][..], &["users", "list"], &["serve", "--port", "0"]] {
            let refused = folder.run(words).failed(1, "look like Better Auth's, made by Drizzle");
            assert!(refused.stderr.contains(option), "{change}: {refused:?}");
            assert!(refused.stderr.contains("`better-auth adopt`"), "{refused:?}");
        }
        assert_eq!(tables(&folder), before);
        folder.run(&["adopt", "--write"]).succeeded();
        let listed = folder.run(&["users", "list", "--json"]).succeeded().json();
        assert_eq!(listed["users"][0]["email"], "ada@example.com", "{change}");
    }
}

#[test]
fn tables_of_an_application_are_not_taken_for_those_of_better_auth() {
    let folder = holding(&[
        "CREATE TABLE users (id integer PRIMARY KEY, name text, email text NOT NULL, created_at text)",
        "CREATE TABLE sessions (id integer PRIMARY KEY, user_id integer, data text)",
    ]);
    let refused = folder.run(&["adopt"]).failed(3, "looks like tables of Better Auth");
    assert!(refused.stderr.contains("better-auth migrate"), "{refused:?}");
    folder.run(&["migrate", "--yes"]).succeeded();
    assert!(tables(&folder).contains(&"user".to_owned()));
}

#[test]
fn numbers_as_ids_need_their_option_and_then_the_database_makes_them() {
    let numbered = |sql: &&str| {
        sql.replace("`id` text PRIMARY KEY", "`id` integer PRIMARY KEY")
            .replace("`user_id` text", "`user_id` integer")
            .replace("'u1'", "7")
            .replace("'s1'", "1")
    };
    let statements: Vec<String> = DRIZZLE.iter().map(numbered).collect();
    let folder = holding(&statements.iter().map(String::as_str).collect::<Vec<_>>());
    folder.run(&["migrate", "status"]).failed(1, r#"advanced.database.generateId = "serial""#);
    folder.run(&["adopt", "--write"]).succeeded();
    let made = folder.create_user("new@example.com");
    assert_eq!(made["id"], "8", "{made}");
    for other in ["07", "7.0", "+7", "nobody"] {
        folder.run(&["users", "show", other]).failed(3, "no user");
        folder.run(&["sessions", "revoke", "--user", other, "--yes"]);
    }
    let sessions = folder.run(&["sessions", "list", "--json"]).succeeded().json();
    assert_eq!(sessions["sessions"][0]["id"], "1", "{sessions}");
    folder.run(&["users", "delete", "7", "--yes"]).succeeded();
}

#[test]
fn names_that_no_database_has_and_fields_that_no_model_has_are_refused() {
    let folder = Folder::on_file();
    for (config, said) in [
        (
            json!({"user": {"fields": {"mail": "email_address"}}}),
            "user.fields.mail: user has no such field",
        ),
        (json!({"user": {"fields": {"id": "user_id"}}}), "user.fields.id: user has no such field"),
        (json!({"user": {"modelName": ""}}), "user.modelName: expected a name of 1 to 63 bytes"),
        (
            json!({"session": {"modelName": "User"}}),
            "session.modelName: User is the table of user, too",
        ),
        (json!({"user": {"fields": {"email": "name"}}}), "name is the column of name, too"),
        (
            json!({"advanced": {"database": {"generateId": "random"}}}),
            r#"expected "uuid", "serial" or false"#,
        ),
    ] {
        folder.configure(&config);
        folder.run(&["users", "list"]).failed(2, said);
    }
}

#[test]
fn an_empty_table_that_looks_alike_is_not_taken_for_the_users() {
    let alike = "CREATE TABLE `x_user` (`id` text PRIMARY KEY, `name` text NOT NULL, `email` text NOT NULL UNIQUE,
        `email_verified` integer NOT NULL, `image` text, `created_at` integer NOT NULL, `updated_at` integer NOT NULL)";
    let folder = holding(&[DRIZZLE, &[alike]].concat());
    let found = folder.run(&["adopt", "--json"]).succeeded().json();
    assert_eq!(found["models"][0]["table"], "user");
    // Named on purpose, it is still not what the sessions refer to: nothing may be deleted by it.
    folder.configure(&json!({"database": {"casing": "snake"}, "user": {"modelName": "x_user"}}));
    let said = "session.user_id refers to the table user, not to x_user";
    folder.run(&["users", "list"]).failed(1, said);
    folder.run(&["db", "check", "--fix", "--delete-orphans", "--yes"]).failed(1, said);
    folder.configure(&json!({"database": {"casing": "snake", "usePlural": true}}));
    folder.run(&["migrate", "--yes"]).failed(1, "look like Better Auth's");
}

#[test]
fn an_unknown_name_of_the_address_does_not_hide_the_other_tables() {
    let renamed = |sql: &&str| {
        let sql = sql.replace("`email` text", "`login` text");
        ["user", "session", "account", "verification"]
            .iter()
            .fold(sql, |sql, name| sql.replace(&format!("`{name}`"), &format!("`{name}s`")))
    };
    let statements: Vec<String> = DRIZZLE.iter().map(renamed).collect();
    let folder = holding(&statements.iter().map(String::as_str).collect::<Vec<_>>());
    let before = tables(&folder);
    folder.run(&["migrate", "--yes"]).failed(1, "database.usePlural = true");
    let adopted = folder.run(&["adopt", "--write"]).failed(1, "without email");
    assert!(adopted.stderr.contains("users has no column email"), "{adopted:?}");
    assert!(!folder.path("better-auth.toml").exists());
    assert_eq!(tables(&folder), before);
}

#[test]
fn what_adopt_does_not_know_is_no_field_that_clients_set() {
    let added = |sql: &&str| {
        sql.replace("`image` text", "`image` text, `vip_level` integer NOT NULL")
            .replace("1, NULL, 179", "1, NULL, 3, 179")
    };
    let statements: Vec<String> = DRIZZLE.iter().map(added).collect();
    let folder = holding(&statements.iter().map(String::as_str).collect::<Vec<_>>());
    let found = folder.run(&["adopt", "--json"]).succeeded().json();
    let field = &found["configuration"]["user"]["additionalFields"]["vip_level"];
    let expected = json!({
        "type": "number", "required": true, "input": false, "returned": false,
    });
    assert_eq!(*field, expected);
    folder.configure(
        &json!({"user": {"additionalFields": {"two_factor_enabled": {"type": "boolean"}}}}),
    );
    folder.run(&["users", "list"]).failed(2, "a client could set it; add input = false");
}

#[test]
fn ids_that_the_database_cannot_make_are_refused_before_a_row_is_written() {
    let folder = holding(DRIZZLE);
    for (ids, said) in [
        (json!("serial"), r#"advanced.database.generateId = "serial" needs whole numbers"#),
        (json!(false), "user.id has no default"),
    ] {
        let config =
            json!({"database": {"casing": "snake"}, "advanced": {"database": {"generateId": ids}}});
        folder.configure(&config);
        folder.run(&["migrate", "status"]).failed(1, said);
    }
}
