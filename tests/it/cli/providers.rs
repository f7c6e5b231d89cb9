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
    let expected = json!([{
        "id": "gitlab", "fine": true, "discovery": null, "keys": null, "credentials": "taken", "answer": "",
    }]);
    assert_eq!(taken["providers"], expected);
    let refused = check(401, "invalid_client").failed(1, "sign-in does not work with gitlab");
    assert!(refused.stdout.contains("401 invalid_client"), "{refused:?}");
    assert!(check(500, "oops").succeeded().stdout.contains("unclear"));
    folder.run(&["providers", "check", "facebook"]).failed(3, "no provider \"facebook\"");
    assert!(provider.asked().iter().all(|asked| asked.body.contains("code=better-auth-checks")));
}

#[test]
fn a_provider_that_describes_itself_is_asked_for_that_and_for_its_keys() {
    let provider = Provider::start();
    let folder = Folder::new();
    let discovery = |path: &str| {
        json!({
            "providerId": path, "discoveryUrl": format!("{}/{path}", provider.url), "clientId": "id",
            "clientSecret": "secret",
        })
    };
    let config = json!({
        "secret": "a secret of at least thirty-two characters",
        "advanced": { "allowPrivateAddresses": true },
        "genericOAuth": [discovery("good"), discovery("keyless"), discovery("absent")],
        "socialProviders": {"google": {
            "clientId": "id", "clientSecret": "secret", "tokenEndpoint": format!("{}/token", provider.url),
            "jwksEndpoint": format!("{}/keys", provider.url),
        }},
    });
    fs::write(folder.path("better-auth.json"), config.to_string()).unwrap();
    let url = &provider.url;
    for (path, keys) in [("good", "keys"), ("keyless", "none")] {
        let description = json!({
            "issuer": url, "authorization_endpoint": url, "token_endpoint": format!("{url}/token"),
            "jwks_uri": format!("{url}/{keys}"), "id_token_signing_alg_values_supported": ["RS256"],
        });
        provider.says(&format!("/{path}"), 200, description);
    }
    provider.says("/token", 400, json!({"error": "invalid_grant"}));
    provider.says("/keys", 200, json!({"keys": [{"kty": "RSA"}]}));
    provider.says("/none", 200, json!({"keys": []}));
    let checked = folder.run(&["providers", "check", "--json"]);
    let checked = checked.failed(1, "sign-in does not work with keyless, absent").json();
    let rows = checked["providers"].as_array().unwrap().iter().map(|row| {
        json!([row["id"], row["fine"], row["discovery"], row["keys"], row["credentials"]])
    });
    let expected = [
        json!(["google", true, null, "found", "taken"]),
        json!(["good", true, "found", "found", "taken"]),
        json!(["keyless", false, "found", "missing", "taken"]),
        json!(["absent", false, "missing", null, null]),
    ];
    assert_eq!(rows.collect::<Vec<_>>(), expected);
    let answers: Vec<&str> = checked["providers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["answer"].as_str().unwrap())
        .collect();
    assert_eq!(answers[2], format!("{url}/none answered 200 without keys"));
    assert_eq!(answers[3], format!("{url}/absent answered 404"));
    folder.run(&["providers", "check", "good"]).succeeded();
    let table = folder.run(&["providers", "check", "keyless"]).failed(1, "keyless");
    assert!(table.stdout.contains("missing") && table.stdout.contains("without keys"), "{table:?}");

    // Nobody there at all.
    let gone = json!({
        "secret": "a secret of at least thirty-two characters",
        "advanced": { "allowPrivateAddresses": true },
        "socialProviders": {"gitlab": {"clientId": "id", "issuer": "http://127.0.0.1:1"}},
    });
    fs::write(folder.path("better-auth.json"), gone.to_string()).unwrap();
    let gone = folder.run(&["providers", "check", "--json"]).failed(1, "with gitlab").json();
    assert_eq!(gone["providers"][0]["credentials"], "unreachable");
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
