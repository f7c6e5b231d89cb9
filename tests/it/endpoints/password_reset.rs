//! `/request-password-reset`, `/reset-password` and its link [contract 8.10].

use std::time::Duration;

use serde_json::Value;
use serde_json::json;

use crate::harness::Answer;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::site::PASSWORD;

const HOUR: Duration = Duration::from_secs(60 * 60);
const NEW: &str = "another long password";
const SENT: &str = r#"{"status":true,"message":"If this email exists in our system, check your email for the reset link"}"#;

fn ask(site: &Site, body: &Value) -> Answer {
    site.post("/request-password-reset", body)
}

/// Asks for a link and answers the token in it.
fn token(site: &Site, email: &str) -> String {
    assert_eq!(ask(site, &json!({"email": email})).body, SENT);
    site.mail().token().to_owned()
}

fn reset(site: &Site, token: &str, password: &str) -> Answer {
    site.post("/reset-password", &json!({"token": token, "newPassword": password}))
}

fn sign_in(site: &Site, password: &str) -> u16 {
    site.post("/sign-in/email", &json!({"email": "ada@example.com", "password": password})).status
}

fn verifications(site: &Site) -> i64 {
    site.stored("verification")
}

#[test]
fn a_link_leads_to_a_new_password_once() {
    let site = Site::with_mail(|_| {});
    let cookies = site.sign_up("ada@example.com").cookies();
    let body = json!({"email": "ADA@example.com", "redirectTo": "/reset?a=b c"});
    assert_eq!(ask(&site, &body).body, SENT);
    let mail = site.mail();
    assert_eq!(mail.what(), ("reset-password", "ada@example.com"));
    let token = mail.token();
    assert!(token.len() == 24 && token.bytes().all(|b| b.is_ascii_alphanumeric()), "{token}");
    assert_eq!(mail.path(), format!("/reset-password/{token}?callbackURL=%2Freset%3Fa%3Db%20c"));
    assert_eq!(mail.json()["user"]["email"], "ada@example.com");
    assert!(mail.field("text").contains(mail.field("url")), "{mail:?}");

    // A mail program that looks the link up uses nothing up.
    for _ in 0..2 {
        let opened = site.send(Request::get(mail.path()));
        let place = format!("http://localhost:3000/reset?a=b+c&token={token}");
        assert_eq!((opened.status, opened.header("location")), (302, Some(place.as_str())));
    }
    assert_eq!(reset(&site, token, "short").code(), "PASSWORD_TOO_SHORT");
    let answer = reset(&site, token, NEW);
    assert_eq!(answer.body, r#"{"status":true}"#);
    assert!(answer.set_cookies().is_empty());
    assert_eq!((sign_in(&site, PASSWORD), sign_in(&site, NEW)), (401, 200));
    assert!(site.session(&cookies).is_object(), "sessions stay unless the configuration says else");
    assert_eq!(reset(&site, token, PASSWORD).outcome(), (400, "INVALID_TOKEN".to_owned()));
    let opened = site.send(Request::get(mail.path()));
    let place = "http://localhost:3000/reset?a=b+c&error=INVALID_TOKEN";
    assert_eq!(opened.header("location"), Some(place));
}

#[test]
fn the_token_may_stand_in_the_query_and_a_reset_uses_up_every_link() {
    let site = Site::with_mail(|config| {
        config.email_and_password.revoke_sessions_on_password_reset = true;
    });
    let cookies = site.sign_up("ada@example.com").cookies();
    let (first, second) = (token(&site, "ada@example.com"), token(&site, "ada@example.com"));
    let path = format!("/reset-password?token={second}");
    assert_eq!(site.post(&path, &json!({"newPassword": NEW})).status, 200);
    assert_eq!(site.session(&cookies), Value::Null);
    assert_eq!(reset(&site, &first, PASSWORD).code(), "INVALID_TOKEN");
    // In a storage the older link is void, and goes by itself.
    let is_void = i64::from(!site.auth.config().keeps_verification_rows());
    assert_eq!(verifications(&site), is_void);
}

#[test]
fn an_unknown_address_is_answered_alike_and_forgotten_as_late() {
    let site = Site::with_mail(|_| {});
    assert_eq!(ask(&site, &json!({"email": "nobody@example.com"})).body, SENT);
    assert!(site.mails().is_empty());
    site.wait(HOUR);
    site.auth.clean_up().unwrap();
    assert_eq!(verifications(&site), 1, "as long as the link of a user");
    site.wait(Duration::from_millis(1));
    site.auth.clean_up().unwrap();
    // A storage forgets by itself, by its own clock.
    assert!(!site.auth.config().keeps_verification_rows() || verifications(&site) == 0);
}

#[test]
fn a_link_is_over_after_its_time() {
    let site = Site::with_mail(|_| {});
    site.sign_up("ada@example.com");
    let token = token(&site, "ada@example.com");
    site.wait(HOUR);
    assert!(site.send(Request::get(site.mail().path())).body.contains("<form"));
    site.wait(Duration::from_millis(1));
    assert_eq!(reset(&site, &token, NEW).code(), "INVALID_TOKEN");
    let place = "http://localhost:3000/api/auth/error?error=INVALID_TOKEN";
    assert_eq!(site.send(Request::get(site.mail().path())).header("location"), Some(place));
    assert_eq!(sign_in(&site, PASSWORD), 200);
}

#[test]
fn whoever_has_no_password_gets_one() {
    let site = Site::with_mail(|_| {});
    site.sign_up("ada@example.com");
    let sql = r#"DELETE FROM "account""#;
    site.auth.database().write(|tx| tx.execute(sql, &[])).unwrap();
    let token = token(&site, "ada@example.com");
    assert_eq!(reset(&site, &token, NEW).status, 200);
    assert_eq!(sign_in(&site, NEW), 200);
}

#[test]
fn a_deleted_user_has_nothing_to_reset() {
    let site = Site::with_mail(|_| {});
    site.sign_up("ada@example.com");
    let token = token(&site, "ada@example.com");
    let user = site.auth.api().get_user("ada@example.com").unwrap();
    site.auth.api().delete_user(&user.id).unwrap();
    assert_eq!(reset(&site, &token, NEW).outcome(), (404, "USER_NOT_FOUND".to_owned()));
}

#[test]
fn a_token_of_another_purpose_resets_nothing() {
    let site = Site::with_mail(|_| {});
    let cookies = site.sign_up("ada@example.com").cookies();
    site.send(Request::post("/delete-user").signed_in(&cookies).json(&json!({})));
    let token = site.mail().token().to_owned();
    for forged in [token.as_str(), &format!("delete-account-{token}"), "%", "_", "x"] {
        assert_eq!(reset(&site, forged, NEW).code(), "INVALID_TOKEN", "{forged}");
    }
}

#[test]
fn without_a_page_of_the_application_the_link_shows_a_form() {
    let site = Site::with_mail(|_| {});
    site.sign_up("ada@example.com");
    token(&site, "ada@example.com");
    let mail = site.mail();
    let page = site.send(Request::get(mail.path()));
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(page.header("referrer-policy"), Some("same-origin"));
    assert!(page.body.contains(r#"<form method="post">"#) && !page.body.contains("<script"));
    let inputs: Vec<&str> = page.body.split("<input ").skip(1).collect();
    assert_eq!(inputs.len(), 2);
    for input in inputs {
        let input = input.split('>').next().unwrap();
        assert!(input.contains(r#"type="password""#), "it is masked: {input}");
        assert!(input.contains(r#"autocomplete="new-password""#), "for managers: {input}");
    }

    let send = |new: &str, again: &str| {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("newPassword", new), ("again", again)])
            .finish();
        let request = Request::post(mail.path().split('?').next().unwrap());
        site.send(request.body("application/x-www-form-urlencoded", form))
    };
    for (new, again, words) in [
        ("short", "short", "at least 8 characters"),
        (NEW, PASSWORD, "The passwords do not match."),
    ] {
        let page = send(new, again);
        assert_eq!(page.status, 422);
        assert!(page.body.contains(words) && page.body.contains("role=\"alert\""), "{page:?}");
    }
    assert!(send(NEW, NEW).body.contains("<h1>Password changed</h1>"));
    assert_eq!((sign_in(&site, PASSWORD), sign_in(&site, NEW)), (401, 200));
    let place = "http://localhost:3000/api/auth/error?error=INVALID_TOKEN";
    assert_eq!(send(NEW, NEW).header("location"), Some(place));
    let page = site.send(Request::get("/error?error=INVALID_TOKEN"));
    assert!(page.body.contains("has expired or was already used"), "{page:?}");
}

#[test]
fn whatever_is_wrong_changes_nothing() {
    let site = Site::with_mail(|_| {});
    site.sign_up("ada@example.com");
    for (path, body, expected) in [
        ("/request-password-reset", json!({}), (400, "VALIDATION_ERROR")),
        ("/request-password-reset", json!({"email": "x"}), (400, "VALIDATION_ERROR")),
        (
            "/request-password-reset",
            json!({"email": "ada@example.com", "redirectTo": "//evil.example"}),
            (403, "INVALID_REDIRECT_URL"),
        ),
        ("/reset-password", json!({"newPassword": NEW}), (400, "INVALID_TOKEN")),
        ("/reset-password", json!({"token": "x", "newPassword": NEW}), (400, "INVALID_TOKEN")),
        ("/reset-password", json!({"token": "x"}), (400, "VALIDATION_ERROR")),
        ("/reset-password", json!({"token": "x", "newPassword": ""}), (400, "PASSWORD_TOO_SHORT")),
        ("/reset-password?token=a&token=b", json!({"newPassword": NEW}), (400, "VALIDATION_ERROR")),
    ] {
        let (status, code) = site.post(path, &body).outcome();
        assert_eq!((status, code.as_str()), expected, "{path} {body}");
    }
    let evil = site.send(Request::get("/reset-password/x?callbackURL=https%3A%2F%2Fevil.example"));
    assert_eq!(evil.outcome(), (403, "INVALID_CALLBACK_URL".to_owned()));
    assert_eq!(site.send(Request::get("/reset-password/x")).code(), "VALIDATION_ERROR");
    assert_eq!(site.send(Request::get("/reset-password/?callbackURL=")).status, 404);
    assert_eq!(site.send(Request::get("/reset-password/x/y?callbackURL=")).status, 404);
    assert!(site.mails().is_empty());
    assert_eq!(sign_in(&site, PASSWORD), 200);
}

#[test]
fn the_reference_calls_it_forget_password_and_it_is_off_without_a_sender() {
    let site = Site::with_mail(|_| {});
    site.sign_up("ada@example.com");
    assert_eq!(site.post("/forget-password", &json!({"email": "ada@example.com"})).body, SENT);
    assert_eq!(site.mail().what().0, "reset-password");
    let off = Site::with_mail(|config| config.email.senders = Some(Vec::new()));
    let answer = ask(&off, &json!({"email": "ada@example.com"}));
    assert_eq!(answer.outcome(), (400, "RESET_PASSWORD_DISABLED".to_owned()));
}
