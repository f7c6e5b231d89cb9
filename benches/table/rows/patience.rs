//! How long a session takes while everybody signs in: hashes must not starve what is cheap.

use crate::Result;
use crate::bench::Bench;
use crate::fixture::Fixture;
use crate::report::Bound;
use crate::report::Goal;
use crate::report::Report;
use crate::report::Series;
use crate::rows::OURS;
use crate::rows::THEIRS;
use crate::rows::sign_in;
use crate::server::Server;
use crate::statistics::ratio;
use crate::wrk::Script;

const USERS: u32 = 1000;
const CONNECTIONS: u32 = 32;
/// Seconds before the first round.
const WARM_UP: u32 = 3;
/// By how much sign-ins begin before the sessions and end after them.
const SECONDS_AROUND: u32 = 1;

pub(crate) fn measure(bench: &Bench) -> Result<Report> {
    let fixture = Fixture::of(bench, USERS)?;
    let sessions = Script::sessions(bench, &fixture.cookies())?;
    let sign_in = Script::sign_in(bench, &fixture.addresses())?;
    let theirs = Fixture::of_upstream(bench, USERS)?.copy(bench, "theirs")?;
    let contenders = [
        (OURS, Server::ours("hyper", &fixture.copy(bench, "ours")?)?),
        (THEIRS, Server::upstream(&theirs)?),
    ];
    let mut series = Vec::new();
    for (name, _) in &contenders {
        series.push(Series::new(*name));
        series.push(Series::new(format!("{name}, while signing in")));
    }
    for (_, server) in &contenders {
        sessions.run(server.address, CONNECTIONS, WARM_UP)?;
        // A slow machine may get nobody in that soon; only what follows counts.
        drop(sign_in.run(server.address, sign_in::CONNECTIONS, WARM_UP));
    }
    for _ in 0..bench.rounds {
        let mut into = series.iter_mut();
        for (_, server) in &contenders {
            let at = server.address;
            let alone = sessions.run(at, CONNECTIONS, bench.hashing_seconds)?;
            let around = bench.hashing_seconds + 2 * SECONDS_AROUND;
            let hashing = sign_in.begin(at, sign_in::CONNECTIONS, around)?;
            // Until then every core hashes.
            sessions.run(at, CONNECTIONS, SECONDS_AROUND)?;
            let beside = sessions.run(at, CONNECTIONS, bench.hashing_seconds)?;
            hashing.end()?;
            for outcome in [alone, beside] {
                into.by_ref().take(1).for_each(|series| series.samples.push(outcome.p99 / 1e3));
            }
        }
    }
    Ok(Report {
        name: "patience",
        title: "p99 of GET /get-session while signing in",
        how: format!(
            "{CONNECTIONS} connections ask for sessions as fast as they can; beside them {} sign in as fast as \
             they can.",
            sign_in::CONNECTIONS
        ),
        unit: "milliseconds",
        goals: goals(&series),
        series,
        why: "Hashes take every core, and the scheduler leaves one to them for a slice of some 3 ms before it \
              looks again. Next: hashing on threads of lower priority, which in turn makes sign-ins wait \
              where other programs keep the cores busy; it has to be measured on a machine with neighbours \
              first.".to_owned(),
    })
}

fn goals(series: &[Series]) -> Vec<Goal> {
    let [alone, beside, ..] = series else {
        return Vec::new();
    };
    vec![Goal {
        what: "p99 of a session while signing in, times that without".to_owned(),
        found: ratio(&beside.samples, &alone.samples),
        bound: Bound::AtMost(5.0),
        unit: "×",
    }]
}
