//! `/healthz`, `/readyz`, `/metrics`, and the listener that they have to themselves.

use serde_json::Value;
use serde_json::json;

use crate::harness::Folder;
use crate::harness::server::Server;
use crate::harness::until;

use super::configured;
use super::signed_up;

fn readiness(server: &Server) -> (u16, Value) {
    let (status, body) = server.watch("/readyz");
    (status, serde_json::from_str(&body).unwrap())
}

#[test]
fn a_server_is_ready_while_its_database_is_and_until_it_stops() {
    let folder = configured(&json!({}));
    let mut server = Server::start(&folder, &[]);
    let healthy = (200, r#"{"status":"ok"}"#.to_owned());
    assert_eq!(server.watch("/healthz"), healthy);
    assert_eq!(readiness(&server), (200, json!({"status": "ok"})));

    let database = folder.database();
    database.write(|tx| tx.execute(r#"DROP INDEX "account_userId_idx""#, &[])).unwrap();
    let unready = (503, json!({"status": "unavailable", "code": "SCHEMA_MISMATCH"}));
    until("a database that needs migration is noticed", || readiness(&server) == unready);
    assert_eq!(server.watch("/healthz"), healthy);
    folder.run(&["migrate", "--yes"]).succeeded();
    until("a database that is up to date is noticed", || readiness(&server).0 == 200);

    let mut running = server.connect();
    running
        .send(
            "POST /api/auth/sign-out HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
             Content-Length: 2\r\nExpect: 100-continue\r\n\r\n",
        )
        .unwrap();
    assert!(running.answer().unwrap().starts_with("HTTP/1.1 100 "));
    server.signal("TERM");
    let draining = (503, json!({"status": "draining"}));
    until("the end is noticed", || readiness(&server) == draining);
    assert_eq!(server.watch("/healthz"), healthy);
    assert_eq!(server.metric("better_auth_draining"), Some(1.0));
    running.send("{}").unwrap();
    assert!(running.answer().unwrap().starts_with("HTTP/1.1 200 OK"));
    assert_eq!(server.wait().code(), Some(0));
}

#[test]
fn metrics_count_what_happened_and_stand_on_a_listener_of_their_own() {
    for engine in ["hyper", "tiny-http"] {
        let folder = configured(&json!({}));
        let server = Server::start(&folder, &["--engine", engine]);
        signed_up(&server, "ada@example.com");
        let wrong = json!({"email": "ada@example.com", "password": "wrong password"});
        for _ in 0..2 {
            assert_eq!(server.post("/sign-in/email", &wrong).status(), 401);
        }
        assert_eq!(server.get("/ok", ""), r#"{"ok":true}"#);
        for inexistent in ["/metrics", "/healthz", "/readyz", "/no/such/thing"] {
            assert_eq!(server.get(inexistent, ""), "");
        }
        for (line, value) in [
            (r#"requests_total{method="POST",route="/sign-up/email",status="200"}"#, 1.0),
            (r#"requests_total{method="POST",route="/sign-in/email",status="401"}"#, 2.0),
            (r#"requests_total{method="GET",route="/ok",status="200"}"#, 1.0),
            (r#"requests_total{method="other",route="other",status="404"}"#, 4.0),
            (r#"request_seconds_count{method="POST",route="/sign-in/email"}"#, 2.0),
            (r#"errors_total{code="INVALID_EMAIL_OR_PASSWORD"}"#, 2.0),
            (r#"requests_waiting{kind="asking"}"#, 0.0),
            ("passwords_waiting", 0.0),
            ("draining", 0.0),
        ] {
            assert_eq!(server.metric(&format!("better_auth_{line}")), Some(value), "{line}");
        }
        let has_connections = server.metric("better_auth_connections").is_some();
        assert_eq!(has_connections, engine == "hyper");
        assert_eq!(server.watch("/api/auth/ok").0, 404);
    }
}

#[test]
fn nobody_listens_unless_somebody_says_so() {
    let folder = Folder::migrated();
    assert_eq!(Server::start(&folder, &[]).admin, None);
    assert!(Server::start(&folder, &["--admin", "127.0.0.1:0"]).admin.is_some());
    assert!(Server::start(&folder, &["--admin", "0"]).admin.is_some());
    let running = Server::start(&folder, &[]);
    let taken = running.address().to_string();
    let words = ["serve", "--port", "0", "--admin", &taken];
    folder.run(&words).failed(1, "for metrics and health");
    folder.run(&["serve", "--admin", "nonsense"]).failed(2, "expected HOST:PORT");
}
