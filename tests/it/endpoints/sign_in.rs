//! `/sign-in/email` [contract 8.3].

use better_auth::Dialect;
use better_auth::Secret;
use serde_json::Value;
use serde_json::json;

use crate::harness::Request;
use crate::harness::Site;
use crate::harness::patience::Over;
use crate::harness::site::ORIGIN;
use crate::harness::site::PASSWORD;

fn sign_in(email: &str, password: &str) -> Request {
    Request::post("/sign-in/email").json(&json!({"email": email, "password": password}))
}

#[test]
fn the_right_password_begins_a_session_beside_the_others() {
    let site = Site::new();
    let first = site.sign_up("ada@example.com");
    let answer = site.send(sign_in("ADA@example.com", PASSWORD));
    let body = answer.json();
    assert_eq!(answer.status, 200);
    assert_eq!(body["redirect"], false);
    assert_eq!(body.get("url"), None);
    assert_eq!(body["user"], first.json()["user"]);
    assert_eq!(site.session(&answer.cookies())["session"]["token"], body["token"]);
    assert_ne!(site.session(&first.cookies()), Value::Null);
}

#[test]
fn unknown_address_no_password_and_wrong_password_are_one_answer() {
    let site = Site::new();
    site.sign_up("ada@example.com");
    let new = better_auth::NewUser { email: "bare@example.com".to_owned(), ..Default::default() };
    site.auth.api().create_user(&new).unwrap();
    let answers: Vec<(u16, String)> = [
        sign_in("ada@example.com", "wrong password"),
        sign_in("ada@example.com", ""),
        sign_in("bare@example.com", PASSWORD),
        sign_in("nobody@example.com", PASSWORD),
    ]
    .map(|request| site.send(request))
    .into_iter()
    .map(|answer| (answer.status, answer.body))
    .collect();
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
    assert_eq!(
        answers[0].1,
        r#"{"message":"Invalid email or password","code":"INVALID_CREDENTIALS","status":401}"#
    );
}

#[test]
fn the_upstream_dialect_names_codes_as_better_auth_does() {
    let site = Site::with(|config| config.advanced.error_codes = Dialect::Upstream);
    let answer = site.send(sign_in("nobody@example.com", PASSWORD));
    assert_eq!(answer.outcome(), (401, "INVALID_EMAIL_OR_PASSWORD".to_owned()));
}

#[test]
fn what_cannot_be_right_is_refused_before_any_work() {
    let site = Site::new();
    for (email, password, expected) in [
        ("nonsense", PASSWORD, (400, "INVALID_EMAIL")),
        (" a@b.co", PASSWORD, (400, "INVALID_EMAIL")),
        ("a@b.co", &*"x".repeat(129), (400, "PASSWORD_TOO_LONG")),
        ("nonsense", &*"x".repeat(129), (400, "INVALID_EMAIL")),
    ] {
        let (status, code) = site.send(sign_in(email, password)).outcome();
        assert_eq!((status, code.as_str()), expected, "{email}");
    }
}

#[test]
fn a_callback_is_answered_as_url_and_location() {
    let site = Site::new();
    site.sign_up("ada@example.com");
    let mut body =
        json!({"email": "ada@example.com", "password": PASSWORD, "callbackURL": "/dash"});
    let answer = site.post("/sign-in/email", &body);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("location"), Some("/dash"));
    assert_eq!(
        (&answer.json()["redirect"], &answer.json()["url"]),
        (&json!(true), &json!("/dash"))
    );

    body["callbackURL"] = json!("");
    let answer = site.post("/sign-in/email", &body);
    assert_eq!(answer.header("location"), None);
    assert_eq!((&answer.json()["redirect"], &answer.json()["url"]), (&json!(false), &json!("")));

    body["callbackURL"] = json!("https://evil.example");
    let answer = site.post("/sign-in/email", &body);
    assert_eq!(answer.outcome(), (403, "INVALID_CALLBACK_URL".to_owned()));
    body["callbackURL"] = json!(5);
    let answer = site.post("/sign-in/email", &body);
    assert_eq!(answer.json()["message"], "Invalid callbackURL: expected a string");
    body["callbackURL"] = Value::Null;
    let answer = site.post("/sign-in/email", &body);
    assert_eq!(answer.outcome(), (400, "VALIDATION_ERROR".to_owned()));
}

#[test]
fn a_remembered_sign_in_takes_the_mark_of_an_unremembered_one_away() {
    let site = Site::new();
    site.sign_up("ada@example.com");
    let body = json!({"email": "ada@example.com", "password": PASSWORD, "rememberMe": false});
    let first = site.post("/sign-in/email", &body);
    let second = site.send(sign_in("ada@example.com", PASSWORD).signed_in(&first.cookies()));
    assert_eq!(
        second.set_cookies()[1],
        "better-auth.dont_remember=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax"
    );
}

#[test]
fn an_unverified_address_shows_only_to_the_right_password() {
    let site = Site::with(|config| config.email_and_password.require_email_verification = true);
    let body = json!({"name": "A", "email": "a@b.co", "password": PASSWORD});
    site.post("/sign-up/email", &body);
    assert_eq!(site.send(sign_in("a@b.co", PASSWORD)).outcome().1, "EMAIL_NOT_VERIFIED");
    assert_eq!(site.send(sign_in("a@b.co", "wrong password")).outcome().1, "INVALID_CREDENTIALS");
}

#[test]
fn a_password_counts_to_its_last_character_and_as_it_is_written() {
    let site = Site::new();
    let password = |last: &str| format!("{} Aa{last}", "long ".repeat(24));
    let body = json!({"name": "A", "email": "a@b.co", "password": password("z ")});
    assert_eq!(site.post("/sign-up/email", &body).status, 200);
    for other in [password("Z "), password("z"), password("y "), password("z ").to_lowercase()] {
        assert_eq!(site.send(sign_in("a@b.co", &other)).status, 401, "{other:?}");
    }
    assert_eq!(site.send(sign_in("a@b.co", &password("z "))).status, 200);
}

#[test]
fn full_width_and_plain_letters_are_the_same_password() {
    let site = Site::new();
    let full_width = "\u{ff21}\u{ff22}\u{ff23}\u{ff24}\u{ff11}\u{ff12}\u{ff13}\u{ff14}";
    let body = json!({"name": "A", "email": "a@b.co", "password": full_width});
    assert_eq!(site.post("/sign-up/email", &body).status, 200);
    assert_eq!(site.send(sign_in("a@b.co", "ABCD1234")).status, 200);
}

#[test]
fn forms_and_json_are_read_and_nothing_else() {
    let site = Site::new();
    site.sign_up("ada@example.com");
    let json = json!({"email": "ada@example.com", "password": PASSWORD}).to_string();
    let send = |media_type: &str, body: &str| {
        site.send(Request::post("/sign-in/email").body(media_type, body))
    };
    let form = "email=ada%40example.com&password=correct+horse+battery";
    assert_eq!(send("application/x-www-form-urlencoded", form).status, 200);
    assert_eq!(send("Application/JSON; charset=utf-8", &json).status, 200);
    assert_eq!(send("application/json", &format!("\u{feff}{json}")).status, 200);
    let answer = send("text/plain", &json);
    assert_eq!(answer.outcome(), (415, "UNSUPPORTED_MEDIA_TYPE".to_owned()));
    assert_eq!(
        answer.json()["message"],
        "Content-Type \"text/plain\" is not allowed. \
         Allowed types: application/x-www-form-urlencoded, application/json"
    );
    let answer = send("application/json", "{");
    assert_eq!(answer.json()["message"], "Invalid JSON in request body");
    let answer = send("application/x-www-form-urlencoded", &format!("{form}&rememberMe=false"));
    assert_eq!(
        answer.json()["message"],
        "[body.rememberMe] Invalid input: expected boolean, received string"
    );
}

#[test]
fn sign_in_can_be_switched_off() {
    let site = Site::with(|config| config.email_and_password.enabled = false);
    let answer = site.send(sign_in("nonsense", "x"));
    assert_eq!(answer.outcome(), (400, "EMAIL_PASSWORD_DISABLED".to_owned()));
}

#[test]
fn an_argon2_site_signs_in_whoever_better_auth_hashed_and_leaves_the_hash_alone() {
    let site = Site::new();
    site.sign_up("ada@example.com");
    let hash = "2bd96792e40f41aa0a872b46e779b91b:478edc072ea336c7763b7dc0b38d9b308e12fefe499f9461\
                5455192e4fcc94d202ad5e2c054ac6236fa8e093e9eaa7fe062996df81162e92553c2874ae495b48";
    set_hash(&site, hash);
    assert_eq!(site.send(sign_in("ada@example.com", "12345678")).status, 200);
    assert_eq!(hash_of(&site), hash);
}

#[test]
fn a_hash_of_another_format_is_rewritten_where_the_configuration_names_one() {
    let site = Site::with(|config| {
        config.email_and_password.password.algorithm = better_auth::config::Algorithm::Scrypt;
    });
    site.sign_up("ada@example.com");
    assert!(hash_of(&site).contains(':'));
    let other = Site::new();
    other.sign_up("ada@example.com");
    set_hash(&site, &hash_of(&other));
    assert_eq!(site.send(sign_in("ada@example.com", PASSWORD)).status, 200);
    assert!(hash_of(&site).contains(':'));
    assert_eq!(site.send(sign_in("ada@example.com", PASSWORD)).status, 200);
}

#[test]
fn a_password_set_by_an_administrator_ends_the_sessions() {
    let site = Site::new();
    let signed_up = site.sign_up("ada@example.com");
    let user = signed_up.json()["user"]["id"].as_str().unwrap().to_owned();
    let ended = site.auth.api().set_password(&user, &Secret::new("another password"), false);
    assert_eq!(ended.unwrap(), 1);
    assert_eq!(site.session(&signed_up.cookies()), Value::Null);
    assert_eq!(site.send(sign_in("ada@example.com", PASSWORD)).status, 401);
    let request = sign_in("ada@example.com", "another password").header("origin", ORIGIN);
    assert_eq!(site.send(request).status, 200);
}

#[test]
fn a_password_that_changes_while_it_is_verified_signs_nobody_in() {
    let site = Site::new();
    let cookies = site.sign_up("ada@example.com").cookies();
    let user = site.session(&cookies)["user"]["id"].as_str().unwrap().to_owned();
    let other = Site::new();
    other.sign_up("ada@example.com");
    let (first, second) = (hash_of(&site), hash_of(&other));
    // Both hashes are of the same password, so every sign-in verifies; only what stands at the end counts.
    let is_over = std::sync::atomic::AtomicBool::new(false);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(std::sync::atomic::Ordering::SeqCst) {
                for hash in [&first, &second] {
                    set_hash(&site, hash);
                    site.auth.api().revoke_all_sessions(&user).unwrap();
                }
            }
        });
        let _over = Over(&is_over);
        // A sign-in is tried once more, so a change must come in between twice.
        let mut statuses = Vec::new();
        while statuses.len() < 20 || (!statuses.contains(&401) && statuses.len() < 500) {
            statuses.push(site.send(sign_in("ada@example.com", PASSWORD)).status);
        }
        statuses
    });
    assert!(statuses.iter().all(|status| [200, 401].contains(status)), "{statuses:?}");
    assert!(statuses.contains(&401), "the change was never in between");
}

fn set_hash(site: &Site, hash: &str) {
    let sql = r#"UPDATE "account" SET "password" = $1"#;
    site.auth.database().write(|tx| tx.execute(sql, &[hash.into()])).unwrap();
}

fn hash_of(site: &Site) -> String {
    let sql = r#"SELECT "password" FROM "account""#;
    site.auth.database().read(|tx| tx.find(sql, &[], |row| row.text(0))).unwrap().unwrap()
}

/// Sign-up stores one spelling, but a database that is adopted may hold any.
#[test]
fn an_adopted_address_counts_as_it_is_stored_before_its_usual_spelling() {
    const STORED: &str = "Ada@Example.com";
    let site = Site::with_mail(|_| {});
    let cookies = site.sign_up("ada@example.com").cookies();
    let first = site.session(&cookies)["user"]["id"].clone();
    let spell = r#"UPDATE "user" SET "email" = 'Ada@Example.com'"#;
    site.auth.database().write(|tx| tx.execute(spell, &[])).unwrap();
    let signs_in = |email: &str, password: &str| {
        let body = json!({"email": email, "password": password});
        site.post("/sign-in/email", &body).json()["user"]["id"].clone()
    };
    assert_eq!(signs_in(STORED, PASSWORD), first);
    let other = "another password";
    let body = json!({"name": "Ada", "email": STORED, "password": other});
    let second = site.post("/sign-up/email", &body).json()["user"]["id"].clone();
    assert_eq!(signs_in(STORED, PASSWORD), first);
    assert_eq!(signs_in(STORED, other), json!(null));
    for typed in ["ada@example.com", "ADA@EXAMPLE.COM"] {
        assert_eq!(signs_in(typed, other), second, "{typed}");
    }
    for (typed, to) in [(STORED, STORED), ("ADA@example.com", "ada@example.com")] {
        site.post("/request-password-reset", &json!({"email": typed}));
        assert_eq!(site.mail().what(), ("reset-password", to));
        site.post("/send-verification-email", &json!({"email": typed}));
        assert_eq!(site.mail().what(), ("verification", to));
    }
    let change = Request::post("/change-email").signed_in(&cookies);
    assert_eq!(site.send(change.json(&json!({"newEmail": "new@example.com"}))).status, 200);
    let path = format!("/verify-email?token={}", site.mail().token());
    assert_eq!(site.send(Request::get(&path)).json()["user"]["email"], "new@example.com");
}
