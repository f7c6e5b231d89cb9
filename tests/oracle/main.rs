//! The real Better Auth beside ours, on one database and with one secret: what either writes, the other uses.
#![cfg(test)]

mod client;
mod compare;
mod document;
mod original;
mod ours;
#[expect(dead_code, reason = "the other suite uses more of it")]
#[path = "../it/harness/patience.rs"]
mod patience;
#[expect(dead_code, reason = "the other suite uses more of it")]
#[path = "../it/harness/postgres.rs"]
mod postgres;
mod postgresql;
mod presence;
#[expect(dead_code, reason = "the other suite uses more of it")]
#[path = "../it/harness/redis.rs"]
mod redis;
mod restrictions;
mod rules;
mod scenarios;
mod server;
mod shared_options;
mod storage;

use std::fs;

use better_auth::Secret;
use better_auth::client::{AuthClient, SignUpEmail};
use serde_json::{Value, json};

use crate::original::{OLDER, Original};
use crate::ours::Site;

const EMAIL: &str = "ann@example.com";
const PASSWORD: &str = "correct horse battery";

#[test]
fn a_database_made_by_the_original_needs_no_migration() {
    let Some((site, theirs)) = both() else { return };
    theirs.sign_up("Ann", EMAIL, PASSWORD);
    let before = fs::read(site.database()).unwrap();
    site.better_auth(&["migrate", "status"]).assert().success();
    let done = site.better_auth(&["migrate"]).assert().success();
    let said = String::from_utf8_lossy(&done.get_output().stderr).into_owned()
        + &String::from_utf8_lossy(&done.get_output().stdout);
    assert!(said.contains("up to date"), "{said}");
    let after = fs::read(site.database()).unwrap();
    assert!(before == after, "the file was written to");
}

#[test]
fn our_list_shows_the_user_whom_the_original_signed_up() {
    let Some((site, theirs)) = both() else { return };
    let signed_up = theirs.sign_up("Zoë Ω", EMAIL, PASSWORD);
    assert_eq!(users(&site), json!([signed_up.body["user"]]));
}

#[test]
fn our_server_signs_in_with_the_password_that_the_original_hashed() {
    let Some((site, theirs)) = both() else { return };
    let signed_up = theirs.sign_up("Ann", EMAIL, PASSWORD);
    let server = site.serve();
    let reply = server.sign_in(EMAIL, PASSWORD);
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.json()["user"], signed_up.body["user"]);
    assert_eq!(server.sign_in(EMAIL, "wrong horse battery").status, 401);
}

#[test]
fn a_sign_in_here_leaves_the_password_readable_for_the_original() {
    let Some((site, theirs)) = both() else { return };
    theirs.sign_up("Ann", EMAIL, PASSWORD);
    assert_eq!(site.serve().sign_in(EMAIL, PASSWORD).status, 200);
    assert_eq!(theirs.sign_in(EMAIL, PASSWORD).status, 200);
}

#[test]
fn the_original_signs_in_a_user_whom_our_command_created() {
    let Some((site, theirs)) = both() else { return };
    // One password in the original's format is what tells us whose database this is.
    theirs.sign_up("Ann", EMAIL, PASSWORD);
    create_ben(&site);
    let reply = theirs.sign_in("ben@example.com", "another horse");
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.body["user"]["name"], "Ben");
    let listed = users(&site);
    assert!(listed.as_array().unwrap().contains(&reply.body["user"]), "{listed}");
}

#[test]
fn the_original_signs_in_a_user_who_signed_up_at_our_server() {
    let Some((site, theirs)) = both() else { return };
    theirs.sign_up("Ann", EMAIL, PASSWORD);
    // Full-width letters: both sides must normalise before they hash.
    let ben = json!({"name": "Ben", "email": "Ben@Example.com", "password": "ＡＢＣＤ１２３４"});
    let signed_up = site.serve().post("/sign-up/email", &ben);
    assert_eq!(signed_up.status, 200, "{signed_up:?}");
    let reply = theirs.sign_in("ben@example.com", "ABCD1234");
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.body["user"], signed_up.json()["user"]);
}

#[test]
fn the_original_accepts_a_session_cookie_that_we_issued() {
    let Some((site, theirs)) = both() else { return };
    theirs.sign_up("Ann", EMAIL, PASSWORD);
    let server = site.serve();
    let cookie = server.sign_in(EMAIL, PASSWORD).cookies();
    let session = theirs.get_session(&cookie);
    assert_eq!(session["user"]["email"], EMAIL);
    assert_eq!(session, server.get_session(&cookie));
}

#[test]
fn we_accept_a_session_cookie_that_the_original_issued() {
    let Some((site, theirs)) = both() else { return };
    let cookie = theirs.sign_up("Ann", EMAIL, PASSWORD).cookie();
    let session = site.serve().get_session(&cookie);
    assert_eq!(session["user"]["email"], EMAIL);
    assert_eq!(session, theirs.get_session(&cookie));
}

#[test]
fn a_session_that_we_ended_is_dead_for_the_original() {
    let Some((site, theirs)) = both() else { return };
    let cookie = theirs.sign_up("Ann", EMAIL, PASSWORD).cookie();
    assert_eq!(site.serve().sign_out(&cookie).status, 200);
    assert_eq!(theirs.get_session(&cookie), Value::Null);
}

#[test]
fn databases_of_older_releases_are_shared_in_the_same_way() {
    for version in OLDER {
        let site = Site::new();
        let Some(theirs) = Original::of(version, &site) else {
            return;
        };
        work_side_by_side(version, &site, &theirs);
    }
}

#[test]
fn both_answer_alike_to_the_same_requests() {
    let Some((_folder, theirs)) = both() else {
        return;
    };
    let site = Site::new();
    site.better_auth(&["migrate", "--yes"]).assert().success();
    let problems = compare::problems(&theirs.serve(), &site.serve());
    assert!(problems.is_empty(), "{}:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn both_trust_the_same_places() {
    let problems = rules::problems();
    assert!(problems.is_empty(), "{}:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn both_let_the_same_pages_in_and_lead_to_the_same_places() {
    let options = json!({
        "trustedOrigins": rules::TRUSTED,
        "email": {"transport": "file", "senders": ["verification", "reset-password", "delete-account"]},
    });
    let site = Site::with(options.clone());
    let Some(theirs) = Original::serving(&site) else { return };
    let ours = Site::with(options);
    ours.better_auth(&["migrate", "--yes"]).assert().success();
    let problems = rules::problems_of_requests(&theirs, &ours.serve());
    assert!(problems.is_empty(), "{}:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn both_answer_alike_under_the_same_options() {
    let mut problems = Vec::new();
    for scenario in scenarios::all() {
        let site = Site::with(scenario.options());
        let Some(original) = Original::serving(&site) else { return };
        let ours = Site::with(scenario.options());
        ours.better_auth(&["migrate", "--yes"]).assert().success();
        let found = scenario.problems((&original, &site), (&ours.serve(), &ours));
        problems.extend(found.iter().map(|problem| format!("{}: {problem}", scenario.name())));
    }
    assert!(problems.is_empty(), "{}:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn both_answer_alike_with_a_secondary_storage() {
    let mut problems = Vec::new();
    for scenario in scenarios::all().iter().filter(|one| one.is_for_storages()) {
        let Some(redis) = storage::two() else { return };
        let [site, ours] = redis.each_ref().map(|redis| {
            let mut options = scenario.options();
            options["secondaryStorage"] = storage::options(redis);
            Site::with(options)
        });
        let Some(original) = Original::serving(&site) else { return };
        ours.better_auth(&["migrate", "--yes"]).assert().success();
        let found = scenario.problems((&original, &site), (&ours.serve(), &ours));
        problems.extend(found.iter().map(|problem| format!("{}: {problem}", scenario.name())));
    }
    assert!(problems.is_empty(), "{}:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn a_cached_session_of_either_side_is_read_by_the_other() {
    for strategy in ["compact", "jwt", "jwe"] {
        let cache = json!({"enabled": true, "strategy": strategy});
        let fields = json!({"age": {"type": "number", "required": false}});
        let options = json!({
            "session": {"cookieCache": cache},
            "user": {"additionalFields": fields},
        });
        let site = Site::with(options);
        let Some(theirs) = Original::serving(&site) else { return };
        let ours = site.serve();
        for (from, to) in [(&theirs, &ours), (&ours, &theirs)] {
            let email = format!("{strategy}{}@example.com", from.origin().len());
            let ann = json!({"name": "Zoë \"Ω\" \u{2028}", "email": email, "password": PASSWORD, "age": 7});
            let cookies = from.post("/sign-up/email", &ann).cookies();
            let session = from.get_session(&cookies);
            assert_eq!(session["user"]["age"], 7, "{strategy}");
            // Only the copy knows of it now.
            let revoke = ["sessions", "revoke", session["session"]["token"].as_str().unwrap()];
            site.better_auth(&revoke).assert().success();
            assert_eq!(to.get_session(&cookies), session, "{strategy}");
            let token = cookies.split(';').next().unwrap();
            assert_eq!(to.get_session(token), Value::Null, "{strategy}");
        }
    }
}

#[test]
fn the_official_client_is_answered_alike_by_both() {
    let Some((_folder, theirs)) = both() else {
        return;
    };
    let site = Site::new();
    let (theirs, ours) = (client::steps(&theirs.serve()), client::steps(&site.serve()));
    assert!(25 < theirs.len());
    for (theirs, ours) in theirs.iter().zip(&ours) {
        assert_eq!(theirs, ours);
    }
    assert_eq!(theirs.len(), ours.len());
}

#[test]
fn the_official_client_goes_by_mail_alike_on_both() {
    let senders = ["verification", "reset-password", "change-email", "delete-account"];
    let options = json!({
        "user": {"changeEmail": {"enabled": true}},
        "email": {"transport": "file", "senders": senders},
    });
    let site = Site::with(options.clone());
    let Some(theirs) = Original::serving(&site) else { return };
    let theirs = client::steps_by_mail(&theirs, &site.mail_file());
    let site = Site::with(options);
    let ours = client::steps_by_mail(&site.serve(), &site.mail_file());
    assert!(20 < theirs.len());
    for (theirs, ours) in theirs.iter().zip(&ours) {
        assert_eq!(theirs, ours);
    }
    assert_eq!(theirs.len(), ours.len());
}

#[test]
fn the_official_clients_plugins_are_answered_alike_by_both() {
    let options = json!({"plugins": {"admin": {"defaultRole": "admin"}, "username": {}}});
    let site = Site::with(options.clone());
    let Some(theirs) = Original::serving(&site) else { return };
    let theirs = client::steps_of_plugins(&theirs);
    let site = Site::with(options);
    site.better_auth(&["migrate", "--yes"]).assert().success();
    let ours = client::steps_of_plugins(&site.serve());
    assert!(35 < theirs.len());
    for (theirs, ours) in theirs.iter().zip(&ours) {
        assert_eq!(theirs, ours);
    }
    assert_eq!(theirs.len(), ours.len());
}

#[test]
fn whatever_the_original_describes_is_described_here() {
    let fields = json!({"age": {"type": "number"}, "nick": {"type": "string", "required": false}});
    let options = json!({
        "plugins": {"admin": {}, "bearer": {}, "open-api": {}, "username": {}},
        "user": {"additionalFields": fields},
    });
    let site = Site::with(options.clone());
    let Some(theirs) = Original::serving(&site) else { return };
    let site = Site::with(options);
    site.better_auth(&["migrate", "--yes"]).assert().success();
    let problems = document::problems(&document::of(&theirs), &document::of(&site.serve()));
    assert!(problems.is_empty(), "{}:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn what_plugins_wrote_on_either_side_counts_on_the_other() {
    let plugins = json!({"admin": {"defaultRole": "admin"}, "username": {}, "bearer": {}});
    let site = Site::with(json!({ "plugins": plugins }));
    let Some(theirs) = Original::serving(&site) else { return };
    // Their columns are all that ours need.
    site.better_auth(&["migrate", "status"]).assert().success();
    let ours = site.serve();
    for (here, there, name) in [(&theirs, &ours, "Ann"), (&ours, &theirs, "Bob")] {
        let email = format!("{name}@example.com");
        let new = json!({"name": name, "email": email, "password": PASSWORD, "username": name});
        let signed_up = here.post("/sign-up/email", &new);
        let by_name = json!({"username": name, "password": PASSWORD});
        let signed_in = there.post("/sign-in/username", &by_name);
        assert_eq!(signed_in.json()["user"], signed_up.json()["user"]);
        let boss = json!({"name": "Boss", "email": format!("boss-of-{name}@example.com"), "password": PASSWORD});
        let boss = here.post("/sign-up/email", &boss).cookies();
        let id = &signed_up.json()["user"]["id"];
        let ask = |server: &server::Server, path: &str, body: Value| {
            let request = server.request("POST", path).header("cookie", &boss);
            let request = request.header("origin", server.origin());
            server.send(
                request.header("content-type", "application/json").body(body.to_string()).unwrap(),
            )
        };
        // An administrator of one side is one of the other; so is their being somebody else.
        let role = json!({"userId": id, "role": "user"});
        assert_eq!(ask(there, "/admin/set-role", role).status, 200);
        let as_user = ask(here, "/admin/impersonate-user", json!({ "userId": id }));
        assert_eq!(as_user.status, 200, "{as_user:?}");
        let cookies = as_user.cookies();
        assert_eq!(there.get_session(&cookies), here.get_session(&cookies));
        let request = there.request("POST", "/admin/stop-impersonating").header("cookie", &cookies);
        let back = there.send(request.header("origin", there.origin()).body(()).unwrap());
        assert_eq!(back.status, 200, "{back:?}");
        assert_eq!(here.get_session(&cookies), Value::Null);
        // Who is banned here is banned there.
        let ban = json!({"userId": id, "banReason": "spam", "banExpiresIn": 3600});
        assert_eq!(ask(here, "/admin/ban-user", ban).status, 200);
        for server in [here, there] {
            let refused = server.post("/sign-in/username", &by_name);
            assert_eq!((refused.status, &refused.json()["code"]), (403, &json!("BANNED_USER")));
        }
        assert_eq!(ask(there, "/admin/unban-user", json!({ "userId": id })).status, 200);
        assert_eq!(here.post("/sign-in/username", &by_name).status, 200);
    }
}

#[test]
fn our_client_is_understood_by_the_original() {
    let google = json!({"clientId": "id", "clientSecret": "secret"});
    let site = Site::with(json!({
        "socialProviders": {"google": google},
        "session": {"additionalFields": {"theme": {"type": "string", "required": false}}},
    }));
    let Some(theirs) = Original::serving(&site) else { return };
    let client = AuthClient::new(theirs.origin()).unwrap();
    let password = Secret::new(PASSWORD);
    let new = SignUpEmail::new("Ann", EMAIL, password.clone());
    let user = client.sign_up().email(&new).unwrap().user;
    assert_eq!(client.get_session().unwrap().unwrap().user, user);
    let theme = json!({"theme": "dark"}).as_object().unwrap().clone();
    let session = client.update_session(&theme).unwrap();
    assert_eq!(session.additional.get("theme"), Some(&json!("dark")));
    client.change_password(&password, &Secret::new("another horse"), true).unwrap();
    client.sign_out().unwrap();
    assert_eq!(client.get_session().unwrap(), None);
    let refused = client.sign_in().email(EMAIL, &password).unwrap_err();
    assert_eq!((refused.status(), refused.code()), (Some(401), Some("INVALID_EMAIL_OR_PASSWORD")));
    let page = client.sign_in().social("google", "/dashboard").unwrap();
    assert!(page.redirect && page.url.starts_with("https://accounts.google.com/"), "{page:?}");
    let refused = client.sign_in().social("nobody", "/").unwrap_err();
    assert_eq!((refused.status(), refused.code()), (Some(404), Some("PROVIDER_NOT_FOUND")));
}

#[test]
fn our_client_goes_by_mail_on_both() {
    let senders = ["verification", "reset-password", "change-email", "delete-account"];
    let options = json!({
        "user": {"changeEmail": {"enabled": true}},
        "email": {"transport": "file", "senders": senders},
    });
    let site = Site::with(options.clone());
    let Some(theirs) = Original::serving(&site) else { return };
    go_by_mail(theirs.origin(), &site);
    let site =
        Site::with(json!({"baseURL": null, "email": options["email"], "user": options["user"]}));
    let ours = site.serve();
    go_by_mail(ours.root(), &site);
}

fn go_by_mail(address: &str, site: &Site) {
    let token = || site.mails().last().unwrap()["token"].as_str().unwrap().to_owned();
    let client = AuthClient::new(address).unwrap();
    let (old, new) = (Secret::new(PASSWORD), Secret::new("another horse"));
    client.sign_up().email(&SignUpEmail::new("Ann", EMAIL, old.clone())).unwrap();
    client.request_password_reset(EMAIL, Some("/reset")).unwrap();
    client.reset_password(&token(), &new).unwrap();
    assert_eq!(client.sign_in().email(EMAIL, &old).unwrap_err().status(), Some(401));
    client.sign_in().email(EMAIL, &new).unwrap();
    client.send_verification_email(EMAIL, None).unwrap();
    assert_eq!(client.verify_email(&token()).unwrap(), None);
    client.change_email("lee@example.com", Some("/done")).unwrap();
    assert_eq!(client.verify_email(&token()).unwrap(), None);
    let user = client.verify_email(&token()).unwrap().unwrap();
    assert_eq!((user.email.as_str(), user.email_verified), ("lee@example.com", true));
    client.delete_user(None).unwrap();
    client.delete_user_with_token(&token()).unwrap();
    assert_eq!(client.get_session().unwrap(), None);
}

/// A folder for our binary, with a database that the original made, or `None` where the original cannot run.
fn both() -> Option<(Site, Original)> {
    let site = Site::new();
    let original = Original::beside(&site)?;
    Some((site, original))
}

/// A release on a database and ours on the same one: each knows the sessions and the users of the other.
fn work_side_by_side(version: &str, site: &Site, theirs: &Original) {
    let cookie = theirs.sign_up("Ann", EMAIL, PASSWORD).cookie();
    site.better_auth(&["migrate"]).assert().success();
    let server = site.serve();
    assert_eq!(server.get_session(&cookie), theirs.get_session(&cookie), "{version}");
    let session = theirs.get_session(&server.sign_in(EMAIL, PASSWORD).cookies());
    assert_eq!(session["user"]["email"], EMAIL, "{version}");
    create_ben(site);
    let reply = theirs.sign_in("ben@example.com", "another horse");
    assert_eq!(reply.status, 200, "{version}: {reply:?}");
}

fn create_ben(site: &Site) {
    let words = ["--email", "ben@example.com", "--name", "Ben", "--password-stdin"];
    let mut command = site.better_auth(&["users", "create"]);
    command.args(words).write_stdin("another horse\n").assert().success();
}

/// The users that our list prints.
fn users(site: &Site) -> Value {
    let done = site.better_auth(&["--output", "json", "users", "list"]).assert().success();
    let mut list: Value = serde_json::from_slice(&done.get_output().stdout).unwrap();
    list["users"].take()
}
