//! What a request has shown to its guard is looked at again in the transaction that it allows: a session can end, and
//! an administrator can lose a role, while the request is on its way.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering;
use std::time::Duration;

use better_auth::ListUsers;
use better_auth::NewUser;
use better_auth::Plugin;
use better_auth::Secret;
use better_auth::config::Transport;
use better_auth::instance::Hooks;
use serde_json::Value;
use serde_json::json;

use super::social;
use crate::harness::Mail;
use crate::harness::Provider;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::site::PASSWORD;

/// How often sessions count before they have ended; each look at one takes one away.
static LOOKS: AtomicI64 = AtomicI64::new(i64::MAX);

/// Ends every session after a number of looks at it.
struct Ends;

impl Plugin for Ends {
    fn id(&self) -> &'static str {
        "ends"
    }

    fn hooks(&self) -> Hooks {
        Hooks {
            accepts_session: Some(|_, _, _| 0 < LOOKS.fetch_sub(1, Ordering::SeqCst)),
            ..Hooks::default()
        }
    }
}

/// Whether the next look at a session gives its user another address.
static MOVES: AtomicBool = AtomicBool::new(false);

/// Gives a user another address when their session has been looked up.
struct Moves;

impl Plugin for Moves {
    fn id(&self) -> &'static str {
        "moves"
    }

    fn hooks(&self) -> Hooks {
        Hooks {
            accepts_session: Some(|instance, _, _| {
                let sql = r#"UPDATE "user" SET "email" = 'new@example.com'"#;
                let run = || instance.database().write(|tx| tx.execute(sql, &[])).is_ok();
                !MOVES.swap(false, Ordering::SeqCst) || run()
            }),
            ..Hooks::default()
        }
    }
}

/// Everything that a request could change.
fn everything(site: &Site) -> impl PartialEq + std::fmt::Debug {
    let api = site.auth.api();
    let users = api.list_users(&ListUsers::default()).unwrap().users;
    let accounts: Vec<_> = users.iter().map(|user| api.list_accounts(&user.id).unwrap()).collect();
    (users, accounts, ["session", "verification"].map(|table| site.stored(table)))
}

/// An administrator, with the cookies of a session.
fn administrator(site: &Site) -> (String, String) {
    let new = NewUser {
        email: "root@example.com".to_owned(),
        password: Some(Secret::new(PASSWORD)),
        additional: json!({"role": "admin"}).as_object().unwrap().clone(),
        ..NewUser::default()
    };
    let user = site.auth.api().create_user(&new).unwrap();
    let body = json!({"email": user.email, "password": PASSWORD});
    (user.id, site.post("/sign-in/email", &body).cookies())
}

#[test]
fn a_session_that_ends_after_the_guard_changes_nothing() {
    let provider = Provider::start();
    let mut plain = None;
    social::site(&provider, |config| plain = Some(config.social_providers.clone()));
    for sends_mail in [false, true] {
        let site = Site::with_plugin(Ends, |config| {
            config.advanced.allow_private_addresses = true;
            config.social_providers = plain.clone().unwrap();
            config.account.account_linking.allow_unlinking_all = true;
            config.plugins.insert("admin".to_owned(), json!({}));
            config.user.change_email.enabled = true;
            config.user.change_email.update_email_without_verification = !sends_mail;
            config.email.transport = sends_mail.then_some(Transport::File);
        });
        let (admin_id, admin) = administrator(&site);
        let ada = site.sign_up("ada@example.com");
        let ada_id = ada.json()["user"]["id"].as_str().unwrap().to_owned();
        let account = site.auth.api().list_accounts(&admin_id).unwrap()[0].id.clone();
        let of_ada = |more: Value| {
            let mut body = json!({"userId": ada_id});
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            body
        };
        let change = json!({"currentPassword": PASSWORD, "newPassword": "another password"});
        let refuse = |path: &str, body: Value| {
            site.wait(Duration::from_secs(1));
            let before = everything(&site);
            LOOKS.store(1, Ordering::SeqCst);
            let answer = site.send(Request::post(path).signed_in(&admin).json(&body));
            LOOKS.store(i64::MAX, Ordering::SeqCst);
            assert_eq!(answer.status, 401, "{path} {body} {answer:?}");
            assert_eq!(everything(&site), before, "{path} {body}");
        };
        refuse("/change-password", change.clone());
        refuse("/change-email", json!({"newEmail": "new@example.com"}));
        refuse("/unlink-account", json!({ "accountId": account }));
        refuse("/delete-user", json!({}));
        refuse("/delete-user", json!({"password": PASSWORD}));
        refuse("/update-user", json!({"name": "Eve"}));
        refuse("/admin/create-user", json!({"email": "eve@example.com", "name": "Eve"}));
        refuse("/admin/update-user", of_ada(json!({"data": {"name": "Eve"}})));
        refuse("/admin/set-role", of_ada(json!({"role": "admin"})));
        refuse("/admin/ban-user", of_ada(json!({})));
        refuse("/admin/unban-user", of_ada(json!({})));
        refuse("/admin/set-user-password", of_ada(json!({"newPassword": "another password"})));
        refuse("/admin/remove-user", of_ada(json!({})));
        refuse("/admin/impersonate-user", of_ada(json!({})));
        if sends_mail {
            site.send(Request::post("/delete-user").signed_in(&admin).json(&json!({})));
            let token = site.mail().token().to_owned();
            refuse("/delete-user", json!({ "token": token }));
        }

        let body =
            json!({"provider": "gitlab", "callbackURL": "/settings", "errorCallbackURL": "/sorry"});
        let sent = social::ask(&site, "/link-social", &body, &admin);
        social::says(&provider, "root@example.com", true);
        LOOKS.store(0, Ordering::SeqCst);
        let answer = social::come_back(&site, &sent);
        LOOKS.store(i64::MAX, Ordering::SeqCst);
        assert_eq!(social::to(&answer), "/sorry?error=unable_to_link_account");
        let answer = site.send(Request::post("/change-password").signed_in(&admin).json(&change));
        assert_eq!(answer.status, 200, "nothing but the session was in the way: {answer:?}");
    }
}

#[test]
fn an_address_that_changes_after_the_guard_gets_no_message() {
    for (path, body, expected) in [
        ("/delete-user", json!({}), Some(("delete-account", "new@example.com"))),
        ("/send-verification-email", json!({"email": "ada@example.com"}), None),
        (
            "/send-verification-email",
            json!({"email": "new@example.com"}),
            Some(("verification", "new@example.com")),
        ),
    ] {
        let site =
            Site::with_plugin(Moves, |config| config.email.transport = Some(Transport::File));
        let cookies = site.sign_up("ada@example.com").cookies();
        let before = site.mails().len();
        MOVES.store(true, Ordering::SeqCst);
        site.send(Request::post(path).signed_in(&cookies).json(&body));
        let mails = site.mails();
        let sent = mails[before..].iter().map(Mail::what);
        assert_eq!(sent.collect::<Vec<_>>(), Vec::from_iter(expected), "{path} {body}");
    }
}
