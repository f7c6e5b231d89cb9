//! `accounts list`

use better_auth::Account;

use crate::cli::app::App;
use crate::cli::failure::Failure;
use crate::cli::output::Page;
use crate::cli::output::Record;
use crate::cli::output::TimeForm;
use crate::cli::who;

/// List a user's ways in, without their secrets
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  better-auth accounts list --user ada@example.com
  better-auth accounts list --user ada@example.com --json | jq -r '.accounts[].providerId'")]
pub(crate) struct Args {
    /// Id or e-mail address of the user
    #[arg(long)]
    user: String,
}

pub(crate) fn run(args: Args, app: &App) -> Result<(), Failure> {
    let auth = app.ready_auth()?;
    let user = who::find(&auth, &args.user)?;
    let accounts = auth.api().list_accounts(&user.id)?;
    app.output.list(&Page::whole("accounts", &accounts))
}

impl Record for Account {
    const HEADERS: &'static [&'static str] = &["id", "provider", "account", "scopes", "linked"];
    const KEPT: &'static [usize] = &[1];

    fn cells(&self, time: TimeForm) -> Vec<String> {
        vec![
            self.id.clone(),
            self.provider_id.clone(),
            self.account_id.clone(),
            self.scopes.join(" "),
            time(self.created_at),
        ]
    }
}
