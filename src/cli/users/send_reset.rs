//! `users send-reset`

use serde_json::json;

use crate::cli::app::App;
use crate::cli::failure::Failure;
use crate::cli::mail;
use crate::cli::output;
use crate::cli::users::explain;
use crate::cli::who;

/// Send a user a link to a new password
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  better-auth users send-reset ada@example.com
  better-auth users send-reset ada@example.com --redirect-to https://app.example.com/reset")]
pub(crate) struct Args {
    /// Id or e-mail address of the user
    user: String,
    /// The page that takes the token [default: a form of this server]
    #[arg(long, value_name = "URL")]
    redirect_to: Option<String>,
}

pub(crate) fn run(args: Args, app: &App) -> Result<(), Failure> {
    let auth = mail::ready_auth(app)?;
    let user = who::find(&auth, &args.user)?;
    let message = auth
        .api()
        .request_password_reset(&user.email, args.redirect_to.as_deref())
        .map_err(|error| explain(error, &user.email, &auth))?;
    let delivery = mail::see_off(message, &format!("link for {}", user.email), &auth, app)?;
    if app.output.is_json() {
        return output::json(&json!({ "status": true, "delivery": delivery }));
    }
    Ok(())
}
