//! Operations as commands: the grammar, and finding the operation of a command.

use std::ffi::OsStr;
use std::marker::PhantomData;

use clap::Arg;
use clap::ArgAction;
use clap::ArgMatches;
use clap::Command;
use clap::FromArgMatches;
use clap::builder::PossibleValue;
use clap::builder::TypedValueParser;
use clap::builder::ValueParserFactory;

use crate::error::AuthError;
use crate::error::codes;
use crate::operations::AnyOperation;
use crate::operations::Sort;
use crate::operations::Sortable;

/// Descriptions of groups other than "Manage …".
const ABOUT: &[(&str, &str)] = &[
    ("accounts", "Manage linked accounts (password, Google, …)"),
    ("providers", "List and check OAuth and OpenID Connect providers"),
    ("mail", "List and send emails"),
];

/// A command for each group with its operations as subcommands, in the order of the rows.
pub fn groups(rows: impl IntoIterator<Item = &'static dyn AnyOperation>) -> Vec<Command> {
    let mut groups: Vec<Command> = Vec::new();
    for row in rows {
        let (name, verb) = row.about().group_and_verb();
        let known = groups.iter().position(|known| known.get_name() == name);
        let group = known.map_or_else(|| group(name), |at| groups.remove(at));
        groups.insert(known.unwrap_or(groups.len()), group.subcommand(command(row, verb)));
    }
    groups
}

fn group(name: &'static str) -> Command {
    let about = ABOUT.iter().find(|(group, _)| *group == name);
    let about = about.map_or_else(|| format!("Manage {name}"), |(_, about)| (*about).to_owned());
    Command::new(name).about(about).subcommand_required(true).arg_required_else_help(true)
}

/// The command of an operation, with this name.
pub fn command(row: &dyn AnyOperation, name: &'static str) -> Command {
    let command = row.augment(Command::new(name));
    if !row.about().asks {
        return command;
    }
    let yes = Arg::new("yes").long("yes").short('y').help("Do not ask for confirmation");
    command.arg(yes.action(ArgAction::SetTrue))
}

/// The operation of the command line, with its arguments.
pub fn matched(
    rows: impl IntoIterator<Item = &'static dyn AnyOperation>,
    matches: &ArgMatches,
) -> Option<(&'static dyn AnyOperation, &ArgMatches)> {
    let (group, below) = matches.subcommand()?;
    let (verb, arguments) = below.subcommand()?;
    let row = rows.into_iter().find(|row| row.about().group_and_verb() == (group, verb))?;
    Some((row, arguments))
}

/// Parses an input.
pub fn input<I: FromArgMatches>(matches: &ArgMatches) -> Result<I, AuthError> {
    I::from_arg_matches(matches)
        .map_err(|error| AuthError::new(codes::VALIDATION_ERROR).with_message(error.to_string()))
}

/// Parses a sort order, and lists the fields in completions and the help.
#[derive(Clone)]
pub struct SortParser<F>(PhantomData<F>);

impl<F: Sortable + Send + Sync> ValueParserFactory for Sort<F> {
    type Parser = SortParser<F>;

    fn value_parser() -> SortParser<F> {
        SortParser(PhantomData)
    }
}

impl<F: Sortable + Send + Sync> TypedValueParser for SortParser<F> {
    type Value = Sort<F>;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Sort<F>, clap::Error> {
        let read = |text: &str| text.parse::<Sort<F>>();
        read.parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(F::FIELDS.iter().map(|(name, _)| PossibleValue::new(*name))))
    }
}
