//! Does the time of an answer tell who has an account?
//!
//! For every endpoint that takes an address from a stranger, requests for known and for unknown addresses
//! take turns, and a Mann-Whitney test compares the two samples. With 4,000 of each, it finds with a power
//! of 99 % (at a significance of 0.1 %) a difference that would let a stranger who sees one answer guess
//! right in 53.7 of 100 cases instead of 50. Whatever is found is printed; a difference that is found ends
//! with exit code 1.
//!
//!   cargo bench --bench enumeration
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a program for people who measure"
)]

use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::time::Duration;
use std::time::Instant;

use better_auth::BetterAuth;
use better_auth::Config;
use better_auth::NewUser;
use better_auth::Peer;
use better_auth::Request;
use better_auth::Secret;
use better_auth::config::Transport;
use bytes::Bytes;
use serde_json::Value;
use serde_json::json;

/// The body of a request for an address.
type Body<'a> = &'a dyn Fn(String) -> Value;

const SAMPLES: usize = 4000;
/// Requests before the first that counts.
const WARM_UP: usize = 200;
/// Two-sided significance of 0.1 %.
const Z_MAX: f64 = 3.29;
/// Passwords take longer by far, so that fewer are enough to see as much relative to their time.
const SAMPLES_WITH_PASSWORD: usize = 400;

fn main() -> ExitCode {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::default();
    // What is wrong on purpose is counted, and forgotten before it is too much.
    config.email_and_password.lockout.max_attempts = 100;
    config.email_and_password.lockout.window = Duration::from_secs(1);
    // More than one client may ask for.
    config.server.limits.one_time_tokens_per_client = 100_000;
    config.server.limits.one_time_tokens = 1_000_000;
    config.base_url = Some("http://localhost:3000".into());
    config.secret = Some(Secret::new("a secret of at least thirty-two characters"));
    config.database.url = format!("sqlite:{}", folder.path().join("bench.db").display()).into();
    config.email_and_password.require_email_verification = true;
    // Keeps messages as production does; nobody sends them here.
    config.email.transport = Some(Transport::Webhook);
    config.email.webhook.url = Some("http://127.0.0.1:9/".to_owned());
    config.email.webhook.secret = Some(Secret::new("a secret of a webhook"));
    let auth = BetterAuth::new(config).unwrap();
    auth.migrate().unwrap();
    for number in 0..WARM_UP {
        let email = known(number);
        auth.api().create_user(&NewUser { email, ..NewUser::default() }).unwrap();
    }
    let password = "correct horse battery";
    let calls: [(&str, usize, Body<'_>); 4] = [
        ("/request-password-reset", SAMPLES, &|email| json!({"email": email})),
        ("/send-verification-email", SAMPLES, &|email| json!({"email": email})),
        (
            "/sign-in/email",
            SAMPLES_WITH_PASSWORD,
            &|email| json!({"email": email, "password": password}),
        ),
        (
            "/sign-up/email",
            SAMPLES_WITH_PASSWORD,
            &|email| json!({"email": email, "password": password, "name": "Ada"}),
        ),
    ];
    let mut is_found = false;
    for (path, samples, body) in calls {
        let z = compare(&auth, path, samples, body);
        is_found |= Z_MAX < z.abs();
    }
    if is_found {
        println!("a difference was found");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn known(number: usize) -> String {
    format!("known{:04}@example.com", number % WARM_UP)
}

fn compare(auth: &BetterAuth, path: &str, samples: usize, body: Body<'_>) -> f64 {
    let (mut of_known, mut of_unknown) = (Vec::new(), Vec::new());
    for number in 0..samples + WARM_UP {
        let unknown = format!("other{number:04}@example.com");
        // Who comes first changes, as the second of two may profit from the first.
        let (known_time, unknown_time) = if number % 2 == 0 {
            let known_time = send(auth, path, &body(known(number)));
            (known_time, send(auth, path, &body(unknown)))
        } else {
            let unknown_time = send(auth, path, &body(unknown));
            (send(auth, path, &body(known(number))), unknown_time)
        };
        if WARM_UP <= number {
            of_known.push(known_time);
            of_unknown.push(unknown_time);
        }
    }
    let (share, z) = mann_whitney(&of_known, &of_unknown);
    let (known, unknown) = (median(&mut of_known), median(&mut of_unknown));
    println!(
        "{path:26} known {known:>9.1?}  unknown {unknown:>9.1?}  \
         a guess is right in {:.1} of 100 cases  z = {z:.2}",
        100.0 * share.max(1.0 - share)
    );
    z
}

fn send(auth: &BetterAuth, path: &str, body: &Value) -> Duration {
    let request = Request::post(format!("/api/auth{path}"))
        .header("content-type", "application/json")
        .body(Bytes::from(body.to_string()))
        .unwrap();
    let peer = Peer::at(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let begin = Instant::now();
    let answer = auth.handle(request, peer);
    let time = begin.elapsed();
    assert!(matches!(answer.status().as_u16(), 200 | 401), "{path}: {answer:?}");
    time
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// How often one of the left takes longer than one of the right, and how far that is from a half in
/// standard deviations.
fn mann_whitney(left: &[Duration], right: &[Duration]) -> (f64, f64) {
    let mut all: Vec<(Duration, bool)> = left.iter().map(|time| (*time, true)).collect();
    all.extend(right.iter().map(|time| (*time, false)));
    all.sort();
    let ranks: f64 = all
        .iter()
        .enumerate()
        .filter(|(_, (_, is_left))| *is_left)
        .map(|(rank, _)| (rank + 1) as f64)
        .sum();
    let (n, m) = (left.len() as f64, right.len() as f64);
    let share = (ranks - n * (n + 1.0) / 2.0) / (n * m);
    let deviation = ((n + m + 1.0) / (12.0 * n * m)).sqrt();
    (share, (share - 0.5) / deviation)
}
