//! Three servers on one PostgreSQL: what one does counts at the others at once, also while the database restarts.

use std::collections::HashMap;
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use better_auth::database::Database;
use serde_json::Value;
use serde_json::json;

use crate::harness::Cluster;
use crate::harness::Folder;
use crate::harness::Mail;
use crate::harness::Postgres;
use crate::harness::at_once;
use crate::harness::patience::Over;
use crate::harness::server::Server;

const PASSWORD: &str = "correct horse battery";
const SECRET: &str = "three servers that share one secret of this length";
const ORIGIN: &str = "http://localhost:3000";
/// How long the load lasts.
const LASTS: Duration = Duration::from_secs(60);
/// How long a request may be refused after the database is back: nobody tries for a moment, and it may have been
/// under way when the database went.
const SETTLES: Duration = Duration::from_secs(1);

/// A folder whose servers share this database.
fn folder(url: &str, options: &Value) -> Folder {
    let folder = Folder::on_file().with("DATABASE_URL", url).with("BETTER_AUTH_SECRET", SECRET);
    fs::write(folder.path("better-auth.json"), options.to_string()).unwrap();
    folder
}

fn three(folder: &Folder) -> [Server; 3] {
    [(); 3].map(|()| Server::start(folder, &[]))
}

/// What came back: a status, whether it says when to try again, the cookie that it sets, the text.
struct Answer {
    status: u16,
    says_when: bool,
    cookie: String,
    body: String,
}

/// Sends a request; `None` when nobody was there.
fn send(url: &str, path: &str, cookie: &str, body: Option<&Value>) -> Option<Answer> {
    let config = ureq::config::Config::builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(30)))
        .build();
    let mut request = http::Request::builder().uri(format!("{url}{path}")).header("origin", ORIGIN);
    if !cookie.is_empty() {
        request = request.header("cookie", cookie);
    }
    let agent = ureq::Agent::new_with_config(config);
    let answer = match body {
        None => agent.run(request.body(()).unwrap()),
        Some(body) => {
            let request = request.method("POST").header("content-type", "application/json");
            agent.run(request.body(body.to_string()).unwrap())
        }
    };
    let mut answer = answer.ok()?;
    let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap());
    let cookie = header("set-cookie").and_then(|line| line.split(';').next()).unwrap_or_default();
    Some(Answer {
        status: answer.status().as_u16(),
        says_when: header("retry-after").is_some(),
        cookie: cookie.to_owned(),
        body: answer.body_mut().read_to_string().ok()?,
    })
}

#[test]
fn counts_are_exact_across_servers() {
    let Some(place) = Postgres::database() else { return };
    let options = json!({"rateLimit": {"enabled": true, "storage": "database",
        "customRules": {"/ok": {"window": 3600, "max": 60}}}});
    let folder = folder(&place.url(), &options);
    let servers = three(&folder);
    let let_in = at_once(150, |n| {
        let answer = send(&servers[n % 3].url, "/ok", "", None).unwrap();
        match answer.status {
            200 => true,
            429 if answer.says_when => false,
            other => panic!("{other}: {}", answer.body),
        }
    });
    assert_eq!(let_in.iter().filter(|is_let_in| **is_let_in).count(), 60);
}

#[test]
fn a_server_that_starts_without_its_database_ends() {
    let folder = folder("postgres://auth@127.0.0.1:1/auth", &json!({}));
    folder.run(&["serve", "--port", "0"]).failed(1, "The database is not available");
}

#[test]
fn a_session_that_ends_on_one_server_is_dead_on_the_others() {
    let Some(place) = Postgres::database() else { return };
    let folder = folder(&place.url(), &json!({"baseURL": ORIGIN}));
    let servers = three(&folder);
    let [one, two, three] = servers.each_ref().map(|server| server.url.as_str());
    let ada = json!({"name": "Ada", "email": "ada@example.com", "password": PASSWORD});
    let cookie = send(one, "/sign-up/email", "", Some(&ada)).unwrap().cookie;
    for url in [one, two, three] {
        let found = send(url, "/get-session", &cookie, None).unwrap();
        assert!(found.body.contains("ada@example.com"), "{}", found.body);
    }
    assert_eq!(send(three, "/sign-out", &cookie, Some(&json!({}))).unwrap().status, 200);
    for url in [one, two, three] {
        assert_eq!(send(url, "/get-session", &cookie, None).unwrap().body, "null");
    }
}

#[test]
fn a_link_to_a_new_password_works_once_whichever_server_it_is_opened_on() {
    let Some(place) = Postgres::database() else { return };
    let folder = folder(&place.url(), &json!({"baseURL": ORIGIN, "email": {"transport": "file"}}));
    let servers = three(&folder);
    let urls = servers.each_ref().map(|server| server.url.as_str());
    let ada = json!({"name": "Ada", "email": "ada@example.com", "password": PASSWORD});
    assert_eq!(send(urls[0], "/sign-up/email", "", Some(&ada)).unwrap().status, 200);
    for round in 0..5 {
        let token = reset_token(&folder, urls[round % 3], "ada@example.com").unwrap();
        let used = use_everywhere(&urls, &token, 9);
        assert_eq!(used.iter().filter(|status| **status == 200).count(), 1, "{used:?}");
        assert!(used.iter().all(|status| [200, 400].contains(status)), "{used:?}");
    }
}

/// Asks for a link to a new password and answers the token in it, if the request was taken.
fn reset_token(folder: &Folder, url: &str, email: &str) -> Option<String> {
    let body = json!({"email": email});
    let asked = send(url, "/request-password-reset", "", Some(&body))?;
    if asked.status != 200 {
        return None;
    }
    let mails = Mail::read(&folder.path("emails.jsonl"));
    let mail = mails.into_iter().rev().find(|mail| mail.field("to") == email).unwrap();
    Some(mail.token().to_owned())
}

/// Opens a link at the same moment so many times; the statuses, 0 for nobody there.
fn use_everywhere(urls: &[&str], token: &str, times: usize) -> Vec<u16> {
    let body = json!({"token": token, "newPassword": PASSWORD});
    at_once(times, |n| {
        let url = urls[n % urls.len()];
        send(url, "/reset-password", "", Some(&body)).map_or(0, |answer| answer.status)
    })
}

/// What was promised, and what was refused.
#[derive(Default)]
struct Seen {
    /// Whoever signed up, by address; and the token of a session, if it is to be alive.
    users: Mutex<HashMap<String, Option<String>>>,
    /// Tokens of sessions that were ended.
    ended: Mutex<Vec<String>>,
    /// Answers that were no success, and how long each took.
    refusals: Mutex<Vec<(Instant, Instant, String)>>,
    answered: AtomicUsize,
    resets: AtomicUsize,
}

/// A worker of the load.
struct Visitor<'a> {
    seen: &'a Seen,
    folder: &'a Folder,
    urls: [&'a str; 3],
    /// Whether the last of the servers is still there.
    is_third_there: &'a AtomicBool,
    number: usize,
}

impl Visitor<'_> {
    fn url(&self, round: usize) -> &str {
        let there = if self.is_third_there.load(Ordering::SeqCst) { 3 } else { 2 };
        self.urls[(self.number + round) % there]
    }

    /// Sends a request and writes down what is not a success; `None` then.
    fn ask(&self, round: usize, path: &str, cookie: &str, body: Option<&Value>) -> Option<Answer> {
        let (url, begun) = (self.url(round), Instant::now());
        let answer = send(url, path, cookie, body);
        let refusal = match answer {
            Some(answer) if answer.status == 200 => {
                self.seen.answered.fetch_add(1, Ordering::SeqCst);
                return Some(answer);
            }
            Some(answer) if answer.status == 503 && answer.says_when => "503".to_owned(),
            Some(answer) => format!("{path}: {} {}", answer.status, answer.body),
            // The one that was killed takes what it was asked along.
            None if url == self.urls[2] && !self.is_third_there.load(Ordering::SeqCst) => {
                return None;
            }
            None => format!("{path}: nobody is there"),
        };
        self.seen.refusals.lock().unwrap().push((begun, Instant::now(), refusal));
        None
    }

    /// Signs up, looks, signs in elsewhere, and out again.
    fn visit(&self, round: usize) -> Option<()> {
        let email = format!("visitor-{}-{round}@example.com", self.number);
        let body = json!({"name": "Visitor", "email": email, "password": PASSWORD});
        let cookie = self.ask(round, "/sign-up/email", "", Some(&body))?.cookie;
        let stays = token(&cookie);
        self.seen.users.lock().unwrap().insert(email.clone(), Some(stays));
        let found = self.ask(round + 1, "/get-session", &cookie, None)?;
        assert!(
            found.body.contains(&email),
            "a session that was begun is not there: {}",
            found.body
        );
        let body = json!({"email": email, "password": PASSWORD});
        let second = self.ask(round + 2, "/sign-in/email", "", Some(&body))?.cookie;
        self.ask(round, "/sign-out", &second, Some(&json!({})))?;
        self.seen.ended.lock().unwrap().push(token(&second));
        let found = self.ask(round + 1, "/get-session", &second, None)?;
        assert_eq!(found.body, "null", "a session that was ended is alive");
        if round.is_multiple_of(8) {
            self.reset(round, &email);
        }
        Some(())
    }

    /// A link to a new password that is opened on several servers at once.
    fn reset(&self, round: usize, email: &str) -> Option<()> {
        let token = reset_token(self.folder, self.url(round), email)?;
        let used = use_everywhere(&self.urls[..2], &token, 4);
        let successes = used.iter().filter(|status| **status == 200).count();
        assert!(successes <= 1, "a link worked {successes} times: {used:?}");
        self.seen.resets.fetch_add(successes, Ordering::SeqCst);
        Some(())
    }
}

/// The token in a cookie.
fn token(cookie: &str) -> String {
    let value = cookie.split_once('=').unwrap().1;
    value.split('.').next().unwrap().to_owned()
}

#[test]
#[ignore = "takes a minute; .ci/run has it"]
fn three_servers_under_load_lose_nothing_while_the_database_restarts_and_one_of_them_is_killed() {
    let Some(mut cluster) = Cluster::start() else { return };
    let place = cluster.database();
    let folder = folder(&place.url(), &json!({"baseURL": ORIGIN, "email": {"transport": "file"}}));
    let servers = three(&folder);
    let urls = servers.each_ref().map(|server| server.url.as_str());
    let (seen, is_over, is_third_there) =
        (Seen::default(), AtomicBool::new(false), AtomicBool::new(true));
    let mut down = Vec::new();
    thread::scope(|scope| {
        for number in 0..6 {
            let (seen, is_over, is_third_there) = (&seen, &is_over, &is_third_there);
            let visitor = Visitor { seen, folder: &folder, urls, is_third_there, number };
            scope.spawn(move || {
                let mut round = 0;
                while !is_over.load(Ordering::SeqCst) {
                    visitor.visit(round);
                    round += 1;
                }
            });
        }
        let _over = Over(&is_over);
        let begun = Instant::now();
        let wait_until = |after: Duration| {
            while begun.elapsed() < after {
                thread::park_timeout(after.saturating_sub(begun.elapsed()));
            }
        };
        for part in [1, 3] {
            wait_until(LASTS / 5 * part);
            let from = Instant::now();
            cluster.stop();
            thread::park_timeout(Duration::from_secs(2));
            cluster.start_again();
            down.push((from, Instant::now() + SETTLES));
            if part == 1 {
                wait_until(LASTS / 5 * 2);
                is_third_there.store(false, Ordering::SeqCst);
                servers[2].signal("KILL");
            }
        }
        wait_until(LASTS);
    });
    check_refusals(&seen, &down);
    check_rows(&seen, &place.open());
    for url in &urls[..2] {
        let signs_in = json!({"email": "visitor-0-0@example.com", "password": PASSWORD});
        assert_eq!(send(url, "/sign-in/email", "", Some(&signs_in)).unwrap().status, 200);
    }
}

fn check_refusals(seen: &Seen, down: &[(Instant, Instant)]) {
    let refusals = seen.refusals.lock().unwrap();
    let answered = seen.answered.load(Ordering::SeqCst);
    assert!(500 < answered, "{answered} answers are no load");
    assert!(0 < seen.resets.load(Ordering::SeqCst), "no link to a new password was ever used");
    assert!(!refusals.is_empty(), "the database was away and nobody noticed");
    for (from, to, what) in refusals.iter() {
        assert_eq!(what, "503", "the only refusal is one that says when to try again");
        let overlaps = |(begin, end): &&(Instant, Instant)| from < end && begin < to;
        assert!(down.iter().any(|gone| overlaps(&gone)), "refused while the database was there");
    }
}

/// Everything that was answered is there, and nothing that was ended.
fn check_rows(seen: &Seen, database: &Database) {
    let texts = |sql: &str| -> Vec<String> {
        database.read(|tx| tx.list(sql, &[], |row| row.text(0))).unwrap()
    };
    let users = texts(r#"SELECT "email" FROM "user""#);
    let sessions = texts(r#"SELECT "token" FROM "session""#);
    for (email, session) in seen.users.lock().unwrap().iter() {
        assert!(users.contains(email), "{email} was told that they have an account");
        if let Some(token) = session {
            assert!(sessions.contains(token), "{email} was told that they are signed in");
        }
    }
    for token in seen.ended.lock().unwrap().iter() {
        assert!(!sessions.contains(token), "a session is there that was ended");
    }
}
