//! Every provider: what its token endpoint is sent, and what becomes of its answers, in the shapes that the
//! contract has [contract 10.6, 10.7].

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use better_auth::Config;
use better_auth::config::PROVIDER_IDS;
use better_auth::config::ProviderOptions;
use serde_json::Value;
use serde_json::json;
use url::Url;

use crate::harness::Answer;
use crate::harness::Provider;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::provider::signed;

const ADA: &str = "ada@example.com";
const IMAGE: &str = "https://i.example/a.png";

/// How the token endpoint is told who asks.
#[derive(Debug, PartialEq)]
enum Auth {
    Post,
    Basic,
    Key,
    Query,
}

/// A provider's answers, and who that is: subject, name, address, picture, verified.
struct Case {
    id: &'static str,
    auth: Auth,
    options: Value,
    token: Value,
    user: Value,
    is: (&'static str, &'static str, &'static str, Option<&'static str>, bool),
}

fn case(
    id: &'static str,
    user: Value,
    is: (&'static str, &'static str, &'static str, Option<&'static str>, bool),
) -> Case {
    Case { id, auth: Auth::Post, options: json!({}), token: json!({}), user, is }
}

impl Case {
    fn basic(mut self) -> Self {
        self.auth = Auth::Basic;
        self
    }

    fn auth(mut self, auth: Auth) -> Self {
        self.auth = auth;
        self
    }

    fn options(mut self, options: Value) -> Self {
        self.options = options;
        self
    }

    fn token(mut self, token: Value) -> Self {
        self.token = token;
        self
    }

    /// The same with the user as the claims of a token.
    fn claims(mut self) -> Self {
        let claims = BASE64_URL_SAFE_NO_PAD.encode(self.user.to_string());
        self.token = json!({ "id_token": format!("e30.{claims}.x") });
        self.user = json!({});
        self
    }
}

fn openid() -> Value {
    json!({"sub": "7", "name": "Ada", "email": ADA, "picture": IMAGE, "email_verified": true})
}

fn cases() -> Vec<Case> {
    let whole = ("7", "Ada", ADA, Some(IMAGE), true);
    let unverified = ("7", "Ada", ADA, Some(IMAGE), false);
    vec![
        case("apple", json!({"sub": "7", "name": "Ada", "email": ADA, "email_verified": "true"}), ("7", "Ada", ADA, None, true)).claims(),
        case("atlassian", json!({"account_id": "7", "name": "Ada", "email": ADA, "picture": IMAGE}), unverified),
        case("cloudflare", json!({"success": true, "result": {"id": "7", "first_name": "Ada", "last_name": null, "email": ADA}}), ("7", "Ada", ADA, None, false)).basic(),
        case("cognito", json!({"sub": "7", "given_name": "Ada", "email": ADA, "picture": IMAGE, "email_verified": "true"}), whole)
            .options(json!({"domain": "pool.example.com", "region": "r", "userPoolId": "p"})),
        case("discord", json!({"id": "7", "username": "ada", "global_name": "Ada", "email": ADA, "verified": true, "avatar": "a_b", "discriminator": "0"}), ("7", "Ada", ADA, Some("https://cdn.discordapp.com/avatars/7/a_b.gif"), true)),
        case("dropbox", json!({"account_id": "7", "name": {"display_name": "Ada"}, "email": ADA, "email_verified": true, "profile_photo_url": IMAGE}), whole),
        case("facebook", json!({"sub": "7", "name": "Ada", "email": ADA, "picture": IMAGE, "email_verified": true}), unverified).claims(),
        case("figma", json!({"id": "7", "handle": "Ada", "email": ADA, "img_url": IMAGE}), unverified).basic(),
        case("github", json!({"id": 7, "login": "ada", "name": "Ada", "email": null, "avatar_url": IMAGE}), whole),
        case("gitlab", json!({"id": 7, "username": "Ada", "name": null, "email": ADA, "avatar_url": IMAGE, "state": "active", "email_verified": true}), whole),
        case("google", openid(), whole).claims(),
        case("huggingface", json!({"sub": "7", "preferred_username": "Ada", "email": ADA, "picture": IMAGE, "email_verified": true}), whole),
        case("kakao", json!({"id": 7, "kakao_account": {"profile": {"nickname": "Ada", "thumbnail_image_url": IMAGE}, "email": ADA, "is_email_valid": true, "is_email_verified": true}}), whole),
        case("kick", json!({"data": [{"user_id": 7, "name": "Ada", "email": ADA, "profile_picture": IMAGE}]}), unverified),
        case("line", openid(), unverified).claims(),
        case("linear", json!({"data": {"viewer": {"id": "7", "name": "Ada", "email": ADA, "avatarUrl": IMAGE}}}), unverified),
        case("linkedin", openid(), whole),
        case("microsoft", json!({"oid": "7", "sub": "other", "name": "Ada", "email": ADA, "picture": IMAGE, "verified_primary_email": [ADA]}), whole)
            .claims()
            .options(json!({"disableProfilePhoto": true})),
        case("naver", json!({"resultcode": "00", "response": {"id": "7", "nickname": "Ada", "email": ADA, "profile_image": IMAGE}}), unverified),
        case("notion", json!({"bot": {"owner": {"user": {"id": "7", "name": "Ada", "person": {"email": ADA}, "avatar_url": IMAGE}}}}), unverified).basic(),
        case("paybin", openid(), whole).claims(),
        case("paypal", json!({"user_id": "7", "sub": "s", "name": "Ada", "email": ADA, "picture": IMAGE, "email_verified": true}), whole).basic(),
        case("polar", json!({"id": "7", "public_name": "Ada", "email": ADA, "avatar_url": IMAGE, "email_verified": true}), whole),
        case("railway", json!({"sub": "7", "name": "Ada", "email": ADA, "picture": IMAGE}), unverified).basic(),
        case("reddit", json!({"id": "7", "name": "Ada", "icon_img": "https://i.example/a.png?s=1"}), ("7", "Ada", "7@reddit.placeholder.invalid", Some(IMAGE), false)).basic(),
        case("roblox", json!({"sub": "7", "nickname": "Ada", "picture": IMAGE}), ("7", "Ada", "7@roblox.placeholder.invalid", Some(IMAGE), false)),
        case("salesforce", json!({"user_id": "7", "name": "Ada", "email": ADA, "photos": {"thumbnail": IMAGE}, "email_verified": true}), whole),
        case("slack", json!({"sub": "x", "https://slack.com/user_id": "7", "name": "Ada", "email": ADA, "https://slack.com/user_image_512": IMAGE, "email_verified": true}), whole),
        case("spotify", json!({"id": "7", "display_name": "Ada", "email": ADA, "images": [{"url": IMAGE}]}), unverified),
        case("tiktok", json!({"data": {"user": {"open_id": "7", "display_name": "Ada", "avatar_large_url": IMAGE}}}), ("7", "Ada", "7@tiktok.placeholder.invalid", Some(IMAGE), false))
            .auth(Auth::Key)
            .options(json!({"clientKey": "the key"})),
        case("twitch", json!({"sub": "7", "preferred_username": "Ada", "email": ADA, "picture": IMAGE, "email_verified": true}), whole).claims(),
        case("twitter", json!({"data": {"id": "7", "name": "Ada", "profile_image_url": IMAGE, "confirmed_email": ADA}}), whole).basic(),
        case("vercel", json!({"sub": "7", "preferred_username": "Ada", "email": ADA, "picture": IMAGE, "email_verified": true}), whole),
        case("vk", json!({"user": {"user_id": "7", "first_name": "Ada", "last_name": "Lee", "email": ADA, "avatar": IMAGE}}), ("7", "Ada Lee", ADA, Some(IMAGE), false)),
        case("wechat", json!({"unionid": "7", "openid": "o", "nickname": "Ada", "headimgurl": IMAGE}), ("7", "Ada", "7@wechat.placeholder.invalid", Some(IMAGE), false))
            .auth(Auth::Query)
            .token(json!({"openid": "o", "scope": "snsapi_login"})),
        case("zoom", json!({"id": "7", "display_name": "Ada", "email": ADA, "pic_url": IMAGE, "verified": 1}), whole),
    ]
}

/// A site with one provider, whose endpoints are all on this machine.
fn site(provider: &Provider, id: &str, more: &Value) -> Site {
    let mut options = json!({
        "clientId": "the id",
        "clientSecret": "the secret",
        "tokenEndpoint": format!("{}/token", provider.url),
        "userInfoEndpoint": format!("{}/me", provider.url),
        "jwksEndpoint": format!("{}/keys", provider.url),
    });
    options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let options: ProviderOptions = serde_json::from_value(options).unwrap();
    Site::with(|config: &mut Config| {
        config.advanced.allow_private_addresses = true;
        config.social_providers.insert(id.to_owned(), options);
    })
}

#[test]
fn every_provider_says_who_it_is() {
    let cases = cases();
    assert!(cases.iter().map(|case| case.id).eq(PROVIDER_IDS));
    for Case { id, auth, options, token, user, is } in cases {
        let provider = Provider::start();
        let mut tokens = json!({"access_token": "access", "expires_in": 60});
        tokens.as_object_mut().unwrap().extend(token.as_object().unwrap().clone());
        provider.says("/token", 200, tokens);
        provider.says("/me", 200, user);
        let emails =
            json!([{"email": "x@y.co"}, {"email": ADA, "primary": true, "verified": true}]);
        provider.says("/me/emails", 200, emails);
        let site = site(&provider, id, &options);
        let sent = site.post("/sign-in/social", &json!({"provider": id, "callbackURL": "/home"}));
        let url = Url::parse(sent.json()["url"].as_str().unwrap()).unwrap();
        let state = url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
        let path = format!("/callback/{id}?code=c&state={state}&device_id=d");
        let back = site.send(Request::get(&path).header("cookie", sent.cookies()));
        assert_eq!(back.header("location"), Some("/home"), "{id}: {back:?}");

        let user = site.session(&back.cookies())["user"].clone();
        let (subject, name, email, image, verified) = is;
        let expected = json!([name, email, image, verified]);
        let actual = json!([user["name"], user["email"], user["image"], user["emailVerified"]]);
        assert_eq!(actual, expected, "{id}");
        let accounts = site.auth.api().list_accounts(user["id"].as_str().unwrap()).unwrap();
        assert_eq!(
            (accounts[0].provider_id.as_str(), accounts[0].account_id.as_str()),
            (id, subject)
        );

        let asked = provider.asked().remove(0);
        let form = asked.form();
        let has = |name: &str, value: &str| form.contains(&(name.to_owned(), value.to_owned()));
        let basic = format!("Basic {}", BASE64_STANDARD.encode("the+id:the+secret"));
        let found = if asked.what.starts_with("GET /token?appid=the+id&secret=the+secret&code=c") {
            Auth::Query
        } else if has("client_key", "the key") && has("client_secret", "the secret") {
            Auth::Key
        } else if asked.authorization == basic && !has("client_secret", "the secret") {
            Auth::Basic
        } else {
            assert!(has("client_id", "the id") && has("client_secret", "the secret"), "{id}");
            Auth::Post
        };
        assert_eq!(found, auth, "{id}");
    }
}

/// Comes back from a provider that says this of the tokens and of the person.
fn come_back(
    site: &Site,
    provider: &Provider,
    id: &str,
    (token, user): (&Value, &Value),
) -> Answer {
    let mut tokens = json!({"access_token": "access"});
    tokens.as_object_mut().unwrap().extend(token.as_object().unwrap().clone());
    provider.says("/token", 200, tokens);
    provider.says("/me", 200, user.clone());
    let sent = site.post("/sign-in/social", &json!({"provider": id, "callbackURL": "/home"}));
    let url = Url::parse(sent.json()["url"].as_str().unwrap()).unwrap();
    let state = url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let path = format!("/callback/{id}?code=c&state={state}");
    site.send(Request::get(&path).header("cookie", sent.cookies()))
}

/// What a provider calls itself, its application and a person is the same as a text and as a number.
#[test]
fn an_id_is_the_same_as_a_text_and_as_a_number() {
    let claims = |claims: &Value| {
        let claims = BASE64_URL_SAFE_NO_PAD.encode(claims.to_string());
        json!({ "id_token": format!("e30.{claims}.x") })
    };
    let facebook = |app: Value, user: Value, id: Value| {
        let data = json!({"app_id": app, "user_id": user, "is_valid": true});
        json!({"data": data, "id": id, "email": ADA})
    };
    let paypal = |id: Value| json!({"user_id": "p", "sub": id, "email": ADA});
    for (id, answers) in [
        (
            "discord",
            [
                (json!({}), json!({"id": "7", "email": ADA})),
                (json!({}), json!({"id": 7, "email": ADA})),
            ],
        ),
        (
            "facebook",
            [
                (json!({}), facebook(json!("5"), json!("7"), json!(7))),
                (json!({}), facebook(json!(5), json!(7), json!("7"))),
            ],
        ),
        (
            "github",
            [
                (json!({}), json!({"id": 7.0, "email": ADA})),
                (json!({}), json!({"id": "7", "email": ADA})),
            ],
        ),
        (
            "paypal",
            [
                (claims(&json!({"sub": 9})), paypal(json!("9"))),
                (claims(&json!({"sub": "9"})), paypal(json!(9))),
            ],
        ),
        (
            "wechat",
            [
                (json!({"openid": 9}), json!({"unionid": 7, "openid": 9})),
                (json!({"openid": "9"}), json!({"unionid": "7", "openid": "9"})),
            ],
        ),
    ] {
        let provider = Provider::start();
        let site = site(&provider, id, &json!({"clientId": "5"}));
        for (token, user) in &answers {
            let back = come_back(&site, &provider, id, (token, user));
            assert_eq!(back.header("location"), Some("/home"), "{id} {token} {user}");
        }
        assert_eq!([site.stored("user"), site.stored("account")], [1, 1], "{id}");
    }
}

/// A number with more digits than it was read with would be the same for several people.
#[test]
fn a_number_that_cannot_be_read_exactly_is_no_id() {
    for id in ["12345678901234567890123", "1e300", "7.5"] {
        let provider = Provider::start();
        let site = site(&provider, "github", &json!({}));
        let user: Value =
            serde_json::from_str(&format!(r#"{{"id": {id}, "email": "{ADA}"}}"#)).unwrap();
        let back = come_back(&site, &provider, "github", (&json!({}), &user));
        let place = "http://localhost:3000/api/auth/error?error=unable_to_get_user_info";
        assert_eq!(back.header("location"), Some(place), "{id}");
    }
}

#[test]
fn what_a_provider_warns_of_signs_nobody_in() {
    for (id, token, user) in [
        ("github", json!({"error": "bad_verification_code"}), json!({})),
        ("gitlab", json!({}), json!({"id": 7, "email": ADA, "state": "active", "locked": true})),
        ("cloudflare", json!({}), json!({"success": false, "result": {"id": "7", "email": ADA}})),
        ("naver", json!({}), json!({"resultcode": "024", "response": {"id": "7", "email": ADA}})),
        ("wechat", json!({"errcode": 40029}), json!({"openid": "o"})),
        ("wechat", json!({"openid": "o"}), json!({"errcode": 40003, "openid": "o"})),
        (
            "paypal",
            json!({"id_token": "e30.eyJzdWIiOiJvdGhlciJ9.x"}),
            json!({"user_id": "7", "sub": "s", "email": ADA}),
        ),
        ("facebook", json!({}), json!({"id": "7", "email": ADA})),
        ("notion", json!({}), json!({"bot": {"owner": {"type": "workspace"}}})),
        ("linear", json!({}), json!({"data": {"viewer": null}})),
    ] {
        let provider = Provider::start();
        let site = site(&provider, id, &json!({}));
        let back = come_back(&site, &provider, id, (&token, &user));
        let place = back.header("location").unwrap();
        assert!(place.contains("/error?error="), "{id}: {place}");
        assert!(!back.cookies().contains("session_token"), "{id}");
    }
}

/// 2026-11-23T12:00:00Z, when every site begins.
const NOW: i64 = 1_795_435_200;

fn google(change: impl FnOnce(&mut Value)) -> Value {
    let mut claims = json!({
        "iss": "https://accounts.google.com", "sub": "7", "aud": "the id", "iat": NOW, "exp": NOW + 600,
        "nonce": "n", "email": ADA, "email_verified": true, "name": "Ada",
    });
    change(&mut claims);
    claims
}

#[test]
fn a_token_of_a_phone_signs_in_only_if_the_provider_made_it_for_us_and_just_now() {
    let provider = Provider::start();
    let try_with = |options: &Value, claims: &Value, nonce: &str, forge: bool| {
        let (keys, token) = signed(claims);
        provider.says("/keys", 200, keys);
        let site = site(&provider, "google", options);
        let token = if forge { token.replace("eyJhbGciOi", "eyJhbGciOj") } else { token };
        let body = json!({"provider": "google", "idToken": {"token": token, "nonce": nonce, "accessToken": "a"}});
        let answer = site.post("/sign-in/social", &body);
        if answer.status == 200 {
            assert_eq!(answer.json()["user"]["email"], ADA);
            assert_eq!(site.session(&answer.cookies())["user"]["emailVerified"], true);
            (200, String::new())
        } else {
            answer.outcome()
        }
    };
    let none = json!({});
    assert_eq!(try_with(&none, &google(|_| {}), "n", false).0, 200);
    let domain = json!({"hd": "example.com"});
    let of_domain = google(|claims| claims["hd"] = json!("example.com"));
    assert_eq!(try_with(&domain, &of_domain, "n", false).0, 200);
    let invalid = (400, "INVALID_TOKEN".to_owned());
    assert_eq!(try_with(&none, &google(|_| {}), "n", true), invalid);
    assert_eq!(try_with(&none, &google(|_| {}), "other", false), invalid);
    assert_eq!(try_with(&domain, &google(|_| {}), "n", false), invalid);
    let changes: [(&str, Value); 9] = [
        ("iss", json!("https://evil.example")),
        ("aud", json!("another application")),
        ("aud", json!([])),
        ("exp", json!(NOW - 31)),
        ("exp", Value::Null),
        ("iat", json!(NOW - 3600 - 31)),
        ("iat", json!(NOW + 31)),
        ("nbf", json!(NOW + 31)),
        ("sub", json!("")),
    ];
    for (name, value) in changes {
        let claims = google(|claims| claims[name] = value.clone());
        assert_eq!(try_with(&none, &claims, "n", false), invalid, "{name} {value}");
    }
    let off = json!({"disableIdTokenSignIn": true});
    let refused = (404, "ID_TOKEN_NOT_SUPPORTED".to_owned());
    assert_eq!(try_with(&off, &google(|_| {}), "n", false), refused);
    let nameless = google(|claims| claims["email"] = Value::Null);
    assert_eq!(try_with(&none, &nameless, "n", false), (401, "USER_EMAIL_NOT_FOUND".to_owned()));
}

/// A way in that somebody has already is looked for before anything is asked of the address.
#[test]
fn a_token_of_a_phone_adds_a_way_in() {
    let provider = Provider::start();
    let site = site(&provider, "google", &json!({}));
    let link = |cookies: &str, change: fn(&mut Value)| {
        let (keys, token) = signed(&google(change));
        provider.says("/keys", 200, keys);
        let body = json!({"provider": "google", "idToken": {"token": token, "accessToken": "a"}});
        site.send(Request::post("/link-social").signed_in(cookies).json(&body))
    };
    let refused = |status: u16, code: &str| (status, code.to_owned());
    let unproven = |claims: &mut Value| claims["email_verified"] = json!(false);
    let eve = site.sign_up("eve@example.com").cookies();
    let different = refused(401, "LINKING_DIFFERENT_EMAILS_NOT_ALLOWED");
    assert_eq!(link(&eve, |_| {}).outcome(), different);
    assert_eq!(link(&eve, unproven).outcome(), refused(401, "LINKING_NOT_ALLOWED"));
    let ada = site.sign_up(ADA).cookies();
    assert_eq!(link(&ada, unproven).outcome(), refused(401, "LINKING_NOT_ALLOWED"));
    assert_eq!(link(&ada, |_| {}).body, r#"{"url":"","status":true,"redirect":false}"#);
    // Hers already, whatever her address there has become.
    let moved = |claims: &mut Value| {
        claims["email"] = json!("moved@example.com");
        claims["email_verified"] = json!(false);
    };
    assert_eq!(link(&ada, moved).status, 200);
    let changes: [fn(&mut Value); 3] = [unproven, moved, |_| {}];
    for change in changes {
        assert_eq!(link(&eve, change).outcome(), refused(409, "SOCIAL_ACCOUNT_ALREADY_LINKED"));
    }
    let user = site.auth.api().get_user(ADA).unwrap();
    assert_eq!(site.auth.api().list_accounts(&user.id).unwrap().len(), 2);
}

/// Microsoft's picture stands below its profile, wherever that is.
#[test]
fn a_picture_is_asked_for_below_the_profile() {
    let provider = Provider::start();
    let claims = json!({"oid": "7", "name": "Ada", "email": ADA});
    let claims = BASE64_URL_SAFE_NO_PAD.encode(claims.to_string());
    let tokens = json!({"access_token": "access", "id_token": format!("e30.{claims}.x")});
    provider.says("/token", 200, tokens);
    provider.says("/me/photos/64x64/$value", 200, json!("a photo"));
    let site = site(&provider, "microsoft", &json!({"profilePhotoSize": 64}));
    let sign_in = || {
        let body = json!({"provider": "microsoft", "callbackURL": "/home"});
        let sent = site.post("/sign-in/social", &body);
        let url = Url::parse(sent.json()["url"].as_str().unwrap()).unwrap();
        let state = url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
        let path = format!("/callback/microsoft?code=c&state={state}");
        let back = site.send(Request::get(&path).header("cookie", sent.cookies()));
        site.session(&back.cookies())["user"]["image"].clone()
    };
    let photo = BASE64_STANDARD.encode("\"a photo\"");
    assert_eq!(sign_in(), json!(format!("data:image/jpeg;base64, {photo}")));
    let asked = provider.asked();
    assert_eq!(asked[1].what, "GET /me/photos/64x64/$value");
    assert_eq!(asked[1].authorization, "Bearer access");
}

#[test]
fn every_member_of_a_token_is_named_that_is_not_what_it_should_be() {
    let site = Site::new();
    let text = |path: &str, received: &str| {
        format!("[body.idToken.{path}] Invalid input: expected string, received {received}")
    };
    for (token, expected) in [
        (json!({}), vec![text("token", "undefined")]),
        (
            json!({"token": 5, "nonce": null, "user": {"name": {"firstName": 1}, "email": []}}),
            vec![
                text("token", "number"),
                text("nonce", "null"),
                text("user.name.firstName", "number"),
                text("user.email", "array"),
            ],
        ),
    ] {
        let answer = site.post("/sign-in/social", &json!({"provider": "x", "idToken": token}));
        assert_eq!(answer.outcome(), (400, "VALIDATION_ERROR".to_owned()), "{token}");
        assert_eq!(answer.json()["message"], expected.join("; "), "{token}");
    }
    let known = json!({"provider": "x", "idToken": {"token": "x", "more": 5}});
    assert_eq!(site.post("/sign-in/social", &known).code(), "PROVIDER_NOT_FOUND");
}
