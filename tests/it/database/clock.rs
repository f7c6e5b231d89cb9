//! A clock that jumps forwards and back: what is over stays over, and nobody waits for a time that was never
//! meant.

use std::time::Duration;

use better_auth::Config;
use better_auth::config::RateLimitStorage;
use serde_json::json;

use crate::email;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::SmtpServer;
use crate::harness::site::PASSWORD;

const ADA: &str = "ada@example.com";
const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// What is done a year ahead, before the clock is set back.
fn ahead<T>(site: &Site, job: impl FnOnce() -> T) -> T {
    let now = site.clock.now();
    site.wait(YEAR);
    let answer = job();
    site.clock.set(now);
    answer
}

#[test]
fn a_session_that_was_over_does_not_come_back() {
    let site = Site::new();
    let cookies = site.sign_up(ADA).cookies();
    let other = site.sign_up("other@example.com").cookies();
    assert!(ahead(&site, || site.session(&cookies)).is_null());
    assert!(site.session(&cookies).is_null());
    // Whom nobody asked for meanwhile is still signed in.
    assert_eq!(site.session(&other)["user"]["email"], "other@example.com");
}

#[test]
fn what_was_used_or_revoked_stays_so_however_far_back_the_clock_is_set() {
    let site = Site::with_mail(|_| {});
    let cookies = site.sign_up(ADA).cookies();
    site.post("/request-password-reset", &json!({"email": ADA}));
    let body = json!({"token": site.mail().token(), "newPassword": "another long password"});
    let reset = || site.post("/reset-password", &body);
    assert_eq!(reset().status, 200);
    assert_eq!(site.send(Request::post("/sign-out").signed_in(&cookies)).status, 200);
    site.clock.set(site.clock.now().before(YEAR));
    assert_eq!(reset().code(), "INVALID_TOKEN");
    assert!(site.session(&cookies).is_null());
}

/// A link that was over is gone with the next cleanup.
#[test]
fn what_was_cleaned_up_does_not_come_back() {
    let site = Site::with_mail(|_| {});
    site.sign_up(ADA);
    site.post("/request-password-reset", &json!({"email": ADA}));
    ahead(&site, || site.auth.clean_up().unwrap());
    let body = json!({"token": site.mail().token(), "newPassword": "another long password"});
    assert_eq!(site.post("/reset-password", &body).code(), "INVALID_TOKEN");
}

#[test]
fn requests_that_were_counted_ahead_block_nobody() {
    for storage in [RateLimitStorage::Memory, RateLimitStorage::Database] {
        let site = Site::with(|config| {
            config.rate_limit.enabled = Some(true);
            config.rate_limit.storage = Some(storage);
        });
        let sign_in =
            || site.post("/sign-in/email", &json!({"email": ADA, "password": PASSWORD})).status;
        assert_eq!(ahead(&site, || [(); 4].map(|()| sign_in())), [401, 401, 401, 429]);
        assert_eq!([(); 4].map(|()| sign_in()), [401, 401, 401, 429], "{storage:?}");
        // A second back is no jump.
        site.clock.set(site.clock.now().before(Duration::from_secs(1)));
        assert_eq!(sign_in(), 429, "{storage:?}");
    }
}

#[test]
fn a_message_that_was_caused_or_leased_ahead_is_sent_at_once() {
    let server = SmtpServer::start();
    let site = email::smtp::site(&server);
    ahead(&site, || site.post("/request-password-reset", &json!({"email": ADA})));
    assert_eq!(site.auth.send_messages(&|| true).unwrap().sent, 1);
    assert_eq!(server.received().len(), 1);
}

/// Here and below one clock that moves stands for the clocks of two servers.
#[test]
fn a_lock_in_rows_is_over_at_a_server_whose_clock_is_ahead() {
    let site = Site::with(|config| {
        config.secondary_storage = Config::default().secondary_storage;
        config.email_and_password.lockout.max_attempts = 3;
    });
    let fail = || site.post("/sign-in/email", &json!({"email": ADA, "password": PASSWORD})).status;
    assert_eq!([(); 4].map(|()| fail()), [401, 401, 401, 429]);
    assert_eq!(ahead(&site, || [(); 4].map(|()| fail())), [401, 401, 401, 429]);
}

#[test]
fn a_window_in_rows_is_over_at_a_server_whose_clock_is_ahead() {
    let site = Site::with(|config| {
        config.rate_limit.enabled = Some(true);
        config.rate_limit.storage = Some(RateLimitStorage::Database);
    });
    let ask = || site.post("/sign-in/email", &json!({"email": ADA, "password": PASSWORD})).status;
    assert_eq!([(); 4].map(|()| ask()), [401, 401, 401, 429]);
    assert_eq!(ahead(&site, ask), 401);
}

#[test]
fn a_message_that_another_server_sends_is_sent_again_by_a_clock_that_is_further_ahead_than_its_lease()
 {
    let server = SmtpServer::start();
    let site = email::smtp::site(&server);
    let begun = site.clock.now();
    let lease = 10 * site.auth.config().email.smtp.timeout;
    site.post("/request-password-reset", &json!({"email": ADA}));
    // As the other server leaves it while it sends.
    let sql = r#"UPDATE "emailOutbox" SET "attempts" = 1, "nextAttemptAt" = $1"#;
    let until = begun.after(lease);
    assert_eq!(site.auth.database().write(|tx| tx.execute(sql, &[until.into()])), Ok(1));
    let send = || site.auth.send_messages(&|| true).unwrap().sent;
    site.clock.set(until.before(Duration::from_millis(1)));
    assert_eq!(send(), 0);
    site.clock.set(until);
    assert_eq!(send(), 1);
}

#[test]
fn a_session_from_the_future_proves_nothing_of_today() {
    let site = Site::new();
    let cookies = ahead(&site, || site.sign_up(ADA).cookies());
    let delete = |body| site.send(Request::post("/delete-user").signed_in(&cookies).json(&body));
    assert_eq!(delete(json!({})).outcome(), (401, "SESSION_EXPIRED".to_owned()));
    assert_eq!(delete(json!({"password": PASSWORD})).status, 200);
}
