//! `mail list`

use better_auth::ListMessages;
use better_auth::models::outbox::OutboxFilter;
use better_auth::models::outbox::OutboxStatus;
use clap::ValueEnum;

use crate::cli::app::App;
use crate::cli::failure::Failure;
use crate::cli::output::Page;

/// List messages, the newest first
///
/// Messages are kept with email.transport smtp and webhook: those that wait, those that were given up,
/// and for a week those that were sent. What they say is not shown, as it holds a secret.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  better-auth mail list --status failed
  better-auth mail list --json | jq -r '.messages[].recipient'")]
pub(crate) struct Args {
    /// Only those that stand like this
    #[arg(long, value_enum)]
    status: Option<StatusArg>,
    /// Rows at most
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// Rows to pass over first
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: u32,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum StatusArg {
    Pending,
    Sent,
    Failed,
}

pub(crate) fn run(args: Args, app: &App) -> Result<(), Failure> {
    let status = args.status.map(|status| match status {
        StatusArg::Pending => OutboxStatus::Pending,
        StatusArg::Sent => OutboxStatus::Sent,
        StatusArg::Failed => OutboxStatus::Failed,
    });
    let list = ListMessages {
        limit: args.limit,
        offset: args.offset,
        filter: OutboxFilter { id: None, status },
    };
    let messages = app.ready_auth()?.api().list_messages(&list)?;
    app.output.list(&Page { name: "messages", records: &messages, total: None })
}
