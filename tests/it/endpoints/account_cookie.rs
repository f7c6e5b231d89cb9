//! `account.storeAccountCookie`: the browser carries the account that somebody signed in with [contract 3.6].

use std::time::Duration;

use better_auth::Config;
use serde_json::Value;
use serde_json::json;

use super::social::come_back;
use super::social::sign_in;
use super::social::site;
use crate::harness::Answer;
use crate::harness::Provider;
use crate::harness::Request;
use crate::harness::Site;

const NAME: &str = "better-auth.account_data";
const MINUTE: Duration = Duration::from_secs(60);

fn on(config: &mut Config) {
    config.account.store_account_cookie = true;
}

fn by_cookie(site: &Site, path: &str, cookies: &str) -> Answer {
    let request = Request::post(path).signed_in(cookies);
    site.send(request.json(&json!({"useAccountCookie": true})))
}

fn line<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    let lines = answer.set_cookies();
    lines.into_iter().find(|line| line.starts_with(&format!("{name}=")))
}

/// The cookie alone, out of all.
fn cookie(cookies: &str, name: &str) -> String {
    let found = cookies.split("; ").find(|cookie| cookie.starts_with(&format!("{name}=")));
    found.unwrap_or_else(|| panic!("{cookies}")).to_owned()
}

#[test]
fn the_account_of_a_sign_in_is_the_one_that_is_asked_for() {
    let provider = Provider::start();
    let site = site(&provider, on);
    let answer = come_back(&site, &sign_in(&site));
    let written = line(&answer, NAME).unwrap();
    assert!(written.ends_with("; Max-Age=300; Path=/; HttpOnly; SameSite=Lax"), "{written}");
    assert!(!written.contains("access"), "it is encrypted");
    let cookies = answer.cookies();
    let token = by_cookie(&site, "/get-access-token", &cookies);
    assert_eq!(token.json()["accessToken"], "access", "{token:?}");
    assert_eq!(line(&token, NAME), None, "nothing has changed");

    site.wait(4 * MINUTE);
    provider.says("/oauth/token", 200, json!({"access_token": "renewed", "expires_in": 9}));
    let renewed = by_cookie(&site, "/refresh-token", &cookies);
    assert_eq!(renewed.json()["accessToken"], "renewed");
    let later = line(&renewed, NAME).unwrap();
    assert_ne!(later, written);
    // The cookie names the account; what it is now, the database says.
    assert_eq!(by_cookie(&site, "/get-access-token", &cookies).json()["accessToken"], "renewed");
    site.wait(MINUTE + Duration::from_secs(16));
    let over = by_cookie(&site, "/get-access-token", &cookies);
    assert_eq!(over.outcome(), (400, "ACCOUNT_NOT_FOUND".to_owned()));
    let both = [renewed.cookies(), cookies].join("; ");
    assert_eq!(by_cookie(&site, "/get-access-token", &both).json()["accessToken"], "renewed");
}

#[test]
fn it_counts_for_its_owner_and_while_the_account_is_there() {
    let provider = Provider::start();
    let site = site(&provider, on);
    let ada = come_back(&site, &sign_in(&site)).cookies();
    let account = cookie(&ada, NAME);
    let not_found = (400, "ACCOUNT_NOT_FOUND".to_owned());
    let eve = site.sign_up("eve@example.com").cookies();
    let stolen = [eve.clone(), account.clone()].join("; ");
    assert_eq!(by_cookie(&site, "/get-access-token", &stolen).outcome(), not_found);
    assert_eq!(by_cookie(&site, "/get-access-token", &eve).outcome(), not_found);
    let forged =
        [cookie(&ada, "better-auth.session_token"), format!("{NAME}=a.b.c.d.e")].join("; ");
    assert_eq!(by_cookie(&site, "/get-access-token", &forged).outcome(), not_found);
    // A copy of a session opens with another key.
    let session = site.send(Request::get("/get-session").header("cookie", format!("{NAME}=x")));
    assert_eq!(session.body, "null");
    let sql = r#"DELETE FROM "account" WHERE "providerId" = 'gitlab'"#;
    site.auth.database().write(|tx| tx.execute(sql, &[])).unwrap();
    assert_eq!(by_cookie(&site, "/get-access-token", &ada).outcome(), not_found);
}

#[test]
fn it_is_not_there_unless_it_is_wanted_and_goes_with_the_session() {
    let provider = Provider::start();
    let plain = site(&provider, |_| {});
    let answer = come_back(&plain, &sign_in(&plain));
    assert_eq!(line(&answer, NAME), None);
    let refused = by_cookie(&plain, "/get-access-token", &answer.cookies());
    assert_eq!(refused.outcome(), (400, "ACCOUNT_NOT_FOUND".to_owned()));
    let body = json!({"useAccountCookie": false});
    let request = Request::post("/get-access-token").signed_in(&answer.cookies()).json(&body);
    let bad = plain.send(request);
    assert_eq!((bad.status, &bad.json()["message"]), (400, &json!("[body] Invalid input")));

    let site = site(&provider, on);
    let cookies = come_back(&site, &sign_in(&site)).cookies();
    let out = site.send(Request::post("/sign-out").signed_in(&cookies));
    assert!(line(&out, NAME).unwrap().starts_with(&format!("{NAME}=; Max-Age=0")));
}

#[test]
fn it_lives_as_long_as_the_copy_of_the_session_beside_it_and_in_parts() {
    let provider = Provider::start();
    let site = site(&provider, |config| {
        on(config);
        config.session.cookie_cache.enabled = true;
    });
    let long = json!({"access_token": "long ".repeat(1200), "expires_in": 7200});
    provider.says("/oauth/token", 200, long);
    let cookies = come_back(&site, &sign_in(&site)).cookies();
    let parts = |cookies: &str| {
        cookies.split("; ").filter(|cookie| cookie.starts_with(&format!("{NAME}."))).count()
    };
    assert!(1 < parts(&cookies), "{cookies}");
    let token = by_cookie(&site, "/get-access-token", &cookies).json();
    assert_eq!(token["accessToken"].as_str().map(str::len), Some(6000));

    site.wait(MINUTE);
    let request = || Request::get("/get-session?disableCookieCache=1");
    let again = site.send(request().header("cookie", &cookies));
    assert_eq!(parts(&again.cookies()), parts(&cookies), "it was renewed with the copy");
    let eve = site.sign_up("eve@example.com").cookies();
    let theirs: Vec<&str> = cookies.split("; ").filter(|cookie| cookie.starts_with(NAME)).collect();
    let mixed = [eve, theirs.join("; ")].join("; ");
    let swept = site.send(request().header("cookie", &mixed));
    for name in [format!("{NAME}.0"), format!("{NAME}.1")] {
        assert!(line(&swept, &name).unwrap().starts_with(&format!("{name}=; Max-Age=0")), "{name}");
    }
    assert_ne!(site.session(&cookies), Value::Null);
}

#[test]
fn where_it_is_off_a_cookie_from_before_is_left_alone() {
    let provider = Provider::start();
    let before = site(&provider, on);
    let account = cookie(&come_back(&before, &sign_in(&before)).cookies(), NAME);
    let site = site(&provider, |config| config.session.cookie_cache.enabled = true);
    let cookies = come_back(&site, &sign_in(&site)).cookies();
    let cookies = format!("{}; {account}", cookie(&cookies, "better-auth.session_token"));
    let answer = site.send(Request::get("/get-session").header("cookie", &cookies));
    assert!(line(&answer, "better-auth.session_data").is_some(), "{answer:?}");
    assert_eq!(line(&answer, NAME), None);
}
