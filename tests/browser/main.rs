//! Pages with the official React and Vue clients in Chromium, against our server, the server's own pages, and sign-in
//! with a real OpenID provider. What is done there is in `browser.mjs`, `hosted.mjs` and `social.mjs`; here they are
//! only started, or it is said once and loudly that they cannot be.
#![cfg(test)]

use std::env;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

/// Lines that a run of `browser.mjs` prints, one for each scenario that has passed.
const SCENARIOS: [&str; 5] = [
    "a new user is still there after a reload",
    "a tab notices that another one signed out",
    "a wrong password is explained",
    "a page of a trusted origin signs in and out",
    "a page of another origin does neither",
];

/// The same for `hosted.mjs`.
const HOSTED: [&str; 4] = [
    "a forgotten password is replaced without a script",
    "a link that was used is explained",
    "a person is told that the address is verified",
    "a person is told that the account is deleted",
];

/// The same for `social.mjs`.
const SOCIAL: [&str; 16] = [
    "a person signs in, consents and comes back with a session, and later as the same user",
    "whoever says no at the provider is told so, and nobody is signed in",
    "tokens are read that were signed in any of nine ways",
    "a secret in a header, a signature, and an answer as a form will do, too",
    "whoever signs out here signs out at the provider",
    "a way in is added, once, by its owner, and removed unless it is the last",
    "whoever finds a stranger's account under their address is not joined with it",
    "an access token that is over is renewed, again and again",
    "a token with the nonce of another sign-in is refused",
    "an answer and a token of another issuer are refused",
    "a state of another browser is refused, and stays good for its own",
    "a state that comes back twice is refused",
    "a code that comes back twice is refused",
    "a provider that is down signs nobody in",
    "a provider that never finishes is not waited for",
    "a provider that answers nonsense signs nobody in, and is believed again afterwards",
];

#[test]
fn the_react_client_works_in_a_browser() {
    run(&["browser.mjs", "react.jsx"], &SCENARIOS);
}

#[test]
fn the_vue_client_works_in_a_browser() {
    run(&["browser.mjs", "vue.js"], &SCENARIOS);
}

#[test]
fn the_pages_of_the_server_work_without_javascript() {
    run(&["hosted.mjs"], &HOSTED);
}

#[test]
fn people_sign_in_with_a_real_openid_provider() {
    run(&["social.mjs"], &SOCIAL);
}

fn run(words: &[&str], scenarios: &[&str]) {
    if !is_here() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new("node")
        .current_dir(suite())
        .args(words)
        .arg(env!("CARGO_BIN_EXE_better-auth"))
        .arg(folder.path())
        .output()
        .unwrap();
    let passed = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success() && passed.lines().eq(scenarios.iter().copied()),
        "passed:\n{passed}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn suite() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser"))
}

/// Whether this machine has Node, the packages and Chromium, found out once. With
/// `BETTER_AUTH_BROWSER=required` it must.
fn is_here() -> bool {
    static MISSING: OnceLock<Option<String>> = OnceLock::new();
    let required = env::var_os("BETTER_AUTH_BROWSER").is_some_and(|value| value == "required");
    let missing = MISSING.get_or_init(|| {
        let missing = missing()?;
        if !required {
            // Not `eprintln!`: the harness keeps that back for tests that pass.
            let line = format!(
                "\nSKIPPED: the browser suite. Its tests end at once and start no browser: {missing}. To \
                 run them: tests/browser/install\n\n"
            );
            std::io::stderr().write_all(line.as_bytes()).unwrap();
        }
        Some(missing)
    });
    if let Some(missing) = missing {
        assert!(!required, "BETTER_AUTH_BROWSER=required, but {missing}");
    }
    missing.is_none()
}

fn missing() -> Option<String> {
    let read = |file: &str| std::fs::read(suite().join(file)).ok();
    if Command::new("node").arg("--version").output().is_err() {
        Some("there is no node".to_owned())
    } else if read("node_modules/.installed") != read("package-lock.json") {
        Some("the packages are not those of package-lock.json".to_owned())
    } else if !Path::new("/usr/bin/chromium").exists() {
        Some("/usr/bin/chromium is missing".to_owned())
    } else {
        None
    }
}
