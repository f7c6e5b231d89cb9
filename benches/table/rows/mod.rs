//! One file per row of the table.

mod build;
mod growth;
mod memory;
mod patience;
mod postgres;
mod sessions;
mod sign_in;
mod start;
mod writes;

use crate::Result;
use crate::bench::Bench;
use crate::report::Report;

/// A row that can be measured.
type Row = (&'static str, fn(&Bench) -> Result<Report>);

/// All of them, by name.
pub(crate) const ALL: &[Row] = &[
    ("sessions", sessions::measure),
    ("postgresql", postgres::measure),
    ("sign-in", sign_in::measure),
    ("patience", patience::measure),
    ("writes", writes::measure),
    ("growth", growth::measure),
    ("start", start::measure),
    ("memory", memory::measure),
    ("build", build::measure),
];

/// How this program is called in tables and plots.
const OURS: &str = "better-auth (this)";
/// And the other.
const THEIRS: &str = "npm better-auth";
