//! `session.cookieCache` on every endpoint that reads a session [contract 3.5]; the exact cookies are compared
//! with Better Auth's in `tests/oracle/scenarios.toml`.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use better_auth::Config;
use better_auth::config::CookieCacheStrategy;
use http::Method;
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
    assert_eq!(site.auth.api().revoke_sessions_of_all_users().unwrap(), 1);
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
    ] {
        let answer = site.send(Request::post(path).signed_in(&cookies).json(&body));
        assert_eq!(answer.status, 401, "{path} {answer:?}");
    }
    assert_eq!(get(&site, "/list-sessions", &cookies).status, 401);
    assert_eq!(get(&site, "/get-session?disableCookieCache=true", &cookies).body, "null");
}

type End = fn(&Site, &str);

/// Ways to end a session whose copy a browser still has; the cookies are those of another device of the user.
const ENDINGS: [(&str, End); 4] = [
    ("revoked elsewhere", |site, other| {
        let request = Request::post("/revoke-other-sessions").signed_in(other);
        assert_eq!(site.send(request).status, 200);
    }),
    ("another password", |site, other| {
        let request = Request::post("/change-password").signed_in(other);
        let body = json!({"currentPassword": PASSWORD, "newPassword": "another horse",
            "revokeOtherSessions": true});
        assert_eq!(site.send(request.json(&body)).status, 200);
    }),
    ("banned", |site, _| {
        let api = site.auth.api();
        let additional = json!({"banned": true}).as_object().unwrap().clone();
        let changes = better_auth::UserChanges { additional, ..Default::default() };
        api.update_user(&api.get_user("ada@example.com").unwrap().id, &changes).unwrap();
    }),
    ("ended for everybody", |site, _| {
        assert_eq!(site.auth.api().revoke_sessions_of_all_users().unwrap(), 2);
    }),
];

#[test]
fn a_revoked_session_changes_nothing_and_its_cached_copy_is_not_renewed() {
    for (ending, end) in ENDINGS {
        let site = Site::with_plugins(|config| {
            cached(CookieCacheStrategy::Compact)(config);
            let theme = json!({"theme": {"type": "string", "required": false}});
            config.session.additional_fields = serde_json::from_value(theme).unwrap();
        });
        let cookies = site.sign_up("ada@example.com").cookies();
        let body = json!({"email": "ada@example.com", "password": PASSWORD});
        end(&site, &site.post("/sign-in/email", &body).cookies());
        assert_eq!(site.session(&cookies)["user"]["name"], "Ada", "{ending}: the copy is read");
        for (method, path, body) in [
            (Method::POST, "/update-user", json!({"name": "Eve"})),
            (Method::PATCH, "/user", json!({"name": "Eve"})),
            (Method::POST, "/update-session", json!({"theme": "dark"})),
        ] {
            let request = Request::new(method, path).signed_in(&cookies).json(&body);
            let answer = site.send(request);
            assert_eq!(answer.status, 401, "{ending} {path} {answer:?}");
            assert!(answer.clears_session() && answer.cookies().is_empty(), "{ending} {answer:?}");
        }
        let user = site.auth.api().get_user("ada@example.com").unwrap();
        assert_eq!(user.name, "Ada", "{ending}");
    }
}

#[test]
fn a_verification_link_does_not_renew_a_revoked_session() {
    let site = Site::with_mail(|config| {
        cached(CookieCacheStrategy::Compact)(config);
        config.email_verification.auto_sign_in_after_verification = true;
    });
    let cookies = site.sign_up("ada@example.com").cookies();
    let body = json!({"email": "ada@example.com"});
    assert_eq!(site.post("/send-verification-email", &body).status, 200);
    revoke_all(&site);
    let path = format!("/verify-email?token={}", site.mail().token());
    let begun = get(&site, &path, &cookies);
    let session = get(&site, "/get-session?disableCookieCache=1", &begun.cookies()).json();
    assert_eq!(session["user"]["emailVerified"], true, "{begun:?}");
    // Without a session the answer does not tell that the address is verified.
    let request = Request::post("/send-verification-email").signed_in(&cookies);
    assert_eq!(site.send(request.json(&body)).body, r#"{"status":true}"#);
}

#[test]
fn a_deferred_refresh_extends_a_cached_session() {
    let site = Site::with(|config| {
        cached(CookieCacheStrategy::Compact)(config);
        config.session.defer_session_refresh = true;
    });
    let token = site.sign_up("ada@example.com").cookies();
    let token = token.split("; ").next().unwrap();
    site.wait(Duration::from_secs(24 * 60 * 60));
    let read = get(&site, "/get-session", token);
    assert_eq!(read.json()["needsRefresh"], true);
    let cookies = [token, &read.cookies()].join("; ");
    let extended = site.send(Request::post("/get-session").signed_in(&cookies)).json();
    assert_eq!(extended["session"]["expiresAt"], "2026-12-01T12:00:00.000Z");
}

/// The cookies of a browser after an answer.
fn after(cookies: &str, answer: &Answer) -> String {
    let pair = |line: &str| {
        let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
        (name.to_owned(), value.to_owned())
    };
    let mut jar: BTreeMap<String, String> = cookies.split("; ").map(pair).collect();
    jar.extend(answer.set_cookies().into_iter().map(pair));
    let kept = jar.iter().filter(|(_, value)| !value.is_empty());
    kept.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
}

#[test]
fn a_response_sets_one_cached_session_and_none_that_it_ends() {
    let site = Site::with(cached(CookieCacheStrategy::Compact));
    let mut cookies = site.sign_up("ada@example.com").cookies();
    for image in ["y".repeat(5000), "short".to_owned(), "z".repeat(6000)] {
        let request = Request::post("/update-user").signed_in(&cookies);
        let answer = site.send(request.json(&json!({"image": image})));
        cookies = after(&cookies, &answer);
        assert_eq!(site.session(&cookies)["user"]["image"], image);
        let copies = cookies.split("; ").filter(|pair| pair.contains("session_data"));
        assert_eq!(copies.count(), 1 + image.len() / 3000, "{cookies}");
    }
    // The guard sets a copy in one cookie, the endpoint one in parts.
    let token = cookies.split("; ").find(|pair| pair.contains("session_token")).unwrap();
    let request = Request::post("/update-user").signed_in(token);
    assert_eq!(site.send(request.json(&json!({"image": null}))).status, 200);
    let request = Request::post("/update-user").signed_in(token);
    let answer = site.send(request.json(&json!({"image": "w".repeat(5000)})));
    assert_eq!(site.session(&after(token, &answer))["user"]["image"], "w".repeat(5000));
    let ended = site.send(Request::post("/revoke-sessions").signed_in(token));
    assert_eq!(ended.cookies(), "");
}

#[test]
fn a_cached_session_that_is_too_large_for_request_heads_is_not_set() {
    let site = Site::with(cached(CookieCacheStrategy::Compact));
    let body = json!({"name": "Ada", "email": "ada@example.com", "password": PASSWORD,
        "image": "y".repeat(30_000)});
    let cookies = site.post("/sign-up/email", &body).cookies();
    assert!(!cookies.contains("session_data"), "{cookies}");
    let read = get(&site, "/get-session", &cookies);
    assert_eq!((read.json()["user"]["name"].as_str(), read.cookies().as_str()), (Some("Ada"), ""));
    let smaller = Request::post("/update-user").signed_in(&cookies).json(&json!({"image": null}));
    let copied = after(&cookies, &site.send(smaller));
    assert!(copied.contains("session_data="), "{copied}");
    // Beside large cookies of the application there is no room for it.
    let crowded = format!("{copied}; app={}", "x".repeat(16_000));
    let read = get(&site, "/get-session?disableCookieCache=1", &crowded);
    assert_eq!(
        read.set_cookies(),
        ["better-auth.session_data=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax"]
    );
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
fn a_copy_whose_text_was_changed_does_not_count() {
    for (strategy, part, end) in
        [(CookieCacheStrategy::Compact, 0, "expiresAt"), (CookieCacheStrategy::Jwt, 1, "exp")]
    {
        let site = Site::with(cached(strategy));
        let cookies = site.sign_up("ada@example.com").cookies();
        revoke_all(&site);
        let (before, copy) = cookies.split_once("better-auth.session_data=").unwrap();
        let (copy, after) = copy.split_once(';').unwrap_or((copy, ""));
        let with = |from: &str, to: &str| {
            let mut parts: Vec<String> = copy.split('.').map(str::to_owned).collect();
            let bytes = BASE64_URL_SAFE_NO_PAD.decode(&parts[part]).unwrap();
            let text = String::from_utf8(bytes).unwrap();
            assert!(text.contains(from), "{text}");
            parts[part] = BASE64_URL_SAFE_NO_PAD.encode(text.replacen(from, to, 1));
            let changed = format!("{before}better-auth.session_data={};{after}", parts.join("."));
            get(&site, "/get-session", &changed).body
        };
        assert_ne!(with("Ada", "Ada"), "null", "{strategy:?}");
        assert_eq!(with("Ada", "Eve"), "null", "{strategy:?}");
        let end = format!("\"{end}\":");
        assert_eq!(with(&format!("{end}1"), &format!("{end}9")), "null", "{strategy:?}");
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
