//! `db`: commands for whole databases.

mod check;
mod copy;
mod watched;

use crate::cli::app::App;
use crate::cli::failure::Failure;

/// Copy all data to another database
#[derive(Debug, clap::Subcommand)]
pub(crate) enum DbCommand {
    Check(check::Args),
    Copy(copy::Args),
}

pub(crate) fn run(command: DbCommand, app: &App) -> Result<(), Failure> {
    match command {
        DbCommand::Check(args) => check::run(args, app),
        DbCommand::Copy(args) => copy::run(args, app),
    }
}
