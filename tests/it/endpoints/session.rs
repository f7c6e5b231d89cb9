//! `/get-session` and `/session` [contract 5, 8.7].

use std::time::Duration;

use serde_json::Value;
use serde_json::json;

use crate::harness::Request;
use crate::harness::Site;
use crate::harness::site::PASSWORD;

const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn get(site: &Site, path: &str, cookies: &str) -> crate::harness::Answer {
    site.send(Request::get(path).header("cookie", cookies))
}

#[test]
fn nobody_is_null_and_nothing_is_set() {
    let site = Site::new();
    for path in ["/get-session", "/session"] {
        let answer = site.send(Request::get(path));
        assert_eq!((answer.status, answer.body.as_str()), (200, "null"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("pragma"), Some("no-cache"));
        assert!(answer.set_cookies().is_empty());
    }
}

#[test]
fn both_paths_answer_the_session_and_its_user() {
    let site = Site::new();
    let signed_up = site.sign_up("ada@example.com");
    let cookies = signed_up.cookies();
    let session = site.session(&cookies);
    assert_eq!(session["user"], signed_up.json()["user"]);
    assert_eq!(session["session"]["token"], signed_up.json()["token"]);
    assert_eq!(session["session"]["userId"], session["user"]["id"]);
    assert_eq!(get(&site, "/session", &cookies).json(), session);
}

#[test]
fn a_cookie_that_was_not_signed_here_is_nobodys() {
    let site = Site::new();
    let cookies = site.sign_up("ada@example.com").cookies();
    let (name, value) = cookies.split_once('=').unwrap();
    let token = value.split('.').next().unwrap();
    for forged in [
        format!("{name}={token}"),
        format!("{name}="),
        format!("{name}={token}.{}%3D", "A".repeat(43)),
        format!("__Secure-{cookies}"),
        format!("{name}=x; {cookies}"),
    ] {
        let answer = get(&site, "/get-session", &forged);
        assert_eq!(answer.body, "null", "{forged}");
        assert!(answer.set_cookies().is_empty(), "{forged}");
    }
}

#[test]
fn a_session_that_is_over_is_removed_and_forgotten() {
    let site = Site::new();
    let cookies = site.sign_up("ada@example.com").cookies();
    site.wait(DAY * 7 + Duration::from_millis(1));
    let answer = get(&site, "/get-session", &cookies);
    assert_eq!(answer.body, "null");
    assert!(answer.clears_session());
    assert_eq!(site.stored("session"), 0);
}

#[test]
fn a_session_is_extended_once_a_day_while_it_is_used() {
    let site = Site::new();
    let cookies = site.sign_up("ada@example.com").cookies();
    site.wait(HOUR * 23);
    assert!(get(&site, "/get-session", &cookies).set_cookies().is_empty());
    site.wait(HOUR);
    let stays = get(&site, "/get-session?disableRefresh=false", &cookies);
    assert!(stays.set_cookies().is_empty(), "any text but the empty one is true");

    let extended = get(&site, "/get-session?disableRefresh=", &cookies);
    let [line] = extended.set_cookies()[..] else { panic!("{extended:?}") };
    assert!(line.starts_with(&cookies) && line.contains("; Max-Age=604800; "));
    assert_eq!(extended.json()["session"]["expiresAt"], "2026-12-01T12:00:00.000Z");
    assert_eq!(extended.json()["session"]["updatedAt"], "2026-11-24T12:00:00.000Z");
    assert_eq!(extended.json()["session"]["createdAt"], "2026-11-23T12:00:00.000Z");
    assert!(get(&site, "/get-session", &cookies).set_cookies().is_empty());
}

#[test]
fn every_guarded_endpoint_extends_too() {
    let site = Site::new();
    let cookies = site.sign_up("ada@example.com").cookies();
    site.wait(DAY);
    assert_eq!(get(&site, "/user", &cookies).set_cookies().len(), 1);
}

#[test]
fn sessions_can_be_left_to_end() {
    let site = Site::with(|config| config.session.disable_session_refresh = true);
    let cookies = site.sign_up("ada@example.com").cookies();
    site.wait(DAY * 6);
    assert!(get(&site, "/get-session", &cookies).set_cookies().is_empty());
    site.wait(DAY);
    assert_ne!(site.session(&cookies), Value::Null);
    site.wait(Duration::from_millis(1));
    assert_eq!(site.session(&cookies), Value::Null, "however much it was used");
}

#[test]
fn whoever_is_not_to_be_remembered_is_not_extended() {
    let site = Site::new();
    let body = json!({"name": "A", "email": "a@b.co", "password": PASSWORD, "rememberMe": false});
    let cookies = site.post("/sign-up/email", &body).cookies();
    site.wait(HOUR);
    assert!(get(&site, "/get-session", &cookies).set_cookies().is_empty());
    // The row decides, not the second cookie.
    let alone = cookies.split("; ").next().unwrap();
    let read = get(&site, "/get-session", alone);
    assert_eq!(read.json()["session"]["expiresAt"], "2026-11-24T12:00:00.000Z");
    assert!(read.set_cookies().is_empty());
    // A cookie that is set again still ends with the browser.
    let renamed = Request::post("/update-user").signed_in(alone).json(&json!({"name": "B"}));
    let lines = site.send(renamed);
    assert!(lines.set_cookies().iter().all(|line| !line.contains("Max-Age")), "{lines:?}");
    assert_eq!(lines.cookies(), cookies);
    site.wait(DAY);
    assert!(get(&site, "/get-session", alone).clears_session());
}

#[test]
fn a_new_password_does_not_extend_a_session_that_is_not_remembered() {
    let site = Site::new();
    let body = json!({"name": "A", "email": "a@b.co", "password": PASSWORD, "rememberMe": false});
    let cookies = site.post("/sign-up/email", &body).cookies();
    let alone = cookies.split("; ").next().unwrap();
    let body = json!({"currentPassword": PASSWORD, "newPassword": "another horse",
        "revokeOtherSessions": true});
    let changed = site.send(Request::post("/change-password").signed_in(alone).json(&body));
    let session = site.session(&changed.cookies());
    assert_eq!(session["session"]["expiresAt"], "2026-11-24T12:00:00.000Z");
    assert_eq!(changed.cookies().split("; ").count(), 2, "{changed:?}");
}

/// Whatever the lifetime of others is, the row shows that this session is not to be extended.
#[test]
fn a_session_that_is_not_remembered_ends_before_others_and_within_a_day() {
    let minutes = |count: u64| Duration::from_secs(count * 60);
    for (expires_in, lifetime) in [
        (minutes(4), minutes(3)),
        (HOUR, minutes(50)),
        (DAY, HOUR * 23 + minutes(50)),
        (DAY + minutes(4), HOUR * 23 + minutes(54)),
        (7 * DAY, DAY),
    ] {
        let site = Site::with(|config| {
            config.session.expires_in = expires_in;
            config.session.update_age = Duration::ZERO;
        });
        let body =
            json!({"name": "A", "email": "a@b.co", "password": PASSWORD, "rememberMe": false});
        let cookies = site.post("/sign-up/email", &body).cookies();
        let alone = cookies.split("; ").next().unwrap();
        let end = site.clock.now().after(lifetime).to_string();
        for _ in 0..10 {
            let read = get(&site, "/get-session", alone);
            assert_eq!(read.json()["session"]["expiresAt"], end, "{expires_in:?}");
            assert!(read.set_cookies().is_empty(), "{expires_in:?}");
            site.wait(lifetime / 10);
        }
        site.wait(Duration::from_millis(1));
        assert_eq!(get(&site, "/get-session", alone).body, "null", "{expires_in:?}");
    }
}

#[test]
fn a_session_whose_user_is_gone_is_nobodys() {
    let site = Site::new();
    let signed_up = site.sign_up("ada@example.com");
    let user = signed_up.json()["user"]["id"].as_str().unwrap().to_owned();
    site.auth.api().delete_user(&user).unwrap();
    let answer = get(&site, "/get-session", &signed_up.cookies());
    assert_eq!((answer.body.as_str(), answer.clears_session()), ("null", true));
}

#[test]
fn cached_sessions_of_another_deployment_are_taken_away() {
    let site = Site::new();
    let cookies = site.sign_up("ada@example.com").cookies();
    let sent = format!("{cookies}; better-auth.session_data.0=x; better-auth.session_data.1=y");
    let answer = get(&site, "/get-session", &sent);
    assert_eq!(
        answer.set_cookies(),
        [
            "better-auth.session_data.0=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax",
            "better-auth.session_data.1=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax",
        ]
    );
    assert_ne!(answer.json(), Value::Null);
}

#[test]
fn post_belongs_to_an_option_that_is_off() {
    let site = Site::new();
    let answer = site.send(Request::post("/get-session").body("text/plain", "{"));
    assert_eq!(answer.outcome(), (405, "METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED".to_owned()));
}

#[test]
fn a_rotated_secret_signs_nobody_out() {
    let site = Site::new();
    let cookies = site.sign_up("ada@example.com").cookies();
    let mut config = site.auth.config().clone();
    let old = config.secret.take().unwrap();
    let new = better_auth::Secret::new("y".repeat(40));
    config.secrets = [(2, new), (1, old)]
        .map(|(version, value)| better_auth::config::VersionedSecret { version, value })
        .into();
    let rotated = better_auth::BetterAuth::with_clock(config, site.clock.clone()).unwrap();
    let mut headers = http::HeaderMap::new();
    headers.insert("cookie", cookies.parse().unwrap());
    assert!(rotated.api().get_session(&headers).unwrap().is_some());
}

#[test]
fn deferred_a_get_only_reads_and_a_post_extends() {
    let site = Site::with(|config| config.session.defer_session_refresh = true);
    let cookies = site.sign_up("ada@example.com").cookies();
    assert_eq!(get(&site, "/get-session", &cookies).json()["needsRefresh"], false);
    site.wait(DAY);
    let read = get(&site, "/get-session", &cookies);
    assert_eq!((&read.json()["needsRefresh"], read.set_cookies().len()), (&json!(true), 0));
    assert_eq!(read.json()["session"]["expiresAt"], "2026-11-30T12:00:00.000Z");
    let extended = site.send(Request::post("/get-session").signed_in(&cookies));
    assert_eq!(extended.json()["session"]["expiresAt"], "2026-12-01T12:00:00.000Z");
    assert_eq!(extended.json().get("needsRefresh"), None);
    assert_eq!(get(&site, "/get-session", &cookies).json()["needsRefresh"], false);

    let body = json!({"email": "ada@example.com", "password": PASSWORD, "rememberMe": false});
    let brief = site.post("/sign-in/email", &body).cookies();
    let alone = brief.split("; ").next().unwrap();
    site.wait(HOUR);
    assert_eq!(get(&site, "/get-session", alone).json()["needsRefresh"], false);
    site.send(Request::post("/sign-out").signed_in(&brief));

    site.wait(DAY * 8);
    assert!(get(&site, "/get-session", &cookies).clears_session());
    assert_eq!(site.stored("session"), 1);
    let over = site.send(Request::post("/get-session").signed_in(&cookies));
    assert_eq!((over.body.as_str(), site.stored("session")), ("null", 0));
}
