//! `/change-password` and `/verify-password` [contract 8.10].

use better_auth::Config;
use serde_json::Value;
use serde_json::json;

use crate::harness::Answer;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::site::PASSWORD;

const NEW: &str = "another password";

fn change(site: &Site, cookies: &str, body: &Value) -> Answer {
    site.send(Request::post("/change-password").signed_in(cookies).json(body))
}

fn sign_in(site: &Site, password: &str) -> Answer {
    site.post("/sign-in/email", &json!({"email": "ada@example.com", "password": password}))
}

#[test]
fn the_new_password_signs_in_and_the_old_one_does_not() {
    let site = Site::new();
    let signed_up = site.sign_up("ada@example.com");
    let body = json!({"currentPassword": PASSWORD, "newPassword": NEW});
    let answer = change(&site, &signed_up.cookies(), &body);
    assert_eq!(answer.json(), json!({"token": null, "user": signed_up.json()["user"]}));
    assert!(answer.set_cookies().is_empty());
    assert_eq!(sign_in(&site, PASSWORD).status, 401);
    assert_eq!(sign_in(&site, NEW).status, 200);
    assert_ne!(site.session(&signed_up.cookies()), Value::Null);
}

#[test]
fn every_session_can_end_with_the_old_password() {
    let site = Site::new();
    let first = site.sign_up("ada@example.com").cookies();
    let second = sign_in(&site, PASSWORD).cookies();
    let body =
        json!({"currentPassword": PASSWORD, "newPassword": NEW, "revokeOtherSessions": true});
    let answer = change(&site, &first, &body);
    assert_eq!(answer.status, 200);
    for old in [&first, &second] {
        assert_eq!(site.session(old), Value::Null);
    }
    assert_eq!(site.session(&answer.cookies())["session"]["token"], answer.json()["token"]);
}

#[test]
fn where_sessions_cannot_end_the_password_stays_too() {
    // A storage alone keeps them without a row.
    let site = Site::with(|config| {
        config.secondary_storage = Config::default().secondary_storage;
    });
    let cookies = site.sign_up("ada@example.com").cookies();
    let sqlite =
        [r#"CREATE TRIGGER "no" BEFORE DELETE ON "session" BEGIN SELECT RAISE(ABORT, 'no'); END"#];
    let postgres = [
        "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE check_violation USING MESSAGE = 'no'; END $$",
        r#"CREATE TRIGGER "no" BEFORE DELETE ON "session" FOR EACH ROW EXECUTE FUNCTION no()"#,
    ];
    let is_remote = site.auth.database().is_remote();
    for sql in if is_remote { &postgres[..] } else { &sqlite[..] } {
        site.auth.database().write(|tx| tx.execute(*sql, &[])).unwrap();
    }
    let body =
        json!({"currentPassword": PASSWORD, "newPassword": NEW, "revokeOtherSessions": true});
    assert_eq!(change(&site, &cookies, &body).status, 422);
    assert_eq!((sign_in(&site, PASSWORD).status, sign_in(&site, NEW).status), (200, 401));
}

#[test]
fn whatever_is_wrong_changes_nothing() {
    let site = Site::new();
    let cookies = site.sign_up("ada@example.com").cookies();
    for (current, new, code) in [
        (PASSWORD, "short", "PASSWORD_TOO_SHORT"),
        (PASSWORD, &*"x".repeat(129), "PASSWORD_TOO_LONG"),
        ("wrong password", NEW, "INVALID_PASSWORD"),
        (&*"x".repeat(129), NEW, "PASSWORD_TOO_LONG"),
        ("wrong password", "short", "PASSWORD_TOO_SHORT"),
    ] {
        let body =
            json!({"currentPassword": current, "newPassword": new, "revokeOtherSessions": true});
        assert_eq!(change(&site, &cookies, &body).outcome(), (400, code.to_owned()));
    }
    assert_ne!(site.session(&cookies), Value::Null);
    assert_eq!(sign_in(&site, PASSWORD).status, 200);
}

#[test]
fn a_password_is_verified_without_a_word_about_whether_there_is_one() {
    let site = Site::new();
    let cookies = site.sign_up("ada@example.com").cookies();
    let verify = |password: &str| {
        let request = Request::post("/verify-password").signed_in(&cookies);
        site.send(request.json(&json!({ "password": password })))
    };
    assert_eq!(verify(PASSWORD).body, r#"{"status":true}"#);
    assert_eq!(verify("wrong password").outcome(), (400, "INVALID_PASSWORD".to_owned()));
    assert_eq!(verify(&"x".repeat(129)).outcome(), (400, "PASSWORD_TOO_LONG".to_owned()));
    let sql = r#"UPDATE "account" SET "password" = NULL"#;
    site.auth.database().write(|tx| tx.execute(sql, &[])).unwrap();
    assert_eq!(verify(PASSWORD).outcome(), (400, "INVALID_PASSWORD".to_owned()));
    let body = json!({"currentPassword": PASSWORD, "newPassword": NEW});
    assert_eq!(change(&site, &cookies, &body).outcome().1, "CREDENTIAL_ACCOUNT_NOT_FOUND");
}
