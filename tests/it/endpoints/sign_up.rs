//! `/sign-up/email` [contract 8.2].

use serde_json::Value;
use serde_json::json;

use crate::harness::Request;
use crate::harness::Site;
use crate::harness::site::PASSWORD;

#[test]
fn a_new_user_is_signed_in_at_once() {
    let site = Site::new();
    let answer = site.sign_up("Ada@Example.com");
    let body = answer.json();
    assert_eq!(body["user"]["email"], "ada@example.com");
    assert_eq!(body["user"]["name"], "Ada");
    assert_eq!(body["user"]["emailVerified"], false);
    assert_eq!(body["user"]["image"], Value::Null);
    assert_eq!(body["user"]["createdAt"], "2026-11-23T12:00:00.000Z");
    assert_eq!(body["token"].as_str().map(str::len), Some(32));

    let [cookie] = answer.set_cookies()[..] else { panic!("{answer:?}") };
    assert!(
        cookie.starts_with(&format!(
            "better-auth.session_token={}.",
            body["token"].as_str().unwrap()
        ))
    );
    assert!(cookie.ends_with("%3D; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");

    let session = site.session(&answer.cookies());
    assert_eq!(session["user"], body["user"]);
    assert_eq!(session["session"]["expiresAt"], "2026-11-30T12:00:00.000Z");
    assert_eq!(session["session"]["ipAddress"], "127.0.0.1");
}

#[test]
fn whoever_is_not_to_be_remembered_gets_a_day_and_two_cookies() {
    let site = Site::new();
    let answer = site.post(
        "/sign-up/email",
        &json!({"name": "A", "email": "a@b.co", "password": PASSWORD, "rememberMe": false}),
    );
    let cookies = answer.set_cookies();
    assert_eq!(cookies.len(), 2);
    assert!(cookies[0].ends_with("%3D; Path=/; HttpOnly; SameSite=Lax"));
    assert_eq!(
        cookies[1],
        "better-auth.dont_remember=true.qmEHQ0YaGbx%2FOqz5EgOz24xC6L3HQDnQ0x%2F%2BO0pXU60%3D; \
         Path=/; HttpOnly; SameSite=Lax"
    );
    let session = site.session(&answer.cookies());
    assert_eq!(session["session"]["expiresAt"], "2026-11-24T12:00:00.000Z");
}

#[test]
fn a_bad_body_is_told_what_is_wrong_with_it() {
    let undefined = "Invalid input: expected string, received undefined";
    let cases = [
        (
            json!({}),
            format!(
                "[body.name] {undefined}; [body.email] {undefined}; [body.password] {undefined}"
            ),
        ),
        (
            json!([]),
            "[body] Invalid input: expected object, received array; \
             [body] Invalid input: expected record, received array"
                .to_owned(),
        ),
        (
            json!({"name": [], "email": {}, "password": true, "image": null, "rememberMe": "x"}),
            "[body.name] Invalid input: expected string, received array; \
             [body.email] Invalid input: expected string, received object; \
             [body.password] Invalid input: expected string, received boolean; \
             [body.image] Invalid input: expected string, received null; \
             [body.rememberMe] Invalid input: expected boolean, received string"
                .to_owned(),
        ),
        (
            json!({"email": "a@b", "password": ""}),
            format!(
                "[body.name] {undefined}; [body.email] Invalid email address; \
                 [body.password] Too small: expected string to have >=1 characters"
            ),
        ),
    ];
    let site = Site::new();
    for (body, message) in cases {
        let answer = site.post("/sign-up/email", &body);
        assert_eq!(answer.outcome(), (400, "VALIDATION_ERROR".to_owned()));
        assert_eq!(answer.json()["message"], message);
    }
}

#[test]
fn the_length_of_a_password_is_counted_in_utf16_units() {
    let site = Site::new();
    let outcome = |password: &str, email: &str| {
        let body = json!({"name": "A", "email": email, "password": password});
        let answer = site.post("/sign-up/email", &body);
        (answer.status, answer.json()["code"].as_str().map(str::to_owned))
    };
    assert_eq!(outcome("1234567", "a@b.co"), (400, Some("PASSWORD_TOO_SHORT".to_owned())));
    assert_eq!(outcome(&"a".repeat(129), "a@b.co"), (400, Some("PASSWORD_TOO_LONG".to_owned())));
    assert_eq!(outcome("\u{1f511}\u{1f511}\u{1f511}\u{1f511}", "a@b.co"), (200, None));
    assert_eq!(outcome(&"a".repeat(128), "b@b.co"), (200, None));
}

#[test]
fn a_taken_address_is_refused_whatever_its_case() {
    let site = Site::new();
    site.sign_up("ada@example.com");
    let body = json!({"name": "B", "email": "ADA@example.com", "password": PASSWORD});
    let answer = site.post("/sign-up/email", &body);
    assert_eq!(answer.outcome(), (422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL".to_owned()));
    assert!(answer.set_cookies().is_empty());
}

#[test]
fn a_taken_address_does_not_show_where_nobody_is_signed_in() {
    for change in [
        |config: &mut better_auth::Config| config.email_and_password.auto_sign_in = false,
        |config: &mut better_auth::Config| {
            config.email_and_password.require_email_verification = true;
        },
    ] {
        let site = Site::with(change);
        let body = json!({"name": "A", "email": "a@b.co", "password": PASSWORD, "image": "i"});
        let [first, second] = [(); 2].map(|()| site.post("/sign-up/email", &body));
        let shape = |answer: &crate::harness::Answer| {
            let mut body = answer.json();
            body["user"]["id"] = Value::Null;
            (answer.status, answer.set_cookies().len(), body)
        };
        assert_eq!(shape(&first), shape(&second));
        assert_eq!(first.json()["token"], Value::Null);
        assert_ne!(first.json()["user"]["id"], second.json()["user"]["id"]);
    }
}

#[test]
fn sign_up_can_be_switched_off() {
    for change in [
        |config: &mut better_auth::Config| config.email_and_password.enabled = false,
        |config: &mut better_auth::Config| config.email_and_password.disable_sign_up = true,
    ] {
        let site = Site::with(change);
        let body = json!({"name": "A", "email": "a@b.co", "password": PASSWORD});
        let answer = site.post("/sign-up/email", &body);
        assert_eq!(answer.outcome(), (400, "EMAIL_PASSWORD_SIGN_UP_DISABLED".to_owned()));
    }
}

#[test]
fn what_a_stranger_may_not_set_is_ignored() {
    let site = Site::new();
    let body = json!({
        "name": "A", "email": "a@b.co", "password": PASSWORD,
        "id": "1", "emailVerified": true, "createdAt": "2000-01-01T00:00:00.000Z", "role": "admin",
    });
    let user = site.post("/sign-up/email", &body).json()["user"].take();
    assert_ne!(user["id"], "1");
    assert_eq!(user["emailVerified"], false);
    assert_eq!(user["createdAt"], "2026-11-23T12:00:00.000Z");
}

#[test]
fn a_form_of_this_site_signs_up_and_one_of_another_does_not() {
    let site = Site::new();
    let form = "name=A&email=a%40b.co&password=correct+horse+battery";
    let request = Request::post("/sign-up/email").body("application/x-www-form-urlencoded", form);
    let foreign = request.clone().header("origin", "https://evil.example");
    assert_eq!(site.send(foreign).outcome(), (403, "INVALID_ORIGIN".to_owned()));
    let navigation =
        request.clone().header("sec-fetch-site", "cross-site").header("sec-fetch-mode", "navigate");
    assert_eq!(
        site.send(navigation).outcome(),
        (403, "CROSS_SITE_NAVIGATION_LOGIN_BLOCKED".to_owned())
    );
    assert_eq!(site.send(request.header("origin", crate::harness::site::ORIGIN)).status, 200);
}

#[test]
fn of_many_sign_ups_with_one_address_exactly_one_wins() {
    let site = Site::new();
    let body = json!({"name": "A", "email": "a@b.co", "password": PASSWORD});
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let calls: Vec<_> =
            (0..8).map(|_| scope.spawn(|| site.post("/sign-up/email", &body).status)).collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 422).count(), 7, "{statuses:?}");
}
