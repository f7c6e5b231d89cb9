//! What an operator is told of restricting columns: by `migrate status`, and by a server that starts.

use better_auth::database::Database;
use serde_json::Value;
use serde_json::json;

use super::as_made_by_the_plugins;
use super::set;
use crate::harness::Folder;
use crate::harness::server::Server;

const ADA: &str = "ada@example.com";

/// A database with a user, and the columns that the plugins add.
fn folder() -> (Folder, Database) {
    let folder = Folder::migrated();
    folder.create_user(ADA);
    let database = folder.database();
    as_made_by_the_plugins(&database);
    (folder, database)
}

fn sign_in(server: &Server) -> (u16, Value) {
    let body = json!({"email": ADA, "password": "correct horse battery"});
    let mut answer = server.post("/sign-in/email", &body);
    let body = answer.body_mut().read_to_string().unwrap();
    (answer.status().as_u16(), serde_json::from_str(&body).unwrap())
}

#[test]
fn a_second_factor_closes_the_way_in_and_the_operator_is_told_what_settles_it() {
    let (folder, database) = folder();
    set(&database, r#""twoFactorEnabled" = true"#);
    let status = folder.run(&["migrate", "status"]).succeeded().stderr;
    assert!(status.contains("user.twoFactorEnabled restricts 1 user: "), "{status}");
    assert!(status.contains(r#"user.ignoreRestrictions = ["twoFactorEnabled"]"#), "{status}");
    assert!(status.contains("user.banned restricts 0 users: "), "{status}");
    assert!(status.contains("plugins.admin can lift bans"), "{status}");
    // As the guide shows it.
    let guide = include_str!("../../../docs/adopting.md");
    let shown = status.lines().find(|line| line.contains("twoFactorEnabled")).unwrap();
    assert!(guide.contains(shown), "{shown}");
    let server = Server::start(&folder, &[]);
    assert!(server.log().contains("user.twoFactorEnabled: "), "{}", server.log());
    let (status, body) = sign_in(&server);
    assert_eq!((status, &body["code"]), (403, &json!("TWO_FACTOR_REQUIRED")));
}

#[test]
fn a_ban_counts_without_the_plugin_and_the_operator_is_told() {
    let (folder, database) = folder();
    set(&database, r#""banned" = true, "banReason" = 'spam'"#);
    let status = folder.run(&["migrate", "status", "--json"]).succeeded().json();
    assert_eq!(status["status"], "up-to-date");
    assert_eq!(
        status["restrictions"],
        json!([
            {"column": "user.banned", "plugin": "admin", "users": 1, "ignored": false},
            {"column": "user.twoFactorEnabled", "plugin": "two-factor", "users": 0, "ignored": false},
        ])
    );
    let server = Server::start(&folder, &[]);
    assert!(server.log().contains("user.banned: "), "{}", server.log());
    let (status, body) = sign_in(&server);
    assert_eq!((status, &body["code"]), (403, &json!("BANNED_USER")));
    assert!(!body["message"].as_str().unwrap().contains("spam"));
}

#[test]
fn what_is_ignored_is_said_at_every_start() {
    let (folder, database) = folder();
    set(&database, r#""twoFactorEnabled" = true, "banned" = true"#);
    let both = json!(["twoFactorEnabled", "banned"]);
    folder.configure(&json!({"user": {"ignoreRestrictions": both}}));
    let status = folder.run(&["migrate", "status"]).succeeded().stderr;
    let ignored =
        "user.twoFactorEnabled restricts 1 user: ignored, as user.ignoreRestrictions says";
    assert!(status.contains(ignored), "{status}");
    let server = Server::start(&folder, &[]);
    for column in ["twoFactorEnabled", "banned"] {
        assert!(server.log().contains(&format!("user.{column}: ignored")), "{}", server.log());
    }
    assert_eq!(sign_in(&server).0, 200);
}

#[test]
fn an_unknown_restriction_is_not_taken_for_one_that_is_ignored() {
    let folder = Folder::new();
    folder.configure(&json!({"user": {"ignoreRestrictions": ["two_factor"]}}));
    let ran = folder.run(&["migrate", "status"]);
    ran.failed(2, r#"unknown restriction "two_factor"; available: banned, twoFactorEnabled"#);
}

#[test]
fn a_plugin_that_is_enabled_is_not_spoken_of() {
    let (folder, _) = folder();
    folder.configure(&json!({"plugins": {"admin": {}}}));
    folder.run(&["migrate", "--yes"]).succeeded();
    let status = folder.run(&["migrate", "status", "--json"]).succeeded().json();
    let columns: Vec<&Value> =
        status["restrictions"].as_array().unwrap().iter().map(|row| &row["column"]).collect();
    assert_eq!(columns, ["user.twoFactorEnabled"]);
}

#[test]
fn a_copy_takes_nobodys_restriction_away() {
    let (folder, database) = folder();
    let copy = ["db", "copy", "--to", "sqlite:copy.db", "--yes"];
    set(&database, r#""twoFactorEnabled" = true"#);
    folder
        .run(&copy)
        .failed(4, "user.twoFactorEnabled restricts users (1), and would not be copied");
    assert!(!folder.path("copy.db").exists());

    let field = json!({"twoFactorEnabled": {"type": "boolean", "required": false, "input": false}});
    folder.configure(&json!({"user": {"additionalFields": field}}));
    folder.run(&copy).succeeded();
    let status = ["migrate", "status", "--json", "--database", "sqlite:copy.db"];
    let restrictions = folder.run(&status).succeeded().json()["restrictions"].clone();
    assert_eq!(
        (&restrictions[0]["column"], &restrictions[0]["users"]),
        (&json!("user.twoFactorEnabled"), &json!(1))
    );
}

#[test]
fn second_factors_without_their_column_stop_the_start_until_it_is_named_or_ignored() {
    let folder = Folder::on_file();
    folder.run(&["migrate"]).succeeded();
    let made: Result<(), better_auth::database::DatabaseError> = folder.database().write(|tx| {
        tx.execute(
            r#"CREATE TABLE "twoFactor" ("id" text PRIMARY KEY, "secret" text, "userId" text)"#,
            &[],
        )?;
        tx.execute(r#"ALTER TABLE "user" ADD COLUMN "mfa" integer"#, &[]).map(drop)
    });
    made.unwrap();
    folder.configure(&json!({"rateLimit": {"enabled": false}}));
    let refused = folder.run(&["serve", "--port", "0"]).failed(2, "twoFactor holds second factors");
    assert!(refused.stderr.contains("user.additionalFields.twoFactorEnabled"), "{refused:?}");
    folder.create_user("ada@example.com");
    let marked: Result<u64, better_auth::database::DatabaseError> =
        folder.database().write(|tx| tx.execute(r#"UPDATE "user" SET "mfa" = 1"#, &[]));
    marked.unwrap();
    let field = json!({"type": "boolean", "required": false, "input": false, "fieldName": "mfa"});
    folder.configure(&json!({"user": {"additionalFields": {"twoFactorEnabled": field}}}));
    let server = Server::start(&folder, &[]);
    let body = json!({"email": "ada@example.com", "password": "correct horse battery"});
    assert_eq!(server.post("/sign-in/email", &body).status().as_u16(), 403);
    drop(server);
    folder.configure(&json!({"user": {"ignoreRestrictions": ["twoFactorEnabled"]}}));
    let server = Server::start(&folder, &[]);
    assert_eq!(server.post("/sign-in/email", &body).status().as_u16(), 200);
}

/// Who has a second factor in the database that the real library and its plugin made, and who only began with one.
#[test]
fn rows_of_the_real_plugin_let_nobody_in_with_one_factor() {
    let folder = Folder::on_file()
        .with("BETTER_AUTH_SECRET", "a secret that everybody may know, for fixtures only");
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/two-factor.db");
    std::fs::copy(fixture, folder.path("better-auth.db")).unwrap();
    folder.configure(&json!({"rateLimit": {"enabled": false}}));
    let people: Value =
        serde_json::from_str(include_str!("../../fixtures/two-factor.json")).unwrap();
    let server = Server::start(&folder, &[]);
    for (email, status) in [
        ("ann@example.com", 403),
        ("ben@example.com", 403),
        ("cat@example.com", 200),
        ("dan@example.com", 200),
    ] {
        let body = json!({"email": email, "password": "correct horse battery"});
        let answer = server.post("/sign-in/email", &body);
        assert_eq!(answer.status().as_u16(), status, "{email}");
        assert_eq!(answer.headers().contains_key("set-cookie"), status == 200, "{email}");
        // A sign-in that waits there for its second factor is no session here, nor is a trusted device a factor.
        for kind in ["challenge", "trusted"] {
            let Some(cookies) = people[email][kind].as_object() else { continue };
            let others = cookies.iter().filter(|(name, _)| !name.ends_with("session_token"));
            let header =
                others.map(|(name, value)| format!("{name}={}", value.as_str().unwrap_or("")));
            let header = header.collect::<Vec<_>>().join("; ");
            assert_eq!(server.get("/get-session", &header), "null", "{email}: {kind}");
        }
    }
}
