//! `providers`: one file per command.

mod check;
mod list;

use crate::cli::app::App;
use crate::cli::failure::Failure;

/// See and check the providers that people sign in with
#[derive(Debug, clap::Subcommand)]
pub(crate) enum ProvidersCommand {
    List(list::Args),
    Check(check::Args),
}

pub(crate) fn run(command: ProvidersCommand, app: &App) -> Result<(), Failure> {
    match command {
        ProvidersCommand::List(args) => list::run(args, app),
        ProvidersCommand::Check(args) => check::run(args, app),
    }
}
