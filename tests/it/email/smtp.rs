//! The `smtp` transport against a mail server that behaves well and badly.

use std::time::Duration;

use better_auth::Config;
use better_auth::Secret;
use better_auth::api::outbox::SendSummary;
use better_auth::config::SmtpSecurity;
use better_auth::config::Transport;
use better_auth::models::outbox::OutboxEntry;
use better_auth::models::outbox::OutboxStatus;
use serde_json::json;

use crate::harness::Site;
use crate::harness::SmtpServer;
use crate::harness::smtp;
use crate::harness::smtp::Manner;

const SECOND: Duration = Duration::from_secs(1);

/// A configuration that sends through this server.
pub(crate) fn through(server: &SmtpServer) -> impl FnOnce(&mut Config) {
    let port = server.address.port();
    move |config| {
        "Tea & Co".clone_into(&mut config.app_name);
        config.email.transport = Some(Transport::Smtp);
        config.email.from = Some("Tea <no-reply@tea.example>".to_owned());
        config.email.reply_to = Some("help@tea.example".to_owned());
        config.email.smtp.host = Some("localhost".to_owned());
        config.email.smtp.port = Some(port);
        config.email.smtp.username = Some(smtp::USERNAME.to_owned());
        config.email.smtp.password = Some(Secret::new(smtp::PASSWORD));
        config.email.smtp.ca_file = Some(smtp::authority());
        config.email.smtp.timeout = SECOND;
    }
}

fn ask_for_reset(site: &Site) {
    let answer = site.post("/request-password-reset", &json!({"email": "ada@example.com"}));
    assert_eq!(answer.status, 200, "{answer:?}");
}

fn send(site: &Site) -> SendSummary {
    site.auth.send_messages(&|| true).unwrap()
}

fn entry(site: &Site) -> OutboxEntry {
    let list = better_auth::ListMessages::default();
    site.auth.api().list_messages(&list).unwrap().into_iter().next().unwrap()
}

pub(crate) fn site(server: &SmtpServer) -> Site {
    let site = Site::with(through(server));
    site.sign_up("ada@example.com");
    site
}

#[test]
fn a_message_arrives_encrypted_signed_in_for_and_whole() {
    let server = SmtpServer::start();
    let site = site(&server);
    ask_for_reset(&site);
    ask_for_reset(&site);
    assert!(server.received().is_empty(), "nothing leaves while somebody waits for an answer");
    assert_eq!(send(&site).sent, 2);
    assert_eq!(server.connections(), 1, "a connection is kept");
    let received = &server.received()[0];
    assert!(received.was_encrypted);
    assert_eq!(received.from, "no-reply@tea.example");
    assert_eq!(received.to, "ada@example.com");
    for part in [
        "Subject: Reset your Tea & Co password\r\n",
        "From: Tea <no-reply@tea.example>\r\n",
        "Reply-To: help@tea.example\r\n",
        "Auto-Submitted: auto-generated\r\n",
        "text/plain",
        "text/html",
        "http://localhost:3000/api/auth/reset-password/",
    ] {
        assert!(received.data.contains(part), "{part} is not in {}", received.data);
    }
    let entry = entry(&site);
    assert!(server.received().iter().any(|mail| {
        mail.data.contains(&format!("Message-ID: <{}@tea.example>\r\n", entry.id))
    }));
    assert_eq!((entry.status, entry.attempts), (OutboxStatus::Sent, 1));
    assert_eq!(send(&site), SendSummary::default());
}

#[test]
fn a_server_that_is_encrypted_from_the_first_byte_is_spoken_to_like_that() {
    let server = SmtpServer::start_encrypted();
    let site = Site::with(|config| {
        through(&server)(config);
        config.email.smtp.security = SmtpSecurity::Tls;
    });
    site.sign_up("ada@example.com");
    ask_for_reset(&site);
    assert_eq!(send(&site).sent, 1);
    assert!(server.received()[0].was_encrypted);
}

#[test]
fn what_says_a_message_is_forgotten_once_it_is_taken() {
    let server = SmtpServer::start();
    let site = site(&server);
    ask_for_reset(&site);
    let payload = || {
        let sql = r#"SELECT "payload" FROM "emailOutbox""#;
        site.auth.database().read(|tx| tx.find(sql, &[], |row| row.text(0))).unwrap().unwrap()
    };
    assert!(payload().contains("reset-password"));
    send(&site);
    assert_eq!(payload(), "");
}

#[test]
fn a_message_that_is_refused_is_given_up_and_can_be_tried_again() {
    let server = SmtpServer::start();
    let site = site(&server);
    server.behave(Manner::Refuses);
    ask_for_reset(&site);
    assert_eq!(send(&site), SendSummary { given_up: 1, ..SendSummary::default() });
    let failed = entry(&site);
    assert_eq!(failed.status, OutboxStatus::Failed);
    assert!(failed.last_error.unwrap().contains("nobody of that name"));
    server.behave(Manner::Fine);
    assert_eq!(send(&site), SendSummary::default());
    assert_eq!(site.auth.api().retry_messages(Some(&failed.id)).unwrap(), 1);
    assert_eq!(send(&site).sent, 1);
    assert_eq!(site.auth.api().retry_messages(Some(&failed.id)).unwrap(), 0, "it was sent");
}

#[test]
fn a_message_that_is_not_taken_now_waits_longer_and_longer() {
    let server = SmtpServer::start();
    let site = site(&server);
    server.behave(Manner::IsBusy);
    ask_for_reset(&site);
    assert_eq!(send(&site), SendSummary { later: 1, ..SendSummary::default() });
    for seconds in [5, 10, 20] {
        assert_eq!(send(&site), SendSummary::default());
        let now = site.clock.now();
        assert_eq!(entry(&site).next_attempt_at, Some(now.after(SECOND * seconds)));
        site.wait(SECOND * seconds);
        assert_eq!(send(&site).later, 1);
    }
    server.behave(Manner::Fine);
    site.wait(SECOND * 40);
    assert_eq!(send(&site).sent, 1);
    assert_eq!(entry(&site).attempts, 5);
    assert_eq!(server.received().len(), 1);
}

#[test]
fn whatever_goes_wrong_with_the_connection_costs_no_message() {
    let server = SmtpServer::start();
    let site = site(&server);
    for _ in 0..3 {
        ask_for_reset(&site);
    }
    for manner in
        [Manner::DiesInTheMiddle, Manner::DeniesSignIn, Manner::IsSlow(Duration::from_secs(2))]
    {
        server.behave(manner);
        let sent = send(&site);
        // The first failure speaks for all: the others are not tried in vain.
        assert_eq!((sent.sent, sent.later, sent.given_up), (0, 1, 0), "{manner:?}");
        assert!(sent.unreachable.is_some(), "{manner:?}");
        site.wait(SECOND * 60);
    }
    server.behave(Manner::Fine);
    assert_eq!(send(&site).sent, 3);
    assert_eq!(server.received().len(), 3);
}

#[test]
fn a_server_that_is_slow_but_answers_in_time_is_waited_for() {
    let server = SmtpServer::start();
    let site = site(&server);
    server.behave(Manner::IsSlow(Duration::from_millis(200)));
    ask_for_reset(&site);
    assert_eq!(send(&site).sent, 1);
}

#[test]
fn a_server_with_a_certificate_of_nobody_hears_no_password() {
    let server = SmtpServer::start();
    let site = Site::with(|config| {
        through(&server)(config);
        config.email.smtp.ca_file = None;
    });
    site.sign_up("ada@example.com");
    ask_for_reset(&site);
    assert!(send(&site).unreachable.is_some());
    assert!(server.received().is_empty());
}

#[test]
fn a_link_that_is_over_is_not_sent() {
    let server = SmtpServer::start();
    let site = site(&server);
    ask_for_reset(&site);
    site.wait(SECOND * 3600);
    assert_eq!(send(&site).given_up, 1);
    assert!(entry(&site).last_error.unwrap().contains("its link was over"));
    assert_eq!(site.auth.api().retry_messages(None).unwrap(), 0);
    assert!(server.received().is_empty());
}

#[test]
fn an_unknown_address_leaves_nothing_in_the_outbox() {
    let server = SmtpServer::start();
    let site = Site::with(through(&server));
    ask_for_reset(&site);
    assert_eq!(send(&site), SendSummary::default());
    let list = better_auth::ListMessages::default();
    assert!(site.auth.api().list_messages(&list).unwrap().is_empty());
    assert_eq!(site.auth.api().retry_messages(None).unwrap(), 0);
    site.auth.clean_up().unwrap();
    let sql = r#"SELECT COUNT(*) FROM "emailOutbox""#;
    let rows = site.auth.database().read(|tx| tx.find(sql, &[], |row| row.integer(0)));
    assert_eq!(rows.unwrap(), Some(0));
}

#[test]
fn what_is_settled_is_forgotten_after_a_week() {
    let server = SmtpServer::start();
    let site = site(&server);
    ask_for_reset(&site);
    send(&site);
    let count = || {
        let list = better_auth::ListMessages::default();
        site.auth.api().list_messages(&list).unwrap().len()
    };
    site.auth.clean_up().unwrap();
    assert_eq!(count(), 1);
    site.wait(Duration::from_secs(7 * 24 * 3600 + 1));
    site.auth.clean_up().unwrap();
    assert_eq!(count(), 0);
}

#[test]
fn cleaning_up_ends_when_nothing_is_left_however_much_there_is() {
    let server = SmtpServer::start();
    let site = site(&server);
    let sql = r#"INSERT INTO "verification"
        ("id", "identifier", "value", "expiresAt", "createdAt", "updatedAt") VALUES ($1, $1, '', $2, $2, $2)"#;
    let over = site.clock.now().before(Duration::from_secs(1));
    let fill = |tx: &mut better_auth::database::Tx<'_>| {
        (0..2001).try_for_each(|n: i32| {
            tx.execute(sql, &[n.to_string().as_str().into(), over.into()]).map(drop)
        })
    };
    site.auth.database().write(fill).unwrap();
    assert_eq!(site.stored("verification"), 2001);
    site.auth.clean_up().unwrap();
    assert_eq!(site.stored("verification"), 0);
}
