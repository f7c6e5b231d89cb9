//! Times of rows that people and scripts wrote by hand: every form that SQLite's own functions give, mixed within one
//! column of a database that the real server made.

use std::collections::BTreeSet;

use serde_json::Value;
use serde_json::json;

use crate::layout::Layout;
use crate::place::Place;
use crate::seeded::PASSWORD;
use crate::seeded::internal;
use crate::seeded::ok;
use crate::server::Server;

/// How a time is written, as an expression of the time `$`.
const FORMS: &[&str] = &[
    "strftime('%Y-%m-%dT%H:%M:%fZ', $)",
    "strftime('%Y-%m-%dT%H:%M:%f+00:00', $)",
    "strftime('%Y-%m-%dT%H:%M:%SZ', $)",
    "strftime('%Y-%m-%dT%H:%M:%S', $)",
    "datetime($)",
    "strftime('%Y-%m-%d %H:%M:%f', $)",
    "strftime('%Y-%m-%d %H:%M:%S+00', $)",
    "date($)",
    "unixepoch($)",
    "unixepoch($) * 1000",
    "unixepoch($) + 0.25",
    "unixepoch($) * 1000 + 0.25",
];
/// A time that is over and one to come, both before and after every other in either form.
const TIMES: [(&str, bool); 2] =
    [("'2020-01-02 03:04:05'", false), ("'2099-01-02 03:04:05'", true)];

/// A database of Better Auth with one user at the real server.
fn begun() -> Option<(Server, Place)> {
    let place = Place::make(&Layout::named("kysely_sqlite"))?;
    let theirs = place.theirs();
    let ann = json!({"name": "Ann", "email": "ann@example.com", "password": PASSWORD});
    ok(theirs.post("/sign-up/email", &ann));
    Some((theirs, place))
}

/// Every form of both times, and whether it is to come.
fn cases() -> impl Iterator<Item = (String, bool)> {
    let of = |form: &&str| TIMES.map(|(time, is_live)| (form.replace('$', time), is_live));
    FORMS.iter().flat_map(of)
}

fn execute(place: &Place, sql: &str) {
    place.library().database().write(|tx| tx.execute(sql, &[]).map(drop)).unwrap();
}

#[test]
fn a_session_ends_at_its_time_in_whatever_form() {
    let Some((theirs, place)) = begun() else { return };
    let sessions: Vec<_> = cases()
        .map(|(time, is_live)| {
            let cookie = ok(theirs.sign_in("ann@example.com", PASSWORD)).cookies();
            let token = theirs.get_session(&cookie)["session"]["token"].take();
            let token = token.as_str().unwrap().to_owned();
            let sql = format!(r#"UPDATE session SET "expiresAt" = {time} WHERE token = '{token}'"#);
            execute(&place, &sql);
            (time, is_live, cookie, token)
        })
        .collect();
    let words = ["--json", "sessions", "list", "--show-tokens", "--user", "ann@example.com"];
    let done = place.site.better_auth(&words).assert().success();
    let listed: Value = serde_json::from_slice(&done.get_output().stdout).unwrap();
    let listed: BTreeSet<&str> = listed["sessions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|session| session["token"].as_str().unwrap())
        .collect();
    let ours = place.site.serve();
    let mut problems = Vec::new();
    for (time, is_live, cookie, token) in &sessions {
        let is_listed = listed.contains(token.as_str());
        // The first lookup deletes what is over; it must delete nothing else.
        let is_alive = [(); 2].map(|()| !ours.get_session(cookie).is_null());
        if (is_listed, is_alive) != (*is_live, [*is_live; 2]) {
            problems.push(format!("{time}: listed: {is_listed}, alive: {is_alive:?}"));
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn a_one_time_value_is_cleaned_up_at_its_time_in_whatever_form() {
    let Some((theirs, place)) = begun() else { return };
    for (at, (time, _)) in cases().enumerate() {
        let value = json!({"identifier": format!("number {at}"), "value": "x", "expiresAt": "2099-01-02T03:04:05.678Z"});
        internal(&theirs, "createVerificationValue", &json!([value]));
        let sql = format!(
            r#"UPDATE verification SET "expiresAt" = {time} WHERE identifier = 'number {at}'"#
        );
        execute(&place, &sql);
    }
    place.library().clean_up().unwrap();
    let rows = place.rows();
    let wrong = |(at, (time, is_live))| {
        let is_there = rows.hold(&format!("number {at}"));
        (is_there != is_live).then(|| format!("{time}: kept: {is_there}"))
    };
    let problems: Vec<String> = cases().enumerate().filter_map(wrong).collect();
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn users_are_listed_by_their_times_in_whatever_form() {
    let Some((theirs, place)) = begun() else { return };
    for (at, form) in FORMS.iter().enumerate() {
        let user =
            json!({"name": "X", "email": format!("{at}@example.com"), "emailVerified": false});
        internal(&theirs, "createUser", &json!([user]));
        // A day apart, so that none of them is the same in any form.
        let time = form.replace('$', &format!("'2020-01-02 03:04:05', '+{at} days'"));
        let sql = format!(
            r#"UPDATE "user" SET "createdAt" = {time}, "updatedAt" = {time} WHERE email LIKE '{at}@%'"#
        );
        execute(&place, &sql);
    }
    let mut command =
        place.site.better_auth(&["--json", "users", "list", "--sort", "createdAt:asc"]);
    let done = command.assert().success();
    let listed: Value = serde_json::from_slice(&done.get_output().stdout).unwrap();
    for (at, user) in listed["users"].as_array().unwrap().iter().take(FORMS.len()).enumerate() {
        let created = user["createdAt"].as_str().unwrap();
        assert!(created.starts_with(&format!("2020-01-{:02}", 2 + at)), "number {at}: {user}");
    }
}
