//! Attacks that are known against sign-in by a provider, each under the number or name that the list of them has; the
//! right answers [security 1.2, 1.3, 1.5].

use std::thread;

use better_auth::ListUsers;
use better_auth::config::GenericOAuth;
use better_auth::config::StateStrategy;
use better_auth::config::Transport;
use serde_json::Value;
use serde_json::json;

use crate::endpoints::generic_oauth;
use crate::endpoints::social::Sent;
use crate::endpoints::social::accounts;
use crate::endpoints::social::ask;
use crate::endpoints::social::come_back;
use crate::endpoints::social::says;
use crate::endpoints::social::sign_in;
use crate::endpoints::social::site;
use crate::endpoints::social::to;
use crate::harness::Provider;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::site::PASSWORD;

const ADA: &str = "ada@example.com";
const MISMATCH: &str = "http://localhost:3000/api/auth/error?error=state_mismatch";

/// A second provider, beside the one of the site.
fn plain(provider: &Provider) -> GenericOAuth {
    let at = |path: &str| Some(format!("{}{path}", provider.url));
    GenericOAuth {
        provider_id: "other".to_owned(),
        authorization_url: at("/authorize"),
        token_url: at("/token"),
        user_info_url: at("/me"),
        client_id: "id".to_owned(),
        ..GenericOAuth::default()
    }
}

fn count(site: &Site, sql: &str) -> i64 {
    site.auth.database().read(|tx| tx.find(sql, &[], |row| row.integer(0))).unwrap().unwrap()
}

/// <https://github.com/better-auth/better-auth/security/advisories/GHSA-965c-763c-88jm>
///
/// A1: a state whose data a stranger chose is presented wherever else a stored secret counts.
#[test]
fn a1_ghsa_965c_763c_88jm_a_state_opens_no_other_door() {
    let provider = Provider::start();
    let site = site(&provider, |config| config.email.transport = Some(Transport::File));
    let cookies = site.sign_up(ADA).cookies();
    let body = json!({
        "provider": "gitlab", "callbackURL": "/home", "disableRedirect": true,
        "additionalData": {"type": "magic-link", "email": ADA, "name": "x", "userId": "x", "token": "x"},
    });
    let sent = ask(&site, "/sign-in/social", &body, "");
    let state = &sent.state;
    let new = json!({"newPassword": "a password of the thief", "token": state});
    for request in [
        Request::post("/reset-password").json(&new),
        Request::get(&format!("/reset-password/{state}?callbackURL=/x")),
        Request::get(&format!("/delete-user/callback?token={state}")).header("cookie", &cookies),
        Request::post("/delete-user").signed_in(&cookies).json(&json!({"token": state})),
        Request::get(&format!("/verify-email?token={state}")),
        Request::get(&format!("/magic-link/verify?token={state}")),
        Request::get("/get-session").header("cookie", format!("better-auth.session_token={state}")),
    ] {
        let answer = site.send(request.clone());
        let is_refused = 400 <= answer.status
            || answer.body == "null"
            || answer.header("location").is_some_and(|place| place.contains("error="));
        assert!(is_refused, "{request:?} {answer:?}");
    }
    assert!(site.auth.api().get_user(ADA).is_ok(), "she is still here");
    let stored = r#"SELECT COUNT(*) FROM "verification" WHERE "identifier" LIKE 'auth-state:%'"#;
    assert_eq!(count(&site, stored), 1, "nothing used it up");

    site.post("/request-password-reset", &json!({"email": ADA, "redirectTo": "/reset"}));
    let reset = site.mail().token().to_owned();
    let forged = Sent { state: reset.clone(), ..sign_in(&site) };
    assert_eq!(to(&come_back(&site, &forged)), MISMATCH);
    let new = json!({"newPassword": PASSWORD, "token": reset});
    assert_eq!(site.post("/reset-password", &new).status, 200, "nothing used that up, either");
    says(&provider, "new@example.com", true);
    assert_eq!(to(&come_back(&site, &sent)), "/home");
}

/// <https://github.com/better-auth/better-auth/security/advisories/GHSA-965c-763c-88jm>
///
/// A1: what a request adds to a state cannot say what only this server says.
#[test]
fn a1_ghsa_965c_763c_88jm_additional_data_overrides_nothing() {
    let provider = Provider::start();
    for strategy in [StateStrategy::Database, StateStrategy::Cookie] {
        let site = site(&provider, |config| config.account.store_state_strategy = strategy);
        let cookies = site.sign_up("victim@example.com").cookies();
        let victim = site.session(&cookies)["user"]["id"].clone();
        let body = json!({
            "provider": "gitlab", "callbackURL": "/home", "additionalData": {
                "callbackURL": "https://evil.example", "errorURL": "https://evil.example",
                "newUserURL": "https://evil.example", "oauthState": "x", "codeVerifier": "x",
                "expiresAt": 9_999_999_999_999_i64, "requestSignUp": true, "idTokenNonce": "x",
                "link": {"userId": victim, "email": ADA}, "serverContext": {"x": 1},
            },
        });
        let sent = ask(&site, "/sign-in/social", &body, "");
        let answer = come_back(&site, &sent);
        assert_eq!(to(&answer), "/home", "{strategy:?}");
        assert_eq!(site.session(&answer.cookies())["user"]["email"], ADA);
        assert_eq!(accounts(&site).len(), 2, "the victim has a password and Ada GitLab");
    }
}

/// <https://github.com/better-auth/better-auth/security/advisories/GHSA-g38m-r43w-p2q7>
///
/// A2: somebody signs up with the address of a person who has never been here, and waits for them.
#[test]
fn a2_ghsa_g38m_r43w_p2q7_a_planted_password_shares_no_account() {
    let provider = Provider::start();
    for requires in [false, true] {
        let site = site(&provider, |config| {
            config.email.transport = Some(Transport::File);
            config.email_and_password.require_email_verification = requires;
        });
        let planted = json!({"name": "Eve", "email": ADA, "password": PASSWORD});
        assert_eq!(site.post("/sign-up/email", &planted).status, 200);
        let answer = come_back(&site, &sign_in(&site));
        assert_eq!(to(&answer), "/sorry?a=b&error=account_not_linked");
        assert!(!answer.cookies().contains("session_token"));
        assert_eq!(accounts(&site).len(), 1);
        assert!(
            !site.auth.api().get_user(ADA).unwrap().email_verified,
            "nor is it verified by that"
        );
    }
}

/// <https://github.com/better-auth/better-auth/security/advisories/GHSA-qq9h-g4jm-xgf3>
///
/// A3: the other way round: an account at a provider that does not verify addresses is planted, and a password
/// comes later.
#[test]
fn a3_ghsa_qq9h_g4jm_xgf3_a_planted_provider_is_not_made_believed_by_a_sign_up() {
    let provider = Provider::start();
    let site = site(&provider, |_| {});
    says(&provider, ADA, false);
    assert_eq!(to(&come_back(&site, &sign_in(&site))), "/welcome");
    let sign_up = json!({"name": "Ada", "email": ADA, "password": PASSWORD});
    let refused = site.post("/sign-up/email", &sign_up);
    assert_eq!(refused.status, 422, "{refused:?}");
    assert!(!site.auth.api().get_user(ADA).unwrap().email_verified);
    assert_eq!(accounts(&site).len(), 1);
}

/// <https://github.com/better-auth/better-auth/security/advisories/GHSA-wxw3-q3m9-c3jr>
///
/// A13: the state is in a cookie and the provider knows no PKCE: a code of the attacker is put under the victim's
/// cookie.
#[test]
fn a13_ghsa_wxw3_q3m9_c3jr_a_state_cookie_counts_for_its_own_state_only() {
    let provider = Provider::start();
    let site = generic_oauth::site_with(&provider, |config| {
        config.account.store_state_strategy = StateStrategy::Cookie;
        config.generic_oauth[0].pkce = Some(false);
    });
    let (parameters, victim) = generic_oauth::ask(&site);
    assert_eq!(generic_oauth::parameter(&parameters, "code_challenge"), None);
    let (attackers, _) = generic_oauth::ask(&site);
    let attackers = generic_oauth::parameter(&attackers, "state").unwrap();
    for state in ["anything", attackers] {
        let path = format!("/callback/mine?code=attacker&state={state}");
        let answer = site.send(Request::get(&path).header("cookie", &victim));
        assert_eq!(to(&answer), "/sorry?error=state_mismatch", "{state}");
    }
    assert!(
        provider.asked().iter().all(|asked| !asked.what.contains("/token")),
        "no code was sent"
    );
}

/// RFC 9700 4.4: a provider of the attacker's sends the browser on to an honest one with the state that it got, or the
/// other way round, so that a code goes where it was not made.
#[test]
fn mixup_a_code_goes_only_to_the_provider_that_was_asked() {
    for strategy in [StateStrategy::Database, StateStrategy::Cookie] {
        let (provider, other) = (Provider::start(), Provider::start());
        let site = site(&provider, |config| {
            config.account.store_state_strategy = strategy;
            config.generic_oauth.push(plain(&other));
        });
        let ada = site.sign_up(ADA).cookies();
        let begin = |path: &str, id: &str, cookies: &str| {
            let body =
                json!({"provider": id, "callbackURL": "/home", "errorCallbackURL": "/sorry"});
            ask(&site, path, &body, cookies)
        };
        let answer = |id: &str, query: &str, sent: &Sent| {
            let path = format!("/callback/{id}?{query}&state={}", sent.state);
            to(&site.send(Request::get(&path).header("cookie", &sent.cookies))).to_owned()
        };
        for (asked, answers) in [("gitlab", "other"), ("other", "gitlab"), ("gitlab", "nobody")] {
            for (path, cookies) in [("/sign-in/social", ""), ("/link-social", ada.as_str())] {
                let sent = begin(path, asked, cookies);
                for query in ["code=c", "error=access_denied"] {
                    let place = answer(answers, query, &sent);
                    assert_eq!(place, "/sorry?error=state_mismatch", "{path} {asked} {answers}");
                }
                let asked: Vec<_> = [provider.asked(), other.asked()].concat();
                assert!(asked.is_empty(), "no code was sent: {asked:?}");
            }
        }
        let sent = begin("/link-social", "gitlab", &ada);
        assert_eq!(answer("other", "code=c", &sent), "/sorry?error=state_mismatch");
        assert_eq!(answer("gitlab", "code=c", &sent), "/home", "nothing used the state up");
    }
}

/// The same: the state says which provider was asked, and one that does not say so belongs to none.
#[test]
fn mixup_a_state_that_names_no_provider_is_refused() {
    let provider = Provider::start();
    let site = site(&provider, |config| config.secondary_storage.url = None);
    let sent = sign_in(&site);
    let find = r#"SELECT "value" FROM "verification""#;
    let state = site.auth.database().read(|tx| tx.find(find, &[], |row| row.text(0)));
    let mut state: Value = serde_json::from_str(&state.unwrap().unwrap()).unwrap();
    assert_eq!(state.as_object_mut().unwrap().shift_remove("providerId"), Some(json!("gitlab")));
    let (state, set) = (state.to_string(), r#"UPDATE "verification" SET "value" = $1"#);
    site.auth.database().write(|tx| tx.execute(set, &[state.as_str().into()])).unwrap();
    assert_eq!(to(&come_back(&site, &sent)), "/sorry?a=b&error=state_mismatch");
    assert!(provider.asked().is_empty(), "no code was sent");
}

/// <https://github.com/better-auth/better-auth/security/advisories/GHSA-r4xp-prcw-77qf>
///
/// B8: what the server encrypts for one purpose is worth nothing for another. A provider can choose its tokens,
/// and they lie encrypted in the database.
#[test]
fn b8_ghsa_r4xp_prcw_77qf_an_encrypted_token_is_no_state() {
    let provider = Provider::start();
    let site = site(&provider, |config| {
        config.account.encrypt_oauth_tokens = true;
        config.account.store_state_strategy = StateStrategy::Cookie;
    });
    let victim = site.sign_up("victim@example.com").cookies();
    let victim = site.session(&victim)["user"]["id"].clone();
    let chosen = json!({
        "callbackURL": "/home", "codeVerifier": "x", "expiresAt": 9_999_999_999_999_i64, "oauthState": "chosen",
        "link": {"userId": victim, "email": ADA},
    });
    provider.says("/oauth/token", 200, json!({"access_token": chosen.to_string()}));
    come_back(&site, &sign_in(&site));
    let sql = r#"SELECT "accessToken" FROM "account" WHERE "accessToken" IS NOT NULL"#;
    let sealed = site.auth.database().read(|tx| tx.find(sql, &[], |row| row.text(0)));
    let cookie = format!("better-auth.oauth_state={}", sealed.unwrap().unwrap());
    let answer =
        site.send(Request::get("/callback/gitlab?code=c&state=chosen").header("cookie", cookie));
    assert_eq!(to(&answer), "http://localhost:3000/api/auth/error?error=state_invalid");
}

/// 1.3: whoever has no name of their own at the provider would share one account with everybody like that.
#[test]
fn identity_an_empty_subject_is_nobody() {
    let provider = Provider::start();
    let site = site(&provider, |_| {});
    for subject in [
        json!(null),
        json!(""),
        json!(" "),
        json!("undefined"),
        json!("null"),
        json!({}),
        json!([]),
    ] {
        let user = json!({"id": subject, "state": "active", "email": ADA, "email_verified": true});
        provider.says("/api/v4/user", 200, user);
        let place = "/sorry?a=b&error=unable_to_get_user_info";
        assert_eq!(to(&come_back(&site, &sign_in(&site))), place, "{subject}");
    }
    assert!(accounts(&site).is_empty());
}

/// ASVS 6.8.1: the same id at another provider belongs to another user.
#[test]
fn identity_the_same_id_at_two_providers_is_two_users() {
    let (provider, other) = (Provider::start(), Provider::start());
    let site = site(&provider, |config| config.generic_oauth.push(plain(&other)));
    assert_eq!(to(&come_back(&site, &sign_in(&site))), "/welcome");
    other.says("/token", 200, json!({"access_token": "access"}));
    other.says("/me", 200, json!({"id": 42, "email": "eve@example.com"}));
    let sent = ask(&site, "/sign-in/social", &json!({"provider": "other", "callbackURL": "/"}), "");
    let path = format!("/callback/other?code=c&state={}", sent.state);
    let answer = site.send(Request::get(&path).header("cookie", &sent.cookies));
    assert_eq!(site.session(&answer.cookies())["user"]["email"], "eve@example.com");
    assert_eq!(accounts(&site).len(), 2);
}

/// 1.5: a token of an OpenID provider that is not signed, or names no nonce or another.
#[test]
fn identity_a_token_that_is_not_signed_or_not_for_this_sign_in_is_nobody() {
    let provider = Provider::start();
    let site = generic_oauth::site(&provider, |_| {});
    let refused = "/sorry?error=unable_to_get_user_info";
    for nonce in [json!(null), json!(""), json!(["x"]), json!("another")] {
        let answer = generic_oauth::come_back(&site, &provider, "", |claims| {
            claims["nonce"] = nonce.clone();
        });
        assert_eq!(to(&answer), refused, "{nonce}");
    }
    for forge in [
        (|token| token.replace("eyJhbGciOiJSUzI1NiIs", "eyJhbGciOiJub25lIiwg"))
            as fn(&str) -> String,
        |token| format!("{}.", token.rsplit_once('.').unwrap().0),
        |token| token.rsplit_once('.').unwrap().0.to_owned(),
        |token| token.split('.').nth(1).unwrap().to_owned(),
        |_| "x".to_owned(),
    ] {
        let answer = generic_oauth::come_back_forged(&site, &provider, forge);
        assert_eq!(to(&answer), refused);
        assert!(!answer.cookies().contains("session_token"));
    }
}

/// 1.4: the session that asked for another way in is somebody else's by now, or over.
#[test]
fn link_a_session_that_ended_or_was_revoked_adds_nothing() {
    let provider = Provider::start();
    let body =
        json!({"provider": "gitlab", "callbackURL": "/settings", "errorCallbackURL": "/sorry"});
    for end in ["/sign-out", "/revoke-sessions", "/delete-user"] {
        let site = site(&provider, |_| {});
        let cookies = site.sign_up(ADA).cookies();
        let sent = ask(&site, "/link-social", &body, &cookies);
        let ended = site.send(Request::post(end).signed_in(&cookies).json(&json!({})));
        assert_eq!(ended.status, 200, "{end}");
        assert_eq!(to(&come_back(&site, &sent)), "/sorry?error=unable_to_link_account", "{end}");
        assert!(accounts(&site).iter().all(|(provider, _)| provider == "credential"), "{end}");
    }
}

/// 1.5: places where people would be sent to afterwards.
#[test]
fn pinned_places_open_redirects_are_refused_in_every_field() {
    let provider = Provider::start();
    let site = site(&provider, |config| {
        config.trusted_origins =
            vec!["https://trusted.com".to_owned(), "myapp://callback".to_owned()];
    });
    let cookies = site.sign_up(ADA).cookies();
    let bad = [
        "https://evil.com",
        "https://trusted.com.malicious.com",
        "http://sub-domain.trusted.com",
        "//evil.com",
        "/%5C/evil.com",
        "/\\/\\/evil.com",
        "/\\evil.com",
        "/%2fevil.com",
        "/..%2F..%2Fevil.com",
        "javascript:alert('xss')",
        "data:text/html,x",
        "https://trusted.com@evil.com",
        "https://evil.com#.trusted.com",
        "https://evil.com\\.trusted.com",
        "myapp://callback.attacker.tld",
        "/\u{0}x",
        "evil.com",
    ];
    for path in ["/sign-in/social", "/link-social"] {
        for field in ["callbackURL", "newUserCallbackURL", "errorCallbackURL"] {
            let send = |place: Value| {
                let body = json!({"provider": "gitlab", field: place});
                site.send(Request::post(path).signed_in(&cookies).json(&body))
            };
            for place in bad {
                assert_eq!(send(json!(place)).status, 403, "{path} {field} {place:?}");
            }
            for place in [json!({"a": 1}), json!(["/x"]), json!(5)] {
                assert_eq!(send(place.clone()).status, 400, "{path} {field} {place}");
            }
            for place in ["/dash#frag", "https://trusted.com/x?y=z", "myapp://callback"] {
                assert_eq!(send(json!(place)).status, 200, "{path} {field} {place}");
            }
        }
    }
    // Nor does a provider choose the place: what it sends along goes into the query, escaped.
    let sent = sign_in(&site);
    let query = "error=x%0d%0aLocation:%20https://evil.com&error_description=%3Cscript%3E%23%26callbackURL=//evil.com";
    let path = format!("/callback/gitlab?{query}&state={}", sent.state);
    let answer = site.send(Request::get(&path).header("cookie", &sent.cookies));
    assert!(to(&answer).starts_with("/sorry?a=b&error=x%0D%0ALocation%3A+https%3A%2F%2Fevil.com&error_description=%3Cscript%3E%23%26"));
}

/// 1.3: of many who come back with one state at the same time, one gets in.
#[test]
fn single_use_a_state_counts_once_however_many_come_at_once() {
    let provider = Provider::start();
    let site = site(&provider, |_| {});
    let sent = sign_in(&site);
    let places: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> =
            (0..8).map(|_| scope.spawn(|| to(&come_back(&site, &sent)).to_owned())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(places.iter().filter(|place| *place == "/welcome").count(), 1, "{places:?}");
    assert_eq!(places.iter().filter(|place| *place == MISMATCH).count(), 7, "{places:?}");
    assert_eq!(count(&site, r#"SELECT COUNT(*) FROM "session""#), 1);
}

/// 1.3: of many who come for the first time at the same time, all become the same user.
#[test]
fn single_use_somebody_new_is_made_once_however_often_they_come_at_once() {
    let provider = Provider::start();
    let site = site(&provider, |_| {});
    let all: Vec<Sent> = (0..6).map(|_| sign_in(&site)).collect();
    let mut places: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> =
            all.iter().map(|sent| scope.spawn(|| to(&come_back(&site, sent)).to_owned())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    places.sort();
    assert_eq!(places, ["/home", "/home", "/home", "/home", "/home", "/welcome"]);
    assert_eq!(accounts(&site).len(), 1);
    assert_eq!(site.auth.api().list_users(&ListUsers::default()).unwrap().users.len(), 1);
}
