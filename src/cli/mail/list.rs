//! `mail list`

use better_auth::ListMessages;
use better_auth::models::outbox::OutboxFilter;
use better_auth::models::outbox::OutboxStatus;
use clap::ValueEnum;

use crate::cli::app::App;
use crate::cli::failure::Failure;
use crate::cli::lists::PageArgs;
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
    #[command(flatten)]
    page: PageArgs,
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
        limit: args.page.asked(),
        offset: args.page.offset,
        filter: OutboxFilter { id: None, status },
    };
    let mut messages = app.ready_auth()?.api().list_messages(&list)?;
    let rest = Some(args.page.cut(&mut messages));
    app.output.list(&Page { name: "messages", records: &messages, total: None, rest })
}
