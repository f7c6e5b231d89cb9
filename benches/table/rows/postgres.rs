//! `GET /get-session` where the rows are in PostgreSQL: ours, upstream with `pg`, and the server alone.

use crate::Result;
use crate::bench::Bench;
use crate::fixture::Fixture;
use crate::postgres::Cluster;
use crate::report::Bound;
use crate::report::Goal;
use crate::report::Report;
use crate::report::Series;
use crate::rows::OURS;
use crate::rows::THEIRS;
use crate::server::Server;
use crate::statistics::ratio;
use crate::wrk::Script;

const PATH: &str = "/api/auth/get-session";
const USERS: u32 = 10_000;
const CONNECTIONS: u32 = 32;
/// To the database, as both sides have it when nobody says otherwise.
const POOL: u32 = 10;

pub(crate) fn measure(bench: &Bench) -> Result<Report> {
    let fixture = Fixture::of(bench, USERS)?;
    let cookies = fixture.cookies();
    let cookie = cookies.first().cloned().unwrap_or_default();
    let script = Script::sessions(bench, &cookies)?;
    let cluster = Cluster::start()?;
    cluster.fill(&fixture.file)?;
    let ours = Server::ours("hyper", cluster.url())?;
    let theirs = Server::upstream_on_postgres(&cluster.url())?;
    for server in [&ours, &theirs] {
        server.check(PATH, &cookie, "user0@example.com")?;
        // What is opened, prepared and compiled at the first requests is not measured.
        script.run(server.address, CONNECTIONS, 1)?;
    }
    let mut series = vec![
        Series::new(OURS),
        Series::new(format!("{THEIRS} with pg")),
        Series::new("pgbench, no HTTP"),
    ];
    let statement = statement(&cookie);
    for _ in 0..bench.rounds {
        let rates = [
            script.run(ours.address, CONNECTIONS, bench.seconds)?.rate,
            script.run(theirs.address, CONNECTIONS, bench.seconds)?.rate,
            cluster.rate(&statement, POOL, bench.seconds)?,
        ];
        series.iter_mut().zip(rates).for_each(|(series, rate)| series.samples.push(rate));
    }
    Ok(Report {
        name: "postgresql",
        title: "GET /get-session on PostgreSQL",
        how: format!(
            "{CONNECTIONS} connections, {} sessions out of {USERS}, on one {} with both contenders' pools of {POOL} \
             connections; pgbench asks it for a session and its user on as many, prepared, and for nothing else.",
            cookies.len(),
            cluster.version()?
        ),
        unit: "requests per second",
        goals: goals(&series),
        series,
        why: "A process of PostgreSQL answers each lookup on the same cores. What is left is switching: to the \
              thread that asks it, to the process, back, and back to the one that has the client. Next: lookups \
              that take turns for connections before a thread is woken for them.".to_owned(),
    })
}

/// What is asked for a session and its user, for whoever has no cookies.
fn statement(cookie: &str) -> String {
    let (_, signed) = cookie.split_once('=').unwrap_or_default();
    let token = signed.split('.').next().unwrap_or_default();
    format!(
        r#"SELECT s.*, u.* FROM "session" s JOIN "user" u ON u."id" = s."userId" WHERE s."token" = '{token}';"#
    )
}

fn goals(series: &[Series]) -> Vec<Goal> {
    let [ours, theirs, server] = series else {
        return Vec::new();
    };
    let times = |what: &str, under: &Series, least| Goal {
        what: format!("`GET /get-session` on PostgreSQL, times {what}"),
        found: ratio(&ours.samples, &under.samples),
        bound: Bound::AtLeast(least),
        unit: "×",
    };
    vec![
        times("npm better-auth with pg", theirs, 20.0),
        times("the same statement by pgbench", server, 0.2),
    ]
}
