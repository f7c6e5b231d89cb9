//! Advisories that concern every deployment [security 1.2 A].

use std::time::Duration;

use better_auth::BetterAuth;
use better_auth::Config;
use better_auth::NewUser;
use better_auth::Secret;
use better_auth::config::CookieCacheStrategy;
use better_auth::config::Transport;
use serde_json::Value;
use serde_json::json;

use super::count;
use super::from;
use super::hands_out_a_session;
use crate::harness::Mail;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::members;
use crate::harness::site::PASSWORD;

const ADA: &str = "ada@example.com";

/// <https://github.com/better-auth/better-auth/security/advisories/GHSA-xg6x-h9c9-2m83>
///
/// A4: a sign-in that a later step refuses has left a copy of a session in a cookie. The second factor is no part of this
/// server yet; what else refuses after the right password is.
#[test]
fn a4_ghsa_xg6x_h9c9_2m83_a_sign_in_that_is_refused_leaves_no_copy_of_a_session() {
    for strategy in
        [CookieCacheStrategy::Compact, CookieCacheStrategy::Jwt, CookieCacheStrategy::Jwe]
    {
        let site = Site::with_plugins(|config| {
            config.email_and_password.require_email_verification = true;
            config.session.cookie_cache.enabled = true;
            config.session.cookie_cache.strategy = strategy;
        });
        let user = |email: &str, email_verified: bool, banned: bool| {
            let new = NewUser {
                email: email.to_owned(),
                password: Some(Secret::new(PASSWORD)),
                email_verified,
                additional: json!({"banned": banned}).as_object().unwrap().clone(),
                ..NewUser::default()
            };
            site.auth.api().create_user(&new).unwrap();
        };
        user("unverified@example.com", false, false);
        user("banned@example.com", true, true);
        user(ADA, true, false);
        for (email, code) in [
            ("unverified@example.com", "EMAIL_NOT_VERIFIED"),
            ("banned@example.com", "BANNED_USER"),
        ] {
            let body = json!({"email": email, "password": PASSWORD});
            let refused = site.post("/sign-in/email", &body);
            assert_eq!(refused.outcome(), (403, code.to_owned()), "{refused:?}");
            assert!(!hands_out_a_session(&refused.headers), "{refused:?}");
            assert_eq!(site.session(&refused.cookies()), Value::Null);
        }
        assert_eq!(count(&site, r#"SELECT COUNT(*) FROM "session""#), 0);
        let body = json!({"email": ADA, "password": PASSWORD});
        assert!(hands_out_a_session(&site.post("/sign-in/email", &body).headers));
    }
}

/// <https://github.com/better-auth/better-auth/security/advisories/GHSA-vp58-j275-797x>
///
/// A5: the link to a new password leads to another server, by a spelling that the list of trusted origins lets through.
#[test]
fn a5_ghsa_vp58_j275_797x_no_reset_link_leads_elsewhere() {
    let site = Site::with_mail(|config| {
        config.trusted_origins = [
            "https://app.example.com",
            "https://*.wild.example",
            "*.host.example",
            "myapp://callback",
        ]
        .map(str::to_owned)
        .into();
    });
    site.sign_up(ADA);
    for place in [
        "//evil.com",
        "/%5C/evil.com",
        "/\\/\\/evil.com",
        "https://evil.com",
        "https://app.example.com.evil.com",
        "https://evil.com?.wild.example",
        "https://evil.com#.wild.example",
        "https://evil.com/.wild.example",
        "http://malicious.com?.host.example",
        "malicious.com?.host.example",
        "myapp://callback.evil.com",
    ] {
        for path in ["/request-password-reset", "/forget-password"] {
            let answer = site.post(path, &json!({"email": ADA, "redirectTo": place}));
            assert_eq!(answer.outcome(), (403, "INVALID_REDIRECT_URL".to_owned()), "{place}");
        }
        let open = place.replace('\\', "%5C").replace('#', "%23").replace('?', "%3F");
        let answer = site.send(Request::get(&format!("/reset-password/x?callbackURL={open}")));
        assert_eq!(answer.outcome(), (403, "INVALID_CALLBACK_URL".to_owned()), "{place}");
    }
    assert!(site.mails().is_empty());
    for place in ["/reset", "https://app.example.com/reset", "https://a.wild.example/reset"] {
        let answer =
            site.post("/request-password-reset", &json!({"email": ADA, "redirectTo": place}));
        assert_eq!(answer.status, 200, "{place}");
    }
    assert_eq!(site.mails().len(), 3);
}

/// Opens a link that is right but for where it leads, and answers what became of it.
fn open_verification(place: &str) -> (u16, String, bool) {
    let site = Site::with_mail(|_| {});
    site.sign_up(ADA);
    site.post("/send-verification-email", &json!({"email": ADA}));
    let token = site.mail().token().to_owned();
    let path = format!("/verify-email?token={token}&callbackURL={place}");
    let answer = site.send(Request::get(&path));
    let code = if answer.status < 400 { String::new() } else { answer.code() };
    (answer.status, code, site.auth.api().get_user(ADA).unwrap().email_verified)
}

/// <https://github.com/better-auth/better-auth/security/advisories/GHSA-8jhw-6pjj-8723>
///
/// A6: links are opened with GET, which the check of the origin passes over.
#[test]
fn a6_ghsa_8jhw_6pjj_8723_a_verification_link_leads_nowhere_else() {
    let refused = (403, "INVALID_CALLBACK_URL".to_owned(), false);
    assert_eq!(open_verification("https://evil.com"), refused);
    assert_eq!(open_verification("https%3A%2F%2Fevil.com"), refused);
    assert_eq!(open_verification("/home"), (302, String::new(), true));
}

/// <https://github.com/better-auth/better-auth/security/advisories/GHSA-hjpm-7mrm-26w8>
///
/// A7: the same without a scheme.
#[test]
fn a7_ghsa_hjpm_7mrm_26w8_a_place_without_a_scheme_is_another_server() {
    let refused = (403, "INVALID_CALLBACK_URL".to_owned(), false);
    for place in ["//evil.com", "%2F%2Fevil.com", "///evil.com", "/%09/evil.com", "/%5Cevil.com"] {
        assert_eq!(open_verification(place), refused, "{place}");
    }
}

/// <https://github.com/better-auth/better-auth/security/advisories/GHSA-36rg-gfq2-3h56>
///
/// A8: an origin is compared by its beginning. Every endpoint that leads on is asked.
#[test]
fn a8_ghsa_36rg_gfq2_3h56_every_endpoint_that_leads_on_compares_the_whole_origin() {
    let site = Site::with_mail(|config| {
        config.trusted_origins = vec!["https://trusted.com".to_owned()];
    });
    let cookies = site.sign_up(ADA).cookies();
    let mut asked = 0;
    for row in site.auth.endpoints() {
        let read = members(row).into_iter().chain(row.query.iter().copied());
        for field in read.filter(|field| field.name == "callbackURL") {
            for place in [
                "https://trusted.com.malicious.com",
                "https://trusted.com:8443",
                "http://trusted.com",
            ] {
                let is_query = row.query.iter().any(|query| query.name == field.name);
                let path = row.path.replace(":token", "x");
                let request = if is_query {
                    Request::new(row.method.clone(), &format!("{path}?token=x&callbackURL={place}"))
                } else {
                    let body = json!({
                        "callbackURL": place, "email": ADA, "password": PASSWORD, "name": "x",
                        "newEmail": "b@example.com", "provider": "gitlab",
                    });
                    Request::new(row.method.clone(), &path).json(&body)
                };
                let answer = site.send(request.signed_in(&cookies));
                let expected = (403, "INVALID_CALLBACK_URL".to_owned());
                assert_eq!(answer.outcome(), expected, "{} {path} {place}", row.method);
                asked += 1;
            }
        }
    }
    assert!(24 <= asked, "only {asked}");
    assert!(site.mails().is_empty());
}

/// <https://github.com/better-auth/better-auth/security/advisories/GHSA-9x4v-xfq5-m8x5>
///
/// A9: what a link says of an error is shown as it is.
#[test]
fn a9_ghsa_9x4v_xfq5_m8x5_the_error_page_shows_markup_as_text() {
    let site = Site::new();
    let page = |query: &str| site.send(Request::get(&format!("/error?{query}"))).body;
    for code in
        ["%3Cscript%3Ealert(1)%3C/script%3E", "x%22onload=%22y", "%3Cimg%20src=x%3E", "a%26b"]
    {
        let body = page(&format!("error={code}"));
        assert!(body.contains("<code>UNKNOWN</code>"), "{body}");
        for markup in ["<script", "onload", "<img", "a&b"] {
            assert!(!body.contains(markup), "{code}: {body}");
        }
    }
    assert!(
        page("error=a%27b").contains("<code>a&#x27;b</code>"),
        "a quote is one of a code's characters"
    );
    let body = page("error=x&error_description=%26%3C%3E%22%27");
    assert!(body.contains("&amp;&lt;&gt;&quot;&#x27;"), "{body}");
    let body = page("error=x&error_description=%3Cscript%3Ealert(1)%3C/script%3E");
    assert!(!body.contains("<script"), "{body}");
}

/// <https://github.com/better-auth/better-auth/security/advisories/GHSA-x732-6j76-qmhm>
///
/// A10: another spelling of a path reaches its handler, past what is said of the path.
#[test]
fn a10_ghsa_x732_6j76_qmhm_one_spelling_of_a_path_counts_everywhere() {
    let site = Site::with(|config| {
        config.disabled_paths = vec!["/sign-up/email".to_owned()];
        config.rate_limit.enabled = Some(true);
    });
    let post = |uri: &str| {
        let auth = &site.auth;
        from(auth, "192.0.2.1", ("POST", uri), &[("content-type", "application/json")])
    };
    for uri in [
        "/api/auth//sign-in/email",
        "/api/auth///sign-in/email",
        "//api/auth/sign-in/email",
        "/api//auth/sign-in/email",
        "/api/auth//sign-up/email",
        "/api/auth/sign-up/email",
        "/api/auth/x/../sign-up/email",
        "/api/auth/sign-up/./email",
        "/api/auth/sign-up/%2e/email",
    ] {
        assert_eq!(post(uri).status(), 404, "{uri}");
    }
    // Segments with dots are taken out before anything is asked: this is the counted path, too.
    let statuses =
        ["/api/auth/sign-in/email", "/api/auth/x/../sign-in/email", "/api/auth/./sign-in/email"]
            .map(|uri| post(uri).status().as_u16());
    assert_eq!(statuses, [400; 3]);
    assert_eq!(post("/api/auth/sign-in/./email").status(), 429);
}

fn limited(change: impl FnOnce(&mut Config)) -> Site {
    Site::with(|config| {
        config.rate_limit.enabled = Some(true);
        config.rate_limit.max = 2;
        change(config);
    })
}

fn ok(site: &Site, peer: &str, forwarded: &[(&str, &str)]) -> u16 {
    from(&site.auth, peer, ("GET", "/api/auth/ok"), forwarded).status().as_u16()
}

/// <https://github.com/better-auth/better-auth/security/advisories/GHSA-p6v2-xcpg-h6xw>
///
/// A11: one client has many addresses, or many spellings of one.
#[test]
fn a11_ghsa_p6v2_xcpg_h6xw_one_client_is_counted_once_however_its_address_is_spelt() {
    let behind = || {
        limited(|config| {
            config.advanced.ip_address.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
        })
    };
    for spellings in [
        ["2001:DB8::1", "2001:0db8:0::1", "2001:db8:0:0:0:0:0:1"],
        ["2001:db8::1", "2001:db8::2", "2001:db8::dead:beef"],
        ["192.0.2.1", "::ffff:192.0.2.1", "::FFFF:c000:0201"],
    ] {
        let site = behind();
        let statuses =
            spellings.map(|spelling| ok(&site, "10.0.0.1", &[("x-forwarded-for", spelling)]));
        assert_eq!(statuses, [200, 200, 429], "{spellings:?}");
        let direct = limited(|_| {});
        assert_eq!(spellings.map(|spelling| ok(&direct, spelling, &[])), [200, 200, 429]);
    }
    let site = behind();
    let neighbours =
        ["2001:db8::1", "2001:db8:0:1::1", "2001:db8:0:2::1", "192.0.2.1", "192.0.2.2"];
    assert_eq!(
        neighbours.map(|one| ok(&site, "10.0.0.1", &[("x-forwarded-for", one)])),
        [200; 5],
        "these are five"
    );
}

/// <https://github.com/better-auth/better-auth/pull/10203>
///
/// A12: the client writes the first entry of `X-Forwarded-For` itself.
#[test]
fn a12_a_forwarded_address_counts_only_from_the_right_and_only_behind_trusted_proxies() {
    let rotating = ["6.6.6.1", "6.6.6.2", "6.6.6.3"];
    let alone = limited(|_| {});
    assert_eq!(
        rotating.map(|spoofed| ok(&alone, "192.0.2.1", &[("x-forwarded-for", spoofed)])),
        [200, 200, 429],
        "without trusted proxies the header is nothing"
    );
    let behind = limited(|config| {
        config.advanced.ip_address.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
    });
    assert_eq!(
        rotating.map(|spoofed| {
            let chain = format!("{spoofed}, 192.0.2.1, 10.0.0.2");
            ok(&behind, "10.0.0.1", &[("x-forwarded-for", &chain)])
        }),
        [200, 200, 429],
        "the first hop from the right that is no proxy is the client"
    );
    // A chain that cannot be read leads to one shared count.
    let unreadable = ["1.2.3.4, nonsense", "10.0.0.3, 10.0.0.2", "unknown"];
    assert_eq!(
        unreadable.map(|chain| ok(&behind, "10.0.0.1", &[("x-forwarded-for", chain)])),
        [200, 200, 429]
    );
}

/// <https://github.com/better-auth/better-auth/security/advisories/GHSA-569q-mpph-wgww>
///
/// A15: the first request after a start says where the server is, for everybody and for good.
#[test]
fn a15_ghsa_569q_mpph_wgww_nothing_is_learnt_from_the_first_request() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::default();
    config.secret = Some(Secret::new("x".repeat(40)));
    config.database.url = folder.path().join("a.db").display().to_string().into();
    config.email.transport = Some(Transport::File);
    config.email.file = folder.path().join("emails.jsonl");
    config.advanced.ip_address.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
    let auth = BetterAuth::new(config.clone()).unwrap();
    auth.migrate().unwrap();
    for peer in ["192.0.2.1", "10.0.0.1"] {
        let poison: &[(&str, &str)] = &[
            ("host", "evil.example"),
            ("x-forwarded-proto", "some:"),
            ("x-forwarded-host", "junk"),
        ];
        from(&auth, peer, ("GET", "/api/auth/ok"), poison);
        for path in ["/api/auth/ok", "/api/auth/get-session", "/api/auth/error"] {
            let answer = from(&auth, "192.0.2.9", ("GET", path), &[("host", "auth.example.com")]);
            assert_eq!(answer.status(), 200, "{peer} {path}");
        }
    }
    let user = NewUser { email: ADA.to_owned(), ..NewUser::default() };
    auth.api().create_user(&user).unwrap();
    let mut request = better_auth::Request::post("/api/auth/request-password-reset")
        .header("content-type", "application/json")
        .header("host", "auth.example.com");
    // A stranger's forwarded headers do not choose the host of a link, either.
    for (name, value) in [("x-forwarded-host", "evil.example"), ("x-forwarded-proto", "https")] {
        request = request.header(name, value);
    }
    let request = request.body(json!({ "email": ADA }).to_string().into()).unwrap();
    let peer = better_auth::Peer::at("192.0.2.9".parse().unwrap());
    assert_eq!(auth.handle(request, peer).status(), 200);
    let mails = Mail::read(&config.email.file);
    let url = mails.last().unwrap().field("url");
    assert!(url.starts_with("http://auth.example.com/api/auth/reset-password/"), "{url}");
}

/// <https://github.com/better-auth/better-call/security/advisories/GHSA-hq75-xg7r-rx6c>
///
/// A17: an answer with a session in it is fetched under the name of a picture, which caches keep.
#[test]
fn a17_ghsa_hq75_xg7r_rx6c_no_session_is_answered_under_another_name() {
    let site = Site::new();
    let cookies = site.sign_up(ADA).cookies();
    for path in [
        "/get-session/api/auth/image.png",
        "/get-session/image.png",
        "/get-session.png",
        "/get-session;.png",
        "/get-session%2Fimage.png",
        "/get-session%3F.png",
    ] {
        let answer = site.send(Request::get(path).header("cookie", &cookies));
        assert_eq!((answer.status, answer.body.as_str()), (404, ""), "{path}");
    }
    let header = [("cookie", cookies.as_str())];
    for uri in ["/image.png/api/auth/get-session", "/x/api/auth/get-session"] {
        assert_eq!(from(&site.auth, "192.0.2.1", ("GET", uri), &header).status(), 404, "{uri}");
    }
    for path in ["/get-session", "/session", "/list-sessions", "/user", "/ok"] {
        let answer = site.send(Request::get(path).header("cookie", &cookies));
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
    }
    site.wait(Duration::from_secs(1));
    assert_ne!(site.session(&cookies), Value::Null);
}

/// <https://github.com/better-auth/better-auth/security/advisories/GHSA-wmjr-v86c-m9jj>
///
/// B3: signing out ends the session of a cookie that was not signed here. There are no sessions side by side here; the
/// cookies that would name one are those of others, and a signature counts for the value and the name.
#[test]
fn b3_ghsa_wmjr_v86c_m9jj_a_forged_cookie_ends_nobodys_session() {
    let site = Site::new();
    let victim = site.sign_up(ADA);
    let token = victim.json()["token"].as_str().unwrap().to_owned();
    let own = site.sign_up("eve@example.com").cookies();
    let signature = own.split_once('.').unwrap().1.split_once('.').unwrap().1.to_owned();
    for forged in [
        format!("better-auth.session_token_multi-{token}={token}.fake-signature"),
        format!("better-auth.session_token={token}.fake-signature"),
        format!("better-auth.session_token={token}"),
        format!("better-auth.session_token={token}.{signature}"),
        format!("{own}; better-auth.session_token={token}.{signature}"),
        format!(
            "better-auth.session_token_multi-{token}={}",
            super::cookie(&own, "better-auth.session_token")
        ),
    ] {
        let answer = site.send(Request::post("/sign-out").signed_in(&forged));
        assert_eq!(answer.status, 200, "{forged}");
        assert_ne!(site.session(&victim.cookies()), Value::Null, "{forged}");
    }
    // Naming somebody else's session in the body ends nothing, either.
    let eve =
        site.post("/sign-in/email", &json!({"email": "eve@example.com", "password": PASSWORD}));
    let request = Request::post("/revoke-session").signed_in(&eve.cookies());
    assert_eq!(site.send(request.json(&json!({ "token": token }))).status, 200);
    assert_ne!(site.session(&victim.cookies()), Value::Null);
}
