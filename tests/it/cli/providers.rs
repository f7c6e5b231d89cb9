//! `providers` and `accounts`.

use std::fs;

use serde_json::json;

use crate::harness::Folder;
use crate::harness::Provider;

fn configured(provider: &Provider) -> Folder {
    let folder = Folder::new();
    let config = json!({
        "baseURL": "https://auth.example.com",
        "secret": "a secret of at least thirty-two characters",
        "advanced": { "allowPrivateAddresses": true },
        "socialProviders": {
            "gitlab": { "clientId": "id", "clientSecret": "secret", "issuer": provider.url },
            "google": { "clientId": "id", "clientSecret": "secret", "enabled": false },
        },
    });
    fs::write(folder.path("better-auth.json"), config.to_string()).unwrap();
    folder
}

#[test]
fn providers_are_listed_with_what_to_enter_in_their_consoles() {
    let folder = configured(&Provider::start());
    let listed = folder.run(&["providers", "list", "--json"]).succeeded().json();
    assert_eq!(
        listed["providers"][0],
        json!({
            "id": "gitlab", "name": "GitLab", "enabled": true,
            "callbackURL": "https://auth.example.com/api/auth/callback/gitlab",
        })
    );
    assert_eq!(listed["providers"][1]["enabled"], false);
}

#[test]
fn a_provider_is_asked_whether_it_takes_the_credentials() {
    let provider = Provider::start();
    let folder = configured(&provider);
    let check = |status: u16, error: &str| {
        provider.says("/oauth/token", status, json!({ "error": error }));
        folder.run(&["providers", "check", "--json"])
    };
    let taken = check(400, "invalid_grant").succeeded().json();
    assert_eq!(taken["providers"], json!([{"id": "gitlab", "credentials": "taken", "answer": ""}]));
    let refused = check(401, "invalid_client").failed(1, "nobody can sign in with gitlab");
    assert!(refused.stdout.contains("401 invalid_client"), "{refused:?}");
    assert!(check(500, "oops").succeeded().stdout.contains("unclear"));
    folder.run(&["providers", "check", "facebook"]).failed(3, "no provider \"facebook\"");
    assert!(provider.asked().iter().all(|asked| asked.body.contains("code=better-auth-checks")));
}

#[test]
fn a_way_in_is_removed_unless_it_is_the_last() {
    let folder = Folder::migrated();
    folder.create_user("ada@example.com");
    let user = ["--user", "ada@example.com"];
    let list = || folder.run(&[["accounts", "list"], user].concat());
    assert!(list().succeeded().stdout.contains("credential"));
    let unlink = [["accounts", "unlink"], ["credential", "--yes"], user].concat();
    folder.run(&unlink).failed(1, "last account");
    let unknown = [["accounts", "unlink"], ["github", "--yes"], user].concat();
    folder.run(&unknown).failed(3, "has no account");
    let config = json!({"account": {"accountLinking": {"allowUnlinkingAll": true}}});
    fs::write(folder.path("better-auth.json"), config.to_string()).unwrap();
    folder.run(&unlink).succeeded();
    assert_eq!(
        folder
            .run(&[["accounts", "list"], user].concat())
            .succeeded()
            .stdout
            .matches("credential")
            .count(),
        0
    );
}
