//! `users verify-email`

use better_auth::UserChanges;
use serde_json::json;

use crate::cli::app::App;
use crate::cli::failure::Failure;
use crate::cli::mail;
use crate::cli::output;
use crate::cli::users::explain;
use crate::cli::who;

/// Mark a user's address as verified, or send them the link
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  better-auth users verify-email ada@example.com
  better-auth users verify-email ada@example.com --send")]
pub(crate) struct Args {
    /// Id or e-mail address of the user
    user: String,
    /// Send the link that verifies the address, instead
    #[arg(long)]
    send: bool,
    /// Where the link leads afterwards [default: a page of this server]
    #[arg(long, value_name = "URL", requires = "send")]
    callback_url: Option<String>,
}

pub(crate) fn run(args: Args, app: &App) -> Result<(), Failure> {
    let auth = mail::ready_auth(app)?;
    let user = who::find(&auth, &args.user)?;
    if user.email_verified {
        app.output.status(format_args!("{} is verified already", user.email));
        return app.output.one(&user);
    }
    if args.send {
        let callback = args.callback_url.as_deref();
        let message = auth
            .api()
            .send_verification_email(&user.email, callback)
            .map_err(|error| explain(error, &user.email, &auth))?;
        let delivery = mail::see_off(message, &format!("link for {}", user.email), &auth, app)?;
        return if app.output.is_json() {
            output::json(&json!({ "status": true, "delivery": delivery }))
        } else {
            Ok(())
        };
    }
    let changes = UserChanges { email_verified: Some(true), ..UserChanges::default() };
    let updated = auth.api().update_user(&user.id, &changes)?;
    app.output.done(format_args!("{} is verified", updated.email));
    app.output.one(&updated)
}
