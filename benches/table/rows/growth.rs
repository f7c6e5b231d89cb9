//! What becomes slower when there are a thousand times as many users: nothing should.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use better_auth::BetterAuth;
use better_auth::Config;
use better_auth::Peer;
use better_auth::Request;
use better_auth::Secret;
use better_auth::models::user;
use bytes::Bytes;
use rusqlite::Connection;

use crate::Result;
use crate::bench::Bench;
use crate::fixture;
use crate::fixture::Fixture;
use crate::process;
use crate::report::Bound;
use crate::report::Goal;
use crate::report::Report;
use crate::report::Series;
use crate::sqlite;
use crate::statistics::median;
use crate::statistics::ratio;

const SIZES: [(u32, &str); 3] = [(1000, "1k"), (100_000, "100k"), (1_000_000, "1M")];
/// Commands that are started per round and size.
const COMMANDS: usize = 5;

/// An operation, how to take its time in microseconds, and whether that is ours to keep.
type Operation = (&'static str, fn(&Place) -> Result<f64>, bool);

const OPERATIONS: [Operation; 5] = [
    ("session lookup", find_session, true),
    ("sign-in lookup", find_user, true),
    (ALONE, search, false),
    ("users list --limit 20", list, true),
    ("users show", show, true),
];
/// The statement of the one before it, and nothing around that.
const ALONE: &str = "sign-in lookup in SQLite alone";
const FIND: &str = r#"SELECT "user".*, "account"."password" FROM "user"
    LEFT JOIN "account" ON "account"."userId" = "user"."id" AND "account"."providerId" = 'credential'
        AND "account"."accountId" = "user"."id"
    WHERE "user"."email" = ?1"#;

/// A database of one size, opened.
struct Place {
    fixture: Fixture,
    auth: BetterAuth,
    cookies: Vec<String>,
    alone: Connection,
}

pub(crate) fn measure(bench: &Bench) -> Result<Report> {
    let places = SIZES
        .iter()
        .map(|(size, name)| Ok((open(Fixture::of(bench, *size)?)?, *name)))
        .collect::<Result<Vec<_>>>()?;
    let (mut series, mut goals, mut alone) = (Vec::new(), Vec::new(), f64::NAN);
    for (operation, time, is_ours) in OPERATIONS {
        let mut sizes: Vec<Series> =
            places.iter().map(|(_, size)| Series::new(format!("{operation}, {size}"))).collect();
        for round in 0..=bench.rounds {
            for ((place, _), series) in places.iter().zip(&mut sizes) {
                let time = time(place)?;
                // The first round brings what is touched into memory.
                if round > 0 {
                    series.samples.push(time);
                }
            }
        }
        if let [small, _, large] = sizes.as_slice() {
            let found = ratio(&large.samples, &small.samples);
            if is_ours {
                let what = format!("{operation}, 1M users as against 1k");
                goals.push(Goal { what, found, bound: Bound::AtMost(1.5), unit: "×" });
            } else {
                alone = found;
            }
        }
        series.extend(sizes);
    }
    Ok(Report {
        name: "growth",
        title: "Growth from 1k to 1M users",
        how: "Lookups in one thread through the library, sessions as whole requests, of 1,000 users spread over \
              all; commands as whole processes."
            .to_owned(),
        unit: "microseconds",
        series,
        goals,
        why: format!(
            "A thousand users fit into the caches of a core and a million do not. A session and a sign-in are looked \
             for in four trees each, and SQLite alone takes {alone:.2} times as long for the second with a million, \
             from pages that are all in memory. Next: accounts found by their user without an index in between, which \
             would be another schema than Better Auth's."
        ),
    })
}

fn open(fixture: Fixture) -> Result<Place> {
    let mut config = Config::default();
    config.secret = Some(Secret::new(fixture::SECRET));
    config.database.url = format!("sqlite:{}", fixture.file.display()).into();
    let alone = sqlite::reader(&fixture.file)?;
    Ok(Place { cookies: fixture.cookies(), fixture, auth: BetterAuth::new(config)?, alone })
}

fn find_session(place: &Place) -> Result<f64> {
    let begin = Instant::now();
    for cookie in &place.cookies {
        let request = Request::get("/api/auth/get-session").header("cookie", cookie);
        let answer = place.auth.handle(request.body(Bytes::new())?, Peer::unknown());
        if !answer.body().starts_with(b"{\"session\"") {
            return Err(format!("no session: {answer:?}").into());
        }
    }
    Ok(begin.elapsed().as_secs_f64() * 1e6 / place.cookies.len() as f64)
}

fn find_user(place: &Place) -> Result<f64> {
    let addresses = place.fixture.addresses();
    let begin = Instant::now();
    for address in &addresses {
        let found = place.auth.database().read(|tx| user::find_with_hash(tx, address))?;
        if found.is_none() {
            return Err(format!("no user {address}").into());
        }
    }
    Ok(begin.elapsed().as_secs_f64() * 1e6 / addresses.len() as f64)
}

fn search(place: &Place) -> Result<f64> {
    let addresses = place.fixture.addresses();
    let mut statement = place.alone.prepare(FIND)?;
    let begin = Instant::now();
    for address in &addresses {
        statement.query_row([address], |row| Ok(row.get_ref("password")?.as_str().map(drop)?))?;
    }
    Ok(begin.elapsed().as_secs_f64() * 1e6 / addresses.len() as f64)
}

fn list(place: &Place) -> Result<f64> {
    run(&place.fixture.file, &["users", "list", "--limit", "20"])
}

fn show(place: &Place) -> Result<f64> {
    run(&place.fixture.file, &["users", "show", "user500@example.com"])
}

fn run(database: &Path, words: &[&str]) -> Result<f64> {
    let mut command = Command::new(Bench::program());
    command.args(words).arg("--database").arg(database);
    let times: Result<Vec<f64>> = (0..COMMANDS).map(|_| process::time(&mut command)).collect();
    Ok(median(&times?) * 1e3)
}
