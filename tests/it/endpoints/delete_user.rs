//! `/delete-user` and `DELETE /user` [contract 8.13, 14].

use std::time::Duration;

use http::Method;
use serde_json::Value;
use serde_json::json;

use crate::harness::Request;
use crate::harness::Site;
use crate::harness::site::PASSWORD;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn delete(site: &Site, cookies: &str, body: &Value) -> crate::harness::Answer {
    site.send(Request::post("/delete-user").signed_in(cookies).json(body))
}

fn rows(site: &Site) -> i64 {
    let sql = r#"SELECT (SELECT COUNT(*) FROM "user") + (SELECT COUNT(*) FROM "session")
        + (SELECT COUNT(*) FROM "account")"#;
    site.auth.database().read(|tx| tx.find(sql, &[], |row| row.integer(0))).unwrap().unwrap()
}

#[test]
fn a_fresh_session_or_the_password_deletes_everything_of_the_user() {
    let site = Site::new();
    for body in [json!({}), json!({"password": PASSWORD}), json!({"password": ""})] {
        let cookies = site.sign_up("ada@example.com").cookies();
        let answer = delete(&site, &cookies, &body);
        assert_eq!(answer.body, r#"{"success":true,"message":"User deleted"}"#);
        assert!(answer.clears_session());
        assert_eq!(rows(&site), 0);
    }
}

#[test]
fn delete_user_by_method_needs_no_body() {
    let site = Site::new();
    let cookies = site.sign_up("ada@example.com").cookies();
    let request = Request::new(Method::DELETE, "/user").signed_in(&cookies);
    let wrong = request.clone().json(&json!({"password": "wrong password"}));
    assert_eq!(site.send(wrong).outcome(), (400, "INVALID_PASSWORD".to_owned()));
    assert_eq!(site.send(request).json()["message"], "User deleted");
    assert_eq!(rows(&site), 0);
}

#[test]
fn a_stale_session_needs_the_password() {
    let site = Site::new();
    let cookies = site.sign_up("ada@example.com").cookies();
    site.wait(DAY);
    assert_eq!(delete(&site, &cookies, &json!({})).outcome(), (401, "SESSION_EXPIRED".to_owned()));
    assert_eq!(rows(&site), 3);
    assert_eq!(delete(&site, &cookies, &json!({"password": PASSWORD})).status, 200);
}

#[test]
fn whatever_is_wrong_deletes_nothing() {
    let site = Site::new();
    let cookies = site.sign_up("ada@example.com").cookies();
    for (body, expected) in [
        (json!({"password": "wrong password"}), (400, "INVALID_PASSWORD")),
        (json!({"password": "x".repeat(129)}), (400, "PASSWORD_TOO_LONG")),
        (json!({"token": "x"}), (400, "INVALID_TOKEN")),
        (json!({"password": 5}), (400, "VALIDATION_ERROR")),
        (json!([]), (400, "VALIDATION_ERROR")),
        (json!({"callbackURL": "https://evil.example"}), (403, "INVALID_CALLBACK_URL")),
    ] {
        let (status, code) = delete(&site, &cookies, &body).outcome();
        assert_eq!((status, code.as_str()), expected, "{body}");
    }
    let request = Request::post("/delete-user").signed_in(&cookies);
    assert_eq!(site.send(request).outcome(), (400, "VALIDATION_ERROR".to_owned()));
    assert_eq!(rows(&site), 3);
}

#[test]
fn whoever_has_no_password_is_told_so() {
    let site = Site::new();
    let signed_up = site.sign_up("ada@example.com");
    let sql = r#"DELETE FROM "account""#;
    site.auth.database().write(|tx| tx.execute(sql, &[])).unwrap();
    let answer = delete(&site, &signed_up.cookies(), &json!({"password": PASSWORD}));
    assert_eq!(answer.outcome(), (400, "CREDENTIAL_ACCOUNT_NOT_FOUND".to_owned()));
}

#[test]
fn it_is_off_until_it_is_switched_on() {
    let site = Site::with(|config| config.user.delete_user.enabled = false);
    let cookies = site.sign_up("ada@example.com").cookies();
    let answer = delete(&site, &cookies, &json!({"password": PASSWORD}));
    assert_eq!((answer.status, answer.body.as_str()), (404, ""));
    assert_eq!(rows(&site), 3);
    assert_eq!(site.post("/delete-user", &json!({})).status, 401);
}
