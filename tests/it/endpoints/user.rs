//! `/update-user` and `/user` [contract 8.9, 14].

use http::Method;
use serde_json::Value;
use serde_json::json;

use crate::harness::Request;
use crate::harness::Site;

fn update(site: &Site, cookies: &str, body: &Value) -> crate::harness::Answer {
    site.send(Request::post("/update-user").signed_in(cookies).json(body))
}

#[test]
fn the_user_is_answered_to_themselves_and_to_nobody_else() {
    let site = Site::new();
    let signed_up = site.sign_up("ada@example.com");
    let answer = site.send(Request::get("/user").header("cookie", signed_up.cookies()));
    assert_eq!(answer.json(), signed_up.json()["user"]);
    let nobody = site.send(Request::get("/user"));
    assert_eq!(nobody.body, r#"{"message":"Unauthorized","code":"SESSION_EXPIRED","status":401}"#);
}

#[test]
fn name_and_image_change_and_the_session_stays() {
    let site = Site::new();
    let cookies = site.sign_up("ada@example.com").cookies();
    site.wait(std::time::Duration::from_secs(1));
    let answer = update(&site, &cookies, &json!({"name": "Ada L", "image": "https://i/x.png"}));
    assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"status":true}"#));
    assert!(answer.set_cookies()[0].starts_with(&cookies));
    let user = site.session(&cookies)["user"].take();
    assert_eq!((&user["name"], &user["image"]), (&json!("Ada L"), &json!("https://i/x.png")));
    assert_eq!(user["updatedAt"], "2026-11-23T12:00:01.000Z");
    assert_eq!(user["createdAt"], "2026-11-23T12:00:00.000Z");

    update(&site, &cookies, &json!({"image": null}));
    assert_eq!(site.session(&cookies)["user"]["image"], Value::Null);
}

#[test]
fn patch_answers_the_user_as_they_are_then() {
    let site = Site::new();
    let cookies = site.sign_up("ada@example.com").cookies();
    let request = Request::new(Method::PATCH, "/user").signed_in(&cookies);
    let answer = site.send(request.json(&json!({"name": "New"})));
    assert_eq!(answer.json()["name"], "New");
    assert_eq!(answer.json(), site.session(&cookies)["user"]);
}

#[test]
fn what_may_not_change_does_not() {
    let site = Site::new();
    let cookies = site.sign_up("ada@example.com").cookies();
    let before = site.session(&cookies);
    for (body, code, message) in [
        (json!({"email": "x@y.co"}), "EMAIL_CAN_NOT_BE_UPDATED", "Email can not be updated"),
        (json!({"email": 5, "name": "N"}), "EMAIL_CAN_NOT_BE_UPDATED", "Email can not be updated"),
        (json!({}), "BAD_REQUEST", "No fields to update"),
        (json!({"email": ""}), "BAD_REQUEST", "No fields to update"),
        (
            json!({"id": "1", "emailVerified": true, "role": "admin"}),
            "BAD_REQUEST",
            "No fields to update",
        ),
        (
            json!({"name": 5}),
            "VALIDATION_ERROR",
            "[body.name] Invalid input: expected string, received number",
        ),
        (
            json!({"name": null}),
            "VALIDATION_ERROR",
            "[body.name] Invalid input: expected string, received null",
        ),
        (
            json!({"image": {}}),
            "VALIDATION_ERROR",
            "[body.image] Invalid input: expected string, received object",
        ),
        (
            json!({"name": "a\0b"}),
            "VALIDATION_ERROR",
            "[body.name] Invalid input: contains a NUL character",
        ),
        (json!([]), "VALIDATION_ERROR", "[body] Invalid input: expected record, received array"),
    ] {
        let answer = update(&site, &cookies, &body);
        assert_eq!(answer.outcome(), (400, code.to_owned()), "{body}");
        assert_eq!(answer.json()["message"], message, "{body}");
    }
    assert_eq!(site.session(&cookies), before);
}

#[test]
fn the_mode_of_the_session_stays() {
    let site = Site::new();
    let body =
        json!({"name": "A", "email": "a@b.co", "password": "correct horse", "rememberMe": false});
    let cookies = site.post("/sign-up/email", &body).cookies();
    let answer = update(&site, &cookies, &json!({"name": "B"}));
    let lines = answer.set_cookies();
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|line| !line.contains("Max-Age")), "{lines:?}");
}

#[test]
fn a_dead_session_is_refused_and_forgotten() {
    let site = Site::new();
    let cookies = site.sign_up("ada@example.com").cookies();
    site.send(Request::post("/sign-out").signed_in(&cookies));
    let answer = update(&site, &cookies, &json!({"name": "N"}));
    assert_eq!(answer.outcome(), (401, "SESSION_EXPIRED".to_owned()));
    assert!(answer.clears_session());
}
