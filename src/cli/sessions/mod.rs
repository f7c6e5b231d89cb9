//! `sessions`: one file per command.

mod list;
pub(crate) mod revoke;

use crate::cli::app::App;
use crate::cli::failure::Failure;

/// Manage sessions
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    List(list::Args),
    Revoke(revoke::Args),
}

pub(crate) fn run(command: Command, app: &App) -> Result<(), Failure> {
    match command {
        Command::List(args) => list::run(args, app),
        Command::Revoke(args) => revoke::run(args, app),
    }
}
