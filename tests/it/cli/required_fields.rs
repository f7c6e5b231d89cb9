//! Required columns of the application without a default in the database, as Better Auth's migration makes them for
//! `additionalFields` with a `defaultValue`: they are declared, and nobody's tables change.

use better_auth::database::Database;
use better_auth::database::DatabaseError;
use better_auth::database::Dialect;
use serde_json::Value;
use serde_json::json;

use crate::harness::Folder;
use crate::harness::server::Server;

/// Every table with such a column; SQLite takes it with a new table only.
const TABLES: [&str; 4] = [
    r#"CREATE TABLE "user" ("id" text NOT NULL PRIMARY KEY, "name" text NOT NULL, "email" text NOT NULL UNIQUE,
        "emailVerified" integer NOT NULL, "image" text, "createdAt" date NOT NULL, "updatedAt" date NOT NULL,
        "plan" text NOT NULL)"#,
    r#"CREATE TABLE "session" ("id" text NOT NULL PRIMARY KEY, "expiresAt" date NOT NULL, "token" text NOT NULL UNIQUE,
        "createdAt" date NOT NULL, "updatedAt" date NOT NULL, "ipAddress" text, "userAgent" text,
        "userId" text NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE, "plan" text NOT NULL)"#,
    r#"CREATE TABLE "account" ("id" text NOT NULL PRIMARY KEY, "accountId" text NOT NULL, "providerId" text NOT NULL,
        "userId" text NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE, "accessToken" text, "refreshToken" text,
        "idToken" text, "accessTokenExpiresAt" date, "refreshTokenExpiresAt" date, "scope" text, "password" text,
        "createdAt" date NOT NULL, "updatedAt" date NOT NULL, "plan" text NOT NULL)"#,
    r#"CREATE TABLE "verification" ("id" text NOT NULL PRIMARY KEY, "identifier" text NOT NULL, "value" text NOT NULL,
        "expiresAt" date NOT NULL, "createdAt" date NOT NULL, "updatedAt" date NOT NULL, "plan" text NOT NULL)"#,
];
const MODELS: [&str; 4] = ["user", "session", "account", "verification"];

fn run(database: &Database, sql: &str) {
    let done: Result<u64, DatabaseError> = database.write(|tx| tx.execute(sql, &[]));
    assert!(done.is_ok(), "{sql}: {done:?}");
}

fn plans(database: &Database, table: &str) -> Vec<String> {
    let sql = format!(r#"SELECT DISTINCT "plan" FROM "{table}""#);
    database.read(|tx| tx.list(&sql, &[], |row| row.text(0))).unwrap()
}

fn folder() -> (Folder, Database) {
    let folder = Folder::new();
    let database = folder.database();
    if database.dialect() == Dialect::Sqlite {
        database.create().unwrap();
        for sql in TABLES {
            run(&database, sql);
        }
        return (folder, database);
    }
    folder.run(&["migrate"]).succeeded();
    for table in MODELS {
        run(&database, &format!(r#"ALTER TABLE "{table}" ADD COLUMN "plan" text NOT NULL"#));
    }
    (folder, database)
}

#[test]
fn a_required_column_of_the_application_is_declared_and_not_changed() {
    let (folder, database) = folder();
    let blocked = folder.run(&["migrate", "status"]);
    assert_eq!(blocked.code, 1, "{blocked:?}");
    for model in MODELS {
        let advice = format!(
            "{model}.plan must be filled in every row and has no default; if it is a field of the application, \
             declare it in {model}.additionalFields"
        );
        assert!(blocked.stderr.contains(&advice), "{blocked:?}");
    }

    let plan = json!({"plan": {"type": "string", "defaultValue": "free"}});
    let mut config = json!({"email": {"transport": "file"}});
    for model in MODELS {
        config[model] = json!({ "additionalFields": plan });
    }
    folder.configure(&config);
    folder.run(&["migrate", "--yes"]).succeeded();
    let server = Server::start(&folder, &[]);
    let new =
        json!({"name": "Ada", "email": "ada@example.com", "password": "correct horse battery"});
    assert_eq!(server.post("/sign-up/email", &new).status(), 200);
    let wrong = json!({"email": "ada@example.com", "password": "a wrong password"});
    assert_eq!(server.post("/sign-in/email", &wrong).status(), 401);
    let ask = json!({"email": "ada@example.com"});
    assert_eq!(server.post("/request-password-reset", &ask).status(), 200);
    // Every row has the default: a failed attempt and a link have, too.
    for table in MODELS {
        assert_eq!(plans(&database, table), ["free"], "{table}");
    }
    let accounts = ["accounts", "list", "--user", "ada@example.com", "--json"];
    let accounts: Value = folder.run(&accounts).succeeded().json();
    assert_eq!(accounts["accounts"][0]["plan"], "free");
}

#[test]
fn a_required_column_of_a_table_that_has_no_fields_is_only_explained() {
    let folder = Folder::migrated();
    folder.configure(&json!({"rateLimit": {"storage": "database"}}));
    let database = folder.database();
    let sql = r#"CREATE TABLE "rateLimit" ("id" text NOT NULL PRIMARY KEY, "key" text NOT NULL UNIQUE,
        "count" integer NOT NULL, "lastRequest" bigint NOT NULL, "plan" text NOT NULL)"#;
    run(&database, sql);
    let blocked = folder.run(&["migrate", "status"]);
    blocked.failed(
        1,
        "rateLimit.plan must be filled in every row and has no default; give it a default",
    );
}
