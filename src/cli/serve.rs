//! `serve`: serves the REST API until a signal stops it.

use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use better_auth::BetterAuth;
use better_auth::config::Admin;
use better_auth::config::Transport;
use better_auth::config::is_this_machine;
use better_auth::server::Engine;
use better_auth::server::ServeOptions;
use better_auth::server::Server;
use better_auth::server::Stop;
use better_auth::server::signals;
use clap::ValueEnum;

use crate::cli::app::App;
use crate::cli::failure::Failure;
use crate::cli::log;
use crate::cli::log::LogFormat;
use crate::cli::log::LogLevel;

/// First pause before an unavailable database is tried again; it doubles each time.
const PAUSE: Duration = Duration::from_millis(250);
/// The longest pause.
const PAUSE_MAX: Duration = Duration::from_secs(4);

/// Serve the REST API
///
/// Creates a new embedded database at the first start; migrates an existing one only with
/// --migrate. Ctrl-C or SIGTERM finishes running requests and stops.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  better-auth serve
  better-auth serve --host 0.0.0.0 --port 8080 --log-level info
  better-auth serve --admin 127.0.0.1:9000
  better-auth serve --engine tiny-http")]
pub(crate) struct Args {
    /// Host name or address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    /// Port to listen on; 0 selects a free port
    #[arg(long, short, default_value_t = 3000)]
    port: u16,
    /// HTTP engine
    #[arg(long, value_enum, default_value_t = EngineArg::Hyper)]
    engine: EngineArg,
    /// Migrate an existing database first
    #[arg(long)]
    migrate: bool,
    /// Address and port for /metrics, /healthz and /readyz (server.admin); no authentication
    #[arg(long, value_name = "HOST:PORT", value_parser = place)]
    admin: Option<Admin>,
    /// Log level; info includes every request
    #[arg(long, value_enum, default_value_t = LogLevel::Warn, value_name = "LEVEL")]
    log_level: LogLevel,
    /// Format of the log on standard error
    #[arg(long, value_enum, default_value_t = LogFormat::Text, value_name = "FORMAT")]
    log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum EngineArg {
    /// Deadlines, limits, many connections
    Hyper,
    /// Small and without an async runtime; for this machine only
    TinyHttp,
}

/// `HOST:PORT`, or a port on localhost.
fn place(text: &str) -> Result<Admin, String> {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) => (host.to_owned(), port),
        None => (Admin::default().host, text),
    };
    match port.parse() {
        Ok(port) if !host.is_empty() => Ok(Admin { host, port: Some(port) }),
        _ => Err("expected HOST:PORT, such as 127.0.0.1:9000".to_owned()),
    }
}

pub(crate) fn run(args: Args, app: &App) -> Result<(), Failure> {
    log::start(args.log_level, args.log_format, app);
    let loaded = app.load()?;
    loaded.refuse_open_secrets()?;
    let mut config = loaded.config;
    // Without `baseURL` but reachable from other machines: secrets must not be written to the log
    // unless configured.
    if config.base_url.is_none() && !is_this_machine(&args.host) {
        config.email.transport.get_or_insert(Transport::None);
    }
    let auth = Arc::new(BetterAuth::new(config)?);
    let stop = Stop::new();
    signals::stop_on_signals(&stop)?;
    if !is_there(app, &auth, &stop) {
        app.output.status("stopped");
        return Ok(());
    }
    migrate(&args, app, &auth)?;
    auth.prepare()?;
    let engine = match args.engine {
        EngineArg::Hyper => Engine::Hyper,
        EngineArg::TinyHttp => Engine::TinyHttp,
    };
    let configured = &auth.config().server;
    let options = ServeOptions {
        host: args.host,
        port: args.port,
        engine,
        limits: configured.limits.clone(),
        admin: args.admin.unwrap_or_else(|| configured.admin.clone()),
    };
    let server = Server::bind(Arc::clone(&auth), &options)?;
    if let Some(at) = server.admin_address() {
        app.output.status(format_args!("metrics and health on http://{at}"));
    }
    let (at, path) = (server.address(), auth.config().base_path());
    app.output.status(format_args!("listening on http://{at}{path}"));
    server.run(&stop)?;
    app.output.status("stopped");
    Ok(())
}

/// Waits for a database on another machine, which may start later than this server; `false` if a
/// signal stops it. After the deadline, the next use of the database reports the error.
fn is_there(app: &App, auth: &BetterAuth, stop: &Stop) -> bool {
    let (database, limit) = (auth.database(), auth.config().database.start_timeout);
    let began = Instant::now();
    let mut pause = PAUSE;
    while let Some(reason) = database.is_away() {
        let left = limit.saturating_sub(began.elapsed());
        if left.is_zero() {
            return true;
        }
        if pause == PAUSE {
            let (place, seconds) = (database.place(), limit.as_secs());
            app.output
                .status(format_args!("waiting for {place}, {seconds} seconds at most: {reason}"));
        }
        if stop.wait(pause.min(left)) {
            return false;
        }
        pause = (pause * 2).min(PAUSE_MAX);
    }
    true
}

fn migrate(args: &Args, app: &App, auth: &BetterAuth) -> Result<(), Failure> {
    let plan = auth.plan()?;
    if plan.is_empty() {
        return Ok(());
    }
    let place = auth.database().place();
    if !plan.problems.is_empty() {
        return Err(Failure::blocked(&place, plan.problems));
    }
    // Uses the plan, because another server may have created the tables since.
    if plan.is_new || args.migrate {
        auth.migrate()?;
        app.output.status(format_args!("{place} is up to date"));
        return Ok(());
    }
    let hint = format!("{}, or start with --migrate", app.how_to_migrate());
    Err(Failure::needs_migration(&place).with_hint(hint))
}
