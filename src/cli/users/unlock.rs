//! `users unlock`

use serde_json::json;

use crate::cli::app::App;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::cli::who;

/// Let a user sign in again after too many wrong passwords
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  better-auth users unlock ada@example.com")]
pub(crate) struct Args {
    /// Id or e-mail address of the user
    user: String,
}

pub(crate) fn run(args: Args, app: &App) -> Result<(), Failure> {
    let auth = app.ready_auth()?;
    let user = who::find(&auth, &args.user)?;
    let had_failed = auth.api().unlock_user(&user.id)?;
    let done = if had_failed { "can sign in again" } else { "was not locked" };
    app.output.done(format_args!("{} {done}", user.email));
    if app.output.is_json() {
        return output::json(&json!({ "status": true, "unlocked": had_failed }));
    }
    Ok(())
}
