//! The official client drives both servers through the same steps.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::compare;
use crate::server::Server;

/// What the client was answered at each step, with everything that is new each time masked.
pub(crate) fn steps(server: &Server) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle");
    let output = Command::new("node")
        .current_dir(folder)
        .args(["client.mjs", server.root(), server.origin()])
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
