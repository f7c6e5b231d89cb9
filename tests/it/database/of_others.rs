//! Rows that other programs wrote: however a value is stored, its row is listed, signs in, and can be changed and
//! deleted.

use better_auth::BetterAuth;
use better_auth::Config;
use serde_json::Value;
use serde_json::json;

use crate::harness::Folder;
use crate::harness::server::Server;
use crate::harness::server::cookie;

const PASSWORD: &str = "correct horse battery";

/// Tables of Better Auth of which one was made without `not null`.
const NULLABLE: &str = r#"
    create table "user" ("id" text not null primary key, "name" text, "email" text unique, "emailVerified" integer, "image" text, "createdAt" date, "updatedAt" date);
    insert into user values ('nobody', null, null, null, null, null, null);"#;

/// As Prisma makes them for SQLite; its times are whole numbers of milliseconds in columns declared `DATETIME`.
const PRISMA: &str = r#"
    CREATE TABLE "user" ("id" TEXT NOT NULL PRIMARY KEY, "name" TEXT NOT NULL, "email" TEXT NOT NULL, "emailVerified" BOOLEAN NOT NULL DEFAULT false, "image" TEXT, "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, "updatedAt" DATETIME NOT NULL);
    CREATE TABLE "session" ("id" TEXT NOT NULL PRIMARY KEY, "expiresAt" DATETIME NOT NULL, "token" TEXT NOT NULL, "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, "updatedAt" DATETIME NOT NULL, "ipAddress" TEXT, "userAgent" TEXT, "userId" TEXT NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE);
    CREATE TABLE "account" ("id" TEXT NOT NULL PRIMARY KEY, "accountId" TEXT NOT NULL, "providerId" TEXT NOT NULL, "userId" TEXT NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE, "accessToken" TEXT, "refreshToken" TEXT, "idToken" TEXT, "accessTokenExpiresAt" DATETIME, "refreshTokenExpiresAt" DATETIME, "scope" TEXT, "password" TEXT, "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, "updatedAt" DATETIME NOT NULL);
    CREATE TABLE "verification" ("id" TEXT NOT NULL PRIMARY KEY, "identifier" TEXT NOT NULL, "value" TEXT NOT NULL, "expiresAt" DATETIME NOT NULL, "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, "updatedAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP);
    CREATE UNIQUE INDEX "user_email_key" ON "user" ("email");
    CREATE UNIQUE INDEX "session_token_key" ON "session" ("token");
    CREATE INDEX "session_userId_idx" ON "session" ("userId");
    CREATE INDEX "account_userId_idx" ON "account" ("userId");
    CREATE INDEX "verification_identifier_idx" ON "verification" ("identifier");
    insert into user values ('u0', 'Old', 'old@example.com', 0, null, unixepoch() * 1000, unixepoch() * 1000);
    insert into session values ('s1', (unixepoch() + 604800) * 1000, 'token1', unixepoch() * 1000, unixepoch() * 1000, '', '', 'u0');
    insert into session values ('s2', (unixepoch() - 604800) * 1000, 'token2', unixepoch() * 1000, unixepoch() * 1000, '', '', 'u0');
    insert into verification values ('v1', 'reset-password:live', 'u0', (unixepoch() + 3600) * 1000, unixepoch() * 1000, unixepoch() * 1000);
    insert into verification values ('v2', 'reset-password:dead', 'u0', (unixepoch() - 3600) * 1000, unixepoch() * 1000, unixepoch() * 1000);"#;

/// A database with Ada, who has a password, after these statements.
fn with_ada(sql: &str) -> Folder {
    let folder = Folder::migrated_file();
    folder.create_user("ada@example.com");
    folder.write(sql);
    folder
}

fn users(folder: &Folder) -> Vec<Value> {
    let list = folder.run(&["users", "list", "--json", "--sort", "email:asc"]).succeeded();
    list.json()["users"].as_array().unwrap().clone()
}

/// Signs Ada in and answers her cookie.
fn sign_in(server: &Server) -> String {
    let answer =
        server.post("/sign-in/email", &json!({"email": "ada@example.com", "password": PASSWORD}));
    assert_eq!(answer.status(), 200, "{}", server.log());
    cookie(&answer)
}

#[test]
fn a_user_without_values_is_named_listed_changed_and_deleted() {
    let folder = Folder::on_file();
    folder.write(NULLABLE);
    let ran = folder.run(&["migrate", "--yes"]).succeeded();
    let note = "warning: user may hold rows without name, email, emailVerified, createdAt, updatedAt, which every row needs; \
                `better-auth db check` looks for them";
    assert!(ran.stderr.contains(note), "{ran:?}");
    let ran = folder.run(&["migrate", "status", "--json"]).succeeded();
    assert!(ran.stderr.contains(note), "{ran:?}");
    assert!(note.contains(ran.json()["notes"][0].as_str().unwrap()), "{ran:?}");
    folder.create_user("ada@example.com");

    let list = users(&folder);
    assert_eq!((list.len(), &list[0]["id"], &list[0]["email"]), (2, &json!("nobody"), &json!("")));
    assert_eq!(list[0]["createdAt"], "1970-01-01T00:00:00.000Z");
    let shown = folder.run(&["users", "show", "nobody", "--json"]).succeeded().json();
    assert_eq!(
        (&shown["user"]["name"], &shown["user"]["emailVerified"]),
        (&json!(""), &json!(false))
    );
    let server = Server::start(&folder, &[]);
    sign_in(&server);

    let named = |words: &[&str], said: &str| {
        let ran = folder.run(words);
        assert!(ran.stderr.contains(said), "{words:?}: {ran:?}");
    };
    named(&["users", "update", "nobody", "--name", "Nemo"], "done: updated nobody");
    named(&["users", "unlock", "nobody"], "done: nobody was not locked");
    named(&["sessions", "revoke", "nobody"], "Revoke all sessions of nobody?");
    named(
        &["accounts", "unlink", "google", "--user", "nobody", "--yes"],
        "nobody has no account \"google\"",
    );
    named(&["users", "delete", "nobody"], "Delete nobody?");
    named(&["users", "delete", "nobody", "--yes"], "done: deleted nobody");
    assert_eq!(users(&folder).len(), 1);
}

#[test]
fn users_without_an_address_are_changed_by_their_ids_and_get_no_mail() {
    let folder = Folder::on_file();
    folder.configure(&json!({"baseURL": "http://localhost:3000", "email": {"transport": "file"}}));
    folder.write(NULLABLE);
    folder.write("insert into user (id) values ('neither')");
    folder.run(&["migrate", "--yes"]).succeeded();
    for id in ["nobody", "neither"] {
        folder.run(&["users", "update", id, "--name", id]).succeeded();
        for words in [&["users", "send-reset", id][..], &["users", "verify-email", id, "--send"]] {
            folder.run(words).failed(2, &format!("error: {id} has no email address"));
        }
    }
    assert_eq!(folder.ask("select count(*) || '' from user where email is null"), "2");
    assert!(!folder.path("emails.jsonl").exists());
    folder.run(&["users", "update", "nobody", "--email", "nemo@example.com"]).succeeded();
    assert_eq!(users(&folder)[1]["email"], "nemo@example.com");
}

#[test]
fn a_session_whose_token_cannot_be_read_is_revoked_by_its_id() {
    let folder = Folder::on_file();
    folder.write(
        r#"create table "session" ("id" text primary key, "expiresAt" date, "token" text, "createdAt" date, "updatedAt" date, "ipAddress" text, "userAgent" text, "userId" text);
        insert into session (id, expiresAt, token) values ('s1', '2099-01-01T00:00:00.000Z', null), ('s2', '2099-01-01T00:00:00.000Z', x'ff')"#,
    );
    folder.run(&["migrate", "--yes"]).succeeded();
    for left in [2, 1] {
        let list = folder.run(&["sessions", "list", "--json"]).succeeded().json();
        let list = list["sessions"].as_array().unwrap().clone();
        assert_eq!(list.len(), left);
        let ran = folder.run(&["sessions", "revoke", list[0]["id"].as_str().unwrap(), "--yes"]);
        assert!(ran.stderr.contains("done: 1 session revoked"), "{ran:?}");
    }
    assert_eq!(folder.ask("select count(*) || '' from session"), "0");
}

#[test]
fn a_name_in_another_encoding_hides_nobody() {
    let user =
        "'latin1@example.com', 0, null, '2026-11-01T10:00:00.000Z', '2026-11-01T10:00:00.000Z'";
    let folder =
        with_ada(&format!("insert into user values ('u2', cast(x'416461e9' as text), {user})"));
    let list = users(&folder);
    assert_eq!((list.len(), &list[1]["name"]), (2, &json!("Ada\u{fffd}")));
    folder.run(&["db", "copy", "--to", "sqlite:new.db"]).failed(
        1,
        "error: a value cannot be read: row \"u2\" of user: column name does not hold text",
    );
    let ran = folder.run(&["db", "check"]).failed(6, "1 value of better-auth.db is wrong");
    assert!(ran.stdout.contains("u2   user.name  not text"), "{ran:?}");
    folder.run(&["users", "update", "u2", "--name", "Adaé"]).succeeded();
    folder.run(&["db", "check"]).succeeded();
    folder.run(&["db", "copy", "--to", "sqlite:new.db", "--yes"]).succeeded();
    folder.run(&["users", "delete", "u2", "--yes"]).succeeded();
}

#[test]
fn times_of_sql_are_read_as_utc() {
    let folder = with_ada(
        "insert into user values ('u2', 'Seed', 'seed@example.com', 1, null, '2026-11-23 13:22:46', datetime('now'))",
    );
    let list = users(&folder);
    assert_eq!((list.len(), &list[1]["createdAt"]), (2, &json!("2026-11-23T13:22:46.000Z")));
    folder.run(&["db", "check"]).succeeded();
    let copied = folder.run(&["db", "copy", "--to", "sqlite:new.db", "--json"]).succeeded().json();
    assert_eq!((&copied["tables"][0]["rows"], &copied["verified"]), (&json!(2), &json!(true)));
    folder.run(&["users", "delete", "seed@example.com", "--yes"]).succeeded();
    assert_eq!(users(&folder).len(), 1);
}

#[test]
fn a_trigger_that_writes_times_of_sql_does_no_harm() {
    let folder = with_ada(
        "create trigger touch after update on user
            begin update user set updatedAt = datetime('now') where id = new.id; end",
    );
    for name in ["Ada L", "Ada M"] {
        folder.run(&["users", "update", "ada@example.com", "--name", name]).succeeded();
        assert_eq!(users(&folder)[0]["name"], name);
    }
    assert!(folder.ask("select updatedAt from user").contains(' '), "the trigger has run");
    folder.run(&["db", "check"]).succeeded();
}

#[test]
fn a_user_with_a_time_of_sql_signs_in() {
    let folder = with_ada("update user set updatedAt = datetime('now')");
    folder.configure(&json!({"baseURL": "http://localhost:3000", "email": {"transport": "file"}}));
    let server = Server::start(&folder, &[]);
    let cookie = sign_in(&server);
    let session: Value = serde_json::from_str(&server.get("/get-session", &cookie)).unwrap();
    assert_eq!(session["user"]["email"], "ada@example.com");
    let asked = server.post("/request-password-reset", &json!({"email": "ada@example.com"}));
    assert_eq!(asked.status(), 200);
    assert!(!server.log().contains("ERROR"), "{}", server.log());
}

#[test]
fn integer_times_are_compared_as_times() {
    let folder = Folder::on_file();
    folder.write(PRISMA);
    let status = folder.run(&["migrate", "status"]).succeeded();
    assert!(!status.stderr.contains("warning"), "{status:?}");
    folder.create_user("ada@example.com");
    let sessions = folder.run(&["sessions", "list", "--json"]).succeeded().json();
    let sessions = sessions["sessions"].as_array().unwrap();
    assert_eq!((sessions.len(), &sessions[0]["id"]), (1, &json!("s1")), "what is over is not live");
    let shown = folder.run(&["users", "show", "old@example.com", "--json"]).succeeded().json();
    assert_eq!(shown["sessions"], 1);

    let server = Server::start(&folder, &[]);
    let [first, second] = [(); 2].map(|()| sign_in(&server));
    let listed = |cookie: &str| -> Vec<Value> {
        serde_json::from_str(&server.get("/list-sessions", cookie)).unwrap()
    };
    assert_eq!(listed(&second).len(), 2);
    let revoke = format!("{}/revoke-other-sessions", server.url);
    let origin = server.url.trim_end_matches("/api/auth");
    let agent = crate::harness::server::agent();
    let revoked =
        agent.post(revoke).header("cookie", &second).header("origin", origin).send_empty();
    assert_eq!(revoked.unwrap().status(), 200);
    assert_eq!((listed(&second).len(), server.get("/get-session", &first).as_str()), (1, "null"));
    drop(server);

    // What the sweeper of a server does every minute.
    let mut config = Config::default();
    config.database.url = format!("sqlite:{}", folder.path("better-auth.db").display()).into();
    BetterAuth::new(config).unwrap().clean_up().unwrap();
    assert_eq!(folder.ask("select group_concat(id) from verification"), "v1");
    let kinds = "select group_concat(distinct typeof(expiresAt) || typeof(createdAt)) from session";
    assert_eq!(folder.ask(kinds), "integerinteger", "written as the others");
    folder.run(&["db", "check"]).succeeded();
}

#[test]
fn a_password_that_is_no_text_keeps_nobody_else_out() {
    let folder = with_ada("");
    folder.write("update account set password = x'ff'");
    folder.create_user("eve@example.com");
    let server = Server::start(&folder, &[]);
    let body = |email: &str| json!({"email": email, "password": PASSWORD});
    let status = |email: &str| server.post("/sign-in/email", &body(email)).status().as_u16();
    assert_eq!((status("ada@example.com"), status("eve@example.com")), (401, 200));
}

#[test]
fn a_link_without_a_value_opens_nothing() {
    let folder = Folder::on_file();
    folder.write(
        r#"create table "verification" ("id" text primary key, "identifier" text, "value" text, "expiresAt" date, "createdAt" date, "updatedAt" date);
        insert into verification values ('v1', 'reset-password:null', null, '2099-01-01T00:00:00.000Z', 1, 1);
        insert into verification values ('v2', 'reset-password:bytes', x'ff', '2099-01-01T00:00:00.000Z', 1, 1);
        insert into verification values ('v3', 'reset-password:never', 'u1', 'never', 1, 1);"#,
    );
    folder.run(&["migrate", "--yes"]).succeeded();
    let server = Server::start(&folder, &[]);
    for token in ["null", "bytes", "never"] {
        let body = json!({"token": token, "newPassword": "another horse battery"});
        let mut answer = server.post("/reset-password", &body);
        let said = answer.body_mut().read_to_string().unwrap();
        assert_eq!(answer.status(), 400, "{said}");
        assert!(said.contains("INVALID_TOKEN"), "{said}");
    }
}

#[test]
fn a_message_that_holds_no_numbers_hides_no_other() {
    let folder = Folder::on_file();
    folder.configure(&json!({
        "baseURL": "http://localhost:3000",
        "email": {"transport": "smtp", "from": "auth@example.com", "smtp": {"host": "127.0.0.1", "port": 9}},
    }));
    folder.run(&["migrate"]).succeeded();
    folder.write(
        "insert into emailOutbox values ('m1', 'resetPassword', 'a@example.com', '{}', x'ff', 'many', null, null, 1, 1, 1);
        insert into emailOutbox values ('m2', 'resetPassword', 'b@example.com', '{}', 'sent', 1, null, null, 1, 1, 1)",
    );
    let list = folder.run(&["mail", "list", "--json"]).succeeded().json();
    assert_eq!(list["messages"].as_array().map(Vec::len), Some(2), "{list}");
}
