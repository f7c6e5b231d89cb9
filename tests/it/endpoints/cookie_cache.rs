//! `session.cookieCache` on every endpoint that reads a session [contract 3.5]; the exact cookies are compared
//! with Better Auth's in `tests/oracle/scenarios.toml`.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use better_auth::Config;
use better_auth::config::CookieCacheStrategy;
use serde_json::json;

use crate::harness::Answer;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::site::PASSWORD;

const STRATEGIES: [CookieCacheStrategy; 3] =
    [CookieCacheStrategy::Compact, CookieCacheStrategy::Jwt, CookieCacheStrategy::Jwe];

fn cached(strategy: CookieCacheStrategy) -> impl FnOnce(&mut Config) {
    move |config| {
        config.session.cookie_cache.enabled = true;
        config.session.cookie_cache.strategy = strategy;
    }
}

fn get(site: &Site, path: &str, cookies: &str) -> Answer {
    site.send(Request::get(path).header("cookie", cookies))
}

/// Ends every session behind the back of the cookies.
fn revoke_all(site: &Site) {
    assert_eq!(site.auth.api().revoke_everybodys_sessions().unwrap(), 1);
}

#[test]
fn a_copy_is_read_until_it_is_over_and_what_is_sensitive_does_not_read_it() {
    for strategy in STRATEGIES {
        let site = Site::with(cached(strategy));
        let cookies = site.sign_up("ada@example.com").cookies();
        let session = site.session(&cookies);
        revoke_all(&site);
        // JWE allows clocks to differ by 15 seconds.
        for (wait, is_alive) in [(0, true), (299, true), (16, false)] {
            site.wait(Duration::from_secs(wait));
            let answer = get(&site, "/get-session", &cookies);
            assert_eq!(answer.body != "null", is_alive, "{strategy:?} {wait} {answer:?}");
            if is_alive {
                assert_eq!((answer.json(), answer.set_cookies().len()), (session.clone(), 0));
            } else {
                assert!(answer.clears_session(), "{answer:?}");
            }
        }
    }
}

#[test]
fn whoever_was_revoked_can_do_nothing_dangerous_with_a_copy() {
    let site = Site::with(cached(CookieCacheStrategy::Compact));
    let cookies = site.sign_up("ada@example.com").cookies();
    revoke_all(&site);
    assert_eq!(get(&site, "/list-accounts", &cookies).status, 200);
    for (path, body) in [
        ("/revoke-session", json!({"token": "x"})),
        ("/revoke-sessions", json!({})),
        ("/revoke-other-sessions", json!({})),
        ("/change-password", json!({"currentPassword": PASSWORD, "newPassword": "another horse"})),
        ("/verify-password", json!({"password": PASSWORD})),
        ("/delete-user", json!({"password": PASSWORD})),
        ("/unlink-account", json!({"accountId": "x"})),
        ("/update-session", json!({"theme": "dark"})),
    ] {
        let answer = site.send(Request::post(path).signed_in(&cookies).json(&body));
        let expected = if path == "/update-session" { 400 } else { 401 };
        assert_eq!(answer.status, expected, "{path} {answer:?}");
    }
    assert_eq!(get(&site, "/list-sessions", &cookies).status, 401);
    assert_eq!(get(&site, "/get-session?disableCookieCache=true", &cookies).body, "null");
}

#[test]
fn a_copy_of_another_session_version_or_making_does_not_count() {
    for strategy in STRATEGIES {
        let site = Site::with(cached(strategy));
        let (ada, bob) = (site.sign_up("ada@example.com"), site.sign_up("bob@example.com"));
        let pair = |answer: &Answer, at: usize| {
            answer.set_cookies()[at].split(';').next().unwrap().to_owned()
        };
        let mixed = format!("{}; {}", pair(&ada, 0), pair(&bob, 1));
        let forged = format!("{}; {}x", pair(&ada, 0), pair(&ada, 1));
        for cookies in [mixed, forged] {
            let answer = get(&site, "/get-session", &cookies);
            assert_eq!(answer.json()["user"]["email"], "ada@example.com");
            let set = answer.set_cookies();
            assert!(set[0].starts_with("better-auth.session_data=; Max-Age=0;"), "{set:?}");
            assert!(set[1].starts_with("better-auth.session_data=ey"), "{set:?}");
        }
        let newer = Site::with(|config| {
            cached(strategy)(config);
            config.session.cookie_cache.version = "2".to_owned();
        });
        assert_eq!(newer.session(&ada.cookies()), serde_json::Value::Null);
        assert_eq!(get(&site, "/get-session", &pair(&ada, 1)).body, "null");
    }
}

#[test]
fn a_hidden_field_is_not_in_the_copy() {
    for strategy in [CookieCacheStrategy::Compact, CookieCacheStrategy::Jwt] {
        let site = Site::with(|config| {
            cached(strategy)(config);
            let note = json!({"note": {"type": "string", "returned": false}});
            config.user.additional_fields = serde_json::from_value(note).unwrap();
        });
        let body = json!({"name": "Ada", "email": "ada@example.com", "password": PASSWORD, "note": "hunter2"});
        let answer = site.post("/sign-up/email", &body);
        let copy = answer.set_cookies()[1].split_once('=').unwrap().1.split(';').next().unwrap();
        let part = usize::from(strategy == CookieCacheStrategy::Jwt);
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(copy.split('.').nth(part).unwrap()).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains("ada@example.com") && !text.contains("hunter2"), "{text}");
    }
}
