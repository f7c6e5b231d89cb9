//! `db copy`

use better_auth::AuthError;
use better_auth::BetterAuth;
use better_auth::api::copy::CopiedTable;
use better_auth::api::copy::CopyError;
use better_auth::api::copy::DatabaseCopy;
use better_auth::api::copy::Mode;
use better_auth::api::copy::Phase;
use better_auth::api::copy::Progress;
use better_auth::config::secret;
use better_auth::config::secret::SecretSource;
use better_auth::database::DatabaseError;
use better_auth::operations::outcome::Cell;
use better_auth::operations::outcome::Record;
use better_auth::operations::outcome::View;
use better_auth::schema;
use serde::Serialize;
use serde_json::json;

use crate::cli::app::App;
use crate::cli::db::watched::Show;
use crate::cli::db::watched::Watched;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::cli::prompt;

/// The hint for rows that cannot be read, or that the target refuses.
const CHECK: &str =
    "`better-auth db check` lists such rows, and with --fix repairs what is safe to repair";

/// Copy all data into another database, and compare both row by row
///
/// Creates missing tables. After an interruption, the same command resumes where it stopped. Stop
/// the servers first: rows that they write meanwhile may be missed, which the command then reports.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  better-auth db copy --to sqlite:backup.db
  better-auth db copy --from sqlite:old.db --to sqlite:new.db --dry-run
  better-auth db copy --to postgres://auth@db.example.com/auth
  better-auth db copy --to sqlite:backup.db --mirror
  better-auth db copy --from sqlite:old.db --to sqlite:shared.db --merge --yes")]
pub(crate) struct Args {
    /// Source [default: the configured database]
    #[arg(long, value_name = "URL")]
    from: Option<String>,
    /// Target
    #[arg(long, value_name = "URL")]
    to: String,
    /// Copy into a database with other data, which is kept
    #[arg(long, conflicts_with = "mirror")]
    merge: bool,
    /// Make an earlier copy equal to its source: delete rows that the source no longer has, replace
    /// changed ones
    #[arg(long)]
    mirror: bool,
    /// Show what would be copied and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask for confirmation
    #[arg(long, short)]
    yes: bool,
}

impl Args {
    fn mode(&self) -> Mode {
        match (self.merge, self.mirror) {
            (true, _) => Mode::Merge,
            (_, true) => Mode::Mirror,
            _ => Mode::Plain,
        }
    }
}

/// A table in the summary.
#[derive(Serialize)]
struct TableRow {
    name: &'static str,
    /// Rows in the source.
    rows: u64,
    /// Rows that were or would be written.
    copied: u64,
    /// Rows that replaced different ones.
    replaced: u64,
    /// Rows that were deleted in the target.
    deleted: u64,
}

impl Record for TableRow {
    const HEADERS: &'static [&'static str] = &["table", "rows", "copied", "replaced", "deleted"];

    fn cells(&self) -> Vec<Cell> {
        let counts = [self.rows, self.copied, self.replaced, self.deleted];
        let counts = counts.map(|count| count.to_string().into());
        std::iter::once(self.name.into()).chain(counts).collect()
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
    if from.database().full_place() == to.database().full_place() {
        return Err(Failure::usage(format!("{source} is both source and target")));
    }
    require_source(&from)?;
    let mode = args.mode();
    let copy = DatabaseCopy { from: from.database(), to: to.database(), tables: to.tables(), mode };
    let left_out =
        schema::beyond(from.database(), from.tables().configured()).map_err(AuthError::from)?;
    for column in &left_out {
        app.output
            .warn(format_args!("{column} is not copied: the configuration has no such field"));
    }
    require_restrictions(&from, &left_out)?;
    let watched = Watched::new(app)?;
    let is_new = !to.database().exists().map_err(AuthError::from)?;
    let lacking = to.plan()?;
    if !lacking.problems.is_empty() {
        return Err(Failure::blocked(target, lacking.problems));
    }
    let question = format!("Copy {source} into {target}?");
    let planned = if lacking.is_empty() {
        watched.run(|show| copy.plan(&mut shown(show)))?
    } else if args.dry_run {
        // Other data in the target cannot be examined before the tables exist.
        app.output.status(format_args!("{target} lacks tables, which would be created"));
        copy.everything()?
    } else {
        prompt::confirm(&question, args.yes || is_new)?;
        to.migrate()?;
        watched.run(|show| copy.plan(&mut shown(show)))?
    };
    if planned.may_revive {
        app.output.warn(format_args!(
            "{target} has no record of deletions: users and sessions that were deleted there come back if \
             {source} has them"
        ));
    }
    for table in planned.tables.iter().filter(|table| 0 < table.revived) {
        app.output.warn(format_args!(
            "{}: deleted rows of {target} that come back: {}",
            table.name, table.revived
        ));
    }
    if args.dry_run {
        return report(app, &places, &planned.tables, None, &left_out);
    }
    let losses = losses(&planned.tables);
    let losses = losses.map(|losses| format!("{question} {target} loses {losses}"));
    prompt::confirm(&losses.unwrap_or(question), args.yes || is_new)?;
    copy.prepare().map_err(AuthError::from)?;
    let copied = watched.run(|show| copy.run(&mut shown(show)))?;
    let rows: u64 = copied.iter().map(|table| table.rows).sum();
    app.output.done(format_args!("{target} has all {rows} rows of {source}, compared one by one"));
    remember_secret(&from, app);
    report(app, &places, &copied, Some(true), &left_out)
}

/// The progress in words.
fn shown(show: Show<'_>) -> impl FnMut(Progress) -> bool {
    |progress| {
        let what = match progress.phase {
            Phase::Checking => "checking",
            Phase::Deleting => "deleting from",
            Phase::Copying => "copying",
            Phase::Comparing => "comparing",
        };
        show(&format!("{what} {}", progress.table), progress.done, progress.total)
    }
}

/// The rows that a mirror removes from the target: `3 rows of user, 2 of session`.
fn losses(tables: &[CopiedTable]) -> Option<String> {
    let lost = tables.iter().map(|table| (table.name, table.deleted, table.replaced));
    let lost: Vec<String> = lost
        .filter(|(_, deleted, replaced)| 0 < deleted + replaced)
        .map(|(name, deleted, replaced)| {
            format!("{name}: {deleted} rows are deleted, {replaced} replaced")
        })
        .collect();
    (!lost.is_empty()).then(|| lost.join("; "))
}

/// A missing source is a mistake; a migration would create an empty one.
fn require_source(from: &BetterAuth) -> Result<(), Failure> {
    let place = from.database().place();
    if !from.database().exists().map_err(AuthError::from)? {
        return Err(Failure::new(Exit::NotFound, format!("there is no database at {place}"))
            .with_hint("specify the source with --from"));
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

/// In a target without the column that restricts them, people could sign in as if it had never been.
fn require_restrictions(from: &BetterAuth, left_out: &[String]) -> Result<(), Failure> {
    for (found, users) in from.restrictions()? {
        let (place, field) = (found.place(), found.column.restriction.field);
        if 0 < users && !found.is_ignored && left_out.contains(&place) {
            let what = format!("{place} restricts users ({users}), and would not be copied");
            let hint = format!(
                "declare {field} in user.additionalFields, or list it in user.ignoreRestrictions"
            );
            return Err(Failure::new(Exit::Conflict, what).with_hint(hint));
        }
    }
    Ok(())
}

impl From<CopyError> for Failure {
    fn from(error: CopyError) -> Self {
        let (exit, hint) = match &error {
            CopyError::Database { table, error } => {
                let mut failure = Self::from(AuthError::from(error.clone()));
                failure.causes.insert(0, format!("{table} was being copied"));
                // Data of one database that the other cannot store is not a usage error.
                if failure.exit == Exit::Usage {
                    failure.exit = Exit::Failed;
                }
                return failure.with_hint(match error {
                    DatabaseError::Unreadable(_) | DatabaseError::ForeignKey(_) => CHECK,
                    _ => "run the same command again to resume",
                });
            }
            CopyError::Lacks { .. } => (Exit::Failed, CHECK),
            CopyError::Interrupted => (Exit::Interrupted, "run the same command again to resume"),
            CopyError::OtherData(_) => (
                Exit::Conflict,
                "--mirror deletes what the source no longer has; --merge keeps other data",
            ),
            CopyError::Differs(_) => (
                Exit::Conflict,
                "only --mirror replaces rows, in a copy without other changes; or delete one of them",
            ),
            CopyError::GoneFromSource(_) => (
                Exit::Conflict,
                "delete it in the target too; in a copy without other changes, --mirror does that",
            ),
            CopyError::GoneFromTarget(_) => {
                (Exit::Conflict, "delete it in the source too, or bring it back with --mirror")
            }
            CopyError::NotACopy(_) | CopyError::WrittenSince(_) | CopyError::NothingInCommon => (
                Exit::Conflict,
                "check that --from and --to are not swapped; if they are right, copy into an empty database",
            ),
            _ => {
                (Exit::Failed, "stop the servers on both databases, and run the same command again")
            }
        };
        Self::new(exit, error.to_string()).with_hint(hint)
    }
}

/// A generated secret is stored next to the source; a server on the target would generate another
/// one.
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
    let lines: Vec<TableRow> = tables
        .iter()
        .map(|table| TableRow {
            name: table.name,
            rows: table.rows,
            copied: table.missing,
            replaced: table.replaced,
            deleted: table.deleted,
        })
        .collect();
    if app.output.is_json() {
        let verified = verified.unwrap_or_default();
        return output::json(&json!({
            "from": from, "to": to, "tables": lines, "verified": verified, "leftOut": left_out,
        }));
    }
    app.output.view(&View::list("tables", &lines), false)
}
