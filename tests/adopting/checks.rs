//! What must hold on every layout: our program works on the rows of the TypeScript server, and that one on ours.

use serde_json::Value;
use serde_json::json;
use tempfile::TempDir;

use crate::ours::Site;
use crate::rows::new_forms;
use crate::seeded::OPEN;
use crate::seeded::OVER;
use crate::seeded::PASSWORD;
use crate::seeded::Person;
use crate::seeded::Seeded;
use crate::seeded::fields;
use crate::seeded::internal;
use crate::seeded::ok;
use crate::seeded::sign_up;
use crate::server::Answer;
use crate::server::Server;

/// A check panics where it finds something wrong. Each works on users of its own or what the ones before it left.
pub(crate) type Check = fn(&Seeded);

/// Nothing else can hold where this does not.
pub(crate) const OPENS: (&str, Check) = ("migrate", migrating_changes_nothing);
pub(crate) const CHECKS: &[(&str, Check)] = &[
    ("users", users_are_listed_and_shown),
    ("sessions", sessions_are_listed),
    ("cookies", cookies_of_theirs_are_accepted),
    ("sign-in", their_passwords_are_accepted_and_our_cookies_there),
    ("expired", sessions_that_are_over_are_dead),
    ("create-user", a_user_whom_we_created_signs_in_there),
    ("sign-up", a_user_who_signed_up_here_is_at_home_there),
    ("banned", a_banned_user_stays_out_on_both_sides),
    ("update", an_update_is_seen_there),
    ("reset", links_to_a_new_password_work_on_the_other_side),
    ("revoke", other_sessions_end_on_both_sides),
    ("delete", a_deleted_user_is_gone_there),
    ("clean-up", only_what_is_over_is_cleaned_up),
    ("forms", values_are_written_in_the_forms_of_theirs),
    ("adopt", adopting_writes_the_configuration_that_opens_it),
];

fn migrating_changes_nothing(seeded: &Seeded) {
    let site = &seeded.place.site;
    site.better_auth(&["migrate", "status"]).assert().success();
    site.better_auth(&["migrate", "--yes"]).assert().success();
    assert_eq!(seeded.place.rows(), seeded.rows);
}

fn users_are_listed_and_shown(seeded: &Seeded) {
    let site = &seeded.place.site;
    let listed = json_of(site, &["users", "list"])["users"].take();
    for person in [&seeded.ann, &seeded.ben, &seeded.cat, &seeded.dan] {
        let found = listed.as_array().unwrap().iter().find(|user| user["id"] == person.user["id"]);
        is_part(
            &person.user,
            found.unwrap_or_else(|| panic!("{} is not in {listed}", person.email)),
        );
        for name in [person.id(), &person.email] {
            is_part(&person.user, &shown(site, name));
        }
    }
    let found = json_of(site, &["users", "list", "--sort", "createdAt:asc", "--limit", "1"]);
    let first = found["users"][0]["createdAt"].as_str();
    assert!(first <= seeded.ann.user["createdAt"].as_str(), "the first who came: {found}");
}

fn sessions_are_listed(seeded: &Seeded) {
    let site = &seeded.place.site;
    let request = seeded.theirs.request("GET", "/list-sessions");
    let request = request.header("cookie", &seeded.ann.cookie).body(()).unwrap();
    let theirs = ok(seeded.theirs.send(request)).json();
    assert_eq!(theirs.as_array().unwrap().len(), 2, "{theirs}");
    let listed = json_of(site, &["sessions", "list", "--show-tokens", "--user", &seeded.ann.email]);
    let listed = listed["sessions"].as_array().unwrap();
    assert_eq!(listed.len(), 2, "{listed:?}");
    for session in theirs.as_array().unwrap() {
        let found = listed.iter().find(|listed| listed["token"] == session["token"]);
        is_part(session, found.unwrap());
    }
}

fn cookies_of_theirs_are_accepted(seeded: &Seeded) {
    let ours = seeded.place.site.serve();
    for cookie in [&seeded.ann.cookie, &seeded.second_cookie] {
        let session = ours.get_session(cookie);
        assert_eq!(session["user"]["email"], seeded.ann.email);
        are_same(&session, &seeded.theirs.get_session(cookie));
    }
}

fn their_passwords_are_accepted_and_our_cookies_there(seeded: &Seeded) {
    let ours = seeded.place.site.serve();
    let signed_in = ok(ours.sign_in(&seeded.ben.email, PASSWORD));
    is_part(&signed_in.json()["user"], &seeded.ben.user);
    assert_eq!(ours.sign_in(&seeded.ben.email, "wrong horse battery").status, 401);
    let cookie = signed_in.cookies();
    let session = seeded.theirs.get_session(&cookie);
    assert_eq!(session["user"]["email"], seeded.ben.email);
    are_same(&session, &ours.get_session(&cookie));
    ok(seeded.theirs.sign_in(&seeded.ben.email, PASSWORD));
}

fn sessions_that_are_over_are_dead(seeded: &Seeded) {
    let site = &seeded.place.site;
    let list = |words: &[&str]| {
        let listed =
            json_of(site, &[&["sessions", "list", "--user", &seeded.cat.email], words].concat());
        listed["sessions"].as_array().unwrap().len()
    };
    assert_eq!((list(&[]), list(&["--all"])), (0, 1));
    let ours = site.serve();
    assert_eq!(ours.get_session(&seeded.cat.cookie), Value::Null);
    let cookie = ok(ours.sign_in(&seeded.cat.email, PASSWORD)).cookies();
    assert_eq!(ours.get_session(&cookie)["user"]["email"], seeded.cat.email);
}

fn a_user_whom_we_created_signs_in_there(seeded: &Seeded) {
    let words = ["create-user", "eve@example.com", "--name", "Eve", "--password-stdin"];
    let mut command = seeded.place.site.better_auth(&words);
    command.write_stdin(format!("{PASSWORD}\n")).assert().success();
    let signed_in = ok(seeded.theirs.sign_in("eve@example.com", PASSWORD));
    is_part(&signed_in.json()["user"], &shown(&seeded.place.site, "eve@example.com"));
}

fn a_user_who_signed_up_here_is_at_home_there(seeded: &Seeded) {
    let ours = seeded.place.site.serve();
    let fay = sign_up(&ours, &seeded.layout, "Fay");
    let session = seeded.theirs.get_session(&fay.cookie);
    is_part(&fay.user, &session["user"]);
    if seeded.layout.has("fields") {
        is_part(&fields(), &session["user"]);
    }
    are_same(&session, &ours.get_session(&fay.cookie));
    ok(seeded.theirs.sign_in(&fay.email, PASSWORD));
}

fn a_banned_user_stays_out_on_both_sides(seeded: &Seeded) {
    if !seeded.layout.has("plugins") {
        return;
    }
    let site = &seeded.place.site;
    let ban = ["users", "ban", "fay@example.com", "--reason", "spam", "--expires-in", "12h"];
    site.better_auth(&ban).assert().success();
    for server in [&site.serve(), &seeded.theirs] {
        for email in [&seeded.dan.email, "fay@example.com"] {
            assert_eq!(server.sign_in(email, PASSWORD).status, 403, "{email}");
        }
    }
}

fn an_update_is_seen_there(seeded: &Seeded) {
    let site = &seeded.place.site;
    let mut words = vec!["users", "update", &seeded.ann.email, "--name", "Anne", "--verified"];
    if seeded.layout.has("fields") {
        words.extend([
            "--field",
            "isBeta=false",
            "--field",
            r#"tags=["z"]"#,
            "--field",
            "seen=1600000000000",
        ]);
    }
    site.better_auth(&words).assert().success();
    let user = seeded.theirs.get_session(&seeded.ann.cookie)["user"].take();
    assert_eq!((&user["name"], &user["emailVerified"]), (&json!("Anne"), &json!(true)));
    if seeded.layout.has("fields") {
        is_part(&json!({"isBeta": false, "tags": ["z"], "seen": 1_600_000_000_000_i64}), &user);
    }
    is_part(&user, &shown(site, &seeded.ann.email));
}

fn links_to_a_new_password_work_on_the_other_side(seeded: &Seeded) {
    let (place, theirs) = (&seeded.place, &seeded.theirs);
    let ours = place.site.serve();
    let reset = |server: &Server, token: &str, password: &str| {
        server.post("/reset-password", &json!({"token": token, "newPassword": password}))
    };
    ok(reset(&ours, &seeded.reset_token, "set by our server"));
    assert_eq!(reset(&ours, &seeded.reset_token, "once more").status, 400, "a link works once");
    ok(theirs.sign_in(&seeded.ann.email, "set by our server"));
    assert_eq!(theirs.sign_in(&seeded.ann.email, PASSWORD).status, 401);

    ok(ours.post("/request-password-reset", &json!({"email": seeded.ann.email})));
    let mails = place.site.mails();
    let token = mails.last().expect("a link was sent")["token"].as_str().unwrap().to_owned();
    ok(reset(theirs, &token, "set by theirs"));
    ok(ours.sign_in(&seeded.ann.email, "set by theirs"));
    assert_eq!(reset(&ours, &token, "once more").status, 400, "a link works once");
}

fn other_sessions_end_on_both_sides(seeded: &Seeded) {
    let ours = seeded.place.site.serve();
    let cookies = |person: &Person| {
        [&ours, &seeded.theirs].map(|server| ok(server.sign_in(&person.email, PASSWORD)).cookies())
    };
    for server in [&ours, &seeded.theirs] {
        let [of_ours, of_theirs] = cookies(&seeded.cat);
        ok(post_as(server, "/revoke-other-sessions", &of_theirs));
        for server in [&ours, &seeded.theirs] {
            assert_eq!(server.get_session(&of_ours), Value::Null);
            assert_eq!(server.get_session(&of_theirs)["user"]["email"], seeded.cat.email);
        }
    }
}

fn a_deleted_user_is_gone_there(seeded: &Seeded) {
    let delete = ["users", "delete", &seeded.ben.email, "--yes"];
    seeded.place.site.better_auth(&delete).assert().success();
    assert_eq!(seeded.theirs.sign_in(&seeded.ben.email, PASSWORD).status, 401);
    assert_eq!(seeded.theirs.get_session(&seeded.ben.cookie), Value::Null);
    for rows in ["findAccounts", "listSessions"] {
        assert_eq!(internal(&seeded.theirs, rows, &json!([seeded.ben.id()])), json!([]), "{rows}");
    }
}

fn only_what_is_over_is_cleaned_up(seeded: &Seeded) {
    let place = &seeded.place;
    let cookie = ok(seeded.theirs.sign_in(&seeded.cat.email, PASSWORD)).cookies();
    place.library().clean_up().unwrap();
    let rows = place.rows();
    assert!(rows.hold(OPEN), "it was still open");
    assert!(!rows.hold(OVER), "it is over");
    for server in [&place.site.serve(), &seeded.theirs] {
        assert_eq!(server.get_session(&cookie)["user"]["email"], seeded.cat.email);
    }
}

fn values_are_written_in_the_forms_of_theirs(seeded: &Seeded) {
    let problems = new_forms(&seeded.rows, &seeded.place.rows());
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

fn adopting_writes_the_configuration_that_opens_it(seeded: &Seeded) {
    let folder = TempDir::new().unwrap();
    let url = seeded.place.url.as_str();
    let run = |words: &[&str]| {
        let mut command = seeded.place.site.better_auth(&[&["--database", url], words].concat());
        command.current_dir(folder.path()).assert().success()
    };
    let done = run(&["adopt", "--write"]);
    let said = String::from_utf8_lossy(&done.get_output().stderr).to_lowercase();
    let maker = if seeded.layout.tool == "kysely" { "better auth" } else { &seeded.layout.tool };
    assert!(said.contains(&format!("made by {maker}")), "{said}");
    run(&["migrate", "status"]);
    run(&["users", "list"]);
}

/// What a command prints for programs.
fn json_of(site: &Site, words: &[&str]) -> Value {
    let done = site.better_auth(&[&["--json"], words].concat()).assert().success();
    serde_json::from_slice(&done.get_output().stdout).expect("it prints JSON")
}

/// A user by id or address, as our program knows them.
fn shown(site: &Site, user: &str) -> Value {
    json_of(site, &["users", "show", user])["user"].take()
}

/// A request with a cookie, as a page of the site would send it.
fn post_as(server: &Server, path: &str, cookie: &str) -> Answer {
    let request = server.request("POST", path).header("cookie", cookie);
    server.send(request.header("origin", server.origin()).body(()).unwrap())
}

/// Both answered the same session and user.
fn are_same(one: &Value, other: &Value) {
    is_part(&one["session"], &other["session"]);
    is_part(&one["user"], &other["user"]);
}

/// Every member of the first is one of the second.
fn is_part(part: &Value, whole: &Value) {
    for (name, value) in part.as_object().unwrap_or_else(|| panic!("no object: {part}")) {
        let is_same = *value == whole[name] || are_digits_of(value, &whole[name]);
        assert!(is_same, "{name}: {value} and {} in {whole}", whole[name]);
    }
}

/// A number of 64 bits is a text where a driver of JavaScript does not make a number of it.
fn are_digits_of(one: &Value, other: &Value) -> bool {
    let is = |text: &Value, number: &Value| {
        number.is_i64() && text.as_str() == Some(&number.to_string())
    };
    is(one, other) || is(other, one)
}
