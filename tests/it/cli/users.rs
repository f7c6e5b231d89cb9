//! `users …`, `create-user`, `list-users`

use better_auth::database::Dialect;
use serde_json::Value;
use serde_json::json;

use crate::harness::Folder;
use crate::harness::server::Server;
use crate::harness::server::agent;
use crate::harness::server::cookie;
use crate::harness::until;

#[test]
fn every_command_says_what_is_missing_where_there_is_no_database() {
    let folder = Folder::new();
    for words in [
        &["users", "list"][..],
        &["users", "show", "a@b.co"],
        &["sessions", "list"],
        &["revoke-sessions", "a@b.co", "--yes"],
    ] {
        folder.run(words).failed(5, "hint: run `better-auth migrate`");
    }
    assert!(!folder.path("better-auth.db").exists());
}

#[test]
fn a_user_is_created_from_a_script() {
    let folder = Folder::migrated();
    let words =
        ["create-user", "Ada@Example.com", "--name", "Ada", "--verified", "--password-stdin"];
    let ran = folder.run_with(&words, "correct horse battery\n").succeeded();
    assert!(ran.stderr.contains("done: created ada@example.com"));
    let shown = folder.run(&["users", "show", "ada@example.com", "--json"]).succeeded().json();
    assert_eq!(
        (&shown["user"]["name"], &shown["user"]["emailVerified"]),
        (&json!("Ada"), &json!(true))
    );
    assert_eq!(
        (&shown["accounts"][0]["providerId"], &shown["sessions"]),
        (&json!("credential"), &json!(0))
    );

    let folder = folder.with("BETTER_AUTH_PASSWORD", "correct horse battery");
    let bob =
        folder.run(&["users", "create", "--email", "bob@example.com", "--json"]).succeeded().json();
    assert_eq!((&bob["name"], &bob["image"]), (&json!("bob"), &Value::Null));
    let keys: Vec<&String> = bob.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["name", "email", "emailVerified", "image", "createdAt", "updatedAt", "id"]);
}

#[test]
fn a_script_that_forgets_something_is_told_what() {
    let folder = Folder::migrated();
    folder
        .run(&["create-user", "a@b.co"])
        .failed(2, "hint: pass it with --password-stdin, in BETTER_AUTH_PASSWORD or with --password; --no-password");
    folder.run(&["create-user", "--no-password"]).failed(2, "an email address is required");
    folder
        .run_with(&["create-user", "a@b.co", "--password-stdin"], "")
        .failed(2, "contains no password");
    folder.run(&["create-user", "nonsense", "--no-password"]).failed(2, "is not an email address");
    let mut raw = folder.command();
    raw.args(["create-user", "a@b.co", "--password-stdin"]);
    let output = raw.write_stdin(b"correct horse \xff").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    folder
        .run_with(&["create-user", "a@b.co", "--password-stdin"], &"x".repeat(70_000))
        .failed(2, "too long for a password");
    let ran = folder.run_with(&["create-user", "a@b.co", "--password-stdin"], "short\n");
    ran.failed(2, "the password is shorter than 8 characters");
    folder.run(&["create-user", "a@b.co", "--password", "correct horse"]).succeeded();
    assert_eq!(
        folder.run(&["users", "list", "--json"]).json()["users"].as_array().unwrap().len(),
        1
    );
}

#[test]
fn creating_twice_is_a_conflict_unless_it_is_meant() {
    let folder = Folder::migrated();
    let first = folder.create_user("ada@example.com");
    folder.run(&["create-user", "ADA@example.com", "--no-password"]).failed(4, "already exists");
    let words = ["create-user", "ADA@example.com", "--no-password", "--if-not-exists", "--json"];
    assert_eq!(folder.run(&words).succeeded().json(), first);
}

/// Databases that are adopted hold addresses in any spelling, and what a list shows can be named.
#[test]
fn an_address_is_found_as_it_was_typed_and_else_in_one_spelling() {
    let folder = Folder::migrated();
    let first = folder.create_user("ada@example.com")["id"].as_str().unwrap().to_owned();
    let spell = r#"UPDATE "user" SET "email" = 'Ada@Example.com'"#;
    folder.database().write(|tx| tx.execute(spell, &[])).unwrap();
    let found = |typed: &str| {
        let shown = folder.run(&["users", "show", typed, "--json"]).succeeded().json();
        shown["user"]["id"].as_str().unwrap().to_owned()
    };
    for typed in ["Ada@Example.com", "ada@example.com", "ADA@EXAMPLE.COM", first.as_str()] {
        assert_eq!(found(typed), first, "{typed}");
    }
    let create = ["create-user", "ada@example.com", "--no-password", "--json"];
    let again = [&create[..], &["--if-not-exists"]].concat();
    assert_eq!(folder.run(&again).succeeded().json()["id"], first);

    let second = folder.run(&create).succeeded().json()["id"].as_str().unwrap().to_owned();
    assert_eq!((found("Ada@Example.com"), found("ada@example.com")), (first, second.clone()));
    for words in [&["users", "show"][..], &["users", "delete", "--yes"], &["users", "unlock"]] {
        let ran = folder.run(&[words, &["ADA@example.com"]].concat());
        let ran = ran.failed(4, r#""ADA@example.com" could be "Ada@Example.com" (id "#);
        ran.failed(4, "hint: specify the user by id or by the exact address");
    }
    folder.run(&["users", "delete", "Ada@Example.com", "--yes"]).succeeded();
    assert_eq!((found("Ada@Example.com"), found("ada@example.com")), (second.clone(), second));
}

#[test]
fn lists_are_paged_sorted_searched_and_counted() {
    let folder = Folder::migrated();
    for email in ["c@x.example", "a@x.example", "b@y.example"] {
        folder.run(&["create-user", email, "--no-password"]).succeeded();
    }
    let emails = |words: &[&str]| -> Vec<String> {
        let ran = folder.run(&[&["list-users", "--json"], words].concat()).succeeded();
        let users = ran.json()["users"].take();
        users
            .as_array()
            .unwrap()
            .iter()
            .map(|user| user["email"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(emails(&["--limit", "2"]), ["b@y.example", "a@x.example"]);
    assert_eq!(emails(&["--limit", "2", "--offset", "2"]), ["c@x.example"]);
    assert_eq!(
        emails(&["--sort", "email:asc", "--search", "x.EXAMPLE"]),
        ["a@x.example", "c@x.example"]
    );
    let ran = folder.run(&["users", "list", "--limit", "1", "--total"]).succeeded();
    assert!(ran.stderr.contains("1 of 3 users"), "{ran:?}");
    let ran = folder.run(&["users", "list", "--json", "--total", "--limit", "1"]).succeeded();
    assert_eq!(ran.json()["total"], 3);
    let said = |words: &[&str]| {
        let ran = folder.run(&[&["users", "list"], words].concat()).succeeded();
        (ran.stderr.clone(), ran)
    };
    let (stderr, _) = said(&["--limit", "2"]);
    assert_eq!(stderr, "there are more users; use --offset 2 for the next page\n");
    assert_eq!(said(&["--limit", "2", "--quiet"]).0, "");
    assert_eq!(said(&["--limit", "3"]).0, "");
    assert_eq!(said(&["--limit", "2", "--offset", "1"]).0, "");
    for (words, has_more) in [(["--limit", "2"], true), (["--limit", "3"], false)] {
        let listed = said(&[&words[..], &["--json"]].concat()).1.json();
        assert_eq!(listed["hasMore"], has_more);
        assert_eq!(listed["users"].as_array().unwrap().len(), if has_more { 2 } else { 3 });
    }
    for words in
        [&["--limit", "0"][..], &["--limit", "x"], &["--sort", "age"], &["--sort", "name:up"]]
    {
        folder.run(&[&["users", "list"], words].concat()).failed(2, "error:");
    }
}

#[test]
fn a_list_that_ends_by_itself_at_a_hundred_says_so_to_everybody() {
    let folder = Folder::migrated();
    folder.create_user("ada@example.com");
    let copies = r#"INSERT INTO "user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt")
        SELECT 'u' || $1, '', 'u' || $1 || '@example.com', "emailVerified", "createdAt", "updatedAt"
        FROM "user" WHERE "email" = 'ada@example.com'"#;
    let sessions = r#"INSERT INTO "session" ("id", "expiresAt", "token", "createdAt", "updatedAt", "userId")
        SELECT 's' || $1, $2, 't' || $1, "createdAt", "updatedAt", "id" FROM "user" WHERE "email" = 'ada@example.com'"#;
    let later = better_auth::database::Timestamp::parse("2099-01-01T00:00:00.000Z").unwrap();
    let add = |numbers: std::ops::Range<u32>| {
        folder
            .database()
            .write(|tx| {
                numbers.clone().try_for_each(|number| {
                    let number = number.to_string();
                    tx.execute(copies, &[number.as_str().into()])?;
                    tx.execute(sessions, &[number.as_str().into(), later.into()]).map(drop)
                })
            })
            .unwrap_or_else(|error: better_auth::database::DatabaseError| panic!("{error}"));
    };
    add(1..100);
    let list = |what: &str, words: &[&str]| {
        folder.run(&[&[what, "list", "--quiet"], words].concat()).succeeded()
    };
    assert_eq!(list("users", &[]).stderr, "");
    add(100..102);
    for what in ["users", "sessions"] {
        let ran = list(what, &["--output", "csv"]);
        let said = format!(
            "warning: there are more {what}; use --limit for longer pages, --offset 100 for the next page\n"
        );
        assert_eq!((ran.stdout.lines().count(), ran.stderr), (101, said));
        assert_eq!(list(what, &["--limit", "100"]).stderr, "");
        assert_eq!(list(what, &["--json"]).json()["hasMore"], true);
    }
}

#[test]
fn what_is_taken_is_a_conflict_and_what_is_refused_is_a_wrong_value() {
    let folder = Folder::new();
    folder.configure(&json!({"plugins": {"username": {}, "admin": {}}}));
    folder.run(&["migrate"]).succeeded();
    let create = |email: &str, name: &str| {
        folder.run(&[
            "users",
            "create",
            email,
            "--no-password",
            "--field",
            &format!("username={name}"),
        ])
    };
    create("ada@example.com", "ada").succeeded();
    create("bob@example.com", "bob").succeeded();
    let ran = create("eve@example.com", "Ada").failed(4, "error: Username is already taken.");
    assert_eq!(ran.stdout, "");
    let update = ["users", "update", "bob@example.com", "--json", "--field"];
    let ran = folder.run(&[&update[..], &["username=ada"]].concat()).failed(4, "already taken");
    assert!(ran.stderr.contains(r#""code":"USERNAME_IS_ALREADY_TAKEN","exit":4"#), "{ran:?}");
    create("eve@example.com", "a").failed(2, "Username is too short");
    create("eve@example.com", "a b c").failed(2, "Username is invalid");
    folder.run(&["users", "set-role", "ada@example.com", "nonsense"]).failed(2, "unknown role");
    let last = ["accounts", "unlink", "credential", "--user", "eve@example.com", "--yes"];
    folder.create_user("eve@example.com");
    folder.run(&last).failed(1, "You can't unlink your last account");
}

/// A table of the application whose rows refer to users, and one whose rows go with them.
const POSTS: [&str; 2] = [
    r#"CREATE TABLE "post" ("id" integer PRIMARY KEY, "author" text NOT NULL REFERENCES "user" ("id"))"#,
    r#"CREATE TABLE "like" ("id" integer PRIMARY KEY, "fan" text REFERENCES "user" ("id") ON DELETE CASCADE)"#,
];

#[test]
fn a_row_of_the_application_keeps_its_user_and_says_which_it_is() {
    let folder = Folder::migrated();
    // He is older, so that his row goes first.
    folder.create_user("bob@example.com");
    let ada = folder.create_user("ada@example.com")["id"].as_str().unwrap().to_owned();
    for table in POSTS {
        execute(&folder, table, &[]);
    }
    execute(&folder, r#"INSERT INTO "post" VALUES (1, $1)"#, &[&ada]);
    execute(&folder, r#"INSERT INTO "like" VALUES (1, $1)"#, &[&ada]);
    let words = ["users", "delete", "bob@example.com", "ada@example.com", "--yes", "--json"];
    let ran = folder.run(&words).failed(4, "because post.author refers to ada@example.com");
    assert!(ran.stderr.starts_with("error: nothing was deleted"), "{ran:?}");
    assert!(ran.stderr.contains(r#""code":"FOREIGN_KEY_VIOLATION","exit":4"#), "{ran:?}");
    assert!(!ran.stderr.contains("like.fan") && !ran.stderr.contains("Internal"), "{ran:?}");
    let listed = folder.run(&["users", "list", "--json"]).succeeded().json();
    assert_eq!(listed["users"].as_array().unwrap().len(), 2, "all or none");
    let shown = folder.run(&["users", "show", &ada, "--json"]).succeeded().json();
    assert_eq!(shown["accounts"].as_array().unwrap().len(), 1, "nothing of hers is gone");

    std::fs::write(folder.path("better-auth.toml"), "user.deleteUser.enabled = true").unwrap();
    let server = Server::start(&folder, &[]);
    let body = json!({"email": "ada@example.com", "password": "correct horse battery"});
    let cookie = cookie(&server.post("/sign-in/email", &body));
    let answer = delete_user(&server, &cookie);
    assert_eq!((answer.0, &answer.1["code"]), (409, &json!("FOREIGN_KEY_VIOLATION")), "{answer:?}");
    assert!(!answer.1.to_string().contains("post"), "a stranger learns no names: {answer:?}");
    let names_it = |log: &str| log.contains("post") || log.contains("FOREIGN KEY");
    until("the log says what is in the way", || names_it(&server.log()));

    execute(&folder, r#"DELETE FROM "post""#, &[]);
    folder.run(&words).succeeded();
}

#[test]
fn a_rule_of_the_database_is_told_in_its_own_words() {
    let folder = Folder::migrated();
    folder.create_user("ada@example.com");
    let (rule, words) = match folder.database().dialect() {
        Dialect::Sqlite => (
            r#"CREATE TRIGGER "no_bots" BEFORE UPDATE ON "user" WHEN NEW."name" = 'bot'
            BEGIN SELECT RAISE(ABORT, 'bots are not welcome'); END"#,
            "bots are not welcome",
        ),
        Dialect::Postgres => {
            (r#"ALTER TABLE "user" ADD CONSTRAINT "no_bots" CHECK ("name" <> 'bot')"#, "no_bots")
        }
    };
    execute(&folder, rule, &[]);
    let ran = folder.run(&["users", "update", "ada@example.com", "--name", "bot", "--json"]);
    let ran = ran.failed(2, "error: a database constraint failed: ");
    assert!(ran.stderr.contains(words), "{ran:?}");
    assert!(ran.stderr.contains(r#""code":"CONSTRAINT_VIOLATION""#), "{ran:?}");
}

#[test]
fn a_migration_is_advised_only_where_it_would_help_and_for_the_database_that_was_named() {
    let folder = Folder::on_file();
    let sql = r#"CREATE TABLE "user" ("id" integer PRIMARY KEY, "name" text)"#;
    let database = folder.database();
    database.create().unwrap();
    execute(&folder, sql, &[]);
    for words in [
        &["users", "list"][..],
        &["sessions", "list"],
        &["create-user", "ada@example.com", "--no-password"],
        &["serve", "--port", "0"],
        &["serve", "--port", "0", "--migrate"],
        &["migrate", "status"],
        &["migrate", "--yes"],
        &["db", "copy", "--to", "other.db"],
        &["db", "copy", "--from", "good.db", "--to", "better-auth.db", "--dry-run"],
    ] {
        folder.run(&["--database", "good.db", "migrate"]).succeeded();
        let ran = folder.run(words).failed(1, r#"because user.id is declared as "integer""#);
        assert!(!ran.stderr.contains("hint:"), "{words:?}: {ran:?}");
    }
    let typo = ["--database", "typo.db", "users", "list"];
    let ran = folder.run(&typo).failed(5, "there is no database at typo.db yet");
    let hint = "for a new database, run `better-auth migrate` with the same --database\n";
    assert!(ran.stderr.ends_with(hint), "{ran:?}");
    assert!(!folder.path("typo.db").exists());
}

fn execute(folder: &Folder, sql: &str, params: &[&str]) {
    let params: Vec<better_auth::database::Param<'_>> =
        params.iter().map(|param| (*param).into()).collect();
    let done = folder.database().write(|tx| tx.execute(sql, &params));
    done.unwrap_or_else(|error: better_auth::database::DatabaseError| panic!("{sql}: {error}"));
}

fn delete_user(server: &Server, cookie: &str) -> (u16, Value) {
    let mut answer = agent()
        .post(format!("{}/delete-user", server.url))
        .header("content-type", "application/json")
        .header("cookie", cookie)
        .header("origin", server.url.trim_end_matches("/api/auth"))
        .send(json!({"password": "correct horse battery"}).to_string())
        .unwrap();
    let body = answer.body_mut().read_to_string().unwrap();
    (answer.status().as_u16(), serde_json::from_str(&body).unwrap())
}

#[test]
fn tables_and_csv_are_for_people_and_spreadsheets() {
    let folder = Folder::migrated();
    let empty = folder.run(&["users", "list"]).succeeded();
    assert_eq!((empty.stdout.as_str(), empty.stderr.as_str()), ("", "no users\n"));
    let name = "=cmd|'/C calc'!A0\u{1b}[2J";
    folder.run(&["create-user", "a@b.co", "--no-password", "--name", name]).succeeded();
    let table = folder.run(&["users", "list"]).succeeded().stdout;
    assert!(table.contains("EMAIL") && table.contains("\\u{1b}[2J") && !table.contains('\x1b'));
    let csv = folder.run(&["users", "list", "--output", "csv"]).succeeded().stdout;
    assert!(csv.starts_with("id,email,name,verified,created\n"), "{csv}");
    assert!(csv.contains(",'=cmd|"), "{csv}");
}

#[test]
fn a_user_is_changed_by_id_or_address() {
    let folder = Folder::migrated();
    let id = folder.create_user("ada@example.com")["id"].as_str().unwrap().to_owned();
    let update = |words: &[&str]| folder.run(&[&["users", "update", "--json"], words].concat());
    let user = update(&[&id, "--name", "Ada L", "--image", "https://i/x", "--verified"])
        .succeeded()
        .json();
    assert_eq!((&user["name"], &user["emailVerified"]), (&json!("Ada L"), &json!(true)));
    let user =
        update(&["ada@example.com", "--email", "New@Example.com", "--no-image"]).succeeded().json();
    assert_eq!(
        (&user["email"], &user["emailVerified"], &user["image"]),
        (&json!("new@example.com"), &json!(false), &Value::Null)
    );
    update(&[&id]).failed(2, "required");
    update(&[&id, "--email", "nonsense"]).failed(2, "\"nonsense\" is not an email address");
    update(&["nobody@example.com", "--name", "N"]).failed(3, "no user has the id or email address");
    folder.create_user("bob@example.com");
    update(&[&id, "--email", "bob@example.com"]).failed(4, "bob@example.com already exists");
}

#[test]
fn a_password_is_set_from_standard_input() {
    let folder = Folder::migrated();
    folder.create_user("ada@example.com");
    let words = ["users", "set-password", "ada@example.com", "--password-stdin"];
    let ran = folder.run_with(&words, "another password\r\n").succeeded();
    assert!(ran.stderr.contains("0 sessions revoked"), "{ran:?}");
    folder.run_with(&words, "short").failed(2, "the password is shorter than 8 characters");
    let nobody = ["users", "set-password", "nobody@example.com", "--password-stdin"];
    folder.run_with(&nobody, "another password").failed(3, "no user");
}

#[test]
fn deleting_asks_and_takes_all_or_none() {
    let folder = Folder::migrated();
    folder.create_user("ada@example.com");
    folder.create_user("bob@example.com");
    folder.run(&["users", "delete", "ada@example.com"]).failed(2, "hint: pass --yes");
    let both = ["users", "delete", "ada@example.com", "nobody@example.com", "--yes"];
    folder.run(&both).failed(3, "nobody@example.com");
    assert_eq!(
        folder.run(&["users", "list", "--json"]).json()["users"].as_array().unwrap().len(),
        2
    );
    let twice = ["users", "delete", "ada@example.com", "ADA@example.com", "--yes", "--json"];
    assert_eq!(folder.run(&twice).succeeded().json(), json!({"success": true, "deleted": 1}));
    folder.run(&["users", "show", "ada@example.com"]).failed(3, "no user");
}

#[test]
fn additional_fields_are_migrated_set_shown_and_removed() {
    let folder = Folder::migrated();
    folder.create_user("old@example.com");
    let config = "[user.additionalFields]\n\
                  age = { type = 'number', required = false }\n\
                  plan = { type = ['free', 'pro'], defaultValue = 'free', input = false }\n";
    std::fs::write(folder.path("better-auth.toml"), config).unwrap();
    folder.run(&["users", "list"]).failed(5, "hint: run `better-auth migrate`");
    let plan = folder.run(&["migrate", "--yes"]).succeeded();
    assert!(plan.stderr.contains("add column user.plan"), "{plan:?}");
    let words = ["create-user", "new@example.com", "--no-password", "--json"];
    let words = [&words[..], &["--field", "age=36", "--field", "plan=pro"]].concat();
    let new = folder.run(&words).succeeded().json();
    assert_eq!((&new["age"], &new["plan"]), (&json!(36), &json!("pro")));
    let listed = folder.run(&["users", "list", "--json", "--sort", "email"]).succeeded().json();
    assert_eq!(listed["users"][0], new);
    // Rows that are older than the column hold its default.
    assert_eq!(listed["users"][1]["plan"], "free");

    let update =
        |words: &[&str]| folder.run(&[&["users", "update", "new@example.com"], words].concat());
    let changed = update(&["--unset", "age", "--json"]).succeeded().json();
    assert_eq!((&changed["age"], &changed["plan"]), (&Value::Null, &json!("pro")));
    update(&["--field", "plan=gold"]).failed(2, "plan: expected free or pro, received string");
    update(&["--field", "age=old"]).failed(2, "--field age: expected number");
    update(&["--field", "job=x"]).failed(2, "job is no additional field; configured are age, plan");
    update(&["--unset", "plan"]).failed(2, "plan: expected free or pro, received null");
    let shown = folder.run(&["users", "show", "new@example.com"]).succeeded();
    assert!(shown.stdout.lines().any(|line| line.trim() == "plan      pro"), "{shown:?}");

    let config = config.replace("defaultValue = 'free', ", "").replace("plan", "job");
    std::fs::write(folder.path("better-auth.toml"), config).unwrap();
    folder.run(&["migrate", "--yes"]).failed(1, "user.job must be filled in every row");
}

#[test]
fn a_user_whom_wrong_passwords_have_locked_out_is_let_in_again() {
    let folder = Folder::migrated();
    folder.create_user("ada@example.com");
    let config = r#"{"emailAndPassword": {"lockout": {"maxAttempts": 3}}}"#;
    std::fs::write(folder.path("better-auth.json"), config).unwrap();
    let server = Server::start(&folder, &[]);
    let sign_in = |password: &str| {
        let body = json!({"email": "ada@example.com", "password": password});
        server.post("/sign-in/email", &body).status().as_u16()
    };
    assert_eq!([(); 3].map(|()| sign_in("wrong password")), [401; 3]);
    assert_eq!(sign_in("correct horse battery"), 429);
    let unlock = ["users", "unlock", "ada@example.com"];
    let ran = folder.run(&unlock).succeeded();
    assert!(ran.stderr.contains("ada@example.com was unlocked"), "{ran:?}");
    assert_eq!(sign_in("correct horse battery"), 200);
    let again = folder.run(&[&unlock[..], &["--json"]].concat()).succeeded().json();
    assert_eq!(again, json!({"status": true, "unlocked": false}));
    folder.run(&["users", "unlock", "nobody@example.com"]).failed(3, "nobody@example.com");
}

#[test]
fn a_value_that_another_user_has_is_a_conflict_that_names_the_field() {
    let folder = Folder::new();
    folder.configure(&json!({"user": {"additionalFields": {
        "backupEmail": {"type": "string", "required": false, "unique": true, "fieldName": "backup_email"},
        "badge": {"type": "number", "required": false, "unique": true},
    }}}));
    folder.run(&["migrate"]).succeeded();
    let create = ["users", "create", "ada@example.com", "--no-password"];
    let fields = ["--field", "backupEmail=a@b.co", "--field", "badge=7"];
    folder.run(&[&create[..], &fields[..]].concat()).succeeded();
    folder.run(&["users", "create", "bob@example.com", "--no-password"]).succeeded();
    for (field, name) in [("backupEmail=a@b.co", "backupEmail"), ("badge=7", "badge")] {
        let said = format!("{name}: another user has this value already");
        let create = ["users", "create", "eve@example.com", "--no-password", "--field", field];
        folder.run(&create).failed(4, &said);
        folder.run(&["users", "update", "bob@example.com", "--field", field]).failed(4, &said);
        // That the address was free is no reason to call somebody existing.
        let create = [&create[..], &["--if-not-exists"]].concat();
        folder.run(&create).failed(4, &said);
    }
}

#[test]
fn filters_of_a_plugin_are_options_of_the_list_where_it_is_on() {
    let folder = Folder::migrated();
    folder.create_user("ada@example.com");
    for command in [&["users", "list", "--banned"][..], &["users", "unban", "ada@example.com"]] {
        folder.run(command).failed(2, "plugins.admin");
    }
    let nul = ["users", "set-password", "ada@example.com", "--password-stdin"];
    folder.run_with(&nul, "correct\0horse battery").failed(2, "NUL character");
    folder.run(&["users", "list", "--filter", "banned"]).failed(2, "available: none");
    folder.configure(&json!({"plugins": {"admin": {}}}));
    folder.run(&["migrate", "--yes"]).succeeded();
    folder.create_user("eve@example.com");
    folder.run(&["users", "ban", "eve@example.com"]).succeeded();
    folder.run(&["users", "set-role", "ada@example.com", "admin"]).succeeded();
    for (words, found) in [
        (&["list", "--banned"][..], "eve@example.com"),
        (&["list", "--filter", "banned"], "eve@example.com"),
        (&["list", "--role", "admin"], "ada@example.com"),
        (&["list", "--filter", "role=user"], "eve@example.com"),
        (&["list", "--role", "admin", "--banned"], ""),
        (&["list", "--role", "admin", "--filter", "role=user"], ""),
        (&["list", "--filter", "role=user", "--filter", "role=user"], "eve@example.com"),
    ] {
        let listed = folder.run(&[&["users"], words, &["--json"]].concat()).succeeded().json();
        let emails = listed["users"].as_array().unwrap().iter().map(|user| &user["email"]);
        let emails: Vec<&str> = emails.filter_map(Value::as_str).collect();
        assert_eq!(emails.join(" "), found, "{words:?}");
    }
    folder.run(&["list-users", "--filter", "bannd"]).failed(2, "available: banned, role");
}
