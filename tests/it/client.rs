//! `AuthClient` against a real server.

use better_auth::Secret;
use better_auth::client::AuthClient;
use better_auth::client::SignUpEmail;
use better_auth::client::UpdateUser;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::harness::Folder;
use crate::harness::server::Server;
use crate::harness::site::PASSWORD;

fn secret(text: &str) -> Secret {
    Secret::new(text)
}

#[test]
fn a_visitor_signs_up_out_and_in_and_leaves() {
    let folder = Folder::new();
    std::fs::write(folder.path("better-auth.toml"), "[user.deleteUser]\nenabled = true").unwrap();
    let server = Server::start(&folder, &[]);
    let root = server.url.trim_end_matches("/api/auth");
    let [phone, laptop] = [root, server.url.as_str()].map(|url| AuthClient::new(url).unwrap());

    assert_eq!(phone.get_session().unwrap(), None);
    let new = SignUpEmail::new("Ada", "ada@example.com", secret(PASSWORD));
    let signed_up = phone.sign_up().email(&new).unwrap();
    let found = phone.get_session().unwrap().unwrap();
    assert_eq!(Some(found.session.token), signed_up.token);
    assert_eq!(found.user, signed_up.user);

    laptop.sign_in().email("ada@example.com", &secret(PASSWORD)).unwrap();
    let name = Some("Ada L".to_owned());
    let image = Some(Some("https://i/x".to_owned()));
    laptop.update_user(&UpdateUser { name, image, ..UpdateUser::default() }).unwrap();
    laptop.update_user(&UpdateUser { image: Some(None), ..UpdateUser::default() }).unwrap();
    let user = phone.get_session().unwrap().unwrap().user;
    assert_eq!((user.name.as_str(), user.image), ("Ada L", None));
    assert_eq!(laptop.list_accounts().unwrap()[0].provider_id, "credential");
    assert_eq!(laptop.list_sessions().unwrap().len(), 2);
    laptop.revoke_session(&signed_up.token.unwrap()).unwrap();
    assert_eq!(phone.get_session().unwrap(), None);

    let changed =
        laptop.change_password(&secret(PASSWORD), &secret("another horse"), true).unwrap();
    assert!(changed.token.is_some());
    laptop.revoke_other_sessions().unwrap();
    laptop.sign_out().unwrap();
    assert_eq!(laptop.get_session().unwrap(), None);
    laptop.sign_in().email("ada@example.com", &secret("another horse")).unwrap();
    laptop.delete_user(Some(&secret("another horse"))).unwrap();
    let gone = laptop.sign_in().email("ada@example.com", &secret("another horse")).unwrap_err();
    assert_eq!((gone.status(), gone.code()), (Some(401), Some("INVALID_CREDENTIALS")));
    assert_eq!(gone.message(), "Invalid email or password");
}

#[test]
fn additional_fields_of_the_server_are_sent_and_read() {
    let folder = Folder::new();
    let config = "[user.additionalFields]\nage = { type = 'number', required = false }\n\
                  [session.additionalFields]\ntheme = { type = 'string', required = false }";
    std::fs::write(folder.path("better-auth.toml"), config).unwrap();
    let server = Server::start(&folder, &[]);
    let client = AuthClient::new(&server.url).unwrap();
    let values = |values: Value| -> Map<String, Value> { values.as_object().unwrap().clone() };
    let mut new = SignUpEmail::new("Ada", "ada@example.com", secret(PASSWORD));
    new.additional = values(json!({"age": 36}));
    let user = client.sign_up().email(&new).unwrap().user;
    assert_eq!(user.additional.get("age"), Some(&json!(36)));
    let additional = values(json!({"age": 37}));
    client.update_user(&UpdateUser { additional, ..UpdateUser::default() }).unwrap();
    let session = client.update_session(&values(json!({"theme": "dark"}))).unwrap();
    assert_eq!(session.additional.get("theme"), Some(&json!("dark")));
    let found = client.get_session().unwrap().unwrap();
    assert_eq!(found.user.additional.get("age"), Some(&json!(37)));
    assert_eq!(found.session, session);
}

#[test]
fn a_server_that_is_not_there_is_an_error_without_a_status() {
    let nobody = AuthClient::new("http://127.0.0.1:1").unwrap().get_session().unwrap_err();
    assert_eq!((nobody.status(), nobody.code()), (None, None));
    for address in ["", "localhost:3000", "ftp://localhost"] {
        assert!(AuthClient::new(address).is_err(), "{address}");
    }
}
