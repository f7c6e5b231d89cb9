//! `admin`: "/admin/list-users", "/admin/get-user", "/admin/create-user", "/admin/update-user",
//! "/admin/set-role", "/admin/ban-user", "/admin/unban-user", "/admin/set-user-password", "/admin/remove-user",
//! "/admin/list-user-sessions", "/admin/revoke-user-session", "/admin/revoke-user-sessions",
//! "/admin/impersonate-user", "/admin/stop-impersonating", "/admin/has-permission".

use std::time::Duration;

use better_auth::BetterAuth;
use better_auth::Config;
use better_auth::ListUsers;
use better_auth::NewUser;
use better_auth::Secret;
use better_auth::UserChanges;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::harness::Answer;
use crate::harness::Redis;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::cli::Folder;
use crate::harness::site::PASSWORD;

/// A site, the cookies of an administrator and of Bob, and Bob's id.
struct Stage {
    site: Site,
    admin: String,
    bob: String,
    bob_id: String,
}

impl Stage {
    fn new() -> Self {
        Self::with(json!({}), |_| {})
    }

    fn with(options: Value, change: impl FnOnce(&mut Config)) -> Self {
        let site = Site::with_plugins(|config| {
            config.plugins.insert("admin".to_owned(), options);
            change(config);
        });
        let new = NewUser {
            email: "root@example.com".to_owned(),
            password: Some(Secret::new(PASSWORD)),
            email_verified: true,
            additional: json!({"role": "admin"}).as_object().unwrap().clone(),
            ..NewUser::default()
        };
        site.auth.api().create_user(&new).unwrap();
        let admin = sign_in(&site, "root@example.com").cookies();
        let bob = site.sign_up("bob@example.com");
        let bob_id = bob.json()["user"]["id"].as_str().unwrap().to_owned();
        Self { admin, bob: bob.cookies(), bob_id, site }
    }

    fn post(&self, path: &str, body: &Value) -> Answer {
        self.site.send(Request::post(path).signed_in(&self.admin).json(body))
    }

    fn post_as_bob(&self, path: &str, body: &Value) -> Answer {
        self.site.send(Request::post(path).signed_in(&self.bob).json(body))
    }

    fn get(&self, path: &str) -> Answer {
        self.site.send(Request::get(path).header("cookie", &self.admin))
    }

    fn admin_id(&self) -> String {
        self.site.auth.api().get_user("root@example.com").unwrap().id
    }
}

fn sign_in(site: &Site, email: &str) -> Answer {
    site.post("/sign-in/email", &json!({"email": email, "password": PASSWORD}))
}

#[test]
fn nobody_without_the_permission_does_anything() {
    let stage = Stage::new();
    let id = json!({"userId": stage.bob_id});
    for (path, body, code) in [
        ("/admin/create-user", json!({"email": "a@b.co", "name": ""}), "CREATE_USERS"),
        ("/admin/update-user", json!({"userId": "x", "data": {"name": "y"}}), "UPDATE_USERS"),
        ("/admin/set-role", json!({"userId": "x", "role": "admin"}), "CHANGE_USERS_ROLE"),
        ("/admin/ban-user", id.clone(), "BAN_USERS"),
        ("/admin/unban-user", id.clone(), "BAN_USERS"),
        ("/admin/impersonate-user", id.clone(), "IMPERSONATE_USERS"),
        ("/admin/list-user-sessions", id.clone(), "LIST_USERS_SESSIONS"),
        ("/admin/revoke-user-sessions", id.clone(), "REVOKE_USERS_SESSIONS"),
        ("/admin/revoke-user-session", json!({"sessionToken": "x"}), "REVOKE_USERS_SESSIONS"),
        ("/admin/remove-user", id.clone(), "DELETE_USERS"),
        (
            "/admin/set-user-password",
            json!({"userId": "x", "newPassword": "long enough"}),
            "SET_USERS_PASSWORD",
        ),
    ] {
        let outcome = stage.post_as_bob(path, &body).outcome();
        assert_eq!(outcome, (403, format!("YOU_ARE_NOT_ALLOWED_TO_{code}")), "{path}");
    }
    for (path, code) in [
        ("/admin/list-users", "YOU_ARE_NOT_ALLOWED_TO_LIST_USERS"),
        ("/admin/get-user?id=x", "YOU_ARE_NOT_ALLOWED_TO_GET_USER"),
    ] {
        let answer = stage.site.send(Request::get(path).header("cookie", &stage.bob));
        assert_eq!(answer.outcome(), (403, code.to_owned()), "{path}");
    }
    let role = Request::post("/update-user").signed_in(&stage.bob).json(&json!({"role": "admin"}));
    assert_eq!(stage.site.send(role).outcome(), (400, "FIELD_NOT_ALLOWED".to_owned()));
    let body =
        json!({"email": "eve@example.com", "name": "", "password": PASSWORD, "role": "admin"});
    assert_eq!(stage.site.post("/sign-up/email", &body).outcome().0, 400);
}

#[test]
fn a_list_is_searched_filtered_sorted_and_cut() {
    let stage = Stage::new();
    for name in ["carl", "dora", "100%"] {
        let email = format!("{}@example.org", name.trim_end_matches('%'));
        let body = json!({"email": email, "name": name, "data": {"emailVerified": name == "dora"}});
        assert_eq!(stage.post("/admin/create-user", &body).status, 200);
    }
    let one = stage.get(&format!("/admin/get-user?id={}", stage.bob_id));
    assert_eq!((one.status, &one.json()["email"]), (200, &json!("bob@example.com")));
    let names = |query: &str| {
        let list = stage.get(&format!("/admin/list-users?{query}")).json();
        let names: Vec<String> = list["users"]
            .as_array()
            .unwrap()
            .iter()
            .map(|user| user["email"].as_str().unwrap().split('@').next().unwrap().to_owned())
            .collect();
        (names.join(" "), list["total"].as_u64().unwrap())
    };
    for (query, found, total) in [
        ("sortBy=email", "100 bob carl dora root", 5),
        ("sortBy=email&sortDirection=desc&limit=2&offset=1", "dora carl", 5),
        ("searchValue=EXAMPLE.ORG&sortBy=email", "100 carl dora", 3),
        ("searchValue=ca&searchField=name&searchOperator=starts_with", "carl", 1),
        ("searchValue=%25&searchField=name", "100", 1),
        ("searchValue=.com&searchOperator=ends_with&sortBy=email", "bob root", 2),
        ("filterField=role&filterValue=admin", "root", 1),
        (
            "filterField=role&filterOperator=ne&filterValue=admin&sortBy=email",
            "100 bob carl dora",
            4,
        ),
        ("filterField=emailVerified&filterValue=true&sortBy=email", "dora root", 2),
        ("filterField=email&filterOperator=in&filterValue=bob@example.com", "bob", 1),
        (
            "filterField=email&filterOperator=not_in&filterValue=bob@example.com\
             &filterValue=root@example.com&sortBy=email",
            "100 carl dora",
            3,
        ),
        ("filterField=createdAt&filterOperator=gt&filterValue=2026-11-24", "", 0),
        (
            "filterField=createdAt&filterOperator=lte&filterValue=2026-11-24&limit=1&sortBy=name&sortDirection=desc",
            "dora",
            5,
        ),
        ("searchValue=example.org&filterField=name&filterValue=dora", "dora", 1),
        ("filterField=banned&filterValue=true", "", 0),
        // What makes no sense finds nobody, and nothing of it reaches the database.
        ("filterField=password&filterValue=x", "", 0),
        ("sortBy=email%22;DROP", "", 0),
        ("filterField=email%22--&filterValue=x", "", 0),
        ("filterField=createdAt&filterValue=yesterday", "", 0),
        ("limit=1.5", "", 0),
        ("limit=-1.5", "", 0),
        // As SQLite reads them, whatever the database.
        ("sortBy=email&limit=-1", "100 bob carl dora root", 5),
        ("sortBy=email&limit=2&offset=-1", "100 bob", 5),
        ("sortBy=email&limit=-3&offset=3", "dora root", 5),
        ("filterField=_id&filterOperator=ne&filterValue=x&sortBy=email&limit=1", "100", 5),
    ] {
        assert_eq!(names(query), (found.to_owned(), total), "{query}");
    }
    let list = stage.get("/admin/list-users?limit=2&offset=1").json();
    assert_eq!((&list["limit"], &list["offset"]), (&json!(2), &json!(1)));
    let list = stage.get("/admin/list-users?limit=-2&offset=-1").json();
    assert_eq!((&list["limit"], &list["offset"]), (&json!(-2), &json!(-1)));
    assert_eq!(stage.get("/admin/list-users").json().get("limit"), None);
    let by_id = |name: &str| stage.get(&format!("/admin/list-users?sortBy={name}")).json();
    assert_eq!(by_id("_id"), by_id("id"));
    let wrong = stage.get("/admin/list-users?searchField=password");
    assert_eq!(wrong.outcome(), (400, "VALIDATION_ERROR".to_owned()));
}

#[test]
fn a_field_that_clients_may_not_see_filters_nothing() {
    let stage = Stage::with(json!({}), |config| {
        let hidden = json!({
            "type": "string", "required": false, "returned": false, "fieldName": "hidden_pin",
        });
        config.user.additional_fields =
            [("pin".to_owned(), serde_json::from_value(hidden).unwrap())].into();
    });
    let body = json!({"userId": stage.bob_id, "data": {"pin": "1234"}});
    assert_eq!(stage.post("/admin/update-user", &body).status, 200);
    for query in ["filterField=pin&filterValue=1234", "sortBy=pin", "sortBy=hidden_pin"] {
        let list = stage.get(&format!("/admin/list-users?{query}")).json();
        assert_eq!(list, json!({"users": [], "total": 0}), "{query}");
    }
}

#[test]
fn a_field_is_found_by_the_name_of_its_column_too() {
    let stage = Stage::with(json!({}), |config| {
        let team = json!({"type": "string", "required": false, "fieldName": "team_name"});
        config.user.additional_fields =
            [("team".to_owned(), serde_json::from_value(team).unwrap())].into();
    });
    let body = json!({"userId": stage.bob_id, "data": {"team": "red"}});
    assert_eq!(stage.post("/admin/update-user", &body).status, 200);
    for name in ["team", "team_name"] {
        let list = stage.get(&format!("/admin/list-users?filterField={name}&filterValue=red"));
        assert_eq!(list.json()["users"][0]["id"], stage.bob_id, "{name}");
    }
}

#[test]
fn a_banned_user_is_refused_everywhere_and_their_sessions_die() {
    let stage = Stage::new();
    let answer = stage.post("/admin/ban-user", &json!({"userId": stage.bob_id}));
    assert_eq!(answer.json()["user"]["banReason"], "No reason");
    assert_eq!(stage.site.session(&stage.bob), Value::Null);
    let refused = (403, "BANNED_USER".to_owned());
    assert_eq!(sign_in(&stage.site, "bob@example.com").outcome(), refused);
    let wrong = json!({"email": "bob@example.com", "password": "wrong password"});
    let outcome = stage.site.post("/sign-in/email", &wrong).outcome();
    assert_eq!(outcome, (401, "INVALID_CREDENTIALS".to_owned()), "a stranger learns nothing");
    assert_eq!(
        stage.post("/admin/impersonate-user", &json!({"userId": stage.bob_id})).outcome(),
        refused
    );
    let answer = stage.post("/admin/unban-user", &json!({"userId": stage.bob_id})).json();
    let user = &answer["user"];
    assert_eq!((&user["banned"], &user["banReason"]), (&json!(false), &Value::Null));
    assert_eq!(sign_in(&stage.site, "bob@example.com").status, 200);
}

#[test]
fn a_session_that_outlives_a_ban_by_another_server_is_dead_too() {
    let stage = Stage::new();
    let sql = r#"UPDATE "user" SET "banned" = $1 WHERE "email" = $2"#;
    let params = [true.into(), "bob@example.com".into()];
    let written = stage.site.auth.database().write(|tx| tx.execute(sql, &params));
    assert_eq!(written, Ok(1));
    assert_eq!(stage.site.session(&stage.bob), Value::Null);
}

/// Calls that neither extend a session nor remove it.
#[test]
fn a_session_that_outlives_a_ban_counts_for_no_call_that_only_reads() {
    let stage = Stage::with(json!({}), |config| config.session.defer_session_refresh = true);
    let impersonation =
        stage.post("/admin/impersonate-user", &json!({"userId": stage.bob_id})).cookies();
    let look = || {
        let mut headers = http::HeaderMap::new();
        headers.insert("cookie", stage.bob.parse().unwrap());
        let found = stage.site.auth.api().get_session(&headers).unwrap();
        [found.is_some(), stage.site.session(&stage.bob) != Value::Null]
    };
    let ban = |is_banned: bool| {
        let sql = r#"UPDATE "user" SET "banned" = $1"#;
        let banned = stage.site.auth.database().write(|tx| tx.execute(sql, &[is_banned.into()]));
        assert_eq!(banned, Ok(2));
    };
    let stop = || {
        let request = Request::post("/admin/stop-impersonating").signed_in(&impersonation);
        stage.site.send(request).status
    };
    assert_eq!(look(), [true, true]);
    ban(true);
    assert_eq!(look(), [false, false]);
    // The impersonated user is not banned, the administrator still is.
    let sql = r#"UPDATE "user" SET "banned" = $1 WHERE "email" = 'bob@example.com'"#;
    let pardoned = stage.site.auth.database().write(|tx| tx.execute(sql, &[false.into()]));
    assert_eq!((pardoned, stop()), (Ok(1), 500));
    ban(false);
    assert_eq!((look(), stop()), ([true, true], 200));
}

#[test]
fn a_ban_ends_by_itself() {
    let stage = Stage::with(json!({"defaultBanExpiresIn": 60}), |_| {});
    let ban = |body: Value| stage.post("/admin/ban-user", &body).json()["user"].clone();
    let user = ban(json!({"userId": stage.bob_id, "banReason": "spam", "banExpiresIn": 3600}));
    assert_eq!(user["banExpires"], "2026-11-23T13:00:00.000Z");
    assert_eq!(ban(json!({"userId": stage.bob_id}))["banExpires"], "2026-11-23T12:01:00.000Z");
    stage.site.wait(Duration::from_secs(61));
    let answer = sign_in(&stage.site, "bob@example.com");
    assert_eq!(answer.status, 200, "{answer:?}");
    let user = stage.site.auth.api().get_user("bob@example.com").unwrap();
    assert_eq!(user.additional.get("banned"), Some(&json!(false)));
    assert_eq!(user.additional.get("banReason"), Some(&Value::Null));
}

#[test]
fn nobody_bans_or_removes_themselves() {
    let stage = Stage::new();
    let own = json!({"userId": stage.admin_id()});
    let outcome = |path: &str, body: &Value| stage.post(path, body).code();
    assert_eq!(outcome("/admin/ban-user", &own), "YOU_CANNOT_BAN_YOURSELF");
    assert_eq!(outcome("/admin/remove-user", &own), "YOU_CANNOT_REMOVE_YOURSELF");
    let update = json!({"userId": stage.admin_id(), "data": {"banned": true}});
    assert_eq!(outcome("/admin/update-user", &update), "YOU_CANNOT_BAN_YOURSELF");
    assert_ne!(stage.site.session(&stage.admin), Value::Null);
}

#[test]
fn an_administrator_is_somebody_else_for_a_while_and_comes_back() {
    let stage = Stage::new();
    let answer = stage.post("/admin/impersonate-user", &json!({"userId": stage.bob_id}));
    assert_eq!(answer.json()["session"]["impersonatedBy"], json!(stage.admin_id()));
    assert_eq!(answer.json()["session"]["expiresAt"], "2026-11-23T13:00:00.000Z");
    let cookies = answer.cookies();
    assert_eq!(stage.site.session(&cookies)["user"]["email"], "bob@example.com");
    let list = Request::get("/list-sessions").header("cookie", &stage.bob);
    assert_eq!(stage.site.send(list).json().as_array().unwrap().len(), 1, "Bob does not see it");
    let as_bob = |path: &str| {
        stage.site.send(Request::post(path).signed_in(&cookies).json(&json!({"userId": "x"})))
    };
    assert_eq!(as_bob("/admin/ban-user").status, 403, "it is Bob's permissions that count");
    let back = as_bob("/admin/stop-impersonating");
    assert_eq!(back.json()["user"]["email"], "root@example.com");
    assert_eq!(stage.site.session(&back.cookies())["user"]["email"], "root@example.com");
    assert_eq!(stage.site.session(&cookies), Value::Null, "the other session is over");
    let again = stage.post("/admin/stop-impersonating", &json!({}));
    assert_eq!(again.outcome(), (400, "BAD_REQUEST".to_owned()));
}

#[test]
fn an_impersonation_leads_back_only_to_whoever_began_it() {
    let stage = Stage::new();
    let cookies = stage.post("/admin/impersonate-user", &json!({"userId": stage.bob_id})).cookies();
    // Bob's own session, signed for the other purpose by putting one cookie in the place of another.
    let value = |cookies: &str, name: &str| {
        let all = cookies.split("; ").find(|pair| pair.contains(name)).unwrap().to_owned();
        all.split_once('=').unwrap().1.to_owned()
    };
    let session = value(&cookies, "session_token");
    let other = value(&stage.bob, "session_token");
    let forged = format!("better-auth.session_token={session}; better-auth.admin_session={other}");
    let request = Request::post("/admin/stop-impersonating").signed_in(&forged);
    assert_eq!(stage.site.send(request).status, 500);
    stage.site.auth.api().revoke_all_sessions(&stage.admin_id()).unwrap();
    let request = Request::post("/admin/stop-impersonating").signed_in(&cookies);
    assert_eq!(stage.site.send(request).status, 500, "the administrator's session has ended");
}

#[test]
fn administrators_are_impersonated_only_with_a_permission_of_its_own() {
    let roles = json!({"roles": {
        "admin": {"user": ["impersonate", "ban"]},
        "owner": {"user": ["impersonate", "impersonate-admins"]},
        "user": {},
    }});
    let stage = Stage::with(roles, |_| {});
    let set = |email: &str, role: &str| {
        let user = stage.site.auth.api().get_user(email).unwrap();
        let additional = json!({ "role": role }).as_object().unwrap().clone();
        let changes = UserChanges { additional, ..Default::default() };
        stage.site.auth.api().update_user(&user.id, &changes).unwrap();
    };
    let body = json!({"userId": stage.bob_id});
    set("bob@example.com", "user, admin");
    let refused = (403, "YOU_CANNOT_IMPERSONATE_ADMINS".to_owned());
    assert_eq!(stage.post("/admin/impersonate-user", &body).outcome(), refused);
    set("root@example.com", "owner");
    assert_eq!(stage.post("/admin/impersonate-user", &body).status, 200);
}

#[test]
fn an_impersonation_is_extended_by_neither_a_cookie_nor_a_bearer_token() {
    for expires_in in [1, 24, 7 * 24].map(|hours| Duration::from_secs(hours * 60 * 60)) {
        let stage = Stage::with(json!({}), |config| {
            config.session.expires_in = expires_in;
            config.session.update_age = Duration::ZERO;
        });
        let answer = stage.post("/admin/impersonate-user", &json!({"userId": stage.bob_id}));
        let token = answer.json()["session"]["token"].as_str().unwrap().to_owned();
        let alone = answer.cookies();
        // The first one is the administrator's own session, which was due to be extended.
        let alone = alone.rsplit("; ").find(|pair| pair.contains("session_token")).unwrap();
        let read = || {
            [("authorization", format!("Bearer {token}")), ("cookie", alone.to_owned())].map(
                |(name, value)| stage.site.send(Request::get("/get-session").header(name, value)),
            )
        };
        for _ in 0..6 {
            for answer in read() {
                assert_eq!(answer.json()["session"]["expiresAt"], "2026-11-23T13:00:00.000Z");
                assert_eq!(answer.header("set-auth-token"), None);
            }
            stage.site.wait(Duration::from_secs(10 * 60));
        }
        stage.site.wait(Duration::from_millis(1));
        assert!(read().iter().all(|answer| answer.body == "null"), "{expires_in:?}");
    }
}

/// The tokens and ids that a list of sessions shows.
fn shown(list: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let sessions = list.as_array().unwrap().iter();
    sessions.map(|session| (text(&session["token"]), text(&session["id"]))).collect()
}

#[test]
fn session_tokens_of_a_user_are_shown_only_to_a_caller_who_may_impersonate_them() {
    let roles = json!({"roles": {
        "admin": {"user": ["impersonate"], "session": ["list", "revoke"]},
        "owner": {"user": ["impersonate", "impersonate-admins"], "session": ["list", "revoke"]},
        "support": {"session": ["list", "revoke"]},
        "user": {},
    }});
    let stage = Stage::with(roles, |_| {});
    let give = |id: &str, role: &str| {
        let additional = json!({ "role": role }).as_object().unwrap().clone();
        let changes = UserChanges { additional, ..Default::default() };
        stage.site.auth.api().update_user(id, &changes).unwrap();
    };
    let token = stage.site.session(&stage.bob)["session"]["token"].as_str().unwrap().to_owned();
    for (caller, bob, shows) in [
        ("admin", "user", true),
        ("admin", "admin", false),
        ("owner", "admin", true),
        ("support", "user", false),
    ] {
        give(&stage.admin_id(), caller);
        give(&stage.bob_id, bob);
        let answer = stage.post("/admin/list-user-sessions", &json!({"userId": stage.bob_id}));
        assert!(answer.body.contains(&token) == shows, "{caller} {bob} {answer:?}");
        let [(shown, id)] = &shown(&answer.json()["sessions"])[..] else { panic!("{answer:?}") };
        assert_eq!((shown == &token, shown == id), (shows, !shows), "{caller} {bob}");
        let request =
            Request::get("/get-session").header("authorization", format!("Bearer {shown}"));
        assert_eq!(stage.site.send(request).json() != Value::Null, shows, "{caller} {bob}");
    }
    // The id that was shown revokes the session.
    let list = stage.post("/admin/list-user-sessions", &json!({"userId": stage.bob_id})).json();
    let body = json!({"sessionToken": list["sessions"][0]["token"]});
    assert_eq!(stage.post("/admin/revoke-user-session", &body).status, 200);
    assert_eq!(stage.site.session(&stage.bob), Value::Null);
}

#[test]
fn an_impersonator_sees_no_session_token_of_the_user() {
    let stage = Stage::with(json!({"allowImpersonatingAdmins": true}), |_| {});
    let token = stage.site.session(&stage.bob)["session"]["token"].as_str().unwrap().to_owned();
    assert_eq!(
        stage.post("/admin/set-role", &json!({"userId": stage.bob_id, "role": "admin"})).status,
        200
    );
    let cookies = stage.post("/admin/impersonate-user", &json!({"userId": stage.bob_id})).cookies();
    let get = |path: &str| stage.site.send(Request::get(path).header("cookie", &cookies));
    let post = |path: &str, body: &Value| {
        stage.site.send(Request::post(path).signed_in(&cookies).json(body))
    };
    let own = get("/list-sessions");
    let of_bob = post("/admin/list-user-sessions", &json!({"userId": stage.bob_id}));
    for answer in [&own, &of_bob] {
        assert!(answer.status == 200 && !answer.body.contains(&token), "{answer:?}");
    }
    let [(shown, id)] = &shown(&own.json())[..] else { panic!("{own:?}") };
    assert_eq!(shown, id);
    // Bob sees his own token.
    let list = stage.site.send(Request::get("/list-sessions").header("cookie", &stage.bob));
    assert!(list.body.contains(&token), "{list:?}");
    assert_eq!(post("/revoke-session", &json!({ "token": shown })).status, 200);
    assert_eq!(stage.site.session(&stage.bob), Value::Null);
    assert_ne!(stage.site.session(&cookies), Value::Null);
}

#[test]
fn a_banned_administrator_is_nobody_else_any_more() {
    let stage = Stage::new();
    let cookies = stage.post("/admin/impersonate-user", &json!({"userId": stage.bob_id})).cookies();
    let admin = stage.site.auth.api().get_user("root@example.com").unwrap();
    let additional = json!({"banned": true}).as_object().unwrap().clone();
    let changes = UserChanges { additional, ..Default::default() };
    stage.site.auth.api().update_user(&admin.id, &changes).unwrap();
    assert_eq!(stage.site.session(&cookies), Value::Null);
    assert_eq!(stage.site.session(&stage.admin), Value::Null);
    assert_ne!(stage.site.session(&stage.bob), Value::Null);
}

#[test]
fn a_removed_user_is_gone_with_everything_that_was_theirs() {
    let stage = Stage::new();
    let as_bob = stage.post("/admin/impersonate-user", &json!({"userId": stage.bob_id})).cookies();
    assert_eq!(stage.post("/admin/remove-user", &json!({"userId": stage.bob_id})).status, 200);
    assert_eq!(stage.site.session(&stage.bob), Value::Null);
    assert_eq!(stage.site.session(&as_bob), Value::Null);
    let gone = stage.post("/admin/remove-user", &json!({"userId": stage.bob_id}));
    assert_eq!(gone.outcome(), (404, "USER_NOT_FOUND".to_owned()));
    assert!(stage.site.auth.api().list_accounts(&stage.bob_id).unwrap().is_empty());
}

#[test]
fn a_new_password_ends_the_sessions_of_whoever_knew_the_old_one() {
    let stage = Stage::new();
    let set = |id: &str| {
        let body = json!({"userId": id, "newPassword": "another password"});
        assert_eq!(stage.post("/admin/set-user-password", &body).status, 200);
    };
    set(&stage.bob_id);
    assert_eq!(stage.site.session(&stage.bob), Value::Null);
    let body = json!({"email": "bob@example.com", "password": "another password"});
    assert_eq!(stage.site.post("/sign-in/email", &body).status, 200);
    set(&stage.admin_id());
    assert_ne!(stage.site.session(&stage.admin), Value::Null);
}

#[test]
fn roles_of_the_application_are_the_only_ones_that_can_be_given() {
    let roles = json!({"roles": {
        "admin": {"user": ["create", "set-role", "update", "get"]},
        "support": {"user": ["create", "update", "get"], "session": ["list"]},
    }, "defaultRole": "support"});
    let stage = Stage::with(roles, |_| {});
    let unknown = (400, "YOU_ARE_NOT_ALLOWED_TO_SET_NON_EXISTENT_VALUE".to_owned());
    let set = |role: Value| {
        stage.post("/admin/set-role", &json!({"userId": stage.bob_id, "role": role})).outcome()
    };
    assert_eq!(set(json!("root")), unknown);
    assert_eq!(set(json!(["admin", "constructor"])), unknown);
    let create = json!({"email": "a@b.co", "name": "", "data": {"role": "root"}});
    assert_eq!(stage.post("/admin/create-user", &create).outcome(), unknown);
    // Bob has the default role: he creates and changes users, and gives nobody a role.
    let may_not = (403, "YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE".to_owned());
    for create in [
        json!({"email": "a@b.co", "name": "", "role": "admin"}),
        json!({"email": "a@b.co", "name": "", "data": {"role": "admin"}}),
    ] {
        assert_eq!(stage.post_as_bob("/admin/create-user", &create).outcome(), may_not);
    }
    let update = |data: Value| {
        let body = json!({"userId": stage.bob_id, "data": data});
        stage.post_as_bob("/admin/update-user", &body).outcome()
    };
    assert_eq!(update(json!({"role": "admin"})), may_not);
    assert_eq!(update(json!({"banned": false})).1, "YOU_ARE_NOT_ALLOWED_TO_BAN_USERS");
    assert_eq!(update(json!({"email": "x@y.zz"})).1, "YOU_ARE_NOT_ALLOWED_TO_SET_USERS_EMAIL");
    assert_eq!(update(json!({"emailVerified": true})).1, "YOU_ARE_NOT_ALLOWED_TO_SET_USERS_EMAIL");
    assert_eq!(update(json!({"password": "x"})).1, "PASSWORD_CANNOT_BE_UPDATED_VIA_UPDATE_USER");
    assert_eq!(update(json!({"id": "x"})).1, "USER_ID_CANNOT_BE_UPDATED");
    assert_eq!(update(json!({"name": 5})).1, "VALIDATION_ERROR");
    assert_eq!(update(json!({"name": "Robert"})).0, 200);
}

#[test]
fn what_somebody_may_do_can_be_asked() {
    let stage = Stage::new();
    let ask = |asked: Value| {
        let answer = stage.post("/admin/has-permission", &json!({ "permissions": asked }));
        answer.json()["success"].clone()
    };
    assert_eq!(ask(json!({"user": ["list", "ban"]})), true);
    assert_eq!(ask(json!({"user": ["impersonate-admins"]})), false);
    assert_eq!(ask(json!({"project": ["create"]})), false);
    let body = json!({"permissions": {"user": ["list"]}, "role": "admin"});
    let answer = stage.post_as_bob("/admin/has-permission", &body);
    assert_eq!(answer.json()["success"], false, "a role that is claimed is nobody's");
    assert_eq!(stage.site.post("/admin/has-permission", &body).status, 401);
}

#[test]
fn users_named_by_id_are_administrators_whatever_their_role() {
    let stage = Stage::new();
    let mut config = stage.site.auth.config().clone();
    config.plugins.insert("admin".to_owned(), json!({"adminUserIds": [stage.bob_id]}));
    let auth = BetterAuth::with_clock(config, stage.site.clock.clone()).unwrap();
    let request = http::Request::get("/api/auth/admin/list-users")
        .header("host", "localhost:3000")
        .header("cookie", &stage.bob)
        .body(bytes::Bytes::new())
        .unwrap();
    assert_eq!(auth.handle(request, better_auth::Peer::unknown()).status(), 200);
}

#[test]
fn one_command_makes_the_first_administrator_on_nothing() {
    let folder = Folder::new();
    std::fs::write(folder.path("better-auth.toml"), "[plugins.admin]").unwrap();
    let words = ["create-user", "ada@example.com", "--role", "admin", "--password-stdin", "--json"];
    folder.run_with(&words, "short\n").failed(2, "shorter than 8 characters");
    assert!(!folder.path("better-auth.db").exists(), "what was typed wrong changed nothing");
    let made = folder.run_with(&words, "correct horse battery\n").succeeded();
    assert_eq!(made.json()["role"], "admin");
    assert!(made.stderr.contains("migrated"), "{made:?}");
}

#[test]
fn roles_and_bans_are_given_on_the_command_line() {
    let folder = Folder::new();
    std::fs::write(folder.path("better-auth.toml"), "[plugins.admin]").unwrap();
    folder.create_user("ada@example.com");
    let json = |words: &[&str]| folder.run(&[words, &["--json"]].concat()).succeeded().json();
    assert_eq!(
        json(&["users", "set-role", "ada@example.com", "admin", "user"])["role"],
        "admin,user"
    );
    folder
        .run(&["users", "set-role", "ada@example.com", "amdin"])
        .failed(2, r#"unknown role "amdin"; available: admin, user"#);
    let banned =
        json(&["users", "ban", "ada@example.com", "--reason", "spam", "--expires-in", "7d"]);
    assert_eq!((&banned["banned"], &banned["banReason"]), (&json!(true), &json!("spam")));
    assert!(banned["banExpires"].is_string());
    folder
        .run(&["users", "ban", "ada@example.com", "--expires-in", "soon"])
        .failed(2, "expected a duration such as");
    assert_eq!(json(&["users", "unban", "ada@example.com"])["banned"], false);
    folder.run(&["users", "ban", "nobody@example.com"]).failed(3, "no user has");
    assert_eq!(json(&["users", "update", "ada@example.com", "--role", "user"])["role"], "user");
}

#[test]
fn the_rule_of_a_field_holds_however_the_shell_names_it() {
    let folder = Folder::new();
    std::fs::write(folder.path("better-auth.toml"), "[plugins.admin]").unwrap();
    folder.create_user("ada@example.com");
    let create = ["users", "create", "eve@example.com", "--no-password"];
    let update = ["users", "update", "ada@example.com"];
    let with = |words: &[&str], more: &[&str]| folder.run(&[words, more].concat());
    for words in [&create[..], &update[..]] {
        for more in [&["--role", "boss"][..], &["--field", "role=boss"]] {
            with(words, more).failed(2, r#"unknown role "boss"; available: admin, user"#);
        }
        with(words, &["--field", "role="]).failed(2, r#"unknown role """#);
        with(words, &["--field", "role=user", "--role", "admin"]).failed(2, "role is given twice");
    }
    with(&update, &["--unset", "role"]).failed(2, "role: expected at least one role, such as user");
    with(&update, &["--role", "admin", "--unset", "role"]).failed(2, "role is given twice");
    let shown = folder.run(&["users", "show", "ada@example.com", "--json"]).succeeded().json();
    assert_eq!(shown["user"]["role"], "user");
    assert_eq!(with(&update, &["--field", "role=admin", "--json"]).json()["role"], "admin");
    // Without the plugin a field of that name is the application's.
    folder.configure(
        &json!({"user": {"additionalFields": {"role": {"type": "string", "required": false}}}}),
    );
    std::fs::remove_file(folder.path("better-auth.toml")).unwrap();
    assert_eq!(with(&update, &["--field", "role=boss", "--json"]).json()["role"], "boss");
}

#[test]
fn a_role_that_is_not_declared_is_given_by_nothing() {
    let roles = json!({"roles": {"admin": {"user": ["create", "update", "set-role"]}, "member": {}}, "defaultRole": "guest"});
    let stage = Stage::with(roles, |_| {});
    let additional = |role: Value| Map::from_iter([("role".to_owned(), role)]);
    let api = stage.site.auth.api();
    for role in [json!("boss"), json!("member,boss"), json!(""), json!(null)] {
        let changes =
            UserChanges { additional: additional(role.clone()), ..UserChanges::default() };
        assert!(api.update_user(&stage.bob_id, &changes).is_err(), "{role}");
        let data = json!({"userId": stage.bob_id, "data": {"role": role}});
        assert_eq!(stage.post("/admin/update-user", &data).status, 400, "{role}");
        if !role.is_null() {
            let new = NewUser {
                email: "eve@example.com".to_owned(),
                additional: additional(role.clone()),
                ..NewUser::default()
            };
            assert!(api.create_user(&new).is_err(), "{role}");
        }
    }
    let bob = api.get_user(&stage.bob_id).unwrap();
    assert_eq!(bob.additional.text("role"), Some("guest"), "the default need not be declared");
    let changes = UserChanges { additional: additional(json!("member")), ..UserChanges::default() };
    api.update_user(&stage.bob_id, &changes).unwrap();
}

#[test]
fn a_value_that_another_user_has_is_a_conflict_for_administrators_too() {
    let stage = Stage::with(json!({}), |config| {
        let badge = json!({"badge": {"type": "number", "required": false, "unique": true}});
        config.user.additional_fields = serde_json::from_value(badge).unwrap();
    });
    let create = |email: &str| {
        let body = json!({"email": email, "name": "Eve", "data": {"badge": 7}});
        stage.post("/admin/create-user", &body)
    };
    assert_eq!(create("ada@example.com").status, 200);
    let data = json!({"userId": stage.bob_id, "data": {"badge": 7}});
    for answer in [create("eve@example.com"), stage.post("/admin/update-user", &data)] {
        assert_eq!(answer.outcome(), (409, "VALUE_ALREADY_TAKEN".to_owned()));
        assert_eq!(answer.json()["message"], "badge: another user has this value already");
    }
}

#[test]
fn without_the_plugin_the_commands_say_what_is_missing() {
    let folder = Folder::migrated();
    folder.create_user("ada@example.com");
    for words in [
        &["users", "ban", "ada@example.com"][..],
        &["users", "set-role", "ada@example.com", "admin"],
        &["users", "update", "ada@example.com", "--role", "admin"],
    ] {
        folder.run(words).failed(2, "needs the plugin admin; add [plugins.admin]");
    }
}

/// A request that was let in before a role is lost looks like one whose copy of the administrator is older than the row.
#[test]
fn a_role_that_is_revoked_during_a_request_allows_nothing() {
    let Some(redis) = Redis::start() else { return };
    let stage = Stage::with(json!({}), |config| {
        config.secondary_storage.url = Some(Secret::new(redis.url()));
    });
    let demote = r#"UPDATE "user" SET "role" = 'user' WHERE "email" = 'root@example.com'"#;
    stage.site.auth.database().write(|tx| tx.execute(demote, &[])).unwrap();
    let (bob, root) = (stage.bob_id.clone(), stage.admin_id());
    let before = stage.site.auth.api().list_users(&ListUsers::default()).unwrap();
    for (path, body) in [
        ("/admin/set-role", json!({"userId": root, "role": "admin"})),
        ("/admin/set-role", json!({"userId": bob, "role": "admin"})),
        ("/admin/update-user", json!({"userId": root, "data": {"role": "admin"}})),
        ("/admin/create-user", json!({"email": "eve@example.com", "name": "", "role": "admin"})),
        ("/admin/set-user-password", json!({"userId": bob, "newPassword": "another password"})),
        ("/admin/ban-user", json!({"userId": bob})),
        ("/admin/unban-user", json!({"userId": bob})),
        ("/admin/impersonate-user", json!({"userId": bob})),
        ("/admin/remove-user", json!({"userId": bob})),
    ] {
        assert_eq!(stage.post(path, &body).status, 403, "{path} {body}");
    }
    assert_eq!(stage.site.auth.api().list_users(&ListUsers::default()).unwrap(), before);
    assert_eq!(sign_in(&stage.site, "bob@example.com").status, 200);
}

#[test]
fn a_password_that_is_too_short_makes_no_user() {
    let stage = Stage::new();
    let create = |password: &str| {
        let body = json!({"email": "eve@example.com", "name": "Eve", "password": password});
        stage.post("/admin/create-user", &body)
    };
    assert_eq!(create("1234567").outcome(), (400, "PASSWORD_TOO_SHORT".to_owned()));
    assert!(stage.site.auth.api().find_user("eve@example.com").unwrap().is_none());
    assert_eq!(create("12345678").status, 200);
}

#[test]
fn lists_of_users_are_filtered_by_role_and_by_ban() {
    let site = Site::with_plugins(|_| {});
    let create = |email: &str, role: Option<&str>| {
        let role = role.map(|role| ("role".to_owned(), json!(role)));
        let new = NewUser {
            email: format!("{email}@example.com"),
            additional: role.into_iter().collect(),
            ..NewUser::default()
        };
        site.auth.api().create_user(&new).unwrap().id
    };
    create("ada", Some("admin"));
    create("bob", Some("user, admin"));
    let eve = create("eve", None);
    let mallory = create("mallory", None);
    let run = |operation: &str, input: Value| site.auth.run(operation, input);
    run("users.ban", json!({"user": eve})).unwrap();
    run("users.ban", json!({"user": mallory, "expiresIn": "1h"})).unwrap();
    let listed = |filters: Value| {
        let found =
            run("users.list", json!({"filters": filters, "sort": "email:asc", "total": true}));
        let found = found.unwrap();
        let users = found["users"].as_array().unwrap().iter();
        let names: Vec<String> =
            users.map(|user| user["email"].as_str().unwrap().replace("@example.com", "")).collect();
        assert_eq!(found["total"], names.len());
        names.join(" ")
    };
    assert_eq!(listed(json!({})), "ada bob eve mallory");
    assert_eq!(listed(json!({"banned": true})), "eve mallory");
    assert_eq!(listed(json!({"role": "admin"})), "ada bob");
    assert_eq!(listed(json!({"role": "user"})), "bob eve mallory");
    assert_eq!(listed(json!({"role": "user", "banned": true})), "eve mallory");
    assert_eq!(listed(json!({"role": ["user", "admin"]})), "bob");
    site.wait(Duration::from_secs(3601));
    assert_eq!(listed(json!({"banned": true})), "eve");
    for (filters, said) in [
        (json!({"bannd": true}), "unknown filter \"bannd\"; available: banned, role"),
        (json!({"banned": "yes"}), "the filter banned takes no value"),
        (json!({"role": true}), "the filter role needs a value: ROLE"),
        (json!({"role": "boss"}), "unknown role \"boss\"; available: admin, user"),
    ] {
        let refused = run("users.list", json!({"filters": filters})).unwrap_err();
        assert_eq!(refused.message(), said);
    }
}
