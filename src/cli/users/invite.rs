//! `users invite`

use std::time::Duration;

use better_auth::NewUser;

use crate::cli::app::App;
use crate::cli::failure::Failure;
use crate::cli::mail;
use crate::cli::users::explain;
use crate::cli::users::fields::FieldArgs;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Create a user without a password and send them a link to choose one
///
/// The address counts as verified, since only the link leads in; --unverified says otherwise.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  better-auth users invite ada@example.com --name 'Ada Lovelace'
  better-auth users invite ada@example.com --redirect-to https://app.example.com/welcome --days 3")]
pub(crate) struct Args {
    /// E-mail address
    email: String,
    /// Display name [default: the part of the address before the @]
    #[arg(long)]
    name: Option<String>,
    /// How long the link works, in days
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=365))]
    days: u32,
    /// The page that takes the token [default: a form of this server]
    #[arg(long, value_name = "URL")]
    redirect_to: Option<String>,
    /// Mark the email as not verified
    #[arg(long)]
    unverified: bool,
    #[command(flatten)]
    fields: FieldArgs,
}

pub(crate) fn run(args: Args, app: &App) -> Result<(), Failure> {
    let auth = mail::ready_auth(app)?;
    let additional = args.fields.values(&auth)?;
    let before_at = args.email.split('@').next().unwrap_or_default().to_owned();
    let new = NewUser {
        name: args.name.unwrap_or(before_at),
        email: args.email,
        email_verified: !args.unverified,
        additional,
        ..NewUser::default()
    };
    let (user, message) = auth
        .api()
        .invite_user(&new, args.redirect_to.as_deref(), DAY * args.days)
        .map_err(|error| explain(error, &new.email, &auth))?;
    // The user is there, whatever becomes of the message.
    app.output.done(format_args!("created {}", user.email));
    app.output.one(&user)?;
    mail::see_off(message, &format!("link for {}", user.email), &auth, app).map_err(|failure| {
        failure.with_hint(format!("try again with `better-auth users send-reset {}`", user.email))
    })?;
    Ok(())
}
