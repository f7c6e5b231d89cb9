//! Who is joined with whom: the matrix of the contract as one table [contract 10.4].

use better_auth::Config;
use better_auth::ListUsers;
use better_auth::config::ProviderOptions;
use better_auth::config::Transport;
use better_auth::database::Param;
use better_auth::database::Tx;
use serde_json::Value;
use serde_json::json;

use super::social::ask;
use super::social::come_back;
use super::social::site;
use super::social::to;
use super::social::tokens;
use crate::harness::Provider;
use crate::harness::Site;

const ADA: &str = "ada@example.com";

/// One line a case, one column a question:
/// - who is here: `nobody`, or a user with Ada's address, `verified` or not; with a row for the account at the provider
///   that is `mine`, of `another` user, `twice` there, or of a user who is gone (`orphaned`);
/// - what the provider says of the address: Ada's is `verified` or not, the same as a word (`"true"`), it is `another` one, or
///   there is `none`;
/// - how the person comes, and which options are not as usual;
/// - where that leads;
/// - which ways in Ada has then, with their tokens and scopes;
/// - what has become of Ada, and whether a message was sent.
const MATRIX: &str = r#"
nobody              | verified         | sign-in                              | welcome           | gitlab access read_user,api             | verified picture
nobody              | unverified       | sign-in                              | welcome           | gitlab access read_user,api             | unverified picture
nobody              | "true"           | sign-in                              | welcome           | gitlab access read_user,api             | verified picture
nobody              | "false"          | sign-in                              | welcome           | gitlab access read_user,api             | unverified picture
nobody              | unverified       | sign-in trusted                      | welcome           | gitlab access read_user,api             | unverified picture
nobody              | verified         | sign-in apart                        | welcome           | gitlab access read_user,api             | verified picture
nobody              | verified         | sign-in explicit                     | welcome           | gitlab access read_user,api             | verified picture
nobody              | none             | sign-in                              | email_not_found   |                                         | nobody
nobody              | verified         | sign-in closed                       | signup_disabled   |                                         | nobody
nobody              | verified         | sign-in closed asks                  | signup_disabled   |                                         | nobody
nobody              | verified         | sign-in on-request                   | signup_disabled   |                                         | nobody
nobody              | verified         | sign-in on-request asks              | welcome           | gitlab access read_user,api             | verified picture
nobody              | verified         | sign-in must-verify                  | welcome           | gitlab access read_user,api             | verified picture
nobody              | unverified       | sign-in must-verify                  | email_not_verified| gitlab access read_user,api             | unverified picture mail
nobody              | unverified       | sign-in must-verify quiet-sign-up    | email_not_verified| gitlab access read_user,api             | unverified picture
nobody              | unverified       | sign-in trusted must-verify          | email_not_verified| gitlab access read_user,api             | unverified picture mail

verified            | verified         | sign-in                              | home              | credential, gitlab access read_user,api | verified
verified            | "true"           | sign-in                              | home              | credential, gitlab access read_user,api | verified
verified            | unverified       | sign-in                              | account_not_linked| credential                              | verified
verified            | "false"          | sign-in                              | account_not_linked| credential                              | verified
verified            | unverified       | sign-in trusted                      | home              | credential, gitlab access read_user,api | verified
verified            | verified         | sign-in trusted                      | home              | credential, gitlab access read_user,api | verified
verified            | verified         | sign-in apart                        | account_not_linked| credential                              | verified
verified            | verified         | sign-in explicit                     | account_not_linked| credential                              | verified
verified            | verified         | sign-in trusted apart                | account_not_linked| credential                              | verified
verified            | verified         | sign-in trusted explicit             | account_not_linked| credential                              | verified
verified            | unverified       | sign-in lax                          | account_not_linked| credential                              | verified
verified            | verified         | sign-in closed                       | home              | credential, gitlab access read_user,api | verified
verified            | verified         | sign-in copies                       | home              | credential, gitlab access read_user,api | verified picture
verified            | verified         | sign-in overrides                    | home              | credential, gitlab access read_user,api | verified picture
verified            | another          | sign-in                              | welcome           | credential                              | verified
verified            | unverified       | sign-in trusted must-verify          | home              | credential, gitlab access read_user,api | verified

unverified          | verified         | sign-in                              | account_not_linked| credential                              | unverified
unverified          | unverified       | sign-in                              | account_not_linked| credential                              | unverified
unverified          | verified         | sign-in trusted                      | account_not_linked| credential                              | unverified
unverified          | unverified       | sign-in trusted                      | account_not_linked| credential                              | unverified
unverified          | verified         | sign-in must-verify                  | account_not_linked| credential                              | unverified
unverified          | verified         | sign-in lax                          | home              | credential, gitlab access read_user,api | verified
unverified          | unverified       | sign-in lax                          | account_not_linked| credential                              | unverified
unverified          | unverified       | sign-in lax trusted                  | home              | credential, gitlab access read_user,api | unverified
unverified          | verified         | sign-in lax trusted                  | home              | credential, gitlab access read_user,api | verified
unverified          | verified         | sign-in lax apart                    | account_not_linked| credential                              | unverified
unverified          | verified         | sign-in lax explicit                 | account_not_linked| credential                              | unverified
unverified          | unverified       | sign-in lax trusted must-verify      | email_not_verified| credential, gitlab access read_user,api | unverified
unverified          | unverified       | sign-in lax trusted must-verify mail | email_not_verified| credential, gitlab access read_user,api | unverified mail

verified mine       | unverified       | sign-in                              | home              | credential, gitlab access read_user     | verified
verified mine       | unverified       | sign-in apart explicit closed        | home              | credential, gitlab access read_user     | verified
verified mine       | verified         | sign-in keeps                        | home              | credential, gitlab old read_user        | verified
verified mine       | another          | sign-in                              | home              | credential, gitlab access read_user     | verified
verified mine       | another          | sign-in overrides                    | home              | credential, gitlab access read_user     | verified picture another
verified mine       | another-unproven | sign-in overrides                    | home              | credential, gitlab access read_user     | unverified picture another
verified mine       | none             | sign-in                              | email_not_found   | credential, gitlab old read_user        | verified
unverified mine     | verified         | sign-in                              | home              | credential, gitlab access read_user     | verified
unverified mine     | unverified       | sign-in                              | home              | credential, gitlab access read_user     | unverified
unverified mine     | another          | sign-in                              | home              | credential, gitlab access read_user     | unverified
unverified mine     | unverified       | sign-in must-verify                  | email_not_verified| credential, gitlab access read_user     | unverified
unverified mine     | unverified       | sign-in must-verify mail             | email_not_verified| credential, gitlab access read_user     | unverified mail
unverified mine     | verified         | sign-in must-verify                  | home              | credential, gitlab access read_user     | verified
verified another    | verified         | sign-in                              | home              | credential                              | verified
verified twice      | verified         | sign-in                              | internal_server_error | credential, gitlab old read_user    | verified
verified orphaned   | verified         | sign-in                              | unable_to_link_account| credential                          | verified

unverified          | verified         | link                                 | settings          | credential, gitlab access read_user,api | unverified
unverified          | unverified       | link                                 | unable_to_link_account | credential                         | unverified
unverified          | "false"          | link                                 | unable_to_link_account | credential                         | unverified
unverified          | unverified       | link trusted                         | settings          | credential, gitlab access read_user,api | unverified
unverified          | verified         | link apart                           | unable_to_link_account | credential                         | unverified
unverified          | verified         | link trusted apart                   | unable_to_link_account | credential                         | unverified
unverified          | verified         | link explicit                        | settings          | credential, gitlab access read_user,api | unverified
unverified          | verified         | link closed                          | settings          | credential, gitlab access read_user,api | unverified
unverified          | verified         | link copies                          | settings          | credential, gitlab access read_user,api | unverified picture
unverified          | another          | link                                 | email_does_not_match   | credential                         | unverified
unverified          | another          | link any-address                     | settings          | credential, gitlab access read_user,api | unverified
unverified          | another          | link any-address copies              | settings          | credential, gitlab access read_user,api | unverified picture
unverified          | another-unproven | link any-address                     | unable_to_link_account | credential                         | unverified
unverified          | another-unproven | link any-address trusted             | settings          | credential, gitlab access read_user,api | unverified
unverified          | none             | link trusted                         | email_does_not_match   | credential                         | unverified
unverified          | none             | link trusted any-address             | settings          | credential, gitlab access read_user,api | unverified
verified            | verified         | link                                 | settings          | credential, gitlab access read_user,api | verified
verified mine       | verified         | link                                 | settings          | credential, gitlab access read_user,api | verified
verified mine       | verified         | link keeps                           | settings          | credential, gitlab access read_user,api | verified
verified mine       | another          | link                                 | email_does_not_match   | credential, gitlab old read_user   | verified
verified another    | verified         | link                                 | account_already_linked_to_different_user | credential       | verified
verified another    | verified         | link trusted any-address             | account_already_linked_to_different_user | credential       | verified
verified twice      | verified         | link                                 | internal_server_error  | credential, gitlab old read_user   | verified
"#;

#[test]
fn the_linking_matrix() {
    let rows = MATRIX.lines().filter(|line| !line.is_empty());
    let wrong: Vec<String> = rows
        .filter_map(|row| {
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            let [here, there, way, leads_to, ways_in, becomes] = cells[..] else { panic!("{row}") };
            let found = play(here, there, way);
            let expected = [leads_to, ways_in, becomes].join(" | ");
            (found != expected)
                .then(|| format!("{here} | {there} | {way}:\n    {found}\n    {expected}"))
        })
        .collect();
    assert!(wrong.is_empty(), "found, expected:\n{}", wrong.join("\n"));
}

/// Plays a row: what came of it.
fn play(here: &str, there: &str, way: &str) -> String {
    let has = |word: &str| way.split(' ').any(|found| found == word);
    let provider = Provider::start();
    let site = site(&provider, |config| configure(config, way));
    let cookies = if here == "nobody" { String::new() } else { site.sign_up(ADA).cookies() };
    site.auth.database().write(|tx| prepare(tx, here)).unwrap();
    vouch(&provider, there);
    let sent = if has("link") {
        let body =
            json!({"provider": "gitlab", "callbackURL": "/settings", "errorCallbackURL": "/error"});
        ask(&site, "/link-social", &body, &cookies)
    } else {
        let body = json!({
            "provider": "gitlab", "callbackURL": "/home", "newUserCallbackURL": "/welcome",
            "errorCallbackURL": "/error", "requestSignUp": has("asks"),
        });
        ask(&site, "/sign-in/social", &body, "")
    };
    let answer = come_back(&site, &sent);
    let place = to(&answer).trim_start_matches("/error?error=").trim_start_matches('/').to_owned();
    let signs_in = ["home", "welcome"].contains(&place.as_str());
    assert_eq!(signs_in, answer.cookies().contains("session_token="), "{here} | {there} | {way}");
    let message = if site.mails().is_empty() { "" } else { " mail" };
    let (ways_in, becomes) = afterwards(&site);
    format!("{place} | {ways_in} | {becomes}{message}")
}

fn configure(config: &mut Config, way: &str) {
    config.email.transport = Some(Transport::File);
    let account = &mut config.account;
    let linking = &mut account.account_linking;
    let options: &mut ProviderOptions = config.social_providers.get_mut("gitlab").unwrap();
    for word in way.split(' ') {
        match word {
            "sign-in" | "link" | "asks" => {}
            "trusted" => linking.trusted_providers = vec!["github".into(), "gitlab".into()],
            "apart" => linking.enabled = false,
            "explicit" => linking.disable_implicit_linking = true,
            "lax" => linking.require_local_email_verified = false,
            "any-address" => linking.allow_different_emails = true,
            "copies" => linking.update_user_info_on_link = true,
            "keeps" => account.update_account_on_sign_in = false,
            "closed" => options.disable_sign_up = true,
            "on-request" => options.disable_implicit_sign_up = true,
            "must-verify" => options.require_email_verification = true,
            "overrides" => options.override_user_info_on_sign_in = true,
            "mail" => config.email_verification.send_on_sign_in = true,
            "quiet-sign-up" => config.email_verification.send_on_sign_up = Some(false),
            other => panic!("{other} is no option"),
        }
    }
}

/// The provider knows the person as 42.
fn vouch(provider: &Provider, there: &str) {
    let (email, verified) = match there {
        "verified" => (json!("ADA@example.com"), json!(true)),
        "unverified" => (json!(ADA), json!(false)),
        "another" => (json!("another@example.com"), json!(true)),
        "another-unproven" => (json!("another@example.com"), json!(false)),
        "none" => (Value::Null, json!(true)),
        word => (json!(ADA), json!(word.trim_matches('"'))),
    };
    let user = json!({
        "id": 42, "username": "ada", "name": "Ada", "email": email, "avatar_url": "https://i/a.png",
        "state": "active", "locked": false, "email_verified": verified,
    });
    provider.says("/oauth/token", 200, tokens("access"));
    provider.says("/api/v4/user", 200, user);
}

/// Makes the database what the first column says.
fn prepare(tx: &mut Tx<'_>, here: &str) -> Result<(), better_auth::database::DatabaseError> {
    let (state, account) = here.split_once(' ').unwrap_or((here, ""));
    if state == "verified" {
        tx.execute(r#"UPDATE "user" SET "emailVerified" = TRUE"#, &[])?;
    }
    let user = r#"INSERT INTO "user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt")
        VALUES ('other', 'Bob', 'bob@example.com', TRUE, $1, $1)"#;
    let row = |id: &str, user: &str| {
        format!(
            r#"INSERT INTO "account" ("id", "accountId", "providerId", "userId", "accessToken", "scope", "createdAt", "updatedAt")
                SELECT '{id}', '42', 'gitlab', "id", 'old', 'read_user', $1, $1 FROM "user" WHERE "email" = '{user}'"#
        )
    };
    let now = tx.now();
    let mut run = |sql: &str| tx.execute(sql, &[Param::from(now)]);
    match account {
        "mine" => run(&row("a", ADA))?,
        "another" | "twice" | "orphaned" => {
            run(user)?;
            run(&row("b", "bob@example.com"))?
        }
        _ => 0,
    };
    match account {
        "twice" => run(&row("a", ADA))?,
        "orphaned" => {
            // As in a database that was made without foreign keys.
            tx.execute(r#"CREATE TABLE "copy" AS SELECT * FROM "account""#, &[])?;
            tx.execute(r#"DROP TABLE "account""#, &[])?;
            tx.execute(r#"ALTER TABLE "copy" RENAME TO "account""#, &[])?;
            tx.execute(r#"DELETE FROM "user" WHERE "id" = 'other'"#, &[])?
        }
        _ => 0,
    };
    Ok(())
}

/// Ada's ways in, and what became of her: the user who is not the other one.
fn afterwards(site: &Site) -> (String, String) {
    let users = site.auth.api().list_users(&ListUsers::default()).unwrap().users;
    let had = |user: &&better_auth::User| user.id != "other";
    let Some(user) = users.iter().filter(had).min_by_key(|user| user.email != ADA) else {
        return (String::new(), "nobody".to_owned());
    };
    let sql = r#"SELECT "providerId" || COALESCE(' ' || "accessToken" || ' ' || "scope", '') FROM "account"
        WHERE "userId" = $1 ORDER BY "createdAt", "providerId""#;
    let ways =
        site.auth.database().read(|tx| tx.list(sql, &[user.id.as_str().into()], |row| row.text(0)));
    let mut becomes = vec![if user.email_verified { "verified" } else { "unverified" }];
    becomes.extend(user.image.as_ref().map(|_| "picture"));
    becomes.extend((user.email != ADA).then_some("another"));
    (ways.unwrap().join(", "), becomes.join(" "))
}
