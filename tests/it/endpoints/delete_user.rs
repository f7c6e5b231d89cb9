//! `/delete-user` and `DELETE /user` [contract 8.13, 14].

use std::time::Duration;

use http::Method;
use serde_json::Value;
use serde_json::json;

use crate::harness::Mail;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::site::PASSWORD;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn delete(site: &Site, cookies: &str, body: &Value) -> crate::harness::Answer {
    site.send(Request::post("/delete-user").signed_in(cookies).json(body))
}

fn rows(site: &Site) -> i64 {
    ["user", "session", "account"].iter().map(|table| site.stored(table)).sum()
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

fn delete_by_mail(site: &Site, cookies: &str) -> Mail {
    let answer = delete(site, cookies, &json!({}));
    assert_eq!(answer.body, r#"{"success":true,"message":"Verification email sent"}"#);
    assert!(answer.set_cookies().is_empty());
    site.mail()
}

#[test]
fn where_messages_are_sent_the_user_is_asked_first() {
    let site = Site::with_mail(|_| {});
    let cookies = site.sign_up("ada@example.com").cookies();
    let answer = delete(&site, &cookies, &json!({"password": PASSWORD, "callbackURL": "/bye?a=b"}));
    assert_eq!(answer.json()["message"], "Verification email sent");
    let mail = site.mail();
    assert_eq!(mail.what(), ("delete-account", "ada@example.com"));
    let token = mail.token();
    assert!(
        token.len() == 32 && token.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    );
    let link = format!("/delete-user/callback?token={token}&callbackURL=%2Fbye%3Fa%3Db");
    assert_eq!(mail.path(), link);
    assert_eq!(rows(&site), 3);

    let nobody = site.send(Request::get(&link));
    assert_eq!(nobody.outcome(), (404, "FAILED_TO_GET_USER_INFO".to_owned()));
    let answer = site.send(Request::get(&link).header("cookie", &cookies));
    assert_eq!((answer.status, answer.header("location")), (302, Some("/bye?a=b")));
    assert!(answer.clears_session());
    assert_eq!(rows(&site), 0);
}

#[test]
fn a_token_deletes_only_who_got_it_and_only_once() {
    let site = Site::with_mail(|_| {});
    let ada = site.sign_up("ada@example.com").cookies();
    let eve = site.sign_up("eve@example.com").cookies();
    let token = delete_by_mail(&site, &ada).token().to_owned();
    let invalid = (400, "INVALID_TOKEN".to_owned());
    let link = format!("/delete-user/callback?token={token}");
    assert_eq!(delete(&site, &eve, &json!({"token": token})).outcome(), invalid);
    assert_eq!(site.send(Request::get(&link).header("cookie", &eve)).outcome(), invalid);
    assert_eq!(rows(&site), 6);
    let answer = delete(&site, &ada, &json!({"token": token}));
    assert_eq!(answer.body, r#"{"success":true,"message":"User deleted"}"#);
    assert_eq!(rows(&site), 3);

    let ada = site.sign_up("ada@example.com").cookies();
    assert_eq!(delete(&site, &ada, &json!({"token": token})).outcome(), invalid);
    let late = delete_by_mail(&site, &ada).token().to_owned();
    site.wait(DAY + Duration::from_secs(1));
    assert_eq!(delete(&site, &ada, &json!({"token": late})).outcome(), invalid);
}

#[test]
fn whoever_opens_the_link_in_a_browser_sees_what_happened() {
    let site = Site::with_mail(|_| {});
    let cookies = site.sign_up("ada@example.com").cookies();
    let link = delete_by_mail(&site, &cookies).path().to_owned();
    let open = |cookies: &str| {
        let request = Request::get(&link).header("accept", "text/html,*/*;q=0.8");
        site.send(request.header("cookie", cookies))
    };
    let place = Some("http://localhost:3000/api/auth/error?error=FAILED_TO_GET_USER_INFO");
    assert_eq!(open("a=b").header("location"), place);
    let page = open(&cookies);
    assert!(page.body.contains("<h1>Account deleted</h1>"), "{page:?}");
    assert!(page.clears_session());
}

#[test]
fn the_link_is_checked_before_anything_else() {
    let site = Site::with_mail(|_| {});
    for (query, expected) in [
        ("", (400, "VALIDATION_ERROR")),
        ("?token=a&token=b", (400, "VALIDATION_ERROR")),
        ("?token=a&callbackURL=https://evil.example", (403, "INVALID_CALLBACK_URL")),
    ] {
        let answer = site.send(Request::get(&format!("/delete-user/callback{query}")));
        let (status, code) = answer.outcome();
        assert_eq!((status, code.as_str()), expected, "{query}");
    }
    let off = Site::with_mail(|config| config.user.delete_user.enabled = false);
    let answer = off.send(Request::get("/delete-user/callback?token=a"));
    assert_eq!(answer.outcome(), (404, "NOT_FOUND".to_owned()));
}
