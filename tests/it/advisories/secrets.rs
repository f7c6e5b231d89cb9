//! Where secrets of the configuration are, and where they are not.

use std::fs;
use std::path::Path;

use better_auth::Config;
use serde_json::json;

use crate::harness::Folder;

/// Every option that holds one, filled in.
fn every_secret() -> serde_json::Value {
    json!({
        "secret": "hunter2-secret-hunter2-secret-hunter2",
        "secrets": [{"version": 1, "value": "hunter2-secrets-hunter2-secrets-hunter2"}],
        "secondaryStorage": {"url": "redis://:hunter2-redis@127.0.0.1:1"},
        "baseURL": "http://localhost:3000",
        "email": {
            "transport": "smtp", "from": "a@b.co",
            "smtp": {"host": "localhost", "username": "a", "password": "hunter2-smtp"},
            "webhook": {"url": "https://a:hunter2-user@h/?key=hunter2-query", "secret": "hunter2-webhook"},
        },
        "socialProviders": {"github": {"clientId": "a", "clientSecret": "hunter2-github"}},
        "genericOAuth": [{
            "providerId": "mine", "clientId": "a", "clientSecret": "hunter2-generic",
            "authorizationUrl": "https://a.example/a", "tokenUrl": "https://a.example/t",
            "userInfoUrl": "https://a.example/u",
        }],
        "plugins": {"bearer": {"requireSignature": true}},
    })
}

#[test]
fn secrets_of_the_configuration_are_shown_by_nothing_that_shows_it() {
    let mut elsewhere = every_secret();
    elsewhere["database"] = json!({"url": "postgres://ada:hunter2-postgres@127.0.0.1:1/auth"});
    for (folder, secrets) in [(Folder::new(), every_secret()), (Folder::on_file(), elsewhere)] {
        let config: Config = serde_json::from_value(secrets.clone()).unwrap();
        let shown = serde_json::to_string(&config).unwrap();
        assert!(shown.contains("clientSecret") && !shown.contains("hunter2"), "{shown}");
        let shown = format!("{:?}", config.database);
        assert!(shown.contains("url") && !shown.contains("hunter2"), "{shown}");
        fs::write(folder.path("better-auth.json"), secrets.to_string()).unwrap();
        nothing_is_shown(&folder);
    }
    // Nor does a message about an option repeat it.
    let folder = Folder::new();
    for (path, value) in [
        ("/secret", json!(5)),
        ("/email/smtp/password", json!(["hunter2"])),
        ("/email/smtp/port", json!("hunter2")),
        ("/secrets/0", json!({"version": "x", "value": "hunter2"})),
    ] {
        let mut broken = every_secret();
        match broken.pointer_mut(path) {
            Some(place) => *place = value,
            None => broken["email"]["smtp"]["port"] = value,
        }
        fs::write(folder.path("better-auth.json"), broken.to_string()).unwrap();
        let ran = folder.run(&["info"]).failed(2, "");
        // A value that is no secret may be repeated; what stands beside it may not.
        let said = ran.stderr.replace("\"hunter2\"", "");
        assert!(!said.contains("hunter2"), "{path}: {said}");
    }
}

/// Of all that a command says about itself, its configuration and what goes wrong.
fn nothing_is_shown(folder: &Folder) {
    for words in [
        &["info"][..],
        &["info", "--json"],
        &["providers", "list"],
        &["providers", "list", "--json"],
        &["migrate", "--dry-run", "--log-level", "trace"],
        &["users", "list", "--log-level", "trace"],
        &["serve", "--help"],
    ] {
        let ran = folder.run(words);
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert!(!said.is_empty() && !said.contains("hunter2"), "{words:?}: {said}");
    }
}

/// A field that is named like a secret has the type that cannot be printed.
#[test]
fn secrets_of_the_configuration_have_the_type_of_secrets() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/config");
    let mut found = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        for line in text.lines().map(str::trim).filter(|line| line.starts_with("pub ")) {
            let Some((name, kind)) = line.trim_start_matches("pub ").split_once(": ") else {
                continue;
            };
            let is_secret =
                ["secret", "client_secret", "password", "private_key", "value"].contains(&name);
            if is_secret && !kind.starts_with("Password") && !kind.starts_with("Option<Value>") {
                assert!(kind.contains("Secret"), "{}: {line}", path.display());
                found += 1;
            }
        }
    }
    assert!(6 <= found, "only {found}");
}
