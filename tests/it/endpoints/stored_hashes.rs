//! Password hashes of other systems: `docs/passwords.md`, by the real server.

use std::collections::BTreeSet;

use better_auth::database::Database;
use serde_json::Value;
use serde_json::json;

use crate::harness::Folder;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::at_once;
use crate::harness::server::Server;
use crate::harness::server::agent;
use crate::harness::server::cookie;
use crate::harness::site::ORIGIN;
use crate::harness::site::PASSWORD;

const DOCUMENT: &str = include_str!("../../../docs/passwords.md");
/// The project of the examples, which Firebase publishes.
const SIGNER_KEY: &str = "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9\
                          WmXA==";
const BCRYPT: &str = "$2b$05$65iautAqUkyNx/ByL/DJVuskaZu7S4C3AIbrj7CTkYRkxe1/IORGG";
/// Of `12345678`, by Better Auth 1.7.25.
const SCRYPT: &str = "2bd96792e40f41aa0a872b46e779b91b:478edc072ea336c7763b7dc0b38d9b308e12fefe499f9461545\
                      5192e4fcc94d202ad5e2c054ac6236fa8e093e9eaa7fe062996df81162e92553c2874ae495b48";
const ADA: &str = "ada@example.com";

/// One hash of `PASSWORD` per line.
fn examples() -> Vec<&'static str> {
    let block = DOCUMENT.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
    block.lines().collect()
}

/// A folder with these options of `emailAndPassword.password`, whose server does not count requests.
fn folder(password: &Value) -> Folder {
    let folder = Folder::migrated().with("BETTER_AUTH_FIREBASE_KEY", SIGNER_KEY);
    folder.configure(&json!({
        "baseURL": ORIGIN,
        "emailAndPassword": {"password": password},
        "rateLimit": {"enabled": false},
    }));
    folder
}

fn set_hash(database: &Database, user: &str, hash: &str) {
    let sql = r#"UPDATE "account" SET "password" = $1 WHERE "userId" = $2"#;
    let changed = database.write(|tx| tx.execute(sql, &[hash.into(), user.into()])).unwrap();
    assert_eq!(changed, 1);
}

fn hash_of(database: &Database, user: &str) -> String {
    let sql = r#"SELECT "password" FROM "account" WHERE "userId" = $1"#;
    database.read(|tx| tx.find(sql, &[user.into()], |row| row.text(0))).unwrap().unwrap()
}

fn create(folder: &Folder, email: &str) -> String {
    folder.create_user(email)["id"].as_str().unwrap().to_owned()
}

fn sign_in(server: &Server, email: &str, password: &str) -> u16 {
    let body = json!({"email": email, "password": password});
    server.post("/sign-in/email", &body).status().as_u16()
}

#[test]
fn every_hash_of_the_document_signs_in_and_is_replaced() {
    let folder = folder(&json!({"legacyHashes": true}));
    let database = folder.database();
    let users: Vec<_> = examples()
        .into_iter()
        .enumerate()
        .map(|(at, stored)| {
            let email = format!("user{at}@example.com");
            let id = create(&folder, &email);
            set_hash(&database, &id, stored);
            (stored, email, id)
        })
        .collect();
    let server = Server::start(&folder, &[]);
    for (stored, email, id) in users {
        assert_eq!(sign_in(&server, &email, "correct horse batterz"), 401, "{stored}");
        assert_eq!(hash_of(&database, &id), stored);
        assert_eq!(sign_in(&server, &email, PASSWORD), 200, "{stored}");
        let better = hash_of(&database, &id);
        assert!(better.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}: {better}");
        assert_eq!(sign_in(&server, &email, "correct horse batterz"), 401, "{stored}");
        assert_eq!(sign_in(&server, &email, PASSWORD), 200, "{stored}");
        assert_eq!(hash_of(&database, &id), better);
    }
}

#[test]
fn every_beginning_in_the_document_has_an_example_and_the_other_way_round() {
    let rows = DOCUMENT.lines().skip_while(|line| !line.starts_with("| begins with")).skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    let prefixes: BTreeSet<&str> =
        rows.flat_map(|row| row.split('|').nth(1).unwrap().split('`').skip(1).step_by(2)).collect();
    let begins = |prefix: &&&str| examples().iter().any(|hash| hash.starts_with(**prefix));
    assert_eq!(prefixes.iter().find(|prefix| !begins(prefix)), None);
    let is_named = |hash: &&str| prefixes.iter().any(|prefix| hash.starts_with(prefix));
    assert_eq!(examples().iter().find(|hash| !is_named(hash)), None);
    assert!(20 < prefixes.len(), "{prefixes:?}");
}

#[test]
fn what_is_not_accepted_is_a_wrong_password_and_in_the_log_once_per_cause() {
    let folder = folder(&json!({"firebase": {"saltSeparator": "Bw=="}}));
    let database = folder.database();
    let id = create(&folder, ADA);
    let server = Server::start(&folder, &[]);
    let costly = [
        BCRYPT.replace("$05$", "$31$"),
        BCRYPT.replace("$05$", "$17$"),
        "$argon2id$v=19$m=4294967295,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$c29tZXNhbHRzb21lc2FsdA"
            .to_owned(),
        "$argon2id$v=19$m=1024,t=4294967295,p=1$c29tZXNhbHRzb21lc2FsdA$c29tZXNhbHRzb21lc2FsdA"
            .to_owned(),
        "$scrypt$ln=40,r=8,p=1$c29tZXNhbHQ$c29tZXNhbHRzb21lc2FsdA".to_owned(),
        "$pbkdf2-sha512$4294967295$c29tZXNhbHQ$c29tZXNhbHRzb21lc2FsdA".to_owned(),
        "pbkdf2_sha256$4294967295$salt$c29tZXNhbHRzb21lc2FsdA".to_owned(),
        "$fbscrypt$v=1,n=40,r=8,p=1$c29tZXNhbHQ$c29tZXNhbHRzb21lc2FsdA".to_owned(),
        BCRYPT.trim_end_matches("IORGG").to_owned(),
        PASSWORD.to_owned(),
    ];
    let is_legacy = |hash: &&str| {
        ["$5$", "$6$", "$P$", "$H$", "$1$", "$apr1$", "{"].iter().any(|p| hash.starts_with(p))
    };
    let legacy: Vec<&str> = examples().into_iter().filter(is_legacy).collect();
    assert_eq!(legacy.len(), 8);
    for stored in costly.iter().map(String::as_str).chain(legacy) {
        set_hash(&database, &id, stored);
        for _ in 0..2 {
            assert_eq!(sign_in(&server, ADA, PASSWORD), 401, "{stored}");
        }
        assert_eq!(hash_of(&database, &id), stored);
        assert!(!server.log().contains(stored), "{}", server.log());
    }
    let log = server.log();
    for (cause, count) in [
        ("asks for too much work", 6),
        ("is of a weak kind", 4),
        ("is cut off or malformed", 1),
        ("has an unknown format", 1),
    ] {
        assert_eq!(log.matches(cause).count(), count, "{cause}: {log}");
    }
    set_hash(&database, &id, BCRYPT);
    assert_eq!(sign_in(&server, ADA, PASSWORD), 200);
}

#[test]
fn a_new_password_wins_over_sign_ins_that_replace_the_hash_at_the_same_time() {
    let folder = folder(&json!({}));
    let database = folder.database();
    let id = create(&folder, ADA);
    let server = Server::start(&folder, &[]);
    let body = json!({"email": ADA, "password": PASSWORD});
    let cookies = cookie(&server.post("/sign-in/email", &body));
    let change = || {
        let body = json!({"currentPassword": PASSWORD, "newPassword": "another password"});
        let answer = agent()
            .post(format!("{}/change-password", server.url))
            .header("content-type", "application/json")
            .header("origin", ORIGIN)
            .header("cookie", &cookies)
            .send(body.to_string());
        answer.unwrap().status().as_u16()
    };
    let (mut first, mut rounds) = (0, 0);
    while first < 3 {
        set_hash(&database, &id, BCRYPT);
        let statuses =
            at_once(2, |at| if at == 0 { change() } else { sign_in(&server, ADA, PASSWORD) });
        let is_changed = match statuses[..] {
            [200, 200 | 401] => true,
            // The sign-in had replaced the hash that this request was verified with.
            [400, 200] => false,
            _ => panic!("{statuses:?}"),
        };
        let (old, new) = if is_changed { (401, 200) } else { (200, 401) };
        assert_eq!(sign_in(&server, ADA, PASSWORD), old, "{statuses:?}");
        assert_eq!(sign_in(&server, ADA, "another password"), new, "{statuses:?}");
        // The sign-in was verified, and came too late.
        first += usize::from(statuses == [200, 401]);
        rounds += 1;
        assert!(rounds < 200, "the new password was never written while a sign-in was verified");
    }
}

#[test]
fn every_place_that_asks_for_a_password_takes_the_hashes_of_other_systems() {
    let site = Site::with(|config| {
        config.plugins.insert("username".to_owned(), json!({}));
        config.rate_limit.enabled = Some(false);
    });
    let mut body = json!({"name": "A", "email": ADA, "password": PASSWORD, "username": "ada"});
    let signed_up = site.post("/sign-up/email", &body);
    let (id, cookies) = (signed_up.json()["user"]["id"].clone(), signed_up.cookies());
    let id = id.as_str().unwrap();
    let database = site.auth.database();
    let signed_in = |path: &str, body: &Value| {
        site.send(Request::post(path).signed_in(&cookies).json(body)).status
    };

    body = json!({"username": "ada", "password": PASSWORD});
    set_hash(database, id, BCRYPT);
    assert_eq!(
        site.post("/sign-in/username", &json!({"username": "ada", "password": "x"})).status,
        401
    );
    assert_eq!(site.post("/sign-in/username", &body).status, 200);
    assert!(hash_of(database, id).starts_with("$argon2id$"));

    set_hash(database, id, BCRYPT);
    assert_eq!(signed_in("/verify-password", &json!({"password": "x"})), 400);
    assert_eq!(signed_in("/verify-password", &json!({"password": PASSWORD})), 200);
    assert_eq!(hash_of(database, id), BCRYPT);

    body = json!({"currentPassword": "x", "newPassword": "another password"});
    assert_eq!(signed_in("/change-password", &body), 400);
    body["currentPassword"] = json!(PASSWORD);
    assert_eq!(signed_in("/change-password", &body), 200);
    assert!(hash_of(database, id).starts_with("$argon2id$"));

    set_hash(database, id, BCRYPT);
    assert_eq!(signed_in("/delete-user", &json!({"password": "x"})), 400);
    assert_eq!(site.stored("user"), 1);
    assert_eq!(signed_in("/delete-user", &json!({"password": PASSWORD})), 200);
    assert_eq!(site.stored("user"), 0);
}

#[test]
fn where_better_auth_is_at_home_the_hashes_of_other_systems_are_replaced_by_its_own() {
    let folder = folder(&json!({}));
    let database = folder.database();
    let (ada, grace) = (create(&folder, ADA), create(&folder, "grace@example.com"));
    // What was imported is older than what Better Auth wrote.
    set_hash(&database, &ada, BCRYPT);
    set_hash(&database, &grace, SCRYPT);
    let server = Server::start(&folder, &[]);
    assert_eq!(sign_in(&server, ADA, PASSWORD), 200);
    let (salt, key) = {
        let hash = hash_of(&database, &ada);
        hash.split_once(':').map(|(salt, key)| (salt.len(), key.len())).unwrap()
    };
    assert_eq!((salt, key), (32, 128));
    assert_eq!(sign_in(&server, ADA, PASSWORD), 200);
    assert_eq!(sign_in(&server, "grace@example.com", "12345678"), 200);
    assert_eq!(hash_of(&database, &grace), SCRYPT);
}

#[test]
fn no_hash_is_replaced_where_another_server_must_read_it() {
    let folder = folder(&json!({"rehash": false}));
    let database = folder.database();
    let id = create(&folder, ADA);
    let server = Server::start(&folder, &[]);
    set_hash(&database, &id, BCRYPT);
    for (password, status) in [(PASSWORD, 200), ("correct horse batterz", 401), (PASSWORD, 200)] {
        assert_eq!(sign_in(&server, ADA, password), status);
        assert_eq!(hash_of(&database, &id), BCRYPT);
    }
}
