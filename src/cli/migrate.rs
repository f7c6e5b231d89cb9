//! `migrate`: migrates a database, and shows the plan first.

use better_auth::instance::restrictions::ForeignRestriction;
use better_auth::schema::Plan;
use better_auth::schema::PlanStep;
use serde_json::json;

use crate::cli::app::App;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::cli::prompt;

/// Create the tables, or add what is missing in an existing database
///
/// Only adds: nothing is dropped or rewritten. Runs in one transaction.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  better-auth migrate                  shows the plan and asks
  better-auth migrate --yes            in scripts
  better-auth migrate --dry-run --sql  prints the statements, changes nothing
  better-auth migrate status           exit code 5 when there is something to do"
)]
pub(crate) struct Args {
    /// Show the plan and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask for confirmation
    #[arg(long, short)]
    yes: bool,
    /// Show the SQL statements
    #[arg(long)]
    sql: bool,
    #[command(subcommand)]
    command: Option<MigrateCommand>,
}

#[derive(Debug, clap::Subcommand)]
enum MigrateCommand {
    /// Check whether the database is up to date
    #[command(after_help = "Example:\n  better-auth migrate status || better-auth migrate --yes")]
    Status,
}

pub(crate) fn run(args: Args, app: &App) -> Result<(), Failure> {
    let auth = app.auth()?;
    let plan = auth.plan()?;
    let restrictions = auth.restrictions()?;
    for (restriction, users) in &restrictions {
        say(app, restriction, *users);
    }
    let report = |status, plan| report(app, status, plan, &restrictions);
    for note in &plan.notes {
        app.output.warn(format_args!("{note}; `better-auth db check` looks for them"));
    }
    if plan.is_empty() {
        app.output.status(format_args!("{} is up to date", auth.database().place()));
        return report("up-to-date", &plan);
    }
    if !plan.problems.is_empty() {
        report("blocked", &plan)?;
        return Err(Failure::blocked(&auth.database().place(), plan.problems));
    }
    let is_status = args.command.is_some();
    let is_only_asked = args.dry_run || is_status;
    app.output.status(format_args!("{} needs:", auth.database().place()));
    if is_only_asked {
        if app.output.is_json() {
            report("pending", &plan)?;
        } else {
            print(&plan, args.sql)?;
        }
        return if is_status {
            Err(Failure::needs_migration(&auth.database().place()).with_hint(app.how_to_migrate()))
        } else {
            Ok(())
        };
    }
    show(app, &plan, args.sql);
    // A database that does not exist yet contains nothing to harm.
    let is_new = plan.is_new;
    prompt::confirm("Migrate now?", args.yes || is_new)?;
    let done = auth.migrate()?;
    app.output.done(format_args!("{} is up to date", auth.database().place()));
    report("migrated", &done)
}

/// Tells of a column that restricts users although its plugin is not enabled.
fn say(app: &App, restriction: &ForeignRestriction, users: u64) {
    let (place, what) = (restriction.place(), if users == 1 { "user" } else { "users" });
    let text = format!("{place} restricts {users} {what}: {restriction}");
    if users == 0 { app.output.status(text) } else { app.output.warn(text) }
}

/// Prints the plan as the result; with statements it is a script that a database can run.
fn print(plan: &Plan, with_sql: bool) -> Result<(), Failure> {
    let line = |step: &PlanStep| {
        if with_sql { format!("-- {step}\n{};\n", step.sql) } else { format!("{step}\n") }
    };
    output::raw(&plan.steps.iter().map(line).collect::<String>())
}

/// Shows the plan before it is applied.
fn show(app: &App, plan: &Plan, with_sql: bool) {
    for step in &plan.steps {
        app.output.status(format_args!("  {step}"));
        if with_sql {
            for line in format!("{};", step.sql).lines() {
                app.output.status(format_args!("    {line}"));
            }
        }
    }
}

fn report(
    app: &App,
    status: &str,
    plan: &Plan,
    restrictions: &[(ForeignRestriction, u64)],
) -> Result<(), Failure> {
    if !app.output.is_json() {
        return Ok(());
    }
    let steps: Vec<_> =
        plan.steps.iter().map(|step| json!({ "summary": step.summary, "sql": step.sql })).collect();
    let restrictions = restrictions.iter().map(|(found, users)| {
        let plugin = found.column.restriction.plugin;
        json!({ "column": found.place(), "plugin": plugin, "users": users, "ignored": found.is_ignored })
    });
    let restrictions: Vec<_> = restrictions.collect();
    output::json(&json!({
        "status": status, "steps": steps, "problems": plan.problems, "notes": plan.notes,
        "restrictions": restrictions,
    }))
}
