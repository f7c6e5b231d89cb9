//! `adopt`: says whose tables a database holds, and which configuration opens them.

use std::fmt::Write as _;
use std::path::Path;

use better_auth::config::DEFAULT_FILES;
use better_auth::database::Dialect;
use better_auth::database::Form;
use better_auth::plugins;
use better_auth::schema::Kind;
use better_auth::schema::Model;
use better_auth::schema::Plan;
use better_auth::schema::Recognised;
use better_auth::schema::Table;
use serde_json::Value;
use serde_json::json;

use crate::cli::app::App;
use crate::cli::app::service;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::cli::private_file;

/// The file that `--write` makes.
const FILE: &str = DEFAULT_FILES[0];

/// Find the configuration that opens a database of Better Auth
///
/// Looks at the tables, says what made them (Better Auth, Drizzle or Prisma), and prints the options
/// that open them. Changes nothing in the database.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  better-auth adopt --database sqlite:app.db
  better-auth adopt --database postgres://app@db/app --write
  better-auth adopt --json")]
pub(crate) struct Args {
    /// Write the configuration to better-auth.toml, which must not exist yet
    #[arg(long)]
    write: bool,
}

pub(crate) fn run(args: Args, app: &App) -> Result<(), Failure> {
    let loaded = app.load()?;
    let auth = service(loaded.config.clone())?;
    let place = auth.database().place();
    if auth.database().dialect() == Dialect::Sqlite && !auth.database().exists().unwrap_or(true) {
        return Err(Failure::new(Exit::NotFound, format!("there is no database at {place} yet"))
            .with_hint("check the name"));
    }
    let Some(recognised) = auth.recognise()? else {
        let message = format!("nothing in {place} looks like tables of Better Auth");
        return Err(Failure::new(Exit::NotFound, message)
            .with_hint("for a new database, run `better-auth migrate`"));
    };
    let mut config = loaded.config;
    recognised.options.apply(&mut config);
    let adopted = service(config)?;
    let plan = adopted.plan()?;
    let text = text(&recognised, &place)?;
    let is_whole = plan.problems.is_empty();
    if args.write && is_whole {
        write(&text)?;
    }
    if app.output.is_json() {
        return output::json(&json(&recognised, &plan));
    }
    describe(app, &recognised, adopted.tables(), &place);
    if args.write && is_whole {
        app.output.done(format_args!("wrote {FILE}"));
    } else {
        output::raw(&text)?;
    }
    conclude(app, &place, plan)
}

/// Whose layout it is.
fn describe(app: &App, recognised: &Recognised, tables: &[Table], place: &str) {
    let made_by = recognised.made_by.name();
    app.output.status(format_args!("{place} has the tables of Better Auth, made by {made_by}:"));
    for Model { name, table, missing, .. } in &recognised.models {
        let forms = tables.iter().find(|known| known.model == *name).map(forms).unwrap_or_default();
        app.output.status(format_args!("  {name}: table {table}{forms}"));
        if !missing.is_empty() {
            app.output.status(format_args!("    without {}", missing.join(", ")));
        }
    }
    for (plugin, seen) in &recognised.plugins {
        let advice = if is_here(plugin) {
            format!("enable it with [plugins.{plugin}]")
        } else {
            "this server does not have it yet; its rows stay as they are".to_owned()
        };
        app.output.status(format_args!("  plugin {plugin} ({seen}): {advice}"));
    }
}

/// How a table stores ids and times.
fn forms(table: &Table) -> String {
    let id = match table.column("id").map(|id| id.form) {
        Some(Form::Number { .. }) => "numbers",
        Some(Form::Uuid) => "UUIDs",
        _ => "text",
    };
    let times = table.columns.iter().filter(|column| column.kind == Kind::Time);
    let mut forms: Vec<String> = times.map(|column| column.form.to_string()).collect();
    forms.sort_unstable();
    forms.dedup();
    if forms.is_empty() {
        return format!(", ids as {id}");
    }
    format!(", ids as {id}, times as {}", forms.join(" and "))
}

/// Whether the configuration is all that it needs.
fn conclude(app: &App, place: &str, plan: Plan) -> Result<(), Failure> {
    if !plan.problems.is_empty() {
        return Err(Failure::blocked(place, plan.problems));
    }
    if plan.steps.is_empty() {
        app.output.done(format_args!("with it {place} can be used as it is"));
        return Ok(());
    }
    app.output.status(format_args!("with it, `better-auth migrate` would add:"));
    for step in &plan.steps {
        app.output.status(format_args!("  {step}"));
    }
    Ok(())
}

fn is_here(plugin: &str) -> bool {
    plugins::ALL.iter().any(|entry| entry.id == plugin)
}

fn json(recognised: &Recognised, plan: &Plan) -> Value {
    let models = recognised.models.iter().map(|model| {
        let fields = model.fields.iter().map(|(field, column)| (field.clone(), json!(column)));
        json!({
            "model": model.name,
            "table": model.table,
            "fields": fields.collect::<serde_json::Map<_, _>>(),
            "missing": model.missing,
            "idType": model.id_type,
            "timeType": model.time_type,
        })
    });
    let seen = recognised.plugins.iter().map(
        |(plugin, seen)| json!({ "id": plugin, "seenIn": seen, "isAvailable": is_here(plugin) }),
    );
    json!({
        "madeBy": recognised.made_by.name(),
        "models": models.collect::<Vec<_>>(),
        "plugins": seen.collect::<Vec<_>>(),
        "configuration": recognised.options.to_json(),
        "steps": plan.steps.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "problems": plan.problems,
    })
}

/// The configuration file.
fn text(recognised: &Recognised, place: &str) -> Result<String, Failure> {
    let mut text =
        format!("# The tables of Better Auth in {place}, made by {}.\n", recognised.made_by.name());
    text.push_str(
        "# Set BETTER_AUTH_DATABASE_URL to the database, and BETTER_AUTH_SECRET to the\n# secret of the other \
         server, so that its cookies stay valid.\n",
    );
    for (plugin, seen) in recognised.plugins.iter().filter(|(plugin, _)| is_here(plugin)) {
        // Writing to a `String` cannot fail.
        let _infallible = writeln!(text, "# {seen} belongs to a plugin: [plugins.{plugin}]");
    }
    let options = toml::to_string(&recognised.options.to_json())
        .map_err(|error| Failure::new(Exit::Failed, error.to_string()))?;
    if !options.is_empty() {
        text.push('\n');
    }
    text.push_str(&options);
    Ok(text)
}

fn write(text: &str) -> Result<(), Failure> {
    if let Some(other) = DEFAULT_FILES.into_iter().find(|name| Path::new(name).exists()) {
        return Err(Failure::new(Exit::Conflict, format!("{other} already exists"))
            .with_hint("run the command without --write, and add what it prints"));
    }
    private_file::write(Path::new(FILE), text, false)
        .map_err(|error| Failure::new(Exit::Failed, format!("cannot write {FILE}: {error}")))
}
