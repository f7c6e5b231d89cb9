//! `better-auth serve` as a process of its own.

use std::io::BufRead as _;
use std::io::BufReader;
use std::process::Child;
use std::process::Command;
use std::process::ExitStatus;
use std::process::Stdio;
use std::thread;

use super::Folder;

pub(crate) struct Server {
    child: Child,
    /// Where the endpoints are, such as `http://127.0.0.1:4711/api/auth`.
    pub(crate) url: String,
}

impl Server {
    /// Starts a server on a free port and waits until it listens.
    pub(crate) fn start(folder: &Folder, words: &[&str]) -> Self {
        Self::start_by(Command::new(env!("CARGO_BIN_EXE_better-auth")), folder, words)
    }

    /// As `start`, by a command that sets limits or the like and runs what its arguments say.
    pub(crate) fn start_by(mut command: Command, folder: &Folder, words: &[&str]) -> Self {
        command.env_clear().current_dir(folder.path("."));
        command.envs(folder.variables().iter().map(|(name, value)| (*name, value)));
        command.args(["serve", "--port", "0"]).args(words);
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        let url = loop {
            let mut line = String::new();
            assert_ne!(stderr.read_line(&mut line).unwrap(), 0, "the server ended: {said}");
            if let Some((_, url)) = line.trim().split_once("listening on ") {
                break url.to_owned();
            }
            said.push_str(&line);
        };
        // Nobody reads the rest, but a full pipe would stop the server.
        thread::spawn(move || std::io::copy(&mut stderr, &mut std::io::sink()));
        Self { child, url }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    pub(crate) fn wait(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }

    pub(crate) fn post(&self, path: &str, body: &serde_json::Value) -> http::Response<ureq::Body> {
        let agent = agent();
        agent
            .post(format!("{}{path}", self.url))
            .header("content-type", "application/json")
            .send(body.to_string())
            .unwrap()
    }

    pub(crate) fn get(&self, path: &str, cookies: &str) -> String {
        let mut answer =
            agent().get(format!("{}{path}", self.url)).header("cookie", cookies).call().unwrap();
        answer.body_mut().read_to_string().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already gone where the test waited for it.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn agent() -> ureq::Agent {
    ureq::Agent::new_with_config(
        ureq::config::Config::builder().http_status_as_error(false).build(),
    )
}

/// The cookie that an answer sets, as a browser would send it back.
pub(crate) fn cookie(answer: &http::Response<ureq::Body>) -> String {
    let line = answer.headers().get("set-cookie").unwrap().to_str().unwrap();
    line.split(';').next().unwrap().to_owned()
}
