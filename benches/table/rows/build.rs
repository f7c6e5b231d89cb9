//! The program itself: how large it is, and how long it takes to make it from nothing.

use std::fs;
use std::process::Command;
use std::process::Stdio;
use std::time::Instant;

use crate::Result;
use crate::bench::Bench;
use crate::bench::repository;
use crate::process;
use crate::report::Bound;
use crate::report::Goal;
use crate::report::Report;
use crate::report::Series;

pub(crate) fn measure(bench: &Bench) -> Result<Report> {
    let size = fs::metadata(Bench::program())?.len() as f64 / 1e6;
    let (begin, before) = (Instant::now(), process::time_of_children()?);
    let mut build = Command::new("cargo");
    build.args(["build", "--release", "--bin", "better-auth", "--target-dir"]);
    let folder = bench.work.join("build");
    build.arg(&folder).current_dir(repository());
    let output = build.stdin(Stdio::null()).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let minutes = begin.elapsed().as_secs_f64() / 60.0;
    let of_a_core = (process::time_of_children()? - before) / 60.0;
    fs::remove_dir_all(folder)?;
    let goal = |what: &str, found, most, unit| Goal {
        what: what.to_owned(),
        found,
        bound: Bound::AtMost(most),
        unit,
    };
    Ok(Report {
        name: "build",
        title: "Release build from nothing",
        how: "Every crate compiled, nothing downloaded; the program stripped as it is released."
            .to_owned(),
        unit: "minutes",
        series: vec![
            Series { name: "cargo build --release".to_owned(), samples: vec![minutes] },
            Series { name: "the same on a single core".to_owned(), samples: vec![of_a_core] },
        ],
        goals: vec![
            goal("release binary", size, 15.0, " MB"),
            goal("release build from nothing", minutes, 4.0, " min"),
        ],
        why: format!(
            "It is {of_a_core:.1} minutes of a core in this run, and a machine with two has no less than half of that; \
             both are at work all the time. The same program took 3.5 and 4.2 minutes in two runs on one day. The \
             whole program in one unit takes 8.2 and is no faster, beyond noise. Next: fewer crates; TLS and SQLite's \
             C are the largest."
        ),
    })
}
