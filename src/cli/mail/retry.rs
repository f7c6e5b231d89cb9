//! `mail retry`

use better_auth::ListMessages;
use better_auth::models::outbox::OutboxFilter;
use better_auth::models::outbox::OutboxStatus;
use serde_json::json;

use crate::cli::app::App;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output;

/// Try messages again that were not taken
///
/// They are due at once; a running server sends them, or `better-auth mail send`. A message whose link
/// is over is not tried: whoever needs it asks for a new one.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  better-auth mail retry 01997b5e-3c5f-7a0e-8a57-0d7f6f0c1a2b
  better-auth mail retry --all && better-auth mail send")]
pub(crate) struct Args {
    /// Id of the message
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    message: Option<String>,
    /// All that were not taken
    #[arg(long)]
    all: bool,
}

pub(crate) fn run(args: Args, app: &App) -> Result<(), Failure> {
    let auth = app.ready_auth()?;
    let count = auth.api().retry_messages(args.message.as_deref())?;
    if let (0, Some(id)) = (count, args.message) {
        let filter = OutboxFilter { id: Some(id.clone()), status: None };
        let list = ListMessages { filter, ..ListMessages::default() };
        let (exit, problem) = match auth.api().list_messages(&list)?.first() {
            None => (Exit::NotFound, format!("no message has the id {id:?}")),
            Some(found) if found.status == OutboxStatus::Sent => {
                (Exit::Conflict, "the message was sent already".to_owned())
            }
            Some(found) => {
                (Exit::Conflict, format!("the link in it was over at {}", found.expires_at))
            }
        };
        return Err(Failure::new(exit, problem));
    }
    let plural = if count == 1 { "" } else { "s" };
    app.output.done(format_args!("{count} message{plural} due now"));
    if app.output.is_json() {
        return output::json(&json!({ "due": count }));
    }
    Ok(())
}
