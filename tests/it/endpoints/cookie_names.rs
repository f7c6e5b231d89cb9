//! `advanced.cookies`: every cookie under a name of its own [contract 3.1], those of plugins included.

use better_auth::BetterAuth;
use better_auth::Config;
use better_auth::NewUser;
use better_auth::Secret;
use better_auth::config::SameSite;
use better_auth::config::StateStrategy;
use serde_json::Value;
use serde_json::json;

use super::social;
use crate::harness::Answer;
use crate::harness::Provider;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::site::PASSWORD;

const KEYS: [&str; 7] = [
    "session_token",
    "session_data",
    "dont_remember",
    "account_data",
    "state",
    "oauth_state",
    "admin_session",
];

/// Every cookie `KEY` is called `own.KEY`.
fn named(config: &mut Config) {
    config.plugins.insert("admin".to_owned(), json!({}));
    config.session.cookie_cache.enabled = true;
    config.account.store_account_cookie = true;
    for key in KEYS {
        let cookie = config.advanced.cookies.entry(key.to_owned()).or_default();
        cookie.name = Some(format!("own.{key}"));
    }
}

/// The keys of the cookies that an answer sets to a value.
fn keys(answer: &Answer) -> Vec<&str> {
    let pairs = answer.set_cookies().into_iter().map(|line| line.split(';').next().unwrap());
    let set = pairs.filter(|pair| !pair.ends_with('='));
    let names = set.map(|pair| pair.split('=').next().unwrap());
    names.map(|name| name.strip_prefix("own.").unwrap_or_else(|| panic!("{name}"))).collect()
}

#[test]
fn a_sign_in_by_provider_goes_by_cookies_of_any_name() {
    for (strategy, state) in
        [(StateStrategy::Database, "state"), (StateStrategy::Cookie, "oauth_state")]
    {
        let provider = Provider::start();
        let site = social::site(&provider, |config| {
            named(config);
            config.account.store_state_strategy = strategy;
        });
        let body = json!({"provider": "gitlab", "callbackURL": "/home"});
        let asked = site.post("/sign-in/social", &body);
        assert_eq!(keys(&asked), [state]);
        let back = social::come_back(&site, &social::ask(&site, "/sign-in/social", &body, ""));
        assert_eq!(social::to(&back), "/home");
        assert_eq!(keys(&back), ["session_token", "session_data", "account_data"]);
        assert_eq!(site.session(&back.cookies())["user"]["email"], "ada@example.com");
        // What was set is what is told to go.
        let out = site.send(Request::post("/sign-out").signed_in(&back.cookies()));
        for key in ["session_token", "session_data", "account_data", "dont_remember"] {
            let line = format!("own.{key}=; Max-Age=0");
            assert!(out.set_cookies().iter().any(|set| set.starts_with(&line)), "{key} {out:?}");
        }
    }
}

#[test]
fn a_session_that_ends_with_the_browser_and_an_impersonation_do_so_too() {
    let site = Site::with(named);
    let additional = json!({"role": "admin"}).as_object().unwrap().clone();
    let boss = NewUser {
        email: "boss@example.com".to_owned(),
        password: Some(Secret::new(PASSWORD)),
        additional,
        ..NewUser::default()
    };
    site.auth.api().create_user(&boss).unwrap();
    let body = json!({"email": "boss@example.com", "password": PASSWORD, "rememberMe": false});
    let boss = site.post("/sign-in/email", &body);
    assert_eq!(keys(&boss), ["session_token", "dont_remember", "session_data"]);
    let id = site.sign_up("ada@example.com").json()["user"]["id"].clone();
    let start = Request::post("/admin/impersonate-user").signed_in(&boss.cookies());
    let started = site.send(start.json(&json!({ "userId": id })));
    assert!(keys(&started).contains(&"admin_session"), "{started:?}");
    assert_eq!(site.session(&started.cookies())["user"]["email"], "ada@example.com");
    let stop = Request::post("/admin/stop-impersonating").signed_in(&started.cookies());
    let stopped = site.send(stop);
    assert_eq!(site.session(&stopped.cookies())["user"]["email"], "boss@example.com");
}

#[test]
fn attributes_are_those_of_the_cookie_and_for_a_plugins_else_those_of_the_session() {
    let provider = Provider::start();
    let site = social::site(&provider, |config| {
        let state = config.advanced.cookies.entry("state".to_owned()).or_default();
        state.attributes.same_site = Some(SameSite::None);
        state.attributes.path = Some("/api/auth".to_owned());
    });
    let asked = site.post("/sign-in/social", &json!({"provider": "gitlab"}));
    let [line] = asked.set_cookies()[..] else { panic!("{asked:?}") };
    let attributes = "; Max-Age=300; Path=/api/auth; HttpOnly; Secure; SameSite=None";
    assert!(line.starts_with("better-auth.state=") && line.ends_with(attributes), "{line}");
}

#[test]
fn a_cookie_that_does_not_exist_has_no_options() {
    let problem = |key: &str, plugins: Value| {
        let mut config = Config::default();
        config.plugins = serde_json::from_value(plugins).unwrap();
        config.advanced.cookies.entry(key.to_owned()).or_default().name = Some("a".to_owned());
        BetterAuth::new(config)
            .err()
            .map(|error| std::error::Error::source(&error).unwrap().to_string())
    };
    let unknown = problem("sessionToken", json!({})).unwrap();
    let expected =
        "advanced.cookies.sessionToken: unknown cookie; available: session_token, session_data";
    assert!(unknown.starts_with(expected), "{unknown}");
    assert!(problem("admin_session", json!({})).is_some());
    assert_eq!(problem("admin_session", json!({"admin": {}})), None);
}
