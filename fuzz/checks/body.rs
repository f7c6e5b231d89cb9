//! The body of a request: `WHO METHOD TARGET`, a line with the media type, then the body. Sent from a page of the
//! server itself, by nobody, by `bob` or by `boss`, so that it gets past the guards.

use std::cell::RefCell;

use better_auth::Request;
use bytes::Bytes;
use http::HeaderValue;
use http::Method;
use http::header;

use super::first_line;
use super::site::ORIGIN;
use super::site::Site;
use super::site::Who;
use super::site::origin_form;

/// Answers after which a site is made anew: what was signed up piles up.
const ANSWERS_MAX: usize = 5000;

thread_local! {
    static SITE: RefCell<Option<(Site, usize)>> = const { RefCell::new(None) };
}

/// Any body is answered without failing, and never with what only somebody else may see.
pub fn check(input: &[u8]) {
    let Some((who, mut request)) = read(input) else {
        return;
    };
    SITE.with_borrow_mut(|kept| {
        let (site, answers) = kept.get_or_insert_with(|| (Site::with(|_| {}), 0));
        let headers = request.headers_mut();
        headers.insert(header::ORIGIN, HeaderValue::from_static(ORIGIN));
        if let Some(cookies) = site.cookies(who) {
            headers.insert(header::COOKIE, HeaderValue::from_str(&cookies).unwrap());
        }
        let answer = site.ask(request);
        site.check_for(who, &answer);
        *answers += 1;
        if ANSWERS_MAX < *answers {
            *kept = None;
        }
    });
}

fn read(input: &[u8]) -> Option<(Who, Request<Bytes>)> {
    let (line, rest) = first_line(input);
    let (media_type, body) = first_line(rest);
    let mut words = line.splitn(3, |byte| *byte == b' ');
    let who = match words.next()? {
        b"bob" => Who::Bob,
        b"boss" => Who::Boss,
        b"nobody" => Who::Nobody,
        _ => return None,
    };
    let mut request = Request::new(Bytes::copy_from_slice(body));
    *request.method_mut() = Method::from_bytes(words.next()?).ok()?;
    let target = [b"/api/auth", words.next()?].concat();
    *request.uri_mut() = origin_form(&target)?;
    let media_type = HeaderValue::from_bytes(media_type).ok()?;
    request.headers_mut().insert(header::CONTENT_TYPE, media_type);
    Some((who, request))
}
