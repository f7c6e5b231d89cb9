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
    folder.run(&["sessions", "revoke", &id]).failed(3, "neither a session nor a user has the id");

    folder.run(&["revoke-sessions", "ada@example.com"]).failed(2, "hint: say so with --yes");
    let all = folder.run(&["revoke-sessions", "ada@example.com", "--yes", "--json"]).succeeded();
    assert_eq!(all.json(), json!({"status": true, "revokedSessions": 2}));
    for cookie in [&two, &three] {
        assert_eq!(server.get("/get-session", cookie), "null");
    }
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
