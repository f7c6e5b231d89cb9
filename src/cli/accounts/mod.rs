//! `accounts`: one file per command.

mod list;
mod unlink;

use crate::cli::app::App;
use crate::cli::failure::Failure;

/// Manage linked accounts (password, Google, …)
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    List(list::Args),
    Unlink(unlink::Args),
}

pub(crate) fn run(command: Command, app: &App) -> Result<(), Failure> {
    match command {
        Command::List(args) => list::run(args, app),
        Command::Unlink(args) => unlink::run(args, app),
    }
}
