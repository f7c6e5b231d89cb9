//! `completions`: scripts that teach a shell this command line.

use clap_complete::Shell;

use crate::cli::failure::Failure;
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
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut crate::cli::command(), "better-auth", &mut script);
    output::raw(&String::from_utf8_lossy(&script))
}
