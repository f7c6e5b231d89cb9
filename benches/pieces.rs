//! The pieces that requests are made of, each by itself and through the public API: what a change costs or saves.
//!
//!   cargo bench --bench pieces -- "session lookup"
#![expect(clippy::unwrap_used, reason = "a program for people who measure")]

use std::hint::black_box;

use better_auth::BetterAuth;
use better_auth::Config;
use better_auth::NewUser;
use better_auth::Peer;
use better_auth::Request;
use better_auth::Secret;
use better_auth::SessionWithUser;
use better_auth::crypto::cookie::Signer;
use better_auth::crypto::password::Algorithm;
use better_auth::crypto::password::Hasher;
use better_auth::http::router::Router;
use bytes::Bytes;
use criterion::Criterion;
use criterion::criterion_group;
use criterion::criterion_main;
use http::HeaderMap;
use http::Method;
use serde_json::json;

const SECRET: &str = "a secret of at least thirty-two characters";
const ADDRESS: &str = "ada@example.com";
const PASSWORD: &str = "correct horse battery";

criterion_group!(pieces, cookie, session, json, router, password);
criterion_main!(pieces);

/// A service where one user has signed in, and the cookie of that session.
fn signed_in(folder: &tempfile::TempDir) -> (BetterAuth, String) {
    let mut config = Config::default();
    config.secret = Some(Secret::new(SECRET));
    config.database.url = format!("sqlite:{}", folder.path().join("bench.db").display()).into();
    let auth = BetterAuth::new(config).unwrap();
    auth.migrate().unwrap();
    let password = Some(Secret::new(PASSWORD));
    let user = NewUser {
        email: ADDRESS.to_owned(),
        name: "Ada".to_owned(),
        password,
        ..Default::default()
    };
    auth.api().create_user(&user).unwrap();
    let request = Request::post("/api/auth/sign-in/email")
        .header("content-type", "application/json")
        .header(
            "user-agent",
            "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
        )
        .body(Bytes::from(json!({"email": ADDRESS, "password": PASSWORD}).to_string()))
        .unwrap();
    let answer = auth.handle(request, Peer::unknown());
    let cookie = answer.headers().get("set-cookie").unwrap().to_str().unwrap();
    (auth, cookie.split(';').next().unwrap().to_owned())
}

fn cookie(c: &mut Criterion) {
    let signer = Signer::new(&[Secret::new(SECRET)]);
    let signed = signer.sign("uFwoEXbj2xJzHdVD5DifqkPPgz6wnqdA");
    c.bench_function("cookie: verify", |b| b.iter(|| signer.open(black_box(&signed)).unwrap()));
    c.bench_function("cookie: sign", |b| b.iter(|| signer.sign(black_box("uFwoEXbj2xJzHdVD5D"))));
}

fn session(c: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let (auth, cookie) = signed_in(&folder);
    let headers: HeaderMap =
        [(http::header::COOKIE, cookie.parse().unwrap())].into_iter().collect();
    c.bench_function("session lookup: the call", |b| {
        b.iter(|| auth.api().get_session(black_box(&headers)).unwrap().unwrap());
    });
    c.bench_function("session lookup: the request", |b| {
        b.iter(|| {
            let request = Request::get("/api/auth/get-session").header("cookie", &cookie);
            let answer = auth.handle(request.body(Bytes::new()).unwrap(), Peer::unknown());
            assert!(answer.body().starts_with(b"{\"session\""));
        });
    });
}

fn json(c: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let (auth, cookie) = signed_in(&folder);
    let headers: HeaderMap =
        [(http::header::COOKIE, cookie.parse().unwrap())].into_iter().collect();
    let found = auth.api().get_session(&headers).unwrap().unwrap();
    let text = serde_json::to_vec(&found).unwrap();
    c.bench_function("JSON: write a session", |b| {
        b.iter(|| serde_json::to_vec(black_box(&found)).unwrap());
    });
    c.bench_function("JSON: read a session", |b| {
        b.iter(|| serde_json::from_slice::<SessionWithUser>(black_box(&text)).unwrap());
    });
}

fn router(c: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let (auth, _) = signed_in(&folder);
    let router = Router::new(auth.endpoints().into_iter().cloned());
    c.bench_function("router: a path", |b| {
        b.iter(|| router.find(&Method::GET, black_box("/get-session")).unwrap());
    });
    c.bench_function("router: a path with a parameter", |b| {
        b.iter(|| router.find(&Method::GET, black_box("/callback/google")).unwrap());
    });
    c.bench_function("router: a path that is not there", |b| {
        b.iter(|| router.find(&Method::GET, black_box("/wp-login.php")).is_none());
    });
}

fn password(c: &mut Criterion) {
    let hasher = Hasher::new(1, 0);
    let password = Secret::new(PASSWORD);
    let mut slow = c.benchmark_group("password");
    slow.sample_size(20);
    for (name, algorithm) in [("argon2id", Algorithm::Argon2id), ("scrypt", Algorithm::Scrypt)] {
        let hash = hasher.hash(algorithm, &password).unwrap();
        slow.bench_function(format!("{name}: verify"), |b| {
            b.iter(|| assert_eq!(hasher.verify(&password, &hash).unwrap(), Some(true)));
        });
    }
    slow.finish();
}
