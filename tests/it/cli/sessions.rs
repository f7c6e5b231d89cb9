//! `sessions …`, `revoke-sessions`

use serde_json::json;

use crate::harness::Folder;
use crate::harness::server::Server;
use crate::harness::server::cookie;

fn sign_in(server: &Server, email: &str) -> String {
    let body = json!({"email": email, "password": "correct horse battery"});
    cookie(&server.post("/sign-in/email", &body))
}

#[test]
fn a_session_that_the_command_ends_is_dead_at_the_very_next_request() {
    let folder = Folder::migrated();
    folder.create_user("ada@example.com");
    let server = Server::start(&folder, &[]);
    let [one, two, three] = [(); 3].map(|()| sign_in(&server, "ada@example.com"));
    assert_ne!(server.get("/get-session", &one), "null");

    let list = folder.run(&["sessions", "list", "--user", "ada@example.com", "--json"]).succeeded();
    assert!(!list.stdout.contains("token"), "{list:?}");
    let id = list.json()["sessions"][2]["id"].as_str().unwrap().to_owned();
    folder.run(&["sessions", "revoke", &id]).succeeded();
    assert_eq!(server.get("/get-session", &one), "null");
    assert_ne!(server.get("/get-session", &two), "null");
    folder.run(&["sessions", "revoke", &id]).failed(3, "no session or user has the id");

    folder.run(&["revoke-sessions", "ada@example.com"]).failed(2, "hint: pass --yes");
    let all = folder.run(&["revoke-sessions", "ada@example.com", "--yes", "--json"]).succeeded();
    assert_eq!(all.json(), json!({"status": true, "revokedSessions": 2}));
    for cookie in [&two, &three] {
        assert_eq!(server.get("/get-session", cookie), "null");
    }
}

#[test]
fn naming_a_session_twice_ends_it_once_and_is_no_failure() {
    let folder = Folder::migrated();
    folder.create_user("ada@example.com");
    let server = Server::start(&folder, &[]);
    let _cookies = [(); 3].map(|()| sign_in(&server, "ada@example.com"));
    let ids = || -> Vec<String> {
        let list = folder.run(&["sessions", "list", "--json"]).succeeded();
        let sessions = list.json()["sessions"].take();
        let id = |session: &serde_json::Value| session["id"].as_str().unwrap().to_owned();
        sessions.as_array().unwrap().iter().map(id).collect()
    };
    let first = ids().remove(0);
    let twice = ["sessions", "revoke", &first, &first, "--json"];
    assert_eq!(folder.run(&twice).succeeded().json()["revokedSessions"], 1);
    // The user's sessions end first, this one among them.
    let second = ids().remove(0);
    let both = ["revoke-sessions", "ada@example.com", &second, "--yes", "--json"];
    assert_eq!(folder.run(&both).succeeded().json()["revokedSessions"], 2);
}

#[test]
fn tokens_are_shown_only_to_those_who_ask_for_them() {
    let folder = Folder::migrated();
    folder.create_user("ada@example.com");
    let server = Server::start(&folder, &[]);
    let cookie = sign_in(&server, "ada@example.com");
    let shown = folder.run(&["sessions", "list", "--json", "--show-tokens"]).succeeded().json();
    let token = shown["sessions"][0]["token"].as_str().unwrap();
    assert!(cookie.contains(token));
    for form in ["table", "json", "csv"] {
        let ran = folder.run(&["sessions", "list", "--output", form]);
        assert!(!ran.succeeded().stdout.contains(token), "{form}");
    }
    folder.run(&["sessions", "list", "--show-tokens"]).failed(2, "hint: add --json");
    folder.run(&["sessions", "revoke", token]).succeeded();
    assert_eq!(server.get("/get-session", &cookie), "null");
}

#[test]
fn everybodys_sessions_end_when_it_is_said_so() {
    let folder = Folder::migrated();
    folder.create_user("ada@example.com");
    folder.create_user("bob@example.com");
    let server = Server::start(&folder, &[]);
    let cookies = ["ada@example.com", "bob@example.com"].map(|email| sign_in(&server, email));
    folder.run(&["revoke-sessions"]).failed(2, "required");
    folder
        .run(&["sessions", "revoke", "--user", "nobody@example.com", "--yes"])
        .failed(3, "no user");
    folder.run(&["sessions", "revoke", "--all"]).failed(2, "--yes");
    let by_user = ["sessions", "revoke", "--user", "ada@example.com", "--yes", "--json"];
    assert_eq!(folder.run(&by_user).succeeded().json()["revokedSessions"], 1);
    let all = folder.run(&["sessions", "revoke", "--all", "--yes", "--json"]).succeeded();
    assert_eq!(all.json()["revokedSessions"], 1);
    assert!(cookies.iter().all(|cookie| server.get("/get-session", cookie) == "null"));
    assert_eq!(folder.run(&["sessions", "list"]).succeeded().stderr, "no sessions\n");
}
