//! Writes that are on the disk when they are answered: sign-in and sign-out without the hash.

use std::path::Path;
use std::time::Duration;
use std::time::Instant;

use crate::Result;
use crate::bench::Bench;
use crate::fixture::Fixture;
use crate::process::Cores;
use crate::report::Bound;
use crate::report::Goal;
use crate::report::Report;
use crate::report::Series;
use crate::rows::OURS;
use crate::server::Server;
use crate::sqlite;
use crate::statistics::median;
use crate::statistics::ratio;
use crate::wrk::Script;

const USERS: u32 = 1000;
const CONNECTIONS: u32 = 64;

pub(crate) fn measure(bench: &Bench) -> Result<Report> {
    let fixture = Fixture::of(bench, USERS)?;
    let script = Script::in_and_out(bench, &fixture.addresses())?;
    let ours = fixture.copy(bench, "ours")?;
    let ours = Server::bare("without-password", &ours.display().to_string())?;
    let bare = fixture.copy(bench, "bare")?;
    let bare = Server::bare("hyper-with-writes", &bare.display().to_string())?;
    let (single, batches) = (fixture.copy(bench, "single")?, fixture.copy(bench, "batches")?);
    let time = Duration::from_secs(bench.seconds.into());
    for server in [&ours, &bare] {
        script.run(server.address, CONNECTIONS, 1)?;
    }
    let mut series = vec![
        Series::new(OURS),
        Series::new("bare hyper with the writes"),
        Series::new("rusqlite, a transaction per write"),
        Series::new(format!("rusqlite, {CONNECTIONS} writes per transaction")),
    ];
    let (mut of_ours, mut of_bare) = (Cores::default(), Cores::default());
    let run = |server: &Server| Ok(script.run(server.address, CONNECTIONS, bench.seconds)?.rate);
    for _ in 0..bench.rounds {
        let rates = [
            of_ours.watch(ours.pid(), || run(&ours))?,
            of_bare.watch(bare.pid(), || run(&bare))?,
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
             bare hyper does as much for the same requests, in batches of those that wait, without users, signatures \
             or checks; the others do it in one thread, without HTTP."
        ),
        unit: "writes per second",
        goals: goals(&series),
        why: why(&series, &of_ours, &of_bare),
        series,
    })
}

/// Writes in a second: a session begins, then it ends.
fn raw(database: &Path, batch: u32, time: Duration) -> Result<f64> {
    let mut database = sqlite::writer(database)?;
    let begin = Instant::now();
    let mut writes = 0_u32;
    while begin.elapsed() < time {
        let transaction = database.transaction()?;
        for _ in 0..batch {
            let sql = if writes.is_multiple_of(2) { sqlite::INSERT } else { sqlite::DELETE };
            sqlite::write(&transaction, sql, &sqlite::token(writes / 2))?;
            writes += 1;
        }
        transaction.commit()?;
    }
    let rate = f64::from(writes) / begin.elapsed().as_secs_f64();
    // The next round begins as this one did.
    database.execute(r#"DELETE FROM "session" WHERE "id" LIKE '019a0000-0004-%'"#, [])?;
    Ok(rate)
}

fn why(series: &[Series], of_ours: &Cores, of_bare: &Cores) -> String {
    let [_, bare, single, batches] = series else {
        return String::new();
    };
    format!(
        "This disk takes {:.2} ms for a whole transaction, so that a server is limited by its requests before it is by \
         its writes: a bare hyper with nothing but the writes comes to {:.2} of the batches itself, and to {:.1} times \
         one transaction per write. It takes {:.0} µs of a core per request, ours {:.0} µs, nearly half of that in the \
         kernel: for the socket, and for changes of threads, from hyper's to the one that runs the request, to the \
         lock of the one writer, and to the commit. More than half of these calls of the kernel are those of tokio's \
         pool of threads; one of our own that wakes the thread that was idle last spares 5 to 8 %, and to take the \
         wait for the commit off the threads 9 %: neither is worth what it adds. On a disk that takes milliseconds \
         ours was at 24 to 30 times one each and 0.46 of the batches. Next: requests that hash nothing one after the \
         other on a single thread, which writes for all of them.",
        1e3 / median(&single.samples),
        ratio(&bare.samples, &batches.samples),
        ratio(&bare.samples, &single.samples),
        1e3 * median(&of_bare.each),
        1e3 * median(&of_ours.each),
    )
}

fn goals(series: &[Series]) -> Vec<Goal> {
    let [ours, bare, single, batches] = series else {
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
        times("a bare hyper with nothing but the writes", bare, 0.5),
    ]
}
