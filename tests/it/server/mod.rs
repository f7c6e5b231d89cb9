//! The server as a process: what it does under load, and what those see who watch it.

mod crowd;
mod descriptors;
mod draining;
mod forwarded;
mod headers;
mod limits;
mod overload;
mod secrets;
mod watching;

use serde_json::Value;
use serde_json::json;

use crate::harness::Folder;
use crate::harness::server::Server;
use crate::harness::server::cookie;

const SECRET: &str = "a secret of at least thirty-two characters";
const PASSWORD: &str = "correct horse battery";

/// A folder with a configuration and a database that is up to date.
fn configured(config: &Value) -> Folder {
    configure(Folder::new(), config)
}

fn configure(folder: Folder, config: &Value) -> Folder {
    let mut whole = json!({
        "baseURL": "http://localhost:3000",
        "secret": SECRET,
        "rateLimit": {"enabled": false},
        "advanced": {"ipAddress": {"trustedProxies": ["127.0.0.0/8"]}},
        "server": {"admin": {"port": 0}},
    });
    merge(&mut whole, config);
    folder.configure(&whole);
    folder.run(&["migrate"]).succeeded();
    folder
}

fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key.as_str()).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from.clone(),
    }
}

/// Somebody signs up and answers the header line that shows who they are.
fn signed_up(server: &Server, email: &str) -> String {
    let body = json!({"name": "Ada", "email": email, "password": PASSWORD});
    let answer = server.post("/sign-up/email", &body);
    assert_eq!(answer.status(), 200);
    format!("Cookie: {}\r\n", cookie(&answer))
}
