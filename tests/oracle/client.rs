//! The official client drives both servers through the same steps.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::compare;
use crate::server::Server;

/// What the client was answered at each step, with everything that is new each time masked.
pub(crate) fn steps(server: &Server) -> Vec<Value> {
    run("client.mjs", server, None)
}

/// The same with the client's plugins.
pub(crate) fn steps_of_plugins(server: &Server) -> Vec<Value> {
    run("plugin_client.mjs", server, None)
}

/// The same for the steps that go by mail; the server's messages are in this file.
pub(crate) fn steps_by_mail(server: &Server, mails: &Path) -> Vec<Value> {
    run("client.mjs", server, Some(mails))
}

fn run(script: &str, server: &Server, mails: Option<&Path>) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle");
    let output = Command::new("node")
        .current_dir(folder)
        .args([script, server.root(), server.origin()])
        .args(mails)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    lines
        .lines()
        .map(|line| {
            let mut step: Value = serde_json::from_str(line).unwrap();
            compare::mask(&mut step);
            // We name a code where the original has none.
            if let Some(error) = step["error"].as_object_mut()
                && error.get("code").is_some_and(|code| code == "BAD_REQUEST")
            {
                error.remove("code");
            }
            step
        })
        .collect()
}
