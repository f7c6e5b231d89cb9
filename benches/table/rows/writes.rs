//! Writes that are on the disk when they are answered: sign-in and sign-out without the hash.

use std::path::Path;
use std::time::Duration;
use std::time::Instant;

use rusqlite::Connection;
use rusqlite::params;

use crate::Result;
use crate::bench::Bench;
use crate::fixture::Fixture;
use crate::report::Bound;
use crate::report::Goal;
use crate::report::Report;
use crate::report::Series;
use crate::rows::OURS;
use crate::server::Server;
use crate::statistics::ratio;
use crate::wrk::Script;

const USERS: u32 = 1000;
const CONNECTIONS: u32 = 64;

const INSERT: &str = r#"INSERT INTO "session" VALUES (?1, '2099-01-01T00:00:00.000Z', ?1, '2026-01-01T00:00:00.000Z',
    '2026-01-01T00:00:00.000Z', '127.0.0.1', '', (SELECT "id" FROM "user" LIMIT 1))"#;
const DELETE: &str = r#"DELETE FROM "session" WHERE "token" = ?1"#;

pub(crate) fn measure(bench: &Bench) -> Result<Report> {
    let fixture = Fixture::of(bench, USERS)?;
    let script = Script::in_and_out(bench, &fixture.addresses())?;
    let ours = fixture.copy(bench, "ours")?;
    let ours = Server::bare("without-password", &ours.display().to_string())?;
    let (single, batches) = (fixture.copy(bench, "single")?, fixture.copy(bench, "batches")?);
    let time = Duration::from_secs(bench.seconds.into());
    script.run(ours.address, CONNECTIONS, 1)?;
    let mut series = vec![
        Series::new(OURS),
        Series::new("rusqlite, a transaction per write"),
        Series::new(format!("rusqlite, {CONNECTIONS} writes per transaction")),
    ];
    for _ in 0..bench.rounds {
        let rates = [
            script.run(ours.address, CONNECTIONS, bench.seconds)?.rate,
            raw(&single, 1, time)?,
            raw(&batches, CONNECTIONS, time)?,
        ];
        series.iter_mut().zip(rates).for_each(|(series, rate)| series.samples.push(rate));
    }
    Ok(Report {
        name: "writes",
        title: "Durable writes",
        how: format!(
            "{CONNECTIONS} connections sign in and out, through a plugin that asks for no password: one row is \
             written or deleted per request, and is on the disk (`synchronous=FULL`) when the answer leaves. The \
             others do the same to the same table in one thread, without HTTP, cookies or users."
        ),
        unit: "writes per second",
        goals: goals(&series),
        series,
        why: "This disk takes a fifth of a millisecond for a whole transaction, so that a server is limited by its \
              requests before it is by its writes: ten times one transaction each, or half of the batches, is \
              about as many requests as a bare hyper answers here, or more. On a disk that takes milliseconds ours \
              was at 24 to 30 times one each and 0.46 of the batches. Next: answers that wait for their commit \
              without a thread.",
    })
}

/// Writes in a second: a session begins, then it ends.
fn raw(database: &Path, batch: u32, time: Duration) -> Result<f64> {
    let mut database = Connection::open(database)?;
    database.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")?;
    let begin = Instant::now();
    let mut writes = 0_u32;
    while begin.elapsed() < time {
        let transaction = database.transaction()?;
        for _ in 0..batch {
            let token = format!("019a0000-0004-7000-8000-{:012x}", writes / 2);
            let sql = if writes.is_multiple_of(2) { INSERT } else { DELETE };
            let changed = transaction.prepare_cached(sql)?.execute(params![token])?;
            if changed != 1 {
                return Err(format!("{changed} rows were written, not 1").into());
            }
            writes += 1;
        }
        transaction.commit()?;
    }
    let rate = f64::from(writes) / begin.elapsed().as_secs_f64();
    // The next round begins as this one did.
    database.execute(r#"DELETE FROM "session" WHERE "id" LIKE '019a0000-0004-%'"#, [])?;
    Ok(rate)
}

fn goals(series: &[Series]) -> Vec<Goal> {
    let [ours, single, batches] = series else {
        return Vec::new();
    };
    let times = |what: &str, under: &Series, least| Goal {
        what: format!("durable writes, times {what}"),
        found: ratio(&ours.samples, &under.samples),
        bound: Bound::AtLeast(least),
        unit: "×",
    };
    vec![
        times("one transaction per write", single, 10.0),
        times("batches without anything around them", batches, 0.5),
    ]
}
