//! The programs under `examples/`, run as they are.

use std::io::BufRead as _;
use std::io::BufReader;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::mpsc;
use std::thread;

use serde_json::json;

use crate::harness::patience::PATIENCE;
use crate::harness::server::agent;
use crate::harness::server::cookie;

struct Running {
    child: Child,
    url: String,
}

impl Running {
    fn start(example: &str, folder: &tempfile::TempDir) -> Self {
        let mut command = built(example, folder);
        command.arg("0").stdout(Stdio::piped());
        let mut running = Self { child: command.spawn().unwrap(), url: String::new() };
        let lines = BufReader::new(running.child.stdout.take().unwrap()).lines();
        let (tells, said) = mpsc::channel();
        thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| tells.send(line)));
        while running.url.is_empty() {
            let line = said.recv_timeout(PATIENCE).unwrap();
            running.url.push_str(line.strip_prefix("listening on ").unwrap_or_default());
        }
        running
    }

    fn sign_up(&self) -> String {
        let body = json!({"name": "Ada", "email": "ada@example.com", "password": "correct horse"});
        let answer = agent()
            .post(format!("{}/api/auth/sign-up/email", self.url))
            .header("content-type", "application/json")
            .send(body.to_string());
        cookie(&answer.unwrap())
    }

    fn get(&self, path: &str, cookie: &str) -> String {
        let request = agent().get(format!("{}{path}", self.url)).header("cookie", cookie);
        request.call().unwrap().body_mut().read_to_string().unwrap()
    }
}

/// An example, ready to be run in a folder.
fn built(example: &str, folder: &tempfile::TempDir) -> Command {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--example", example, "--manifest-path", manifest])
        .status();
    assert!(built.unwrap().success());
    let binary = std::env::current_exe().unwrap();
    let binary = binary.ancestors().nth(2).unwrap().join("examples").join(example);
    let mut command = Command::new(binary);
    command.current_dir(folder.path()).env_clear();
    command
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn an_axum_application_knows_who_is_signed_in() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start("axum", &folder);
    assert_eq!(running.get("/", ""), "Hello, stranger!\n");
    let cookie = running.sign_up();
    assert_eq!(running.get("/", &cookie), "Hello, Ada!\n");
    assert!(running.get("/api/auth/get-session", &cookie).contains("ada@example.com"));
}

#[test]
fn a_program_without_a_runtime_serves_too() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start("no_runtime", &folder);
    assert_eq!(running.get("/api/auth/ok", ""), r#"{"ok":true}"#);
    let cookie = running.sign_up();
    assert!(running.get("/api/auth/get-session", &cookie).contains("ada@example.com"));
}

#[test]
fn a_plugin_lives_in_a_crate_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let output = built("plugin", &folder).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(
        lines[..7],
        [
            "Ada invites you",
            r#"200 {"invitationCodeRequired":true}"#,
            r#"401 "WRONG_INVITATION_CODE""#,
            r#"200 "bob@example.com""#,
            r#"401 "NO_INVITATION_PENDING""#,
            r#"200 {"open":0}"#,
            r#"{"email":"eve@example.com","hasSignedUp":false,"isConfirmed":false}"#,
        ],
        "{said}"
    );
    let json = |line: usize| serde_json::from_str::<serde_json::Value>(lines[line]).unwrap();
    let listed = json(7);
    assert_eq!(listed["invitations"][0]["isConfirmed"], true, "{said}");
    assert_eq!(listed["invitations"][1]["hasSignedUp"], false, "{said}");
    let filtered = json(8);
    assert_eq!(filtered["users"].as_array().unwrap().len(), 1, "{said}");
    assert_eq!(filtered["users"][0]["email"], "bob@example.com", "{said}");
}
