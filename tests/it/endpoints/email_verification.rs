//! `/send-verification-email`, `/verify-email`, `/change-email` and the messages of sign-up and sign-in
//! [contract 8.2, 8.3, 8.11, 8.12].

use std::time::Duration;

use better_auth::Config;
use better_auth::Secret;
use serde_json::Value;
use serde_json::json;

use crate::harness::Answer;
use crate::harness::Mail;
use crate::harness::Redis;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::site::PASSWORD;

const HOUR: Duration = Duration::from_secs(60 * 60);
const ADA: &str = "ada@example.com";
const NEW: &str = "new@example.com";

fn ask(site: &Site, email: &str) -> Answer {
    site.post("/send-verification-email", &json!({"email": email}))
}

fn open(site: &Site, mail: &Mail) -> Answer {
    site.send(Request::get(mail.path()))
}

/// Opens the link of a message without the place it leads on to.
fn open_bare(site: &Site, mail: &Mail, cookies: Option<&str>) -> Answer {
    let request = Request::get(&format!("/verify-email?token={}", mail.token()));
    site.send(match cookies {
        Some(cookies) => request.header("cookie", cookies),
        None => request,
    })
}

fn is_verified(site: &Site, email: &str) -> bool {
    site.auth.api().get_user(email).unwrap().email_verified
}

fn requires(config: &mut Config) {
    config.email_and_password.require_email_verification = true;
}

#[test]
fn a_link_verifies_an_address() {
    let site = Site::with_mail(|_| {});
    site.sign_up(ADA);
    assert!(site.mails().is_empty());
    let body = json!({"email": "ADA@example.com", "callbackURL": "/welcome?a=b"});
    assert_eq!(site.post("/send-verification-email", &body).body, r#"{"status":true}"#);
    let mail = site.mail();
    assert_eq!(mail.what(), ("verification", ADA));
    let expected = format!("/verify-email?token={}&callbackURL=%2Fwelcome%3Fa%3Db", mail.token());
    assert_eq!(mail.path(), expected);
    let answer = open(&site, &mail);
    assert_eq!((answer.status, answer.header("location")), (302, Some("/welcome?a=b")));
    assert!(answer.set_cookies().is_empty() && is_verified(&site, ADA));
    // Again it has no effect, and is no error.
    assert_eq!(open_bare(&site, &mail, None).body, r#"{"status":true,"user":null}"#);
}

#[test]
fn without_a_session_nobody_learns_who_has_an_account() {
    let site = Site::with_mail(|_| {});
    site.sign_up(ADA);
    ask(&site, ADA);
    open(&site, &site.mail());
    for email in [ADA, "nobody@example.com"] {
        assert_eq!(ask(&site, email).body, r#"{"status":true}"#, "{email}");
    }
    assert_eq!(site.mails().len(), 1);
}

#[test]
fn with_a_session_the_address_must_be_ones_own() {
    let site = Site::with_mail(|_| {});
    let cookies = site.sign_up(ADA).cookies();
    let ask = |email: &str| {
        let request = Request::post("/send-verification-email").signed_in(&cookies);
        site.send(request.json(&json!({"email": email})))
    };
    assert_eq!(ask("eve@example.com").outcome(), (400, "EMAIL_MISMATCH".to_owned()));
    assert_eq!(ask(ADA).status, 200);
    open(&site, &site.mail());
    assert_eq!(ask(ADA).outcome(), (400, "EMAIL_ALREADY_VERIFIED".to_owned()));
    assert_eq!(site.mails().len(), 1);
}

#[test]
fn whoever_must_verify_first_is_written_to_at_sign_up_and_if_asked_for_at_sign_in() {
    let site = Site::with_mail(|config| {
        requires(config);
        config.email_verification.send_on_sign_in = true;
        config.email_verification.auto_sign_in_after_verification = true;
    });
    let answer = site.sign_up(ADA);
    assert_eq!(answer.json()["token"], Value::Null);
    assert_eq!(site.mail().what(), ("verification", ADA));
    let sign_in = |password: &str| {
        let body = json!({"email": ADA, "password": password, "callbackURL": "/home"});
        site.post("/sign-in/email", &body)
    };
    assert_eq!(sign_in("a wrong password").code(), "INVALID_CREDENTIALS");
    assert_eq!(site.mails().len(), 1);
    assert_eq!(sign_in(PASSWORD).outcome(), (403, "EMAIL_NOT_VERIFIED".to_owned()));
    assert_eq!(site.mails().len(), 2);
    let mail = site.mail();
    let answer = open(&site, &mail);
    assert_eq!((answer.status, answer.header("location")), (302, Some("/home")));
    assert_eq!(site.session(&answer.cookies())["user"]["emailVerified"], true);
    // The link signs in once.
    assert!(open(&site, &mail).set_cookies().is_empty());
    assert_eq!(sign_in(PASSWORD).status, 200);
}

#[test]
fn sign_up_may_write_without_asking_for_more_and_ask_without_writing() {
    for (send, require, mails) in
        [(Some(true), false, 1), (Some(false), true, 0), (None, true, 1), (None, false, 0)]
    {
        let site = Site::with_mail(|config| {
            config.email_and_password.require_email_verification = require;
            config.email_verification.send_on_sign_up = send;
        });
        let answer = site.sign_up(ADA);
        assert_eq!(answer.json()["token"].is_string(), !require);
        assert_eq!(site.mails().len(), mails, "{send:?} {require}");
    }
}

#[test]
fn the_owner_of_an_address_hears_of_a_second_sign_up() {
    let site = Site::with_mail(requires);
    site.sign_up(ADA);
    let mail = site.mail();
    site.sign_up(ADA);
    assert_eq!(site.mails().len(), 2);
    let told = site.mail();
    assert_eq!(told.what(), ("existing-user-sign-up", ADA));
    assert_eq!(told.json()["url"], Value::Null);
    assert_eq!(told.json()["user"]["id"], mail.json()["user"]["id"]);
}

#[test]
fn a_session_that_is_there_is_kept_when_the_link_would_sign_in() {
    let site = Site::with_mail(|config| {
        config.email_verification.auto_sign_in_after_verification = true;
    });
    let cookies = site.sign_up(ADA).cookies();
    ask(&site, ADA);
    let answer = open_bare(&site, &site.mail(), Some(&cookies));
    let token = |cookies: &str| cookies.split('.').nth(1).unwrap().to_owned();
    assert_eq!(token(&answer.cookies()), token(&cookies));
    assert_eq!(site.session(&cookies)["user"]["emailVerified"], true);
}

#[test]
fn a_link_that_signs_in_does_so_for_its_own_user_in_the_browser_of_another() {
    let site = Site::with_mail(|config| {
        config.email_verification.auto_sign_in_after_verification = true;
    });
    site.sign_up(ADA);
    ask(&site, ADA);
    let mail = site.mail();
    let eve = site.sign_up("eve@example.com").cookies();
    let cookies = open_bare(&site, &mail, Some(&eve)).cookies();
    assert_eq!(site.session(&cookies)["user"]["email"], ADA);
    assert_eq!(site.session(&eve)["user"]["email"], "eve@example.com");
}

#[test]
fn what_is_forged_over_or_somebody_elses_verifies_nothing() {
    let site = Site::with_mail(|_| {});
    site.sign_up(ADA);
    ask(&site, ADA);
    let mail = site.mail();
    let token = mail.token().to_owned();
    let refused = |token: &str| {
        let answer = site.send(Request::get(&format!("/verify-email?token={token}")));
        let place = Request::get(&format!("/verify-email?token={token}&callbackURL=/a%23f"));
        let place = site.send(place).header("location").unwrap_or_default().to_owned();
        let (status, code) = answer.outcome();
        assert_eq!(place, format!("/a?error={code}#f"));
        (status, code)
    };
    let unsigned = format!("{}.x", token.rsplit_once('.').unwrap().0);
    for forged in ["", "x", "a.b.c", unsigned.as_str()] {
        assert_eq!(refused(forged), (400, "INVALID_TOKEN".to_owned()), "{forged}");
    }
    site.wait(HOUR);
    assert_eq!(refused(&token), (401, "TOKEN_EXPIRED".to_owned()));
    ask(&site, ADA);
    let fresh = site.mail().token().to_owned();
    let ada = site.auth.api().get_user(ADA).unwrap();
    site.auth.api().delete_user(&ada.id).unwrap();
    assert_eq!(refused(&fresh), (404, "USER_NOT_FOUND".to_owned()));
    // Whoever has the address now did not get the link.
    site.sign_up(ADA);
    assert_eq!(refused(&fresh), (400, "INVALID_TOKEN".to_owned()));
    assert!(!is_verified(&site, ADA));
    let evil = format!("/verify-email?token={fresh}&callbackURL=https://evil.example");
    assert_eq!(site.send(Request::get(&evil)).code(), "INVALID_CALLBACK_URL");
    assert_eq!(site.send(Request::get("/verify-email")).code(), "VALIDATION_ERROR");
}

#[test]
fn a_copy_of_a_session_is_no_token() {
    let site = Site::with_mail(|config| {
        config.session.cookie_cache.enabled = true;
        config.session.cookie_cache.strategy = better_auth::config::CookieCacheStrategy::Jwt;
    });
    let cookies = site.sign_up(ADA).cookies();
    let copy = cookies.split("session_data=").nth(1).unwrap().split(';').next().unwrap();
    let answer = site.send(Request::get(&format!("/verify-email?token={copy}")));
    assert_eq!(answer.outcome(), (400, "INVALID_TOKEN".to_owned()));
}

#[test]
fn a_browser_sees_a_page_where_nobody_named_a_place() {
    let site = Site::with_mail(|_| {});
    site.sign_up(ADA);
    let browse = |path: &str| site.send(Request::get(path).header("accept", "text/html"));
    ask(&site, ADA);
    let mail = site.mail();
    assert!(mail.path().ends_with("&callbackURL=%2F"));
    let page = browse(mail.path());
    assert!(page.body.contains("<h1>Email verified</h1>"), "{page:?}");
    let nowhere = browse("/verify-email?token=x&callbackURL=%2F");
    let place = "http://localhost:3000/api/auth/error?error=INVALID_TOKEN";
    assert_eq!(nowhere.header("location"), Some(place));
    // A program follows the default, and so does a browser whose application asked for it.
    assert_eq!(open(&site, &mail).header("location"), Some("/"));
    site.sign_up("eve@example.com");
    let body = json!({"email": "eve@example.com", "callbackURL": "/"});
    site.post("/send-verification-email", &body);
    assert_eq!(browse(site.mail().path()).header("location"), Some("/"));
}

fn change(site: &Site, cookies: &str, new_email: &str) -> Answer {
    let request = Request::post("/change-email").signed_in(cookies);
    site.send(request.json(&json!({"newEmail": new_email})))
}

/// A user who has shown that the address is theirs.
fn verified(site: &Site) -> String {
    let cookies = site.sign_up(ADA).cookies();
    ask(site, ADA);
    open(site, &site.mail());
    cookies
}

#[test]
fn the_old_address_is_asked_then_the_new_one() {
    let site = Site::with_mail(|_| {});
    let cookies = verified(&site);
    assert_eq!(change(&site, &cookies, "NEW@example.com").body, r#"{"status":true}"#);
    let first = site.mail();
    assert_eq!(first.what(), ("change-email", ADA));
    assert_eq!(first.field("newEmail"), NEW);
    assert_eq!(open_bare(&site, &first, None).body, r#"{"status":true}"#);
    let second = site.mail();
    assert_eq!(second.what(), ("verification", NEW));
    assert!(site.auth.api().find_user(NEW).unwrap().is_none());
    let answer = open_bare(&site, &second, Some(&cookies));
    assert_eq!(answer.json()["user"]["email"], NEW);
    assert_eq!(site.session(&answer.cookies())["user"]["email"], NEW);
    assert!(is_verified(&site, NEW));
    // Both links named the old address: they are used up.
    for mail in [first, second] {
        assert_eq!(open_bare(&site, &mail, None).code(), "INVALID_TOKEN");
    }
}

#[test]
fn an_unverified_address_changes_by_one_link_or_at_once() {
    let site = Site::with_mail(|_| {});
    let cookies = site.sign_up(ADA).cookies();
    change(&site, &cookies, NEW);
    assert_eq!(site.mail().what(), ("verification", NEW));
    let answer = open_bare(&site, &site.mail(), None);
    assert_eq!(answer.json()["user"]["email"], NEW);
    assert!(answer.set_cookies().is_empty() && !is_verified(&site, NEW));

    let site = Site::with_mail(|config| {
        config.user.change_email.update_email_without_verification = true;
    });
    let cookies = site.sign_up(ADA).cookies();
    assert!(!change(&site, &cookies, NEW).set_cookies().is_empty());
    assert_eq!(site.session(&cookies)["user"]["email"], NEW);
    assert_eq!(site.mail().what(), ("verification", NEW));
    open(&site, &site.mail());
    assert!(is_verified(&site, NEW));
}

/// A session that was found before the address was verified looks like one whose copy is older than the row.
#[test]
fn an_address_that_was_verified_during_the_request_does_not_change_at_once() {
    let Some(redis) = Redis::start() else { return };
    let site = Site::with_mail(|config| {
        config.secondary_storage.url = Some(Secret::new(redis.url()));
        config.user.change_email.update_email_without_verification = true;
    });
    let cookies = site.sign_up(ADA).cookies();
    let verify = r#"UPDATE "user" SET "emailVerified" = $1"#;
    site.auth.database().write(|tx| tx.execute(verify, &[true.into()])).unwrap();
    assert_eq!(change(&site, &cookies, NEW).status, 200);
    assert!(is_verified(&site, ADA));
    assert_eq!(site.mail().what(), ("change-email", ADA));
}

#[test]
fn a_taken_address_is_answered_alike_and_nobody_is_written_to() {
    for at_once in [false, true] {
        let site = Site::with_mail(|config| {
            config.user.change_email.update_email_without_verification = at_once;
        });
        site.sign_up(NEW);
        let cookies = site.sign_up(ADA).cookies();
        let answer = change(&site, &cookies, NEW);
        assert_eq!(answer.body, r#"{"status":true}"#);
        assert!(answer.set_cookies().is_empty() && site.mails().is_empty());
        assert_eq!(site.session(&cookies)["user"]["email"], ADA);
    }
}

#[test]
fn an_address_that_was_taken_in_the_meantime_changes_nobody() {
    let site = Site::with_mail(|_| {});
    let cookies = site.sign_up(ADA).cookies();
    change(&site, &cookies, NEW);
    let mail = site.mail();
    site.sign_up(NEW);
    let answer = open_bare(&site, &mail, None);
    assert_eq!(answer.outcome(), (422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL".to_owned()));
    assert_eq!(site.session(&cookies)["user"]["email"], ADA);
}

#[test]
fn a_link_opened_by_somebody_else_changes_nothing() {
    let site = Site::with_mail(|_| {});
    let cookies = site.sign_up(ADA).cookies();
    let eve = site.sign_up("eve@example.com").cookies();
    change(&site, &cookies, NEW);
    let answer = open_bare(&site, &site.mail(), Some(&eve));
    assert_eq!(answer.outcome(), (401, "INVALID_USER".to_owned()));
    assert!(site.auth.api().find_user(NEW).unwrap().is_none());
}

#[test]
fn what_cannot_change_is_said() {
    let site = Site::with_mail(|_| {});
    let cookies = site.sign_up(ADA).cookies();
    let same = change(&site, &cookies, "Ada@Example.com");
    assert_eq!((same.status, same.json()["message"].as_str()), (400, Some("Email is the same")));
    assert_eq!(change(&site, &cookies, "x").code(), "VALIDATION_ERROR");
    assert_eq!(change(&site, "a=b", NEW).status, 401);

    let off = Site::with_mail(|config| config.user.change_email.enabled = false);
    let cookies = off.sign_up(ADA).cookies();
    assert_eq!(change(&off, &cookies, NEW).outcome(), (400, "CHANGE_EMAIL_DISABLED".to_owned()));

    let silent = Site::with_mail(|config| {
        config.email.senders = Some(vec!["reset-password".to_owned()]);
    });
    let cookies = silent.sign_up(ADA).cookies();
    let answer = change(&silent, &cookies, NEW);
    assert_eq!(answer.json()["message"], "Verification email isn't enabled");
    assert_eq!(ask(&silent, ADA).outcome(), (400, "VERIFICATION_EMAIL_NOT_ENABLED".to_owned()));
}
