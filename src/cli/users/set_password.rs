//! `users set-password`

use serde_json::json;

use crate::cli::app::App;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::cli::prompt;
use crate::cli::prompt::NewPassword;
use crate::cli::sessions::revoke;
use crate::cli::users::explain;
use crate::cli::who;

/// Set a user's password and end their sessions
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  better-auth users set-password ada@example.com
  echo \"$PASSWORD\" | better-auth users set-password ada@example.com --password-stdin")]
pub(crate) struct Args {
    /// Id or e-mail address of the user
    user: String,
    #[command(flatten)]
    password: NewPassword,
    /// Leave the user's sessions alive
    #[arg(long)]
    keep_sessions: bool,
}

pub(crate) fn run(args: Args, app: &App) -> Result<(), Failure> {
    let auth = app.ready_auth()?;
    let user = who::find(&auth, &args.user)?;
    let password = prompt::new_password(&args.password, app)?;
    let ended = auth
        .api()
        .set_password(&user.id, &password, args.keep_sessions)
        .map_err(|error| explain(error, &user.email, &auth))?;
    app.output.done(format_args!("password of {} set, {}", user.email, revoke::ended(ended)));
    if app.output.is_json() {
        return output::json(&json!({ "status": true, "revokedSessions": ended }));
    }
    Ok(())
}
