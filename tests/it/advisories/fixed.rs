//! What upstream mended without an advisory, and after the release that this server began with [security 1.3, 1.4].

use better_auth::NewUser;
use better_auth::Secret;
use serde_json::Value;
use serde_json::json;

use super::count;
use crate::harness::Folder;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::site::ORIGIN;
use crate::harness::site::PASSWORD;

const ADA: &str = "ada@example.com";

/// #9973, #10368: a sign-in or sign-up without cookies is still refused when a browser says that it comes from elsewhere.
#[test]
fn origin_a_sign_in_without_cookies_is_refused_from_another_site() {
    let site = Site::new();
    site.sign_up(ADA);
    let body = |email: &str| json!({"name": "x", "email": email, "password": PASSWORD});
    let evil = "https://evil.example";
    for (path, email) in [("/sign-in/email", ADA), ("/sign-up/email", "new@example.com")] {
        let send = |headers: &[(&'static str, &str)]| {
            let mut request = Request::post(path).json(&body(email));
            for (name, value) in headers {
                request = request.header(name, *value);
            }
            site.send(request).outcome()
        };
        let refused = |code: &str| (403, code.to_owned());
        assert_eq!(send(&[("origin", evil)]), refused("INVALID_ORIGIN"), "{path}");
        assert_eq!(send(&[("referer", "https://evil.example/x")]), refused("INVALID_ORIGIN"));
        assert_eq!(send(&[("origin", "null")]), refused("MISSING_OR_NULL_ORIGIN"));
        assert_eq!(send(&[("sec-fetch-site", "cross-site")]), refused("MISSING_OR_NULL_ORIGIN"));
        assert_eq!(
            send(&[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")]),
            refused("CROSS_SITE_NAVIGATION_LOGIN_BLOCKED")
        );
        assert_eq!(
            send(&[
                ("sec-fetch-site", "same-origin"),
                ("sec-fetch-mode", "cors"),
                ("origin", ORIGIN)
            ])
            .0,
            200
        );
    }
}

fn as_administrator(site: &Site, role: &str) -> String {
    let email = format!("{role}@example.com");
    let new = NewUser {
        email: email.clone(),
        password: Some(Secret::new(PASSWORD)),
        additional: json!({ "role": role }).as_object().unwrap().clone(),
        ..NewUser::default()
    };
    site.auth.api().create_user(&new).unwrap();
    site.post("/sign-in/email", &json!({"email": email, "password": PASSWORD})).cookies()
}

/// #9974 and 1.7.25: what an administrator may give, and what nobody may.
#[test]
fn admin_a_field_of_the_data_gives_no_more_than_its_own_endpoint() {
    let site = Site::with_plugins(|config| {
        let options = json!({
            "adminRoles": ["admin"],
            "roles": {
                "admin": {"user": [
                    "create", "list", "set-role", "ban", "impersonate", "delete", "set-password", "get", "update",
                    "set-email"
                ]},
                "clerk": {"user": ["create", "update", "get"]},
                "user": {},
            },
        });
        config.plugins.insert("admin".to_owned(), options);
    });
    let (admin, clerk) = (as_administrator(&site, "admin"), as_administrator(&site, "clerk"));
    let bob = site.sign_up("bob@example.com").json()["user"]["id"].clone();
    let send = |cookies: &str, path: &str, body: Value| {
        site.send(Request::post(path).signed_in(cookies).json(&body))
    };
    for data in [
        json!({"role": "admin"}),
        json!({"banned": false}),
        json!({"banReason": "x"}),
        json!({"banExpires": 1}),
    ] {
        let body = json!({"email": "new@example.com", "name": "x", "data": data});
        assert_eq!(send(&clerk, "/admin/create-user", body).status, 403, "{data}");
        let body = json!({"userId": bob, "data": data});
        assert_eq!(send(&clerk, "/admin/update-user", body).status, 403, "{data}");
    }
    let body = json!({"email": "new@example.com", "name": "x", "role": "admin"});
    assert_eq!(send(&clerk, "/admin/create-user", body).status, 403);
    for data in [json!({"email": "x@example.com"}), json!({"emailVerified": true})] {
        let body = json!({"userId": bob, "data": data});
        assert_eq!(send(&clerk, "/admin/update-user", body).status, 403, "{data}");
    }
    for (data, code) in [
        (json!({"id": "x"}), "USER_ID_CANNOT_BE_UPDATED"),
        (json!({"password": "a new password"}), "PASSWORD_CANNOT_BE_UPDATED_VIA_UPDATE_USER"),
        (json!({"role": "emperor"}), "YOU_ARE_NOT_ALLOWED_TO_SET_NON_EXISTENT_VALUE"),
    ] {
        let answer = send(&admin, "/admin/update-user", json!({"userId": bob, "data": data}));
        assert_eq!(answer.outcome(), (400, code.to_owned()), "{answer:?}");
    }
    // Members that have a field of their own are not taken from the data.
    let body = json!({
        "email": "new@example.com", "name": "New",
        "data": {"email": "other@example.com", "name": "Other", "id": "chosen", "createdAt": 0},
    });
    let made = send(&admin, "/admin/create-user", body).json()["user"].clone();
    assert_eq!((&made["email"], &made["name"]), (&json!("new@example.com"), &json!("New")));
    assert_ne!(made["id"], "chosen");
    assert_ne!(made["createdAt"], "1970-01-01T00:00:00.000Z");
    let own = site.session(&admin)["user"]["id"].clone();
    for (path, body) in [
        ("/admin/ban-user", json!({ "userId": own })),
        ("/admin/update-user", json!({"userId": own, "data": {"banned": true}})),
        ("/admin/remove-user", json!({ "userId": own })),
    ] {
        assert_eq!(send(&admin, path, body).status, 400, "{path}");
    }
    assert_eq!(count(&site, r#"SELECT COUNT(*) FROM "user" WHERE "role" = 'admin'"#), 1);
    assert_eq!(count(&site, r#"SELECT COUNT(*) FROM "user" WHERE "banned""#), 0);
}

/// #8839, #8097, #8863, #10605: who has an account shows nowhere that a stranger can ask.
#[test]
fn enumeration_answers_are_the_same_for_everybody() {
    let site =
        Site::with_mail(|config| config.email_and_password.require_email_verification = true);
    let sign_up =
        |email: &str, name: &str| json!({"name": name, "email": email, "password": PASSWORD});
    site.post("/sign-up/email", &sign_up(ADA, "Ada"));
    let strip = |answer: &crate::harness::Answer| {
        let mut body = answer.json();
        if body["user"].is_object() {
            body["user"]["id"] = Value::Null;
            body["user"]["email"] = Value::Null;
        }
        let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort();
        (answer.status, names, body)
    };
    for (path, known, unknown) in [
        ("/sign-up/email", sign_up(ADA, "Eve"), sign_up("new@example.com", "Eve")),
        (
            "/sign-in/email",
            json!({"email": ADA, "password": "wrong password"}),
            json!({"email": "nobody@example.com", "password": "wrong password"}),
        ),
        ("/request-password-reset", json!({"email": ADA}), json!({"email": "nobody@example.com"})),
        ("/forget-password", json!({"email": ADA}), json!({"email": "nobody@example.com"})),
        ("/send-verification-email", json!({"email": ADA}), json!({"email": "nobody@example.com"})),
    ] {
        let (known, unknown) = (site.post(path, &known), site.post(path, &unknown));
        assert_eq!(strip(&known), strip(&unknown), "{path}");
    }
}

/// #11324: a password that cannot be anybody's costs no hash, wherever it is given.
#[test]
fn passwords_that_are_too_long_are_refused_on_every_endpoint() {
    let site = Site::with_mail(|_| {});
    let cookies = site.sign_up(ADA).cookies();
    site.post("/request-password-reset", &json!({"email": ADA}));
    let token = site.mail().token().to_owned();
    let long = "x".repeat(2 * 1024 * 1024);
    for (path, body) in [
        ("/sign-up/email", json!({"name": "x", "email": "b@b.co", "password": long})),
        ("/sign-in/email", json!({"email": ADA, "password": long})),
        ("/sign-in/email", json!({"email": "nobody@example.com", "password": long})),
        ("/change-password", json!({"currentPassword": long, "newPassword": PASSWORD})),
        ("/change-password", json!({"currentPassword": PASSWORD, "newPassword": long})),
        ("/verify-password", json!({"password": long})),
        ("/delete-user", json!({"password": long})),
        ("/reset-password", json!({"token": token, "newPassword": long})),
    ] {
        let request = Request::post(path).signed_in(&cookies).json(&body);
        assert_eq!(site.handle(request).outcome(), (400, "PASSWORD_TOO_LONG".to_owned()), "{path}");
    }
    // #10632: a password that is refused does not use the link up.
    let body = json!({"token": token, "newPassword": "another horse"});
    assert_eq!(site.post("/reset-password", &body).status, 200);
}

/// 1.7.25: a list of secrets that cannot be read is not repeated in the message about it.
#[test]
fn secrets_that_cannot_be_read_are_not_repeated() {
    for value in ["1:hunter2hunter2hunter2hunter2hunter2x,hunter2", "hunter2", "x:hunter2"] {
        let folder = Folder::new().with("BETTER_AUTH_SECRETS", value);
        let ran = folder.run(&["migrate", "--yes"]);
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert!(!said.contains("hunter2"), "{said}");
        assert_eq!(ran.code, 2, "{value}: {said}");
        assert!(said.contains("BETTER_AUTH_SECRETS"), "{value}: {said}");
    }
}
