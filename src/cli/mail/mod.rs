//! `mail`: one file per command.

mod list;
mod retry;
mod send;
mod test;

use better_auth::BetterAuth;
use better_auth::ListMessages;
use better_auth::api::messages::MessageStatus;
use better_auth::api::outbox::SendSummary;
use better_auth::codes;
use better_auth::config::Transport;
use better_auth::models::outbox::OutboxEntry;
use better_auth::models::outbox::OutboxFilter;
use better_auth::models::outbox::OutboxStatus;
use serde::Serialize;

use crate::cli::app::App;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::log;
use crate::cli::log::LogFormat;
use crate::cli::log::LogLevel;
use crate::cli::output::Record;
use crate::cli::output::TimeForm;

/// See and send messages
#[derive(Debug, clap::Subcommand)]
pub(crate) enum MailCommand {
    List(list::Args),
    Retry(retry::Args),
    Send(send::Args),
    Test(test::Args),
}

pub(crate) fn run(command: MailCommand, app: &App) -> Result<(), Failure> {
    match command {
        MailCommand::List(args) => list::run(args, app),
        MailCommand::Retry(args) => retry::run(args, app),
        MailCommand::Send(args) => send::run(args, app),
        MailCommand::Test(args) => test::run(args, app),
    }
}

/// The service for a command that sends a message. The `log` transport writes to standard error, as it
/// does in a server.
pub(crate) fn ready_auth(app: &App) -> Result<std::sync::Arc<BetterAuth>, Failure> {
    log::start(LogLevel::Warn, LogFormat::Text, app);
    app.ready_auth()
}

/// What became of a message, under the name that programs read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Delivery {
    /// Another machine has it.
    Sent,
    /// It stands in the log.
    Logged,
    /// It stands in the file.
    Written,
    /// It waits to be tried again.
    Pending,
}

impl Delivery {
    /// Of a message that the transport took.
    fn by_transport(auth: &BetterAuth) -> Self {
        match auth.config().transport() {
            Transport::Log => Self::Logged,
            Transport::File => Self::Written,
            Transport::Smtp | Transport::Webhook | Transport::None => Self::Sent,
        }
    }

    fn words(self, auth: &BetterAuth) -> String {
        match self {
            Self::Sent => "sent".to_owned(),
            Self::Logged => "written to the log".to_owned(),
            Self::Written => format!("written to {}", auth.config().email.file.display()),
            Self::Pending => "waits".to_owned(),
        }
    }
}

/// Sees a message on its way, as far as it goes without a server, and says how far that was.
pub(crate) fn see_off(
    message: Option<MessageStatus>,
    what: &str,
    auth: &BetterAuth,
    app: &App,
) -> Result<Delivery, Failure> {
    let delivery = match message {
        Some(MessageStatus::Kept(id)) => send(&id, what, auth, app)?,
        Some(MessageStatus::HandedOver) => Delivery::by_transport(auth),
        Some(MessageStatus::NotSent(reason)) => return Err(not_sent(what, &reason)),
        None => return Err(not_sent(what, "no user has this address any more")),
    };
    if delivery != Delivery::Pending {
        app.output.done(format_args!("{what} {}", delivery.words(auth)));
    }
    Ok(delivery)
}

/// Sends what waits, this message too unless others are before it that cannot be sent.
fn send(id: &str, what: &str, auth: &BetterAuth, app: &App) -> Result<Delivery, Failure> {
    let SendSummary { unreachable, .. } = auth.send_messages(&|| true)?;
    let filter = OutboxFilter { id: Some(id.to_owned()), status: None };
    let list = ListMessages { filter, ..ListMessages::default() };
    let entry = auth.api().list_messages(&list)?.into_iter().next();
    let (status, error) =
        entry.map_or((OutboxStatus::Sent, None), |entry| (entry.status, entry.last_error));
    match status {
        OutboxStatus::Sent => Ok(Delivery::Sent),
        OutboxStatus::Failed => Err(not_sent(what, &error.unwrap_or_default())),
        OutboxStatus::Pending => {
            let reason = error.or(unreachable).map(|reason| format!(": {reason}"));
            app.output.warn(format_args!(
                "{what} waits and is not sent yet{}; `better-auth serve` and `better-auth mail send` try again",
                reason.unwrap_or_default(),
            ));
            Ok(Delivery::Pending)
        }
    }
}

fn not_sent(what: &str, reason: &str) -> Failure {
    let message = format!("{what} was not sent: {reason}");
    Failure { code: codes::MESSAGE_NOT_SENT.name, ..Failure::new(Exit::Failed, message) }
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
