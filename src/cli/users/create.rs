//! `users create`, and `create-user`

use better_auth::NewUser;
use better_auth::User;
use better_auth::codes;

use crate::cli::app::App;
use crate::cli::failure::Failure;
use crate::cli::prompt;
use crate::cli::prompt::NewPassword;
use crate::cli::users::explain;
use crate::cli::users::fields::FieldArgs;
use crate::cli::who;

/// Create a user
///
/// Asks for what is missing on a terminal. In scripts give the password with --password-stdin or in
/// the environment.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  better-auth create-user ada@example.com
  echo \"$PASSWORD\" | better-auth create-user ada@example.com --name Ada --password-stdin
  better-auth create-user ada@example.com --role admin    needs [plugins.admin]
  better-auth users create ada@example.com --no-password --if-not-exists
  better-auth users create ada@example.com --field plan=pro --field age=36")]
pub(crate) struct Args {
    /// E-mail address
    #[arg(value_name = "EMAIL", conflicts_with = "email")]
    address: Option<String>,
    /// E-mail address
    #[arg(long)]
    email: Option<String>,
    /// Display name [default: the part of the address before the @]
    #[arg(long)]
    name: Option<String>,
    /// URL of a picture
    #[arg(long, value_name = "URL")]
    image: Option<String>,
    /// Mark the email as verified
    #[arg(long)]
    verified: bool,
    #[command(flatten)]
    fields: FieldArgs,
    #[command(flatten)]
    password: NewPassword,
    /// Without a password: they cannot sign in with one until it is set
    #[arg(long, conflicts_with_all = ["password", "password_stdin"])]
    no_password: bool,
    /// Succeed and change nothing when the address is taken
    #[arg(long)]
    if_not_exists: bool,
}

pub(crate) fn run(args: Args, app: &App) -> Result<(), Failure> {
    let (auth, is_new) = app.ready_or_new_auth()?;
    let additional = args.fields.values(&auth)?;
    let email = match args.address.or(args.email) {
        Some(email) => email,
        None if prompt::is_possible() => prompt::text("E-mail address", false)?,
        None => {
            return Err(Failure::usage("an e-mail address is needed: create-user EMAIL"));
        }
    };
    if args.if_not_exists
        && !is_new
        && let Some(user) = auth.api().find_user(&email)?
    {
        return existing(&user, app);
    }
    let asks = args.name.is_none() && !args.no_password && prompt::is_possible();
    let typed = if asks { prompt::text("Name", true)? } else { String::new() };
    let before_at = email.split('@').next().unwrap_or_default().to_owned();
    let name = args.name.or(Some(typed).filter(|name| !name.is_empty())).unwrap_or(before_at);
    let password = if args.no_password {
        None
    } else {
        Some(prompt::new_password(&args.password, app).map_err(or_none)?)
    };
    let new = NewUser {
        email,
        name,
        image: args.image,
        email_verified: args.verified,
        password,
        additional,
    };
    let created = match auth.api().create_user(&new) {
        // The first user needs one command; what was typed wrong has been refused by now.
        Err(error) if is_new && error.is(codes::SCHEMA_MISMATCH) => {
            auth.migrate()?;
            app.output.done(format_args!("migrated {}", auth.database().place()));
            auth.api().create_user(&new)
        }
        result => result,
    };
    match created {
        Ok(user) => {
            app.output.done(format_args!("created {}", user.email));
            app.output.one(&user)
        }
        // Somebody else was faster: that is what --if-not-exists means, too.
        Err(error)
            if args.if_not_exists && error.is(codes::USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL) =>
        {
            existing(&who::find(&auth, &new.email)?, app)
        }
        Err(error) => Err(explain(error, &new.email, &auth)),
    }
}

fn existing(user: &User, app: &App) -> Result<(), Failure> {
    app.output.status(format_args!("{} exists already", user.email));
    app.output.one(user)
}

/// Only a new user can go without a password: whoever is told the ways to give one hears of it.
fn or_none(failure: Failure) -> Failure {
    match failure.hint {
        Some(hint) => Failure {
            hint: Some(format!("{hint}; --no-password creates a user without one")),
            ..failure
        },
        None => failure,
    }
}
