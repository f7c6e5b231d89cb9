//! `migrate` and `migrate status`

use std::fs;

use serde_json::json;

use crate::harness::Folder;

#[test]
fn a_new_database_is_made_without_a_question_and_only_once() {
    let folder = Folder::new();
    let status = folder.run(&["migrate", "status"]).failed(5, "needs migration");
    assert!(status.stdout.contains("create table user\n"), "{status:?}");
    let dry = folder.run(&["migrate", "--dry-run"]).succeeded();
    assert_eq!(dry.stdout, status.stdout);
    assert!(!folder.path("better-auth.db").exists());

    folder.run(&["migrate"]).succeeded();
    folder.run(&["migrate", "status"]).succeeded();
    let again = folder.run(&["migrate", "--json"]).succeeded();
    let nothing = json!({
        "status": "up-to-date", "steps": [], "problems": [], "notes": [], "restrictions": [],
    });
    assert_eq!(again.json(), nothing);
}

#[test]
fn a_dry_run_prints_statements_that_the_database_takes() {
    let folder = Folder::new();
    let dry = folder.run(&["migrate", "--dry-run", "--sql", "--quiet"]).succeeded();
    assert!(!folder.path("better-auth.db").exists());
    let database = folder.database();
    database.create().unwrap();
    for statement in dry.stdout.split_inclusive(";\n") {
        database.write(|tx| tx.execute(statement, &[])).unwrap_or_else(
            |error: better_auth::database::DatabaseError| panic!("{statement}: {error}"),
        );
    }
    folder.run(&["migrate", "status"]).succeeded();
}

#[test]
fn an_existing_database_is_asked_about_first() {
    let folder = Folder::migrated();
    drop_index(&folder);
    folder.run(&["migrate"]).failed(2, "hint: pass --yes");
    let status = folder.run(&["migrate", "status", "--json"]).failed(5, "needs migration").json();
    assert_eq!(status["status"], "pending");
    let done = folder.run(&["migrate", "--yes", "--json"]).succeeded().json();
    assert_eq!(done["status"], "migrated");
    assert_eq!(done["steps"][0]["summary"], "create index account_userId_idx on account (userId)");
    folder.run(&["migrate", "status"]).succeeded();
}

fn drop_index(folder: &Folder) {
    let database = folder.database();
    database.write(|tx| tx.execute(r#"DROP INDEX "account_userId_idx""#, &[])).unwrap();
}

#[test]
fn what_is_no_database_is_left_alone() {
    let folder = Folder::on_file();
    fs::write(folder.path("better-auth.db"), "a letter to my mother").unwrap();
    for words in [&["migrate", "--yes"][..], &["users", "list"], &["serve", "--port", "0"]] {
        folder.run(words).failed(1, "better-auth.db is not a SQLite database");
    }
    assert_eq!(fs::read(folder.path("better-auth.db")).unwrap(), b"a letter to my mother");
}

#[test]
fn a_read_only_database_is_left_alone() {
    let folder = Folder::on_file();
    folder.run(&["migrate"]).succeeded();
    drop_index(&folder);
    let file = folder.path("better-auth.db");
    let mut permissions = fs::metadata(&file).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions).unwrap();
    let before = fs::read(&file).unwrap();
    folder.run(&["migrate", "--yes"]).failed(1, "better-auth.db is read-only; nothing was changed");
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn a_column_of_a_wrong_kind_is_explained() {
    let folder = Folder::new();
    let database = folder.database();
    database.create().unwrap();
    let sql = r#"CREATE TABLE "user" ("id" integer PRIMARY KEY, "name" text)"#;
    database.write(|tx| tx.execute(sql, &[])).unwrap();
    let ran = folder.run(&["migrate", "--yes"]);
    let ran = ran.failed(
        1,
        r#"because user.id is declared as "integer"; set advanced.database.generateId = "serial""#,
    );
    assert!(ran.stderr.contains("because user has no column email"), "{ran:?}");
}

#[test]
fn databases_of_better_auth_need_nothing() {
    for version in ["1.6.34", "1.7.1", "1.7.25"] {
        let folder = Folder::on_file();
        let fixture =
            format!("{}/tests/fixtures/better-auth-{version}.db", env!("CARGO_MANIFEST_DIR"));
        fs::copy(&fixture, folder.path("better-auth.db")).unwrap();
        let ran = folder.run(&["migrate"]).succeeded();
        assert!(ran.stderr.contains("is up to date"), "{version}: {ran:?}");
        assert_eq!(fs::read(folder.path("better-auth.db")).unwrap(), fs::read(&fixture).unwrap());
        let list =
            folder.run(&["users", "list", "--json", "--sort", "email:asc"]).succeeded().json();
        assert_eq!(list["users"][0]["email"], "ann@example.com", "{version}");
        folder.create_user("new@example.com");
        let shown = folder.run(&["users", "show", "new@example.com", "--json"]).succeeded().json();
        assert_eq!(shown["accounts"][0]["providerId"], "credential", "{version}");
    }
}

#[test]
fn a_folder_that_is_missing_is_no_read_only_database() {
    let folder = Folder::new();
    let url = format!("sqlite:{}", folder.path("nowhere/a.db").display());
    let ran = folder.run(&["migrate", "--yes", "--database", &url]);
    ran.failed(1, "No such file or directory");
}
