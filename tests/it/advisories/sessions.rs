//! Sessions that somebody else chose, planted or kept [security 1.3, 1.5].

use std::time::Duration;

use better_auth::BetterAuth;
use serde_json::Value;
use serde_json::json;

use super::cookie;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::site::PASSWORD;

const SESSION: &str = "better-auth.session_token";
const ADA: &str = "ada@example.com";

/// A browser that already has a session, or what somebody put in its place, gets another one when its user signs in or
/// up, and the planted one never becomes theirs.
#[test]
fn fixation_whoever_signs_in_gets_a_session_that_nobody_chose() {
    let site = Site::with_plugins(|_| {});
    site.sign_up(ADA);
    let eve = site.sign_up("eve@example.com");
    let planted = eve.cookies();
    let token = eve.json()["token"].as_str().unwrap().to_owned();
    let sign_in = json!({"email": ADA, "password": PASSWORD, "token": token, "session": token});
    let sign_up =
        json!({"name": "Bob", "email": "bob@example.com", "password": PASSWORD, "token": token});
    for (path, body, email) in
        [("/sign-in/email", sign_in, ADA), ("/sign-up/email", sign_up, "bob@example.com")]
    {
        let request = Request::post(path)
            .signed_in(&planted)
            .header("authorization", format!("Bearer {token}"));
        let answer = site.send(request.json(&body));
        assert_ne!(answer.json()["token"], json!(token), "{path}");
        assert_ne!(cookie(&answer.cookies(), SESSION), cookie(&planted, SESSION), "{path}");
        assert_eq!(site.session(&answer.cookies())["user"]["email"], email);
        assert_eq!(site.session(&planted)["user"]["email"], "eve@example.com", "{path}");
    }
}

/// Whoever controls a neighbouring subdomain can put cookies before those of this server. What is not signed here shuts
/// out, and never lets in somebody else or joins two people.
#[test]
fn tossing_a_planted_cookie_joins_nobody_with_anybody() {
    let site = Site::with(|config| {
        config.session.cookie_cache.enabled = true;
        config.account.store_account_cookie = true;
    });
    let (ada, eve) = (site.sign_up(ADA).cookies(), site.sign_up("eve@example.com").cookies());
    let copy = |cookies: &str| cookie(cookies, "better-auth.session_data").to_owned();
    let token = |cookies: &str| cookie(cookies, SESSION).to_owned();
    let raw = token(&eve).split('.').next().unwrap().to_owned();
    for (tossed, seen) in [
        // The first of a name counts: all or nothing, never a mixture.
        (format!("{SESSION}={raw}; {ada}"), Value::Null),
        (format!("{SESSION}=; {ada}"), Value::Null),
        (format!("{SESSION}={}x; {ada}", token(&ada)), Value::Null),
        (format!(" {SESSION} = {}; {ada}", token(&eve)), json!("eve@example.com")),
        (format!("better-auth.session_data={}; {ada}", copy(&eve)), json!(ADA)),
        (format!("better-auth.session_data.0={}; {ada}", copy(&eve)), json!(ADA)),
        (format!("better-auth.dont_remember=true; {ada}"), json!(ADA)),
        (format!("better-auth.account_data=x.y.z; {ada}"), json!(ADA)),
        (format!("$Version=1; {ada}; $Path=/"), json!(ADA)),
        (format!("Better-Auth.Session_Token={}; {ada}", token(&eve)), json!(ADA)),
        (format!("__Secure-{SESSION}={}; __Host-{SESSION}=x; {ada}", token(&eve)), json!(ADA)),
    ] {
        assert_eq!(site.session(&tossed)["user"]["email"], seen, "{tossed}");
    }
    // Where cookies go over HTTPS only, one without the prefix is none, so a plain subdomain cannot plant it.
    let secure = Site::with(|config| config.advanced.use_secure_cookies = Some(true));
    let ada = secure.sign_up(ADA).cookies();
    assert_ne!(secure.session(&ada), Value::Null);
    let plain = ada.replace("__Secure-", "");
    assert_ne!(plain, ada);
    assert_eq!(secure.session(&plain), Value::Null);
    // And of this name no neighbour can plant one, whatever it is served over.
    let host_only = Site::with(|config| {
        config.advanced.use_secure_cookies = Some(false);
        config.advanced.default_cookie_attributes.secure = Some(true);
        let cookie = config.advanced.cookies.entry("session_token".to_owned()).or_default();
        cookie.name = Some("__Host-session".to_owned());
    });
    let answer = host_only.sign_up(ADA);
    let line = answer.set_cookies()[0];
    assert!(line.starts_with("__Host-session=") && line.contains("; Path=/; "), "{line}");
    assert!(line.contains("; Secure") && !line.contains("Domain"), "{line}");
}

/// #9974, #9991: what is sensitive asks the database, and no parameter makes a copy count again.
#[test]
fn fresh_no_parameter_brings_a_revoked_session_back() {
    let site = Site::with(|config| config.session.cookie_cache.enabled = true);
    let cookies = site.sign_up(ADA).cookies();
    site.auth.api().revoke_sessions_of_all_users().unwrap();
    for path in [
        "/change-password?disableCookieCache=false",
        "/change-password?disableCookieCache=",
        "/verify-password?disableCookieCache=0",
        "/delete-user?disableCookieCache=false&disableRefresh=true",
        "/revoke-sessions?disableCookieCache=",
    ] {
        let body = json!({
            "currentPassword": PASSWORD, "newPassword": "another horse", "password": PASSWORD,
        });
        let answer = site.send(Request::post(path).signed_in(&cookies).json(&body));
        assert_eq!(answer.status, 401, "{path} {answer:?}");
    }
    site.wait(Duration::from_secs(301));
    assert_eq!(site.session(&cookies), Value::Null, "the copy is over");
}

/// Whatever ends sessions ends those of other devices at their very next request.
#[test]
fn ending_a_session_that_was_ended_is_dead_at_once_on_every_server() {
    let site = Site::new();
    let ada = site.sign_up(ADA).cookies();
    let other = BetterAuth::with_clock(site.auth.config().clone(), site.clock.clone()).unwrap();
    let is_alive = |cookies: &str| {
        let mut headers = http::HeaderMap::new();
        headers.insert("cookie", cookies.parse().unwrap());
        other.api().get_session(&headers).unwrap().is_some()
    };
    let sign_in =
        || site.post("/sign-in/email", &json!({"email": ADA, "password": PASSWORD})).cookies();
    for path in ["/sign-out", "/revoke-sessions", "/delete-user"] {
        let cookies = if path == "/sign-out" { ada.clone() } else { sign_in() };
        assert!(is_alive(&cookies), "{path}");
        let request = Request::post(path).signed_in(&cookies).json(&json!({"password": PASSWORD}));
        assert_eq!(site.send(request).status, 200, "{path}");
        assert!(!is_alive(&cookies), "{path}");
    }
}
