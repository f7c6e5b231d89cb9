//! `users show`

use better_auth::Account;
use better_auth::ListSessions;
use better_auth::User;
use better_auth::models::session::SessionFilter;
use serde::Serialize;

use crate::cli::app::App;
use crate::cli::failure::Failure;
use crate::cli::output::Record;
use crate::cli::output::TimeForm;
use crate::cli::who;

/// Show a user, their ways in and their sessions
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  better-auth users show ada@example.com\n  better-auth users show ada@example.com --json"
)]
pub(crate) struct Args {
    /// Id or e-mail address of the user
    user: String,
}

#[derive(Serialize)]
struct UserDetails {
    user: User,
    accounts: Vec<Account>,
    sessions: u64,
}

impl Record for UserDetails {
    const HEADERS: &'static [&'static str] =
        &["id", "email", "name", "verified", "created", "updated", "image", "accounts", "sessions"];

    fn cells(&self, time: TimeForm) -> Vec<String> {
        let accounts: Vec<&str> =
            self.accounts.iter().map(|account| account.provider_id.as_str()).collect();
        let mut cells = self.user.cells(time);
        cells.extend([
            time(self.user.updated_at),
            self.user.image.clone().unwrap_or_default(),
            accounts.join(", "),
            self.sessions.to_string(),
        ]);
        cells
    }

    fn more(&self) -> Vec<(String, String)> {
        self.user.more()
    }
}

pub(crate) fn run(args: Args, app: &App) -> Result<(), Failure> {
    let auth = app.ready_auth()?;
    let user = who::find(&auth, &args.user)?;
    let accounts = auth.api().list_accounts(&user.id)?;
    let live = ListSessions {
        limit: 0,
        filter: SessionFilter {
            user_id: Some(user.id.clone()),
            alive_at: Some(auth.database().clock().now()),
            ..SessionFilter::default()
        },
        total: true,
        ..ListSessions::default()
    };
    let sessions = auth.api().list_sessions(&live)?.total.unwrap_or_default();
    app.output.one(&UserDetails { user, accounts, sessions })
}
