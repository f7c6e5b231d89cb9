//! The programs under `examples/`, run as they are.

use std::io::BufRead as _;
use std::io::BufReader;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;

use serde_json::json;

use crate::harness::server::cookie;

struct Running {
    child: Child,
    url: String,
}

impl Running {
    fn start(example: &str, folder: &tempfile::TempDir) -> Self {
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--example", example, "--manifest-path", manifest])
            .status();
        assert!(built.unwrap().success());
        let binary = std::env::current_exe().unwrap();
        let binary = binary.ancestors().nth(2).unwrap().join("examples").join(example);
        let mut command = Command::new(binary);
        command.arg("0").current_dir(folder.path()).env_clear().stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut lines = lines.map(Result::unwrap);
        let line = lines.find(|line| line.starts_with("listening on ")).unwrap();
        Self { child, url: line.trim_start_matches("listening on ").to_owned() }
    }

    fn sign_up(&self) -> String {
        let body = json!({"name": "Ada", "email": "ada@example.com", "password": "correct horse"});
        let answer = ureq::post(format!("{}/api/auth/sign-up/email", self.url))
            .header("content-type", "application/json")
            .send(body.to_string());
        cookie(&answer.unwrap())
    }

    fn get(&self, path: &str, cookie: &str) -> String {
        let answer = ureq::get(format!("{}{path}", self.url)).header("cookie", cookie).call();
        answer.unwrap().body_mut().read_to_string().unwrap()
    }
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
