//! `bearer`: sessions by the `Authorization` header.

use std::time::Duration;

use serde_json::Value;
use serde_json::json;

use crate::harness::Answer;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::site::PASSWORD;

const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn signed_in(site: &Site, token: &str) -> Value {
    let request = Request::get("/get-session").header("authorization", format!("Bearer {token}"));
    site.send(request).json()["user"]["email"].clone()
}

fn token(answer: &Answer) -> String {
    answer.header("set-auth-token").unwrap().to_owned()
}

#[test]
fn a_session_is_presented_with_its_token_signed_or_not() {
    let site = Site::with_plugins(|_| {});
    let ada = site.sign_up("ada@example.com");
    let signed = token(&ada);
    let plain = ada.json()["token"].as_str().unwrap().to_owned();
    assert!(signed.starts_with(&format!("{plain}.")) && !signed.contains('%'), "{signed}");
    assert_eq!(ada.header("access-control-expose-headers"), Some("set-auth-token"));
    let escaped = signed.replace('=', "%3D").replace('/', "%2F").replace('+', "%2B");
    for good in [&signed, &plain, &escaped] {
        assert_eq!(signed_in(&site, good), "ada@example.com", "{good}");
    }
    let forged = format!("{plain}.{}", "A".repeat(43) + "=");
    let other = site.sign_up("bob@example.com").json()["token"].as_str().unwrap().to_owned();
    let swapped = format!("{other}.{}", signed.split_once('.').unwrap().1);
    for bad in [forged.as_str(), &swapped, "nonsense", "", ".", "a.b.c"] {
        assert_eq!(signed_in(&site, bad), Value::Null, "{bad}");
    }
}

#[test]
fn a_token_without_signature_is_refused_where_one_is_required() {
    let site = Site::with(|config| {
        config.plugins = [("bearer".to_owned(), json!({"requireSignature": true}))].into();
    });
    let ada = site.sign_up("ada@example.com");
    assert_eq!(signed_in(&site, ada.json()["token"].as_str().unwrap()), Value::Null);
    assert_eq!(signed_in(&site, &token(&ada)), "ada@example.com");
}

#[test]
fn a_value_that_was_signed_for_another_purpose_is_no_session() {
    let site = Site::with_plugins(|_| {});
    site.sign_up("ada@example.com");
    let body = json!({"email": "bob@example.com", "name": "", "password": "correct horse battery",
        "rememberMe": false});
    let cookies = site.post("/sign-up/email", &body).cookies();
    let dont_remember = cookies.split("dont_remember=").nth(1).unwrap();
    assert_eq!(signed_in(&site, dont_remember), Value::Null);
}

#[test]
fn a_token_changes_things_and_is_dead_once_revoked() {
    let site = Site::with_plugins(|_| {});
    let token = token(&site.sign_up("ada@example.com"));
    let with =
        |request: Request| site.send(request.header("authorization", format!("bearer {token}")));
    let renamed = with(Request::post("/update-user").json(&json!({"name": "Ada L"})));
    assert_eq!(renamed.status, 200, "{renamed:?}");
    assert_eq!(with(Request::post("/sign-out")).status, 200);
    assert_eq!(signed_in(&site, &token), Value::Null);
}

/// When the session with this token ends, as the header presents it; null when it has.
fn end_of(site: &Site, token: &str) -> Value {
    let request = Request::get("/get-session").header("authorization", format!("Bearer {token}"));
    site.send(request).json()["session"]["expiresAt"].clone()
}

#[test]
fn a_bearer_token_does_not_extend_a_session_that_is_not_remembered() {
    for update_age in [Duration::ZERO, HOUR, DAY] {
        let site = Site::with_plugins(|config| config.session.update_age = update_age);
        site.sign_up("ada@example.com");
        let sign_in = |remember: bool| {
            let body = json!({"email": "ada@example.com", "password": PASSWORD,
                "rememberMe": remember});
            site.post("/sign-in/email", &body).json()["token"].as_str().unwrap().to_owned()
        };
        let (brief, long) = (sign_in(false), sign_in(true));
        for hour in 1..=24 {
            site.wait(HOUR);
            assert_eq!(end_of(&site, &brief), "2026-11-24T12:00:00.000Z", "{update_age:?} {hour}");
        }
        assert_eq!(end_of(&site, &long), "2026-12-01T12:00:00.000Z", "{update_age:?}");
        site.wait(Duration::from_millis(1));
        assert_eq!(end_of(&site, &brief), Value::Null, "{update_age:?}");
        assert_ne!(end_of(&site, &long), Value::Null, "{update_age:?}");
    }
}

#[test]
fn without_the_plugin_the_header_is_nothing() {
    let site = Site::new();
    let ada = site.sign_up("ada@example.com");
    assert_eq!(ada.header("set-auth-token"), None);
    assert_eq!(signed_in(&site, ada.json()["token"].as_str().unwrap()), Value::Null);
}

#[test]
fn the_library_reads_the_header_too() {
    let site = Site::with_plugins(|_| {});
    let token = token(&site.sign_up("ada@example.com"));
    let mut headers = http::HeaderMap::new();
    headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
    let found = site.auth.api().get_session(&headers).unwrap();
    assert_eq!(found.unwrap().user.email, "ada@example.com");
}
