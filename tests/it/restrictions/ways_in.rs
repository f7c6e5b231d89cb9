//! Every way in is closed to somebody whom another program's plugin restricts, and says so only to them.

use std::sync::Mutex;

use better_auth::Plugin;
use better_auth::config::AdditionalField;
use better_auth::config::AdditionalFields;
use better_auth::config::FieldType;
use better_auth::config::Transport;
use better_auth::instance::EventKind;
use better_auth::instance::Hooks;
use better_auth::instance::hooks::OnEvent;
use serde_json::Value;
use serde_json::json;

use super::ADA;
use super::as_made_by_the_plugins;
use super::hands_out_nothing;
use super::set;
use super::site;
use crate::endpoints::generic_oauth;
use crate::harness::Answer;
use crate::harness::Provider;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::provider::signed;
use crate::harness::site::PASSWORD;

/// Writes down who was refused, how and why.
#[derive(Default)]
struct Ear(Mutex<Vec<String>>);

impl Plugin for Ear {
    fn id(&self) -> &'static str {
        "ear"
    }

    fn hooks(&self) -> Hooks {
        let hear: OnEvent = |_, instance, event| {
            if let EventKind::SignInRefused { method, code } = event.kind {
                let heard = format!("{} {} {}", method.name(), code.name, event.user_id.is_some());
                instance.plugin::<Self>().unwrap().0.lock().unwrap().push(heard);
            }
            Ok(())
        };
        Hooks { on_event: Some(hear), ..Hooks::default() }
    }
}

/// A site on which Ada can sign in by every way there is, and is restricted.
fn closed(provider: &Provider, restriction: &str) -> Site {
    let site = Site::with_plugin(Ear::default(), |config| {
        config.plugins = [("username".to_owned(), json!({}))].into();
        config.email.transport = Some(Transport::File);
        config.email_verification.auto_sign_in_after_verification = true;
        config.email_verification.send_on_sign_up = Some(true);
        config.session.cookie_cache.enabled = true;
        config.account.account_linking.require_local_email_verified = false;
        generic_oauth::add(provider, config);
    });
    as_made_by_the_plugins(site.auth.database());
    let new = json!({"name": "Ada", "email": ADA, "password": PASSWORD, "username": "ada"});
    assert_eq!(site.post("/sign-up/email", &new).status, 200);
    site.auth.api().revoke_sessions_of_all_users().unwrap();
    set(site.auth.database(), restriction);
    site
}

fn by_address(site: &Site, password: &str) -> Answer {
    site.post("/sign-in/email", &json!({"email": ADA, "password": password}))
}

/// With a token that an application has from the provider.
fn by_token(site: &Site, provider: &Provider) -> Answer {
    let (keys, token) =
        signed(&json!({"iss": provider.url, "sub": "7", "aud": "the id", "iat": 1_795_435_200,
        "exp": 1_795_435_800, "email": ADA, "email_verified": true, "name": "Ada"}));
    provider.says("/keys", 200, keys);
    site.post("/sign-in/social", &json!({"provider": "mine", "idToken": {"token": token}}))
}

#[test]
fn no_way_in_begins_a_session_for_whom_another_programs_plugin_keeps_out() {
    for (restriction, code) in [
        (r#""twoFactorEnabled" = true"#, "TWO_FACTOR_REQUIRED"),
        (r#""banned" = true"#, "BANNED_USER"),
    ] {
        let provider = Provider::start();
        let site = closed(&provider, restriction);
        let refused = (403, code.to_owned());
        let by_name = json!({"username": "ada", "password": PASSWORD});
        for answer in [
            by_address(&site, PASSWORD),
            site.post("/sign-in/username", &by_name),
            by_token(&site, &provider),
        ] {
            assert_eq!(answer.outcome(), refused, "{answer:?}");
            hands_out_nothing(&site, &answer);
        }
        let back = generic_oauth::come_back(&site, &provider, "", |claims| {
            claims["email"] = json!(ADA);
        });
        let place = back.header("location").unwrap();
        assert!(place.contains(&format!("error={code}&error_description=")), "{place}");
        hands_out_nothing(&site, &back);
        // Nothing of these attempts stays: neither the account of the provider, nor its word for the address.
        assert_eq!(site.stored("account"), 1);
        assert!(!site.auth.api().get_user(ADA).unwrap().email_verified);

        // Nobody who does not know the password learns of it.
        let unknown =
            site.post("/sign-in/email", &json!({"email": "b@c.de", "password": PASSWORD}));
        assert_eq!(by_address(&site, "a wrong password").body, unknown.body);
    }
}

#[test]
fn a_link_that_verifies_an_address_signs_nobody_in_who_has_a_second_factor() {
    let provider = Provider::start();
    let site = closed(&provider, r#""twoFactorEnabled" = true"#);
    let opened = site.send(Request::get(site.mail().path().split("&callback").next().unwrap()));
    assert_eq!((opened.status, &opened.json()["user"]), (200, &Value::Null), "{opened:?}");
    hands_out_nothing(&site, &opened);
    assert!(site.auth.api().get_user(ADA).unwrap().email_verified, "that is theirs to do");

    let site = closed(&provider, r#""banned" = true"#);
    let opened = site.send(Request::get(site.mail().path().split("&callback").next().unwrap()));
    assert_eq!(opened.outcome(), (403, "BANNED_USER".to_owned()));
    hands_out_nothing(&site, &opened);
}

#[test]
fn a_refusal_is_an_event_like_any_other() {
    let provider = Provider::start();
    let site = closed(&provider, r#""twoFactorEnabled" = true"#);
    by_address(&site, PASSWORD);
    by_token(&site, &provider);
    site.send(Request::get(site.mail().path()));
    let heard = site.auth.call().instance().plugin::<Ear>().unwrap().0.lock().unwrap().clone();
    assert_eq!(
        heard,
        [
            "password TWO_FACTOR_REQUIRED true",
            "mine TWO_FACTOR_REQUIRED true",
            "email-verification TWO_FACTOR_REQUIRED true"
        ]
    );
}

#[test]
fn a_sign_up_follows_what_the_column_says_of_new_users() {
    let site = Site::new();
    let flag = super::flag(site.auth.database());
    super::add(site.auth.database(), "banned", &format!("{flag} DEFAULT {}", default(&site)));
    let new = json!({"name": "Ada", "email": ADA, "password": PASSWORD});
    let answer = site.post("/sign-up/email", &new);
    assert_eq!(answer.outcome(), (403, "BANNED_USER".to_owned()));
    assert_eq!(site.stored("user"), 0);
}

fn default(site: &Site) -> &'static str {
    if super::flag(site.auth.database()) == "boolean" { "true" } else { "1" }
}

#[test]
fn what_is_ignored_by_name_lets_people_in() {
    for (restriction, name) in
        [(r#""twoFactorEnabled" = true"#, "twoFactorEnabled"), (r#""banned" = true"#, "banned")]
    {
        let site = site(|config| config.user.ignore_restrictions = vec![name.to_owned()]);
        site.sign_up(ADA);
        set(site.auth.database(), restriction);
        let answer = by_address(&site, PASSWORD);
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(site.session(&answer.cookies())["user"]["email"], ADA);
        // One name is not the other.
        set(site.auth.database(), r#""twoFactorEnabled" = true, "banned" = true"#);
        assert_eq!(by_address(&site, PASSWORD).status, 403);
    }
}

#[test]
fn a_plugin_that_is_enabled_decides_itself() {
    let site = Site::with(|config| {
        let options = json!({"bannedUserMessage": "Ask Grace."});
        config.plugins = [("admin".to_owned(), options)].into();
    });
    site.sign_up(ADA);
    set(site.auth.database(), r#""banned" = true"#);
    let answer = by_address(&site, PASSWORD);
    assert_eq!((answer.status, &answer.json()["message"]), (403, &json!("Ask Grace.")));

    // So does one of the program, which takes over the field.
    let site = Site::with_plugin(Own, |_| {});
    site.sign_up(ADA);
    set(site.auth.database(), r#""twoFactorEnabled" = true"#);
    assert_eq!(by_address(&site, PASSWORD).status, 200);
}

/// A program's own second factor, with the column of Better Auth's.
struct Own;

impl Plugin for Own {
    fn id(&self) -> &'static str {
        "own-factor"
    }

    fn user_fields(&self) -> AdditionalFields {
        let field = AdditionalField {
            required: false,
            input: false,
            ..AdditionalField::new(FieldType::Flag)
        };
        [("twoFactorEnabled".to_owned(), field)].into()
    }
}

#[test]
fn a_field_of_the_application_does_not_take_a_restriction_away() {
    let site = Site::with(|config| {
        let field = json!({"twoFactorEnabled": {"type": "boolean", "required": false, "input": false, "fieldName": "has_totp"}});
        config.user.additional_fields = serde_json::from_value(field).unwrap();
    });
    site.sign_up(ADA);
    assert_eq!(by_address(&site, PASSWORD).status, 200);
    set(site.auth.database(), r#""has_totp" = true"#);
    assert_eq!(by_address(&site, PASSWORD).outcome(), (403, "TWO_FACTOR_REQUIRED".to_owned()));
}
