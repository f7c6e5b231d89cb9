//! `secret`: generates secrets.

use better_auth::crypto::random;
use serde_json::json;

use crate::cli::app::App;
use crate::cli::failure::Failure;
use crate::cli::output;

/// Generate secrets
#[derive(Debug, clap::Subcommand)]
pub(crate) enum SecretCommand {
    Generate(Args),
}

/// Print a new secret for signing cookies
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  better-auth secret generate
  export BETTER_AUTH_SECRET=$(better-auth secret generate)")]
pub(crate) struct Args {}

pub(crate) fn run(command: SecretCommand, app: &App) -> Result<(), Failure> {
    let SecretCommand::Generate(Args {}) = command;
    let secret = random::secret();
    if app.output.is_json() {
        return output::json(&json!({ "secret": secret.expose() }));
    }
    output::raw(&format!("{}\n", secret.expose()))
}
