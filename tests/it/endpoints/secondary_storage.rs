//! Sessions, values that work once and counts in a secondary storage [contract 11.6].

use std::sync::Arc;
use std::time::Duration;

use better_auth::BetterAuth;
use better_auth::Config;
use better_auth::Secret;
use better_auth::config::RateLimitStorage;
use serde_json::Value;
use serde_json::json;

use super::social;
use crate::harness::Provider;
use crate::harness::Redis;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::site::PASSWORD;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How much of the data is in rows as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rows {
    Absent,
    Truth,
    Record,
}

pub(super) const ALL: [Rows; 3] = [Rows::Absent, Rows::Truth, Rows::Record];

/// A site on a Redis of its own; `None` where there is none.
fn site(rows: Rows, change: impl FnOnce(&mut Config)) -> Option<(Site, Redis)> {
    let redis = Redis::start()?;
    let url = redis.url();
    let site = Site::with_mail(|config| {
        keep(config, &url, rows);
        change(config);
    });
    Some((site, redis))
}

/// Sessions in this Redis, and in rows as well or not.
pub(super) fn keep(config: &mut Config, url: &str, rows: Rows) {
    config.secondary_storage.url = Some(Secret::new(url));
    config.session.store_session_in_database = rows != Rows::Absent;
    config.session.preserve_session_in_database = rows == Rows::Record;
}

pub(super) fn sign_in(site: &Site) -> String {
    let body = json!({"email": "ada@example.com", "password": PASSWORD});
    let answer = site.post("/sign-in/email", &body);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.cookies()
}

pub(super) fn token(cookies: &str) -> &str {
    cookies.split(['=', '.']).nth(2).unwrap()
}

pub(super) fn key(name: &str) -> String {
    format!("better-auth:{name}")
}

pub(super) fn is_alive(site: &Site, cookies: &str) -> bool {
    site.session(cookies) != Value::Null
}

pub(super) fn user_id(site: &Site, cookies: &str) -> String {
    site.session(cookies)["user"]["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_session_is_kept_as_better_auth_keeps_it() {
    for rows in ALL {
        let Some((site, redis)) = site(rows, |config| {
            let plan = json!({"plan": {"type": "string", "defaultValue": "free"}});
            let hidden =
                json!({"note": {"type": "string", "defaultValue": "n", "returned": false}});
            config.session.additional_fields = serde_json::from_value(hidden).unwrap();
            config.user.additional_fields = serde_json::from_value(plan).unwrap();
        }) else {
            return;
        };
        let cookies = site.sign_up("ada@example.com").cookies();
        let answered = site.session(&cookies);
        assert_eq!(answered["session"].get("note"), None, "{rows:?}");
        let id = user_id(&site, &cookies);
        let lists = key(&format!("active-sessions-{id}"));
        let mut keys = [key(token(&cookies)), lists.clone()];
        keys.sort();
        assert_eq!(redis.keys(), keys);
        let mut copy: Value =
            serde_json::from_str(&redis.get(&key(token(&cookies))).unwrap()).unwrap();
        assert_eq!(copy["session"]["note"], "n", "{rows:?}");
        copy["session"].as_object_mut().unwrap().shift_remove("note");
        assert_eq!(copy, answered, "{rows:?}");
        let list = format!(r#"[{{"token":"{}","expiresAt":1796040000000}}]"#, token(&cookies));
        assert_eq!(redis.get(&lists).unwrap(), list);
        for key in redis.keys() {
            assert!((604_700..=604_800).contains(&redis.ttl(&key)), "{key}: {}", redis.ttl(&key));
        }
        let has_rows = [rows != Rows::Absent, true];
        let tables = ["session", "user"].map(|table| {
            let sql = format!(r#"SELECT COUNT(*) FROM "{table}""#);
            site.auth.database().read(|tx| tx.find(&sql, &[], |row| row.integer(0))).ok()
                == Some(Some(1))
        });
        assert_eq!(tables, has_rows, "{rows:?}");
    }
}

#[test]
fn whoever_is_not_remembered_is_forgotten_within_a_day() {
    let Some((site, redis)) = site(Rows::Absent, |_| {}) else { return };
    site.sign_up("ada@example.com");
    let body = json!({"email": "ada@example.com", "password": PASSWORD, "rememberMe": false});
    let cookies = site.post("/sign-in/email", &body).cookies();
    assert!((86_300..=86_400).contains(&redis.ttl(&key(token(&cookies)))));
}

#[test]
fn a_session_that_is_used_lives_on_in_the_storage() {
    for rows in ALL {
        let Some((site, redis)) = site(rows, |_| {}) else { return };
        let cookies = site.sign_up("ada@example.com").cookies();
        site.wait(DAY);
        let extended = site.session(&cookies);
        assert_eq!(extended["session"]["expiresAt"], "2026-12-01T12:00:00.000Z", "{rows:?}");
        let copy: Value = serde_json::from_str(&redis.get(&key(token(&cookies))).unwrap()).unwrap();
        assert_eq!(copy, extended, "{rows:?}");
        let list =
            redis.get(&key(&format!("active-sessions-{}", user_id(&site, &cookies)))).unwrap();
        assert!(list.contains("1796126400000"), "{list}");
        site.wait(DAY * 7 + Duration::from_millis(1));
        assert!(!is_alive(&site, &cookies), "{rows:?}");
        assert_eq!(redis.get(&key(token(&cookies))), None, "{rows:?}");
    }
}

#[test]
fn a_session_is_listed_until_the_moment_at_which_it_ends() {
    for rows in ALL {
        let change = |config: &mut Config| {
            config.session.disable_session_refresh = true;
            config.session.fresh_age = Duration::ZERO;
        };
        let Some((site, _redis)) = site(rows, change) else { return };
        let cookies = site.sign_up("ada@example.com").cookies();
        let list = || site.send(Request::get("/list-sessions").header("cookie", &cookies)).json();
        site.wait(Duration::from_millis(7 * 24 * 60 * 60 * 1000 - 1));
        assert_eq!(list().as_array().unwrap().len(), 1, "{rows:?}");
        site.wait(Duration::from_millis(1));
        assert_eq!(list(), json!([]), "{rows:?}");
    }
}

#[test]
fn sessions_end_everywhere_and_are_not_listed_any_more() {
    for rows in ALL {
        let Some((site, redis)) = site(rows, |_| {}) else { return };
        let first = site.sign_up("ada@example.com").cookies();
        let bob = site.sign_up("bob@example.com").cookies();
        let [second, third, fourth] = [(); 3].map(|()| sign_in(&site));
        let alive =
            || [&first, &second, &third, &fourth, &bob].map(|cookies| is_alive(&site, cookies));
        let list = |cookies: &str| {
            let answer = site.send(Request::get("/list-sessions").header("cookie", cookies));
            answer.json().as_array().map_or(0, Vec::len)
        };
        assert_eq!(list(&first), 4);
        let post = |path: &str, cookies: &str, body: Value| {
            let answer = site.send(Request::post(path).signed_in(cookies).json(&body));
            assert_eq!(answer.status, 200, "{path}: {answer:?}");
        };
        // Somebody else's stays, and so does what is no session at all.
        let id = user_id(&site, &bob);
        for named in [token(&bob), &format!("active-sessions-{id}"), "nonsense"] {
            post("/revoke-session", &first, json!({"token": named}));
        }
        assert_eq!(alive(), [true; 5], "{rows:?}");
        post("/revoke-session", &first, json!({"token": token(&fourth)}));
        assert_eq!(alive(), [true, true, true, false, true], "{rows:?}");
        post("/sign-out", &third, json!({}));
        assert_eq!((alive(), list(&first)), ([true, true, false, false, true], 2), "{rows:?}");
        post("/revoke-other-sessions", &second, json!({}));
        assert_eq!(alive(), [false, true, false, false, true], "{rows:?}");
        post("/revoke-sessions", &second, json!({}));
        assert_eq!(alive(), [false, false, false, false, true], "{rows:?}");
        let id = user_id(&site, &bob);
        let left = redis.keys();
        assert_eq!(
            left.iter().filter(|key| key.contains("active-sessions-")).count(),
            1,
            "{left:?}"
        );
        assert!(left.contains(&key(&format!("active-sessions-{id}"))), "{left:?}");
        if rows != Rows::Absent {
            // A record stays, and says that it is over.
            let kept = site.stored("session");
            assert_eq!(kept, if rows == Rows::Record { 5 } else { 1 }, "{rows:?}");
        }
    }
}

#[test]
fn a_session_that_another_server_is_still_writing_is_dead_once_all_of_them_ended() {
    let Some((site, redis)) = site(Rows::Absent, |_| {}) else { return };
    let cookies = site.sign_up("ada@example.com").cookies();
    let (name, id) = (key(token(&cookies)), user_id(&site, &cookies));
    let listed = key(&format!("active-sessions-{id}"));
    let [copy, list] = [&name, &listed].map(|key| redis.get(key).unwrap());
    site.wait(Duration::from_secs(1));
    site.auth.api().revoke_all_sessions(&id).unwrap();
    let mark = key(&format!("revoked-sessions-before-{id}"));
    assert_eq!(redis.get(&mark).unwrap(), "1795435201000");
    // As a server does that was a little slower.
    write(&redis, &name, &copy);
    write(&redis, &listed, &list);
    assert!(!is_alive(&site, &cookies));
    let again = sign_in(&site);
    assert!(is_alive(&site, &again));
    let shown = site.send(Request::get("/list-sessions").header("cookie", &again)).json();
    assert_eq!(shown.as_array().unwrap().len(), 1, "{shown}");
}

/// Puts a text under a key.
pub(super) fn write(redis: &Redis, key: &str, text: &str) {
    let mut client = ::redis::Client::open(redis.url()).unwrap();
    ::redis::cmd("SET").arg(key).arg(text).exec(&mut client).unwrap();
}

#[test]
fn a_change_of_the_user_shows_in_every_live_session() {
    for rows in ALL {
        let Some((site, _redis)) = site(rows, |_| {}) else { return };
        let first = site.sign_up("ada@example.com").cookies();
        let second = sign_in(&site);
        let update = Request::post("/update-user").signed_in(&first).json(&json!({"name": "Lee"}));
        assert_eq!(site.send(update).status, 200);
        assert_eq!(site.session(&second)["user"]["name"], "Lee", "{rows:?}");
        let body = json!({"email": "ada@example.com"});
        site.send(Request::post("/send-verification-email").signed_in(&first).json(&body));
        assert_eq!(site.send(Request::get(site.mail().path())).status, 302);
        assert_eq!(site.session(&second)["user"]["emailVerified"], true, "{rows:?}");
    }
}

#[test]
fn what_a_sign_in_by_a_provider_changes_shows_in_every_live_session() {
    let Some(redis) = Redis::start() else { return };
    let provider = Provider::start();
    let site = social::site(&provider, |config| {
        config.secondary_storage.url = Some(Secret::new(redis.url()));
        let gitlab = config.social_providers.get_mut("gitlab").unwrap();
        gitlab.override_user_info_on_sign_in = true;
    });
    let first = social::come_back(&site, &social::sign_in(&site)).cookies();
    site.wait(DAY / 2);
    social::says(&provider, "ada@new.example", true);
    social::come_back(&site, &social::sign_in(&site));
    assert_eq!(site.session(&first)["user"]["email"], "ada@new.example");
}

/// <https://github.com/better-auth/better-auth/security/advisories/GHSA-2vg6-77g8-24mp>
#[test]
fn a14_ghsa_2vg6_77g8_24mp_nobody_lives_on_in_the_storage_who_was_deleted() {
    for rows in ALL {
        let Some((site, redis)) = site(rows, |_| {}) else { return };
        let cookies = site.sign_up("ada@example.com").cookies();
        let id = user_id(&site, &cookies);
        site.auth.api().delete_user(&id).unwrap();
        assert!(!is_alive(&site, &cookies), "{rows:?}");
        assert_eq!(redis.keys(), [key(&format!("revoked-sessions-before-{id}"))], "{rows:?}");
    }
}

#[test]
fn a_new_password_by_link_works_once_and_voids_older_links() {
    let Some((site, redis)) = site(Rows::Absent, |_| {}) else { return };
    site.sign_up("ada@example.com");
    let ask = || {
        site.post("/request-password-reset", &json!({"email": "ada@example.com"}));
        site.mail().token().to_owned()
    };
    let (older, newer) = (ask(), ask());
    let name = key(&format!("verification:reset-password:{newer}"));
    let kept: Value = serde_json::from_str(&redis.get(&name).unwrap()).unwrap();
    assert_eq!(kept["identifier"], format!("reset-password:{newer}"));
    assert_eq!(kept["expiresAt"], "2026-11-23T13:00:00.000Z");
    assert!((3500..=3600).contains(&redis.ttl(&name)));
    let reset = |token: &str| {
        let body = json!({"token": token, "newPassword": "another horse"});
        site.post("/reset-password", &body).status
    };
    let done: Vec<u16> = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..4).map(|_| scope.spawn(|| reset(&newer))).collect();
        tries.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(done.iter().filter(|status| **status == 200).count(), 1, "{done:?}");
    assert_eq!(reset(&older), 400);
}

#[test]
fn two_servers_count_in_one_place_and_exactly() {
    let Some(redis) = Redis::start() else { return };
    let two = [(); 2].map(|()| {
        Site::with(|config| {
            config.secondary_storage.url = Some(Secret::new(redis.url()));
            config.rate_limit.enabled = Some(true);
            config.rate_limit.max = 20;
        })
    });
    assert_eq!(two[0].auth.config().rate_limit_storage(), RateLimitStorage::SecondaryStorage);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let calls: Vec<_> = (0..60)
            .map(|n| (n, &two))
            .map(|(n, two)| scope.spawn(move || two[n % 2].send(Request::get("/ok")).status))
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 20, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 40, "{statuses:?}");
    assert_eq!(redis.get(&key("127.0.0.1|/ok")).as_deref(), Some("60"));
    assert!((1..=10).contains(&redis.ttl(&key("127.0.0.1|/ok"))));
    let refused = two[1].send(Request::get("/ok"));
    let wait: u64 = refused.header("x-retry-after").unwrap().parse().unwrap();
    assert!((1..=10).contains(&wait), "{wait}");
}

#[test]
fn without_the_storage_nobody_passes_and_nothing_is_half_done() {
    let Some((site, mut redis)) = site(Rows::Absent, |_| {}) else { return };
    let cookies = site.sign_up("ada@example.com").cookies();
    let id = user_id(&site, &cookies);
    redis.stop();
    let read = site.send(Request::get("/get-session").header("cookie", &cookies));
    assert_eq!(read.outcome(), (503, "SECONDARY_STORAGE_UNAVAILABLE".to_owned()));
    assert_eq!(read.header("retry-after"), Some("1"));
    assert!(read.set_cookies().is_empty());
    let body = json!({"email": "ada@example.com", "password": PASSWORD});
    assert_eq!(site.post("/sign-in/email", &body).status, 503);
    let out = site.send(Request::post("/sign-out").signed_in(&cookies));
    assert_eq!((out.status, out.clears_session()), (503, false));
    let new = json!({"name": "Eve", "email": "eve@example.com", "password": PASSWORD});
    assert_eq!(site.post("/sign-up/email", &new).status, 503);
    assert_eq!(site.stored("user"), 1);
    // What must end sessions does not happen without that.
    let api = site.auth.api();
    let password = Secret::new("another horse");
    assert!(api.set_password(&id, &password, false).is_err());
    assert!(api.delete_user(&id).is_err());
    assert!(api.revoke_all_sessions(&id).is_err());
    redis.start_again();
    let cookies = within(Duration::from_secs(10), || {
        let answer = site.post("/sign-in/email", &body);
        (answer.status == 200).then(|| answer.cookies())
    });
    assert!(is_alive(&site, &cookies));
    assert_eq!(site.stored("user"), 1);
}

#[test]
fn where_sessions_are_rows_as_well_they_outlive_the_storage() {
    let Some((site, mut redis)) = site(Rows::Truth, |_| {}) else { return };
    let cookies = site.sign_up("ada@example.com").cookies();
    redis.stop();
    assert!(is_alive(&site, &cookies));
    let begun = sign_in(&site);
    assert!(is_alive(&site, &begun));
    // What ends one must reach the copies.
    let out = site.send(Request::post("/sign-out").signed_in(&begun));
    assert_eq!(out.status, 503);
    redis.start_again();
    within(Duration::from_secs(10), || {
        let out = site.send(Request::post("/sign-out").signed_in(&begun));
        (out.status == 200).then_some(())
    });
    assert_eq!([&cookies, &begun].map(|cookies| is_alive(&site, cookies)), [true, false]);
}

/// With a storage that is full or a read-only replica, and with one that is away where sessions are rows as well.
#[test]
fn a_session_that_cannot_be_extended_is_answered_unchanged() {
    for rows in ALL {
        let Some((site, mut redis)) = site(rows, |_| {}) else { return };
        let cookies = site.sign_up("ada@example.com").cookies();
        site.wait(DAY);
        let refusals: &[&str] = match rows {
            Rows::Truth => &["CONFIG SET maxmemory 1", "REPLICAOF 127.0.0.1 1", "away"],
            Rows::Absent | Rows::Record => &["CONFIG SET maxmemory 1", "REPLICAOF 127.0.0.1 1"],
        };
        for refusal in refusals {
            match *refusal {
                "away" => redis.stop(),
                command => assert!(redis.ask(command).unwrap().starts_with("+OK"), "{command}"),
            }
            let read = site.send(Request::get("/get-session").header("cookie", &cookies));
            assert_eq!(read.json()["user"]["name"], "Ada", "{rows:?} {refusal} {read:?}");
            let list = site.send(Request::get("/list-accounts").header("cookie", &cookies));
            assert_eq!(list.status, 200, "{rows:?} {refusal} {list:?}");
            if *refusal != "away" {
                redis.ask("CONFIG SET maxmemory 0");
                redis.ask("REPLICAOF NO ONE");
            }
        }
        if rows != Rows::Truth {
            assert_eq!(site.session(&cookies)["session"]["expiresAt"], "2026-12-01T12:00:00.000Z");
        }
    }
}

#[test]
fn a_storage_that_hangs_holds_nobody_up_for_long() {
    let Some((site, redis)) = site(Rows::Truth, |config| config.rate_limit.enabled = Some(true))
    else {
        return;
    };
    let cookies = site.sign_up("ada@example.com").cookies();
    redis.freeze();
    assert!(is_alive(&site, &cookies));
    let body = json!({"email": "ada@example.com", "password": "wrong"});
    let statuses = [(); 4].map(|()| site.post("/sign-in/email", &body).status);
    // Each server counts for itself while nobody answers.
    assert_eq!(statuses, [401, 401, 401, 429]);
}

#[test]
fn a_restart_of_the_storage_is_not_noticed_by_the_next_request() {
    let Some((site, mut redis)) = site(Rows::Truth, |_| {}) else { return };
    let cookies = site.sign_up("ada@example.com").cookies();
    assert!(is_alive(&site, &cookies));
    redis.stop();
    redis.start_again();
    assert!(is_alive(&site, &sign_in(&site)));
    assert!(is_alive(&site, &cookies));
}

#[test]
fn the_connection_may_be_encrypted_and_needs_its_authority_and_password() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/tls");
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (tls_port, certificate, key, authority) = (
        port.to_string(),
        format!("{folder}/localhost.pem"),
        format!("{folder}/localhost.key"),
        format!("{folder}/ca.pem"),
    );
    let options =
        ["--tls-port", &tls_port, "--tls-cert-file", &certificate, "--tls-key-file", &key];
    let more = ["--tls-ca-cert-file", &authority, "--tls-auth-clients", "no"];
    let Some(redis) = Redis::with(&[&options[..], &more[..]].concat()) else { return };
    redis.ask("CONFIG SET requirepass hunter2").unwrap();
    let check = |url: &str, authority: Option<&str>| {
        let mut config = Config::default();
        config.secondary_storage.url = Some(Secret::new(url));
        config.secondary_storage.ca_file = authority.map(Into::into);
        let storage = better_auth::storage::Storage::new(&config.secondary_storage).unwrap();
        storage.check().map_err(|error| error.to_string())
    };
    let url = format!("rediss://:hunter2@localhost:{port}");
    assert_eq!(check(&url, Some(&authority)), Ok(()));
    for (url, authority) in [
        (url.as_str(), None),
        (&format!("rediss://:wrong@localhost:{port}"), Some(authority.as_str())),
        (&format!("rediss://localhost:{port}"), Some(authority.as_str())),
        (&format!("redis://:wrong@localhost:{}", redis.port()), None),
    ] {
        let problem = check(url, authority).unwrap_err();
        assert!(!problem.contains("hunter2") && !problem.contains("wrong@"), "{url}: {problem}");
    }
}

#[test]
fn the_shell_lists_and_ends_sessions_of_the_storage() {
    let Some((site, _redis)) = site(Rows::Absent, |_| {}) else { return };
    let ada = site.sign_up("ada@example.com").cookies();
    let bob = site.sign_up("bob@example.com").cookies();
    let api = site.auth.api();
    let all = better_auth::ListSessions { total: true, ..better_auth::ListSessions::default() };
    let list = api.list_sessions(&all).unwrap();
    assert_eq!((list.sessions.len(), list.total), (2, Some(2)));
    let id = site.session(&ada)["session"]["id"].as_str().unwrap().to_owned();
    assert_eq!(api.find_session(&id).unwrap().unwrap().id, id);
    assert_eq!(api.revoke_session(&id).unwrap().id, id);
    assert_eq!([&ada, &bob].map(|cookies| is_alive(&site, cookies)), [false, true]);
    assert_eq!(api.revoke_sessions_of_all_users().unwrap(), 1);
    assert!(!is_alive(&site, &bob));
}

#[test]
fn a_store_that_cannot_be_used_is_refused_at_start() {
    let refused = |change: &dyn Fn(&mut Config)| {
        let mut config = Config::default();
        change(&mut config);
        BetterAuth::new(config).map(Arc::new).err().map(|error| error.code().name)
    };
    let counts = |config: &mut Config| {
        config.rate_limit.storage = Some(RateLimitStorage::SecondaryStorage);
    };
    assert_eq!(refused(&counts), Some("CONFIG_INVALID"));
    let http = |config: &mut Config| config.secondary_storage.url = Some(Secret::new("http://h"));
    assert_eq!(refused(&http), Some("CONFIG_INVALID"));
}

/// Asks until there is an answer.
fn within<T>(limit: Duration, ask: impl Fn() -> Option<T>) -> T {
    let until = std::time::Instant::now() + limit;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(std::time::Instant::now() < until, "nothing came of it in {limit:?}");
        std::thread::park_timeout(Duration::from_millis(20));
    }
}
