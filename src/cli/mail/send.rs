//! `mail send`

use better_auth::ListMessages;
use better_auth::api::outbox::SendSummary;
use better_auth::codes;
use serde_json::json;

use crate::cli::app::App;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::mail;
use crate::cli::output;

/// Send the messages that wait, once
///
/// A running server does this by itself. Fails when one of them was not taken; it stays, to be tried again, unless it
/// is given up.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  better-auth mail send")]
pub(crate) struct Args {}

pub(crate) fn run(_: Args, app: &App) -> Result<(), Failure> {
    let auth = mail::ready_auth(app)?;
    // Where none are kept it fails, as the other commands do.
    auth.api().list_messages(&ListMessages { limit: 1, ..ListMessages::default() })?;
    let SendSummary { sent, later, given_up, unreachable } = auth.send_messages(&|| true)?;
    let counts = format!("{sent} sent, {later} to be tried again, {given_up} given up");
    if app.output.is_json() {
        output::json(&json!({ "sent": sent, "later": later, "givenUp": given_up }))?;
    }
    if later + given_up == 0 {
        app.output.done(&counts);
        return Ok(());
    }
    let failure = match unreachable {
        Some(reason) => Failure::new(Exit::Failed, format!("{counts}: {reason}")),
        None => Failure::new(Exit::Failed, counts).with_hint("`better-auth mail list` says why"),
    };
    Err(Failure { code: codes::MESSAGE_NOT_SENT.name, ..failure })
}
