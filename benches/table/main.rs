//! The whole table of what is to be fast, measured: `scripts/bench` builds this program and runs it.
//!
//!   table run [--quick] [ROW…]   measures; all rows together write docs/performance.md
//!   table serve KIND ARGUMENT    one of the contenders, in a process of its own
//!
//! Contenders take turns in rounds, and a ratio is the median of the ratios of the rounds: what else a machine
//! does at the time meets both sides of it. A contender that is missing is an error, never a row less.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    reason = "a program for people who measure, beside the library"
)]

mod bare;
mod bench;
mod fixture;
mod postgres;
mod process;
mod report;
mod rows;
mod server;
mod sqlite;
mod statistics;
mod wrk;

use std::error::Error;
use std::process::ExitCode;

use bench::Bench;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["serve", kind, argument] => bare::serve(kind, argument),
        ["run", wishes @ ..] => run(wishes),
        _ => {
            // `cargo bench` without a name comes by here.
            println!("the table takes long and needs other programs; run it with scripts/bench");
            Ok(())
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("scripts/bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(wishes: &[&str]) -> Result<()> {
    let is_quick = wishes.contains(&"--quick");
    let named: Vec<&str> = wishes.iter().copied().filter(|wish| *wish != "--quick").collect();
    let known: Vec<&str> = rows::ALL.iter().map(|(name, _)| *name).collect();
    if let Some(unknown) = named.iter().find(|name| !known.contains(name)) {
        return Err(format!("no row {unknown}; there are {}", known.join(", ")).into());
    }
    let bench = Bench::new(is_quick)?;
    let mut reports = Vec::new();
    for (name, measure) in rows::ALL {
        if named.is_empty() || named.contains(name) {
            eprintln!("{name} …");
            let report = measure(&bench).map_err(|error| format!("{name}: {error}"))?;
            println!("{}", report.text());
            reports.push(report);
        }
    }
    if named.is_empty() {
        report::write(&bench, &reports)?;
    }
    Ok(())
}
