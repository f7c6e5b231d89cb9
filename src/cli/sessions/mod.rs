//! `sessions`: one file per command.

mod list;
pub(crate) mod revoke;

use crate::cli::app::App;
use crate::cli::failure::Failure;

/// Manage sessions
#[derive(Debug, clap::Subcommand)]
pub(crate) enum SessionsCommand {
    List(list::Args),
    Revoke(revoke::Args),
}

pub(crate) fn run(command: SessionsCommand, app: &App) -> Result<(), Failure> {
    match command {
        SessionsCommand::List(args) => list::run(args, app),
        SessionsCommand::Revoke(args) => revoke::run(args, app),
    }
}
