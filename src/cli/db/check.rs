//! `db check`

use better_auth::BetterAuth;
use better_auth::api::check::CheckError;
use better_auth::api::check::Count;
use better_auth::api::check::DatabaseCheck;
use better_auth::api::check::Finding;
use better_auth::api::check::Progress;
use better_auth::api::check::Repair;
use better_auth::api::check::Report;
use better_auth::error::AuthError;
use better_auth::operations::outcome::Cell;
use better_auth::operations::outcome::Record;
use better_auth::operations::outcome::View;
use better_auth::schema;
use serde_json::json;

use crate::cli::app::App;
use crate::cli::db::watched::Show;
use crate::cli::db::watched::Watched;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::cli::prompt;

/// Check every row for values that cannot be read, and repair what is safe to repair
///
/// Looks for NULL where every row needs a value, text in another encoding, times, flags, numbers and
/// JSON that are none, rows that refer to nobody, and values that are not unique. Values are never
/// shown. Exit code 6 if there are any.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  better-auth db check
  better-auth db check --json --limit 1000
  better-auth db check --fix
  better-auth db check --fix --delete-orphans --yes")]
pub(crate) struct Args {
    /// Replace values that cannot be read by what they are read as, row by row
    #[arg(long)]
    fix: bool,
    /// Delete rows that refer to a row that does not exist
    #[arg(long, requires = "fix")]
    delete_orphans: bool,
    /// Longest list of values; all are counted
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: u32,
    /// Do not ask for confirmation
    #[arg(long, short)]
    yes: bool,
}

/// A finding in the table.
struct Line<'a>(&'a Finding);

impl Record for Line<'_> {
    const HEADERS: &'static [&'static str] = &["row", "column", "fault", "read as"];
    const KEPT: &'static [usize] = &[1, 2];

    fn cells(&self) -> Vec<Cell> {
        let Finding { table, row, column, fault, read_as, .. } = self.0;
        let row = row.as_deref().unwrap_or("NULL");
        vec![
            row.into(),
            format!("{table}.{column}").into(),
            fault.to_string().into(),
            (*read_as).into(),
        ]
    }
}

pub(crate) fn run(args: Args, app: &App) -> Result<(), Failure> {
    let auth = app.existing_auth()?;
    let place = auth.database().place();
    if args.delete_orphans {
        // With another configuration, what a row refers to is there.
        let tables = auth.tables().configured();
        let misdirected = schema::misdirected(auth.database(), tables).map_err(AuthError::from)?;
        if !misdirected.is_empty() {
            return Err(Failure::blocked(&place, misdirected));
        }
    }
    let watched = Watched::new(app)?;
    let limit = usize::try_from(args.limit).unwrap_or(usize::MAX);
    let call = auth.call();
    let check = DatabaseCheck { instance: call.instance(), limit };
    let mut report = watched.run(|show| check.run(&mut shown(show, "checking")))?;
    for warning in &report.warnings {
        app.output.warn(warning);
    }
    let mut repairs = Vec::new();
    let deletable = if args.delete_orphans { report.deletable() } else { 0 };
    if args.fix && 0 < report.repairable() + deletable {
        summarise(app, &report);
        prompt::confirm(&question(&place, report.repairable(), deletable), args.yes)?;
        let mut told = |repair: Repair| {
            say(app, &repair);
            if repairs.len() < limit {
                repairs.push(repair);
            }
        };
        let caller = call.caller();
        watched.run_without_bar(|show| {
            let mut watch = shown(show, "repairing");
            check.repair(args.delete_orphans, &caller, &mut told, &mut watch)
        })?;
        report = watched.run(|show| check.run(&mut shown(show, "checking")))?;
    }
    present(app, &auth, &report, &repairs)?;
    if report.values() == 0 {
        app.output.status(format_args!("{}: nothing is wrong in {} rows", place, report.rows));
        return Ok(());
    }
    Err(faulty(app, &args, &place, &report))
}

fn question(place: &str, values: u64, rows: u64) -> String {
    let repair = (0 < values).then(|| format!("repair {}", counted(values, "value")));
    let delete = (0 < rows).then(|| format!("delete {}", counted(rows, "row")));
    let what: Vec<String> = repair.into_iter().chain(delete).collect();
    let mut question = format!("{} of {place}?", what.join(" and "));
    if let Some(first) = question.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    question
}

fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// The progress in words.
fn shown<'s>(show: Show<'s>, what: &'s str) -> impl FnMut(Progress<'_>) -> bool + 's {
    move |progress| show(&format!("{what} {}", progress.table), progress.done, progress.total)
}

/// Shows what was found by column, before it is repaired.
fn summarise(app: &App, report: &Report) {
    for Count { table, column, fault, values, repairable, deletable } in &report.counts {
        let what = match (repairable, deletable) {
            (0, 0) => format!("{}, left as found", counted(*values, "value")),
            (0, rows) => counted(*rows, "row"),
            (repairable, _) => {
                format!("{}, {repairable} to be repaired", counted(*values, "value"))
            }
        };
        app.output.status(format_args!("  {table}.{column}: {fault} ({what})"));
    }
}

fn say(app: &App, repair: &Repair) {
    let Repair { table, row, column, repair, refused } = repair;
    let row = row.as_deref().unwrap_or("NULL");
    match refused {
        Some(reason) => app.output.warn(format_args!("{table} {row}: {column} stays: {reason}")),
        None if *repair == "deletion" => {
            app.output.done(format_args!("{table} {row}: deleted: {column} is the id of no row"));
        }
        None => app.output.done(format_args!("{table} {row}: {column} set to {repair}")),
    }
}

fn present(
    app: &App,
    auth: &BetterAuth,
    report: &Report,
    repairs: &[Repair],
) -> Result<(), Failure> {
    if app.output.is_json() {
        return output::json(&json!({
            "database": auth.database().place(),
            "rows": report.rows,
            "values": report.values(),
            "findings": report.findings,
            "counts": report.counts,
            "warnings": report.warnings,
            "repairs": repairs,
        }));
    }
    if report.findings.is_empty() {
        return Ok(());
    }
    let lines: Vec<Line<'_>> = report.findings.iter().map(Line).collect();
    app.output.view(&View::page("values", &lines, Some(report.values()), None), false)
}

fn faulty(app: &App, args: &Args, place: &str, report: &Report) -> Failure {
    let values = report.values();
    let verb = if values == 1 { "is" } else { "are" };
    let message = format!("{} of {place} {verb} wrong", counted(values, "value"));
    let (same, repairable, deletable) =
        (app.same_options(), report.repairable(), report.deletable());
    let hint = if 0 < repairable && !args.fix {
        let values = counted(repairable, "value");
        format!("`better-auth db check --fix`{same} repairs {values}")
    } else if 0 < deletable && !args.delete_orphans {
        let rows = counted(deletable, "row");
        format!("`better-auth db check --fix --delete-orphans`{same} deletes {rows}")
    } else if 0 < repairable + deletable {
        "the warnings say why the database refused a repair".to_owned()
    } else {
        "no value is right by itself: change or delete these rows by hand".to_owned()
    };
    Failure::new(Exit::Faulty, message).with_hint(hint)
}

impl From<CheckError> for Failure {
    fn from(error: CheckError) -> Self {
        match error {
            CheckError::Failed { table, error } => {
                let mut failure = Self::from(error);
                if let Some(table) = table {
                    failure.causes.insert(0, format!("{table} was being checked"));
                }
                failure
            }
            error => Self::new(Exit::Interrupted, error.to_string()),
        }
    }
}
