//! One Redis for both, and what either puts into it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::original::Original;
use crate::ours::Site;
use crate::redis::Redis;
use crate::server::Server;
use crate::{EMAIL, PASSWORD};

/// The options that lead to it, for both sides.
pub(crate) fn options(redis: &Redis) -> Value {
    json!({"provider": "redis", "url": redis.url(), "keyPrefix": "ba:"})
}

/// One for each side.
pub(crate) fn two() -> Option<[Redis; 2]> {
    Some([Redis::start()?, Redis::start()?])
}

/// How much of the data is in the database as well.
fn variants() -> [Value; 3] {
    [
        json!({}),
        json!({
            "session": {"storeSessionInDatabase": true},
            "verification": {"storeInDatabase": true},
        }),
        json!({"session": {"storeSessionInDatabase": true, "preserveSessionInDatabase": true}}),
    ]
}

fn with_fields(mut options: Value, redis: &Redis) -> Value {
    options["secondaryStorage"] = self::options(redis);
    let age = json!({"age": {"type": "number", "required": false}});
    options["user"] = json!({"additionalFields": age});
    let note = json!({"note": {"type": "string", "defaultValue": "n", "returned": false}});
    options["session"]["additionalFields"] = note;
    options
}

fn sign_up(server: &Server, email: &str) -> String {
    let body = json!({"name": "Zoë \"Ω\"", "email": email, "password": PASSWORD, "age": 7});
    let answer = server.post("/sign-up/email", &body);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.cookies()
}

fn send(server: &Server, path: &str, cookies: &str, body: &Value) {
    let request = server
        .request("POST", path)
        .header("cookie", cookies)
        .header("origin", server.origin())
        .header("content-type", "application/json");
    let answer = server.send(request.body(body.to_string()).unwrap());
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
}

#[test]
fn sessions_of_either_side_are_read_changed_and_ended_by_the_other() {
    for variant in variants() {
        let Some(redis) = Redis::start() else { return };
        let site = Site::with(with_fields(variant.clone(), &redis));
        let Some(theirs) = Original::serving(&site) else { return };
        let ours = site.serve();
        for (n, (from, to)) in [(&theirs, &ours), (&ours, &theirs)].into_iter().enumerate() {
            let email = format!("{n}@example.com");
            let first = sign_up(from, &email);
            let sign_in = |server: &Server| server.sign_in(&email, PASSWORD).cookies();
            let (second, third) = (sign_in(to), sign_in(from));
            let session = from.get_session(&first);
            assert_eq!(session["user"]["age"], 7, "{variant}");
            assert_eq!(session["session"].get("note"), None, "{variant}");
            assert_eq!(to.get_session(&first), session, "{variant}");
            assert_eq!(from.get_session(&second), to.get_session(&second), "{variant}");
            send(to, "/update-user", &first, &json!({"name": "Lee"}));
            assert_eq!(from.get_session(&second)["user"]["name"], "Lee", "{variant}");
            assert_eq!(to.get_session(&first)["user"]["age"], 7, "{variant}");
            let token = to.get_session(&third)["session"]["token"].clone();
            send(to, "/revoke-session", &first, &json!({"token": token}));
            assert_eq!(from.get_session(&third), Value::Null, "{variant}");
            send(from, "/revoke-other-sessions", &second, &json!({}));
            assert_eq!(to.get_session(&first), Value::Null, "{variant}");
            assert_ne!(to.get_session(&second), Value::Null, "{variant}");
            send(to, "/revoke-sessions", &second, &json!({}));
            assert_eq!(from.get_session(&second), Value::Null, "{variant}");
        }
    }
}

#[test]
fn a_link_that_either_side_gave_out_works_once_at_the_other() {
    for variant in variants() {
        let Some(redis) = Redis::start() else { return };
        let mut options = with_fields(variant.clone(), &redis);
        options["email"] = json!({"transport": "file", "senders": ["reset-password"]});
        let site = Site::with(options);
        let Some(theirs) = Original::serving(&site) else { return };
        let ours = site.serve();
        sign_up(&theirs, EMAIL);
        for (from, to) in [(&theirs, &ours), (&ours, &theirs)] {
            assert_eq!(from.post("/request-password-reset", &json!({"email": EMAIL})).status, 200);
            let token = site.mails().last().unwrap()["token"].clone();
            let body = json!({"token": token, "newPassword": "another horse"});
            assert_eq!(to.post("/reset-password", &body).status, 200, "{variant}");
            for server in [from, to] {
                assert_eq!(server.post("/reset-password", &body).status, 400, "{variant}");
            }
        }
    }
}

#[test]
fn both_put_the_same_things_under_the_same_keys() {
    for variant in variants() {
        let Some(two) = two() else { return };
        let sites = two.each_ref().map(|redis| {
            let mut options = with_fields(variant.clone(), redis);
            options["rateLimit"] = json!({"enabled": true});
            options["email"] = json!({"transport": "file", "senders": ["reset-password"]});
            options["advanced"] = json!({"ipAddress": {"trustedProxies": ["127.0.0.1"]}});
            Site::with(options)
        });
        let Some(theirs) = Original::serving(&sites[0]) else { return };
        sites[1].better_auth(&["migrate", "--yes"]).assert().success();
        let ours = sites[1].serve();
        let mut seen = Vec::new();
        for (server, redis) in [(&theirs, &two[0]), (&ours, &two[1])] {
            let cookies = sign_up(server, EMAIL);
            let after_sign_up = shape(redis);
            let forgetful = json!({"email": EMAIL, "password": PASSWORD, "rememberMe": false});
            server.post("/sign-in/email", &forgetful);
            server.post("/request-password-reset", &json!({"email": EMAIL}));
            let after_more = shape(redis);
            send(server, "/update-user", &cookies, &json!({"name": "Lee"}));
            send(server, "/revoke-sessions", &cookies, &json!({}));
            seen.push([after_sign_up, after_more, shape(redis)]);
        }
        for (theirs, ours) in seen[0].iter().zip(&seen[1]) {
            assert_eq!(theirs, ours, "{variant}");
        }
    }
}

/// What the keys begin with that the original does not have (`docs/redis.md`).
const OURS: [&str; 2] = ["void-verifications:", "failed-attempts:"];

/// Every key with the time that is left and the form of its text, without what is new each time.
fn shape(redis: &Redis) -> BTreeMap<String, Value> {
    let mut shapes = BTreeMap::new();
    for key in redis.keys() {
        let text = redis.get(&key).unwrap();
        let hours = (redis.ttl(&key) + 1800) / 3600;
        let seconds =
            if hours == 0 { "less than half an hour".to_owned() } else { format!("{hours} h") };
        let name = key.strip_prefix("ba:").unwrap();
        if OURS.iter().any(|ours| name.starts_with(ours)) {
            continue;
        }
        let known =
            ["active-sessions-", "revoked-sessions-before-", "verification:reset-password:"];
        let name = match known.iter().find(|known| name.starts_with(*known)) {
            Some(known) => known,
            None => name.split_once('|').map_or("<token>", |(_, path)| path),
        };
        let value = serde_json::from_str(&text).unwrap_or(Value::Null);
        let entry = json!({"lives": seconds, "text": form(&value)});
        shapes.insert(format!("{name} {hours}"), entry);
    }
    shapes
}

/// The members of objects and the kinds of values; without the members that are ours alone.
fn form(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let is_ours = |name: &str| ["voidMark", "voidAllMark"].contains(&name);
            let theirs = members.iter().filter(|(name, _)| !is_ours(name));
            let sorted: BTreeMap<_, _> = theirs.map(|(name, value)| (name, form(value))).collect();
            json!(sorted)
        }
        Value::Array(items) => items.iter().map(form).collect(),
        Value::String(text) if text.ends_with('Z') && text.len() == 24 => json!("<time>"),
        Value::String(text) if text.len() < 10 => json!(text),
        Value::String(_) => json!("<text>"),
        Value::Number(number) if number.as_i64().is_some_and(|n| 1_000_000_000_000 < n) => {
            json!("<ms>")
        }
        other => other.clone(),
    }
}
