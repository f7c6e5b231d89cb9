//! What goes over the wire to PostgreSQL: how often somebody waits for it, and what is prepared.

use std::io::Read as _;
use std::io::Write as _;
use std::net::Shutdown;
use std::net::TcpListener;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::thread;

use better_auth::BetterAuth;
use better_auth::Config;
use better_auth::Peer;
use better_auth::Secret;
use better_auth::config::DatabaseOptions;
use better_auth::config::Transport;
use better_auth::database::Clock;
use better_auth::database::Database;
use better_auth::database::DatabaseError;
use better_auth::database::Tx;
use bytes::Bytes;
use http::Request;
use http::Response;
use serde_json::Value;
use serde_json::json;

use crate::harness::Postgres;

const ORIGIN: &str = "http://localhost:3000";

/// Stands between a client and the server, and counts.
struct Tap {
    url: String,
    address: std::net::SocketAddr,
    seen: Arc<Mutex<Seen>>,
    is_over: Arc<AtomicBool>,
}

#[derive(Default)]
struct Seen {
    /// Whether the client has asked something that is not yet answered.
    is_asking: bool,
    counts: Counts,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Counts {
    /// How often the client has asked after it was answered.
    round_trips: u32,
    /// Statements that it had prepared.
    prepared: u32,
}

impl Tap {
    fn before(place: &Postgres) -> Self {
        let url = place.url();
        let (_, after) = url.split_once("@127.0.0.1:").unwrap();
        let port: u16 = after.split('/').next().unwrap().parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (seen, is_over) = (Arc::<Mutex<Seen>>::default(), Arc::<AtomicBool>::default());
        let url = url.replace(&format!(":{port}/"), &format!(":{}/", address.port()));
        let tap = Self { url, address, seen: Arc::clone(&seen), is_over: Arc::clone(&is_over) };
        thread::spawn(move || {
            for client in listener.incoming().take_while(|_| !is_over.load(Ordering::Acquire)) {
                let (client, server) =
                    (client.unwrap(), TcpStream::connect(("127.0.0.1", port)).unwrap());
                for way in [Way::There, Way::Back] {
                    let (client, server) =
                        (client.try_clone().unwrap(), server.try_clone().unwrap());
                    let seen = Arc::clone(&seen);
                    thread::spawn(move || match way {
                        Way::There => pass_on(client, server, way, &seen),
                        Way::Back => pass_on(server, client, way, &seen),
                    });
                }
            }
        });
        tap
    }

    /// What was counted since the last time.
    fn take(&self) -> Counts {
        std::mem::take(&mut self.seen.lock().unwrap().counts)
    }

    fn options(&self) -> DatabaseOptions {
        let url = self.url.clone();
        // One connection, so that each statement is prepared by the second time at the latest.
        DatabaseOptions { url: url.into(), max_connections: 1, ..DatabaseOptions::default() }
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Release);
        drop(TcpStream::connect(self.address));
    }
}

#[derive(Clone, Copy)]
enum Way {
    There,
    Back,
}

/// What is on its way is counted before it arrives, so that no answer overtakes its question.
fn pass_on(mut from: TcpStream, mut to: TcpStream, way: Way, seen: &Mutex<Seen>) {
    let mut messages = Messages::default();
    let mut part = [0; 8192];
    while let Ok(read @ 1..) = from.read(&mut part) {
        let part = &part[..read];
        {
            let mut seen = seen.lock().unwrap();
            match way {
                Way::There => {
                    seen.counts.round_trips += u32::from(!seen.is_asking);
                    seen.counts.prepared += messages.count(part, b'P');
                    seen.is_asking = true;
                }
                Way::Back => seen.is_asking = false,
            }
        }
        if to.write_all(part).is_err() {
            break;
        }
    }
    drop((from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both)));
}

/// The messages of a client: a letter, how long it is, and what it says. The first has no letter.
#[derive(Default)]
struct Messages {
    unread: Vec<u8>,
    has_begun: bool,
}

impl Messages {
    fn count(&mut self, part: &[u8], letter: u8) -> u32 {
        self.unread.extend_from_slice(part);
        let mut found = 0;
        loop {
            let head = usize::from(self.has_begun);
            let Some(length) = self.unread.get(head..head + 4) else { return found };
            let length = u32::from_be_bytes(length.try_into().unwrap());
            let whole = head + usize::try_from(length).unwrap();
            if self.unread.len() < whole {
                return found;
            }
            found += u32::from(self.has_begun && self.unread[0] == letter);
            self.unread.drain(..whole);
            self.has_begun = true;
        }
    }
}

/// What a job costs once its statements are prepared.
fn cost<T>(tap: &Tap, mut job: impl FnMut() -> T) -> u32 {
    let _first = job();
    tap.take();
    let _second = job();
    let counts = tap.take();
    assert_eq!(counts.prepared, 0, "something is prepared each time");
    counts.round_trips
}

#[test]
fn a_statement_is_one_round_trip_and_a_transaction_begins_with_its_first_question() {
    let Some(place) = Postgres::database() else { return };
    let tap = Tap::before(&place);
    let database = Database::new(&tap.options(), Clock::SYSTEM);
    let make = "CREATE TABLE t (n integer NOT NULL)";
    database.write_one(|tx| tx.execute(make, &[])).unwrap();
    let count = |tx: &mut Tx<'_>| tx.find("SELECT COUNT(*) FROM t", &[], |row| row.integer(0));
    let add = |tx: &mut Tx<'_>| tx.execute("INSERT INTO t VALUES ($1)", &[1.into()]);
    let both = |tx: &mut Tx<'_>| count(tx).and_then(|_| add(tx));
    let fail = |tx: &mut Tx<'_>| {
        count(tx)?;
        Err::<(), _>(DatabaseError::Busy)
    };
    assert_eq!(cost(&tap, || database.read(count).unwrap()), 1);
    assert_eq!(cost(&tap, || database.write_one(add).unwrap()), 1);
    // The first question with BEGIN, the statement, COMMIT.
    assert_eq!(cost(&tap, || database.write(both).unwrap()), 3);
    assert_eq!(cost(&tap, || database.write(fail).unwrap_err()), 2);
    // Without a transaction around it a statement that writes would count by itself, so it waits for BEGIN.
    assert_eq!(cost(&tap, || database.write(add).unwrap()), 3);
    assert_eq!(cost(&tap, || database.write(|_| Ok::<_, DatabaseError>(())).unwrap()), 0);
    assert_eq!(database.read(count), Ok(Some(6)));
}

#[test]
fn a_first_question_that_fails_ends_its_transaction_and_nothing_else() {
    let Some(place) = Postgres::database() else { return };
    let tap = Tap::before(&place);
    let database = Database::new(&tap.options(), Clock::SYSTEM);
    let divide =
        |tx: &mut Tx<'_>| tx.find("SELECT 1 / $1::integer", &[0.into()], |row| row.integer(0));
    for _ in 0..2 {
        let error = database.write(divide).unwrap_err();
        assert!(matches!(error, DatabaseError::Value(_)), "{error:?}");
        let swallowed = database.write(|tx| {
            drop(divide(tx));
            Ok::<_, DatabaseError>(())
        });
        assert!(matches!(swallowed, Err(DatabaseError::Other(_))), "{swallowed:?}");
        let isolation = "SELECT current_setting('transaction_isolation')";
        let isolation = |tx: &mut Tx<'_>| tx.find(isolation, &[], |row| row.text(0));
        assert_eq!(database.write(isolation).unwrap().as_deref(), Some("serializable"));
        assert_eq!(database.read(isolation).unwrap().as_deref(), Some("read committed"));
    }
}

/// A server whose database is behind this.
fn config(tap: &Tap) -> Config {
    let mut config = Config::default();
    config.base_url = Some(ORIGIN.into());
    config.secret = Some(Secret::new("a secret of at least thirty-two characters"));
    config.database = tap.options();
    config
}

/// Sends a request from an address, and answers its status.
fn status(auth: &BetterAuth, path: &str, from: &str, body: &Value) -> u16 {
    let request = Request::post(format!("{ORIGIN}/api/auth{path}"))
        .header("content-type", "application/json")
        .body(Bytes::from(body.to_string()));
    auth.handle(request.unwrap(), Peer::at(from.parse().unwrap())).status().as_u16()
}

#[test]
fn a_one_time_token_is_counted_without_the_database_and_a_refused_request_does_not_ask_it() {
    let Some(place) = Postgres::database() else { return };
    let tap = Tap::before(&place);
    let mut config = config(&tap);
    config.email.transport = Some(Transport::Log);
    let gitlab = json!({"clientId": "the id", "clientSecret": "the secret"});
    config.social_providers.insert("gitlab".to_owned(), serde_json::from_value(gitlab).unwrap());
    config.server.limits.one_time_tokens_per_client = 20;
    let auth = BetterAuth::new(config).unwrap();
    auth.migrate().unwrap();
    let begin = || status(&auth, "/sign-in/social", "192.0.2.1", &json!({"provider": "gitlab"}));
    let reset = || {
        let body = json!({"email": "ann@example.com"});
        status(&auth, "/request-password-reset", "192.0.2.1", &body)
    };
    assert_eq!(cost(&tap, || assert_eq!(begin(), 200)), 1, "the token is written, and that is all");
    while begin() == 200 {}
    assert_eq!(cost(&tap, || assert_eq!([begin(), reset()], [429; 2])), 0);
}

/// Sends a request that succeeds and answers the cookie that came back.
fn send(auth: &BetterAuth, method: &str, path: &str, cookie: &str, body: &Value) -> String {
    let answer = answer(auth, method, path, cookie, body);
    assert_eq!(answer.status(), 200, "{answer:?}");
    let cookie = answer.headers().get("set-cookie").map(|line| line.to_str().unwrap());
    cookie.and_then(|line| line.split(';').next()).unwrap_or_default().to_owned()
}

fn answer(
    auth: &BetterAuth,
    method: &str,
    path: &str,
    cookie: &str,
    body: &Value,
) -> Response<Bytes> {
    let request = Request::builder().method(method).uri(format!("{ORIGIN}/api/auth{path}"));
    let request = request.header("content-type", "application/json").header("origin", ORIGIN);
    let request = request.header("cookie", cookie);
    let body = if body.is_null() { Bytes::new() } else { body.to_string().into() };
    auth.handle(request.body(body).unwrap(), Peer::default())
}

/// A round trip more or less is seen in the time by clients that ask often enough.
#[test]
fn an_address_costs_the_same_statements_whether_somebody_has_it_or_not() {
    for transport in [Transport::File, Transport::Webhook] {
        let Some(place) = Postgres::database() else { return };
        let tap = Tap::before(&place);
        let mails = tempfile::tempdir().unwrap();
        let mut config = config(&tap);
        config.email.transport = Some(transport);
        config.email.file = mails.path().join("mails");
        config.email.webhook.url = Some("http://127.0.0.1:9/".to_owned());
        config.email.webhook.secret = Some(Secret::new("a secret of a webhook"));
        config.email_and_password.require_email_verification = true;
        let auth = BetterAuth::new(config).unwrap();
        auth.migrate().unwrap();
        let known = || "ann@example.com".to_owned();
        let mut number = 0;
        let mut unknown = || {
            number += 1;
            format!("nobody{number}@example.com")
        };
        let ask = |path: &str, email: String| {
            let password = if path == "/sign-in/email" { "wrong" } else { "correct horse battery" };
            let body = json!({"name": "A", "email": email, "password": password});
            answer(&auth, "POST", path, "", &body)
        };
        assert_eq!(ask("/sign-up/email", known()).status(), 200);
        let paths = [
            "/sign-up/email",
            "/sign-in/email",
            "/request-password-reset",
            "/send-verification-email",
        ];
        for path in paths {
            let costs = [cost(&tap, || ask(path, known())), cost(&tap, || ask(path, unknown()))];
            assert_eq!(costs[0], costs[1], "{transport:?} {path}");
        }
    }
}

#[test]
fn finding_a_session_is_one_round_trip_and_signing_in_and_out_are_few() {
    let Some(place) = Postgres::database() else { return };
    let tap = Tap::before(&place);
    let config = config(&tap);
    let auth = BetterAuth::new(config).unwrap();
    auth.migrate().unwrap();
    let ann =
        json!({"name": "Ann", "email": "ann@example.com", "password": "correct horse battery"});
    let cookie = send(&auth, "POST", "/sign-up/email", "", &ann);
    let mut cookies = vec![];
    let mut sign_in = || cookies.push(send(&auth, "POST", "/sign-in/email", "", &ann));
    assert_eq!(cost(&tap, &mut sign_in), 8);
    let find = || send(&auth, "GET", "/get-session", &cookie, &Value::Null);
    assert_eq!(cost(&tap, find), 1);
    let sign_out = || send(&auth, "POST", "/sign-out", &cookies.pop().unwrap(), &Value::Null);
    assert_eq!(cost(&tap, sign_out), 1);
}

#[test]
fn asking_for_a_link_writes_as_much_for_an_address_that_nobody_has() {
    let Some(place) = Postgres::database() else { return };
    let tap = Tap::before(&place);
    let mut config = config(&tap);
    config.email.transport = Some(Transport::Smtp);
    config.email.from = Some("no-reply@example.com".to_owned());
    config.email.smtp.host = Some("localhost".to_owned());
    let auth = BetterAuth::new(config).unwrap();
    auth.migrate().unwrap();
    let ann =
        json!({"name": "Ann", "email": "ann@example.com", "password": "correct horse battery"});
    send(&auth, "POST", "/sign-up/email", "", &ann);
    let ask = |email: &str| {
        let body = json!({"email": email, "redirectTo": "/"});
        cost(&tap, || send(&auth, "POST", "/request-password-reset", "", &body))
    };
    assert_eq!((ask("ann@example.com"), ask("nobody@example.com")), (5, 5));
}
