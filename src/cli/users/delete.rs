//! `users delete`

use better_auth::AuthError;
use better_auth::BetterAuth;
use better_auth::User;
use better_auth::codes;
use better_auth::schema;
use serde_json::json;

use crate::cli::app::App;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::cli::prompt;
use crate::cli::who;

/// Delete users with their sessions and accounts
///
/// All of them or none: where other rows of the database refer to one of them, no user is deleted.
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
    let ids: Vec<&str> = users.iter().map(|user| user.id.as_str()).collect();
    auth.api().delete_users(&ids).map_err(|error| explain(error, &users, &auth))?;
    app.output.done(format_args!("deleted {names}"));
    if app.output.is_json() {
        return output::json(&json!({ "success": true, "deleted": users.len() }));
    }
    Ok(())
}

/// Where rows of the application are in the way, which.
fn explain(error: AuthError, users: &[User], auth: &BetterAuth) -> Failure {
    if !error.is(codes::FOREIGN_KEY_VIOLATION) {
        return error.into();
    }
    let mut failure = Failure::from(error);
    "nothing was deleted, since other rows refer to what would go".clone_into(&mut failure.message);
    for user in users {
        // What cannot be looked up is not known better.
        let places = schema::references(auth.database(), "user", &user.id).unwrap_or_default();
        let lines = places.iter().map(|place| format!("{place} refers to {}", user.email));
        failure.causes.extend(lines);
    }
    failure.with_hint("delete or change those rows first")
}
