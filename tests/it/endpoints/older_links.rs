//! A link in a mailbox does not undo what was decided after it was sent: a newer password, a newer address, a newer
//! proof of the address, or that there is to be no password.

use std::time::Duration;

use better_auth::Config;
use better_auth::NewUser;
use better_auth::Secret;
use better_auth::UserChanges;
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
const NEW: &str = "new@example.com";
const NEWER: &str = "a newer password";
const SECOND: Duration = Duration::from_secs(1);
const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A site with an administrator, and Ada with a password and a provider.
struct Stage {
    site: Site,
    provider: Provider,
    ada: String,
    ada_id: String,
    admin: String,
}

impl Stage {
    fn new(change: impl FnOnce(&mut Config)) -> Self {
        let provider = Provider::start();
        let site = social::site(&provider, |config| {
            config.email.transport = Some(Transport::File);
            config.user.change_email.enabled = true;
            config.plugins.insert("admin".to_owned(), json!({}));
            let gitlab = config.social_providers.get_mut("gitlab").unwrap();
            gitlab.override_user_info_on_sign_in = true;
            change(config);
        });
        let root = NewUser {
            email: "root@example.com".to_owned(),
            password: Some(Secret::new(PASSWORD)),
            additional: json!({"role": "admin"}).as_object().unwrap().clone(),
            ..NewUser::default()
        };
        site.auth.api().create_user(&root).unwrap();
        let body = json!({"email": "root@example.com", "password": PASSWORD});
        let admin = site.post("/sign-in/email", &body).cookies();
        let signed_up = site.sign_up(ADA);
        let ada_id = signed_up.json()["user"]["id"].as_str().unwrap().to_owned();
        let stage = Self { site, provider, ada: signed_up.cookies(), ada_id, admin };
        let body = json!({"provider": "gitlab", "callbackURL": "/settings"});
        let sent = social::ask(&stage.site, "/link-social", &body, &stage.ada);
        assert_eq!(social::to(&social::come_back(&stage.site, &sent)), "/settings");
        stage
    }

    fn post(&self, cookies: &str, path: &str, body: &Value) {
        let answer = self.site.send(Request::post(path).signed_in(cookies).json(body));
        assert_eq!(answer.status, 200, "{path} {answer:?}");
    }

    /// Asks for a link to a new password, and answers its token.
    fn link(&self) -> String {
        let email = self.site.auth.api().get_user(&self.ada_id).unwrap().email;
        self.site.post("/request-password-reset", &json!({ "email": email }));
        let mail = self.site.mail();
        assert_eq!(mail.what(), ("reset-password", email.as_str()));
        mail.token().to_owned()
    }

    fn reset(&self, token: &str) -> Answer {
        let body = json!({"token": token, "newPassword": "the password of the mailbox"});
        self.site.post("/reset-password", &body)
    }
}

fn set(stage: &Stage) {
    stage.site.auth.api().set_password(&stage.ada_id, &Secret::new(NEWER), false).unwrap();
}

fn set_by_admin(stage: &Stage) {
    let body = json!({"userId": stage.ada_id, "newPassword": NEWER});
    stage.post(&stage.admin, "/admin/set-user-password", &body);
}

fn change_password(stage: &Stage) {
    let body = json!({"currentPassword": PASSWORD, "newPassword": NEWER});
    stage.post(&stage.ada, "/change-password", &body);
}

fn unlink_password(stage: &Stage) {
    let accounts = stage.site.auth.api().list_accounts(&stage.ada_id).unwrap();
    let account = accounts.iter().find(|account| account.provider_id == "credential").unwrap();
    stage.post(&stage.ada, "/unlink-account", &json!({"accountId": account.id}));
}

fn change_address(stage: &Stage) {
    let changes = UserChanges { email: Some(NEW.to_owned()), ..UserChanges::default() };
    stage.site.auth.api().update_user(&stage.ada_id, &changes).unwrap();
}

fn change_address_by_admin(stage: &Stage) {
    let body = json!({"userId": stage.ada_id, "data": {"email": NEW}});
    stage.post(&stage.admin, "/admin/update-user", &body);
}

fn change_own_address(stage: &Stage) {
    stage.post(&stage.ada, "/change-email", &json!({"newEmail": NEW}));
    let changes_at_once =
        stage.site.auth.config().user.change_email.update_email_without_verification;
    if !changes_at_once {
        let path = format!("/verify-email?token={}", stage.site.mail().token());
        assert_eq!(stage.site.send(Request::get(&path)).status, 200);
    }
}

fn come_with_another_address(stage: &Stage) {
    social::says(&stage.provider, NEW, true);
    let answer = social::come_back(&stage.site, &social::sign_in(&stage.site));
    assert_eq!(social::to(&answer), "/home");
}

/// What is decided after the link was sent: in words, as a call, and the address that the user has then.
type Decision = (&'static str, fn(&Stage), &'static str);

const DECISIONS: [Decision; 8] = [
    ("a password set by the shell", set, ADA),
    ("a password set by an administrator", set_by_admin, ADA),
    ("a password changed by its owner", change_password, ADA),
    ("a password given up", unlink_password, ADA),
    ("an address changed by the shell", change_address, NEW),
    ("an address changed by an administrator", change_address_by_admin, NEW),
    ("an address changed by its owner", change_own_address, NEW),
    ("an address changed by a provider", come_with_another_address, NEW),
];

fn check(change: impl Fn(&mut Config), decisions: &[Decision]) {
    for (what, decide, address) in decisions {
        let stage = Stage::new(&change);
        let older = stage.link();
        decide(&stage);
        assert_eq!(stage.site.auth.api().get_user(&stage.ada_id).unwrap().email, *address);
        let refused = stage.reset(&older).outcome();
        assert_eq!(refused, (400, "INVALID_TOKEN".to_owned()), "{what}");
        stage.site.wait(SECOND);
        let newer = stage.link();
        assert_eq!(stage.reset(&newer).status, 200, "{what}: a newer link works");
    }
}

#[test]
fn a_newer_password_or_address_voids_every_older_link_to_a_new_password() {
    check(|_| {}, &DECISIONS);
    let at_once = |config: &mut Config| {
        config.user.change_email.update_email_without_verification = true;
    };
    check(at_once, &DECISIONS[6..7]);
}

#[test]
fn a_storage_that_alone_holds_links_forgets_older_ones_as_rows_do() {
    let Some(redis) = Redis::start() else { return };
    check(|config| config.secondary_storage.url = Some(Secret::new(redis.url())), &DECISIONS);
}

#[test]
fn an_invitation_is_void_once_its_user_has_a_password_or_another_address() {
    for decide in [set, set_by_admin, change_address, change_address_by_admin] {
        let mut stage = Stage::new(|_| {});
        let invited = NewUser { email: "bob@example.com".to_owned(), ..NewUser::default() };
        let user = stage.site.auth.api().invite_user(&invited, None, WEEK).unwrap();
        let token = stage.site.mail().token().to_owned();
        stage.ada_id = user.0.id;
        decide(&stage);
        assert_eq!(stage.reset(&token).outcome(), (400, "INVALID_TOKEN".to_owned()));
    }
}

/// A link that changes the address leads to a new password: the new address can ask for one.
#[test]
fn a_newer_password_voids_every_older_link_to_another_address() {
    for (what, decide, _) in &DECISIONS[..4] {
        for is_verified in [false, true] {
            let stage = Stage::new(|_| {});
            let verified = UserChanges { email_verified: Some(is_verified), ..Default::default() };
            stage.site.auth.api().update_user(&stage.ada_id, &verified).unwrap();
            stage.post(&stage.ada, "/change-email", &json!({"newEmail": NEW}));
            let path = format!("/verify-email?token={}", stage.site.mail().token());
            decide(&stage);
            let refused = stage.site.send(Request::get(&path)).outcome();
            assert_eq!(refused, (400, "INVALID_TOKEN".to_owned()), "{what} {is_verified}");
            assert_eq!(stage.site.auth.api().get_user(&stage.ada_id).unwrap().email, ADA);
        }
    }
}

#[test]
fn an_invitation_is_over_after_its_time() {
    for (wait, expected) in [(WEEK, 200), (WEEK + Duration::from_millis(1), 400)] {
        let stage = Stage::new(|_| {});
        let invited = NewUser { email: "bob@example.com".to_owned(), ..NewUser::default() };
        stage.site.auth.api().invite_user(&invited, None, WEEK).unwrap();
        let token = stage.site.mail().token().to_owned();
        stage.site.wait(wait);
        assert_eq!(stage.reset(&token).status, expected, "{wait:?}");
    }
}

/// A thief asks for another address, and the owner signs them out before the link is opened.
#[test]
fn a_session_that_was_revoked_leaves_no_link_to_another_address() {
    for (is_verified, is_confirmed) in [(false, false), (true, false), (true, true)] {
        for path in ["/revoke-other-sessions", "/revoke-sessions", "/sign-out", ""] {
            let site = Site::with_mail(|_| {});
            let owner = site.sign_up(ADA).cookies();
            let body = json!({"email": ADA, "password": PASSWORD});
            let thief = site.post("/sign-in/email", &body).cookies();
            let id = site.session(&owner)["user"]["id"].as_str().unwrap().to_owned();
            let email_verified = Some(is_verified);
            let changes = UserChanges { email_verified, ..UserChanges::default() };
            site.auth.api().update_user(&id, &changes).unwrap();
            let post = |cookies: &str, path: &str, body: &Value| {
                let answer = site.send(Request::post(path).signed_in(cookies).json(body));
                assert_eq!(answer.status, 200, "{path} {answer:?}");
            };
            let open = || site.send(Request::get(site.mail().path()));
            post(&thief, "/change-email", &json!({"newEmail": NEW}));
            let what = if is_verified { ("change-email", ADA) } else { ("verification", NEW) };
            assert_eq!(site.mail().what(), what);
            if is_confirmed {
                open();
                assert_eq!(site.mail().what(), ("verification", NEW));
            }
            let sent = site.mails().len();
            match path {
                "" => {}
                "/sign-out" => post(&thief, path, &json!({})),
                _ => post(&owner, path, &json!({})),
            }
            open();
            let is_stopped = !path.is_empty();
            let expected = if is_stopped || (is_verified && !is_confirmed) { ADA } else { NEW };
            assert_eq!(site.auth.api().get_user(&id).unwrap().email, expected, "{path}");
            let is_led_on = !is_stopped && is_verified && !is_confirmed;
            assert_eq!(site.mails().len(), sent + usize::from(is_led_on), "{path}");
        }
    }
}
