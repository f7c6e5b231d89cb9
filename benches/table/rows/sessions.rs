//! `GET /get-session`, the request that a front end makes most.

use std::path::Path;

use crate::Result;
use crate::bench::Bench;
use crate::fixture::Fixture;
use crate::report::Bound;
use crate::report::Goal;
use crate::report::Report;
use crate::report::Series;
use crate::rows::OURS;
use crate::rows::THEIRS;
use crate::server::Server;
use crate::statistics::range;
use crate::statistics::ratio;
use crate::wrk::Script;

const PATH: &str = "/api/auth/get-session";
const USERS: u32 = 100_000;
const CONNECTIONS: u32 = 32;
/// Bytes by which an answer may differ from the one that was looked at: numbers and ids have lengths of their own.
const BYTES_APART_MAX: f64 = 24.0;

pub(crate) fn measure(bench: &Bench) -> Result<Report> {
    let fixture = Fixture::of(bench, USERS)?;
    let cookies = fixture.cookies();
    let cookie = cookies.first().cloned().unwrap_or_default();
    let script = Script::sessions(bench, &cookies)?;
    let ours = Server::ours("hyper", &fixture.copy(bench, "ours")?)?;
    let bytes = ours.check(PATH, &cookie, "user0@example.com")?;
    let contenders = [
        (Series::new(OURS), ours),
        (Series::new(format!("{OURS}, tiny_http")), {
            Server::ours("tiny-http", &fixture.copy(bench, "ours-on-tiny-http")?)?
        }),
        (Series::new(THEIRS), Server::upstream(&fixture.copy(bench, "theirs")?)?),
        (Series::new("bare hyper"), hello("hyper", bytes)?),
        (Series::new("bare hyper with the query"), {
            with_query(bytes, &fixture.copy(bench, "bare")?, &cookie)?
        }),
        (Series::new("bare tiny_http"), hello("tiny-http", bytes)?),
    ];
    let series = take_turns(bench, contenders, &cookie, &script)?;
    Ok(Report {
        name: "sessions",
        title: "GET /get-session",
        how: format!(
            "{CONNECTIONS} connections, {} sessions out of {USERS}; the bare servers say as many bytes.",
            cookies.len()
        ),
        unit: "requests per second",
        goals: goals(&series),
        why: why(&series),
        series,
    })
}

fn why(series: &[Series]) -> String {
    let [ours, .., theirs, hello, query, tiny] = series else {
        return String::new();
    };
    let ((least, most), (tiny_least, tiny_most)) = (range(&theirs.samples), range(&tiny.samples));
    let (our_least, our_most) = range(&ours.samples);
    format!(
        "npm better-auth itself is at {least:.0} to {most:.0} in this run, ours at {:.0}k to {:.0}k, and what one is to \
         the other at 58 and 74 in two runs of the same program on one day. A server that asks the database and does \
         nothing else, \u{201c}bare hyper with the query\u{201d}, is at {:.2} of the hello already: four searches in \
         SQLite's trees over pages that no cache of the processor holds, and two locks on its log, whoever asks. In a \
         profile of ours SQLite is 0.29 of the time, of which 0.08 are these locks; the socket and the kernel's \
         scheduling are 0.40, and our own locks 0.0003; what is left are the signature of the cookie, the JSON, limits, \
         counts, and the look whether the file is still the same, none of them more than 0.05. Other allocators \
         (mimalloc, jemalloc) and SQLite without its checks of arguments and its shared cache gain nothing beyond \
         noise. Next: rows written as JSON without values between them, and a span of the log that is made only when \
         something is written, 0.03 of the time. tiny_http hands each request to another thread, and what comes of \
         that is up to the scheduler: its own hello is at {:.0}k to {:.0}k in this run.",
        our_least / 1e3,
        our_most / 1e3,
        ratio(&query.samples, &hello.samples),
        tiny_least / 1e3,
        tiny_most / 1e3
    )
}

fn hello(kind: &str, bytes: usize) -> Result<Server> {
    with_answer_of(bytes, "", "", |body| Server::bare(kind, &body.to_string()))
}

fn with_query(bytes: usize, database: &Path, cookie: &str) -> Result<Server> {
    with_answer_of(bytes, cookie, "user0@example.com", |body| {
        Server::bare("hyper-with-query", &format!("{body} {}", database.display()))
    })
}

/// A server whose answer has so many bytes with its head.
fn with_answer_of(
    bytes: usize,
    cookie: &str,
    expected: &str,
    of: impl Fn(usize) -> Result<Server>,
) -> Result<Server> {
    let head = of(bytes)?.check(PATH, cookie, expected)?.saturating_sub(bytes);
    of(bytes.saturating_sub(head))
}

fn take_turns<const N: usize>(
    bench: &Bench,
    contenders: [(Series, Server); N],
    cookie: &str,
    script: &Script,
) -> Result<Vec<Series>> {
    let mut contenders: Vec<(Series, Server, f64)> = contenders
        .into_iter()
        .map(|(series, server)| {
            let bytes = server.check(PATH, cookie, "")? as f64;
            // What is loaded and compiled at the first requests is not measured.
            script.run(server.address, CONNECTIONS, 1)?;
            Ok((series, server, bytes))
        })
        .collect::<Result<_>>()?;
    for _ in 0..bench.rounds {
        for (series, server, bytes) in &mut contenders {
            let outcome = script.run(server.address, CONNECTIONS, bench.seconds)?;
            if BYTES_APART_MAX < (outcome.bytes - *bytes).abs() {
                let (name, found) = (&series.name, outcome.bytes);
                return Err(format!("{name} answers {found} bytes, not {bytes}").into());
            }
            series.samples.push(outcome.rate);
        }
    }
    Ok(contenders.into_iter().map(|(series, _, _)| series).collect())
}

fn goals(series: &[Series]) -> Vec<Goal> {
    let [ours, on_tiny_http, theirs, hyper, with_query, tiny_http] = series else {
        return Vec::new();
    };
    let times = |what: &str, over: &Series, under: &Series, least| Goal {
        what: format!("`GET /get-session`, times {what}"),
        found: ratio(&over.samples, &under.samples),
        bound: Bound::AtLeast(least),
        unit: "×",
    };
    vec![
        times(THEIRS, ours, theirs, 60.0),
        times("a bare hyper hello", ours, hyper, 0.65),
        times("a bare hyper with nothing but the query", ours, with_query, 0.5),
        times("(on tiny_http) a bare tiny_http hello", on_tiny_http, tiny_http, 0.65),
    ]
}
