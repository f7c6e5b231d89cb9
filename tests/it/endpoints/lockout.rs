//! `emailAndPassword.lockout`: how often a password may be wrong, on every endpoint that takes one.

use std::time::Duration;

use better_auth::Config;
use better_auth::Secret;
use better_auth::config::Transport;
use serde_json::Value;
use serde_json::json;

use super::social;
use crate::harness::Answer;
use crate::harness::Provider;
use crate::harness::Redis;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::site::PASSWORD;

const ADA: &str = "ada@example.com";
const NOBODY: &str = "nobody@example.com";
const MINUTE: Duration = Duration::from_secs(60);

/// Three wrong passwords within ten minutes lock for an hour.
fn strict(config: &mut Config) {
    config.email_and_password.lockout.max_attempts = 3;
    config.email_and_password.lockout.window = 10 * MINUTE;
    config.email_and_password.lockout.duration = 60 * MINUTE;
}

fn sign_in(site: &Site, email: &str, password: &str) -> Answer {
    site.post("/sign-in/email", &json!({"email": email, "password": password}))
}

fn fail(site: &Site, email: &str) -> u16 {
    sign_in(site, email, "wrong password").status
}

/// The rows of a database, and a storage alone, must count alike.
fn on_both(change: impl Fn(&mut Config), check: impl Fn(&Site)) {
    check(&Site::with_mail(&change));
    let Some(redis) = Redis::start() else { return };
    let site = Site::with_mail(|config| {
        config.secondary_storage.url = Some(Secret::new(redis.url()));
        change(config);
    });
    check(&site.keeping(redis));
}

#[test]
fn too_many_wrong_passwords_lock_a_name_whether_somebody_has_it_or_not() {
    on_both(strict, |site| {
        site.sign_up(ADA);
        for email in [ADA, NOBODY] {
            assert_eq!([(); 3].map(|()| fail(site, email)), [401; 3], "{email}");
            site.wait(Duration::from_millis(500));
            for password in [PASSWORD, "wrong password"] {
                let answer = sign_in(site, &email.to_uppercase(), password);
                assert_eq!(
                    answer.body,
                    r#"{"message":"Too many failed attempts. Choose a new password, or try again later.","code":"ACCOUNT_TEMPORARILY_LOCKED","status":429}"#
                );
                let wait: u64 = answer.header("retry-after").unwrap().parse().unwrap();
                assert!((3590..=3600).contains(&wait), "{email} {password} {wait}");
                assert!(answer.set_cookies().is_empty());
            }
        }
        site.wait(60 * MINUTE);
        assert_eq!(sign_in(site, NOBODY, PASSWORD).status, 401);
        assert_eq!(
            sign_in(site, "other@example.com", PASSWORD).status,
            401,
            "nobody else is locked"
        );
    });
}

#[test]
fn a_lock_ends_by_itself_and_a_right_password_begins_anew() {
    let site = Site::with(strict);
    site.sign_up(ADA);
    for _ in 0..3 {
        assert_eq!([fail(&site, ADA), fail(&site, ADA)], [401; 2]);
        assert_eq!(sign_in(&site, ADA, PASSWORD).status, 200);
    }
    assert_eq!([fail(&site, ADA), fail(&site, ADA)], [401; 2]);
    site.wait(10 * MINUTE);
    assert_eq!([fail(&site, ADA), fail(&site, ADA)], [401; 2], "the first window is over");
    assert_eq!([fail(&site, ADA), fail(&site, ADA)], [401, 429]);
    site.wait(59 * MINUTE);
    assert_eq!(sign_in(&site, ADA, PASSWORD).status, 429);
    site.wait(MINUTE);
    assert_eq!(sign_in(&site, ADA, PASSWORD).status, 200);
}

#[test]
fn the_owner_is_told_once_and_a_new_password_opens_the_lock() {
    on_both(strict, |site| {
        site.sign_up(ADA);
        for email in [ADA, NOBODY] {
            assert_eq!([(); 5].map(|()| fail(site, email)), [401, 401, 401, 429, 429]);
        }
        let mails = site.mails();
        assert_eq!(mails.len(), 1, "{mails:?}");
        assert_eq!(mails[0].what(), ("account-locked", ADA));
        assert!(mails[0].path().ends_with("?callbackURL="), "{mails:?}");
        let body = json!({"token": mails[0].token(), "newPassword": "another horse"});
        assert_eq!(site.post("/reset-password", &body).status, 200);
        assert_eq!(sign_in(site, ADA, "another horse").status, 200);
        assert_eq!(fail(site, NOBODY), 429);
    });
}

#[test]
fn the_message_is_one_of_those_that_can_be_off() {
    let site = Site::with_mail(|config| {
        strict(config);
        config.email.senders = Some(vec!["reset-password".to_owned()]);
    });
    site.sign_up(ADA);
    assert_eq!([(); 4].map(|()| fail(&site, ADA)), [401, 401, 401, 429]);
    assert!(site.mails().is_empty());
}

#[test]
fn whoever_is_signed_in_stays_so_and_is_counted_apart() {
    on_both(strict, |site| {
        let cookies = site.sign_up(ADA).cookies();
        assert_eq!([(); 4].map(|()| fail(site, ADA)), [401, 401, 401, 429]);
        assert_eq!(site.session(&cookies)["user"]["email"], ADA);
        let post = |path: &str, body: Value| {
            site.send(Request::post(path).signed_in(&cookies).json(&body)).status
        };
        let verify = |password: &str| post("/verify-password", json!({"password": password}));
        assert_eq!([verify("wrong"), verify("wrong"), verify(PASSWORD)], [400, 400, 200]);
        assert_eq!([verify("wrong"), verify("wrong"), verify("wrong")], [400; 3]);
        assert_eq!(verify(PASSWORD), 429);
        let change = json!({"currentPassword": PASSWORD, "newPassword": "another horse"});
        assert_eq!(post("/change-password", change), 429);
        assert_eq!(post("/delete-user", json!({"password": PASSWORD})), 429);
        let id = site.session(&cookies)["user"]["id"].as_str().unwrap().to_owned();
        assert!(site.auth.api().unlock_user(&id).unwrap());
        assert!(!site.auth.api().unlock_user(&id).unwrap());
        assert_eq!(verify(PASSWORD), 200);
        assert_eq!(sign_in(site, ADA, PASSWORD).status, 200);
    });
}

#[test]
fn names_of_a_plugin_are_counted_and_unlocked_like_addresses() {
    let site = Site::with_plugins(strict);
    let body = json!({"name": "Ada", "email": ADA, "password": PASSWORD, "username": "ada"});
    let id = site.post("/sign-up/email", &body).json()["user"]["id"].as_str().unwrap().to_owned();
    let sign_in = |name: &str, password: &str| {
        let body = json!({"username": name, "password": password});
        site.post("/sign-in/username", &body).status
    };
    for name in ["ada", "nobody"] {
        assert_eq!(
            [(); 4].map(|()| sign_in(name, "wrong password")),
            [401, 401, 401, 429],
            "{name}"
        );
    }
    assert_eq!(sign_in("ADA", PASSWORD), 429);
    let by_address = |password: &str| {
        site.post("/sign-in/email", &json!({"email": ADA, "password": password})).status
    };
    assert_eq!([by_address(PASSWORD), by_address("wrong password")], [200, 401], "counted apart");
    assert!(site.auth.api().unlock_user(&id).unwrap());
    assert_eq!(sign_in("Ada", PASSWORD), 200);
    assert_eq!(sign_in("nobody", PASSWORD), 429);
}

#[test]
fn of_many_guesses_at_once_no_more_than_the_maximum_are_answered() {
    on_both(strict, |site| {
        site.sign_up(ADA);
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..24)
                .map(|number| {
                    // The right one is among the last.
                    let password = if number == 20 { PASSWORD } else { "wrong password" };
                    scope.spawn(move || sign_in(site, ADA, password).status)
                })
                .collect();
            tries.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let refused = statuses.iter().filter(|status| **status == 401).count();
        let got_in = statuses.iter().filter(|status| **status == 200).count();
        // A right password begins anew, so there are at most two rounds.
        assert!(refused <= 3 * (1 + got_in) && got_in <= 1, "{statuses:?}");
        assert!(statuses.contains(&429), "{statuses:?}");
    });
}

#[test]
fn it_can_be_switched_off_and_is_kept_within_reason() {
    let site = Site::with(|config| {
        strict(config);
        config.email_and_password.lockout.enabled = false;
    });
    site.sign_up(ADA);
    assert_eq!([(); 6].map(|()| fail(&site, ADA)), [401; 6]);
    assert_eq!(site.stored("verification"), 0);
    for (option, value) in [
        ("maxAttempts", 2),
        ("maxAttempts", 101),
        ("window", 0),
        ("duration", 0),
        ("duration", 86401),
    ] {
        let lockout = json!({"emailAndPassword": {"lockout": {option: value}}});
        let config: Config = serde_json::from_value(lockout).unwrap();
        let path = config.check().unwrap_err().path;
        assert_eq!(path, format!("emailAndPassword.lockout.{option}"));
    }
}

#[test]
fn what_is_counted_needs_no_table_and_goes_by_itself() {
    let site = Site::with(|config| {
        strict(config);
        // A storage alone keeps them without a row.
        config.secondary_storage = Config::default().secondary_storage;
    });
    site.sign_up(ADA);
    fail(&site, ADA);
    fail(&site, NOBODY);
    assert_eq!(site.stored("verification"), 2);
    let sql = r#"SELECT "identifier" || "value" FROM "verification""#;
    let rows = site.auth.database().read(|tx| tx.list(sql, &[], |row| row.text(0))).unwrap();
    assert!(rows.iter().all(|row| !row.contains("ada") && !row.contains("nobody")), "{rows:?}");
    site.wait(10 * MINUTE + Duration::from_millis(1));
    site.auth.clean_up().unwrap();
    assert_eq!(site.stored("verification"), 0);
}

#[test]
fn fifty_wrong_passwords_within_an_hour_lock_for_an_hour_unless_it_is_said_otherwise() {
    let site = Site::with_mail(|_| {});
    site.sign_up(ADA);
    assert_eq!([(); 49].map(|()| fail(&site, ADA)), [401; 49]);
    // The clock of a storage goes on meanwhile.
    let (most, rest) = (59 * MINUTE, MINUTE);
    site.wait(most);
    assert_eq!([fail(&site, ADA), fail(&site, ADA)], [401, 429]);
    site.wait(most);
    assert_eq!(sign_in(&site, ADA, PASSWORD).status, 429);
    site.wait(rest);
    assert_eq!(sign_in(&site, ADA, PASSWORD).status, 200);
}

#[test]
fn a_provider_and_a_password_of_an_administrator_lead_past_a_lock() {
    let provider = Provider::start();
    let site = social::site(&provider, |config| {
        strict(config);
        config.email.transport = Some(Transport::File);
    });
    assert_eq!(social::to(&social::come_back(&site, &social::sign_in(&site))), "/welcome");
    let id = site.auth.api().get_user(ADA).unwrap().id;
    site.auth.api().set_password(&id, &Secret::new(PASSWORD), false).unwrap();
    assert_eq!([(); 4].map(|()| fail(&site, ADA)), [401, 401, 401, 429]);
    let answer = social::come_back(&site, &social::sign_in(&site));
    assert_eq!(social::to(&answer), "/home");
    assert_eq!(site.session(&answer.cookies())["user"]["email"], ADA);
    site.auth.api().set_password(&id, &Secret::new("another horse"), false).unwrap();
    assert_eq!(sign_in(&site, ADA, "another horse").status, 200);
}

#[test]
fn a_password_that_is_too_long_is_refused_before_it_is_compared_or_counted() {
    let site = Site::with(strict);
    let cookies = site.sign_up(ADA).cookies();
    let long = "x".repeat(129);
    for _ in 0..4 {
        assert_eq!(sign_in(&site, ADA, &long).code(), "PASSWORD_TOO_LONG");
        let verify = Request::post("/verify-password").signed_in(&cookies);
        let answer = site.send(verify.json(&json!({ "password": long })));
        assert_eq!(answer.code(), "PASSWORD_TOO_LONG");
    }
    assert_eq!(site.stored("verification"), 0);
    assert_eq!(sign_in(&site, ADA, PASSWORD).status, 200);
}

#[test]
fn while_the_storage_is_away_names_are_not_counted_and_clients_are() {
    let Some(mut redis) = Redis::start() else { return };
    let site = Site::with(|config| {
        strict(config);
        config.secondary_storage.url = Some(Secret::new(redis.url()));
        config.verification.store_in_database = false;
        config.rate_limit.enabled = Some(true);
    });
    site.sign_up(ADA);
    site.wait(MINUTE);
    redis.stop();
    // Neither a wrong password nor a lock: three of one client in ten seconds, and then none.
    assert_eq!([(); 3].map(|()| fail(&site, ADA)), [401; 3]);
    assert_eq!(sign_in(&site, ADA, PASSWORD).code(), "RATE_LIMIT_EXCEEDED");
    site.wait(MINUTE);
    assert_eq!([(); 3].map(|()| fail(&site, ADA)), [401; 3]);
}
