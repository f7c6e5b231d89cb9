//! `Cookie` headers, one a line.

use better_auth::config::CookieCacheStrategy;
use better_auth::http::cookies::SentCookies;
use http::HeaderMap;
use http::HeaderValue;
use http::Method;
use http::header;

use super::site::ORIGIN;
use super::site::Site;
use super::site::Who;
use super::site::get;

const SESSION: &str = "better-auth.session_token";

thread_local! {
    static SITES: [Site; 3] = [
        CookieCacheStrategy::Compact,
        CookieCacheStrategy::Jwt,
        CookieCacheStrategy::Jwe,
    ]
    .map(|strategy| {
        Site::with(|config| {
            config.session.cookie_cache.enabled = true;
            config.session.cookie_cache.strategy = strategy;
            config.account.store_account_cookie = true;
        })
    });
}

/// Whatever cookies come, they are nobody's session; beside Ada's, and behind it, they are not in its way.
pub fn check(input: &[u8]) {
    let lines: Result<Vec<_>, _> =
        input.split(|byte| *byte == b'\n').map(HeaderValue::from_bytes).collect();
    let Ok(lines) = lines else {
        return;
    };
    check_reading(&lines);
    SITES.with(|sites| {
        for site in sites {
            assert!(site.session(Who::Nobody, &lines).is_null(), "made up a session");
            let ada = site.cookies(Who::Ada).unwrap();
            let token = HeaderValue::from_str(ada.split(';').next().unwrap()).unwrap();
            let session = site.session(Who::Ada, &[&[token], &lines[..]].concat());
            assert_eq!(session["user"]["email"], "ada@example.com", "lost a session");
            sign_out(site, &lines);
        }
    });
}

fn headers(lines: &[HeaderValue]) -> HeaderMap {
    lines.iter().map(|line| (header::COOKIE, line.clone())).collect()
}

/// Of a name the first value counts, and it is a part of the header between two semicolons.
fn check_reading(lines: &[HeaderValue]) {
    let headers = headers(lines);
    let found = SentCookies::read(&headers).find(SESSION);
    let mut pairs = lines.iter().flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
    let expected = pairs.find_map(|pair| {
        let (name, value) = std::str::from_utf8(pair).ok()?.split_once('=')?;
        (name.trim() == SESSION).then_some(value.trim())
    });
    assert_eq!(found, expected);
}

/// Signing out clears what came, and nothing but cookies of ours.
fn sign_out(site: &Site, lines: &[HeaderValue]) {
    let mut request = get("/api/auth/sign-out").unwrap();
    *request.method_mut() = Method::POST;
    *request.headers_mut() = headers(lines);
    request.headers_mut().insert(header::ORIGIN, HeaderValue::from_static(ORIGIN));
    let answer = site.ask(request);
    site.check(&answer);
    for line in answer.headers().get_all(header::SET_COOKIE) {
        assert!(line.to_str().unwrap().contains("=; Max-Age=0;"), "{line:?}");
    }
}
