//! Sessions that exist: those of somebody who is banned are void, those of somebody with a second factor go on, because
//! they proved it where the session began.

use std::time::Duration;

use better_auth::Config;
use better_auth::Plugin;
use better_auth::instance::Hooks;
use better_auth::instance::hooks::BeforePassword;
use serde_json::Value;
use serde_json::json;

use super::ADA;
use super::as_made_by_the_plugins;
use super::set;
use super::site;
use crate::harness::Answer;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::site::PASSWORD;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn signed_up(change: impl FnOnce(&mut Config)) -> (Site, String) {
    let site = site(change);
    let cookies = site.sign_up(ADA).cookies();
    (site, cookies)
}

fn get(site: &Site, path: &str, cookies: &str) -> Answer {
    site.send(Request::get(path).header("cookie", cookies))
}

#[test]
fn a_session_of_somebody_with_a_second_factor_goes_on_and_is_extended() {
    let (site, cookies) = signed_up(|_| {});
    set(site.auth.database(), r#""twoFactorEnabled" = true"#);
    let before = site.session(&cookies)["session"]["expiresAt"].clone();
    site.wait(2 * DAY);
    let after = site.session(&cookies)["session"]["expiresAt"].clone();
    assert!(before.as_str().unwrap() < after.as_str().unwrap(), "{before} {after}");
    // A session that takes its place proves no less than it did.
    let body = json!({"currentPassword": PASSWORD, "newPassword": "another horse",
        "revokeOtherSessions": true});
    let changed = site.send(Request::post("/change-password").signed_in(&cookies).json(&body));
    assert_eq!(changed.status, 200, "{changed:?}");
    assert_eq!(site.session(&changed.cookies())["user"]["email"], ADA);
}

#[test]
fn a_session_of_somebody_who_is_banned_is_void_at_every_endpoint() {
    let (site, cookies) = signed_up(|_| {});
    set(site.auth.database(), r#""banned" = true"#);
    let answer = get(&site, "/get-session", &cookies);
    assert!(answer.body == "null" && answer.clears_session(), "{answer:?}");
    for (path, body) in [
        ("/update-user", json!({"name": "Eve"})),
        ("/change-password", json!({"currentPassword": PASSWORD, "newPassword": "another horse"})),
        ("/revoke-sessions", json!({})),
    ] {
        let answer = site.send(Request::post(path).signed_in(&cookies).json(&body));
        assert_eq!(answer.outcome(), (401, "SESSION_EXPIRED".to_owned()), "{path}");
    }
    // The row is as it was: the program that wrote the ban may lift it.
    assert_eq!(site.stored("session"), 1);
    set(site.auth.database(), r#""banned" = false"#);
    assert_eq!(site.session(&cookies)["user"]["email"], ADA);
}

#[test]
fn a_session_of_somebody_who_is_banned_is_neither_read_without_extension_nor_extended() {
    let (site, cookies) = signed_up(|config| config.session.defer_session_refresh = true);
    site.wait(2 * DAY);
    set(site.auth.database(), r#""banned" = true"#);
    assert_eq!(site.session(&cookies), Value::Null);
    let extended = site.send(Request::post("/get-session").signed_in(&cookies));
    assert!(extended.body == "null" && extended.clears_session(), "{extended:?}");
}

#[test]
fn a_cached_copy_is_not_renewed_for_somebody_who_is_banned() {
    let (site, cookies) = signed_up(|config| config.session.cookie_cache.enabled = true);
    set(site.auth.database(), r#""banned" = true"#);
    // As with `plugins.admin`: what may write, and what is sensitive, asks the database at once.
    let body = json!({"name": "Eve"});
    let changed = site.send(Request::post("/update-user").signed_in(&cookies).json(&body));
    assert_eq!(changed.status, 401, "{changed:?}");
    assert_eq!(get(&site, "/get-session?disableCookieCache=true", &cookies).body, "null");
    assert_eq!(get(&site, "/get-session", &cookies).json()["user"]["email"], ADA);
    site.wait(Duration::from_secs(301));
    let answer = get(&site, "/get-session", &cookies);
    assert!(answer.body == "null" && answer.clears_session(), "{answer:?}");
}

/// Bans everybody while a new password is looked at, which is after the session was found.
struct Meanwhile;

impl Plugin for Meanwhile {
    fn id(&self) -> &'static str {
        "meanwhile"
    }

    fn hooks(&self) -> Hooks {
        let ban: BeforePassword = |instance, _| {
            let sql = r#"UPDATE "user" SET "banned" = true"#;
            Ok(instance.database().write(|tx| tx.execute(sql, &[])).map(drop)?)
        };
        Hooks { before_password: Some(ban), ..Hooks::default() }
    }
}

#[test]
fn whoever_is_banned_while_a_request_is_on_its_way_changes_nothing() {
    let site = Site::with_plugin(Meanwhile, |_| {});
    as_made_by_the_plugins(site.auth.database());
    let cookies = site.sign_up(ADA).cookies();
    let body = json!({"currentPassword": PASSWORD, "newPassword": "another horse"});
    let change = Request::post("/change-password").signed_in(&cookies).json(&body);
    assert_eq!(site.send(change).outcome(), (401, "SESSION_EXPIRED".to_owned()));
    set(site.auth.database(), r#""banned" = false"#);
    let body = json!({"email": ADA, "password": PASSWORD});
    assert_eq!(site.post("/sign-in/email", &body).status, 200, "the password is the old one");
}
