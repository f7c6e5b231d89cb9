//! `accounts unlink`

use better_auth::Account;
use serde_json::json;

use crate::cli::app::App;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::cli::prompt;
use crate::cli::who;

/// Remove a way in of a user
///
/// The last one stays, unless account.accountLinking.allowUnlinkingAll lets it go.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  better-auth accounts unlink github --user ada@example.com
  better-auth accounts unlink 0199c0de-0000-7000-8000-000000000000 --user ada@example.com --yes")]
pub(crate) struct Args {
    /// Id of the account, or the provider where the user has one account there
    account: String,
    /// Id or e-mail address of the user
    #[arg(long)]
    user: String,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

pub(crate) fn run(args: Args, app: &App) -> Result<(), Failure> {
    let auth = app.ready_auth()?;
    let user = who::find(&auth, &args.user)?;
    let accounts = auth.api().list_accounts(&user.id)?;
    let named: Vec<&Account> = accounts
        .iter()
        .filter(|account| account.id == args.account || account.provider_id == args.account)
        .collect();
    let account = match named.as_slice() {
        [account] => *account,
        [] => {
            let message = format!("{} has no account {:?}", user.email, args.account);
            return Err(Failure::new(Exit::NotFound, message));
        }
        _ => {
            let message = format!("{} has several accounts at {}", user.email, args.account);
            return Err(Failure::usage(message).with_hint("name one by its id"));
        }
    };
    let provider = &account.provider_id;
    prompt::confirm(&format!("Remove {provider} from {}?", user.email), args.yes)?;
    auth.api().unlink_account(&user.id, &account.id)?;
    app.output.done(format_args!("{provider} removed from {}", user.email));
    if app.output.is_json() {
        return output::json(&json!({ "status": true }));
    }
    Ok(())
}
