//! The command line: global options, the commands, and the handling of their results.

mod adopt;
mod app;
mod completions;
mod config;
mod db;
mod exit;
mod failure;
mod info;
mod init;
mod log;
mod migrate;
mod operations;
mod output;
mod private_file;
mod progress;
mod prompt;
mod secret;
mod serve;
mod terminal;
mod words;

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::PathBuf;

use better_auth::config::Overrides;
use better_auth::config::env;
use clap::Args;
use clap::CommandFactory as _;
use clap::FromArgMatches as _;
use clap::Parser;
use clap::Subcommand;
use clap::ValueHint;

use app::App;
use exit::Exit;
use failure::Failure;
use output::Format;
use output::Output;
use output::When;

/// Serve Better Auth's REST API, and manage its users and sessions
#[derive(Parser)]
#[command(name = "better-auth", version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: TopCommand,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
struct Global {
    /// Configuration file [default: better-auth.toml or better-auth.json in the current directory]
    #[arg(long, short, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    config: Option<PathBuf>,
    /// Database, such as sqlite:better-auth.db or a PostgreSQL URL
    #[arg(long, global = true, value_name = "URL", value_hint = ValueHint::AnyPath)]
    database: Option<String>,
    /// Format of the data on standard output
    #[arg(long, short, global = true, value_enum, default_value_t, value_name = "FORMAT")]
    output: Format,
    /// Short for --output json
    #[arg(long, global = true)]
    json: bool,
    /// Print only data, warnings and errors
    #[arg(long, short, global = true)]
    quiet: bool,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    color: When,
}

#[derive(Subcommand)]
enum TopCommand {
    Init(init::Args),
    Migrate(migrate::Args),
    Adopt(adopt::Args),
    #[command(subcommand)]
    Db(db::DbCommand),
    Serve(serve::Args),
    #[command(flatten)]
    Operation(operations::OperationCommand),
    #[command(subcommand)]
    Secret(secret::SecretCommand),
    #[command(subcommand)]
    Config(config::ConfigCommand),
    Info(info::Args),
    Completions(completions::Args),
}

const EXAMPLES: &str = "\
Examples:
  better-auth serve                            a server on better-auth.db in this folder
  better-auth create-user ada@example.com      asks for name and password
  better-auth users list --limit 20
  better-auth revoke-sessions ada@example.com --yes";

/// Runs the command line.
pub(crate) fn main() -> Exit {
    let words: Vec<OsString> = std::env::args_os().collect();
    let early_options = words::early_options(&words);
    let parsed = command()
        .color(early_options.when.into())
        .try_get_matches_from(words)
        .and_then(|mut matches| Cli::from_arg_matches_mut(&mut matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => return refuse(&words::unsaid(error), early_options.is_json),
    };
    let format = if cli.global.json { Format::Json } else { cli.global.output };
    let output = Output::new(format, cli.global.quiet, cli.global.color);
    let overrides = Overrides { config: cli.global.config, database: cli.global.database };
    let app = App::new(output, overrides);
    match run(cli.command, &app) {
        Ok(()) => Exit::Done,
        Err(failure) => {
            app.output.fail(&failure);
            failure.exit
        }
    }
}

/// Prints clap's output; help and version are not failures.
fn refuse(error: &clap::Error, is_json: bool) -> Exit {
    // A closed pipe is not a failure either.
    drop(error.print());
    if !error.use_stderr() {
        return Exit::Done;
    }
    if is_json {
        output::fail_as_json(&words::failure(error));
    }
    Exit::Usage
}

fn run(command: TopCommand, app: &App) -> Result<(), Failure> {
    match command {
        TopCommand::Init(args) => init::run(args, app),
        TopCommand::Migrate(args) => migrate::run(args, app),
        TopCommand::Adopt(args) => adopt::run(args, app),
        TopCommand::Db(command) => db::run(command, app),
        TopCommand::Serve(args) => serve::run(args, app),
        TopCommand::Operation(command) => operations::run(command, app),
        TopCommand::Secret(command) => secret::run(command, app),
        TopCommand::Config(command) => config::run(command),
        TopCommand::Info(args) => info::run(args, app),
        TopCommand::Completions(args) => completions::run(args),
    }
}

/// The whole grammar, with our tables in `--help`.
fn command() -> clap::Command {
    let mut after = format!("{EXAMPLES}\n\nEnvironment:\n");
    for variable in env::ALL {
        // Writing to a `String` cannot fail.
        let _infallible = writeln!(after, "  {:28} {}", variable.name, variable.help);
    }
    let _infallible = write!(after, "\n{}", exit::HELP);
    Cli::command().after_help(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_contradicts_itself_nowhere() {
        command().debug_assert();
    }

    #[test]
    fn every_command_shows_an_example() {
        fn check(command: &clap::Command, path: &str) {
            let path = format!("{path} {}", command.get_name());
            let mut below = command.get_subcommands().filter(|c| c.get_name() != "help").peekable();
            let is_group = below.peek().is_some();
            let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(is_group || after.contains("Example"), "{path}");
            below.for_each(|command| check(command, &path));
        }
        let mut command = command();
        command.build();
        check(&command, "");
    }
}
