//! `db check`: everything that may be wrong with a row is made wrong, found, repaired, and gone.

use std::io::BufRead as _;
use std::io::BufReader;
use std::process::Command;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use better_auth::Secret;
use better_auth::api::check::DatabaseCheck;
use better_auth::database::Database;
use better_auth::database::DatabaseError;
use serde_json::Value;
use serde_json::json;

use crate::harness::Folder;
use crate::harness::Postgres;
use crate::harness::Redis;
use crate::harness::Site;
use crate::harness::cli::raw;
use crate::harness::patience::ended;

/// Fields of every kind, those of the plugin `admin`, and a counter of requests.
const OPTIONS: &str = r#"{
    "user": {"additionalFields": {
        "plan": {"type": "string", "defaultValue": "fr'ee"},
        "score": {"type": "number", "required": false},
        "born": {"type": "date", "required": false},
        "settings": {"type": "json", "required": false},
        "apiKey": {"type": "string", "required": false, "returned": false}
    }},
    "plugins": {"admin": {}},
    "rateLimit": {"storage": "database"}
}"#;

/// Tables as somebody makes them who declares nothing; `TIME` and `FLAG` are the types of the database.
const LOOSE: &str = r#"
    create table "user" ("id" text primary key, "name" text, "email" text, "emailVerified" FLAG, "image" text,
        "createdAt" TIME, "updatedAt" TIME, "role" text, "banned" FLAG, "banReason" text, "banExpires" TIME,
        "plan" text, "score" integer, "born" TIME, "settings" text, "apiKey" text);
    create table "session" ("id" text primary key, "expiresAt" TIME, "token" text, "createdAt" TIME,
        "updatedAt" TIME, "ipAddress" text, "userAgent" text, "userId" text, "impersonatedBy" text);
    create table "account" ("id" text primary key, "accountId" text, "providerId" text, "userId" text,
        "accessToken" text, "refreshToken" text, "idToken" text, "accessTokenExpiresAt" TIME,
        "refreshTokenExpiresAt" TIME, "scope" text, "password" text, "createdAt" TIME, "updatedAt" TIME);
    create table "verification" ("id" text primary key, "identifier" text, "value" text, "expiresAt" TIME,
        "createdAt" TIME, "updatedAt" TIME);
    create table "rateLimit" ("id" text primary key, "key" text, "count" integer, "lastRequest" bigint);
    insert into "user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt", "plan")
        values ('u1', 'Ada', 'ada@example.com', 'true', '2026-11-01T10:00:00.000Z', '2026-11-02T10:00:00.000Z', 'pro')"#;

/// What no output may show: it stands in every secret of these tests.
const HUNTER: &str = "hunter2";

fn run(database: &Database, sql: &str) {
    for statement in sql.split(';') {
        database
            .write(|tx| tx.execute(statement, &[]))
            .unwrap_or_else(|error: DatabaseError| panic!("{statement}: {error}"));
    }
}

fn loose() -> Folder {
    let folder = Folder::on_file();
    std::fs::write(folder.path("better-auth.json"), OPTIONS).unwrap();
    folder.write(&LOOSE.replace("TIME", "date").replace("FLAG", "text"));
    folder
}

/// A finding as `table row.column fault, read as, repair`.
fn line(finding: &Value) -> String {
    let text = |name: &str| finding[name].as_str().unwrap_or("-").to_owned();
    format!(
        "{} {}.{} {}, {}, {}",
        text("table"),
        text("row"),
        text("column"),
        text("fault"),
        text("readAs"),
        text("repair")
    )
}

fn lines(report: &Value) -> Vec<String> {
    report["findings"].as_array().unwrap().iter().map(line).collect()
}

fn check(folder: &Folder, words: &[&str]) -> (i32, Value) {
    let ran = folder.run(&[&["db", "check", "--json"], words].concat());
    let said = format!("{}{}", ran.stdout, ran.stderr);
    assert!(!said.contains(HUNTER), "{said}");
    (ran.code, ran.json())
}

#[test]
fn a_database_in_order_is_said_to_be() {
    let folder = Folder::migrated();
    folder.create_user("ada@example.com");
    let ran = folder.run(&["db", "check"]).succeeded();
    assert_eq!(ran.stdout, "");
    assert!(ran.stderr.contains("nothing is wrong in 2 rows"), "{ran:?}");
    let (code, report) = check(&folder, &["--fix", "--delete-orphans"]);
    assert_eq!((code, &report["values"], &report["rows"]), (0, &json!(0), &json!(2)));
    for list in ["findings", "counts", "warnings", "repairs"] {
        assert_eq!(report[list], json!([]), "{list}");
    }
}

#[test]
fn without_a_database_there_is_nothing_to_check() {
    let folder = Folder::new();
    folder.run(&["db", "check"]).failed(5, "hint: run `better-auth migrate`");
    assert!(!folder.path("better-auth.db").exists());
}

#[test]
fn what_every_row_needs_is_found_and_filled() {
    let folder = loose();
    folder.write(
        "insert into user (id) values ('u2');
        insert into user (id, name, email, emailVerified, updatedAt, plan)
            values ('u3', 'Eve', 'eve@example.com', 'false', '2026-11-03T10:00:00.000Z', 'free');
        insert into session (id) values ('s1');
        insert into account (id, userId, createdAt, updatedAt) values ('a1', 'u1', '2026-11-01T10:00:00.000Z', '2026-11-01T10:00:00.000Z');
        insert into verification (id, createdAt, updatedAt) values ('v1', '2026-11-01T10:00:00.000Z', '2026-11-01T10:00:00.000Z');
        insert into rateLimit (id) values ('r1')",
    );
    let (code, report) = check(&folder, &[]);
    assert_eq!(code, 6);
    let expected = [
        "user u2.name null, empty text, empty text",
        "user u2.email null, empty text, empty text",
        "user u2.emailVerified null, false, false",
        "user u2.createdAt null, 1970-01-01, current time",
        "user u2.updatedAt null, 1970-01-01, current time",
        "user u2.plan null, null, default",
        "user u3.createdAt null, 1970-01-01, updatedAt",
        "session s1.expiresAt null, 1970-01-01, 1970-01-01",
        "session s1.token null, empty text, -",
        "session s1.createdAt null, 1970-01-01, current time",
        "session s1.updatedAt null, 1970-01-01, current time",
        "session s1.userId null, empty text, deletion",
        "account a1.accountId null, empty text, -",
        "account a1.providerId null, empty text, -",
        "verification v1.identifier null, empty text, -",
        "verification v1.value null, empty text, -",
        "verification v1.expiresAt null, 1970-01-01, 1970-01-01",
        "rateLimit r1.key null, empty text, -",
        "rateLimit r1.count null, 0, -",
        "rateLimit r1.lastRequest null, 0, -",
    ];
    assert_eq!(lines(&report), expected);

    // Nothing is made up that lets somebody in, or says who somebody is.
    let (code, report) = check(&folder, &["--fix", "--delete-orphans", "--yes"]);
    assert_eq!(code, 6);
    let left: Vec<&str> = expected.into_iter().filter(|line| line.ends_with(", -")).collect();
    let left: Vec<&str> = left.into_iter().filter(|line| !line.starts_with("session")).collect();
    assert_eq!(lines(&report), left);
    assert_eq!(report["repairs"].as_array().unwrap().len(), 9, "{report}");
    let row = |id: &str| {
        let columns = "quote(name) || ' ' || quote(email) || ' ' || quote(emailVerified) || ' ' || quote(plan)";
        folder.ask(&format!("select {columns} from user where id = '{id}'"))
    };
    assert_eq!(row("u2"), "'' '' 'false' 'fr''ee'");
    let time = "select createdAt from user where id = 'u3'";
    assert_eq!(folder.ask(time), "2026-11-03T10:00:00.000Z");
    assert_eq!(folder.ask("select count(*) || '' from session"), "0");
    let time = "select expiresAt || '' from verification";
    assert_eq!(folder.ask(time), "1970-01-01T00:00:00.000Z");
}

#[test]
fn what_cannot_be_read_is_found_and_replaced_by_what_it_is_read_as() {
    let folder = loose();
    folder.write(
        "insert into user (id, name, email, emailVerified, image, createdAt, updatedAt, role, banned, banExpires, plan,
                score, born, settings, apiKey)
            values ('u2', cast(x'416461e9' as text), x'657665406578616d706c652e636f6d', 'maybe', cast(x'ff' as text),
                'yesterday', '2026-11-03T10:00:00.000Z', cast(x'e9' as text), 'perhaps', 'never', 'free', 'much',
                'in spring', '{', cast(x'68756e74657232ff' as text));
        insert into session (id, expiresAt, token, createdAt, updatedAt, userAgent, userId)
            values ('s1', 'soon', cast(x'68756e74657232ff' as text), 'x', 'y', cast(x'ff' as text), 'u1');
        insert into account (id, accountId, providerId, userId, accessToken, accessTokenExpiresAt, password,
                createdAt, updatedAt)
            values ('a1', cast(x'ff' as text), 'google', 'u1', cast(x'68756e74657232ff' as text), 'later',
                cast(x'68756e74657232ff' as text), '2026-11-01T10:00:00.000Z', '2026-11-01T10:00:00.000Z');
        insert into verification values ('v1', x'68756e74657232', cast(x'68756e74657232ff' as text), x'00', '2026-11-01T10:00:00.000Z', '2026-11-01T10:00:00.000Z');
        insert into rateLimit values ('r1', 'key', 'few', 1.5)",
    );
    let (code, report) = check(&folder, &[]);
    assert_eq!(code, 6);
    let (right, left) = (
        [
            "user u2.name notText, with U+FFFD, text with U+FFFD",
            "user u2.email notText, with U+FFFD, text with U+FFFD",
            "user u2.emailVerified notFlag, false, false",
            "user u2.image notText, with U+FFFD, text with U+FFFD",
            "user u2.createdAt notTime, 1970-01-01, updatedAt",
            "user u2.role notText, with U+FFFD, text with U+FFFD",
            "session s1.expiresAt notTime, 1970-01-01, 1970-01-01",
            "session s1.createdAt notTime, 1970-01-01, current time",
            "session s1.updatedAt notTime, 1970-01-01, current time",
            "session s1.userAgent notText, with U+FFFD, text with U+FFFD",
            "account a1.accessTokenExpiresAt notTime, 1970-01-01, 1970-01-01",
            "verification v1.expiresAt notTime, 1970-01-01, 1970-01-01",
        ],
        [
            // A restriction stays as it is, and so does what only the application understands.
            "user u2.banned notFlag, false, -",
            "user u2.banExpires notTime, null, -",
            "user u2.score notNumber, null, -",
            "user u2.born notTime, null, -",
            "user u2.settings notJson, text, -",
            // Rows are found by these.
            "session s1.token notText, with U+FFFD, -",
            "account a1.accountId notText, with U+FFFD, -",
            "verification v1.identifier notText, with U+FFFD, -",
            "verification v1.value notText, with U+FFFD, -",
            // What somebody signs in with, and secrets.
            "user u2.apiKey notText, with U+FFFD, -",
            "account a1.accessToken notText, with U+FFFD, -",
            "account a1.password notText, with U+FFFD, -",
            "rateLimit r1.count notNumber, 0, -",
            "rateLimit r1.lastRequest notNumber, 0, -",
        ],
    );
    let sorted = |mut lines: Vec<String>| {
        lines.sort();
        lines
    };
    let all = right.iter().chain(&left).map(ToString::to_string).collect();
    assert_eq!(sorted(lines(&report)), sorted(all));

    let (code, report) = check(&folder, &["--fix", "--yes"]);
    assert_eq!(code, 6);
    assert_eq!(sorted(lines(&report)), sorted(left.iter().map(ToString::to_string).collect()));
    assert_eq!(report["repairs"].as_array().unwrap().len(), right.len());
    let user = "select quote(name) || quote(email) || quote(emailVerified) || quote(createdAt) || quote(banned) from user
        where id = 'u2'";
    assert_eq!(
        folder.ask(user),
        "'Ada\u{fffd}''eve@example.com''false''2026-11-03T10:00:00.000Z''perhaps'"
    );
    assert_eq!(folder.ask("select expiresAt from session"), "1970-01-01T00:00:00.000Z");
    assert_eq!(folder.ask("select hex(token) from session"), "68756E74657232FF");
}

#[test]
fn rows_of_nobody_go_only_where_that_is_said_and_repeated_values_stay() {
    let folder = loose();
    folder.write(
        "insert into user select 'u2', name, email, emailVerified, image, createdAt, updatedAt, role, banned, banReason,
            banExpires, plan, score, born, settings, apiKey from user;
        insert into session (id, expiresAt, token, createdAt, updatedAt, userId) values
            ('s1', 4070908800000, 'hunter2', 1, 1, 'u1'), ('s2', 4070908800000, 'hunter2', 1, 1, 'gone');
        insert into account (id, accountId, providerId, userId, createdAt, updatedAt) values
            ('a1', 'x', 'google', 'u1', 1, 1), ('a2', 'y', 'google', 'gone', 'now', 1)",
    );
    let repeated = [
        "user u1.email notUnique, any of them, -",
        "user u2.email notUnique, any of them, -",
        "session s1.token notUnique, any of them, -",
        "session s2.token notUnique, any of them, -",
    ];
    let orphans = [
        "session s2.userId noSuchRow, nobody's, deletion",
        "account a2.userId noSuchRow, nobody's, deletion",
    ];
    let found = |report: &Value, expected: &[&str]| {
        let lines = lines(report);
        assert_eq!(lines.len(), expected.len(), "{lines:#?}");
        assert!(expected.iter().all(|line| lines.iter().any(|it| it == line)), "{lines:#?}");
    };
    let time = ["account a2.createdAt notTime, 1970-01-01, updatedAt"];
    found(&check(&folder, &[]).1, &[&repeated[..], &orphans, &time].concat());
    let (code, report) = check(&folder, &["--fix", "--yes"]);
    found(&report, &[&repeated[..], &orphans].concat());
    assert_eq!(code, 6);
    let ran = folder.run(&["db", "check"]);
    ran.failed(6, "hint: `better-auth db check --fix --delete-orphans` deletes 2 rows");
    folder.run(&["db", "check", "--delete-orphans"]).failed(2, "--fix");

    let ran = folder.run(&["db", "check", "--fix", "--delete-orphans", "--yes"]);
    assert!(
        ran.stderr.contains("done: session s2: deleted: userId is the id of no row"),
        "{ran:?}"
    );
    // The twin of its token has gone with it.
    found(&check(&folder, &[]).1, &repeated[..2]);
    assert_eq!(folder.ask("select group_concat(id) from account"), "a1");
}

#[test]
fn what_another_program_has_written_meanwhile_stays() {
    let folder = Folder::migrated_file();
    folder.write(
        "insert into user values ('u1', x'ff', 'a', 0, null, '2026-11-01T10:00:00.000Z', '2026-11-01T10:00:00.000Z')",
    );
    let other = folder.raw();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_better-auth"));
    command.env_clear().current_dir(folder.path("."));
    command.args(["db", "check", "--fix", "--yes"]).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
    let found = said.next().unwrap().unwrap();
    assert_eq!(found, "  user.name: not text (1 value, 1 to be repaired)");
    // By then it waits for the lock; if it does not yet, it finds nothing to repair.
    thread::park_timeout(Duration::from_millis(300));
    other.execute_batch("UPDATE user SET name = 'Ada'; COMMIT").unwrap();
    assert!(ended(&mut child, "the check").success());
    assert_eq!(folder.ask("select name from user"), "Ada");
}

#[test]
fn what_the_database_refuses_is_said_and_does_not_stop_the_rest() {
    let folder = loose();
    folder.write(
        "insert into user (id, name, email, emailVerified, createdAt, updatedAt, plan) values
            ('u2', null, null, 0, 1, 1, 'x'), ('u3', 'Eve', null, 0, 1, 1, 'x'), ('u4', null, 'bot@example.com', 0, 1, 1, 'x');
        create unique index one on user (email);
        create trigger rule before update on user when new.email = 'bot@example.com'
            begin select raise(abort, 'robots have no name'); end",
    );
    let ran = folder.run(&["db", "check", "--fix", "--yes"]);
    let ran = ran.failed(6, "2 values of better-auth.db are wrong");
    let refused = "warning: user u3: email stays: a row with this user.email exists already";
    assert!(ran.stderr.contains(refused), "{ran:?}");
    assert!(
        ran.stderr.contains("user u4: name stays: a database constraint failed: robots"),
        "{ran:?}"
    );
    assert!(ran.stderr.contains("done: user u2: email set to empty text"), "{ran:?}");
    assert!(ran.stderr.contains("hint: the warnings say why"), "{ran:?}");
    assert_eq!(
        lines(&check(&folder, &[]).1),
        ["user u3.email null, empty text, empty text", "user u4.name null, empty text, empty text",]
    );
}

#[test]
fn rows_whose_ids_are_wrong_hide_no_other_row() {
    for (without, expected) in [
        (
            "",
            vec![
                "user -.id null, empty text, -",
                "user blob.id notText, with U+FFFD, -",
                "user u1.id notUnique, any of them, -",
                "user u1.id notUnique, any of them, -",
            ],
        ),
        (" without rowid", vec!["user blob.id notText, with U+FFFD, -"]),
    ] {
        let folder = Folder::on_file();
        let key = if without.is_empty() { "id text" } else { "id text primary key" };
        folder.write(
            &format!(
                "create table user ({key}, name text, email text unique, emailVerified integer, image text,
                    createdAt date, updatedAt date){without};
                insert into user values (x'626c6f62', 'Blob', 'b', 0, null, 1, 1), ('u9', cast(x'ff' as text), 'c', 0, null, 1, 1)"
            ),
        );
        if without.is_empty() {
            folder.write(
                "insert into user values (null, 'Nil', 'd', 0, null, 1, 1), ('u1', 'One', 'e', 0, null, 1, 1),
                    ('u1', null, 'f', 0, null, 1, 1)",
            );
        }
        let (code, _) = check(&folder, &["--fix", "--yes"]);
        let (_, report) = check(&folder, &[]);
        let mut found = lines(&report);
        found.sort();
        assert_eq!((code, found), (6, expected.into_iter().map(str::to_owned).collect()));
        assert_eq!(folder.ask("select name from user where email = 'c'"), "\u{fffd}");
    }
}

#[test]
fn pages_are_counted_to_the_end_and_lists_have_a_limit() {
    let folder = Folder::migrated_file();
    folder.write(
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 1300)
        insert into user select 'u' || i, 'N', 'u' || i || '@x.example', 0, null,
            case i % 2 when 0 then 'never' else '2026-11-01T10:00:00.000Z' end, '2026-11-01T10:00:00.000Z' from n",
    );
    let (code, report) = check(&folder, &["--limit", "7"]);
    assert_eq!((code, lines(&report).len()), (6, 7));
    assert_eq!((&report["values"], &report["rows"]), (&json!(650), &json!(1300)));
    assert_eq!(
        report["counts"],
        json!([{"table": "user", "column": "createdAt", "fault": "notTime", "values": 650, "repairable": 650, "deletable": 0}])
    );
    let ran = folder.run(&["db", "check", "--limit", "7"]).failed(6, "7 of 650 values");
    assert_eq!(ran.stdout.lines().count(), 8);
    folder.run(&["db", "check", "--fix"]).failed(2, "Repair 650 values of better-auth.db?");
    let ran = folder.run(&["db", "check", "--fix", "--yes", "--limit", "7"]).succeeded();
    assert_eq!(ran.stderr.matches(": createdAt set to updatedAt").count(), 650, "each is said");
    assert_eq!(check(&folder, &[]).0, 0);
}

#[test]
fn a_repair_is_written_in_the_form_of_its_column_and_mixed_forms_are_named() {
    let folder = Folder::migrated_file();
    let at = 1_795_440_166_000_i64;
    folder.write(
        &format!(
            "insert into user values ('u1', 'A', 'a', 0, null, {at}, '2026-11-23 13:22:46'),
                ('u2', 'B', 'b', 0, null, {at}, '2026-11-23 13:22:46'),
                ('u3', 'C', 'c', 0, null, 'x', '2026-11-23 13:22:46'), ('u4', 'D', 'd', 0, null, {at}, 'x')"
        ),
    );
    assert_eq!(check(&folder, &["--fix", "--yes"]).0, 0);
    let stored = |id: &str| {
        let sql = "select quote(createdAt) || ' ' || quote(updatedAt) from user where id = ";
        folder.ask(&format!("{sql}'{id}'"))
    };
    assert_eq!(
        [stored("u3"), stored("u4")],
        [(); 2].map(|()| format!("{at} '2026-11-23 13:22:46'"))
    );
    assert_eq!(check(&folder, &[]).1["warnings"], json!([]));
    folder.write("update user set createdAt = '2026-11-23T13:22:46.000Z' where id = 'u1'");
    let mixed =
        "user.createdAt holds times in several forms: 1 as ISO 8601 text, 3 as milliseconds";
    let (code, report) = check(&folder, &[]);
    assert_eq!((code, &report["warnings"]), (0, &json!([mixed])));
}

#[test]
fn the_table_fits_a_terminal_and_shows_no_value() {
    let folder = Folder::migrated_file();
    let id = "0123456789abcdef0123456789abcdef";
    folder.write(&format!(
        "insert into user values ('{id}', x'{}', 'a', 'maybe', null, 'x', 'x');
            insert into session values ('{id}', 'x', '{HUNTER}', 'x', 'x', null, null, 'gone')",
        "68756e74657232ff"
    ));
    let ran = folder.run(&["db", "check"]).failed(6, "8 values of better-auth.db are wrong");
    assert!(!format!("{ran:?}").contains(HUNTER), "{ran:?}");
    assert!(ran.stdout.lines().all(|line| line.chars().count() <= 80), "{}", ran.stdout);
    assert!(ran.stdout.contains(&format!(" {id}  user.name           not text")), "{}", ran.stdout);
    let csv = folder.run(&["db", "check", "--output", "csv"]);
    assert!(csv.stdout.starts_with("row,column,fault,read as\n"), "{csv:?}");
}

#[test]
fn tables_and_columns_of_other_names_are_checked_under_them() {
    let folder = Folder::on_file();
    folder.configure(&json!({
        "database": {"usePlural": true, "casing": "snake"},
        "user": {"fields": {"name": "full name"}},
    }));
    folder.run(&["migrate"]).succeeded();
    folder.write(
        r#"insert into users ("id", "full name", email, email_verified, created_at, updated_at)
            values ('u1', cast(x'ff' as text), 'a', 0, 1, 'x');
        insert into sessions (id, expires_at, token, created_at, updated_at, user_id) values ('s1', 1, 't', 1, 1, 'gone')"#,
    );
    let (_, report) = check(&folder, &[]);
    let expected = [
        "users u1.full name notText, with U+FFFD, text with U+FFFD",
        "users u1.updated_at notTime, 1970-01-01, createdAt",
        "sessions s1.user_id noSuchRow, nobody's, deletion",
    ];
    assert_eq!(lines(&report), expected);
    assert_eq!(check(&folder, &["--fix", "--delete-orphans", "--yes"]).0, 0);
}

#[test]
fn a_server_without_constraints_is_checked_and_repaired_too() {
    let Some(place) = Postgres::database() else { return };
    let folder = Folder::on_file().with("DATABASE_URL", &place.url());
    folder.configure(&serde_json::from_str(OPTIONS).unwrap());
    let database = place.open();
    run(&database, &LOOSE.replace("TIME", "text").replace("FLAG", "text"));
    run(
        &database,
        r#"alter table "user" alter "updatedAt" type timestamptz using '2026-11-03T10:00:00Z', alter "emailVerified" type integer using 1;
        insert into "user" ("id") values ('u2');
        insert into "user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt", "plan", "banned", "settings")
            values ('u3', 'Ada', 'ada@example.com', 7, 'yesterday', '2026-11-04T10:00:00Z', 'pro', 'perhaps', '{');
        insert into "session" ("id", "expiresAt", "token", "createdAt", "updatedAt", "userId")
            values ('s1', 'soon', 'hunter2', '2026-11-01T10:00:00.000Z', '2026-11-01T10:00:00.000Z', 'gone')"#,
    );
    let (code, report) = check(&folder, &[]);
    assert_eq!(code, 6);
    let expected = [
        "user u2.name null, empty text, empty text",
        "user u2.email null, empty text, empty text",
        "user u2.emailVerified null, false, false",
        "user u2.createdAt null, 1970-01-01, current time",
        "user u2.updatedAt null, 1970-01-01, current time",
        "user u2.plan null, null, default",
        "user u3.emailVerified notFlag, false, false",
        "user u3.createdAt notTime, 1970-01-01, updatedAt",
        "user u3.banned notFlag, false, -",
        "user u3.settings notJson, text, -",
        "user u1.email notUnique, any of them, -",
        "user u3.email notUnique, any of them, -",
        "session s1.expiresAt notTime, 1970-01-01, 1970-01-01",
        "session s1.userId noSuchRow, nobody's, deletion",
    ];
    assert_eq!(lines(&report), expected);
    let warnings = report["warnings"].to_string();
    assert!(warnings.contains("user may hold rows without name, email"), "{warnings}");
    let (code, report) = check(&folder, &["--fix", "--delete-orphans", "--yes"]);
    assert_eq!(code, 6);
    assert_eq!(lines(&report), expected[8..12]);
    let sql = r#"SELECT "name" || "email" || "emailVerified" || "createdAt" || "plan" FROM "user" WHERE "id" = 'u3'"#;
    let stored = database.read(|tx| tx.find(sql, &[], |row| row.text(0))).unwrap();
    assert_eq!(stored.as_deref(), Some("Adaada@example.com02026-11-04T10:00:00.000Zpro"));
}

#[test]
fn a_session_of_nobody_ends_in_the_storage_as_well() {
    let Some(redis) = Redis::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.db");
    let site = Site::with(|config| {
        config.database.url = format!("sqlite:{}", file.display()).into();
        config.secondary_storage.url = Some(Secret::new(redis.url()));
        config.session.store_session_in_database = true;
    });
    let cookies = site.sign_up("ada@example.com").cookies();
    let orphan = "PRAGMA foreign_keys = OFF; UPDATE session SET userId = 'gone'";
    raw(&file).execute_batch(orphan).unwrap();
    let call = site.auth.call();
    let check = DatabaseCheck { instance: call.instance(), limit: 10 };
    assert_eq!(check.run(&mut |_| true).unwrap().deletable(), 1);
    assert_ne!(site.session(&cookies), Value::Null, "the copy counts until the row goes");
    check.repair(true, &call.caller(), &mut |_| {}, &mut |_| true).unwrap();
    assert_eq!(check.run(&mut |_| true).unwrap().values(), 0);
    assert_eq!(site.session(&cookies), Value::Null);
    assert!(redis.keys().iter().all(|key| !key.contains("session")), "{:?}", redis.keys());
}
