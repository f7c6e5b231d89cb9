//! `mail` and the commands of `users` that send messages.

use std::fs;

use serde_json::Value;
use serde_json::json;

use crate::harness::Folder;
use crate::harness::SmtpServer;
use crate::harness::smtp;
use crate::harness::smtp::Manner;

fn configured(email: &Value) -> Folder {
    let folder = written(email);
    folder.run(&["migrate"]).succeeded();
    folder
}

fn written(email: &Value) -> Folder {
    let folder = Folder::new();
    let config = json!({
        "baseURL": "https://auth.example.com",
        "secret": "a secret of at least thirty-two characters",
        "trustedOrigins": ["https://app.example.com"],
        "email": email,
    });
    folder.configure(&config);
    folder
}

fn with_file() -> Folder {
    configured(&json!({ "transport": "file" }))
}

fn with_smtp(server: &SmtpServer) -> Folder {
    let folder = written(&json!({
        "transport": "smtp",
        "from": "no-reply@example.com",
        "smtp": {
            "host": "localhost",
            "port": server.address.port(),
            "username": smtp::USERNAME,
            "caFile": smtp::authority(),
            "timeout": 1,
        },
    }))
    .with("BETTER_AUTH_SMTP_PASSWORD", smtp::PASSWORD);
    folder.run(&["migrate"]).succeeded();
    folder
}

fn mails(folder: &Folder) -> Vec<Value> {
    let text = fs::read_to_string(folder.path("emails.jsonl")).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn an_invited_user_gets_a_link_that_works_for_days() {
    let folder = with_file();
    let user = folder.run(&["users", "invite", "ada@example.com", "--json"]).succeeded().json();
    assert_eq!((&user["name"], &user["emailVerified"]), (&json!("ada"), &json!(true)));
    let mail = mails(&folder).remove(0);
    assert_eq!(
        (&mail["kind"], &mail["to"]),
        (&json!("user-invitation"), &json!("ada@example.com"))
    );
    let url = mail["url"].as_str().unwrap();
    assert!(url.starts_with("https://auth.example.com/api/auth/reset-password/"), "{url}");
    assert!(mail["text"].as_str().unwrap().contains("7 days"));
    folder.run(&["users", "invite", "ada@example.com"]).failed(4, "already exists");
    assert_eq!(mails(&folder).len(), 1);
}

#[test]
fn a_user_is_sent_a_link_to_a_new_password() {
    let folder = with_file();
    folder.create_user("ada@example.com");
    let place = ["--redirect-to", "https://app.example.com/reset"];
    let words = [["users", "send-reset"], ["ADA@example.com", "--json"], place].concat();
    let answer = folder.run(&words).succeeded().json();
    assert_eq!(answer, json!({"status": true, "delivery": "written"}));
    let url = mails(&folder)[0]["url"].as_str().unwrap().to_owned();
    assert!(url.ends_with("?callbackURL=https%3A%2F%2Fapp.example.com%2Freset"), "{url}");
    folder
        .run(&["users", "send-reset", "ada@example.com", "--redirect-to", "https://evil.example"])
        .failed(2, "not in trustedOrigins");
    folder.run(&["users", "send-reset", "nobody@example.com"]).failed(3, "no user");
    assert_eq!(mails(&folder).len(), 1);
}

#[test]
fn an_address_is_marked_as_verified_or_its_owner_is_asked() {
    let folder = with_file();
    folder.create_user("ada@example.com");
    folder.run(&["users", "verify-email", "ada@example.com", "--send"]).succeeded();
    assert_eq!(mails(&folder)[0]["kind"], "verification");
    let user = folder.run(&["users", "verify-email", "ada@example.com", "--json"]).succeeded();
    assert_eq!(user.json()["emailVerified"], true);
    let again = folder.run(&["users", "verify-email", "ada@example.com"]).succeeded();
    assert!(again.stderr.contains("already verified"));
    assert_eq!(mails(&folder).len(), 1);
}

#[test]
fn what_is_missing_is_said() {
    let folder = Folder::migrated();
    folder.create_user("ada@example.com");
    folder.run(&["users", "send-reset", "ada@example.com"]).failed(2, "baseURL");
    folder.run(&["mail", "list"]).failed(2, "email.transport smtp or webhook");
    let silent = configured(&json!({ "transport": "none" }));
    silent.create_user("ada@example.com");
    for words in [["users", "send-reset"], ["users", "invite"]] {
        let address = if words[1] == "invite" { "eve@example.com" } else { "ada@example.com" };
        silent.run(&[words[0], words[1], address]).failed(2, "email.transport");
    }
    let listed = silent.run(&["users", "list", "--json"]).succeeded().json();
    assert_eq!(listed["users"].as_array().unwrap().len(), 1, "nobody was made");
}

#[test]
fn a_link_is_logged_where_that_is_asked_for() {
    let folder = configured(&json!({ "transport": "log" }));
    folder.create_user("ada@example.com");
    let ran = folder.run(&["users", "send-reset", "ada@example.com"]).succeeded();
    assert!(ran.stderr.contains("https://auth.example.com/api/auth/reset-password/"), "{ran:?}");
}

#[test]
fn messages_are_listed_tried_again_and_sent_without_a_server() {
    let server = SmtpServer::start();
    let folder = with_smtp(&server);
    folder.create_user("ada@example.com");
    server.behave(Manner::DeniesSignIn);
    let ran = folder.run(&["users", "send-reset", "ada@example.com"]).succeeded();
    assert!(ran.stderr.contains("warning: link for ada@example.com is pending"), "{ran:?}");
    assert!(ran.stderr.contains("who are you") && !ran.stderr.contains("done:"), "{ran:?}");
    folder.run(&["mail", "retry", "--all"]).succeeded();
    folder.run(&["mail", "send"]).failed(1, "who are you");

    let listed = folder.run(&["mail", "list", "--json"]).succeeded();
    assert!(!listed.stdout.contains("reset-password/"), "a list shows no secrets: {listed:?}");
    let message = listed.json()["messages"][0].clone();
    assert_eq!((&message["status"], &message["attempts"]), (&json!("pending"), &json!(2)));
    assert_eq!(message["recipient"], "ada@example.com");

    server.behave(Manner::Fine);
    let id = message["id"].as_str().unwrap();
    folder.run(&["mail", "retry", id]).succeeded();
    let sent = folder.run(&["mail", "send", "--json"]).succeeded().json();
    assert_eq!(sent, json!({"sent": 1, "later": 0, "givenUp": 0}));
    assert_eq!(server.received().len(), 1);
    folder.run(&["mail", "retry", id]).failed(4, "already sent");
    folder.run(&["mail", "retry", "x"]).failed(3, "no email");
    let table = folder.run(&["mail", "list", "--status", "sent"]).succeeded().stdout;
    assert!(table.contains("ada@example.com") && table.contains("reset-password"), "{table}");
}

#[test]
fn a_command_says_what_became_of_its_message() {
    let server = SmtpServer::start();
    let folder = with_smtp(&server);
    folder.create_user("ada@example.com");
    let send_reset = ["users", "send-reset", "ada@example.com", "--json"];
    let verify = ["users", "verify-email", "ada@example.com", "--send", "--json"];
    for (manner, delivery) in [(Manner::Fine, "sent"), (Manner::IsBusy, "pending")] {
        server.behave(manner);
        for words in [&send_reset[..], &verify] {
            let ran = folder.run(words).succeeded();
            assert_eq!(ran.json(), json!({"status": true, "delivery": delivery}));
            assert_eq!(
                ran.stderr.contains("done: link for ada@example.com sent"),
                delivery == "sent"
            );
        }
    }
    // It is tried again, unless it was refused for good.
    server.behave(Manner::Refuses);
    let ran = folder.run(&send_reset).failed(1, "link for ada@example.com was not sent: ");
    assert!(ran.stdout.is_empty() && ran.stderr.contains("nobody of that name"), "{ran:?}");
    let ran = folder.run(&["users", "invite", "bob@example.com", "--json"]);
    let ran = ran.failed(1, "hint: try again with `better-auth users send-reset bob@example.com`");
    assert!(ran.stderr.contains("done: created bob@example.com"), "{ran:?}");
    assert_eq!(ran.json()["email"], "bob@example.com");
    folder.run(&["mail", "retry", "--all"]).succeeded();
    let ran = folder.run(&["mail", "send", "--json"]).failed(1, "4 failed");
    assert_eq!(ran.json(), json!({"sent": 0, "later": 0, "givenUp": 4}));
}

#[test]
fn a_message_that_cannot_be_written_down_is_a_failure() {
    let folder = configured(&json!({ "transport": "file", "file": "no/such/folder" }));
    folder.create_user("ada@example.com");
    for words in [
        &["users", "send-reset", "ada@example.com"][..],
        &["users", "verify-email", "ada@example.com", "--send"],
        &["users", "invite", "bob@example.com"],
    ] {
        let ran = folder.run(words).failed(1, "was not sent: cannot write no/such/folder");
        assert!(!ran.stderr.contains("done: link"), "{ran:?}");
    }
    folder.run(&["mail", "test", "you@example.com"]).failed(1, "no/such/folder");
}

#[test]
fn nothing_is_said_to_be_sent_where_nothing_is() {
    let folder = configured(&json!({ "transport": "none" }));
    folder.run(&["mail", "test", "you@example.com"]).failed(1, "email.transport is none");
    folder.run(&["mail", "send"]).failed(2, "email.transport smtp or webhook");
    let folder = with_file();
    folder.run(&["mail", "test", "nonsense"]).failed(2, "\"nonsense\" is not an email address");
    folder.run(&["mail", "send"]).failed(2, "email.transport smtp or webhook");
    assert!(mails(&folder).is_empty());
}

#[test]
fn a_test_message_says_at_once_what_is_wrong() {
    let server = SmtpServer::start();
    let folder = with_smtp(&server);
    folder.run(&["mail", "test", "you@example.com"]).succeeded();
    assert!(server.received()[0].data.contains("Subject: Test email from Better Auth"));
    server.behave(Manner::DeniesSignIn);
    folder.run(&["mail", "test", "you@example.com"]).failed(1, "who are you");
    server.behave(Manner::Refuses);
    folder.run(&["mail", "test", "you@example.com"]).failed(1, "nobody of that name");
}

#[test]
fn a_bad_template_stops_the_server_at_start() {
    let folder = configured(&json!({ "transport": "file", "templates": "mails" }));
    folder.run(&["serve", "--port", "0"]).failed(2, "mails is not a folder");
    fs::create_dir(folder.path("mails")).unwrap();
    fs::write(folder.path("mails/verification.txt"), "Subject: x\n\n{{ no_such_thing }}").unwrap();
    folder.run(&["serve", "--port", "0"]).failed(2, "verification.txt");
}
