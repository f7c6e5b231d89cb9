//! `username`: "/sign-in/username", "/is-username-available", and names in the core's endpoints.

use serde_json::Value;
use serde_json::json;

use crate::harness::Answer;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::site::PASSWORD;

fn sign_up(site: &Site, email: &str, fields: Value) -> Answer {
    let mut body = json!({"email": email, "name": "", "password": PASSWORD});
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    site.post("/sign-up/email", &body)
}

fn sign_in(site: &Site, name: &str, password: &str) -> Answer {
    site.post("/sign-in/username", &json!({"username": name, "password": password}))
}

#[test]
fn a_name_is_kept_in_lower_case_beside_its_spelling_and_signs_in() {
    let site = Site::with_plugins(|_| {});
    let user = sign_up(&site, "ada@example.com", json!({"username": "Ada.L"})).json();
    assert_eq!(user["user"]["username"], "ada.l");
    assert_eq!(user["user"]["displayUsername"], "Ada.L");
    let answer = sign_in(&site, "ADA.L", PASSWORD);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.json()["user"]["email"], "ada@example.com");
    assert_ne!(site.session(&answer.cookies()), Value::Null);
}

#[test]
fn unknown_names_wrong_passwords_and_users_without_one_are_one_answer() {
    let site = Site::with_plugins(|_| {});
    sign_up(&site, "ada@example.com", json!({"username": "ada"}));
    let new = better_auth::NewUser {
        email: "bob@example.com".to_owned(),
        additional: json!({"username": "bob"}).as_object().unwrap().clone(),
        ..better_auth::NewUser::default()
    };
    site.auth.api().create_user(&new).unwrap();
    let outcome = (401, "INVALID_USERNAME_OR_PASSWORD".to_owned());
    let bodies: Vec<String> = [("ada", "wrong password"), ("nobody", PASSWORD), ("bob", PASSWORD)]
        .map(|(name, password)| sign_in(&site, name, password))
        .into_iter()
        .inspect(|answer| assert_eq!(answer.outcome(), outcome))
        .map(|answer| answer.body)
        .collect();
    assert!(bodies.iter().all(|body| *body == bodies[0]));
    assert_eq!(sign_in(&site, "", PASSWORD).outcome(), outcome);
    assert_eq!(sign_in(&site, "ada", "").outcome(), outcome);
    assert_eq!(sign_in(&site, "a b", PASSWORD).outcome(), (422, "INVALID_USERNAME".to_owned()));
}

#[test]
fn an_address_that_is_not_verified_shows_only_after_the_right_password() {
    let site = Site::with_plugins(|config| {
        config.email_and_password.require_email_verification = true;
    });
    sign_up(&site, "ada@example.com", json!({"username": "ada"}));
    let outcome = |password| sign_in(&site, "ada", password).outcome();
    assert_eq!(outcome("wrong password"), (401, "INVALID_USERNAME_OR_PASSWORD".to_owned()));
    assert_eq!(outcome(PASSWORD), (403, "EMAIL_NOT_VERIFIED".to_owned()));
}

#[test]
fn a_name_that_somebody_has_is_refused_in_any_case_and_on_every_way_in() {
    let site = Site::with_plugins(|_| {});
    sign_up(&site, "ada@example.com", json!({"username": "ada"}));
    let taken = (400, "USERNAME_IS_ALREADY_TAKEN".to_owned());
    let bob = sign_up(&site, "bob@example.com", json!({"username": "ADA"}));
    assert_eq!(bob.outcome(), taken);
    let bob = sign_up(&site, "bob@example.com", json!({"username": "bob"}));
    let rename = |name: &str| {
        let request = Request::post("/update-user").signed_in(&bob.cookies());
        site.send(request.json(&json!({"username": name})))
    };
    assert_eq!(rename("Ada").outcome(), taken);
    assert_eq!(rename("Bob").status, 200);
    assert_eq!(rename("x").outcome(), (400, "USERNAME_TOO_SHORT".to_owned()));
    let new = better_auth::NewUser {
        email: "eve@example.com".to_owned(),
        additional: json!({"username": "ADA"}).as_object().unwrap().clone(),
        ..better_auth::NewUser::default()
    };
    let error = site.auth.api().create_user(&new).unwrap_err();
    assert_eq!(error.code().name, "USERNAME_IS_ALREADY_TAKEN");
    let available = |name: &str| {
        site.post("/is-username-available", &json!({ "username": name })).json()["available"]
            .clone()
    };
    assert_eq!([available("ADA"), available("carl")], [json!(false), json!(true)]);
}

#[test]
fn of_many_who_want_a_name_at_once_one_gets_it() {
    let site = Site::with_plugins(|_| {});
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|n| {
                let site = &site;
                scope.spawn(move || {
                    sign_up(site, &format!("{n}@example.com"), json!({"username": "ada"})).status
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
}

#[test]
fn a_name_that_may_not_change_does_not() {
    let site = Site::with(|config| {
        config.plugins = [("username".to_owned(), json!({"immutableUsername": true}))].into();
    });
    let ada = sign_up(&site, "ada@example.com", json!({}));
    let rename = |name: &str| {
        let request = Request::post("/update-user").signed_in(&ada.cookies());
        site.send(request.json(&json!({"username": name})))
    };
    assert_eq!(rename("ada").status, 200);
    assert_eq!(rename("ADA").status, 200);
    assert_eq!(rename("lovelace").outcome(), (400, "USERNAME_IS_IMMUTABLE".to_owned()));
    // Taken away it could be chosen anew.
    let request = Request::post("/update-user").signed_in(&ada.cookies());
    let removed = site.send(request.json(&json!({"username": null})));
    assert_eq!(removed.outcome(), (400, "USERNAME_IS_IMMUTABLE".to_owned()));
}
