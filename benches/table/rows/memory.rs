//! What a server takes of the machine's memory: at its start, and at most under the loads of the other rows.

use std::path::Path;
use std::thread;

use crate::Result;
use crate::bench::Bench;
use crate::fixture::Fixture;
use crate::process;
use crate::report::Bound;
use crate::report::Goal;
use crate::report::Report;
use crate::report::Series;
use crate::rows::OURS;
use crate::rows::THEIRS;
use crate::rows::sign_in;
use crate::server::Server;
use crate::statistics::median;
use crate::wrk::Script;

const USERS: u32 = 1000;
const CONNECTIONS: u32 = 32;

/// A name, a database, and what begins on a copy of it.
type Contender<'a> = (&'static str, &'a Fixture, &'a dyn Fn(&Path) -> Result<Server>);

pub(crate) fn measure(bench: &Bench) -> Result<Report> {
    let (fixture, theirs) = (Fixture::of(bench, USERS)?, Fixture::of_upstream(bench, USERS)?);
    let sessions = Script::sessions(bench, &fixture.cookies())?;
    let sign_in = Script::sign_in(bench, &fixture.addresses())?;
    let cores = thread::available_parallelism()?.get() as f64;
    let mut series = Vec::new();
    let ours = |database: &Path| Server::ours("hyper", database);
    let contenders: [Contender<'_>; 2] =
        [(OURS, &fixture, &ours), (THEIRS, &theirs, &Server::upstream)];
    for (name, fixture, start) in contenders {
        let states = ["idle", "sessions", "sessions, then sign-ins"];
        let mut of: Vec<Series> =
            states.iter().map(|state| Series::new(format!("{name}, {state}"))).collect();
        for _ in 0..bench.rounds.min(3) {
            let server = start(&fixture.copy(bench, "memory")?)?;
            let mut found = vec![process::memory(server.pid(), "VmRSS")?];
            sessions.run(server.address, CONNECTIONS, bench.seconds)?;
            found.push(process::memory(server.pid(), "VmHWM")?);
            sign_in.run(server.address, sign_in::CONNECTIONS, bench.hashing_seconds)?;
            found.push(process::memory(server.pid(), "VmHWM")?);
            of.iter_mut().zip(found).for_each(|(series, found)| series.samples.push(found));
        }
        series.extend(of);
    }
    Ok(Report {
        name: "memory",
        title: "Memory",
        how: format!(
            "Resident memory, {USERS} users: after the start, and the most it ever was after {CONNECTIONS} \
             connections asked for sessions, and after {} signed in.",
            sign_in::CONNECTIONS
        ),
        unit: "megabytes",
        goals: goals(&series),
        series,
        why: format!(
            "One hash per core at once takes {:.1} MB by itself: {} MiB each, as OWASP asks, and it is the same memory \
             each time. Next: fewer at once, which costs sign-ins.",
            f64::from(sign_in::MEMORY_KIB) * 1024.0 * cores / 1e6,
            sign_in::MEMORY_KIB / 1024
        ),
    })
}

fn goals(series: &[Series]) -> Vec<Goal> {
    let [idle, sessions, all, ..] = series else {
        return Vec::new();
    };
    let at_most = |what: &str, of: &Series, most| Goal {
        what: format!("memory, {what}"),
        found: median(&of.samples),
        bound: Bound::AtMost(most),
        unit: " MB",
    };
    vec![
        at_most("idle", idle, 12.0),
        at_most("while sessions are asked for", sessions, 40.0),
        at_most("while people sign in", all, 40.0),
    ]
}
