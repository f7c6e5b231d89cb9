//! Exit codes: documented values that scripts can rely on.

use std::process::ExitCode;

/// The exit code of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    Done = 0,
    Failed = 1,
    Usage = 2,
    NotFound = 3,
    Conflict = 4,
    NeedsMigration = 5,
    Faulty = 6,
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// The table in `--help`.
pub(crate) const HELP: &str = "\
Exit codes:
  0    done
  1    failed
  2    wrong usage, or a value that the rules refuse
  3    not found
  4    conflict: it already exists, other data depends on it, or the name fits several users
  5    the database needs migration
  6    rows hold what they should not (db check)
  130  interrupted";
