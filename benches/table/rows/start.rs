//! How long a command takes from the shell's point of view: the whole process.

use std::process::Command;

use crate::Result;
use crate::bench;
use crate::bench::Bench;
use crate::fixture::Fixture;
use crate::process;
use crate::report::Bound;
use crate::report::Goal;
use crate::report::Report;
use crate::report::Series;
use crate::rows::OURS;
use crate::statistics::median;
use crate::statistics::ratio;

const USERS: u32 = 1000;
/// Starts of each program per round; of upstream's, which takes a second, one is enough.
const STARTS: usize = 20;
/// The same rows in the same order.
const QUERY: &str = r#"SELECT "id", "name", "email", "emailVerified", "image", "createdAt", "updatedAt" FROM "user"
    ORDER BY "createdAt" DESC, "id" DESC LIMIT 20"#;
/// Upstream's command line needs Node 22 for this one function.
const GROUP_BY: &str = "data:text/javascript,Object.groupBy||=(all,of)=>{const groups={};\
                        for(const one of all)(groups[of(one)]||=[]).push(one);return groups}";

pub(crate) fn measure(bench: &Bench) -> Result<Report> {
    let database = Fixture::of(bench, USERS)?.copy(bench, "ours")?;
    let mut ours = Command::new(Bench::program());
    ours.args(["users", "list", "--limit", "20", "--database"]).arg(&database);
    let mut sqlite = Command::new("sqlite3");
    sqlite.args(["-init", "/dev/null"]).arg(&database).arg(QUERY);
    let mut theirs = Command::new("node");
    theirs.args(["--import", GROUP_BY]).arg(bench::upstream_cli()).arg("--version");
    let mut series = vec![
        Series::new(OURS),
        Series::new("sqlite3, the same query"),
        Series::new("upstream's CLI, its version only"),
    ];
    for round in 0..=bench.rounds {
        let (mut of_ours, mut of_sqlite) = (Vec::new(), Vec::new());
        for _ in 0..STARTS {
            of_ours.push(process::time(&mut ours)?);
            of_sqlite.push(process::time(&mut sqlite)?);
        }
        let times = [median(&of_ours), median(&of_sqlite), process::time(&mut theirs)?];
        // The first round reads the programs from the disk.
        if round > 0 {
            series.iter_mut().zip(times).for_each(|(series, time)| series.samples.push(time));
        }
    }
    Ok(Report {
        name: "start",
        title: "Start of a command",
        how: format!(
            "`users list --limit 20` on {USERS} users, the whole process, {STARTS} times in a round."
        ),
        unit: "milliseconds",
        goals: goals(&series),
        series,
        why: "Next: building the grammar of only the command that was typed.".to_owned(),
    })
}

fn goals(series: &[Series]) -> Vec<Goal> {
    let [ours, sqlite, theirs] = series else {
        return Vec::new();
    };
    let more: Vec<f64> =
        ours.samples.iter().zip(&sqlite.samples).map(|(ours, sqlite)| ours - sqlite).collect();
    vec![
        Goal {
            what: "`users list --limit 20`, more than sqlite3".to_owned(),
            found: median(&more),
            bound: Bound::AtMost(8.0),
            unit: " ms",
        },
        Goal {
            what: "start of upstream's CLI, times ours".to_owned(),
            found: ratio(&theirs.samples, &ours.samples),
            bound: Bound::AtLeast(40.0),
            unit: "×",
        },
    ]
}
