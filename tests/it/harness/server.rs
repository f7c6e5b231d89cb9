//! `better-auth serve` as a process of its own.

use std::io::BufRead as _;
use std::io::BufReader;
use std::net::SocketAddr;
use std::process::Child;
use std::process::Command;
use std::process::ExitStatus;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::mpsc;
use std::thread;
use std::thread::JoinHandle;

use super::Connection;
use super::Folder;
use super::patience::PATIENCE;
use super::patience::ended;
use super::until;

pub(crate) struct Server {
    child: Child,
    /// Where the endpoints are, such as `http://127.0.0.1:4711/api/auth`.
    pub(crate) url: String,
    /// Where metrics and health are, if the server was asked for them.
    pub(crate) admin: Option<String>,
    /// What it has said on standard error so far.
    log: Arc<Mutex<String>>,
    /// Ends when the server does.
    listener: Option<JoinHandle<()>>,
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
        let child =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
        let mut child = child.unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (log, (tells, said)) = (Arc::<Mutex<String>>::default(), mpsc::channel());
        let keeps = Arc::clone(&log);
        // It goes on for as long as the server does: a full pipe would stop that.
        let listener = thread::spawn(move || {
            stderr.lines().map_while(Result::ok).for_each(|line| {
                let mut log = keeps.lock().unwrap();
                log.push_str(&line);
                log.push('\n');
                drop(log);
                // Nobody asks any more once the server listens.
                drop(tells.send(line));
            });
        });
        let mut server =
            Self { child, url: String::new(), admin: None, log, listener: Some(listener) };
        while server.url.is_empty() {
            let line = said.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|why| panic!("no server, {why}: {}", server.log()));
            if let Some((_, url)) = line.trim().split_once("listening on ") {
                url.clone_into(&mut server.url);
            }
            if let Some((_, url)) = line.trim().split_once("metrics and health on ") {
                server.admin = Some(url.to_owned());
            }
        }
        server
    }

    /// Host and port.
    pub(crate) fn address(&self) -> SocketAddr {
        let place = self.url.trim_start_matches("http://").split('/').next().unwrap();
        place.parse().unwrap()
    }

    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Everything that it said, once it has ended.
    pub(crate) fn whole_log(&mut self) -> String {
        let listener = self.listener.take().unwrap();
        until("the server has said everything", || listener.is_finished());
        self.log()
    }

    /// What the other listener answers.
    pub(crate) fn watch(&self, path: &str) -> (u16, String) {
        let mut answer =
            agent().get(format!("{}{path}", self.admin.as_ref().unwrap())).call().unwrap();
        (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
    }

    /// A number of `/metrics`; nothing where there is no such line.
    pub(crate) fn metric(&self, name: &str) -> Option<f64> {
        let (_, text) = self.watch("/metrics");
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.map(|value| value.parse().unwrap())
    }

    pub(crate) fn connect(&self) -> Connection {
        Connection::to(self.address()).unwrap()
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    #[track_caller]
    pub(crate) fn wait(&mut self) -> ExitStatus {
        ended(&mut self.child, "the server")
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

/// A client that takes any answer and does not wait for ever.
pub(crate) fn agent() -> ureq::Agent {
    let config = ureq::config::Config::builder();
    let config = config.http_status_as_error(false).timeout_global(Some(PATIENCE)).build();
    ureq::Agent::new_with_config(config)
}

/// The cookie that an answer sets, as a browser would send it back.
pub(crate) fn cookie(answer: &http::Response<ureq::Body>) -> String {
    let line = answer.headers().get("set-cookie").unwrap().to_str().unwrap();
    line.split(';').next().unwrap().to_owned()
}
