//! `db copy`

use std::path::Path;
use std::process::Command;
use std::process::Stdio;

use better_auth::Config;
use better_auth::database::Clock;
use better_auth::database::Database;
use better_auth::database::DatabaseError;
use better_auth::schema;
use serde_json::Value;
use serde_json::json;

use crate::harness::Folder;
use crate::harness::Postgres;
use crate::harness::patience::ended;
use crate::harness::server::Server;
use crate::harness::server::cookie;
use crate::harness::until;

/// Fields of every kind, under names of their own in the database.
const OPTIONS: &str = r#"{
    "user": {"additionalFields": {
        "score": {"type": "number", "required": false},
        "born": {"type": "date", "required": false, "fieldName": "birthday"},
        "isBeta": {"type": "boolean", "defaultValue": false},
        "settings": {"type": "json", "required": false},
        "tags": {"type": "string[]", "required": false}
    }},
    "rateLimit": {"storage": "database"}
}"#;

/// Users with what belongs to them, none like the other; some columns of some of them are empty.
pub(super) fn fill(folder: &Folder, users: u32) {
    std::fs::write(folder.path("better-auth.json"), OPTIONS).unwrap();
    folder.run(&["migrate"]).succeeded();
    let statements = [
        r#"INSERT INTO "user" ("id", "name", "email", "emailVerified", "image", "createdAt",
                "updatedAt", "score", "birthday", "isBeta", "settings", "tags")
            SELECT 'u' || i, 'Zoë Ω "' || i || '" 😀', 'u' || i || '@example.com', i % 2,
                CASE i % 3 WHEN 0 THEN NULL ELSE 'https://example.com/' || i END,
                strftime('%Y-%m-%dT%H:%M:%S', 1700000000 + i, 'unixepoch') || '.' || printf('%03d', i % 1000) || 'Z',
                '2023-11-23T13:22:46.875Z', CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN i + 0.25 ELSE i END,
                CASE i % 5 WHEN 0 THEN NULL ELSE '1990-01-02T03:04:05.006Z' END, i % 7 = 0,
                CASE i % 3 WHEN 0 THEN NULL ELSE '{"n": ' || i || ', "a":[1,2]}' END, '["a","ß"]' FROM n"#,
        r#"INSERT INTO "account" ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt")
            SELECT 'a' || i, 'u' || i, 'credential', 'u' || i, '$argon2id$' || i,
                '2023-11-23T13:22:46.000Z', '2023-11-23T13:22:46.001Z' FROM n"#,
        r#"INSERT INTO "session" ("id", "expiresAt", "token", "createdAt", "updatedAt", "ipAddress", "userAgent", "userId")
            SELECT 's' || i, '2099-01-01T00:00:00.000Z', 't' || i, '2023-11-23T13:22:46.000Z',
                '2023-11-23T13:22:46.000Z', NULLIF('192.0.2.' || (i % 9), '192.0.2.0'), '', 'u' || i FROM n"#,
        r#"INSERT INTO "verification" ("id", "identifier", "value", "expiresAt", "createdAt", "updatedAt")
            SELECT 'v' || i, 'reset-password:' || i, 'u' || i, '2099-01-01T00:00:00.000Z',
                '2023-11-23T13:22:46.000Z', '2023-11-23T13:22:46.000Z' FROM n WHERE i % 10 = 0"#,
        r#"INSERT INTO "rateLimit" ("id", "key", "count", "lastRequest")
            SELECT 'r' || i, '192.0.2.1|/' || i, 1, 1795440166800 + i FROM n WHERE i % 10 = 0"#,
    ];
    let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ";
    for sql in statements {
        execute(&folder.path("better-auth.db"), &format!("{numbers}{users}) {sql}"));
    }
}

pub(super) fn execute(file: &Path, sql: &str) {
    let done: Result<u64, DatabaseError> = database(file).write(|tx| tx.execute(sql, &[]));
    assert!(done.is_ok(), "{sql}: {done:?}");
}

fn database(file: &Path) -> Database {
    Database::sqlite(file, Clock::SYSTEM)
}

pub(super) fn count(file: &Path, table: &str) -> u64 {
    let sql = format!(r#"SELECT COUNT(*) FROM "{table}""#);
    let count = database(file).read(|tx| tx.find(&sql, &[], |row| row.integer(0)));
    count.ok().flatten().and_then(|count| u64::try_from(count).ok()).unwrap_or_default()
}

/// Every row of every table as text, in order: what the program itself says is not asked.
pub(super) fn rows(folder: &Folder, file: &str) -> Vec<String> {
    let config: Config = serde_json::from_str(OPTIONS).unwrap();
    let database = database(&folder.path(file));
    let mut all = Vec::new();
    for table in schema::needed(&config) {
        let names: Vec<String> = table
            .columns
            .iter()
            .map(|column| format!(r#"quote("{0}") || typeof("{0}")"#, column.name))
            .collect();
        let sql = format!(r#"SELECT {} FROM "{}" ORDER BY "id""#, names.join(" || "), table.name);
        all.extend(database.read(|tx| tx.list(&sql, &[], |row| row.text(0))).unwrap());
    }
    all
}

fn copied(answer: &Value) -> u64 {
    let tables = answer["tables"].as_array().unwrap();
    tables.iter().map(|table| table["copied"].as_u64().unwrap()).sum()
}

const COPY: [&str; 6] = ["db", "copy", "--to", "sqlite:new.db", "--yes", "--json"];

#[test]
fn every_row_arrives_and_a_second_copy_finds_nothing_to_do() {
    let folder = Folder::on_file();
    fill(&folder, 2000);
    let dry =
        folder.run(&["db", "copy", "--to", "sqlite:new.db", "--dry-run", "--json"]).succeeded();
    assert!(!folder.path("new.db").exists());
    assert_eq!((copied(&dry.json()), &dry.json()["verified"]), (6400, &json!(false)));

    let done = folder.run(&COPY).succeeded().json();
    assert_eq!((copied(&done), &done["verified"]), (6400, &json!(true)));
    assert_eq!(
        done["tables"][0],
        json!({"name": "user", "rows": 2000, "copied": 2000, "replaced": 0, "deleted": 0})
    );
    assert_eq!(done["leftOut"], json!([]));
    assert!(rows(&folder, "better-auth.db") == rows(&folder, "new.db"));
    assert_eq!(rows(&folder, "new.db").len(), 6400);

    let again = folder.run(&COPY).succeeded().json();
    assert_eq!((copied(&again), &again["verified"]), (0, &json!(true)));
    let list =
        folder.run(&["--database", "sqlite:new.db", "users", "list", "--json", "--limit", "1"]);
    assert_eq!(list.succeeded().json()["users"][0]["settings"]["n"], 2000);

    // And back: the other way round is the same command.
    let back = ["db", "copy", "--from", "sqlite:new.db", "--to", "sqlite:back.db", "--yes"];
    let said = folder.run(&back).succeeded();
    assert!(said.stdout.contains("user") && said.stdout.contains("2000"), "{said:?}");
    assert!(said.stderr.contains("has all 6400 rows"), "{said:?}");
    assert!(!said.stderr.contains('\r') && !said.stderr.contains('%'), "no bar: {said:?}");
    assert!(rows(&folder, "better-auth.db") == rows(&folder, "back.db"));
}

#[test]
fn a_source_that_is_not_there_is_a_slip_and_nothing_is_made() {
    let folder = Folder::on_file();
    let words = ["db", "copy", "--from", "typo.db", "--to", "new.db", "--yes"];
    let ran = folder.run(&words).failed(3, "error: there is no database at typo.db");
    assert!(!ran.stderr.contains("migrat"), "{ran:?}");
    folder
        .run(&["db", "copy", "--to", "new.db"])
        .failed(3, "there is no database at better-auth.db");
    assert!(["typo.db", "new.db", "better-auth.db"].iter().all(|name| !folder.path(name).exists()));
}

#[test]
fn a_target_with_other_data_is_refused_unless_it_is_to_be_merged() {
    let folder = Folder::on_file();
    fill(&folder, 30);
    folder.run(&["--database", "sqlite:new.db", "migrate"]).succeeded();
    let words =
        ["--database", "sqlite:new.db", "users", "create", "eve@example.com", "--name", "Eve"];
    let more = ["--password-stdin", "--json"];
    folder.run_with(&[&words[..], &more[..]].concat(), "correct horse battery\n").succeeded();
    folder.run(&COPY).failed(4, "the target holds other data");
    assert_eq!(count(&folder.path("new.db"), "user"), 1);
    let merged = folder.run(&[&COPY[..], &["--merge"]].concat()).succeeded().json();
    assert_eq!((copied(&merged), &merged["verified"]), (96, &json!(true)));
    assert_eq!(count(&folder.path("new.db"), "user"), 31);
    let again = folder.run(&[&COPY[..], &["--merge", "--dry-run"]].concat()).succeeded().json();
    assert_eq!(copied(&again), 0);

    // What differs is never overwritten.
    let sql = r#"UPDATE "user" SET "name" = 'Mallory' WHERE "id" = 'u7'"#;
    execute(&folder.path("new.db"), sql);
    let merged = [&COPY[..], &["--merge"]].concat();
    folder.run(&merged).failed(4, "user u7 is in both databases and differs");
}

#[test]
fn what_cannot_be_copied_is_said() {
    let folder = Folder::on_file();
    fill(&folder, 3);
    folder
        .run(&["db", "copy", "--to", "sqlite:better-auth.db"])
        .failed(2, "is both source and target");
    folder
        .run(&["db", "copy", "--from", "sqlite:none.db", "--to", "sqlite:x.db"])
        .failed(3, "there is no database at none.db");
    let add = r#"ALTER TABLE "account" ADD COLUMN "issuer" text"#;
    execute(&folder.path("better-auth.db"), add);
    let said = folder.run(&COPY).succeeded();
    assert!(said.stderr.contains("account.issuer is not copied"), "{said:?}");
    assert_eq!(said.json()["leftOut"], json!(["account.issuer"]));
    // Nobody is there to answer.
    folder.run(&["db", "copy", "--to", "sqlite:new.db"]).failed(2, "--yes");
}

/// Starts a copy, and ends it with a signal when it has begun to write.
pub(super) fn ended_in_the_middle(
    folder: &Folder,
    signal: &str,
    words: &[&str],
    has_begun: &dyn Fn() -> bool,
) -> std::process::ExitStatus {
    let mut command = Command::new(env!("CARGO_BIN_EXE_better-auth"));
    command.env_clear().current_dir(folder.path(".")).args(words);
    let null = || Stdio::null();
    let mut child = command.stdin(null()).stdout(null()).stderr(null()).spawn().unwrap();
    until("the copy has begun", has_begun);
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-s", signal, &id]).status().unwrap().success());
    ended(&mut child, "the copy")
}

fn interrupted(folder: &Folder, signal: &str) -> std::process::ExitStatus {
    let has_begun = || count(&folder.path("new.db"), "user") != 0;
    ended_in_the_middle(folder, signal, &COPY, &has_begun)
}

fn goes_on_after(signal: &str, users: u32, code: Option<i32>) {
    let folder = Folder::on_file();
    fill(&folder, users);
    let all = rows(&folder, "better-auth.db");
    assert_eq!(interrupted(&folder, signal).code(), code);
    let there = count(&folder.path("new.db"), "user");
    assert!(0 < there && there < u64::from(users), "{there} users: it was not in the middle");
    let done = folder.run(&COPY).succeeded().json();
    assert_eq!(copied(&done), all.len() as u64 - there);
    assert!(all == rows(&folder, "new.db"));
}

#[test]
fn a_copy_that_is_killed_goes_on_where_it_stopped() {
    goes_on_after("KILL", 20_000, None);
}

#[test]
fn a_copy_that_is_interrupted_ends_with_its_page_and_goes_on_later() {
    goes_on_after("INT", 20_000, Some(130));
}

#[test]
#[ignore = "takes a minute; .ci/run has it"]
fn a_hundred_thousand_users_arrive_one_by_one() {
    goes_on_after("KILL", 100_000, None);
}

/// To PostgreSQL, where the copy is killed in the middle, and back into another file: nothing is missing, and
/// nothing is other than it was.
fn there_and_back(users: u32) {
    let Some(place) = Postgres::database() else { return };
    let folder = Folder::on_file();
    fill(&folder, users);
    // PostgreSQL's `integer` takes no fraction.
    let whole = r#"UPDATE "user" SET "score" = CAST("score" AS integer)"#;
    execute(&folder.path("better-auth.db"), whole);
    let server = place.open();
    let there = || {
        let count = r#"SELECT COUNT(*) FROM "user""#;
        let count = server.read(|tx| tx.find(count, &[], |row| row.integer(0)));
        count.ok().flatten().unwrap_or_default()
    };
    let url = place.url();
    let copy = ["db", "copy", "--to", url.as_str(), "--yes", "--json"];
    assert_eq!(ended_in_the_middle(&folder, "KILL", &copy, &|| there() != 0).code(), None);
    let arrived = there();
    assert!(0 < arrived && arrived < i64::from(users), "{arrived} users: it was not in the middle");
    let done = folder.run(&copy).succeeded().json();
    assert_eq!(done["verified"], true);
    let all = rows(&folder, "better-auth.db").len();
    assert_eq!(copied(&done), all as u64 - u64::try_from(arrived).unwrap());
    assert_eq!(copied(&folder.run(&copy).succeeded().json()), 0);

    let back = ["db", "copy", "--from", url.as_str(), "--to", "sqlite:back.db", "--yes"];
    let said = folder.run(&back).succeeded();
    assert!(said.stderr.contains(&format!("has all {all} rows")), "{said:?}");
    assert!(!said.stderr.contains("tiger"), "{said:?}");
    // PostgreSQL keeps values, not their spelling.
    let respell = r#"UPDATE "user" SET "settings" = json_object('n', json_extract("settings", '$.n'),
            'a', json_extract("settings", '$.a')) WHERE "settings" IS NOT NULL"#;
    let tags = r#"UPDATE "user" SET "tags" = json("tags")"#;
    for file in ["better-auth.db", "back.db"] {
        execute(&folder.path(file), respell);
        execute(&folder.path(file), tags);
    }
    assert!(rows(&folder, "better-auth.db") == rows(&folder, "back.db"));
}

#[test]
fn a_copy_goes_to_postgresql_and_back() {
    there_and_back(5000);
}

#[test]
#[ignore = "takes a minute; .ci/run has it"]
fn a_hundred_thousand_users_go_to_postgresql_and_back() {
    there_and_back(100_000);
}

#[test]
fn what_postgresql_cannot_keep_is_said_and_not_rounded() {
    let Some(place) = Postgres::database() else { return };
    let folder = Folder::on_file();
    fill(&folder, 5);
    let url = place.url();
    let ran = folder.run(&["db", "copy", "--to", &url, "--yes"]);
    ran.failed(1, "the database cannot store this value: invalid input syntax for type integer");
}

/// A flag that is none was taken for false: somebody who was banned would not be in the target.
#[test]
fn what_cannot_be_read_is_named_with_its_row_and_nothing_stands_for_it() {
    for (change, said) in [
        ("\"createdAt\" = 'yesterday'", "column createdAt does not hold a time"),
        ("\"name\" = x'ff'", "column name does not hold text"),
        ("\"emailVerified\" = 'perhaps'", "column emailVerified does not hold a flag"),
        ("\"isBeta\" = 2", "column isBeta does not hold a flag"),
        ("\"score\" = 'many'", "column score does not hold a number"),
    ] {
        let folder = Folder::on_file();
        fill(&folder, 3);
        let change = format!(r#"UPDATE "user" SET {change} WHERE "id" = 'u2'"#);
        execute(&folder.path("better-auth.db"), &change);
        let said = format!("error: a value cannot be read: row \"u2\" of user: {said}");
        let ran = folder.run(&COPY).failed(1, &said);
        assert!(ran.stderr.contains("hint: `better-auth db check` lists such rows"), "{ran:?}");
    }
}

#[test]
fn a_row_without_a_value_that_the_target_requires_is_named() {
    let folder = Folder::on_file();
    let table = r#"CREATE TABLE "user" ("id" text PRIMARY KEY, "name" text, "email" text UNIQUE, "emailVerified" integer,
        "image" text, "createdAt" date, "updatedAt" date)"#;
    folder.database().create().unwrap();
    execute(&folder.path("better-auth.db"), table);
    folder.run(&["migrate", "--yes"]).succeeded();
    let add = r#"INSERT INTO "user" ("id", "email", "emailVerified", "createdAt", "updatedAt")
        VALUES ('u1', 'ada@example.com', 0, '2026-11-01T10:00:00.000Z', '2026-11-01T10:00:00.000Z')"#;
    execute(&folder.path("better-auth.db"), add);
    let ran = folder.run(&COPY);
    let ran = ran.failed(1, "error: user u1 has no value in name, and the target requires one");
    assert!(ran.stderr.contains("hint: `better-auth db check` lists such rows"), "{ran:?}");
    folder.run(&["db", "check", "--fix", "--yes"]).succeeded();
    folder.run(&COPY).succeeded();
}

#[test]
fn sessions_go_on_after_a_copy_where_the_server_has_the_same_secret() {
    let folder = Folder::migrated_file();
    folder.create_user("ada@example.com");
    let server = Server::start(&folder, &[]);
    let body = json!({"email": "ada@example.com", "password": "correct horse battery"});
    let cookies = cookie(&server.post("/sign-in/email", &body));
    drop(server);
    let ran = folder.run(&["db", "copy", "--to", "sqlite:new/new.db", "--yes"]);
    assert_eq!(ran.code, 1, "there is no such folder: {ran:?}");
    std::fs::create_dir(folder.path("new")).unwrap();
    let copied = folder.run(&["db", "copy", "--to", "sqlite:new/new.db", "--yes"]).succeeded();
    assert!(copied.stderr.contains("sessions need the secret in better-auth.secret"), "{copied:?}");
    let secret = std::fs::read_to_string(folder.path("better-auth.secret")).unwrap();
    for (secret, goes_on) in
        [(secret.trim(), true), ("another secret of thirty-two characters", false)]
    {
        folder.configure(&json!({ "secret": secret }));
        let server = Server::start(&folder, &["--database", "sqlite:new/new.db"]);
        assert_eq!(server.get("/get-session", &cookies) != "null", goes_on);
    }
}
