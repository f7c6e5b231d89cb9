//! A plugin that sends codes by mail: a message of its own kind, one-time values and attempts.

use std::time::Duration;

use better_auth::AuthError;
use better_auth::BetterAuth;
use better_auth::Config;
use better_auth::ErrorCode;
use better_auth::ListMessages;
use better_auth::Peer;
use better_auth::Plugin;
use better_auth::api::attempts::AttemptLimit;
use better_auth::api::attempts::Attempts;
use better_auth::api::messages;
use better_auth::api::one_time;
use better_auth::api::one_time::NewValue;
use better_auth::api::one_time::OneTime;
use better_auth::api::one_time::Purpose;
use better_auth::api::outbox::SendSummary;
use better_auth::codes;
use better_auth::config::Transport;
use better_auth::crypto::is_same;
use better_auth::crypto::random;
use better_auth::email::MailKind;
use better_auth::email::Message;
use better_auth::http::Answer;
use better_auth::http::Body;
use better_auth::http::Context;
use better_auth::http::Endpoint;
use better_auth::http::Form;
use better_auth::http::Member;
use better_auth::http::Reply;
use better_auth::http::reply::Done;
use better_auth::models::outbox::OutboxStatus;
use bytes::Bytes;
use http::Request;
use serde_json::Value;
use serde_json::json;

use crate::email::smtp::through;
use crate::harness::Redis;
use crate::harness::Site;
use crate::harness::SmtpServer;
use crate::harness::at_once;

const ADA: &str = "ada@example.com";
const MANY: usize = 16;

const CODE: Purpose = Purpose::new("email-code:");
const LIFETIME: Duration = Duration::from_secs(5 * 60);
const WRONG: &ErrorCode = &ErrorCode::new("INVALID_CODE", 400, "Invalid code");
const LOCKED: &ErrorCode = &ErrorCode::new("TOO_MANY_CODES", 429, "Too many attempts");
const LIMIT: AttemptLimit = AttemptLimit {
    max: 3,
    window: Duration::from_secs(60),
    lock: Duration::from_secs(600),
    refusal: LOCKED,
};
const MAIL: &MailKind = &MailKind::new(
    "email-code",
    "Subject: {{ values.team }}: your code\n\n{{ code }}, for {{ expires_in }}\n",
    "{% extends 'layout.html' %}{% block body %}<p>{{ values.team }}: <b>{{ code }}</b></p>{% endblock %}",
)
.by_default()
.with_sample(|message| message.with_code("123456".to_owned()).with_value("team", "Tea"));

struct EmailCode {
    purposes: Vec<Purpose>,
    kinds: Vec<&'static MailKind>,
}

fn plugin() -> EmailCode {
    EmailCode { purposes: vec![CODE], kinds: vec![MAIL] }
}

impl Plugin for EmailCode {
    fn id(&self) -> &'static str {
        "email-code"
    }

    fn mail_kinds(&self) -> Vec<&'static MailKind> {
        self.kinds.clone()
    }

    fn purposes(&self) -> Vec<Purpose> {
        self.purposes.clone()
    }

    fn endpoints(&self) -> Vec<Endpoint> {
        const DONE: &[Answer] = &[Answer::json(&Form::STATUS)];
        const SEND: Body = Body::object(&[Member::required("email", Form::Text)]);
        const CHECK: Body = Body::object(&[
            Member::required("email", Form::Email),
            Member::required("code", Form::Text),
        ]);
        vec![
            Endpoint::post("/email-code/send", send)
                .summary("Send a code")
                .body(SEND)
                .answers(DONE)
                .errors(&[codes::RATE_LIMIT_EXCEEDED]),
            Endpoint::post("/email-code/check", check)
                .summary("Use a code up")
                .body(CHECK)
                .answers(DONE)
                .errors(&[WRONG, LOCKED]),
            Endpoint::post("/email-code/void", void)
                .summary("Make codes void")
                .body(SEND)
                .answers(DONE),
        ]
    }
}

fn send(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let address = cx.input.text("email").unwrap_or_default();
    one_time::admit(cx.instance(), Some(&cx.client()))?;
    let code = random::digits(6);
    messages::write(cx.instance(), |tx, outgoing| {
        let new = NewValue {
            purpose: CODE,
            token: address,
            value: &code,
            expires_at: tx.now().after(LIFETIME),
            can_be_void: true,
        };
        one_time::issue(tx, cx.instance(), &new)?;
        let message = Message::to_address(MAIL, address, LIFETIME)
            .with_code(code.clone())
            .with_value("team", "Tea & Co");
        outgoing.send(tx, message)
    })?;
    Reply::json(&Done::STATUS)
}

fn check(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let address = cx.input.text("email").unwrap_or_default();
    let code = cx.input.text("code").unwrap_or_default();
    let attempts = Attempts::new(cx.instance(), CODE, address, LIMIT);
    let mut kept = OneTime::new(cx.instance(), CODE, address);
    let is_right = cx.instance().database().write(|tx| {
        attempts.admit(tx)?;
        let is_code = |known: Option<String>| {
            known.is_some_and(|known| is_same(known.as_bytes(), code.as_bytes()))
        };
        let is_right = is_code(kept.find(tx)?) && is_code(kept.consume(tx)?);
        if is_right {
            attempts.forget(tx)?;
        }
        Ok::<_, AuthError>(is_right)
    })?;
    if !is_right {
        attempts.fail()?;
        return Err(WRONG.into());
    }
    Reply::json(&Done::STATUS)
}

fn void(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let address = cx.input.text("email").unwrap_or_default();
    let known = OneTime::new(cx.instance(), CODE, address);
    cx.instance().database().write(|tx| match known.find(tx)? {
        Some(code) => one_time::void(tx, cx.instance(), CODE, &code, LIFETIME),
        None => Ok(()),
    })?;
    Reply::json(&Done::STATUS)
}

fn site(change: impl FnOnce(&mut Config)) -> Site {
    Site::with_plugin(plugin(), |config| {
        config.email.transport = Some(Transport::File);
        change(config);
    })
}

fn send_code(site: &Site) -> String {
    let answer = site.post("/email-code/send", &json!({"email": ADA}));
    assert_eq!(answer.status, 200, "{answer:?}");
    site.mail().field("code").to_owned()
}

fn check_code(site: &Site, code: &str) -> (u16, String) {
    let answer = site.post("/email-code/check", &json!({"email": ADA, "code": code}));
    if answer.status == 200 { (200, String::new()) } else { answer.outcome() }
}

/// Rows, a storage instead of them, and both.
fn each_place(test: impl Fn(&Site)) {
    test(&site(|_| {}));
    for has_rows in [false, true] {
        let Some(redis) = Redis::start() else { continue };
        let url = redis.url();
        test(&site(|config| {
            config.secondary_storage.url = Some(better_auth::Secret::new(url));
            config.verification.store_in_database = has_rows;
        }));
    }
}

#[test]
fn a_plugin_sends_its_own_kind_of_message() {
    let site = site(|_| {});
    let code = send_code(&site);
    let mail = site.mail();
    assert_eq!(mail.what(), ("email-code", ADA));
    assert_eq!(mail.field("subject"), "Tea & Co: your code");
    assert_eq!(mail.field("text"), format!("{code}, for 5 minutes\n"));
    assert!(mail.field("html").contains(&format!("<p>Tea &amp; Co: <b>{code}</b></p>")));
    let rest = ["values", "user", "url"].map(|name| mail.json()[name].clone());
    assert_eq!(rest, [json!({"team": "Tea & Co"}), Value::Null, Value::Null]);
    assert!(site.auth.prepare().is_ok(), "its template can be tried");
}

#[test]
fn a_deployment_has_templates_of_its_own_for_it_and_switches_it() {
    let folder = tempfile::tempdir().unwrap();
    let own = "Subject: Code\n\n{{ values.team }}: {{ code }}";
    std::fs::write(folder.path().join("email-code.txt"), own).unwrap();
    let with_folder = |senders: &[&str]| {
        site(|config| {
            config.email.templates = Some(folder.path().to_owned());
            config.email.senders = Some(senders.iter().map(|&name| name.to_owned()).collect());
        })
    };
    let on = with_folder(&["verification", "email-code"]);
    let code = send_code(&on);
    assert_eq!(on.mail().field("text"), format!("Tea & Co: {code}\n"));
    let off = with_folder(&["verification"]);
    assert_eq!(off.post("/email-code/send", &json!({"email": ADA})).status, 200);
    assert!(off.mails().is_empty());
    std::fs::write(folder.path().join("email-code.txt"), "Subject: x\n\n{{ missing }}").unwrap();
    let problem = with_folder(&["email-code"]).auth.prepare().unwrap_err();
    assert!(problem.message().contains("email-code.txt"), "{problem}");
}

#[test]
fn a_code_works_once_however_many_try() {
    each_place(|site| {
        let code = send_code(site);
        let answers = at_once(MANY, |_| check_code(site, &code).0);
        assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
    });
}

#[test]
fn a_newer_code_takes_the_place_of_an_older_one_and_none_outlives_its_time() {
    each_place(|site| {
        let old = send_code(site);
        site.wait(Duration::from_secs(1));
        let new = send_code(site);
        assert_eq!(check_code(site, &old), (400, "INVALID_CODE".to_owned()));
        assert_eq!(check_code(site, &new), (200, String::new()));
        let late = send_code(site);
        site.wait(LIFETIME + Duration::from_secs(1));
        assert_eq!(check_code(site, &late), (400, "INVALID_CODE".to_owned()));
        let known = send_code(site);
        assert_eq!(site.post("/email-code/void", &json!({"email": ADA})).status, 200);
        assert_eq!(check_code(site, &known), (400, "INVALID_CODE".to_owned()));
    });
}

#[test]
fn too_many_wrong_codes_lock_an_address_with_the_plugins_own_words() {
    each_place(|site| {
        let code = send_code(site);
        let wrong = [(); 3].map(|()| check_code(site, "wrong"));
        assert_eq!(wrong, [(); 3].map(|()| (400, "INVALID_CODE".to_owned())));
        let right = site.post("/email-code/check", &json!({"email": ADA, "code": code}));
        assert_eq!(right.outcome(), (429, "TOO_MANY_CODES".to_owned()));
        let other = json!({"email": "bob@example.com", "code": "wrong"});
        assert_eq!(site.post("/email-code/check", &other).code(), "INVALID_CODE");
    });
    // The end of a lock, where the clock is the test's.
    let site = site(|_| {});
    assert_eq!([(); 3].map(|()| check_code(&site, "wrong").0), [400; 3]);
    site.wait(Duration::from_secs(601));
    let code = send_code(&site);
    assert_eq!(check_code(&site, &code), (200, String::new()));
    assert_eq!([(); 2].map(|()| check_code(&site, "wrong").0), [400, 400], "counted anew");
}

#[test]
fn a_client_gets_no_more_codes_than_it_may_have() {
    let site = site(|config| config.server.limits.one_time_tokens_per_client = 2);
    send_code(&site);
    send_code(&site);
    let answer = site.post("/email-code/send", &json!({"email": ADA}));
    assert_eq!(answer.outcome(), (429, "RATE_LIMIT_EXCEEDED".to_owned()));
    assert_eq!(site.mails().len(), 2);
}

/// A plugin that is switched off leaves messages behind: other messages are sent, and these wait until somebody knows
/// them again.
#[test]
fn a_message_of_a_plugin_that_is_off_waits_and_keeps_no_other_from_being_sent() {
    let server = SmtpServer::start();
    let folder = tempfile::tempdir().unwrap();
    let open = |has_plugin: bool| {
        let mut config = Config::default();
        config.base_url = Some("http://localhost:3000".into());
        config.secret =
            Some(better_auth::Secret::new("a secret of at least thirty-two characters"));
        config.database.url = format!("sqlite:{}", folder.path().join("a.db").display()).into();
        through(&server)(&mut config);
        let builder = BetterAuth::builder(config);
        let auth = if has_plugin { builder.plugin(plugin()) } else { builder }.build().unwrap();
        auth.migrate().unwrap();
        auth
    };
    let post = |auth: &BetterAuth, path: &str, body: Value| {
        let request = Request::post(format!("/api/auth{path}"))
            .header("host", "localhost:3000")
            .header("content-type", "application/json")
            .body(Bytes::from(body.to_string()))
            .unwrap();
        assert_eq!(auth.handle(request, Peer::unknown()).status(), 200, "{path}");
    };
    let send = |auth: &BetterAuth| auth.send_messages(&|| true).unwrap();
    post(&open(true), "/email-code/send", json!({"email": ADA}));
    let auth = open(false);
    let sign_up = json!({"name": "Ada", "email": ADA, "password": "correct horse battery"});
    post(&auth, "/sign-up/email", sign_up);
    post(&auth, "/request-password-reset", json!({"email": ADA}));
    assert_eq!(send(&auth), SendSummary { sent: 1, later: 1, ..SendSummary::default() });
    let list = auth.api().list_messages(&ListMessages::default()).unwrap();
    let waits = list.iter().find(|entry| entry.kind == "email-code").unwrap();
    assert_eq!(waits.status, OutboxStatus::Pending);
    let reason = "no enabled plugin sends emails of the kind email-code";
    assert_eq!(waits.last_error.as_deref(), Some(reason));
    auth.api().retry_messages(None).unwrap();
    assert_eq!(send(&open(true)).sent, 1);
    let received = server.received();
    assert!(received.iter().any(|mail| mail.data.contains("Subject: Tea & Co: your code\r\n")));
}

#[test]
fn what_another_plugin_or_the_core_has_already_is_named() {
    const NEAR: &MailKind = &MailKind::new("email-code-2", "", "");
    const TAKEN: &MailKind = &MailKind::new("verification", "", "");
    let problem = |config: Config, purposes: &[Purpose], kinds: &[&'static MailKind]| {
        let plugin = EmailCode { purposes: purposes.to_vec(), kinds: kinds.to_vec() };
        let error = BetterAuth::builder(config).plugin(plugin).build().err();
        error.map(|error| std::error::Error::source(&error).unwrap().to_string())
    };
    let none = Config::default;
    let already = |what: &str| Some(format!("plugins.email-code: {what} already exists"));
    assert_eq!(problem(none(), &[CODE], &[MAIL, NEAR]), None);
    assert_eq!(problem(none(), &[], &[TAKEN]), already("the mail kind verification"));
    assert_eq!(problem(none(), &[], &[MAIL, MAIL]), already("the mail kind email-code"));
    let overlapping: &[Purpose] = &[Purpose::new("reset-password:email-code:")];
    assert_eq!(
        problem(none(), overlapping, &[]),
        already("the purpose reset-password:email-code:")
    );
    let wider: &[Purpose] = &[CODE, Purpose::new("email-")];
    assert_eq!(problem(none(), wider, &[]), already("the purpose email-"));
    let pattern: &[Purpose] = &[Purpose::new("email%")];
    let said = "plugins.email-code: the purpose \"email%\" may contain only a-z, 0-9, - and :";
    assert_eq!(problem(none(), pattern, &[]).as_deref(), Some(said));
    let mut config = none();
    config.email.senders = Some(vec!["email-coed".to_owned()]);
    let said = problem(config, &[], &[MAIL]).unwrap();
    assert!(said.starts_with("email.senders: unknown kind \"email-coed\"; available: "), "{said}");
    assert!(said.ends_with(", email-code"), "{said}");
}

#[test]
fn a_long_address_gets_a_code_and_a_longer_one_fills_no_database() {
    let site = site(|_| {});
    let send = |length: usize| {
        let labels = ["a"; 40].map(|letter| letter.repeat(60)).join(".");
        let domain: String = labels.chars().take(length - 6).collect();
        let body = json!({"email": format!("a@{domain}.org")});
        site.post("/email-code/send", &body)
    };
    assert_eq!(send(254).status, 200);
    let refused = send(600);
    assert_eq!(refused.outcome(), (400, "VALIDATION_ERROR".to_owned()));
    assert!(refused.body.contains("identifier: has "), "{refused:?}");
}

#[test]
fn nothing_is_issued_for_what_no_plugin_has_said() {
    let undeclared = EmailCode { purposes: Vec::new(), kinds: vec![MAIL] };
    let site = Site::with_plugin(undeclared, |_| {});
    let answer = site.post("/email-code/send", &json!({"email": ADA}));
    assert_eq!(answer.status, 500);
    assert!(!answer.body.contains("purpose"), "{answer:?}");
}
