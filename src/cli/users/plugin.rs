//! Commands and options that plugins add to `users`, made from their rows.

use better_auth::BetterAuth;
use better_auth::plugin::ArgKind;
use better_auth::plugin::Given;
use better_auth::plugin::UserOption;
use better_auth::plugins;
use clap::Arg;
use clap::ArgAction;
use clap::ArgMatches;
use clap::FromArgMatches;
use clap::Subcommand;
use clap::error::ErrorKind;

use crate::cli::app::App;
use crate::cli::failure::Failure;
use crate::cli::who;

/// The user whom a command is about.
const USER: &str = "user";

/// A plugin's command as it was typed.
#[derive(Debug)]
pub(crate) struct PluginCommand {
    row: &'static better_auth::plugin::Command,
    user: String,
    given: Given,
}

fn rows() -> impl Iterator<Item = &'static better_auth::plugin::Command> {
    plugins::ALL.iter().flat_map(|entry| entry.commands)
}

/// The options that plugins add to commands which make or change a user.
pub(super) fn options() -> impl Iterator<Item = &'static UserOption> {
    plugins::ALL.iter().flat_map(|entry| entry.user_options)
}

pub(crate) fn run(command: PluginCommand, app: &App) -> Result<(), Failure> {
    let auth = app.ready_auth()?;
    let user = who::find(&auth, &command.user)?;
    let done = auth.run(command.row, &user.id, &command.given)?;
    app.output.done(done.what);
    app.output.one(&done.user)
}

/// Refuses values of these options that nobody means.
pub(super) fn check(
    auth: &BetterAuth,
    given: &[(&'static UserOption, String)],
) -> Result<(), Failure> {
    given.iter().try_for_each(|(option, value)| auth.check_option(option, value))?;
    Ok(())
}

fn grammar(row: &'static better_auth::plugin::Command) -> clap::Command {
    let user =
        Arg::new(USER).value_name("USER").required(true).help("Id or e-mail address of the user");
    let args = row.args.iter().map(|arg| {
        let this = Arg::new(arg.name).help(arg.help);
        match arg.kind {
            ArgKind::Words(name) => this.value_name(name).required(true).num_args(1..),
            ArgKind::Value(name) => this.long(arg.name).value_name(name).action(ArgAction::Set),
        }
    });
    clap::Command::new(row.name).about(row.about).after_help(row.examples).arg(user).args(args)
}

impl Subcommand for PluginCommand {
    fn augment_subcommands(command: clap::Command) -> clap::Command {
        rows().fold(command, |command, row| command.subcommand(grammar(row)))
    }

    fn augment_subcommands_for_update(command: clap::Command) -> clap::Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        rows().any(|row| row.name == name)
    }
}

impl FromArgMatches for PluginCommand {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let unknown = || clap::Error::new(ErrorKind::InvalidSubcommand);
        let (name, matches) = matches.subcommand().ok_or_else(unknown)?;
        let row = rows().find(|row| row.name == name).ok_or_else(unknown)?;
        let user = matches.get_one::<String>(USER).cloned().unwrap_or_default();
        let mut given = Given::default();
        for arg in row.args {
            let values = matches.get_many::<String>(arg.name).unwrap_or_default();
            given.insert(arg.name, values.cloned().collect());
        }
        Ok(Self { row, user, given })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
