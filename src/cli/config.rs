//! `config`: the format of configuration files.

use better_auth::plugins;

use crate::cli::failure::Failure;
use crate::cli::output;

/// Describe the configuration file
#[derive(Debug, clap::Subcommand)]
pub(crate) enum ConfigCommand {
    Schema(SchemaArgs),
}

/// Print the JSON Schema of the configuration file, for editors
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  better-auth config schema > better-auth.schema.json")]
pub(crate) struct SchemaArgs {}

pub(crate) fn run(command: ConfigCommand) -> Result<(), Failure> {
    let ConfigCommand::Schema(SchemaArgs {}) = command;
    output::json(&plugins::config_schema())
}
