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
use indexmap::IndexSet;

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

/// One command for each group, in the order of the rows, to which [`with_operations`] adds those below it.
pub fn groups(
    rows: impl IntoIterator<Item = &'static dyn AnyOperation>,
) -> impl Iterator<Item = Command> {
    let names = rows.into_iter().map(|row| row.about().group_and_verb().0);
    names.collect::<IndexSet<_>>().into_iter().map(group)
}

/// A group with the operations that belong to it.
pub fn with_operations(
    group: Command,
    rows: impl IntoIterator<Item = &'static dyn AnyOperation>,
) -> Command {
    rows.into_iter().fold(group, |group, row| match row.about().group_and_verb() {
        (name, verb) if name == group.get_name() => {
            group.subcommand(command(row, Command::new(verb)))
        }
        _ => group,
    })
}

fn group(name: &'static str) -> Command {
    let about = ABOUT.iter().find(|(group, _)| *group == name);
    let about = about.map_or_else(|| format!("Manage {name}"), |(_, about)| (*about).to_owned());
    Command::new(name).about(about).subcommand_required(true).arg_required_else_help(true)
}

/// A command that takes what this operation does, with its help.
pub fn command(row: &dyn AnyOperation, command: Command) -> Command {
    let command = row.augment(command);
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
