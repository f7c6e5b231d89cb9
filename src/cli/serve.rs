//! `serve`: the REST API on a port, until it is told to stop.

use std::net::SocketAddr;
use std::sync::Arc;

use better_auth::BetterAuth;
use better_auth::config::Transport;
use better_auth::config::is_this_machine;
use better_auth::server::Engine;
use better_auth::server::ServeOptions;
use better_auth::server::Stop;
use better_auth::server::serve;
use better_auth::server::signals;
use clap::ValueEnum;

use crate::cli::app::App;
use crate::cli::failure::Failure;
use crate::cli::log;
use crate::cli::log::LogFormat;
use crate::cli::log::LogLevel;

/// Serve the REST API
///
/// A new embedded database is made at the first start; an existing one is migrated only with
/// --migrate. Ctrl-C or SIGTERM finishes running requests and stops.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  better-auth serve
  better-auth serve --host 0.0.0.0 --port 8080 --log-level info
  better-auth serve --engine tiny-http")]
pub(crate) struct Args {
    /// Name or address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    /// Port to listen on; 0 takes any that is free
    #[arg(long, short, default_value_t = 3000)]
    port: u16,
    /// Who owns the sockets
    #[arg(long, value_enum, default_value_t = EngineArg::Hyper)]
    engine: EngineArg,
    /// Bring an existing database up to date first
    #[arg(long)]
    migrate: bool,
    /// What to write down; info includes every request
    #[arg(long, value_enum, default_value_t = LogLevel::Warn, value_name = "LEVEL")]
    log_level: LogLevel,
    /// Form of the log on standard error
    #[arg(long, value_enum, default_value_t = LogFormat::Text, value_name = "FORMAT")]
    log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum EngineArg {
    /// Deadlines, limits, many connections
    Hyper,
    /// Small and without a runtime; this machine only
    TinyHttp,
}

pub(crate) fn run(args: Args, app: &App) -> Result<(), Failure> {
    log::start(args.log_level, args.log_format, app);
    let mut config = app.load()?.config;
    // Other machines reach this server, so the log is no place for secrets unless somebody says so.
    if config.base_url.is_none() && !is_this_machine(&args.host) {
        config.email.transport.get_or_insert(Transport::None);
    }
    let auth = Arc::new(BetterAuth::new(config)?);
    migrate(&args, app, &auth)?;
    auth.prepare()?;
    let stop = Stop::new();
    signals::stop_on_signals(&stop)?;
    let engine = match args.engine {
        EngineArg::Hyper => Engine::Hyper,
        EngineArg::TinyHttp => Engine::TinyHttp,
    };
    let options =
        ServeOptions { host: args.host, port: args.port, engine, ..ServeOptions::default() };
    let listening = |at: SocketAddr| {
        let path = auth.config().base_path();
        app.output.status(format_args!("listening on http://{at}{path}"));
    };
    serve(Arc::clone(&auth), &options, &stop, listening)?;
    app.output.status("stopped");
    Ok(())
}

fn migrate(args: &Args, app: &App, auth: &BetterAuth) -> Result<(), Failure> {
    let plan = auth.plan()?;
    if plan.is_empty() {
        return Ok(());
    }
    let place = auth.database().place();
    // The plan says it: another server may have made the tables since.
    if plan.is_new || args.migrate {
        auth.migrate()?;
        app.output.status(format_args!("{place} is up to date"));
        return Ok(());
    }
    let mut failure = Failure::needs_migration(&place)
        .with_hint("run `better-auth migrate`, or start with --migrate");
    failure.causes = plan.problems;
    Err(failure)
}
