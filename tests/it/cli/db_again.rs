//! `db copy` into a database that was copied into before, after something was deleted or changed on either side.

use serde_json::Value;
use serde_json::json;

use crate::cli::db::count;
use crate::cli::db::ended_in_the_middle;
use crate::cli::db::execute;
use crate::cli::db::fill;
use crate::cli::db::rows;
use crate::harness::Folder;
use crate::harness::Postgres;

const SOURCE: &str = "better-auth.db";
const TARGET: &str = "new.db";
const TO_FILE: &str = "sqlite:new.db";

fn copy(folder: &Folder, to: &str, more: &[&str]) -> Value {
    folder.run(&[&["db", "copy", "--to", to, "--yes", "--json"], more].concat()).succeeded().json()
}

fn refused(folder: &Folder, more: &[&str], said: &str) {
    let words = [&["db", "copy", "--to", TO_FILE, "--yes"], more].concat();
    let (before, after) = (rows(folder, TARGET), folder.run(&words));
    after.failed(4, said);
    assert!(before == rows(folder, TARGET), "{words:?} changed something");
}

/// A source with so many users, and a copy of it.
fn copied(users: u32) -> Folder {
    let folder = Folder::on_file();
    fill(&folder, users);
    copy(&folder, TO_FILE, &[]);
    folder
}

fn at(folder: &Folder, file: &str, sql: &str) {
    execute(&folder.path(file), sql);
}

/// How much of each table was written, replaced and deleted.
fn counts(answer: &Value) -> Vec<(&str, [u64; 3])> {
    let tables = answer["tables"].as_array().unwrap().iter();
    let counts = |table: &Value| {
        ["copied", "replaced", "deleted"].map(|count| table[count].as_u64().unwrap())
    };
    tables.map(|table| (table["name"].as_str().unwrap(), counts(table))).collect()
}

/// What happens to a source between two copies: a third of the users go with all that they have, sessions end, an
/// address wanders through several users and to a new one, and values of every kind change.
fn live_on(folder: &Folder) {
    for sql in [
        r#"DELETE FROM "user" WHERE CAST(substr("id", 2) AS integer) % 3 = 0"#,
        r#"DELETE FROM "session" WHERE CAST(substr("id", 2) AS integer) % 7 = 1"#,
        r#"DELETE FROM "verification" WHERE "id" = 'v10'"#,
        r#"UPDATE "user" SET "email" = 'moved@example.com', "name" = 'Moved' WHERE "id" = 'u1'"#,
        r#"UPDATE "user" SET "email" = 'u1@example.com', "settings" = '{"new":[true]}' WHERE "id" = 'u2'"#,
        r#"UPDATE "user" SET "email" = 'u2@example.com', "score" = NULL, "isBeta" = 1 WHERE "id" = 'u400'"#,
        r#"INSERT INTO "user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt", "isBeta")
            VALUES ('a-new-one', 'New', 'u400@example.com', 1, '2024-01-01T00:00:00.000Z',
                '2024-01-01T00:00:00.000Z', 0)"#,
    ] {
        at(folder, SOURCE, sql);
    }
}

/// The same in numbers, for 1000 users.
fn lived() -> Vec<(&'static str, [u64; 3])> {
    let sessions = (1..=1000).filter(|user| user % 3 == 0 || user % 7 == 1).count() as u64;
    vec![
        ("user", [1, 3, 333]),
        ("session", [0, 0, sessions]),
        ("account", [0, 0, 333]),
        ("verification", [0, 0, 1]),
        ("rateLimit", [0, 0, 0]),
    ]
}

#[test]
fn a_mirror_deletes_what_the_source_no_longer_has_and_replaces_what_differs() {
    let folder = copied(1000);
    live_on(&folder);
    let before = rows(&folder, TARGET);
    refused(&folder, &[], "error: ");
    let dry = ["db", "copy", "--to", TO_FILE, "--mirror", "--dry-run", "--json"];
    let planned = folder.run(&dry).succeeded().json();
    assert_eq!(counts(&planned), lived());
    // Without an answer nothing happens, and the question says what would be lost.
    let asked = folder.run(&["db", "copy", "--to", TO_FILE, "--mirror"]);
    asked.failed(2, "new.db loses user: 333 rows are deleted, 3 replaced; session: ");
    assert!(before == rows(&folder, TARGET));

    let done = copy(&folder, TO_FILE, &["--mirror"]);
    assert_eq!((counts(&done), &done["verified"]), (lived(), &json!(true)));
    assert!(rows(&folder, SOURCE) == rows(&folder, TARGET));
    for more in [&["--mirror"][..], &[]] {
        let again = copy(&folder, TO_FILE, more);
        assert!(counts(&again).iter().all(|(_, counts)| *counts == [0, 0, 0]), "{again}");
    }
}

#[test]
fn a_mirror_says_what_comes_back_that_was_deleted_in_the_target() {
    let folder = copied(5);
    at(&folder, TARGET, r#"DELETE FROM "user" WHERE "id" IN ('u1', 'u2')"#);
    let asked = folder.run(&["db", "copy", "--to", TO_FILE, "--mirror"]);
    let said = "user: deleted rows of new.db that come back: 2";
    assert!(asked.stderr.contains(said), "{}", asked.stderr);
    copy(&folder, TO_FILE, &["--mirror"]);
    let again = folder.run(&["db", "copy", "--to", TO_FILE, "--mirror", "--yes"]).succeeded();
    assert!(!again.stderr.contains("come back"), "{}", again.stderr);
}

#[test]
fn a_mirror_goes_to_postgresql_and_back() {
    let Some(place) = Postgres::database() else { return };
    let (folder, url) = (Folder::on_file(), place.url());
    fill(&folder, 1000);
    at(&folder, SOURCE, r#"UPDATE "user" SET "score" = CAST("score" AS integer)"#);
    copy(&folder, &url, &[]);
    copy(&folder, TO_FILE, &["--from", &url]);
    live_on(&folder);
    for words in [vec!["--mirror"], vec!["--mirror", "--from", &url]] {
        let to = if words.len() == 1 { &url } else { TO_FILE };
        let done = copy(&folder, to, &words);
        assert_eq!((counts(&done), &done["verified"]), (lived(), &json!(true)));
    }
    // PostgreSQL keeps values, not their spelling.
    for file in [SOURCE, TARGET] {
        at(
            &folder,
            file,
            r#"UPDATE "user" SET "settings" = json("settings"), "tags" = json("tags")"#,
        );
        let numbers = r#"UPDATE "user" SET "settings" = json_object('n', json_extract("settings", '$.n'),
            'a', json_extract("settings", '$.a')) WHERE "settings" LIKE '%"n"%'"#;
        at(&folder, file, numbers);
    }
    assert!(rows(&folder, SOURCE) == rows(&folder, TARGET));
}

#[test]
fn a_mirror_that_is_killed_goes_on_where_it_stopped() {
    let folder = copied(20_000);
    live_on(&folder);
    let target = folder.path(TARGET);
    let accounts = count(&target, "account");
    let words = ["db", "copy", "--to", TO_FILE, "--mirror", "--yes"];
    let has_begun = || count(&target, "account") < accounts;
    assert_eq!(ended_in_the_middle(&folder, "KILL", &words, &has_begun).code(), None);
    assert!(rows(&folder, SOURCE) != rows(&folder, TARGET), "it was not in the middle");
    copy(&folder, TO_FILE, &["--mirror"]);
    assert!(rows(&folder, SOURCE) == rows(&folder, TARGET));
}

#[test]
fn a_mirror_takes_nothing_from_a_database_that_is_no_copy_of_the_source() {
    let folder = copied(30);
    // The wrong way round: the source is the one that people use.
    at(&folder, TARGET, r#"DELETE FROM "user" WHERE "id" = 'u7'"#);
    let swapped =
        ["db", "copy", "--from", TO_FILE, "--to", "sqlite:better-auth.db", "--mirror", "--yes"];
    let before = rows(&folder, SOURCE);
    folder.run(&swapped).failed(4, "the target is not known to be a copy of the source");
    assert!(before == rows(&folder, SOURCE));

    // A copy of another database, even one with the same users.
    std::fs::copy(folder.path(SOURCE), folder.path("other.db")).unwrap();
    at(&folder, "other.db", r#"DELETE FROM "user" WHERE "id" = 'u9'"#);
    let other = ["--from", "sqlite:other.db", "--mirror"];
    refused(&folder, &other, "the target is not known to be a copy of the source");
    // Other data was there before.
    copy(&folder, "sqlite:shared.db", &["--from", "sqlite:other.db"]);
    let sql = r#"UPDATE "user" SET "email" = 'x@example.com' WHERE "id" = 'u8'"#;
    at(&folder, "shared.db", r#"DELETE FROM "user" WHERE "id" <> 'u8'"#);
    at(&folder, "shared.db", r#"DELETE FROM "account""#);
    at(&folder, "shared.db", r#"DELETE FROM "session""#);
    at(&folder, "shared.db", r#"DELETE FROM "verification""#);
    at(&folder, "shared.db", r#"DELETE FROM "rateLimit""#);
    at(&folder, "shared.db", &sql.replace("SET", r#"SET "id" = 'older',"#));
    copy(&folder, "sqlite:shared.db", &["--merge"]);
    let shared = ["db", "copy", "--to", "sqlite:shared.db", "--mirror", "--yes"];
    folder.run(&shared).failed(4, "the target is not known to be a copy of the source");
    assert_eq!(count(&folder.path("shared.db"), "user"), 31);
    // Other data came in beside it.
    let insert = r#"INSERT INTO "user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt", "isBeta")
        VALUES ('other', 'Other', 'o@example.com', 1, '2023-01-01T00:00:00.000Z', '2023-01-01T00:00:00.000Z', 0)"#;
    at(&folder, "other.db", insert);
    copy(&folder, TO_FILE, &["--from", "sqlite:other.db", "--merge"]);
    refused(&folder, &["--mirror"], "the target is not known to be a copy of the source");
}

#[test]
fn a_mirror_takes_nothing_that_was_written_in_the_target_after_it_was_copied() {
    let folder = copied(30);
    let words = ["--database", TO_FILE, "users", "create", "eve@example.com", "--name", "Eve"];
    let more = ["--password-stdin", "--json"];
    let eve = folder.run_with(&[&words[..], &more[..]].concat(), "correct horse battery\n");
    let eve = eve.succeeded().json();
    refused(&folder, &["--mirror"], "was written in the target after the last copy");
    let id = eve["user"]["id"].as_str().or_else(|| eve["id"].as_str()).unwrap().to_owned();
    folder.run(&["--database", TO_FILE, "users", "delete", &id, "--yes"]).succeeded();
    copy(&folder, TO_FILE, &["--mirror"]);
    // What was changed there would be lost as well.
    folder.run(&["--database", TO_FILE, "users", "update", "u7", "--name", "Mallory"]).succeeded();
    refused(&folder, &["--mirror"], "user u7 was written in the target after the last copy");
}

#[test]
fn a_mirror_of_an_empty_database_deletes_nobody() {
    let folder = copied(30);
    std::fs::remove_file(folder.path(SOURCE)).unwrap();
    folder.run(&["migrate"]).succeeded();
    refused(&folder, &["--mirror"], "no user of the target is in the source");
}

#[test]
fn a_copy_brings_nothing_back_that_was_deleted_in_the_target() {
    for (sql, row) in [
        (r#"DELETE FROM "user" WHERE "id" = 'u7'"#, "user u7"),
        (r#"DELETE FROM "session""#, "session s1"),
    ] {
        let folder = copied(30);
        at(&folder, TARGET, sql);
        let said = format!("{row} was copied before and deleted in the target since");
        refused(&folder, &[], &said);
        refused(&folder, &["--merge"], &said);
        refused(&folder, &["--merge", "--dry-run"], &said);
        // A mirror says that the source counts.
        copy(&folder, TO_FILE, &["--mirror"]);
        assert!(rows(&folder, SOURCE) == rows(&folder, TARGET));
    }
}

#[test]
fn a_merge_keeps_nothing_that_was_deleted_in_the_source() {
    for (sql, row) in [
        (r#"DELETE FROM "user" WHERE "id" = 'u7'"#, "user u7"),
        (r#"DELETE FROM "session" WHERE "id" = 's9'"#, "session s9"),
    ] {
        let folder = copied(30);
        at(&folder, SOURCE, sql);
        let said = format!("{row} was copied before and deleted in the source since");
        refused(&folder, &["--merge"], &said);
        refused(&folder, &[], &format!("the target holds other data: {row} is not in the source"));
        copy(&folder, TO_FILE, &["--mirror"]);
        assert!(rows(&folder, SOURCE) == rows(&folder, TARGET));
    }
}

#[test]
fn what_is_over_or_new_is_no_reason_to_refuse() {
    let folder = copied(30);
    // Removed where it was over, as every server does with it.
    for file in [SOURCE, TARGET] {
        let over = r#"UPDATE "session" SET "expiresAt" = '2023-12-01T00:00:00.000Z' WHERE "id" IN ('s3', 's4')"#;
        at(&folder, file, over);
    }
    at(&folder, TARGET, r#"DELETE FROM "session" WHERE "id" = 's3'"#);
    at(&folder, SOURCE, r#"DELETE FROM "session" WHERE "id" = 's4'"#);
    for file in [SOURCE, TARGET] {
        let email = format!("{file}@example.com");
        let words = ["--database", file, "users", "create", &email, "--name", "New"];
        let more = ["--password-stdin", "--json"];
        folder.run_with(&[&words[..], &more[..]].concat(), "correct horse battery\n").succeeded();
    }
    let merged = copy(&folder, TO_FILE, &["--merge"]);
    let done = counts(&merged);
    assert_eq!(done[0], ("user", [1, 0, 0]));
    assert_eq!(done[1], ("session", [1, 0, 0]));
    assert_eq!(count(&folder.path(TARGET), "user"), 32);
}

#[test]
fn a_merge_says_what_it_cannot_know() {
    let folder = Folder::on_file();
    fill(&folder, 30);
    let warning = "warning: new.db has no record of deletions";
    let merge = ["db", "copy", "--to", TO_FILE, "--merge", "--yes"];
    let first = folder.run(&merge).succeeded();
    assert!(!first.stderr.contains(warning), "{first:?}");
    let second = folder.run(&merge).succeeded();
    assert!(!second.stderr.contains(warning), "it knows the first: {second:?}");

    std::fs::copy(folder.path(SOURCE), folder.path("other.db")).unwrap();
    let other = [&merge[..], &["--from", "sqlite:other.db"]].concat();
    for words in [[&other[..], &["--dry-run"]].concat(), other] {
        let ran = folder.run(&words).succeeded();
        assert!(ran.stderr.contains(warning), "{ran:?}");
    }
}

#[test]
fn a_copy_that_was_interrupted_is_no_copy_from_which_something_was_deleted() {
    let folder = Folder::on_file();
    fill(&folder, 20_000);
    let target = folder.path(TARGET);
    let words = ["db", "copy", "--to", TO_FILE, "--yes"];
    let has_begun = || count(&target, "user") != 0;
    assert_eq!(ended_in_the_middle(&folder, "KILL", &words, &has_begun).code(), None);
    assert!(count(&target, "session") == 0, "it was not in the middle");
    // What came is the source's to take back all the same.
    at(&folder, SOURCE, r#"DELETE FROM "user" WHERE "id" = 'u1'"#);
    let done = copy(&folder, TO_FILE, &["--mirror"]);
    assert_eq!(counts(&done)[0].1[2], 1);
    assert!(rows(&folder, SOURCE) == rows(&folder, TARGET));
}

#[test]
fn a_file_by_another_name_is_the_source_and_the_target_too() {
    let folder = Folder::on_file();
    fill(&folder, 3);
    std::os::unix::fs::symlink(folder.path(SOURCE), folder.path("link.db")).unwrap();
    for to in ["sqlite:./better-auth.db", "sqlite:link.db"] {
        let ran = folder.run(&["db", "copy", "--to", to, "--mirror", "--yes"]);
        ran.failed(2, "is both source and target");
    }
}

#[test]
fn a_row_of_the_application_keeps_its_user_from_a_mirror_until_it_is_gone() {
    let folder = copied(30);
    at(&folder, TARGET, r#"CREATE TABLE post (author TEXT REFERENCES "user" ("id"))"#);
    at(&folder, TARGET, "INSERT INTO post (author) VALUES ('u3')");
    at(&folder, SOURCE, r#"DELETE FROM "user" WHERE "id" IN ('u3', 'u4')"#);
    let ran = folder.run(&["db", "copy", "--to", TO_FILE, "--mirror", "--yes"]);
    let ran = ran.failed(4, "FOREIGN KEY");
    assert!(ran.stderr.contains("user was being copied"), "{ran:?}");
    assert_eq!(count(&folder.path(TARGET), "user"), 30);
    at(&folder, TARGET, "DELETE FROM post");
    copy(&folder, TO_FILE, &["--mirror"]);
    assert!(rows(&folder, SOURCE) == rows(&folder, TARGET));
}
