//! `additionalFields` of users, sessions, accounts and one-time values, and `/update-session` [contract 8.2, 8.8, 8.9].

use better_auth::Config;
use better_auth::database::Dialect;
use serde_json::Value;
use serde_json::json;

use super::social;
use crate::harness::Answer;
use crate::harness::Provider;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::site::PASSWORD;

fn fields(config: &mut Config) {
    let user = json!({
        "age": {"type": "number", "required": false},
        "plan": {"type": ["free", "pro"], "defaultValue": "free", "input": false},
        "note": {"type": "string", "required": false, "returned": false},
        "tags": {"type": "string[]", "required": false, "fieldName": "labels"},
        "born": {"type": "date", "required": false},
        "isBeta": {"type": "boolean", "defaultValue": true},
    });
    let session = json!({
        "theme": {"type": "string", "defaultValue": "light"},
        "score": {"type": "number", "required": false, "input": false},
        "extra": {"type": "json", "required": false},
    });
    config.user.additional_fields = serde_json::from_value(user).unwrap();
    config.session.additional_fields = serde_json::from_value(session).unwrap();
}

fn sign_up(site: &Site, email: &str, more: &Value) -> Answer {
    let mut body = json!({"name": "Ada", "email": email, "password": PASSWORD});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    site.post("/sign-up/email", &body)
}

fn post(site: &Site, path: &str, cookies: &str, body: &Value) -> Answer {
    site.send(Request::post(path).signed_in(cookies).json(body))
}

fn said(answer: &Answer) -> (u16, Value, Value) {
    let body = answer.json();
    (answer.status, body["code"].clone(), body["message"].clone())
}

#[test]
fn a_new_user_has_what_was_given_and_defaults_in_the_order_of_the_configuration() {
    let site = Site::with(fields);
    let given = json!({"age": 36, "tags": ["a"], "note": "hidden", "born": "1815-12-10T00:00:00Z"});
    let answer = sign_up(&site, "ada@example.com", &given);
    let user = answer.json()["user"].clone();
    let names: Vec<&str> = user.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names[6..], ["age", "plan", "tags", "born", "isBeta", "id"]);
    assert_eq!(user["age"], 36);
    assert_eq!(user["plan"], "free");
    assert_eq!(user["tags"], json!(["a"]));
    assert_eq!(user["born"], "1815-12-10T00:00:00.000Z");
    assert_eq!(user["isBeta"], true);
    // What is read again is what was answered.
    assert_eq!(site.session(&answer.cookies())["user"], user);
    let stored = site.auth.api().get_user("ada@example.com").unwrap();
    assert_eq!(stored.additional.get("note"), Some(&json!("hidden")));
}

#[test]
fn a_hidden_field_leaves_by_no_endpoint() {
    let site = Site::with(fields);
    let cookies = sign_up(&site, "ada@example.com", &json!({"note": "hunter2"})).cookies();
    let body = json!({"email": "ada@example.com", "password": PASSWORD});
    let signed_in = site.post("/sign-in/email", &body);
    let change = json!({"currentPassword": PASSWORD, "newPassword": "another horse"});
    for answer in [
        signed_in,
        site.send(Request::get("/get-session").header("cookie", &cookies)),
        site.send(Request::get("/user").header("cookie", &cookies)),
        post(&site, "/update-user", &cookies, &json!({"note": "hunter2"})),
        post(&site, "/change-password", &cookies, &change),
    ] {
        assert_eq!(answer.status, 200, "{answer:?}");
        assert!(!answer.body.contains("hunter2") && !answer.body.contains("note"), "{answer:?}");
    }
}

#[test]
fn what_a_client_may_not_set_is_refused_and_changes_nothing() {
    let site = Site::with(fields);
    let cookies = sign_up(&site, "ada@example.com", &json!({"plan": "pro"})).cookies();
    // A default that clients may not set wins without a word, as upstream.
    assert_eq!(site.session(&cookies)["user"]["plan"], "free");
    let before = site.session(&cookies);
    for (body, code, message) in [
        (json!({"plan": "pro"}), "FIELD_NOT_ALLOWED", "plan is not allowed to be set"),
        (json!({"age": "36"}), "VALIDATION_ERROR", "age: expected number, received string"),
        (json!({"tags": [1]}), "VALIDATION_ERROR", "tags: expected string[], received array"),
        (json!({"isBeta": null}), "VALIDATION_ERROR", "isBeta: expected boolean, received null"),
        (json!({"born": "tomorrow"}), "VALIDATION_ERROR", "born: expected date, received string"),
        (json!({"plan": "", "other": 1}), "BAD_REQUEST", "No fields to update"),
    ] {
        let answer = post(&site, "/update-user", &cookies, &body);
        assert_eq!(said(&answer), (400, json!(code), json!(message)), "{body}");
    }
    assert_eq!(site.session(&cookies), before);
    let missing = Site::with(|config| {
        let age = json!({"age": {"type": "number"}});
        config.user.additional_fields = serde_json::from_value(age).unwrap();
    });
    let answer = sign_up(&missing, "ada@example.com", &json!({}));
    assert_eq!(said(&answer), (400, json!("MISSING_FIELD"), json!("age is required")));
}

#[test]
fn update_user_sets_and_clears_fields() {
    let site = Site::with(fields);
    let cookies = sign_up(&site, "ada@example.com", &json!({"age": 36})).cookies();
    let answer = post(&site, "/update-user", &cookies, &json!({"age": null, "tags": ["x", "y"]}));
    assert_eq!(answer.body, r#"{"status":true}"#);
    let user = site.session(&cookies)["user"].clone();
    assert_eq!((&user["age"], &user["tags"]), (&Value::Null, &json!(["x", "y"])));
    assert_eq!(user["name"], "Ada");
}

#[test]
fn update_session_sets_fields_of_the_session_alone() {
    let site = Site::with(fields);
    let cookies = sign_up(&site, "ada@example.com", &json!({})).cookies();
    assert_eq!(site.session(&cookies)["session"]["theme"], "light");
    let body = json!({"theme": "dark", "extra": {"a": [1, 2]}, "token": "mine"});
    let answer = post(&site, "/update-session", &cookies, &body);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(answer.set_cookies()[0].starts_with("better-auth.session_token="));
    let session = site.session(&cookies)["session"].clone();
    assert_eq!(answer.json(), json!({"session": session}));
    assert_eq!((&session["theme"], &session["extra"]), (&json!("dark"), &json!({"a": [1, 2]})));
    assert_ne!(session["token"], "mine");
    for (body, code, message) in [
        (json!({}), "BAD_REQUEST", "No fields to update"),
        (json!({"userId": "x"}), "BAD_REQUEST", "No fields to update"),
        (json!({"score": 1}), "FIELD_NOT_ALLOWED", "score is not allowed to be set"),
        (json!({"theme": 1}), "VALIDATION_ERROR", "theme: expected string, received number"),
    ] {
        let answer = post(&site, "/update-session", &cookies, &body);
        assert_eq!(said(&answer), (400, json!(code), json!(message)), "{body}");
    }
    let answer = post(&site, "/update-session", "", &json!({"theme": "dark"}));
    assert_eq!(answer.status, 401);
}

#[test]
fn the_library_sets_what_clients_may_not() {
    let site = Site::with(fields);
    let signed_up = sign_up(&site, "ada@example.com", &json!({}));
    let (id, token) = (signed_up.json()["user"]["id"].clone(), signed_up.json()["token"].clone());
    let changes = better_auth::UserChanges {
        additional: json!({"plan": "pro"}).as_object().unwrap().clone(),
        ..Default::default()
    };
    site.auth.api().update_user(id.as_str().unwrap(), &changes).unwrap();
    let score = json!({"score": 7}).as_object().unwrap().clone();
    site.auth.api().update_session(token.as_str().unwrap(), &score).unwrap();
    let found = site.session(&signed_up.cookies());
    assert_eq!((&found["user"]["plan"], &found["session"]["score"]), (&json!("pro"), &json!(7)));
}

/// Fields whose values no two users share; one has a column that ends as the address's is called.
fn unique_fields(config: &mut Config) {
    let user = json!({
        "backupEmail": {"type": "string", "required": false, "unique": true, "fieldName": "backup_email"},
        "badge": {"type": "number", "required": false, "unique": true},
    });
    config.user.additional_fields = serde_json::from_value(user).unwrap();
}

#[test]
fn a_value_that_another_user_has_is_a_conflict_that_names_the_field() {
    for signs_in in [true, false] {
        let site = Site::with_plugins(|config| {
            unique_fields(config);
            config.email_and_password.auto_sign_in = signs_in;
        });
        let given = json!({"backupEmail": "ada@backup.example", "badge": 7});
        assert_eq!(sign_up(&site, "ada@example.com", &given).status, 200);
        assert_eq!(sign_up(&site, "bob@example.com", &json!({})).status, 200);
        let signed_in = json!({"email": "bob@example.com", "password": PASSWORD});
        let bob = site.post("/sign-in/email", &signed_in).cookies();
        for (body, field) in [
            (json!({"backupEmail": "ada@backup.example"}), "backupEmail"),
            (json!({"badge": 7}), "badge"),
        ] {
            let message = json!(format!("{field}: another user has this value already"));
            let conflict = (409, json!("VALUE_ALREADY_TAKEN"), message);
            assert_eq!(said(&sign_up(&site, "eve@example.com", &body)), conflict);
            assert_eq!(said(&post(&site, "/update-user", &bob, &body)), conflict);
        }
        // No user was made, and none was made up either.
        assert!(site.auth.api().find_user("eve@example.com").unwrap().is_none());
        let taken = sign_up(&site, "ada@example.com", &json!({}));
        assert_eq!(taken.status, if signs_in { 422 } else { 200 }, "{taken:?}");
    }
}

#[test]
fn a_value_that_a_constraint_of_the_application_guards_is_a_conflict_and_not_the_address() {
    let site = Site::with(|config| config.email_and_password.auto_sign_in = false);
    let constraint = r#"CREATE UNIQUE INDEX "one" ON "user" ("name", "email")"#;
    let other = r#"CREATE UNIQUE INDEX "two" ON "user" ("name")"#;
    for sql in [constraint, other] {
        site.auth.database().write(|tx| tx.execute(sql, &[])).unwrap();
    }
    assert_eq!(sign_up(&site, "ada@example.com", &json!({})).status, 200);
    let answer = sign_up(&site, "bob@example.com", &json!({}));
    let expected = (409, json!("VALUE_ALREADY_TAKEN"), json!("This value is taken already"));
    assert_eq!(said(&answer), expected);
}

/// Where nobody is signed in at once, an answer tells of other values what it would tell if the address were free.
#[test]
fn a_value_that_is_taken_does_not_tell_whether_the_address_is() {
    let site = Site::with(|config| {
        unique_fields(config);
        config.email_and_password.auto_sign_in = false;
    });
    let index = r#"CREATE UNIQUE INDEX "folded" ON "user" (lower("email"))"#;
    let spell = r#"UPDATE "user" SET "email" = 'Ada@Example.com'"#;
    assert_eq!(sign_up(&site, "ada@example.com", &json!({})).status, 200);
    let rule = match site.auth.database().dialect() {
        Dialect::Sqlite => {
            r#"CREATE TRIGGER "rule" BEFORE INSERT ON "user" WHEN NEW."badge" = 13 BEGIN SELECT RAISE(ABORT, 'no'); END"#
        }
        Dialect::Postgres => r#"ALTER TABLE "user" ADD CONSTRAINT "rule" CHECK ("badge" <> 13)"#,
    };
    for sql in [index, spell, rule] {
        site.auth.database().write(|tx| tx.execute(sql, &[])).unwrap();
    }
    assert_eq!(sign_up(&site, "known@example.com", &json!({})).status, 200);
    let given = json!({"backupEmail": "eve@backup.example", "badge": 7});
    assert_eq!(sign_up(&site, "eve@example.com", &given).status, 200);
    let users = site.stored("user");
    for (body, status) in [
        (json!({}), 200),
        (json!({"badge": 8}), 200),
        (json!({"badge": 7}), 409),
        // A rule of the application's own, and a limit of ours.
        (json!({"badge": 13}), 422),
        (json!({"name": "x".repeat(1_100)}), 400),
        (json!({"backupEmail": "eve@backup.example"}), 409),
        (given, 409),
    ] {
        let of_known = sign_up(&site, "known@example.com", &body);
        // An adopted user has an address in another spelling, and the application's index knows.
        let of_adopted = sign_up(&site, "ada@example.com", &body);
        assert_eq!((of_known.status, of_adopted.status), (status, status), "{body}");
        assert_eq!(site.stored("user"), users, "{body}");
        let of_unknown = sign_up(&site, "unknown@example.com", &body);
        assert_eq!(of_unknown.status, status, "{body}");
        if status == 409 {
            let said = [&of_known, &of_adopted, &of_unknown].map(said);
            assert!(said.iter().all(|one| *one == said[0]), "{said:?}");
        } else {
            let remove = r#"DELETE FROM "user" WHERE "email" = 'unknown@example.com'"#;
            site.auth.database().write(|tx| tx.execute(remove, &[])).unwrap();
        }
    }
}

fn accounts(site: &Site, cookies: &str) -> Value {
    site.send(Request::get("/list-accounts").header("cookie", cookies)).json()
}

/// Fields of accounts, and perhaps the column of 1.7.0-1.7.2.
fn with_accounts(provider: &Provider, has_issuer: bool) -> Site {
    let site = social::site(provider, |config| {
        let fields = json!({
            "plan": {"type": ["free", "pro"], "defaultValue": "free"},
            "seen": {"type": "date", "required": false, "defaultValue": "1815-12-10T00:00:00Z", "fieldName": "seen_at"},
            "tags": {"type": "string[]", "defaultValue": ["a"]},
            "note": {"type": "string", "defaultValue": "hunter2", "returned": false},
            "none": {"type": "boolean", "required": false},
        });
        config.account.additional_fields = serde_json::from_value(fields).unwrap();
    });
    if has_issuer {
        let sql = r#"ALTER TABLE "account" ADD COLUMN "issuer" text NOT NULL DEFAULT '?'"#;
        let added = site.auth.database().write(|tx| tx.execute(sql, &[]));
        assert_eq!(added, Ok(0));
    }
    site
}

#[test]
fn a_new_account_has_the_defaults_of_its_fields_and_is_listed_with_those_that_are_returned() {
    for has_issuer in [false, true] {
        let provider = Provider::start();
        let site = with_accounts(&provider, has_issuer);
        let by_password = site.sign_up("ada@example.org").cookies();
        let by_provider = social::come_back(&site, &social::sign_in(&site)).cookies();
        for cookies in [by_password, by_provider] {
            let listed = accounts(&site, &cookies);
            let account = &listed[0];
            assert_eq!((&account["plan"], &account["tags"]), (&json!("free"), &json!(["a"])));
            assert_eq!(account["seen"], "1815-12-10T00:00:00.000Z");
            assert_eq!(account.get("none"), Some(&Value::Null));
            assert!(!listed.to_string().contains("hunter2"), "{listed}");
        }
        let sql = r#"SELECT "note" FROM "account" WHERE "note" = 'hunter2'"#;
        let notes = site.auth.database().read(|tx| tx.list(sql, &[], |row| row.text(0))).unwrap();
        assert_eq!(notes.len(), 2);
    }
}

#[test]
fn a_value_that_another_program_gave_an_account_stays_when_its_tokens_change() {
    let provider = Provider::start();
    let site = with_accounts(&provider, false);
    social::come_back(&site, &social::sign_in(&site));
    let sql = r#"UPDATE "account" SET "plan" = 'pro', "none" = true"#;
    assert_eq!(site.auth.database().write(|tx| tx.execute(sql, &[])), Ok(1));
    let again = social::come_back(&site, &social::sign_in(&site)).cookies();
    let account = &accounts(&site, &again)[0];
    assert_eq!((&account["plan"], &account["none"]), (&json!("pro"), &json!(true)));
}
