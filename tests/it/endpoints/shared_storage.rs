//! Two servers on one database and one Redis: what one has acknowledged is not undone by what is under way on the
//! other, and neither is hurt by the clock of the other.

use std::thread;
use std::time::Duration;

use better_auth::Config;
use better_auth::ListSessions;
use better_auth::Secret;
use better_auth::UserChanges;
use serde_json::Value;
use serde_json::json;

use super::secondary_storage::ALL;
use super::secondary_storage::Rows;
use super::secondary_storage::is_alive;
use super::secondary_storage::keep;
use super::secondary_storage::key;
use super::secondary_storage::sign_in;
use super::secondary_storage::token;
use super::secondary_storage::user_id;
use super::secondary_storage::write;
use crate::harness::Gate;
use crate::harness::Redis;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::site::PASSWORD;
use crate::harness::until;

const ADA: &str = "ada@example.com";
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Two servers; what the first asks of the Redis can be held.
struct Two {
    first: Site,
    second: Site,
    gate: Gate,
    redis: Redis,
}

fn two(rows: Rows) -> Option<Two> {
    let redis = Redis::start()?;
    let gate = Gate::before(&redis);
    let site = |url: &str, change: &dyn Fn(&mut Config)| {
        Site::with_mail(|config| {
            keep(config, url, rows);
            config.verification.store_in_database = false;
            config.plugins.insert("admin".to_owned(), json!({}));
            change(config);
        })
    };
    let first = site(&gate.url(), &|_| {});
    let database = first.auth.config().database.url.clone();
    let second = site(&redis.url(), &|config| config.database.url.clone_from(&database));
    Some(Two { first, second, gate, redis })
}

impl Two {
    /// Ada, who is an administrator, with the cookies of a session and her id.
    fn ada(&self) -> (String, String) {
        let cookies = self.second.sign_up(ADA).cookies();
        let id = user_id(&self.second, &cookies);
        self.set_role(&id, "admin");
        (cookies, id)
    }

    fn set_role(&self, user_id: &str, role: &str) {
        let additional = json!({"role": role}).as_object().unwrap().clone();
        let changes = UserChanges { additional, ..UserChanges::default() };
        self.second.auth.api().update_user(user_id, &changes).unwrap();
    }

    /// Lets the first server sign Ada in, and does something else between the commit and the copy of the session.
    fn sign_in_around(&self, between: impl FnOnce()) -> String {
        let held = self.gate.hold(|command| command.contains(r#"{"session":{"#));
        thread::scope(|scope| {
            let signing_in = scope.spawn(|| sign_in(&self.first));
            held.is_there();
            between();
            drop(held);
            signing_in.join().unwrap()
        })
    }

    fn is_alive_at_either(&self, cookies: &str) -> [bool; 2] {
        [&self.first, &self.second].map(|site| is_alive(site, cookies))
    }

    fn role_at_either(&self, cookies: &str) -> [Value; 2] {
        [&self.first, &self.second].map(|site| site.session(cookies)["user"]["role"].clone())
    }
}

#[test]
fn a_change_under_way_does_not_undo_a_demotion() {
    for rows in ALL {
        let Some(two) = two(rows) else { return };
        let (cookies, id) = two.ada();
        let held = two.gate.hold(|command| command.contains("active-sessions-"));
        thread::scope(|scope| {
            let renaming = scope.spawn(|| {
                let name = json!({"name": "Lee"});
                two.first.send(Request::post("/update-user").signed_in(&cookies).json(&name))
            });
            // The new name is committed, and the user is read who goes into the copies.
            held.is_there();
            two.set_role(&id, "user");
            drop(held);
            assert_eq!(renaming.join().unwrap().status, 200, "{rows:?}");
        });
        assert_eq!(two.role_at_either(&cookies), ["user", "user"], "{rows:?}");
        assert_eq!(two.second.session(&cookies)["user"]["name"], "Lee", "{rows:?}");
        let list = two.first.send(Request::get("/admin/list-users").header("cookie", &cookies));
        assert_eq!(list.status, 403, "{rows:?}");
    }
}

/// Both changes have the time of one clock that stands still, or of one that is behind.
#[test]
fn of_two_changes_the_newer_has_the_later_time_whatever_the_clocks_say() {
    let Some(two) = two(Rows::Absent) else { return };
    let (_, id) = two.ada();
    two.second.clock.set(two.second.clock.now().before(HOUR));
    let changed = |role: &str| {
        two.set_role(&id, role);
        two.second.auth.api().get_user(&id).unwrap().updated_at
    };
    let times = [changed("user"), changed("admin"), changed("user")];
    assert!(times[0] < times[1] && times[1] < times[2], "{times:?}");
}

#[test]
fn a_sign_in_under_way_does_not_undo_a_demotion_or_a_ban() {
    for rows in ALL {
        let Some(two) = two(rows) else { return };
        let (_, id) = two.ada();
        let cookies = two.sign_in_around(|| two.set_role(&id, "user"));
        assert_eq!(two.role_at_either(&cookies), ["user", "user"], "{rows:?}");
        let cookies = two.sign_in_around(|| {
            let additional = json!({"banned": true}).as_object().unwrap().clone();
            let changes = UserChanges { additional, ..UserChanges::default() };
            two.second.auth.api().update_user(&id, &changes).unwrap();
        });
        assert_eq!(two.is_alive_at_either(&cookies), [false; 2], "{rows:?}");
    }
}

/// The clock of the server that ends them is an hour behind, so no comparison of times would tell.
#[test]
fn a_session_that_ends_while_it_begins_does_not_come_back() {
    for rows in ALL {
        let Some(two) = two(rows) else { return };
        let (_, id) = two.ada();
        two.second.clock.set(two.second.clock.now().before(HOUR));
        let api = two.second.auth.api();
        let cookies = two.sign_in_around(|| _ = api.revoke_all_sessions(&id).unwrap());
        assert_eq!(two.is_alive_at_either(&cookies), [false; 2], "{rows:?}");
        assert_eq!(two.redis.get(&key(token(&cookies))), None, "{rows:?}");
        let password = Secret::new(PASSWORD);
        let cookies = two.sign_in_around(|| _ = api.set_password(&id, &password, false).unwrap());
        assert_eq!(two.is_alive_at_either(&cookies), [false; 2], "{rows:?}");
        if rows == Rows::Truth {
            // Its row is there already, so it has an id to be revoked by.
            let cookies = two.sign_in_around(|| {
                let list = api.list_sessions(&ListSessions::default()).unwrap();
                api.revoke_session(&list.sessions[0].id).unwrap();
            });
            assert_eq!(two.is_alive_at_either(&cookies), [false; 2], "{rows:?}");
        }
        let cookies = two.sign_in_around(|| api.delete_user(&id).unwrap());
        assert_eq!(two.is_alive_at_either(&cookies), [false; 2], "{rows:?}");
        assert_eq!(two.redis.get(&key(token(&cookies))), None, "{rows:?}");
    }
}

/// Sessions are in Redis alone, so the database does not see that a password is set while somebody signs in with the
/// old one: both wait for the row of the user.
#[test]
fn an_old_password_begins_no_session_that_outlives_it() {
    let Some(two) = two(Rows::Absent) else { return };
    let (_, id) = two.ada();
    let waits = || {
        let sql = "SELECT COUNT(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let database = two.second.auth.database();
        database.is_remote()
            && database.read(|tx| tx.find(sql, &[], |row| row.integer(0))).unwrap() != Some(0)
    };
    // The sessions that there are have been removed; then they leave the list, and the transaction commits.
    let held =
        two.gate.hold(|command| command.contains("EVAL") && command.contains("active-sessions-"));
    let password = Secret::new("another horse battery");
    let body = json!({"email": ADA, "password": PASSWORD});
    thread::scope(|scope| {
        let setting =
            scope.spawn(|| two.first.auth.api().set_password(&id, &password, false).unwrap());
        held.is_there();
        let signing_in = scope.spawn(|| two.second.post("/sign-in/email", &body));
        if two.second.auth.database().is_remote() {
            until("it has signed in, or waits", || signing_in.is_finished() || waits());
        }
        drop(held);
        setting.join().unwrap();
        let answer = signing_in.join().unwrap();
        assert!(answer.status == 401 || !is_alive(&two.second, &answer.cookies()), "{answer:?}");
    });
}

#[test]
fn sessions_begin_after_all_of_them_were_ended_by_a_server_whose_clock_is_ahead() {
    for rows in ALL {
        for ahead in [Duration::from_secs(2), HOUR, 3 * DAY] {
            let Some(two) = two(rows) else { return };
            let (before, id) = two.ada();
            let copy = two.redis.get(&key(token(&before))).unwrap();
            two.first.clock.set(two.first.clock.now().after(ahead));
            two.first.auth.api().revoke_all_sessions(&id).unwrap();
            assert_eq!(two.is_alive_at_either(&before), [false; 2], "{rows:?} {ahead:?}");
            let cookies = sign_in(&two.second);
            assert_eq!(two.is_alive_at_either(&cookies), [true; 2], "{rows:?} {ahead:?}");
            let list =
                two.second.auth.api().list_sessions(&ListSessions::default()).unwrap().sessions;
            let tokens: Vec<&str> = list.iter().map(|session| session.token.as_str()).collect();
            assert!(tokens.contains(&token(&cookies)), "{rows:?} {ahead:?}");
            // As Better Auth does, which reserves nothing, when it is slower than what ended its session.
            write(&two.redis, &key(token(&before)), &copy);
            assert!(!is_alive(&two.second, &before), "{rows:?} {ahead:?}");
            // The next end is an end as well, although that clock shows an earlier time than the last one.
            let copy = two.redis.get(&key(token(&cookies))).unwrap();
            two.second.auth.api().revoke_all_sessions(&id).unwrap();
            write(&two.redis, &key(token(&cookies)), &copy);
            assert_eq!(two.is_alive_at_either(&cookies), [false; 2], "{rows:?} {ahead:?}");
        }
    }
}

#[test]
fn a_server_whose_clock_is_ahead_shortens_no_session_that_it_changes() {
    for rows in ALL {
        let Some(two) = two(rows) else { return };
        let (cookies, id) = two.ada();
        two.first.clock.set(two.first.clock.now().after(8 * DAY));
        let changes = UserChanges { name: Some("Lee".to_owned()), ..UserChanges::default() };
        two.first.auth.api().update_user(&id, &changes).unwrap();
        sign_in(&two.first);
        assert_eq!(two.second.session(&cookies)["user"]["name"], "Lee", "{rows:?}");
        for name in [key(token(&cookies)), key(&format!("active-sessions-{id}"))] {
            assert!(604_700 <= two.redis.ttl(&name), "{rows:?} {name}: {}", two.redis.ttl(&name));
        }
        // It is on the list still, so it ends with the others.
        let other = sign_in(&two.second);
        let revoke = Request::post("/revoke-other-sessions").signed_in(&other).json(&json!({}));
        assert_eq!(two.second.send(revoke).status, 200);
        assert!(!is_alive(&two.second, &cookies), "{rows:?}");
    }
}

#[test]
fn links_are_void_by_what_happened_after_them_whatever_the_clocks_say() {
    let Some(two) = two(Rows::Absent) else { return };
    let (_, id) = two.ada();
    let now = two.first.clock.now();
    let ask = || {
        two.second.post("/request-password-reset", &json!({"email": ADA}));
        two.second.mail().token().to_owned()
    };
    let use_up = |token: &str| {
        let body = json!({"token": token, "newPassword": PASSWORD});
        two.second.post("/reset-password", &body).status
    };
    let password = Secret::new("another horse battery");
    for (what, clock) in
        [("ahead", now.after(HOUR)), ("behind", now.before(HOUR)), ("the same", now)]
    {
        let older = ask();
        two.first.clock.set(clock);
        two.first.auth.api().set_password(&id, &password, false).unwrap();
        let newer = ask();
        assert_eq!([use_up(&older), use_up(&newer)], [400, 200], "{what}");
    }
}

/// What `docs/scaling.md` says of links: nothing is lost by a server that takes them for expired.
#[test]
fn a_link_that_a_fast_clock_refuses_works_where_the_clock_is_right() {
    for stores_rows in [false, true] {
        let Some(redis) = Redis::start() else { return };
        let site = Site::with_mail(|config| {
            keep(config, &redis.url(), Rows::Absent);
            config.verification.store_in_database = stores_rows;
        });
        site.sign_up(ADA);
        site.post("/request-password-reset", &json!({"email": ADA}));
        let body = json!({"token": site.mail().token(), "newPassword": PASSWORD});
        let now = site.clock.now();
        site.clock.set(now.after(2 * HOUR));
        assert_eq!(site.post("/reset-password", &body).code(), "INVALID_TOKEN");
        site.clock.set(now);
        assert_eq!(site.post("/reset-password", &body).status, 200);
    }
}

/// In Redis its own clock says how long a name is locked.
#[test]
fn a_server_whose_clock_is_wrong_neither_opens_a_lock_nor_makes_it_longer() {
    let Some(two) = two(Rows::Absent) else { return };
    two.second.sign_up(ADA);
    let now = two.first.clock.now();
    let fail = |site: &Site| {
        let answer =
            site.post("/sign-in/email", &json!({"email": ADA, "password": "wrong password"}));
        (answer.status, answer.header("retry-after").map(|wait| wait.parse::<u64>().unwrap()))
    };
    let duration = two.first.auth.config().email_and_password.lockout.duration.as_secs();
    let max = two.first.auth.config().email_and_password.lockout.max_attempts;
    for (n, clock) in (0..max).zip([now.after(DAY), now.before(DAY), now].iter().cycle()) {
        two.first.clock.set(*clock);
        assert_eq!(fail(&two.first).0, 401, "{n}");
    }
    for clock in [now.after(DAY), now.before(DAY), now] {
        two.first.clock.set(clock);
        for site in [&two.first, &two.second] {
            let (status, wait) = fail(site);
            assert_eq!(status, 429);
            assert!(wait.is_some_and(|wait| duration - 60 <= wait && wait <= duration), "{wait:?}");
        }
    }
}
