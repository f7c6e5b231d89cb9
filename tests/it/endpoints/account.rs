//! `/list-accounts` and `/unlink-account` [contract 8.14].

use serde_json::json;

use crate::harness::Request;
use crate::harness::Site;

fn link_github(site: &Site) {
    let sql = r#"INSERT INTO "account" ("id", "accountId", "providerId", "userId", "accessToken", "scope", "createdAt", "updatedAt")
        SELECT 'github-row', '42', 'github', "id", 'gho_secret', 'read:user,user:email', "createdAt", "updatedAt" FROM "user""#;
    site.auth.database().write(|tx| tx.execute(sql, &[])).unwrap();
}

#[test]
fn the_list_holds_no_secrets() {
    let site = Site::new();
    let signed_up = site.sign_up("ada@example.com");
    link_github(&site);
    let answer = site.send(Request::get("/list-accounts").header("cookie", signed_up.cookies()));
    assert!(!answer.body.contains("gho_secret") && !answer.body.contains("password"));
    let list = answer.json();
    let user = &signed_up.json()["user"]["id"];
    let github = list.as_array().unwrap().iter().find(|row| row["providerId"] == "github").unwrap();
    assert_eq!(
        *github,
        json!({
            "accountId": "42", "providerId": "github", "userId": user,
            "createdAt": "2026-11-23T12:00:00.000Z", "updatedAt": "2026-11-23T12:00:00.000Z",
            "id": "github-row", "scopes": ["read:user", "user:email"],
        })
    );
    assert_eq!(list.as_array().unwrap().len(), 2);
}

#[test]
fn the_last_way_in_stays_unless_it_may_go() {
    for may_go in [false, true] {
        let site = Site::with(|config| {
            config.account.account_linking.allow_unlinking_all = may_go;
        });
        let cookies = site.sign_up("ada@example.com").cookies();
        let unlink = |id: &str| {
            let request = Request::post("/unlink-account").signed_in(&cookies);
            site.send(request.json(&json!({ "accountId": id })))
        };
        let foreign = if may_go { "ACCOUNT_NOT_FOUND" } else { "FAILED_TO_UNLINK_LAST_ACCOUNT" };
        assert_eq!(unlink("nonsense").outcome(), (400, foreign.to_owned()));
        link_github(&site);
        assert_eq!(unlink("nonsense").outcome(), (400, "ACCOUNT_NOT_FOUND".to_owned()));
        assert_eq!(unlink("github-row").body, r#"{"status":true}"#);
        let request = Request::get("/list-accounts").header("cookie", &cookies);
        let own = site.send(request).json()[0]["id"].as_str().unwrap().to_owned();
        assert_eq!(unlink(&own).status, if may_go { 200 } else { 400 });
    }
}

#[test]
fn somebody_elses_account_cannot_be_unlinked() {
    let site = Site::new();
    let ada = site.sign_up("ada@example.com").cookies();
    link_github(&site);
    let bob = site.sign_up("bob@example.com").cookies();
    let sql = r#"INSERT INTO "account" ("id", "accountId", "providerId", "userId", "createdAt", "updatedAt")
        SELECT 'second', '43', 'gitlab', "id", "createdAt", "updatedAt" FROM "user" WHERE "email" = 'bob@example.com'"#;
    site.auth.database().write(|tx| tx.execute(sql, &[])).unwrap();
    let request = Request::post("/unlink-account").signed_in(&bob);
    let answer = site.send(request.json(&json!({"accountId": "github-row"})));
    assert_eq!(answer.outcome(), (400, "ACCOUNT_NOT_FOUND".to_owned()));
    let list = site.send(Request::get("/list-accounts").header("cookie", &ada)).json();
    assert_eq!(list.as_array().unwrap().len(), 2);
}
