//! `mail`: one file per command.

mod list;
mod retry;
mod send;
mod test;

use better_auth::BetterAuth;
use better_auth::api::outbox::Sent;
use better_auth::config::Transport;
use better_auth::models::outbox::OutboxEntry;

use crate::cli::app::App;
use crate::cli::failure::Failure;
use crate::cli::log;
use crate::cli::log::LogFormat;
use crate::cli::log::LogLevel;
use crate::cli::output::Record;
use crate::cli::output::TimeForm;

/// See and send messages
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    List(list::Args),
    Retry(retry::Args),
    Send(send::Args),
    Test(test::Args),
}

pub(crate) fn run(command: Command, app: &App) -> Result<(), Failure> {
    match command {
        Command::List(args) => list::run(args, app),
        Command::Retry(args) => retry::run(args, app),
        Command::Send(args) => send::run(args, app),
        Command::Test(args) => test::run(args, app),
    }
}

/// The service for a command that sends a message. The `log` transport writes to standard error, as it
/// does in a server.
pub(crate) fn ready_auth(app: &App) -> Result<std::sync::Arc<BetterAuth>, Failure> {
    log::start(LogLevel::Warn, LogFormat::Text, app);
    app.ready_auth()
}

/// Sends what waits, so that a message leaves without a server too; what nobody takes now stays.
pub(crate) fn send_now(auth: &BetterAuth, app: &App) -> Result<(), Failure> {
    let Sent { unreachable, .. } = auth.send_messages(&|| true)?;
    if let Some(reason) = unreachable {
        app.output.warn(format_args!(
            "the message waits, as nobody takes it now ({reason}); `better-auth serve` and \
             `better-auth mail send` try again"
        ));
    }
    Ok(())
}

/// How the message left, in words for people.
pub(crate) fn way(auth: &BetterAuth) -> &'static str {
    match auth.config().transport() {
        Transport::Log => "written to the log",
        Transport::File => "written to the file",
        Transport::Smtp | Transport::Webhook | Transport::None => "sent",
    }
}

impl Record for OutboxEntry {
    const HEADERS: &'static [&'static str] =
        &["id", "kind", "recipient", "status", "attempts", "created", "error"];
    const KEPT: &'static [usize] = &[2, 3];

    fn cells(&self, time: TimeForm) -> Vec<String> {
        vec![
            self.id.clone(),
            self.kind.clone(),
            self.recipient.clone(),
            self.status.name().to_owned(),
            self.attempts.to_string(),
            time(self.created_at),
            self.last_error.clone().unwrap_or_default(),
        ]
    }
}
