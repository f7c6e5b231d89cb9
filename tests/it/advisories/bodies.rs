//! What a body, a query, a path or a header can be filled with [security 1.5].

use std::fmt::Write as _;

use better_auth::Config;
use better_auth::config::CustomRule;
use better_auth::config::Rule;
use better_auth::database::Row;
use http::Method;
use serde_json::json;

use crate::harness::Request;
use crate::harness::Site;
use crate::harness::members;
use crate::harness::site::PASSWORD;

const ADA: &str = "ada@example.com";

fn post(site: &Site, path: &str, body: &[u8]) -> (u16, String) {
    let answer = site.send(Request::post(path).body("application/json", body));
    (answer.status, answer.body)
}

/// What the contract measured of bodies that are no sign-in.
#[test]
fn pinned_bodies_what_is_no_object_of_texts_is_refused() {
    let site = Site::new();
    let cookies = site.sign_up(ADA).cookies();
    let email =
        |email: serde_json::Value| json!({"email": email, "password": PASSWORD}).to_string();
    for (body, expected) in [
        ("{".to_owned(), 400),
        ("[]".to_owned(), 400),
        ("null".to_owned(), 400),
        ("\"x\"".to_owned(), 400),
        ("NaN".to_owned(), 400),
        ("{\"email\":\"a@b.co\",}".to_owned(), 400),
        ("{\"email\":\"\\ud800\"}".to_owned(), 400),
        (email(json!({"$ne": null})), 400),
        (email(json!(["a@b.co"])), 400),
        (email(json!("a\0@example.com")), 400),
        (email(json!("ada@example.com\0")), 400),
        (email(json!(" ada@example.com")), 400),
        (email(json!("ada@example.com\n")), 400),
        (email(json!("ADA@Example.COM")), 200),
    ] {
        assert_eq!(post(&site, "/sign-in/email", body.as_bytes()).0, expected, "{body}");
    }
    let plain = Request::post("/sign-in/email").body("text/plain", email(json!(ADA)));
    assert_eq!(site.send(plain).status, 415);
    let form = || {
        let form = "email=ada%40example.com&password=correct+horse+battery";
        Request::post("/sign-in/email").body("application/x-www-form-urlencoded", form)
    };
    let navigation =
        form().header("sec-fetch-site", "cross-site").header("sec-fetch-mode", "navigate");
    assert_eq!(site.send(navigation).code(), "CROSS_SITE_NAVIGATION_LOGIN_BLOCKED");
    for request in [form(), form().header("origin", "null")] {
        let answer = site.send(request.header("cookie", &cookies));
        assert_eq!(answer.outcome(), (403, "MISSING_OR_NULL_ORIGIN".to_owned()));
    }
    // Of a name that comes twice one value counts, wherever it is asked for.
    let twice = format!(r#"{{"email":"x","email":"{ADA}","password":"{PASSWORD}"}}"#);
    assert_eq!(post(&site, "/sign-in/email", twice.as_bytes()).0, 200);
}

#[test]
fn bodies_that_are_deep_are_refused_before_they_are_built() {
    let site = Site::new();
    let nested = |depth: usize| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        format!(r#"{{"email":"{ADA}","password":"x","x":{open}{close}}}"#)
    };
    assert_eq!(post(&site, "/sign-in/email", nested(120).as_bytes()).0, 401);
    for depth in [130, 10_000, 400_000] {
        let (status, body) = post(&site, "/sign-in/email", nested(depth).as_bytes());
        assert_eq!(status, 400, "{depth}");
        assert!(body.contains("Invalid JSON"), "{body}");
    }
    for unit in ["{\"a\":", "[{\"a\":["] {
        assert_eq!(post(&site, "/sign-in/email", unit.repeat(100_000).as_bytes()).0, 400);
    }
}

#[test]
fn hash_flooding_bodies_of_very_many_members_are_requests_like_any_other() {
    let site = Site::with_plugins(|_| {});
    let mut body = format!(r#"{{"email":"{ADA}","password":"wrong","x":0"#);
    let mut query = String::from("x=0");
    for number in 0..40_000 {
        write!(body, r#","member{number}":{number}"#).unwrap();
        write!(query, "&k{number}=v").unwrap();
    }
    body.push('}');
    assert!(700_000 < body.len() && body.len() < 1024 * 1024);
    for path in ["/sign-in/email", "/sign-up/email", "/request-password-reset", "/sign-in/social"] {
        let (status, _) = post(&site, path, body.as_bytes());
        assert!(status < 500, "{path} {status}");
    }
    let form = query.replace("x=0", "email=ada%40example.com&password=wrong");
    let request = Request::post("/sign-in/email").body("application/x-www-form-urlencoded", form);
    assert_eq!(site.send(request).status, 401);
}

/// Texts that no database, path or header should have to hold.
#[test]
fn texts_with_a_nul_or_no_text_at_all_break_nothing_and_are_not_stored() {
    let site = Site::with_plugins(|_| {});
    let cookies = site.sign_up(ADA).cookies();
    for row in site.auth.endpoints() {
        let is_reading = row.method == Method::GET;
        for bad in ["%00", "%ff%fe", "%c0%af", "%ed%a0%80", "x%00y", "%E2%80%AE", "%F4%90%80%80"] {
            let path = row.path.replace(":token", bad).replace(":id", bad);
            let names = row.query.iter().map(|field| field.name).chain(["x", "callbackURL"]);
            let query: Vec<String> = names.map(|name| format!("{name}={bad}")).collect();
            let mut request =
                Request::new(row.method.clone(), &format!("{path}?{}", query.join("&")));
            request = request.signed_in(&cookies);
            if !is_reading {
                let form = members(row).into_iter().map(|field| format!("{}={bad}", field.name));
                let form = form.collect::<Vec<_>>().join("&");
                request = request.body("application/x-www-form-urlencoded", form);
            }
            let answer = site.send(request);
            assert!(answer.status < 500, "{} {path}: {answer:?}", row.method);
        }
    }
    for name in ["\0", "Ada\0", "\u{0}\u{0}"] {
        for (path, body) in [
            ("/sign-up/email", json!({"name": name, "email": "b@b.co", "password": PASSWORD})),
            ("/update-user", json!({"name": name})),
            ("/update-user", json!({"image": name})),
        ] {
            let answer = site.send(Request::post(path).signed_in(&cookies).json(&body));
            assert_eq!(answer.status, 400, "{path} {body}");
        }
    }
    let sql = r#"SELECT "name", "image" FROM "user""#;
    let texts = |row: &Row<'_>| Ok([row.optional_text(0)?, row.optional_text(1)?]);
    let stored = site.auth.database().read(|tx| tx.list(sql, &[], texts)).unwrap();
    assert_eq!(stored.len(), 1);
    assert!(stored.iter().flatten().flatten().all(|text| !text.contains('\0')), "{stored:?}");
}

/// Patterns of the configuration and texts of strangers: no regular expression runs here, and what takes their place has
/// no more steps than the product of both lengths.
#[test]
fn redos_no_text_makes_a_pattern_run_away() {
    let lock = include_str!("../../../Cargo.lock");
    for engine in ["fancy-regex", "onig", "pcre2", "regress"] {
        assert!(!lock.contains(&format!("name = \"{engine}\"")), "{engine} goes back and forth");
    }
    let nasty = format!("https://{}b.example.com", "*a".repeat(60));
    let site = Site::with(|config: &mut Config| {
        config.trusted_origins = vec![nasty.clone(), nasty.replace("https://", "")];
        config.rate_limit.enabled = Some(true);
        let rule = CustomRule::Rule(Rule { window: std::time::Duration::from_secs(1), max: 100 });
        config.rate_limit.max = 100;
        config.rate_limit.custom_rules =
            [(format!("/{}b", "*a".repeat(60)), rule), ("/*".to_owned(), rule)].into();
    });
    let long = "a".repeat(3900);
    for place in [format!("https://{long}"), format!("https://{long}.example.com"), long.clone()] {
        let body = json!({"email": ADA, "password": "x", "callbackURL": place});
        assert_eq!(site.post("/sign-in/email", &body).code(), "INVALID_CALLBACK_URL");
        let request = Request::post("/sign-out").header("cookie", "a=b").header("origin", &place);
        assert_eq!(site.send(request).code(), "INVALID_ORIGIN");
    }
    let label = "a.".repeat(100_000);
    for email in [
        format!("{}@example.com", "a.".repeat(100_000)),
        format!("a@{label}"),
        format!("a@{label}com!"),
        format!("{}@", "a+".repeat(100_000)),
        "@".repeat(100_000),
    ] {
        let body = json!({"email": email, "password": PASSWORD});
        assert_eq!(site.post("/request-password-reset", &body).status, 400);
    }
}
