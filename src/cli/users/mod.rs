//! `users`: one file per command.

pub(crate) mod create;
mod delete;
pub(crate) mod list;
mod set_password;
mod show;
mod update;

use better_auth::User;

use crate::cli::app::App;
use crate::cli::failure::Failure;
use crate::cli::output::Record;
use crate::cli::output::TimeForm;

/// Manage users
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    List(list::Args),
    Show(show::Args),
    Create(create::Args),
    Update(update::Args),
    SetPassword(set_password::Args),
    Delete(delete::Args),
}

pub(crate) fn run(command: Command, app: &App) -> Result<(), Failure> {
    match command {
        Command::List(args) => list::run(args, app),
        Command::Show(args) => show::run(args, app),
        Command::Create(args) => create::run(args, app),
        Command::Update(args) => update::run(args, app),
        Command::SetPassword(args) => set_password::run(args, app),
        Command::Delete(args) => delete::run(args, app),
    }
}

impl Record for User {
    const HEADERS: &'static [&'static str] = &["id", "email", "name", "verified", "created"];

    fn cells(&self, time: TimeForm) -> Vec<String> {
        let verified = if self.email_verified { "yes" } else { "no" };
        vec![
            self.id.clone(),
            self.email.clone(),
            self.name.clone(),
            verified.to_owned(),
            time(self.created_at),
        ]
    }
}
