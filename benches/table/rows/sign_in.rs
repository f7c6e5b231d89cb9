//! `POST /sign-in/email`: nearly all of it is the hash, and that is the goal.

use std::thread;
use std::time::Duration;
use std::time::Instant;

use argon2::Algorithm;
use argon2::Argon2;
use argon2::Block;
use argon2::Params;
use argon2::Version;

use crate::Result;
use crate::bench::Bench;
use crate::fixture::Fixture;
use crate::process::Cores;
use crate::report::Bound;
use crate::report::Goal;
use crate::report::Report;
use crate::report::Series;
use crate::rows::OURS;
use crate::rows::THEIRS;
use crate::server::Server;
use crate::statistics::median;
use crate::statistics::ratio;
use crate::wrk::Script;

const USERS: u32 = 1000;
pub(super) const CONNECTIONS: u32 = 8;
/// What this program hashes with.
pub(super) const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;

pub(crate) fn measure(bench: &Bench) -> Result<Report> {
    let fixture = Fixture::of(bench, USERS)?;
    let script = Script::sign_in(bench, &fixture.addresses())?;
    let ours = Server::ours("hyper", &fixture.copy(bench, "ours")?)?;
    let theirs = Fixture::of_upstream(bench, USERS)?.copy(bench, "theirs")?;
    let theirs = Server::upstream(&theirs)?;
    let mut series =
        vec![Series::new(OURS), Series::new("argon2 alone, all cores"), Series::new(THEIRS)];
    let (mut of_ours, mut of_argon2) = (Cores::default(), Cores::default());
    let time = Duration::from_secs(bench.hashing_seconds.into());
    let run =
        |server: &Server| Ok(script.run(server.address, CONNECTIONS, bench.hashing_seconds)?.rate);
    // Who comes first finds memory that nobody has touched and code that nobody has compiled.
    run(&ours)?;
    argon2_alone(time)?;
    run(&theirs)?;
    for _ in 0..bench.rounds {
        let rates = [
            of_ours.watch(ours.pid(), || run(&ours))?,
            of_argon2.watch(std::process::id(), || argon2_alone(time))?,
            run(&theirs)?,
        ];
        series.iter_mut().zip(rates).for_each(|(series, rate)| series.samples.push(rate));
    }
    Ok(Report {
        name: "sign-in",
        title: "POST /sign-in/email",
        how: format!(
            "{CONNECTIONS} connections, {USERS} users. Ours hashes with argon2id (19 MiB, 2 passes), upstream \
             with its scrypt (32 MiB)."
        ),
        unit: "sign-ins per second",
        goals: goals(&series),
        why: why(&series, &of_ours, &of_argon2),
        series,
    })
}

/// Hashes in a second, on as many threads as cores, each with memory of its own that it uses again.
fn argon2_alone(time: Duration) -> Result<f64> {
    let cores = thread::available_parallelism()?.get();
    let begin = Instant::now();
    let hash = || -> argon2::Result<u32> {
        let params = Params::new(MEMORY_KIB, PASSES, 1, Some(32))?;
        let mut memory = vec![Block::new(); params.block_count()];
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let (mut key, mut hashes) = ([0; 32], 0);
        while begin.elapsed() < time {
            let (password, salt) = (b"correct horse battery", b"sixteen bytes of");
            argon2.hash_password_into_with_memory(password, salt, &mut key, &mut memory)?;
            hashes += 1;
        }
        Ok(hashes)
    };
    let hashes: argon2::Result<Vec<u32>> = thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(hash)).collect();
        threads
            .into_iter()
            .map(|one| one.join().unwrap_or(Err(argon2::Error::OutOfMemory)))
            .collect()
    });
    let hashes = hashes.map_err(|error| error.to_string())?;
    Ok(f64::from(hashes.iter().sum::<u32>()) / begin.elapsed().as_secs_f64())
}

fn why(series: &[Series], ours: &Cores, argon2: &Cores) -> String {
    let [_, alone, theirs] = series else {
        return String::new();
    };
    format!(
        "The hash is the whole of it, whoever computes it: {:.1} ms of a core per sign-in, {:.1} ms for argon2 alone, \
         which is the same crate with memory that it uses again as well. {:.2} cores of two are at work for the \
         sign-ins ({:.2} for argon2 alone); the rest is the load, and waiting for the disk. argon2 alone, without a \
         server, is at {:.2} times npm better-auth, which is the most that hashing lets anybody have here. Next: \
         memory in huge pages (`GLIBC_TUNABLES=glibc.malloc.hugetlb=1`), for which there is no safe call in Rust; it \
         took 9 % less time on one day, and nothing that could be told from noise on another.",
        median(&ours.each),
        median(&argon2.each),
        median(&ours.busy),
        median(&argon2.busy),
        ratio(&alone.samples, &theirs.samples)
    )
}

fn goals(series: &[Series]) -> Vec<Goal> {
    let [ours, argon2, theirs] = series else {
        return Vec::new();
    };
    let times = |what: &str, under: &Series, least| Goal {
        what: format!("`POST /sign-in/email`, times {what}"),
        found: ratio(&ours.samples, &under.samples),
        bound: Bound::AtLeast(least),
        unit: "×",
    };
    vec![times("argon2 alone", argon2, 0.93), times(THEIRS, theirs, 6.0)]
}
