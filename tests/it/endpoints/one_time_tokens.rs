//! How many one-time tokens clients may ask for, and what their rows tell.

use std::net::IpAddr;
use std::time::Duration;

use better_auth::Config;
use better_auth::Peer;
use better_auth::config::Transport;
use better_auth::database::Timestamp;
use bytes::Bytes;
use serde_json::Value;
use serde_json::json;

use super::social;
use crate::harness::Answer;
use crate::harness::Provider;
use crate::harness::Request;
use crate::harness::Site;

const ADA: &str = "ada@example.com";
const NOBODY: &str = "nobody@example.com";
const WINDOW: Duration = Duration::from_secs(600);

/// Behind a proxy that names its clients: so many tokens for one of them, and for all.
fn site(provider: &Provider, per_client: usize, total: usize) -> Site {
    social::site(provider, |config| {
        limited(config, per_client, total);
        config.email.transport = Some(Transport::File);
    })
}

fn limited(config: &mut Config, per_client: usize, total: usize) {
    config.advanced.ip_address.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    config.server.limits.one_time_tokens_per_client = per_client;
    config.server.limits.one_time_tokens = total;
}

fn begin(site: &Site, from: &str) -> Answer {
    let body = json!({"provider": "gitlab"});
    site.send(Request::post("/sign-in/social").header("x-forwarded-for", from).json(&body))
}

fn reset(site: &Site, from: &str, email: &str) -> Answer {
    let request = Request::post("/request-password-reset").header("x-forwarded-for", from);
    site.send(request.json(&json!({"email": email})))
}

/// Every row, without what is random: the purpose, the length of the token and of the value, the times.
fn rows(site: &Site) -> Vec<String> {
    let sql =
        r#"SELECT "identifier", LENGTH("value"), "expiresAt", "createdAt" FROM "verification""#;
    let row = |row: &better_auth::database::Row<'_>| {
        let (identifier, value) = (row.text(0)?, row.integer(1)?);
        let (expires, created) = (row.time(2)?.as_millis(), row.time(3)?.as_millis());
        let (purpose, token) = identifier.split_once(':').unwrap_or((&identifier, ""));
        Ok(format!("{purpose} {} {value} {expires} {created}", token.len()))
    };
    let mut rows = site.auth.database().read(|tx| tx.list(sql, &[], row)).unwrap();
    rows.sort();
    rows
}

#[test]
fn a_client_may_ask_for_so_many_one_time_tokens_and_no_more() {
    let provider = Provider::start();
    let site = site(&provider, 5, 100);
    for number in 0..5 {
        // One network of IPv6 is one client.
        assert_eq!(begin(&site, &format!("2001:db8::{number:x}")).status, 200, "{number}");
    }
    site.wait(Duration::from_secs(1));
    let full = begin(&site, "2001:db8::ffff");
    assert_eq!(full.outcome(), (429, "RATE_LIMIT_EXCEEDED".to_owned()));
    assert_eq!(full.header("retry-after"), Some("599"));
    assert_eq!(reset(&site, "2001:db8::1", NOBODY).status, 429, "one door more is another way in");
    // Others are not concerned, and neither is the server itself.
    assert_eq!(begin(&site, "2001:db8:1::1").status, 200);
    assert_eq!(reset(&site, "192.0.2.1", NOBODY).status, 200);
    for _ in 0..6 {
        site.auth.api().request_password_reset(NOBODY, None).unwrap();
    }
    site.wait(WINDOW);
    assert_eq!(begin(&site, "2001:db8::1").status, 200);
}

#[test]
fn clients_with_many_one_time_tokens_are_refused_before_those_with_few() {
    let provider = Provider::start();
    let site = site(&provider, 8, 16);
    let mut statuses = Vec::new();
    // Three that take what they can.
    for client in ["192.0.2.1", "192.0.2.2", "192.0.2.3"] {
        let all: Vec<u16> = (0..9).map(|_| begin(&site, client).status).collect();
        statuses.push(all.iter().filter(|status| **status == 200).count());
    }
    assert_eq!(statuses, [8, 4, 2]);
    let full = begin(&site, "192.0.2.3");
    assert_eq!(full.outcome(), (503, "SERVER_BUSY".to_owned()));
    assert_eq!(full.header("retry-after"), Some("600"));
    assert_eq!([begin(&site, "192.0.2.4").status, begin(&site, "192.0.2.5").status], [200; 2]);
    assert_eq!(begin(&site, "192.0.2.6").status, 503, "nothing is left");
    site.wait(WINDOW);
    assert_eq!(begin(&site, "192.0.2.6").status, 200);
}

#[test]
fn a_refused_request_writes_nothing_and_removes_nothing() {
    let provider = Provider::start();
    let site = social::site(&provider, |config| {
        limited(config, 1, 100);
        config.email.transport = Some(Transport::File);
        config.verification.store_in_database = true;
    });
    assert_eq!(begin(&site, "192.0.2.1").status, 200);
    let over = r#"UPDATE "verification" SET "expiresAt" = $1"#;
    let past = Timestamp::parse("2020-01-01T00:00:00.000Z").unwrap();
    let changed = site.auth.database().write(|tx| tx.execute(over, &[past.into()])).unwrap();
    let before = rows(&site);
    for _ in 0..5 {
        assert_eq!(begin(&site, "192.0.2.1").status, 429);
        assert_eq!(reset(&site, "192.0.2.1", NOBODY).status, 429);
    }
    assert_eq!(rows(&site), before, "cleaning up is not a request's work");
    assert_eq!(i64::try_from(changed).unwrap(), i64::try_from(before.len()).unwrap());
}

#[test]
fn what_others_have_stored_refuses_nobody() {
    let provider = Provider::start();
    let site = social::site(&provider, |config| {
        limited(config, 1_000, 100_000);
        config.verification.store_in_database = true;
    });
    let sql = r#"INSERT INTO "verification" ("id", "identifier", "value", "expiresAt", "createdAt", "updatedAt")
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100001)
        SELECT 'ff000000-0000-8000-8000-' || CAST(100000000000 + i AS TEXT), 'x', 'x', $1, $1, $1 FROM n"#;
    let later = Timestamp::parse("2026-11-23T13:00:00.000Z").unwrap();
    site.auth.database().write(|tx| tx.execute(sql, &[later.into()])).unwrap();
    assert_eq!(begin(&site, "192.0.2.1").status, 200);
}

#[test]
fn what_a_reset_leaves_behind_does_not_tell_whether_the_address_is_known() {
    for email in [ADA, NOBODY] {
        let provider = Provider::start();
        let site = site(&provider, 3, 100);
        site.sign_up(ADA);
        let created = site.auth.database().clock().now();
        assert_eq!([(); 2].map(|()| reset(&site, "192.0.2.1", email).status), [200; 2], "{email}");
        // What is over is removed, and neither of these is.
        site.auth.clean_up().unwrap();
        assert_eq!(site.stored("verification"), 2, "{email}");
        if site.auth.config().keeps_verification_rows() {
            let expires = created.after(Duration::from_secs(3600)).as_millis();
            let row = format!("reset-password 24 36 {expires} {}", created.as_millis());
            assert_eq!(rows(&site), [row.clone(), row], "{email}");
        }
        let all = [(); 3].map(|()| begin(&site, "192.0.2.1").status);
        assert_eq!(all, [200, 429, 429], "{email}");
    }
}

#[test]
fn what_a_lock_leaves_behind_does_not_tell_whether_the_name_is_known() {
    let left = |email: &str| {
        let site = Site::with_mail(|config| {
            config.email_and_password.lockout.max_attempts = 3;
            config.verification.store_in_database = true;
        });
        site.sign_up(ADA);
        let body = json!({"email": email, "password": "a wrong password"});
        assert_eq!([(); 3].map(|()| site.post("/sign-in/email", &body).status), [401; 3]);
        site.auth.clean_up().unwrap();
        rows(&site)
    };
    let known = left(ADA);
    assert_eq!(known.len(), 2, "{known:?}");
    assert_eq!(known, left(NOBODY));
}

#[test]
fn the_token_of_nobody_opens_nothing() {
    let site = Site::with_mail(|config| config.verification.store_in_database = true);
    site.post("/request-password-reset", &json!({"email": NOBODY}));
    let sql = r#"SELECT "identifier" FROM "verification""#;
    let found = site.auth.database().read(|tx| tx.find(sql, &[], |row| row.text(0))).unwrap();
    let token = found.unwrap().replace("reset-password:", "");
    site.sign_up(NOBODY);
    let body = json!({"token": token, "newPassword": "another password"});
    assert_eq!(site.post("/reset-password", &body).outcome(), (404, "USER_NOT_FOUND".to_owned()));
}

/// A sign-in by a provider that comes from this end of a socket.
fn begin_at(site: &Site, peer: &str) -> u16 {
    let body = json!({"provider": "gitlab"}).to_string();
    let request = http::Request::post("/api/auth/sign-in/social")
        .header("host", "localhost:3000")
        .header("content-type", "application/json");
    let peer = Peer::at(peer.parse::<IpAddr>().unwrap());
    site.auth.handle(request.body(Bytes::from(body)).unwrap(), peer).status().as_u16()
}

#[test]
fn clients_are_told_apart_where_addresses_are_not_kept() {
    let provider = Provider::start();
    let site = social::site(&provider, |config| {
        limited(config, 2, 100);
        config.advanced.ip_address.disable_ip_tracking = true;
    });
    let all = [(); 3].map(|()| begin_at(&site, "192.0.2.1"));
    assert_eq!(all, [200, 200, 429]);
    assert_eq!(begin_at(&site, "192.0.2.2"), 200);
    let cookies = site.sign_up(ADA).cookies();
    assert_eq!(site.session(&cookies)["session"]["ipAddress"], Value::String(String::new()));
}

#[test]
fn clients_that_cannot_be_told_apart_do_not_refuse_one_another() {
    let provider = Provider::start();
    let site = social::site(&provider, |config| limited(config, 2, 4));
    // The proxy names no client.
    assert!((0..10).all(|_| begin_at(&site, "127.0.0.1") == 200));
    let all = [(); 3].map(|()| begin(&site, "192.0.2.1").status);
    assert_eq!(all, [200, 200, 429], "those that it names are counted");
}
