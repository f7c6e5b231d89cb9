//! URLs of PostgreSQL, as other programs and services write them, and the schema that they or the configuration name.

use better_auth::config::DatabaseOptions;
use better_auth::database::Clock;
use better_auth::database::Database;
use better_auth::database::DatabaseError;
use better_auth::database::Unique;
use serde_json::json;

use super::people::address;
use super::people::sign_up;
use crate::harness::Folder;
use crate::harness::Pooler;
use crate::harness::Postgres;
use crate::harness::at_once;
use crate::harness::postgres::open;
use crate::harness::server::Server;
use crate::harness::server::cookie;

const SECRET: &str = "a secret of at least thirty-two characters";

/// A folder whose commands work on this database.
fn folder(url: &str) -> Folder {
    Folder::on_file().with("DATABASE_URL", url).with("BETTER_AUTH_SECRET", SECRET)
}

fn one(database: &Database, sql: &str) -> i64 {
    database.read(|tx| tx.find(sql, &[], |row| row.integer(0))).unwrap().unwrap()
}

fn text(database: &Database, sql: &str) -> String {
    database.read(|tx| tx.find(sql, &[], |row| row.text(0))).unwrap().unwrap()
}

/// Runs statements as whoever may do everything.
fn as_admin(place: &Postgres, sql: &[&str]) {
    let admin = open(place.admin());
    for sql in sql {
        admin
            .write(|tx| tx.execute(*sql, &[]))
            .unwrap_or_else(|error: DatabaseError| panic!("{sql}: {error}"));
    }
}

/// The schemas that have a table of users.
fn homes(place: &Postgres) -> Vec<String> {
    let sql = "SELECT schemaname FROM pg_tables WHERE tablename = 'user' ORDER BY 1";
    open(place.admin()).read(|tx| tx.list(sql, &[], |row| row.text(0))).unwrap()
}

/// As Supabase, Prisma, node-postgres and Neon document their URLs: the server is not there, which is all that is wrong.
#[test]
fn parameters_of_other_programs_are_understood_or_named() {
    for (parameters, ignored) in [
        ("pgbouncer=true&connection_limit=1", ""),
        ("schema=public&pool_timeout=20", "the parameter pool_timeout, "),
        ("sslmode=require&uselibpqcompat=true", ""),
        ("pgbouncer=true&statement_cache_size=0&connect_timeout=30&socket_timeout=60", ""),
        ("sslmode=require&sslaccept=strict&sslrootcert=system", ""),
        ("sslmode=no-verify", ""),
        ("sslmode=require&channel_binding=require&options=endpoint%3Dep-cool-1", ""),
        (
            "sslmode=require&supa=base-pooler.x&workaround=supabase-pooler.vercel",
            "the parameters supa, workaround, ",
        ),
        ("gssencmode=disable&sslcompression=0&ssl_min_protocol_version=TLSv1.2", ""),
    ] {
        let url = format!("postgresql://u:hunter2@127.0.0.1:1/db?{parameters}");
        let ran = folder(&url).run(&["users", "list"]).failed(1, "The database is not available");
        let warnings: Vec<&str> =
            ran.stderr.lines().filter(|line| line.starts_with("warning: database")).collect();
        match ignored {
            "" => assert_eq!(warnings, [""; 0], "{parameters}"),
            names => {
                let expected =
                    format!("warning: database.url: ignores {names}without effect on this server");
                assert_eq!(warnings, [expected.as_str()]);
            }
        }
    }
}

#[test]
fn what_would_protect_and_is_not_understood_is_refused() {
    for (parameters, said) in [
        ("sslmod=verify-full", "contains the unknown parameter sslmod; did you mean sslmode?"),
        ("ssl_mode=require", "did you mean sslmode?"),
        (
            "colour=red",
            "contains the unknown parameter colour; remove it if it is for another program",
        ),
        ("sslcert=client.pem", "contains sslcert, which is not supported"),
        (
            "sslidentity=client.p12&sslpassword=hunter2",
            "contains sslidentity, which is not supported",
        ),
        ("sslkey=client.key", "contains sslkey, which is not supported"),
        ("sslcrl=revoked.pem", "contains sslcrl, which is not supported"),
        ("require_auth=scram-sha-256", "contains require_auth, which is not supported"),
        ("gssencmode=require", "contains a gssencmode that is not supported"),
        ("ssl_min_protocol_version=TLSv1.3", "contains a ssl_min_protocol_version that is not"),
        ("sslmode=prefer&sslrootcert=ca.pem", "contradicts itself about TLS"),
        ("sslmode=disable&sslaccept=strict", "contradicts itself about TLS"),
        ("sslmode=verify-full&sslaccept=accept_invalid_certs", "contradicts itself about TLS"),
        ("sslmode=verify-full&sslmode=disable", "contains sslmode twice"),
        ("pgbouncer=1", "contains a pgbouncer that is not true or false"),
        ("connection_limit=100000", "contains a connection_limit that is not 1 to 1000"),
        ("schema=pg_catalog", "contains a wrong schema"),
        ("schema=a&search_path=b", "names the schema more than once"),
    ] {
        let url = format!("postgresql://u:hunter2@127.0.0.1:1/db?{parameters}");
        let ran = folder(&url).run(&["users", "list"]).failed(2, said);
        assert!(ran.stderr.contains("DATABASE_URL: database.url: "), "{ran:?}");
        assert!(!format!("{ran:?}").contains("hunter2"), "{ran:?}");
    }
}

#[test]
fn limits_in_a_url_are_kept() {
    let Some(place) = Postgres::database() else { return };
    let url = |parameters: &str| place.url_with(&format!("sslmode=disable&{parameters}"));
    let few = open(&url("connection_limit=1&application_name=few"));
    at_once(6, |_| one(&few, "SELECT COUNT(pg_sleep(0.05))"));
    let connections = "SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = 'few'";
    assert_eq!(one(&few, connections), 1);
    let hurried = open(&url("socket_timeout=1"));
    let slow = hurried.write(|tx| tx.execute("SELECT pg_sleep(60)", &[]));
    assert_eq!(slow, Err(DatabaseError::Busy));
    let prepared = "SELECT COUNT(*) FROM pg_prepared_statements";
    for (parameters, keeps) in
        [("statement_cache_size=0", false), ("pgbouncer=true", false), ("pgbouncer=false", true)]
    {
        let database = open(&url(parameters));
        assert_eq!(0 < one(&database, prepared), keeps, "{parameters}");
    }
}

#[test]
fn the_certificate_is_checked_or_not_as_every_driver_says_it() {
    let Some(place) = Postgres::database() else { return };
    let local = |url: String| url.replace("127.0.0.1", "localhost");
    let authority = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/tls/ca.pem");
    let encrypted = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    let ask = |url: &str, with_authority: bool| {
        let options = DatabaseOptions {
            url: url.to_owned().into(),
            ca_file: with_authority.then(|| authority.into()),
            ..DatabaseOptions::default()
        };
        let database = Database::new(&options, Clock::SYSTEM);
        database.read(|tx| tx.find(encrypted, &[], |row| row.flag(0)))
    };
    for parameters in [
        "sslmode=require&uselibpqcompat=true",
        "sslmode=require&sslaccept=accept_invalid_certs",
        "ssl=no-verify",
        &format!("sslrootcert={authority}"),
        &format!("ssl=true&sslrootcert={authority}"),
        &format!("sslmode=require&uselibpqcompat=true&sslrootcert={authority}"),
        &format!("sslaccept=strict&sslrootcert={authority}"),
    ] {
        assert_eq!(ask(&local(place.url_with(parameters)), false), Ok(Some(true)), "{parameters}");
    }
    // Nobody has named its authority.
    for parameters in ["ssl=true", "sslaccept=strict", "sslrootcert=system"] {
        let error = ask(&local(place.url_with(parameters)), false).unwrap_err().to_string();
        assert!(error.contains("name its authority with database.caFile"), "{error}");
    }
    // Who names one wants it to be asked, and the host to be the right one.
    let plain = place.url_with("application_name=plain");
    assert_eq!(ask(&local(plain.clone()), true), Ok(Some(true)));
    let elsewhere = place.url_with("hostaddr=127.0.0.1").replacen("127.0.0.1", "db.example.com", 1);
    assert_eq!(ask(&elsewhere, false), Ok(Some(true)));
    let error = ask(&elsewhere, true).unwrap_err().to_string();
    assert!(error.contains("certificate not valid for name"), "{error}");
    let folder = folder(&place.url());
    folder.configure(&json!({"database": {"caFile": authority}}));
    let said = folder.run(&["migrate"]).succeeded().stderr;
    assert!(said.contains("warning: database.caFile: has no effect, because the URL"), "{said}");
}

/// Names that are not plain ones are quoted wherever they stand.
#[test]
fn tables_are_made_and_found_in_the_schema_that_is_named() {
    for (option, parameters) in [
        (Some("auth"), "sslmode=disable"),
        (Some("My \"Auth\" \\ 1"), "sslmode=disable"),
        (None, "sslmode=disable&schema=auth"),
        (None, "sslmode=disable&schema=My%20%22Auth%22%20%5C%201"),
        (None, "sslmode=disable&search_path=auth"),
        (None, "sslmode=disable&options=-c%20search_path%3Dauth"),
        (Some("auth"), "sslmode=disable&schema=auth"),
        (Some("My \"Auth\" \\ 1"), "sslmode=disable&pgbouncer=true"),
        (None, "sslmode=disable&pgbouncer=true&schema=auth"),
        (None, "sslmode=disable&pgbouncer=true&options=-c%20search_path%3Dauth"),
    ] {
        let Some(place) = Postgres::database() else { return };
        let is_plain = option == Some("auth") || parameters.contains("auth");
        let name = if is_plain { "auth" } else { "My \"Auth\" \\ 1" };
        let quoted = format!("\"{}\"", name.replace('"', "\"\""));
        let make = format!("CREATE SCHEMA {quoted} AUTHORIZATION auth");
        as_admin(&place, &[&make, r#"CREATE TABLE public."user" (n integer)"#]);
        let folder = folder(&place.url_with(parameters));
        folder.configure(&json!({"database": {"schema": option}}));
        folder.run(&["migrate"]).succeeded();
        folder.run(&["migrate", "status"]).succeeded();
        folder.create_user(&address("ann"));
        let server = Server::start(&folder, &[]);
        assert_eq!(sign_up(&server, "bob").0, 200, "{}", server.log());
        let body = json!({"email": address("ann"), "password": "correct horse battery"});
        let cookie = cookie(&server.post("/sign-in/email", &body));
        assert!(server.get("/get-session", &cookie).contains(&address("ann")));
        assert_eq!(homes(&place), [name, "public"], "{parameters}");
        let users = format!(r#"SELECT COUNT(*) FROM {quoted}."user""#);
        assert_eq!(one(&open(place.admin()), &users), 2);
        let info = folder.run(&["info", "--json"]).succeeded().json();
        let shown = info["database"].as_str().unwrap();
        assert!(shown.contains(&format!("?schema={name}")), "{shown}");
    }
}

#[test]
fn a_schema_that_is_not_there_is_not_made_and_its_statement_is_said() {
    let Some(place) = Postgres::database() else { return };
    for parameters in ["schema=Auth", "schema=Auth&pgbouncer=true"] {
        let folder = folder(&place.url_with(&format!("sslmode=disable&{parameters}")));
        let said = r#"there is no schema "Auth"; make it with CREATE SCHEMA "Auth""#;
        for words in [&["migrate", "--yes"][..], &["serve", "--port", "0"], &["users", "list"]] {
            folder.run(words).failed(1, said);
        }
    }
    assert_eq!(homes(&place), [""; 0]);
    let folder = folder(&place.url_with("sslmode=disable&schema=Auth"));
    as_admin(&place, &[r#"CREATE SCHEMA "Auth""#]);
    let said = r#"the role auth may not use the schema "Auth"; allow it with GRANT USAGE, CREATE ON SCHEMA "Auth" TO auth"#;
    folder.run(&["migrate", "--yes"]).failed(1, said);
    as_admin(&place, &[r#"GRANT USAGE, CREATE ON SCHEMA "Auth" TO auth"#]);
    folder.run(&["migrate", "--yes"]).succeeded();
    assert_eq!(homes(&place), ["Auth"]);
}

#[test]
fn a_schema_is_named_once_and_only_to_a_database_that_has_some() {
    let elsewhere = folder("postgres://u:hunter2@127.0.0.1:1/d?schema=other");
    elsewhere.configure(&json!({"database": {"schema": "auth"}}));
    elsewhere
        .run(&["users", "list"])
        .failed(2, "database.schema: names another schema than the URL of the database");
    let wrong = folder("postgres://u:hunter2@127.0.0.1:1/d");
    wrong.configure(&json!({"database": {"schema": ""}}));
    wrong.run(&["users", "list"]).failed(2, "database.schema: expected the name of a schema");
    let file = Folder::on_file();
    file.configure(&json!({"database": {"schema": "auth"}}));
    let said = file.run(&["migrate"]).succeeded().stderr;
    assert!(said.contains("warning: database.schema: has no effect"), "{said}");
}

#[test]
fn two_schemas_of_a_database_are_two_places() {
    let Some(place) = Postgres::database() else { return };
    as_admin(&place, &["CREATE SCHEMA a AUTHORIZATION auth", "CREATE SCHEMA b AUTHORIZATION auth"]);
    let [from, to] =
        ["a", "b"].map(|name| place.url_with(&format!("sslmode=disable&schema={name}")));
    let folder = folder(&from);
    folder.run(&["migrate"]).succeeded();
    folder.create_user(&address("ann"));
    folder.run(&["db", "copy", "--to", &to, "--yes"]).succeeded();
    assert_eq!(homes(&place), ["a", "b"]);
    folder.run(&["db", "copy", "--to", &from]).failed(2, "is both source and target");
}

/// Behind a pooler, what one client sets the next one finds: the schema is set in every transaction, and no longer.
#[test]
fn behind_a_pooler_the_schema_is_that_of_the_transaction() {
    let Some(place) = Postgres::database() else { return };
    let Some(pooler) = Pooler::before(&place) else { return };
    let make = ["auth", "other"].map(|name| format!("CREATE SCHEMA {name} AUTHORIZATION auth"));
    as_admin(&place, &[&make[0], &make[1], r#"CREATE TABLE other."user" (n integer)"#]);
    let url = pooler.url_with("pgbouncer=true&schema=auth");
    let folder = folder(&url);
    folder.run(&["migrate"]).succeeded();
    folder.create_user(&address("ann"));
    let server = Server::start(&folder, &[]);
    let beside = open(&pooler.url_with("pgbouncer=true"));
    for path in ["other", "public", "\"$user\", public"] {
        beside.write_one(|tx| tx.execute(&format!("SET search_path TO {path}"), &[])).unwrap();
        assert_eq!(text(&beside, "SHOW search_path"), path, "the setting is shared");
        let body = json!({"email": address("ann"), "password": "correct horse battery"});
        let cookie = cookie(&server.post("/sign-in/email", &body));
        assert!(server.get("/get-session", &cookie).contains(&address("ann")));
        let ran = folder.run(&["users", "list"]).succeeded();
        assert!(ran.stdout.contains(&address("ann")), "{ran:?}");
        assert_eq!(text(&beside, "SHOW search_path"), path, "it is given back");
    }
    assert_eq!(homes(&place), ["auth", "other"]);
}

/// The transactions around single statements change nothing about what these mean.
#[test]
fn in_a_schema_behind_a_pooler_statements_mean_what_they_mean_elsewhere() {
    let Some(place) = Postgres::database() else { return };
    let Some(pooler) = Pooler::before(&place) else { return };
    as_admin(&place, &["CREATE SCHEMA auth AUTHORIZATION auth"]);
    let database = open(&pooler.url_with("pgbouncer=true&schema=auth"));
    database.change_schema(|tx| tx.execute("CREATE TABLE t (n integer PRIMARY KEY)", &[])).unwrap();
    let insert = "INSERT INTO t VALUES (1)";
    assert_eq!(database.write_one(|tx| tx.execute(insert, &[])), Ok(1));
    let unique = Unique { table: "t".to_owned(), columns: vec!["n".to_owned()] };
    let again = database.write_one(|tx| tx.execute(insert, &[]));
    assert_eq!(again, Err(DatabaseError::Unique(unique)));
    // A statement that stands alone is not undone by what its job makes of it.
    let kept = database.write_one(|tx| {
        tx.execute("INSERT INTO t VALUES (2)", &[])?;
        Err::<(), _>(DatabaseError::Busy)
    });
    assert_eq!(kept, Err(DatabaseError::Busy));
    let undone = database.write(|tx| {
        tx.execute("INSERT INTO t VALUES (3)", &[])?;
        Err::<(), _>(DatabaseError::Busy)
    });
    assert_eq!(undone, Err(DatabaseError::Busy));
    assert_eq!(one(&database, "SELECT COUNT(*) FROM t"), 2);
    let nothing = database.read(|tx| tx.find("SELECT n FROM nothing", &[], |row| row.integer(0)));
    assert!(matches!(nothing, Err(DatabaseError::Schema(_))), "{nothing:?}");
    at_once(8, |_| database.write_one(|tx| tx.execute("UPDATE t SET n = n + 10", &[])).unwrap());
    assert_eq!(one(&database, "SELECT SUM(n) FROM t"), 3 + 2 * 8 * 10);
}

#[test]
fn who_meets_a_pooler_without_saying_so_is_told_how() {
    let Some(place) = Postgres::database() else { return };
    let Some(pooler) = Pooler::before(&place) else { return };
    let folder = folder(&pooler.url_with("application_name=auth"));
    folder.run(&["users", "list"]).failed(1, "behind pgbouncer, add pgbouncer=true to the URL");
}

#[test]
fn a_time_limit_in_a_url_is_that_of_reads_behind_a_pooler_too() {
    let Some(place) = Postgres::database() else { return };
    as_admin(&place, &["CREATE SCHEMA auth AUTHORIZATION auth"]);
    let parameters = "sslmode=disable&pgbouncer=true&schema=auth&socket_timeout=1";
    let hurried = open(&place.url_with(parameters));
    let slow = hurried.read(|tx| tx.find("SELECT pg_sleep(60)", &[], |_| Ok(())));
    assert_eq!(slow, Err(DatabaseError::Busy));
}
