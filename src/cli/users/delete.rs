//! `users delete`

use better_auth::User;
use serde_json::json;

use crate::cli::app::App;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::cli::prompt;
use crate::cli::who;

/// Delete users with their sessions and accounts
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  better-auth users delete ada@example.com
  better-auth users delete ada@example.com bob@example.com --yes")]
pub(crate) struct Args {
    /// Ids or e-mail addresses of the users
    #[arg(required = true, value_name = "USER")]
    users: Vec<String>,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

pub(crate) fn run(args: Args, app: &App) -> Result<(), Failure> {
    let auth = app.ready_auth()?;
    let found: Result<Vec<User>, Failure> =
        args.users.iter().map(|name| who::find(&auth, name)).collect();
    let mut users = found?;
    users.sort_by(|left, right| left.id.cmp(&right.id));
    users.dedup_by(|left, right| left.id == right.id);
    let names: Vec<&str> = users.iter().map(|user| user.email.as_str()).collect();
    let names = names.join(", ");
    prompt::confirm(&format!("Delete {names}?"), args.yes)?;
    for user in &users {
        auth.api().delete_user(&user.id)?;
    }
    app.output.done(format_args!("deleted {names}"));
    if app.output.is_json() {
        return output::json(&json!({ "success": true, "deleted": users.len() }));
    }
    Ok(())
}
