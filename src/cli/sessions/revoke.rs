//! `sessions revoke`, and `revoke-sessions`

use better_auth::AuthError;
use better_auth::BetterAuth;
use better_auth::Session;
use better_auth::codes;
use serde_json::json;

use crate::cli::app::App;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::cli::prompt;
use crate::cli::who;

/// Revoke sessions, effective immediately
///
/// WHAT is the id of a session, or the id or e-mail address of a user whose sessions all end.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  better-auth sessions revoke 0199c0de-0000-7000-8000-000000000000
  better-auth revoke-sessions ada@example.com --yes
  better-auth revoke-sessions --all --yes")]
pub(crate) struct Args {
    /// Id of a session, or id or e-mail address of a user
    #[arg(value_name = "WHAT", required_unless_present_any = ["user", "all"])]
    what: Vec<String>,
    /// All sessions of this user; id or e-mail address
    #[arg(long, conflicts_with = "what")]
    user: Vec<String>,
    /// Everybody's sessions
    #[arg(long, conflicts_with_all = ["what", "user"])]
    all: bool,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

/// What a name stands for.
enum Target {
    Session(String),
    User { id: String, email: String },
}

pub(crate) fn run(args: Args, app: &App) -> Result<(), Failure> {
    let auth = app.ready_auth()?;
    let revoked = if args.all {
        prompt::confirm("End the sessions of everybody?", args.yes)?;
        auth.api().revoke_everybodys_sessions()?
    } else {
        let users = args.user.iter().map(|name| user(&auth, name));
        let named = args.what.iter().map(|what| target(&auth, what));
        let targets: Result<Vec<Target>, Failure> = users.chain(named).collect();
        revoke(&targets?, args.yes, &auth)?
    };
    app.output.done(ended(revoked));
    if app.output.is_json() {
        return output::json(&json!({ "status": true, "revokedSessions": revoked }));
    }
    Ok(())
}

/// How many sessions ended, in words.
pub(crate) fn ended(count: u64) -> String {
    format!("{count} session{} ended", if count == 1 { "" } else { "s" })
}

fn user(auth: &BetterAuth, name: &str) -> Result<Target, Failure> {
    let user = who::find(auth, name)?;
    Ok(Target::User { id: user.id, email: user.email })
}

fn target(auth: &BetterAuth, what: &str) -> Result<Target, Failure> {
    if what.contains('@') {
        return user(auth, what);
    }
    if let Some(session) = auth.api().find_session(what)? {
        return Ok(Target::Session(session.id));
    }
    user(auth, what).map_err(|failure| match failure.exit {
        Exit::NotFound => Failure {
            message: format!("neither a session nor a user has the id {what:?}"),
            ..failure
        },
        _ => failure,
    })
}

fn revoke(targets: &[Target], is_yes: bool, auth: &BetterAuth) -> Result<u64, Failure> {
    let emails: Vec<&str> = targets
        .iter()
        .filter_map(|target| match target {
            Target::User { email, .. } => Some(email.as_str()),
            Target::Session(_) => None,
        })
        .collect();
    if !emails.is_empty() {
        prompt::confirm(&format!("End all sessions of {}?", emails.join(", ")), is_yes)?;
    }
    let auth = auth.api();
    let mut revoked = 0;
    for target in targets {
        let done = match target {
            Target::Session(id) => revoke_one(auth.revoke_session(id)),
            Target::User { id, .. } => auth.revoke_all_sessions(id),
        };
        revoked += done.map_err(|error| after(revoked, error))?;
    }
    Ok(revoked)
}

/// A failure that leaves ended what had ended before it.
fn after(revoked: u64, error: AuthError) -> Failure {
    let mut failure = Failure::from(error);
    if 0 < revoked {
        failure.message = format!("{}; before that, {}", failure.message, ended(revoked));
    }
    failure
}

/// A session that was there a moment ago has ended by other means: named twice, of a user who was
/// named too, signed out. That is what was asked for.
fn revoke_one(answer: Result<Session, AuthError>) -> Result<u64, AuthError> {
    match answer {
        Ok(_) => Ok(1),
        Err(error) if error.is(codes::SESSION_NOT_FOUND) => Ok(0),
        Err(error) => Err(error),
    }
}
