//! Pages of other origins [contract 13.5].

use http::Method;
use serde_json::json;

use crate::harness::Request;
use crate::harness::Site;
use crate::harness::site::PASSWORD;

const APP: &str = "https://app.example.com";

fn site() -> Site {
    Site::with(|config| config.trusted_origins = vec![APP.to_owned()])
}

fn preflight(origin: &str) -> Request {
    Request::new(Method::OPTIONS, "/sign-in/email")
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type")
}

#[test]
fn a_trusted_page_may_ask_and_read_the_answer_with_its_cookies() {
    let site = site();
    let answer = site.send(preflight(APP));
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    for (name, value) in [
        ("access-control-allow-origin", APP),
        ("access-control-allow-credentials", "true"),
        ("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE"),
        ("access-control-allow-headers", "content-type, authorization"),
        ("vary", "Origin"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    let body = json!({"name": "A", "email": "a@b.co", "password": PASSWORD});
    let answer = site.send(Request::post("/sign-up/email").header("origin", APP).json(&body));
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), Some(APP));
    let refused = site.send(Request::get("/user").header("origin", APP));
    assert_eq!((refused.status, refused.header("access-control-allow-origin")), (401, Some(APP)));
}

#[test]
fn nobody_else_may() {
    let site = site();
    for origin in [
        "https://evil.example",
        "https://app.example.com.evil.example",
        "http://app.example.com",
        "null",
        "https://app.example.com:8443",
        "",
    ] {
        for request in [preflight(origin), Request::get("/get-session").header("origin", origin)] {
            let answer = site.send(request);
            assert!([200, 404].contains(&answer.status), "{origin:?}");
            for name in answer.headers.keys() {
                assert!(!name.as_str().starts_with("access-control"), "{origin:?} {name}");
            }
            assert_eq!(answer.header("vary"), Some("Origin"));
        }
    }
    // A page of this very server needs no permission.
    let own = Request::get("/ok").header("origin", crate::harness::site::ORIGIN);
    assert_eq!(site.send(own).header("access-control-allow-origin"), None);
}

#[test]
fn an_options_request_that_is_no_preflight_is_not_found() {
    let request = Request::new(Method::OPTIONS, "/ok").header("origin", APP);
    assert_eq!(site().send(request).status, 404);
    assert_eq!(Site::new().send(preflight(APP)).status, 404);
}
