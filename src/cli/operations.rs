//! The commands of operations, of the core and of plugins: grammar, questions, output.

use better_auth::BetterAuth;
use better_auth::codes;
use better_auth::operations;
use better_auth::operations::AnyOperation;
use better_auth::operations::command_line;
use better_auth::operations::outcome::Presented;
use better_auth::operations::users;
use better_auth::operations::users::create::CreateUser;
use better_auth::operations::users::passwords::SetPassword;
use better_auth::plugin::options;
use better_auth::plugins;
use clap::Arg;
use clap::ArgAction;
use clap::ArgMatches;
use clap::Command;
use clap::FromArgMatches;
use clap::Subcommand;
use clap::error::ErrorKind;
use clap::parser::ValueSource;

use crate::cli::app::App;
use crate::cli::failure::Failure;
use crate::cli::log;
use crate::cli::log::LogFormat;
use crate::cli::log::LogLevel;
use crate::cli::prompt;

/// Short commands for operations, listed after the first groups.
const SHORT: [(&str, &str, &str); 3] = [
    ("create-user", "users.create", "Create a user; the same as `users create`"),
    ("list-users", "users.list", "List users; the same as `users list`"),
    ("revoke-sessions", "sessions.revoke", "Revoke sessions; the same as `sessions revoke`"),
];
const FIRST_GROUPS: usize = 2;

/// An operation with its arguments.
pub(crate) struct OperationCommand {
    row: &'static dyn AnyOperation,
    matches: ArgMatches,
}

fn rows() -> impl Iterator<Item = &'static dyn AnyOperation> {
    let of_plugins = plugins::ALL.iter().flat_map(|entry| entry.operations);
    operations::ALL.iter().chain(of_plugins).copied()
}

fn find(name: &str) -> Option<&'static dyn AnyOperation> {
    rows().find(|row| row.about().name == name)
}

impl Subcommand for OperationCommand {
    fn augment_subcommands(command: Command) -> Command {
        let groups = command_line::groups(rows()).map(|group| group.defer(filled));
        let mut commands: Vec<Command> = groups.collect();
        let short = SHORT.iter();
        let short = short.map(|(name, _, about)| Command::new(*name).about(*about).defer(filled));
        commands.splice(FIRST_GROUPS..FIRST_GROUPS, short);
        command.subcommands(commands)
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        SHORT.iter().any(|(short, ..)| *short == name)
            || rows().any(|row| row.about().group_and_verb().0 == name)
    }
}

impl FromArgMatches for OperationCommand {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let short = matches.subcommand().and_then(|(name, arguments)| {
            let (_, operation, _) = SHORT.iter().find(|(short, ..)| *short == name)?;
            Some((find(operation)?, arguments))
        });
        let (row, matches) = short
            .or_else(|| command_line::matched(rows(), matches))
            .ok_or_else(|| clap::Error::new(ErrorKind::InvalidSubcommand))?;
        Ok(Self { row, matches: matches.clone() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// A group or a short command with what belongs to it, unless it has that: only what was typed needs it.
pub(crate) fn filled(command: Command) -> Command {
    let is_own = |arg: &Arg| !arg.is_global_set();
    if command.has_subcommands() || command.get_arguments().any(is_own) {
        return command;
    }
    let short = SHORT.iter().find(|(name, ..)| *name == command.get_name());
    if let Some((row, about)) = short.and_then(|(_, name, about)| Some((find(name)?, *about))) {
        let command = command_line::command(row, command).about(about);
        return with_options_of_plugins(command.long_about(None::<&str>));
    }
    command_line::with_operations(command, rows()).mut_subcommands(with_options_of_plugins)
}

/// Adds the options of plugins to each command with `--field`, and their filters to each with `--filter`, right after it.
fn with_options_of_plugins(command: Command) -> Command {
    let place_of = |command: &Command, id: &str| {
        let mut options =
            command.get_arguments().filter(|arg| !arg.is_positional() && !arg.is_global_set());
        options.position(|arg| arg.get_id() == id)
    };
    if let Some(place) = place_of(&command, "filters") {
        let filters = plugins::ALL.iter().flat_map(|entry| entry.user_filters);
        return filters.fold(command, |command, filter| {
            let arg = Arg::new(format!("filters.{}", filter.name)).long(filter.name);
            let arg = match filter.value_name {
                Some(name) => arg.value_name(name),
                None => arg.action(ArgAction::SetTrue),
            };
            command.arg(arg.help(filter.help).display_order(place))
        });
    }
    let Some(place) = place_of(&command, "fields") else {
        return command;
    };
    let is_in_a_group = command.get_groups().any(|group| group.get_id() == "change");
    plugins::ALL.iter().flat_map(|entry| entry.user_options).fold(command, |command, option| {
        let id = format!("fields.{}", option.field);
        let arg = Arg::new(id.clone()).long(option.field).value_name(option.value_name);
        let command = command.arg(arg.help(option.help).display_order(place));
        if is_in_a_group { command.mut_group("change", |group| group.arg(id)) } else { command }
    })
}

/// Rejects an option of a plugin that is not enabled.
fn check_options(matches: &ArgMatches, auth: &BetterAuth) -> Result<(), Failure> {
    for entry in plugins::ALL {
        let is_given = |id: String| {
            matches!(matches.try_contains_id(&id), Ok(true))
                && matches.value_source(&id) == Some(ValueSource::CommandLine)
        };
        let is_on = auth.config().plugins.contains_key(entry.id);
        let fields = entry.user_options.iter().map(|option| format!("fields.{}", option.field));
        let filters = entry.user_filters.iter().map(|filter| format!("filters.{}", filter.name));
        if !is_on && fields.chain(filters).any(is_given) {
            return Err(options::is_off(entry.id).into());
        }
    }
    Ok(())
}

pub(crate) fn run(command: OperationCommand, app: &App) -> Result<(), Failure> {
    let OperationCommand { row, matches } = command;
    let about = row.about();
    if about.sends_messages {
        // The `log` transport writes to standard error, as it does in a server.
        log::start(LogLevel::Warn, LogFormat::Text, app);
    }
    match about.name {
        "users.create" => return create_user(&matches, app),
        "users.set-password" => return set_password(&matches, app),
        "sessions.list" if matches.get_flag("show_tokens") && !app.output.is_json() => {
            return Err(Failure::usage("tokens are shown in JSON only").with_hint("add --json"));
        }
        _ => {}
    }
    let auth = if about.needs_database { app.ready_auth()? } else { app.auth()? };
    check_options(&matches, &auth)?;
    let mut confirmed = Ok(());
    let mut confirm = |question: &str| {
        confirmed = prompt::confirm(question, matches.get_flag("yes"));
        confirmed.is_ok()
    };
    let presented = row.run_matches(&auth.call(), &matches, &mut confirm)?;
    confirmed?;
    presented.map_or(Ok(()), |presented| show(presented, &matches, app))
}

fn show(presented: Presented, matches: &ArgMatches, app: &App) -> Result<(), Failure> {
    let is_cut_by_hand = matches.try_contains_id("limit").is_ok()
        && matches.value_source("limit") == Some(ValueSource::CommandLine);
    app.output.present(&presented, is_cut_by_hand)?;
    presented.failure.map_or(Ok(()), |failure| Err(failure.into()))
}

/// Asks for missing values, and creates a database for the first user.
fn create_user(matches: &ArgMatches, app: &App) -> Result<(), Failure> {
    let mut input: CreateUser = command_line::input(matches)?;
    let (auth, is_new) = app.ready_or_new_auth()?;
    check_options(matches, &auth)?;
    input.fields.values(&auth.call())?;
    let email = match input.address.take().or(input.email.take()) {
        Some(email) => email,
        None if prompt::is_possible() => prompt::text("Email address", false)?,
        None => {
            return Err(Failure::usage("an email address is required: create-user EMAIL"));
        }
    };
    input.if_not_exists &= !is_new;
    if !input.if_not_exists || auth.api().find_user(&email)?.is_none() {
        if input.name.is_none() && !input.no_password && prompt::is_possible() {
            input.name = Some(prompt::text("Name", true)?).filter(|name| !name.is_empty());
        }
        if !input.no_password {
            let password = prompt::new_password(&input.password, app).map_err(or_none)?;
            input.password.password = Some(password);
        }
    }
    input.address = Some(email);
    let created = match users::create::CREATE.perform(&auth.call(), &input) {
        // Creating the first user should take one command; invalid input has been rejected at this
        // point.
        Err(error) if is_new && error.is(codes::SCHEMA_MISMATCH) => {
            auth.migrate()?;
            app.output.done(format_args!("migrated {}", auth.database().place()));
            users::create::CREATE.perform(&auth.call(), &input)
        }
        result => result,
    };
    show(created?.presented(), matches, app)
}

/// Adds `--no-password` to the hint: only a new user can go without a password.
fn or_none(failure: Failure) -> Failure {
    match failure.hint {
        Some(hint) => Failure {
            hint: Some(format!("{hint}; --no-password creates a user without one")),
            ..failure
        },
        None => failure,
    }
}

fn set_password(matches: &ArgMatches, app: &App) -> Result<(), Failure> {
    let mut input: SetPassword = command_line::input(matches)?;
    let auth = app.ready_auth()?;
    input.user = auth.call().user(&input.user)?.id;
    input.password.password = Some(prompt::new_password(&input.password, app)?);
    show(users::passwords::SET_PASSWORD.perform(&auth.call(), &input)?.presented(), matches, app)
}
