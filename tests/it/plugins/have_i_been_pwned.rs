//! `have-i-been-pwned`: passwords that are known from breaches are refused wherever one is chosen.

use std::fs;
use std::path::Path;
use std::process::Command;

use better_auth::AuthError;
use better_auth::Config;
use better_auth::NewUser;
use better_auth::Secret;
use serde_json::json;

use crate::harness::Folder;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::site::PASSWORD;

const ADA: &str = "ada@example.com";
/// SHA-1 of `password` and of `hunter2hunter2`, as the list has them.
const LIST: &str = "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:9545824\r\nFC8C5EB194806E31A213F073131E73B0012A0FB5:17\r\n";
const KNOWN: &str = "password";

fn with_list(file: &Path) -> impl FnOnce(&mut Config) {
    let file = file.to_owned();
    fs::write(&file, LIST).unwrap();
    move |config| switch_on(config, &file)
}

fn switch_on(config: &mut Config, list: &Path) {
    config.plugins.insert("have-i-been-pwned".to_owned(), json!({ "list": list }));
}

fn is_compromised(error: &AuthError) -> bool {
    error.code().name == "PASSWORD_COMPROMISED"
}

#[test]
fn a_password_of_the_list_is_refused_wherever_one_is_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::with_mail(with_list(&folder.path().join("list")));
    let compromised = (400, "PASSWORD_COMPROMISED".to_owned());
    let sign_up = json!({"name": "Ada", "email": ADA, "password": KNOWN});
    let answer = site.post("/sign-up/email", &sign_up);
    assert_eq!(
        answer.body,
        r#"{"message":"The password you entered has been compromised. Please choose a different password.","code":"PASSWORD_COMPROMISED","status":400}"#
    );
    assert!(site.auth.api().find_user(ADA).unwrap().is_none());
    let cookies = site.sign_up(ADA).cookies();
    let change = json!({"currentPassword": PASSWORD, "newPassword": KNOWN});
    let request = Request::post("/change-password").signed_in(&cookies).json(&change);
    assert_eq!(site.send(request).outcome(), compromised);
    site.post("/request-password-reset", &json!({"email": ADA}));
    let token = site.mail().token().to_owned();
    let reset = |new: &str| {
        site.post("/reset-password", &json!({"token": token, "newPassword": new})).status
    };
    assert_eq!([reset(KNOWN), reset("another horse")], [400, 200], "the link is not used up");
    let new = NewUser {
        email: "b@b.co".to_owned(),
        password: Some(Secret::new(KNOWN)),
        ..NewUser::default()
    };
    let api = site.auth.api();
    assert!(is_compromised(&api.create_user(&new).unwrap_err()));
    let id = api.get_user(ADA).unwrap().id;
    let refused = api.set_password(&id, &Secret::new(KNOWN), false).unwrap_err();
    assert!(is_compromised(&refused));
    let sign_in = json!({"email": ADA, "password": "another horse"});
    assert_eq!(site.post("/sign-in/email", &sign_in).status, 200, "it is as it was");
}

#[test]
fn an_administrator_chooses_no_password_of_the_list_either() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::with_plugins(with_list(&folder.path().join("list")));
    let root = NewUser {
        email: "root@example.com".to_owned(),
        password: Some(Secret::new(PASSWORD)),
        additional: json!({"role": "admin"}).as_object().unwrap().clone(),
        ..NewUser::default()
    };
    let id = site.auth.api().create_user(&root).unwrap().id;
    let sign_in = json!({"email": "root@example.com", "password": PASSWORD});
    let cookies = site.post("/sign-in/email", &sign_in).cookies();
    for (path, body) in [
        ("/admin/create-user", json!({"email": ADA, "name": "Ada", "password": KNOWN})),
        ("/admin/set-user-password", json!({"userId": id, "newPassword": KNOWN})),
    ] {
        let answer = site.send(Request::post(path).signed_in(&cookies).json(&body));
        assert_eq!(answer.outcome(), (400, "PASSWORD_COMPROMISED".to_owned()), "{path}");
    }
}

#[test]
fn a_list_is_made_from_words_as_the_documentation_says() {
    let text = include_str!("../../../docs/security.md");
    let (_, after) = text.split_once("or from a list of words:\n\n```\n").unwrap();
    let script = after.split_once("\n```").unwrap().0;
    let folder = Folder::migrated();
    fs::write(folder.path("words.txt"), "zebra\npassword\npass word\n123456\n").unwrap();
    let made = Command::new("sh").args(["-c", script]).current_dir(folder.path(".")).status();
    assert!(made.unwrap().success());
    let config = r#"{"plugins": {"have-i-been-pwned": {"list": "breached.txt"}}}"#;
    fs::write(folder.path("better-auth.json"), config).unwrap();
    let words = ["users", "create", ADA, "--password-stdin"];
    for known in ["password\n", "pass word\n"] {
        folder.run_with(&words, known).failed(2, "The password you entered has been compromised");
    }
    folder.run_with(&words, "correct horse battery\n").succeeded();
}

#[test]
fn a_password_that_somebody_has_already_still_signs_in() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list");
    fs::write(&list, "").unwrap();
    let site = Site::with(|config| switch_on(config, &list));
    let body = json!({"name": "Ada", "email": ADA, "password": KNOWN});
    assert_eq!(site.post("/sign-up/email", &body).status, 200);
    // A newer list counts without a restart.
    fs::write(&list, LIST).unwrap();
    assert_eq!(site.post("/sign-in/email", &body).status, 200);
    let other = json!({"name": "Bob", "email": "bob@example.com", "password": KNOWN});
    assert_eq!(site.post("/sign-up/email", &other).code(), "PASSWORD_COMPROMISED");
}

#[test]
fn a_list_that_cannot_be_read_takes_no_password_and_stops_a_server_at_its_start() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list");
    let site = Site::with(with_list(&list));
    assert!(site.auth.prepare().is_ok());
    fs::remove_file(&list).unwrap();
    let body = json!({"name": "Ada", "email": ADA, "password": PASSWORD});
    let answer = site.post("/sign-up/email", &body);
    assert_eq!(answer.outcome(), (500, "CONFIG_INVALID".to_owned()));
    assert!(!answer.body.contains("list"), "{answer:?}");
    assert!(site.auth.api().find_user(ADA).unwrap().is_none());
    let problem = site.auth.prepare().unwrap_err();
    assert!(problem.message().starts_with("plugins.have-i-been-pwned.list: "));
    fs::write(&list, "password\n123456\n").unwrap();
    let problem = site.auth.prepare().unwrap_err();
    assert!(problem.message().contains("expected a SHA-1 of 40 hexadecimal digits"), "{problem}");
}

#[test]
fn the_shell_says_why_a_password_is_refused() {
    let folder = Folder::migrated();
    fs::write(folder.path("list"), LIST).unwrap();
    let config = r#"{"plugins": {"have-i-been-pwned": {"list": "list"}}}"#;
    fs::write(folder.path("better-auth.json"), config).unwrap();
    let words = ["users", "create", ADA, "--password-stdin"];
    folder
        .run_with(&words, "password\n")
        .failed(2, "The password you entered has been compromised");
    folder.run_with(&words, "correct horse battery\n").succeeded();
    fs::write(folder.path("list"), "nonsense").unwrap();
    folder
        .run(&["serve", "--port", "0"])
        .failed(2, "plugins.have-i-been-pwned.list: list: expected a SHA-1");
}

#[test]
fn it_is_switched_off_and_has_a_message_of_the_deployment() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list");
    fs::write(&list, LIST).unwrap();
    let sign_up = json!({"name": "Ada", "email": ADA, "password": KNOWN});
    let answer = |options: serde_json::Value| {
        let site = Site::with(|config| {
            config.plugins.insert("have-i-been-pwned".to_owned(), options);
        });
        assert!(site.auth.prepare().is_ok());
        let path = "/sign-up/email";
        let mut rows = site.auth.endpoints().into_iter();
        let row = rows.find(|row| row.path == path).unwrap();
        let refuses = site.auth.errors(row).iter().any(|code| code.name == "PASSWORD_COMPROMISED");
        (site.post(path, &sign_up), refuses)
    };
    let (off, refuses) = answer(json!({"enabled": false, "list": "nowhere"}));
    assert_eq!((off.status, refuses), (200, false));
    let words = "Choose another one, please.";
    let (own, refuses) = answer(json!({"list": list, "customPasswordCompromisedMessage": words}));
    assert_eq!((own.code().as_str(), refuses), ("PASSWORD_COMPROMISED", true));
    assert_eq!(own.json()["message"], words);
}

#[test]
fn the_list_is_needed_and_the_former_option_is_named() {
    let folder = Folder::new();
    for (config, said) in [
        ("[plugins.have-i-been-pwned]", "plugins.have-i-been-pwned.list: is needed"),
        (
            "[emailAndPassword.password]\nbreachedList = 'list'",
            "emailAndPassword.password.breachedList: was removed; use list in [plugins.have-i-been-pwned]",
        ),
    ] {
        fs::write(folder.path("better-auth.toml"), config).unwrap();
        folder.run(&["users", "list"]).failed(2, said);
    }
}
