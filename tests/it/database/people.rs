//! Who is in a database, as a process sees it that opens it anew; and people who come and go.

use std::path::Path;

use better_auth::database::Clock;
use better_auth::database::Database;
use better_auth::database::DatabaseError;
use serde_json::Value;
use serde_json::json;

use crate::harness::server::Server;

pub(super) const PASSWORD: &str = "correct horse battery";

/// The addresses of everybody in this file, in order; the file must hold together.
pub(super) fn in_file(file: &Path) -> Vec<String> {
    let database = Database::sqlite(file, Clock::SYSTEM);
    let list = |sql: &str| {
        let rows = |tx: &mut better_auth::database::Tx<'_>| tx.list(sql, &[], |row| row.text(0));
        database.read::<_, DatabaseError>(rows).unwrap()
    };
    assert_eq!(list("PRAGMA integrity_check"), ["ok"], "{}", file.display());
    assert!(list("SELECT parent FROM pragma_foreign_key_check").is_empty());
    list(r#"SELECT "email" FROM "user" ORDER BY "email""#)
}

/// Signs somebody up and answers status and body.
pub(super) fn sign_up(server: &Server, name: &str) -> (u16, Value) {
    let body = json!({"name": name, "email": address(name), "password": PASSWORD});
    outcome(server.post("/sign-up/email", &body))
}

pub(super) fn sign_in(server: &Server, name: &str) -> (u16, Value) {
    outcome(server.post("/sign-in/email", &json!({"email": address(name), "password": PASSWORD})))
}

pub(super) fn address(name: &str) -> String {
    format!("{name}@example.com")
}

fn outcome(mut answer: http::Response<ureq::Body>) -> (u16, Value) {
    let status = answer.status().as_u16();
    (status, serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap())
}

/// The answer while the database is away.
#[track_caller]
pub(super) fn assert_unavailable((status, body): &(u16, Value)) {
    assert_eq!((*status, &body["code"]), (503, &json!("DATABASE_UNAVAILABLE")), "{body}");
}
