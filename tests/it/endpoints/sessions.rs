//! `/list-sessions` and `/revoke-…` [contract 8.8].

use std::time::Duration;

use serde_json::Value;
use serde_json::json;

use crate::harness::Request;
use crate::harness::Site;
use crate::harness::site::PASSWORD;

/// Three sessions of Ada's and one of Bob's.
fn four(site: &Site) -> [String; 4] {
    let first = site.sign_up("ada@example.com").cookies();
    let body = json!({"email": "ada@example.com", "password": PASSWORD});
    let [second, third] = [(); 2].map(|()| site.post("/sign-in/email", &body).cookies());
    [first, second, third, site.sign_up("bob@example.com").cookies()]
}

fn alive(site: &Site, cookies: &[String; 4]) -> [bool; 4] {
    cookies.each_ref().map(|cookies| site.session(cookies) != Value::Null)
}

fn token(cookies: &str) -> &str {
    cookies.split(['=', '.']).nth(2).unwrap()
}

#[test]
fn the_list_holds_every_live_session_of_the_user_and_no_other() {
    let site = Site::new();
    let cookies = four(&site);
    let answer = site.send(Request::get("/list-sessions").header("cookie", &cookies[1]));
    let list = answer.json();
    let mut tokens: Vec<&str> =
        list.as_array().unwrap().iter().map(|session| session["token"].as_str().unwrap()).collect();
    let mut expected: Vec<&str> = cookies.iter().take(3).map(|cookies| token(cookies)).collect();
    tokens.sort_unstable();
    expected.sort_unstable();
    assert_eq!(tokens, expected);
    assert_eq!(list[0]["expiresAt"], "2026-11-30T12:00:00.000Z");
}

#[test]
fn a_session_that_is_not_fresh_sees_no_tokens() {
    let site = Site::new();
    let cookies = four(&site);
    site.wait(Duration::from_secs(24 * 60 * 60));
    let answer = site.send(Request::get("/list-sessions").header("cookie", &cookies[0]));
    assert_eq!(answer.outcome(), (403, "SESSION_NOT_FRESH".to_owned()));
}

#[test]
fn one_session_ends_if_it_is_the_callers_and_nobody_learns_whether_it_was() {
    // By its token and by its id.
    for by in ["token", "id"] {
        let site = Site::new();
        let cookies = four(&site);
        let named = cookies
            .each_ref()
            .map(|cookies| site.session(cookies)["session"][by].as_str().unwrap().to_owned());
        let revoke = |named: &str| {
            let request = Request::post("/revoke-session").signed_in(&cookies[0]);
            site.send(request.json(&json!({ "token": named })))
        };
        for (named, expected, is_own) in [
            (named[3].as_str(), [true, true, true, true], false),
            ("nonsense", [true, true, true, true], false),
            (&named[1], [true, false, true, true], false),
            (&named[0], [false, false, true, true], true),
        ] {
            let answer = revoke(named);
            assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"status":true}"#));
            assert_eq!(alive(&site, &cookies), expected, "{by}");
            assert_eq!(answer.clears_session(), is_own, "{by}");
        }
    }
}

#[test]
fn all_sessions_end_with_their_cookies_and_the_others_without() {
    let site = Site::new();
    let cookies = four(&site);
    let others = site.send(Request::post("/revoke-other-sessions").signed_in(&cookies[1]));
    assert_eq!((others.body.as_str(), others.set_cookies().len()), (r#"{"status":true}"#, 0));
    assert_eq!(alive(&site, &cookies), [false, true, false, true]);
    let all = site.send(Request::post("/revoke-sessions").signed_in(&cookies[1]));
    assert!(all.clears_session());
    assert_eq!(alive(&site, &cookies), [false, false, false, true]);
}
