//! `accounts`: one file per command.

mod list;
mod unlink;

use crate::cli::app::App;
use crate::cli::failure::Failure;

/// Manage linked accounts (password, Google, …)
#[derive(Debug, clap::Subcommand)]
pub(crate) enum AccountsCommand {
    List(list::Args),
    Unlink(unlink::Args),
}

pub(crate) fn run(command: AccountsCommand, app: &App) -> Result<(), Failure> {
    match command {
        AccountsCommand::List(args) => list::run(args, app),
        AccountsCommand::Unlink(args) => unlink::run(args, app),
    }
}
