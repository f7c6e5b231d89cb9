//! A site: its own database, a clock that stands still, and one `send` for every engine.

use std::env;
use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use better_auth::BetterAuth;
use better_auth::Builder;
use better_auth::Config;
use better_auth::Peer;
use better_auth::Plugin;
use better_auth::Secret;
use better_auth::config::Transport;
use better_auth::database::Clock;
use better_auth::database::Timestamp;
use better_auth::http::Endpoint;
use better_auth::http::Member;
use better_auth::plugins;
use better_auth::server::Engine;
use better_auth::server::ServeOptions;
use better_auth::server::Stop;
use better_auth::server::serve;
use bytes::Bytes;
use serde_json::Value;
use serde_json::json;
use tempfile::TempDir;

use super::Answer;
use super::Mail;
use super::Postgres;
use super::Redis;
use super::Request;
use super::described;
use super::patience::PATIENCE;
use super::patience::watched;

/// The origin that every site is configured with, whatever port an engine listens on.
pub(crate) const ORIGIN: &str = "http://localhost:3000";
pub(crate) const SECRET: &str = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
pub(crate) const PASSWORD: &str = "correct horse battery";

pub(crate) struct Site {
    pub(crate) auth: Arc<BetterAuth>,
    pub(crate) clock: Clock,
    server: Option<Server>,
    /// Holds the database, if it is a file, and the messages; it goes when the site goes.
    folder: TempDir,
    /// Where `BETTER_AUTH_TEST_DATABASE` says that rows are kept.
    _postgres: Option<Postgres>,
    /// Where `BETTER_AUTH_TEST_STORAGE` says that sessions are kept.
    redis: Option<Redis>,
}

struct Server {
    address: SocketAddr,
    stop: Stop,
    thread: Option<JoinHandle<()>>,
}

impl Site {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    /// A site whose configuration differs.
    pub(crate) fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::build(engine(), change)
    }

    /// A site behind this engine, whatever the others run on.
    pub(crate) fn on(engine: Engine) -> Self {
        Self::build(Some(engine), |_| {})
    }

    /// A site with a plugin of the test's own.
    pub(crate) fn with_plugin(plugin: impl Plugin, change: impl FnOnce(&mut Config)) -> Self {
        Self::assemble(engine(), change, |builder| builder.plugin(plugin))
    }

    fn build(engine: Option<Engine>, change: impl FnOnce(&mut Config)) -> Self {
        Self::assemble(engine, change, |builder| builder)
    }

    fn assemble(
        engine: Option<Engine>,
        change: impl FnOnce(&mut Config),
        add: impl FnOnce(Builder) -> Builder,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.base_url = Some(ORIGIN.into());
        config.secret = Some(Secret::new(SECRET));
        config.database.url = format!("sqlite:{}", folder.path().join("site.db").display()).into();
        config.user.delete_user.enabled = true;
        config.email.file = folder.path().join("emails.jsonl");
        let postgres = postgres();
        if let Some(database) = &postgres {
            config.database.url = database.url().into();
        }
        let redis = storage(&mut config);
        change(&mut config);
        let clock = Clock::fixed(Timestamp::parse("2026-11-23T12:00:00.000Z").unwrap());
        let builder = add(BetterAuth::builder(config).clock(clock.clone()));
        let auth = Arc::new(builder.build().unwrap());
        auth.migrate().unwrap();
        let server = engine.map(|engine| Server::start(&auth, engine));
        Self { auth, clock, server, folder, _postgres: postgres, redis }
    }

    /// A site with every plugin on.
    pub(crate) fn with_plugins(change: impl FnOnce(&mut Config)) -> Self {
        Self::with(|config| {
            let on = plugins::ALL.iter().map(|entry| (entry.id.to_owned(), json!({})));
            config.plugins = on.collect();
            let list = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/breached.txt");
            config.plugins.insert("have-i-been-pwned".to_owned(), json!({ "list": list }));
            change(config);
        })
    }

    /// A site that sends every message, into a file.
    pub(crate) fn with_mail(change: impl FnOnce(&mut Config)) -> Self {
        Self::with(|config| {
            config.email.transport = Some(Transport::File);
            config.user.change_email.enabled = true;
            change(config);
        })
    }

    /// Where it listens, for who speaks to a bare socket.
    pub(crate) fn address(&self) -> SocketAddr {
        self.server.as_ref().unwrap().address
    }

    /// What was sent so far, oldest first.
    pub(crate) fn mails(&self) -> Vec<Mail> {
        Mail::read(&self.folder.path().join("emails.jsonl"))
    }

    /// What was sent last.
    pub(crate) fn mail(&self) -> Mail {
        self.mails().pop().unwrap_or_else(|| panic!("nothing was sent"))
    }

    /// Sends a request and checks what must hold for every answer.
    pub(crate) fn send(&self, request: Request) -> Answer {
        let (method, path) = (request.method.clone(), request.path.clone());
        let answer = match &self.server {
            Some(server) => server.send(request),
            None => self.handle(request),
        };
        check(&answer);
        described::check(&self.auth, &method, &path, &answer);
        answer
    }

    /// Answers in process whatever the engine, for what no client would carry.
    pub(crate) fn handle(&self, request: Request) -> Answer {
        let what = format!("the answer to {} {}", request.method, request.path);
        let mut builder = http::Request::builder()
            .method(request.method)
            .uri(format!("/api/auth{}", request.path))
            .header("host", "localhost:3000");
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        let request = builder.body(Bytes::from(request.body)).unwrap();
        let peer = Peer::at(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let (parts, body) = watched(what, || self.auth.handle(request, peer)).into_parts();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Request::post(path).json(body))
    }

    pub(crate) fn sign_up(&self, email: &str) -> Answer {
        let answer = self
            .post("/sign-up/email", &json!({"name": "Ada", "email": email, "password": PASSWORD}));
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer
    }

    /// The session that these cookies stand for, as `/get-session` answers it.
    pub(crate) fn session(&self, cookies: &str) -> Value {
        self.send(Request::get("/get-session").header("cookie", cookies)).json()
    }

    /// How many rows a table has, or what stands for them in a storage.
    pub(crate) fn stored(&self, table: &str) -> i64 {
        let config = self.auth.config();
        let begin = match (table, &self.redis) {
            ("session", Some(_)) if !config.keeps_session_rows() => "",
            ("verification", Some(_)) if !config.keeps_verification_rows() => "verification:",
            _ => {
                let sql = format!(r#"SELECT COUNT(*) FROM "{table}""#);
                let count = |row: &better_auth::database::Row<'_>| row.integer(0);
                return self.auth.database().read(|tx| tx.find(&sql, &[], count)).unwrap().unwrap();
            }
        };
        let keys = self.redis.as_ref().unwrap().keys();
        let keys = keys.iter().filter_map(|key| key.strip_prefix("better-auth:"));
        // A token has neither a colon nor a hyphen in it, every other key has.
        let fits =
            |key: &&str| key.starts_with(begin) && begin.is_empty() != key.contains([':', '-']);
        i64::try_from(keys.filter(fits).count()).unwrap()
    }

    /// The same site, which knows where its sessions are kept.
    pub(crate) fn keeping(self, redis: Redis) -> Self {
        Self { redis: Some(redis), ..self }
    }

    /// Lets time go by; for what a storage counts, whose own clock says how long, there too.
    pub(crate) fn wait(&self, span: Duration) {
        self.clock.set(self.clock.now().after(span));
        if let Some(redis) = &self.redis {
            redis.wait("better-auth:failed-attempts:", span);
        }
    }
}

impl Server {
    fn start(auth: &Arc<BetterAuth>, engine: Engine) -> Self {
        let (ready, listening) = mpsc::channel();
        let stop = Stop::new();
        let options = ServeOptions { port: 0, engine, ..ServeOptions::default() };
        let (auth, stopped) = (Arc::clone(auth), stop.clone());
        let thread = std::thread::spawn(move || {
            serve(auth, &options, &stopped, |address| {
                ready.send(address).unwrap();
            })
            .unwrap();
        });
        let address = listening.recv_timeout(PATIENCE).unwrap();
        Self { address, stop, thread: Some(thread) }
    }

    fn send(&self, request: Request) -> Answer {
        let agent = ureq::Agent::new_with_config(
            ureq::config::Config::builder()
                .http_status_as_error(false)
                .timeout_global(Some(PATIENCE))
                .max_redirects(0)
                .allow_non_standard_methods(true)
                .user_agent("")
                .accept("")
                .accept_encoding("")
                .build(),
        );
        let mut builder = http::Request::builder()
            .method(request.method)
            .uri(format!("http://{}/api/auth{}", self.address, request.path))
            .header("host", "localhost:3000");
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        let mut response = if request.body.is_empty() {
            agent.run(builder.body(()).unwrap())
        } else {
            let built = builder.body(request.body).unwrap();
            agent.run(built)
        }
        .unwrap();
        Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.body_mut().read_to_string().unwrap(),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.stop();
        if let Some(thread) = self.thread.take() {
            watched("the end of the server".to_owned(), || thread.join()).unwrap();
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "which engine the suite runs on is no option of ours"
)]
fn engine() -> Option<Engine> {
    match env::var("BETTER_AUTH_TEST_ENGINE").as_deref() {
        Err(_) | Ok("in-process") => None,
        Ok("hyper") => Some(Engine::Hyper),
        Ok("tiny-http") => Some(Engine::TinyHttp),
        Ok(other) => panic!("BETTER_AUTH_TEST_ENGINE={other}: in-process, hyper or tiny-http"),
    }
}

/// With `BETTER_AUTH_TEST_DATABASE=postgresql` every site and every folder has a database there.
#[expect(
    clippy::disallowed_methods,
    reason = "which database the suite runs on is no option of ours"
)]
pub(crate) fn postgres() -> Option<Postgres> {
    match env::var("BETTER_AUTH_TEST_DATABASE").as_deref() {
        Err(_) | Ok("sqlite") => None,
        Ok("postgresql") => Some(Postgres::database().unwrap()),
        Ok(other) => panic!("BETTER_AUTH_TEST_DATABASE={other}: sqlite or postgresql"),
    }
}

/// With `BETTER_AUTH_TEST_STORAGE=redis` every site keeps its sessions there, and with `both` in rows as well.
#[expect(
    clippy::disallowed_methods,
    reason = "which storage the suite runs on is no option of ours"
)]
fn storage(config: &mut Config) -> Option<Redis> {
    let storage = env::var("BETTER_AUTH_TEST_STORAGE").unwrap_or_default();
    match storage.as_str() {
        "" => return None,
        "redis" => {}
        "both" => {
            config.session.store_session_in_database = true;
            config.verification.store_in_database = true;
        }
        other => panic!("BETTER_AUTH_TEST_STORAGE={other}: redis or both"),
    }
    let redis = Redis::start().unwrap();
    config.secondary_storage.url = Some(Secret::new(redis.url()));
    Some(redis)
}

/// What holds for every answer of every test.
fn check(answer: &Answer) {
    let is_json = answer.header("content-type") == Some("application/json");
    if is_json && !answer.body.is_empty() {
        let body = answer.json();
        if 400 <= answer.status {
            assert_eq!(body["status"], json!(answer.status), "{answer:?}");
            assert!(body["message"].is_string() && body["code"].is_string(), "{answer:?}");
        }
    }
    let says_when = answer.header("retry-after").is_some();
    assert_eq!(says_when, [429, 503].contains(&answer.status), "{answer:?}");
    assert_eq!(answer.header("x-request-id").map(str::len), Some(36), "{answer:?}");
    let whole = format!("{:?}{}", answer.headers, answer.body);
    for secret in ["$argon2", PASSWORD, SECRET] {
        assert!(!whole.contains(secret), "{secret} shows in {answer:?}");
    }
}

/// The members that the body of an endpoint may have.
pub(crate) fn members(row: &Endpoint) -> Vec<Member> {
    row.body.form().map(|form| form.members()).unwrap_or_default()
}
