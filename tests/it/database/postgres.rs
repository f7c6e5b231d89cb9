//! PostgreSQL: what is found, made and refused there, and what becomes of jobs that meet.

use std::fs;
use std::process::Command;
use std::thread;
use std::time::Duration;

use better_auth::Config;
use better_auth::config::DatabaseOptions;
use better_auth::database::Clock;
use better_auth::database::Database;
use better_auth::database::DatabaseError;
use better_auth::database::Tx;
use better_auth::schema;
use better_auth::schema::Plan;
use serde_json::json;

use crate::harness::Cluster;
use crate::harness::Folder;
use crate::harness::Postgres;
use crate::harness::at_once;
use crate::harness::postgres::open;
use crate::harness::server::Server;
use crate::harness::server::cookie;
use crate::harness::until;

/// As the migration of Better Auth 1.7.25 makes them with `pg`.
const THEIRS: &str = r#"
    create table "user" ("id" text not null primary key, "name" text not null, "email" text not null unique, "emailVerified" boolean not null, "image" text, "createdAt" timestamptz default CURRENT_TIMESTAMP not null, "updatedAt" timestamptz default CURRENT_TIMESTAMP not null);
    create table "session" ("id" text not null primary key, "expiresAt" timestamptz not null, "token" text not null unique, "createdAt" timestamptz default CURRENT_TIMESTAMP not null, "updatedAt" timestamptz not null, "ipAddress" text, "userAgent" text, "userId" text not null references "user" ("id") on delete cascade);
    create table "account" ("id" text not null primary key, "accountId" text not null, "providerId" text not null, "userId" text not null references "user" ("id") on delete cascade, "accessToken" text, "refreshToken" text, "idToken" text, "accessTokenExpiresAt" timestamptz, "refreshTokenExpiresAt" timestamptz, "scope" text, "password" text, "createdAt" timestamptz default CURRENT_TIMESTAMP not null, "updatedAt" timestamptz not null);
    create table "verification" ("id" text not null primary key, "identifier" text not null, "value" text not null, "expiresAt" timestamptz not null, "createdAt" timestamptz default CURRENT_TIMESTAMP not null, "updatedAt" timestamptz default CURRENT_TIMESTAMP not null);
    create index "session_userId_idx" on "session" ("userId");
    create index "account_userId_idx" on "account" ("userId");
    create index "verification_identifier_idx" on "verification" ("identifier")"#;

fn run(database: &Database, sql: &str) {
    for statement in sql.split(';') {
        database
            .write(|tx| tx.execute(statement, &[]))
            .unwrap_or_else(|error: DatabaseError| panic!("{statement}: {error}"));
    }
}

fn tables() -> Vec<schema::Table> {
    schema::needed(&Config::default())
}

fn plan(database: &Database) -> Plan {
    schema::plan(database, &tables()).unwrap()
}

fn with(url: String, change: impl FnOnce(&mut DatabaseOptions)) -> Database {
    let mut options = DatabaseOptions { url: url.into(), ..DatabaseOptions::default() };
    change(&mut options);
    Database::new(&options, Clock::SYSTEM)
}

/// A folder whose commands work on this database.
fn folder(url: &str) -> Folder {
    let folder = Folder::on_file().with("DATABASE_URL", url);
    folder.with("BETTER_AUTH_SECRET", "a secret of at least thirty-two characters")
}

#[test]
fn tables_are_made_as_better_auth_makes_them() {
    let Some(place) = Postgres::database() else { return };
    let made: Vec<String> = plan(&place.open()).steps.into_iter().map(|step| step.sql).collect();
    for statement in THEIRS.split(';').map(str::trim) {
        assert!(made.iter().any(|sql| sql == statement), "{statement} is not in {made:#?}");
    }
    let done = schema::migrate(&place.open(), &tables()).unwrap();
    assert_eq!(done.steps.len(), made.len());
    assert!(plan(&place.open()).is_empty());
}

#[test]
fn tables_of_better_auth_are_adopted_and_completed() {
    let Some(place) = Postgres::database() else { return };
    let database = place.open();
    run(&database, THEIRS);
    assert!(plan(&database).is_empty());
    run(
        &database,
        r#"insert into "user" values ('1', 'Ada', 'ada@example.com', true, null, now(), now());
        alter table "user" drop column "emailVerified", drop column "updatedAt", drop column "image",
            drop constraint "user_email_key";
        drop index "account_userId_idx"; alter table "session" drop column "updatedAt""#,
    );
    let done = schema::migrate(&database, &tables()).unwrap();
    let done: Vec<String> = done.steps.iter().map(ToString::to_string).collect();
    assert_eq!(
        done,
        [
            "create unique index user_email_uidx on user (email)",
            "add column user.emailVerified",
            "add column user.image",
            "add column user.updatedAt",
            "add column session.updatedAt",
            "create index account_userId_idx on account (userId)",
        ]
    );
    let sql = r#"SELECT "emailVerified", "updatedAt" FROM "user""#;
    let row = database.read(|tx| tx.find(sql, &[], |row| Ok((row.flag(0)?, row.time(1)?))));
    assert!(matches!(row, Ok(Some((false, _)))));
}

#[test]
fn columns_of_a_wrong_kind_are_explained_and_nothing_is_changed() {
    for (from, to, expected) in [
        (
            r#""user" ("id" text"#,
            r#""user" ("id" bytea"#,
            r#"user.id is declared as "bytea"; expected text"#,
        ),
        (
            r#""emailVerified" boolean"#,
            r#""emailVerified" real"#,
            r#"user.emailVerified is declared as "real"; expected boolean"#,
        ),
        (
            r#""image" text, "createdAt" timestamptz default CURRENT_TIMESTAMP"#,
            r#""image" text, "createdAt" date default CURRENT_TIMESTAMP"#,
            r#"user.createdAt is declared as "date"; expected timestamptz"#,
        ),
        (r#""image" text"#, r#""image" text, "plan" text not null"#, "user.plan must be filled"),
        (r#""token" text not null unique, "#, "", "session has no column token"),
    ] {
        let Some(place) = Postgres::database() else { return };
        // References must be of the kind that they refer to.
        let references = if to.contains("bytea") {
            ""
        } else {
            r#" references "user" ("id") on delete cascade"#
        };
        let theirs = THEIRS.replacen(from, to, 1);
        let theirs = theirs.replace(r#" references "user" ("id") on delete cascade"#, references);
        run(&place.open(), &theirs);
        let error = schema::migrate(&place.open(), &tables()).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{expected}: {error}");
        assert!(error.ends_with("nothing was changed"), "{error}");
    }
}

#[test]
fn what_another_schema_refers_to_says_nothing_of_this_one() {
    let Some(place) = Postgres::database() else { return };
    // Without foreign keys, as some programs leave their tables.
    let here = THEIRS.replace(r#" references "user" ("id") on delete cascade"#, "");
    run(&place.open(), &here);
    for sql in [
        "create schema other",
        "create table other.people (id text primary key)",
        r#"create table other.session (id text primary key, "userId" text references other.people (id))"#,
    ] {
        run(&place.open(), sql);
    }
    assert_eq!(plan(&place.open()).problems, Vec::<String>::new());
}

#[test]
fn names_in_upper_and_lower_case_are_different_names() {
    let Some(place) = Postgres::database() else { return };
    run(&place.open(), &THEIRS.replace(r#""emailVerified""#, "emailVerified"));
    let problems = plan(&place.open()).problems;
    assert_eq!(problems.len(), 1, "{problems:?}");
    let option = r#"user.fields.emailVerified = "emailverified""#;
    assert!(problems[0].contains(option), "{problems:?}");
}

#[test]
fn only_the_schema_of_the_search_path_counts() {
    let Some(place) = Postgres::database() else { return };
    run(&place.open(), r#"create table "user" ("id" integer); create schema "Auth""#);
    for parameters in ["schema=Auth", "options=-c%20search_path%3D%22Auth%22"] {
        let own = open(&place.url_with(&format!("{parameters}&sslmode=disable")));
        schema::migrate(&own, &tables()).unwrap();
        assert!(plan(&own).is_empty() && own.exists().unwrap());
    }
    assert!(!plan(&place.open()).problems.is_empty());
    let nowhere = open(&place.url_with("schema=nowhere&sslmode=disable"));
    let error = nowhere.exists().unwrap_err().to_string();
    let expected = r#"there is no schema "nowhere"; make it with CREATE SCHEMA "nowhere""#;
    assert!(error.ends_with(expected), "{error}");
}

#[test]
fn of_ten_servers_that_start_together_one_makes_the_tables() {
    let Some(place) = Postgres::database() else { return };
    let mut steps = at_once(10, |_| schema::migrate(&place.open(), &tables()).unwrap().steps.len());
    steps.retain(|steps| *steps != 0);
    assert_eq!(steps, [10]);
    let other = Postgres::database().unwrap();
    let folder = folder(&other.url());
    let servers = at_once(10, |_| Server::start(&folder, &[]));
    for server in &servers {
        assert_eq!(server.get("/ok", ""), r#"{"ok":true}"#);
    }
}

#[test]
fn jobs_mean_the_same_as_if_they_followed_one_another() {
    let Some(place) = Postgres::database() else { return };
    let database = place.open();
    run(
        &database,
        "create table t (n integer primary key, on_call boolean); insert into t values (1, true), (2, true)",
    );
    // Each of two leaves only if the other one stays.
    let leave = |tx: &mut Tx<'_>, n: i64| {
        let count = "SELECT COUNT(*) FROM t WHERE on_call";
        let there = tx.find(count, &[], |row| row.integer(0))?.unwrap_or_default();
        if 1 < there {
            tx.execute("UPDATE t SET on_call = FALSE WHERE n = $1", &[n.into()])?;
        }
        Ok::<_, DatabaseError>(())
    };
    for _ in 0..20 {
        run(&database, "update t set on_call = true");
        at_once(2, |n| database.write(|tx| leave(tx, [1, 2][n])).unwrap());
        let left = "SELECT COUNT(*) FROM t WHERE on_call";
        let left = database.read(|tx| tx.find(left, &[], |row| row.integer(0)));
        assert_eq!(left, Ok(Some(1)));
    }
}

#[test]
fn those_who_change_one_row_at_the_same_moment_all_count() {
    let Some(place) = Postgres::database() else { return };
    let database = place.open();
    run(&database, "create table t (n integer); insert into t values (0)");
    let add = |tx: &mut Tx<'_>| tx.execute("UPDATE t SET n = n + 1", &[]);
    let add_ten = |alone: bool| {
        for _ in 0..10 {
            let added = if alone { database.write_one(add) } else { database.write(add) };
            assert_eq!(added, Ok(1));
        }
    };
    thread::scope(|scope| {
        for worker in 0..16 {
            let add_ten = &add_ten;
            scope.spawn(move || add_ten(worker % 2 == 0));
        }
    });
    let sum = database.read(|tx| tx.find("SELECT n FROM t", &[], |row| row.integer(0)));
    assert_eq!(sum, Ok(Some(160)));
}

#[test]
fn what_fails_leaves_no_trace_and_is_told_by_its_kind() {
    let Some(place) = Postgres::database() else { return };
    let database = place.open();
    run(
        &database,
        r#"create table "user" ("id" text primary key, "email" text unique, "n" integer)"#,
    );
    let insert = r#"INSERT INTO "user" VALUES ($1, $2, $3)"#;
    let first = [("1").into(), "a@b.co".into(), 1_i64.into()];
    database.write(|tx| tx.execute(insert, &first)).unwrap();
    let again = [("2").into(), "a@b.co".into(), 1_i64.into()];
    let error = database.write(|tx| tx.execute(insert, &again));
    let Err(DatabaseError::Unique(unique)) = error else { panic!("{error:?}") };
    assert!(unique.is_on("user", "email"), "{unique:?}");
    let large = [("3").into(), "b@b.co".into(), 3_000_000_000_i64.into()];
    let error = database.write(|tx| tx.execute(insert, &large));
    assert!(matches!(error, Err(DatabaseError::Value(_))), "{error:?}");
    let error = database.write(|tx| tx.execute("SELECT 1 FROM nothing", &[]));
    assert!(matches!(error, Err(DatabaseError::Schema(_))), "{error:?}");
    // A failure that a job does not pass on undoes it all the same.
    let swallowed = database.write(|tx| {
        tx.execute(r#"DELETE FROM "user""#, &[])?;
        drop(tx.execute("SELECT 1 FROM nothing", &[]));
        Ok::<_, DatabaseError>(())
    });
    assert!(swallowed.is_err());
    let count = r#"SELECT COUNT(*) FROM "user""#;
    let count = database.read(|tx| tx.find(count, &[], |row| row.integer(0)));
    assert_eq!(count, Ok(Some(1)));
}

#[test]
fn a_panic_in_a_job_takes_its_connection_along_and_no_other() {
    let Some(place) = Postgres::database() else { return };
    let database = with(place.url(), |options| options.max_connections = 1);
    run(&database, "create table t (n integer)");
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        database.write::<(), DatabaseError>(|tx| {
            tx.execute("INSERT INTO t VALUES (1)", &[])?;
            panic!("a bug")
        })
    }));
    assert!(result.is_err());
    let count = database.read(|tx| tx.find("SELECT COUNT(*) FROM t", &[], |row| row.integer(0)));
    assert_eq!(count, Ok(Some(0)));
}

#[test]
fn nothing_panics_inside_of_somebody_elses_runtime() {
    let Some(place) = Postgres::database() else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let database = place.open();
        run(&database, "create table t (n integer); insert into t values (7)");
        let found = database.read(|tx| tx.find("SELECT n FROM t", &[], |row| row.integer(0)));
        assert_eq!(found, Ok(Some(7)));
    });
}

#[test]
fn connections_need_no_prepared_statements() {
    let Some(place) = Postgres::database() else { return };
    let prepared = "SELECT COUNT(*) FROM pg_prepared_statements";
    for (url, keeps) in [
        (place.url(), false),
        (place.url_with("pgbouncer=true&sslmode=disable"), false),
        (place.url(), true),
    ] {
        let is_pooled = url.contains("pgbouncer");
        let database = with(url, |options| {
            options.prepared_statements = keeps || is_pooled;
            options.max_connections = 1;
        });
        schema::migrate(&database, &tables()).unwrap();
        let sql = r#"SELECT COUNT(*) FROM "user" WHERE "createdAt" < $1 OR $1 IS NULL"#;
        let now = database.clock().now();
        let count = database.read(|tx| tx.find(sql, &[now.into()], |row| row.integer(0)));
        assert_eq!(count, Ok(Some(0)));
        let kept = database.write(|tx| tx.find(prepared, &[], |row| row.integer(0)));
        assert_eq!(kept.unwrap().unwrap() != 0, keeps);
    }
}

#[test]
fn a_statement_that_takes_too_long_is_ended_and_the_connection_is_not() {
    let Some(place) = Postgres::database() else { return };
    for keeps in [true, false] {
        let database = with(place.url(), |options| {
            options.statement_timeout = Duration::from_secs(1);
            options.prepared_statements = keeps;
        });
        let slow = database.write(|tx| tx.execute("SELECT pg_sleep(60)", &[]));
        assert_eq!(slow, Err(DatabaseError::Busy));
        assert_eq!(database.read(|tx| tx.find("SELECT 1", &[], |row| row.integer(0))), Ok(Some(1)));
    }
}

#[test]
fn a_silent_server_is_given_up_and_one_that_comes_back_is_used_again() {
    let Some(mut cluster) = Cluster::start() else { return };
    let place = cluster.database();
    let database = with(place.url(), |options| {
        options.statement_timeout = Duration::from_secs(1);
        options.connect_timeout = Duration::from_secs(1);
    });
    let ask = || database.read(|tx| tx.find("SELECT 1", &[], |row| row.integer(0)));
    assert_eq!(ask(), Ok(Some(1)));
    cluster.signal("STOP");
    let error = ask().unwrap_err();
    // Whoever has waited for the answer to a statement waits for no other connection as well.
    assert_eq!(error, DatabaseError::Unavailable("no answer within 3 seconds".to_owned()));
    cluster.signal("CONT");
    until_ok(&ask);
    cluster.stop();
    let error = ask().unwrap_err();
    assert!(matches!(error, DatabaseError::Unavailable(_)), "{error}");
    cluster.start_again();
    until_ok(&ask);
    // The connections of before are dead, and nobody notices.
    cluster.stop();
    cluster.start_again();
    assert_eq!(ask(), Ok(Some(1)));
}

fn until_ok(ask: &dyn Fn() -> Result<Option<i64>, DatabaseError>) {
    until("the database answers again", || ask().is_ok());
}

#[test]
fn the_certificate_of_the_server_is_checked_where_the_url_asks_for_it() {
    let Some(place) = Postgres::database() else { return };
    let url = |parameters: &str| place.url_with(parameters).replace("127.0.0.1", "localhost");
    let authority = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/tls/ca.pem");
    let encrypted = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    let ask = |database: Database| database.read(|tx| tx.find(encrypted, &[], |row| row.flag(0)));
    for (parameters, expected) in [
        ("sslmode=disable".to_owned(), false),
        ("sslmode=prefer".to_owned(), true),
        ("sslmode=no-verify".to_owned(), true),
        (format!("sslmode=require&sslrootcert={authority}"), true),
        (format!("sslmode=verify-full&channel_binding=require&sslrootcert={authority}"), true),
    ] {
        assert_eq!(ask(open(&url(&parameters))), Ok(Some(expected)), "{parameters}");
    }
    let named = with(url("sslmode=require"), |options| options.ca_file = Some(authority.into()));
    assert_eq!(ask(named), Ok(Some(true)));
    for parameters in ["sslmode=require", "sslmode=verify-full"] {
        let error = ask(open(&url(parameters))).unwrap_err().to_string();
        assert!(error.contains("name its authority with database.caFile"), "{error}");
    }
    let parameters = format!("sslmode=verify-full&hostaddr=127.0.0.1&sslrootcert={authority}");
    let elsewhere = place.url_with(&parameters).replacen("127.0.0.1", "db.example.com", 1);
    let error = ask(open(&elsewhere)).unwrap_err().to_string();
    assert!(error.contains("certificate not valid for name"), "{error}");
}

#[test]
fn of_several_servers_the_first_that_will_do_is_taken_over_tcp_or_a_socket() {
    let Some(cluster) = Cluster::start() else { return };
    let place = cluster.database();
    let url = place.url();
    let port = url.split([':', '/']).nth(5).unwrap();
    let folder = cluster.folder().display().to_string().replace('/', "%2F");
    let port_there = "SELECT COALESCE(inet_server_port(), 0)";
    let ask = |url: &str| open(url).read(|tx| tx.find(port_there, &[], |row| row.integer(0)));
    let socket = format!("postgres:///postgres?host={folder}&port={port}&user=postgres");
    assert_eq!(ask(&socket), Ok(Some(0)));
    let here = Ok(Some(port.parse::<i64>().unwrap()));
    for (from, to) in [
        ("127.0.0.1:", "127.0.0.1:1,127.0.0.1:"),
        ("127.0.0.1:", "localhost:"),
        ("sslmode=disable", "sslmode=disable&target_session_attrs=read-write"),
        ("sslmode=disable", "sslmode=disable&hostaddr=127.0.0.1&keepalives_interval=9"),
    ] {
        assert_eq!(ask(&url.replacen(from, to, 1)), here, "{to}");
    }
    let error = ask(&format!("{url}&target_session_attrs=read-only")).unwrap_err().to_string();
    assert!(error.ends_with("database is not read only"), "{error}");
    let error = ask("postgres:///nowhere").unwrap_err().to_string();
    assert!(error.ends_with("its URL names no host"), "{error}");
}

#[test]
fn a_write_by_itself_is_not_tried_on_a_connection_that_has_ended() {
    let Some(mut cluster) = Cluster::start() else { return };
    let place = cluster.database();
    let database = with(place.url(), |options| options.max_connections = 1);
    run(&database, "create table t (n integer)");
    let add = || database.write_one(|tx| tx.execute("INSERT INTO t VALUES (1)", &[]));
    assert_eq!(add(), Ok(1));
    cluster.stop();
    cluster.start_again();
    // On the old connection nobody would know whether it was done.
    assert_eq!(add(), Ok(1));
}

#[test]
fn what_keeps_a_command_from_its_database_is_said_without_the_password() {
    let Some(place) = Postgres::database() else { return };
    let url = place.url();
    let port = url.split([':', '/']).nth(5).unwrap().to_owned();
    for (url, said) in [
        (url.replace("tiger%20tiger", "hunter2"), "password authentication failed for user"),
        (url.replace("/test", "/nowhere"), "make it with CREATE DATABASE"),
        (url.replace(&port, "1"), "Connection refused"),
        (url.replace("sslmode=disable", "colour=red"), "contains the unknown parameter colour"),
    ] {
        for words in [&["migrate", "--yes"][..], &["users", "list"], &["serve", "--port", "0"]] {
            let folder = folder(&url);
            folder.configure(&json!({"database": {"startTimeout": 0}}));
            let ran = folder.run(words);
            assert_ne!(ran.code, 0, "{ran:?}");
            assert!(ran.stderr.contains(said), "{said}: {ran:?}");
            assert!(!ran.stderr.contains("hunter2") && !ran.stderr.contains("tiger"), "{ran:?}");
        }
    }
    let ran = folder(&url).run(&["info", "--json"]).succeeded();
    assert!(
        !ran.stdout.contains("tiger") && ran.stdout.contains("postgresql://127.0.0.1"),
        "{ran:?}"
    );
    let without = Folder::on_file().with("DATABASE_URL", &url);
    without.run(&["migrate"]).succeeded();
    without.run(&["serve", "--port", "0"]).failed(2, "all servers on this database need the same");
    without.run(&["users", "list"]).succeeded();
}

#[test]
fn a_role_without_rights_is_told_what_it_may_not() {
    let Some(place) = Postgres::database() else { return };
    schema::migrate(&open(place.admin()), &tables()).unwrap();
    let ran = folder(&place.url()).run(&["users", "list"]);
    ran.failed(1, "permission denied for table user");
}

/// As on a standby, or while an administrator forbids writing.
#[test]
fn a_read_only_server_answers_sessions_that_are_due_for_extension() {
    let Some(place) = Postgres::database() else { return };
    let read_only = place.url_with("options=-c%20default_transaction_read_only%3Don");
    let [writing, reading] = [place.url(), read_only].map(|url| {
        let folder = folder(&url);
        folder.configure(&json!({"session": {"updateAge": 0}, "server": {"admin": {"port": 0}}}));
        folder.run(&["migrate"]).succeeded();
        let server = Server::start(&folder, &[]);
        (folder, server)
    });
    let body =
        json!({"name": "Ada", "email": "ada@example.com", "password": "correct horse battery"});
    let mut refused = reading.1.post("/sign-up/email", &body);
    let text = refused.body_mut().read_to_string().unwrap();
    assert!(refused.status() == 503 && text.contains("DATABASE_READ_ONLY"), "{text}");
    let unready = (503, r#"{"status":"unavailable","code":"DATABASE_READ_ONLY"}"#.to_owned());
    until("it is seen to be read-only", || reading.1.watch("/readyz") == unready);
    until("the other is seen to be ready", || writing.1.watch("/readyz").0 == 200);
    let cookie = cookie(&writing.1.post("/sign-up/email", &body));
    for server in [&writing.1, &reading.1] {
        let found = server.get("/get-session", &cookie);
        assert!(found.contains("ada@example.com"), "{found}");
    }
}

#[test]
fn the_cluster_of_a_run_is_gone_when_the_run_is() {
    let Some(cluster) = Cluster::start() else { return };
    let folder = cluster.folder().to_owned();
    let port = fs::read_to_string(folder.join("data/postmaster.pid")).unwrap();
    let id = port.lines().next().unwrap().to_owned();
    // A test that fails may have left it like this.
    cluster.signal("STOP");
    drop(cluster);
    assert!(!Command::new("kill").args(["-0", &id]).status().unwrap().success());
    assert!(!folder.exists());
}
