//! Providers that describe themselves, or are described by the configuration (`genericOAuth`).

use std::time::Duration;

use better_auth::Config;
use better_auth::Secret;
use better_auth::config::GenericOAuth;
use better_auth::config::ProviderOptions;
use serde_json::Value;
use serde_json::json;
use url::Url;

use crate::harness::Answer;
use crate::harness::Provider;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::provider::signed;

const ADA: &str = "ada@example.com";
/// 2026-11-23T12:00:00Z, when every site begins.
const NOW: i64 = 1_795_435_200;

const MINUTE: Duration = Duration::from_secs(60);

type Change = fn(&mut Value);

fn mine(provider: &Provider) -> GenericOAuth {
    GenericOAuth {
        provider_id: "mine".to_owned(),
        discovery_url: Some(format!("{}/openid", provider.url)),
        client_id: "the id".to_owned(),
        client_secret: Some(Secret::new("the secret")),
        scopes: vec!["email".to_owned()],
        ..GenericOAuth::default()
    }
}

pub(crate) fn site(provider: &Provider, change: impl FnOnce(&mut GenericOAuth)) -> Site {
    site_with(provider, |config| change(&mut config.generic_oauth[0]))
}

/// A site with this provider, which describes itself.
pub(crate) fn site_with(provider: &Provider, change: impl FnOnce(&mut Config)) -> Site {
    Site::with(|config: &mut Config| {
        add(provider, config);
        change(config);
    })
}

pub(crate) fn add(provider: &Provider, config: &mut Config) {
    let url = &provider.url;
    let description = json!({
        "issuer": url, "authorization_endpoint": format!("{url}/authorize"),
        "token_endpoint": format!("{url}/token"), "userinfo_endpoint": format!("{url}/me"),
        "jwks_uri": format!("{url}/keys"), "id_token_signing_alg_values_supported": ["RS256"],
    });
    provider.says("/openid", 200, description);
    config.advanced.allow_private_addresses = true;
    config.generic_oauth.push(mine(provider));
}

/// Goes to the provider: the parameters of its URL, and the browser's cookies.
pub(crate) fn ask(site: &Site) -> (Vec<(String, String)>, String) {
    let body = json!({"provider": "mine", "callbackURL": "/home", "errorCallbackURL": "/sorry"});
    let answer = site.post("/sign-in/social", &body);
    let url = answer.json()["url"].as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned();
    (Url::parse(&url).unwrap().query_pairs().into_owned().collect(), answer.cookies())
}

pub(crate) fn parameter<'a>(parameters: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = parameters.iter().find(|(found, _)| found == name);
    found.map(|(_, value)| value.as_str())
}

/// Comes back with a token that says this of the nonce that was asked for; `more` follows in the query.
pub(crate) fn come_back(
    site: &Site,
    provider: &Provider,
    more: &str,
    change: impl FnOnce(&mut Value),
) -> Answer {
    let (parameters, cookies) = ask(site);
    let mut claims = claims(provider, &parameters);
    change(&mut claims);
    let (keys, token) = signed(&claims);
    // Unless a test says else.
    if !provider.has_said("/keys") {
        provider.says("/keys", 200, keys);
    }
    let answer = json!({"access_token": "access", "id_token": token});
    bring(site, provider, &answer, (&parameters, &cookies, more))
}

/// The same with a token that is all right but for what is done to it.
pub(crate) fn come_back_forged(
    site: &Site,
    provider: &Provider,
    forge: impl FnOnce(&str) -> String,
) -> Answer {
    let (parameters, cookies) = ask(site);
    let (keys, token) = signed(&claims(provider, &parameters));
    provider.says("/keys", 200, keys);
    let answer = json!({"access_token": "access", "id_token": forge(&token)});
    bring(site, provider, &answer, (&parameters, &cookies, ""))
}

pub(crate) fn claims(provider: &Provider, parameters: &[(String, String)]) -> Value {
    json!({
        "iss": provider.url, "sub": "7", "aud": "the id", "iat": NOW, "exp": NOW + 600,
        "nonce": parameter(parameters, "nonce"), "email": ADA, "email_verified": true, "name": "Ada",
    })
}

/// Comes back, whereupon the provider answers this to the code.
pub(crate) fn bring(
    site: &Site,
    provider: &Provider,
    answer: &Value,
    (parameters, cookies, more): (&[(String, String)], &str, &str),
) -> Answer {
    provider.says("/token", 200, answer.clone());
    let state = parameter(parameters, "state").unwrap();
    let path = format!("/callback/mine?code=c&state={state}{more}");
    site.send(Request::get(&path).header("cookie", cookies))
}

pub(crate) fn to(answer: &Answer) -> &str {
    answer.header("location").unwrap_or_else(|| panic!("{answer:?}"))
}

#[test]
fn a_provider_that_describes_itself_signs_people_in() {
    let provider = Provider::start();
    let site = site(&provider, |_| {});
    let (parameters, _) = ask(&site);
    let nonce = parameter(&parameters, "nonce").unwrap();
    assert_eq!(parameter(&parameters, "scope"), Some("openid email"));
    assert_eq!(parameter(&parameters, "code_challenge_method"), Some("S256"));
    assert_ne!(Some(nonce), parameter(&parameters, "state"));

    let answer = come_back(&site, &provider, "", |_| {});
    assert_eq!((answer.status, to(&answer)), (302, "/home"));
    let user = site.session(&answer.cookies())["user"].clone();
    assert_eq!((&user["email"], &user["emailVerified"]), (&json!(ADA), &json!(true)));
    // It is asked for its description once.
    let asked = provider.asked();
    assert_eq!(asked.iter().filter(|asked| asked.what == "GET /openid").count(), 1);
}

#[test]
fn a_token_of_another_sign_in_issuer_or_application_signs_nobody_in() {
    let provider = Provider::start();
    let site = site(&provider, |_| {});
    let changes: [(&str, Change); 6] = [
        ("another sign-in", |claims| claims["nonce"] = json!("another")),
        ("no sign-in", |claims| claims["nonce"] = json!(null)),
        ("another issuer", |claims| claims["iss"] = json!("https://evil.example")),
        ("another application", |claims| claims["aud"] = json!("another")),
        ("over", |claims| claims["exp"] = json!(NOW - 600)),
        ("nobody", |claims| claims["sub"] = json!(null)),
    ];
    for (what, change) in changes {
        let answer = come_back(&site, &provider, "", change);
        assert_eq!(to(&answer), "/sorry?error=unable_to_get_user_info", "{what}");
        assert!(!answer.cookies().contains("session_token"), "{what}");
    }
    // The answer itself may name its issuer [RFC 9207].
    let answer = come_back(&site, &provider, "&iss=https%3A%2F%2Fevil.example", |_| {});
    assert_eq!(to(&answer), "/sorry?error=issuer_mismatch");
    let more = format!("&iss={}", provider.url);
    assert_eq!(to(&come_back(&site, &provider, &more, |_| {})), "/home");
}

#[test]
fn a_profile_of_somebody_else_than_the_token_names_signs_nobody_in() {
    let provider = Provider::start();
    let site = site(&provider, |_| {});
    let without_address = |claims: &mut Value| {
        claims.as_object_mut().unwrap().remove("email");
    };
    provider.says("/me", 200, json!({"sub": "8", "email": ADA, "name": "Ada"}));
    let answer = come_back(&site, &provider, "", without_address);
    assert_eq!(to(&answer), "/sorry?error=unable_to_get_user_info");
    provider.says("/me", 200, json!({"sub": "7", "email": ADA, "name": "Ada"}));
    assert_eq!(to(&come_back(&site, &provider, "", without_address)), "/home");
}

/// OpenID wants a text in tokens, and says nothing of profiles [OpenID Connect Core 2]; both are written as numbers.
#[test]
fn a_subject_is_the_same_as_a_text_and_as_a_number() {
    let provider = Provider::start();
    let site = site(&provider, |_| {});
    let text: Change = |claims| claims["email"] = json!(null);
    let number: Change = |claims| {
        claims["sub"] = json!(7);
        claims["email"] = json!(null);
    };
    for (claimed, subject, place) in [
        (text, json!(7), "/home"),
        (text, json!(7.0), "/home"),
        (number, json!("7"), "/home"),
        (number, json!(7), "/home"),
        (text, json!(8), "/sorry?error=unable_to_get_user_info"),
        (text, json!(true), "/sorry?error=unable_to_get_user_info"),
        (text, json!(null), "/sorry?error=unable_to_get_user_info"),
        (number, json!("07"), "/sorry?error=unable_to_get_user_info"),
    ] {
        provider.says("/me", 200, json!({"sub": subject, "email": ADA, "name": "Ada"}));
        assert_eq!(to(&come_back(&site, &provider, "", claimed)), place, "{subject}");
    }
    let whole: Change = |claims| claims["sub"] = json!(7);
    assert_eq!(to(&come_back(&site, &provider, "", whole)), "/home");
    let user = site.auth.api().get_user(ADA).unwrap();
    let accounts = site.auth.api().list_accounts(&user.id).unwrap();
    assert_eq!((accounts.len(), accounts[0].account_id.as_str()), (1, "7"));
}

/// The client id may be written as a number, too.
#[test]
fn an_application_is_the_same_as_a_text_and_as_a_number() {
    let provider = Provider::start();
    let site = site(&provider, |options| options.client_id = "5".to_owned());
    for (audience, place) in [
        (json!("5"), "/home"),
        (json!(5), "/home"),
        (json!(["6", 5]), "/home"),
        (json!(6), "/sorry?error=unable_to_get_user_info"),
        (json!([]), "/sorry?error=unable_to_get_user_info"),
    ] {
        let answer = come_back(&site, &provider, "", |claims| claims["aud"] = audience.clone());
        assert_eq!(to(&answer), place, "{audience}");
    }
}

#[test]
fn a_provider_has_the_id_of_one_with_a_file_here_while_that_is_off() {
    let provider = Provider::start();
    let site = site_with(&provider, |config| {
        config.generic_oauth[0].provider_id = "google".to_owned();
        let off = ProviderOptions { enabled: Some(false), ..ProviderOptions::default() };
        config.social_providers.insert("google".to_owned(), off);
    });
    let body = json!({"provider": "google", "callbackURL": "/home"});
    let url = site.post("/sign-in/social", &body).json()["url"].as_str().unwrap().to_owned();
    assert!(url.starts_with(&provider.url), "{url}");
    let report = site.auth.api().check_provider("google").unwrap();
    assert!(report.discovery.is_some(), "it describes itself");
}

#[test]
fn plain_oauth_needs_no_description() {
    let provider = Provider::start();
    let site = site(&provider, |options| {
        let at = |path: &str| Some(format!("{}{path}", provider.url));
        options.discovery_url = None;
        options.authorization_url = at("/authorize");
        options.token_url = at("/token");
        options.user_info_url = at("/me");
        options.pkce = Some(false);
    });
    let (parameters, _) = ask(&site);
    assert_eq!(parameter(&parameters, "scope"), Some("email"));
    assert_eq!(parameter(&parameters, "nonce"), None);
    assert_eq!(parameter(&parameters, "code_challenge"), None);
    provider.says(
        "/me",
        200,
        json!({"id": 5, "email": ADA, "name": "Ada", "email_verified": true}),
    );
    assert_eq!(to(&come_back(&site, &provider, "", |_| {})), "/home");
}

#[test]
fn a_provider_that_does_not_describe_itself_is_not_there_until_it_does() {
    let provider = Provider::start();
    let site = site(&provider, |_| {});
    let body = json!({"provider": "mine"});
    for (status, answer) in [(500, json!({})), (200, json!("x")), (200, json!({"issuer": "x"}))] {
        provider.says("/openid", status, answer);
        let answer = site.post("/sign-in/social", &body);
        assert_eq!(answer.outcome(), (404, "PROVIDER_NOT_FOUND".to_owned()));
        site.wait(MINUTE);
    }
    let url = &provider.url;
    let description = json!({"authorization_endpoint": url, "token_endpoint": url});
    provider.says("/openid", 200, description);
    assert_eq!(site.post("/sign-in/social", &body).status, 200);
}

/// The keys of a provider are asked for once an hour, and for one that is not among them once a minute.
#[test]
fn keys_are_kept_and_looked_for_anew_when_one_is_missing() {
    let provider = Provider::start();
    let site = site(&provider, |_| {});
    let (published, _) = signed(&json!({}));
    // Minutes that go by, whether the key is published then, how often the provider is asked, and whether
    // that ends well.
    for (minutes, publishes, times, ends_well) in [
        (0, true, 1, true),
        (1, true, 0, true),
        (58, false, 0, true),
        (1, false, 1, false),
        (0, true, 0, false),
        (1, true, 1, true),
        (0, true, 0, true),
        (59, true, 0, true),
        (1, true, 1, true),
    ] {
        site.wait(minutes * MINUTE);
        let keys = if publishes { published.clone() } else { json!({"keys": []}) };
        provider.says("/keys", 200, keys);
        let answer = come_back(&site, &provider, "", |claims| {
            let now = site.clock.now().as_millis() / 1000;
            claims["iat"] = json!(now);
            claims["exp"] = json!(now + 600);
        });
        let place = if ends_well { "/home" } else { "/sorry?error=unable_to_get_user_info" };
        let asked = provider.asked().iter().filter(|asked| asked.what == "GET /keys").count();
        assert_eq!((to(&answer), asked), (place, times), "{minutes} {publishes}");
    }
}
