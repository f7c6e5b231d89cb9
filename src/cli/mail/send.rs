//! `mail send`

use better_auth::api::outbox::Sent;
use serde_json::json;

use crate::cli::app::App;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::mail;
use crate::cli::output;

/// Send the messages that wait, once
///
/// A running server does this by itself. Fails when nobody takes them now; they stay then.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  better-auth mail send")]
pub(crate) struct Args {}

pub(crate) fn run(_: Args, app: &App) -> Result<(), Failure> {
    let auth = mail::ready_auth(app)?;
    let Sent { sent, later, given_up, unreachable } = auth.send_messages(&|| true)?;
    let counts = format!("{sent} sent, {later} to be tried again, {given_up} given up");
    if app.output.is_json() {
        output::json(&json!({ "sent": sent, "later": later, "givenUp": given_up }))?;
    }
    match unreachable {
        None => app.output.done(&counts),
        Some(reason) => return Err(Failure::new(Exit::Failed, format!("{counts}: {reason}"))),
    }
    Ok(())
}
