//! Whatever works once works once, however many ask at the same moment.

use std::collections::HashSet;
use std::time::Duration;

use better_auth::NewUser;
use better_auth::config::CustomRule;
use better_auth::config::RateLimitStorage;
use better_auth::config::Rule;
use serde_json::json;

use crate::email;
use crate::endpoints::social;
use crate::harness::Answer;
use crate::harness::Provider;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::SmtpServer;
use crate::harness::at_once;
use crate::harness::site::PASSWORD;

const ADA: &str = "ada@example.com";
const NEW: &str = "new@example.com";
/// Those who try.
const MANY: usize = 24;
/// Fewer where each of them hashes a password.
const SOME: usize = 16;

/// One of them got 200 and its number is the answer; all others got this.
#[track_caller]
fn winner(answers: &[Answer], others: (u16, &str)) -> usize {
    let winners: Vec<usize> = (0..answers.len()).filter(|n| answers[*n].status == 200).collect();
    assert_eq!(winners.len(), 1, "{answers:?}");
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!((answer.status, answer.code().as_str()), others);
    }
    winners[0]
}

fn sign_in(site: &Site, password: &str) -> u16 {
    site.post("/sign-in/email", &json!({"email": ADA, "password": password})).status
}

fn password(n: usize) -> String {
    format!("the password of number {n}")
}

/// Of many who have the token of a new password one sets theirs.
fn check_reset(site: &Site, token: &str) {
    let answers = at_once(SOME, |n| {
        site.post("/reset-password", &json!({"token": token, "newPassword": password(n)}))
    });
    let won = winner(&answers, (400, "INVALID_TOKEN"));
    for n in 0..SOME {
        assert_eq!(sign_in(site, &password(n)), if n == won { 200 } else { 401 });
    }
}

#[test]
fn a_link_to_a_new_password_sets_one() {
    let site = Site::with_mail(|_| {});
    site.sign_up(ADA);
    site.post("/request-password-reset", &json!({"email": ADA}));
    check_reset(&site, site.mail().token());
}

#[test]
fn an_invitation_sets_one_password() {
    let site = Site::with_mail(|_| {});
    let new = NewUser { email: ADA.to_owned(), ..NewUser::default() };
    site.auth.api().invite_user(&new, None, Duration::from_secs(60)).unwrap();
    check_reset(&site, site.mail().token());
}

#[test]
fn an_account_is_deleted_by_one_of_its_links() {
    let site = Site::with_mail(|_| {});
    let cookies = site.sign_up(ADA).cookies();
    site.send(Request::post("/delete-user").signed_in(&cookies).json(&json!({})));
    let token = site.mail().token().to_owned();
    let answers = at_once(MANY, |_| {
        site.send(Request::post("/delete-user").signed_in(&cookies).json(&json!({"token": token})))
    });
    let won = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(won, 1, "{answers:?}");
    // Whoever comes later has no session any more, or a token that is used up.
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert!([400, 401, 404].contains(&answer.status), "{answer:?}");
    }
    assert_eq!(site.stored("user"), 0);
}

#[test]
fn a_link_that_verifies_and_signs_in_begins_one_session() {
    let site = Site::with_mail(|config| {
        config.email_and_password.require_email_verification = true;
        config.email_verification.auto_sign_in_after_verification = true;
    });
    site.sign_up(ADA);
    let path = format!("/verify-email?token={}", site.mail().token());
    let answers = at_once(MANY, |_| site.send(Request::get(&path)));
    assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
    let signed_in = answers.iter().filter(|answer| !answer.set_cookies().is_empty()).count();
    assert_eq!((signed_in, site.stored("session")), (1, 1));
}

#[test]
fn a_link_that_changes_an_address_does_so_once() {
    let site = Site::with_mail(|_| {});
    let cookies = site.sign_up(ADA).cookies();
    let request = Request::post("/change-email").signed_in(&cookies);
    site.send(request.json(&json!({"newEmail": NEW})));
    let path = format!("/verify-email?token={}", site.mail().token());
    let answers = at_once(MANY, |_| site.send(Request::get(&path)));
    let changed = winner(&answers, (400, "INVALID_TOKEN"));
    assert_eq!(answers[changed].json()["user"]["email"], NEW);
}

#[test]
fn a_state_of_a_sign_in_elsewhere_begins_one_session() {
    let provider = Provider::start();
    let site = social::site(&provider, |_| {});
    let sent = social::sign_in(&site);
    let answers = at_once(MANY, |_| social::come_back(&site, &sent));
    let (won, lost): (Vec<_>, Vec<_>) =
        answers.iter().partition(|answer| social::to(answer) == "/welcome");
    assert_eq!((won.len(), site.stored("session"), site.stored("user")), (1, 1, 1));
    for answer in lost {
        assert!(social::to(answer).contains("error="), "{answer:?}");
        assert!(!answer.cookies().contains("session_token"), "{answer:?}");
    }
}

#[test]
fn an_address_signs_up_once() {
    let site = Site::new();
    let body = json!({"name": "Ada", "email": ADA, "password": PASSWORD});
    let answers = at_once(SOME, |_| site.post("/sign-up/email", &body));
    winner(&answers, (422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"));
    assert_eq!(["user", "account", "session"].map(|table| site.stored(table)), [1, 1, 1]);
}

#[test]
fn an_address_is_taken_by_one_of_those_who_change_to_it() {
    let site = Site::with_mail(|config| {
        config.user.change_email.update_email_without_verification = true;
    });
    let everybody: Vec<String> =
        (0..4).map(|n| site.sign_up(&format!("user{n}@example.com")).cookies()).collect();
    let answers = at_once(everybody.len(), |n| {
        let request = Request::post("/change-email").signed_in(&everybody[n]);
        site.send(request.json(&json!({"newEmail": NEW})))
    });
    // Nobody is told who has it.
    assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
    let emails = everybody.iter().map(|cookies| site.session(cookies)["user"]["email"].clone());
    assert_eq!(emails.filter(|email| email == NEW).count(), 1);
}

/// Extending is a race with signing out, and must not bring a session back.
#[test]
fn a_session_that_ends_while_it_is_extended_stays_ended() {
    for _ in 0..8 {
        let site = Site::new();
        let cookies = site.sign_up(ADA).cookies();
        site.wait(Duration::from_secs(2 * 24 * 60 * 60));
        let answers = at_once(MANY, |n| {
            if n == MANY / 2 {
                site.send(Request::post("/sign-out").signed_in(&cookies))
            } else {
                site.send(Request::get("/get-session").header("cookie", &cookies))
            }
        });
        assert_eq!(answers[MANY / 2].status, 200, "{answers:?}");
        assert!(answers.iter().all(|answer| answer.status < 500), "{answers:?}");
        assert!(site.session(&cookies).is_null());
        assert_eq!(site.stored("session"), 0);
    }
}

#[test]
fn a_limit_lets_as_many_in_as_it_says() {
    for storage in [RateLimitStorage::Memory, RateLimitStorage::Database] {
        let site = Site::with(|config| {
            config.rate_limit.enabled = Some(true);
            config.rate_limit.storage = Some(storage);
            let rule = Rule { window: Duration::from_secs(60), max: 5 };
            config.rate_limit.custom_rules = [("/ok".to_owned(), CustomRule::Rule(rule))].into();
        });
        let answers = at_once(MANY, |_| site.send(Request::get("/ok")));
        let let_in = answers.iter().filter(|answer| answer.status == 200).count();
        let refused = answers.iter().filter(|answer| answer.status == 429).count();
        assert_eq!((let_in, refused), (5, MANY - 5), "{storage:?}");
    }
}

#[test]
fn a_message_is_sent_by_one_of_several_senders() {
    const MESSAGES: usize = 40;
    let server = SmtpServer::start();
    let site = email::smtp::site(&server);
    for n in 0..MESSAGES {
        let link = json!({"email": ADA, "redirectTo": format!("/{n}")});
        assert_eq!(site.post("/request-password-reset", &link).status, 200);
    }
    let sent = at_once(8, |_| site.auth.send_messages(&|| true).unwrap().sent).iter().sum::<u64>();
    let ids: HashSet<String> = server
        .received()
        .iter()
        .filter_map(|mail| mail.data.lines().find(|line| line.starts_with("Message-ID")))
        .map(str::to_owned)
        .collect();
    assert_eq!((sent, server.received().len(), ids.len()), (MESSAGES as u64, MESSAGES, MESSAGES));
}
