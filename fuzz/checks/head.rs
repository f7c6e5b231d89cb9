//! The head of a request: `METHOD TARGET`, then `Name: value` lines. Sent by a stranger, through a proxy that is
//! trusted, to a server with one address and to one with several.

use better_auth::Request;
use better_auth::config::AllowedHosts;
use better_auth::config::BaseUrl;
use better_auth::config::Protocol;
use bytes::Bytes;
use http::HeaderName;
use http::HeaderValue;
use http::Method;
use http::header;

use super::first_line;
use super::site::Site;
use super::site::origin_form;

thread_local! {
    static SITES: [Site; 2] = [
        Site::with(|_| {}),
        Site::with(|config| {
            config.base_url = Some(BaseUrl::ByHost(AllowedHosts {
                allowed_hosts: vec!["*.hosts.example".to_owned()],
                fallback: Some("http://localhost:3000".to_owned()),
                protocol: Protocol::Auto,
            }));
        }),
    ];
}

/// Any head is answered, without failing, without a session, and without a word of somebody else's.
pub fn check(input: &[u8]) {
    let Some(request) = read(input) else {
        return;
    };
    SITES.with(|sites| {
        for site in sites {
            let answer = site.ask(request.clone());
            site.check(&answer);
            for line in answer.headers().get_all(header::SET_COOKIE) {
                let line = line.to_str().unwrap();
                let is_session = line.starts_with("better-auth.session_token=");
                assert!(!is_session || line.contains("Max-Age=0"), "a stranger got {line}");
            }
        }
    });
}

/// The request, or nothing where an engine would have refused these bytes.
fn read(input: &[u8]) -> Option<Request<Bytes>> {
    let (line, mut rest) = first_line(input);
    let at = line.iter().position(|byte| *byte == b' ')?;
    let mut request = Request::new(Bytes::new());
    *request.method_mut() = Method::from_bytes(&line[..at]).ok()?;
    *request.uri_mut() = origin_form(&line[at + 1..])?;
    while !rest.is_empty() {
        let (line, more) = first_line(rest);
        rest = more;
        let at = line.iter().position(|byte| *byte == b':')?;
        let name = HeaderName::from_bytes(&line[..at]).ok()?;
        let value = HeaderValue::from_bytes(line[at + 1..].trim_ascii()).ok()?;
        request.headers_mut().append(name, value);
    }
    Some(request)
}
