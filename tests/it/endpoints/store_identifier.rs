//! `verification.storeIdentifier`: what the database has of a link is not enough to open it [contract 11.4].

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use better_auth::Config;
use better_auth::config::IdentifierForm;
use better_auth::config::StoreIdentifier;
use better_auth::config::Transport;
use better_auth::database::Param;
use serde_json::json;
use sha2::Digest as _;
use sha2::Sha256;

use super::social;
use crate::harness::Provider;
use crate::harness::Redis;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::site::PASSWORD;

const ADA: &str = "ada@example.com";
const EVE: &str = "eve@example.com";
const NEWER: &str = "a newer password";

pub(crate) const HASHED: StoreIdentifier = StoreIdentifier::All(IdentifierForm::Hashed);

fn hashed(config: &mut Config) {
    config.verification.store_identifier = HASHED;
}

fn sha(text: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(text))
}

/// A site with rows, whatever the suite keeps its values in.
fn with_rows(change: impl FnOnce(&mut Config)) -> Site {
    Site::with_mail(|config| {
        config.verification.store_in_database = true;
        change(config);
    })
}

/// Asks for a link to a new password and answers its token.
fn link(site: &Site, email: &str) -> String {
    site.post("/request-password-reset", &json!({ "email": email }));
    site.mail().token().to_owned()
}

fn reset(site: &Site, token: &str) -> u16 {
    site.post("/reset-password", &json!({"token": token, "newPassword": NEWER})).status
}

fn identifiers(site: &Site) -> Vec<String> {
    let sql = r#"SELECT "identifier" FROM "verification""#;
    site.auth.database().read(|tx| tx.list(sql, &[], |row| row.text(0))).unwrap()
}

/// A row as another server on this database writes it.
fn write(site: &Site, identifier: &str, value: &str) {
    let sql = r#"INSERT INTO "verification" ("id", "identifier", "value", "expiresAt", "createdAt", "updatedAt")
        VALUES ($1, $1, $2, $3, $4, $4)"#;
    let now = site.clock.now();
    let later = now.after(std::time::Duration::from_secs(3600));
    let params = [Param::from(identifier), value.into(), later.into(), now.into()];
    assert_eq!(site.auth.database().write(|tx| tx.execute(sql, &params)), Ok(1));
}

fn user_id(site: &Site, email: &str) -> String {
    site.auth.api().get_user(email).unwrap().id
}

#[test]
fn a_link_opens_by_its_token_and_not_by_what_is_stored() {
    let site = with_rows(hashed);
    site.sign_up(ADA);
    let token = link(&site, ADA);
    assert_eq!(identifiers(&site), [sha(&format!("reset-password:{token}"))]);
    for stored in identifiers(&site) {
        assert_eq!(reset(&site, &stored), 400);
    }
    assert_eq!([reset(&site, &token), reset(&site, &token)], [200, 400]);
}

#[test]
fn a_link_from_before_identifiers_were_hashed_still_opens_once() {
    let site = with_rows(hashed);
    site.sign_up(ADA);
    write(&site, "reset-password:older", &user_id(&site, ADA));
    assert_eq!([reset(&site, "older"), reset(&site, "older")], [200, 400]);
}

#[test]
fn a_new_password_voids_every_older_link_of_its_user_whoever_made_it() {
    let site = with_rows(hashed);
    site.sign_up(ADA);
    site.sign_up(EVE);
    let (older, newer, eves) = (link(&site, ADA), link(&site, ADA), link(&site, EVE));
    write(&site, &sha("reset-password:theirs"), &user_id(&site, ADA));
    write(&site, "reset-password:plain", &user_id(&site, ADA));
    // Values of others that are not about the user stay.
    write(&site, &sha("auth-state:theirs"), r#"{"callbackURL": "/"}"#);
    assert_eq!(reset(&site, &newer), 200);
    for token in [&*older, "theirs", "plain"] {
        assert_eq!(reset(&site, token), 400, "{token}");
    }
    assert!(identifiers(&site).contains(&sha("auth-state:theirs")));
    assert_eq!(reset(&site, &eves), 200);
}

#[test]
fn every_value_that_works_once_is_stored_so_and_works() {
    let provider = Provider::start();
    let site = social::site(&provider, |config| {
        config.email.transport = Some(Transport::File);
        config.verification.store_in_database = true;
        hashed(config);
    });
    let state = social::sign_in(&site);
    assert_eq!(identifiers(&site), [sha(&format!("auth-state:{}", state.state))]);
    assert_eq!(social::to(&social::come_back(&site, &state)), "/welcome");
    let again = social::come_back(&site, &state);
    assert!(social::to(&again).contains("error=state_mismatch"), "{again:?}");

    let cookies = site.sign_up(EVE).cookies();
    let asked = site.send(Request::post("/delete-user").signed_in(&cookies).json(&json!({})));
    assert_eq!(asked.status, 200, "{asked:?}");
    let token = site.mail().token().to_owned();
    assert_eq!(identifiers(&site), [sha(&format!("delete-account-{token}"))]);
    let body = json!({ "token": token });
    let deleted = site.send(Request::post("/delete-user").signed_in(&cookies).json(&body));
    assert_eq!(deleted.json()["message"], "User deleted");
    assert_eq!(identifiers(&site), Vec::<String>::new());
}

#[test]
fn the_form_can_depend_on_the_prefix() {
    let form = json!({"default": "plain", "overrides": {"reset-password:": "hashed"}});
    let site = with_rows(|config| {
        config.verification.store_identifier = serde_json::from_value(form).unwrap();
    });
    let cookies = site.sign_up(ADA).cookies();
    let token = link(&site, ADA);
    site.send(Request::post("/delete-user").signed_in(&cookies).json(&json!({})));
    let deletion = site.mail().token().to_owned();
    let mut stored = identifiers(&site);
    stored.sort_by_key(String::len);
    let hash = sha(&format!("reset-password:{token}"));
    assert_eq!(stored, [hash, format!("delete-account-{deletion}")]);
    assert_eq!(reset(&site, &token), 200);
}

#[test]
fn the_keys_of_a_storage_hold_no_token_either() {
    let Some(redis) = Redis::start() else { return };
    let url = redis.url();
    let site = Site::with_mail(|config| {
        config.secondary_storage.url = Some(url.into());
        config.verification.store_in_database = false;
        hashed(config);
    });
    site.sign_up(ADA);
    let (older, newer) = (link(&site, ADA), link(&site, ADA));
    let values = |redis: &Redis| {
        let keys = redis.keys().into_iter();
        keys.filter(|key| key.starts_with("better-auth:verification:")).collect::<Vec<_>>()
    };
    let key = format!("better-auth:verification:{}", sha(&format!("reset-password:{newer}")));
    assert!(values(&redis).contains(&key));
    let kept: serde_json::Value = serde_json::from_str(&redis.get(&key).unwrap()).unwrap();
    assert_eq!(kept["identifier"], sha(&format!("reset-password:{newer}")));
    assert_eq!(kept["value"], user_id(&site, ADA));
    // As one was kept before identifiers were hashed.
    let plain = "better-auth:verification:reset-password:plain";
    redis.ask(&format!("RENAME {key} {plain}")).unwrap();
    assert_eq!(reset(&site, "plain"), 200);
    assert_eq!([reset(&site, &older), reset(&site, "plain")], [400, 400]);
    assert!(!values(&redis).contains(&plain.to_owned()));
    let body = json!({"email": ADA, "password": PASSWORD});
    assert_eq!(site.post("/sign-in/email", &body).status, 401, "the password is the new one");
}
