//! A server that is killed while clients write: whatever it answered is there, nothing is half done, and the file
//! holds together. `BETTER_AUTH_TEST_SEED` repeats a run.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::env;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;
use std::time::Instant;
use std::time::SystemTime;

use better_auth::database::Clock;
use better_auth::database::Database;
use better_auth::database::DatabaseError;
use better_auth::database::Tx;
use serde_json::Value;
use serde_json::json;

use super::people::PASSWORD;
use super::people::address;
use super::people::in_file;
use crate::harness::Folder;
use crate::harness::patience::Over;
use crate::harness::patience::PATIENCE;
use crate::harness::server::Server;
use crate::harness::server::agent;
use crate::harness::server::cookie;

const CLIENTS: usize = 4;
/// Answers in a round before the server is killed, at most.
const ANSWERS_MAX: u64 = 60;

#[test]
fn ten_kills_lose_nothing() {
    kill_again_and_again(10, "wal");
}

#[test]
fn ten_kills_lose_nothing_where_journals_are_deleted() {
    kill_again_and_again(10, "delete");
}

#[test]
#[ignore = "takes minutes; .ci/run has it"]
fn two_hundred_kills_lose_nothing() {
    kill_again_and_again(200, "wal");
}

#[expect(clippy::print_stdout, reason = "shown when the test fails: what repeats it")]
fn kill_again_and_again(rounds: usize, journal: &str) {
    let mut random = Random(seed());
    println!("BETTER_AUTH_TEST_SEED={}", random.0);
    let folder = Folder::migrated_file();
    folder.configure(&json!({"database": {"journalMode": journal}}));
    let mut clients: Vec<Client> = (0..CLIENTS).map(Client::new).collect();
    let mut answers = 0;
    for round in 0..rounds {
        let server = Server::start(&folder, &[]);
        let (answered, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
        let wanted = usize::try_from(random.below(ANSWERS_MAX)).unwrap();
        let pause = Duration::from_micros(random.below(3000));
        thread::scope(|scope| {
            for client in &mut clients {
                let (url, answered, is_over) = (server.url.as_str(), &answered, &is_over);
                scope.spawn(move || client.write_until(is_over, url, round, answered));
            }
            let _over = Over(&is_over);
            let until = Instant::now() + PATIENCE;
            while answered.load(Ordering::SeqCst) < wanted && Instant::now() < until {
                thread::park_timeout(Duration::from_micros(200));
            }
            thread::park_timeout(pause);
            server.signal("KILL");
        });
        answers += answered.load(Ordering::SeqCst);
        let found = Found::read(&folder);
        for client in &mut clients {
            client.check(&found, round);
        }
    }
    assert!(rounds < answers, "{answers} writes in {rounds} rounds are no load");
    println!("{answers} answers, {rounds} kills");
}

#[expect(clippy::disallowed_methods, reason = "a new seed for every run, unless one is given")]
fn seed() -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let given = env::var("BETTER_AUTH_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
    given.unwrap_or(u64::from(now.subsec_nanos())) | 1
}

/// Xorshift: the same numbers for the same seed.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

/// How something stands whose answer may not have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    Asked,
    Answered,
}

/// A client, and what it was told.
struct Client {
    number: usize,
    agent: ureq::Agent,
    step: u64,
    /// The user of this round, once there is one, with a session that stays.
    user: Option<(String, String)>,
    /// Users by address; what was asked for but not answered is there or not, but never in part.
    users: BTreeMap<String, Known>,
    /// The name that was answered last, and the one that was asked for last.
    names: BTreeMap<String, (String, String)>,
    /// Sessions by token: whether they were ended.
    sessions: BTreeMap<String, Option<Known>>,
}

impl Client {
    fn new(number: usize) -> Self {
        Self {
            number,
            agent: agent(),
            step: 0,
            user: None,
            users: BTreeMap::new(),
            names: BTreeMap::new(),
            sessions: BTreeMap::new(),
        }
    }

    /// Writes until the server is gone, and counts what is answered.
    fn write_until(
        &mut self,
        is_over: &AtomicBool,
        url: &str,
        round: usize,
        answered: &AtomicUsize,
    ) {
        while !is_over.load(Ordering::SeqCst) && self.go_on(url, round).is_some() {
            answered.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// One more write; `None` when the server is gone.
    fn go_on(&mut self, url: &str, round: usize) -> Option<()> {
        self.step += 1;
        let Some((email, cookie)) = self.user.clone() else {
            return self.sign_up(url, round);
        };
        match self.step % 24 {
            0 => self.sign_in_and_out(url, &email),
            1 if self.number == 0 => self.sign_up(url, round),
            _ => self.rename(url, &email, &cookie),
        }
    }

    fn sign_up(&mut self, url: &str, round: usize) -> Option<()> {
        let email = address(&format!("user{}-{round}-{}", self.number, self.step));
        self.users.insert(email.clone(), Known::Asked);
        self.names.insert(email.clone(), ("new".to_owned(), "new".to_owned()));
        let body = json!({"name": "new", "email": email, "password": PASSWORD});
        let answer = self.post(&format!("{url}/sign-up/email"), "", &body)?;
        let cookie = cookie(&answer);
        self.users.insert(email.clone(), Known::Answered);
        self.sessions.insert(token(&cookie), None);
        self.user = Some((email, cookie));
        Some(())
    }

    fn rename(&mut self, url: &str, email: &str, cookie: &str) -> Option<()> {
        let name = format!("name {}", self.step);
        self.names.get_mut(email).unwrap().1.clone_from(&name);
        self.post(&format!("{url}/update-user"), cookie, &json!({"name": name}))?;
        self.names.get_mut(email).unwrap().0 = name;
        Some(())
    }

    fn sign_in_and_out(&mut self, url: &str, email: &str) -> Option<()> {
        let body = json!({"email": email, "password": PASSWORD});
        let answer = self.post(&format!("{url}/sign-in/email"), "", &body)?;
        let cookie = cookie(&answer);
        let token = token(&cookie);
        self.sessions.insert(token.clone(), None);
        // Every second one stays.
        if self.step.is_multiple_of(48) {
            self.sessions.insert(token.clone(), Some(Known::Asked));
            self.post(&format!("{url}/sign-out"), &cookie, &json!({}))?;
            self.sessions.insert(token, Some(Known::Answered));
        }
        Some(())
    }

    fn post(&self, url: &str, cookie: &str, body: &Value) -> Option<http::Response<ureq::Body>> {
        let mut request = self.agent.post(url).header("content-type", "application/json");
        if !cookie.is_empty() {
            let origin = url.split("/api/auth").next().unwrap();
            request = request.header("cookie", cookie).header("origin", origin);
        }
        let answer = request.send(body.to_string()).ok()?;
        assert_eq!(answer.status(), 200, "{url} {body}");
        Some(answer)
    }

    /// Compares what it was told with what is there, and settles what was open.
    fn check(&mut self, found: &Found, round: usize) {
        self.users.retain(|email, known| {
            let is_there = found.names.contains_key(email);
            assert!(is_there || *known == Known::Asked, "round {round}: {email} is lost");
            *known = Known::Answered;
            is_there
        });
        for email in self.users.keys() {
            let (answered, asked) = self.names.get_mut(email).unwrap();
            let is = &found.names[email];
            assert!([&*answered, &*asked].contains(&is), "round {round}: {email} is {is}");
            answered.clone_from(is);
        }
        self.sessions.retain(|token, ended| {
            let is_there = found.sessions.contains(token);
            let is_right = match ended {
                None => is_there,
                Some(Known::Answered) => !is_there,
                Some(Known::Asked) => true,
            };
            assert!(is_right, "round {round}: session {token} ended: {ended:?}, there: {is_there}");
            // What was open is settled by what is there.
            if *ended == Some(Known::Asked) && is_there {
                *ended = None;
            }
            is_there
        });
        if self.user.as_ref().is_some_and(|(email, _)| !self.users.contains_key(email)) {
            self.user = None;
        }
    }
}

/// The token in the cookie of a session.
fn token(cookie: &str) -> String {
    cookie.split(['=', '.']).nth(2).unwrap().to_owned()
}

/// What a process finds that opens the database anew.
struct Found {
    names: BTreeMap<String, String>,
    sessions: BTreeSet<String>,
}

impl Found {
    fn read(folder: &Folder) -> Self {
        let file = folder.path("better-auth.db");
        in_file(&file);
        let database = Database::sqlite(file, Clock::SYSTEM);
        let pairs = |sql: &str| {
            let rows = |tx: &mut Tx<'_>| tx.list(sql, &[], |row| Ok((row.text(0)?, row.text(1)?)));
            database.read::<_, DatabaseError>(rows).unwrap()
        };
        let half = r#"SELECT "email", COUNT("account"."id") FROM "user"
            LEFT JOIN "account" ON "account"."userId" = "user"."id" GROUP BY 1 HAVING COUNT("account"."id") <> 1"#;
        assert_eq!(pairs(half), [], "users without a password");
        Self {
            names: pairs(r#"SELECT "email", "name" FROM "user""#).into_iter().collect(),
            sessions: pairs(r#"SELECT "token", "id" FROM "session""#)
                .into_iter()
                .map(|(token, _)| token)
                .collect(),
        }
    }
}
