//! Who may send a browser's cookies here [contract 6].

use better_auth::config::DisableOriginCheck;
use serde_json::json;

use crate::harness::Request;
use crate::harness::Site;
use crate::harness::site::ORIGIN;
use crate::harness::site::PASSWORD;

/// An update with cookies and these headers; the outcome.
fn outcome(site: &Site, headers: &[(&'static str, &str)]) -> (u16, String) {
    let cookies = site.sign_up(&format!("{}@example.com", uuid())).cookies();
    let mut request = Request::post("/update-user").header("cookie", cookies);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    let answer = site.send(request.json(&json!({"name": "N"})));
    (answer.status, answer.json()["code"].as_str().unwrap_or_default().to_owned())
}

fn uuid() -> String {
    better_auth::crypto::random::token()
}

#[test]
fn cookies_need_an_origin_that_is_trusted() {
    let site = Site::with(|config| {
        config.trusted_origins =
            vec!["https://app.example.com".to_owned(), "https://*.wild.example".to_owned()];
    });
    for (headers, expected) in [
        (vec![("origin", ORIGIN)], (200, "")),
        (vec![("origin", "https://app.example.com")], (200, "")),
        (vec![("origin", "https://a.wild.example")], (200, "")),
        (vec![("referer", "http://localhost:3000/page?x=1")], (200, "")),
        (vec![("origin", ""), ("referer", "http://localhost:3000/")], (200, "")),
        (vec![("origin", "null"), ("sec-fetch-site", "same-origin")], (200, "")),
        (vec![], (403, "MISSING_OR_NULL_ORIGIN")),
        (vec![("origin", "null")], (403, "MISSING_OR_NULL_ORIGIN")),
        (
            vec![("origin", "null"), ("referer", "http://localhost:3000/")],
            (403, "MISSING_OR_NULL_ORIGIN"),
        ),
        (
            vec![("origin", "null"), ("sec-fetch-site", "cross-site")],
            (403, "MISSING_OR_NULL_ORIGIN"),
        ),
        (
            vec![("referer", "null"), ("sec-fetch-site", "same-origin")],
            (403, "MISSING_OR_NULL_ORIGIN"),
        ),
        (vec![("origin", "https://evil.example")], (403, "INVALID_ORIGIN")),
        (vec![("origin", "http://localhost:3001")], (403, "INVALID_ORIGIN")),
        (vec![("origin", "http://localhost:3000.evil.example")], (403, "INVALID_ORIGIN")),
        (vec![("origin", "malicious.com")], (403, "INVALID_ORIGIN")),
        (
            vec![("origin", "https://evil.example"), ("referer", "http://localhost:3000/")],
            (403, "INVALID_ORIGIN"),
        ),
        (vec![("referer", "https://evil.example/http://localhost:3000")], (403, "INVALID_ORIGIN")),
    ] {
        let (status, code) = outcome(&site, &headers);
        assert_eq!((status, code.as_str()), expected, "{headers:?}");
    }
}

#[test]
fn the_check_can_be_switched_off() {
    let site = Site::with(|config| config.advanced.disable_csrf_check = Some(true));
    assert_eq!(outcome(&site, &[("origin", "https://evil.example")]).0, 200);
}

#[test]
fn media_type_and_syntax_come_first_then_the_origin_then_the_rest() {
    let site = Site::new();
    let cookies = site.sign_up("ada@example.com").cookies();
    let evil = || {
        Request::post("/update-user")
            .header("cookie", &cookies)
            .header("origin", "https://evil.example")
    };
    for (request, expected) in [
        (evil().body("text/plain", "x"), (415, "UNSUPPORTED_MEDIA_TYPE")),
        (evil().body("application/json", "{"), (400, "BAD_REQUEST")),
        (evil().body("application/json", "[]"), (403, "INVALID_ORIGIN")),
        (evil().json(&json!({"callbackURL": "https://evil.example"})), (403, "INVALID_ORIGIN")),
        (Request::post("/update-user").json(&json!([])), (400, "VALIDATION_ERROR")),
        (Request::post("/update-user").json(&json!({})), (401, "SESSION_EXPIRED")),
    ] {
        let (status, code) = site.send(request).outcome();
        assert_eq!((status, code.as_str()), expected);
    }
}

#[test]
fn every_field_that_names_a_place_is_checked_on_every_endpoint() {
    let site = Site::new();
    for (field, code) in [
        ("callbackURL", "INVALID_CALLBACK_URL"),
        ("redirectTo", "INVALID_REDIRECT_URL"),
        ("errorCallbackURL", "INVALID_ERROR_CALLBACK_URL"),
        ("newUserCallbackURL", "INVALID_NEW_USER_CALLBACK_URL"),
    ] {
        for place in
            ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
        {
            let answer = site.post("/sign-out", &json!({ field: place }));
            assert_eq!(answer.outcome(), (403, code.to_owned()), "{field} {place}");
        }
        let answer = site.post("/sign-out", &json!({ field: {"a": 1} }));
        assert_eq!(answer.outcome(), (400, "BAD_REQUEST".to_owned()), "{field}");
    }
    let evil = Request::post("/sign-out?callbackURL=https://evil.example");
    assert_eq!(site.send(evil).outcome(), (403, "INVALID_CALLBACK_URL".to_owned()));
    let twice = Request::post("/sign-out?callbackURL=/a&callbackURL=/b");
    assert_eq!(site.send(twice).outcome(), (400, "BAD_REQUEST".to_owned()));
}

#[test]
fn the_check_can_be_switched_off_below_a_path_alone() {
    let site = Site::with(|config| {
        let paths = vec!["/update-user/".to_owned()];
        config.advanced.disable_origin_check = DisableOriginCheck::Paths(paths);
    });
    let cookies = site.sign_up("ada@example.com").cookies();
    let status = |path: &str| {
        let request = Request::post(path).header("cookie", &cookies);
        let body = json!({"name": "x", "password": "x", "callbackURL": "https://evil.example"});
        site.send(request.header("origin", "https://evil.example").json(&body)).status
    };
    assert_eq!(status("/update-user"), 200);
    assert_eq!(status("/verify-password"), 403);
}

#[test]
fn a_login_from_another_site_is_blocked_unless_that_check_itself_is_off() {
    let outcome = |advanced: serde_json::Value, headers: &[(&'static str, &str)]| {
        let site = Site::with(|config| {
            config.advanced = serde_json::from_value(advanced).unwrap();
        });
        site.sign_up("ada@example.com");
        let body = json!({"email": "ada@example.com", "password": PASSWORD});
        let mut request = Request::post("/sign-in/email");
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        site.send(request.json(&body)).outcome()
    };
    let navigation = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")];
    let evil = [("origin", "https://evil.example")];
    let blocked = (403, "CROSS_SITE_NAVIGATION_LOGIN_BLOCKED");
    let (invalid, welcome) = ((403, "INVALID_ORIGIN"), (200, ""));
    for (advanced, of_navigation, of_evil) in [
        (json!({}), blocked, invalid),
        (json!({"disableCSRFCheck": false}), blocked, invalid),
        (json!({"disableCSRFCheck": true}), welcome, welcome),
        // Alone it switches off both, for compatibility; a list of paths does not.
        (json!({"disableOriginCheck": true}), welcome, welcome),
        (json!({"disableOriginCheck": true, "disableCSRFCheck": false}), blocked, welcome),
        (json!({"disableOriginCheck": true, "disableCSRFCheck": true}), welcome, welcome),
        (json!({"disableOriginCheck": false}), blocked, invalid),
        (json!({"disableOriginCheck": ["/sign-in"]}), blocked, welcome),
        (json!({"disableOriginCheck": ["/sign-up"]}), blocked, invalid),
        (json!({"disableOriginCheck": ["/sign-in"], "disableCSRFCheck": true}), welcome, welcome),
    ] {
        let owned = |(status, code): (u16, &str)| (status, code.to_owned());
        assert_eq!(outcome(advanced.clone(), &navigation), owned(of_navigation), "{advanced}");
        assert_eq!(outcome(advanced.clone(), &evil), owned(of_evil), "{advanced}");
    }
}

#[test]
fn a_host_that_is_not_allowed_is_refused_and_a_fallback_stands_in_for_it() {
    let site = |base_url: serde_json::Value| {
        Site::with(|config| config.base_url = serde_json::from_value(base_url).unwrap())
    };
    let status = |site: &Site| site.send(Request::get("/ok")).outcome();
    let strict = site(json!({"allowedHosts": ["auth.example.com"]}));
    assert_eq!(status(&strict), (400, "HOST_NOT_ALLOWED".to_owned()));
    let own = site(json!({"allowedHosts": ["localhost:*"]}));
    assert_eq!(own.send(Request::get("/ok")).status, 200);
    let fallback = json!({"allowedHosts": ["a.example"], "fallback": "http://localhost:3000"});
    let fallback = site(fallback);
    let cookies = fallback.sign_up("ada@example.com").cookies();
    let sign_out = Request::post("/sign-out").signed_in(&cookies);
    assert_eq!(fallback.send(sign_out).status, 200);
}

/// Links in messages and addresses at providers begin with it, and a link without a host leads nowhere.
#[test]
fn a_request_whose_host_cannot_be_known_is_refused_and_sends_nothing() {
    let site = Site::with_mail(|config| {
        config.base_url = None;
        config.advanced.ip_address.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    });
    let body = json!({"email": "ada@example.com"});
    let forwarded = |path: &str, host: &'static str| {
        site.send(Request::post(path).header("x-forwarded-host", host).json(&body))
    };
    let new = json!({"name": "Ada", "email": "ada@example.com", "password": PASSWORD});
    assert_eq!(site.post("/sign-up/email", &new).status, 200);
    let sent = site.mails().len();
    for path in ["/request-password-reset", "/send-verification-email"] {
        let answer = forwarded(path, "a.example.com, b.example.com");
        assert_eq!((answer.status, answer.code().as_str()), (400, "HOST_NOT_ALLOWED"), "{path}");
        assert_eq!(site.mails().len(), sent, "{path}");
    }
    let health = Request::get("/ok").header("x-forwarded-host", "a.example.com, b.example.com");
    assert_eq!(site.send(health).status, 200, "a probe needs no host");
    assert_eq!(forwarded("/request-password-reset", "a.example.com").status, 200);
    let url = site.mail().field("url").to_owned();
    assert!(url.starts_with("http://a.example.com/api/auth/reset-password/"), "{url}");
}
