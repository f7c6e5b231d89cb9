//! Paths and methods [contract 1.2, 1.3].

use http::Method;

use crate::harness::Request;
use crate::harness::Site;

#[test]
fn only_the_exact_path_is_found() {
    let site = Site::new();
    for path in [
        "",
        "/",
        "/ok/",
        "//ok",
        "/OK",
        "/%6fk",
        "/ok%2f",
        "/ok%00",
        "/nope",
        "/sign-in//email",
        "/sign-in%2Femail",
    ] {
        let answer = site.send(Request::get(path));
        assert_eq!((answer.status, answer.body.as_str()), (404, ""), "{path}");
        assert_eq!(answer.header("content-type"), None, "{path}");
    }
    for path in ["/./ok", "/x/../ok", "/x/%2e%2e/ok"] {
        assert_eq!(site.send(Request::get(path)).status, 200, "{path}");
    }
}

#[test]
fn another_method_is_another_path() {
    let site = Site::new();
    for (method, path) in [
        (Method::POST, "/ok"),
        (Method::OPTIONS, "/sign-in/email"),
        (Method::GET, "/sign-in/email"),
        (Method::PUT, "/update-user"),
        (Method::DELETE, "/delete-user"),
    ] {
        let answer = site.send(Request::new(method.clone(), path));
        assert_eq!((answer.status, answer.body.as_str()), (404, ""), "{method} {path}");
    }
}

#[test]
fn head_is_get_without_a_body() {
    let site = Site::with_plugins(|_| {});
    let head = |path: &str| site.send(Request::new(Method::HEAD, path));
    for path in [
        "/ok",
        "/error?error=nonsense",
        "/get-session",
        "/list-sessions",
        "/reset-password/no-token?callbackURL=/here",
        "/reset-password/no-token",
        "/open-api/generate-schema",
        "/sign-in/email",
        "/nope",
    ] {
        let (got, head) = (site.send(Request::get(path)), head(path));
        assert_eq!((head.status, head.body.as_str()), (got.status, ""), "{path}");
        let length = got.body.len().to_string();
        assert_eq!(head.header("content-length"), Some(length.as_str()), "{path}");
        for name in ["content-type", "location", "cache-control"] {
            assert_eq!(head.header(name), got.header(name), "{path} {name}");
        }
    }
}

/// Programs that look at mail before people do ask for links with `HEAD`.
#[test]
fn head_uses_no_link_up() {
    let site = Site::with_mail(|config| config.email_verification.send_on_sign_up = Some(true));
    let cookies = site.sign_up("ada@example.com").cookies();
    let mail = site.mails().pop().unwrap();
    let link = mail.path();
    let is_verified = || site.session(&cookies)["user"]["emailVerified"].clone();
    assert_eq!(site.send(Request::new(Method::HEAD, link)).status, 200);
    assert_eq!(is_verified(), false);
    assert_eq!(site.send(Request::get(link)).status, 302);
    assert_eq!(is_verified(), true);
    for path in ["/callback/gitlab?code=x&state=y", "/delete-user/callback?token=x"] {
        let answer = site.send(Request::new(Method::HEAD, path));
        assert_eq!((answer.status, answer.set_cookies().len()), (200, 0), "{path}");
    }
}

#[test]
fn a_disabled_path_is_not_found_however_it_is_spelt() {
    let site = Site::with(|config| config.disabled_paths = vec!["/sign-up/email".to_owned()]);
    for path in ["/sign-up/email", "/sign-up/email/", "/x/../sign-up/email"] {
        let answer = site.send(Request::post(path));
        assert_eq!((answer.status, answer.body.as_str()), (404, "Not Found"), "{path}");
    }
    assert_eq!(site.send(Request::post("/sign-up//email")).body, "");
    assert_eq!(site.send(Request::get("/ok")).status, 200);
}

#[test]
fn a_slash_at_the_end_can_be_forgiven() {
    let site = Site::with(|config| config.advanced.skip_trailing_slashes = true);
    assert_eq!(site.send(Request::get("/ok/")).status, 200);
    assert_eq!(site.send(Request::get("/ok//")).status, 404);
    // What hashes is on a thread that may, however it is spelt.
    for path in ["/api/auth/sign-in/email", "/api/auth/sign-in/email/"] {
        assert!(site.auth.is_heavy(&Method::POST, path), "{path}");
    }
}

#[test]
fn the_path_of_the_base_url_is_the_base_path() {
    let site = Site::with(|config| {
        config.base_url = Some("http://localhost:3000/api/auth".into());
        config.base_path = "/elsewhere".to_owned();
    });
    assert_eq!(site.send(Request::get("/ok")).status, 200);
}

#[test]
fn an_unmigrated_database_answers_503_and_says_why_in_the_log_only() {
    let site = Site::new();
    let sql = r#"ALTER TABLE "user" RENAME TO "somebody""#;
    site.auth.database().write(|tx| tx.execute(sql, &[])).unwrap();
    let fresh = better_auth::BetterAuth::new(site.auth.config().clone()).unwrap();
    for path in ["/sign-up/email", "/sign-in/email"] {
        let request = better_auth::Request::post(format!("/api/auth{path}"))
            .header("content-type", "application/json")
            .body(r#"{"name":"A","email":"a@b.co","password":"correct horse"}"#.into())
            .unwrap();
        let answer = fresh.handle(request, better_auth::Peer::unknown());
        let body: &[u8] = answer.body();
        assert_eq!(
            (answer.status().as_u16(), std::str::from_utf8(body).unwrap()),
            (
                503,
                r#"{"message":"The database needs migration","code":"SCHEMA_MISMATCH","status":503}"#
            ),
            "{path}"
        );
    }
}
