//! What upstream's own tests hold down, as tables [security 1.5]; places that a provider's flow is given stand in `oauth`,
//! bodies in `bodies`.

use better_auth::BetterAuth;
use better_auth::Config;
use better_auth::Secret;
use serde_json::Value;
use serde_json::json;

use super::cookie;
use super::from;
use crate::harness::Request;
use crate::harness::Site;

const ADA: &str = "ada@example.com";

/// Where `POST /sign-in/email` may lead, and which origins may send cookies, with these entries of `trustedOrigins`.
#[test]
fn pinned_origins_a_pattern_trusts_what_it_says_and_no_neighbour() {
    // Entry, what it trusts, what it does not.
    let table: &[(&str, &[&str], &[&str])] = &[
        (
            "https://trusted.com",
            &["https://trusted.com", "https://trusted.com/x?y=z#f"],
            &[
                "https://trusted.com.malicious.com",
                "http://sub-domain.trusted.com",
                "https://sub.trusted.com",
                "http://trusted.com",
                "https://evil.com#.trusted.com",
                "https://evil.com/.trusted.com",
                "https://evil.com\\.trusted.com",
                "https://trusted.com@evil.com",
                "trusted.com",
            ],
        ),
        (
            "*.example.com",
            &["https://a.example.com/x", "http://a.example.com"],
            &[
                "malicious.com?.example.com",
                "https://malicious.com?.example.com",
                "https://example.com",
            ],
        ),
        (
            "https://*.example.com",
            &["https://api.example.com/x"],
            &["http://api.example.com", "https://api.example.com.evil.com", "https://example.com"],
        ),
        (
            "https://app.example.org/**",
            &["https://app.example.org", "https://app.example.org/x/y"],
            &["https://app.example.org.evil.com", "https://app.example.orgevil.com/x"],
        ),
        (
            "*.example.net/**",
            &["https://a.example.net/x", "http://a.example.net"],
            &["https://a.example.net.evil.com", "https://a.example.netevil.com"],
        ),
        (
            "myapp://callback",
            &["myapp://callback", "myapp://callback/x"],
            &["myapp://callback.attacker.tld", "myapp://x@callback", "otherapp://callback"],
        ),
        (
            "myapp://host/cb",
            &["myapp://host/cb", "myapp://host/cb/x"],
            &[
                "myapp://host/cb/../evil",
                "myapp://host/cb/%2e%2e/evil",
                "myapp://host/cb%2f..%2fevil",
                "myapp://host/cbx",
            ],
        ),
        (
            "http://192.168.*.*",
            &["http://192.168.1.20/x"],
            &["http://192.168.evil.com", "http://192.168.1.evil.com", "https://192.168.1.20"],
        ),
    ];
    for (entry, trusted, others) in table {
        let site = Site::with(|config| config.trusted_origins = vec![(*entry).to_owned()]);
        let code = |place: &str| {
            let body = json!({"email": ADA, "password": "x", "callbackURL": place});
            site.post("/sign-in/email", &body).code()
        };
        for place in *trusted {
            assert_eq!(code(place), "INVALID_CREDENTIALS", "{entry} {place}");
        }
        for place in *others {
            assert_eq!(code(place), "INVALID_CALLBACK_URL", "{entry} {place}");
            let request =
                Request::post("/sign-out").header("cookie", "a=b").header("origin", *place);
            assert_eq!(site.send(request).code(), "INVALID_ORIGIN", "{entry} {place}");
        }
    }
}

/// What is no place of this server whatever is trusted.
#[test]
fn pinned_paths_that_a_browser_reads_as_another_server_are_none_of_ours() {
    let site = Site::new();
    let code = |place: &str| {
        let body = json!({"email": ADA, "password": "x", "callbackURL": place});
        site.post("/sign-in/email", &body).code()
    };
    for place in [
        "//evil.com",
        "/%5C/evil.com",
        "/\\/\\/evil.com",
        "/..%2F..%2Fevil.com",
        "/\\evil.com",
        "/%5cevil.com",
        "/%2fevil.com",
        "/\u{0}x",
        "/\tx",
        "/\u{85}x",
        "javascript:alert('xss')",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>alert('xss')</script>",
        "vbscript:x",
        "blob:x",
        "file:///etc/passwd",
        "https:evil.com",
        "\\\\evil.com",
        " https://evil.com",
        "x",
    ] {
        assert_eq!(code(place), "INVALID_CALLBACK_URL", "{place:?}");
    }
    for place in ["/", "/dash#frag", "/ok~x", "/dash?x=https://e.com", "/a%20b?c=%2f"] {
        assert_eq!(code(place), "INVALID_CREDENTIALS", "{place}");
    }
    for place in [json!({}), json!({"a": 1}), json!(["/x"]), json!(5), json!(true)] {
        let body = json!({"email": ADA, "password": "x", "callbackURL": place});
        assert_eq!(site.post("/sign-in/email", &body).status, 400, "{place}");
    }
    let twice = Request::get("/verify-email?token=x&callbackURL=/a&callbackURL=/b");
    assert_eq!(site.send(twice).status, 400);
}

/// `disableOriginCheck` for one path, and two servers in one process.
#[test]
fn pinned_exceptions_from_the_check_are_whole_segments_and_nobody_elses() {
    let open = Site::with(|config| {
        let paths = json!(["/public/data", "/sign-in/em"]);
        config.advanced.disable_origin_check = serde_json::from_value(paths).unwrap();
    });
    let shut =
        Site::with(|config| config.trusted_origins = vec!["https://other.example".to_owned()]);
    let body = json!({"email": ADA, "password": "x", "callbackURL": "https://evil.example"});
    assert_eq!(open.post("/sign-in/email", &body).code(), "INVALID_CALLBACK_URL");
    let other = json!({"email": ADA, "password": "x", "callbackURL": "https://other.example"});
    let codes: Vec<(String, String)> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    let ask = |site: &Site| site.post("/sign-in/email", &other).code();
                    (ask(&open), ask(&shut))
                })
            })
            .collect();
        asked.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let expected = ("INVALID_CALLBACK_URL".to_owned(), "INVALID_CREDENTIALS".to_owned());
    assert!(codes.iter().all(|codes| *codes == expected), "{codes:?}");
}

/// What a proxy, or somebody who plays one, says of the address of this server.
#[test]
fn pinned_proxy_headers_choose_no_host_that_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::default();
    config.secret = Some(Secret::new("x".repeat(40)));
    config.database.url = folder.path().join("a.db").display().to_string().into();
    config.advanced.ip_address.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
    let auth = BetterAuth::new(config).unwrap();
    auth.migrate().unwrap();
    // Whether a page at this origin may send cookies says what the server takes itself for.
    let is_own = |peer: &str, origin: &str, more: &[(&str, &str)]| {
        let headers =
            [&[("cookie", "a=b"), ("host", "auth.example.com"), ("origin", origin)], more];
        from(&auth, peer, ("POST", "/api/auth/sign-out"), &headers.concat()).status() == 200
    };
    let (proxy, stranger) = ("10.0.0.1", "192.0.2.1");
    let forwarded = [("x-forwarded-proto", "https"), ("x-forwarded-host", "app.example.com")];
    assert!(is_own(stranger, "http://auth.example.com", &[]));
    assert!(is_own(proxy, "https://app.example.com", &forwarded));
    assert!(!is_own(stranger, "https://app.example.com", &forwarded), "only from a trusted proxy");
    assert!(is_own(stranger, "http://auth.example.com", &forwarded));
    for host in [
        "../../../etc/passwd",
        "<script>alert(1)</script>",
        "",
        " ",
        "a b",
        "example.com:999999",
        "evil.com\\.example.com",
        "user:password@",
        "[::1",
    ] {
        let headers = [("x-forwarded-proto", "https"), ("x-forwarded-host", host)];
        for origin in
            ["https://evil.com", "https://evil.com:999999", "https://example.com", "https://etc"]
        {
            assert!(!is_own(proxy, origin, &headers), "{host} {origin}");
        }
        let answer = from(&auth, proxy, ("GET", "/api/auth/get-session"), &headers);
        assert_eq!(answer.status(), 400, "{host}: no host is known");
    }
    for scheme in ["javascript", "file", "ftp", "", "https, http", "HTTPS:"] {
        let headers = [("x-forwarded-proto", scheme), ("x-forwarded-host", "app.example.com")];
        assert!(is_own(proxy, "http://app.example.com", &headers), "{scheme}: none but https is");
        assert!(!is_own(proxy, &format!("{scheme}://app.example.com"), &headers), "{scheme}");
    }
}

/// Networks that are none are refused at the start, and an address and a path are never run together.
#[test]
fn pinned_addresses_a_network_is_one_or_is_refused() {
    for network in ["10.0.0.0/8x", "10.0.0.0/33", "10.0.0.0/3.5", "10.0.0.0/", "/8", "10.0.0", "*"]
    {
        let text = json!({"advanced": {"ipAddress": {"trustedProxies": [network]}}});
        assert!(serde_json::from_value::<Config>(text).is_err(), "{network}");
    }
    let site = Site::with(|config| {
        config.rate_limit.enabled = Some(true);
        config.rate_limit.max = 1;
        config.rate_limit.storage = Some(better_auth::config::RateLimitStorage::Database);
    });
    let status = |peer: &str, path: &str| {
        from(&site.auth, peer, ("GET", &format!("/api/auth{path}")), &[]).status().as_u16()
    };
    assert_eq!(status("192.0.2.1", "/ok"), 200);
    assert_eq!(status("192.0.2.1", "/ok"), 429);
    assert_eq!((status("192.0.2.11", "/ok"), status("192.0.2.1", "/session")), (200, 200));
    let sql = r#"SELECT "key" FROM "rateLimit" ORDER BY "key""#;
    let keys = site.auth.database().read(|tx| tx.list(sql, &[], |row| row.text(0))).unwrap();
    assert_eq!(keys, ["192.0.2.11|/ok", "192.0.2.1|/ok", "192.0.2.1|/session"]);
}

/// Cookies as no browser should send them.
#[test]
fn pinned_cookies_that_were_not_set_here_are_nobodys() {
    let site = Site::with(|config| config.session.cookie_cache.enabled = true);
    let cookies = site.sign_up(ADA).cookies();
    let token = cookie(&cookies, "better-auth.session_token");
    let (name, copy) = ("better-auth.session_token", cookie(&cookies, "better-auth.session_data"));
    let (raw, signature) = token.split_once('.').unwrap();
    for nobody in [
        format!("{name}={raw}"),
        format!("{name}={raw}."),
        format!("{name}=.{signature}"),
        format!("{name}={raw}.{}", signature.get(1..).unwrap()),
        format!("{name}={raw}.{signature}.{signature}"),
        format!("{name}={token}%00"),
        format!("{name}={token}%0d%0aSet-Cookie:x=y"),
        format!("{name}={}.{signature}", "x".repeat(5000)),
        name.to_owned(),
        format!("={token}"),
        ";;;;".to_owned(),
        format!("better-auth.session_data={copy}"),
        format!("better-auth.session_data={}", copy.repeat(20)),
    ] {
        assert_eq!(site.session(&nobody), Value::Null, "{nobody:.80}");
    }
    // What stands around it does not matter, and semicolons alone separate.
    for still in [
        format!("a=b;{name}={token};c=d"),
        format!("a=\"x; {name}={token}"),
        format!("; ;{name}={token}"),
        format!("{name}={token}; better-auth.session_data=x"),
        format!("{name}={token}; better-auth.session_data.0=x; better-auth.session_data.7=y"),
        format!("{name}={token}; better-auth.session_data={copy}x"),
    ] {
        assert_eq!(site.session(&still)["user"]["email"], ADA, "{still:.80}");
    }
    // A lifetime is never longer than browsers keep a cookie [RFC 6265bis 5.5].
    let long = Site::with(|config| {
        config.session.expires_in = std::time::Duration::from_secs(400 * 24 * 60 * 60);
    });
    let answer = long.sign_up(ADA);
    assert!(answer.set_cookies()[0].contains("; Max-Age=34560000; "), "{answer:?}");
}

/// A session changes its own fields, none of the server's.
#[test]
fn pinned_authority_a_session_says_nothing_of_itself() {
    let site = Site::with_plugins(|config| {
        let fields = json!({"theme": {"type": "string", "required": false},
            "hidden": {"type": "string", "required": false, "input": false}});
        config.session.additional_fields = serde_json::from_value(fields).unwrap();
    });
    let cookies = site.sign_up(ADA).cookies();
    let before = site.session(&cookies)["session"].clone();
    let send = |body: &Value| {
        site.send(Request::post("/update-session").signed_in(&cookies).json(body)).status
    };
    for field in
        ["id", "userId", "token", "expiresAt", "createdAt", "ipAddress", "impersonatedBy", "hidden"]
    {
        let alone = send(&json!({ field: "x" }));
        assert!((400..500).contains(&alone), "{field} {alone}");
        send(&json!({ field: "x", "theme": "dark" }));
        let mut after = site.session(&cookies)["session"].clone();
        for changed in ["theme", "updatedAt"] {
            after[changed] = before[changed].clone();
        }
        assert_eq!(after, before, "{field}");
    }
}
