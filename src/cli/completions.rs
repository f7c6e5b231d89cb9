//! `completions`: shell completion scripts.

use clap::Arg;
use clap::ValueHint;
use clap_complete::Shell;

use crate::cli::failure::Failure;
use crate::cli::operations;
use crate::cli::output;

/// Print the completion script of a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  better-auth completions bash > /etc/bash_completion.d/better-auth
  better-auth completions zsh > ~/.zfunc/_better-auth
  better-auth completions fish > ~/.config/fish/completions/better-auth.fish")]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(args: Args) -> Result<(), Failure> {
    output::raw(&script(args.shell))
}

fn script(shell: Shell) -> String {
    let command = crate::cli::command().mut_subcommands(operations::filled);
    let mut command = for_generators(command);
    // The generator for bash escapes a hyphen in the program's name in two ways, which breaks all
    // subcommands.
    let name = if shell == Shell::Bash { "better_auth" } else { "better-auth" };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, name, &mut script);
    let mut script = String::from_utf8_lossy(&script).replace(" better_auth\n", " better-auth\n");
    if shell == Shell::Fish {
        command.get_subcommands().for_each(|command| script.push_str(&places_for_fish(command)));
    }
    script
}

/// Completions of positional values, which the generator for fish omits.
fn places_for_fish(command: &clap::Command) -> String {
    let values = command.get_positionals().flat_map(Arg::get_possible_values);
    let values: Vec<String> = values.map(|value| value.get_name().to_owned()).collect();
    if values.is_empty() {
        return String::new();
    }
    let (name, values) = (command.get_name(), values.join(" "));
    format!(
        "complete -c better-auth -n \"__fish_better_auth_using_subcommand {name}\" -f -a \"{values}\"\n"
    )
}

/// Adapts the grammar to the generators: a colon in a value name breaks the zsh script, and a value
/// without a hint would complete file names.
fn for_generators(command: clap::Command) -> clap::Command {
    let command = command.mut_args(|arg| {
        let mut names = arg.get_value_names().unwrap_or_default().iter();
        let arg = if names.any(|name| name.contains(':')) { arg.value_name("VALUE") } else { arg };
        match arg.get_value_hint() {
            ValueHint::Unknown if arg.get_action().takes_values() => {
                arg.value_hint(ValueHint::Other)
            }
            _ => arg,
        }
    });
    command.mut_subcommands(for_generators)
}
