//! What every row works with: where things are, how often and how long to measure.

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use crate::Result;
use crate::postgres;

/// One run of the table.
pub(crate) struct Bench {
    /// How often the contenders take turns.
    pub(crate) rounds: usize,
    /// How long each of them has in a round.
    pub(crate) seconds: u32,
    /// The same where passwords are hashed: the first answer of a slow contender takes its time.
    pub(crate) hashing_seconds: u32,
    /// Holds what outlives a run: fixtures.
    pub(crate) fixtures: PathBuf,
    /// Holds what a run works on; it is emptied when one begins.
    pub(crate) work: PathBuf,
}

impl Bench {
    /// Looks for everything that the rows need; a quick one has fewer rounds.
    pub(crate) fn new(is_quick: bool) -> Result<Self> {
        let folder = repository().join("target/bench");
        let (fixtures, work) = (folder.join("fixtures"), folder.join("work"));
        if work.exists() {
            fs::remove_dir_all(&work)?;
        }
        fs::create_dir_all(&fixtures)?;
        fs::create_dir_all(&work)?;
        for (program, argument) in [("wrk", "-v"), ("sqlite3", "-version"), ("node", "-v")] {
            let output = Command::new(program).arg(argument).output();
            output.map_err(|error| format!("{program} does not run: {error}"))?;
        }
        postgres::programs()?;
        for (what, place) in [
            ("this server", Self::program()),
            ("the npm package better-auth", upstream().join("node_modules/better-auth")),
            ("upstream's command line", upstream_cli()),
        ] {
            if !place.exists() {
                return Err(format!("{what} is missing: {}", place.display()).into());
            }
        }
        let rounds = if is_quick { 3 } else { 9 };
        // Many short rounds rather than few long ones: neighbours on the machine come and go within a minute.
        Ok(Self { rounds, seconds: 2, hashing_seconds: 5, fixtures, work })
    }

    /// Ours, as it is released.
    pub(crate) fn program() -> PathBuf {
        repository().join("target/release/better-auth")
    }
}

/// The working copy that is measured.
pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of the real Better Auth, and of the program that serves it.
pub(crate) fn upstream() -> PathBuf {
    repository().join("tests/oracle")
}

/// Its command line.
pub(crate) fn upstream_cli() -> PathBuf {
    repository().join("benches/table/upstream/node_modules/auth/dist/index.mjs")
}
