//! `db copy`

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use better_auth::AuthError;
use better_auth::BetterAuth;
use better_auth::api::copy::CopiedTable;
use better_auth::api::copy::CopyError;
use better_auth::api::copy::DatabaseCopy;
use better_auth::api::copy::Phase;
use better_auth::config::secret;
use better_auth::config::secret::SecretSource;
use better_auth::schema;
use serde::Serialize;
use serde_json::json;
use signal_hook::consts::SIGINT;
use signal_hook::consts::SIGTERM;
use signal_hook::flag;

use crate::cli::app::App;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::cli::output::Page;
use crate::cli::output::Record;
use crate::cli::output::TimeForm;
use crate::cli::progress::Progress;
use crate::cli::prompt;

/// Copy everything into another database, and compare both row by row
///
/// Makes the tables where they are missing. Whatever ends it in the middle, the same command goes on where it
/// stopped. Stop the servers first: what they write meanwhile may be missed, which is then said.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  better-auth db copy --to sqlite:backup.db
  better-auth db copy --from sqlite:old.db --to sqlite:new.db --dry-run
  better-auth db copy --to postgres://auth@db.example.com/auth
  better-auth db copy --from sqlite:old.db --to sqlite:shared.db --merge --yes")]
pub(crate) struct Args {
    /// Where the data is [default: the configured database]
    #[arg(long, value_name = "URL")]
    from: Option<String>,
    /// Where it is to be
    #[arg(long, value_name = "URL")]
    to: String,
    /// Copy into a database that holds other data, too
    #[arg(long)]
    merge: bool,
    /// Show what would be copied and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

/// A table in the list of what was done.
#[derive(Serialize)]
struct Line {
    name: &'static str,
    /// In the source.
    rows: u64,
    /// Written, or to be written.
    copied: u64,
}

impl Record for Line {
    const HEADERS: &'static [&'static str] = &["table", "rows", "copied"];

    fn cells(&self, _: TimeForm) -> Vec<String> {
        vec![self.name.to_owned(), self.rows.to_string(), self.copied.to_string()]
    }
}

pub(crate) fn run(args: Args, app: &App) -> Result<(), Failure> {
    let from = match &args.from {
        Some(url) => app.auth_on(url)?,
        None => app.auth()?,
    };
    let to = app.auth_on(&args.to)?;
    let places = [&from, &to].map(|auth| auth.database().place());
    let [source, target] = &places;
    if source == target {
        return Err(Failure::usage(format!("{source} is the source and the target")));
    }
    require_source(&from)?;
    let tables = schema::needed(from.config());
    let copy = DatabaseCopy { from: from.database(), to: to.database(), tables: &tables };
    let left_out = schema::beyond(from.database(), &tables).map_err(AuthError::from)?;
    for column in &left_out {
        app.output
            .warn(format_args!("{column} is not copied: the configuration has no such field"));
    }
    if args.dry_run {
        let planned = plan(&copy, &to, &args, app)?;
        return report(app, &places, &planned, None, &left_out);
    }
    let is_new = !to.database().exists().map_err(AuthError::from)?;
    prompt::confirm(&format!("Copy {source} into {target}?"), args.yes || is_new)?;
    to.migrate()?;
    let copied = transfer(&copy, &args, app)?;
    let rows: u64 = copied.iter().map(|table| table.rows).sum();
    app.output.done(format_args!("{target} has all {rows} rows of {source}, compared one by one"));
    remember_secret(&from, app);
    report(app, &places, &copied, Some(true), &left_out)
}

/// A source that is not there is a slip; a migration would make an empty one.
fn require_source(from: &BetterAuth) -> Result<(), Failure> {
    let place = from.database().place();
    if !from.database().exists().map_err(AuthError::from)? {
        return Err(Failure::new(Exit::NotFound, format!("there is no database at {place}"))
            .with_hint("--from names the source"));
    }
    let plan = from.plan()?;
    if !plan.problems.is_empty() {
        return Err(Failure::blocked(&place, plan.problems));
    }
    if !plan.is_empty() {
        return Err(Failure::needs_migration(&place)
            .with_hint("run `better-auth migrate` with --database and the source"));
    }
    Ok(())
}

/// What a copy would write.
fn plan(
    copy: &DatabaseCopy<'_>,
    to: &BetterAuth,
    args: &Args,
    app: &App,
) -> Result<Vec<CopiedTable>, Failure> {
    let lacking = to.plan()?;
    if !lacking.problems.is_empty() {
        return Err(Failure::blocked(&to.database().place(), lacking.problems));
    }
    if lacking.is_empty() {
        return watched(app, |watch| copy.plan(args.merge, watch));
    }
    // It lacks tables: what it has of others cannot be looked at before they are made.
    app.output.status(format_args!("{} lacks tables, which would be made", to.database().place()));
    Ok(copy.everything()?)
}

fn transfer(copy: &DatabaseCopy<'_>, args: &Args, app: &App) -> Result<Vec<CopiedTable>, Failure> {
    watched(app, |watch| {
        copy.plan(args.merge, watch)?;
        let copied = copy.run(watch)?;
        copy.verify(args.merge, watch)?;
        Ok(copied)
    })
}

/// Runs something with a bar, until it is done or the person has had enough.
fn watched<T>(
    app: &App,
    job: impl FnOnce(better_auth::api::copy::Watch<'_>) -> Result<T, CopyError>,
) -> Result<T, Failure> {
    let is_stopped = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // In this order: the first signal finds the flag unset and sets it, the second one ends the process.
        let exit = Exit::Interrupted as i32;
        flag::register_conditional_shutdown(signal, exit, Arc::clone(&is_stopped))?;
        flag::register(signal, Arc::clone(&is_stopped))?;
    }
    let bar = Progress::new(app);
    let mut watch = |progress: better_auth::api::copy::Progress| {
        let what = match progress.phase {
            Phase::Checking => "checking",
            Phase::Copying => "copying",
            Phase::Comparing => "comparing",
        };
        bar.show(&format!("{what} {}", progress.table), progress.done, progress.total);
        !is_stopped.load(Ordering::Relaxed)
    };
    Ok(job(&mut watch)?)
}

impl From<CopyError> for Failure {
    fn from(error: CopyError) -> Self {
        let (exit, hint) = match &error {
            CopyError::Database { table, error } => {
                let mut failure = Self::from(AuthError::from(error.clone()));
                failure.causes.insert(0, format!("{table} was being copied"));
                // What one database has and the other one cannot keep is no slip of the person.
                if failure.exit == Exit::Usage {
                    failure.exit = Exit::Failed;
                }
                return failure.with_hint("the same command goes on from here");
            }
            CopyError::Interrupted => (Exit::Interrupted, "the same command goes on from here"),
            CopyError::OtherData { .. } => {
                (Exit::Conflict, "--merge copies into a database with other data")
            }
            CopyError::Differs { .. } => {
                (Exit::Conflict, "a row that is there is never overwritten; delete one of them")
            }
            _ => (Exit::Failed, "stop the servers on both, and run the same command again"),
        };
        Self::new(exit, error.to_string()).with_hint(hint)
    }
}

/// A generated secret lies beside the source, and a server on the target would make another one.
fn remember_secret(from: &BetterAuth, app: &App) {
    if let SecretSource::Generated(file) = secret::source(from.config())
        && file.exists()
    {
        let file = file.display();
        app.output
            .warn(format_args!("sessions need the secret in {file}: set BETTER_AUTH_SECRET to it"));
    }
}

fn report(
    app: &App,
    [from, to]: &[String; 2],
    tables: &[CopiedTable],
    verified: Option<bool>,
    left_out: &[String],
) -> Result<(), Failure> {
    let lines: Vec<Line> = tables
        .iter()
        .map(|table| Line { name: table.name, rows: table.rows, copied: table.missing })
        .collect();
    if app.output.is_json() {
        let verified = verified.unwrap_or_default();
        return output::json(&json!({
            "from": from, "to": to, "tables": lines, "verified": verified, "leftOut": left_out,
        }));
    }
    app.output.list(&Page::whole("tables", &lines))
}
