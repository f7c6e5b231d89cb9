//! `db`: what concerns a database as a whole.

mod copy;
mod watched;

use crate::cli::app::App;
use crate::cli::failure::Failure;

/// Move everything to another database
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Copy(copy::Args),
}

pub(crate) fn run(command: Command, app: &App) -> Result<(), Failure> {
    match command {
        Command::Copy(args) => copy::run(args, app),
    }
}
