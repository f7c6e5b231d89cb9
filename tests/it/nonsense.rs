//! Whatever a stranger sends: never a panic, never a failure of ours.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use better_auth::Peer;
use better_auth::config::CookieCacheStrategy;
use bytes::Bytes;
use http::HeaderValue;
use proptest::prelude::*;
use serde_json::Value;
use serde_json::json;

use crate::harness::Request;
use crate::harness::Site;
use crate::harness::members;

/// Bytes that a header can carry.
fn header() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::collection::vec(0x20_u8..0x7f, 0..80),
        proptest::collection::vec(0x80_u8.., 0..20),
        "(better-auth\\.(session_token|session_data(\\.[0-9]{1,3})?|dont_remember)=[ -~]{0,60};? ?){0,4}"
            .prop_map(String::into_bytes),
        "(https?|null|myapp)(://)?[a-z0-9.*:@/\\[\\]%-]{0,40}".prop_map(String::into_bytes),
    ]
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..100),
        "\\{(\"(email|password|name|image|token|callbackURL|rememberMe|newPassword)\":(\"[ -~]{0,20}\"|null|[0-9]{1,3}|true|\\[\\]|\\{\\}),?){0,5}\\}"
            .prop_map(String::into_bytes),
        "([a-zA-Z]{1,12}=[%a-z0-9+]{0,20}&?){0,6}".prop_map(String::into_bytes),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_that_is_sent_makes_the_server_fail(
        row in any::<proptest::sample::Index>(),
        query in "(\\?[!-~&&[^#<>\"`{}\\\\^|]]{0,40})?",
        names in proptest::collection::vec(
            proptest::sample::select(vec![
                "cookie", "origin", "referer", "host", "x-forwarded-for", "x-forwarded-host",
                "x-forwarded-proto", "sec-fetch-site", "sec-fetch-mode", "user-agent", "content-type",
            ]),
            0..6,
        ),
        values in proptest::collection::vec(header(), 6),
        media_type in proptest::sample::select(vec![
            "application/json", "application/x-www-form-urlencoded", "text/plain",
        ]),
        body in body(),
    ) {
        thread_local! {
            static SITE: Site = Site::with(|config| {
                config.base_url = None;
                config.trusted_origins = vec!["https://*.example.com".to_owned(), "myapp://".to_owned()];
                config.advanced.ip_address.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
            });
        }
        let status = SITE.with(|site| {
            let rows = site.auth.endpoints();
            let row = rows[row.index(rows.len())];
            let mut request = http::Request::new(Bytes::from(body));
            *request.method_mut() = row.method.clone();
            *request.uri_mut() = format!("/api/auth{}{query}", row.path).parse().unwrap();
            request.headers_mut().insert("content-type", HeaderValue::from_static(media_type));
            for (name, value) in names.iter().zip(&values) {
                request.headers_mut().append(*name, HeaderValue::from_bytes(value).unwrap());
            }
            let peer = Peer::at(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST));
            site.auth.handle(request, peer).status().as_u16()
        });
        prop_assert!(status < 500, "{status}");
    }
}

/// Any JSON value of a few levels.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
        "(a@b\\.co|/[a-z]{0,5}|https://a\\.example\\.com|[0-9]{1,20}|\\x00|github)"
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let name = "(id|token|user|[a-zA-Z_$]{0,8})";
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(name, inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn no_json_in_any_field_makes_the_server_fail(
        row in any::<proptest::sample::Index>(),
        values in proptest::collection::vec(value(), 8),
        whole in proptest::option::weighted(0.1, value()),
        is_signed_in in any::<bool>(),
    ) {
        thread_local! {
            static SITE: (Site, String) = {
                let site = Site::with_plugins(|config| {
                    config.plugins.insert("admin".to_owned(), json!({"defaultRole": "admin"}));
                });
                let cookies = site.sign_up("ada@example.com").cookies();
                (site, cookies)
            };
        }
        SITE.with(|(site, cookies)| {
            let rows: Vec<_> =
                site.auth.endpoints().into_iter().filter(|row| !members(row).is_empty()).collect();
            let row = rows[row.index(rows.len())];
            let fields = members(row).into_iter().map(|field| field.name.to_owned());
            let body = whole.unwrap_or_else(|| Value::Object(fields.zip(values).collect()));
            let mut request = Request::new(row.method.clone(), row.path).json(&body);
            if is_signed_in {
                request = request.signed_in(cookies);
            }
            let answer = site.send(request);
            assert!(answer.status < 500, "{} {body}: {answer:?}", row.path);
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_cached_session_that_was_made_up_is_passed_over(
        strategy in 0_usize..3,
        copies in proptest::collection::vec(
            prop_oneof!["[a-zA-Z0-9_-]{0,200}", "[a-zA-Z0-9_.-]{0,200}", "[!-~&&[^;]]{0,60}", compact()],
            1..4,
        ),
    ) {
        thread_local! {
            static SITES: [(Site, String); 3] = [
                CookieCacheStrategy::Compact,
                CookieCacheStrategy::Jwt,
                CookieCacheStrategy::Jwe,
            ]
            .map(|strategy| {
                let site = Site::with(|config| {
                    config.session.cookie_cache.enabled = true;
                    config.session.cookie_cache.strategy = strategy;
                });
                let cookies = site.sign_up("ada@example.com").cookies();
                let token = cookies.split(';').next().unwrap().to_owned();
                (site, token)
            });
        }
        SITES.with(|sites| {
            let (site, token) = &sites[strategy];
            let parts = copies.iter().enumerate().map(|(at, copy)| {
                let number = if copies.len() == 1 { String::new() } else { format!(".{at}") };
                format!("; better-auth.session_data{number}={copy}")
            });
            let cookies = format!("{token}{}", parts.collect::<String>());
            assert_eq!(site.session(&cookies)["user"]["name"], "Ada", "{cookies}");
        });
    }
}

/// Signed JSON in the right form, with a signature that is not ours.
fn compact() -> impl Strategy<Value = String> {
    (any::<i64>(), "[a-zA-Z0-9_-]{0,50}", "(\\{\\}|\\{\"session\":\\{\\}\\}|null|5)").prop_map(
        |(expires_at, signature, session)| {
            BASE64_URL_SAFE_NO_PAD.encode(format!(
                r#"{{"session":{session},"expiresAt":{expires_at},"signature":"{signature}"}}"#
            ))
        },
    )
}
