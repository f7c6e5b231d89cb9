//! `/sign-out` [contract 8.6].

use better_auth::config::StateStrategy;
use serde_json::Value;
use serde_json::json;

use crate::harness::Request;
use crate::harness::Site;

#[test]
fn a_session_is_dead_after_it() {
    let site = Site::new();
    let cookies = site.sign_up("ada@example.com").cookies();
    let answer = site.send(Request::post("/sign-out").signed_in(&cookies));
    assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"success":true}"#));
    assert!(answer.clears_session());
    assert_eq!(site.session(&cookies), Value::Null);
}

#[test]
fn a_sign_in_that_is_under_way_in_a_cookie_is_forgotten_as_well() {
    for (strategy, expected) in [(StateStrategy::Cookie, true), (StateStrategy::Database, false)] {
        let site = Site::with(|config| config.account.store_state_strategy = strategy);
        let answer = site.send(Request::post("/sign-out"));
        let is_cleared = |line: &&str| line.starts_with("better-auth.oauth_state=; Max-Age=0;");
        assert_eq!(answer.set_cookies().iter().any(is_cleared), expected, "{strategy:?}");
    }
}

#[test]
fn it_works_without_a_session_and_with_a_forged_one() {
    let site = Site::new();
    let other = site.sign_up("ada@example.com").cookies();
    let forged = other.replace("%3D", "%3d").replace('.', ".A");
    for request in [
        Request::post("/sign-out"),
        Request::post("/sign-out").json(&json!({})),
        Request::post("/sign-out").signed_in(&forged),
    ] {
        let answer = site.send(request);
        assert_eq!((answer.status, answer.clears_session()), (200, true));
    }
    assert_ne!(site.session(&other), Value::Null);
}

#[test]
fn a_bad_body_is_refused() {
    let site = Site::new();
    let answer = site.post("/sign-out", &json!({"disableRedirect": "x", "state": 1}));
    assert_eq!(
        answer.json()["message"],
        "[body.disableRedirect] Invalid input: expected boolean, received string; \
         [body.state] Invalid input: expected string, received number"
    );
    let answer = site.post("/sign-out", &json!([]));
    assert_eq!(answer.outcome(), (400, "VALIDATION_ERROR".to_owned()));
}

#[test]
fn another_site_cannot_sign_anybody_out() {
    let site = Site::new();
    let cookies = site.sign_up("ada@example.com").cookies();
    let request = Request::post("/sign-out").header("cookie", &cookies);
    let foreign = request.clone().header("origin", "https://evil.example");
    assert_eq!(site.send(foreign).outcome(), (403, "INVALID_ORIGIN".to_owned()));
    assert_eq!(site.send(request).outcome(), (403, "MISSING_OR_NULL_ORIGIN".to_owned()));
    assert_ne!(site.session(&cookies), Value::Null);
}
