//! `/ok` and `/error` [contract 8.1].

use crate::harness::Request;
use crate::harness::Site;

#[test]
fn ok_is_ok() {
    let site = Site::new();
    let answer = site.send(Request::get("/ok?x=1"));
    assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"ok":true}"#));
}

#[test]
fn the_error_page_says_what_happened_and_runs_nothing() {
    let site = Site::new();
    let page = |query: &str| {
        let answer = site.send(Request::get(&format!("/error{query}")));
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'"), "{policy}");
        answer.body
    };
    assert!(page("").contains("<code>UNKNOWN</code>"));
    assert!(page("?error=access_denied").contains("<code>access_denied</code>"));
    assert!(page("?error=%3Cscript%3E").contains("<code>UNKNOWN</code>"));
    let described = page("?error=x&error_description=%3Cscript%3Ealert(1)%3C%2Fscript%3E");
    assert!(described.contains("&lt;script&gt;alert(1)&lt;&#x2f;script&gt;"));
    assert!(!described.contains("<script"));
}

#[test]
fn the_error_page_can_be_somewhere_else() {
    let site = Site::with(|config| {
        config.on_api_error.error_url = Some("https://app.example.com/oops?a=1#frag".to_owned());
    });
    let answer = site.send(Request::get("/error?error=bad&error_description=b%20%26c"));
    assert_eq!(answer.status, 302);
    assert_eq!(
        answer.header("location"),
        Some("https://app.example.com/oops?a=1&error=bad&error_description=b+%26c#frag")
    );
}
