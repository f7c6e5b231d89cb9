//! What `genericOAuth` can be told besides the address of a provider.

use std::time::Duration;

use better_auth::Secret;
use better_auth::config::ResponseMode;
use better_auth::config::TokenEndpointAuth;
use serde_json::Value;
use serde_json::json;
use url::Url;

use super::generic_oauth::ask;
use super::generic_oauth::bring;
use super::generic_oauth::claims;
use super::generic_oauth::come_back;
use super::generic_oauth::come_back_forged;
use super::generic_oauth::parameter;
use super::generic_oauth::site;
use super::generic_oauth::to;
use crate::harness::Provider;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::provider::signed;

const REFUSED: &str = "/sorry?error=unable_to_get_user_info";

fn texts(pairs: &[(&str, &str)]) -> indexmap::IndexMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The row id of the only account.
fn account(site: &Site, cookies: &str) -> String {
    let list = site.send(Request::get("/list-accounts").header("cookie", cookies)).json();
    list[0]["id"].as_str().unwrap().to_owned()
}

#[test]
fn requests_say_what_the_provider_wants_to_hear() {
    let provider = Provider::start();
    let site = site(&provider, |options| {
        options.response_type = Some("code id_token".to_owned());
        options.response_mode = Some(ResponseMode::FormPost);
        options.authorization_url_params = texts(&[("audience", "api"), ("state", "x")]);
        options.token_url_params = texts(&[("resource", "https://api.example.com")]);
        options.authorization_headers =
            texts(&[("x-staging", "yes"), ("Accept", "application/jwt")]);
        options.discovery_headers = texts(&[("x-client", "us")]);
    });
    let (parameters, _) = ask(&site);
    let said = |name| parameter(&parameters, name);
    assert_eq!(said("response_type"), Some("code id_token"));
    assert_eq!(said("response_mode"), Some("form_post"));
    assert_eq!(said("audience"), Some("api"));
    assert_ne!(said("state"), Some("x"));

    assert_eq!(to(&come_back(&site, &provider, "", |_| {})), "/home");
    let asked = provider.asked();
    let find = |what: &str| asked.iter().find(|asked| asked.what == what).unwrap();
    assert!(find("GET /openid").has("x-client", "us"));
    assert!(find("GET /keys").has("x-client", "us"), "the keys are on the same origin");
    let token = find("POST /token");
    assert!(token.has("x-staging", "yes") && token.has("accept", "application/jwt"));
    assert_eq!(token.headers.iter().filter(|(name, _)| name == "accept").count(), 1);
    assert!(!token.headers.iter().any(|(name, _)| name == "x-client"));
    let form = token.form();
    let names: Vec<&str> = form.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        "grant_type",
        "code",
        "code_verifier",
        "redirect_uri",
        "resource",
        "client_id",
        "client_secret",
    ];
    assert_eq!(names, expected);
}

#[test]
fn a_token_is_renewed_with_what_the_provider_wants_to_hear() {
    let provider = Provider::start();
    let site = site(&provider, |options| {
        options.refresh_token_params = texts(&[("scope", "less")]);
        options.authorization_headers = texts(&[("x-staging", "yes")]);
        options.access_token_expires_in = Some(60);
    });
    let (parameters, cookies) = ask(&site);
    let (keys, token) = signed(&claims(&provider, &parameters));
    provider.says("/keys", 200, keys);
    let answer = json!({"access_token": "a", "refresh_token": "refresh", "id_token": token});
    let cookies = bring(&site, &provider, &answer, (&parameters, &cookies, "")).cookies();
    let id = account(&site, &cookies);
    let renew = || {
        let request = Request::post("/get-access-token").signed_in(&cookies);
        site.send(request.json(&json!({"accountId": id}))).json()
    };
    provider.asked();
    assert_eq!(renew()["accessToken"], "a");
    assert!(provider.asked().is_empty());
    site.wait(Duration::from_secs(56));
    provider.says("/token", 200, json!({"access_token": "b"}));
    let renewed = renew();
    assert_eq!(renewed["accessToken"], "b");
    assert_eq!(renewed["accessTokenExpiresAt"], "2026-11-23T12:01:56.000Z");
    let asked = provider.asked().remove(0);
    assert!(asked.has("x-staging", "yes"));
    let form = asked.form();
    assert!(form.contains(&("scope".to_owned(), "less".to_owned())), "{form:?}");
    assert!(form.contains(&("refresh_token".to_owned(), "refresh".to_owned())), "{form:?}");
}

#[test]
fn the_token_endpoint_knows_the_application_as_it_was_told_to() {
    let key = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/tls/localhost.key"
    ));
    let key = Secret::new(key.unwrap());
    for (auth, header, fields) in [
        (TokenEndpointAuth::None, false, vec!["client_id"]),
        (TokenEndpointAuth::ClientSecretBasic, true, vec![]),
        (TokenEndpointAuth::ClientSecretPost, false, vec!["client_id", "client_secret"]),
        (
            TokenEndpointAuth::PrivateKeyJwt {
                private_key_pem: key,
                kid: Some("ours".to_owned()),
                algorithm: Some("ES256".to_owned()),
            },
            false,
            vec!["client_id", "client_assertion", "client_assertion_type"],
        ),
    ] {
        let provider = Provider::start();
        let shows_secret = matches!(
            auth,
            TokenEndpointAuth::ClientSecretBasic | TokenEndpointAuth::ClientSecretPost
        );
        let site = site(&provider, |options| {
            options.token_endpoint_auth = Some(auth);
            options.client_secret = options.client_secret.take().filter(|_| shows_secret);
        });
        assert_eq!(to(&come_back(&site, &provider, "", |_| {})), "/home");
        let asked = provider.asked();
        let asked = asked.iter().find(|asked| asked.what == "POST /token").unwrap();
        let form = asked.form();
        let found: Vec<&str> = form
            .iter()
            .map(|(name, _)| name.as_str())
            .filter(|name| name.starts_with("client_"))
            .collect();
        assert_eq!((!asked.authorization.is_empty(), found), (header, fields));
    }
}

#[test]
fn tokens_that_must_be_verified_are_and_must_come() {
    let provider = Provider::start();
    let strict = site(&provider, |options| options.require_id_token_verification = true);
    assert_eq!(to(&come_back(&strict, &provider, "", |_| {})), "/home");
    provider.says("/me", 200, json!({"sub": "7", "email": "ada@example.com"}));
    let (parameters, cookies) = ask(&strict);
    let without = json!({"access_token": "a"});
    let answer = bring(&strict, &provider, &without, (&parameters, &cookies, ""));
    assert_eq!(to(&answer), REFUSED);
    let lax = site(&provider, |_| {});
    let (parameters, cookies) = ask(&lax);
    assert_eq!(to(&bring(&lax, &provider, &without, (&parameters, &cookies, ""))), "/home");

    // Without a nonce, everything else must hold still.
    let unbound = site(&provider, |options| options.disable_id_token_nonce_binding = true);
    let (parameters, _) = ask(&unbound);
    assert_eq!(parameter(&parameters, "nonce"), None);
    assert_eq!(to(&come_back(&unbound, &provider, "", |_| {})), "/home");
    for (name, value) in [("aud", "another"), ("iss", "https://evil.example")] {
        let answer = come_back(&unbound, &provider, "", |claims| claims[name] = json!(value));
        assert_eq!(to(&answer), REFUSED, "{name}");
    }
    let forged = come_back_forged(&unbound, &provider, |token| {
        format!("{}AAAA", token.split_at(token.len() - 4).0)
    });
    assert_eq!(to(&forged), REFUSED);
    let elsewhere = come_back(&unbound, &provider, "&iss=https%3A%2F%2Fevil.example", |_| {});
    assert_eq!(to(&elsewhere), "/sorry?error=issuer_mismatch");

    // A description without keys: such a provider is not there.
    let url = &provider.url;
    let incomplete = json!({"authorization_endpoint": url, "token_endpoint": url, "issuer": url});
    let poor = site(&provider, |options| options.require_id_token_verification = true);
    provider.says("/openid", 200, incomplete);
    let answer = poor.post("/sign-in/social", &json!({"provider": "mine"}));
    assert_eq!(answer.outcome(), (404, "PROVIDER_NOT_FOUND".to_owned()));
}

/// Which field names a person is settled beforehand: a provider that adds another makes nobody somebody else.
#[test]
fn one_field_names_a_person() {
    for (field, profile, expected) in [
        (None, json!({"id": 5, "sub": "6"}), Ok("5")),
        (None, json!({"sub": "6"}), Err(())),
        (Some("user_id"), json!({"id": 5, "user_id": "7"}), Ok("7")),
        (Some("user_id"), json!({"id": 5}), Err(())),
    ] {
        let provider = Provider::start();
        let site = site(&provider, |options| {
            let at = |path: &str| Some(format!("{}{path}", provider.url));
            options.discovery_url = None;
            options.authorization_url = at("/authorize");
            options.token_url = at("/token");
            options.user_info_url = at("/me");
            options.account_subject = field.map(str::to_owned);
        });
        let mut profile: Value = profile;
        profile["email"] = json!("ada@example.com");
        provider.says("/me", 200, profile.clone());
        let (parameters, cookies) = ask(&site);
        let answer = json!({"access_token": "a"});
        let answer = bring(&site, &provider, &answer, (&parameters, &cookies, ""));
        match expected {
            Ok(subject) => {
                let user = site.auth.api().get_user("ada@example.com").unwrap();
                let accounts = site.auth.api().list_accounts(&user.id).unwrap();
                assert_eq!(accounts[0].account_id, subject);
            }
            Err(()) => assert_eq!(to(&answer), REFUSED, "{profile}"),
        }
    }
}

#[test]
fn somebody_whom_the_provider_sends_unasked_is_sent_to_be_asked_for() {
    let provider = Provider::start();
    let refused = "http://localhost:3000/api/auth/error?error=state_not_found";
    let unasked = Request::get("/callback/mine?code=c");
    let closed = site(&provider, |_| {});
    assert_eq!(to(&closed.send(unasked.clone())), refused);
    let open = site(&provider, |options| options.allow_idp_initiated = true);
    assert_eq!(to(&open.send(Request::get("/callback/mine"))), refused);
    assert_eq!(to(&open.send(Request::get("/callback/mine?code=c&state="))), refused);
    assert_eq!(to(&open.send(Request::get("/callback/another?code=c"))), refused);
    provider.asked();
    let answer = open.send(unasked);
    let url = Url::parse(to(&answer)).unwrap();
    assert!(url.as_str().starts_with(&format!("{}/authorize?", provider.url)));
    assert!(
        !provider.asked().iter().any(|asked| asked.what == "POST /token"),
        "the code counts for nothing"
    );
    let parameters: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let (keys, token) = signed(&claims(&provider, &parameters));
    provider.says("/keys", 200, keys);
    let given = json!({"access_token": "a", "id_token": token});
    let answer = bring(&open, &provider, &given, (&parameters, &answer.cookies(), ""));
    assert_eq!(to(&answer), "http://localhost:3000");
    assert!(answer.cookies().contains("session_token"));
}

#[test]
fn whoever_signs_out_here_is_told_where_to_sign_out_there() {
    let provider = Provider::start();
    let out = |change: fn(&mut better_auth::config::GenericOAuth), body: &Value| {
        let site = site(&provider, |options| {
            options.end_session_endpoint = Some("https://id.example.com/out?x=y".to_owned());
            change(options);
        });
        let cookies = come_back(&site, &provider, "", |_| {}).cookies();
        let answer = site.send(Request::post("/sign-out").signed_in(&cookies).json(body));
        assert!(answer.status != 200 || site.session(&cookies).is_null());
        answer
    };
    let url = |text: &str| {
        let url = Url::parse(text).unwrap();
        assert!(text.starts_with("https://id.example.com/out?x=y&id_token_hint=ey"), "{text}");
        let pairs = url.query_pairs().into_owned().skip(2);
        pairs.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
    };
    let plain = out(|_| {}, &json!({"state": "s"}));
    assert_eq!(plain.json()["redirect"], true);
    assert_eq!(plain.header("location"), plain.json()["url"].as_str());
    assert_eq!(url(to(&plain)), "");
    let led = out(|_| {}, &json!({"callbackURL": "/bye", "state": "s", "disableRedirect": true}));
    assert_eq!((led.header("location"), &led.json()["redirect"]), (None, &json!(false)));
    let place = "post_logout_redirect_uri=http://localhost:3000/bye client_id=the id state=s";
    assert_eq!(url(led.json()["url"].as_str().unwrap()), place);
    let configured =
        out(|options| options.post_logout_redirect_uri = Some("/bye".to_owned()), &json!({}));
    let place = "post_logout_redirect_uri=http://localhost:3000/bye client_id=the id";
    assert_eq!(url(to(&configured)), place);
    let off = out(|options| options.disable_provider_logout = true, &json!({}));
    assert_eq!(off.body, r#"{"success":true}"#);
    let evil = out(|_| {}, &json!({"callbackURL": "https://evil.example"}));
    assert_eq!(evil.outcome(), (403, "INVALID_CALLBACK_URL".to_owned()));
}
