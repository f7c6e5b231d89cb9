//! `/sign-in/social`, `/callback/:id`, `/link-social` and the tokens of providers, with a provider that says
//! what a test wants it to [contract 8.4, 8.5, 8.14, 10].

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use better_auth::Config;
use better_auth::Secret;
use better_auth::config::ClientId;
use better_auth::config::ProviderOptions;
use better_auth::config::StateStrategy;
use serde_json::Value;
use serde_json::json;
use sha2::Digest as _;
use sha2::Sha256;
use url::Url;

use crate::harness::Answer;
use crate::harness::Provider;
use crate::harness::Request;
use crate::harness::Site;

const MINUTE: Duration = Duration::from_secs(60);
const ADA: &str = "ada@example.com";

/// A site with this provider as its `GitLab`.
pub(crate) fn site(provider: &Provider, change: impl FnOnce(&mut Config)) -> Site {
    site_with(provider, false, change)
}

/// The same, perhaps with every plugin on.
pub(crate) fn site_with(
    provider: &Provider,
    has_plugins: bool,
    change: impl FnOnce(&mut Config),
) -> Site {
    let options = ProviderOptions {
        client_id: Some(ClientId::One("the id".to_owned())),
        client_secret: Some(Secret::new("the secret")),
        issuer: Some(provider.url.clone()),
        ..ProviderOptions::default()
    };
    provider.says("/oauth/token", 200, tokens("access"));
    says(provider, ADA, true);
    let change = |config: &mut Config| {
        config.advanced.allow_private_addresses = true;
        config.social_providers.insert("gitlab".to_owned(), options);
        change(config);
    };
    if has_plugins { Site::with_plugins(change) } else { Site::with(change) }
}

pub(crate) fn tokens(name: &str) -> Value {
    json!({
        "access_token": name, "refresh_token": "refresh", "expires_in": 7200, "scope": "read_user api",
    })
}

/// Who the provider says it is.
pub(crate) fn says(provider: &Provider, email: &str, verified: bool) {
    let user = json!({
        "id": 42, "username": "ada", "name": "Ada", "email": email, "avatar_url": "https://i/a.png",
        "state": "active", "locked": false, "email_verified": verified,
    });
    provider.says("/api/v4/user", 200, user);
}

/// A browser that was sent to the provider: the state, and its cookies.
pub(crate) struct Sent {
    pub(crate) state: String,
    pub(crate) challenge: String,
    pub(crate) cookies: String,
}

pub(crate) fn ask(site: &Site, path: &str, body: &Value, cookies: &str) -> Sent {
    let request = Request::post(path).json(body);
    let request = if cookies.is_empty() { request } else { request.signed_in(cookies) };
    let answer = site.send(request);
    let url = Url::parse(answer.json()["url"].as_str().unwrap_or_else(|| panic!("{answer:?}")));
    let url = url.unwrap();
    let parameter = |name: &str| {
        let found = url.query_pairs().find(|(found, _)| found == name);
        found.map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    let cookies = [cookies, &answer.cookies()].join("; ");
    Sent { state: parameter("state"), challenge: parameter("code_challenge"), cookies }
}

pub(crate) fn sign_in(site: &Site) -> Sent {
    let body = json!({
        "provider": "gitlab", "callbackURL": "/home", "newUserCallbackURL": "/welcome",
        "errorCallbackURL": "/sorry?a=b",
    });
    ask(site, "/sign-in/social", &body, "")
}

pub(crate) fn come_back(site: &Site, sent: &Sent) -> Answer {
    let path = format!("/callback/gitlab?code=the+code&state={}", sent.state);
    site.send(Request::get(&path).header("cookie", &sent.cookies))
}

pub(crate) fn to(answer: &Answer) -> &str {
    answer.header("location").unwrap_or_else(|| panic!("{answer:?}"))
}

pub(crate) fn accounts(site: &Site) -> Vec<(String, String)> {
    let sql =
        r#"SELECT "providerId", COALESCE("scope", '') FROM "account" ORDER BY "createdAt", "id""#;
    let rows =
        site.auth.database().read(|tx| tx.list(sql, &[], |row| Ok((row.text(0)?, row.text(1)?))));
    rows.unwrap()
}

#[test]
fn somebody_new_becomes_a_user_and_comes_back_as_one() {
    let provider = Provider::start();
    let site = site(&provider, |_| {});
    let sent = sign_in(&site);
    let answer = come_back(&site, &sent);
    assert_eq!((answer.status, to(&answer)), (302, "/welcome"));
    let user = site.session(&answer.cookies())["user"].clone();
    assert_eq!((&user["name"], &user["email"]), (&json!("Ada"), &json!(ADA)));
    assert_eq!((&user["image"], &user["emailVerified"]), (&json!("https://i/a.png"), &json!(true)));
    assert_eq!(accounts(&site), [("gitlab".to_owned(), "read_user,api".to_owned())]);

    let asked = provider.asked();
    let form = asked[0].form();
    let verifier = &form[2].1;
    assert_eq!(verifier.len(), 128);
    assert_eq!(BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)), sent.challenge);
    let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(
        form,
        [
            ("grant_type", "authorization_code"),
            ("code", "the code"),
            ("code_verifier", verifier),
            ("redirect_uri", "http://localhost:3000/api/auth/callback/gitlab"),
            ("client_id", "the id"),
            ("client_secret", "the secret"),
        ]
    );
    assert_eq!(
        (asked[1].what.as_str(), asked[1].authorization.as_str()),
        ("GET /api/v4/user", "Bearer access")
    );

    let again = come_back(&site, &sign_in(&site));
    assert_eq!(to(&again), "/home");
    assert_eq!(site.session(&again.cookies())["user"]["id"], user["id"]);
    assert_eq!(accounts(&site).len(), 1);
}

#[test]
fn a_state_counts_once_and_only_for_the_browser_that_asked() {
    let provider = Provider::start();
    let site = site(&provider, |_| {});
    let sent = sign_in(&site);
    let mismatch = "/sorry?a=b&error=state_mismatch";
    let stranger =
        Sent { cookies: String::from("a=b"), state: sent.state.clone(), challenge: String::new() };
    assert_eq!(to(&come_back(&site, &stranger)), mismatch);
    let other = sign_in(&site);
    let crossed = Sent {
        cookies: other.cookies.clone(),
        state: sent.state.clone(),
        challenge: String::new(),
    };
    assert_eq!(to(&come_back(&site, &crossed)), mismatch);
    // Nobody else's attempt uses it up.
    let answer = come_back(&site, &sent);
    assert_eq!(to(&answer), "/welcome");
    assert!(
        answer.set_cookies().iter().any(|line| line.starts_with("better-auth.state=; Max-Age=0"))
    );
    let place = "http://localhost:3000/api/auth/error?error=state_mismatch";
    assert_eq!(to(&come_back(&site, &sent)), place);
    site.wait(10 * MINUTE + Duration::from_secs(1));
    assert_eq!(to(&come_back(&site, &other)), place);
}

#[test]
fn a_state_may_travel_in_a_cookie_that_nobody_reads() {
    let provider = Provider::start();
    let site = site(&provider, |config| {
        config.account.store_state_strategy = StateStrategy::Cookie;
    });
    let sent = sign_in(&site);
    assert!(sent.cookies.contains("better-auth.oauth_state=") && !sent.cookies.contains("/home"));
    let forged = Sent { cookies: "better-auth.oauth_state=00ff".to_owned(), ..sign_in(&site) };
    let place = "http://localhost:3000/api/auth/error?error=state_invalid";
    assert_eq!(to(&come_back(&site, &forged)), place);
    let crossed = Sent {
        state: sign_in(&site).state,
        challenge: String::new(),
        cookies: sent.cookies.clone(),
    };
    assert_eq!(to(&come_back(&site, &crossed)), "/sorry?a=b&error=state_mismatch");
    assert_eq!(to(&come_back(&site, &sent)), "/welcome");
    site.wait(10 * MINUTE + Duration::from_secs(1));
    assert_eq!(to(&come_back(&site, &sent)), "/sorry?a=b&error=state_mismatch");
}

/// The TypeScript server stores every address that a provider names, in lower case.
#[test]
fn an_adopted_user_with_an_address_that_cannot_sign_up_signs_in_by_a_provider() {
    for (stored, named) in [
        ("jürgen@münchen.example", "Jürgen@MÜNCHEN.example"),
        (" ada@example.com ", " Ada@Example.com "),
        ("ada", "ada"),
    ] {
        let provider = Provider::start();
        let site = site(&provider, |config| {
            config.email.transport = Some(better_auth::config::Transport::File);
            let gitlab = config.social_providers.get_mut("gitlab").unwrap();
            gitlab.override_user_info_on_sign_in = true;
            gitlab.require_email_verification = true;
            config.email_verification.send_on_sign_in = true;
        });
        says(&provider, named, true);
        let refused = "/sorry?a=b&error=email_not_found";
        assert_eq!(to(&come_back(&site, &sign_in(&site))), refused, "{named}");

        says(&provider, ADA, true);
        come_back(&site, &sign_in(&site));
        let spell = r#"UPDATE "user" SET "email" = $1, "emailVerified" = $2"#;
        let spell = |verified: bool| {
            let params = [stored.into(), verified.into()];
            site.auth.database().write(|tx| tx.execute(spell, &params)).unwrap();
        };
        spell(true);
        says(&provider, named, false);
        let linked = come_back(&site, &sign_in(&site));
        assert_eq!(to(&linked), "/home", "{named}");
        assert_eq!(site.session(&linked.cookies())["user"]["email"], stored);
        // No sign-in gives a user an address that could not sign up.
        for other in ["ö@example.com", "x"] {
            says(&provider, other, true);
            let same = come_back(&site, &sign_in(&site));
            assert_eq!(site.session(&same.cookies())["user"]["email"], stored, "{other}");
        }
        // A first sign-in by a provider joins the user who has this address.
        site.auth.database().write(|tx| tx.execute(r#"DELETE FROM "account""#, &[])).unwrap();
        says(&provider, named, true);
        assert_eq!(to(&come_back(&site, &sign_in(&site))), "/home", "{named}");
        assert_eq!(accounts(&site).len(), 1);
        // The link of a verification works for such an address.
        spell(false);
        says(&provider, named, false);
        let refused = "/sorry?a=b&error=email_not_verified";
        assert_eq!(to(&come_back(&site, &sign_in(&site))), refused);
        assert_eq!(site.mail().what(), ("verification", stored));
        let path = format!("/verify-email?token={}", site.mail().token());
        assert_eq!(site.send(Request::get(&path)).status, 200);
        assert_eq!(to(&come_back(&site, &sign_in(&site))), "/home", "{named}");
    }
}

#[test]
fn whoever_must_verify_first_gets_a_message_and_no_session() {
    let provider = Provider::start();
    let mail = site(&provider, |config| {
        config.email.transport = Some(better_auth::config::Transport::File);
        config.social_providers.get_mut("gitlab").unwrap().require_email_verification = true;
    });
    says(&provider, ADA, false);
    let answer = come_back(&mail, &sign_in(&mail));
    assert_eq!(to(&answer), "/sorry?a=b&error=email_not_verified");
    assert_eq!(mail.session(&answer.cookies()), Value::Null);
    assert_eq!(mail.mail().what(), ("verification", ADA));
    assert!(!mail.auth.api().get_user(ADA).unwrap().email_verified);
}

#[test]
fn whatever_goes_wrong_at_the_provider_leads_where_the_request_said() {
    let provider = Provider::start();
    let site = site(&provider, |_| {});
    let sent = |query: &str| {
        let sent = sign_in(&site);
        let path = format!("/callback/gitlab?{query}&state={}", sent.state);
        to(&site.send(Request::get(&path).header("cookie", &sent.cookies))).to_owned()
    };
    let denied = sent("error=access_denied&error_description=User+said+no");
    assert_eq!(denied, "/sorry?a=b&error=access_denied&error_description=User+said+no");
    assert_eq!(sent("x=y"), "/sorry?a=b&error=no_code");
    for (path, status, answer, error) in [
        ("/oauth/token", 400, json!({"error": "invalid_grant"}), "invalid_code"),
        ("/oauth/token", 200, json!({"error": "bad_verification_code"}), "invalid_code"),
        ("/oauth/token", 302, json!({}), "invalid_code"),
        ("/oauth/token", 200, json!("nonsense"), "unable_to_get_user_info"),
        ("/oauth/token", 200, tokens("access"), ""),
        ("/api/v4/user", 500, json!({}), "unable_to_get_user_info"),
        ("/api/v4/user", 200, json!([1, 2]), "unable_to_get_user_info"),
        ("/api/v4/user", 200, json!({"id": 42, "state": "blocked"}), "unable_to_get_user_info"),
        ("/api/v4/user", 200, json!({"state": "active", "email": ADA}), "unable_to_get_user_info"),
        ("/api/v4/user", 200, json!({"id": "null", "state": "active"}), "unable_to_get_user_info"),
        ("/api/v4/user", 200, json!({"id": 42, "state": "active"}), "email_not_found"),
        (
            "/api/v4/user",
            200,
            json!({"id": 42, "state": "active", "email": "x"}),
            "email_not_found",
        ),
    ] {
        provider.says(path, status, answer.clone());
        if !error.is_empty() {
            assert_eq!(sent("code=x"), format!("/sorry?a=b&error={error}"), "{path} {answer}");
        }
    }
    assert!(accounts(&site).is_empty());
    let users = site.auth.api().list_users(&better_auth::ListUsers::default()).unwrap();
    assert!(users.users.is_empty());
}

/// PostgreSQL stores no NUL character: what has one is left out, or signs nobody in.
#[test]
fn a_nul_in_what_a_provider_says_leads_where_the_request_said() {
    let provider = Provider::start();
    let site = site(&provider, |_| {});
    let user = |changed: Value| {
        let mut user = json!({
            "id": 42, "name": "Ada", "email": ADA, "avatar_url": "https://i/a.png",
            "state": "active", "locked": false, "email_verified": true,
        });
        user.as_object_mut().unwrap().extend(changed.as_object().unwrap().clone());
        provider.says("/api/v4/user", 200, user);
        to(&come_back(&site, &sign_in(&site))).to_owned()
    };
    let refused = |error: &str| format!("/sorry?a=b&error={error}");
    assert_eq!(user(json!({"email": "a\0b@example.com"})), refused("email_not_found"));
    assert_eq!(user(json!({"email": "\u{1}@example.com"})), refused("email_not_found"));
    let long = format!("{}@example.com", "x".repeat(100_000));
    assert_eq!(user(json!({"email": long})), refused("email_not_found"));
    assert_eq!(user(json!({"id": "4\u{0}2"})), refused("unable_to_get_user_info"));
    assert_eq!(user(json!({"name": "A\0da", "avatar_url": "https://i/\0"})), "/welcome");
    let ada = site.auth.api().get_user(ADA).unwrap();
    assert_eq!((ada.name.as_str(), ada.image), ("Ada", None));
    // A token with one is no value for the database.
    provider.says("/oauth/token", 200, tokens("acc\0ess"));
    let answer = come_back(&site, &sign_in(&site));
    assert_eq!(answer.status, 302, "{answer:?}");
}

#[test]
fn the_word_false_verifies_nobody() {
    let provider = Provider::start();
    let site = site(&provider, |_| {});
    provider.says(
        "/api/v4/user",
        200,
        json!({"id": 42, "state": "active", "email": ADA, "email_verified": "false"}),
    );
    come_back(&site, &sign_in(&site));
    assert!(!site.auth.api().get_user(ADA).unwrap().email_verified);
}

#[test]
fn a_signed_in_user_adds_a_way_in() {
    let provider = Provider::start();
    let site = site(&provider, |_| {});
    let cookies = site.sign_up("ada@example.com").cookies();
    let body =
        json!({"provider": "gitlab", "callbackURL": "/settings", "errorCallbackURL": "/sorry"});
    let link = || ask(&site, "/link-social", &body, &cookies);
    says(&provider, "other@example.com", true);
    assert_eq!(to(&come_back(&site, &link())), "/sorry?error=email_does_not_match");
    says(&provider, ADA, false);
    assert_eq!(to(&come_back(&site, &link())), "/sorry?error=unable_to_link_account");
    says(&provider, ADA, true);
    let answer = come_back(&site, &link());
    assert_eq!(to(&answer), "/settings");
    assert!(!answer.cookies().contains("session_token"), "the session stays as it is");
    provider.says("/oauth/token", 200, json!({"access_token": "a", "scope": "api zzz"}));
    come_back(&site, &link());
    assert_eq!(accounts(&site)[1], ("gitlab".to_owned(), "read_user,api,zzz".to_owned()));

    // A session that has ended meanwhile adds nothing.
    let sent = link();
    site.send(Request::post("/sign-out").signed_in(&cookies));
    assert_eq!(to(&come_back(&site, &sent)), "/sorry?error=unable_to_link_account");
    // Nor is somebody else's way in taken over.
    let eve = site.sign_up("eve@example.com").cookies();
    let sent = ask(&site, "/link-social", &body, &eve);
    says(&provider, "eve@example.com", true);
    let taken = "/sorry?error=account_already_linked_to_different_user";
    assert_eq!(to(&come_back(&site, &sent)), taken);
    let nobody = site.post("/link-social", &body);
    assert_eq!(nobody.status, 401);
}

/// The provider is asked for a while, and the user may get another address meanwhile.
#[test]
fn a_linked_account_needs_the_address_that_the_user_has_when_they_come_back() {
    let provider = Provider::start();
    let site = site(&provider, |_| {});
    let cookies = site.sign_up(ADA).cookies();
    let body =
        json!({"provider": "gitlab", "callbackURL": "/settings", "errorCallbackURL": "/sorry"});
    let link = || ask(&site, "/link-social", &body, &cookies);
    let (first, second) = (link(), link());
    let id = site.session(&cookies)["user"]["id"].as_str().unwrap().to_owned();
    let email = Some("new@example.com".to_owned());
    let changes = better_auth::UserChanges { email, ..Default::default() };
    site.auth.api().update_user(&id, &changes).unwrap();
    assert_eq!(to(&come_back(&site, &first)), "/sorry?error=email_does_not_match");
    says(&provider, "new@example.com", true);
    assert_eq!(to(&come_back(&site, &second)), "/settings");
}

#[test]
fn tokens_are_kept_renewed_and_if_asked_for_encrypted() {
    for encrypts in [false, true] {
        let provider = Provider::start();
        let site = site(&provider, |config| config.account.encrypt_oauth_tokens = encrypts);
        let cookies = come_back(&site, &sign_in(&site)).cookies();
        let sql = r#"SELECT "accessToken" || "refreshToken" FROM "account""#;
        let row = site.auth.database().read(|tx| tx.find(sql, &[], |row| row.text(0)));
        assert_eq!(row.unwrap().unwrap() == "accessrefresh", !encrypts);

        let list = site.send(Request::get("/list-accounts").header("cookie", &cookies)).json();
        let id = list[0]["id"].as_str().unwrap().to_owned();
        let call = |path: &str| {
            site.send(Request::post(path).signed_in(&cookies).json(&json!({"accountId": id})))
        };
        provider.asked();
        let fresh = call("/get-access-token").json();
        assert_eq!(
            (&fresh["accessToken"], &fresh["scopes"]),
            (&json!("access"), &json!(["read_user", "api"]))
        );
        assert!(provider.asked().is_empty(), "a token that works is not renewed");
        let sql = r#"UPDATE "account" SET "accessToken" = 'older'"#;
        assert_eq!(site.auth.database().write(|tx| tx.execute(sql, &[])), Ok(1));
        let older = call("/get-access-token").json();
        assert_eq!(
            older["accessToken"], "older",
            "what was stored before encryption was on is read"
        );

        site.wait(Duration::from_secs(7200 - 4));
        provider.says("/oauth/token", 200, json!({"access_token": "renewed", "expires_in": 60}));
        assert_eq!(call("/get-access-token").json()["accessToken"], "renewed");
        let form = provider.asked()[0].form();
        assert_eq!(form[0], ("grant_type".to_owned(), "refresh_token".to_owned()));
        assert_eq!(form[1], ("refresh_token".to_owned(), "refresh".to_owned()));

        provider.says("/oauth/token", 200, json!({"access_token": "new", "refresh_token": "r2"}));
        let renewed = call("/refresh-token").json();
        assert_eq!(
            (&renewed["accessToken"], &renewed["refreshToken"]),
            (&json!("new"), &json!("r2"))
        );
        assert_eq!((&renewed["providerId"], &renewed["accountId"]), (&json!("gitlab"), &json!(id)));
        assert_eq!(renewed["scope"], "read_user,api");

        let path = format!("/account-info?accountId={id}");
        let info = site.send(Request::get(&path).header("cookie", &cookies)).json();
        assert_eq!((&info["user"]["email"], &info["data"]["id"]), (&json!(ADA), &json!(42)));
        assert_eq!(info["account"]["accountId"], "42");

        provider.says("/oauth/token", 400, json!({"error": "invalid_grant"}));
        assert_eq!(call("/refresh-token").code(), "FAILED_TO_REFRESH_ACCESS_TOKEN");
        let eve = site.sign_up("eve@example.com").cookies();
        let foreign = Request::post("/get-access-token").signed_in(&eve);
        let foreign = site.send(foreign.json(&json!({"accountId": id})));
        assert_eq!(foreign.code(), "ACCOUNT_NOT_FOUND");
    }
}

#[test]
fn a_form_of_the_provider_is_sent_on_without_what_is_not_needed() {
    let site = Site::new();
    let request = Request::post("/callback/apple")
        .header("sec-fetch-site", "cross-site")
        .header("sec-fetch-mode", "navigate")
        .header("origin", "https://appleid.apple.com");
    let form = "state=s&code=c+d&id_token=secret&user=%7B%7D";
    let answer = site.send(request.body("application/x-www-form-urlencoded", form));
    let place = "http://localhost:3000/api/auth/callback/apple?code=c+d&state=s&user=%7B%7D";
    assert_eq!((answer.status, to(&answer)), (302, place));

    // No browser would take it.
    let long = format!("state=s&code={}", "c".repeat(10_000));
    let long = Request::post("/callback/apple").body("application/x-www-form-urlencoded", long);
    let place = "http://localhost:3000/api/auth/error?error=invalid_callback_request";
    assert_eq!(to(&site.send(long)), place);
}

#[test]
fn a_provider_in_a_private_network_is_not_asked_unless_that_is_allowed() {
    let provider = Provider::start();
    let site = site(&provider, |config| config.advanced.allow_private_addresses = false);
    let answer = come_back(&site, &sign_in(&site));
    assert_eq!(to(&answer), "/sorry?a=b&error=invalid_code");
    assert!(provider.asked().is_empty());
}
